"""The bench of posts runs, and tells what it counted."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_bench_tells_how_fast_posts_are_written() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / "posts.py", "--made", "20"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "20 generated ones" in done.stdout
    for network in ("X", "Facebook"):
        assert f"\n{network:8} generated " in done.stdout
