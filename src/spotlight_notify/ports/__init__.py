"""Name the parts the use cases need, and what each of them guarantees."""

from spotlight_notify.ports.book import Book
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.orders import Orders
from spotlight_notify.ports.parts import (
    CheckLink,
    CleanUp,
    Clock,
    Drafts,
    Illustrate,
    Jitter,
    Known,
    Lint,
    LoadPicture,
    Looker,
    Pictures,
    Publisher,
    ReadPage,
    Ready,
    Render,
    Source,
    Steady,
)

__all__ = [
    "Book",
    "CheckLink",
    "CleanUp",
    "Clock",
    "Drafts",
    "Illustrate",
    "Jitter",
    "Known",
    "Ledger",
    "Lint",
    "LoadPicture",
    "Looker",
    "Orders",
    "Pictures",
    "Publisher",
    "ReadPage",
    "Ready",
    "Render",
    "Source",
    "Steady",
]
