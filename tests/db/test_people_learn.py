"""What is learned at night comes into the tables of people with the entry that says it, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from console.domain.ids import short_reference
from console.domain.invent_script import LENA, MARCUS
from console.domain.people import DobCertainty
from console.domain.record import Entry, Kind, StreamKind, StreamRef
from console.ports.store import Look, Verdict
from db.people import learn_person, read_person
from db.people_schema import TABLES, line_call, person_on_line
from db.sqlite import SqliteStore
from tests.helpers.people_room import FENNS, TODAY, found, peopled_store
from tests.helpers.record_parts import MANAGER, PRIYA, HandClock, Pen

NEW = "+447700900123"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = peopled_store(tmp_path, 2)
    yield made
    made.close()


@pytest.fixture
def pen() -> Pen:
    return Pen(PRIYA, HandClock())


def _somebody(pen: Pen, **more: object) -> Entry:
    ref = StreamRef(StreamKind.PERSON, pen.id())
    body: dict[str, object] = {"family": "Orme", "given": "Kay", "born": "2011-05-04", "gender": "Female"}
    body |= {"address": "2 Ash Row, Ashmere", "e164": NEW, "ref": short_reference(ref.id)} | more
    return pen.write(Kind.PERSON_CREATED, ref, body)


def _again(store: SqliteStore, *entries: Entry) -> None:
    with store.database.writing() as connection:
        for entry in entries:
            learn_person(connection, entry.content(), entry)


def _rows(store: SqliteStore) -> dict[str, int]:
    with store.database.reading() as connection:
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def test_a_new_person_is_found_at_once_by_number_name_birth_and_reference(store: SqliteStore, pen: Pen) -> None:
    entry = _somebody(pen)
    assert store.append(PRIYA, [entry])[0].verdict is Verdict.STORED
    reference = short_reference(entry.stream.id)
    for look in (
        Look("t", e164=NEW),
        Look("t", words="orme kay"),
        Look("t", born=date(2011, 5, 4)),
        Look("t", reference=reference.lower()),
    ):
        (one,) = found(store, look).people
        assert (one.person, one.family, one.reference) == (entry.stream.id, "Orme", reference)
    (one,) = found(store, Look("t", e164=NEW)).people
    assert (one.confirmed_on, one.reason) == (TODAY, "Number confirmed 01-Dec-2026")
    assert one.address is not None
    assert (one.address.lines, one.address.as_at) == (("2 Ash Row", "Ashmere"), TODAY)


def test_doing_it_twice_changes_nothing(store: SqliteStore, pen: Pen) -> None:
    entry = _somebody(pen)
    line = pen.write(Kind.PERSON_LINE, entry.stream, {"e164": "07700 900124", "confirmed": True})
    store.append(PRIYA, [entry, line])
    before = _rows(store)
    _again(store, entry, line)
    assert _rows(store) == before


@pytest.mark.parametrize(
    ("more", "sure"),
    [
        ({"born": None, "claimed_age": 15}, DobCertainty.CLAIMED),
        ({"born": None}, DobCertainty.UNKNOWN),
        ({}, DobCertainty.KNOWN),
    ],
)
def test_a_claimed_age_is_not_a_date_of_birth(
    store: SqliteStore, pen: Pen, more: dict[str, object], sure: DobCertainty
) -> None:
    entry = _somebody(pen, **more)
    store.append(PRIYA, [entry])
    with store.database.reading() as connection:
        assert read_person(connection, entry.stream.id, TODAY).dob_certainty is sure


def test_a_person_of_whom_only_a_name_is_known(store: SqliteStore, pen: Pen) -> None:
    ref = StreamRef(StreamKind.PERSON, pen.id())
    store.append(PRIYA, [pen.write(Kind.PERSON_CREATED, ref, {"family": "Samiullah"})])
    (one,) = found(store, Look("t", words="samiullah")).people
    assert (one.born, one.address, one.confirmed_on) == (None, None, None)


def test_a_number_confirmed_again_carries_the_later_day(store: SqliteStore, pen: Pen) -> None:
    lena = StreamRef(StreamKind.PERSON, LENA)
    store.append(PRIYA, [pen.write(Kind.PERSON_LINE, lena, {"e164": FENNS, "confirmed": True})])
    assert found(store, Look("t", e164=FENNS)).people[0].confirmed_on == TODAY
    store.append(PRIYA, [pen.write(Kind.PERSON_LINE, lena, {"e164": FENNS, "confirmed": False})])
    assert found(store, Look("t", e164=FENNS)).people[0].confirmed_on == TODAY


def test_the_day_is_the_one_in_london(store: SqliteStore, pen: Pen) -> None:
    pen.clock.at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    entry = _somebody(pen)
    store.append(PRIYA, [entry])
    with store.database.reading() as connection:
        confirmed = connection.scalar(select(person_on_line.c.confirmed_on).where(person_on_line.c.e164 == NEW))
    assert confirmed == date(2026, 7, 2)


@pytest.mark.parametrize(
    "more", [{"born": "31/2/1990"}, {"e164": "not a number"}, {"claimed_age": "old", "born": None}]
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(store: SqliteStore, pen: Pen, more: dict[str, object]) -> None:
    before = _rows(store)
    (receipt,) = store.append(PRIYA, [_somebody(pen, **more)])
    assert receipt.verdict is Verdict.REFUSED
    assert _rows(store) == before


def test_a_number_for_somebody_nobody_knows_is_refused(store: SqliteStore, pen: Pen) -> None:
    ref = StreamRef(StreamKind.PERSON, pen.id())
    (receipt,) = store.append(PRIYA, [pen.write(Kind.PERSON_LINE, ref, {"e164": NEW, "confirmed": True})])
    assert receipt.verdict is Verdict.REFUSED


def test_a_person_restricted_tonight_is_closed_on_every_list(store: SqliteStore) -> None:
    pen = Pen(MANAGER, HandClock())
    marcus = StreamRef(StreamKind.PERSON, MARCUS)
    (receipt,) = store.append(MANAGER, [pen.write(Kind.PERSON_RESTRICTED, marcus, {"reason": "staff"})])
    assert receipt.verdict is Verdict.STORED
    lena, closed = found(store, Look("t", e164=FENNS)).people
    assert (lena.family, closed.restricted, closed.family) == ("Fenn", True, "")


def test_calls_of_tonight_count_for_the_line_but_not_the_one_that_rings(store: SqliteStore, pen: Pen) -> None:
    first, second = (StreamRef(StreamKind.CALL, pen.id()) for _ in range(2))
    shown = {"presentation": "allowed", "e164": FENNS, "at": "2026-12-01T21:00:00.000000Z"}
    numbers = [pen.write(Kind.CALL_NUMBER, call, shown) for call in (first, second)]
    hidden = pen.write(Kind.CALL_NUMBER, StreamRef(StreamKind.CALL, pen.id()), {**shown, "presentation": "withheld"})
    _again(store, *numbers, *numbers, hidden)
    line = found(store, Look("t", call=second.id, e164=FENNS)).line
    assert line is not None
    assert (line.calls_before, line.last_call) == (4, datetime(2026, 12, 1, 21, 0, tzinfo=UTC))
    assert _rows(store)[line_call.name] == 2


def test_a_contact_of_tonight_is_the_last_contact(store: SqliteStore, pen: Pen) -> None:
    ref, opened = pen.contact()
    about = pen.write(Kind.CONTACT_SUBJECT_ADDED, ref, {"person": str(MARCUS), "how": "number"})
    receipts = store.append(PRIYA, [opened, about])
    assert [receipt.verdict for receipt in receipts] == [Verdict.STORED, Verdict.STORED]
    assert found(store, Look("t", e164=FENNS)).people[1].last_contact == TODAY
