"""Words that a password alone does not give: tickets and their ways round, restricted records, others' cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from console.domain.agency_checks import SLOT, check_body
from console.domain.ids import new_id
from console.domain.record import SCHEMA_VERSION, Identity, Kind, Role, StreamKind, StreamRef
from console.ports.store import Look
from db.append import disputed_entry
from db.postgres.cluster import Cluster
from db.postgres.make import add_worker
from db.postgres.people import question_json
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import ADMIN, MANAGER, PRIYA, TOM
from tests.helpers.team_record import PASSWORD
from tests.helpers.team_rights import Team, a_contact, a_person, pen_of, sent, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

MARCUS, HIDDEN, NIGHT, MOTHER = "+447700900412", "+447700900413", "+447700900414", "+447700900415"
WORDS = "he has not eaten since Tuesday"
SECRET = ("Quillfeather", "Ottoline", "Quaverdale", "1988-08-08")
"""Names and a day of birth that belong to restricted people alone."""


@dataclass
class Town:
    """A service with an ordinary person, one restricted by the council, one restricted tonight, and a case."""

    team: Team
    marcus: StreamRef
    hidden: StreamRef
    tonight: StreamRef
    case: StreamRef


@pytest.fixture(scope="module", params=KINDS)
def town(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Town]:
    """A service on the newest and the oldest PostgreSQL in turn, with people in it."""
    with team_on(postgres_of_the_run(request.param)) as team:
        yield _peopled(team)


def _peopled(team: Team) -> Town:
    marcus = a_person(team, "Fenn", "Marcus", MARCUS)
    hidden = a_person(team, "Quillfeather", "Ottoline", HIDDEN, born="1988-08-08", address="1 Tern Row")
    tonight = a_person(team, "Quaverdale", "Ottoline", NIGHT, born="1988-08-08")
    with team.superuser() as line:
        # As the council's systems bring them: a restricted record has no entry that says so.
        line.execute("UPDATE person SET restricted = true WHERE id = %s", [hidden.id])
        # An import makes the words of whoever it changed anew; the server leaves whole names of them.
        line.execute("UPDATE person_find SET words = words WHERE person = %s", [hidden.id])
        for kin in (hidden, tonight):
            line.execute(
                "INSERT INTO relationship (person, other, kind, contact_rule, order_ref, next_of_kin) "
                "VALUES (%s, %s, 'birth mother', 'supervised', '', true)",
                [marcus.id, kin.id],
            )
    restricted = pen_of(MANAGER).write(Kind.PERSON_RESTRICTED, tonight, {"reason": "staff relative"})
    assert [receipt.verdict.value for receipt in team.write(MANAGER, restricted)] == ["stored"]
    return Town(team, marcus, hidden, tonight, a_contact(team, WORDS, marcus)[0])


@pytest.fixture
def tom(town: Town) -> Iterator[psycopg.Connection]:
    """Tom's password in a tool of his own; nothing is committed by itself."""
    with town.team.raw(TOM, autocommit=False) as connection:
        yield connection


ASK = "SELECT id FROM ask(%s, 'desk-2', %s, %s, NULL, %s, %s)"
ROLE = TOM.role.value
TODAY = date(2026, 12, 1)


def ask(tom: psycopg.Connection, done: str, person: UUID | None = None, question: Look | None = None) -> UUID:
    """Ask for a ticket in the present transaction."""
    asked = question_json(question, TODAY) if question else ""
    ((ticket,),) = tom.execute(ASK, [ROLE, done, person, "to see", asked]).fetchall()
    assert isinstance(ticket, UUID)
    return ticket


def look(tom: psycopg.Connection, ticket: UUID) -> str:
    """Return all that a look brings, as words."""
    return str(tom.execute("SELECT look(%s, %s, current_date)", [ROLE, ticket]).fetchall())


