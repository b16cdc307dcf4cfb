"""One row of the council's file of people: its columns, and every reason why a row is refused.

Pure: a row comes in as a mapping of column to text, and goes out as a :class:`FilePerson`, or as a
:class:`RowRefused` whose text is a sentence.  Files are opened by ``console.machine.csv_file``,
rows are written by ``db.people_import``; the columns are explained in docs/using/people-csv.md.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from console.domain.file_phones import FilePhone, together
from console.domain.markers import MARKER_KINDS, months_after
from console.domain.people import PlanStatus
from console.domain.search import NoSuchDay, as_e164, fold_reference, read_day
from console.domain.text import NAME_CAP, safe_block, safe_line

T = TypeVar("T")

GROUPS = 3
"""How many telephones, markers and contacts one row may bring."""

_PLAIN: tuple[tuple[str, str], ...] = (
    ("case_system_id", "needed; the person's number in the case system, by which a later file knows them"),
    ("family", "needed; family name as written"),
    ("given", "given names as written"),
    ("known_as", "other names, with ; between them"),
    ("born", "date of birth, day first: 19/02/1992, 19-Feb-1992 or 1992-02-19"),
    ("claimed_age", "whole years, where there is no date of birth"),
    ("gender", "as stated"),
    ("authority", "key of the responsible authority, as in the cover settings"),
    ("language", "the language to speak"),
    ("interpreter", "yes or no"),
    ("communication", "what helps: hard of hearing, text relay"),
    ("plan_status", "one of: " + ", ".join(PlanStatus)),
    ("plan_as_at", "the day the plan status was true"),
    ("plan_source", "where the plan status comes from"),
    ("deceased_on", "day of death"),
    ("restricted", "yes or no; yes shows no name to anybody"),
    ("address_line_1", "house and street"),
    ("address_line_2", "place"),
    ("address_line_3", "more"),
    ("postcode", "postcode"),
    ("address_kind", "home, placement, temporary, work or last_known"),
    ("address_as_at", "the day the address was known to be true"),
    ("address_do_not_disclose", "yes or no; yes hides it on every list"),
    ("address_access", "how one gets in; never a key safe's code"),
)
_GROUPED: tuple[tuple[str, str], ...] = (
    ("phone_{}", "a telephone number: 07..., 01..., +44...; a quote before the plus is fine"),
    ("phone_{}_kind", "mobile, landline, shared ...; guessed where empty"),
    ("phone_{}_place", "what the line is, where several use it: Residential home: 6 young people"),
    ("phone_{}_safe_to_call", "yes, no, only before 18:00 ...; not asked where empty"),
    ("phone_{}_confirmed_on", "the day somebody last confirmed that it is theirs"),
    ("marker_{}", "kind of risk marker: " + ", ".join(MARKER_KINDS)),
    ("marker_{}_text", "facts, no insults; the kind's own words where empty"),
    ("marker_{}_source", "needed with a marker: the evidence"),
    ("marker_{}_set_on", "needed with a marker"),
    ("marker_{}_set_by", "needed with a marker"),
    ("marker_{}_authorised_by", "needed with a marker"),
    ("marker_{}_review_on", "by the kind (3, 6 or 12 months) where empty"),
    ("contact_{}_on", "day of an earlier contact"),
    ("contact_{}_text", "what it was, in a few words"),
)
PERSON_COLUMNS: tuple[tuple[str, str], ...] = (
    *_PLAIN,
    *((name.format(n), about) for n in range(1, GROUPS + 1) for name, about in _GROUPED),
)
"""Column and what it holds, in the order of the documentation."""
_GROUP_OF = {name.format(n): f"{name.split('_')[0]}_{n}" for n in range(1, GROUPS + 1) for name, _ in _GROUPED}
"""Which telephone, marker or contact a column belongs to."""
NEEDED_COLUMNS = ("case_system_id", "family")
BLOCK_COLUMNS = frozenset(
    ("communication", *(name for name, _ in PERSON_COLUMNS if name.endswith("_text") or name == "address_access"))
) | {f"address_line_{n}" for n in (1, 2, 3)}
"""Columns whose cells may hold line ends, in quotes."""
_ADDRESS_KINDS = {kind: kind for kind in ("home", "placement", "temporary", "work", "last_known")}
_PLANS = {plan.value: plan for plan in PlanStatus}
_SHORT_YEAR = re.compile(r"\D*\d{1,2}\D+(?:\d{1,2}|[A-Za-z]+)\D+\d{2}\D*", re.ASCII)
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
"""Kinds of characters that are not drawn."""
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


class RowRefused(ValueError):
    """A row cannot be used; the text says why, all reasons with ``; `` between them."""


class FileHome(NamedTuple):
    """The address of a row."""

    lines: tuple[str, ...]
    postcode: str
    kind: str
    as_at: date | None
    do_not_disclose: bool
    access: str


class FileMarker(NamedTuple):
    """One marker of a row."""

    kind: str
    text: str
    source: str
    set_on: date
    set_by: str
    authorised_by: str
    review_on: date


class FilePerson(NamedTuple):
    """One person as the file has them; a tuple, because a file has a million of them.

    ``sha256`` is of the cells: the same row, the same digest.
    """

    line: int
    sha256: str
    reference: str
    family: str
    given: str
    known_as: tuple[str, ...]
    born: date | None
    claimed_age: int | None
    gender: str
    authority: str
    language: str
    interpreter: bool
    communication: str
    plan: PlanStatus
    plan_as_at: date | None
    plan_source: str
    deceased_on: date | None
    restricted: bool
    home: FileHome | None
    phones: tuple[FilePhone, ...]
    markers: tuple[FileMarker, ...]
    contacts: tuple[tuple[date, str], ...]

    @property
    def key(self) -> str:
        """Return the folded case number: by which people are looked for, never told apart."""
        return fold_reference(self.reference)

    @property
    def identity(self) -> str:
        """Return who it is: ``1-23`` and ``12-3`` are two people."""
        return exact_reference(self.reference)

    def again(self, first: int) -> Refused:
        """Return why this row is refused where line ``first`` has brought the same person."""
        return Refused(self.line, f"case_system_id {self.reference} stands on line {first} already")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was refused: its line in the file and the sentence why."""

    line: int
    reason: str


