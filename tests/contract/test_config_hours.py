"""What a configuration says about hours and approvals must make sense as a whole."""

import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from spotlight_notify.app.configuration import load_config
from spotlight_notify.config.cross_checks import notes_on
from spotlight_notify.config.hours_settings import holidays_of
from spotlight_notify.model.errors import ConfigError

RIGHT = """\
[programme]
name = "VALOR"
timezone = "America/New_York"

[channels.valor-x]
network = "x"
consumer_key = "a"
consumer_secret = "b"
access_token = "c"
access_token_secret = "d"

[channels.valor-page]
network = "facebook"
page_id = "1234567890"
access_token = "e"

[campaigns.spotlight]
sources = []
channels = ["valor-x", "valor-page"]
hashtag = "#SpotlightOnSafety"
"""
PLACE = "campaigns.spotlight"


def complaints(file: Path, more: str) -> list[tuple[int, str]]:
    """Give the lines, as they are counted in what is added, and the words of what is wrong with it."""
    file.write_text(RIGHT + more)
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    first = RIGHT.count("\n")
    return [(problem.line - first, problem.message) for problem in caught.value.problems]


def notes(file: Path, more: str) -> tuple[str, ...]:
    file.write_text(RIGHT + more)
    return notes_on(load_config(file, {}))


def channel_hours(name: str, hours: str) -> str:
    return f"[channels.{name}.hours]\n{hours}\n"


def test_every_cap_out_of_reach_is_told_on_its_own_line(file: Path) -> None:
    hours = 'windows = ["daily 09:00-10:00"]\ngap = "30m"\nper_hour = 4\nper_day = 20\n'
    by_gap = "can never be reached: with a gap of 30 minutes"
    told = [
        f"per_hour: 4 {by_gap} an hour holds only 2 within the windows",
        f"per_day: 20 {by_gap} a day holds only 2 within the windows",
    ]
    more = f"[{PLACE}.hours]\n{hours}{channel_hours('valor-x', hours)}"
    assert complaints(file, more) == list(zip((4, 5, 9, 10), told * 2, strict=True))


def test_a_cap_that_the_gaps_of_all_channels_rule_out_is_told_on_its_line(file: Path) -> None:
    more = channel_hours("valor-x", 'gap = "2h"') + channel_hours("valor-page", 'gap = "30m"')
    assert complaints(file, f"{more}[{PLACE}.hours]\nper_day = 12\nper_hour = 10\n") == [
        (
            7,
            "per_hour: 10 can never be reached: on valor-x, with the channel's gap of 120 minutes an hour"
            " holds only 1; on valor-page, with the channel's gap of 30 minutes an hour holds only 2",
        )
    ]


def test_a_cap_that_one_channel_can_reach_is_right_and_noted(file: Path) -> None:
    assert notes(file, channel_hours("valor-x", 'gap = "2h"') + f"[{PLACE}.hours]\nper_hour = 10\n") == (
        "spotlight never reaches per_hour = 10 on valor-x: "
        "with the channel's gap of 120 minutes an hour holds only 1",
    )


@pytest.mark.parametrize(
    "again", ["Mon-Fri 08:00-18:00", "mon-fri 8:00-18:00", "Mon,Tue,Wed-Fri 08:00-18:00"]
)
def test_a_window_that_is_listed_twice_is_called_a_window(file: Path, again: str) -> None:
    more = f'[{PLACE}.hours]\nwindows = ["Mon-Fri 08:00-18:00", "{again}"]\n'
    assert complaints(file, more) == [(2, "windows: the same window is listed twice")]


