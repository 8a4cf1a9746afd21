"""A configuration that changes while posts wait: its hashtag, and the names of what it describes."""

import json
import shlex
from pathlib import Path

import pytest

from processes import Notify, start_daemon, until
from spotlight_notify.app.composition import open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.ledger.lock_file import alone
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.sandbox.server import Sandbox

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
    assert "To give it words that pass: edit 1 " in shown


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


def advice(said: str, kind: str) -> list[str]:
    """Find the command that is offered, as words to be typed."""
    (line,) = [line for line in said.splitlines() if f"{kind} " in line and "spotlight-notify rename" in line]
    return line.partition("spotlight-notify ")[2].split()


def test_promise_14_what_waits_under_old_names_is_told_and_follows(
    notify: Notify, config: Path, sandbox: Sandbox, waiting: list[Delivery]
) -> None:
    reword(config, "sample-x", "agency-x")
    reword(config, "spotlight-on-safety", "valor")
    for said in (
        notify("--config", config, "config", "check").stdout,
        notify("--config", config, "once").stderr,
    ):
        assert "channel sample-x is not in the configuration, but 1 delivery waits under that name" in said
        assert "campaign spotlight-on-safety is not in the configuration, but 2 deliveries wait" in said
    checked = notify("--config", config, "config", "check").stdout
    assert advice(checked, "channel") == ["rename", "channel", "sample-x", "agency-x"]
    for kind in ("channel", "campaign"):
        moved = notify("--config", config, *advice(checked, kind), "--by", "Desk 4")
        assert moved.returncode == 0, moved.stderr
        deliveries = {"channel": 1, "campaign": 2}[kind]
        assert f"now; moved: deliveries: {deliveries}" in moved.stdout
    assert "rename" not in notify("--config", config, "config", "check").stdout
    notify("--config", config, "resume", "--all", *HELD)
    assert notify("--config", config, "once").returncode == 0
    assert [one.state for one in known(config)] == [State.SENT] * 2
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 1)


def test_promise_14_a_renamed_source_loses_nothing_of_the_meantime(
    notify: Notify, config: Path, sandbox: Sandbox, waiting: list[Delivery]
) -> None:
    notify("--config", config, "resume", "--all", *HELD)
    assert notify("--config", config, "once").returncode == 0
    reword(config, "sample-site", "agency-site")
    sandbox.site.publish_next(1)
    refused = notify("--config", config, "once")
    assert "source agency-site is where sample-site was" in refused.stderr
    assert "source sample-site is not in the configuration, but what it has shown stands" in refused.stderr
    assert len(known(config)) == 2
    checked = notify("--config", config, "config", "check").stdout
    moved = notify("--config", config, *advice(checked, "source"), "--by", "Desk 4")
    assert (moved.returncode, "source sample-site is agency-site now" in moved.stdout) == (0, True)
    until(lambda: notify("--config", config, "once").returncode == 0 and len(known(config)) == 4)
    assert [one.state for one in known(config)] == [State.SENT] * 4
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (2, 2)


def test_promise_14_a_source_that_is_another_begins_with_a_baseline_when_a_person_says_so(
    notify: Notify, config: Path, sandbox: Sandbox, waiting: list[Delivery]
) -> None:
    reword(config, "sample-site", "agency-site")
    refused = notify("--config", config, "once")
    (line,) = [line for line in refused.stderr.splitlines() if "source baseline" in line]
    words = shlex.split(line.rpartition("run: spotlight-notify ")[2])
    assert notify("--config", config, *words).returncode == 0
    again = notify("--config", config, "once")
    assert (again.returncode, "agency-site: 0 new" in again.stdout) == (0, True)
    assert len(known(config)) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("channel", "gone", "sample-x"), "the ledger knows no channel gone"),
        (
            ("channel", "sample-x", "new"),
            "the configuration has no channel new; there is: sample-page, sample-x",
        ),
        (("campaign", "spotlight-on-safety", "spotlight-on-safety"), "is in the configuration still"),
        (("source", "on-demand", "sample-site"), "kept for aids announced by hand"),
    ],
)
def test_promise_14_what_cannot_be_renamed_is_refused(
    notify: Notify, config: Path, words: tuple[str, ...], says: str
) -> None:
    notify("--config", config, "once")
    done = notify("--config", config, "rename", *words)
    assert (done.returncode, says in done.stderr) == (1, True)


def test_promise_14_nothing_is_renamed_under_a_running_daemon(notify: Notify, config: Path) -> None:
    notify("--config", config, "once")
    with alone(config.parent / "spotlight.sqlite3"):
        done = notify("--config", config, "rename", "channel", "old", "sample-x")
    assert (done.returncode, "another daemon" in done.stderr) == (75, True)


def test_promise_14_config_check_makes_no_ledger(notify: Notify, config: Path) -> None:
    assert notify("--config", config, "config", "check").returncode == 0
    assert not list(config.parent.glob("spotlight.sqlite3*"))


def test_promise_14_a_daemon_says_at_its_start_what_waits_under_an_old_name(
    notify: Notify, config: Path, waiting: list[Delivery]
) -> None:
    reword(config, "sample-x", "agency-x")
    with start_daemon(config) as daemon:
        assert daemon.stderr
        lines = iter(daemon.stderr.readline, "")
        told = next(line for line in lines if "name not configured" in line)
        daemon.terminate()
        daemon.wait()
    assert "spotlight-notify rename channel sample-x agency-x" in json.loads(told)["reason"]


def test_promise_13_a_daemon_says_at_its_start_what_it_wrote_anew(
    config: Path, waiting: list[Delivery]
) -> None:
    reword(config, "#SpotlightOnSafety", "#RollCallSafety")
    with start_daemon(config) as daemon:
        assert daemon.stderr
        lines = iter(daemon.stderr.readline, "")
        told = json.loads(next(line for line in lines if "waiting posts did not pass" in line))
        daemon.terminate()
        daemon.wait()
    assert (told["rewritten"], told["asked"]) == ([1, 2], [])
    assert "2 posts written anew" in told["reason"]


def test_promise_13_announce_says_what_it_wrote_anew(
    notify: Notify, config: Path, waiting: list[Delivery]
) -> None:
    reword(config, "#SpotlightOnSafety", "#RollCallSafety")
    done = notify("--config", config, "announce", str(waiting[0].aid_id))
    assert "2 posts written anew" in done.stderr
    assert all(one.post and "#RollCallSafety" in one.post.text for one in known(config))
