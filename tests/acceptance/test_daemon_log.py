"""What an operator reads in the daemon's log."""

import json
import logging
from pathlib import Path

from processes import SECONDS, Notify, start_daemon, until
from spotlight_notify import __version__
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.worker.logs import _is_no_overlap


def test_command_line_13_the_log_tells_the_start_what_was_posted_and_who_acted(
    notify: Notify, config: Path
) -> None:
    notify("-c", config, "once")
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        started = json.loads(daemon.stderr.readline())
        notify(
            "-c",
            config,
            "hold",
            "--reason",
            "an incident",
            "--by",
            "Ada",
            "--scope",
            "theme:Other",
            "--unknown-theme",
        )
        notify("-c", config, "channel", "pause", "sample-page", "--reason", "a mistake", "--by", "Grace")
        lines = [started]
        while not any(line.get("action") == "paused" for line in lines):
            lines.append(json.loads(daemon.stderr.readline()))
        daemon.terminate()
        _, said = daemon.communicate(timeout=SECONDS)
        lines += map(json.loads, said.splitlines())
    assert started["version"] == __version__
    assert started["ledger"] == str(config.with_name("spotlight.sqlite3"))
    acts = [(each["action"], each["who"]) for each in lines if each["event"] == "person acted"]
    assert ("placed", "Ada") in acts
    assert ("paused", "Grace") in acts
    assert not [each for each in lines if "apscheduler" in str(each)]


def test_command_line_13_of_a_post_the_log_tells_aid_title_link_and_address(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    notify("-c", config, "once")
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        daemon.stderr.readline()
        (published,) = sandbox.site.publish_next(1)
        until(lambda: len(sandbox.x.posts) == len(sandbox.graph.posts) == 1)
        lines: list[dict[str, object]] = []
        while sum(line["event"] == "delivery settled" for line in lines) < 2:
            lines.append(json.loads(daemon.stderr.readline()))
    for each in (line for line in lines if line["event"] == "delivery settled"):
        assert isinstance(each["aid"], int)
        assert each["title"] == published.aid.title
        assert str(each["link"]).startswith(published.link)
        assert str(each["address"]).startswith("http")


def test_command_line_13_a_beat_left_out_is_for_debugging_alone() -> None:
    words = 'Execution of job "%s" skipped: maximum number of running instances reached (%d)'
    record = logging.LogRecord("apscheduler.scheduler", logging.WARNING, "", 0, words, ("tick", 1), None)
    assert not _is_no_overlap(record)
    other = logging.LogRecord("apscheduler.scheduler", logging.WARNING, "", 0, "all else", (), None)
    assert _is_no_overlap(other)
