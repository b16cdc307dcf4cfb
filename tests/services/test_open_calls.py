"""Calls that ended while everybody who heard them was gone: whoever lists the switchboard's calls next says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from console.domain.call_events import LinkChanged, SnapshotTaken
from console.domain.call_events import LinkState as Phones
from console.domain.call_reducer import CallBook
from console.domain.calls import CallOutcome, Direction
from console.domain.ids import fact_id
from console.domain.items import Item
from console.domain.record import Entry, Identity, Kind, Role, StreamKind, StreamRef
from console.domain.watches import WatchState, watch_id, watch_slot
from console.ports.manual import ManualAlarm, ManualClock
from console.services.folds import Replica
from console.services.link_state import Link, LinkState
from console.services.open_calls import OpenCalls
from console.services.writing import Recording, make_entry
from tests.helpers.items import TEN_PAST, Stream
from tests.helpers.night_room import PRIYA, SWITCHBOARD, TOM, Console, Room

LINE, CALLER, RUN = "01632960001", "07700900412", "night"


# --- a whole room -------------------------------------------------------------------------------


@pytest.fixture
def room() -> Iterator[Room]:
    """A room that is closed after the test."""
    made = Room()
    yield made
    made.close()


def lists(room: Room, *calls: str, run: str = RUN) -> None:
    """Let the telephones be found, with these calls alone, and their list be compared with the record."""
    now, ids = room.clock.now(), frozenset(calls)
    room.hears(LinkChanged(now, Phones.CONNECTED, boot=run), SnapshotTaken(now, ids, ids, listed=ids))
    room.advance(4)


def dies(room: Room, console: Console) -> None:
    """Let a console be gone at once, as in a power cut."""
    console.feed.stop()
    room.consoles.remove(console)


def test_a_caller_who_gave_up_while_every_console_was_gone_is_missed_and_said_to_have_ended_unseen(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", CALLER, LINE, "1001")
    room.advance(8)
    dies(room, priya)
    room.advance(60)
    tom = room.console(TOM, "1002")
    assert tom.night.missed.now() == ()
    lists(room)
    (missed,) = tom.night.missed.now()
    assert (missed.call.e164, missed.call.ended_unseen, missed.call.wait) == ("+447700900412", True, None)
    assert [one.call.id for one in tom.board.now().missed] == [missed.call.id]
    assert tom.board.now().answered.longest_wait is None, "nobody knows how long they waited"


def test_a_caller_who_still_waits_is_not_ended(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", CALLER, LINE, "1001")
    dies(room, priya)
    tom = room.console(TOM, "1002")
    room.advance(5)
    lists(room, "c1")
    assert [(one.ended_at, one.e164) for one in tom.folds.call_log()] == [(None, "+447700900412")]


def test_several_who_find_it_gone_write_one_end(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", CALLER, LINE, "1001")
    dies(room, priya)
    room.advance(5)
    tom, grace = room.console(TOM, "1002"), room.console(Identity("una.reader", "Una", Role.DUTY_MANAGER, "desk-9"))
    lists(room)
    (record,) = tom.folds.call_log()
    ends = [one for one in grace.ledger.items(StreamRef(StreamKind.CALL, record.id)) if one.kind is Kind.CALL_ENDED]
    assert len(ends) == 1
    assert (record.outcome, record.ended_by) == (CallOutcome.UNKNOWN, "unknown")


def test_what_is_lost_is_for_whoever_had_the_caller_to_write_down(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    room.rings("c1", CALLER, LINE, "1001", "1002")
    room.answers("c1", "1001")
    room.advance(5)
    for one in (priya, tom):
        dies(room, one)
    room.advance(60)
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    lists(room)
    lost = priya.desk.state().lost
    assert lost is not None
    assert (lost.own, lost.line, lost.heard_at) == (True, "Hampshire adults", None)
    assert tom.desk.state().lost is None
    assert tom.night.missed.now() == (), "it was answered"


def test_while_the_record_is_away_nothing_is_said_and_when_it_is_back_it_is(room: Room) -> None:
    priya = room.console(PRIYA, "1001")
    room.rings("c1", CALLER, LINE, "1001")
    dies(room, priya)
    room.advance(5)
    tom = room.console(TOM, "1002")
    with room.record_away():
        lists(room)
        room.advance(10)
        assert tom.folds.call_log()[0].ended_at is None
    room.advance(10)
    assert tom.folds.call_log()[0].ended_unseen


# --- who may say so -----------------------------------------------------------------------------

OTHER_BOARD = UUID("00000000-0000-4000-8000-00000000b0b0")
RACK = Identity("witness", "Witness", Role.WITNESS, "rack-2")
LISTED_AT = TEN_PAST + timedelta(minutes=5)


class Case:
    """One open call, ``c1``, written by a console or a witness at ``rack-1``; a list is taken five minutes later."""

    def __init__(self, board: UUID = SWITCHBOARD, run: str = RUN, author: Role = Role.SUPPORT_WORKER) -> None:
        self.link = LinkState(Link.TOGETHER)
        self.clock = ManualClock(LISTED_AT)
        self.alarm = ManualAlarm(self.clock)
        self.recorded: list[Entry] = []
        self.shift = Stream(StreamKind.SHIFT)
        self.call = Stream(StreamKind.CALL, fact_id(board, run, "c1"))
        self.others: list[Stream] = []
        self.author, self.readable = author, author is not Role.WITNESS
        self.fact(Kind.CALL_SEEN, {"provider_call": "c1", "direction": Direction.INBOUND.value, "dialled": LINE})
        self.fact(Kind.CALL_OFFERED, {"extension": "1001"})

    def fact(self, kind: Kind, body: Mapping[str, object]) -> None:
        """Let the observer write one; what a witness reads of it is its envelope."""
        self.call.write(kind, body, role=self.author, readable=self.readable)
        self.call.items[-1] = replace(self.call.items[-1], station="rack-1")

    def watches(self, board: UUID, station: str = "rack-1") -> None:
        """Let a witness say that it is there."""
        self.shift.write(Kind.SHIFT_WATCH, {}, slot=watch_slot(station), role=Role.WITNESS, readable=False)
        word = self.shift.items[-1]
        made = watch_id(board, self.shift.ref, station, word.made_at, WatchState.WATCHING)
        self.shift.items[-1] = replace(word, id=made, station=station)

    def lists(self, *calls: str, listed: frozenset[str] | None = frozenset()) -> list[UUID]:
        """Return the calls of which is said that they ended unseen, by somebody who has just listed these."""
        replica = cast(Replica, self)
        boards = OpenCalls(SWITCHBOARD, cast(Recording, self), replica, self.alarm)
        seen = SnapshotTaken(LISTED_AT, frozenset(calls), listed=listed)
        boards.listed(seen, RUN, CallBook(SWITCHBOARD), 3.0)
        self.alarm.advance(4)
        return [one.stream.id for one in self.recorded]

    # What is asked of a record:

    def items(self, stream: StreamRef) -> tuple[Item, ...]:
        """Return a stream's items."""
        streams = {one.ref: one for one in (self.shift, self.call, *self.others)}
        return tuple(streams[stream].items)

    def streams(self, kind: StreamKind) -> tuple[StreamRef, ...]:
        """Return the streams of a kind."""
        return tuple(one.ref for one in (self.shift, self.call, *self.others) if one.ref.kind is kind)

    def entry(self, kind: Kind, stream: StreamRef, content: Mapping[str, object], **how: Any) -> Entry:  # noqa: ANN401
        """Make an entry of the witness that looks."""
        return make_entry(RACK, self.clock, kind, stream, content, **how)

    def record(self, *entries: Entry) -> None:
        """Take what is written."""
        self.recorded += entries


