"""Keep tokens and keys out of whatever is said about a failure."""

import logging
from collections.abc import Iterable, Iterator
from traceback import format_exception
from urllib.parse import quote_plus

HIDDEN = "[hidden]"
SHORTEST = 8
"""Values shorter than this are left alone: hiding them would garble ordinary words."""


class Redactor:
    """The secret values of one channel, kept out of what is shown."""

    def __init__(self, secrets: Iterable[str]) -> None:
        kept = {secret for secret in secrets if len(secret) >= SHORTEST}
        forms = kept | {quote_plus(secret) for secret in kept}
        self._forms = sorted(forms, key=len, reverse=True)

    def hide(self, text: str) -> str:
        """Return the text with every secret value hidden, as it is and as it looks in a URL."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text

    def harmless(self, error: BaseException) -> BaseException | None:
        """Return the error if no secret shows in it or in what led to it; else None."""
        shown = "".join(f"{link!r}\n{''.join(format_exception(link, chain=False))}" for link in _chain(error))
        return error if self.hide(shown) == shown else None


def hush(*loggers: str) -> None:
    """Keep loggers that print tokens at DEBUG from going below WARNING."""
    for name in loggers:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that led to it, those that a traceback leaves out as well."""
    seen: set[int] = set()
    links: list[BaseException | None] = [error]
    while links:
        link = links.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            links += [link.__cause__, link.__context__]
