"""Try the judge with one smallest world for each fault, and with innocent worlds beside it."""

from dataclasses import replace

import pytest

from worlds.judge import WEAK, Aid, Fault, Hold, Kind, Public, Record, State, World, judge

AID = Aid(key="a", token="Quiet Harbour", link="https://site.example/a", shown_at=0, channels=("x",))
OTHER = Aid(key="b", token="Loud River", link="https://site.example/b", shown_at=0, channels=("x",))
THEMED = replace(AID, link="https://site.example/theme", own_link=False)
POST = Public(channel="x", post_id="p1", text="New: Quiet Harbour", links=(AID.link,), at=10, by="program")
BY_HAND = replace(POST, post_id="h1", text="Look, quiet harbour!", by="hand")
SENT = Record(delivery_id="d1", campaign="new", channel="x", aid="a", state=State.SENT, receipt="p1")
TOLD = World(settled=True, aids=(AID,), publics=(POST,), records=(SENT,))


def kinds(world: World) -> set[Kind]:
    return {fault.kind for fault in judge(world, grace=5, lag=30)}


def record(
    state: State, reason: str | None = None, *, receipt: str | None = None, person: bool = False
) -> Record:
    return replace(SENT, state=state, reason=reason, receipt=receipt, changed_by_person=person)


def only(fault: tuple[Fault, ...]) -> Fault:
    (one,) = fault
    return one


def digest() -> World:
    post = replace(POST, text="New: Quiet Harbour, and Loud River", links=("https://site.example/",))
    records = (SENT, replace(SENT, delivery_id="d2", aid="b"))
    return World(settled=True, aids=(AID, OTHER), publics=(post,), records=records)


def again(first: Public, aid: Aid) -> World:
    second = replace(POST, post_id="p2", at=100)
    return replace(TOLD, aids=(aid,), publics=(first, second), records=(replace(SENT, receipt="p2"),))


def test_an_announced_aid_is_innocent() -> None:
    assert judge(TOLD) == ()
    assert judge(World(settled=True)) == ()


def test_a_fault_names_its_channel_its_aid_and_the_posts_in_a_sentence() -> None:
    world = again(POST, AID)
    fault = next(fault for fault in judge(world) if fault.kind == Kind.TWICE)
    assert (fault.channel, fault.aid) == ("x", "a")
    assert fault.sentence == (
        "Program post p2 (aid a) on x at 100 s came after p1 at 10 s had announced the aid."
    )


def test_the_order_in_which_a_world_is_told_changes_no_fault() -> None:
    world = again(POST, replace(AID, shown_at=50))
    world = replace(world, aids=(*world.aids, OTHER))
    turned = replace(world, aids=world.aids[::-1], publics=world.publics[::-1], records=world.records[::-1])
    assert judge(turned) == judge(world) != ()


# twice


def test_two_program_posts_of_an_aid_are_twice() -> None:
    assert Kind.TWICE in kinds(again(POST, AID))


def test_a_deleted_first_post_still_makes_twice() -> None:
    assert Kind.TWICE in kinds(again(replace(POST, gone_at=20), AID))


def test_an_order_does_not_excuse_a_second_post_while_the_first_stands() -> None:
    ordered = replace(AID, ordered=True)
    assert Kind.TWICE in kinds(again(POST, ordered))
    assert Kind.TWICE in kinds(again(replace(POST, gone_at=200), ordered))


def test_a_second_post_ordered_after_a_takedown_is_innocent() -> None:
    assert kinds(again(replace(POST, gone_at=20), replace(AID, ordered=True))) == set()


def test_a_digest_repeats_the_aids_that_went_out_alone() -> None:
    world = digest()
    alone = replace(POST, post_id="p0", at=1)
    fault = only(
        tuple(f for f in judge(replace(world, publics=(alone, *world.publics))) if f.kind == Kind.TWICE)
    )
    assert fault.aid == "a"


