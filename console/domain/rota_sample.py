"""A rota to try: an invented team's, with numbers kept for drama, as the rows of a file to import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from console.domain.calendar import Calendar
from console.domain.rota import DutyKind
from console.domain.rota_csv import FileDuty, read_rota_row

_MANAGERS = (("Dilip Shah", "07700 900841"), ("Helen Marsh", "07700 900842"))
_DIRECTOR = ("Ruth Calloway", "07700 900843")
_WORKERS = (
    ("Grace Whitlock", "07700 900851", "children"),
    ("Owen Pryce", "07700 900852", "adults"),
    ("Priya Raman", "07700 900853", "both"),
)
_AMHPS = (("Ines Roche", "07700 900861"), ("Martin Osei", "07700 900862"), ("Joan Abel", "07700 900863"))
_ADULTS = ("Appropriate adult line", "0808 157 0044")
_SOURCE = "Invented rota"
COLUMNS = ("duty", "name", "number", "from", "to", "authority", "service", "safe_to_call", "source")
"""In the order of :func:`sample_rows`."""


def sample_rows(first: date, days: int, calendar: Calendar) -> Iterator[tuple[str, ...]]:
    """Yield rows for ``days`` nights from the evening of ``first``; on the last one no AMHP is there from 04:00."""
    for night in range(days):
        day = first + timedelta(days=night)
        closes = "17:00" if calendar.working_day(day) else "08:30"
        start, end = f"{day:%d/%m/%Y} {closes}", f"{day + timedelta(days=1):%d/%m/%Y} 08:30"
        for kind, name, number, service, safe in _night(night):
            yield (kind.value, name, number, start, end, "", service, safe, _SOURCE)
        yield from _amhps(day, night, last=night == days - 1)


def sample_duties(first: date, days: int, calendar: Calendar) -> list[FileDuty]:
    """Return the same as they are imported."""
    rows = enumerate(sample_rows(first, days, calendar), 2)
    return [read_rota_row(dict(zip(COLUMNS, cells, strict=True)), line, first) for line, cells in rows]


def _night(night: int) -> Iterator[tuple[DutyKind, str, str, str, str]]:
    name, number = _MANAGERS[night % len(_MANAGERS)]
    yield DutyKind.ON_CALL_MANAGER, name, number, "both", "any hour"
    yield DutyKind.ON_CALL_DIRECTOR, *_DIRECTOR, "both", "death or serious harm of a child; else by the manager"
    for worker, line, service in _WORKERS:
        yield DutyKind.EDT_WORKER, worker, line, service, "work phone"
    yield DutyKind.APPROPRIATE_ADULT, *_ADULTS, "both", "until 23:00; after that only for under-18s"


def _amhps(day: date, night: int, *, last: bool) -> Iterator[tuple[str, ...]]:
    next_day = day + timedelta(days=1)
    day_name, day_number = _AMHPS[night % len(_AMHPS)]
    name, number = _AMHPS[(night + 1) % len(_AMHPS)]
    ends = f"{next_day:%d/%m/%Y} {'04:00' if last else '08:30'}"
    at_night = (f"{day:%d/%m/%Y} 20:00", ends)
    by_day = (f"{day:%d/%m/%Y} 08:30", at_night[0])
    for who, line, (start, end), safe in ((day_name, day_number, by_day, "work phone"), (name, number, at_night, "")):
        yield (DutyKind.AMHP.value, who, line, start, end, "", "amhp", safe, _SOURCE)
