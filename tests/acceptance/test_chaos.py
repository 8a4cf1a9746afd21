"""A short campaign of everything that goes wrong; ``sh run.sh chaos`` runs long ones."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def chaos(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "chaos", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TESTS), **environ},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def assert_nothing_came_twice_or_never(ended: "subprocess.CompletedProcess[str]", rounds: int) -> None:
    assert ended.returncode == 0, ended.stdout + ended.stderr
    counted = ended.stdout.splitlines()[-1]
    assert f"{rounds} rounds" in counted
    assert "0 duplicates, 0 lost" in counted
    assert " 0 kills" not in counted
    assert " 0 faults" not in counted


def test_accidents_1_2_15_and_18_kills_and_faults_cost_no_post_and_show_no_token() -> None:
    assert_nothing_came_twice_or_never(chaos("--rounds", "3", "--seed", "1"), rounds=3)


def test_accidents_1_2_15_and_18_with_two_daemons_on_one_postgresql(postgres_server: str) -> None:
    ended = chaos("--rounds", "3", "--seed", "2", "--postgres", SPOTLIGHT_TEST_POSTGRES=postgres_server)
    assert_nothing_came_twice_or_never(ended, rounds=3)
