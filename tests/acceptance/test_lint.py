import json
import subprocess
import sys
from pathlib import Path

import pytest

from processes import Notify
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.sandbox.server import Sandbox
from website import Page, Website

GOOD = "Slow it down and keep everyone safe.\n\n#SpotlightOnSafety"
LINK = "https://spotlight.example.org/aids/defusing-difficult-situations"


def test_good_words_end_with_0(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "lint", GOOD)
    assert (done.returncode, done.stdout) == (0, "nothing found\n")


def test_an_error_is_shown_with_its_source_and_ends_with_1(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "lint", "Slow it down. #spotlightonsafety")
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("error hashtag-case: ")]
    assert line.endswith("]")
    assert "section508.gov" in line


def test_warnings_and_hints_end_with_0(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "lint", f"PLEASE UTILIZE THIS NOW. {GOOD}", "--json")
    findings = json.loads(done.stdout)["findings"]
    assert done.returncode == 0
    assert {"warning", "hint"} <= {finding["level"] for finding in findings}
    assert all(set(finding) == {"rule", "level", "message", "source"} for finding in findings)


def test_rules_are_those_of_the_configuration(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text() + '\n[lint]\nignore = ["capitals"]\n')
    done = notify("--config", config, "lint", f"PLEASE READ THIS NOW. {GOOD}")
    assert "capitals" not in done.stdout


def test_words_come_from_stdin(config: Path) -> None:
    command = [sys.executable, "-m", "spotlight_notify", "--config", str(config), "lint", "-"]
    for words, code in ((GOOD.encode(), 0), (b"no hashtag \xff here", 1)):
        done = subprocess.run(command, input=words, capture_output=True, check=False, timeout=60)
        assert done.returncode == code, done.stderr


@pytest.mark.parametrize("said", ["#HeatSafety", "HeatSafety"])
def test_another_hashtag_can_be_asked_for(notify: Notify, config: Path, said: str) -> None:
    words = "Drink water often.\n\n#HeatSafety"
    assert notify("--config", config, "lint", words).returncode == 1
    assert notify("--config", config, "lint", words, "--hashtag", said).returncode == 0


def test_two_campaigns_with_two_hashtags_need_to_be_told_which(notify: Notify, config: Path) -> None:
    second = '\n[campaigns.heat]\nsources = []\nchannels = ["sample-x"]\nhashtag = "#HeatSafety"\n'
    config.write_text(config.read_text() + second)
    done = notify("--config", config, "lint", GOOD)
    assert done.returncode == 2
    assert "#HeatSafety, #SpotlightOnSafety" in done.stderr
    assert notify("--config", config, "lint", GOOD, "--hashtag", "#SpotlightOnSafety").returncode == 0


def test_a_known_aid_is_looked_through_for_each_channel(notify: Notify, config: Path) -> None:
    notify("--config", config, "once")
    done = notify("--config", config, "lint", "--aid", LINK, "--json")
    (entry,) = json.loads(done.stdout)["entries"]
    assert (entry["link"], [post["channel"] for post in entry["posts"]]) == (
        LINK,
        ["sample-x", "sample-page"],
    )
    assert done.returncode == int(any(post["trouble"] for post in entry["posts"]))
    assert "1 looked through" in notify("--config", config, "lint", "--aid", LINK).stdout


