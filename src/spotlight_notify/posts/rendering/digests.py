"""Choose which titles stand in a digest: as many as fit, whole, the oldest first."""

from collections.abc import Sequence

from spotlight_notify.model.words import Network
from spotlight_notify.posts.rendering.truncation import Fits, ever_fewer, with_tag
from spotlight_notify.posts.templates.fields import DIGEST_BLANKS, TITLES, Fields, Listed
from spotlight_notify.posts.templates.layouts import Layout
from spotlight_notify.posts.templates.limits import LIMITS, measure


def fullest_digest(fields: Fields, layout: Layout, network: Network, fits: Fits) -> Fields | None:
    """Return the fields with as many of their aids as fit; None if not one does.

    A title that does not fit is passed over, and a shorter one after it may stand there. What may be dropped
    is dropped only for the sake of titles. The theme's hashtag gives way to everything.
    """
    most = layout.longest.get(TITLES, LIMITS[network])
    aids: Sequence[Listed] = fields["aids"]
    best: Fields | None = None
    shown = 0
    for tried in ever_fewer(fields | {"theme_hashtag": None}, _droppable(layout)):
        fitting = _with_titles(tried, aids, most, network, fits)
        if len(fitting) > shown:
            best, shown = tried | _listing(tried, fitting), len(fitting)
        if shown == len(aids):
            break
    return best and with_tag(best, fields, fits)


def _droppable(layout: Layout) -> tuple[str, ...]:
    return tuple(name for name in layout.drop if name in DIGEST_BLANKS)


def _with_titles(
    fields: Fields, aids: Sequence[Listed], most: int, network: Network, fits: Fits
) -> tuple[Listed, ...]:
    """Take one title after the other, if the post fits with it and the titles stay within ``most``."""
    shown: tuple[Listed, ...] = ()
    left = most
    for aid in aids:
        size = measure(aid.title, network)
        if size <= left and fits(fields | _listing(fields, (*shown, aid))):
            shown, left = (*shown, aid), left - size
    return shown


def _listing(fields: Fields, shown: tuple[Listed, ...]) -> Fields:
    return {"aids": shown, "more": fields["count"] - len(shown)}
