"""Every real entry there is, and 2,000 made ones: a whole post, free of HTML, or a person's work."""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from entries import CAMPAIGN, GENERATED, generated_aids, real_aids, reasons, write
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.text.entities import hashtags, urls

MARKUP = re.compile(
    r"&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);|</?(?:a|b|br|div|em|i|img|li|p|script|span|strong)\b", re.IGNORECASE
)
TEMPLATES = packaged_templates(NETWORKS)


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    opened = FeedParser(workers=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(parser: FeedParser) -> list[Aid]:
    return list(generated_aids(parser))


@pytest.fixture
def real(parser: FeedParser, shared_data: Path) -> list[Aid]:
    return list(real_aids(shared_data / "feeds", parser))


@pytest.mark.parametrize("network", NETWORKS)
def test_real_entries_become_posts_by_themselves(real: list[Aid], network: Network) -> None:
    written = write(TEMPLATES, real, network)
    tell("real", network, written)
    assert len(real) == 50
    assert_whole(real, written, network)
    by_themselves = sum(isinstance(one, Post) for one in written)
    assert by_themselves / len(real) >= 0.999


@pytest.mark.parametrize("network", NETWORKS)
def test_made_entries_become_posts_or_go_to_a_person(made: list[Aid], network: Network) -> None:
    written = write(TEMPLATES, made, network)
    tell("made", network, written)
    assert len(made) == GENERATED
    assert_whole(made, written, network)
    for reason in reasons(written):
        assert reason.endswith("X takes 280: shorten the title at its source, or post this aid by hand")
    assert bool(reasons(written)) == (network is X)


def tell(which: str, network: Network, written: Sequence[Post | str]) -> None:
    """Say who needed a person, and why (pytest shows it with -s)."""
    refused = sum(isinstance(one, str) for one in written)
    sys.stdout.write(f"\n{network}: {refused} of {len(written)} {which} entries need a person\n")
    sys.stdout.writelines(f"  {count}: {reason}\n" for reason, count in reasons(written).items())


def assert_whole(aids: Sequence[Aid], written: Sequence[Post | str], network: Network) -> None:
    """Look at every post with eyes of its own."""
    for aid, post in zip(aids, written, strict=True):
        if isinstance(post, Post):
            assert_post_whole(aid, post, network)


def assert_post_whole(aid: Aid, post: Post, network: Network) -> None:
    assert 0 < network.measure(post.text) <= network.limit
    title = aid.title.replace("safety.Work", "safety. Work")  # of which X would make a link
    for part in re.split(re.escape(CAMPAIGN.hashtag), title, flags=re.IGNORECASE):
        assert part.strip(" |–—·•:,-") in post.text
    tags = [tag.text for tag in hashtags(post.text)]
    assert [tag for tag in tags if tag.casefold() == CAMPAIGN.hashtag.casefold()] == [CAMPAIGN.hashtag]
    words, _, tail = post.text.rpartition(post.link)
    assert tail.startswith(f"\n\n{CAMPAIGN.hashtag}")
    assert words[-1] in " \n"
    assert post.link in [url.text for url in urls(post.text)]
    assert post.link.startswith((aid.link or "").partition("#")[0])
    assert not MARKUP.search(post.text.replace(post.link, "")), post.text
