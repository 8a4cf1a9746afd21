"""Give commands beside a service whose secrets this person cannot have."""

import json
import re
from pathlib import Path

import pytest

from processes import Notify, until
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
WHY = ("--reason", "told so", "--by", "Desk 4")
APPROVAL = "\n[campaigns.spotlight-on-safety.approval]\neverything = true\n"
TOKEN = re.compile(r'^(\w+_(?:key|secret|token)\w*) = "[^"]+"$', re.MULTILINE)
ADDRESS = re.compile(r'^(url|page_id) = "(?!sqlite:///spotlight)([^"]+)"$', re.MULTILINE)


@pytest.fixture
def bare(notify: Notify, config: Path) -> Path:
    """Let two posts await approval, then write a configuration whose every secret is out of reach."""
    config.write_text(config.read_text() + APPROVAL)
    assert notify("--config", config, "once").returncode == 0
    notify("--config", config, "announce", *NEW)
    away = config.with_name("away.toml")
    text = TOKEN.sub(r'\1 = "${credential:\1}"', config.read_text())
    away.write_text(ADDRESS.sub(r'\1 = "${NOT_SET}"', text))
    assert text.count("credential") == 5
    return away


COMMANDS = (
    ("status",),
    ("aids",),
    ("deliveries",),
    ("deliveries", "1"),
    ("explain", "--delivery", "1"),
    ("source", "list"),
    ("channel", "list"),
    ("channel", "pause", "sample-x", *WHY),
    ("approve", "1"),
    ("reject", "2", *WHY),
    ("edit", "1", "--text", "Calm. https://www.valorforblue.org/keep-calm #SpotlightOnSafety", *WHY),
    ("deliveries", "cancel", "1", *WHY),
    ("source", "baseline", "sample-site", *WHY),
    ("hold", *WHY),
    ("holds",),
    ("lint", "Keep calm. #SpotlightOnSafety"),
    ("preview", *NEW),
    ("announce", *NEW, "--dry-run"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_command_line_4_what_needs_no_token_needs_no_secret(
    notify: Notify, bare: Path, words: tuple[str, ...]
) -> None:
    done = notify("--config", bare, *words)
    assert done.returncode == 0, done.stderr
    assert "credential" not in done.stderr
    assert "mistake" not in done.stderr


def test_command_line_4_what_talks_to_a_network_says_which_secret_is_missing(
    notify: Notify, bare: Path
) -> None:
    for words in (("once",), ("resolve",), ("takedown", "1", *WHY), ("channel", "resume", "sample-x")):
        done = notify("--config", bare, *words)
        assert done.returncode == 78
        assert "the credential consumer_key needs systemd's LoadCredential" in done.stderr


def test_command_line_4_a_source_whose_address_is_not_known_has_not_moved(
    notify: Notify, bare: Path, config: Path, sandbox: Sandbox
) -> None:
    before = sources(notify, config)
    notify("--config", bare, "approve", "1", "2")
    assert sources(notify, bare) == before
    sandbox.site.publish_next(1)
    until(lambda: notify("--config", config, "once").returncode == 0 and deliveries(notify, bare) == 4)


def deliveries(notify: Notify, config: Path) -> int:
    return len(json.loads(notify("--config", config, "deliveries", "--json").stdout)["deliveries"])


def sources(notify: Notify, config: Path) -> list[tuple[str, str]]:
    listed = json.loads(notify("--config", config, "source", "list", "--json").stdout)["sources"]
    return [(each["name"], each["baseline_at"]) for each in listed]


def test_command_line_4_other_mistakes_and_the_ledgers_own_secret_are_told_all_the_same(
    notify: Notify, bare: Path
) -> None:
    right = bare.read_text()
    bare.write_text(right.replace('hashtag = "', 'hashtag = "not one tag '))
    wrong = notify("--config", bare, "status")
    assert (wrong.returncode, "credential" in wrong.stderr) == (78, False)
    bare.write_text(
        f'{right}\n[ledger]\nurl = "sqlite:///${{NOT_SET}}"\n'.replace(
            '\n[ledger]\nurl = "sqlite:///spotlight.sqlite3"', ""
        )
    )
    assert "NOT_SET is not set" in notify("--config", bare, "status").stderr
