import json
import re
from pathlib import Path

from ledgers import run_sql
from processes import Notify
from spotlight_notify.sandbox.server import Sandbox

SITE = "https://spotlight.example.org/aids"
NEW = ("--title", "READ THIS RIGHT NOW", "--url", f"{SITE}/polis-solutions")


def test_what_was_found_in_a_post_is_shown_with_its_delivery(notify: Notify, config: Path) -> None:
    notify("--config", config, "announce", *NEW, "--to", "sample-x")
    shown = notify("--config", config, "deliveries", "1")
    assert re.search(r"^warning capitals: .+ \[.+\]$", shown.stdout, re.M)
    told = json.loads(notify("--config", config, "deliveries", "1", "--json").stdout)
    assert "capitals" in {finding["rule"] for finding in told["delivery"]["findings"]}
    assert told["reads"] == {"read": 0, "price": 0.0}


def test_look_ups_on_x_are_summed_up_in_posts_and_dollars(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("--config", config, "announce", *NEW)
    assert json.loads(notify("--config", config, "status", "--json").stdout)["reads"] == {}
    sandbox.x.faults.add("lost-answer")
    sandbox.graph.faults.add("500-live")
    again = ("--title", "Task Force", "--url", f"{SITE}/task-force-21st-century-policing")
    notify("--config", config, "announce", *again)
    notify("--config", config, "resolve")
    listed = json.loads(notify("--config", config, "deliveries", "--channel", "sample-x", "--json").stdout)
    number = str(listed["deliveries"][0]["id"])
    told = json.loads(notify("--config", config, "deliveries", number, "--json").stdout)
    read = told["reads"]["read"]
    assert read > 0
    assert told["reads"]["price"] == read / 1000
    assert f"look-ups: {read} post" in notify("--config", config, "deliveries", number).stdout
    status = notify("--config", config, "status").stdout
    assert re.search(rf"^look-ups on sample-x: {read} posts? read, \$0\.00{read}$", status, re.M)
    assert "look-ups on sample-page" not in status
    summed = json.loads(notify("--config", config, "status", "--json").stdout)["reads"]
    assert summed == {"sample-x": {"read": read, "price": read / 1000}}


def test_promise_5_what_a_look_back_costs_is_said_before_it_is_made(notify: Notify, config: Path) -> None:
    assert "are read" not in notify("--config", config, "once").stderr
    ledger = f"sqlite:///{config.parent / 'spotlight.sqlite3'}"
    run_sql(ledger, "UPDATE channel SET known_until_at = '2026-01-05T09:30:00.000000Z'")
    said = notify("--config", config, "once").stderr
    assert "sample-x: before its next post, its posts since Mon 2026-01-05 04:30 EST are read ($0.001" in said
    assert "sample-page" not in said