def exact_reference(reference: str) -> str:
    """Return a case number as people are told apart by it: every sign of it, capitals or not."""
    if reference.isascii():
        return reference.strip().casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", reference).strip().casefold())


class Cells:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, cells: Mapping[str, str], today: date) -> None:
        """``today`` bounds birthdays and other days that cannot lie ahead."""
        self.filled = {name: text.strip() for name, text in cells.items() if text and not text.isspace()}
        self._groups = {_GROUP_OF.get(name) for name in self.filled}
        self._today = today
        self.wrong: list[str] = []

    def text(self, name: str, cap: int = 80, *, needed: bool = False) -> str:
        """Return a cell as one safe line; too long or missing is wrong."""
        raw = self.filled.get(name, "")
        if not raw and not needed:
            return ""
        if len(raw) > cap:
            self.wrong.append(f"{name} is {len(raw):,} characters long, at most {cap} fit")
            return ""
        if needed and not raw:
            self.wrong.append(f"{name} is empty")
        # Most cells are plain; a file may have a million rows of sixty.
        return raw if raw.isascii() and raw.isprintable() else safe_line(raw, cap)

    def has(self, group: str) -> bool:
        """Say whether a cell of a group such as ``phone_2`` holds anything."""
        return group in self._groups

    def block(self, name: str, cap: int) -> str:
        """Return a cell of several lines."""
        return safe_block(self.text(name, cap), cap)

    def day(self, name: str, *, ahead: bool = False) -> date | None:
        """Return a day; ``ahead`` allows one that is still to come (a review)."""
        raw = self.filled.get(name, "")
        if not raw:
            return None
        until = self._today.replace(year=self._today.year + 20, day=1) if ahead else self._today
        try:
            found = _day_of(raw[:40], until)
        except NoSuchDay as why:
            self.wrong.append(f"{name}: {str(why).split('. ')[0].rstrip('.')}")
            return None
        if found is None:
            self.wrong.append(f"{name}: {safe_line(raw, 40)!r} is not a date (day first, such as 19/02/1992)")
        return found

    def whole(self, name: str, most: int) -> int | None:
        """Return a whole number from 0 to ``most``."""
        raw = self.filled.get(name, "")
        if not raw:
            return None
        if raw.isascii() and raw.isdigit() and len(raw) < 6 and int(raw) <= most:
            return int(raw)
        self.wrong.append(f"{name}: {safe_line(raw, 40)!r} is not a whole number up to {most}")
        return None

    def yes(self, name: str) -> bool:
        """Return a yes or a no; empty is no."""
        raw = self.filled.get(name, "")
        if raw and raw.lower() not in _YES:
            self.wrong.append(f"{name}: {safe_line(raw, 40)!r} is neither yes nor no")
        return _YES.get(raw.lower(), False)

    def one_of(self, name: str, known: Mapping[str, T], default: T) -> T:
        """Return what a known word stands for."""
        raw = self.filled.get(name, "").lower()
        if raw and raw not in known:
            self.wrong.append(f"{name}: {safe_line(raw, 40)!r} is not one of {', '.join(known)}")
        return known.get(raw, default)

    def number(self, name: str, read: Callable[[str], str | None] = as_e164) -> str:
        """Return a telephone number as it is stored."""
        raw = self.filled.get(name, "")
        if not raw:
            return ""
        found = read(raw[:80])
        if found is None:
            spoiled = "e+" in raw.lower()
            why = "was turned into a figure by the spreadsheet; make the column text" if spoiled else "is no number"
            self.wrong.append(f"{name}: {safe_line(raw, 40)!r} {why}")
        return found or ""


