"""A short campaign of everything that goes wrong; ``sh run.sh chaos`` runs long ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

TESTS = Path(__file__).parents[1]


def chaos(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "chaos", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TESTS), **environ},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def assert_nothing_came_twice_or_never(ended: "subprocess.CompletedProcess[str]", rounds: int) -> None:
    assert ended.returncode == 0, ended.stdout + ended.stderr
    counted = ended.stdout.splitlines()[-1]
    assert f"{rounds} rounds" in counted
    assert "0 duplicates, 0 lost" in counted
    assert " 0 kills" not in counted
    assert " 0 faults" not in counted
    assert " rule " not in ended.stdout, "what the lint stops is never tried"


def test_accidents_1_2_15_and_18_kills_and_faults_cost_no_post_and_show_no_token() -> None:
    ended = chaos("--rounds", "3", "--seed", "6")
    assert_nothing_came_twice_or_never(ended, rounds=3)
    assert "of: clocks, hands, lags, pages, restored, twice, unread, uploads" in ended.stdout


def test_accidents_1_2_15_and_18_with_two_daemons_on_one_postgresql(postgres_server: str) -> None:
    words = ("--rounds", "3", "--seed", "3", "--postgres")
    ended = chaos(*words, SPOTLIGHT_TEST_POSTGRES=postgres_server)
    assert_nothing_came_twice_or_never(ended, rounds=3)
    assert "left out: restored: copies are put back on SQLite alone" in ended.stderr


def test_an_ingredient_that_does_not_exist_is_refused() -> None:
    ended = chaos("--without", "thunder")
    assert ended.returncode == 2
    assert "there is no 'thunder': choose from twice, unread, hands" in ended.stderr
