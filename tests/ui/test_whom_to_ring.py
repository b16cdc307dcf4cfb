"""The directory, the rota and a person's family on three workers' screens, over real services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, update

from console.domain.call_events import LinkChanged, LinkState
from console.domain.call_outs import CallOutState
from console.domain.contacts import How
from console.domain.people import PlanStatus
from console.domain.people_rows import AgencyRow, TieRow
from console.domain.rota import DutyKind, Lane
from console.domain.rota_csv import FileDuty
from console.ports.switchboard import Act as PhoneAct
from console.ports.switchboard import ActionAnswer, Answer
from console.services.contact_people import Chosen
from db.people_schema import agency, person, relationship
from db.rota_import import import_rota
from tests.helpers.night_screens import Night
from ui.desktop.screens.board.wall import without_names
from ui.desktop.screens.handler.person_sheet import RELATIVE
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.rows import Row

CRISIS = "+441632960162"
FIVE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def duty(kind: DutyKind, name: str, number: str, hours: float) -> FileDuty:
    return FileDuty(2, Lane(kind), name, number, FIVE, FIVE + timedelta(hours=hours), "any hour", "Night rota", None)


def brought(night: Night) -> UUID:
    """Let the council's files be in the record, and let the screens read them; return the agency."""
    identity = uuid4()
    row = AgencyRow(identity, "crisis", "Crisis team", "crisis_team", "North", CRISIS, date(2025, 9, 12), "R Calder")
    rota = [
        duty(DutyKind.ON_CALL_MANAGER, "Dilip Shah", "+447700900841", 15.5),
        duty(DutyKind.AMHP, "Ines Roche", "+447700900861", 11),
    ]
    with night.room.store.people_room().use() as connection:
        connection.execute(insert(agency), row._asdict())
        import_rota(connection, rota, FIVE)
    night.room.advance(601)
    return identity


def spoken(rows: tuple[Row, ...]) -> str:
    return "\n".join(row.spoken for row in rows)


# --- the directory ----------------------------------------------------------------------------


def test_the_directory_says_who_is_on_call_and_how_sure_each_number_is(night: Night) -> None:
    assert "No rota was brought in" in spoken(night.h.directory.rows)
    brought(night)
    for rows in (night.h.directory.rows, night.c.people.rows, night.b.people.rows):
        said = spoken(rows)
        assert "On-call manager: Dilip Shah, 07700 900841. Ring: any hour. On until Wed 08:30" in said
        assert "Nobody is on call as AMHP from Wed 04:00; the rota names nobody after" in said
        assert "Crisis team, North, 01632 960162. Verified 14 months ago (12-Sep-2025) by R Calder; check it." in said


def test_a_number_marked_wrong_is_wrong_on_every_screen_and_right_again_by_another(night: Night) -> None:
    key = str(brought(night))
    night.handler.mark_number(key, "wrong", "rings out")
    assert night.h.notice.startswith("Everybody sees now that the number of Crisis team, North is WRONG")
    assert "Number said wrong today" in spoken(night.c.people.rows)
    assert "by Priya Raman: rings out" in spoken(night.b.people.rows)
    assert [one.checked for one in night.c.directory if one.key == key] == ["wrong 01-Dec"]
    night.handler.mark_number(key, "wrong", " ")
    assert "by Priya Raman: rings out" in spoken(night.b.people.rows), "without a word no reason is taken away"
    night.coordinator.mark_number(key, "right", "")
    assert "Verified today (01-Dec-2026) by Tom Adeyemi" in spoken(night.h.directory.rows)


def test_a_mark_made_while_the_record_is_away_stands_here_at_once_and_elsewhere_when_it_is_back(night: Night) -> None:
    key = str(brought(night))
    with night.room.record_away():
        night.handler.mark_number(key, "right", "")
        assert "Verified today" in spoken(night.h.directory.rows)
        assert "Verified today" not in spoken(night.c.people.rows)
    night.room.advance(10)
    assert "Verified today" in spoken(night.c.people.rows)


