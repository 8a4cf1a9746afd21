"""See sources, and answer when one shows too much."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from feed_reader import page
from processes import Notify, start_daemon, until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.server import Sandbox
from website import Page, Website

BRAKE = "\n[sources.sample-site.brake]\nmost = 2\n"
WHY = ("--reason", "a new theme opened", "--by", "Desk 4")


def counts(config: Path) -> dict[State, int]:
    with open_ledger(load_config(config, {})) as ledger:
        return ledger.counts()


def sources(notify: Notify, config: Path) -> dict[str, Any]:
    listed = json.loads(notify("--config", config, "source", "list", "--json").stdout)["sources"]
    return {each["name"]: each for each in listed}


@pytest.fixture
def braked(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    """Let the sample site show more at once than is let pass."""
    config.write_text(config.read_text() + BRAKE)
    notify("--config", config, "once")
    sandbox.site.publish_next(3)
    until(lambda: notify("--config", config, "once").returncode == 0 and bool(counts(config)))
    assert counts(config) == {State.PROPOSED: 6}


@pytest.mark.usefixtures("braked")
def test_an_alarm_is_seen_and_accepted(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    listed = sources(notify, config)
    assert {name: each["why"] for name, each in listed.items()} == {
        "sample-database": "source unchanged",
        "sample-site": "braked",
    }
    assert "3 aids are new at once" in listed["sample-site"]["alarm"]
    assert (
        'To let it go: source accept sample-site --reason "..."'
        in notify("--config", config, "status").stdout
    )
    assert "braked" in notify("--config", config, "deliveries", "--state", "proposed").stdout
    accepted = notify("--config", config, "source", "accept", "sample-site", *WHY)
    assert (accepted.returncode, "let go, at the usual pace: 6" in accepted.stdout) == (0, True)
    assert notify("--config", config, "once").returncode == 0
    assert len(sandbox.x.posts) == len(sandbox.graph.posts) == 3
    again = notify("--config", config, "source", "accept", "sample-site", *WHY)
    assert (again.returncode, again.stderr.startswith("there is nothing to accept")) == (1, True)


@pytest.mark.usefixtures("braked")
def test_what_is_held_is_reviewed_and_answered_one_by_one_and_by_theme(notify: Notify, config: Path) -> None:
    """Timing 15."""
    listed = notify("--config", config, "source", "review", "sample-site")
    assert listed.returncode == 0, listed.stderr
    assert "3 aids are new at once" in listed.stdout
    assert "6 of 6 are of the theme Defusing Difficult Encounters" in listed.stdout
    told = json.loads(notify("--config", config, "source", "review", "sample-site", "--json").stdout)
    first, second, *rest = [one["id"] for one in told["held"]]
    accept = ("source", "accept", "sample-site", *WHY)
    one = notify("--config", config, *accept, "--delivery", str(first))
    assert "5 of sample-site are held still (3 aids are new at once" in one.stdout
    assert "let go, at the usual pace: 1" in one.stdout
    assert notify("--config", config, "reject", str(second), *WHY).returncode == 0
    for words, said in (
        (("--delivery", str(first)), f"delivery {first} is not held by this source's brake"),
        (("--theme", "Night"), "nothing that is held is of the theme Night; there is: Defusing"),
    ):
        refused = notify("--config", config, *accept, *words)
        assert (refused.returncode, said in refused.stderr) == (1, True)
    left = notify("--config", config, *accept, "--theme", "defusing difficult encounters")
    assert left.stdout.startswith("the alarm of sample-site ended (3 aids are new at once")
    assert f"let go, at the usual pace: {len(rest)}" in left.stdout
    assert counts(config) == {State.PENDING: 5, State.CANCELLED: 1}


@pytest.mark.usefixtures("braked")
def test_a_baseline_drops_what_was_held_but_for_the_latest(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    anew = ("source", "baseline", "sample-site", "--announce-latest", "4", *WHY)
    placed = notify("--config", config, *anew)
    assert placed.returncode == 0, placed.stderr
    assert "is a baseline: all it shows is recorded as known" in placed.stdout
    assert "announced all the same: its 4 newest" in placed.stdout
    assert "dropped of what was held: 6" in placed.stdout
    assert sources(notify, config)["sample-site"]["why"] == "baseline"
    assert notify("--config", config, "once").returncode == 0
    assert len(sandbox.x.posts) == 4
    assert counts(config) == {State.SENT: 8}
    assert sources(notify, config)["sample-site"]["why"] == "source unchanged"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ("accept", "nowhere", *WHY),
            1,
            "there is no source nowhere; there is: sample-database, sample-site",
        ),
        (("accept", "on-demand", *WHY), 1, "there is no source on-demand"),
        (("accept", "sample-site", *WHY), 1, "sample-site has no alarm"),
        (("baseline", "nowhere", *WHY), 1, "there is no source nowhere"),
        (("baseline", "sample-site", *WHY, "--announce-latest", "0"), 2, "--announce-latest"),
        (("baseline", "sample-site", *WHY, "--since", "2099-01-01"), 1, "still to come"),
        (("baseline", "sample-site", *WHY, "--since", "lately"), 2, "is no time"),
        (("baseline", "sample-site"), 2, "--reason"),
    ],
)
def test_wrong_words_about_sources_get_one_line(
    notify: Notify, config: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    done = notify("--config", config, "source", *words)
    assert done.returncode == code, done.stderr
    assert message in done.stderr.splitlines()[-1]
    with open_ledger(load_config(config, {})) as ledger:
        assert ledger.changes() == ()


@pytest.fixture
def moved(config: Path) -> Iterator[tuple[Path, Sandbox]]:
    """Give a configuration of the same ledger and networks whose site is elsewhere, with aids more."""
    with Sandbox(clock=clock) as other:
        for number in range(3):
            other.site.publish_titled(f"Aid {number} of the new place")
        path = config.with_name("moved.toml")
        url = load_config(config, {}).sources["sample-site"].url
        path.write_text(config.read_text().replace(str(url), other.feed_url))
        yield path, other


def test_a_daemon_that_was_not_restarted_leaves_a_source_that_moved_alone(
    notify: Notify, config: Path, sandbox: Sandbox, moved: tuple[Path, Sandbox]
) -> None:
    path, other = moved
    assert notify("--config", config, "once").returncode == 0
    with heard(config) as lines:
        until(lambda: any("started" in line for line in lines))
        assert notify("--config", path, "resolve").returncode == 0
        until(lambda: any("has moved" in line for line in lines))
        assert notify("--config", path, "once").returncode == 0
        assert sources(notify, path)["sample-site"]["baseline_at"] is not None
        new = other.site.publish_titled("What comes next there")
        until(lambda: notify("--config", path, "once").returncode == 0 and len(sandbox.x.posts) > 3)
        sandbox.site.publish_titled("What comes next at the old place")
        until(lambda: set(counts(path)) == {State.SENT})
    posts = [post.text for post in sandbox.x.posts]
    assert sum(new.link in post for post in posts) == 1
    assert [sum(words in post for post in posts) for words in ("new place", "old place")] == [3, 0]
    (told,) = [json.loads(line) for line in lines if "has moved" in line]
    assert (told["level"], told["work"]) == ("error", "poll sample-site")
    assert told["error"].endswith("has moved to another address since this program started: restart it")
    site = sources(notify, path)["sample-site"]
    assert (site["why"], site["failures"], "address" in site) == ("source unchanged", 0, False)


@contextmanager
def heard(config: Path) -> Iterator[list[str]]:
    """Run a daemon and collect the lines it logs."""
    lines: list[str] = []
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        reader = threading.Thread(target=lines.extend, args=(daemon.stderr,), daemon=True)
        reader.start()
        try:
            yield lines
        finally:
            daemon.kill()
            reader.join(10)


def test_feeds_301_and_unusable_links_are_shown_in_status_and_source_list(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    unusable = "<item><title>Calm</title><guid isPermaLink='false'>n</guid></item>"
    with Website() as site:
        there = site.put("/new.xml", page(unusable))
        old = site.put("/feed.xml", Page(status=301, headers={"Location": there}))
        url = str(load_config(config, {}).sources["sample-site"].url)
        config.write_text(config.read_text().replace(url, old))
        once = notify("--config", config, "once")
    said = [
        "source sample-site: “Calm” has no usable link",
        f"source sample-site: the feed has moved for good: change its url to {there}",
    ]
    for words in (
        once.stderr,
        *(notify("--config", config, *w).stdout for w in (("status",), ("source", "list"))),
    ):
        assert [line for line in words.splitlines() if line in said] == said
    assert sources(notify, config)["sample-site"]["notes"] == [each.partition(": ")[2] for each in said]
