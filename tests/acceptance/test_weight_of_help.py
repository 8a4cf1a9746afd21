import subprocess
import sys

HEAVY = (
    *("sqlalchemy", "tweepy", "feedparser", "starlette", "facebook", "pydantic", "apscheduler", "requests"),
    *("PIL", "pypdfium2", "holidays", "dateparser", "ftfy"),
)


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "spotlight_notify", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {
        line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line
    }
    assert "click" in imported
    assert not imported & set(HEAVY)
