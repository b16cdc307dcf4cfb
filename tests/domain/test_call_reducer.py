"""The fold of facts into calls: offers, answers, holds, merges, losses; twice is once."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.domain.call_changes import CallChange, ChangeKind
from console.domain.call_events import (
    AgentPaused,
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    CallsMerged,
    HoldChanged,
    LegEnd,
    LegEnded,
    LinkChanged,
    LinkState,
    NumberLearned,
    Parked,
    PartyJoined,
    PartyLeft,
    QueueJoined,
    SnapshotTaken,
    SupervisionBegan,
    Transferred,
)
from console.domain.call_reducer import CallBook
from console.domain.calls import (
    Call,
    CallOutcome,
    CallState,
    Certainty,
    Direction,
    Hold,
    Presentation,
    Supervised,
    Transfer,
    TransferKind,
)
from console.domain.ids import fact_id

HERE = UUID(int=3)
START = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)
CALL = "1795289971.0"
INBOUND = Direction.INBOUND


def at(seconds: float) -> datetime:
    """Return a time of the night."""
    return START + timedelta(seconds=seconds)


BEGAN = CallBegan(CALL, at(0), INBOUND, "01632960001")
QUEUED = QueueJoined(CALL, at(1), "oohs")
NUMBER = NumberLearned(CALL, at(1), "02079460123", "A Caller", Presentation.ALLOWED, settled=True)
RINGS_ONE = Alerting(CALL, at(2), "leg1", "1001")
RINGS_TWO = Alerting(CALL, at(2), "leg2", "1002")
ANSWER = Answered(CALL, at(5), "leg1", "1001")
LOST_TO = LegEnded(CALL, at(5), "leg2", "1002", LegEnd.ANSWERED_ELSEWHERE)
END = CallEnded(CALL, at(60), CallOutcome.ANSWERED, "caller")
PLAIN: list[CallEvent] = [BEGAN, QUEUED, NUMBER, RINGS_ONE, RINGS_TWO, ANSWER, LOST_TO]


def book_of(*facts: CallEvent) -> CallBook:
    """Return a book that has seen ``facts``."""
    book = CallBook(HERE)
    for fact in facts:
        book.apply(fact, fact.at)
    return book


def only(book: CallBook) -> Call:
    """Return the one call of a book."""
    (call,) = book.calls()
    return call


def kinds(changes: tuple[CallChange, ...]) -> list[ChangeKind]:
    """Return what changed."""
    return [change.kind for change in changes]


def test_the_id_is_made_from_switchboard_run_and_provider_id() -> None:
    assert only(book_of(BEGAN)).id == fact_id(HERE, "", CALL)
    up = LinkChanged(at(-5), LinkState.CONNECTED, boot="tonight")
    assert only(book_of(up, BEGAN)).id == fact_id(HERE, "tonight", CALL)


def test_a_call_waits_rings_and_is_answered() -> None:
    book = book_of(BEGAN, QUEUED)
    assert only(book).state is CallState.QUEUED
    assert not only(book).caller.settled
    book.apply(NUMBER, at(1))
    changes = book.apply(RINGS_ONE, at(2)) + book.apply(RINGS_TWO, at(2))
    assert [(c.kind, c.extension) for c in changes] == [(ChangeKind.OFFERED, "1001"), (ChangeKind.OFFERED, "1002")]
    assert only(book).alerting == {"1001", "1002"}
    assert only(book).caller.e164 == "+442079460123"
    assert kinds(book.apply(ANSWER, at(5))) == [ChangeKind.ANSWERED]
    (withdrawn,) = book.apply(LOST_TO, at(5))
    assert (withdrawn.kind, withdrawn.extension, withdrawn.reason) == (
        ChangeKind.WITHDRAWN,
        "1002",
        "answered elsewhere",
    )
    call = only(book)
    assert (call.state, call.talking, call.rang, call.answered_by) == (
        CallState.CONNECTED,
        frozenset({"1001"}),
        ("1001", "1002"),
        ("1001",),
    )
    assert call.last_withdrawal == "answered elsewhere"


def test_every_fact_twice_changes_nothing() -> None:
    facts = [*PLAIN, HoldChanged(CALL, at(10), "1001", True), HoldChanged(CALL, at(20), "1001", False), END]
    once = book_of(*facts)
    twice = book_of(*[fact for fact in facts for _ in range(2)])
    assert twice.calls() == once.calls()
    for fact in facts:
        assert twice.apply(fact, fact.at) == ()
    assert twice.calls() == once.calls()
    assert twice.odd_count == 0


def test_a_telephone_held_over_and_over_fills_no_memory() -> None:
    book = book_of(*PLAIN)

    def hold(first: int, last: int) -> int:
        for n in range(first, last):
            book.apply(HoldChanged(CALL, at(10 + n), "1001", n % 2 == 0), at(10 + n))
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = hold(0, 1_000)
        after = hold(1_000, 6_000)
    finally:
        tracemalloc.stop()
    assert after - before < 200_000
    last = HoldChanged(CALL, at(10 + 5_999), "1001", False)
    assert book.apply(last, at(10 + 6_000)) == ()
    assert only(book).holds == 3_000


def test_holds_are_counted_and_timed() -> None:
    book = book_of(*PLAIN)
    assert kinds(book.apply(HoldChanged(CALL, at(10), "1001", True), at(10))) == [ChangeKind.HELD]
    held = only(book)
    assert (held.state, held.hold, held.holds, held.held_since) == (CallState.HELD, Hold.YES, 1, at(10))
    assert kinds(book.apply(HoldChanged(CALL, at(15), "1001", False), at(15))) == [ChangeKind.RESUMED]
    again = only(book)
    assert (again.state, again.hold, again.held_since) == (CallState.CONNECTED, Hold.NO, None)


def test_a_colleague_joins_and_leaves() -> None:
    book = book_of(*PLAIN, PartyJoined(CALL, at(10), "1003"))
    assert only(book).state is CallState.CONFERENCE
    assert only(book).joined == ("1003",)
    assert only(book).answered_by == ("1001",)
    book.apply(PartyLeft(CALL, at(20), "1003"), at(20))
    assert only(book).state is CallState.CONNECTED


def test_an_attended_transfer_changes_hands_and_is_no_joining() -> None:
    book = book_of(
        *PLAIN,
        PartyJoined(CALL, at(9), "1003"),
        Answered(CALL, at(10), "leg3", "1003"),
        Transferred(CALL, at(10), TransferKind.ATTENDED, "1001", "1003"),
        LegEnded(CALL, at(10), "leg1", "1001", LegEnd.HUNG_UP),
    )
    call = only(book)
    assert call.answered_by == ("1001", "1003")
    assert call.transfers == (Transfer(TransferKind.ATTENDED, "1001", "1003"),)
    assert call.joined == ()
    assert call.talking == {"1003"}


def test_the_end_stops_everything_that_rings() -> None:
    book = book_of(BEGAN, RINGS_ONE, RINGS_TWO)
    changes = book.apply(CallEnded(CALL, at(9), CallOutcome.ABANDONED, "caller"), at(9))
    assert kinds(changes) == [ChangeKind.WITHDRAWN, ChangeKind.WITHDRAWN, ChangeKind.ENDED]
    call = only(book)
    assert (call.state, call.outcome, call.ended_by, call.alerting) == (
        CallState.ENDED,
        CallOutcome.ABANDONED,
        "caller",
        frozenset(),
    )
    assert not call.live


def test_impossible_facts_are_kept_and_never_raised() -> None:
    book = book_of(*PLAIN, END)
    assert book.apply(Answered(CALL, at(70), "leg9", "1009"), at(70)) == ()
    assert [odd.what for odd in book.take_oddities()] == ["Answered after the call ended"]
    assert book.take_oddities() == ()
    book.apply(Alerting("other", at(71), "leg", "1001"), at(71))
    assert [odd.what for odd in book.take_oddities()] == ["a fact came before its call began"]
    assert book.odd_count == 2


@pytest.mark.parametrize(
    "fact",
    [
        LOST_TO,
        ANSWER,
        NUMBER,
        HoldChanged(CALL, at(900), "1001", True),
        PartyLeft(CALL, at(900), "1003"),
        Transferred(CALL, at(900), TransferKind.BLIND, "1001", "1003"),
        END,
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_what_cannot_begin_a_call_makes_no_caller_who_waits(fact: CallEvent) -> None:
    """The call was forgotten, and something is still said of it."""
    book = book_of(*PLAIN, END)
    book.forget(at(1000))
    assert book.apply(fact, at(1000)) == ()
    assert book.calls() == ()
    assert book.find(CALL) is None
    assert [odd.what for odd in book.take_oddities()] == [f"{type(fact).__name__} of a call that is not known"]


@pytest.mark.parametrize("fact", [BEGAN, QUEUED, RINGS_ONE], ids=lambda fact: type(fact).__name__)
def test_what_can_begin_a_call_does(fact: CallEvent) -> None:
    assert only(book_of(fact)).live


def test_a_fact_before_its_call_makes_an_assumed_call_that_its_beginning_confirms() -> None:
    book = book_of(RINGS_ONE)
    assert only(book).certainty is Certainty.ASSUMED
    book.apply(BEGAN, at(3))
    assert only(book).certainty is Certainty.LIVE
    assert only(book).dialled == "01632960001"


def test_one_telephone_in_two_calls_is_an_alarm_unless_one_is_held() -> None:
    other: list[CallEvent] = [CallBegan("b", at(20), INBOUND), Answered("b", at(21), "legb", "1001")]
    odd = book_of(*PLAIN, *other)
    assert [o.what for o in odd.take_oddities()] == ["one telephone is in two calls at once"]
    held = book_of(*PLAIN, HoldChanged(CALL, at(15), "1001", True), *other)
    assert held.take_oddities() == ()


def test_merged_calls_are_one_and_the_survivor_keeps_its_caller() -> None:
    consult = "1795289980.5"
    book = book_of(
        *PLAIN,
        CallBegan(consult, at(10), Direction.OUTBOUND, "07700900123", "1001"),
        Alerting(consult, at(11), "leg7", "1003"),
    )
    gone = book.find(consult)
    (merged,) = book.apply(CallsMerged(CALL, at(12), consult), at(12))
    assert (merged.kind, merged.call, merged.other) == (ChangeKind.MERGED, only(book).id, gone)
    assert book.find(consult) == book.find(CALL) == only(book).id
    assert only(book).caller.number == "02079460123"
    assert only(book).rang == ("1001", "1002", "1003")
    assert book.provider_ids(only(book).id) == {CALL, consult}
    assert book.apply(CallsMerged(CALL, at(12), consult), at(12)) == ()


OTHER = "1795289971.4"


def merged(*facts: CallEvent, into: tuple[CallEvent, ...] = (BEGAN, QUEUED, RINGS_ONE)) -> Call:
    """Return the caller's call after another, of which ``facts`` were told, was found to be the same."""
    book = book_of(*into, CallBegan(OTHER, at(3), Direction.INTERNAL, "1003", "1002"), *facts)
    book.apply(CallsMerged(CALL, at(12), OTHER), at(12))
    (call,) = book.calls()
    return call


