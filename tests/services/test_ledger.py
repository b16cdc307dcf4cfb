"""The replica in memory: order, heads, delivery, and that applying twice is harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.record import Entry, Kind, SeenMark, Stored, StreamKind, StreamRef
from console.ports.manual import NIGHT, ManualClock
from console.services.folds import Folds
from console.services.ledger import ChangeSet, Ledger
from console.services.link_state import Delivery, Link, LinkState
from console.services.writing import make_entry
from tests.helpers.desk import CALL, CONTACT, INCIDENT, JO, PRIYA
from tests.helpers.simulated_server import SimulatedServer

SLOT = "fact:door"


def fact(text: str, stream: StreamRef = INCIDENT, slot: str = SLOT) -> Entry:
    return make_entry(PRIYA, ManualClock(), Kind.INCIDENT_FACT, stream, {"text": text}, slot=slot)


def stored(*entries: Entry) -> list[Stored]:
    server = SimulatedServer()
    server.append(PRIYA, entries)
    return server.log


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(PRIYA.worker)


@pytest.fixture
def changes(ledger: Ledger) -> list[ChangeSet]:
    heard: list[ChangeSet] = []
    ledger.subscribe(heard.append)
    return heard


def test_kept_items_come_after_shared_ones(ledger: Ledger) -> None:
    mine, theirs = fact("mine"), fact("theirs")
    ledger.pen.take([mine], Delivery.KEPT)
    ledger.pen.accept(stored(theirs))
    assert [item.id for item in ledger.items(INCIDENT)] == [theirs.id, mine.id]
    ledger.pen.share(mine, 2, NIGHT)
    assert [item.seq for item in ledger.items(INCIDENT)] == [1, 2]


def test_a_receipt_before_older_entries_arrive_keeps_seq_order(ledger: Ledger) -> None:
    older, mine = fact("older"), fact("mine")
    ledger.pen.take([mine], Delivery.KEPT)
    ledger.pen.share(mine, 2, NIGHT)
    ledger.pen.accept(stored(older))
    assert [item.id for item in ledger.items(INCIDENT)] == [older.id, mine.id]


def test_applying_twice_changes_nothing_and_tells_nobody(ledger: Ledger, changes: list[ChangeSet]) -> None:
    entries = stored(fact("a"), fact("b"))
    ledger.pen.accept(entries)
    ledger.pen.publish()
    before = ledger.items(INCIDENT)
    ledger.pen.accept(entries)
    ledger.pen.publish()
    assert ledger.items(INCIDENT) == before
    assert len(changes) == 1


@given(st.lists(st.integers(0, 7), max_size=30), st.lists(st.integers(0, 7), max_size=8))
def test_any_order_and_any_repetition_gives_one_picture(arrivals: list[int], receipts: list[int]) -> None:
    entries = [fact(f"{number}") for number in range(8)]
    log = stored(*entries)
    ledger = Ledger(PRIYA.worker)
    ledger.pen.take(entries, Delivery.KEPT)
    for number in arrivals:
        ledger.pen.accept([log[number]])
    for number in receipts:
        ledger.pen.share(entries[number], number + 1, log[number].envelope.stored_at)
    ledger.pen.accept(log)
    assert [item.id for item in ledger.items(INCIDENT)] == [entry.id for entry in entries]
    assert {ledger.progress(entry.id).delivery for entry in entries} == {Delivery.SHARED}


CALLS = tuple(StreamRef(StreamKind.CALL, UUID(int=number)) for number in range(4))
MOVES = st.lists(st.tuples(st.sampled_from(["keep", "share", "hear", "forget", "back", "look"]), st.integers(0, 11)))


def a_fact_of_a_call(number: int) -> Entry:
    return fact(f"{number}", CALLS[number % len(CALLS)])


@given(MOVES)
def test_the_list_of_calls_is_what_every_stream_makes_however_they_moved(moves: list[tuple[str, int]]) -> None:
    entries = [a_fact_of_a_call(number) for number in range(12)]
    log = stored(*entries)
    ledger = Ledger(PRIYA.worker)
    folds = Folds(ledger)
    for what, number in moves:
        if what == "keep":
            ledger.pen.take([entries[number]], Delivery.KEPT)
        elif what == "share":
            ledger.pen.share(entries[number], number + 1, log[number].envelope.stored_at)
        elif what == "hear":
            ledger.pen.accept([log[number]])
        elif what == "forget":
            ledger.pen.forget([CALLS[number % len(CALLS)]])
        elif what == "back":
            ledger.pen.drop_after(number, ())
        before = folds.call_log()
        assert [one.id for one in before] == [ref.id for ref in ledger.streams(StreamKind.CALL)]
        assert all(one is folds.call(one.id) for one in before)
        assert folds.call_log() is before
        for ref in CALLS:
            held = ledger.items(ref)
            assert [one.seq for one in held if one.seq] == sorted(one.seq for one in held if one.seq)


def test_heads_count_kept_entries_and_shared_heads_do_not(ledger: Ledger) -> None:
    first, second = fact("1"), fact("2")
    ledger.pen.accept(stored(first))
    ledger.pen.take([second], Delivery.KEPT)
    assert ledger.head(INCIDENT, SLOT) == second.id
    assert ledger.shared_head(INCIDENT, SLOT) == first.id
    assert ledger.head(INCIDENT, "other") is None
    assert ledger.head(CALL, SLOT) is None


def test_delivery_goes_from_typing_to_seen(ledger: Ledger, changes: list[ChangeSet]) -> None:
    entry = fact("x")
    states = [ledger.progress(entry.id).delivery]
    ledger.pen.take([entry], Delivery.TYPING)
    ledger.pen.move([entry.id], Delivery.KEPT)
    states.append(ledger.progress(entry.id).delivery)
    ledger.pen.share(entry, 1, NIGHT)
    states.append(ledger.progress(entry.id).delivery)
    ledger.pen.mark_seen([SeenMark("jo.moss", INCIDENT, 1)])
    states.append(ledger.progress(entry.id).delivery)
    assert states == [Delivery.TYPING, Delivery.KEPT, Delivery.SHARED, Delivery.SEEN]
    assert ledger.progress(entry.id).seen_by == ("jo.moss",)
    ledger.pen.publish()
    assert changes[-1] == ChangeSet(frozenset({INCIDENT}), own_state_changed=True)


def test_a_tick_beside_own_words_is_no_news_and_to_be_seen_is(ledger: Ledger, changes: list[ChangeSet]) -> None:
    entry, news = fact("x"), list[bool]()

    def told() -> None:
        ledger.pen.publish()
        news.append(INCIDENT in changes[-1].news)
        assert INCIDENT in changes[-1].streams

    ledger.pen.take([entry], Delivery.TYPING)
    told()
    held = ledger.items(INCIDENT)
    ledger.pen.move([entry.id], Delivery.KEPT)
    told()
    assert ledger.items(INCIDENT) is held, "nothing is folded anew for a tick"
    ledger.pen.share(entry, 1, NIGHT)
    told()
    ledger.pen.mark_seen([SeenMark("jo.moss", INCIDENT, 1)])
    told()
    assert news == [True, False, False, True]


def test_own_words_that_change_their_place_by_being_shared_are_news(ledger: Ledger, changes: list[ChangeSet]) -> None:
    first, second = fact("first"), fact("second")
    ledger.pen.take([first, second], Delivery.KEPT)
    ledger.pen.publish()
    ledger.pen.share(second, 1, NIGHT)
    ledger.pen.publish()
    assert changes[-1].news == {INCIDENT}, "the second stands before the first now"
    ledger.pen.accept(stored(fact("a"), fact("b"), fact("a colleague's"))[2:])
    ledger.pen.publish()
    ledger.pen.share(first, 2, NIGHT)
    ledger.pen.publish()
    assert changes[-1].news == {INCIDENT}, "the first stands before the colleague's now"


def test_seen_never_moves_back_and_an_author_does_not_see_for_others(ledger: Ledger) -> None:
    entry = fact("x")
    ledger.pen.accept(stored(entry))
    ledger.pen.mark_seen([SeenMark(PRIYA.worker, INCIDENT, 1), SeenMark("jo.moss", INCIDENT, 1)])
    ledger.pen.mark_seen([SeenMark("jo.moss", INCIDENT, 0)])
    assert ledger.progress(entry.id).seen_by == ("jo.moss",)


def test_what_is_stored_again_after_going_back_was_seen_by_nobody_yet(ledger: Ledger) -> None:
    first, gone, again = fact("first"), fact("gone"), fact("again")
    ledger.pen.accept(stored(first, gone))
    ledger.pen.mark_seen([SeenMark("jo.moss", INCIDENT, 2)])
    ledger.pen.drop_after(1, [])
    ledger.pen.accept(stored(first, again))
    assert ledger.progress(first.id).delivery is Delivery.SEEN
    assert ledger.progress(again.id).delivery is Delivery.SHARED


def test_going_back_drops_what_is_gone_and_own_entries_are_kept_before_newer_ones(ledger: Ledger) -> None:
    entries = [fact(f"{number}") for number in range(4)]
    ledger.pen.accept(stored(*entries[:3]))
    ledger.pen.take([entries[3]], Delivery.KEPT)
    ledger.pen.drop_after(1, [entries[2]])
    assert [item.id for item in ledger.items(INCIDENT)] == [entries[0].id, entries[2].id, entries[3].id]
    assert [item.seq for item in ledger.items(INCIDENT)] == [1, 0, 0]
    assert ledger.progress(entries[2].id).delivery is Delivery.KEPT
    assert not ledger.holds(entries[1].id)


def test_a_register_entry_that_was_not_shared_leaves_the_fold_but_not_the_list(ledger: Ledger) -> None:
    entry, note = fact("mine"), fact("words", slot="")
    ledger.pen.take([entry, note], Delivery.KEPT)
    ledger.pen.put_aside(entry, "because")
    ledger.pen.put_aside(note, "because")
    assert [item.id for item in ledger.items(INCIDENT)] == [note.id]
    assert ledger.set_aside() == ((entry, "because"), (note, "because"))
    assert ledger.pen.take_back(entry.id) == entry
    assert ledger.pen.take_back(entry.id) is None


def test_words_that_may_not_be_read_are_filled_in_later(ledger: Ledger) -> None:
    log = stored(fact("secret"))
    ledger.pen.accept([replace(log[0], body=None)])
    assert not ledger.items(INCIDENT)[0].readable
    assert not ledger.is_whole(INCIDENT)
    ledger.pen.merge(INCIDENT, log)
    assert ledger.items(INCIDENT)[0].content["text"] == "secret"
    assert ledger.is_whole(INCIDENT)
    ledger.pen.accept([replace(log[0], body=None)])
    assert ledger.items(INCIDENT)[0].readable


def test_streams_of_a_kind_are_listed_as_they_were_met(ledger: Ledger) -> None:
    other = StreamRef(StreamKind.INCIDENT, UUID(int=8))
    ledger.pen.accept(stored(fact("a"), fact("b", other), fact("c", CONTACT)))
    ledger.pen.mark_seen([SeenMark("jo.moss", StreamRef(StreamKind.INCIDENT, UUID(int=99)), 1)])
    assert ledger.streams(StreamKind.INCIDENT) == (INCIDENT, other)
    assert ledger.streams(StreamKind.CONTACT) == (CONTACT,)
    assert ledger.streams(StreamKind.CALL) == ()
    ledger.pen.forget([INCIDENT])
    assert ledger.streams(StreamKind.INCIDENT) == (other,)
    ledger.pen.accept(stored(fact("met again")))
    assert ledger.streams(StreamKind.INCIDENT) == (other, INCIDENT)


def test_closed_streams_of_before_the_shift_are_let_go(ledger: Ledger) -> None:
    closed = make_entry(JO, ManualClock(), Kind.INCIDENT_STOOD_DOWN, INCIDENT, {"reason": "safe"})
    signals = StreamRef(StreamKind.SIGNALS, INCIDENT.id)
    ledger.pen.accept(stored(fact("a"), fact("still open", CONTACT), fact("s", signals), closed))
    assert ledger.pen.forget_closed(NIGHT) == 0
    assert ledger.pen.forget_closed(NIGHT + timedelta(hours=1)) == 2
    assert ledger.items(INCIDENT) == ()
    assert ledger.items(signals) == ()
    assert len(ledger.items(CONTACT)) == 1


def test_a_closed_stream_with_an_unshared_entry_stays(ledger: Ledger) -> None:
    closed = make_entry(JO, ManualClock(), Kind.INCIDENT_STOOD_DOWN, INCIDENT, {"reason": "safe"})
    ledger.pen.accept(stored(closed))
    ledger.pen.take([fact("mine")], Delivery.KEPT)
    ledger.pen.forget_closed(NIGHT + timedelta(hours=1))
    assert len(ledger.items(INCIDENT)) == 2


def test_listeners_hear_links_and_can_leave(ledger: Ledger, changes: list[ChangeSet]) -> None:
    heard: list[ChangeSet] = []
    off = ledger.subscribe(heard.append)
    ledger.pen.set_link(LinkState(Link.AWAY))
    ledger.pen.publish()
    off()
    off()
    ledger.pen.set_link(LinkState(Link.AWAY))
    ledger.pen.publish()
    ledger.pen.set_link(LinkState(Link.TOGETHER))
    ledger.pen.publish()
    assert heard == [ChangeSet(link_changed=True)]
    assert len(changes) == 2


def test_names_come_from_signing_in(ledger: Ledger) -> None:
    shift = StreamRef(StreamKind.SHIFT, UUID(int=4))
    content = {"worker": "jo.moss", "name": "J Moss"}
    ledger.pen.accept(stored(make_entry(JO, ManualClock(), Kind.SHIFT_SIGNED_IN, shift, content)))
    assert ledger.name_of("jo.moss") == "J Moss"
    assert ledger.name_of("nobody.known") == "nobody.known"


def help_of(number: int, *states: str) -> list[Entry]:
    """Return a request for help that went through these states."""
    ref = StreamRef(StreamKind.HELP, UUID(int=number))
    drafted = make_entry(JO, ManualClock(), Kind.HELP_DRAFTED, ref, {"kind": "ambulance"})
    moved = (make_entry(JO, ManualClock(), Kind.HELP_CHANGED, ref, {"state": one}, slot="state") for one in states)
    return [drafted, *moved]


def told(number: int) -> list[Entry]:
    """Return what covers a refusal: an alternative, and the caller told."""
    ref = StreamRef(StreamKind.HELP, UUID(int=number))
    instead = make_entry(JO, ManualClock(), Kind.HELP_UPDATED, ref, {"text": "x", "alternative": "a taxi"})
    return [instead, make_entry(JO, ManualClock(), Kind.HELP_TOLD, ref, {"text": "told"})]


def test_a_request_that_failed_is_let_go_only_when_nobody_is_without_help(ledger: Ledger) -> None:
    failed, covered, refused = help_of(71, "sent", "failed"), help_of(72, "sent", "failed"), help_of(73, "sent")
    # Somebody who had not heard of the refusal cancelled: the move is flagged, and the risk stays open.
    refused += help_of(73, "declined", "cancelled")[1:]
    done = help_of(74, "cancelled")
    ledger.pen.accept(stored(*failed, *covered, *told(72), *refused, *done))
    ledger.pen.forget_closed(NIGHT + timedelta(hours=48))
    assert [ref.id.int for ref in ledger.streams(StreamKind.HELP)] == [71, 73]