def test_one_aid_on_two_channels_is_innocent() -> None:
    aid = replace(AID, channels=("x", "page"))
    records = (SENT, replace(SENT, delivery_id="d2", channel="page"))
    world = replace(TOLD, aids=(aid,), publics=(POST, replace(POST, channel="page")), records=records)
    assert kinds(world) == set()


def test_a_token_is_found_as_whole_words_only() -> None:
    first, twelfth = replace(AID, token="Aid 1"), replace(OTHER, token="Aid 12")
    posts = (
        replace(POST, text="New: “Aid 1”"),
        replace(POST, post_id="p2", text="AID 12.", links=(OTHER.link,)),
    )
    records = (SENT, replace(SENT, delivery_id="d2", aid="b", receipt="p2"))
    assert kinds(World(settled=True, aids=(first, twelfth), publics=posts, records=records)) == set()


def test_a_reply_of_the_program_belongs_to_the_post() -> None:
    reply = replace(POST, post_id="p2", text="Quiet Harbour: the link", reply_to="p1", at=11)
    assert kinds(replace(TOLD, publics=(POST, reply))) == set()
    assert kinds(replace(TOLD, publics=(replace(POST, text="New"), reply))) == set()


def test_one_reply_two_times_is_twice() -> None:
    reply = replace(POST, post_id="p2", text="The link", reply_to="p1", at=11)
    assert kinds(replace(TOLD, publics=(POST, reply, replace(reply, post_id="p3")))) == {Kind.TWICE}


def test_replies_in_a_ring_end() -> None:
    ring = (replace(POST, reply_to="p2"), replace(POST, post_id="p2", reply_to="p1"))
    assert Kind.TWICE in kinds(replace(TOLD, publics=ring))


# receipts


@pytest.mark.parametrize(
    "posts",
    [
        (),
        (replace(POST, channel="page"),),
        (replace(POST, text="New: something"),),
        (replace(BY_HAND, post_id="p1", text="Look!"),),
        (replace(BY_HAND, post_id="p1", links=("https://site.example/",)),),
    ],
    ids=["nowhere", "elsewhere", "no token", "by hand, no token", "by hand, no own link"],
)
def test_a_receipt_that_does_not_announce_the_aid_is_false(posts: tuple[Public, ...]) -> None:
    assert Kind.FALSE_RECEIPT in kinds(replace(TOLD, publics=posts))


def test_a_sent_record_without_a_receipt_is_false() -> None:
    assert kinds(replace(TOLD, records=(record(State.SENT),))) == {Kind.FALSE_RECEIPT, Kind.UNRECORDED}


def test_a_persons_word_without_a_receipt_is_true_only_if_the_aid_is_public() -> None:
    world = replace(TOLD, records=(record(State.SENT, person=True),))
    assert kinds(world) == set()
    assert kinds(replace(world, publics=())) == {Kind.FALSE_RECEIPT}


def test_the_link_of_a_theme_proves_no_hand_post() -> None:
    post = replace(BY_HAND, links=(THEMED.link,))
    world = replace(TOLD, aids=(THEMED,), publics=(post,), records=(replace(SENT, receipt="h1"),))
    assert kinds(world) == {Kind.FALSE_RECEIPT}
    assert kinds(replace(world, marks=(("d1", "h1"),))) == set()
    assert kinds(replace(world, marks=(("d2", "h1"),))) == {Kind.FALSE_RECEIPT}


def test_a_mark_speaks_for_public_posts_by_hand_only() -> None:
    world = replace(TOLD, marks=(("d1", "p1"),))
    assert kinds(replace(world, publics=())) == {Kind.FALSE_RECEIPT}
    assert kinds(replace(world, publics=(replace(POST, text="New"),))) >= {Kind.FALSE_RECEIPT}


@pytest.mark.parametrize(
    "link", ["http://www.site.example/a/", "https://SITE.example/a?utm_source=x&fbclid=1"]
)
def test_a_hand_post_may_write_the_own_link_differently(link: str) -> None:
    world = replace(TOLD, publics=(replace(BY_HAND, links=(link,)),), records=(replace(SENT, receipt="h1"),))
    assert kinds(world) == set()