def test_who_talks_in_the_call_that_becomes_an_alias_has_the_caller() -> None:
    """Else a caller who was answered is said to have reached nobody."""
    call = merged(Answered(OTHER, at(7), "leg9", "1003"))
    assert (call.state, call.answered_by, call.answered_at) == (CallState.CONNECTED, ("1003",), at(7))
    early = merged(Answered(OTHER, at(3), "leg9", "1003"), into=(CallBegan(CALL, at(5), INBOUND, "01632960001"),))
    assert early.answered_at == at(5), "nobody waits for less than no time"
    gone = merged(Answered(OTHER, at(7), "leg9", "1003"), LegEnded(OTHER, at(8), "leg9", "1003", LegEnd.HUNG_UP))
    assert (gone.answered_by, gone.answered_at) == ((), None), "was asked, and never had the caller"
    assert merged(Answered(OTHER, at(7), "leg9", "outside")).answered_by == ()


def test_who_had_the_caller_first_stays_first() -> None:
    call = merged(Answered(OTHER, at(7), "leg9", "1003"), into=(*PLAIN,))
    assert (call.answered_by, call.answered_at) == (("1001", "1003"), at(5))


def test_a_hold_and_whoever_hears_it_are_taken_over() -> None:
    facts = (Answered(OTHER, at(7), "leg9", "1003"), HoldChanged(OTHER, at(8), "1003", held=True))
    call = merged(*facts, SupervisionBegan(OTHER, at(9), "1009"))
    assert (call.state, call.hold, call.holds, call.held_since) == (CallState.HELD, Hold.YES, 1, at(8))
    assert (call.supervisors, call.supervised_by) == ((Supervised("1009", at(9)),), ("1009",))
    resumed = merged(*facts, HoldChanged(OTHER, at(9), "1003", held=False))
    assert (resumed.hold, resumed.holds, resumed.held_since) == (Hold.NO, 1, None)