@pytest.mark.parametrize(
    ("rules", "line", "idle"),
    [
        ('approvers = ["Chief"]\nfour_eyes = true\nlasts = "1d"', 2, "approvers, four_eyes, lasts"),
        ("everything = false\nkinds = []\nfour_eyes = true", 4, "four_eyes"),
        ('lasts = "1d"\nsign_in = false\nwarnings = false', 2, "lasts"),
    ],
)
def test_rules_of_approvals_that_nothing_asks_for_are_a_mistake(
    file: Path, rules: str, line: int, idle: str
) -> None:
    words = (
        f"{idle}: no post waits for an approval; say which do: "
        'everything = true, kinds = ["webinar"], sign_in = true or warnings = true'
    )
    assert complaints(file, f"[{PLACE}.approval]\n{rules}\n") == [(line, words)]


@pytest.mark.parametrize(
    "asking", ["everything = true", 'kinds = ["webinar"]', "sign_in = true", "warnings = true"]
)
def test_rules_of_approvals_that_something_asks_for_are_right(file: Path, asking: str) -> None:
    rules = 'approvers = ["Chief"]\nfour_eyes = true\nlasts = "1d"\n'
    file.write_text(f"{RIGHT}[{PLACE}.approval]\n{rules}{asking}\n")
    (campaign,) = load_config(file, {}).campaigns
    assert campaign.approval.four_eyes


def test_no_rules_of_approval_are_right_too(file: Path) -> None:
    file.write_text(f"{RIGHT}[{PLACE}.approval]\napprovers = []\nfour_eyes = false\n")
    assert load_config(file, {}).campaigns[0].approval.approvers == ()


@pytest.mark.parametrize(
    ("more", "channels"),
    [
        ("", "valor-x and valor-page"),
        (f'[{PLACE}.hours]\nwindows = ["daily 09:00-10:00"]\n', "valor-x and valor-page"),
        (channel_hours("valor-x", "per_day = 5"), "valor-page"),
        (channel_hours("valor-page", 'gap = "1m"'), "valor-x"),
    ],
)
def test_a_campaign_without_any_pace_is_noted(file: Path, more: str, channels: str) -> None:
    assert notes(file, more) == (
        f"spotlight has no gap and no cap on {channels}: what waits goes out all at once",
    )


@pytest.mark.parametrize("pace", ['gap = "15m"', "per_hour = 3", "per_day = 3"])
def test_a_campaign_with_a_pace_is_not_noted(file: Path, pace: str) -> None:
    assert notes(file, f"[{PLACE}.hours]\n{pace}\n") == ()


def test_threads_that_ask_at_once_see_whole_years() -> None:
    """Every round asks anew about a year that nobody has asked about."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        told = [answer for _ in range(40) for answer in asked_at_once(date(2031, 12, 25), threads=4)]
    finally:
        sys.setswitchinterval(usual)
    assert told == [True] * 160


def asked_at_once(day: date, threads: int) -> list[bool]:
    is_holiday, start, told = holidays_of("US"), threading.Barrier(threads), list[bool]()

    def ask() -> None:
        start.wait()
        told.append(is_holiday(day))

    asking = [threading.Thread(target=ask) for _ in range(threads)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    return told


def test_changed_settle_is_worth_a_word_where_nobody_looks_again_in_that_time(file: Path) -> None:
    more = """
[sources.site]
kind = "feed"
url = "https://valor.test/feed.xml"
every = "15m"
settle = "{settle}"
"""
    said = "site settles for 10m, but is looked at every 15m: a change is seen too late"
    assert said in notes(file, more.format(settle="10m"))
    assert not [note for note in notes(file, more.format(settle="30m")) if "settles" in note]


@pytest.mark.parametrize("gap", ["1s", "9s"])
@pytest.mark.parametrize("table", [PLACE, "channels.valor-x"])
def test_command_line_28_a_gap_too_fine_to_be_kept_to_is_refused(file: Path, gap: str, table: str) -> None:
    told = 'gap: must be "10s" or longer, since what is due is looked for once a second'
    assert complaints(file, f'[{table}.hours]\ngap = "{gap}"\n') == [(2, told)]


def test_command_line_28_ten_seconds_are_a_gap(file: Path) -> None:
    assert notes(file, f'[{PLACE}.hours]\ngap = "10s"\n') == ()
