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

from console.domain.names import fold, same_as
from console.domain.search import fold_reference
from console.ports.store import Look
from db.access import question_text
from db.people_find import name_keys, wanted_words
from db.people_rows import NameHit, NameKey
from db.people_schema import address, line, marker, past_contact, person, person_address, person_helper, relationship


def question_json(question: Look, keys: Sequence[NameKey] | None = None) -> str:
    """Return a look as the access log keeps it, with what it looks for in the index; ``keys`` instead of the usual."""
    asked: dict[str, Any] = json.loads(question_text(question))
    asked["reference_key"] = fold_reference(question.reference) if question.reference else ""
    wanted = keys if keys is not None else name_keys(wanted_words(question.words)) if question.words else []
    asked["wanted"] = [[word, *sorted(same_as(word))] for word in fold(question.words).split()]
    asked["keys"] = [_key_json(place, key) for place, key in enumerate(wanted)]
    return json.dumps(asked, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def question_of_json(asked: Mapping[str, Any], call: str | None) -> Look:
    """Return the look that a ticket was given for; its reason is on the access log only."""
    born = date.fromisoformat(asked["born"]) if asked["born"] else None
    identity = UUID(call) if call else None
    return Look("", identity, asked["e164"], asked["words"], born, asked["reference"], asked["limit"])


def _key_json(place: int, key: NameKey) -> dict[str, Any]:
    return {
        "place": place,
        "family": key.family,
        "family_is": key.family_is,
        "given": key.given,
        "forms": list(key.forms) if key.forms is not None else None,
        "words": [[word] for word in key.words],
    }


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
        on = [(UUID(one), date.fromisoformat(day) if day else None) for one, day in self._answer.get("on_line", ())]
        # More than are shown are only counted.
        return [*on, *([(UUID(int=0), None)] * (int(self._answer.get("total") or 0) - len(on)))]

    def line(self, e164: str) -> Any | None:  # noqa: ANN401  a row
        """Return the row of a number, None where it is new."""
        found = self._line(e164).get("line")
        return _row(found, line) if found else None

    def calls(self, e164: str, but_call: UUID | None) -> Sequence[Any]:
        """Return how many calls of this record came from a number, and when the last."""
        calls: Sequence[Any] = self._line(e164).get("calls") or (0, None)
        return calls

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

    def references(self, key: str) -> Iterable[Sequence[Any]]:
        """Return (person, reference) by the folded reference."""
        return [(UUID(one), written) for one, written in self._answer.get("references", ())]

    def births(self, born: date) -> Iterable[Sequence[Any]]:
        """Return (person, sort_name, family, given) of every name of everybody born on the day."""
        return [(UUID(one), *rest) for one, *rest in self._answer.get("births", ())]

    def names(self, keys: Sequence[NameKey]) -> Sequence[Sequence[NameHit]]:
        """Return the rows of the name index that fit each key of the question."""
        hits: list[list[NameHit]] = [[] for _ in keys]
        for place, one, *rest in self._answer.get("names", ()):
            if place < len(hits):
                hits[place].append(NameHit(UUID(one), *rest))
        return hits

    def families(self) -> Sequence[str]:
        """Return nothing: a misspelt name is a question of its own."""
        return ()

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