def test_what_is_no_agency_is_not_marked(night: Night) -> None:
    brought(night)
    night.handler.mark_number("nobody", "right", "")
    assert night.h.notice == "Choose an agency of the directory first.  Nothing was written."


def test_a_row_rings_from_the_workers_own_line(night: Night) -> None:
    brought(night)
    manager = next(row for row in night.h.directory.rows if "Dilip Shah" in row.spoken)
    night.handler.ring_row(manager.key)
    night.room.settle()
    assert night.priya.switchboard.asked[-1].target == "+447700900841"


def test_a_rota_that_was_read_stands_while_the_record_is_away(night: Night) -> None:
    brought(night)
    with night.room.record_away():
        night.room.advance(700)
        assert "Dilip Shah" in spoken(night.h.directory.rows)
        assert night.b.rota.age.stale


# --- the on-call manager ----------------------------------------------------------------------


def test_the_board_says_who_is_on_now_and_next_and_where_nobody_is(night: Night) -> None:
    assert night.b.rota.note.startswith("No rota was brought in")
    brought(night)
    tile = night.b.rota
    assert tile.title == "On call, 1 without anybody"
    assert [(row.words, row.value) for row in tile.rows] == [
        ("Nobody is on call as AMHP from Wed 04:00; the rota names nobody after", ""),
        ("Dilip Shah", "until Wed 08:30"),
        ("Ines Roche", "until Wed 04:00"),
    ]
    wall = without_names(night.b).rota
    assert [row.words for row in wall.rows][1:] == ["On-call manager", "AMHP"]
    assert "Shah" not in str(wall)
    assert without_names(night.b).people.rows == (), "nor is anybody's number in a directory that opens there"


def test_call_out_rings_the_manager_of_the_rota_where_none_is_signed_in(night: Night) -> None:
    night.board.do(Act.CALL_OUT)
    assert "the rota names no manager now" in night.b.notice
    brought(night)
    assert night.b.capacity.call_out == "Call out Dilip Shah"
    night.board.do(Act.CALL_OUT)
    night.room.settle()
    said = (
        "You have no telephone signed in here. Ring Dilip Shah, 07700 900841 by hand; Ctrl+O then says what came of it."
    )
    assert night.b.notice == said


def test_where_nobody_is_free_and_no_manager_is_signed_in_the_rotas_is_named(night: Night) -> None:
    brought(night)
    night.helen.shift.sign_out()
    night.answered()
    night.tom.shift.sign_out()
    night.handler.do(Act.NEED_SECOND)
    assert "No manager is signed in. On call: Dilip Shah, 07700 900841 (Ctrl+B)." in night.h.partner.second
    night.room.rings("c2", "07700900733", "01632960001", "1001")
    assert "no manager signed in. On call: Dilip Shah, 07700 900841." in night.h.slot.detail


def test_a_ring_that_the_telephone_system_refuses_stands_nowhere_as_rung_and_may_be_rung_again(night: Night) -> None:
    brought(night)
    refusal = "This number may not be dialled here; nothing was dialled."
    night.priya.switchboard.reply = ActionAnswer(Answer.REFUSED, refusal)
    night.handler.do(Act.CALL_OUT)
    night.room.advance(2)
    assert night.h.notice == refusal
    made = night.tom.night.call_outs.newest()
    assert made is not None
    assert (made.state, made.rings) == (CallOutState.FAILED, 0)
    night.coordinator.do(Act.CALL_OUT)
    night.room.advance(1)
    assert [one.target for one in night.tom.switchboard.asked if one.act is PhoneAct.ORIGINATE] == ["+447700900841"]


def test_with_the_telephones_away_it_stands_as_rung_only_once_the_worker_says_so(night: Night) -> None:
    brought(night)
    night.priya.desk.hear(LinkChanged(night.room.clock.now(), LinkState.LOST))
    night.handler.do(Act.CALL_OUT)
    night.room.advance(2)
    assert night.h.notice.startswith("Dilip Shah is not rung: ")
    assert night.h.notice.endswith("Ring Dilip Shah, 07700 900841 by hand, then press Ctrl+O again.")
    made = night.tom.night.call_outs.newest()
    assert made is not None
    assert made.state is CallOutState.ARMED, "every other screen asks for it"
    night.handler.do(Act.CALL_OUT)
    night.room.advance(2)
    made = night.tom.night.call_outs.newest()
    assert made is not None
    assert (made.state, made.rung_by) == (CallOutState.RUNG, "priya.raman")


