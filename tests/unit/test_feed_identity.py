"""Which entries of a feed are the same, and what identifies nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.sources.feed.document import MAX_ENTRIES, Entry, newest
from spotlight_notify.sources.feed.identity import named, sharing

A, B, SITE = "https://valor.test/a", "https://valor.test/b", "https://valor.test"


def names(*entries: Entry) -> list[tuple[str, ...]]:
    return [one.aliases for one in named(entries)]


def test_a_guid_is_the_key_and_the_link_an_alias() -> None:
    assert names(Entry(guid="1", link=A)) == [("guid:1", "link:https://valor.test/a")]


def test_a_guid_that_changes_or_a_link_that_changes_leaves_a_common_name() -> None:
    before, new_guid, new_link = Entry(guid="1", link=A), Entry(guid="2", link=A), Entry(guid="1", link=B)
    assert set(names(before)[0]) & set(names(new_guid)[0]) == {"link:https://valor.test/a"}
    assert set(names(before)[0]) & set(names(new_link)[0]) == {"guid:1"}


def test_http_and_https_tracking_and_slashes_make_no_difference() -> None:
    (before,) = names(Entry(title="a", link="http://Valor.test/a/?utm_source=rss"))
    (after,) = names(Entry(title="a", link="https://valor.test/a"))
    assert before == after


def test_without_guid_the_link_is_the_key() -> None:
    (found,) = names(Entry(title="a", link=A))
    assert found[0] == "link:https://valor.test/a"
    assert found[1].startswith("hash:")


def test_a_guid_that_is_an_address_is_the_link() -> None:
    (one,) = named([Entry(guid=A)])
    assert (one.link, one.aliases) == (A, (f"guid:{A}", "link:https://valor.test/a"))
    assert [one.link for one in named([Entry(guid="urn:1"), Entry(guid="javascript:x")])] == ["", ""]


def test_a_link_that_different_guids_share_identifies_nothing() -> None:
    assert names(Entry(guid="1", link=SITE), Entry(guid="2", link=SITE), Entry(guid="3", link=A)) == [
        ("guid:1",),
        ("guid:2",),
        ("guid:3", "link:https://valor.test/a"),
    ]


def test_a_guid_that_stands_at_different_links_identifies_nothing() -> None:
    found = names(Entry(guid="0", title="a", link=A), Entry(guid="0", title="b", link=B))
    assert [each[0] for each in found] == ["link:https://valor.test/a", "link:https://valor.test/b"]
    assert not any(name.startswith("guid:") for each in found for name in each)


def test_entries_that_are_the_same_become_one_the_newest() -> None:
    old, new = Entry(title="a", link=A, published=1.0), Entry(title="a", link=A, published=2.0)
    for order in ((old, new), (new, old)):
        assert [one.entry for one in named(order)] == [new]
    corrected = Entry(guid="1", link=A, published=1.0, updated=3.0)
    assert [one.entry for one in named([corrected, Entry(guid="1", link=A, published=2.0)])] == [corrected]


def test_of_equals_the_first_stays() -> None:
    first, second = Entry(guid="1", link=A, summary="first"), Entry(guid="1", link=A, summary="second")
    assert [one.entry for one in named([first, second])] == [first]


def test_feeds_same_guid_and_link_but_other_titles_are_several() -> None:
    first, second, third = (Entry(guid=A, link=A, title=title, published=1.0) for title in "xyz")
    before, after = names(first, second), names(replace(third, published=2.0), first, second, first)
    assert len({*before}) == 2
    assert after == [after[0], *before]
    assert len({*after}) == 3
    assert all(name.startswith("hash:") for each in after for name in each)
    assert sharing([third, first, second, Entry(guid="1", link=B)]) == 3
    assert sharing([first, first, replace(first, published=3.0), Entry(guid="1", link=B)]) == 0


def test_feeds_same_guid_and_link_without_a_link() -> None:
    assert len(names(Entry(guid="all", title="x"), Entry(guid="all", title="y"))) == 2


def test_feeds_same_guid_and_link_versions_of_one_entry_are_one() -> None:
    draft = Entry(guid="1", link=A, title="Postr", published=1.0, updated=2.0)
    final = replace(draft, title="Poster", updated=3.0)
    assert [one.entry for one in named([draft, final])] == [final]
    assert sharing([draft, final]) == 0
    at_once = [draft, replace(final, updated=2.0)]
    assert len(named(at_once)) == sharing(at_once) == 2


def test_feeds_anchors_title_corrected_leaves_the_key() -> None:
    page = "https://valor.test/spotlight/"
    wrong, right = (Entry(title=title, link=f"{page}#p1") for title in ("Postr one", "Poster one"))
    other = Entry(title="Poster two", link=f"{page}#p2")
    before, after = names(wrong, other), names(right, other)
    keys = ["link:https://valor.test/spotlight#p1", "link:https://valor.test/spotlight#p2"]
    assert [each[0] for each in before] == [each[0] for each in after] == keys
    assert set(names(wrong)[0]) & set(before[0])


def test_feeds_anchors_with_guids_of_their_own() -> None:
    page = "https://valor.test/spotlight"
    one, two = Entry(guid="1", link=f"{page}#p1"), Entry(guid="2", link=f"{page}#p2")
    assert [each[0] for each in names(one, two)] == ["guid:1", "guid:2"]
    assert not set(names(one, two)[1]) & set(names(one)[0])


def test_feeds_anchors_that_lead_to_no_place_make_no_difference() -> None:
    for end in ("#utm_source=rss", "#:~:text=calm", "#"):
        assert names(Entry(title="a", link=A + end)) == names(Entry(title="a", link=A))


def test_without_guids_one_page_may_hold_several_entries() -> None:
    page = "https://valor.test/posters"
    found = names(Entry(title="Calm", link=f"{page}#calm"), Entry(title="Listen", link=f"{page}#listen"))
    assert len(found) == 2
    assert [[name.partition(":")[0] for name in each] for each in found] == [["link", "hash"]] * 2


def test_an_entry_stays_the_same_when_another_with_its_link_goes() -> None:
    one, other = Entry(title="Calm", link=A), Entry(title="Listen", link=A)
    together, alone = names(one, other), names(one)
    assert set(together[0]) & set(alone[0])
    assert not set(together[1]) & set(alone[0])


def test_with_neither_guid_nor_link_title_and_date_are_the_key() -> None:
    entries = [
        Entry(title="a", published=1.0),
        Entry(title="a", published=2.0),
        Entry(title="b", published=1.0),
        Entry(title="a", summary="x"),
        Entry(title="a", summary="y"),
    ]
    found = names(*entries, Entry(title="a", published=1.0, summary="told otherwise"))
    assert len({each for (each,) in found}) == len(entries)
    assert all(each.startswith("hash:") for (each,) in found)


def entry_lists() -> st.SearchStrategy[list[Entry]]:
    few = st.sampled_from(("", "1", "2", A))
    links = st.sampled_from(("", A, B, SITE, f"{A}#x", f"{A}/?utm_source=x"))
    times = st.none() | st.floats(min_value=0, max_value=9)
    return st.lists(
        st.builds(Entry, guid=few, link=links, title=st.sampled_from("xyz"), published=times), max_size=8
    )


@given(entry_lists())
def test_no_two_share_a_name_and_none_is_lost(entries: list[Entry]) -> None:
    found = named(entries)
    taken = [name for one in found for name in one.aliases]
    assert len(taken) == len(set(taken))
    assert all(one.key == one.aliases[0] for one in found)
    assert {one.entry for one in found} <= set(entries)
    assert {entry.title for entry in entries if not (entry.guid or entry.link)} <= {
        one.entry.title for one in found
    }


@given(entry_lists())
def test_an_entry_stays_the_same_whatever_stands_around_it(entries: list[Entry]) -> None:
    links = {entry.guid: entry.link for entry in entries if entry.guid}
    titles = {entry.guid: entry.title for entry in entries if entry.guid}
    document = [
        replace(entry, link=links.get(entry.guid, entry.link), title=titles.get(entry.guid, entry.title))
        for entry in entries
    ]
    for one in named(document):
        (alone,) = named([one.entry])
        assert set(alone.aliases) & set(one.aliases)


def test_keeps_the_newest_entries_in_their_order() -> None:
    entries = [Entry(guid=str(n), published=float(n)) for n in range(MAX_ENTRIES + 10)]
    assert newest(entries, lambda entry: entry.time) == entries[10:]
    one_undated = [*entries, Entry(guid="x"), Entry(guid="old", published=0.5)]
    assert newest(one_undated, lambda entry: entry.time) == entries[10:]
    beside_a_new_one = [Entry(guid="x"), Entry(guid="new", published=1e6), *entries]
    kept = newest(beside_a_new_one, lambda entry: entry.time)
    assert kept == [*beside_a_new_one[:2], *entries[12:]]
    undated = [Entry(guid=str(n)) for n in range(MAX_ENTRIES + 10)]
    assert newest(undated, lambda entry: entry.time) == undated[:MAX_ENTRIES]


def test_a_long_guid_or_link_becomes_a_name_that_every_database_can_index() -> None:
    guid, link = "安全" * 900, "https://valor.test/" + "%E5%AE%89" * 200
    (found,) = names(Entry(guid=guid, link=link))
    assert [name.partition(":")[0] for name in found] == ["guid", "link"]
    assert all(name.partition(":")[2].startswith("sha256-") for name in found)
    (other,) = names(Entry(guid=guid + "全", link=link + "a"))
    assert not set(found) & set(other)
