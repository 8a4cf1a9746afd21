"""Name the parts the use cases need, and what each of them guarantees."""

from spotlight_notify.ports.ledger import Book, Ledger
from spotlight_notify.ports.parts import (
    Clock,
    Drafts,
    Jitter,
    Known,
    LoadPicture,
    Looker,
    Publisher,
    Render,
    Source,
)

__all__ = [
    "Book",
    "Clock",
    "Drafts",
    "Jitter",
    "Known",
    "Ledger",
    "LoadPicture",
    "Looker",
    "Publisher",
    "Render",
    "Source",
]