# --- a person's plan and family ---------------------------------------------------------------


def family(night: Night) -> tuple[UUID, UUID, UUID]:
    """Let Ada be on screen, with her mother and a restricted father."""
    ada, marta, rui = (night.knows(name, date(1992, 2, day)) for day, name in enumerate(("Ada", "Marta", "Rui"), 1))
    ties = [
        TieRow(ada, marta, "mother", True, "", "", True),
        TieRow(marta, ada, "child", None, "", "", False),
        TieRow(ada, rui, "father", None, "none", "PO26-117", False),
    ]
    with night.room.store.people_room().use() as connection:
        connection.execute(insert(relationship), [tie._asdict() for tie in ties])
        plan = {"plan": PlanStatus.CPP_NEGLECT.value, "plan_as_at": date(2026, 11, 3), "plan_source": "council's file"}
        connection.execute(update(person).where(person.c.id == ada).values(**plan))
        connection.execute(update(person).where(person.c.id == rui).values(restricted=True))
    night.answered()
    night.priya.people.choose(UUID(night.record()), Chosen(ada, "Ada Fenn"), How.SEARCH)
    night.room.settle()
    return ada, marta, rui


def test_plan_and_family_stand_on_the_opened_record(night: Night) -> None:
    family(night)
    said = spoken(night.h.history.rows)
    assert "Child protection plan: neglect. As at Tue 03-Nov-2026 (council's file)." in said
    assert "Marta Fenn, Mother (34y). Parental responsibility. Next of kin. 07700 900412: not asked if safe." in said
    assert "A restricted record: call the duty manager." in said
    assert "Rui" not in said
    assert "PO26-117" not in said, "of a restricted relative nothing is said"
    assert "Child protection plan: neglect, as at Tue 03-Nov-2026 (council's file)" in spoken(night.h.sheet.rows)


def test_the_second_worker_reads_plan_and_family_among_the_facts(night: Night) -> None:
    family(night)
    night.paired()
    facts = {row.name: row for row in night.c.facts}
    assert facts["Plan"].text == "Child protection plan: neglect"
    assert facts["Mother"].text == "Marta Fenn (34y)"
    assert "No contact" not in facts, "he is restricted: nothing is said of him"
    assert "Rui" not in str(night.c.facts)


def test_a_relatives_record_is_opened_by_a_ticket_of_its_own(night: Night) -> None:
    family(night)
    row = next(row for row in night.h.history.rows if RELATIVE in row.acts)
    before = night.room.store.verify().accesses
    night.handler.open_relative(row.key)
    assert night.h.sheet.title == "FENN, Marta"
    # Her record, and the child's row: whose number is shown with it.
    assert night.room.store.verify().accesses == before + 2
    assert "Ada Fenn, Child (34y)" in spoken(night.h.sheet.rows)
    for _ in range(3):
        night.room.advance(5)
    assert night.room.store.verify().accesses == before + 2, "once, however often it is drawn"
    night.handler.sheet_closed()
    assert night.h.sheet.title == "FENN, Ada"


def test_a_restricted_relative_cannot_be_opened(night: Night) -> None:
    _, _, rui = family(night)
    assert [row.key for row in night.h.history.rows if str(rui) in row.key] == []
    night.handler.open_relative(f"r {rui} father")
    assert "restricted" in night.h.notice
    assert "was not opened" in spoken(night.h.sheet.rows)


def test_another_record_on_screen_lets_the_relative_go(night: Night) -> None:
    family(night)
    row = next(row for row in night.h.history.rows if RELATIVE in row.acts)
    night.handler.open_relative(row.key)
    assert night.h.sheet.title == "FENN, Marta"
    night.handler.screen.show(None)
    assert "Marta" not in spoken(night.h.sheet.rows)
