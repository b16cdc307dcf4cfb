"""What the desk reads beside the record, in every store: numbers that were checked, the rota, and who is whose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from console.domain.agencies_csv import FileAgency
from console.domain.agency_checks import SLOT, check_body
from console.domain.file_phones import FileLines
from console.domain.file_ties import joined
from console.domain.people import PersonRecord, PlanStatus
from console.domain.people_csv import FilePerson, Refused, read_person_row
from console.domain.people_rows import MarkerRow
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.relationships_csv import FileRelationship, read_relationship_row
from console.domain.rota import DutyKind, Lane
from console.domain.rota_csv import FileDuty
from console.ports.store import Look, NoTicket, Ticket, Verdict
from db.people_import import Counts, FileRun, Lot, import_agencies
from db.people_schema import marker, person
from db.relationships_import import CHUNK, RelationshipImport
from db.rota_import import RotaCounts, add_rota
from tests.helpers.record_parts import (
    ADMIN,
    MANAGER,
    PRIYA,
    STORES,
    TEN_PAST,
    TOM,
    HandClock,
    MakeRecord,
    Pen,
    Store,
)
from tests.helpers.record_tables import Tables, access_log

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]

TODAY = date(2026, 12, 1)
NUMBER = "+441632960162"
MANAGERS = Lane(DutyKind.ON_CALL_MANAGER)
AMHP = Lane(DutyKind.AMHP, "hampshire", "amhp")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, make_record: MakeRecord) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


def never(refused: Refused) -> None:
    raise AssertionError(refused)


# --- the directory ----------------------------------------------------------------------------


def crisis_team(store: Store, verified_on: date | None = date(2025, 9, 1), number: str = NUMBER) -> UUID:
    """Import one agency; return its id."""
    row = FileAgency(2, "Crisis team", "crisis_team", "North", number, verified_on, "R Calder" if verified_on else "")
    with Tables(store).writing() as connection:
        import_agencies(connection, [row], never)
    (found,) = store.agencies(PRIYA)
    return found.id


def checked(store: Store, clock: HandClock, agency: UUID, *, good: bool, number: str = NUMBER) -> Verdict:
    ref = StreamRef(StreamKind.AGENCY, agency)
    body = check_body(number, "answered at once" if good else "not in use", TOM.name, good=good)
    (receipt,) = store.append(TOM, [Pen(TOM, clock).write(Kind.AGENCY_CHECKED, ref, body, slot=SLOT)])
    return receipt.verdict


def test_a_number_checked_tonight_stands_over_the_directorys_row_for_everybody(store: Store, clock: HandClock) -> None:
    agency = crisis_team(store)
    assert checked(store, clock, agency, good=True) is Verdict.STORED
    (found,) = store.agencies(PRIYA)
    assert (found.verified_on, found.verified_by, found.wrong_on) == (TODAY, TOM.name, None)
    assert found.note == "answered at once"
    # Words of a shift stream: a colleague's feed brings them.
    (told,) = store.stream(PRIYA, StreamRef(StreamKind.AGENCY, agency))
    assert told.content()["name"] == TOM.name


def test_a_wrong_number_is_said_until_somebody_says_otherwise(store: Store, clock: HandClock) -> None:
    agency = crisis_team(store)
    checked(store, clock, agency, good=False)
    (found,) = store.agencies(PRIYA)
    assert (found.wrong_on, found.wrong_by, found.note) == (TODAY, TOM.name, "not in use")
    assert found.verified_on == date(2025, 9, 1), "it was right once"
    clock.move(hours=1)
    checked(store, clock, agency, good=True)
    assert store.agencies(PRIYA)[0].wrong_on is None


def test_a_check_survives_an_import_that_is_older_and_not_one_that_is_newer(store: Store, clock: HandClock) -> None:
    agency = crisis_team(store)
    checked(store, clock, agency, good=False)
    assert crisis_team(store, date(2026, 11, 30)) == agency
    assert store.agencies(PRIYA)[0].wrong_on == TODAY
    crisis_team(store, date(2026, 12, 2))
    assert store.agencies(PRIYA)[0].wrong_on is None
    crisis_team(store, None, "+441632960163")
    assert store.agencies(PRIYA)[0].wrong_on is None, "that was said of another number"


def test_who_works_no_shift_reads_no_word_of_it(store: Store, clock: HandClock) -> None:
    assert checked(store, clock, crisis_team(store), good=False) is Verdict.STORED
    (found,) = store.agencies(ADMIN)
    assert (found.wrong_on, found.wrong_by, found.note) == (None, "", "")
    assert found.number == NUMBER, "the directory itself is everybody's"


def test_a_word_on_a_number_stands_in_an_agencys_stream_only_and_another_entry_is_none(
    store: Store, clock: HandClock
) -> None:
    agency = crisis_team(store)
    pen, body = Pen(TOM, clock), check_body(NUMBER, "x", TOM.name, good=False)
    contact, opened = pen.contact()
    astray = pen.write(Kind.AGENCY_CHECKED, contact, body, slot=SLOT)
    assert [one.verdict for one in store.append(TOM, [opened, astray])] == [Verdict.STORED, Verdict.REFUSED]
    ref = StreamRef(StreamKind.AGENCY, agency)
    store.append(TOM, [pen.write(Kind.CONTACT_NOTE, ref, body, slot=SLOT)])
    assert store.agencies(PRIYA)[0].wrong_on is None


def test_an_administrator_checks_no_number(store: Store, clock: HandClock) -> None:
    ref = StreamRef(StreamKind.AGENCY, crisis_team(store))
    entry = Pen(ADMIN, clock).write(Kind.AGENCY_CHECKED, ref, check_body(NUMBER, "", "", good=True), slot=SLOT)
    (receipt,) = store.append(ADMIN, [entry])
    assert receipt.verdict is Verdict.REFUSED


# --- the rota ---------------------------------------------------------------------------------


def duty(
    name: str, lane: Lane, begins: datetime, hours: float, number: str = "+447700900801", line: int = 2
) -> FileDuty:
    ends = begins + timedelta(hours=hours)
    return FileDuty(line, lane, name, number, begins, ends, "work phone", "Night rota", date(2026, 11, 27))


FIVE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)


def bring(store: Store, *rows: FileDuty, at: datetime = TEN_PAST) -> RotaCounts:
    return add_rota(Tables(store), rows, at, invented=True)


def rota(store: Store) -> list[tuple[str, datetime, datetime]]:
    read = store.rota(FIVE - timedelta(days=30), FIVE + timedelta(days=30))
    return [(one.name, one.begins, one.ends) for one in read]


def test_the_rota_is_read_between_two_moments_in_the_order_it_begins(store: Store) -> None:
    assert rota(store) == []
    night = duty("Dilip Shah", MANAGERS, FIVE, 15.5)
    counts = bring(store, duty("Ines Roche", AMHP, FIVE + timedelta(hours=1), 8), night)
    assert (counts.rows, counts.added, counts.lanes[MANAGERS]) == (2, 2, (night.begins, night.ends))
    first, second = store.rota(FIVE, FIVE + timedelta(hours=2))
    assert (first.name, first.lane, first.number, first.safe) == ("Dilip Shah", MANAGERS, "+447700900801", "work phone")
    assert (first.begins, first.ends, first.as_at) == (FIVE, night.ends, date(2026, 11, 27))
    assert (second.name, second.lane) == ("Ines Roche", AMHP)
    assert store.rota(night.ends, night.ends + timedelta(days=1)) == ()
    assert [one.name for one in store.rota(FIVE, FIVE + timedelta(hours=1))] == ["Dilip Shah"]


def test_a_later_file_replaces_the_time_it_covers_on_its_lanes_and_nothing_else(store: Store) -> None:
    first = [duty("Dilip Shah", MANAGERS, FIVE + timedelta(days=n), 15.5) for n in range(3)]
    bring(store, *first, duty("Ines Roche", AMHP, FIVE, 24))
    again = bring(store, *first)
    assert (again.added, again.unchanged, again.replaced, again.shortened) == (0, 3, 0, 0)
    swap = duty("Helen Marsh", MANAGERS, FIVE + timedelta(days=1, hours=4), 4)
    counts = bring(store, swap)
    assert (counts.added, counts.replaced, counts.shortened) == (1, 0, 1)
    assert rota(store) == [
        ("Dilip Shah", FIVE, first[0].ends),
        ("Ines Roche", FIVE, FIVE + timedelta(hours=24)),
        ("Dilip Shah", first[1].begins, swap.begins),
        ("Helen Marsh", swap.begins, swap.ends),
        ("Dilip Shah", swap.ends, first[1].ends),
        ("Dilip Shah", first[2].begins, first[2].ends),
    ]


# --- plans and relationships ------------------------------------------------------------------


def person_row(reference: str, family: str, given: str, line: int, **more: str) -> FilePerson:
    cells = {"case_system_id": reference, "family": family, "given": given, "born": "19/02/1992", **more}
    return read_person_row(cells, line, TODAY)


def _lines_of(rows: list[FilePerson]) -> FileLines:
    lines = FileLines()
    for row in rows:
        lines.add(row.line, row.phones)
    return lines


@pytest.fixture
def family(store: Store) -> Store:
    """Ada with her mother, who has a number, and her father, who is restricted."""
    rows = [
        person_row(
            "448 001", "Tavares", "Ada", 2, plan_status="cpp_neglect", plan_as_at="3/11/2026",
            plan_source="council's file", phone_1="07700 900701",
        ),
        person_row(
            "448 002", "Tavares", "Marta", 3, phone_1="07700 900702", phone_1_safe_to_call="only before 18:00",
            phone_1_confirmed_on="1/10/2026",
        ),
        person_row("448 003", "Tavares", "Rui", 4, restricted="yes", phone_1="07700 900703"),
    ]  # fmt: skip
    with Tables(store).writing() as connection:
        Lot(connection, FileRun(UUID(int=7), TODAY, _lines_of(rows)), never).write(rows)
    return store


def tie(line: int, who: str, other: str, kind: str, **more: str) -> FileRelationship:
    cells = {"case_system_id": who, "other_case_system_id": other, "other_is": kind, **more}
    return read_relationship_row(cells, line, TODAY)


def bring_ties(store: Store, *rows: FileRelationship) -> tuple[Counts, list[Refused]]:
    refused: list[Refused] = []
    work = RelationshipImport(Tables(store), invented=True)
    together = joined(rows, refused.append, lambda _: None)
    return work.write(work.check(together, refused.append)), refused


def of(store: Store, reference: str) -> UUID:
    return store.look(PRIYA, store.ask_look(PRIYA, Look("test", reference=reference))).people[0].person


MOTHER = {"parental_responsibility": "yes", "contact_rule": "supervised", "order_ref": "PO26-117", "next_of_kin": "yes"}


def test_a_candidate_and_a_record_say_the_plan_with_its_day_and_source(family: Store) -> None:
    (found,) = family.look(PRIYA, family.ask_look(PRIYA, Look("test", reference="448001"))).people
    plan = (PlanStatus.CPP_NEGLECT, date(2026, 11, 3), "council's file")
    assert (found.plan, found.plan_as_at, found.plan_source) == plan
    record = family.open(PRIYA, family.ask_open(PRIYA, found.person, "test"))
    assert (record.plan, record.plan_as_at, record.plan_source) == plan
    (hidden,) = family.look(PRIYA, family.ask_look(PRIYA, Look("test", reference="448003"))).people
    assert (hidden.restricted, hidden.plan) == (True, PlanStatus.NONE)


def test_a_relationship_stands_on_both_records_with_what_each_side_says(family: Store) -> None:
    counts, refused = bring_ties(family, tie(2, "448 001", "448 002", "mother", **MOTHER))
    assert (counts.added, refused) == (1, [])
    ada, marta = of(family, "448001"), of(family, "448002")
    (mother,) = family.open(PRIYA, family.ask_open(PRIYA, ada, "test")).relations
    assert (mother.person, mother.name, mother.kind) == (marta, "Marta Tavares", "mother")
    assert (mother.parental_responsibility, mother.next_of_kin) == (True, True)
    assert (mother.contact_rule, mother.order_ref) == ("supervised", "PO26-117")
    assert [(line.e164, line.safe_to_call) for line in mother.lines] == [("+447700900702", "only before 18:00")]
    (child,) = family.open(PRIYA, family.ask_open(PRIYA, marta, "test")).relations
    assert (child.person, child.kind, child.parental_responsibility, child.next_of_kin) == (ada, "child", None, False)
    assert (child.contact_rule, child.order_ref) == ("supervised", "PO26-117"), "a contact rule is between the two"


def numbers_beside(record: PersonRecord) -> dict[str, int]:
    return {one.name: len(one.lines) for one in record.relations if not one.restricted}


def test_whose_numbers_are_shown_beside_a_record_stands_on_the_access_log(family: Store) -> None:
    aunt = [person_row("448 004", "Tavares", "Lia", 2, phone_1="07700 900704")]
    with Tables(family).writing() as connection:
        Lot(connection, FileRun(UUID(int=8), TODAY, _lines_of(aunt)), never).write(aunt)
    bring_ties(family, tie(2, "448 001", "448 002", "mother"), tie(3, "448 001", "448 003", "father"))
    ada, marta = of(family, "448001"), of(family, "448002")
    before = len(access_log(family))
    ticket = family.ask_open(PRIYA, ada, "why Ada is asked for")
    opened, *beside = access_log(family)[before:]
    assert (opened.action, opened.person, opened.id) == ("opened", ada, ticket.id)
    # The restricted father is not named here either: nothing of his is shown.
    assert [(one.action, one.person, one.worker, one.reason) for one in beside] == [
        ("listed", marta, PRIYA.worker, "why Ada is asked for")
    ]
    assert str(ticket.id) in beside[0].question
    # A relative who comes in between the two steps is on no log yet, and shown without a number.
    bring_ties(family, tie(2, "448 001", "448 004", "aunt_or_uncle"))
    assert numbers_beside(family.open(PRIYA, ticket)) == {"Marta Tavares": 1, "Lia Tavares": 0}
    again = family.open(PRIYA, family.ask_open(PRIYA, ada, "test"))
    assert numbers_beside(again) == {"Marta Tavares": 1, "Lia Tavares": 1}
    assert [one.action for one in access_log(family)[-3:]] == ["opened", "listed", "listed"]
    assert family.verify().what == ""
    # Such a row is no ticket: it was given to nobody.
    with pytest.raises(NoTicket):
        family.look(PRIYA, Ticket(beside[0].id, "listed"))


def test_a_restricted_relative_is_nothing_but_a_restricted_record(family: Store) -> None:
    bring_ties(family, tie(2, "448 001", "448 003", "father", next_of_kin="yes"))
    (father,) = family.open(PRIYA, family.ask_open(PRIYA, of(family, "448001"), "test")).relations
    assert father.restricted
    assert father.name == "A restricted record: call the duty manager"
    assert (father.kind, father.born, father.lines, father.next_of_kin) == ("", None, (), False)
    # And so is one whom a manager restricts tonight.
    bring_ties(family, tie(2, "448 001", "448 002", "mother"))
    ref = StreamRef(StreamKind.PERSON, of(family, "448002"))
    family.append(MANAGER, [Pen(MANAGER, HandClock()).write(Kind.PERSON_RESTRICTED, ref, {"reason": "staff relative"})])
    ties = family.open(PRIYA, family.ask_open(PRIYA, of(family, "448001"), "test")).relations
    assert [(one.restricted, one.lines) for one in ties] == [(True, ()), (True, ())]


def test_a_relative_who_must_not_be_rung_back_is_said_so_until_that_ends(family: Store) -> None:
    bring_ties(family, tie(2, "448 001", "448 002", "mother"))
    ada, marta = of(family, "448001"), of(family, "448002")
    row = MarkerRow(
        UUID(int=9), "person", marta, "do_not_call_back", "hour", "Do not ring back", "MARAC", date(2026, 8, 1),
        "R Osei", "Duty manager", date(2026, 11, 1), None, "import",
    )  # fmt: skip
    with Tables(family).writing() as connection:
        connection.execute(insert(marker), row._asdict())
    (mother,) = family.open(PRIYA, family.ask_open(PRIYA, ada, "test")).relations
    assert mother.do_not_ring, "overdue for review is not over"
    with Tables(family).writing() as connection:
        connection.execute(update(marker).values(ends_on=date(2026, 11, 30)))
    (mother,) = family.open(PRIYA, family.ask_open(PRIYA, ada, "test")).relations
    assert not mother.do_not_ring


def test_a_second_file_changes_what_differs_and_ends_what_it_says_has_ended(family: Store) -> None:
    row = tie(2, "448 001", "448 002", "mother", **MOTHER)
    bring_ties(family, row)
    counts, _ = bring_ties(family, row)
    assert (counts.added, counts.changed, counts.unchanged) == (0, 0, 1)
    counts, _ = bring_ties(family, replace(row, contact_rule="none", until=date(2026, 11, 1)))
    assert (counts.changed, counts.unchanged) == (1, 0)
    for reference in ("448001", "448002"):
        (found,) = family.open(PRIYA, family.ask_open(PRIYA, of(family, reference), "test")).relations
        assert (found.contact_rule, found.until) == ("none", date(2026, 11, 1))


ORDER = {"contact_rule": "none", "order_ref": "PO26-117", "ended_on": "1/11/2026"}
FATHER = tie(2, "448 001", "448 002", "father", person_is="child", parental_responsibility="yes", **ORDER)
HIS_ROW = tie(3, "448 002", "448 001", "child", next_of_kin="yes")
BOTH = {
    ("448001", "father", "none", "PO26-117", date(2026, 11, 1), True, False),
    ("448002", "child", "none", "PO26-117", date(2026, 11, 1), None, True),
}


def stands(store: Store, *references: str) -> set[tuple[object, ...]]:
    return {
        (
            reference, one.kind, one.contact_rule, one.order_ref, one.until, one.parental_responsibility,
            one.next_of_kin,
        )
        for reference in references or ("448001", "448002")
        for one in store.open(PRIYA, store.ask_open(PRIYA, of(store, reference), "test")).relations
    }  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
def test_a_courts_rule_is_never_lost_to_the_other_sides_empty_cells(family: Store, *, turned: bool) -> None:
    rows = (replace(HIS_ROW, line=2), replace(FATHER, line=3)) if turned else (FATHER, HIS_ROW)
    counts, refused = bring_ties(family, *rows)
    assert (counts.rows, refused) == (2, [])
    assert stands(family) == BOTH
    counts, _ = bring_ties(family, *rows)
    assert (counts.added, counts.changed, counts.unchanged) == (0, 0, 2)
    assert stands(family) == BOTH


def test_a_courts_rule_of_the_record_is_never_lost_to_a_newer_files_empty_cells(family: Store) -> None:
    bring_ties(family, FATHER)
    bring_ties(family, replace(HIS_ROW, line=2))
    assert stands(family) == BOTH, "nor is there a third tie of the same man"
    counts, _ = bring_ties(family, tie(2, "448 001", "448 002", "father"))
    assert (counts.changed, counts.unchanged) == (0, 1)
    assert stands(family) == BOTH
    bring_ties(family, tie(2, "448 001", "448 002", "father", contact_rule="supervised", order_ref="PO26-200"))
    assert {row[2:4] for row in stands(family)} == {("supervised", "PO26-200")}, "what a newer file says holds"


def test_a_pair_over_two_lots_is_as_in_one_and_consoles_write_between_them(family: Store) -> None:
    many = [tie(line, "448 001", "448 003", kind) for line, kind in enumerate(("neighbour", "friend"), 4)]
    # The rows between are of two people each time, so that the pair's own rows lie in different transactions.
    rows = [HIS_ROW, *many * (CHUNK // 2), replace(FATHER, line=9000)]
    rows = [replace(row, line=line) for line, row in enumerate(rows, 2)]
    seen: list[int] = []

    def between(done: int) -> None:
        ref = StreamRef(StreamKind.PERSON, of(family, "448003"))
        entry = Pen(MANAGER, HandClock()).write(Kind.PERSON_RESTRICTED, ref, {"reason": "staff relative"})
        (receipt,) = family.append(MANAGER, [entry])
        assert receipt.verdict is Verdict.STORED, "a console writes while the import goes on"
        seen.append(done)

    work = RelationshipImport(Tables(family), invented=True)
    counts = work.write(work.check(joined(rows, never, print), never), between)
    assert seen == [CHUNK, CHUNK + 2]
    assert counts.rows == CHUNK + 2
    assert stands(family) >= BOTH


def test_a_row_about_somebody_unknown_is_refused_by_its_line(family: Store) -> None:
    good = tie(2, "448 001", "448 002", "mother")
    nobody = tie(3, "448 001", "999 999", "father")
    neither = tie(4, "111 111", "999 999", "father")
    counts, refused = bring_ties(family, good, nobody, neither)
    assert counts.rows == 1
    assert [(one.line, one.reason) for one in refused] == [
        (3, "nobody in the record has other_case_system_id 999 999; import people first"),
        (4, "nobody in the record has case_system_id 111 111 or other_case_system_id 999 999; import people first"),
    ]
    assert len(family.open(PRIYA, family.ask_open(PRIYA, of(family, "448001"), "test")).relations) == 1


def test_a_relative_who_died_is_said_to_have(family: Store) -> None:
    bring_ties(family, tie(2, "448 001", "448 002", "mother"))
    with Tables(family).writing() as connection:
        connection.execute(update(person).where(person.c.given == "Marta").values(deceased_on=date(2026, 6, 3)))
    (mother,) = family.open(PRIYA, family.ask_open(PRIYA, of(family, "448001"), "test")).relations
    assert mother.deceased_on == date(2026, 6, 3)