def state_of(attempt: Callable[[], object]) -> str | None:
    """Return with which code the server refuses; fails where it does not."""
    with pytest.raises(psycopg.Error) as refusal:
        attempt()
    return refusal.value.sqlstate


# --- tickets (reliability.md 0.5) ------------------------------------------------------------


def test_a_committed_ticket_opens_and_leaves_its_row(town: Town, tom: psycopg.Connection) -> None:
    ticket = ask(tom, "opened", town.marcus.id)
    tom.commit()
    assert "Fenn" in str(tom.execute("SELECT open(%s, %s, current_date)", [ROLE, ticket]).fetchall())
    tom.rollback()
    with town.team.superuser() as line:
        assert line.execute("SELECT worker FROM access WHERE id = %s", [ticket]).fetchall() == [(TOM.worker,)]


@pytest.mark.parametrize("way", ["same transaction", "savepoint", "after rollback", "another connection"])
@pytest.mark.parametrize("door", ["look", "open"])
def test_a_ticket_whose_row_could_vanish_opens_nothing(
    town: Town, tom: psycopg.Connection, way: str, door: str
) -> None:
    asking = town.team.raw(TOM, autocommit=False) if way == "another connection" else tom
    if way == "savepoint":
        tom.execute("SAVEPOINT before")
    ticket = ask(asking, "listed" if door == "look" else "opened", town.marcus.id, Look("to see", e164=MARCUS))
    if way == "savepoint":
        tom.execute("RELEASE before")
    if way == "after rollback":
        tom.rollback()
    assert state_of(lambda: tom.execute(f"SELECT {door}(%s, %s, current_date)", [ROLE, ticket])) == "ND006"
    tom.rollback()
    if asking is not tom:
        asking.close()


def test_a_ticket_in_one_statement_with_its_use_opens_nothing(town: Town, tom: psycopg.Connection) -> None:
    once = f"SELECT open(%s, t.id, current_date) FROM ({ASK.replace('SELECT id', 'SELECT *')}) AS t"
    values = [ROLE, ROLE, "opened", town.marcus.id, "to see", ""]
    assert state_of(lambda: tom.execute(once, values)) == "ND006"


def test_anothers_ticket_opens_nothing(town: Town, tom: psycopg.Connection) -> None:
    with town.team.store(PRIYA) as store:
        theirs = store.ask_open(PRIYA, town.marcus.id, "call answered").id
    assert state_of(lambda: tom.execute("SELECT open(%s, %s, current_date)", [ROLE, theirs])) == "ND006"
    tom.rollback()
    with town.team.store(PRIYA) as store:
        found = store.ask_look(PRIYA, Look("to see", e164=MARCUS))
        store.look(PRIYA, found)
    assert state_of(lambda: tom.execute("SELECT show(%s, %s, %s)", [ROLE, found.id, [town.marcus.id]])) == "ND006"


# --- others' cases ---------------------------------------------------------------------------

READS = [
    "SELECT body FROM bodies(%(role)s, ARRAY[%(note)s]::uuid[])",
    "SELECT readable FROM news(%(role)s, 0, 5000) WHERE id = %(note)s",
    "SELECT readable FROM stream_of(%(role)s, 'contact', %(case)s) WHERE id = %(note)s",
]
DOORS = ["bodies", "news", "stream_of"]


@pytest.mark.parametrize("door", READS, ids=DOORS)
def test_words_of_a_case_are_for_members_and_who_opened_the_record(
    town: Town, tom: psycopg.Connection, door: str
) -> None:
    case, note = a_contact(town.team, WORDS)
    values = {"role": ROLE, "note": note, "case": case.id}
    rows = tom.execute(door, values).fetchall()
    assert WORDS not in str(rows)
    tom.rollback()
    with town.team.raw(PRIYA) as member:
        values["role"] = PRIYA.role.value
        assert WORDS in str(member.execute(door, values).fetchall())


