"""Compare what is public with what the sources said, and with what the ledger says of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from soak.truth import Told
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.shown import ShownPost

SLACK = timedelta(minutes=3)
"""How long after a change a post may know nothing of it: troubles, back-offs and busy machines included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Hold what became of the aids, once per aid and channel, and what was wrong."""

    fates: Mapping[str, int]
    delays: Sequence[float]
    troubles: Sequence[str]

    @property
    def pace(self) -> str:
        """Tell how long posts took, in seconds from publication to the network."""
        if len(self.delays) < 2:
            return "too few posts to tell"
        return (
            f"median {median(self.delays):.0f} s, 95 of 100 within {quantiles(self.delays, n=20)[-1]:.0f} s"
        )


def judge(
    told: Iterable[Told], timelines: Mapping[str, Sequence[ShownPost]], deliveries: Sequence[Delivery]
) -> Verdict:
    """Judge every aid on every channel."""
    by_place = {(d.channel, d.post.link): d for d in deliveries if d.post}
    fates, delays, troubles = Counter[str](), list[float](), list[str]()
    for channel, posts in timelines.items():
        live: dict[str, list[ShownPost]] = {}
        for post in posts:
            for word in post.text.split():
                live.setdefault(word, []).append(post)
        for aid in told:
            found = live.get(aid.link, [])
            fate, wrong = _fate(aid, found, by_place.get((channel, aid.link)))
            fates[fate] += not aid.baseline
            troubles += [f"{channel}, {aid.link} ({aid.source}): {each}" for each in wrong]
            delays += [(post.posted_at - aid.published_at).total_seconds() for post in found]
    return Verdict(
        fates={fate: count for fate, count in fates.most_common() if count}, delays=delays, troubles=troubles
    )


def _fate(aid: Told, posts: Sequence[ShownPost], delivery: Delivery | None) -> tuple[str, list[str]]:
    if aid.baseline:
        return "baseline", ["it was there at the first look, and was announced"] if posts else []
    if posts:
        state = delivery.state if delivery else None
        wrong = [] if state is State.SENT else [f"it is public, and its delivery is {state}"]
        wrong += [f"it is public {len(posts)} times"] if len(posts) > 1 else []
        return "sent", wrong + [each for post in posts for each in _wrong_words(aid, post)]
    if delivery is None:
        lived = (aid.gone_at or datetime.max.replace(tzinfo=aid.published_at.tzinfo)) - aid.published_at
        return "never seen", [] if lived < SLACK else ["it is on no record"]
    if delivery.state in (State.SENT, State.SENDING) or not delivery.reason:
        return str(delivery.state), [f"it is not public, and its delivery says {delivery.state}"]
    cause = f" ({delivery.cause})" if delivery.cause else ""
    return f"{delivery.state}{cause}", []


def _wrong_words(aid: Told, post: ShownPost) -> Iterable[str]:
    """Find a post that says what its aid was never called, or was called no more, or comes after its end."""
    said = [title for title in aid.titles if title in post.text]
    if not said:
        yield f"its post says something else: {post.text[:80]!r}"
    if "#SpotlightOnSafety" not in post.text:
        yield "its post has no hashtag"
    if aid.gone_at is not None and post.posted_at > aid.gone_at + SLACK:
        yield f"it was announced {post.posted_at - aid.gone_at} after it was taken back"
