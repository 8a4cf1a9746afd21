"""A year that cannot be meant is refused, an hour that comes twice is told, a missing pace is noted."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from processes import Notify
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger

NEW = ("--title", "Keep Calm", "--url", "https://www.valorforblue.org/keep-calm", "--to", "sample-x")
FAR = "Fri 2226-12-01 09:00 EST is more than two years ahead (is that year right?)"
NOVEMBER = date(datetime.now(UTC).year + 1, 11, 1)
BACK = NOVEMBER + timedelta(days=6 - NOVEMBER.weekday())
"""The clocks go back on the first Sunday of November."""
UNPACED = (
    "spotlight-on-safety has no gap and no cap on sample-x and sample-page: what waits goes out all at once"
)


def no_deliveries(config: Path) -> bool:
    with open_ledger(load_config(config, {})) as ledger:
        return not ledger.deliveries()


def test_an_order_for_another_century_is_refused(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "announce", *NEW, "--at", "2226-12-01 09:00")
    assert (done.returncode, done.stderr) == (1, f"{FAR}; leave out --at to announce now\n")
    assert no_deliveries(config)


def test_a_plan_for_another_century_is_refused(notify: Notify, config: Path) -> None:
    plan = config.with_name("plan.csv")
    plan.write_text(f"at,title,url\n2226-12-01 09:00,Keep Calm,{NEW[3]}\n")
    done = notify("--config", config, "plan", plan)
    assert done.returncode != 0
    assert f"{plan}:2: {FAR}" in done.stderr
    assert no_deliveries(config)


def test_a_retry_in_another_century_is_refused(notify: Notify, config: Path) -> None:
    notify("--config", config, "hold", "--reason", "incident")
    notify("--config", config, "announce", *NEW)
    why = ("--reason", "over")
    assert notify("--config", config, "deliveries", "cancel", "1", *why).returncode == 0
    done = notify("--config", config, "deliveries", "retry", "1", *why, "--at", "2226-12-01 09:00")
    assert done.returncode == 2
    assert f"--at: {FAR}; leave it out to send it now" in done.stderr
    again = notify("--config", config, "deliveries", "retry", "1", *why, "--at", f"{BACK} 01:30")
    assert again.returncode == 0, again.stderr


def test_an_hour_that_comes_twice_is_told(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "announce", *NEW, "--at", f"{BACK} 01:30")
    assert f"goes out Sun {BACK} 01:30 EDT (the first 01:30 of two)" in done.stdout


def test_a_check_notes_a_programme_without_a_pace(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "config", "check")
    assert (done.returncode, done.stdout.splitlines()[2:]) == (0, [f"note: {UNPACED}"])
    assert json.loads(notify("--config", config, "config", "check", "--json").stdout)["notes"] == [UNPACED]
    config.write_text(config.read_text() + '\n[campaigns.spotlight-on-safety.hours]\ngap = "15m"\n')
    assert "note:" not in notify("--config", config, "config", "check").stdout
