from pathlib import Path

import pytest

from processes import Notify
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Polis Solutions Today", "--url", "https://spotlight.example.org/aids/polis-today")


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        (("once",), "lost-answer"),
        (("once",), "html-503"),
        (("resolve", "--all"), "lost-answer"),
        (("resolve", "--all"), "html-503"),
    ],
)
def test_command_line_8_what_a_look_up_finds_is_told_once(
    notify: Notify, config: Path, sandbox: Sandbox, command: tuple[str, ...], fault: str
) -> None:
    config.write_text(config.read_text() + '\n[delivery]\nlooks_apart = "1s"\n')
    sandbox.x.faults.add(fault)
    assert notify("-c", config, "announce", *NEW, "--to", "sample-x").returncode == 3
    done = notify("-c", config, *command)
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    told = [line for line in lines if line.startswith("sample-x: delivery 1 ")]
    assert len(told) == 1
    assert told[0] in done.stdout
    assert len(lines) == len(set(lines))
