"""A configuration that changes while posts wait: its hashtag, and the names of what it describes."""

import json
from pathlib import Path

import pytest

from processes import Notify, until
from spotlight_notify.app import open_app, open_ledger
from spotlight_notify.config import load_config
from spotlight_notify.model import Cause, State
from spotlight_notify.records import Delivery
from spotlight_notify.sandbox.serving import Sandbox

HELD = ("--reason", "until the change", "--by", "Desk 4")


def known(config: Path) -> list[Delivery]:
    with open_ledger(load_config(config, {})) as ledger:
        return sorted(ledger.deliveries(), key=lambda one: one.id)


def reword(config: Path, old: str, new: str) -> None:
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new))


@pytest.fixture
def waiting(notify: Notify, config: Path, sandbox: Sandbox) -> list[Delivery]:
    """Let one new aid wait for both channels, under a hold."""
    notify("--config", config, "once")
    assert notify("--config", config, "hold", *HELD).returncode == 0
    sandbox.site.publish_next(1)
    until(lambda: notify("--config", config, "once").returncode == 0 and len(known(config)) == 2)
    assert [one.state for one in known(config)] == [State.PENDING] * 2
    return known(config)


def test_promise_13_once_writes_anew_what_waits_under_an_old_hashtag(
    notify: Notify, config: Path, sandbox: Sandbox, waiting: list[Delivery]
) -> None:
    reword(config, "#SpotlightOnSafety", "#RollCallSafety")
    done = notify("--config", config, "once")
    (line,) = [line for line in done.stderr.splitlines() if "under this configuration" in line]
    assert "2 posts written anew: the post lacks #RollCallSafety" in line
    notify("--config", config, "resume", "--all", *HELD)
    assert notify("--config", config, "once").returncode == 0
    assert [one.state for one in known(config)] == [State.SENT] * 2
    assert all("#RollCallSafety" in post.text for post in sandbox.x.posts)


def test_promise_13_once_asks_about_what_a_person_wrote(
    notify: Notify, config: Path, sandbox: Sandbox, waiting: list[Delivery]
) -> None:
    assert waiting[0].post
    (config.parent / "new.txt").write_text(f"My words\n\n{waiting[0].post.link}\n\n#SpotlightOnSafety\n")
    edited = notify("--config", config, "edit", "1", "--text-file", "new.txt", *HELD)
    assert edited.returncode == 0, edited.stderr
    reword(config, "#SpotlightOnSafety", "#RollCallSafety")
    told = json.loads(notify("--config", config, "once", "--json").stdout)
    assert (told["rewritten"], told["asked"]) == ([2], [1])
    shown = notify("--config", config, "explain", "--delivery", "1").stdout
    assert "A person is asked: the post lacks #RollCallSafety" in shown
    assert "edit 1 gives it words that pass, reject 1 drops it." in shown


def test_promise_13_what_changes_between_the_start_and_the_send_is_written_anew_and_goes(
    notify: Notify, config: Path, sandbox: Sandbox, waiting: list[Delivery]
) -> None:
    reword(config, "#SpotlightOnSafety", "#RollCallSafety")
    notify("--config", config, "resume", "--all", *HELD)
    with open_app(load_config(config, {})) as app:
        refused, sent = app.deliver_next("sample-x"), app.deliver_next("sample-x")
    assert refused
    assert sent
    assert (refused.verdict.state, refused.verdict.cause) == (State.PROPOSED, Cause.RULE)
    assert sent.verdict.state is State.SENT
    assert ["#RollCallSafety" in post.text for post in sandbox.x.posts] == [True]
