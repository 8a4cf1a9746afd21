"""Count the posts written in a CPU second for each network, and say which entries need a person, and why.

Over every real feed that stands beside the checkout and 2,000 generated entries. Then the worst of some
hostile entries is timed beside a typical one, in the same run: their ratio is what counts.

    sh run.sh bench
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from entries import CAMPAIGN, THEMES, generated_aids, real_aids, reasons, write
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.posts.rendering.posts import render
from spotlight_notify.posts.templates.layouts import Templates
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.text.html import MAX_HTML, MAX_TITLE

FEEDS = Path(__file__).parents[2] / "shared" / "data" / "feeds"
TYPICAL = 200
UNITS = {
    "no white space": "a",
    "no white space, CJK": "安",
    "emoji ZWJ runs": "👨\u200d👩\u200d👧\u200d👦",
    "combining marks": "e\u0301\u0302\u0303",
    "dots": ".",
    "dotted letters": "a.",
    "short sentences": "A. ",
    "domains": "a.gov ",
    "domains in a run": "a.gov.",
    "half links": "http://a.gov/(",
    "long links": "https://example.gov/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
    "right to left": "שלום السلامة ",
    "hashtags": "#a ",
    "our hashtag": "#SpotlightOnSafety ",
    "mentions": "@a ",
    "quotes": '!" ',
    "entities": "&amp",
    "tags": "<b <b",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="sh run.sh bench posts", description=__doc__)
    parser.add_argument("--made", type=int, default=2_000, help="so many made-up entries (%(default)s)")
    most = parser.parse_args().made
    templates = packaged_templates(NETWORKS)
    with closing(FeedParser(workers=1)) as feeds:
        real = list(real_aids(FEEDS, feeds)) if FEEDS.is_dir() else []
        made = list(islice(generated_aids(feeds), most))
    print(f"{len(real)} real entries" if real else f"no real entries, since {FEEDS} is missing", end="")
    print(f" and {len(made)} generated ones")
    for network in NETWORKS:
        for which, aids in (("real", real), ("generated", made)):
            if aids:
                count(templates, which, aids, network)
        slowest(templates, real or made, network)


def count(templates: Templates, which: str, aids: Sequence[Aid], network: Network) -> None:
    """Write all posts once, and tell how fast and how many could not be."""
    start = time.process_time()
    written = write(templates, aids, network)
    rate = len(aids) / (time.process_time() - start)
    refused = sum(not isinstance(one, Post) for one in written)
    print(
        f"{network.title:8} {which:9} {rate:6.0f} posts a second; "
        f"{100 * refused / len(aids):.1f} % need a person"
    )
    for reason, number in reasons(written).items():
        print(f"         {number}: {reason}")


def slowest(templates: Templates, typical: Sequence[Aid], network: Network) -> None:
    """Tell how much longer than a typical entry the worst hostile one takes."""
    usual = statistics.median(seconds(templates, aid, network) for aid in typical[:TYPICAL])
    worst, name = max((seconds(templates, aid, network), name) for name, aid in hostile(typical[0]))
    print(
        f"{network.title:8} worst of {2 * len(UNITS)} hostile entries: {name}, {worst * 1000:.1f} ms; ",
        end="",
    )
    print(f"typical {usual * 1000:.1f} ms: {worst / usual:.0f} x")


def hostile(aid: Aid) -> Iterator[tuple[str, Aid]]:
    """Put each unit into a summary as long as any may be, and into a title as well."""
    for name, unit in UNITS.items():
        long = (unit * MAX_HTML).encode()[:MAX_HTML].decode("utf-8", "ignore")
        yield f"summary of {name}", replace(aid, title="Keep Calm", summary=long)
        yield f"title and summary of {name}", replace(aid, title=long[:MAX_TITLE].strip(), summary=long)


def seconds(templates: Templates, aid: Aid, network: Network) -> float:
    """Time one post, the best of three."""
    return min(timed(templates, aid, network) for _ in range(3))


def timed(templates: Templates, aid: Aid, network: Network) -> float:
    start = time.process_time()
    with suppress(Refused):
        render(templates, THEMES, aid, CAMPAIGN, network)
    return time.process_time() - start


if __name__ == "__main__":
    main()
