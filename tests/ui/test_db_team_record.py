"""A team's record that somebody wrote, by command: proved, brought to this version, and searched."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.domain.record import decode_body
from console.ports.store import Verdict
from db.postgres.doors import DOORS
from db.postgres.steps import STEPS
from tests.helpers.team_office import put_people
from tests.helpers.team_service import OWN, CommandLine, TeamService, add, entered
from ui.exits import Exit

pytest_plugins = ["tests.helpers.team_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = pytest.mark.needs("postgres")


# --- verify ----------------------------------------------------------------------------------


@pytest.fixture
def written(service: TeamService, line: CommandLine) -> TeamService:
    """A service with three entries, and a log-in that proves."""
    add(line, service, "Priya Raman", "--role", "social_worker_adults")
    add(line, service, "verify", "--program", "verify")
    with entered(service) as (store, pen):
        ref, opened = pen.contact()
        receipts = store.append(pen.who, [opened, pen.note(ref, "a"), pen.note(ref, "b")])
    assert {one.verdict for one in receipts} == {Verdict.STORED}
    return service


def proved(line: CommandLine, service: TeamService, *more: str) -> tuple[int, dict[str, Any]]:
    code, out, err = line.run("db", "verify", "--json", "--password-stdin", "--database", service.url, *more, stdin=OWN)
    return code, json.loads(out) if out else {"err": err}


def test_verify_proves_a_record_and_a_noted_head(written: TeamService, line: CommandLine) -> None:
    code, said = proved(line, written)
    assert (code, said["honest"], said["entries"]) == (Exit.OK, True, 3)
    head = said["head"]
    assert isinstance(head, dict)
    noted = f"{head['seq']}:{head['digest']}"
    assert proved(line, written, "--seen", noted)[0] == Exit.OK
    code, said = proved(line, written, "--seen", f"2:{head['digest']}")
    assert code == Exit.NOT_HONEST
    assert said["first_bad"] == {"where": "entry", "seq": 2, "what": said["first_bad"]["what"]}
    assert proved(line, written, "--seen", f"9:{head['digest']}")[0] == Exit.NOT_HONEST


def test_verify_names_what_a_superuser_altered(written: TeamService, line: CommandLine) -> None:
    written.sql("ALTER TABLE entry_body DISABLE TRIGGER ALL")
    written.sql("UPDATE entry_body SET body = replace(body, 'a', 'o') WHERE id = (SELECT id FROM entry WHERE seq = 2)")
    code, said = proved(line, written)
    assert code == Exit.NOT_HONEST
    assert said["first_bad"]["seq"] == 2


def test_verify_is_not_for_a_worker(written: TeamService, line: CommandLine) -> None:
    code, said = proved(line, written, "--login", "Priya Raman")
    assert code == Exit.REFUSED
    for words in (
        "may not prove the record",
        "Nothing was read",
        "worker add verify --program verify",
        "--login verify",
    ):
        assert words in str(said["err"])


def test_a_record_that_is_being_written_is_proved_as_it_stood_at_one_moment(
    written: TeamService, line: CommandLine
) -> None:
    stopped = threading.Event()

    def write() -> None:
        with entered(written) as (store, pen):
            ref, opened = pen.contact()
            entries = [opened]
            while not stopped.is_set():
                store.append(pen.who, entries)
                entries = [pen.note(ref, f"{number}") for number in range(20)]

    writer = threading.Thread(target=write)
    writer.start()
    try:
        answers = [proved(line, written) for _ in range(6)]
    finally:
        stopped.set()
        writer.join(20)
    assert [code for code, _ in answers] == [Exit.OK] * 6, answers
    counts = [int(str(said["entries"])) for _, said in answers]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0], "somebody wrote meanwhile"


# --- upgrade ---------------------------------------------------------------------------------


def test_upgrade_writes_doors_grants_and_rights_anew_while_a_console_works(
    written: TeamService, line: CommandLine
) -> None:
    with entered(written) as (store, pen):
        ref, opened = pen.contact()
        store.append(pen.who, [opened])
        spoilt_and_upgraded(written, line)
        (receipt,) = store.append(pen.who, [pen.note(ref, "after")])
        assert receipt.verdict is Verdict.STORED
        found = store.bodies(pen.who, [receipt.id])
        assert decode_body(found[receipt.id])["text"] == "after"
    assert granted(written) == {(group, door.partition("(")[0]) for group, doors in DOORS.items() for door in doors}
    paths = written.sql("SELECT DISTINCT proconfig::text FROM pg_proc WHERE pronamespace = 'nightdesk'::regnamespace")
    assert paths == [('{"search_path=nightdesk, pg_temp"}',)]
    assert proved(line, written)[0] == Exit.OK


def spoilt_and_upgraded(written: TeamService, line: CommandLine) -> None:
    """Take away and alter what an upgrade puts right, and upgrade."""
    written.sql("DELETE FROM kind_right")
    written.sql("REVOKE EXECUTE ON FUNCTION bodies(text, uuid[]) FROM nd_worker")
    written.sql("GRANT EXECUTE ON FUNCTION verify_head() TO nd_worker")
    written.sql("CREATE OR REPLACE FUNCTION sha(words text) RETURNS text LANGUAGE sql AS $$ SELECT 'no digest' $$")
    said = line.json("db", "upgrade", *written.admin, stdin=written.password)
    assert (said["from"], said["to"], said["steps"]) == (STEPS[-1].number, STEPS[-1].number, [])
    assert said["functions"] == len(
        written.sql("SELECT 1 FROM pg_proc WHERE pronamespace = 'nightdesk'::regnamespace AND proname <> 'close_words'")
    )


def granted(service: TeamService) -> set[tuple[str, str]]:
    rows = service.sql(
        "SELECT a.grantee::regrole::text, p.proname FROM pg_proc p, aclexplode(p.proacl) a "
        "WHERE p.pronamespace = 'nightdesk'::regnamespace AND a.grantee <> p.proowner"
    )
    return {(str(role), str(name)) for role, name in rows}


def test_upgrade_waits_no_longer_than_a_second_and_then_changes_nothing(
    written: TeamService, line: CommandLine
) -> None:
    written.sql("DELETE FROM kind_right WHERE kind = 'contact.note'")
    with written.superuser() as holder, holder.transaction():
        holder.execute("LOCK TABLE kind_right IN ACCESS EXCLUSIVE MODE")
        code, out, err = line.run("db", "upgrade", *written.admin, stdin=written.password)
    assert (code, out) == (Exit.REFUSED, "")
    assert "longer than a second.  Nothing was changed" in err
    assert written.sql("SELECT count(*) FROM kind_right WHERE kind = 'contact.note'") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE alembic_version SET version_num = '0999'", "by a newer Nightdesk"),
        ("UPDATE alembic_version SET version_num = '0001_record'", "made by an older Nightdesk"),
        ("UPDATE head SET schema = 2", "by a newer Nightdesk"),
        ("INSERT INTO upgrade_step VALUES (9999, 'of a later version', 0, 0)", "by a newer Nightdesk"),
        ("DROP TABLE alembic_version", "holds no Nightdesk record"),
    ],
)
def test_another_version_is_said_in_words(
    written: TeamService, line: CommandLine, statement: str, sentence: str
) -> None:
    written.sql(statement)
    doors = "SELECT oid, xmin::text FROM pg_proc WHERE pronamespace = 'nightdesk'::regnamespace ORDER BY oid"
    before = written.sql(doors)
    code, _, err = line.run("db", "upgrade", *written.admin, stdin=written.password)
    assert code == Exit.REFUSED
    assert sentence in err
    code, _, err = line.run("db", "init", *written.admin, stdin=written.password)
    assert code == Exit.USAGE
    assert "There is already a database" in err
    assert written.sql(doors) == before


@pytest.mark.parametrize(("schema", "sentence"), [(2, "a newer Nightdesk"), (0, "run `nightdesk db upgrade`")])
def test_nobody_is_let_into_a_record_of_another_version(
    written: TeamService, line: CommandLine, schema: int, sentence: str
) -> None:
    written.sql("UPDATE head SET schema = %s", schema)
    code, _, err = line.run(
        *("people", "find", "Fenn", "--database", written.url, "--login", "Priya Raman", "--password-stdin"), stdin=OWN
    )
    assert code == Exit.REFUSED
    assert sentence in err


# --- people find -----------------------------------------------------------------------------


def find(line: CommandLine, service: TeamService, *words: str) -> tuple[int, str, str]:
    """Search as Priya."""
    more = ("--database", service.url, "--login", "Priya Raman", "--password-stdin")
    return line.run("people", "find", *words, *more, stdin=OWN)


def test_people_are_found_by_ticket_as_the_worker_of_the_log_in(written: TeamService, line: CommandLine) -> None:
    with written.superuser() as connection, connection.transaction():
        put_people(connection)
    code, out, err = find(line, written, "--number", "07700 900412", "--json")
    assert code == Exit.OK, err
    assert {one["family"] for one in json.loads(out)} == {"Fenn"}
    code, out, _ = find(line, written, "Fen", "Marcus")
    assert code == Exit.OK
    assert "FENN, Marcus" in out
    looks = written.sql("SELECT worker, role, action, reason FROM access ORDER BY seq")
    assert set(looks) == {("priya.raman", "social_worker_adults", "listed", "command line")}
    assert len(looks) >= 2


def test_a_role_that_may_not_look_finds_nobody(written: TeamService, line: CommandLine) -> None:
    add(line, written, "Priya Raman", "--role", "auditor")
    code, out, err = find(line, written, "Fenn")
    assert (code, out) == (Exit.REFUSED, "")
    assert "does not look people up" in err
    assert written.sql("SELECT count(*) FROM access") == [(0,)]


def test_somebody_must_be_named_who_looks(line: CommandLine) -> None:
    code, _, err = line.run("people", "find", "Fenn", "--database", "postgresql://127.0.0.1:1/hants")
    assert code == Exit.USAGE
    assert "say --login NAME" in err


# --- the rota --------------------------------------------------------------------------------


def test_a_rota_and_relationships_come_in_by_the_log_in_that_may_import_and_are_shown_to_a_worker(
    written: TeamService, line: CommandLine, tmp_path: Path
) -> None:
    add(line, written, "import", "--program", "import")
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    rota = tmp_path / "rota.csv"
    rota.write_text(
        "duty,name,number,from,to\n"
        f"on_call_manager,Dilip Shah,07700 900841,{tomorrow:%d/%m/%Y} 10:00,{tomorrow:%d/%m/%Y} 23:00\n"
        f"on_call_manager,Ann Hill,07700 900842,{tomorrow:%d/%m/%Y} 11:00,{tomorrow:%d/%m/%Y} 12:00\n"
        f"on_call_manager,Bob Lee,07700 900843,{tomorrow:%d/%m/%Y} 14:00,{tomorrow:%d/%m/%Y} 18:00\n",
        encoding="utf-8",
    )
    at = ("--password-stdin", "--database", written.url)
    code, _, err = line.run("rota", "import", str(rota), *at, stdin=OWN)
    assert code == Exit.REFUSED
    assert "real ones are never put among them" in err, "the record is for invented people"
    told = line.json("rota", "import", str(rota), "--invented", *at, stdin=OWN)
    assert (told["added"], told["imported"], told["overlaps"]) == (3, True, 2)
    shown = line.json("rota", "show", "--login", "Priya Raman", *at, "--at", f"{tomorrow:%d/%m/%Y} 22:14", stdin=OWN)
    assert [(one["duty"], one["now"][0]["name"]) for one in shown] == [("on_call_manager", "Dilip Shah")]
    ties = tmp_path / "ties.csv"
    ties.write_text("case_system_id,other_case_system_id,other_is\n448 210,448 211,wife\n", encoding="utf-8")
    code, _, err = line.run("people", "import", "relationships", str(ties), *at, stdin=OWN)
    assert code == Exit.REFUSED
    assert "real ones are never put among them" in err, "the record is for invented people"
    code, _, err = line.run("rota", "import", str(rota), "--login", "Priya Raman", *at, stdin=OWN)
    assert code == Exit.REFUSED, "a worker's log-in imports nothing"
