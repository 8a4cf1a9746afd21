"""Links: which can be posted, and which are the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.links import (
    MAX_LINK,
    lead_to_other_places,
    link_alias,
    normalised_link,
    usable_link,
)


@pytest.mark.parametrize(
    ("given_link", "usable"),
    [
        ("https://example.gov/aid", "https://example.gov/aid"),
        ("  https://example.gov/a\n  ", "https://example.gov/a"),
        ("https://example.gov/a\r\nb\tc", "https://example.gov/abc"),
        ("HTTPS://Example.GOV/A", "HTTPS://Example.GOV/A"),
        ("https://example.gov/keep calm.pdf", "https://example.gov/keep%20calm.pdf"),
        ('https://example.gov/"a"<b>', "https://example.gov/%22a%22%3Cb%3E"),
        ("https://example.gov/100%25?q=a+b&c=d#e", "https://example.gov/100%25?q=a+b&c=d#e"),
        ("https://example.gov/señal", "https://example.gov/se%C3%B1al"),
        ("https://münchen.example:8443/ü", "https://xn--mnchen-3ya.example:8443/%C3%BC"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
    ],
)
def test_usable_links_are_made_fit_to_be_posted(given_link: str, usable: str) -> None:
    assert usable_link(given_link) == usable


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "   ",
        "/aids/1",
        "example.gov/aid",
        "javascript:alert(1)",
        "mailto:someone@example.gov",
        "ftp://example.gov/a",
        "https://",
        "https:///path",
        "https://example.gov:99999/",
        "https://[::1/a",
        "https://name:word@example.gov/",
        "https://example.gov\\@elsewhere.example/",
        "https://exa mple.gov/",
        "https://" + "é" * 70 + ".example/",
        "https://example.gov/\ud800",
        "https://example.gov/" + "a" * MAX_LINK,
    ],
)
def test_other_links_are_not_usable(link: str | None) -> None:
    assert usable_link(link) is None


@given(st.text(max_size=60))
def test_what_is_usable_stays_usable_and_has_no_white_space(tail: str) -> None:
    link = usable_link(f"https://example.gov/{tail}")
    if link is not None:
        assert usable_link(link) == link
        assert link.split() == [link]
        assert link.isascii()


@pytest.mark.parametrize(
    "other",
    [
        "http://example.gov/a?b=1",
        "https://EXAMPLE.gov/a?b=1",
        "https://example.gov:443/a?b=1",
        "http://example.gov:80/a?b=1",
        "https://example.gov./a?b=1",
        "https://example.gov/a/?b=1",
        "https://example.gov/%61?b=1",
        "https://example.gov/a?b=1#top",
        "https://example.gov/a?b=1&utm_source=feed&UTM_Medium=rss",
        "https://example.gov/a?fbclid=x&b=1&gclid=y",
    ],
)
def test_links_to_the_same_page_are_equal(other: str) -> None:
    assert normalised_link(other) == normalised_link("https://example.gov/a?b=1")


@pytest.mark.parametrize(
    "other",
    [
        "https://example.gov/a?b=2",
        "https://example.gov/a",
        "https://example.gov/A?b=1",
        "https://example.gov:8443/a?b=1",
        "https://www.example.gov/a?b=1",
        "https://example.gov/a?b=1&c=",
        "https://example.gov/a?b=1#/aids/2",
        "https://example.gov/a?b=1#!aid",
    ],
)
def test_links_to_other_pages_differ(other: str) -> None:
    assert normalised_link(other) != normalised_link("https://example.gov/a?b=1")


def test_escaped_bytes_that_are_no_text_stay_apart() -> None:
    assert normalised_link("https://example.gov/%E9") != normalised_link("https://example.gov/%E8")
    assert normalised_link("https://example.gov/?a=%E9") != normalised_link("https://example.gov/?a=%E8")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(tail: str) -> None:
    link = usable_link(f"https://example.gov/{tail}")
    if link is not None:
        once = normalised_link(link)
        assert normalised_link(once) == once


def test_a_link_that_is_too_long_once_quoted_is_none() -> None:
    assert usable_link("https://example.gov/" + "安" * 200) is not None
    assert usable_link("https://example.gov/" + "安" * 700) is None


def test_the_alias_of_a_long_link_is_hashed() -> None:
    long = "https://example.gov/" + "a" * 1_500
    assert link_alias(long).startswith("link:sha256-")
    assert link_alias(long) == link_alias(long.replace("https", "http") + "/")
    assert link_alias(long) != link_alias(long + "b")


def test_an_alias_says_that_it_is_a_link() -> None:
    assert link_alias("http://example.gov/a/") == "link:https://example.gov/a"


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("https://a.test/p#nov", "https://a.test/p#dec", True),
        ("https://a.test/p#nov", "https://a.test/p#nov", False),
        ("https://a.test/p#nov", "https://a.test/p", False),
        ("https://a.test/p#caf%C3%A9", "https://a.test/p#café", False),
        ("https://a.test/p#nov", "https://a.test/p#:~:text=dec", False),
        ("https://a.test/p#nov", None, False),
    ],
)
def test_tells_two_places_on_one_page_apart(one: str, other: str | None, differ: bool) -> None:
    assert lead_to_other_places(one, other) is differ
    assert lead_to_other_places(other, one) is differ
