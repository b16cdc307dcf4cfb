"""The council's file in either store: written in lots, gone on with, refreshed, and nothing of the night lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import db.people_import as importing
from console.domain.people_csv import FilePerson, Refused
from console.domain.people_rows import Batch
from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.store import Look
from db.people_file_rows import batch_of
from tests.helpers.importing_desk import ImportingDesk, crowd, day, desk_of, person_of
from tests.helpers.people_room import FENNS, TODAY
from tests.helpers.postgres import KINDS
from tests.helpers.record_parts import MANAGER, PRIYA, HandClock, MakeRecord, Pen

pytest_plugins = ["tests.helpers.postgres_fixtures", "tests.helpers.record_fixtures"]

STORES = ("sqlite", *KINDS)
NIGHTS = "+447700900555"


class Ended(Exception):
    """Stands for whatever ends an import: a kill, a cable, a key."""


def nothing_refused(refused: Refused) -> None:
    raise AssertionError(refused)


@pytest.fixture(params=STORES)
def desk(request: pytest.FixtureRequest, tmp_path: Path, make_record: MakeRecord) -> Iterator[ImportingDesk]:
    store = make_record(request.param, tmp_path, HandClock())
    with desk_of(store) as made:
        yield made
    store.close()


@pytest.fixture
def small_lots(monkeypatch: pytest.MonkeyPatch) -> int:
    # A patch: a lot of the real size would make each of these tests a minute long.
    monkeypatch.setattr(importing, "CHUNK", 10)
    return 10


def test_who_was_imported_is_found_and_opened(desk: ImportingDesk) -> None:
    counts = desk.bring([person_of(plan_status="cin", plan_as_at="1/10/2026", known_as="Fenny")])
    assert (counts.added, counts.changed, counts.unchanged, counts.missing) == (1, 0, 0, 0)
    found = desk.store.look(PRIYA, desk.store.ask_look(PRIYA, Look("t", e164=FENNS)))
    assert [(one.family, one.confirmed_on) for one in found.people] == [("Fenn", day("2025-10-03"))]
    record = desk.open(PRIYA)
    assert (record.plan.value, record.plan_as_at, record.known_as) == ("cin", day("2026-10-01"), ("Fenny",))


def test_what_was_learned_at_night_outlives_a_newer_file(desk: ImportingDesk) -> None:
    desk.bring([person_of(phone_2="01632 960301")])
    ref = StreamRef(StreamKind.PERSON, desk.open(PRIYA).person)
    pen = Pen(PRIYA, HandClock())
    said = ({"e164": NIGHTS, "confirmed": True}, {"e164": FENNS, "confirmed": True})
    desk.store.append(PRIYA, [pen.write(Kind.PERSON_LINE, ref, words) for words in said])
    counts = desk.bring([person_of(phone_1="", phone_1_confirmed_on="", given="Marc", plan_status="adult_plan")])
    assert counts.changed == 1
    record = desk.open(PRIYA)
    assert (record.given, record.plan.value) == ("Marc", "adult_plan")
    found = desk.store.look(PRIYA, desk.store.ask_look(PRIYA, Look("t", words="marc fenn")))
    assert [one.person for one in found.people] == [record.person]
    # Both were confirmed by a worker; the third number only the file knew, and its newest does not have it.
    assert {line.e164 for line in record.lines} == {NIGHTS, FENNS}
    desk.bring([person_of(phone_1_confirmed_on="1/1/2020", given="Mark")])
    found = desk.store.look(PRIYA, desk.store.ask_look(PRIYA, Look("t", e164=FENNS)))
    assert [one.confirmed_on for one in found.people] == [TODAY], "an older day of the file's takes nothing away"


def test_who_was_restricted_at_night_stays_so(desk: ImportingDesk) -> None:
    desk.bring([person_of()])
    ref = StreamRef(StreamKind.PERSON, desk.open(PRIYA).person)
    pen = Pen(MANAGER, HandClock())
    (receipt,) = desk.store.append(MANAGER, [pen.write(Kind.PERSON_RESTRICTED, ref, {"reason": "a relative of ours"})])
    assert receipt.seq is not None
    desk.bring([person_of(given="Marc")])
    found = desk.store.look(PRIYA, desk.store.ask_look(PRIYA, Look("t", e164=FENNS)))
    assert [(one.restricted, one.family) for one in found.people] == [(True, "")]


def test_who_was_made_at_night_stays_and_may_be_met_by_the_file(desk: ImportingDesk) -> None:
    pen = Pen(PRIYA, HandClock())
    desk.bring([person_of()])
    for reference, family in (("", "Orme"), ("900 001", "Lacey")):
        body = {"family": family, "given": "Kay", "born": "2011-05-04", "gender": "Female", "e164": NIGHTS}
        body |= {"address": "2 Ash Row, Ashmere", "ref": reference}
        ref = StreamRef(StreamKind.PERSON, pen.id())
        desk.store.append(PRIYA, [pen.write(Kind.PERSON_CREATED, ref, body)])
    counts = desk.bring([person_of(), person_of(3, case_system_id="900 001", family="Lacey-Ash", born="", gender="")])
    assert (counts.added, counts.changed, counts.missing) == (0, 1, 0)
    met = desk.open(PRIYA, "900 001")
    # What the file leaves empty was learned at night, and is kept; both addresses stand, with their source.
    assert (met.family, met.given, met.born, met.gender) == ("Lacey-Ash", "Marcus", day("2011-05-04"), "Female")
    assert {home.lines[0] for home in met.addresses if home.until is None} == {"2 Ash Row", "9 Larch Court"}
    found = desk.store.look(PRIYA, desk.store.ask_look(PRIYA, Look("t", e164=NIGHTS)))
    assert {one.family for one in found.people} == {"Orme", "Lacey-Ash"}


def test_who_is_no_longer_in_the_file_stays_and_is_counted(desk: ImportingDesk) -> None:
    one, two, three = crowd(3)
    assert desk.bring([one, two, three]).missing == 0
    counts = desk.bring([one])
    assert (counts.unchanged, counts.missing, counts.newly) == (1, 2, 2)
    before = desk.open(PRIYA, "C000003")
    assert before.addresses[0].until is None, "nobody is moved for not being in a file"
    counts = desk.bring([one, two])
    assert (counts.unchanged, counts.missing, counts.newly) == (2, 1, 0)
    assert desk.open(PRIYA, "C000003") == before


@pytest.mark.parametrize("lots", [1, 2])
def test_what_was_ended_in_the_middle_goes_on_where_it_was(desk: ImportingDesk, small_lots: int, lots: int) -> None:
    rows, run = crowd(25), uuid4()

    def until_ended() -> Iterator[FilePerson]:
        yield from rows[: lots * small_lots]
        raise Ended

    work = desk.start(rows, run)
    work.begin()
    with pytest.raises(Ended):
        work.write(until_ended(), nothing_refused, lambda _: None)
    assert work.counts.rows == lots * small_lots
    assert len(desk.tables()["person"]) == lots * small_lots
    again = desk.bring(rows, run)
    assert (again.before, again.added, again.unchanged) == (
        lots * small_lots,
        25 - lots * small_lots,
        lots * small_lots,
    )
    tables = desk.tables(runs=True)
    assert [len(tables[name]) for name in ("person", "imported", "person_address", "person_on_line")] == [25] * 4
    assert desk.bring(rows, run).before == 25
    assert desk.tables(runs=True) == tables


def test_a_refresh_that_was_ended_goes_on_without_ending_or_changing_anybody_twice(
    desk: ImportingDesk, small_lots: int
) -> None:
    old, new, run = crowd(25), crowd(25, phone_1="01632 960301", plan_status="cin"), uuid4()
    desk.bring(old)
    work = desk.start(new, run)
    work.begin()
    work.write(new[:small_lots], nothing_refused, lambda _: None)
    again = desk.bring(new, run)
    assert (again.before, again.changed, again.missing) == (small_lots, 25 - small_lots, 0)
    numbers = desk.tables()["person_on_line"]
    assert len([row for row in numbers if row[3] is None]) == 25
    assert len([row for row in numbers if row[3] == TODAY]) == 25


def test_no_lot_says_for_a_while_that_a_number_is_safe_that_a_later_row_says_is_not(
    desk: ImportingDesk, small_lots: int
) -> None:
    rows = [*crowd(small_lots, phone_1_safe_to_call="yes"), person_of(90, phone_1_safe_to_call="no")]
    work = desk.start(rows)
    work.begin()
    work.write(rows[:small_lots], nothing_refused, lambda _: None)
    found = desk.store.look(PRIYA, desk.store.ask_look(PRIYA, Look("t", e164=FENNS)))
    assert found.line is not None
    assert found.line.safe_to_call == "no"
    assert {one.line for one in desk.noted} == {90}


def test_a_person_twice_is_refused_the_second_time_also_when_gone_on_with(desk: ImportingDesk, small_lots: int) -> None:
    rows, run = [*crowd(small_lots), *crowd(1, given="Another"), person_of(40)], uuid4()
    rows[small_lots] = rows[small_lots]._replace(line=30)
    for _ in range(2):
        refused: list[Refused] = []
        work = desk.start(rows, run)
        done = work.begin()
        work.write([row for row in rows if row.line not in done], refused.append, lambda _: None)
        assert refused == [Refused(30, "case_system_id C000002 stands on line 2 already")]
    assert len(desk.tables()["person"]) == small_lots + 1


def test_both_stores_hold_the_same_of_the_same_files(tmp_path: Path, make_record: MakeRecord, small_lots: int) -> None:
    marker = {"marker_1": "weapons", "marker_1_source": "police", "marker_1_set_on": "1/2/2026"}
    marker |= {"marker_1_set_by": "R Osei", "marker_1_authorised_by": "D Ode"}
    first = [*crowd(23, contact_1_on="2/2/2026", contact_1_text="Seen", **marker), person_of(80, known_as="Fenny")]
    second = [*crowd(20, phone_1="01632 960302", address_line_1="1 Oak Row"), person_of(80, family="O'Brien-Núñez")]
    held = []
    for name in ("sqlite", KINDS[0].values[0]):
        store = make_record(str(name), tmp_path, HandClock())
        with desk_of(store) as desk:
            for rows in (first, second):
                desk.bring(rows)
            held.append(desk.tables())
        store.close()
    assert held[0] == held[1]
    assert len(held[0]["person"]) == 24


LONG_FOLDED = ({"family": "\u00df" * 80, "given": "\u0130" * 80}, {"family": "\ufdfa" * 80, "given": "\ufb03" * 80},
               {"postcode": "\u00df" * 16}, {"case_system_id": "\u00df" * 40},
               {"family": "o \u00df" + "\u00df" * 77, "known_as": "\u00df" * 80})  # fmt: skip


@pytest.mark.parametrize("both", [("Hassan Ali", "Mohamed Ali"), ("Ann Lee", "Ann Lee"), ("Ba Ba Ba", "Ba Ba")])
def test_a_word_of_both_names_is_no_fault(desk: ImportingDesk, both: tuple[str, str]) -> None:
    family, given = both
    assert desk.bring([person_of(family=family, given=given)]).added == 1
    assert desk.bring([person_of(family=family, given=given, language="Somali")]).changed == 1
    for words in (family, given, both[0].split()[-1], f"{given} {family}"):
        found = desk.store.look(PRIYA, desk.store.ask_look(PRIYA, Look("t", words=words.lower())))
        assert [(one.family, one.given) for one in found.people] == [both], words


@pytest.mark.parametrize("cells", LONG_FOLDED)
def test_a_name_that_grows_when_it_is_folded_fits_either_store(desk: ImportingDesk, cells: dict[str, str]) -> None:
    assert desk.bring([person_of(), person_of(3, **{"case_system_id": "900 001", **cells})]).added == 2
    rows = [person_of(), person_of(3, **{"case_system_id": "900 001", "language": "Somali", **cells})]
    assert desk.bring(rows).changed == 1


@pytest.mark.expects_log
def test_a_row_that_the_record_cannot_hold_is_refused_alone_and_named(
    desk: ImportingDesk, small_lots: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = crowd(3 * small_lots)
    wrong = rows[small_lots + 3].line

    def twice(row: FilePerson, identity: UUID, *, into: Batch) -> Batch:
        made = batch_of(row, identity, into=into)
        if row.line == wrong:
            made.names.append(made.names[-1])
        return made

    # A patch: which rows the tables cannot hold is not known, or they would be refused where they are read.
    monkeypatch.setattr(importing, "batch_of", twice)
    refused: list[Refused] = []
    run = uuid4()
    work = desk.start(rows, run)
    work.begin()
    work.write(rows, refused.append, lambda _: None)
    assert [(one.line, "a fault of Nightdesk" in one.reason) for one in refused] == [(wrong, True)]
    assert (work.counts.rows, work.counts.added) == (len(rows) - 1, len(rows) - 1)
    assert len(desk.tables()["person"]) == len(rows) - 1
    monkeypatch.undo()
    again = desk.bring(rows, run)
    assert (again.before, again.added) == (len(rows) - 1, 1)
