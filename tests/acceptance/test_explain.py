"""Ask why, and when."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from processes import Notify, until
from spotlight_notify.sandbox.server import Sandbox

PACED = '\n[campaigns.spotlight-on-safety.hours]\ngap = "30m"\n'


def read(notify: Notify, config: Path, *words: str) -> Any:
    done = notify("--config", config, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_burst_says_when_each_post_goes_and_why_not_now(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    config.write_text(config.read_text() + PACED)
    notify("--config", config, "once")
    sandbox.site.publish_next(3)
    until(lambda: notify("--config", config, "once").returncode == 0 and bool(sandbox.x.posts))
    listed = read(notify, config, "deliveries", "--channel", "sample-x")["deliveries"]
    third, second, first = listed
    assert [each["why"] for each in (first, second, third)] == ["sent", "paced", "paced"]
    times = [datetime.fromisoformat(each["goes_at"]) for each in (second, third)]
    assert times[1] - times[0] == timedelta(minutes=30)
    explained = notify("--config", config, "explain", str(third["aid_id"])).stdout
    assert f"sample-x (spotlight-on-safety), delivery {third['id']}: paced" in explained
    assert "gaps, caps or earlier posts come first" in explained
    (aid,) = read(notify, config, "explain", third["aid_key"])["aids"]
    assert [(place["channel"], place["why"]) for place in aid["places"]] == [
        ("sample-x", "paced"),
        ("sample-page", "paced"),
    ]
    assert aid["places"][0]["next_at"] == third["goes_at"]
    status = read(notify, config, "status")
    on_x = next(each for each in status["channels"] if each["name"] == "sample-x")
    assert (on_x["sent_today"], on_x["why"], on_x["next_at"]) == (1, {"paced": 2}, second["goes_at"])
    in_utc = notify("--config", config, "deliveries", "--utc").stdout
    assert f"{second['goes_at'][:16].replace('T', ' ')} UTC" in in_utc
    local = datetime.fromisoformat(second["goes_at"]).astimezone(ZoneInfo("America/New_York"))
    assert f"{local:%a %Y-%m-%d %H:%M} E" in notify("--config", config, "deliveries").stdout


def test_a_baseline_aid_a_delivery_and_what_is_nobodys(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "once")
    (aid,) = read(notify, config, "explain", "1")["aids"]
    assert {place["why"] for place in aid["places"]} == {"baseline"}
    notify("--config", config, "channel", "pause", "sample-x", "--reason", "an incident")
    new = ("--title", "Keep Calm", "--url", "https://www.valorforblue.org/keep-calm", "--to", "sample-x")
    notify("--config", config, "announce", *new)
    shown = notify("--config", config, "explain", "--delivery", "1").stdout
    assert "delivery 1: paused channel\n  Channel sample-x is paused: an incident" in shown
    for words, code, message in (
        (("explain", "https://nowhere.example/aid"), 1, "no aid https://nowhere.example/aid is known"),
        (("explain", "https://nowhere.example/aid"), 1, "(source unchanged)"),
        (("explain", "4711"), 1, "say --delivery 4711"),
        (("explain", "--delivery", "4711"), 1, "there is no delivery 4711"),
        (("explain",), 2, "name a known AID"),
        (("explain", "1", "--delivery", "1"), 2, "name a known AID"),
    ):
        done = notify("--config", config, *words)
        assert (done.returncode, message in done.stderr.splitlines()[-1]) == (code, True), done.stderr


def test_a_failing_source_is_named_where_an_aid_is_missed(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text().replace("/site/feed.xml", "/site/nothing.xml"))
    notify("--config", config, "once")
    missed = notify("--config", config, "explain", "the-new-poster")
    assert "sample-site - (source failing)" in missed.stderr
    status = notify("--config", config, "status").stdout
    assert "source sample-site, source failing: The last look failed" in status


def test_feeds_except_what_is_left_out_says_so_in_explain_and_aids(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    rules = '\n[sources.sample-site.except]\nwords = ["job opening"]\n'
    config.write_text(config.read_text() + rules)
    notify("--config", config, "once")
    sandbox.site.publish_titled("A job opening for you")
    until(lambda: notify("--config", config, "once").returncode == 0 and bool(skipped(notify, config)))
    (one, _) = skipped(notify, config)
    why = "left out: source sample-site takes nothing with the word “job opening”"
    assert (one["cause"], one["reason"]) == ("filtered", why)
    explained = notify("--config", config, "explain", str(one["aid_id"])).stdout
    assert f"filtered\n  It was skipped: {why}" in explained
    assert f"aid {one['aid_id']} {why}" in notify("--config", config, "aids").stdout
    assert read(notify, config, "aids")["left_out"] == {str(one["aid_id"]): [why]}
    assert not sandbox.x.posts
    announced = notify("--config", config, "announce", str(one["aid_id"]), "--now")
    assert announced.returncode == 0, announced.stderr
    assert len(sandbox.x.posts) == 1


def skipped(notify: Notify, config: Path) -> Any:
    return read(notify, config, "deliveries", "--state", "skipped")["deliveries"]
