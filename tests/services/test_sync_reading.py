"""The reading half of the sync core: holes, digests, rewinds, away and back, the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.record import SCHEMA_VERSION, START, Cursor, Kind
from console.ports.feed import Arrived, Beat, FeedAway
from console.ports.journal import KeptState
from console.ports.manual import NIGHT, ManualClock
from console.ports.store import Heartbeat, OtherHistory
from console.services.link_state import Link
from console.services.sync_words import (
    Accept,
    Answered,
    Append,
    AppendFailed,
    MarkKept,
    Misplaced,
    Offered,
    Opened,
    Probe,
    Probed,
    ReadFrom,
    Reopen,
    Rewound,
    Shared,
    Tick,
)
from console.services.writing import make_entry
from tests.helpers.desk import INCIDENT, JO, PRIYA
from tests.helpers.sync_bench import Bench, note, only


@pytest.fixture
def bench() -> Bench:
    return Bench().opened()


def test_a_hole_is_asked_for_and_nothing_after_it_is_taken(bench: Bench) -> None:
    log = bench.others(5)
    assert only(Accept, bench.take(Arrived((log[0],))))[0].entries == (log[0],)
    done = bench.take(Arrived(tuple(log[3:])))
    assert only(Accept, done) == []
    assert only(ReadFrom, done)[0].cursor == Cursor(1, log[0].envelope.digest)
    assert only(Accept, bench.take(Arrived(tuple(log[1:]))))[0].entries == tuple(log[1:])


def test_what_came_before_is_passed_over(bench: Bench) -> None:
    log = bench.others(3)
    bench.take(Arrived(tuple(log)))
    assert only(Accept, bench.take(Arrived(tuple(log)))) == []
    assert bench.sync.cursor == bench.server.head


def test_a_lost_arrival_is_asked_for_at_the_second_beat(bench: Bench) -> None:
    bench.others(2)
    bench.clock.advance(2.0)
    assert only(ReadFrom, bench.beat()) == []
    assert bench.sync.state.behind == 2
    bench.clock.advance(2.0)
    assert only(ReadFrom, bench.beat())[0].cursor == START


@pytest.mark.parametrize("what", ["author", "body", "kind", "time"])
def test_an_altered_entry_is_named_and_work_goes_on(bench: Bench, what: str) -> None:
    log = bench.others(3)
    good = log[1]
    altered = {
        "author": replace(good, envelope=replace(good.envelope, author="somebody.else")),
        "body": replace(good, body='{"text":"never said"}'),
        "kind": replace(good, envelope=replace(good.envelope, kind=Kind.INCIDENT_FACT)),
        "time": replace(good, envelope=replace(good.envelope, made_at=NIGHT + timedelta(days=1))),
    }[what]
    served = (log[0], altered, log[2])
    done = bench.take(Arrived(served))
    assert [len(accept.entries) for accept in only(Accept, done)] == [1]
    probe = only(Probe, done)[0]
    assert bench.sync.state.altered_at == 0  # asked first: it may be a late message of another history
    done = bench.take(Probed(probe.history[0], probe.history[0].seq, altered))
    assert bench.sync.state.altered_at == 2
    assert only(ReadFrom, done)[0].cursor.seq == 1
    bench.take(Arrived(served[1:]))
    assert bench.sync.cursor == bench.server.head


def test_a_late_message_of_an_old_history_convicts_nobody(bench: Bench) -> None:
    log = bench.others(2)
    late = replace(log[1], envelope=replace(log[1].envelope, digest="f" * 64))
    probe = only(Probe, bench.take(Arrived((log[0], late))))[0]
    bench.take(Probed(probe.history[0], 1, log[1]))
    bench.take(Arrived((log[1],)))
    assert bench.sync.state.altered_at == 0
    assert bench.sync.cursor == bench.server.head


def test_the_same_id_with_other_words_after_a_rewind_is_an_alteration(bench: Bench) -> None:
    log = bench.others(2)
    bench.take(Arrived(tuple(log)))
    cursor = bench.server.head
    rewritten = replace(make_entry(JO, ManualClock(), Kind.INCIDENT_NOTE, INCIDENT, {"text": "never said"}))
    rewritten = replace(rewritten, id=log[1].envelope.id)
    bench.server.log.pop()
    bench.server.append(JO, [rewritten])
    bench.beat(cursor, rewind_to=1)
    bench.take(Arrived((bench.server.log[1],)))
    assert bench.sync.state.altered_at == 2


def test_a_rewind_drops_offers_again_and_reads_on(bench: Bench) -> None:
    own = tuple(note(f"own {number}") for number in range(4))
    bench.answer(only(Append, bench.take(Offered(own)))[0])
    bench.take(Arrived(tuple(bench.server.log)))
    cursor = bench.server.head
    bench.server.fail_over(2)
    done = bench.beat(cursor, rewind_to=2)
    assert only(Rewound, done)[0] == Rewound(2, own[2:])
    assert only(ReadFrom, done)[0].cursor == bench.server.head
    assert [mark.marks[0].state for mark in only(MarkKept, done)] == [KeptState.QUEUED] * 2
    bench.answer(only(Append, done)[0])
    bench.take(Arrived(tuple(bench.server.log[2:])))
    assert bench.server.ids() == [entry.id for entry in own]
    assert bench.sync.state.missing == 0


def test_nothing_new_goes_in_before_what_a_rewind_took(bench: Bench) -> None:
    own, new = tuple(note(f"own {number}") for number in range(3)), note("new")
    bench.answer(only(Append, bench.take(Offered(own)))[0])
    bench.take(Arrived(tuple(bench.server.log)))
    bench.server.fail_over(2)
    append = only(Append, bench.take(Offered((new,))))[0]
    with pytest.raises(OtherHistory):
        bench.server.append(PRIYA, append.entries, after=append.after)
    probe = only(Probe, bench.take(Misplaced(append.number)))[0]
    assert only(Rewound, bench.take(Probed(probe.history[0], 1))) == [Rewound(1, own[1:])]
    bench.clock.advance(0.3)
    again = only(Append, bench.take(Tick()))[0]
    assert again.entries == (*own[1:], new)
    bench.server.append(PRIYA, again.entries, after=again.after)
    assert bench.server.ids() == [entry.id for entry in (*own, new)]


def test_nothing_new_goes_in_before_what_was_stored_and_not_read_yet(bench: Bench) -> None:
    first, new = note("first"), note("new")
    bench.answer(only(Append, bench.take(Offered((first,))))[0])
    bench.server.fail_over(1)
    append = only(Append, bench.take(Offered((new,))))[0]
    with pytest.raises(OtherHistory):
        bench.server.append(PRIYA, append.entries, after=append.after)
    assert only(Rewound, bench.take(Misplaced(append.number))) == [Rewound(None, (first,))]
    bench.clock.advance(0.3)
    assert only(Append, bench.take(Tick()))[0].entries == (first, new)


def test_a_server_that_only_says_no_is_asked_where_it_agrees(bench: Bench) -> None:
    log = bench.others(9)
    bench.take(Arrived(tuple(log)))
    probe = only(Probe, bench.beat(rewind_to=0))[0]
    assert [cursor.seq for cursor in probe.history] == list(range(9, -1, -1))
    done = bench.take(Probed(probe.history[0], 6))
    assert only(Rewound, done)[0].to == 6
    assert bench.sync.state.missing == 3


def test_a_rewind_before_where_this_console_began_opens_again_there(bench: Bench) -> None:
    late = Bench()
    late.server.append(JO, [note(f"{number}") for number in range(5)])
    late.take(Opened(late.server.head))
    done = late.take(Probed(late.server.head, 2))
    assert only(Reopen, done) == [Reopen(5)]
    assert late.sync.cursor is None
    late.take(Opened(Cursor(5, "e" * 64)))
    assert late.sync.cursor == Cursor(5, "e" * 64)


def test_receipts_of_a_history_that_is_no_more_are_not_believed(bench: Bench) -> None:
    log = bench.others(3)
    bench.take(Arrived(tuple(log)))
    entry = note("x")
    append = only(Append, bench.take(Offered((entry,))))[0]
    receipts = bench.server.append(PRIYA, append.entries)
    bench.server.fail_over(2)
    bench.beat(rewind_to=2)
    done = bench.take(Answered(append.number, receipts))
    assert only(Shared, done) == []
    again = only(Append, done)[0]
    assert again.entries == (entry,)
    assert [shared.seq for shared in only(Shared, bench.answer(again))] == [3]


def test_an_acknowledged_place_taken_by_another_proves_a_failover(bench: Bench) -> None:
    entry = note("mine")
    bench.answer(only(Append, bench.take(Offered((entry,))))[0])
    bench.server.fail_over(1)
    bench.server.append(JO, [note("theirs")])
    done = bench.take(Arrived(tuple(bench.server.log)))
    assert only(Rewound, done) == [Rewound(None, (entry,))]
    assert only(Append, done)[0].entries == (entry,)


def test_a_head_before_an_acknowledged_entry_proves_a_failover_at_the_second_beat(bench: Bench) -> None:
    entry = note("mine")
    bench.answer(only(Append, bench.take(Offered((entry,))))[0])
    bench.server.fail_over(1)
    assert only(Rewound, bench.beat()) == []
    assert only(Rewound, bench.beat()) == [Rewound(None, (entry,))]


def test_an_acknowledged_place_below_the_head_may_be_somebody_elses_by_now(bench: Bench) -> None:
    first, second = note("first"), note("second")
    for entry in (first, second):
        bench.answer(only(Append, bench.take(Offered((entry,))))[0])
    bench.server.fail_over(2)
    bench.server.append(JO, [note("theirs")])
    assert only(Rewound, bench.beat()) == []
    done = bench.beat()
    assert only(Rewound, done) == [Rewound(None, (first, second))]
    assert only(Append, done)[0].entries == (first, second)


def test_a_lower_place_for_a_newer_entry_proves_a_failover(bench: Bench) -> None:
    first, second = note("first"), note("second")
    bench.others(1)
    bench.answer(only(Append, bench.take(Offered((first,))))[0])
    bench.server.fail_over(2)
    append = only(Append, bench.take(Offered((second,))))[0]
    done = bench.answer(append)
    assert only(Rewound, done) == [Rewound(None, (first,))]


def test_away_is_said_within_five_seconds_of_silence_and_back_at_the_first_beat(bench: Bench) -> None:
    assert bench.sync.state.link is Link.TOGETHER
    began = bench.clock.monotonic()
    while not bench.sync.state.is_away:
        bench.clock.advance(0.1)
        bench.take(Tick())
    assert bench.clock.monotonic() - began <= 5.0
    assert bench.sync.state.since == bench.clock.now()
    bench.beat()
    assert not bench.sync.state.is_away


def test_a_feed_that_says_it_is_away_is_believed_at_once(bench: Bench) -> None:
    bench.take(FeedAway("The server went away."))
    assert bench.sync.state.is_away
    assert bench.sync.state.sentence == "The server went away."


def test_a_record_that_can_be_read_but_not_written_is_away_too(bench: Bench) -> None:
    append = only(Append, bench.take(Offered((note("x"),))))[0]
    bench.take(AppendFailed(append.number, "The disk of the database is full.", away=True))
    bench.beat()
    assert bench.sync.state.sentence == "The disk of the database is full."
    bench.clock.advance(0.5)
    bench.answer(only(Append, bench.take(Tick()))[0])
    assert not bench.sync.state.is_away


def test_a_beat_that_says_nobody_can_write_is_believed_before_anything_was_written(bench: Bench) -> None:
    held = Heartbeat(START, bench.clock.now(), SCHEMA_VERSION, held="Another program holds it.")
    bench.take(Beat(START, held))
    assert bench.sync.state.is_away
    assert bench.sync.state.sentence == "Another program holds it."
    bench.beat()
    assert not bench.sync.state.is_away


def test_another_schema_is_said_and_nothing_is_written(bench: Bench) -> None:
    heart = Heartbeat(START, bench.clock.now(), SCHEMA_VERSION + 1)
    bench.take(Beat(START, heart))
    assert bench.sync.state.link is Link.OTHER_VERSION
    assert only(Append, bench.take(Offered((note("x"),)))) == []
    assert bench.sync.state.waiting == 1
    assert only(Append, bench.beat()) != []


@pytest.mark.parametrize(("offset", "wrong"), [(-29.0, False), (29.0, False), (31.0, True), (-31.0, True)])
def test_a_clock_that_differs_by_more_than_thirty_seconds_is_said(bench: Bench, offset: float, wrong: bool) -> None:
    asked = bench.clock.now()
    answered = asked + timedelta(seconds=2)
    server_time = asked + timedelta(seconds=1 + offset)
    bench.take(Beat(START, Heartbeat(START, server_time, SCHEMA_VERSION), asked, answered))
    assert bench.sync.state.offset == offset
    assert bench.sync.state.clock_wrong is wrong
