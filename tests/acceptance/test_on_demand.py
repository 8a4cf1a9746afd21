"""Announce when a person says so: within the hours or past them, under holds and approvals, as a digest."""

import json
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from processes import Notify
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
DAY = date(datetime.now(UTC).year + 1, 12, 1)
ON_X = ("--to", "sample-x")
THEME = "Defusing Difficult Encounters"
PAGE = "https://spotlight.example.org/themes/defusing"
HOURS = "\n[campaigns.spotlight-on-safety.hours]\n"
APPROVAL = "\n[campaigns.spotlight-on-safety.approval]\n"


@pytest.fixture
def seen(notify: Notify, config: Path) -> Path:
    """Let the program see the sample site once; its theme has a page."""
    config.write_text(f'{config.read_text()}\n[themes."{THEME}"]\nlink = "{PAGE}"\n')
    done = notify("--config", config, "once")
    assert done.returncode == 0, done.stderr
    return config


def add(config: Path, text: str) -> None:
    config.write_text(config.read_text() + text)


def closed() -> str:
    """Write hours that are closed for two days at least: they open three days from now."""
    opens = datetime.now(UTC) + timedelta(days=3)
    return f'{HOURS}timezone = "UTC"\nwindows = ["{opens:%a} 09:00-17:00"]\n'


def deliveries(config: Path, channel: str = "sample-x") -> list[Delivery]:
    with open_ledger(load_config(config, {})) as ledger:
        return list(reversed(ledger.deliveries(channel=channel)))


def announced(done: "CompletedProcess[str]") -> dict[str, dict[str, Any]]:
    return {end["channel"]: end for end in json.loads(done.stdout)["announced"]}


def test_outside_its_hours_an_order_waits_and_now_passes_them(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    add(config, closed())
    waits = notify("--config", config, "announce", *NEW, *ON_X)
    assert waits.returncode == 0, waits.stderr
    opens = f"{datetime.now(UTC) + timedelta(days=3):%a %Y-%m-%d} 09:00 UTC"
    told = f"goes out {opens} (its hours are closed now; --now passes them)"
    assert waits.stdout == f"sample-x: {told}\n"
    assert sandbox.x.posts == ()
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d} 09:00"
    later = notify("--config", config, "announce", *NEW, *ON_X, "--at", tomorrow)
    assert later.stdout.startswith(f"sample-x: goes out {opens} (later than ordered, since c")
    assert "hours are closed then" in later.stdout
    goes = notify("--config", config, "announce", *NEW, *ON_X, "--now")
    assert goes.returncode == 0, goes.stderr
    assert goes.stdout.startswith("sample-x: sent https://x.com/")
    assert len(sandbox.x.posts) == 1


def test_an_edit_stays_when_only_another_time_is_ordered(notify: Notify, config: Path) -> None:
    add(config, closed())
    notify("--config", config, "announce", *NEW, *ON_X, "--by", "Desk 4")
    text = f"The poster is in A3. {NEW[3]} #SpotlightOnSafety"
    edited = notify("--config", config, "edit", "1", "--text", text, "--reason", "size", "--by", "Desk 5")
    assert edited.returncode == 0, edited.stderr
    later = notify("--config", config, "announce", "1", *ON_X, "--at", f"{DAY} 09:00", "--by", "Desk 6")
    assert later.returncode == 0, later.stderr
    assert "it was pending already; its post stays as Desk 4 and Desk 5 wrote it" in later.stdout
    (one,) = deliveries(config)
    assert one.post is not None
    assert (one.post.text, f"{one.due_at:%Y-%m-%d %H:%M}") == (text, f"{DAY} 09:00")
    notify("--config", config, "announce", *NEW, *ON_X, "--by", "Desk 6")
    with open_ledger(load_config(config, {})) as ledger:
        replaced = ledger.changes()[0]
    assert (replaced.who, json.loads(replaced.detail or "")["text"]) == ("Desk 6", text)


