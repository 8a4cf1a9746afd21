"""Read web pages' cards, and see whether links answer and stay where they may lead."""

from spotlight_notify.links.checking import LinkChecker
from spotlight_notify.links.pages import PageReader

__all__ = ["LinkChecker", "PageReader"]
