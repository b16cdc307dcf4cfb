"""Who a number or a search may mean, in a real file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from console.domain.invent_script import LENA, MARCUS
from console.domain.people import MatchKind
from console.domain.people_rows import LivesRow, OnLineRow, name_rows
from console.ports.store import Look
from db.people import RestrictedRecord, UnknownPerson, list_agencies, read_person
from db.people_keys import make_keys
from db.people_schema import person, person_address, person_name, person_on_line
from db.sqlite import SqliteStore
from tests.helpers.people_room import FENNS, TODAY, found, peopled_store
from tests.helpers.record_parts import PRIYA


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = peopled_store(tmp_path)
    yield made
    made.close()


def _look(**asked: Any) -> Look:
    return Look("test", **asked)


def _names(store: SqliteStore, **asked: Any) -> list[str]:
    return [f"{one.given} {one.family}" for one in found(store, _look(**asked)).people]


def test_two_people_on_one_number_none_chosen_in_alphabetical_order(store: SqliteStore) -> None:
    answer = found(store, _look(e164=FENNS))
    lena, marcus = answer.people
    assert (lena.person, marcus.person, answer.total) == (LENA, MARCUS, 2)
    assert (lena.reason, marcus.reason) == ("Number confirmed 29-Sep-2025", "Number confirmed 03-Oct-2025")
    assert (marcus.last_contact, marcus.reference) == (date(2025, 10, 3), "448 210")
    assert marcus.address is not None
    assert (marcus.address.one_line(), marcus.address.as_at) == ("9 Larch Court, Netherbourne", date(2025, 10, 1))
    assert [sign.kind for sign in marcus.markers] == ["suicide_self_harm"]
    assert marcus.markers[0].out_of_date(TODAY)
    assert lena.markers == ()


def test_what_is_known_of_the_line(store: SqliteStore) -> None:
    line = found(store, _look(e164=FENNS)).line
    assert line is not None
    assert (line.kind, line.people, line.calls_before, line.safe_to_call) == ("mobile", 2, 3, "not asked")
    assert line.last_call == datetime(2025, 10, 3, 18, 40, tzinfo=UTC)


def test_a_number_is_matched_whole_and_never_by_its_end(store: SqliteStore) -> None:
    for number in ("+447700900412"[:-1], "+4477009004120", "07700900412", "900412", "%", ""):
        assert found(store, _look(e164=number)).people == ()


def test_a_number_nobody_has(store: SqliteStore) -> None:
    answer = found(store, _look(e164="+441632960099"))
    assert (answer.people, answer.line, answer.total) == ((), None, 0)


def test_a_number_somebody_had_is_not_theirs(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        gone = update(person_on_line).where(person_on_line.c.e164 == FENNS, person_on_line.c.person == LENA)
        connection.execute(gone.values(until=TODAY))
    assert _names(store, e164=FENNS) == ["Marcus Fenn"]


def test_many_people_on_a_line_are_counted_and_cut(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        people = connection.scalars(select(person.c.id).where(person.c.id.not_in([MARCUS, LENA])).limit(30)).all()
        rows = [OnLineRow(FENNS, one, None, None, "test")._asdict() for one in people]
        connection.execute(insert(person_on_line), rows)
    answer = found(store, _look(e164=FENNS, limit=5))
    assert (answer.total, len(answer.people)) == (32, 5)
    assert answer.line is not None
    assert answer.line.people == 32
    order = [f"{one.family} {one.given}".casefold() for one in answer.people]
    assert order == sorted(order)
    assert "Number given, never confirmed" in {one.reason for one in answer.people}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("fenn", "Name as typed"),
        ("FENN, Marcus", "Name as typed"),
        ("marcus fenn", "Name as typed"),
        ("fen", "Name begins Fen"),
        ("marc fe", "Name begins Fe, Marc may be Marcus"),
        ("marcu fe", "Name begins Marcu Fe"),
        ("mark fenn", "Fenn as typed, Mark may be Marcus"),
        ("fehn marcus", "Marcus as typed, name near: Fenn"),
    ],
)
def test_by_name_in_the_ways_people_type_it(store: SqliteStore, words: str, reason: str) -> None:
    one = next(one for one in found(store, _look(words=words)).people if one.person == MARCUS)
    assert (one.match, one.reason) == (MatchKind.NAME, reason)


def test_other_names_and_parts_of_double_names(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        connection.execute(person_name.delete().where(person_name.c.person == LENA))
        rows = name_rows(LENA, "O'Brien-N\u00fa\u00f1ez", "L\u00e9na Marie", ("Bunny", "Quill, Ada"))
        connection.execute(insert(person_name), [row._asdict() for row in rows])
        make_keys(connection, [LENA])
    typed = ("obrien", "o brien", "brien", "nunez", "n\u00fa\u00f1ez", "lena nunez", "marie obrien", "bunny")
    for words in (*typed, "ada quill", "quill", "obriennunez", "o'brian nunez", "lenamarie", "bunny obrien"):
        assert LENA in {one.person for one in found(store, _look(words=words, limit=50)).people}, words


def test_exact_family_names_come_before_double_ones_and_beginnings(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        for identity, family in ((MARCUS, "Zarb"), (LENA, "Aaron-Zarb")):
            connection.execute(person_name.delete().where(person_name.c.person == identity))
            rows = name_rows(identity, family, "X")
            connection.execute(insert(person_name), [row._asdict() for row in rows])
            connection.execute(update(person).where(person.c.id == identity).values(sort_name=rows[0].family + " x"))
        make_keys(connection, [MARCUS, LENA])
    assert [one.person for one in found(store, _look(words="zarb")).people][:2] == [MARCUS, LENA]


def test_by_date_of_birth_alone_with_a_name_and_with_another_name(store: SqliteStore) -> None:
    born = date(1992, 2, 19)
    assert MARCUS in {one.person for one in found(store, _look(born=born, limit=50)).people}
    (marcus,) = found(store, _look(born=born, words="marc fenn")).people
    assert (marcus.person, marcus.match, marcus.reason) == (
        MARCUS,
        MatchKind.BORN,
        "Fenn as typed, Marc may be Marcus, born 19-Feb-1992",
    )
    other = found(store, _look(born=born, words="zebedee"))
    assert "Born 19-Feb-1992, but not Zebedee" in {one.reason for one in other.people}


@pytest.mark.parametrize("typed", ["448 210", "448210", "448-210"])
def test_by_reference(store: SqliteStore, typed: str) -> None:
    (one,) = found(store, _look(reference=typed)).people
    assert (one.person, one.match, one.reason) == (MARCUS, MatchKind.REFERENCE, "Reference 448 210")


@pytest.mark.parametrize("asked", [{"words": "zzzzzz"}, {"words": ""}, {"reference": "none"}, {"words": "'; drop--"}])
def test_nobody(store: SqliteStore, asked: dict[str, str]) -> None:
    answer = found(store, _look(**asked))
    assert (answer.people, answer.total, answer.line) == ((), 0, None)


def test_a_restricted_person_says_nothing_personal(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        connection.execute(update(person).where(person.c.id == LENA).values(restricted=True))
        make_keys(connection, [LENA])
    for answer in (found(store, _look(e164=FENNS)), found(store, _look(words="fenn", limit=50))):
        closed = answer.people[-1]
        assert (closed.person, closed.restricted) == (LENA, True)
        assert closed.reason == "A restricted record: call the duty manager"
        assert (closed.family, closed.given, closed.born, closed.reference, closed.gender) == ("", "", None, "", "")
        assert (closed.address, closed.markers, closed.last_contact, closed.confirmed_on) == (None, (), None, None)
    with store.database.reading() as connection, pytest.raises(RestrictedRecord, match="Nothing was opened"):
        read_person(connection, LENA, TODAY)
    with store.database.reading() as connection:
        (wife,) = read_person(connection, MARCUS, TODAY).relations
    assert (wife.name, wife.kind, wife.born) == ("A restricted record: call the duty manager", "", None)


def test_an_address_that_must_not_be_told_is_not(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        hide = update(person_address).where(person_address.c.person == MARCUS).values(do_not_disclose=True)
        connection.execute(hide)
    marcus = found(store, _look(e164=FENNS)).people[1]
    assert marcus.address is not None
    assert (marcus.address.one_line(), marcus.address.do_not_disclose) == ("Address must not be disclosed", True)
    with store.database.reading() as connection:
        assert "Larch" not in repr(read_person(connection, MARCUS, TODAY))


def test_the_address_they_live_at_comes_before_one_they_left(store: SqliteStore) -> None:
    with store.database.writing() as connection:
        theirs = person_address.c.person.not_in([MARCUS, LENA])
        other = connection.scalar(select(person_address.c.address).where(theirs).limit(1))
        assert isinstance(other, UUID)
        left = LivesRow(MARCUS, other, "home", date(2026, 1, 1), date(2026, 6, 1), False, "test")
        connection.execute(insert(person_address), left._asdict())
    marcus = found(store, _look(e164=FENNS)).people[1]
    assert marcus.address is not None
    assert marcus.address.lines[0] == "9 Larch Court"


def test_a_record_has_everything_the_screen_shows(store: SqliteStore) -> None:
    with store.database.reading() as connection:
        record = read_person(connection, MARCUS, TODAY)
    assert record.display_name() == "FENN, Marcus"
    assert [(past.on, past.text) for past in record.history] == [
        (date(2025, 10, 3), "Crisis team informed"),
        (date(2025, 10, 2), "Welfare visit: seen"),
        (date(2025, 9, 29), "Lena Fenn rang, worried"),
    ]
    assert [(tie.name, tie.kind, tie.next_of_kin) for tie in record.relations] == [("Lena Fenn", "wife", True)]
    assert [(line.e164, line.people) for line in record.lines] == [(FENNS, 2)]
    assert {helper.role for helper in record.professionals} == {"GP", "Crisis team", "Adults' team"}


def test_somebody_who_is_not_there(store: SqliteStore) -> None:
    with store.database.reading() as connection, pytest.raises(UnknownPerson, match="Nothing was opened"):
        read_person(connection, uuid4(), TODAY)


def test_agencies_by_name_with_the_day_they_were_checked(store: SqliteStore) -> None:
    with store.database.reading() as connection:
        agencies = list_agencies(connection, checks=True)
    assert [one.name for one in agencies] == sorted((one.name for one in agencies), key=str.casefold)
    crisis = next(one for one in agencies if one.name == "Crisis team")
    assert (crisis.number, crisis.verified_on) == ("+441632960162", date(2026, 11, 12))


def test_through_the_ticketed_doors(store: SqliteStore) -> None:
    ticket = store.ask_look(PRIYA, _look(e164=FENNS))
    assert [one.person for one in store.look(PRIYA, ticket).people] == [LENA, MARCUS]
    opened = store.open(PRIYA, store.ask_open(PRIYA, MARCUS, "test"))
    assert opened.person == MARCUS
    # Asked, opened, and the one relative whose number is shown with it.
    assert store.verify().accesses == 3
