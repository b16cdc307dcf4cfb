"""Live typing: drafts, pauses, corrections, pastes, kills."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from console.domain.record import Entry, Kind
from console.domain.text import TextTooLong
from console.ports.manual import HeldRunner
from console.services.link_state import Delivery
from console.services.notes import TEXT_CAP, split
from tests.helpers.desk import CALL, CONTACT, INCIDENT, JO, Desk
from tests.helpers.simulated_server import SimulatedServer

LINE = UUID(int=50)


@pytest.fixture
def server() -> SimulatedServer:
    return SimulatedServer()


@pytest.fixture
def desk(server: SimulatedServer) -> Desk:
    return Desk(server)


def texts(entries: list[Entry]) -> list[str]:
    return [str(entry.content()["text"]) for entry in entries]


def kept(desk: Desk) -> list[Entry]:
    return [one.entry for one in desk.journal.kept.values()]


def type_text(desk: Desk, text: str, gap: float = 0.1, line: UUID = LINE) -> None:
    """Type a text key by key."""
    for length in range(1, len(text) + 1):
        desk.notes.typed(CONTACT, line, text[:length])
        desk.alarm.advance(gap)


def test_a_draft_is_durable_300_ms_after_the_last_key(desk: Desk) -> None:
    desk.notes.typed(CONTACT, LINE, "she")
    desk.alarm.advance(0.29)
    assert desk.journal.texts == {}
    assert desk.notes.progress(CONTACT, LINE).delivery is Delivery.TYPING
    desk.alarm.advance(0.02)
    assert desk.journal.texts[LINE].text == "she"
    assert desk.notes.progress(CONTACT, LINE).delivery is Delivery.KEPT


def test_a_pause_of_half_a_second_makes_an_entry(desk: Desk, server: SimulatedServer) -> None:
    type_text(desk, "she is")
    desk.alarm.advance(0.45)
    assert texts(kept(desk)) == ["she is"]
    assert kept(desk)[0].kind is Kind.CONTACT_NOTE
    assert desk.journal.texts == {}
    assert desk.notes.progress(CONTACT, LINE).delivery is Delivery.SHARED
    assert len(server.log) == 1


@pytest.mark.parametrize("gap", [0.05, 0.1, 0.25, 0.29, 0.4])
def test_while_typing_steadily_nothing_older_than_a_second_is_only_in_memory(desk: Desk, gap: float) -> None:
    text = "x" * 80
    typed: list[tuple[float, int]] = []
    for length in range(1, len(text) + 1):
        desk.notes.typed(CONTACT, LINE, text[:length])
        typed.append((desk.clock.monotonic(), length))
        desk.alarm.advance(gap)
        old = [length for at, length in typed if at <= desk.clock.monotonic() - 1.01]
        assert len(desk.journal.last_texts().get(LINE, "")) >= max(old, default=0)


def test_steady_typing_sends_the_line_every_three_seconds(desk: Desk) -> None:
    type_text(desk, "x" * 70, gap=0.1)
    sent = [len(text) for text in texts(kept(desk))]
    assert len(sent) == 2
    assert sent[0] in (30, 31, 32)
    assert sent[1] in (61, 62, 63, 64)


def test_enter_and_leaving_the_line_send_at_once(desk: Desk) -> None:
    desk.notes.typed(CONTACT, LINE, "gone")
    desk.notes.line_ended(LINE)
    assert texts(kept(desk)) == ["gone"]


def test_unchanged_and_empty_text_sends_nothing(desk: Desk) -> None:
    desk.notes.typed(CONTACT, LINE, "")
    desk.notes.line_ended(LINE)
    desk.notes.typed(CONTACT, LINE, "a")
    desk.notes.line_ended(LINE)
    desk.notes.line_ended(LINE)
    desk.notes.flush_all()
    desk.alarm.advance(10)
    assert texts(kept(desk)) == ["a"]


def test_a_line_that_is_emptied_is_emptied_for_everybody(desk: Desk) -> None:
    type_text(desk, "wrong window")
    desk.notes.line_ended(LINE)
    desk.notes.typed(CONTACT, LINE, "")
    desk.notes.line_ended(LINE)
    assert texts(kept(desk)) == ["wrong window", ""]


def test_text_typed_and_taken_back_leaves_no_draft_behind(desk: Desk) -> None:
    desk.notes.typed(CONTACT, LINE, "a")
    desk.notes.line_ended(LINE)
    desk.notes.typed(CONTACT, LINE, "ab")
    desk.alarm.advance(0.35)
    assert desk.journal.texts[LINE].text == "ab"
    desk.notes.typed(CONTACT, LINE, "a")
    desk.notes.line_ended(LINE)
    assert desk.journal.texts == {}
    assert texts(kept(desk)) == ["a"]


def test_each_entry_carries_the_whole_text_so_far(desk: Desk) -> None:
    for text in ("one", "one two", "one two three"):
        desk.notes.typed(CONTACT, LINE, text)
        desk.alarm.advance(0.6)
    assert texts(kept(desk)) == ["one", "one two", "one two three"]
    assert {str(entry.content()["line"]) for entry in kept(desk)} == {str(LINE)}
    assert len({str(entry.content()["begun"]) for entry in kept(desk)}) == 1


def test_what_was_typed_before_a_kill_is_an_entry_of_the_next_console(desk: Desk, server: SimulatedServer) -> None:
    type_text(desk, "he has a knife", gap=0.1)
    desk.alarm.advance(0.32)  # a draft, and killed before the pause was over
    again = Desk(server, journal=desk.journal)
    assert [stored.content()["text"] for stored in server.log] == ["he has a knife"]
    assert again.restored[0].lines == 1
    assert again.restored[0].sentence == "Restored 1 line that you were typing when Nightdesk stopped."
    assert again.journal.texts == {}


def test_a_draft_that_says_what_its_entry_says_is_dropped(desk: Desk, server: SimulatedServer) -> None:
    desk.notes.typed(CONTACT, LINE, "same")
    desk.alarm.advance(0.35)
    draft = desk.journal.texts[LINE]
    desk.notes.line_ended(LINE)
    desk.journal.texts[LINE] = draft
    again = Desk(server, journal=desk.journal)
    assert len(server.log) == 1
    assert again.restored[0].lines == 0
    assert again.journal.texts == {}


def test_a_draft_is_newer_than_its_lines_entry_though_the_clock_was_put_back(
    desk: Desk, server: SimulatedServer
) -> None:
    desk.notes.typed(CONTACT, LINE, "he says he is")
    desk.notes.line_ended(LINE)
    desk.clock.set_wall(desk.clock.now() - timedelta(minutes=2))
    desk.notes.typed(CONTACT, LINE, "he says he is on the bridge")
    desk.alarm.advance(0.35)
    again = Desk(server, journal=desk.journal)
    assert [stored.content()["text"] for stored in server.log] == ["he says he is", "he says he is on the bridge"]
    assert again.restored[0].lines == 1
    assert again.journal.texts == {}


@pytest.mark.parametrize("last", ["she took 20 tablets", ""])
def test_a_draft_whose_writing_failed_does_not_come_back_over_what_its_line_became(last: str) -> None:
    runner = HeldRunner()
    slow = Desk(SimulatedServer(), runner=runner, started=False)
    slow.notes.typed(CONTACT, LINE, "she took 20 tab")
    slow.alarm.advance(0.35)
    assert runner.waiting("keep") == 1
    slow.notes.typed(CONTACT, LINE, last)
    slow.notes.line_ended(LINE)
    slow.journal.faulty = True
    runner.run("keep")
    slow.journal.faulty = False
    slow.alarm.advance(1.1)
    runner.run("keep")
    assert slow.journal.texts == {}


def test_what_is_typed_after_an_outrun_draft_is_written_all_the_same() -> None:
    runner = HeldRunner()
    slow = Desk(SimulatedServer(), runner=runner, started=False)
    slow.notes.typed(CONTACT, LINE, "she took 20 tab")
    slow.alarm.advance(0.35)
    slow.notes.line_ended(LINE)
    for text in ("she took 20 tab, ", "she took 20 tab, no, ", "she took 20 tab, no, 30"):
        slow.notes.typed(CONTACT, LINE, text)
        slow.journal.faulty = text.endswith("tab, ")
        slow.alarm.advance(0.4)
        runner.run("keep")
    slow.alarm.advance(0.05)
    slow.notes.typed(CONTACT, LINE, "she took 20 tab, no, 30 ")
    slow.alarm.advance(0.4)
    runner.run("keep")
    assert slow.journal.texts[LINE].text.startswith("she took 20 tab, no, 30")


def test_typing_over_a_colleagues_line_corrects_it_in_a_line_of_ones_own(desk: Desk, server: SimulatedServer) -> None:
    desk.notes.typed(CONTACT, LINE, "blue door")
    desk.notes.line_ended(LINE)
    colleague = Desk(server, JO)
    mine = colleague.notes.typed(CONTACT, LINE, "red door")
    colleague.notes.line_ended(mine)
    assert mine != LINE
    entry = server.log[-1].envelope
    assert (entry.author, entry.corrects) == ("jo.moss", server.log[0].envelope.id)
    assert colleague.notes.typed(CONTACT, LINE, "red door, green bell") == mine
    assert colleague.notes.progress(CONTACT, LINE).delivery is Delivery.TYPING
    assert desk.ledger.items(CONTACT)[0].content["text"] == "blue door"


def test_a_correction_that_was_being_typed_at_a_kill_is_still_a_correction(desk: Desk, server: SimulatedServer) -> None:
    desk.notes.typed(CONTACT, LINE, "blue door")
    desk.notes.line_ended(LINE)
    colleague = Desk(server, JO)
    mine = colleague.notes.typed(CONTACT, LINE, "red door")
    colleague.alarm.advance(0.32)  # a draft, and killed before the pause was over
    Desk(server, JO, journal=colleague.journal)
    wrong, entry = server.log[0].envelope, server.log[-1]
    assert (entry.content()["line"], entry.content()["text"]) == (str(mine), "red door")
    assert entry.envelope.corrects == wrong.id


def test_an_own_line_of_before_goes_on(desk: Desk, server: SimulatedServer) -> None:
    desk.notes.typed(CONTACT, LINE, "begun")
    desk.notes.line_ended(LINE)
    again = Desk(server, journal=desk.journal)
    assert again.notes.typed(CONTACT, LINE, "begun and ended") == LINE
    again.notes.line_ended(LINE)
    assert server.log[-1].envelope.corrects is None
    assert again.notes.progress(CONTACT, LINE).delivery is Delivery.SHARED


def test_a_paste_of_ten_megabytes_is_refused_and_the_note_stays(desk: Desk) -> None:
    desk.notes.typed(CONTACT, LINE, "before")
    with pytest.raises(TextTooLong, match="Nothing of it was changed"):
        desk.notes.typed(CONTACT, LINE, "x" * 10_000_000)
    desk.notes.line_ended(LINE)
    assert texts(kept(desk)) == ["before"]


def test_a_long_paste_is_shared_whole_in_several_lines(desk: Desk, server: SimulatedServer) -> None:
    paste = "".join(f"{number:05d} " for number in range(TEXT_CAP // 6 - 1))
    desk.notes.typed(CONTACT, LINE, paste)
    desk.alarm.advance(1.0)
    parts = [str(stored.content()["text"]) for stored in server.log]
    assert "".join(parts) == paste
    assert len({str(stored.content()["line"]) for stored in server.log}) == len(parts)
    desk.notes.typed(CONTACT, LINE, paste + "end")
    desk.notes.line_ended(LINE)
    assert len(server.log) == len(parts) + 1
    assert desk.notes.progress(CONTACT, LINE).delivery is Delivery.SHARED


@pytest.mark.parametrize("char", ["\u202e", "\U0010ffff", "\x00", "\ud800", "\u0344"])
def test_hostile_characters_are_shared_without_loss(char: str) -> None:
    text = char * 30_000
    parts = split(text)
    assert "".join(parts) == text
    assert len(parts) > 1


def test_a_full_disk_is_said_and_nothing_is_called_kept(desk: Desk, server: SimulatedServer) -> None:
    server.up = False
    desk.journal.faulty = True
    type_text(desk, "abc")
    desk.alarm.advance(0.35)
    assert desk.notes.progress(CONTACT, LINE).delivery is Delivery.UNSAVED
    desk.alarm.advance(0.3)
    assert desk.notes.progress(CONTACT, LINE).delivery is Delivery.UNSAVED
    desk.journal.faulty = False
    desk.alarm.advance(1.2)
    assert desk.notes.progress(CONTACT, LINE).delivery is Delivery.KEPT


def test_notes_of_an_incident_are_lines_of_its_timeline(desk: Desk, server: SimulatedServer) -> None:
    desk.notes.typed(INCIDENT, LINE, "police told")
    desk.notes.line_ended(LINE)
    assert server.log[0].envelope.kind is Kind.INCIDENT_NOTE


def test_a_stream_without_notes_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no lines"):
        desk.notes.typed(CALL, LINE, "x")


def test_views_hear_of_every_move_of_a_line(desk: Desk) -> None:
    moved: list[UUID] = []
    off = desk.notes.subscribe(moved.append)
    desk.notes.typed(CONTACT, LINE, "a")
    desk.alarm.advance(0.35)
    assert moved == [LINE, LINE]
    off()
    desk.notes.typed(CONTACT, LINE, "ab")
    assert len(moved) == 2


def test_a_draft_on_its_way_to_the_journal_does_not_come_back_when_its_text_was_taken_away() -> None:
    runner = HeldRunner()
    slow = Desk(SimulatedServer(), runner=runner, started=False)
    slow.notes.typed(CONTACT, LINE, "wrong person")
    slow.alarm.advance(0.35)
    assert runner.waiting("keep") == 1
    slow.notes.typed(CONTACT, LINE, "")
    slow.alarm.advance(1)
    runner.run("keep")
    assert slow.journal.texts == {}
