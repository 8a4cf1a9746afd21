"""Check links: one, that says where it leads, and none that nobody meant."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from spotlight_notify.rules.lint.parsed_text import ADDRESS, Breach, ParsedText, quoted
from spotlight_notify.rules.lint.rules import Policy
from spotlight_notify.text.links import shortener_of

_CLICK = re.compile(
    r"\b(?:click|tap|press)(?:ing)? (?:on )?(?:here|(?:this|the) (?:link|button)|below)\b", re.IGNORECASE
)
_MEANT = re.compile(r"[a-z]+|[A-Z]+")
"""A domain's end as people write it in a site's name, CDC.gov or CDC.GOV; "W.Va" is an abbreviation."""


def one_link(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find more addresses than one; a site's bare name, as in "see CDC.gov", is no address to readers."""
    links = [each for each in parsed.links if ADDRESS.match(each.text)]
    if len(links) > 1:
        yield Breach(
            "one-link",
            links[1].start,
            f"there are {len(links)} links, first {quoted(links[0].text)}: keep only the one to the aid",
        )


def accidental_link(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find what X makes a link of though nobody meant one: an abbreviation, or a space that is missing."""
    for each in parsed.links:
        host = each.text.partition("/")[0]
        if not ADDRESS.match(each.text) and not _MEANT.fullmatch(host.rpartition(".")[2]):
            yield Breach(
                "accidental-link",
                each.start,
                f"X makes a link of {quoted(each.text)}: write it out, or put a space behind the full stop",
            )
            return


def short_link(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find a link shortener's link, which hides where it leads."""
    for each in parsed.links:
        address = each.text if "://" in each.text else f"//{each.text}"
        if shortener := shortener_of((urlsplit(address).hostname or "").lower()):
            yield Breach(
                "short-link",
                each.start,
                f"{quoted(each.text)} belongs to the link shortener {shortener}, which hides where it leads: "
                "give the page's own address",
            )
            return


def click_here(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find words that tell how to use a link, and not where it leads."""
    found = _CLICK.search(parsed.text)
    if found:
        yield Breach(
            "click-here",
            found.start(),
            f"{quoted(found[0])} does not say where it leads: name what is behind the link",
        )
