"""Describe what a configuration file may say about hours, approvals and brakes."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Lock
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    ValidationInfo,
    model_validator,
)

from spotlight_notify.config.times import Duration, TimeZone
from spotlight_notify.config.validation import TABLE, wrong
from spotlight_notify.config.words import Text, each_once
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.schedule import ALL_DAY, Hours, Late, LatePolicy, Order, Pace, never
from spotlight_notify.model.words import Kind
from spotlight_notify.rules.mass_change import Brake
from spotlight_notify.rules.schedule.contradictions import contradiction, out_of_reach
from spotlight_notify.rules.schedule.windows import parse_window

Cap = Annotated[StrictInt, Field(ge=1, le=10_000)]


SHORTEST_GAP = timedelta(seconds=10)
"""A daemon looks once a second what is due: a gap of a second would be two."""


def coarse(gap: timedelta) -> timedelta:
    """Check that a gap can be kept to."""
    if timedelta(0) < gap < SHORTEST_GAP:
        raise wrong('must be "10s" or longer, since what is due is looked for once a second')
    return gap


def window(words: str) -> str:
    """Check that a window can be read."""
    try:
        parse_window(words)
    except ValueError as error:
        raise wrong(str(error)) from error
    return words


def country(name: str) -> str:
    """Check that the holidays of a country, or of a part of one ("US-NY"), are known."""
    holidays_of(name)
    return name


def holidays_of(name: str) -> Callable[[date], bool]:
    """Return what tells holidays, by the ``holidays`` package; a mistake for a country that it lacks."""
    import holidays

    land, _, part = name.partition("-")
    try:
        days = holidays.country_holidays(land, subdiv=part or None)
    except NotImplementedError as error:
        raise wrong(
            'the holidays of this place are not known; write a country or a part of it, such as "US" '
            'or "US-NY"'
        ) from error
    lock = Lock()  # a year is worked out when it is first asked about, and seen by others half done

    def is_holiday(day: date) -> bool:
        with lock:
            return day in days

    return is_holiday


def windows_once(listed: tuple[str, ...]) -> tuple[str, ...]:
    """Check that no window is listed twice, however it is written."""
    if len({parse_window(words) for words in listed}) < len(listed):
        raise wrong("the same window is listed twice")
    return listed


def reachable(cap: int | None, info: ValidationInfo) -> int | None:
    """Check that the gap, the windows and the other cap let a cap be reached, as far as those are right."""
    said, name = info.data, str(info.field_name)
    if cap is None or not {"windows", "gap"} <= said.keys():
        return cap
    hours = Hours(
        zone=ZoneInfo("UTC"),
        windows=tuple(map(parse_window, said["windows"])),
        gap=said["gap"],
        per_hour=cap if name == "per_hour" else said.get("per_hour"),
        per_day=cap if name == "per_day" else None,
    )
    if why := out_of_reach(hours).get(name):
        raise wrong(f"{cap} can never be reached: {why}")
    return cap


Windows = Annotated[tuple[Annotated[Text, AfterValidator(window)], ...], AfterValidator(windows_once)]
Reachable = Annotated[Cap | None, AfterValidator(reachable)]


class ChannelHoursSettings(BaseModel):
    """When posts may go out, and how fast."""

    model_config = TABLE

    timezone: TimeZone | None = None
    """The time zone of the windows and of the day; the programme's if it is not said."""
    windows: Windows = ()
    """When posts may go out, such as "Mon-Fri 08:00-18:00"; none: at all hours."""
    holidays: Annotated[Text, AfterValidator(country)] | None = None
    """The country whose holidays are closed, or a part of it: "US", "US-NY"."""
    gap: Annotated[Duration, AfterValidator(coarse)] = timedelta(0)
    """How long to wait at least between two posts."""
    per_hour: Reachable = None
    """How many posts go out at most in any 60 minutes."""
    per_day: Reachable = None
    """How many posts go out at most on one day."""
    spread: StrictBool = False
    """Spread the posts of a full day (per_day) over its windows, instead of one after the other."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """Refuse windows that never open."""
        if trouble := contradiction(hours_of(self, ZoneInfo("UTC"))):
            raise wrong(trouble)
        if self.spread and self.per_day is None:
            raise wrong("spread needs per_day: over how many posts a day is spread")
        return self


class CampaignHoursSettings(ChannelHoursSettings):
    """When a campaign's posts may go out, how fast, in which order, and what is late or too old."""

    order: Order = Order.OLDEST
    """Oldest first, or theme by theme."""
    over_soon: Duration = timedelta(days=7)
    """Whatever the order, what will be over within this time (its event begins, or it expires) goes first."""
    late: LatePolicy = LatePolicy.SEND
    """What happens to what could have gone long ago, as after a downtime: sent, skipped, or asked about."""
    late_after: Duration = timedelta(hours=24)
    """How long after its turn a post counts as late."""
    oldest: Duration | None = None
    """Aids that were published longer ago are recorded, not announced; as long as you like if not said."""