def test_a_whole_source_is_looked_through_and_nothing_recorded(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    sandbox.site.publish_titled("A " + "very long " * 30 + "title")
    sandbox.site.publish_titled("READ THIS RIGHT NOW please")
    done = notify("--config", config, "lint", "--feed", "sample-site")
    assert done.returncode == 1, done.stderr
    assert "READ THIS RIGHT NOW please\n  warning capitals: " in done.stdout
    assert "no post: with nothing but what must be in it" in done.stdout
    assert "1 would need a person" in done.stdout
    with open_ledger(load_config(config, {})) as ledger:
        assert ledger.aids() == ()


def test_a_sum_by_rule_for_programs(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    sandbox.site.publish_titled("READ THIS RIGHT NOW please")
    told = json.loads(notify("--config", config, "lint", "--feed", "sample-site", "--json").stdout)
    assert set(told) == {"entries", "rules", "networks", "need_a_person", "more", "warnings"}
    assert {"rule": "capitals", "level": "warning", "entries": 1} in told["rules"]
    assert len(told["entries"]) == len(sandbox.site.entries)


def test_a_database_is_looked_through_too_and_no_further_than_asked(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "lint", "--feed", "sample-database", "--limit", "1", "--json")
    told = json.loads(done.stdout)
    assert (len(told["entries"]), told["more"]) == (1, True)


def test_a_source_that_does_not_answer_is_no_finding(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text().replace("/site/feed.xml", "/site/nothing.xml"))
    done = notify("--config", config, "lint", "--feed", "sample-site")
    assert done.returncode == 69
    assert done.stderr == "source sample-site: the server answered 404 Not Found\n"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ((), 2, "give a TEXT"),
        (("words", "--aid", "1"), 2, "give a TEXT"),
        (("--aid", "1", "--hashtag", "#A"), 2, "--hashtag goes with a TEXT"),
        (("words", "--hashtag", "Foo Bar"), 2, 'after the "#" only letters, digits'),
        (("words", "--hashtag", "#heat"), 2, "begin each word with a capital"),
        (("words", "--hashtag", ""), 2, "--hashtag: after"),
        (("--aid", "nobody"), 1, "no aid nobody is known"),
        (("--feed", "nowhere"), 1, "there is no source nowhere"),
        (("words", "--report", "page.html"), 2, "--report goes with --feed"),
    ],
)
def test_bad_words_get_one_clear_line(
    notify: Notify, config: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    done = notify("--config", config, "lint", *words)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


FEED = b"""<rss version="2.0"><channel><title>Valor</title><link>https://valor.example.org/</link><item>
<title>Keep calm</title><link>https://valor.example.org/aids/1</link><guid>1</guid>
<description>Slow down.</description>
<enclosure url="https://valor.example.org/a.png" type="image/png" length="9"/></item></channel></rss>"""


@pytest.mark.parametrize("address", ["https://valor.example.org/a.png", "https://valor.example.org/aids/1"])
def test_a_source_is_looked_through_with_the_configurations_words_for_pictures(
    notify: Notify, config: Path, sandbox: Sandbox, address: str
) -> None:
    with Website() as site:
        feed = site.put("/feed.xml", Page(body=FEED, headers={"Content-Type": "application/rss+xml"}))
        wordless = config.read_text().replace(sandbox.feed_url, feed)
        config.write_text(wordless)
        assert "nobody gives words" in notify("--config", config, "lint", "--feed", "sample-site").stdout
        words = f'[alt_texts]\n"{address}" = "Blue poster with a badge."\n'
        config.write_text(wordless.replace("[alt_texts]\n", words))
        done = notify("--config", config, "lint", "--feed", "sample-site")
        assert "1 looked through" in done.stdout, done.stderr
        assert "nobody gives words" not in done.stdout
        assert {asked.path for asked in site.asked} == {"/feed.xml"}


def test_feeds_in_files_are_looked_through_and_drawn_on_a_page(
    notify: Notify, config: Path, tmp_path: Path
) -> None:
    calm, test = tmp_path / "calm.xml", tmp_path / "test.xml"
    calm.write_bytes(FEED)
    test.write_bytes(FEED.replace(b"Keep calm", b"TEST - please ignore <b>"))
    page = tmp_path / "page.html"
    words = ("--feed", str(calm), "--feed", str(test), "--report", str(page))
    done = notify("--config", config, "lint", *words)
    assert done.returncode == 1, done.stderr
    assert [
        line.split() for line in done.stdout.splitlines() if line.startswith(("NETWORK", "X ", "Face"))
    ] == [
        ["NETWORK", "POSTS", "ASKED", "OVER", "CUT", "WHOLE", "WARNED"],
        ["X", "2", "1", "0", "0", "1", "2"],
        ["Facebook", "2", "1", "0", "0", "1", "2"],
    ]
    drawn = page.read_text(encoding="utf-8")
    assert drawn.index('id="asked"') < drawn.index("TEST - please ignore") < drawn.index('id="whole"')
    assert "Slow down." in drawn
    foreign = tmp_path / "mine.html"
    foreign.write_text("my own page")
    done = notify("--config", config, "lint", "--feed", str(calm), "--report", str(foreign))
    assert (done.returncode, foreign.read_text()) == (73, "my own page")


def test_a_file_that_is_no_feed_is_said(notify: Notify, config: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("no feed")
    done = notify("--config", config, "lint", "--feed", str(words))
    assert (done.returncode, "Traceback" in done.stderr) == (69, False)
    assert str(words) in done.stderr


def test_posts_of_any_feeds_are_counted_by_one_command(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(FEED)
    script = Path(__file__).parents[2] / "scripts" / "posts.py"
    done = subprocess.run([sys.executable, script, feed], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 looked through, 0 would need a person" in done.stdout
