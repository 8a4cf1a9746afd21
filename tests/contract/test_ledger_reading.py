"""What Ledger promises about reading: order, limits, names, and finding what a person means."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    SITE,
    X,
    claim,
    make_aid,
    make_plan,
    put,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.words import State


def found(ledger: SqlLedger, words: str) -> list[str]:
    return [known.aid.key for known in ledger.find_aids(words)]


def test_an_empty_ledger_reads_as_empty(ledger: SqlLedger) -> None:
    assert (ledger.deliveries(), ledger.aids(), ledger.counts()) == ((), (), {})
    assert (ledger.attempts(1), ledger.find_aids("x")) == ((), ())


def test_deliveries_come_newest_first_and_limited(ledger: SqlLedger) -> None:
    ids = [put(ledger, number) for number in range(4)]
    assert [each.id for each in ledger.deliveries()] == ids[::-1]
    assert [each.id for each in ledger.deliveries(limit=2)] == [ids[3], ids[2]]
    assert ledger.deliveries(limit=0) == ()


def test_deliveries_are_filtered_by_state_campaign_channel_and_aid(ledger: SqlLedger) -> None:
    sent, failed = put(ledger, 1), put(ledger, 2, state=State.FAILED)
    page, other = put(ledger, 1, channel=PAGE), put(ledger, 1, campaign="other")
    ledger.settle(claim(ledger, delivery_id=sent), SENT, RECEIPT, NOW)
    assert [each.id for each in ledger.deliveries(states=[State.SENT, State.FAILED])] == [failed, sent]
    assert [each.id for each in ledger.deliveries(campaign="other")] == [other]
    assert [each.id for each in ledger.deliveries(channel=PAGE)] == [page]
    aid_id = ledger.delivery(sent).aid_id
    assert [each.id for each in ledger.deliveries(aid_id=aid_id)] == [other, page, sent]
    assert [each.id for each in ledger.deliveries(aid_id=aid_id, states=[State.SENT], channel=X)] == [sent]
    assert ledger.deliveries(states=[State.SENT])[0].receipt == RECEIPT
    assert ledger.deliveries(campaign="nobody") == ()


def test_an_unknown_delivery_is_named(ledger: SqlLedger) -> None:
    for unknown in (0, -1, 5, 10**18, 2**63, 10**30):
        with pytest.raises(UnknownName, match=str(unknown)):
            ledger.delivery(unknown)


def test_an_aid_is_shown_by_its_number_alone(ledger: SqlLedger) -> None:
    ids = [ledger.delivery(put(ledger, number)).aid_id for number in (1, 2)]
    assert [ledger.aid(each).aid.key for each in ids] == ["guid:1", "guid:2"]
    for unknown in (0, -1, 5, 10**18, 2**63, 10**30):
        with pytest.raises(UnknownName, match=str(unknown)):
            ledger.aid(unknown)


def test_states_are_counted(ledger: SqlLedger) -> None:
    for number, state in enumerate((State.PENDING, State.PENDING, State.SKIPPED)):
        put(ledger, number, state=state)
    assert ledger.counts() == {State.PENDING: 2, State.SKIPPED: 1}


def test_aids_come_newest_first_seen_first(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    for number, seen in ((1, NOW + MINUTE), (2, NOW), (3, NOW + MINUTE)):
        put(ledger, number, now=seen)
    with ledger.recording("other") as book:
        book.add(make_aid(4, source="other"), baseline=True, now=NOW + 2 * MINUTE)
    assert [known.aid.key for known in ledger.aids()] == ["guid:4", "guid:3", "guid:1", "guid:2"]
    assert [known.aid.key for known in ledger.aids(limit=2)] == ["guid:4", "guid:3"]
    assert [known.aid.key for known in ledger.aids(source=SITE, limit=2)] == ["guid:3", "guid:1"]
    assert ledger.aids(source="nobody") == ()
    assert ledger.aids()[0].aid.aliases == ("guid:4", "link:https://site.example/4")


def test_many_aids_are_listed_with_their_own_aliases(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        for number in range(450):
            book.add(make_aid(number), baseline=True, now=NOW)
    listed = ledger.aids()
    assert len(listed) == 450
    assert all(known.aid.aliases == make_aid(known.id - 1).aliases for known in listed)


def test_a_person_finds_an_aid_by_key_link_or_number(ledger: SqlLedger) -> None:
    put(ledger, "poster")
    put(ledger, "other")
    for words in (
        "guid:poster",
        "poster",
        "  poster ",
        "link:https://site.example/poster",
        "https://site.example/poster",
        "HTTP://Site.Example:80/poster/?utm_source=mail#top",
        "1",
    ):
        assert found(ledger, words) == ["guid:poster"], words


def test_a_bare_key_is_found_whatever_its_prefix(ledger: SqlLedger) -> None:
    for prefix in ("row:", "hash:", "guid:"):
        key = f"{prefix}bare-{prefix[:-1]}"
        with ledger.recording(SITE) as book:
            book.add(make_aid(1, key=key, aliases=(key,)), baseline=True, now=NOW)
        assert found(ledger, key.removeprefix(prefix)) == [key]


def test_database_10_digits_are_a_number_and_never_a_key(ledger: SqlLedger) -> None:
    for key in ("row:7", "row:3", "row:1", "guid:key:odd"):
        with ledger.recording(SITE) as book:
            book.add(make_aid(1, key=key, aliases=(key,)), baseline=True, now=NOW)
    assert (found(ledger, "3"), found(ledger, "1")) == (["row:1"], ["row:7"])
    assert (found(ledger, "key:3"), found(ledger, "row:3")) == (["row:3"], ["row:3"])
    assert (found(ledger, "7"), found(ledger, "key:7"), found(ledger, "key:")) == ([], ["row:7"], [])
    assert found(ledger, "key:odd") == ["guid:key:odd"]


def test_words_that_mean_nothing_find_nothing(ledger: SqlLedger) -> None:
    put(ledger, "poster")
    for words in ("", " ", "post", "guid:", "http://[", "https://", "0", "9" * 18, "9" * 30, "²", "١", "%"):
        assert found(ledger, words) == [], words
    for unstorable in ("poster\x00", "poster\ud83d"):
        assert found(ledger, unstorable) == [], unstorable


def test_every_aid_that_fits_is_found(ledger: SqlLedger) -> None:
    ledger.register({"other": ""}, [], NOW)
    put(ledger, 1)
    with ledger.recording("other") as book:
        book.add(make_aid(1, source="other"), baseline=True, now=NOW + MINUTE)
    assert [known.aid.source for known in ledger.find_aids("https://site.example/1")] == ["other", SITE]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters()) | st.from_regex(r"https?://.*"))
def test_finding_never_breaks(ledger: SqlLedger, words: str) -> None:
    assert ledger.find_aids(words) == ()


def test_a_delivery_seen_by_two_campaigns_keeps_both(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        known = book.add(make_aid(1), baseline=False, now=NOW)
        ids = [book.plan(known.id, make_plan(campaign=name), NOW) for name in ("a", "b")]
    assert {each.id: each.campaign for each in ledger.deliveries()} == dict(zip(ids, ("a", "b"), strict=True))
