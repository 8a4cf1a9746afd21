"""Find what is wrong with templates, by reading them and by filling them in, before the first aid does."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import jinja2
from jinja2 import meta, nodes

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.errors import Problem, TemplateError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.posts.templates.environment import CORRECTION, DIGEST, ENDING, LANGUAGES
from spotlight_notify.posts.templates.fields import (
    BLANKS,
    CORRECTION_FIELDS,
    DIGEST_BLANKS,
    DIGEST_FIELDS,
    FIELDS,
    Fields,
    Listed,
    correction_fields,
    digest_fields,
    fields_of,
    listed,
)
from spotlight_notify.posts.templates.layouts import fill_in
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.html import visible_markup

_OWN_FIELDS = {DIGEST: DIGEST_FIELDS, CORRECTION: CORRECTION_FIELDS}
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CLICK_HERE = re.compile(r"\bclick\s+here\b", re.IGNORECASE)


def breaking_problems(environment: jinja2.Environment, sources: Mapping[str, str]) -> Iterator[Problem]:
    """Find what keeps a file, and those that are built on it, from being filled in at all."""
    for name, source in sources.items():
        try:
            tree = environment.parse(source, name, name)
            environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            yield Problem(error.name or name, error.lineno, error.message or "cannot be read")
            continue
        yield from _unknown_fields(environment, name, tree)
        yield from _missing_parents(name, tree, sources)


def other_problems(sources: Mapping[str, str], networks: Sequence[Network]) -> Iterator[Problem]:
    """Find files that no post uses, and words that no post should say."""
    names = [network.name for network in networks]
    for name, source in sources.items():
        yield from _unused(name, names)
        yield from _unwanted_words(name, source)


def closure(environment: jinja2.Environment, name: str, sources: Mapping[str, str]) -> set[str]:
    """Return the names of a file and of all that it is built on, as far as those can be read."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.add(found)
            waiting += _parents(environment, found, sources)
    return seen


def _parents(environment: jinja2.Environment, name: str, sources: Mapping[str, str]) -> list[str]:
    try:
        tree = environment.parse(sources.get(name, ""), name, name)
    except jinja2.TemplateSyntaxError:
        return []
    return [parent for parent in meta.find_referenced_templates(tree) if parent]


def _unknown_fields(environment: jinja2.Environment, name: str, tree: nodes.Template) -> Iterator[Problem]:
    fields = _fields_in(name)
    unknown = meta.find_undeclared_variables(tree) - fields - set(environment.globals)
    there = ", ".join(sorted(fields))
    for used in tree.find_all(nodes.Name):
        if used.name in unknown:
            unknown.discard(used.name)
            yield Problem(name, used.lineno, f"there is no field {used.name!r}; there are {there}")


def _missing_parents(name: str, tree: nodes.Template, sources: Mapping[str, str]) -> Iterator[Problem]:
    building: list[nodes.Extends | nodes.Include] = [*tree.find_all(nodes.Extends)]
    building += (node for node in tree.find_all(nodes.Include) if not node.ignore_missing)
    for node in building:
        how = "extends" if isinstance(node, nodes.Extends) else "includes"
        parent = node.template.value if isinstance(node.template, nodes.Const) else None
        if isinstance(parent, str) and parent not in sources:
            yield Problem(name, node.lineno, f'it {how} "{parent}", and there is no such file in this folder')


def _unused(name: str, networks: Sequence[str]) -> Iterator[Problem]:
    """Find a file that would never be used, such as ``x.potcast.j2``."""
    network, *rest = name.removesuffix(ENDING).split(".")
    ways = (*Kind, *LANGUAGES, *_OWN_FIELDS)
    known = network in networks and (not rest or (len(rest) == 1 and rest[0] in ways))
    if not known and not name.startswith("_"):
        listed = f"{', '.join(networks)}; {', '.join(ways)}"
        message = f"no post uses this file: name it NETWORK.j2 or NETWORK.KIND.j2 ({listed})"
        yield Problem(name, 0, message)


def _fields_in(name: str) -> frozenset[str]:
    """Return which fields a file may use; a part may be for any."""
    if name.startswith("_"):
        return FIELDS.union(*_OWN_FIELDS.values())
    return _OWN_FIELDS.get(name.removesuffix(ENDING).partition(".")[2], FIELDS)


def _unwanted_words(name: str, source: str) -> Iterator[Problem]:
    said = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    for found in _CLICK_HERE.finditer(said):
        line = said.count("\n", 0, found.start()) + 1
        message = "“click here” tells nobody where a link leads: say what to do there, such as “Listen”"
        yield Problem(name, line, message)


_AT = datetime(2016, 3, 22, 18, tzinfo=UTC)
_HASHTAG = "#SpecimenHashtag"
_THEME_HASHTAG = "#SpecimenTheme"
_THEME = "De-Escalation"
_LINK = "https://example.gov/1"
_LONG_TITLE = (
    "An Integrated Approach: Q&A on “Minimizing Use of Force” and Officers' Safety, " * 12 + "the End"
)
_LONG_LINK = f"https://example.gov/Aids/{'keep-calm/' * 190}?a=1&b=Two%20words"
"""Sources give titles of up to 1,000 characters, and links of up to 2,048."""
_CORRECTED = "It takes place on March 3."
_COUNT = 12
"""Aids in the larger of the digests that are tried."""


