"""The addresses at which people see posts."""

import pytest

from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X

POST = "1999999999999999999"


@pytest.mark.parametrize(
    ("url", "post_id", "account"),
    [
        (f"https://x.com/i/web/status/{POST}", POST, None),
        (f"https://x.com/i/status/{POST}", POST, None),
        (f"https://twitter.com/valor/status/{POST}?s=20", POST, "valor"),
        (f"https://mobile.twitter.com/valor/statuses/{POST}/photo/1", POST, "valor"),
        ("https://www.facebook.com/123/posts/456", "456", "123"),
        ("https://www.facebook.com/valor/posts/a-title/456/", "456", "valor"),
        ("https://www.facebook.com/valor/posts/pfbid0abc", "pfbid0abc", "valor"),
        ("https://facebook.com/123_456", "456", "123"),
        ("https://m.facebook.com/story.php?story_fbid=456&id=123", "456", "123"),
        ("https://www.facebook.com/permalink.php?story_fbid=pfbid0abc&id=123", "pfbid0abc", "123"),
        ("https://www.facebook.com/photo/?fbid=456", "456", None),
    ],
)
def test_command_line_2_an_address_tells_which_post_it_is_and_whose(
    url: str, post_id: str, account: str | None
) -> None:
    network = next(each for each in NETWORKS if each.has(url))
    assert network is not None
    found = network.permalink(url)
    assert found is not None
    assert (found.post_id, found.account) == (post_id, account)


@pytest.mark.parametrize(
    "url",
    [
        "notaurl",
        "https://x.com/valor",
        "https://x.com/valor/status/abc",
        "https://x.com/valor/status/0",
        f"https://x.com.evil.example/valor/status/{POST}",
        f"https://evilx.com/valor/status/{POST}",
        f"ftp://x.com/valor/status/{POST}",
        "https://www.facebook.com/valor",
        "https://www.facebook.com/",
        "https://[",
        "",
    ],
)
def test_command_line_2_what_is_no_address_of_a_post_is_none(url: str) -> None:
    assert all(network.permalink(url) is None for network in NETWORKS)


def test_command_line_2_one_networks_address_is_none_of_the_other() -> None:
    assert FACEBOOK.permalink(f"https://x.com/valor/status/{POST}") is None
    assert X.permalink("https://www.facebook.com/123/posts/456") is None


@pytest.mark.parametrize(("post_id", "is_telling"), [("pfbid0abc", False), ("456", True)])
def test_lists_show_no_post_by_the_id_that_is_made_for_people(post_id: str, is_telling: bool) -> None:
    for url in (f"https://facebook.com/valor/posts/{post_id}", f"https://facebook.com/photo/?fbid={post_id}"):
        found = FACEBOOK.permalink(url)
        assert found is not None
        assert found.is_telling is is_telling
