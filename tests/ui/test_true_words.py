"""The screens say only what is so: what was not taken, what nobody asked, who wrote, who was not rung."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from console.domain.calls import CallOutcome
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.shifts import WorkerState
from console.ports.journal import JournalFault
from console.ports.switchboard import ActionAnswer, Answer
from console.services.link_state import Delivery
from db.journal_memory import MemoryJournal
from db.people_schema import person
from tests.helpers.night_room import GRACE
from tests.helpers.night_screens import LINE, NUMBER, Night
from ui.desktop.screens.handler.candidates import CandidateCard, spoken_card
from ui.desktop.screens.handler.rows import CandidateCardRow, CandidatesRow, IdentityRow
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import Kept
from ui.desktop.widgets.labels import spans_width


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def refused(night: Night) -> UUID:
    """Let a line of the note stand aside, as one that the shared record refused; return its entry."""
    night.answered()
    contact = StreamRef(StreamKind.CONTACT, night.priya.contact)
    body = {"line": night.handler.new_line_id(), "text": "wife is Lena"}
    entry = night.priya.recorder.entry(Kind.CONTACT_NOTE, contact, body)
    night.priya.ledger.pen.take((entry,), Delivery.KEPT)
    night.priya.ledger.pen.put_aside(entry, "The shared record did not take it.")
    return entry.id


def test_a_line_that_was_not_taken_says_so_and_is_offered_again_from_the_list(night: Night) -> None:
    entry = refused(night)
    assert [line.kept for line in night.h.notes.lines] == [Kept.NOT_SHARED]
    row = next(row for row in night.h.unfinished.rows if row.key == f"aside {entry}")
    assert "wife is Lena" in row.spoken
    assert "did not take it" in row.spoken
    night.handler.open_unfinished(row.key)
    night.room.advance(2)

    assert night.priya.ledger.set_aside() == ()
    assert night.priya.ledger.progress(entry).delivery is Delivery.SHARED
    assert not any(row.key.startswith("aside") for row in night.h.unfinished.rows)


def test_a_line_that_is_only_in_memory_says_so(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise JournalFault("The disk is full.")

    monkeypatch.setattr(MemoryJournal, "keep_draft", full)
    monkeypatch.setattr(MemoryJournal, "keep", full)
    night.answered()
    with night.room.record_away():
        night.write(night.handler.new_line_id(), "awake, talking")
        night.room.advance(3)

        assert [line.kept for line in night.h.notes.lines] == [Kept.UNSAVED]


@pytest.mark.parametrize("kept", [Kept.UNSAVED, Kept.NOT_SHARED])
def test_a_wrong_state_has_room_for_its_words(qapp: QApplication, kept: Kept) -> None:
    look = apply(qapp, choose(dark=False, high_contrast=False))

    assert QFontMetricsF(look.font(Type.CAPTION, Weight.SEMIBOLD)).horizontalAdvance(kept.value) <= look.px(74)


def test_what_nobody_asked_is_not_said(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.knows("Lena", date(1993, 8, 7))
    night.answered()
    said = " ".join(row.spoken for row in night.h.history.rows)
    assert "announced" not in said
    night.handler.choose_candidate(2)
    said = " ".join(row.spoken for row in night.h.history.rows)

    assert "Lena Fenn" in said
    assert "Not told" not in said
    assert "not asked" not in said


def imported(night: Night, identity: UUID, **values: object) -> None:
    """Let the council's file say more of a person."""
    with night.room.store.people_room().use() as connection:
        connection.execute(update(person).where(person.c.id == identity).values(**values))