def test_a_parked_caller_stays_parked_until_somebody_has_them() -> None:
    parked = (Answered(OTHER, at(4), "leg9", "1003"), Parked(OTHER, at(6), parked=True))
    assert (merged(*parked).state, merged(*parked).parked_since) == (CallState.PARKED, at(6))
    assert merged(*parked, into=(*PLAIN,)).state is CallState.CONNECTED


def test_a_withheld_number_is_dropped_even_when_an_adapter_lets_it_through() -> None:
    leaked = replace(NUMBER, presentation=Presentation.WITHHELD, name="Real Name")
    book = book_of(BEGAN, leaked)
    caller = only(book).caller
    assert (caller.number, caller.e164, caller.name, caller.settled) == ("", "", "", True)


def test_an_unsettled_number_never_replaces_a_settled_one() -> None:
    book = book_of(BEGAN, NUMBER)
    assert book.apply(replace(NUMBER, number="07700900111", settled=False, at=at(3)), at(3)) == ()
    assert only(book).caller.number == "02079460123"


def test_an_outgoing_call_shows_the_extension_as_its_caller() -> None:
    book = book_of(
        CallBegan("o", at(0), Direction.OUTBOUND, "", "1001"),
        Alerting("o", at(1), "own", "1001"),
        CallBegan("o", at(2), Direction.OUTBOUND, "907700900124", "1001"),
        Answered("o", at(5), "trunk", "outside"),
    )
    call = only(book)
    assert (call.caller.number, call.dialled) == ("1001", "907700900124")
    assert call.talking == {"1001", "outside"}
    assert call.state is CallState.CONNECTED


