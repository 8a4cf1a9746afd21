"""Type commands as people do, and read what comes back as programs do."""

import json
from pathlib import Path

import pytest

from processes import Notify

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
WHY = ("--reason", "told so", "--by", "Desk 4")


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("deliveries", "show", "1"),
        ("deliveries", "1"),
        ("source", "list"),
        ("hold", *WHY),
        ("config", "check"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
@pytest.mark.parametrize("option", ["-c", "--config"])
def test_command_line_10_general_options_stand_behind_a_command_too(
    notify: Notify, config: Path, words: tuple[str, ...], option: str
) -> None:
    away = config.with_name("elsewhere.toml")
    config.rename(away)
    notify("--config", away, "announce", *NEW, "--to", "sample-x")
    assert notify(*words, option, away).returncode == 0
    missing = notify(*words, option, "nowhere.toml")
    assert (missing.returncode, missing.stderr.startswith("nowhere.toml: there is no such file")) == (
        78,
        True,
    )


def test_command_line_10_quiet_stands_behind_a_command_too(notify: Notify, config: Path) -> None:
    assert "nothing has been recorded yet" in notify("status", "-c", config).stderr
    assert notify("status", "-c", config, "-q").stderr == ""


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("anounce", "4"), "Did you mean 'announce'?"),
        (("statsu",), "Did you mean 'status'?"),
        (("delivery", "4"), "Did you mean 'deliveries'?"),
        (("source", "acept", "site"), "Did you mean 'accept'?"),
        (("deliveries", "retri", "4"), "Did you mean 'retry'?"),
        (("status", "--jsn"), "Did you mean '--json'?"),
    ],
)
def test_command_line_10_what_was_mistyped_comes_with_what_may_be_meant(
    notify: Notify, words: tuple[str, ...], meant: str
) -> None:
    done = notify(*words)
    assert (done.returncode, meant in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("name", ["deliveries", "aids", "holds", "source", "channel"])
def test_command_line_10_lists_are_listed_with_and_without_the_word(
    notify: Notify, config: Path, name: str
) -> None:
    notify("--config", config, "announce", *NEW, "--to", "sample-x")
    notify("--config", config, "hold", *WHY)
    bare, listed = (
        json.loads(notify("--config", config, *words, "--json").stdout) for words in ((name,), (name, "list"))
    )
    assert bare
    assert set(listed) == set(bare)
    assert "Usage" in notify(name, "--help").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("deliveries", "--campaign", "nope"), "there is no campaign nope; there is: spotlight-on-safety"),
        (("deliveries", "--channel", "nope"), "there is no channel nope; there is: sample-page, sample-x"),
        (("aids", "--source", "nope"), "there is no source nope; there is: "),
    ],
)
def test_command_line_10_a_name_that_nothing_has_comes_with_those_there_are(
    notify: Notify, config: Path, words: tuple[str, ...], says: str
) -> None:
    notify("--config", config, "announce", *NEW)
    done = notify("--config", config, *words)
    assert (done.returncode, done.stdout, says in done.stderr) == (1, "", True), done.stderr


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("deliveries", "99", "--json"), "unknown-name", 1),
        (("takedown", "99", *WHY, "--json"), "unknown-name", 1),
        (("reject", "1", *WHY, "--json"), "refused", 1),
        (("status", "--json", "-c", "nowhere.toml"), "config-error", 78),
        (("status", "--json", "--nope"), "usage", 2),
        (("reject", "1", "--json"), "usage", 2),
        (("nope", "--json"), "usage", 2),
        (("source", "baseline", "nope", *WHY, "--json"), "unknown-name", 1),
        (("plan", "--json", "plan.csv"), "plan", 1),
    ],
    ids=lambda words: " ".join(words[:2]) if isinstance(words, tuple) else str(words),
)
def test_command_line_9_an_error_is_one_object_for_programs(
    notify: Notify, config: Path, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    config.with_name("plan.csv").write_text("at,aid\n2027-01-01 09:00,unknown\n")
    notify("--config", config, "announce", *NEW, "--to", "sample-x")
    done = notify("--config", config, *words)
    told = json.loads(done.stdout)
    assert (sorted(told), told["code"], told["exit"]) == (["code", "exit", "message"], code, exit_code)
    assert done.returncode == exit_code
    assert told["message"] in done.stderr


def test_command_line_9_what_was_printed_already_stays_the_only_object(notify: Notify, config: Path) -> None:
    config.write_text(config.read_text().replace("/site/feed.xml", "/site/nothing.xml"))
    done = notify("--config", config, "once", "--json")
    assert done.returncode == 69
    assert "polls" in json.loads(done.stdout)


def test_command_line_9_without_json_nothing_stands_on_stdout(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "deliveries", "99")
    assert (done.returncode, done.stdout) == (1, "")
