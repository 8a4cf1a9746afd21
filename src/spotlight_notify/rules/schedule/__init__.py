"""Decide when posts go: windows by the clock on the wall, gaps, caps, order, lateness."""

from spotlight_notify.rules.schedule.contradicting import contradiction, out_of_reach
from spotlight_notify.rules.schedule.lateness import late_ones
from spotlight_notify.rules.schedule.pacing import Rule, next_at
from spotlight_notify.rules.schedule.queueing import choose, forecast, next_choice_at
from spotlight_notify.rules.schedule.wall_clock import wall_time
from spotlight_notify.rules.schedule.window_words import parse_window
from spotlight_notify.rules.schedule.windows import is_open, next_open

__all__ = [
    "Rule",
    "choose",
    "contradiction",
    "forecast",
    "is_open",
    "late_ones",
    "next_at",
    "next_choice_at",
    "next_open",
    "out_of_reach",
    "parse_window",
    "wall_time",
]
