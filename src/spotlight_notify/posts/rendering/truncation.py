"""Find the fullest form of a post, or of a digest, that fits its network's limit."""

from collections.abc import Callable, Iterator, Sequence

from spotlight_notify.model.networks import Network
from spotlight_notify.posts.templates.fields import BLANKS, DIGEST_BLANKS, TITLES, Fields, Listed
from spotlight_notify.posts.templates.layouts import Layout
from spotlight_notify.text.cutting import Cut, clauses, cuts, later_sentences, whole_forms
from spotlight_notify.text.weights import weight

Fits = Callable[[Fields], bool]
_SIGHT = 4
"""How many characters of a text are looked at for each that there is room for: only links, and emoji of five
and more parts, weigh so much less than their characters that more could fit."""
_STUB = 60
"""A sentence that is broken off before this weight, about ten words, tells too little to be shown."""
KEPT = ("event_at",)
"""What may be dropped, but not for the sake of a sentence."""


def fullest(fields: Fields, layout: Layout, network: Network, fits: Fits) -> Fields | None:
    """Return the fullest fields that fit; None if not even the barest do.

    A text is shortened to whole sentences from its beginning, else to a later one that stands alone, else to
    where a clause ends, else to nothing. What may be dropped, but for an event's time, goes before a sentence
    does. The theme's hashtag gives way to everything.
    """
    untagged = _within_lengths(fields | {"theme_hashtag": None}, layout, network)
    if fits(untagged):
        return with_tag(untagged, fields, fits)
    if not fits(barest(fields, layout)):
        return None
    found = _fullest(untagged, layout, fits)
    return found and with_tag(found, fields, fits)


def with_tag(found: Fields, fields: Fields, fits: Fits) -> Fields:
    """Put the theme's hashtag back in, if there is one and it fits."""
    tagged = found | {"theme_hashtag": fields["theme_hashtag"]}
    return tagged if tagged != found and fits(tagged) else found


def in_sight(text: str, name: str, layout: Layout, network: Network) -> str:
    """Return what could ever matter of the text of a field: its longest form within what is looked at."""
    sight = _SIGHT * min(network.limit, layout.longest.get(name, network.limit))
    return text if len(text) <= sight else cuts(text[:sight])[1].of(text)


def barest(fields: Fields, layout: Layout) -> Fields:
    """Return the fields without anything that the layout lets go."""
    return fields | {name: BLANKS[name] for name in (*layout.shrink, *layout.drop)} | {"theme_hashtag": None}


def ever_fewer(fields: Fields, drop: tuple[str, ...]) -> Iterator[Fields]:
    """Yield the fields as they are, and then with one after the other left out."""
    yield fields
    for name in drop:
        fields = fields | {name: BLANKS[name]}
        yield fields


def fullest_digest(fields: Fields, layout: Layout, network: Network, fits: Fits) -> Fields | None:
    """Return the fields with as many of their aids as fit; None if not one does.

    A title that does not fit is passed over, and a shorter one after it may stand there. What may be dropped
    is dropped only for the sake of titles. The theme's hashtag gives way to everything.
    """
    most = layout.longest.get(TITLES, network.limit)
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


def _fullest(fields: Fields, layout: Layout, fits: Fits) -> Fields | None:
    """Return the fields with the best form of what may be shrunk, and as little dropped as may be."""
    for forms in (whole_forms, later_sentences, clauses):
        for tried in ever_fewer(fields, tuple(name for name in layout.drop if name not in KEPT)):
            for name in layout.shrink[:1]:
                if found := _with_form(tried, name, forms, fits):
                    return _with_words_back(found, fields, fits)
    forms_left = (_shrunk(tried, layout.shrink, fits) for tried in ever_fewer(fields, layout.drop))
    return next(filter(None, forms_left), None)


def _with_words_back(found: Fields, fields: Fields, fits: Fits) -> Fields:
    """Put the words that are only nice to have back, where dropping more has made room for them."""
    worded = found | {"roomy": fields["roomy"]}
    return worded if fits(worded) else found


def _with_form(fields: Fields, name: str, forms: Callable[[str], Sequence[Cut]], fits: Fits) -> Fields | None:
    """Return the fields with the first of these forms of a text that fits; None if none does."""
    text = str(fields[name] or "")
    for form in forms(text):
        said = form.of(text)
        if (not form.short or weight(said) >= _STUB) and fits(fields | {name: said}):
            return fields | {name: said}
    return None


def _within_lengths(fields: Fields, layout: Layout, network: Network) -> Fields:
    """Put in the longest forms that are no longer than the layout wants them at most."""
    for name, most in layout.longest.items():
        if name in fields:
            fields = _with_longest_form(fields, name, _is_short(name, most, network))
    return fields


def _is_short(name: str, most: int, network: Network) -> Fits:
    return lambda fields: network.measure(str(fields[name] or "")) <= most


def _shrunk(fields: Fields, shrink: tuple[str, ...], fits: Fits) -> Fields | None:
    """Find the longest forms of these fields that fit; None when not even nothing does."""
    if fits(fields):
        return fields
    for name in shrink:
        fields = _with_longest_form(fields, name, fits)
        if fits(fields):
            return fields
    return None


def _with_longest_form(fields: Fields, name: str, fits: Fits) -> Fields:
    """Put in the best form of a field's text that fits, or nothing if none does or little is left of it."""
    found = (_with_form(fields, name, forms, fits) for forms in (whole_forms, later_sentences, clauses))
    return next(filter(None, found), fields | {name: BLANKS[name]})


def _droppable(layout: Layout) -> tuple[str, ...]:
    return tuple(name for name in layout.drop if name in DIGEST_BLANKS)


def _with_titles(
    fields: Fields, aids: Sequence[Listed], most: int, network: Network, fits: Fits
) -> tuple[Listed, ...]:
    """Take one title after the other, if the post fits with it and the titles stay within ``most``."""
    shown: tuple[Listed, ...] = ()
    left = most
    for aid in aids:
        size = network.measure(aid.title)
        if size <= left and fits(fields | _listing(fields, (*shown, aid))):
            shown, left = (*shown, aid), left - size
    return shown


def _listing(fields: Fields, shown: tuple[Listed, ...]) -> Fields:
    return {"aids": shown, "more": fields["count"] - len(shown)}
