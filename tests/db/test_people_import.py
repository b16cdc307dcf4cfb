"""The council's file in a real record: added, changed, ended, never half, never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from console.domain.agencies_csv import read_agency_row
from console.domain.file_phones import FileLines, Noted
from console.domain.invent import invent
from console.domain.people import Line, Marker, PersonRecord
from console.domain.people_csv import FilePerson, Refused, read_person_row
from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.store import Look
from db.opening import create_store
from db.people import list_agencies, read_person
from db.people_desk import InventedRecord, PeopleImport, RealRecord, add_agencies, add_invented
from db.people_fill import NotEmpty
from db.people_import import CHUNK, Counts, FileRun
from db.people_schema import TABLES, imported, person
from db.sqlite import SqliteStore
from tests.helpers.people_room import FENNS, TODAY, empty_store, found
from tests.helpers.record_parts import PRIYA, HandClock, Pen

BASE = {
    "case_system_id": "448 210",
    "family": "Fenn",
    "given": "Marcus",
    "born": "19/02/1992",
    "address_line_1": "9 Larch Court",
    "phone_1": "07700 900412",
    "phone_1_confirmed_on": "3/10/2025",
    "marker_1": "suicide_self_harm",
    "marker_1_source": "case record",
    "marker_1_set_on": "3/10/2025",
    "marker_1_set_by": "R Osei",
    "marker_1_authorised_by": "Duty manager",
    "contact_1_on": "2/10/2025",
    "contact_1_text": "Welfare visit: seen",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = create_store(str(tmp_path / "people.db"), key=None, clock=HandClock())
    assert isinstance(made, SqliteStore)
    yield made
    made.close()


def _row(line: int = 2, **cells: str) -> FilePerson:
    return read_person_row({**BASE, **cells}, line, TODAY)


def _import(
    store: SqliteStore, *rows: FilePerson, say: Callable[[Noted], None] = lambda _: None
) -> tuple[Counts, list[Refused]]:
    refused: list[Refused] = []
    lines = FileLines(say)
    for row in rows:
        lines.add(row.line, row.phones)
    work = PeopleImport(store.database, FileRun(uuid4(), TODAY, lines))
    work.begin()
    work.write(rows, refused.append, lambda _: None)
    work.finish()
    return work.counts, refused


def _counts(counts: Counts) -> tuple[int, int, int]:
    return counts.added, counts.changed, counts.unchanged


def _people(store: SqliteStore) -> int:
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(person)) or 0


def _record(store: SqliteStore) -> PersonRecord:
    (one,) = found(store, Look("t", reference="448210")).people
    with store.database.reading() as connection:
        return read_person(connection, one.person, TODAY)


def test_the_same_file_twice_changes_nothing(store: SqliteStore) -> None:
    assert _counts(_import(store, _row())[0]) == (1, 0, 0)
    with store.database.reading() as connection:
        before = [connection.execute(select(table)).all() for table in TABLES if table is not imported]
    assert _counts(_import(store, _row())[0]) == (0, 0, 1)
    with store.database.reading() as connection:
        assert [connection.execute(select(table)).all() for table in TABLES if table is not imported] == before


def test_an_imported_person_is_found_by_number(store: SqliteStore) -> None:
    _import(store, _row())
    (one,) = found(store, Look("t", e164=FENNS)).people
    assert (one.family, one.confirmed_on, one.last_contact) == ("Fenn", date(2025, 10, 3), date(2025, 10, 2))
    assert one.markers[0].review_on == date(2026, 10, 3)


def test_what_changed_is_changed_and_what_is_gone_is_ended_never_lost(store: SqliteStore) -> None:
    _import(store, _row())
    moved = _row(
        family="Fenn-Reed", address_line_1="1 Oak Row", phone_1="01632 960301", marker_1="", contact_1_text="Rang"
    )
    assert _counts(_import(store, moved)[0]) == (0, 1, 0)
    now = _record(store)
    assert now.family == "Fenn-Reed"
    assert [(home.lines[0], home.until) for home in now.addresses] == [("1 Oak Row", None), ("9 Larch Court", TODAY)]
    assert [line.e164 for line in now.lines] == ["+441632960301"]
    assert [(sign.kind, sign.ends_on) for sign in now.markers] == [("suicide_self_harm", TODAY)]
    assert {past.text for past in now.history} == {"Welfare visit: seen", "Rang"}
    assert found(store, Look("t", e164=FENNS)).people == ()
    assert _counts(_import(store, _row())[0]) == (0, 1, 0)
    assert [line.e164 for line in _record(store).lines] == [FENNS]
    assert _record(store).markers[0].ends_on is None


def test_a_house_that_is_no_longer_the_home_ends_as_the_home(store: SqliteStore) -> None:
    _import(store, _row(address_kind="home"))
    _import(store, _row(address_kind="last_known"))
    stands = {home.kind: home.until for home in _record(store).addresses}
    assert stands == {"last_known": None, "home": TODAY}
    _import(store, _row(address_kind="home"))
    assert {home.kind: home.until for home in _record(store).addresses} == {"home": None, "last_known": TODAY}


def test_what_was_learned_at_night_stays(store: SqliteStore) -> None:
    _import(store, _row())
    ref = StreamRef(StreamKind.PERSON, _record(store).person)
    pen = Pen(PRIYA, HandClock())
    store.append(PRIYA, [pen.write(Kind.PERSON_LINE, ref, {"e164": "+447700900555", "confirmed": True})])
    _import(store, _row(given="Marc"))
    assert [line.e164 for line in _record(store).lines] == ["+447700900555", FENNS]


def test_the_same_person_twice_in_a_file_is_refused_the_second_time(store: SqliteStore) -> None:
    rows = [_row(2), *(_row(n, case_system_id=f"9{n:05}", family="Ash") for n in range(3, CHUNK + 9)), _row(CHUNK + 9)]
    counts, refused = _import(store, *rows)
    assert counts.added == len(rows) - 1
    assert refused == [Refused(CHUNK + 9, "case_system_id 448 210 stands on line 2 already")]


def test_two_people_of_one_file_may_share_a_line(store: SqliteStore) -> None:
    home = {"phone_1": "01632 960204", "phone_1_place": "Residential home: 6 young people"}
    _import(store, _row(2, **home), _row(3, case_system_id="448 211", given="Lena", **home))
    answer = found(store, Look("t", e164="+441632960204"))
    assert answer.total == 2
    assert answer.line is not None
    assert (answer.line.kind, answer.line.place) == ("shared", "Residential home: 6 young people")


def test_what_the_file_says_of_a_person_is_read_again(store: SqliteStore) -> None:
    said = {"language": "Polish", "interpreter": "yes", "communication": "Hard of hearing, text relay"}
    more = {"plan_status": "cin", "plan_source": "case system", "deceased_on": "30/9/2025"}
    _import(store, _row(2, **said, **more, address_access="Side gate"))
    now = _record(store)
    assert (now.language, now.interpreter, now.communication) == ("Polish", True, "Hard of hearing, text relay")
    assert (now.plan_source, now.deceased_on, now.addresses[0].access) == (
        "case system",
        date(2025, 9, 30),
        "Side gate",
    )
    assert found(store, Look("t", e164=FENNS)).people[0].deceased_on == date(2025, 9, 30)
    _import(store, _row(2, **said, **more, address_access="Side gate", address_do_not_disclose="yes"))
    assert _record(store).addresses[0].access == "", "how one gets in would tell where"


def _line_of(store: SqliteStore, e164: str = FENNS) -> Line:
    line = found(store, Look("t", e164=e164)).line
    assert line is not None
    return line


_CAREFUL = {"phone_1_safe_to_call": "no", "phone_1_place": "Refuge"}


@pytest.mark.parametrize("apart", [0, CHUNK])
@pytest.mark.parametrize("other", [{}, {"phone_1_safe_to_call": "yes", "phone_1_place": "Home"}])
@pytest.mark.parametrize("careful_first", [True, False])
def test_who_shares_a_number_shares_that_it_is_not_safe_to_ring(
    store: SqliteStore, *, apart: int, other: dict[str, str], careful_first: bool
) -> None:
    cells = [_CAREFUL, other] if careful_first else [other, _CAREFUL]
    between = [_row(n, case_system_id=f"9{n:05}", phone_1="") for n in range(3, apart + 3)]
    rows = [_row(2, **cells[0]), *between, _row(apart + 3, case_system_id="448 211", given="Lena", **cells[1])]
    noted: list[Noted] = []
    _import(store, *rows, say=noted.append)
    line = _line_of(store)
    assert (line.safe_to_call, line.place) == ("no", "Refuge" if careful_first or not other else "Home")
    assert [one.line for one in noted] == ([apart + 3] * 2 if other else [])
    assert all("of the same number" in one.words for one in noted)
    _import(store, *rows)
    assert _line_of(store) == line


@pytest.mark.parametrize("careful_first", [True, False])
def test_a_row_that_is_as_before_still_says_that_its_number_is_not_safe(
    store: SqliteStore, *, careful_first: bool
) -> None:
    careful, other = _row(2, **_CAREFUL), {"case_system_id": "448 211", "given": "Lena"}
    _import(store, careful, _row(3, **other))
    rows = [careful, _row(3, **other, phone_1_safe_to_call="yes")]
    _import(store, *(rows if careful_first else reversed(rows)))
    assert _line_of(store).safe_to_call == "no"
    _import(store, rows[1])
    assert _line_of(store).safe_to_call == "no"
    _import(store, _row(2, phone_1_safe_to_call="only before 18:00", phone_1_place="Refuge"))
    assert _line_of(store).safe_to_call == "only before 18:00"


def test_two_markers_of_one_kind_and_day_are_both_kept(store: SqliteStore) -> None:
    dogs = {"marker_1_text": "Dog"} | {
        name.replace("_1", "_2"): text for name, text in BASE.items() if name.startswith("marker_1")
    }
    both = dogs | {"marker_2_text": "Partner"}
    _import(store, _row(2, **both))
    assert [(sign.text, sign.ends_on) for sign in _sorted(store)] == [("Dog", None), ("Partner", None)]
    assert _counts(_import(store, _row(2, **both))[0]) == (0, 0, 1)
    _import(store, _row(2, given="Marc", **both))
    assert [(sign.text, sign.ends_on) for sign in _sorted(store)] == [("Dog", None), ("Partner", None)]
    _import(store, _row(marker_1_text="Partner"))
    assert [(sign.text, sign.ends_on) for sign in _sorted(store)] == [("Dog", TODAY), ("Partner", None)]


def _sorted(store: SqliteStore) -> list[Marker]:
    return sorted(_record(store).markers, key=lambda sign: sign.text)


def test_real_people_are_never_put_among_invented_ones(store: SqliteStore) -> None:
    add_invented(store.database, invent(2, 1), lambda _: None)
    before = _people(store)
    with pytest.raises(InventedRecord, match=r"Nothing was imported.*db init"):
        _import(store, _row(given="Marcus John"))
    assert _people(store) == before
    assert _record(store).given == "Marcus"


def test_real_people_are_never_put_into_a_record_for_invented_ones(tmp_path: Path) -> None:
    plain = empty_store(tmp_path)
    with pytest.raises(InventedRecord):
        _import(plain, _row())
    assert _people(plain) == 0
    plain.close()


def test_a_restricted_person_of_the_file_is_restricted(store: SqliteStore) -> None:
    _import(store, _row(restricted="yes"))
    assert found(store, Look("t", e164=FENNS)).people[0].restricted


def test_agencies(store: SqliteStore) -> None:
    cells = {"name": "Crisis team", "kind": "crisis_team", "area": "North", "number": "01632 960162"}

    def again(*rows: dict[str, str]) -> tuple[tuple[int, int, int], int]:
        refused: list[Refused] = []
        read = [read_agency_row(row, line, TODAY) for line, row in enumerate(rows, 2)]
        return _counts(add_agencies(store.database, read, refused.append)), len(refused)

    assert again(cells, {**cells, "area": "South"}) == ((2, 0, 0), 0)
    assert again(cells) == ((0, 0, 1), 0)
    assert again({**cells, "number": "111", "verified_on": "12/11/2026"}, cells) == ((0, 1, 0), 1)
    with store.database.reading() as connection:
        assert [(one.number, one.verified_on) for one in list_agencies(connection, checks=True)] == [
            ("111", date(2026, 11, 12)),
            ("+441632960162", None),
        ]


def test_invented_people_are_never_put_among_others(store: SqliteStore) -> None:
    _import(store, _row())
    with pytest.raises(RealRecord, match=r"Nothing was\s+added"):
        add_invented(store.database, invent(5, 1), lambda _: None)
    assert _people(store) == 1


def test_an_invented_population_is_never_put_among_another(tmp_path: Path) -> None:
    plain = empty_store(tmp_path)
    assert add_invented(plain.database, invent(3, 1), lambda _: None) == 3
    with pytest.raises(NotEmpty, match="Nothing was added"):
        add_invented(plain.database, invent(5, 2), lambda _: None)
    assert _people(plain) == 3
    plain.close()


def test_invented_people_are_never_put_into_real_work(tmp_path: Path) -> None:

    real = create_store(str(tmp_path / "real.db"), key=None, clock=HandClock())
    assert isinstance(real, SqliteStore)
    pen = Pen(PRIYA, HandClock())
    real.append(PRIYA, [pen.contact()[1]])
    with pytest.raises(RealRecord, match=r"Nothing was\s+added"):
        add_invented(real.database, invent(5, 1), lambda _: None)
    assert _people(real) == 0
    real.close()
