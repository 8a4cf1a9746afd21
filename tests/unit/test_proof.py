from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from spotlight_notify.matching import matches
from spotlight_notify.model import LivePost, Post, Receipt, Timeline

LINK = "https://valor.test/aids/1"
POST = Post(text=f"Keep Calm & De-Escalate\n\n{LINK}\n\n#SpotlightOnSafety", link=LINK)
CORRECTION = Post(text=f"Correction: it begins at 10. {LINK}", link=LINK, reply_to="7")
PLACES = st.sampled_from([None, "7", "8"])
WORDS = st.sampled_from([POST.text, CORRECTION.text, f"by hand {LINK}", "other words"])


def live(
    number: int,
    text: str = POST.text,
    links: tuple[str, ...] = (LINK,),
    reply_to: str | None = None,
) -> LivePost:
    receipt = Receipt(post_id=str(number), url=f"https://net.example/{number}", posted_at=NOW)
    return LivePost(receipt=receipt, text=text, links=links, reply_to=reply_to)


def found(post: Post, *posts: LivePost) -> list[str]:
    timeline = Timeline(posts=posts, complete=True, read=len(posts))
    return [match.receipt.post_id for match in matches(post, timeline)]


def test_white_space_makes_no_difference_and_a_changed_text_is_known_by_its_link() -> None:
    assert found(POST, live(7, POST.text.replace("\n\n", " "), ())) == ["7"]
    assert found(POST, live(7, "rewritten by somebody", (f"{LINK}/?utm_source=x",))) == ["7"]
    assert found(POST, live(7, "other", ("https://valor.test/aids/2",))) == []


def test_the_very_text_counts_before_the_link() -> None:
    assert found(POST, live(7), live(8, "by hand")) == ["7"]


def test_a_reply_with_the_link_is_not_taken_for_the_post_it_stands_under() -> None:
    assert found(POST, live(9, CORRECTION.text, reply_to="7")) == []
    assert found(POST, live(9, CORRECTION.text, reply_to="7"), live(8, "by hand")) == ["8"]


def test_the_post_above_is_not_taken_for_the_reply() -> None:
    assert found(CORRECTION, live(7), live(8, "by hand")) == []
    assert found(CORRECTION, live(7), live(9, CORRECTION.text, reply_to="7")) == ["9"]


def test_the_words_of_a_reply_in_another_place_are_another_reply() -> None:
    assert found(CORRECTION, live(9, CORRECTION.text, reply_to="8"), live(10, CORRECTION.text)) == []


@given(st.lists(st.tuples(WORDS, PLACES), max_size=5))
def test_no_live_post_is_both_a_post_and_the_reply_to_it(shown: list[tuple[str, str | None]]) -> None:
    posts = [live(number, text, reply_to=place) for number, (text, place) in enumerate(shown)]
    assert not set(found(POST, *posts)) & set(found(CORRECTION, *posts))
