"""In a critical incident a hold is placed from any shell, whatever else is wrong with the configuration."""

import json
from pathlib import Path
from typing import Any

import pytest

from processes import Notify, until
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.server import Sandbox

WHY = ("--reason", "critical incident", "--by", "Desk 4")
OVER = ("--reason", "over", "--by", "Desk 4")
TOKEN = 'access_token = "'
NO_TOKEN = f"{TOKEN}${{NOT_IN_THIS_SHELL}}"
TABLE = "[campaigns.spotlight-on-safety]"


def spoil(config: Path, *changes: tuple[str, str]) -> str:
    """Change a configuration in places that must be there; returns what it was."""
    before = text = config.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    config.write_text(text)
    return before


def recorded(config: Path) -> tuple[tuple[Delivery, ...], tuple[Hold, ...]]:
    with open_ledger(load_config(config, {})) as ledger:
        return ledger.deliveries(), ledger.holds()


def test_a_shell_without_tokens_and_a_misspelt_setting_keep_nobody_from_holding(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "once")
    sandbox.site.publish_next(1)
    right = spoil(config, (TOKEN, NO_TOKEN), ("[links]\n", "[links]\nchek = true\n"))
    held = notify("--config", config, "hold", *WHY)
    assert (held.returncode, held.stdout.splitlines()[0]) == (
        0,
        "hold 1 on all is in force: nothing more of it is sent",
    )
    assert held.stderr == f"{config} has 1 mistake; see: spotlight-notify config check\n"
    assert "1   all " in notify("--config", config, "holds").stdout
    config.write_text(right)
    until(lambda: notify("--config", config, "once").returncode == 0 and len(recorded(config)[0]) == 2)
    assert {one.state for one in recorded(config)[0]} == {State.PENDING}
    spoil(config, (TOKEN, NO_TOKEN), ("[links]\n", "[links]\nchek = true\n"))
    lifted = notify("--config", config, "resume", "--all", *OVER)
    assert (lifted.returncode, lifted.stdout) == (0, "hold 1 on all is lifted\n")
    config.write_text(right)
    assert notify("--config", config, "once").returncode == 0
    assert {one.state for one in recorded(config)[0]} == {State.SENT}


def test_what_cannot_be_foreseen_is_null_for_programs(notify: Notify, config: Path) -> None:
    spoil(config, ("[links]\n", "[links]\nchek = true\n"))
    notify("--config", config, "hold", *WHY)
    lifted = json.loads(notify("--config", config, "resume", "1", *OVER, "--json").stdout)
    assert lifted == {"lifted": [1], "in_force": [], "free": None, "next_at": None}


def test_names_are_those_of_the_file_and_of_the_ledger(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "hold", *WHY)
    notify("--config", config, "once")
    sandbox.site.publish_next(1)
    until(lambda: notify("--config", config, "once").returncode == 0 and len(recorded(config)[0]) == 2)
    right = spoil(
        config,
        ("[channels.sample-x]", "[chanels.sample-x]"),
        (TABLE, "[campaigns.renamed]"),
        ("[links]", '[themes."Roll Call"]\nhashtag = "none"\n\n[links]'),
    )
    for scope in ("channel:sample-x", "channel:sample-page", "campaign:spotlight-on-safety"):
        held = notify("--config", config, "hold", *WHY, "--scope", scope)
        assert (held.returncode, f"on {scope} is in force" in held.stdout) == (0, True), held.stderr
        assert f"held back: {2 if 'campaign' in scope else 1} " in held.stdout
    assert notify("--config", config, "hold", *WHY, "--scope", "campaign:renamed").returncode == 0
    theme = notify("--config", config, "hold", *WHY, "--scope", "theme:roll  CALL")
    assert "on theme:Roll Call is in force" in theme.stdout
    assert "no aid of this theme" not in theme.stderr
    unknown = notify("--config", config, "hold", *WHY, "--scope", "campaign:safety")
    assert unknown.returncode == 1
    assert unknown.stderr.splitlines()[-1] == (
        "there is no campaign safety; there is: renamed, spotlight-on-safety"
    )
    config.write_text(right)
    assert len(recorded(config)[1]) == 6


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("[ledger]", "[leger]"), 'there is no setting "leger"; did you mean "ledger"?'),
        (('url = "sqlite', 'ulr = "sqlite'), 'there is no setting "ulr"; did you mean "url"?'),
        (('url = "sqlite:///', 'url = "${NOWHERE}'), "the environment variable NOWHERE is not set"),
        (("[programme]", "[programme"), "a line is a [table] or a setting = value"),
    ],
)
def test_a_hold_is_never_placed_in_a_ledger_that_nobody_named(
    notify: Notify, config: Path, change: tuple[str, str], says: str
) -> None:
    spoil(config, change, (TOKEN, NO_TOKEN))
    done = notify("--config", config, "hold", *WHY)
    assert done.returncode == 78
    (line,) = done.stderr.splitlines()
    assert says in line
    assert not (config.parent / "spotlight.sqlite3").exists()


@pytest.mark.parametrize(
    "change",
    [
        ('timezone = "America/New_York"', 'timezone = "Eastern"'),
        ('timezone = "America/New_York"', 'time_zone = "America/New_York"'),
        ("[programme]", "[program]"),
    ],
)
def test_only_a_local_time_takes_a_time_zone(notify: Notify, config: Path, change: tuple[str, str]) -> None:
    spoil(config, change)
    hold: tuple[Any, ...] = ("--config", config, "hold", *WHY, "--until")
    assert notify(*hold, "2h").returncode == 0
    assert "until Sun 2126-12-01 08:00 UTC" in notify(*hold, "2126-12-01 09:00+01:00").stdout
    local = notify(*hold, "2126-12-01 09:00")
    assert local.returncode == 78
    assert f"{config}:" in local.stderr.splitlines()[1]


def test_the_name_of_the_programme_is_no_matter_of_its_zone(notify: Notify, config: Path) -> None:
    spoil(config, ("name = ", "naem = "))
    wrong = notify("--config", config, "hold", *WHY, "--until", "2126-12-01 09:00")
    assert wrong.returncode == 78
    spoil(config, ("naem = ", "# name = "))
    right = notify("--config", config, "hold", *WHY, "--until", "2126-12-01 09:00")
    assert "until Sun 2126-12-01 09:00 EST" in right.stdout