class ApprovalSettings(BaseModel):
    """Which posts a person approves first, who may, and for how long that holds."""

    model_config = TABLE

    everything: StrictBool = False
    """Every post."""
    kinds: Annotated[tuple[Kind, ...], AfterValidator(each_once)] = ()
    """Posts about these kinds of aids."""
    sign_in: StrictBool = False
    """Posts about aids that open only after signing in."""
    warnings: StrictBool = False
    """Posts in which the lint finds something to warn of."""
    approvers: Annotated[tuple[Text, ...], AfterValidator(each_once)] = ()
    """Who may approve, by name; empty: anybody."""
    four_eyes: StrictBool = False
    """Whoever edited a post cannot approve it."""
    lasts: Duration | None = None
    """How long an approval holds; until the post goes out if not said."""


class BrakeSettings(BaseModel):
    """How much that is new at once is held for a person."""

    model_config = TABLE

    most: Annotated[StrictInt, Field(ge=1)] = 25
    """More new aids than this in one look are held."""
    few: Annotated[StrictInt, Field(ge=1)] = 12
    """Up to this many are never held for their share."""
    share: Annotated[StrictFloat, Field(gt=0, le=100)] = 0.5
    """More than this share of what was known before is held."""


def hours_of(settings: ChannelHoursSettings, zone: ZoneInfo) -> Hours:
    """Return the hours that settings describe; ``zone`` where they name none."""
    return Hours(
        zone=settings.timezone or zone,
        windows=tuple(map(parse_window, settings.windows)),
        is_holiday=holidays_of(settings.holidays) if settings.holidays else never,
        gap=max(settings.gap, _spread(settings)),
        per_hour=settings.per_hour,
        per_day=settings.per_day,
    )


def _spread(settings: ChannelHoursSettings) -> timedelta:
    """Return the gap that spreads a day's posts over its shortest open day; none if that is not wished."""
    if not (settings.spread and settings.per_day):
        return timedelta(0)
    windows = [parse_window(words) for words in settings.windows] or [ALL_DAY]
    days = (sum(each.minutes for each in windows if day in each.weekdays) for day in range(7))
    return timedelta(minutes=min(filter(None, days))) / settings.per_day


def pace_of(settings: CampaignHoursSettings, zone: ZoneInfo) -> Pace:
    """Return a campaign's pace; ``zone`` where it names none."""
    late = Late(policy=settings.late, after=settings.late_after)
    return Pace(
        campaign=hours_of(settings, zone), order=settings.order, late=late, over_soon=settings.over_soon
    )


def approval_of(settings: ApprovalSettings) -> ApprovalPolicy:
    """Return the policy that settings describe."""
    return ApprovalPolicy(
        everything=settings.everything,
        kinds=frozenset(settings.kinds),
        sign_in=settings.sign_in,
        warnings=settings.warnings,
        approvers=settings.approvers,
        four_eyes=settings.four_eyes,
        lasts=settings.lasts,
    )


def brake_of(settings: BrakeSettings) -> Brake:
    """Return the brake that settings describe."""
    return Brake(most=settings.most, few=settings.few, share=settings.share)