def test_a_call_of_this_switchboards_that_it_no_longer_has_ended_unseen() -> None:
    case = Case()
    assert case.lists() == [case.call.ref.id]
    (entry,) = case.recorded
    assert entry.content() == {"ended_by": "unknown", "late": True, "outcome": "unknown"}
    assert (entry.kind, entry.made_at) == (Kind.CALL_ENDED, LISTED_AT)
    assert Case(author=Role.WITNESS).lists() == [], "what nobody can tell the switchboard of is left alone"


def test_a_witness_that_reads_no_words_knows_a_call_by_who_told_of_it() -> None:
    """Also one of an earlier run of the switchboard, which went down together with everybody."""
    for case in (Case(author=Role.WITNESS), Case(author=Role.WITNESS, run="the night before")):
        case.watches(SWITCHBOARD)
        assert case.lists() == [case.call.ref.id]


def test_a_call_of_another_switchboard_is_never_ended() -> None:
    assert Case(OTHER_BOARD).lists() == []
    assert Case(run="the night before").lists() == [], "whose it was cannot be known"
    case = Case(OTHER_BOARD, author=Role.WITNESS)
    case.watches(OTHER_BOARD)
    assert case.lists() == []
    case.watches(SWITCHBOARD)
    assert case.lists() == [], "two witnesses of one computer, and which of them told is not known"
    case = Case(OTHER_BOARD, author=Role.WITNESS)
    case.watches(SWITCHBOARD, "rack-2")
    assert case.lists() == []


def test_a_list_that_was_not_whole_ends_nothing() -> None:
    assert Case().lists(listed=None) == []


def test_whoever_is_in_the_list_is_there_also_as_a_channel_of_another_call() -> None:
    assert Case().lists("c1") == []
    assert Case().lists("c2", listed=frozenset({"c2", "c1"})) == []


def test_what_was_told_after_the_list_is_believed() -> None:
    case = Case()
    case.call.at = LISTED_AT
    case.fact(Kind.CALL_ANSWERED, {"extension": "1001"})
    assert case.lists() == []


def test_an_end_or_an_alias_is_none_again_and_a_claim_alone_is_no_call() -> None:
    ended = Case()
    ended.fact(Kind.CALL_ENDED, {"outcome": "abandoned", "ended_by": "caller"})
    assert ended.lists() == []
    merged, other = Case(), Stream(StreamKind.CALL)
    other.write(Kind.CALL_ALIAS, {"other": str(merged.call.ref.id)})
    other.write(Kind.CALL_ENDED, {"outcome": "answered", "ended_by": "caller"})
    merged.others = [other]
    assert merged.lists() == []
    claimed = Case()
    claimed.call.items = []
    claimed.call.write(Kind.CALL_CLAIMED, {"extension": "1001"}, slot="claim")
    assert claimed.lists() == []


def test_a_person_at_the_witnesss_computer_is_not_the_witness() -> None:
    case = Case(run="the night before")
    case.watches(SWITCHBOARD)
    assert case.lists() == []


def test_a_newer_list_takes_the_place_of_one_that_was_not_compared_yet() -> None:
    case = Case()
    boards = OpenCalls(SWITCHBOARD, cast(Recording, case), cast(Replica, case), case.alarm)
    boards.listed(SnapshotTaken(LISTED_AT, frozenset(), listed=frozenset()), RUN, CallBook(SWITCHBOARD), 3.0)
    boards.listed(SnapshotTaken(LISTED_AT, frozenset({"c1"}), listed=frozenset()), RUN, CallBook(SWITCHBOARD), 3.0)
    case.alarm.advance(10)
    assert case.recorded == []
