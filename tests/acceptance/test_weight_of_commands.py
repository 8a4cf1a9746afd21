"""Count what a command loads: most of what it costs. ``sh run.sh bench commands`` measures the rest."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from ledgers import run_sql
from processes import Notify, environment
from spotlight_notify.cli import COMMANDS, main

NEVER_TO_READ = {
    *("alembic", "apscheduler", "chardet", "emoji", "facebook", "feedparser", "holidays", "jinja2", "PIL"),
    *(
        "pypdfium2",
        "regex",
        "requests",
        "selectolax",
        "starlette",
        "structlog",
        "tweepy",
        "urllib3",
        "uvicorn",
    ),
}
READING = ("status", "aids", "deliveries", "explain 1", "source list", "channel list", "deliveries 1")


AND_TELL = """
import atexit, sys
from pathlib import Path
told = Path("loaded.txt")
atexit.register(lambda: told.write_text(" ".join(sys.modules)))
from spotlight_notify.__main__ import main
main()
"""


def loaded(folder: Path, *words: str) -> set[str]:
    """Run a command in a new interpreter and name the modules that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", AND_TELL, *words],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set((folder / "loaded.txt").read_text().split())


@pytest.fixture
def used(notify: Notify, config: Path) -> str:
    """Give a configuration whose ledger is there."""
    assert notify("--config", config, "once").returncode == 0
    return str(config)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_command_line_14_help_and_version_load_no_command(tmp_path: Path, option: str) -> None:
    ours = {name for name in loaded(tmp_path, option) if name.startswith("spotlight_notify.")}
    assert ours == {
        "spotlight_notify.__main__",
        "spotlight_notify.cli",
        "spotlight_notify.cli.clocks",
        "spotlight_notify.cli.errors",
        "spotlight_notify.cli.groups",
        "spotlight_notify.cli.output",
        "spotlight_notify.model",
        "spotlight_notify.model.errors",
        "spotlight_notify.worker",
        "spotlight_notify.worker.stop_signals",
    }


def test_command_line_14_every_command_of_the_help_is_there() -> None:
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in COMMANDS]
    assert [command and command.name for command in commands] == list(COMMANDS)


@pytest.mark.parametrize("words", READING)
def test_command_line_14_reading_loads_nothing_that_sends(tmp_path: Path, used: str, words: str) -> None:
    modules = loaded(tmp_path, "-c", used, *words.split())
    assert "sqlalchemy" in modules
    assert not {name.partition(".")[0] for name in modules} & NEVER_TO_READ
    assert "sqlalchemy.dialects.postgresql" not in modules


def test_command_line_14_a_check_of_the_configuration_loads_no_wire(tmp_path: Path, used: str) -> None:
    modules = loaded(tmp_path, "-c", used, "config", "check")
    assert "spotlight_notify.sources.database.source" in modules
    assert not {"requests", "urllib3", "spotlight_notify.wire.wire"} & modules


def test_command_line_14_holds_are_one_query(tmp_path: Path, notify: Notify, used: str) -> None:
    notify("-c", used, "hold", "--reason", "critical incident")
    assert not {"sqlalchemy", "pydantic"} & loaded(tmp_path, "-c", used, "holds")
    assert "critical incident" in notify("-c", used, "holds").stdout


def test_command_line_14_lint_of_a_text_loads_no_database(tmp_path: Path, used: str) -> None:
    modules = loaded(tmp_path, "-c", used, "lint", "Keep calm. #SpotlightOnSafety")
    assert "spotlight_notify.rules.lint.linter" in modules
    assert not {"sqlalchemy", "requests", "jinja2"} & modules


@pytest.mark.parametrize("words", [(), ("--all",), ("--all", "--json"), ("--json",)])
def test_command_line_14_holds_read_the_short_and_the_long_way_are_the_same(
    notify: Notify, used: str, words: tuple[str, ...]
) -> None:
    notify("-c", used, "hold", "--reason", "one", "--until", "2h")
    notify("-c", used, "hold", "--reason", "two", "--scope", "theme:Other", "--unknown-theme")
    notify("-c", used, "resume", "1", "--reason", "over")
    short = notify("-c", used, "holds", *words)
    config = Path(used)
    config.write_text(config.read_text().replace('spotlight.sqlite3"', '${NOTHING:-spotlight.sqlite3}"'))
    assert "two" in short.stdout
    assert notify("-c", used, "holds", *words).stdout == short.stdout


def test_command_line_14_holds_of_another_revision_are_refused_all_the_same(
    notify: Notify, used: str
) -> None:
    ledger = Path(used).with_name("spotlight.sqlite3")
    run_sql(f"sqlite:///{ledger}", "UPDATE ledger_version SET version_num = '9999'")
    refused = notify("-c", used, "holds")
    assert (refused.returncode, refused.stdout) == (74, "")
    assert "newer version" in refused.stderr