def read_person_row(cells: Mapping[str, str], line: int, today: date) -> FilePerson:
    """Return the person of one row; raises :class:`RowRefused` with every reason."""
    row = Cells(cells, today)
    born, age = row.day("born"), row.whole("claimed_age", 130)
    person = FilePerson(
        line,
        digest(row.filled),
        row.text("case_system_id", 40, needed=True),
        row.text("family", needed=True),
        row.text("given"),
        _known_as(row),
        born,
        None if born else age,
        row.text("gender", 40),
        row.text("authority", 40) or "unknown",
        row.text("language"),
        row.yes("interpreter"),
        row.text("communication", 200),
        row.one_of("plan_status", _PLANS, PlanStatus.NONE),
        row.day("plan_as_at"),
        row.text("plan_source"),
        row.day("deceased_on"),
        row.yes("restricted"),
        _home(row),
        _phones(row),
        _markers(row),
        _contacts(row),
    )
    row.wrong.extend(_unseen(cells.get("case_system_id") or ""))
    if person.reference and not person.key:
        row.wrong.append("case_system_id has no letter or digit")
    if born and person.deceased_on and person.deceased_on < born:
        row.wrong.append("deceased_on is before born")
    if row.wrong:
        raise RowRefused("; ".join(row.wrong))
    return person


def _known_as(row: Cells) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in row.text("known_as", 240).split(";"))))
    longest = max(map(len, names), default=0)
    if longest > NAME_CAP:
        row.wrong.append(f"known_as: one of its names is {longest} characters long, at most {NAME_CAP} fit")
    return names


@lru_cache(maxsize=65_536)
def _day_of(text: str, until: date) -> date | None:
    """As ``read_day``; the days of a long file are few, and stand in it many times.

    A year of two digits is refused: nobody is there to be asked whether 25 is 1925 or 2025.
    """
    if _SHORT_YEAR.fullmatch(text):
        message = "its year has two digits and could be of two centuries; write all four"
        raise NoSuchDay(message)
    return read_day(text, until)


