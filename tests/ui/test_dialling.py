"""Ringing from the second worker's own telephone: by the directory, by a request, and 999 never."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from console.domain.call_events import Alerting, Answered, CallBegan, HoldChanged
from console.domain.calls import Direction
from console.domain.help_kinds import HelpKind
from console.domain.help_requests import HelpRequest
from console.domain.people import Agency
from console.domain.people_rows import AgencyRow
from console.domain.rota import DutyKind, Lane
from console.domain.rota_csv import FileDuty
from console.domain.whom_to_ring import agency_for, by_handset, rings_freely
from console.ports.switchboard import Act
from db.people_schema import agency
from db.rota_import import import_rota
from tests.helpers.night_screens import Night

CRISIS, CONTROL = "+441632960162", "+441632960140"
FIVE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.answered()
    made.paired()
    yield made
    made.room.close()


def bring(night: Night, name: str, kind: str, number: str) -> str:
    """Let an agency be in the record, and let the screens read it; return its row's key."""
    identity = uuid4()
    row = AgencyRow(identity, name.casefold(), name, kind, "", number, date(2026, 11, 12), "R Calder")
    with night.room.store.people_room().use() as connection:
        connection.execute(insert(agency), row._asdict())
    night.room.advance(601)
    return str(identity)


def ask(night: Night, kind: HelpKind) -> str:
    """Open a request by the form; return its key."""
    before = {row.key for row in night.c.requests}
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": kind.value, "rank": "p1_life_now", "words": "come", "ground": ""})
    return next(str(row.key) for row in night.c.requests if row.key not in before)


def rung(night: Night) -> list[str]:
    """Return the numbers that Tom's switchboard was asked to ring."""
    night.room.settle()
    return [one.target for one in night.tom.switchboard.asked if one.act.value == "originate"]


def test_a_row_of_the_directory_is_rung_from_ones_own_line(night: Night) -> None:
    key = bring(night, "Crisis team", "crisis_team", CRISIS)
    night.coordinator.row("directory", key, "dial")

    assert rung(night) == [CRISIS]
    assert night.tom.switchboard.asked[-1].extension == "1002"


def test_a_request_is_rung_by_its_kind_of_agency_and_says_that_it_was(night: Night) -> None:
    bring(night, "Crisis team", "crisis_team", CRISIS)
    bring(night, "Police control room", "police", CONTROL)
    key = ask(night, HelpKind.CRISIS_TEAM)
    night.coordinator.row("requests", key, "ring")

    assert rung(night) == [CRISIS]
    request = night.tom.folds.help(UUID(key))
    assert request is not None
    assert request.news[-1].text == "Rang Crisis team"


@pytest.mark.parametrize("kind", [HelpKind.POLICE_ATTEND, HelpKind.AMBULANCE, HelpKind.FIRE])
def test_an_emergency_service_is_never_rung_and_the_card_is_about_that_request(night: Night, kind: HelpKind) -> None:
    bring(night, "Police control room", "police", CONTROL)
    other = ask(night, HelpKind.LEGAL)
    key = ask(night, kind)
    night.coordinator.row("requests", other, "ring")
    night.coordinator.row("requests", key, "ring")

    assert rung(night) == []
    assert key in night.c.by_handset
    assert other not in night.c.by_handset
    assert night.c.relay_to.startswith(f"Reading to {next(r.agency for r in night.c.requests if str(r.key) == key)}")


@pytest.mark.parametrize("number", ["999", "9 999", "112", "18000", "+44999", "141 999"])
def test_an_emergency_number_in_the_directory_is_refused_however_it_is_written(night: Night, number: str) -> None:
    key = bring(night, "Police", "police", number)

    assert key in night.c.by_handset
    night.coordinator.row("directory", key, "dial")
    assert night.c.notice.startswith(f"Ring {'112' if '112' in number else '18000' if '18' in number else '999'} on")
    night.handler.ring_row(key)
    assert night.h.notice.endswith("Nothing was dialled.")
    assert rung(night) == []


def test_a_number_said_to_be_wrong_is_rung_only_when_asked_for_once_more(night: Night) -> None:
    key = bring(night, "Crisis team", "crisis_team", CRISIS)
    night.handler.mark_number(key, "wrong", "rings out")
    night.room.advance(2)
    night.coordinator.row("directory", key, "dial")

    assert rung(night) == []
    assert "was said to be wrong by Priya Raman" in night.c.notice
    night.coordinator.row("directory", key, "dial")
    assert rung(night) == [CRISIS]