@pytest.mark.parametrize("link", ["https://site.example/a?a2", "https://site.example/a#a2", "https://[a"])
def test_a_link_that_leads_elsewhere_is_not_the_own_link(link: str) -> None:
    world = replace(TOLD, publics=(replace(BY_HAND, links=(link,)),), records=(replace(SENT, receipt="h1"),))
    assert kinds(world) == {Kind.FALSE_RECEIPT}


def test_a_deleted_post_is_a_true_receipt() -> None:
    assert kinds(replace(TOLD, publics=(replace(POST, gone_at=20),))) == set()


def test_two_records_of_an_aid_with_one_receipt_share_it() -> None:
    assert kinds(replace(TOLD, records=(SENT, replace(SENT, delivery_id="d2")))) == {Kind.SHARED_RECEIPT}


def test_two_aids_with_the_receipt_of_one_share_it() -> None:
    records = (SENT, replace(SENT, delivery_id="d2", aid="b"))
    world = replace(TOLD, aids=(AID, OTHER), records=records)
    assert kinds(world) == {Kind.SHARED_RECEIPT, Kind.FALSE_RECEIPT}


def test_the_aids_of_a_digest_have_one_receipt_in_innocence() -> None:
    assert kinds(digest()) == set()
    one_delivery = (SENT, replace(SENT, aid="b"))
    assert kinds(replace(digest(), records=one_delivery)) == set()


# records


@pytest.mark.parametrize("state", [State.PENDING, State.FAILED, State.SKIPPED, State.CANCELLED])
def test_a_public_post_recorded_otherwise_is_unrecorded(state: State) -> None:
    assert kinds(replace(TOLD, records=(record(state, "HTTP 500, a person may look"),))) == {Kind.UNRECORDED}


def test_a_post_without_any_record_is_unrecorded() -> None:
    assert kinds(replace(TOLD, records=())) == {Kind.UNRECORDED}


def test_an_aid_that_a_digest_forgot_is_unrecorded() -> None:
    assert only(judge(replace(digest(), records=(SENT,)))).aid == "b"


@pytest.mark.parametrize("state", [State.UNSURE, State.PROPOSED, State.SENDING])
def test_a_post_that_a_person_is_asked_about_is_innocent(state: State) -> None:
    assert kinds(replace(TOLD, records=(record(state, "No answer: a person must look"),))) == set()


def test_a_post_in_flight_at_an_early_end_is_innocent() -> None:
    world = replace(TOLD, records=(record(State.SENDING),))
    assert kinds(replace(world, settled=False)) == set()
    assert kinds(world) == {Kind.UNRECORDED, Kind.STUCK}


def test_a_post_that_was_taken_down_needs_no_receipt() -> None:
    world = replace(
        TOLD, publics=(replace(POST, gone_at=20),), records=(record(State.CANCELLED, "taken down"),)
    )
    assert kinds(world) == {Kind.UNRECORDED}
    assert kinds(replace(world, taken_down=("p1",))) == set()


@pytest.mark.parametrize("state", [State.FAILED, State.SKIPPED, State.CANCELLED])
def test_a_persons_own_word_against_a_post_is_a_weak_fault(state: State) -> None:
    assert kinds(replace(TOLD, records=(record(state, "cancelled", person=True),))) == {Kind.CONTRADICTED}


def test_a_person_who_names_another_post_leaves_the_programs_own_a_weak_fault() -> None:
    named = (record(State.SENT, receipt="h1", person=True),)
    assert kinds(replace(TOLD, publics=(POST, BY_HAND), records=named)) == {Kind.CONTRADICTED}


@pytest.mark.parametrize(
    "state", [State.UNSURE, State.FAILED, State.PROPOSED, State.SKIPPED, State.CANCELLED]
)
def test_a_state_without_a_reason_is_unsaid(state: State) -> None:
    world = replace(TOLD, settled=False, publics=())
    assert kinds(replace(world, records=(record(state, " "),))) == {Kind.UNSAID}
    assert kinds(replace(world, records=(record(state, "A person must look"),))) == set()


