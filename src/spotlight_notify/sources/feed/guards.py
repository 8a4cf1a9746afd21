"""Keep feedparser reading when one of its handlers fails. Runs where it can be killed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from spotlight_notify.text.invisible import in_one_line

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError)
"""What odd contents make a handler raise. Memory and nesting that run out are no such thing."""

NOTED = "what could not be read"
"""Where what failed is noted in the feed's own fields; no element's name has spaces."""


MAX_DEPTH = 256
"""The deepest nesting of elements read, as libxml2 has it (xmlParserMaxDepth); each level costs memory."""


def limit_depth(reader: type[Any]) -> None:
    """Have a feedparser that sees each element closed raise RecursionError for what is nested deeper."""
    start = reader.unknown_starttag

    def careful(reader: Any, *values: Any) -> Any:
        """Count on the reader's own depth."""
        if reader.depth >= MAX_DEPTH:
            raise RecursionError
        return start(reader, *values)

    reader.unknown_starttag = careful


def guard(reader: type[Any]) -> None:
    """Wrap each of a feedparser's handlers: what it raises is noted, and costs that element alone."""
    for name in dir(reader):
        if name.startswith(("_start_", "_end_")):
            element = name.partition("_")[2].partition("_")[2].replace("_", ":", 1)
            setattr(reader, name, _guarded(getattr(reader, name), element, AttributeError))
    for name in ("unknown_starttag", "unknown_endtag", "handle_charref", "handle_entityref"):
        setattr(reader, name, _guarded(getattr(reader, name), "", ()))


def _guarded(handler: Callable[..., Any], element: str, passed_on: Any) -> Callable[..., Any]:
    """Wrap one handler; ``passed_on``: feedparser itself takes an AttributeError for "no such handler"."""

    @wraps(handler)
    def careful(reader: Any, *values: Any) -> Any:
        """Note where a handler stumbled, and go on."""
        try:
            return handler(reader, *values)
        except passed_on:
            raise
        except UNREADABLE:
            named = element or str(values[0] if values else "")
            reader.feeddata.setdefault(NOTED, f"at {in_one_line(named)[:40]}")
            return None

    return careful
