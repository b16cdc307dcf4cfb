"""Bring what is learned of people at night, from entries, into the plain tables.

Called by ``append`` inside its own transaction, once for each entry stored.  Doing it twice
changes nothing, so the tables can be filled again from the log.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from console.domain.calendar import local
from console.domain.find_words import HomeWords, NameWords, words_of
from console.domain.people import DobCertainty, PlanStatus
from console.domain.people_rows import AddressRow, LivesRow, NameRow, OnLineRow, PersonRow, name_rows, sort_name
from console.domain.record import Entry, Kind, from_iso, micros
from console.domain.search import as_e164, fold_reference
from console.domain.text import safe_line
from db.people_keys import make_keys
from db.people_schema import address, line, line_call, person, person_address, person_name, person_on_line

SOURCE = "learned at night"
_PLACES = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/places")


@dataclass(frozen=True, slots=True)
class Learned:
    """What one entry says of people, as rows; the same for every store.

    ``on_line`` is a number of the person's, confirmed on a day or never; ``call`` a number a call showed.
    """

    person: PersonRow | None = None
    names: tuple[NameRow, ...] = ()
    address: AddressRow | None = None
    lives: LivesRow | None = None
    on_line: OnLineRow | None = None
    call: tuple[str, int] | None = None
    """Its number in E.164 and when, in microseconds since 1970 UTC."""

    @property
    def find(self) -> str:
        """Return the words by which a new person is found."""
        if self.person is None:
            return ""
        names = (NameWords(name.kind, name.family, name.given) for name in self.names)
        homes = [HomeWords(self.address.lines, self.address.postcode_key, False)] if self.address else []
        return words_of(self.person.born, names, homes)


def learned_of(entry: Entry) -> Learned:
    """Return what an entry says of people; nothing where it is about other things.

    Raises ValueError where it does not fit: a day that is none, a number that is none.
    """
    content = entry.content()
    match entry.kind:
        case Kind.PERSON_CREATED:
            return _created(content, entry)
        case Kind.PERSON_LINE:
            day = _day(entry) if content.get("confirmed") else None
            return Learned(on_line=_on_line(entry.stream.id, str(content.get("e164", "")), day))
        case Kind.CALL_NUMBER:
            return Learned(call=_call(content, entry))
        case _:
            return Learned()


def learn_person(connection: Connection, entry_content: Mapping[str, Any], entry: Entry) -> None:
    """Bring one entry into the tables; entries about other things are left alone.

    Raises ValueError where the entry does not fit, or names a person nobody knows.
    """
    learned = learned_of(entry)
    match entry.kind:
        case Kind.PERSON_CREATED:
            _write_created(connection, learned, entry.stream.id)
        case Kind.PERSON_LINE:
            _known(connection, entry.stream.id)
            _write_on_line(connection, learned)
        case Kind.PERSON_RESTRICTED:
            _known(connection, entry.stream.id)
            connection.execute(update(person).where(person.c.id == entry.stream.id).values(restricted=True))
            make_keys(connection, [entry.stream.id])
        case Kind.CALL_NUMBER:
            _write_call(connection, learned, entry.stream.id)
        case _:
            return


def _created(content: Mapping[str, Any], entry: Entry) -> Learned:
    identity = entry.stream.id
    row = _person(content, identity)
    known_as = tuple(safe_line(str(name)) for name in content.get("known_as") or ())
    names = tuple(name_rows(identity, row.family, row.given, known_as))
    home, lives = None, None
    if lines := _text(content, "address", 400):
        place = uuid.uuid5(_PLACES, f"{identity}\n{lines}")
        parts = "\n".join(part.strip() for part in lines.split(",") if part.strip())
        home = AddressRow(place, parts, "", "", row.authority, "")
        lives = LivesRow(identity, place, "home", _day(entry), None, False, SOURCE)
    on = _on_line(identity, str(content["e164"]), _day(entry)) if content.get("e164") else None
    return Learned(row, names, home, lives, on)


def _on_line(identity: UUID, number: str, confirmed_on: date | None) -> OnLineRow:
    e164 = as_e164(number)
    if e164 is None:
        message = "the number of the entry is no telephone number"
        raise ValueError(message)
    return OnLineRow(e164, identity, confirmed_on, None, SOURCE)


def _call(content: Mapping[str, Any], entry: Entry) -> tuple[str, int] | None:
    e164 = as_e164(str(content.get("e164") or ""))
    if e164 is None or content.get("presentation") != "allowed":
        return None
    return e164, micros(from_iso(str(content["at"]))) if content.get("at") else micros(entry.made_at)


def _write_created(connection: Connection, learned: Learned, identity: UUID) -> None:
    if learned.person is None or _exists(connection, identity):
        return
    connection.execute(insert(person), learned.person._asdict())
    connection.execute(insert(person_name), [name._asdict() for name in learned.names])
    if learned.address is not None and learned.lives is not None:
        connection.execute(insert(address), learned.address._asdict())
        connection.execute(insert(person_address), learned.lives._asdict())
    if learned.on_line is not None:
        _write_on_line(connection, learned)
    make_keys(connection, [identity])


def _write_on_line(connection: Connection, learned: Learned) -> None:
    on = learned.on_line
    if on is not None:
        put_on_line(connection, on.person, on.e164, on.confirmed_on, on.source)


def _write_call(connection: Connection, learned: Learned, identity: UUID) -> None:
    if learned.call is None:
        return
    e164, at = learned.call
    mine = (line_call.c.e164 == e164, line_call.c.call == identity)
    if connection.scalar(select(line_call.c.at).where(*mine)) is None:
        connection.execute(insert(line_call), {"e164": e164, "call": identity, "at": at})


def _person(content: Mapping[str, Any], identity: UUID) -> PersonRow:
    family, given = _text(content, "family"), _text(content, "given")
    born = date.fromisoformat(str(content["born"])) if content.get("born") else None
    age = int(content["claimed_age"]) if content.get("claimed_age") is not None else None
    reference = _text(content, "ref", 40)
    sure = DobCertainty.KNOWN if born else DobCertainty.CLAIMED if age is not None else DobCertainty.UNKNOWN
    return PersonRow(
        identity,
        family,
        given,
        sort_name(family, given),
        born,
        sure.value,
        age,
        _text(content, "gender", 40),
        reference,
        fold_reference(reference),
        _text(content, "authority", 40) or "unknown",
        _text(content, "language"),
        False,
        "",
        PlanStatus.NONE.value,
        None,
        "",
        None,
        False,
        SOURCE,
    )


def _text(content: Mapping[str, Any], key: str, cap: int = 80) -> str:
    value = content.get(key)
    return safe_line(value, cap) if isinstance(value, str) else ""


def _day(entry: Entry) -> date:
    return local(entry.made_at).date()


def put_on_line(connection: Connection, identity: UUID, number: str, confirmed_on: date | None, source: str) -> None:
    """Say that a number is a person's now, as confirmed on a day; a later day is kept, an earlier one not."""
    e164 = as_e164(number)
    if e164 is None:
        message = "the number of the entry is no telephone number"
        raise ValueError(message)
    if connection.scalar(select(line.c.e164).where(line.c.e164 == e164)) is None:
        connection.execute(insert(line), _new_line(e164))
    mine = (person_on_line.c.e164 == e164, person_on_line.c.person == identity)
    known = connection.execute(select(person_on_line.c.confirmed_on).where(*mine)).one_or_none()
    if known is None:
        connection.execute(insert(person_on_line), OnLineRow(e164, identity, confirmed_on, None, source)._asdict())
        return
    latest = max(filter(None, (known.confirmed_on, confirmed_on)), default=None)
    # What a worker has confirmed is no longer the file's to end.
    learned = {"source": source} if confirmed_on is not None else {}
    connection.execute(update(person_on_line).where(*mine).values(confirmed_on=latest, until=None, **learned))


def _new_line(e164: str) -> dict[str, object]:
    return {
        "e164": e164,
        "kind": "mobile" if e164.startswith("+447") else "unknown",
        "place": "",
        "safe_to_call": "not asked",
        "calls_before": 0,
        "last_call_at": None,
    }


def _exists(connection: Connection, identity: UUID) -> bool:
    return connection.scalar(select(person.c.id).where(person.c.id == identity)) is not None


def _known(connection: Connection, identity: UUID) -> None:
    if not _exists(connection, identity):
        message = "the entry names a person who is not in the record"
        raise ValueError(message)
