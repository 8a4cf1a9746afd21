"""Open sockets: the only place that does. Time limits, size limits, address rules, our User-Agent."""

from spotlight_notify.wire.fetching import MAX_BODY, Fetched
from spotlight_notify.wire.sessions import NotSent
from spotlight_notify.wire.wire import Wire

__all__ = ["MAX_BODY", "Fetched", "NotSent", "Wire"]