def test_nobody_who_died_looks_as_if_they_lived(night: Night) -> None:
    imported(night, night.knows("Marcus", date(1992, 2, 19)), deceased_on=date(2025, 9, 30))
    night.knows("Lena", date(1993, 8, 7))
    night.answered()
    shown = night.h.who
    assert isinstance(shown, CandidatesRow)
    assert [(card.name, card.died, card.age) for card in shown.cards] == [
        ("FENN, Lena", "", "(33y)"),
        ("FENN, Marcus", "Died 30-Sep-2025", "(33y)"),
    ]
    assert "died 30-sep-2025" in spoken_card(shown.cards[1])
    night.handler.find_typed("Fenn")
    night.room.advance(2)
    assert [("Died 30-Sep-2025" in row.spoken) for row in night.h.find.rows] == [False, True]
    night.handler.choose_candidate(2)
    chosen = night.h.who
    assert isinstance(chosen, IdentityRow)
    assert (chosen.name, chosen.died, chosen.age) == ("FENN, Marcus", "Died 30-Sep-2025", "(33y)")
    night.paired()
    assert night.c.head is not None
    assert "died 30-Sep-2025" in night.c.head.words


def test_what_helps_to_speak_with_somebody_stands_before_what_was(night: Night) -> None:
    marcus = night.knows("Marcus", date(1992, 2, 19))
    imported(night, marcus, language="Polish", interpreter=True, communication="hard of hearing, text relay")
    night.answered()
    night.handler.choose_candidate(1)
    said = [row.spoken for row in night.h.history.rows]
    assert said[:2] == ["Interpreter: Polish", "What helps: Hard of hearing, text relay"]


def test_that_somebody_died_is_never_cut(qtbot: QtBot, qapp: QApplication) -> None:
    look = apply(qapp, choose(dark=False, high_contrast=False))
    card = CandidateCard(look)
    qtbot.addWidget(card)
    for name in ("FENN, Marcus", "OYELARAN-FITZWILLIAM, Oluwaseun Bartholomew"):
        card.show_row(CandidateCardRow(1, name, "19-Feb-1992", "(33y)", reference="448 210", died="Died 30-Sep-2025"))
        for room in range(60, 700, 7):
            shown = card._of_the_dead(room, full=room > 300)
            whole = spans_width(look, shown) <= room
            assert any(span.text.startswith("Died") for span in shown)
            assert whole or shown[0].text == "Died", f"at {room} px something is cut before it is said"


def test_when_the_manager_hears_of_it_is_no_time_of_day(night: Night) -> None:
    night.answered()
    night.handler.do(Act.NEED_SECOND)

    assert "Manager after 30 s." in night.h.partner.second


def test_a_caller_who_rang_off_stays_until_the_switchboard_agreed_to_ring(night: Night) -> None:
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(8)
    night.room.ends("c1", CallOutcome.ABANDONED)
    assert "rang off" in night.h.call.detail
    night.priya.switchboard.reply = ActionAnswer(Answer.REFUSED, "Your telephone is busy.")
    night.handler.do(Act.RING_BACK)
    assert "rang off" in night.h.call.detail
    assert night.h.notice == "Your telephone is busy."
    night.priya.switchboard.reply = ActionAnswer(Answer.ACCEPTED)
    night.handler.do(Act.RING_BACK)

    assert "rang off" not in night.h.call.detail


def test_whose_line_it_is_is_said_by_name(night: Night) -> None:
    night.answered()
    night.paired()
    grace = night.room.console(GRACE, "1003")
    incident = night.tom.folds.incidents()[0].id
    grace.pair.observe(incident)
    night.room.settle()
    grace.note(night.tom.folds.incidents()[0].contacts[0], "his nurse is Ana")

    line = next(row for row in night.c.note if row.text == "his nurse is Ana")
    assert line.author == "Grace"


def test_no_screen_promises_a_manager_who_is_not_there(night: Night) -> None:
    night.tom.shift.say(WorkerState.BREAK)
    night.answered()
    night.room.advance(1)
    night.room.rings("c2", "", LINE, "1001", "1002")
    assert "the duty manager sees it" in night.h.slot.detail
    night.helen.shift.sign_out()
    night.room.advance(1)
    assert "no manager signed in" in night.h.slot.detail
    night.handler.do(Act.NEED_SECOND)
    night.room.settle()
    assert "No manager is signed in." in night.h.partner.second
