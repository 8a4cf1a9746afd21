"""Entries for proofs over many: those of the real feeds, and generated ones, all through the feed reader."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

from spotlight_notify.model.aids import Aid, Reading, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Kind
from spotlight_notify.posts.rendering.posts import render
from spotlight_notify.posts.templates.layouts import Templates
from spotlight_notify.sources.feed.aids import aids_from
from spotlight_notify.sources.feed.parser_pool import FeedParser

SEED = 20_261_123
GENERATED = 2_000
THEME = "Defusing Difficult Encounters"
THEMES = {THEME: Theme(name=THEME, hashtag="#SlowItDown", link="https://valor.example.gov/themes/1")}
CAMPAIGN = Campaign(
    name="spotlight",
    sources=(),
    channels=(),
    hashtag="#SpotlightOnSafety",
    theme_hashtags=True,
    tracking={"utm_source": "spotlight", "utm_medium": "social"},
    own_domains=("example.gov",),
)
READING = Reading(
    kind_categories={str(kind): kind for kind in Kind},
    sign_in_categories=("Sign-in required",),
    theme_category_prefix="Theme: ",
)
_LIST = (
    "officer officers safety wellness training report guide de-escalation the a of for and with on in who "
    "calls crisis mental health response traffic stop ambush distance time cover tactics body-worn camera "
    "U.S.C. § No. Lt. Gov. Sgt. Dr. 2016 21st 10152 24/7 CDC.gov valor.example https://example.gov/a?b=1#c "
    "safety.Work e.g. “quoted” ‘single’ — … (in brackets) #OfficerSafety #SpotlightOnSafety @valor AT&T R&D "
    "<Force> 100% $ABC resumé naïve Ünïcødé Привет офицер 安全 執法人員的安全 おまわりさん 경찰 "
    "السلامة שלום सुरक्षा 👮 👮🏽 👩🏽\u200d🚒 👨\u200d👩\u200d👧\u200d👦 "
    "🇺🇸 🚓🚓🚓 e\u0301\u0302 zero\u200bwidth so\u00adft \u202eright-to-left\u202c no\u00a0break"
)
WORDS = tuple(_LIST.split(" "))
ENTITIES = (
    "&#8217;",
    "&amp;",
    "&nbsp;",
    "&quot;",
    "&#x2014;",
    "&eacute;",
    "&lt;b&gt;",
    "&hellip;",
    "&amp;#8217;",
)
TAGS = ("<b>%s</b>", "<p>%s</p>", '<a href="/x?a=1&amp;b=2">%s</a>', "<em>%s</em>", "%s<br/>", "<li>%s</li>")
ENDS = ("", "?id=7&x=1", "/(a)", "#part", "/%C3%A9")
TAILS = ("", "", "", " Read more", " […]", " <p>The post X appeared first on <a href='/'>Y</a>.</p>")


def real_aids(folder: Path, parser: FeedParser) -> Iterator[Aid]:
    """Read every entry of every feed in a folder, those that name the same aid twice too."""
    for file in sorted(folder.glob("*.xml")):
        document = parser.parse(file.read_bytes(), content_type="", url="https://example.gov/feed.xml")
        for entry in document.entries:
            yield from aids_from(replace(document, entries=(entry,)), file.stem, READING)


def generated_aids(parser: FeedParser, count: int = GENERATED, seed: int = SEED) -> Iterator[Aid]:
    """Make feeds as sites do, well and badly, of 500 entries each, and read them; the same for a seed."""
    dice = random.Random(seed)
    for start in range(0, count, 500):
        items = "".join(_item(dice, number) for number in range(start, min(start + 500, count)))
        feed = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
        document = parser.parse(
            feed.encode(), content_type="application/rss+xml", url="https://example.gov/f"
        )
        yield from aids_from(document, f"generated-{start}", READING)


def write(templates: Templates, aids: Iterable[Aid], network: Network) -> list[Post | str]:
    """Write each aid's post, or the reason why a person must."""
    written: list[Post | str] = []
    for aid in aids:
        try:
            written.append(render(templates, THEMES, aid, CAMPAIGN, network))
        except Refused as refused:
            written.append(str(refused))
    return written


def reasons(written: Iterable[Post | str]) -> Mapping[str, int]:
    """Count the reasons, most frequent first, without the numbers and addresses that are an aid's own."""
    told = (re.sub(r"https?://\S+", "...", one) for one in written if isinstance(one, str))
    return dict(Counter(re.sub(r"\b\d+ long", "N long", reason) for reason in told).most_common())


def _item(dice: random.Random, number: int) -> str:
    title = _html(dice, dice.choice((3, 8, 8, 12, 20, 45)))
    summary = " ".join(_html(dice, dice.choice((0, 10, 30)), ".") for _ in range(dice.randint(0, 6)))
    link = (
        f"https://valor.example.gov/aids/{number}{dice.choice(('', '?id=7&x=1', '/(a)', '#part', '/%C3%A9'))}"
    )
    return (
        f"<item><title>{_wrapped(dice, title)}</title><guid>{number}</guid><link>{escape(link)}</link>"
        f"<description>{_wrapped(dice, summary + dice.choice(TAILS))}</description>"
        f"<category>{dice.choice(list(Kind))}</category><category>Theme: {THEME}</category>"
        f"{dice.choice(('', '<category>Sign-in required</category>'))}</item>"
    )


def _html(dice: random.Random, most: int, end: str = "") -> str:
    """Write some words with entities and tags among them."""
    words = []
    for _ in range(dice.randint(1, most) if most else 0):
        word = escape(dice.choice(WORDS))
        word += dice.choice(ENTITIES) if dice.random() < 0.05 else ""
        words.append(dice.choice(TAGS) % word if dice.random() < 0.05 else word)
    return " ".join(words) + end


def _wrapped(dice: random.Random, html: str) -> str:
    """Put HTML into XML as sites do: escaped, in CDATA, or escaped once too often."""
    return dice.choice((escape(html), f"<![CDATA[{html}]]>", escape(escape(html))))
