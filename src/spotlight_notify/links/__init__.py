"""Read web pages' cards, and see whether links answer and stay where they may lead."""

from spotlight_notify.links.checking import LinkChecker
from spotlight_notify.links.pages import PageReader
from spotlight_notify.links.readings import Readings
from spotlight_notify.links.rules import may_picture, refuse_place

__all__ = ["LinkChecker", "PageReader", "Readings", "may_picture", "refuse_place"]