def test_a_rule_about_a_number_is_read_before_it_is_rung(night: Night) -> None:
    lane, rule = Lane(DutyKind.ON_CALL_MANAGER), "not before 06:00 unless a life is at risk"
    until = FIVE + timedelta(hours=15)
    with night.room.store.people_room().use() as connection:
        duty = FileDuty(2, lane, "Dilip Shah", "+447700900841", FIVE, until, rule, "Night rota", None)
        import_rota(connection, [duty], FIVE)
    night.room.advance(601)
    key = next(row.key for row in night.c.directory if "Dilip Shah" in row.name)
    night.coordinator.row("directory", key, "dial")

    assert rung(night) == []
    assert rule in night.c.notice
    night.coordinator.row("directory", key, "dial")
    assert rung(night) == ["+447700900841"]


def test_nobody_in_the_directory_is_said(night: Night) -> None:
    key = ask(night, HelpKind.AA)
    night.coordinator.row("requests", key, "ring")

    assert night.c.notice.startswith("The directory has nobody for Appropriate adult.")


# --- whom, pure ----------------------------------------------------------------------------------


def of(name: str, kind: str, *, wrong: bool = False) -> Agency:
    """Return an agency."""
    return Agency(uuid4(), name, kind, "North", CRISIS, wrong_on=date(2026, 12, 1) if wrong else None)


def test_a_request_that_names_its_agency_rings_that_one() -> None:
    there = [of("A home", "home"), of("Harbour House", "home")]

    named = agency_for(HelpRequest(uuid4(), HelpKind.PLACEMENT, agency="harbour house, north"), there)
    assert named is there[1]


def test_a_number_said_wrong_comes_last_and_other_kinds_never() -> None:
    wrong, right, other = of("A team", "crisis_team", wrong=True), of("NHS 111", "nhs111"), of("Home", "home")
    request = HelpRequest(uuid4(), HelpKind.CRISIS_TEAM)

    assert agency_for(request, [wrong, right, other]) is right
    assert agency_for(request, [wrong, other]) is wrong
    assert agency_for(request, [other]) is None


def test_only_police_ambulance_and_fire_who_come_are_by_handset() -> None:
    emergency = {kind for kind in HelpKind if by_handset(HelpRequest(uuid4(), kind))}

    assert emergency == {HelpKind.POLICE_ATTEND, HelpKind.AMBULANCE, HelpKind.FIRE}


def test_what_is_no_rule_is_not_read_out_first() -> None:
    assert all(rings_freely(words) for words in ("", "yes", "Any hour "))
    assert not rings_freely("only before 18:00")
    assert not rings_freely("no")


def rings_out(night: Night, call: str, extension: str, dialled: str) -> None:
    """Let a telephone of ours ring because it is asked to ring somebody, as an Asterisk tells it."""
    now = night.room.clock.now()
    night.room.hears(
        CallBegan(call, now, Direction.OUTBOUND, "", placed_by=extension),
        Alerting(call, now, f"{call}-own", extension),
        CallBegan(call, now, Direction.OUTBOUND, dialled, placed_by=extension),
    )


def test_a_key_pressed_twice_is_one_call(night: Night) -> None:
    key = bring(night, "Crisis team", "crisis_team", CRISIS)
    night.coordinator.row("directory", key, "dial")
    rings_out(night, "out", "1002", "901632960162")
    night.coordinator.row("directory", key, "dial")
    assert "lift the handset" in night.c.notice
    night.room.hears(Answered("out", night.room.clock.now(), "out-far", "outside"))
    night.coordinator.row("directory", key, "dial")
    assert "Your telephone is on a call." in night.c.notice
    assert rung(night) == [CRISIS]

    night.room.ends("out", by="outside")
    night.coordinator.row("directory", key, "dial")
    assert rung(night) == [CRISIS, CRISIS]


def test_whoever_has_put_a_caller_on_hold_may_ring_somebody(night: Night) -> None:
    key = bring(night, "Crisis team", "crisis_team", CRISIS)
    night.handler.ring_row(key)
    assert [one for one in night.priya.switchboard.asked if one.act is Act.ORIGINATE] == []
    night.room.hears(HoldChanged("c1", night.room.clock.now(), "1001", True))
    night.handler.ring_row(key)
    assert [one.target for one in night.priya.switchboard.asked if one.act is Act.ORIGINATE] == [CRISIS]


def test_the_call_bar_shows_whom_this_telephone_rang_and_not_itself(night: Night) -> None:
    night.room.ends("c1", by="caller")
    rings_out(night, "out", "1001", "907700900412")
    night.room.hears(Answered("out", night.room.clock.now(), "out-far", "outside"))
    bar = night.h.call
    assert (bar.state, bar.line, bar.number) == ("ON CALL", "Call out", "07700 900412")
    assert bar.detail.startswith("Rang 00:00.")
