"""What is asked of a witness: whose telephone, once, and which words a witness reads; the same in every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import UUID, uuid4

import pytest

from console.domain.asks import AskState, ask_slot, fold_ask
from console.domain.call_events import SnapshotTaken
from console.domain.call_log import fold_call
from console.domain.call_reducer import CallBook
from console.domain.ids import fact_id
from console.domain.items import Item, item_of_stored
from console.domain.record import Entry, Expects, Identity, Kind, StreamKind, StreamRef
from console.domain.watches import WatchState, watch_id, watch_slot
from console.ports.manual import ManualAlarm, ManualClock
from console.ports.store import Receipt, Verdict
from console.services.folds import Replica
from console.services.link_state import Link, LinkState
from console.services.open_calls import OpenCalls
from console.services.writing import Recording, make_entry
from tests.helpers.record_parts import PRIYA, STORES, TOM, HandClock, MakeRecord, Pen, Store
from tests.helpers.record_people import WITNESS

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]
NOBODY_YET = Expects(None)


@pytest.fixture(scope="module")
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, make_record: MakeRecord, clock: HandClock) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def shift(store: Store, clock: HandClock) -> StreamRef:
    """Priya at 1001 and Tom at 1002, signed in to a shift."""
    stream = StreamRef(StreamKind.SHIFT, uuid4())
    for who, extension in ((PRIYA, "1001"), (TOM, "1002")):
        body = {"worker": who.worker, "name": who.name, "role": who.role.value, "extension": extension}
        entry = Pen(who, clock).write(Kind.SHIFT_SIGNED_IN, stream, body, slot=f"extension:{extension}")
        assert offered(store, who, replace(entry, expects=NOBODY_YET)).verdict is Verdict.STORED
    return stream


def offered(store: Store, who: Identity, entry: Entry) -> Receipt:
    (receipt,) = store.append(who, [entry])
    return receipt


def asking(who: Identity, clock: HandClock, shift: StreamRef, extension: str, ask: UUID) -> Entry:
    body = {"act": "hold", "extension": extension, "call": "", "target": "", "reason": ""}
    return replace(Pen(who, clock).write(Kind.SHIFT_ASKED, shift, body, slot=ask_slot(ask)), expects=NOBODY_YET)


def answering(clock: HandClock, shift: StreamRef, ask: UUID, over: UUID, state: AskState) -> Entry:
    entry = Pen(WITNESS, clock).write(Kind.SHIFT_ASK_ANSWERED, shift, {"state": state.value}, slot=ask_slot(ask))
    return replace(entry, expects=Expects(over))


def test_a_worker_asks_for_their_own_telephone_only(store: Store, clock: HandClock, shift: StreamRef) -> None:
    assert offered(store, PRIYA, asking(PRIYA, clock, shift, "1001", uuid4())).verdict is Verdict.STORED
    for who, extension, where in (
        (PRIYA, "1002", shift),
        (PRIYA, "1003", shift),
        (PRIYA, "", shift),
        (PRIYA, "1001", StreamRef(StreamKind.SHIFT, uuid4())),
    ):
        refused = offered(store, who, asking(who, clock, where, extension, uuid4()))
        assert (refused.verdict, "own telephone only" in refused.reason) == (Verdict.REFUSED, True)
    out = Pen(PRIYA, clock).write(Kind.SHIFT_SIGNED_OUT, shift, {"worker": PRIYA.worker}, slot="extension:1001")
    assert offered(store, PRIYA, out).verdict is Verdict.STORED
    assert offered(store, PRIYA, asking(PRIYA, clock, shift, "1001", uuid4())).verdict is Verdict.REFUSED


def test_who_sat_down_there_in_a_later_shift_has_it_and_nobody_before_them(
    store: Store, clock: HandClock, shift: StreamRef
) -> None:
    """Whoever is still signed in to last night's shift asks nothing of it, also once that somebody has left."""
    tonight = StreamRef(StreamKind.SHIFT, uuid4())
    body = {"worker": TOM.worker, "name": TOM.name, "role": TOM.role.value, "extension": "1001"}
    clock.move(seconds=60)
    assert offered(store, PRIYA, asking(PRIYA, clock, shift, "1001", uuid4())).verdict is Verdict.STORED
    for kind in (Kind.SHIFT_SIGNED_IN, Kind.SHIFT_SIGNED_OUT):
        came = Pen(TOM, clock).write(kind, tonight, body, slot="extension:1001")
        assert offered(store, TOM, came).verdict is Verdict.STORED
        assert offered(store, PRIYA, asking(PRIYA, clock, shift, "1001", uuid4())).verdict is Verdict.REFUSED
        his = offered(store, TOM, asking(TOM, clock, tonight, "1001", uuid4())).verdict
        assert his is (Verdict.STORED if kind is Kind.SHIFT_SIGNED_IN else Verdict.REFUSED)
    assert offered(store, TOM, asking(TOM, clock, shift, "1002", uuid4())).verdict is Verdict.STORED


def test_words_of_an_earlier_shift_that_come_late_take_nobodys_telephone(
    store: Store, clock: HandClock, shift: StreamRef
) -> None:
    """A sign-in counts from when it was made, whenever it was shared."""
    before = StreamRef(StreamKind.SHIFT, uuid4())
    body = {"worker": TOM.worker, "name": TOM.name, "role": TOM.role.value, "extension": "1001", "unclaimed": True}
    late = Pen(TOM, clock).write(Kind.SHIFT_SIGNED_IN, before, body, slot="extension:1001")
    late = replace(late, made_at=late.made_at - timedelta(hours=20))
    assert offered(store, TOM, late).verdict is Verdict.STORED
    assert offered(store, PRIYA, asking(PRIYA, clock, shift, "1001", uuid4())).verdict is Verdict.STORED