@pytest.mark.parametrize("state", [State.UNSURE, State.SENDING])
def test_an_open_record_that_asks_nobody_is_stuck(state: State) -> None:
    world = replace(TOLD, records=(record(state, "personal page timed out"),))
    assert Kind.STUCK in kinds(world)
    assert Kind.STUCK not in kinds(replace(world, settled=False))
    assert judge(world, asking=()) == ()
    assert judge(world, asking=("person", "timed out")) == ()


def test_an_unfinished_record_beside_a_sent_one_is_a_rival() -> None:
    rival = replace(record(State.PENDING), delivery_id="d2")
    assert kinds(replace(TOLD, records=(SENT, rival))) == {Kind.RIVAL_RECORD}
    assert kinds(replace(TOLD, records=(SENT, replace(rival, campaign="digest")))) == set()
    assert kinds(replace(TOLD, records=(SENT, replace(rival, state=State.FAILED, reason="refused")))) == set()


# lost


def test_an_aid_without_a_post_or_a_record_is_lost() -> None:
    world = replace(TOLD, publics=(), records=())
    fault = only(judge(world))
    assert (fault.kind, fault.channel, fault.aid) == (Kind.LOST, "x", "a")
    assert kinds(replace(world, settled=False)) == set()


@pytest.mark.parametrize("state", [State.PENDING, State.SENDING])
def test_an_aid_that_waits_for_nothing_is_lost(state: State) -> None:
    world = replace(TOLD, publics=(), records=(record(state, "soon"),), ended_at=1000)
    assert Kind.LOST in kinds(world)
    assert Kind.LOST in kinds(replace(world, holds=(Hold(from_at=0, until_at=900),)))
    assert Kind.LOST in kinds(replace(world, holds=(Hold(from_at=0, channel="page"),)))
    assert Kind.LOST not in kinds(replace(world, holds=(Hold(from_at=0, until_at=1100),)))
    assert Kind.LOST not in kinds(replace(world, holds=(Hold(from_at=0),)))
    assert kinds(replace(world, records=(record(state, "A person must sign in"),))) == set()


@pytest.mark.parametrize(
    "state", [State.UNSURE, State.FAILED, State.PROPOSED, State.SKIPPED, State.CANCELLED]
)
def test_an_aid_that_ended_without_a_reason_is_lost(state: State) -> None:
    world = replace(TOLD, publics=())
    assert Kind.LOST in kinds(replace(world, records=(record(state),)))
    assert kinds(replace(world, records=(record(state, "A person said no"),))) == set()


def test_an_aid_that_a_person_cancelled_is_not_lost() -> None:
    world = replace(TOLD, publics=(), records=(record(State.CANCELLED, person=True),))
    assert kinds(world) == {Kind.UNSAID}


@pytest.mark.parametrize(
    "aid",
    [
        replace(AID, baseline=True),
        replace(AID, withdrawn_at=5),
        replace(AID, channels=()),
        replace(AID, shown_at=99),
    ],
    ids=["baseline", "withdrawn", "no channel", "shown after the end"],
)
def test_an_aid_that_is_not_due_is_not_lost(aid: Aid) -> None:
    assert kinds(World(settled=True, aids=(aid,), ended_at=50)) == set()


def test_an_ordered_baseline_aid_may_be_lost() -> None:
    assert kinds(World(settled=True, aids=(replace(AID, baseline=True, ordered=True),))) == {Kind.LOST}


def test_a_hand_post_saves_an_aid_only_while_it_stands() -> None:
    world = replace(TOLD, publics=(BY_HAND,), records=())
    assert kinds(world) == set()
    assert kinds(replace(world, publics=(replace(BY_HAND, gone_at=20),))) == {Kind.LOST}


# what came out where and when it should not


@pytest.mark.parametrize("channel", [None, "x"])
def test_a_post_during_a_hold_is_held(channel: str | None) -> None:
    assert kinds(replace(TOLD, holds=(Hold(from_at=4, channel=channel),))) == {Kind.HELD}
    assert kinds(replace(TOLD, holds=(Hold(from_at=4, until_at=11, channel=channel),))) == {Kind.HELD}


