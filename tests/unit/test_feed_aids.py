"""From a feed's entries to aids: order, fields, warnings."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.aids import Aid, Image, Reading
from spotlight_notify.model.words import Kind
from spotlight_notify.sources.feed.aids import aids_from, warnings_about
from spotlight_notify.sources.feed.document import Document, Drawing, Entry

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = "https://valor.test/"


def aids(*entries: Entry, site_link: str = SITE, reading: Reading | None = None) -> tuple[Aid, ...]:
    return aids_from(Document(entries=entries, site_link=site_link), "site", reading or Reading())


def warnings(*entries: Entry, site_link: str = SITE) -> tuple[str, ...]:
    document = Document(entries=entries, site_link=site_link, warnings=("mended",))
    assert warnings_about(document, (), NOW)[0] == "mended"
    return warnings_about(document, aids_from(document, "site", Reading()), NOW)[1:]


def test_fills_every_field() -> None:
    entry = Entry(
        guid="1",
        title="[Poster] Keep Calm",
        summary="A poster.",
        link="https://valor.test/calm",
        categories=("De-escalation", "Risk"),
        drawings=(
            Drawing(url="https://valor.test/a.png", alt="Two officers"),
            Drawing(url="https://valor.test/b.png"),
        ),
        published=NOW.timestamp(),
        updated=NOW.timestamp() + 60,
    )
    reading = Reading(
        kind_title_prefixes={"[poster]": Kind.POSTER},
        theme_categories={"De-escalation": "Calm", "Risk": "Risk"},
    )
    assert aids(entry, reading=reading) == (
        Aid(
            source="site",
            key="guid:1",
            title="Keep Calm",
            link="https://valor.test/calm",
            summary="A poster.",
            kind=Kind.POSTER,
            theme="Calm",
            other_themes=("Risk",),
            categories=("De-escalation", "Risk"),
            images=(
                Image(url="https://valor.test/a.png", alt="Two officers"),
                Image(url="https://valor.test/b.png"),
            ),
            published_at=NOW,
            updated_at=NOW + timedelta(minutes=1),
            aliases=("guid:1", "link:https://valor.test/calm"),
        ),
    )


def test_lists_the_oldest_first() -> None:
    entries = [Entry(guid=str(n), published=float(n)) for n in (3, 1, 2)]
    assert [aid.key for aid in aids(*entries)] == ["guid:1", "guid:2", "guid:3"]
    assert [aid.key for aid in aids(Entry(guid="b", updated=9.0), Entry(guid="a", published=8.0))] == [
        "guid:a",
        "guid:b",
    ]


def test_reverses_a_feed_without_dates() -> None:
    assert [aid.key for aid in aids(*(Entry(guid=g) for g in "cba"))] == ["guid:a", "guid:b", "guid:c"]


def test_an_entry_without_date_stays_beside_its_older_neighbour() -> None:
    entries = (
        Entry(guid="d", published=4.0),
        Entry(guid="c"),
        Entry(guid="b", published=2.0),
        Entry(guid="a"),
    )
    assert [aid.key for aid in aids(*entries)] == ["guid:a", "guid:b", "guid:c", "guid:d"]


def test_the_site_stands_in_for_a_link_and_identifies_nothing() -> None:
    (aid,) = aids(Entry(guid="1", title="Calm"))
    assert (aid.link, aid.aliases) == (SITE, ("guid:1",))
    assert warnings(Entry(guid="1", title="Calm")) == (
        "“Calm” has no usable link of its own (the feed's site stands in)",
    )


def test_the_sites_front_page_as_a_link_identifies_nothing() -> None:
    told = [Entry(guid=str(n), title=f"Aid {n}", link="https://valor.test") for n in (1, 2)]
    assert [aids(entry)[0].aliases for entry in told] == [("guid:1",), ("guid:2",)]
    assert aids(told[0])[0].link == "https://valor.test"
    bare = [aids(Entry(title=f"Aid {n}", link=SITE))[0].aliases for n in (1, 2)]
    assert len(set(bare)) == len(bare) == 2
    assert all(name.startswith("hash:") for names in bare for name in names)


def test_without_any_link_there_is_none() -> None:
    assert aids(Entry(guid="1", title="Calm"), site_link="")[0].link is None
    assert warnings(Entry(guid="1", title="Calm"), site_link="") == ("“Calm” has no usable link",)


def test_warns_once_for_each_kind_of_defect() -> None:
    entries = [Entry(guid=str(n), title=f"Aid {n}", published=float(n)) for n in range(30)]
    assert warnings(*entries, site_link="") == ("30 entries, “Aid 0” among them, have no usable link",)


def test_warns_about_titles_that_are_missing() -> None:
    link = "https://valor.test/1"
    assert aids(Entry(guid="1", link=link))[0].title == ""
    assert warnings(Entry(guid="1", link=link)) == ("“guid:1” has no title and no summary",)


def test_keeps_a_date_in_the_future_and_warns() -> None:
    tomorrow = Entry(guid="1", title="Calm", link=f"{SITE}1", published=(NOW + timedelta(days=1)).timestamp())
    assert aids(tomorrow)[0].published_at == NOW + timedelta(days=1)
    assert warnings(tomorrow) == ("“Calm” has a date in the future",)
    soon = Entry(guid="1", title="Calm", link=f"{SITE}1", published=(NOW + timedelta(minutes=9)).timestamp())
    assert warnings(soon) == ()


def test_passes_over_entries_that_say_nothing() -> None:
    empty = Entry(published=1.0, categories=("x",))
    assert [aid.key for aid in aids(empty, Entry(guid="1", title="Calm"), empty)] == ["guid:1"]
    assert warnings(empty, Entry(guid="1", title="Calm", link=f"{SITE}1"), empty) == (
        "2 empty entries were passed over",
    )


def test_a_year_that_no_calendar_has_is_not_given() -> None:
    assert aids(Entry(guid="1", published=1e15, updated=-1e15))[0].published_at is None


def test_a_summary_that_a_prefix_hid_from_the_title_is_dropped() -> None:
    reading = Reading(kind_title_prefixes={"[Poster]": Kind.POSTER})
    assert aids(Entry(guid="1", title="[Poster] Calm", summary="Calm"), reading=reading)[0].summary == ""


@given(st.lists(st.none() | st.floats(0, 9), max_size=9))
def test_dated_entries_are_in_order_and_none_is_lost(times: list[float | None]) -> None:
    found = aids(*(Entry(guid=str(n), published=time) for n, time in enumerate(times)))
    dates = [aid.published_at for aid in found if aid.published_at]
    assert dates == sorted(dates)
    assert {aid.key for aid in found} == {f"guid:{n}" for n in range(len(times))}


def test_feeds_same_guid_and_link_are_told_in_one_warning() -> None:
    entries = tuple(Entry(guid="all", link="https://valor.test/all", title=title) for title in "abc")
    document = Document(entries=(*entries, Entry(guid="4", link="https://valor.test/4", title="d")))
    aids = aids_from(document, "site", Reading())
    assert [aid.title for aid in aids] == ["d", "c", "b", "a"]
    (warning,) = warnings_about(document, aids, datetime(2026, 11, 23, tzinfo=UTC))
    assert warning == "3 entries share guid and link: their titles tell them apart"
