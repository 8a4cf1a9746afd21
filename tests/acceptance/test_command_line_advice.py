"""Type the commands that people are told to type, just as they are printed."""

import ast
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import spotlight_notify
from processes import Notify
from spotlight_notify.cli.commands_to_type import command, worded
from spotlight_notify.model.advice import Deed, do
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.posts import Finding, Post, Receipt
from spotlight_notify.model.records.orders import Hold, Takedown
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, SourceStatus
from spotlight_notify.model.words import Cause, Level, ScopeKind, State
from spotlight_notify.networks.x.traits import X
from spotlight_notify.rules.explain.explain import explain
from spotlight_notify.rules.explain.explanations import DeliveryFacts, SourceFacts

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = (
    "|".join(
        (
            "deliveries",
            "approve",
            "edit",
            "reject",
            "resume",
            "resolve",
            "channel",
            "source",
            "takedown",
            "announce",
        )
    )
    + "|follow-up|rename"
)
COMMAND = re.compile(rf": ((?:{WORDS}) [^;]*?)(?=;|\.?$)")
"""What stands behind a colon, up to a semicolon or the end."""

SUBJECTS: dict[Deed, tuple[int | str, ...]] = {
    Deed.ANNOUNCE_THEME: ("Officer Wellness",),
    Deed.RENAME: ("channel", "sample-x", "agency-x"),
    **dict.fromkeys((Deed.RESUME_CHANNEL, Deed.ACCEPT_SOURCE, Deed.BASELINE_SOURCE), ("sample-x",)),
    **dict.fromkeys((Deed.BASELINE_BUT_LATEST, Deed.BASELINE_RENAMED), ("sample-x",)),
}
"""What a deed is done to, where that is no number."""

RUNNING = re.compile(
    r"(?:deliveries (?:retry|cancel|mark-sent|unmark)|reject|takedown|resume|edit|follow-up"
    r"|source (?:accept|baseline)|channel resume|announce(?: --theme \"?)?) $"
)
"""How words end behind which the number or name of a command would stand."""


def every_advice() -> list[str]:
    commands = [command(do(deed, *SUBJECTS.get(deed, (1,)))) for deed in Deed]
    return [each.removeprefix("spotlight-notify ").partition(" (or ")[0] for each in commands]


def every_change() -> Iterator[str]:
    """Explain deliveries in every state and for every cause, and all that may stand in their way."""
    for state in State:
        for cause in (None, *Cause):
            for source, key in (
                ("site", "guid:1"),
                (ON_DEMAND, "digest:Calm:1"),
                (ON_DEMAND, "correction:1:1"),
            ):
                yield from _changes(_delivery(state, cause, source, key))
    alarmed = SourceStatus(
        name="sample-site",
        cursor=None,
        baseline_at=None,
        next_poll_at=NOW,
        polled_at=NOW,
        succeeded_at=NOW,
        failures=0,
        error=None,
        paused_reason=None,
    )
    yield worded(explain(SourceFacts(now=NOW, source=alarmed)).change)


def _changes(one: Delivery) -> Iterator[str]:
    open_channel = ChannelStatus(
        name="sample-x", network=X.name, epoch=1, due_at=None, paused_at=None, paused_reason=None
    )
    paused = ChannelStatus(
        name="sample-x", network=X.name, epoch=1, due_at=None, paused_at=NOW, paused_reason="dead token"
    )
    hold = Hold(id=1, scope=Scope(kind=ScopeKind.ALL), reason="r", who="w", placed_at=NOW, until_at=None)
    order = Takedown(delivery_id=1, who="w", reason="r", ordered_at=NOW)
    for facts in (
        DeliveryFacts(now=NOW, delivery=one, channel=open_channel),
        DeliveryFacts(now=NOW, delivery=one, channel=open_channel, configured=False),
        DeliveryFacts(now=NOW, delivery=one, channel=open_channel, hold=hold),
        DeliveryFacts(now=NOW, delivery=one, channel=open_channel, takedown=order),
        DeliveryFacts(now=NOW, delivery=one, channel=paused),
    ):
        yield worded(explain(facts).change)


def _delivery(state: State, cause: Cause | None, source: str, key: str) -> Delivery:
    return Delivery(
        id=1,
        campaign="spotlight-on-safety",
        channel="sample-x",
        aid_id=1,
        source=source,
        aid_key=key,
        aid_title="Calm",
        state=state,
        reason="why",
        due_at=NOW,
        post=Post(text="t", link="https://site.example/1"),
        tries=0,
        created_at=NOW,
        changed_at=NOW,
        receipt=Receipt(post_id="1", url="https://x.com/i/web/status/1") if state is State.SENT else None,
        findings=(Finding(rule="r", level=Level.ERROR, message="m", source=""),),
        cause=cause,
        theme='Calm "and" well',
    )


def printed() -> list[str]:
    found = {command for change in every_change() for command in COMMAND.findall(change)}
    return sorted(found)


@pytest.mark.parametrize("command", [*every_advice(), *printed()])
def test_command_line_7_what_is_printed_works_when_it_is_typed(
    notify: Notify, config: Path, command: str
) -> None:
    notify("--config", config, "announce", *NEW, "--to", "sample-x", "--at", "2027-03-01 09:00")
    typed = notify("--config", config, *shlex.split(command))
    assert typed.returncode != 2, typed.stderr
    assert "Usage" not in typed.stderr


def test_command_line_7_every_command_that_is_printed_is_found_here() -> None:
    kinds = {" ".join(command.split()[:2]) for command in printed()}
    assert {"deliveries retry", "deliveries cancel", "deliveries mark-sent", "source accept"} <= kinds
    assert {"approve 1", "edit 1", "reject 1", "resume 1", "takedown 1", "announce 1"} <= kinds


def test_command_line_7_commands_for_people_are_written_in_one_module() -> None:
    folder = Path(spotlight_notify.__file__).parent
    strays = [
        f"{path.name}:{node.lineno}"
        for path in folder.rglob("*.py")
        if path.name != "commands_to_type.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr) and _tells_a_command(node)
    ]
    assert strays == []


NAMED = re.compile(
    r"(?<![\w-])--[a-z]"
    r"|\bspotlight-notify (?:aids|announce|approve|channel|config|deliveries|holds?|once)\b"
    r"|\bspotlight-notify (?:rename|resume|run|source)\b"
    r"|\bdeliveries (?:retry|cancel|mark-sent|unmark)\b|\bsource (?:accept|baseline)\b"
    r"|\bchannel (?:pause|resume)\b|\bconfig check\b|\bfollow-up \{?\d*"
)
"""What a command or an option looks like within a sentence."""


@pytest.mark.parametrize("floor", ["ledger", "rules", "operations", "ports", "posts", "model", "text"])
def test_command_line_7_no_sentence_below_the_command_line_names_a_command(floor: str) -> None:
    folder = Path(spotlight_notify.__file__).parent / floor
    strays = [
        f"{path.relative_to(folder)}: {sentence}"
        for path in sorted(folder.rglob("*.py"))
        for sentence in _sentences(ast.parse(path.read_text()))
        if NAMED.search(sentence)
    ]
    assert strays == []


def _sentences(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of a module, but for those that stand alone, as docstrings do."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def _tells_a_command(node: ast.JoinedStr) -> bool:
    texts = [part.value for part in node.values[:-1] if isinstance(part, ast.Constant)]
    return any(isinstance(text, str) and RUNNING.search(text) for text in texts)