def test_a_lost_line_closes_nothing() -> None:
    book = book_of(*PLAIN)
    changes = book.apply(LinkChanged(at(30), LinkState.LOST, "gone"), at(30))
    assert kinds(changes) == [ChangeKind.LINK, ChangeKind.STALE]
    call = only(book)
    assert (call.certainty, call.state, call.last_news) == (Certainty.STALE, CallState.CONNECTED, at(5))


def test_what_the_snapshot_still_lists_lives_on_with_its_hold_unknown() -> None:
    book = book_of(*PLAIN, HoldChanged(CALL, at(9), "1001", True), LinkChanged(at(30), LinkState.LOST))
    changes = book.apply(SnapshotTaken(at(40), frozenset({CALL})), at(40))
    assert kinds(changes) == [ChangeKind.CONFIRMED]
    call = only(book)
    assert (call.certainty, call.hold, call.state) == (Certainty.LIVE, Hold.UNKNOWN, CallState.CONNECTED)
    assert kinds(book.apply(HoldChanged(CALL, at(50), "1001", False), at(50))) == [ChangeKind.RESUMED]


def test_what_the_snapshot_no_longer_lists_has_ended_unseen() -> None:
    book = book_of(*PLAIN, LinkChanged(at(30), LinkState.LOST))
    (ended,) = book.apply(SnapshotTaken(at(40), frozenset()), at(40))
    assert (ended.kind, ended.reason) == (ChangeKind.ENDED, "ended while disconnected")
    call = only(book)
    assert (call.outcome, call.certainty, call.last_news, call.ended_at) == (
        CallOutcome.UNKNOWN,
        Certainty.ASSUMED,
        at(5),
        at(40),
    )