@pytest.mark.parametrize("door", READS, ids=DOORS)
@pytest.mark.parametrize("way", ["look opened", "opened offline", "joined"])
def test_a_right_that_could_be_rolled_back_reads_nothing(
    town: Town, tom: psycopg.Connection, door: str, way: str
) -> None:
    """An opening or a membership is read from rows: those of one's own open transaction must not count."""
    pen = pen_of(TOM)
    if way == "look opened":
        ask(tom, "opened", town.marcus.id)
    else:
        kind, ref, body = (
            (Kind.CONTACT_TAKEN, town.case, {"worker": TOM.worker})
            if way == "joined"
            else (Kind.ACCESS_OFFLINE, town.marcus, {"person": str(town.marcus.id), "reason": "x"})
        )
        entry = sent(pen.write(kind, ref, body))
        ((answer,),) = tom.execute("SELECT append(%s, %s, %s, '[]')", [ROLE, SCHEMA_VERSION, Jsonb([entry])]).fetchall()
        # A taking by somebody outside is refused at the door; where it is stored, it must not count either.
        assert answer[0]["verdict"] == "stored" or (way == "joined" and answer[0]["reason"] == "not_read"), answer
    values = {"role": ROLE, "note": uuid4(), "case": town.case.id}
    assert state_of(lambda: tom.execute(door, values)) == "ND008"
    tom.rollback()


# --- restricted records ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "hits"),
    [
        (Look("to see", e164=HIDDEN), 1),
        (Look("to see", e164=NIGHT), 1),
        (Look("to see", words="quill"), 0),
        (Look("to see", words="quillfeather"), 1),
        (Look("to see", words="quaver"), 0),
        (Look("to see", words="quaverdale"), 1),
        (Look("to see", words="ottoline"), 2),
        (Look("to see", words="ottoline quav"), 0),
        (Look("to see", words="ottoline quaverdale"), 1),
        (Look("to see", words="ottoline someoneelse"), 0),
        (Look("to see", born=datetime(1988, 8, 8, tzinfo=UTC).date()), 0),
        (Look("to see", words="ottoline q", born=datetime(1988, 8, 8, tzinfo=UTC).date()), 0),
        (Look("to see", words="ottoline", born=datetime(1988, 8, 8, tzinfo=UTC).date()), 2),
    ],
)
def test_a_search_says_that_a_restricted_record_exists_and_nothing_of_it(
    town: Town, tom: psycopg.Connection, question: Look, hits: int
) -> None:
    ticket = ask(tom, "listed", question=question)
    tom.commit()
    typed = f"{question.words} {question.born}".casefold()
    said = look(tom, ticket)
    tom.commit()
    shown = str(tom.execute("SELECT show(%s, %s, %s)", [ROLE, ticket, [town.hidden.id, town.tonight.id]]).fetchall())
    for word in SECRET:
        assert word.casefold() in typed or word.casefold() not in f"{said} {shown}".casefold(), word
    for word in ("birth", "1 Tern", "supervised", HIDDEN[3:] if not question.e164 else "Tern Row"):
        assert word not in shown
    with town.team.store(TOM) as store:
        found = store.look(TOM, store.ask_look(TOM, question))
    assert (len(found.people), found.total) == (hits, hits)
    assert all(person.restricted and not person.family and person.born is None for person in found.people)


def test_relatives_who_are_restricted_stay_unnamed_in_an_open_record(town: Town, tom: psycopg.Connection) -> None:
    ticket = ask(tom, "opened", town.marcus.id)
    tom.commit()
    ((record,),) = tom.execute("SELECT open(%s, %s, current_date)", [ROLE, ticket]).fetchall()
    assert len(record["relations"]) == 2
    assert all(set(tie) == {"other", "restricted"} for tie in record["relations"])
    assert not any(word in str(record) for word in SECRET)
    with town.team.store(TOM) as store:
        opened = store.open(TOM, store.ask_open(TOM, town.marcus.id, "to see"))
    assert [tie.name for tie in opened.relations] == ["A restricted record: call the duty manager"] * 2


