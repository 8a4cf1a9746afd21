"""See first what waits for a person, each with the command that answers it."""

import json
from pathlib import Path

import pytest

from ledgers import run_sql
from processes import Notify

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
OTHER = ("--title", "Plan Your Next Traffic Stop", "--url", "https://www.valorforblue.org/traffic-stop")
APPROVAL = "\n[campaigns.spotlight-on-safety.approval]\neverything = true\n"
WAITS = "waits for a person: "


def waits(notify: Notify, config: Path) -> list[str]:
    lines = notify("--config", config, "status").stdout.splitlines()
    told = [line for line in lines if line.startswith(WAITS)]
    assert lines[: len(told)] == told
    return [line.removeprefix(WAITS) for line in told]


def checked(notify: Notify, config: Path) -> int:
    return notify("--config", config, "status", "--check").returncode


def test_command_line_12_nothing_waits_for_a_person_and_check_ends_with_0(
    notify: Notify, config: Path
) -> None:
    assert checked(notify, config) == 0
    assert notify("--config", config, "once").returncode == 0
    assert (waits(notify, config), checked(notify, config)) == ([], 0)


def test_command_line_12_posts_that_await_approval_come_with_the_command_that_lets_them_go(
    notify: Notify, config: Path
) -> None:
    config.write_text(config.read_text() + APPROVAL)
    notify("--config", config, "announce", *NEW)
    (told,) = waits(notify, config)
    see = "To see them: deliveries --state proposed; to let them go: approve 1 2"
    assert told == f"2 deliveries, awaiting approval. {see}"
    status = notify("--config", config, "status", "--check", "--json")
    assert status.returncode == 3
    assert [each["change"][-11:] for each in json.loads(status.stdout)["waits"]] == ["approve 1 2"]
    assert notify("--config", config, "approve", "1", "2").returncode == 0
    assert (waits(notify, config), checked(notify, config)) == ([], 0)


def test_command_line_12_one_post_is_told_with_all_its_answers(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text() + APPROVAL)
    notify("--config", config, "announce", *NEW, "--to", "sample-x")
    (told,) = waits(notify, config)
    assert told.startswith("delivery 1 on sample-x, awaiting approval: A person must approve it first: ")
    assert "To let it go: approve 1; " in told


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (
            ("channel", "pause", "sample-x", "--reason", "mending"),
            "channel sample-x is paused: mending. Mend that, then: channel resume sample-x",
        ),
        (("hold", "--reason", "an incident"), 'an incident. Lift the hold: resume 1 --reason "..."'),
    ],
)
def test_command_line_12_what_a_person_stopped_is_told_first(
    notify: Notify, config: Path, order: tuple[str, ...], told: str
) -> None:
    assert notify("--config", config, *order).returncode == 0
    (first,) = waits(notify, config)
    assert first.endswith(told)
    assert checked(notify, config) == 3


def test_command_line_12_a_failing_source_is_told_first(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text().replace("/site/feed.xml", "/site/nothing.xml"))
    notify("--config", config, "once")
    (first,) = waits(notify, config)
    assert first.startswith("source sample-site, source failing: The last look failed")
    assert checked(notify, config) == 3


def test_what_failed_is_told_until_somebody_cancels_it(notify: Notify, config: Path) -> None:
    notify("--config", config, "announce", *NEW, "--to", "sample-x")
    url = f"sqlite:///{config.with_name('spotlight.sqlite3')}"
    run_sql(url, "DELETE FROM receipt")
    run_sql(url, "UPDATE delivery SET state = 'failed', reason = 'no'")
    (told,) = waits(notify, config)
    assert told.startswith("delivery 1 on sample-x, failed: It was given up: no.")
    assert checked(notify, config) == 3
    assert notify("--config", config, "deliveries", "cancel", "1", "--reason", "seen").returncode == 0
    assert (waits(notify, config), checked(notify, config)) == ([], 0)


def test_what_no_campaign_announces_any_more_is_told(notify: Notify, config: Path) -> None:
    notify("--config", config, "announce", *NEW, "--to", "sample-x", "--at", "2027-06-01 09:00")
    assert waits(notify, config) == []
    config.write_text(config.read_text().replace('["sample-x", "sample-page"]', '["sample-page"]'))
    (told,) = waits(notify, config)
    assert told.startswith("delivery 1 on sample-x, filtered: The configuration has no campaign")
    assert checked(notify, config) == 3
