"""One behaviour, every journal: kept in order, marked, offered again, and drafts that settle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.ports.journal import Draft, Journal, KeptState, Mark
from db.journal import FileJournal, Reserve
from db.journal_memory import MemoryJournal
from tests.helpers.record_parts import KEY, PRIYA, HandClock, Pen


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pen(clock: HandClock) -> Pen:
    return Pen(PRIYA, clock)


@pytest.fixture(params=["file", "memory"])
def journal(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[Journal]:
    made: Journal = MemoryJournal(clock)
    if request.param == "file":
        made = FileJournal(tmp_path / "one.journal", KEY, clock, Reserve(tmp_path / "reserve"))
    yield made
    made.close()


def test_entries_are_kept_whole_and_in_order(journal: Journal, pen: Pen) -> None:
    ref, opened = pen.contact()
    claim = pen.write(
        Kind.CALL_CLAIMED, StreamRef(StreamKind.CALL, pen.id()), {"x": "Zoë"}, slot="claim", expects=Expects(None)
    )
    over = pen.field(ref, "where", "reservoir", replaces=opened.id)
    kept = journal.keep([opened, claim, over])
    assert [one.order for one in kept] == [1, 2, 3]
    assert [one.entry for one in journal.waiting()] == [opened, claim, over]
    assert {one.state for one in journal.waiting()} == {KeptState.QUEUED}


def test_keeping_twice_changes_nothing(journal: Journal, pen: Pen) -> None:
    ref, opened = pen.contact()
    journal.keep([opened])
    again = journal.keep([opened, pen.note(ref, "b")])
    assert [one.order for one in again] == [1, 2]
    assert len(journal.waiting()) == 2


def test_marks_say_what_became_of_entries(journal: Journal, pen: Pen) -> None:
    ref, opened = pen.contact()
    note, other = pen.note(ref, "a"), pen.note(ref, "b")
    journal.keep([opened, note, other])
    journal.mark(
        [
            Mark(opened.id, KeptState.SHARED, 7, "d" * 64),
            Mark(note.id, KeptState.REFUSED, reason="Your role may not."),
            Mark(other.id, KeptState.QUEUED),
        ]
    )
    refused, queued = journal.waiting()
    assert (refused.entry, refused.state, refused.reason) == (note, KeptState.REFUSED, "Your role may not.")
    assert (queued.entry, queued.attempts) == (other, 1)


def test_a_tick_that_was_taken_back_waits_again(journal: Journal, pen: Pen) -> None:
    _, opened = pen.contact()
    journal.keep([opened])
    journal.mark([Mark(opened.id, KeptState.SHARED, 7, "d" * 64)])
    journal.mark([Mark(opened.id, KeptState.QUEUED)])
    (waiting,) = journal.waiting()
    assert (waiting.seq, waiting.digest) == (0, "")


def test_shared_entries_stay_for_offering_again_and_are_dropped_by_age(
    journal: Journal, pen: Pen, clock: HandClock
) -> None:
    ref, opened = pen.contact()
    note, unsent = pen.note(ref, "a"), pen.note(ref, "never sent")
    journal.keep([opened, note, unsent])
    first = clock.now()
    journal.mark([Mark(opened.id, KeptState.SHARED, 1, "a" * 64)])
    clock.move(hours=40)
    journal.mark([Mark(note.id, KeptState.SHARED, 2, "b" * 64)])
    clock.move(hours=10)
    since = clock.now() - timedelta(hours=48)
    assert [(one.entry, one.seq) for one in journal.shared_since(since)] == [(note, 2)]
    assert len(journal.shared_since(first)) == 2
    journal.forget_shared(since)
    assert [one.entry for one in journal.shared_since(first)] == [note]
    journal.forget_shared(clock.now() + timedelta(days=9))
    assert [one.entry for one in journal.waiting()] == [unsent]


def draft(pen: Pen, text: str) -> Draft:
    ref, _ = pen.contact()
    return Draft(pen.id(), ref, text, pen.clock.now(), pen.clock.now())


def test_a_draft_holds_the_newest_text_of_its_line(journal: Journal, pen: Pen, clock: HandClock) -> None:
    first = draft(pen, "over")
    journal.keep_draft(first)
    clock.move(seconds=1)
    second = draft(pen, "another line")
    journal.keep_draft(second)
    newest = Draft(first.line, first.stream, "overdose 2145", clock.now(), clock.now())
    journal.keep_draft(newest)
    held, other = journal.drafts()
    assert (held.text, held.begun, held.typed) == ("overdose 2145", first.begun, clock.now())
    assert other == second


def test_a_draft_typed_over_a_line_says_which_entry_it_corrects(journal: Journal, pen: Pen, clock: HandClock) -> None:
    ref, _ = pen.contact()
    wrong = pen.note(ref, "16 tablets")
    over = Draft(pen.id(), ref, "40", clock.now(), clock.now(), corrects=wrong.id)
    own = Draft(pen.id(), ref, "her words", clock.now() + timedelta(seconds=1), clock.now())
    for one in (over, own, replace(over, text="40 tablets")):
        journal.keep_draft(one)
    assert [(one.text, one.corrects) for one in journal.drafts()] == [("40 tablets", wrong.id), ("her words", None)]


def test_an_entry_settles_the_draft_of_its_line(journal: Journal, pen: Pen) -> None:
    typed, other = draft(pen, "overdose"), draft(pen, "kept")
    journal.keep_draft(typed)
    journal.keep_draft(other)
    journal.keep([pen.write(Kind.CONTACT_NOTE, typed.stream, {"line": str(typed.line), "text": "overdose"})])
    assert journal.drafts() == (other,)
    journal.drop_draft(other.line)
    assert journal.drafts() == ()


def test_an_entry_settles_the_half_filled_panel_it_was_made_of(journal: Journal, pen: Pen) -> None:
    sent, other = draft(pen, "{}"), draft(pen, "kept")
    for one in (sent, other):
        journal.keep_draft(one)
    (kept,) = journal.keep([pen.contact()[1]], [sent.line])
    assert [one.entry for one in journal.waiting()] == [kept.entry]
    assert journal.drafts() == (other,)