@pytest.mark.parametrize("which", ["hidden", "tonight"])
def test_a_restricted_record_is_opened_by_nobody_and_its_words_read_by_nobody(
    town: Town, tom: psycopg.Connection, which: str
) -> None:
    ref = town.hidden if which == "hidden" else town.tonight
    ((ticket, done),) = tom.execute(
        ASK.replace("SELECT id", "SELECT id, action"), [ROLE, "opened", ref.id, "to see", ""]
    ).fetchall()
    tom.commit()
    assert done == "refused"
    assert state_of(lambda: tom.execute("SELECT open(%s, %s, current_date)", [ROLE, ticket])) == "ND006"
    tom.rollback()
    # Neither does an opening that a console says it has made from its cache.
    contact, note = a_contact(town.team, WORDS, ref)
    offline = pen_of(TOM).write(Kind.ACCESS_OFFLINE, ref, {"person": str(ref.id), "reason": "x"})
    assert [receipt.verdict.value for receipt in town.team.write(TOM, offline)] == ["stored"]
    with town.team.store(TOM) as store:
        assert store.bodies(TOM, [note]) == {}
    with town.team.store(PRIYA) as store:
        assert store.bodies(PRIYA, [note]) == {note: store.stream(PRIYA, contact)[1].body}
    if which == "tonight":
        with town.team.store(MANAGER) as store:
            assert all(stored.body is None for stored in store.stream(MANAGER, ref)), "not even its author"


def test_an_address_that_must_not_be_disclosed_is_not_sent(town: Town, tom: psycopg.Connection) -> None:
    ref = a_person(town.team, "Sedge", "Ada", MOTHER, address="7 Plover Walk, XX1 1XX")
    with town.team.superuser() as line:
        assert (
            line.execute("UPDATE person_address SET do_not_disclose = true WHERE person = %s", [ref.id]).rowcount == 1
        )
    opened, listed = ask(tom, "opened", ref.id), ask(tom, "listed", question=Look("to see", e164=MOTHER))
    tom.commit()
    record = str(tom.execute("SELECT open(%s, %s, current_date)", [ROLE, opened]).fetchall())
    assert "Sedge" in record
    tom.commit()
    assert not any("Plover" in said or "XX1" in said for said in (record, look(tom, listed)))
    with town.team.store(TOM) as store:
        (home,) = store.open(TOM, store.ask_open(TOM, ref.id, "to see")).addresses
    assert home.lines == ("Address must not be disclosed",)


# --- what a hostile client writes must not stop the others -----------------------------------

STRANGE: tuple[dict[str, object], ...] = (
    {"stream_kind": "of no kind"},
    {"made_at": -1},
    {"made_at": 2**62},
    {"expects": "nonsense", "slot": "x"},
    {"expects": "none"},
    {"station": "desk\n2"},
    {"on_behalf_of": "\x1b[31m"},
    {"body": '{"text":"\\u0000"}'},
    {"body": '{"text":"\\ud800"}'},
    {"body": "[]"},
    {"body": '{"text":NaN}'},
    {"body": '{"text":"\u00e9"}'},
)


def test_what_a_console_could_not_read_is_refused_alone(town: Town) -> None:
    pen = pen_of(TOM)
    entries = [sent(pen.note(town.case, "x"), **strange) for strange in STRANGE]
    good = sent(pen.note(town.case, "sound"))
    with town.team.raw(TOM) as tom:
        values = [ROLE, SCHEMA_VERSION, Jsonb([*entries, good])]
        ((answers,),) = tom.execute("SELECT append(%s, %s, %s, '[]')", values).fetchall()
    said = [(answer["verdict"], answer.get("reason", "")) for answer in answers]
    assert said == [("refused", "not_sound")] * len(STRANGE) + [("stored", "")]


