"""Write the commands that people are told to type, each whole, so that it works as it is printed.

What only the person knows stands as ``"..."``, or as a word in capitals.
"""

import re
import shlex

WHY = '--reason "..."'
"""The reason that goes on record."""

_BARE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_ODD = re.compile(r'["$`\\!]')


def quoted(words: str) -> str:
    """Write words in quotation marks, so that a shell takes them as they are."""
    return shlex.quote(words) if _ODD.search(words) else f'"{words}"'


def named(name: str) -> str:
    """Write a name, in quotation marks only where a shell wants them."""
    return name if _BARE.fullmatch(name) else quoted(name)


def retry(delivery_id: int) -> str:
    """Send a delivery (again)."""
    return f"deliveries retry {delivery_id} {WHY}"


def cancel(delivery_id: int) -> str:
    """Take a delivery that waits out."""
    return f"deliveries cancel {delivery_id} {WHY}"


def mark_sent(delivery_id: int) -> str:
    """Say where a delivery's post is public."""
    return f"deliveries mark-sent {delivery_id} --url URL"


def approve(delivery_id: int) -> str:
    """Let a post go that awaits approval."""
    return f"approve {delivery_id}"


def edit(delivery_id: int) -> str:
    """Give a post other words."""
    return f'edit {delivery_id} --text "..." {WHY}'


def reject(delivery_id: int) -> str:
    """Drop what a person was asked about."""
    return f"reject {delivery_id} {WHY}"


def announce(aid_id: int) -> str:
    """Announce a known aid."""
    return f"announce {aid_id}"


def announce_theme(theme: str | None) -> str:
    """Order another digest of a theme."""
    return f"announce --theme {quoted(theme or '')}"


def follow_up(delivery_id: int | str) -> str:
    """Correct a post."""
    return f'follow-up {delivery_id} --text "..."'


def takedown(delivery_id: int) -> str:
    """Take a post off its network."""
    return f"takedown {delivery_id} {WHY}"


def lift(hold_id: int) -> str:
    """Lift a hold."""
    return f"resume {hold_id} {WHY}"


def resume_channel(name: str) -> str:
    """Let a channel go on."""
    return f"channel resume {named(name)}"


def accept(source: str) -> str:
    """Let go what the brake held of a source."""
    return f"source accept {named(source)} {WHY}"


def baseline(source: str) -> str:
    """Take what a source shows as known."""
    return f"source baseline {named(source)} {WHY}"


def on_alarm(source: str) -> str:
    """Say how a person answers a source's alarm."""
    return f"To let it go: {accept(source)}; to take it as known: {baseline(source)}"


def rename(kind: str, old: str, new: str) -> str:
    """Follow what has another name in the configuration."""
    return f"rename {kind} {named(old)} {named(new)}"
