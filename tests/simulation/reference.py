"""Say in the slowest and plainest way when posts may go. Shares no code with the room that it checks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from spotlight_notify.model.schedule import Hours, Order, Pace, Posted, Waiting, Window
from spotlight_notify.rules.schedule.rate_limits import RateLimit

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def is_open(hours: Hours, at: datetime) -> bool:
    """Tell whether the clock on the wall shows a time within a window."""
    now = at.astimezone(hours.zone)
    today, yesterday = now.date(), now.date() - timedelta(days=1)
    if not hours.windows:
        return not hours.is_holiday(today)
    of_today = [window for window in hours.windows if today.weekday() in window.weekdays]
    of_yesterday = [window for window in hours.windows if yesterday.weekday() in window.weekdays]
    minute = now.hour * 60 + now.minute
    return (not hours.is_holiday(today) and any(_is_in(window, minute) for window in of_today)) or (
        not hours.is_holiday(yesterday) and any(_is_in(window, minute + 1440) for window in of_yesterday)
    )


def _is_in(window: Window, minute: int) -> bool:
    """Tell whether a minute lies in a window; minutes go on counting through the day after."""
    if window.opens < window.closes:
        return window.opens <= minute < window.closes
    return window.opens <= minute < window.closes + 1440


def next_open(hours: Hours, at: datetime, until: datetime) -> datetime | None:
    """Look at every minute; None when none is open before ``until``."""
    return next((minute for minute in minutes(at, until) if is_open(hours, minute)), None)


def minutes(at: datetime, until: datetime, step: timedelta = MINUTE) -> Iterator[datetime]:
    """Yield ``at``, and all minutes after it."""
    yield at
    at = at.replace(second=0, microsecond=0) + step
    while at < until:
        yield at
        at += step


def keeps_gap(rule: RateLimit, at: datetime) -> bool:
    return all(abs(at - post) >= rule.hours.gap for post in rule.posts)


def keeps_hour(rule: RateLimit, at: datetime) -> bool:
    if rule.hours.per_hour is None:
        return True
    every = [*rule.posts, at]
    hours_with_it = [first for first in every if first <= at < first + HOUR]
    return all(
        sum(first <= post < first + HOUR for post in every) <= rule.hours.per_hour for first in hours_with_it
    )


def keeps_day(rule: RateLimit, at: datetime) -> bool:
    zone, per_day = rule.hours.zone, rule.hours.per_day
    today = at.astimezone(zone).date()
    return per_day is None or sum(post.astimezone(zone).date() == today for post in rule.posts) < per_day


def may_go(rules: Sequence[RateLimit], at: datetime, any_hour: bool) -> bool:
    """Tell whether one more post keeps to everything."""
    return all(
        (any_hour or is_open(rule.hours, at))
        and keeps_gap(rule, at)
        and keeps_hour(rule, at)
        and keeps_day(rule, at)
        for rule in rules
    )


def next_at(rules: Sequence[RateLimit], at: datetime, until: datetime, any_hour: bool) -> datetime | None:
    """Look at every minute; None when none before ``until`` will do."""
    return next((minute for minute in minutes(at, until) if may_go(rules, minute, any_hour)), None)


def choose(
    waiting: Sequence[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> Waiting | None:
    """Ask of every delivery whether it may go now, then put them in order."""
    heads = []
    for campaign, pace in paces.items():
        due = [one for one in waiting if one.campaign == campaign and one.due_at <= now]
        if not due:
            continue
        rules = rules_of(campaign, pace, channel, posts)
        may = {any_hour: may_go(rules, now, any_hour) for any_hour in {one.any_hour for one in due}}
        able = [one for one in due if may[one.any_hour]]
        before = [post for post in posts if post.campaign == campaign and post.at <= now]
        urgent = [one for one in able if one.any_hour]
        if urgent:
            heads.append(_in_order(urgent, Order.OLDEST, None)[0])
        elif able:
            heads.append(_in_order(able, pace.order, before[-1].theme if before else None)[0])
    urgent = [one for one in heads if one.any_hour]
    return min(urgent or heads, key=lambda one: (one.due_at, one.id), default=None)


def rules_of(campaign: str, pace: Pace, channel: Hours, posts: Sequence[Posted]) -> list[RateLimit]:
    of_campaign = [post.at for post in posts if post.campaign == campaign]
    return [
        RateLimit(hours=channel, posts=[post.at for post in posts]),
        RateLimit(hours=pace.campaign, posts=of_campaign),
        RateLimit(
            hours=Hours(zone=pace.campaign.zone, gap=pace.campaign.gap), posts=[post.at for post in posts]
        ),
    ]


def _in_order(able: Sequence[Waiting], order: Order, last_theme: str | None) -> list[Waiting]:
    by_age = sorted(able, key=lambda one: (one.due_at, one.id))
    if order is Order.OLDEST:
        return by_age
    themes = list(dict.fromkeys(one.theme for one in sorted(able, key=lambda one: one.id)))
    if last_theme is not None and last_theme in themes:
        themes = [last_theme, *(theme for theme in themes if theme != last_theme)]
    return [one for theme in themes for one in by_age if one.theme == theme]


def slots(
    waiting: Sequence[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    ticks: Iterator[datetime],
) -> dict[int, datetime]:
    """Let time go by tick by tick, and whatever may go go at once, between the posts that really went."""
    left, went, found = list(waiting), list(posts), {}
    for now in ticks:
        if not left:
            break
        while one := choose(left, paces, channel, went, now):
            left.remove(one)
            went.append(Posted(campaign=one.campaign, theme=one.theme, at=now))
            went.sort(key=lambda post: post.at)
            found[one.id] = now
    return found


def late(
    waiting: Sequence[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
    step: timedelta,
) -> dict[int, datetime]:
    """Find what could have gone too long ago, until nothing more is found when that counts as posts."""
    left, went, found = list(waiting), sorted(posts, key=lambda post: post.at), dict[int, datetime]()
    while True:
        since = min((one.due_at for one in left), default=now)
        possible = slots(left, paces, channel, went, minutes(since, now, step))
        late = [one for one in left if one.id in possible]
        late = [one for one in late if now - possible[one.id] > paces[one.campaign].late.after]
        if not late:
            return found
        left = [one for one in left if one not in late]
        went += [Posted(campaign=one.campaign, theme=one.theme, at=possible[one.id]) for one in late]
        went.sort(key=lambda post: post.at)
        found |= {one.id: possible[one.id] for one in late}
