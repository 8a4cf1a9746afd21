"""Say how posts are looked through."""

from dataclasses import dataclass

from spotlight_notify.model.aids import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Say what the lint leaves out and what it knows.

    ``ignore``: rules left out; errors never are. ``acronyms``: those that followers know beside everybody's.
    ``themes``: their hashtags are ours, as the campaign's is.
    """

    ignore: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    themes: tuple[Theme, ...] = ()
