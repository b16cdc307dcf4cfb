"""People as the doors of PostgreSQL give them for a ticket, and the questions that are asked at them.

What a search looks for in the index is written into the question before it is asked, so that the access
log holds the whole of it and the server answers nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Table, Uuid

from console.domain.find_plan import Plan
from console.domain.search import fold_reference, reference_keys
from console.domain.text import NightdeskError
from console.ports.store import Look, WrongSchema
from db.access import question_text
from db.people_find import plan_of
from db.people_rows import Hit, Hits
from db.people_schema import address, line, marker, past_contact, person, person_address, person_helper, relationship

_PREPARING = (
    "The team's record is being made ready for searching, which takes some minutes.  Nobody was searched for; a number "
    "finds its people as always.  Try again in a while."
)


class SearchNotReady(NightdeskError):
    """The words by which people are found are not all made yet; nothing was searched."""


_OLD_DOORS = (
    "The team's record was made by an older Nightdesk and cannot search as this one does.  Nothing was searched.  Ask "
    "whoever looks after the database to run `nightdesk db upgrade`."
)


def question_json(question: Look, today: date) -> str:
    """Return a look as the access log keeps it, with the whole plan by which it is answered."""
    asked: dict[str, Any] = json.loads(question_text(question))
    asked["reference_key"] = fold_reference(question.reference) if question.reference else ""
    asked["reference_keys"] = list(reference_keys(question.reference)) if question.reference else []
    wanted = plan_of(question, today)
    if wanted.parts:
        asked["plan"] = plan_json(wanted)
    return json.dumps(asked, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def plan_json(wanted: Plan) -> dict[str, Any]:
    """Return a plan as the server reads it.

    ``parts``: of each its meanings, the step before each (``2fgk>hark``).  ``searches``: the steps of each, whether it
    is made only if nobody is found yet, and the part it leaves out (from 0; -1: none).
    ``whole``: the names by which restricted people are found.
    """
    return {
        "parts": [[f"{means.step:d}{means}" for means in part.means] for part in wanted.parts],
        "searches": [
            [
                "".join(f"{step:d}" for step in sorted(search.steps)),
                search.if_nobody,
                -1 if search.out is None else search.out,
            ]
            for search in wanted.searches()
        ],
        "name": wanted.name,
        "whole": list(wanted.whole),
    }


def question_of_json(asked: Mapping[str, Any], call: str | None) -> Look:
    """Return the look that a ticket was given for; its reason is on the access log only."""
    born = date.fromisoformat(asked["born"]) if asked["born"] else None
    identity = UUID(call) if call else None
    return Look("", identity, asked["e164"], asked["words"], born, asked["reference"], asked["limit"])


class PackedPeople:
    """Implements ``db.people_rows.PeopleRows`` over what one answer of the doors holds; asks nothing by itself."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer = answer

    def people(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows with the columns of ``person``."""
        return [row for row in self._rows("people", person) if row.id in ids]

    def closed(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those whose record was restricted tonight."""
        return {UUID(identity) for identity in self._answer.get("closed", ())} & set(ids)

    def homes(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows of who lives where."""
        return [row for row in self._rows("homes", person_address, address) if row.person in ids]

    def markers(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows with the columns of ``marker``."""
        return [row for row in self._rows("markers", marker) if row.subject_id in ids]

    def before(self, ids: Collection[UUID]) -> Iterable[Sequence[Any]]:
        """Return (person, day of the last contact) of the time before this record."""
        return [(UUID(one), date.fromisoformat(day)) for one, day in self._answer.get("before", ()) if UUID(one) in ids]

    def tonight(self, ids: Collection[UUID]) -> Iterable[Sequence[Any]]:
        """Return (person, microseconds of the newest contact) of this record."""
        return [(UUID(one), at) for one, at in self._answer.get("tonight", ()) if UUID(one) in ids]

    def on_line(self, e164: str, today: date) -> Sequence[Sequence[Any]]:
        """Return (person, confirmed_on) of everybody on the number that was asked for; the server knows the day."""
        return [(UUID(one), date.fromisoformat(day) if day else None) for one, day in self._answer.get("on_line", ())]

    def on_line_count(self, e164: str, today: date) -> int:
        """Return how many are on the number that was asked for; no more are sent than are shown."""
        return int(self._answer.get("total") or 0)

    def line(self, e164: str) -> Any | None:  # noqa: ANN401  a row
        """Return the row of a number, None where it is new."""
        found = self._line(e164).get("line")
        return _row(found, line) if found else None

    def calls(self, e164: str, but_call: UUID | None) -> Sequence[Any]:
        """Return how many calls of this record came from a number, and when the last."""
        calls: Sequence[Any] = self._line(e164).get("calls") or (0, None)
        return calls

    def recent_calls(self, e164: str, but_call: UUID | None) -> Iterable[int]:
        """Return when the newest calls came from a number; none from a server that does not tell yet."""
        return [int(at) for at in self._line(e164).get("recent") or ()]

    def untils(self, e164: str) -> Iterable[date | None]:
        """Return until when each person was on a number."""
        return [date.fromisoformat(day) if day else None for day in self._line(e164).get("untils", ())]

    def numbers(self, identity: UUID, today: date) -> Iterable[str]:
        """Return the numbers of the opened person, or of somebody tied to them."""
        if str(identity) == self._answer.get("person"):
            return list(self._answer.get("numbers", ()))
        mine = (tie.get("numbers", ()) for tie in self._answer.get("relations", ()) if tie["other"] == str(identity))
        return list(next(mine, ()))

    def relations(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``relationship`` with family, given, born, deceased_on and restricted of the other."""
        return self._rows("relations", relationship, person)

    def not_to_ring(self, ids: Collection[UUID], today: date) -> set[UUID]:
        """Return those whom a marker says not to ring back; the server knows the day."""
        return {UUID(tie["other"]) for tie in self._answer.get("relations", ()) if tie.get("not_to_ring")} & set(ids)

    def history(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``past_contact``, newest first."""
        return self._rows("history", past_contact)

    def known_as(self, identity: UUID) -> Iterable[str]:
        """Return other names."""
        return list(self._answer.get("known_as", ()))

    def helpers(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``person_helper``."""
        return self._rows("helpers", person_helper)

    def references(self, keys: Sequence[str]) -> Iterable[Sequence[Any]]:
        """Return (person, reference) of everybody with one of the folded references asked for."""
        return [(UUID(one), written) for one, written in self._answer.get("references", ())]

    def seek(self, asked: Plan, enough: int) -> Hits:
        """Return who fits the plan that the question was asked with."""
        if self._answer.get("preparing"):
            raise SearchNotReady(_PREPARING)
        if "hits" not in self._answer:
            raise WrongSchema(_OLD_DOORS)
        return Hits(tuple(self._hits()), bool(self._answer.get("too_many")))

    def hits_of(self, people: Sequence[UUID]) -> Sequence[Hit]:
        """Return people by id, with their words."""
        return [one for one in self._hits() if one.person in people]

    def _hits(self) -> Iterable[Hit]:
        return (Hit(UUID(one), *rest) for one, *rest in self._answer.get("hits", ()))

    def _line(self, e164: str) -> Mapping[str, Any]:
        return next((found for found in self._answer.get("lines", ()) if found["e164"] == e164), {})

    def _rows(self, part: str, *tables: Table) -> list[Any]:
        return [_row(found, *tables) for found in self._answer.get(part, ())]


def _row(found: Mapping[str, Any], *tables: Table) -> Any:  # noqa: ANN401  a row
    """Return JSON of a row with ids and days as such again; ``tables`` say which columns are."""
    kinds = {column.key: column.type for table in tables for column in table.c}
    return SimpleNamespace(**{name: _value(value, kinds.get(name)) for name, value in found.items()})


def _value(value: Any, kind: object) -> Any:  # noqa: ANN401  whatever a column holds
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return UUID(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
