"""A family with much to show, and a directory with a rota: long names, many ties, overdue reviews, gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from console.domain.bank_holidays import england
from console.domain.calendar import Calendar
from console.domain.people import (
    Address,
    Agency,
    DobCertainty,
    Line,
    Marker,
    PastContact,
    PersonRecord,
    PlanStatus,
    Professional,
    Rank,
    Relation,
)
from console.domain.rota import Duty, DutyKind, Lane, lanes_at, on_call_manager
from console.services.directory import DirectoryState
from console.services.opened_record import Reading
from tests.helpers.handler_rows import STATES
from ui.desktop.screens.directory import directory_list
from ui.desktop.screens.handler.before_rows import of_person
from ui.desktop.screens.handler.person_sheet import person_sheet
from ui.desktop.screens.handler.risk_rows import marker_detail
from ui.desktop.screens.handler.rows import DirectoryList, HandlerRows, IdentityRow, ListRow, RiskRow

NOW = datetime(2026, 12, 1, 22, 17, 58, tzinfo=UTC)
TODAY = date(2026, 12, 1)
CALENDAR = Calendar(england())


def _tie(number: int, name: str, kind: str, **more: object) -> Relation:
    plain = Relation(UUID(int=number), name, kind, date(1990, 3, number % 28 + 1))
    return replace(plain, **more)  # type: ignore[arg-type]  # whatever a tie has


def _line(number: str, safe: str) -> Line:
    return Line(number, "mobile", "", safe, 1)


def _marker(number: int, kind: str, rank: Rank, text: str, set_on: date, review_on: date) -> Marker:
    return Marker(UUID(int=number), kind, rank, text, "case record", set_on, "R Osei", "Duty manager", review_on)


TIES = (
    _tie(
        1, "Marta Bartholomew-Featherstonehaugh", "mother", parental_responsibility=True, next_of_kin=True,
        lines=(_line("+447700900702", "only before 18:00"),),
    ),
    _tie(
        2, "Rui Tavares", "father", parental_responsibility=True, contact_rule="none", order_ref="PO26-117",
        do_not_ring=True, lines=(_line("+447700900703", "no"),),
    ),
    _tie(3, "Joana Tavares", "grandparent", contact_rule="supervised", lines=(_line("+447700900704", "yes"),)),
    _tie(4, "Luca Tavares", "sibling"),
    _tie(5, "Nina Tavares", "sibling"),
    _tie(6, "Denise Oakley", "foster_carer", until=date(2026, 5, 3), lines=(_line("+447700900706", "not asked"),)),
    _tie(7, "Constance Featherstonehaugh", "aunt_or_uncle", deceased_on=date(2025, 11, 4)),
    Relation(UUID(int=8), "A restricted record: call the duty manager", "", None, restricted=True),
)  # fmt: skip
ADA = PersonRecord(
    UUID(int=100), "Bartholomew-Tavares", "Ada Wilhelmina", date(2020, 4, 11), DobCertainty.KNOWN, None, "Female",
    "PCC 448 001", "portsmouth", "Portuguese", PlanStatus.CPP_NEGLECT, date(2026, 7, 3),
    (
        Address(UUID(int=1), ("14 Exmouth Road", "Netherbourne"), "", "home", date(2026, 7, 1)),
        Address(UUID(int=2), ("Must not be disclosed",), "", "placement", date(2025, 2, 1), do_not_disclose=True),
    ),
    (_line("+447700900701", "not asked"),),
    (
        _marker(1, "exploitation", Rank.HOUR, "Older man in a white van", date(2026, 2, 1), date(2026, 8, 1)),
        _marker(2, "two_person_visits", Rank.HOUR, "Do not visit alone", date(2026, 9, 1), date(2027, 9, 1)),
        _marker(3, "dangerous_dog", Rank.SHIFT, "Dangerous dog", date(2025, 3, 1), date(2026, 3, 1)),
    ),
    TIES,
    (
        PastContact(UUID(int=1), date(2026, 11, 3), "Review conference: plan goes on"),
        PastContact(UUID(int=2), date(2026, 9, 14), "School: came without breakfast for the third time"),
        PastContact(UUID(int=3), date(2026, 7, 3), "Initial child protection conference"),
    ),
    (),
    known_as=("Addie",), interpreter=True, plan_source="council's file",
    professionals=(
        Professional("Social worker", "R Osei, North team"),
        Professional("School", "Netherbourne Primary", "+441632960741"),
    ),
)  # fmt: skip
"""A child with everything."""


def _agency(number: int, name: str, kind: str, area: str, e164: str, **more: object) -> Agency:
    return replace(Agency(UUID(int=number), name, kind, area, e164), **more)  # type: ignore[arg-type]  # as above


AGENCIES = (
    _agency(301, "Crisis team", "crisis_team", "North", "+441632960162", verified_on=date(2025, 9, 12),
        verified_by="R Calder"),
    _agency(302, "Police control room", "police", "Hampshire and Isle of Wight", "101",
        verified_on=date(2026, 11, 2), verified_by="T Bell"),
    _agency(303, "Queen's Hospital, emergency, nurse in charge", "hospital", "Netherbourne", "+441632960170"),
    _agency(
        304, "AMHP hub", "amhp", "Hampshire", "+441632960171", verified_on=date(2026, 5, 1), verified_by="R Calder",
        wrong_on=TODAY, wrong_by="Tom Adeyemi", note="rings out; try the switchboard of Queen's",
    ),
)  # fmt: skip
_FIVE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


def _duty(
    number: int, kind: DutyKind, name: str, e164: str, hours: float, *, begins: float = 0, safe: str = ""
) -> Duty:
    lane = Lane(kind, "", "amhp" if kind is DutyKind.AMHP else "both")
    start = _FIVE + timedelta(hours=begins)
    return Duty(
        UUID(int=number),
        lane,
        name,
        e164,
        start,
        start + timedelta(hours=hours),
        safe,
        "Night rota",
        date(2026, 11, 27),
    )


DUTIES = (
    _duty(201, DutyKind.ON_CALL_MANAGER, "Dilip Shah", "+447700900841", 15.5, safe="any hour"),
    _duty(202, DutyKind.ON_CALL_MANAGER, "Helen Marsh", "+447700900842", 15.5, begins=24),
    _duty(203, DutyKind.EDT_WORKER, "Grace Whitlock-Montgomery", "+447700900851", 15.5, safe="work phone"),
    _duty(204, DutyKind.AMHP, "Ines Roche", "+447700900861", 11, safe="work phone; not after 02:00 unless detained"),
    _duty(205, DutyKind.APPROPRIATE_ADULT, "Appropriate adult line", "+448081570044", 15.5),
)


def directory() -> DirectoryState:
    """Return the directory at 22:17:58: nobody is on call as AMHP from 04:00."""
    lanes = lanes_at(DUTIES, NOW, CALENDAR)
    return DirectoryState(AGENCIES, lanes, on_call_manager(DUTIES, NOW), NOW - timedelta(minutes=3))


def people() -> DirectoryList:
    """Return the rows of the directory's panel."""
    return directory_list(directory(), NOW, str)


def with_family() -> HandlerRows:
    """Return the handler's screen with Ada chosen."""
    before = STATES["handler"]
    who = IdentityRow(
        ADA.display_name(), "11-Apr-2020", "(6y)", "Female", "PCC 448 001", address="Record address 14 Exmouth Road"
    )
    signs = tuple(marker_detail(one, TODAY) for one in ADA.markers)
    return replace(
        before,
        who=who,
        risk=RiskRow(None, "", before.risk.markers, "3 markers", now=False, detail=signs),
        history=ListRow("Before this call", tuple(of_person(ADA, (), TODAY))),
        sheet=person_sheet(ADA, Reading.HERE, TODAY),
        directory=people(),
    )