def test_a_witness_asks_nothing_and_a_worker_answers_nothing(store: Store, clock: HandClock, shift: StreamRef) -> None:
    asked = asking(PRIYA, clock, shift, "1001", uuid4())
    assert offered(store, WITNESS, asking(WITNESS, clock, shift, "1001", uuid4())).verdict is Verdict.REFUSED
    assert offered(store, PRIYA, asked).verdict is Verdict.STORED
    mine = Pen(TOM, clock).write(Kind.SHIFT_ASK_ANSWERED, shift, {"state": "accepted"}, slot=asked.slot)
    assert offered(store, TOM, mine).verdict is Verdict.REFUSED


def test_it_is_taken_once_and_what_is_taken_is_not_withdrawn(store: Store, clock: HandClock, shift: StreamRef) -> None:
    ask = uuid4()
    asked = asking(PRIYA, clock, shift, "1001", ask)
    assert offered(store, PRIYA, asked).verdict is Verdict.STORED
    taken = answering(clock, shift, ask, asked.id, AskState.TAKEN)
    assert offered(store, WITNESS, taken).verdict is Verdict.STORED
    assert offered(store, WITNESS, answering(clock, shift, ask, asked.id, AskState.TAKEN)).verdict is Verdict.MOVED
    withdrawn = replace(asking(PRIYA, clock, shift, "1001", ask), expects=Expects(asked.id))
    assert offered(store, PRIYA, withdrawn).verdict is Verdict.MOVED
    done = answering(clock, shift, ask, taken.id, AskState.ACCEPTED)
    assert offered(store, WITNESS, done).verdict is Verdict.STORED
    items = [item_of_stored(one) for one in store.stream(PRIYA, shift)]
    found = fold_ask(item for item in items if item.slot == ask_slot(ask))
    assert found is not None
    assert (found.state, found.head, found.worker, found.extension) == (
        AskState.ACCEPTED,
        done.id,
        "priya.raman",
        "1001",
    )


def test_a_witness_reads_what_is_asked_and_no_other_words(store: Store, clock: HandClock, shift: StreamRef) -> None:
    asked = asking(PRIYA, clock, shift, "1001", uuid4())
    contact, opened = Pen(PRIYA, clock).contact()
    note = Pen(PRIYA, clock).note(contact, "40 paracetamol")
    for entry in (asked, opened, note):
        assert offered(store, PRIYA, entry).verdict is Verdict.STORED
    ids = [asked.id, opened.id, note.id]
    assert store.bodies(WITNESS, ids) == {asked.id: asked.body}
    told = {one.envelope.id: one.body for one in store.news(WITNESS, 0)}
    assert {identity: told[identity] for identity in ids} == {asked.id: asked.body, opened.id: None, note.id: None}
    signed_in = [one for one in store.news(WITNESS, 0) if one.envelope.kind is Kind.SHIFT_SIGNED_IN]
    assert len(signed_in) == 2
    assert all(one.body is None for one in signed_in)


class Read:
    """A record as somebody read it, to its end."""

    link = LinkState(Link.TOGETHER)

    def __init__(self, who: Identity, store: Store) -> None:
        self._items: dict[StreamRef, list[Item]] = {}
        for one in store.news(who, 0):
            self._items.setdefault(one.envelope.stream, []).append(item_of_stored(one))

    def items(self, stream: StreamRef) -> tuple[Item, ...]:
        """Return a stream's items."""
        return tuple(self._items[stream])

    def streams(self, kind: StreamKind) -> tuple[StreamRef, ...]:
        """Return the streams of a kind."""
        return tuple(stream for stream in self._items if stream.kind is kind)


def test_a_witness_ends_by_envelopes_alone_what_another_told_of_its_own_switchboard(
    store: Store, clock: HandClock, shift: StreamRef
) -> None:
    """In the next run of the switchboard, and of the next witness; a call of another switchboard it leaves alone."""
    mine, others = uuid4(), uuid4()
    open_calls = {}
    for board, station in ((mine, "rack-1"), (others, "rack-2")):
        gone = replace(WITNESS, station=station)
        call = open_calls[board] = StreamRef(StreamKind.CALL, fact_id(board, "last night", "c1"))
        at = clock.now()
        word = Pen(gone, clock).write(Kind.SHIFT_WATCH, shift, {"station": station}, slot=watch_slot(station))
        word = replace(word, id=watch_id(board, shift, station, at, WatchState.WATCHING), made_at=at)
        seen = Pen(gone, clock).write(Kind.CALL_SEEN, call, {"provider_call": "c1", "direction": "inbound"})
        for entry in (word, seen):
            assert offered(store, gone, entry).verdict is Verdict.STORED
    timer, made = ManualAlarm(ManualClock()), list[Entry]()
    recording = SimpleNamespace(entry=partial(make_entry, WITNESS, clock), record=made.append)
    boards = OpenCalls(mine, cast(Recording, recording), cast(Replica, Read(WITNESS, store)), timer)
    later = clock.now() + timedelta(hours=1)
    boards.listed(SnapshotTaken(later, frozenset(), listed=frozenset()), "tonight", CallBook(mine), 0.0)
    timer.advance(1)
    assert [entry.stream for entry in made] == [open_calls[mine]]
    assert offered(store, WITNESS, made[0]).verdict is Verdict.STORED
    record = fold_call(Read(PRIYA, store).items(open_calls[mine]))
    assert record is not None
    assert record.ended_unseen
