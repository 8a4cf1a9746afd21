"""Ask now and then whether a token still works, so that a dead one is known before the next post."""

from spotlight_notify.errors import PublishError, Unauthorized
from spotlight_notify.ports import Clock, Ledger, Looker

WATCHER = "spotlight-notify"
"""Who pauses a channel when nobody does."""


def watch_token(channel: str, looker: Looker, ledger: Ledger, clock: Clock) -> str | None:
    """Pause a channel whose token the network refuses, and say why; None when there is nothing new to say.

    A network that cannot be asked proves nothing: it is asked again at the next time.
    """
    try:
        looker.probe()
    except Unauthorized as error:
        reason = f"{error}. {error.advice}"
        return reason if ledger.pause_channel(channel, reason, clock(), WATCHER) else None
    except PublishError:
        return None
    return None
