"""One row of the council's file of agencies: its columns, and every reason why a row is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from console.domain.lines import NumberKind, read_number
from console.domain.people_csv import Cells, Refused, RowRefused
from console.domain.people_rows import agency_key
from console.domain.search import as_e164

AGENCY_KINDS = (
    "police",
    "ambulance",
    "fire",
    "coastguard",
    "btp",
    "border_force",
    "hospital",
    "crisis_team",
    "nhs111",
    "amhp",
    "gp",
    "edt_other",
    "foster_agency",
    "home",
    "aa_provider",
    "interpreter",
    "transport",
    "legal",
    "court",
    "housing",
    "yot",
    "school",
    "voluntary",
)
"""domain.md 8.1, AgencyKind."""
AGENCY_COLUMNS: tuple[tuple[str, str], ...] = (
    ("name", "needed; as it is said: Crisis team"),
    ("kind", "needed; one of: " + ", ".join(AGENCY_KINDS)),
    ("area", "where it serves; with name and kind it says which agency a row is"),
    ("number", "needed; the number to ring at night, also 101 or 111; never 999"),
    ("verified_on", "the day somebody rang it to check"),
    ("verified_by", "who checked"),
)
NEEDED_AGENCY_COLUMNS = ("name", "kind", "number")


@dataclass(frozen=True, slots=True)
class FileAgency:
    """One agency as the file has it; ``number`` is E.164 or a short public number."""

    line: int
    name: str
    kind: str
    area: str
    number: str
    verified_on: date | None
    verified_by: str

    @property
    def key(self) -> str:
        """Return which agency it is."""
        return agency_key(self.name, self.kind, self.area)

    def again(self, first: int) -> Refused:
        """Return why this row is refused where line ``first`` has brought the same agency."""
        return Refused(self.line, f"{self.name} with this kind and area stands on line {first} already")


def read_agency_row(cells: Mapping[str, str], line: int, today: date) -> FileAgency:
    """Return the agency of one row; raises :class:`RowRefused` with every reason."""
    row = Cells(cells, today)
    name = row.text("name", 120, needed=True)
    kind = row.one_of("kind", {kind: kind for kind in AGENCY_KINDS}, "")
    if not cells.get("kind", "").strip():
        row.wrong.append("kind is empty")
    if not cells.get("number", "").strip():
        row.wrong.append("number is empty")
    agency = FileAgency(
        line,
        name,
        kind,
        row.text("area"),
        row.number("number", directory_number),
        row.day("verified_on"),
        row.text("verified_by"),
    )
    if read_number(cells.get("number", "")).kind is NumberKind.EMERGENCY:
        row.wrong[:] = [reason for reason in row.wrong if not reason.startswith("number:")]
        row.wrong.append("number: emergency numbers are rung by hand and stand in no directory")
    if row.wrong:
        raise RowRefused("; ".join(row.wrong))
    return agency


def directory_number(raw: str) -> str | None:
    """Return an outside number as E.164, or a short public number as it is; None for anything else."""
    number = read_number(raw.strip().lstrip("'\u2019"))
    return number.canonical if number.kind is NumberKind.SPECIAL else as_e164(raw)
