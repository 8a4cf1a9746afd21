"""Windows as a person writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spotlight_notify.model.schedule import Window
from spotlight_notify.rules.schedule.windows import parse_window


@pytest.mark.parametrize(
    ("words", "weekdays", "opens", "closes"),
    [
        ("Mon-Fri 08:00-18:00", {0, 1, 2, 3, 4}, 480, 1080),
        ("Sat,Sun 10:00-14:00", {5, 6}, 600, 840),
        ("daily 22:00-02:00", {0, 1, 2, 3, 4, 5, 6}, 1320, 120),
        ("Mon-Fri 00:00-24:00", {0, 1, 2, 3, 4}, 0, 1440),
        ("Fri-Mon 9:30-10:00", {4, 5, 6, 0}, 570, 600),
        ("mon, WED-Thu  08:00 - 18:00 ", {0, 2, 3}, 480, 1080),
        ("Sun 22:00-00:00", {6}, 1320, 0),
        ("Tue-Tue 08:00-18:00", {1}, 480, 1080),
    ],
)
def test_windows_are_read_as_they_are_meant(words: str, weekdays: set[int], opens: int, closes: int) -> None:
    assert parse_window(words) == Window(weekdays=frozenset(weekdays), opens=opens, closes=closes)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", '"" is not a window: write it like "Mon-Fri 08:00-18:00", "Sat,Sun 10:00-14:00" or'),
        ("08:00-18:00", "is not a window: write it like"),
        ("Mon-Fri", "is not a window: write it like"),
        ("Mon-Fri 8-18", "8 is not a time between 00:00 and 24:00"),
        ("Mon-Fri 08:00-25:00", "25:00 is not a time between 00:00 and 24:00"),
        ("Mon-Fri 08:60-18:00", "08:60 is not a time between 00:00 and 24:00"),
        ("Mon-Fri 08:00-24:01", "24:01 is not a time between 00:00 and 24:00"),
        ("Mon-Fri 24:00-06:00", "opens at 24:00: write 00:00 and the day after"),
        ("Mon-Fri 08:00-08:00", "closes when it opens: for a whole day write 00:00-24:00"),
        ("Monday 08:00-18:00", '"Monday" is no day: write Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily'),
        ("Mon,,Tue 08:00-18:00", '"" is no day'),
        ("Mon-Wed-Fri 08:00-18:00", "Mon-Wed-Fri is not a range of days: write it like Mon-Fri"),
        ("Mon,daily 08:00-18:00", '"daily" is no day'),
    ],
)
def test_what_is_no_window_is_refused_in_one_sentence(words: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is compared below
        parse_window(words)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@settings(deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"[MonTueWdThFriSatSu,-]{1,9} [0-9:]{1,6}-[0-9:]{1,6}"))
def test_whatever_is_written_is_a_window_or_a_sentence(words: str) -> None:
    try:
        told = repr(parse_window(words))
    except ValueError as error:
        told = str(error)
    assert told.startswith((f'"{words}"', "Window("))
