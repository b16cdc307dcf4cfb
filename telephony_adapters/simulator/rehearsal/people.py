"""Invented people a rehearsal needs: read from its script, and turned into rows of the record.

Every number must be one that is kept for drama: a rehearsal must never ring or show a real one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from console.domain.drama import is_drama
from console.domain.ids import new_id
from console.domain.invent_lines import kind_of
from console.domain.people import DobCertainty, PlanStatus, Rank
from console.domain.people_rows import (
    AddressRow,
    Batch,
    LineRow,
    LivesRow,
    MarkerRow,
    OnLineRow,
    PersonRow,
    name_rows,
    sort_name,
)
from console.domain.search import shown_number
from console.domain.text import NAME_CAP, safe_line
from telephony_adapters.simulator.words import Reader

SOURCE = "invented"
_MADE = datetime(2024, 12, 31, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GENDERS = ("female", "male", "other", "")
_DATE = "a date such as 03-Feb-1944"


@dataclass(frozen=True, slots=True)
class Marked:
    """A risk marker on a person."""

    kind: str
    words: str
    set_on: date
    review_on: date


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented person; ``line`` is in E.164, empty where no telephone is known to be theirs."""

    family: str
    given: str
    born: date | None = None
    gender: str = ""
    authority: str = ""
    lives: str = ""
    since: date | None = None
    line: str = ""
    marker: Marked | None = None


def drama_number(reader: Reader) -> str:
    """Take a telephone number kept for drama; return it in E.164."""
    written = reader.number()
    return checked_number(reader, written)


def checked_number(reader: Reader, written: str) -> str:
    """Return a number in E.164, or refuse one that somebody may have."""
    e164 = f"+44{written[1:]}" if written.startswith("0") else written
    if not is_drama(e164):
        raise reader.fail(
            f'"{written[:20]}" may be somebody\'s telephone; use one kept for drama, such as 07700 900123 or '
            "01632 960123."
        )
    return e164


def read_person(reader: Reader) -> Invented:
    """``person "Lacey" "Edith" born 03-Feb-1944 gender female lives "4 Quay Walk" line 01632 960733``."""
    family, given = _name(reader, "the family name in quotes"), _name(reader, "the given name in quotes")
    found: dict[str, Any] = {}
    while reader.more():
        word = reader.take("born, gender, authority, lives, since, line or marker")
        if word == "born":
            found["born"] = _date(reader)
        elif word == "since":
            found["since"] = _date(reader)
        elif word == "line":
            found["line"] = drama_number(reader)
        elif word == "marker":
            found["marker"] = _marker(reader)
        elif word in ("gender", "authority", "lives"):
            found[word] = _name(reader, f"the {word}")
        else:
            raise reader.fail(
                f'"{word[:40]}" is nothing known of a person; known are born, gender, authority, lives, since, line '
                "and marker."
            )
    if found.get("gender", "") not in _GENDERS:
        raise reader.fail("a gender is female, male or other.")
    return Invented(family, given, **found)


def _name(reader: Reader, what: str) -> str:
    return safe_line(reader.take(what), NAME_CAP)


def _date(reader: Reader) -> date:
    word = reader.take(_DATE)
    match = re.fullmatch(r"([0-9]{2})-([A-Z][a-z]{2})-([0-9]{4})", word)
    try:
        return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1])) if match else date(0, 1, 1)
    except ValueError:
        raise reader.fail(f'"{word[:40]}" is not {_DATE}.') from None


def _marker(reader: Reader) -> Marked:
    kind, words = _name(reader, "the kind of marker"), _name(reader, "the marker's words in quotes")
    reader.need("set")
    set_on = _date(reader)
    reader.need("review")
    return Marked(kind, words, set_on, _date(reader))


def batch_of(people: tuple[Invented, ...]) -> Batch:
    """Return the rows of these people; the same script gives the same ids."""
    batch = Batch()
    for number, one in enumerate(people):
        person = new_id(_MADE, f"rehearse{number:02d}".encode())
        batch.people.append(_row(person, one))
        batch.names += name_rows(person, one.family, one.given)
        if one.lives:
            home = new_id(_MADE, f"rehome  {number:02d}".encode())
            batch.addresses.append(AddressRow(home, "\n".join(one.lives.split(", ")), "", "", one.authority, ""))
            batch.lives.append(LivesRow(person, home, "home", one.since, None, False, SOURCE))
        if one.line:
            if one.line not in {row.e164 for row in batch.lines}:
                batch.lines.append(LineRow(one.line, kind_of(one.line), "", "not asked", 0, None))
            batch.on_lines.append(OnLineRow(one.line, person, one.since, None, SOURCE))
        if one.marker is not None:
            warning, marked = one.marker, new_id(_MADE, f"remark  {number:02d}".encode())
            batch.markers.append(
                MarkerRow(
                    marked, "person", person, warning.kind, Rank.HOUR.value, warning.words, "case record",
                    warning.set_on, "R Osei", "Duty manager", warning.review_on, None, SOURCE,
                )
            )  # fmt: skip
    return batch


def whose_lines(people: tuple[Invented, ...]) -> tuple[str, ...]:
    """Return, a sentence for each number the script gives, whose it is: nobody else of the record has it."""
    owners: dict[str, list[str]] = {}
    for one in people:
        if one.line:
            owners.setdefault(one.line, []).append(f"{one.given} {one.family}")
    return tuple(
        f"{shown_number(line)}: {' and '.join(names)}; nobody else of the rehearsal's record has this number."
        for line, names in owners.items()
    )


def _row(person: UUID, one: Invented) -> PersonRow:
    certainty = DobCertainty.KNOWN if one.born is not None else DobCertainty.UNKNOWN
    return PersonRow(
        person, one.family, one.given, sort_name(one.family, one.given), one.born, certainty.value, None, one.gender,
        "", "", one.authority, "English", False, "", PlanStatus.NONE.value, None, "", None, False, SOURCE,
    )  # fmt: skip
