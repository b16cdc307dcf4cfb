"""Seen cursors, missing words, and other workers' waiting entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from console.domain.record import Identity, Kind, SeenMark, Stored, StreamKind, StreamRef
from console.ports.feed import SeenMoved
from console.ports.journal import Draft, KeptState, StrandedJournal
from console.ports.store import Store
from console.services.backfill import Backfill
from console.services.link_state import Delivery
from console.services.notes import NotesService
from console.services.seen import SeenService
from console.services.strays import Delivered, StraysService, sentence_of
from db.shelf import JournalShelf
from tests.helpers.desk import CONTACT, INCIDENT, JO, PRIYA, Desk
from tests.helpers.simulated_server import SimulatedServer

KEY = bytes(range(32))


@pytest.fixture
def server() -> SimulatedServer:
    return SimulatedServer()


def unwanted(problem: Exception) -> None:
    """Fail the test with what went wrong."""
    raise problem


# --- seen ---------------------------------------------------------------------------------------


def seen_of(desk: Desk) -> SeenService:
    return SeenService(desk.who, cast("Store", desk.server), desk.runner, desk.ledger, desk.alarm)


def test_what_is_on_a_colleagues_screen_becomes_seen_here(server: SimulatedServer) -> None:
    desk, colleague = Desk(server), Desk(server, JO)
    seen = seen_of(colleague)
    seen.show([INCIDENT])
    entry = desk.note("she hung up")
    desk.recorder.record(entry)
    colleague.feed.turn()
    assert server.marks == {("jo.moss", INCIDENT): 1}
    assert desk.feed.sink is not None
    desk.feed.sink(SeenMoved((SeenMark("jo.moss", INCIDENT, 1),)))
    assert desk.ledger.progress(entry.id).delivery is Delivery.SEEN
    assert desk.ledger.progress(entry.id).seen_by == ("jo.moss",)


def test_only_what_is_shown_is_marked(server: SimulatedServer) -> None:
    desk, colleague = Desk(server), Desk(server, JO)
    seen = seen_of(colleague)
    seen.show([CONTACT])
    desk.recorder.record(desk.note("elsewhere"))
    colleague.feed.turn()
    assert server.marks == {}
    seen.show([INCIDENT])
    assert server.marks == {("jo.moss", INCIDENT): 1}


def test_marks_go_out_at_most_once_a_second_and_the_last_one_always(server: SimulatedServer) -> None:
    desk, colleague = Desk(server), Desk(server, JO)
    seen_of(colleague).show([INCIDENT])
    marked: list[int] = []
    for number in range(20):
        desk.recorder.record(desk.note(f"line {number}", line=number))
        colleague.feed.turn()
        colleague.alarm.advance(0.2)
        marked.append(server.marks[("jo.moss", INCIDENT)])
    assert len(set(marked)) <= 5
    colleague.alarm.advance(1.0)
    assert server.marks[("jo.moss", INCIDENT)] == 20


def test_own_entries_and_a_quiet_stream_mark_nothing(server: SimulatedServer) -> None:
    desk = Desk(server)
    seen_of(desk).show([INCIDENT])
    desk.recorder.record(desk.note("mine"))
    desk.alarm.advance(3.0)
    assert server.marks == {}


def test_a_mark_that_could_not_be_written_is_due_again(server: SimulatedServer) -> None:
    desk, colleague = Desk(server), Desk(server, JO)
    desk.recorder.record(desk.note("x"))
    colleague.feed.turn()
    server.up = False
    seen_of(colleague).show([INCIDENT])
    assert server.marks == {}
    server.up = True
    colleague.alarm.advance(1.1)
    assert server.marks == {("jo.moss", INCIDENT): 1}


def test_what_was_seen_before_this_console_began_is_learnt_when_shown(server: SimulatedServer) -> None:
    desk = Desk(server)
    entry = desk.note("x")
    desk.recorder.record(entry)
    server.mark_seen(JO, [SeenMark("jo.moss", INCIDENT, 1)])
    seen_of(desk).show([INCIDENT])
    assert desk.ledger.progress(entry.id).delivery is Delivery.SEEN


@pytest.mark.expects_log
def test_after_a_failover_what_is_stored_again_is_seen_only_when_a_colleague_sees_it(server: SimulatedServer) -> None:
    desk, colleague = Desk(server), Desk(server, JO)
    seen = seen_of(colleague)
    seen.show([INCIDENT])
    entries = [desk.note(f"line {number}", line=number) for number in range(1, 5)]
    desk.recorder.record(*entries)
    desk.feed.turn()
    colleague.wait(2)
    desk.wait(2)
    told(desk, server)
    assert desk.ledger.progress(entries[3].id).delivery is Delivery.SEEN
    seen.show([])
    server.fail_over(2)
    desk.wait(4)
    assert server.ids() == [entry.id for entry in entries]
    told(desk, server)
    assert desk.ledger.progress(entries[3].id).delivery is Delivery.SHARED, "nobody has it on the screen"
    colleague.wait(4)
    seen.show([INCIDENT])
    assert server.marks == {("jo.moss", INCIDENT): 4}
    told(desk, server)
    assert desk.ledger.progress(entries[3].id).delivery is Delivery.SEEN


def told(desk: Desk, server: SimulatedServer) -> None:
    """Let a desk hear every mark of the record."""
    assert desk.feed.sink is not None
    desk.feed.sink(SeenMoved(tuple(SeenMark(who, ref, seq) for (who, ref), seq in server.marks.items())))


# --- missing words ------------------------------------------------------------------------------


class Discreet(SimulatedServer):
    """A server that gives words only to members."""

    def _for(self, who: Identity, stored: Stored) -> Stored:
        stream = stored.envelope.stream
        members = {str(s.content().get("worker")) for s in self.log if s.envelope.kind is Kind.INCIDENT_JOINED}
        own = stored.envelope.author == who.worker
        shown = own or who.worker in members or stream.kind is StreamKind.CALL
        return stored if shown else replace(stored, body=None)

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        return tuple(self._for(who, stored) for stored in super().news(who, after, limit))

    def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
        return tuple(self._for(who, stored) for stored in super().stream(who, stream))


class JoFeedDesk(Desk):
    """A desk whose feed asks as its own worker."""

    def turn(self) -> None:
        entries = self.server.news(self.who, self.feed.cursor.seq)
        self.ledger.pen.accept(entries)
        self.ledger.pen.publish()


def test_joining_an_incident_brings_its_words_and_its_contacts(server: SimulatedServer) -> None:
    discreet = Discreet()
    desk = Desk(discreet)
    colleague = JoFeedDesk(discreet, JO, started=False)
    Backfill(JO, cast("Store", discreet), colleague.runner, colleague.ledger)
    opened = desk.recorder.entry(Kind.INCIDENT_OPENED, INCIDENT, {"contact": CONTACT.id})
    note = desk.recorder.entry(Kind.CONTACT_NOTE, CONTACT, {"line": UUID(int=1), "text": "in the contact"})
    desk.recorder.record(opened, note)
    colleague.turn()
    assert [item.readable for item in colleague.ledger.items(INCIDENT)] == [False]
    joined = desk.recorder.entry(Kind.INCIDENT_JOINED, INCIDENT, {"worker": "jo.moss"}, slot="role:coordinator")
    desk.recorder.record(joined)
    colleague.turn()
    assert all(item.readable for item in colleague.ledger.items(INCIDENT))
    assert [item.content["text"] for item in colleague.ledger.items(CONTACT)] == ["in the contact"]


def test_what_a_screen_was_refused_on_the_way_in_comes_with_the_joining(server: SimulatedServer) -> None:
    discreet = Discreet()
    desk = Desk(discreet)
    colleague = JoFeedDesk(discreet, JO, started=False)
    backfill = Backfill(JO, cast("Store", discreet), colleague.runner, colleague.ledger)
    opened = desk.recorder.entry(Kind.INCIDENT_OPENED, INCIDENT, {"contact": CONTACT.id})
    note = desk.recorder.entry(Kind.CONTACT_NOTE, CONTACT, {"line": UUID(int=1), "text": "in the contact"})
    desk.recorder.record(opened, note)
    colleague.turn()
    backfill.want(CONTACT)
    assert [item.readable for item in colleague.ledger.items(CONTACT)] == [False]
    joined = desk.recorder.entry(Kind.INCIDENT_JOINED, INCIDENT, {"worker": "jo.moss"}, slot="role:coordinator")
    desk.recorder.record(joined)
    colleague.turn()
    assert [item.content.get("text") for item in colleague.ledger.items(CONTACT)] == ["in the contact"]


def test_a_stream_that_may_not_be_read_is_asked_for_once_a_state(server: SimulatedServer) -> None:
    asked: list[StreamRef] = []

    class Counting(Discreet):
        def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
            asked.append(stream)
            return super().stream(who, stream)

    counting = Counting()
    desk, colleague = Desk(counting), JoFeedDesk(counting, JO, started=False)
    backfill = Backfill(JO, cast("Store", counting), colleague.runner, colleague.ledger)
    desk.recorder.record(desk.note("secret"))
    colleague.turn()
    for _ in range(5):
        backfill.want(INCIDENT)
    assert asked == [INCIDENT]
    counting.up = False
    desk.recorder.record(desk.note("more", line=2))
    backfill.want(INCIDENT)
    counting.up = True
    desk.wait(2)
    colleague.turn()
    backfill.want(INCIDENT)
    assert len(asked) == 2


# --- strays -------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path) -> JournalShelf:
    return JournalShelf(tmp_path / "journals", lambda file, name: KEY, Desk(SimulatedServer()).clock)


def strays_of(desk: Desk, shelf: JournalShelf) -> StraysService:
    return StraysService(desk.recorder, shelf, cast("Store", desk.server), desk.runner, desk.clock)


def leave_behind(shelf: JournalShelf, *texts: str) -> None:
    """Let P Raman go home with entries that were never shared."""
    server = SimulatedServer(up=False)
    desk = Desk(server)
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    journal.keep([desk.note(text, line=number) for number, text in enumerate(texts)])
    journal.close()


def test_entries_of_somebody_else_are_found_and_delivered_for_them(
    server: SimulatedServer, shelf: JournalShelf
) -> None:
    leave_behind(shelf, "one", "two", "three")
    desk = Desk(server, JO)
    strays = strays_of(desk, shelf)
    found: list[tuple[StrandedJournal, ...]] = []
    done: list[Delivered] = []
    failures: list[Exception] = []
    strays.look(found.append)
    assert sentence_of(found[0][0]) == "3 entries of P Raman wait on this computer and are not shared."
    strays.deliver(found[0][0], done.append, failures.append)
    assert failures == []
    assert done == [Delivered("priya.raman", 3, 0)]
    assert [stored.content()["text"] for stored in server.log] == ["one", "two", "three"]
    assert {(s.envelope.author, s.envelope.on_behalf_of) for s in server.log} == {("jo.moss", "priya.raman")}
    strays.look(found.append)
    assert found[1] == ()


def test_half_filled_panels_are_said_and_never_delivered(server: SimulatedServer, shelf: JournalShelf) -> None:
    leave_behind(shelf, "one")
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    now = Desk(SimulatedServer()).clock.now()
    panel = Draft(UUID(int=7), StreamRef(StreamKind.SHIFT, UUID(int=7)), "{}", now, now)
    journal.keep_draft(panel)
    journal.close()
    strays = strays_of(Desk(server, JO), shelf)
    found: list[tuple[StrandedJournal, ...]] = []
    done: list[Delivered] = []
    strays.look(found.append)
    assert sentence_of(found[0][0]) == (
        "1 entry of P Raman waits on this computer and is not shared. "
        "1 half-filled panel of P Raman waits on this computer, for P Raman alone."
    )
    strays.deliver(found[0][0], done.append, unwanted)
    assert done == [Delivered("priya.raman", 1, 0)]
    strays.look(found.append)
    assert found[1] == (StrandedJournal("priya.raman", "P Raman", 0, 1),)
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    assert journal.drafts() == (panel,)
    journal.close()


def test_an_entry_that_had_arrived_after_all_is_not_shared_twice(server: SimulatedServer, shelf: JournalShelf) -> None:
    leave_behind(shelf, "arrived")
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    server.append(PRIYA, [kept.entry for kept in journal.waiting()])
    journal.close()
    done: list[Delivered] = []
    strays = strays_of(Desk(server, JO), shelf)
    strays.deliver(StrandedJournal("priya.raman", "P Raman", 1), done.append, unwanted)
    assert done == [Delivered("priya.raman", 1, 0)]
    assert [stored.envelope.author for stored in server.log] == ["priya.raman"]


def test_a_line_that_was_being_typed_is_delivered_too(server: SimulatedServer, shelf: JournalShelf) -> None:
    typing = Desk(SimulatedServer(up=False))
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    typing.recorder._keeper._journal = journal
    notes = NotesService(typing.recorder, typing.ledger, typing.clock, typing.alarm)
    notes.typed(CONTACT, UUID(int=5), "half a sent")
    typing.alarm.advance(0.4)
    journal.close()
    done: list[Delivered] = []
    strays_of(Desk(server, JO), shelf).deliver(StrandedJournal("priya.raman", "P Raman", 0), done.append, unwanted)
    assert done == [Delivered("priya.raman", 1, 0)]
    assert server.log[0].content()["text"] == "half a sent"


def test_a_draft_typed_after_its_lines_entry_is_delivered_whatever_the_clock_says_and_one_that_is_no_news_is_not(
    server: SimulatedServer, shelf: JournalShelf
) -> None:
    leave_behind(shelf, "he says he is", "same")
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    before = Desk(SimulatedServer()).clock.now() - timedelta(hours=1)
    for line, text in enumerate(("he says he is on the bridge", "same")):
        journal.keep_draft(Draft(UUID(int=line), INCIDENT, text, before, before))
    journal.close()
    done: list[Delivered] = []
    stray = StrandedJournal("priya.raman", "P Raman", 2)
    strays_of(Desk(server, JO), shelf).deliver(stray, done.append, unwanted)
    assert done == [Delivered("priya.raman", 3, 0)]
    assert [stored.content()["text"] for stored in server.log] == [
        "he says he is",
        "same",
        "he says he is on the bridge",
    ]
    assert shelf.stranded(JO.worker) == ()


def test_what_is_refused_or_cannot_be_sent_stays_in_their_journal(server: SimulatedServer, shelf: JournalShelf) -> None:
    leave_behind(shelf, "refused", "fine")
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    server.refuse.add(journal.waiting()[0].entry.id)
    journal.close()
    strays = strays_of(Desk(server, JO), shelf)
    done: list[Delivered] = []
    failures: list[Exception] = []
    stray = StrandedJournal("priya.raman", "P Raman", 2)
    server.up = False
    strays.deliver(stray, done.append, failures.append)
    assert done == []
    assert len(failures) == 1
    server.up = True
    strays.deliver(stray, done.append, failures.append)
    assert done == [Delivered("priya.raman", 1, 1, ("This role may not write that.",))]
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    assert [(kept.entry.content()["text"], kept.state) for kept in journal.waiting()] == [("refused", KeptState.QUEUED)]
    journal.close()


def test_the_board_hears_of_unsent_entries_when_the_number_changes(
    server: SimulatedServer, shelf: JournalShelf
) -> None:
    desk = Desk(server, JO)
    strays = strays_of(desk, shelf)
    shift = StreamRef(StreamKind.SHIFT, UUID(int=70))
    for count in (0, 3, 3, 0, 0):
        strays.say_unsent(shift, count)
    said = [(stored.envelope.slot, stored.content()["count"]) for stored in server.log]
    assert said == [("station:desk 2", 3), ("station:desk 2", 0)]