@pytest.mark.parametrize(
    "hold",
    [Hold(from_at=5), Hold(from_at=20), Hold(from_at=0, until_at=10), Hold(from_at=0, channel="page")],
    ids=["in flight", "later", "lifted", "another channel"],
)
def test_a_post_outside_a_hold_is_innocent(hold: Hold) -> None:
    assert kinds(replace(TOLD, holds=(hold,))) == set()


def test_a_hand_post_during_a_hold_is_innocent() -> None:
    world = replace(TOLD, publics=(BY_HAND,), records=(replace(SENT, receipt="h1"),))
    assert kinds(replace(world, holds=(Hold(from_at=0),))) == set()


def test_a_baseline_aid_is_announced_only_by_order() -> None:
    old = replace(AID, baseline=True)
    assert kinds(replace(TOLD, aids=(old,))) == {Kind.BASELINE}
    assert kinds(replace(TOLD, aids=(replace(old, ordered=True),))) == set()


def test_a_post_before_its_aid_is_early() -> None:
    assert kinds(replace(TOLD, aids=(replace(AID, shown_at=11),))) == {Kind.EARLY}
    assert kinds(replace(TOLD, aids=(replace(AID, shown_at=10),))) == set()


def test_a_post_on_another_channel_is_astray() -> None:
    assert kinds(replace(TOLD, aids=(replace(AID, channels=()),))) == {Kind.ASTRAY}


def test_a_program_post_of_nothing_is_a_stray() -> None:
    stray = replace(POST, post_id="p2", text="Hello", links=())
    assert kinds(replace(TOLD, publics=(POST, stray))) == {Kind.STRAY}
    assert kinds(replace(TOLD, publics=(POST, replace(stray, by="hand")))) == set()


def test_a_post_with_the_link_of_another_aid_is_crossed() -> None:
    world = replace(TOLD, aids=(AID, replace(OTHER, channels=())))
    crossed = replace(POST, links=(OTHER.link,))
    assert kinds(replace(world, publics=(crossed,))) == {Kind.CROSSED}
    republished = replace(AID, key="b", token="Loud River", channels=())
    assert kinds(replace(world, aids=(AID, republished))) == set()


def test_a_post_recorded_as_taken_down_must_be_gone() -> None:
    world = replace(TOLD, taken_down=("p1",))
    assert kinds(world) == {Kind.STILL_UP}
    assert kinds(replace(world, settled=False)) == set()
    assert kinds(replace(world, publics=(replace(POST, gone_at=20),))) == set()


def test_a_crash_is_told_and_excuses_what_it_broke_off() -> None:
    world = replace(TOLD, records=(record(State.SENDING),), crashed=True)
    assert kinds(world) == {Kind.CRASHED}


# weak faults


def test_a_program_post_long_after_the_same_by_hand_is_a_weak_fault() -> None:
    world = replace(TOLD, publics=(BY_HAND, replace(POST, at=41)))
    assert kinds(world) == {Kind.REPEATED_BY_HAND}
    assert Kind.REPEATED_BY_HAND in WEAK


@pytest.mark.parametrize(
    "hand",
    [
        replace(BY_HAND, at=11),
        replace(BY_HAND, gone_at=40),
        replace(BY_HAND, text="Look!"),
        replace(BY_HAND, links=()),
        replace(BY_HAND, channel="page"),
        replace(BY_HAND, reply_to="h0"),
    ],
    ids=["within the lag", "gone", "other words", "no link", "another channel", "a comment"],
)
def test_a_program_post_after_another_hand_post_is_innocent(hand: Public) -> None:
    assert kinds(replace(TOLD, publics=(hand, replace(POST, at=41)))) == set()


def test_a_post_long_after_the_withdrawal_is_a_weak_fault() -> None:
    world = replace(TOLD, publics=(replace(POST, at=41),))
    assert kinds(replace(world, aids=(replace(AID, withdrawn_at=10),))) == {Kind.WITHDRAWN}
    assert kinds(replace(world, aids=(replace(AID, withdrawn_at=11),))) == set()
