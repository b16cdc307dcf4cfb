"""The people, lines and agencies that the demo's script A needs, the same for every seed.

Facts: domain.md 9 A and the README of the pictures.  Marcus and Lena Fenn share one mobile; the
marker on him was due for review two months before the night; the address is 14 months old.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from console.domain.ids import new_id
from console.domain.people import DobCertainty, PlanStatus, Rank
from console.domain.people_rows import (
    AddressRow,
    AgencyRow,
    Batch,
    HelperRow,
    LineRow,
    LivesRow,
    MarkerRow,
    OnLineRow,
    PastRow,
    PersonRow,
    TieRow,
    agency_key,
    name_rows,
    sort_name,
)
from console.domain.record import micros
from console.domain.search import fold_reference

_MADE = datetime(2024, 12, 31, tzinfo=UTC)
_SOURCE = "invented"
FENNS_NUMBER = "+447700900412"
_AGENCIES: tuple[tuple[str, str, str, str, date | None], ...] = (
    ("Crisis team", "crisis_team", "North", "+441632960162", date(2026, 11, 12)),
    ("Police control room", "police", "All", "+441632960140", date(2026, 11, 12)),
    ("Ambulance control", "ambulance", "All", "+441632960155", date(2026, 10, 30)),
    ("AMHP hub", "amhp", "All", "+441632960171", date(2026, 11, 12)),
    ("Emergency department", "hospital", "North", "+441632960188", date(2026, 10, 2)),
    ("Dilip Shah, on-call manager", "edt_other", "All", "+447700900261", date(2026, 12, 1)),
    ("Appropriate adult provider", "aa_provider", "All", "+448081570044", date(2026, 9, 18)),
    ("Interpreters by telephone", "interpreter", "All", "+448081570021", date(2026, 9, 18)),
    ("Coastguard", "coastguard", "All", "+441632960145", date(2026, 8, 4)),
    ("Fire control", "fire", "All", "+441632960148", date(2026, 8, 4)),
    ("London out-of-hours team", "edt_other", "Out of area", "+442079460381", date(2026, 5, 21)),
    ("Night nurses", "nhs111", "North", "+441632960193", None),
)
_OUR_LINES = (
    ("+441632960001", "Hampshire adults"),
    ("+441632960002", "Hampshire children"),
    ("+441632960003", "Portsmouth adults"),
    ("+441632960004", "Portsmouth children"),
    ("+441632960005", "Southampton adults"),
    ("+441632960006", "Southampton children"),
    ("+441632960007", "Isle of Wight adults"),
    ("+441632960008", "Isle of Wight children"),
    ("+441632960100", "Our desk"),
)
_PLACES = (
    ("+441632960118", "Police officer's telephone"),
    ("+441632960204", "Residential home: 6 young people"),
    ("+441632960455", "Custody suite"),
    ("+443069990077", "Border Force at the port"),
    ("+447700900733", "Care agency"),
    ("+441632960741", "School caretaker's house"),
)


def _id(name: str) -> UUID:
    return new_id(_MADE, name.encode().ljust(10)[:10])


MARCUS = _id("marcus")
LENA = _id("lena")


def fenns(count: int) -> Batch:
    """Return Marcus (and, from ``count`` 2, Lena) Fenn with all that the pictures show of them."""
    batch = Batch()
    people = (_marcus(), _lena())[:count]
    home = _id("larchcourt")
    batch.addresses.append(AddressRow(home, "9 Larch Court\nNetherbourne", "", "", "hampshire", ""))
    last = datetime(2025, 10, 3, 18, 40, tzinfo=UTC)
    batch.lines.append(LineRow(FENNS_NUMBER, "mobile", "", "not asked", 3, micros(last)))
    confirmed = {MARCUS: date(2025, 10, 3), LENA: date(2025, 9, 29)}
    for person in people:
        batch.people.append(person)
        batch.names += name_rows(person.id, person.family, person.given)
        batch.lives.append(LivesRow(person.id, home, "home", date(2025, 10, 1), None, False, _SOURCE))
        batch.on_lines.append(OnLineRow(FENNS_NUMBER, person.id, confirmed[person.id], None, _SOURCE))
    batch.markers.append(_marker())
    batch.past += _past(len(people))
    batch.helpers += _helpers()
    if len(people) == 2:
        batch.ties.append(TieRow(MARCUS, LENA, "wife", None, "", "", True))
        batch.ties.append(TieRow(LENA, MARCUS, "husband", None, "", "", True))
    return batch


def directory() -> Batch:
    """Return the agencies of the coordinator's picture, our own lines and the scripts' places."""
    batch = Batch()
    for name, kind, area, number, checked in _AGENCIES:
        key = agency_key(name, kind, area)
        by = "rota" if "on-call" in name else "R Calder"
        batch.agencies.append(AgencyRow(_id(name), key, name, kind, area, number, checked, by if checked else ""))
        batch.lines.append(LineRow(number, "agency", name, "yes", 0, None))
    batch.lines += [LineRow(number, "our line", place, "yes", 0, None) for number, place in _OUR_LINES]
    batch.lines += [LineRow(number, "shared", place, "yes", 0, None) for number, place in _PLACES]
    return batch


def _person(identity: UUID, given: str, born: date, gender: str, reference: str) -> PersonRow:
    return PersonRow(
        identity,
        "Fenn",
        given,
        sort_name("Fenn", given),
        born,
        DobCertainty.KNOWN.value,
        None,
        gender,
        reference,
        fold_reference(reference),
        "hampshire",
        "English",
        False,
        "",
        PlanStatus.NONE.value,
        None,
        "",
        None,
        False,
        _SOURCE,
    )


def _marcus() -> PersonRow:
    return _person(MARCUS, "Marcus", date(1992, 2, 19), "Male", "448 210")


def _lena() -> PersonRow:
    return _person(LENA, "Lena", date(1993, 8, 7), "Female", "448 211")


def _marker() -> MarkerRow:
    return MarkerRow(
        _id("selfharm"),
        "person",
        MARCUS,
        "suicide_self_harm",
        Rank.HOUR.value,
        "Suicide or self-harm",
        "case record",
        date(2025, 10, 3),
        "R Osei",
        "Duty manager",
        date(2026, 10, 3),
        None,
        _SOURCE,
    )


def _past(people: int) -> list[PastRow]:
    his = (
        (date(2025, 9, 29), "Lena Fenn rang, worried"),
        (date(2025, 10, 2), "Welfare visit: seen"),
        (date(2025, 10, 3), "Crisis team informed"),
    )
    rows = [PastRow(_id(f"past {day:%m%d}"), MARCUS, day, text, "hampshire", "case system") for day, text in his]
    hers = PastRow(
        _id("her past"), LENA, date(2025, 9, 29), "Rang, worried about her husband", "hampshire", "case system"
    )
    return rows if people == 1 else [*rows, hers]


def _helpers() -> list[HelperRow]:
    return [
        HelperRow(MARCUS, "GP", "Netherbourne Surgery", ""),
        HelperRow(MARCUS, "Crisis team", "North", "+441632960162"),
        HelperRow(MARCUS, "Adults' team", "North, opens 08:30", ""),
    ]
