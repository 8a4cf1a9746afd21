"""Ask now and then whether a token still works, so that a dead one is known before the next post."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from spotlight_notify.model.errors import PublishError, Unauthorized
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Looker
from spotlight_notify.rules.retry import PROBE_AFTER, PROBES

WATCHER = "spotlight-notify"
"""Who pauses a channel when nobody does."""


WATCH_EVERY = timedelta(days=1)
"""How often a token is asked about; on X that costs a tenth of a cent."""
EARLY = timedelta(hours=1)
"""How much sooner another process may ask: cron never starts to the second."""


class Watch:
    """Remember when each channel's token is asked about next, and how often in a row it was refused.

    ``proven_at``: when each was last asked about or used, as the ledger knows it; at once where it does not.
    """

    def __init__(
        self, channels: Iterable[str], now: datetime, proven_at: Mapping[str, datetime] | None = None
    ) -> None:
        self._next_at = dict.fromkeys(channels, now + WATCH_EVERY)
        if proven_at is not None:
            past = {name: at for name, at in proven_at.items() if at <= now}  # else by a clock that was ahead
            again_at = {name: at + WATCH_EVERY - EARLY for name, at in past.items()}
            self._next_at = {name: again_at.get(name, now) for name in self._next_at}
        self._refused = dict.fromkeys(self._next_at, 0)

    def due(self, now: datetime) -> list[str]:
        """Return the channels whose token was not asked about for long."""
        return [name for name, at in self._next_at.items() if at <= now]

    def doubted(self) -> list[str]:
        """Return the channels whose token was refused without a reason, and is to be asked about again."""
        return [name for name, times in self._refused.items() if times]

    def ask(self, channel: str, looker: Looker, ledger: Ledger, clock: Clock) -> str | None:
        """Pause a channel whose token the network refuses, and say why; None when there is nothing to say.

        A network that cannot be asked proves nothing: it is asked again at the next time. A refusal without
        a reason may pass: it is asked again at once, and then once more.
        """
        self._next_at[channel] = clock() + WATCH_EVERY
        try:
            looker.probe()
        except Unauthorized as error:
            if error.unexplained and self._refused[channel] < PROBES:
                self._refused[channel] += 1
                self._next_at[channel] = clock() + PROBE_AFTER
                return None
            self._refused[channel] = 0
            reason = f"{error}. {error.advice}"
            ledger.note_asked(channel, reason, clock(), WATCHER)
            ledger.pause_channel(channel, reason, clock(), WATCHER)
            return reason
        except PublishError:
            return None
        self._refused[channel] = 0
        ledger.note_asked(channel, "its token works", clock(), WATCHER)
        return None