def test_what_is_new_in_a_snapshot_does_not_pop_loudly() -> None:
    book = book_of(SnapshotTaken(at(0), frozenset({CALL}), frozenset({CALL})))
    changes = book.apply(BEGAN, at(1)) + book.apply(RINGS_ONE, at(1))
    assert changes
    assert all(change.late for change in changes)


def test_a_new_run_of_the_switchboard_voids_every_old_id() -> None:
    book = book_of(LinkChanged(at(-1), LinkState.CONNECTED, boot="one"), *PLAIN)
    before = only(book).id
    changes = book.apply(LinkChanged(at(30), LinkState.CONNECTED, boot="two"), at(30))
    assert kinds(changes) == [ChangeKind.LINK, ChangeKind.ENDED]
    book.apply(BEGAN, at(40))
    assert len(book.calls()) == 2
    assert book.find(CALL) != before


def test_a_pause_is_told_when_it_changes() -> None:
    book = CallBook(HERE)
    pause = AgentPaused(at(0), "1001", "oohs", paused=True, reason="meal")
    (change,) = book.apply(pause, at(0))
    assert (change.kind, change.extension, change.paused, change.reason) == (ChangeKind.AGENT, "1001", True, "meal")
    assert book.apply(replace(pause, at=at(1)), at(1)) == ()
    assert kinds(book.apply(replace(pause, at=at(2), paused=False), at(2))) == [ChangeKind.AGENT]


def test_ended_calls_are_forgotten_when_told_and_live_ones_never() -> None:
    book = book_of(*PLAIN, END, CallBegan("b", at(0), INBOUND))
    book.forget(at(61))
    assert [call.live for call in book.calls()] == [True]
    assert book.find(CALL) is None


@pytest.mark.parametrize("name", ["<b>Anne</b>\u202e\0", "x" * 5_000_000])
def test_a_hostile_name_is_capped_and_marked(name: str) -> None:
    caller = only(book_of(BEGAN, replace(NUMBER, name=name))).caller
    assert len(caller.name) <= 80
    assert "\0" not in caller.name
    assert "\u202e" not in caller.name


def test_nobody_talks_with_a_caller_who_is_parked_and_only_who_fetches_them_does_again() -> None:
    """Also where the telephone that parked them stays on the line a while, to be told the place."""
    book = book_of(*PLAIN, Parked(CALL, at(20), True))
    (call,) = book.calls()
    assert (call.state, call.talking) == (CallState.PARKED, frozenset())
    for fact in (Parked(CALL, at(40), False), Answered(CALL, at(40), "leg3", "1002")):
        book.apply(fact, fact.at)
    (call,) = book.calls()
    assert (call.state, call.talking, call.answered_by) == (CallState.CONNECTED, frozenset({"1002"}), ("1001", "1002"))
    book.apply(LegEnded(CALL, at(50), "leg1", "1001", LegEnd.HUNG_UP), at(50))
    assert book.calls()[0].talking == {"1002"}
    assert book.take_oddities() == ()


def test_the_own_telephone_rings_no_more_once_the_far_side_does() -> None:
    """Click to dial rings it first; nobody says that it was lifted, but only then is the number dialled."""
    began = CallBegan(CALL, at(0), Direction.OUTBOUND, "907700900124", "1001")
    own, far = Alerting(CALL, at(1), "own", "1001"), Alerting(CALL, at(4), "far", "outside")
    assert book_of(began, own).calls()[0].alerting == {"1001"}
    (call,) = book_of(began, own, far).calls()
    assert (call.alerting, call.rang) == (frozenset({"outside"}), ("1001",))