def test_a_body_nested_beyond_reading_stops_no_console(town: Town) -> None:
    deep = '{"text":' + "[" * 3000 + "]" * 3000 + "}"
    with town.team.raw(TOM) as tom:
        entry = sent(pen_of(TOM).note(town.case, "x"), body=deep)
        tom.execute("SELECT append(%s, %s, %s, '[]')", [ROLE, SCHEMA_VERSION, Jsonb([entry])])
    with town.team.store(PRIYA) as store:
        assert [stored.content() for stored in store.stream(PRIYA, town.case)][-1] in ({}, {"text": "sound"})


def test_a_disputed_entry_takes_no_slot_and_no_role(town: Town) -> None:
    pen = pen_of(TOM)
    first = pen.note(town.case, "one")
    town.team.write(TOM, first)
    honest = sent(disputed_entry(first))
    with town.team.raw(TOM) as tom:
        for strange in (
            {"slot": "owner"},
            {"role": MANAGER.role.value},
            {"role": "of no role"},
            {"kind": "contact.decision"},
            {"made_at": 2**62},
            {"replaces": str(uuid4())},
            {"author": PRIYA.worker},
        ):
            forged = {**honest, "id": str(new_id(pen.clock.now())), **strange}
            attempt = partial(tom.execute, "SELECT dispute(%s, %s)", [ROLE, Jsonb(forged)])
            assert state_of(attempt) == "ND002", strange
        tom.execute("SELECT dispute(%s, %s)", [ROLE, Jsonb(honest)])


def test_marks_of_no_stream_reach_no_feed(town: Town) -> None:
    marks = [
        {"stream_kind": "of no kind", "stream_id": str(uuid4()), "seq": 1},
        {"stream_kind": "contact", "stream_id": str(uuid4()), "seq": -5},
        {"stream_kind": "contact", "stream_id": str(town.case.id), "seq": 1},
    ]
    source = town.team.source(PRIYA)
    source.subscribe(lambda: None)
    before = source.seen_since(0)
    with town.team.raw(TOM) as tom:
        tom.execute("SELECT mark_seen(%s, %s)", [ROLE, Jsonb(marks)])
    found = source.seen_since(before.tick)
    assert [(mark.worker, mark.stream) for mark in found.marks] == [(TOM.worker, town.case)]
    source.close()


# --- what is said of an agency's number ------------------------------------------------------


def test_words_on_numbers_are_for_the_shift(town: Town) -> None:
    team, auditor = town.team, Identity("rita.okafor", "Rita Okafor", Role.AUDITOR, "office")
    add_worker(team.admin, team.service, auditor.worker, auditor.name, [auditor.role], PASSWORD)
    agency = uuid4()
    with team.superuser() as line:
        line.execute("INSERT INTO agency (id, name, key, kind, area, number, verified_by) "
                     "VALUES (%s, 'Crisis team', 'crisis', 'crisis_team', 'North', '101', '')", [agency])  # fmt: skip
    said = check_body("101", "their number is withdrawn", TOM.name, good=False)
    pen = pen_of(TOM)
    team.write(TOM, pen.write(Kind.AGENCY_CHECKED, StreamRef(StreamKind.AGENCY, agency), said, slot=SLOT))
    with team.store(PRIYA) as store:
        (found,) = store.agencies(PRIYA)
    assert (found.wrong_by, found.note) == (TOM.name, "their number is withdrawn")
    for who in (auditor, ADMIN):
        with team.raw(who) as line:
            for role in (PRIYA.role, TOM.role, MANAGER.role):
                with pytest.raises(psycopg.Error, match="does not work in that role"):
                    line.execute("SELECT * FROM agency_checks(%s)", [role.value])
            assert line.execute("SELECT * FROM agency_checks(%s)", [who.role.value]).fetchall() == []
            with pytest.raises(psycopg.errors.UndefinedFunction):
                line.execute("SELECT * FROM agency_checks()")
        with team.store(who) as store:
            assert [(one.wrong_by, one.note) for one in store.agencies(who)] == [("", "")]
