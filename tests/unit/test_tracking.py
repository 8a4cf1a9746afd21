"""Tracking parameters: on the campaign's own sites alone, and never in the way of knowing a post again."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.posts import LivePost, Post, Receipt, Subject, Timeline
from spotlight_notify.rules.proof import recognise
from spotlight_notify.text.links import MAX_LINK, normalised_link, tracked

UTM = {"utm_source": "x", "utm_medium": "social"}
CLICK = {"utm_source": "x", "fbclid": "1"}
OWN = ("valor.example", "training.example.gov")
A = "https://valor.example/a"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (A, f"{A}?utm_source=x&utm_medium=social"),
        (f"{A}?id=7", f"{A}?id=7&utm_source=x&utm_medium=social"),
        (f"{A}?", f"{A}?utm_source=x&utm_medium=social"),
        (f"{A}?id=7&", f"{A}?id=7&utm_source=x&utm_medium=social"),
        (f"{A}#part-2", f"{A}?utm_source=x&utm_medium=social#part-2"),
        (f"{A}?id=7#/route?x=1", f"{A}?id=7&utm_source=x&utm_medium=social#/route?x=1"),
        (f"{A}?utm_source=mail", f"{A}?utm_source=mail&utm_medium=social"),
        (f"{A}?UTM_Source=mail&utm_medium=", f"{A}?UTM_Source=mail&utm_medium="),
        ("https://valor.example", "https://valor.example?utm_source=x&utm_medium=social"),
        ("https://WWW.Valor.example./a", "https://WWW.Valor.example./a?utm_source=x&utm_medium=social"),
        (
            "http://a.b.training.example.gov:8080/%C3%A9?q=%20",
            "http://a.b.training.example.gov:8080/%C3%A9?q=%20&utm_source=x&utm_medium=social",
        ),
    ],
)
def test_parameters_are_added_to_own_links(link: str, expected: str) -> None:
    assert tracked(link, UTM, OWN) == expected


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/a",
        "https://notvalor.example/a",
        "https://valor.example.org/a",
        "https://example.gov/a",
        "https://example.org/valor.example?valor.example#valor.example",
        "https://valor.example@example.org/",
    ],
)
def test_links_of_others_stay_as_they_are(link: str) -> None:
    assert tracked(link, UTM, OWN) == link


def test_without_parameters_or_domains_nothing_changes() -> None:
    assert tracked(f"{A}?#", {}, OWN) == f"{A}?#"
    assert tracked(A, UTM, ()) == A


def test_a_link_does_not_grow_beyond_what_is_posted() -> None:
    added = len("?utm_source=x&utm_medium=social")
    longest = f"{A}/".ljust(MAX_LINK - added, "a")
    assert len(tracked(longest, UTM, OWN)) == MAX_LINK
    assert tracked(f"{longest}a", UTM, OWN) == f"{longest}a"


@given(
    query=st.text("ab=&%2F+utm_source;", max_size=30),
    fragment=st.text("ab#?&=/", max_size=10),
    own=st.booleans(),
)
def test_what_was_there_stays_and_adding_again_changes_nothing(query: str, fragment: str, own: bool) -> None:
    link = f"{A if own else 'https://example.org/a'}?{query}#{fragment}"
    once = tracked(link, UTM, OWN)
    assert tracked(once, UTM, OWN) == once
    assert urlsplit(once).fragment == urlsplit(link).fragment
    before, after = (parse_qsl(urlsplit(url).query, keep_blank_values=True) for url in (link, once))
    assert after[: len(before)] == before
    assert {name for name, _ in after} >= (set(UTM) if own else set())


def live(link: str) -> Timeline:
    receipt = Receipt(post_id="1", url=None, posted_at=datetime(2026, 11, 23, tzinfo=UTC))
    post = LivePost(receipt=receipt, text=f"By hand: {link}", links=(link,))
    return Timeline(posts=(post,), complete=True, read=1)


def knows(post: Post, own: str, found: str) -> bool:
    subject = Subject(title="Keep Calm", link=own)
    return bool(recognise(post, subject, live(found), ()).doubtful)


@pytest.mark.parametrize("link", [A, f"{A}/?id=7", f"{A}/#/route", f"{A}?utm_source=mail"])
def test_a_post_is_known_by_its_link_with_and_without_utm_parameters(link: str) -> None:
    with_them = tracked(link, UTM, OWN)
    assert normalised_link(with_them) == normalised_link(link)
    for posted, found in ((link, with_them), (with_them, link), (with_them, tracked(link, CLICK, OWN))):
        post = Post(text=f"Keep Calm {posted}", link=posted)
        assert knows(post, link, found)


def test_another_parameter_is_part_of_a_link_unless_we_added_it_ourselves() -> None:
    """On a site that is not ours to know, ``?page=2`` is another page."""
    link = tracked(A, {"campaign": "spotlight"}, OWN)
    post = Post(text=f"Keep Calm {link}", link=link)
    assert knows(post, A, link)
    assert knows(post, A, A)
    assert not knows(post, A, f"{A}?page=2")
