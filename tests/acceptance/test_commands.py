import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from processes import SECONDS, Notify, run_fresh, start_daemon, until
from spotlight_notify.app.chance import clock
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.server import Sandbox

PATIENCE = '\n[delivery]\nbackoff_base = "1s"\nlooks_apart = "1s"\n'
NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")


def counts(config: Path) -> dict[State, int]:
    with open_ledger(load_config(config, {})) as ledger:
        return ledger.counts()


def found_new(told: str) -> bool:
    return any(poll["new"] for poll in json.loads(told)["polls"])


def test_once_twice_and_the_readers(notify: Notify, config: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    first = notify("--config", config, "once", "--json")
    assert first.returncode == 0, first.stderr
    assert sum(poll["baseline"] for poll in json.loads(first.stdout)["polls"]) > 0
    sandbox.site.publish_next(3)
    until(lambda: found_new(notify("--config", config, "once", "--json").stdout))
    status = json.loads(notify("--config", config, "status", "--json").stdout)
    assert status["deliveries"] == {"sent": 6}
    assert [c["name"] for c in status["channels"]] == ["sample-page", "sample-x"]
    listed = json.loads(notify("--config", config, "deliveries", "--channel", "sample-x", "--json").stdout)
    assert [d["receipt"]["post_id"] for d in reversed(listed["deliveries"])] == [
        p.id for p in sandbox.x.posts
    ]
    number = str(listed["deliveries"][0]["id"])
    one = json.loads(notify("--config", config, "deliveries", number, "--json").stdout)
    assert [a["outcome"] for a in one["attempts"]] == ["sent"]
    aids = json.loads(notify("--config", config, "aids", "--json").stdout)["aids"]
    assert sum(not known["baseline"] for known in aids) == 3


def test_the_daemon_announces_within_seconds_and_stops_in_good_order(config: Path, sandbox: Sandbox) -> None:
    with start_daemon(config) as running:
        until(lambda: config.with_name("spotlight.sqlite3").exists())
        until(lambda: _baselines(config) == 2)
        sandbox.site.publish_next(1)
        until(lambda: len(sandbox.x.posts) == len(sandbox.graph.posts) == 1)
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=SECONDS)
    assert running.returncode == 0
    events = [json.loads(line)["event"] for line in errors.splitlines()]
    assert events[0] == "started"
    assert events[-1] == "stopped"
    assert "delivery settled" in events
    assert counts(config) == {State.SENT: 2}


def _baselines(config: Path) -> int:
    with open_ledger(load_config(config, {})) as ledger:
        return sum(1 for source in ledger.sources() if source.baseline_at)


