"""One row of the council's rota: its columns, and every reason why a row is refused.

Times are London's as people write them.  An hour that the clocks skip is refused, and so is one that they bring
twice, unless the row says BST or GMT: nobody is to be rung an hour early or late because a computer guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from console.domain.authorities import Service
from console.domain.calendar import LONDON
from console.domain.lines import NumberKind, read_number
from console.domain.people_csv import Cells, Refused, RowRefused
from console.domain.rota import DutyKind, Lane
from console.domain.search import NoSuchDay, read_day

ROTA_COLUMNS: tuple[tuple[str, str], ...] = (
    ("duty", "needed; one of: " + ", ".join(DutyKind)),
    ("name", "needed; who it is, or the service that answers"),
    ("number", "needed; the number to ring then; never 999"),
    ("from", "needed; day first and the time in London: 01/12/2026 17:00"),
    ("to", "needed; the same; an hour that comes twice when the clocks go back needs BST or GMT after it"),
    ("authority", "key of the authority, as in the cover settings; all that are covered where empty"),
    ("service", "children, adults, amhp or both; both where empty"),
    ("safe_to_call", "when and how it may be rung: work phone, not before 06:00 unless a life is at risk ..."),
    ("source", "whose rota it is"),
    ("as_at", "the day the rota was drawn up"),
)
"""Column and what it holds, in the order of the documentation."""
NEEDED_ROTA_COLUMNS = ("duty", "name", "number", "from", "to")
LONGEST = timedelta(days=31)
"""Longest time of one row: more is a slip of the pen in a date."""
BACK = timedelta(days=366)
"""How far back a row may begin: a slip of the year would withdraw everything between."""
YEARS_AHEAD = 3
_MOMENT = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?(?P<day>\S.*?)[T\s]+"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::00)?\s*(?P<zone>BST|GMT)?",
    re.IGNORECASE,
)
_FULL_YEAR = re.compile(r"\d{4}", re.ASCII)
_NOT_A_TIME = "is not a day and a time, such as 01/12/2026 17:00"


@dataclass(frozen=True, slots=True)
class FileDuty:
    """One row of a rota; times are aware UTC."""

    line: int
    lane: Lane
    name: str
    number: str
    begins: datetime
    ends: datetime
    safe: str
    source: str
    as_at: date | None

    def again(self, first: int) -> Refused:
        """Return why this row is refused where line ``first`` says the same."""
        return Refused(self.line, f"{self.name} stands for this duty and this time on line {first} already")


class NoSuchTime(ValueError):
    """A time that London's clocks do not have, or have twice; the text says which."""


def read_moment(raw: str, today: date) -> datetime | None:
    """Return a time in London as UTC, or None where it is none; raises :class:`NoSuchTime` and ``NoSuchDay``."""
    match = _MOMENT.fullmatch(raw.strip())
    if match is None:
        return None
    day = _near_day(match["day"].strip(" ,"), today)
    hour, minute = int(match["hour"]), int(match["minute"])
    if day is None or hour > 23 or minute > 59:
        return None
    civil = datetime.combine(day, time(hour, minute))
    first, second = (civil.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(LONDON).replace(tzinfo=None) != civil:
        message = "does not exist: the clocks go forward over it"
        raise NoSuchTime(message)
    zone = (match["zone"] or "").upper()
    if first != second and not zone:
        message = "comes twice: the clocks go back over it; write BST or GMT after it"
        raise NoSuchTime(message)
    moment = second if zone == "GMT" else first
    if zone and moment.astimezone(LONDON).tzname() != zone:
        message = f"is not in {zone} on that day"
        raise NoSuchTime(message)
    return moment


def _near_day(raw: str, today: date) -> date | None:
    """Return a day up to :data:`YEARS_AHEAD`; read with a later limit, so that its own sentence can be said."""
    until = today.replace(year=today.year + YEARS_AHEAD, day=1)
    day = read_day(raw, date.max if _FULL_YEAR.search(raw) else until)
    if day is not None and day > until:
        message = f"{day:%d-%b-%Y} is more than three years ahead"
        raise NoSuchDay(message)
    return day


def read_rota_row(cells: Mapping[str, str], line: int, today: date) -> FileDuty:
    """Return the duty of one row; raises :class:`RowRefused` with every reason."""
    row = Cells(cells, today)
    kind = row.one_of("duty", {kind.value: kind for kind in DutyKind}, None)
    row.wrong += [f"{name} is empty" for name in NEEDED_ROTA_COLUMNS if not cells.get(name, "").strip()]
    name = row.text("name", 120)
    begins, ends = _moment(row, cells, "from", today), _moment(row, cells, "to", today)
    number = _number(row, cells)
    service = row.one_of("service", {one.value: one.value for one in Service}, Service.BOTH.value)
    lane = Lane(kind or DutyKind.EDT_WORKER, row.text("authority", 40), service)
    safe, source, as_at = row.text("safe_to_call", 120), row.text("source"), row.day("as_at")
    if begins is not None and ends is not None:
        if ends <= begins:
            row.wrong.append("to is not after from")
        elif ends - begins > LONGEST:
            row.wrong.append(f"from and to are {(ends - begins).days} days apart; at most {LONGEST.days}")
    if begins is not None and (day := begins.astimezone(LONDON).date()) < today - BACK:
        row.wrong.append(f"from: {day:%d-%b-%Y} is more than a year back; look at the year")
    if row.wrong or begins is None or ends is None:
        raise RowRefused("; ".join(row.wrong))
    return FileDuty(line, lane, name, number, begins, ends, safe, source, as_at)


def _moment(row: Cells, cells: Mapping[str, str], name: str, today: date) -> datetime | None:
    raw = cells.get(name, "").strip()[:60]
    if not raw:
        return None
    try:
        found = read_moment(raw, today)
    except NoSuchTime as why:
        row.wrong.append(f"{name}: {raw!r} {why}")
    except NoSuchDay as why:
        row.wrong.append(f"{name}: {str(why).split('. ')[0].rstrip('.')}")
    else:
        if found is None:
            row.wrong.append(f"{name}: {raw!r} {_NOT_A_TIME}")
        return found
    return None


def _number(row: Cells, cells: Mapping[str, str]) -> str:
    if read_number(cells.get("number", "")).kind is NumberKind.EMERGENCY:
        row.wrong.append("number: emergency numbers are rung by hand and stand on no rota")
        return ""
    return row.number("number")
