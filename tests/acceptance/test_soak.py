"""A short soak; ``sh run.sh soak`` runs long ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

TESTS = Path(__file__).parents[1]


def test_sources_that_change_take_back_renumber_and_fail_cost_no_aid(postgres_server: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "soak", "--minutes", "0.4", "--feeds", "6", "--seed", "3"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(TESTS),
            "SPOTLIGHT_TEST_POSTGRES": postgres_server,
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = dict(line.split(":", 1) for line in ended.stdout.splitlines())
    assert told["troubles"].strip() == "0"
    assert {"publish", "correct", "fail", "renumber"} <= {*told["owners did"].replace(",", "").split()}
    assert " sent" in told["aids"]
