"""The sending half of the sync core: batches, lanes, tries, refusals, exclusive acts."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.ports.feed import Arrived, FeedAway
from console.ports.journal import KeptState
from console.ports.manual import ManualClock
from console.ports.store import Receipt, Verdict
from console.services.outbox import BATCH, SOLO_TRIES
from console.services.sync_words import (
    Answered,
    Append,
    AppendFailed,
    Decided,
    Live,
    MarkKept,
    Offered,
    SetAside,
    Shared,
    Tick,
)
from console.services.writing import make_entry
from tests.helpers.desk import CALL, INCIDENT, PRIYA
from tests.helpers.sync_bench import Bench, note, only

OTHER = StreamRef(StreamKind.INCIDENT, UUID(int=500))
HELP = StreamRef(StreamKind.HELP, UUID(int=501))


@pytest.fixture
def bench() -> Bench:
    return Bench().opened()


def test_a_batch_holds_at_most_fifty_and_one_is_on_its_way(bench: Bench) -> None:
    entries = tuple(note(f"{number}") for number in range(120))
    first = only(Append, bench.take(Offered(entries)))
    assert [append.entries for append in first] == [entries[:BATCH]]
    assert only(Append, bench.take(Tick())) == []
    second = only(Append, bench.answer(first[0]))
    assert second[0].entries == entries[BATCH : 2 * BATCH]
    assert len(only(Shared, bench.said)) == BATCH


def test_the_live_incident_goes_first(bench: Bench) -> None:
    bench.take(AppendFailed(only(Append, bench.take(Offered((note("early"),))))[0].number, "away", away=True))
    bench.take(Live(frozenset({OTHER})))
    live = note("live", OTHER)
    bench.take(Offered((live,)))
    bench.clock.advance(1.0)
    assert only(Append, bench.take(Tick()))[0].entries[0] == live


def test_entries_of_one_incident_are_one_lane_even_over_several_streams(bench: Bench) -> None:
    opened = make_entry(PRIYA, ManualClock(), Kind.HELP_DRAFTED, HELP, {"incident": INCIDENT.id})
    bench.take(Live(frozenset({INCIDENT})))
    append = only(Append, bench.take(Offered((note("x", OTHER), note("y"), opened))))[0]
    assert [entry.stream for entry in append.entries] == [INCIDENT, HELP, OTHER]


def test_a_receipt_without_a_seq_is_no_tick(bench: Bench) -> None:
    entry = note("x")
    append = only(Append, bench.take(Offered((entry,))))[0]
    done = bench.take(Answered(append.number, (Receipt(entry.id, Verdict.STORED, seq=0),)))
    assert only(Shared, done) == []
    assert bench.sync.state.waiting == 1


def test_an_answer_that_was_lost_is_asked_again_with_the_same_id(bench: Bench) -> None:
    entry = note("x")
    append = only(Append, bench.take(Offered((entry,))))[0]
    bench.server.append(PRIYA, append.entries)
    bench.take(AppendFailed(append.number, "no answer", away=True))
    bench.clock.advance(1.0)
    again = only(Append, bench.take(Tick()))[0]
    assert again.entries == (entry,)
    done = bench.answer(again)
    assert [shared.seq for shared in only(Shared, done)] == [1]
    assert len(bench.server.log) == 1


def test_an_own_entry_that_the_feed_brings_is_shared_though_its_answer_was_lost(bench: Bench) -> None:
    entry = note("x")
    append = only(Append, bench.take(Offered((entry,))))[0]
    bench.server.append(PRIYA, append.entries)
    done = bench.take(Arrived(tuple(bench.server.log)))
    assert [shared.entry for shared in only(Shared, done)] == [entry]
    assert [mark.marks[0].state for mark in only(MarkKept, done)] == [KeptState.SHARED]
    assert bench.take(AppendFailed(append.number, "no answer", away=True))
    assert bench.sync.state.waiting == 0


def test_an_answer_nobody_asked_for_changes_nothing(bench: Bench) -> None:
    entry = note("x")
    bench.take(Offered((entry,)))
    assert only(Shared, bench.take(Answered(99, (Receipt(entry.id, Verdict.STORED, seq=9),)))) == []
    assert bench.sync.state.waiting == 1


def test_tries_grow_rarer_and_never_rarer_than_four_seconds(bench: Bench) -> None:
    append = only(Append, bench.take(Offered((note("x"),))))[0]
    waits: list[float] = []
    for _ in range(8):
        bench.take(AppendFailed(append.number, "away", away=True))
        began = bench.clock.monotonic()
        while not (found := only(Append, bench.take(Tick()))):
            bench.clock.advance(0.25)
        append = found[0]
        waits.append(round(bench.clock.monotonic() - began, 2))
    assert waits[0] <= 0.3
    assert max(waits) <= 4.1
    assert waits == sorted(waits)


def test_one_entry_that_cannot_be_stored_is_found_and_blocks_no_other_incident(bench: Bench) -> None:
    bad = note("bad")
    good = tuple(note(f"{number}", OTHER) for number in range(10))
    after = note("after")
    actions = bench.take(Offered((note("before"), bad, after, *good)))
    stored: list[UUID] = []
    for _ in range(400):
        for append in only(Append, actions):
            if bad in append.entries:
                actions = bench.take(AppendFailed(append.number, "cannot be stored", away=False))
            else:
                stored += [entry.id for entry in append.entries]
                actions = bench.answer(append)
        if not only(Append, actions):
            bench.clock.advance(0.5)
            actions = bench.beat()
    assert [aside.entry for aside in only(SetAside, bench.said)] == [bad]
    assert "cannot be stored" in only(SetAside, bench.said)[0].reason
    assert set(stored) >= {entry.id for entry in good} | {after.id}
    first_good = stored.index(good[0].id)
    assert first_good < stored.index(after.id)
    assert SOLO_TRIES > 1


@pytest.mark.parametrize("verdict", [Verdict.DIFFERS, Verdict.REFUSED, Verdict.MOVED])
def test_what_is_not_shared_is_set_aside_with_a_sentence(bench: Bench, verdict: Verdict) -> None:
    entry = note("x")
    append = only(Append, bench.take(Offered((entry,))))[0]
    done = bench.take(Answered(append.number, (Receipt(entry.id, verdict),)))
    aside = only(SetAside, done)
    assert aside[0].entry == entry
    assert aside[0].reason.endswith((".", "whole."))
    assert only(MarkKept, done)[0].marks[0].state is KeptState.REFUSED
    assert bench.sync.state.waiting == 0


def test_an_exclusive_act_waits_for_the_answer_and_not_longer(bench: Bench) -> None:
    act = make_entry(PRIYA, ManualClock(), Kind.CALL_CLAIMED, CALL, {}, slot="claim", expects=Expects(None))
    append = only(Append, bench.take(Offered((act,), exclusive=True)))[0]
    assert only(Decided, bench.said) == []
    done = bench.answer(append)
    assert [decided.receipt.verdict for decided in only(Decided, done) if decided.receipt] == [Verdict.STORED]
    bench.take(FeedAway("gone"))
    again = replace(act, id=UUID(int=9))
    refused = only(Decided, bench.take(Offered((again,), exclusive=True)))
    assert refused[0].receipt is None
    assert not refused[0].in_doubt
    assert only(Append, bench.take(Tick())) == []


def test_what_was_looked_at_while_away_goes_before_everything_and_holds_nothing_up(bench: Bench) -> None:
    away = AppendFailed(only(Append, bench.take(Offered((note("early"),))))[0].number, "away", away=True)
    bench.take(away)
    looked = replace(note("looked"), kind=Kind.ACCESS_OFFLINE, body="{}")
    bench.take(Offered((note("later", OTHER), looked)))
    bench.take(Live(frozenset({OTHER})))
    bench.clock.advance(1.0)
    (batch,) = only(Append, bench.take(Tick()))
    assert batch.entries[0] == looked
    assert len(batch.entries) == 3
    (entry, *_) = batch.entries
    bench.take(Answered(batch.number, (Receipt(entry.id, Verdict.REFUSED, reason="no"),)))
    assert only(SetAside, bench.said)[0].entry == looked
