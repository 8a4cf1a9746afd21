"""What the tests call a command is what a person's own interpreter does."""

from pathlib import Path

import pytest

from processes import Notify, run_fresh
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("announce", "--help"),
        ("no-such-command",),
        ("--config", "nowhere.toml", "status"),
        ("config", "check"),
        ("config", "check", "--json"),
        ("preview", *NEW, "--json"),
        ("lint", "Words at https://bit.ly/x"),
        ("announce", *NEW, "--dry-run"),
        ("announce", "--at", "tomorrow", *NEW),
        ("channel", "list"),
        ("aids", "--json"),
    ],
)
def test_a_forked_command_says_and_ends_as_a_fresh_one(
    notify: Notify, config: Path, words: tuple[str, ...]
) -> None:
    settings = {"SPOTLIGHT_CONFIG": str(config)}
    fresh, forked = run_fresh(config.parent, *words, **settings), notify(*words, **settings)
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        fresh.returncode,
        fresh.stdout,
        fresh.stderr,
    )
    assert fresh.stdout + fresh.stderr


def test_a_fresh_command_announces(config: Path, sandbox: Sandbox) -> None:
    assert run_fresh(config.parent, "--config", config, "announce", *NEW).returncode == 0
    assert len(sandbox.x.posts) == len(sandbox.graph.posts) == 1