def post_problems(
    template: jinja2.Template, kind: Kind, network: Network, drop: tuple[str, ...]
) -> Iterator[Problem]:
    """Try a template on aids of a kind; ``drop`` names what may be left out of its posts.

    Finds that it fails, or drops, garbles or crowds out what must be in a post.
    """
    for aid, theme_hashtag in _samples(kind):
        fields = fields_of(aid, _HASHTAG, theme_hashtag)
        must = {"title": aid.title, "link": aid.link or ""}
        yield from _problems_in(template, fields, partial(_lacks, must=must))
    bare = fields_of(_bare_aid(kind), _HASHTAG) | _left_out(drop)
    yield from _problems_in(template, bare, partial(_too_long, network=network))


def digest_problems(template: jinja2.Template, network: Network, drop: tuple[str, ...]) -> Iterator[Problem]:
    """Try a template for several aids, in the same way: few and many, short titles and very long ones."""
    for shown, count in ((2, 2), (_COUNT, _COUNT), (1, _COUNT)):
        for title, link, tag in (("Keep Calm", _LINK, None), (_LONG_TITLE, _LONG_LINK, _THEME_HASHTAG)):
            fields = _digest(_aids(shown, title), count, link, tag)
            yield from _problems_in(template, fields, partial(_lacks_in_digest, fields=fields))
    short = _digest(_aids(1), _COUNT, _LINK, None) | _left_out(drop)
    yield from _problems_in(template, short, partial(_too_long, network=network))


def correction_problems(template: jinja2.Template, network: Network) -> Iterator[Problem]:
    """Try a template for a correction."""
    fields = correction_fields(_CORRECTED, _LINK, _HASHTAG)
    must = {"text": _CORRECTED, "link": _LINK}
    yield from _problems_in(template, fields, partial(_lacks, must=must))
    yield from _problems_in(template, fields, partial(_too_long, network=network))


def _problems_in(
    template: jinja2.Template, fields: Fields, find: Callable[[str], Iterator[str]]
) -> Iterator[Problem]:
    """Fill a template in, and give what is wrong with the text."""
    try:
        text = fill_in(template, fields)
    except TemplateError as error:
        yield from error.problems
        return
    yield from (Problem(template.name or "", 0, message) for message in find(text))


def _samples(kind: Kind) -> Iterator[tuple[Aid, str | None]]:
    """Return aids of a kind with little, with everything, and with long words; with theme hashtags."""
    bare = _bare_aid(kind)
    full = replace(bare, event_at=_AT, published_at=_AT, summary="In short.", theme=_THEME)
    gated = replace(full, access=Access.SIGN_IN)
    long = replace(bare, title=_LONG_TITLE, link=_LONG_LINK)
    return iter(((bare, None), (gated, None), (gated, _THEME_HASHTAG), (long, None)))


def _bare_aid(kind: Kind) -> Aid:
    """Make an aid with nothing that can be missing."""
    return Aid(source="site", key="1", title="Keep Calm", link=_LINK, kind=kind)


def _left_out(drop: tuple[str, ...]) -> Fields:
    """Leave out what may go and a bare aid has: words that are only nice to have."""
    return {name: BLANKS[name] for name in DIGEST_BLANKS if name in drop}


def _aids(count: int, title: str = "Keep Calm") -> tuple[Listed, ...]:
    """List aids of every kind, every other one behind a sign-in."""
    bare = [_bare_aid(list(Kind)[number % len(Kind)]) for number in range(count)]
    return tuple(
        listed(replace(aid, title=f"{title}, Part {number}", access=list(Access)[number % len(Access)]))
        for number, aid in enumerate(bare, start=1)
    )


def _digest(aids: tuple[Listed, ...], count: int, link: str, theme_hashtag: str | None) -> Fields:
    fields = digest_fields(_THEME, aids, link, _HASHTAG, theme_hashtag)
    return fields | {"more": count - len(aids), "count": count}


def _lacks_in_digest(text: str, fields: Fields) -> Iterator[str]:
    yield from _lacks(text, {"theme": _THEME, "link": fields["link"]})
    if any(aid.title not in text for aid in fields["aids"]):
        yield "the post must have each title in it, whole: go through aids"
    more = fields["more"]
    if more and not re.search(rf"\b{more}\b", text):
        yield "the post must say how many more there are: use {{ more }}"


def _lacks(text: str, must: Mapping[str, str]) -> Iterator[str]:
    for field, value in (*must.items(), ("hashtag", _HASHTAG)):
        if value not in text:
            yield f"the post must have the {field} in it, whole: use {{{{ {field} }}}}"
    wanted = {tag for tag in (_HASHTAG, _THEME_HASHTAG) if tag in text}
    if not wanted <= {tag.text for tag in hashtags(text)}:
        yield "the hashtag is no hashtag there: put white space before and after it"
    if shown := visible_markup(text.replace(must["link"], "")):
        yield f"posts are plain text, and people would see {shown} in it"


def _too_long(text: str, network: Network) -> Iterator[str]:
    size, limit = network.measure(text), network.limit
    if size > limit:
        yield (
            f"its own words leave no room: with a short title and nothing else the post is {size} long, "
            f"and {network.title} takes {limit}"
        )