def _unseen(reference: str) -> list[str]:
    """Return a refusal of a case number with signs nobody sees: two that look alike would be two people."""
    if reference.isascii() and reference.isalnum():
        return []
    held = [char for char in reference.strip(" \t\r\n") if unicodedata.category(char) in _UNSEEN]
    return [f"case_system_id holds a sign that is not seen (U+{ord(held[0]):04X})"] if held else []


def digest(cells: Mapping[str, str]) -> str:
    """Return the digest of a row's cells, whatever the order of the columns; empty ones do not count."""
    kept = sorted((name, text.strip()) for name, text in cells.items() if text.strip())
    return hashlib.sha256(repr(kept).encode("utf-8", "backslashreplace")).hexdigest()


def _home(row: Cells) -> FileHome | None:
    lines = tuple(filter(None, (row.text(f"address_line_{n}", 120) for n in (1, 2, 3))))
    postcode = row.text("postcode", 16).upper()[:16]
    kind = row.one_of("address_kind", _ADDRESS_KINDS, "home")
    as_at, hidden = row.day("address_as_at"), row.yes("address_do_not_disclose")
    access = row.block("address_access", 400)
    return FileHome(lines, postcode, kind, as_at, hidden, access) if lines or postcode else None


def _phones(row: Cells) -> tuple[FilePhone, ...]:
    phones: dict[str, FilePhone] = {}
    for n in range(1, GROUPS + 1):
        if not row.has(f"phone_{n}"):
            continue
        phone = FilePhone(
            f"phone_{n}",
            row.number(f"phone_{n}"),
            row.text(f"phone_{n}_kind", 24),
            row.text(f"phone_{n}_place", 200),
            row.text(f"phone_{n}_safe_to_call"),
            row.day(f"phone_{n}_confirmed_on"),
        )
        if phone.e164:
            known = phones.get(phone.e164)
            phones[phone.e164] = phone if known is None else together(known, phone)
    return tuple(phones.values())


def _markers(row: Cells) -> tuple[FileMarker, ...]:
    found = (_marker(row, f"marker_{n}") for n in range(1, GROUPS + 1) if row.has(f"marker_{n}"))
    kept: dict[tuple[str, date, str], FileMarker] = {}
    for one in filter(None, found):
        same = kept.setdefault((one.kind, one.set_on, one.text), one)
        if same != one:
            row.wrong.append(f"the marker {one.kind} of {one.set_on} stands twice, with one text and other details")
    return tuple(kept.values())


def _marker(row: Cells, name: str) -> FileMarker | None:
    kind = row.one_of(name, MARKER_KINDS, None)
    set_on, review_on = row.day(f"{name}_set_on"), row.day(f"{name}_review_on", ahead=True)
    words = row.text(f"{name}_text", 400)
    if kind is None:
        if words:
            row.wrong.append(f"{name}_text stands without a kind in {name}")
        return None
    source, by = row.text(f"{name}_source", 200, needed=True), row.text(f"{name}_set_by", needed=True)
    authorised = row.text(f"{name}_authorised_by", needed=True)
    if set_on is None:
        row.wrong.append(f"{name}_set_on is empty or no date")
        return None
    review = review_on or months_after(set_on, kind.months)
    return FileMarker(kind.key, words or kind.label, source, set_on, by, authorised, review)


def _contacts(row: Cells) -> tuple[tuple[date, str], ...]:
    found: list[tuple[date, str]] = []
    for n in range(1, GROUPS + 1):
        if not row.has(f"contact_{n}"):
            continue
        on, words = row.day(f"contact_{n}_on"), row.text(f"contact_{n}_text", 400)
        if on and words:
            found.append((on, words))
        elif on or words:
            row.wrong.append(f"contact_{n}_on and contact_{n}_text belong together")
    return tuple(dict.fromkeys(found))