def test_announce_sends_at_once_and_never_again(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    first = notify("--config", config, "announce", *NEW, "--json")
    assert first.returncode == 0, first.stderr
    ends = json.loads(first.stdout)["announced"]
    assert [(end["channel"], end["state"]) for end in ends] == [("sample-x", "sent"), ("sample-page", "sent")]
    again = notify("--config", config, "announce", *NEW)
    assert again.returncode == 0
    assert len(sandbox.x.posts) == len(sandbox.graph.posts) == 1


def test_announce_at_waits_and_a_dry_run_leaves_nothing(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    dry = notify("--config", config, "announce", *NEW, "--dry-run")
    assert "#SpotlightOnSafety" in dry.stdout
    assert counts(config) == {}
    day = f"{clock().year + 1}-12-01"
    later = notify("--config", config, "announce", *NEW, "--at", f"{day} 09:00", "--to", "sample-x")
    assert f"{day} 09:00 EST" in later.stdout
    assert counts(config) == {State.PENDING: 1}
    assert not sandbox.x.posts


def test_preview_shows_each_networks_post(notify: Notify, config: Path) -> None:
    shown = json.loads(notify("--config", config, "preview", *NEW, "--json").stdout)["posts"]
    assert [(p["channel"], p["limit"]) for p in shown] == [("sample-x", 280), ("sample-page", 63206)]
    assert all(NEW[3] in post["text"] for post in shown)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("announce", "no-such-aid"), 1, "no aid no-such-aid is known"),
        (("announce", *NEW, "--to", "mastodon"), 1, "no channel mastodon"),
        (("announce",), 2, "--title and --url"),
        (("announce", "--title", "x", "--url", "javascript:alert(1)"), 2, "no whole http(s) link"),
        (("announce", *NEW, "--at", "whenever"), 2, "is no time"),
        (("announce", *NEW, "--at", "2027-03-14 02:30"), 2, "does not exist"),
        (("announce", *NEW, "--at", "2020-01-01 09:00"), 1, "has passed"),
        (("announce", *NEW, "--image", "https://x.org/a.png"), 2, "--alt"),
        (("deliveries", "99"), 1, "99"),
        (("deliveries", "--channel", "mastodon"), 1, "there is no channel mastodon"),
        (("aids", "--source", "nowhere"), 1, "there is no source nowhere"),
        (("channel", "resume", "mastodon"), 1, "no channel mastodon"),
        (("announce", "--title", " ", "--url", "https://a.org/"), 2, "--title and --url"),
        (("deliveries", "--state", "gone"), 2, "gone"),
    ],
)
def test_bad_words_get_one_clear_line(
    notify: Notify, config: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    done = notify("--config", config, *words)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert counts(config) == {}


def test_a_configuration_that_is_wrong_in_three_places(notify: Notify, config: Path) -> None:
    text = config.read_text()
    text = text.replace('network = "x"', 'network = "y"').replace('every = "2s"', 'every = "soon"', 1)
    config.write_text(text.replace('timezone = "America/New_York"', 'timezone = "America/Valor"'))
    done = notify("--config", config, "config", "check")
    assert done.returncode == 78
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    for line in lines:
        number = int(line.split(":")[1])
        assert any(wrong in config.read_text().splitlines()[number - 1] for wrong in ('"y"', "soon", "Valor"))


def test_mistakes_in_templates_are_told_together_with_the_configurations(
    notify: Notify, config: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "x.j2").write_text("{{ title[:20] }} {{ link }} {{ hashtag }}")
    (folder / "facebook.j2").write_text("{{ title }}\n{{ link }} {{ hashtagg }}")
    (folder / "facebook.poster.j2").write_text('{% extends "gone.j2" %}')
    (folder / "x.toml").write_text("drop = [")
    config.write_text(config.read_text() + '\n[templates]\nfolder = "./posts"\n')
    alone = notify("--config", config, "config", "check")
    assert alone.returncode == 78
    assert [line.partition(": ")[0] for line in alone.stderr.splitlines()] == [
        "./posts/facebook.j2:2",
        "./posts/facebook.poster.j2:1",
        "./posts/x.j2",
        "./posts/x.toml:1",
    ]
    config.write_text(config.read_text().replace('network = "x"', 'network = "y"'))
    both = notify("--config", config, "config", "check")
    assert both.returncode == 78
    assert [
        line for line in both.stderr.splitlines() if line.startswith("./posts/")
    ] == alone.stderr.splitlines()
    assert len(both.stderr.splitlines()) == 5
    assert 'must be "x" or "facebook"' in both.stderr


def test_no_configuration_and_a_good_one(notify: Notify, config: Path) -> None:
    missing = notify("--config", "nowhere.toml", "status")
    assert missing.returncode == 78
    assert "nowhere.toml" in missing.stderr
    assert notify("--config", config, "config", "check").returncode == 0


def test_init_writes_a_configuration_once(notify: Notify, tmp_path: Path) -> None:
    first = notify("init", "here", "--templates")
    assert first.returncode == 0, first.stderr
    written = tmp_path / "here" / "spotlight.toml"
    assert "[campaigns." in written.read_text()
    assert (tmp_path / "here" / "templates" / "posts" / "x.j2").exists()
    written.write_text("mine")
    assert "kept" in notify("init", "here").stdout
    assert written.read_text() == "mine"


def test_two_daemons_on_one_file(notify: Notify, config: Path) -> None:
    with start_daemon(config) as running:
        assert running.stderr is not None
        running.stderr.readline()
        second = notify("--config", config, "run")
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=SECONDS)
    assert second.returncode == 75
    assert f"process {running.pid}" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_a_lost_answer_is_looked_up_and_settled_with_the_real_id(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    sandbox.x.faults.add("lost-answer")
    sandbox.graph.faults.add("500-live")
    done = notify("--config", config, "announce", *NEW)
    assert done.returncode == 3
    assert done.stdout.count("unsure") == 2
    assert notify("--config", config, "announce", *NEW).returncode == 3
    resolved = notify("--config", config, "resolve")
    assert resolved.returncode == 0, resolved.stdout
    assert "none is unsure" in resolved.stdout
    listed = json.loads(notify("--config", config, "deliveries", "--json").stdout)["deliveries"]
    live = {post.id for post in (*sandbox.x.posts, *sandbox.graph.posts)}
    assert {d["receipt"]["post_id"] for d in listed} == live
    assert len(live) == 2


def test_what_is_proven_absent_is_sent_again_once(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    config.write_text(config.read_text() + '\n[delivery]\nlooks_apart = "1s"\n')
    sandbox.x.faults.add("html-503")
    assert notify("--config", config, "announce", *NEW, "--to", "sample-x").returncode == 3
    until(lambda: notify("--config", config, "once").returncode == 0 and len(sandbox.x.posts) == 1)
    assert counts(config) == {State.SENT: 1}


def test_a_look_up_that_fails_changes_nothing_and_says_why(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    sandbox.x.faults.add("lost-answer")
    notify("--config", config, "announce", *NEW, "--to", "sample-x")
    sandbox.x.faults.add("html-503", on=Step.READ, times=5)
    failed = notify("--config", config, "resolve")
    assert failed.returncode == 3
    assert "the look-up failed" in failed.stdout
    assert counts(config) == {State.UNSURE: 1}


def test_a_person_decides_and_it_goes_on_record(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    sandbox.x.faults.add("lost-answer")
    notify("--config", config, "announce", *NEW, "--to", "sample-x")
    why = ("--reason", "seen it", "--by", "Desk 4")
    wrong = notify("--config", config, "deliveries", "cancel", "1", *why)
    assert wrong.returncode == 1
    assert "delivery 1 is unsure" in wrong.stderr
    url = f"https://x.com/i/web/status/{sandbox.x.posts[0].id}"
    assert notify("--config", config, "deliveries", "mark-sent", "1", "--url", url, *why).returncode == 0
    assert counts(config) == {State.SENT: 1}
    assert url in notify("--config", config, "deliveries", "1").stdout
    with open_ledger(load_config(config, {})) as ledger:
        decided, ordered = ledger.changes()
    assert (decided.who, decided.reason, ordered.action) == ("Desk 4", "seen it", "ordered")


def test_no_secret_appears_anywhere(config: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    from spotlight_notify.config.configuration import secrets_of

    secrets = secrets_of(load_config(config, {}))
    sandbox.x.faults.add("dead-token")
    sandbox.graph.faults.add("html-503")
    told = [
        run_fresh(tmp_path, "--config", config, *words)
        for words in (("once",), ("announce", *NEW), ("status", "--json"))
    ]
    said = "".join(done.stdout + done.stderr for done in told)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("spotlight.sqlite3*"))
    assert secrets
    assert not [s for s in secrets if s in said or s.encode() in kept]


def test_a_folder_that_cannot_be_written(notify: Notify, config: Path) -> None:
    config.write_text(
        config.read_text().replace("sqlite:///spotlight.sqlite3", "sqlite:////proc/none/l.sqlite3")
    )
    done = notify("--config", config, "status")
    assert done.returncode == 74
    assert len(done.stderr.splitlines()) == 1
    assert stat.S_ISREG(config.stat().st_mode)


def test_a_refused_token_ends_with_4_and_the_channel_waits_until_it_is_resumed(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    config.write_text(config.read_text() + PATIENCE)
    sandbox.x.faults.add("checkpoint")
    refused = notify("--config", config, "announce", *NEW, "--to", "sample-x")
    assert refused.returncode == 4
    assert "channel is paused" in refused.stdout
    assert notify("--config", config, "announce", *NEW, "--to", "sample-x").returncode == 3
    assert "paused since" in notify("--config", config, "channel", "list").stdout
    resumed = notify("--config", config, "channel", "resume", "sample-x")
    assert resumed.stdout == "sample-x goes on as @valor_sandbox\n"
    until(lambda: notify("--config", config, "once").returncode == 0 and len(sandbox.x.posts) == 1)


def test_once_tells_a_refused_token_too(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    notify("--config", config, "once")
    sandbox.site.publish_next(1)
    sandbox.graph.faults.add("dead-token")
    until(lambda: notify("--config", config, "once").returncode == 4)
    assert counts(config) == {State.PENDING: 1, State.SENT: 1}


def test_a_paused_channel_sends_nothing(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    paused = notify("--config", config, "channel", "pause", "sample-x", "--reason", "critical incident")
    assert paused.returncode == 0
    done = notify("--config", config, "announce", *NEW)
    assert "critical incident" in done.stdout
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (0, 1)


def test_a_source_that_does_not_answer_ends_with_69(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    config.write_text(config.read_text().replace("/site/feed.xml", "/site/nothing.xml"))
    done = notify("--config", config, "--quiet", "once")
    assert done.returncode == 69
    assert done.stderr == "source sample-site: the server answered 404 Not Found\n"


def test_what_programs_read_is_json_without_inner_words(notify: Notify, config: Path) -> None:
    notify("--config", config, "once")
    assert json.loads(notify("--config", config, "config", "check", "--json").stdout)["channels"]
    status = json.loads(notify("--config", config, "status", "--json").stdout)
    assert [source["name"] for source in status["sources"]] == ["sample-database", "sample-site"]
    assert all("cursor" not in source for source in status["sources"])


def test_an_interrupted_send_is_finished_and_recorded(config: Path, sandbox: Sandbox) -> None:
    sandbox.x.faults.add("slow-answer")
    words = [sys.executable, "-m", "spotlight_notify", "--config", str(config), "announce", *NEW]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as announcing:
        until(lambda: len(sandbox.x.posts) == 1)
        announcing.send_signal(signal.SIGTERM)
        announcing.communicate(timeout=SECONDS)
    assert counts(config)[State.SENT] == 1
    assert len(sandbox.x.posts) == 1


def test_two_phases_leave_one_post_when_the_first_answer_or_the_second_is_lost(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    page = f'page_id = "{sandbox.page_id}"'
    config.write_text(config.read_text().replace(page, f"{page}\ntwo_phase = true") + PATIENCE)
    sandbox.graph.faults.add("lost-answer", on=Step.PREPARE)
    sandbox.graph.faults.add("lost-answer")
    notify("--config", config, "announce", *NEW, "--to", "sample-page")
    until(lambda: notify("--config", config, "once").returncode == 0 and counts(config) == {State.SENT: 1})
    (post,) = sandbox.graph.posts
    listed = json.loads(notify("--config", config, "deliveries", "--json").stdout)["deliveries"]
    assert [d["receipt"]["post_id"] for d in listed] == [post.id]
