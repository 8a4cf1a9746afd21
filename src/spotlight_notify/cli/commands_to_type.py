"""Word what people are advised to do as commands, each whole, so that it works as it is printed.

What only the person knows stands as ``"..."``, or as a word in capitals.
"""

import re
import shlex
from collections.abc import Callable, Mapping

from spotlight_notify.model.advice import Action, Deed, Field, Said

WHY = '--reason "..."'
"""The reason that goes on record."""

COMMANDS: Mapping[Deed, str] = {
    Deed.RETRY: f"deliveries retry {{}} {WHY}",
    Deed.CANCEL: f"deliveries cancel {{}} {WHY}",
    Deed.MARK_SENT: "deliveries mark-sent {} --url URL",
    Deed.APPROVE: "approve {}",
    Deed.APPROVE_AS: "approve {} --by NAME",
    Deed.EDIT: f'edit {{}} --text "..." {WHY}',
    Deed.REJECT: f"reject {{}} {WHY}",
    Deed.FOLLOW_UP: 'follow-up {} --text "..."',
    Deed.TAKE_DOWN: f"takedown {{}} {WHY}",
    Deed.SEE_DELIVERY: "deliveries {}",
    Deed.ANNOUNCE: "announce {}",
    Deed.ANNOUNCE_THEME: "announce --theme {}",
    Deed.LIFT_HOLD: f"resume {{}} {WHY}",
    Deed.RESUME_CHANNEL: "channel resume {}",
    Deed.ACCEPT_SOURCE: f"source accept {{}} {WHY}",
    Deed.BASELINE_SOURCE: f"source baseline {{}} {WHY}",
    Deed.BASELINE_BUT_LATEST: f"source baseline {{}} {WHY} --announce-latest 1",
    Deed.BASELINE_RENAMED: f"spotlight-notify source baseline {{}} {WHY}",
    Deed.RENAME: "spotlight-notify rename {}",
    Deed.LOOK_UP: "resolve --all",
    Deed.CHECK_CONFIG: "config check",
    Deed.WORK_ONCE: "spotlight-notify once (or run)",
    Deed.SEE_AIDS: "spotlight-notify aids",
    Deed.SEE_DELIVERIES: "spotlight-notify deliveries",
    Deed.SEE_PROPOSED: "deliveries --state proposed",
    Deed.SEE_FAILED: "deliveries --state failed",
    Deed.SEE_HOLDS: "spotlight-notify holds",
}

_BARE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


_ODD = re.compile(r'["$`\\!]')


def quoted(words: str) -> str:
    """Write words in quotation marks, so that a shell takes them as they are."""
    return shlex.quote(words) if _ODD.search(words) else f'"{words}"'


def named(name: str) -> str:
    """Write a name, in quotation marks only where a shell wants them."""
    return name if _BARE.fullmatch(name) else quoted(name)


def worded(said: Said) -> str:
    """Return a sentence with its actions as commands, and the fields of an order as options."""
    return said if isinstance(said, str) else said.worded(_typed)


def in_columns(said: Said) -> str:
    """Return a sentence with its actions as commands, and the fields of an order as columns of a plan."""
    return said if isinstance(said, str) else said.worded(lambda part: _as(part, str))


def command(action: Action) -> str:
    """Return the command that does it."""
    write = quoted if action.deed is Deed.ANNOUNCE_THEME else named
    return COMMANDS[action.deed].format(" ".join(write(str(each)) for each in action.subject))


def _typed(part: Action | Field) -> str:
    return _as(part, lambda field: f"--{field}")


def _as(part: Action | Field, write: Callable[[Field], str]) -> str:
    return write(part) if isinstance(part, Field) else command(part)
