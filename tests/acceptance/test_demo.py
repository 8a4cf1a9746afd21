import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ledgers import run_sql
from processes import SECONDS, Notify, hearing_ctrl_c
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.weights import weight

AIDS = "https://spotlight.example.org/aids"


def test_the_demo_announces_the_same_aids_with_pictures_on_both_networks(notify: Notify) -> None:
    done = notify("demo", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert_pictures_have_alt_text(shown["posts"])
    by_channel = {
        name: [post for post in shown["posts"] if post["channel"] == name]
        for name in ("sample-x", "sample-page")
    }
    assert shown["deliveries"] == {"sent": 8}
    assert shown["baseline"] > 0
    assert {p["link"] for p in by_channel["sample-x"]} == {p["link"] for p in by_channel["sample-page"]}
    assert [len(posts) for posts in by_channel.values()] == [4, 4]
    assert all(
        "SpotlightOnSafety" in [h.text.lstrip("#") for h in hashtags(p["text"])] for p in shown["posts"]
    )
    assert all(0 < weight(post["text"]) <= 280 for post in by_channel["sample-x"])
    assert all(p["link"] in p["text"] for p in shown["posts"])
    assert len({post["id"] for post in shown["posts"]}) == 8


def assert_pictures_have_alt_text(posts: list[dict[str, Any]]) -> None:
    pictured = [post for post in posts if post["images"]]
    assert {post["channel"] for post in pictured} == {"sample-x", "sample-page"}
    assert all(image["alt"] for post in pictured for image in post["images"])


def test_the_demo_tells_a_person_what_was_posted(notify: Notify) -> None:
    done = notify("demo")
    assert done.returncode == 0
    assert done.stdout.count("#SpotlightOnSafety") == 8
    assert "8 sent" in done.stdout
    assert "none is announced" in done.stderr


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[str]:
    """Run ``sandbox`` on a free port, and give the address of its page; Ctrl-C ends it."""
    command = [sys.executable, "-m", "spotlight_notify", "sandbox", "--port", "0", *words]
    with hearing_ctrl_c():
        running = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    with running:
        try:
            assert running.stderr is not None
            said = running.stderr.readline() + running.stderr.readline()
            found = re.search(r"^open:  (\S+)", said, re.MULTILINE)
            assert found, said
            yield found[1]
        finally:
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=SECONDS)


@pytest.mark.parametrize("faults", [(), ("--faults", ""), ("--faults", "x publish: lost-answer")])
def test_the_sandbox_serves_its_page_with_faults_and_without(tmp_path: Path, faults: tuple[str, ...]) -> None:
    with serving(tmp_path, "--folder", "new", *faults) as url:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            assert answer.status == 200
            assert b"SpotlightOnSafety" in answer.read()
        assert (tmp_path / "new").is_dir()


def test_a_sandbox_that_cannot_start_leaves_no_folder_behind(notify: Notify, tmp_path: Path) -> None:
    wrong = notify("sandbox", "--port", "0", "--folder", "new", "--faults", "x publish: no-such-fault")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = notify("sandbox", "--port", port, "--folder", "new")
    for done in (wrong, busy):
        assert done.returncode not in (0, None)
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_command_line_17_a_sandbox_goes_on_in_its_folder(notify: Notify, tmp_path: Path) -> None:
    config = tmp_path / "mine" / "spotlight.toml"
    new = ("--title", "Polis Solutions Today", "--url", f"{AIDS}/polis-solutions")
    with serving(tmp_path, "--folder", "mine") as first:
        assert notify("-c", config, "once").returncode == 0
        assert notify("-c", config, "announce", *new).returncode == 0
    known = json.loads(notify("-c", config, "deliveries", "--json").stdout)["deliveries"]
    rows = run_sql(f"sqlite:///{tmp_path / 'mine' / 'aids.sqlite3'}", "SELECT * FROM digital_aids")
    port = urlsplit(first).port
    for port_again, slug in (
        (str(port), "task-force-21st-century-policing"),
        ("0", "improving-police-response-mental-illness"),
    ):
        with serving(tmp_path, "--folder", "mine", "--port", port_again) as again:
            assert notify("-c", config, "announce", *new).returncode == 0
            other = ("--title", f"Aid on port {port_again}", "--url", f"{AIDS}/{slug}")
            assert notify("-c", config, "announce", *other).returncode == 0
            listed = json.loads(notify("-c", config, "deliveries", "--json").stdout)["deliveries"]
            assert [each for each in listed if each["id"] <= len(known)] == known
            ids = [each["receipt"]["post_id"] for each in listed]
            assert len(ids) == len(set(ids))
            assert {post["id"] for post in shown(again)} == set(ids)
    assert run_sql(f"sqlite:///{tmp_path / 'mine' / 'aids.sqlite3'}", "SELECT * FROM digital_aids") == rows


def shown(url: str) -> list[dict[str, Any]]:
    """Return the posts that a follower sees."""
    with urllib.request.urlopen(f"{url}/posts.json", timeout=SECONDS) as answer:
        found: list[dict[str, Any]] = json.load(answer)["posts"]
    return found


def test_command_line_17_a_folder_with_something_else_in_it_is_left_alone(
    notify: Notify, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear")
    refused = notify("sandbox", "--port", "0", "--folder", "mine")
    assert refused.returncode == 73
    assert "name a new folder" in refused.stderr
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["letter.txt"]