def test_now_keeps_the_gap_and_says_so(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    add(config, f'{closed()}gap = "20m"\n')
    notify("--config", config, "announce", *NEW, *ON_X, "--now")
    second = notify("--config", config, "announce", "--title", "B", "--url", "https://valor.test/b", "--now")
    assert "goes out" in second.stdout
    assert "gaps, caps or earlier posts come first" in second.stdout
    assert len(sandbox.x.posts) == 1


def test_an_order_for_a_channel_that_rests_says_until_when_and_does_not_wait(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    sandbox.faults.carry_out(parse_script("x publish: 429"))
    notify("--config", config, "announce", *NEW, *ON_X)
    began = time.monotonic()
    done = notify(
        "--config", config, "announce", "--title", "B", "--url", "https://valor.test/b", *ON_X, "--utc"
    )
    assert time.monotonic() - began < 45
    with open_ledger(load_config(config, {})) as ledger:
        (opens,) = [each.due_at for each in ledger.channels() if each.name == "sample-x"]
    assert opens is not None
    assert f"goes out {opens:%a %Y-%m-%d %H:%M} UTC" in done.stdout
    assert "its channel rests until then, as the network wished" in done.stdout
    assert not sandbox.x.posts


def test_now_does_not_pass_a_hold(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    held = notify("--config", config, "hold", "--reason", "critical incident", "--by", "Desk 4")
    assert held.returncode == 0, held.stderr
    done = notify("--config", config, "announce", *NEW, "--now")
    assert done.returncode == 3
    assert "sample-x: waits: held by Desk 4 (all): critical incident\n" in done.stdout
    later = notify("--config", config, "announce", *NEW, *ON_X, "--at", f"{DAY} 09:00")
    assert later.returncode == 0
    assert f"goes out {DAY:%a} {DAY} 09:00 EST, unless it is stopped then as it is now" in later.stdout
    assert (sandbox.x.posts, sandbox.graph.posts) == ((), ())


def test_now_does_not_pass_an_approval_nor_a_paused_channel(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    add(config, f"{APPROVAL}everything = true\n")
    notify("--config", config, "channel", "pause", "sample-page", "--reason", "mending")
    done = notify("--config", config, "announce", *NEW, "--now")
    assert done.returncode == 3
    (on_x,) = deliveries(config)
    reason = "every post of this campaign is approved by a person first"
    assert f"sample-x: awaits approval: approve {on_x.id} --by NAME ({reason})\n" in done.stdout
    for each in (on_x, *deliveries(config, "sample-page")):
        approved = notify("--config", config, "approve", str(each.id), "--by", "Desk 4")
        assert approved.returncode == 0, approved.stderr
    notify("--config", config, "once")
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 0)


def test_a_time_is_meant_by_the_clocks_of_each_campaign(notify: Notify, config: Path) -> None:
    west = (
        "\n[campaigns.west]\nsources = []\nchannels = ['sample-x']\nhashtag = '#WestCoast'\n"
        "[campaigns.west.hours]\ntimezone = 'America/Los_Angeles'\n"
    )
    add(config, west)
    done = notify("--config", config, "announce", *NEW, *ON_X, "--at", f"{DAY} 09:00")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        f"sample-x: goes out {DAY:%a} {DAY} 09:00 EST\nsample-x: goes out {DAY:%a} {DAY} 09:00 PST\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (
            ("--at", "2020-01-01 09:00"),
            1,
            "Wed 2020-01-01 09:00 EST has passed; leave out --at to announce now",
        ),
        (("--at", "2027-03-14 02:30"), 2, "there is no 2027-03-14 02:30 in America/New_York"),
        (("--at", "2027-03-14 03:30", "--now"), 2, "--now and --at contradict each other"),
        (("--at", "2027-03-14"), 2, "has no time of day"),
    ],
)
def test_a_time_that_cannot_be_changes_nothing(
    notify: Notify, config: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    done = notify("--config", config, "announce", *NEW, *words)
    assert done.returncode == code
    assert says in done.stderr
    assert deliveries(config) == []


def test_what_a_person_orders_is_never_too_old(notify: Notify, seen: Path, sandbox: Sandbox) -> None:
    add(seen, f'{HOURS}oldest = "1d"\n')
    done = notify("--config", seen, "announce", "3", *ON_X)
    assert done.returncode == 0, done.stderr
    assert len(sandbox.x.posts) == 1


def test_a_digest_is_shown_sent_and_its_aids_are_not_announced_again(
    notify: Notify, seen: Path, sandbox: Sandbox
) -> None:
    words = ("announce", "--theme", THEME.upper())
    dry = notify("--config", seen, *words, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert dry.stdout == notify("--config", seen, "preview", "--theme", THEME).stdout
    assert deliveries(seen) == []
    done = notify("--config", seen, *words, "--json")
    assert done.returncode == 0, done.stderr
    texts = {channel: end["text"] for channel, end in announced(done).items()}
    assert {post.text for post in (*sandbox.x.posts, *sandbox.graph.posts)} == set(texts.values())
    assert texts["sample-x"].startswith(f"{THEME}: 6 new digital aids\n\n- Defusing Difficult Situations\n")
    assert PAGE in texts["sample-page"]
    again = notify("--config", seen, *words)
    assert again.returncode == 1
    assert again.stderr == (
        f'a digest needs 2 aids of "{THEME}" that are not announced there yet; '
        "there is none on sample-x; none on sample-page\n"
    )
    member = notify("--config", seen, "announce", "3")
    assert member.returncode == 0
    assert "aid 3 is part of this digest" in member.stdout
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 1)


def test_a_digest_takes_in_what_waits(notify: Notify, seen: Path, sandbox: Sandbox) -> None:
    add(seen, closed())
    sandbox.site.publish_next(3)
    with open_ledger(load_config(seen, {})) as ledger:
        before = {known.id for known in ledger.aids()}
    for _ in range(20):
        notify("--config", seen, "once")
        if len(deliveries(seen)) == 3:
            break
    assert {each.state for each in deliveries(seen)} == {State.PENDING}
    done = notify("--config", seen, "announce", "--theme", THEME, *ON_X, "--now")
    assert done.returncode == 0, done.stderr
    assert len(sandbox.x.posts) == 1
    digest = next(each for each in deliveries(seen) if each.state is State.SENT)
    parts = [each for each in deliveries(seen) if each.id != digest.id]
    assert {(each.state, each.cause) for each in parts} == {(State.SKIPPED, Cause.DIGEST)}
    assert len(parts) == len(before) + 3
    with open_ledger(load_config(seen, {})) as ledger:
        (made,) = [known.aid for known in ledger.find_aids(digest.aid_key)]
    assert sorted(made.summary.removeprefix("Aids ").split(", ")) == sorted(str(p.aid_id) for p in parts)
    assert {each.state for each in deliveries(seen, "sample-page")} == {State.PENDING}


@pytest.mark.parametrize(
    ("theme", "says"),
    [
        ("Officer Wellness", f'no aid of the theme "Officer Wellness" is known; there is: {THEME}'),
        (THEME, f'the theme has no page that a digest could lead to: set link under [themes."{THEME}"]'),
    ],
)
def test_a_digest_that_cannot_be_gets_one_clear_line(
    notify: Notify, config: Path, theme: str, says: str
) -> None:
    notify("--config", config, "once")
    done = notify("--config", config, "announce", "--theme", theme)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert deliveries(config) == []


def test_a_digest_cannot_be_announced_like_an_aid(notify: Notify, seen: Path) -> None:
    notify("--config", seen, "announce", "--theme", THEME, *ON_X)
    (digest,) = (each for each in deliveries(seen) if each.state is State.SENT)
    done = notify("--config", seen, "announce", str(digest.aid_id), "--to", "sample-page")
    assert done.returncode == 1
    assert "is no aid of a source" in done.stderr
