"""A witness's password and bare SQL: facts of calls go in, and nothing comes out but that something was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from console.domain.record import SCHEMA_VERSION, Identity, Kind, Role, StreamKind, StreamRef
from console.domain.rights import CALL_ACTS, writers_of
from console.domain.text import BadInput
from console.ports.store import Verdict
from db.append import disputed_entry
from db.postgres.cluster import Cluster
from db.postgres.doors import WITNESS_DOORS, WORKER_DOORS
from db.postgres.make import add_worker
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import PRIYA, TOM, WITNESS
from tests.helpers.team_rights import Team, a_contact, a_person, pen_of, sent, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

CALL_FACTS = {kind for kind in Kind if kind.value.startswith("call.")} - CALL_ACTS
SECRETS = ("Fenn", "Marcus", "+447700900412", "07700900412", "she is alone on the bridge")


@pytest.fixture(scope="module", params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    with team_on(postgres_of_the_run(request.param), [PRIYA, TOM, WITNESS, *_MANAGERS]) as made:
        a_person(made, "Fenn", "Marcus", "+447700900412")
        a_contact(made, "she is alone on the bridge")
        yield made


_MANAGERS = [Identity("dilys.marsh", "Dilys Marsh", Role.DUTY_MANAGER, "desk-4")]


@pytest.fixture
def raw(team: Team) -> Iterator[psycopg.Connection]:
    """The witness's password in an SQL tool, in autocommit."""
    with team.raw(WITNESS) as connection:
        yield connection


def append(raw: psycopg.Connection, *entries: dict[str, Any]) -> list[tuple[str, str]]:
    """Call the door; return verdict and reason of each."""
    words = (WITNESS.role.value, SCHEMA_VERSION, Jsonb(list(entries)))
    ((answers,),) = raw.execute("SELECT append(%s, %s, %s, '[]')", words).fetchall()
    return [(one["verdict"], one.get("reason", "")) for one in answers]


def stream_for(kind: Kind) -> StreamRef:
    about = kind.value.partition(".")[0]
    known = {one.value for one in StreamKind}
    return StreamRef(StreamKind(about) if about in known else StreamKind.CONTACT, pen_of(WITNESS).id())


def test_of_all_kinds_it_writes_the_facts_of_calls_and_its_sign_of_life(raw: psycopg.Connection) -> None:
    stored = set()
    for kind in Kind:
        entry = pen_of(WITNESS).write(kind, stream_for(kind), {"worker": "priya.raman", "call": ""})
        ((verdict, _),) = append(raw, sent(entry))
        if verdict == "stored":
            stored.add(kind)
    assert stored == CALL_FACTS | {Kind.SHIFT_WATCH, Kind.SHIFT_ASK_ANSWERED}
    assert stored == {kind for kind in Kind if Role.WITNESS in writers_of(kind)}


def test_every_door_of_a_worker_that_gives_words_is_shut(raw: psycopg.Connection) -> None:
    shut = [door for door in WORKER_DOORS if door not in WITNESS_DOORS]
    assert {door.partition("(")[0] for door in shut} >= {"bodies", "news", "stream_of", "look", "open", "show", "cards"}
    for door in shut:
        name, _, types = door.partition("(")
        arguments = ", ".join(f"NULL::{one.strip()}" for one in types.rstrip(")").split(",") if one.strip())
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(f"SELECT * FROM {name}({arguments})".encode())


def test_what_its_own_doors_answer_holds_nobodys_name_number_or_words(team: Team, raw: psycopg.Connection) -> None:
    call = StreamRef(StreamKind.CALL, pen_of(WITNESS).id())
    number = {"presentation": "allowed", "e164": "+447700900412", "number": "07700900412", "name": "Marcus Fenn"}
    entry = pen_of(WITNESS).write(Kind.CALL_NUMBER, call, number)
    assert append(raw, sent(entry)) == [("stored", "")]
    assert append(raw, sent(entry)) == [("already", "")]
    told = [
        *raw.execute("SELECT * FROM whoami()").fetchall(),
        *raw.execute("SELECT * FROM envelopes(0, 5000)").fetchall(),
        *raw.execute("SELECT * FROM heartbeat('{}', '{}')").fetchall(),
        *raw.execute("SELECT seq_at(0), ring()").fetchall(),
    ]
    assert len(told) > 5
    assert not [secret for secret in SECRETS if secret in repr(told)], "its own facts it may not read back either"


def test_no_table_can_be_read_or_touched(team: Team, raw: psycopg.Connection) -> None:
    with team.superuser() as line:
        tables = line.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'nightdesk'::regnamespace AND relkind = 'r'"
        ).fetchall()
    assert len(tables) > 25
    for (table,) in tables:
        for words in ("SELECT * FROM {}", "DELETE FROM {}", "COPY {} TO STDOUT"):
            with pytest.raises(errors.InsufficientPrivilege):
                raw.execute(words.format(table).encode())


def test_it_speaks_for_no_worker_and_in_no_other_role(raw: psycopg.Connection) -> None:
    call = StreamRef(StreamKind.CALL, pen_of(WITNESS).id())
    forged = sent(pen_of(WITNESS).write(Kind.CALL_SEEN, call), author="priya.raman")
    assert append(raw, forged) == [("refused", "not_author")]
    worker = sent(pen_of(WITNESS).write(Kind.CALL_SEEN, call), role=PRIYA.role.value)
    assert append(raw, worker) == [("refused", "no_right")]
    with pytest.raises(psycopg.Error) as refusal:
        raw.execute("SELECT append(%s, %s, '[]', '[]')", [PRIYA.role.value, SCHEMA_VERSION])
    assert refusal.value.sqlstate == "ND001"


def test_a_dispute_is_no_way_to_write_what_may_not_be_written(team: Team, raw: psycopg.Connection) -> None:
    """The door for a second version of an id takes any body: only of kinds that the log-in may write."""
    pen = pen_of(WITNESS)
    call, contact = StreamRef(StreamKind.CALL, pen.id()), StreamRef(StreamKind.CONTACT, pen.id())
    seen = pen.write(Kind.CALL_SEEN, call, {"dialled": "01632960001"})
    assert append(raw, sent(seen)) == [("stored", "")]
    told = pen.write(Kind.CALL_SEEN, call, {"dialled": "01632960002"}, identity=seen.id)
    note = pen.write(Kind.CONTACT_NOTE, call, {"text": "words"}, identity=seen.id)
    elsewhere = pen.write(Kind.CALL_SEEN, contact, {"dialled": "01632960002"}, identity=seen.id)
    door = "SELECT dispute(%s, %s)"
    for forged in (note, elsewhere):
        with pytest.raises(psycopg.Error) as refusal:
            raw.execute(door, [WITNESS.role.value, Jsonb(sent(disputed_entry(forged)))])
        assert refusal.value.sqlstate == "ND002"
    raw.execute(door, [WITNESS.role.value, Jsonb(sent(disputed_entry(told)))])


def test_an_honest_dispute_is_kept_as_anybodys(team: Team) -> None:
    pen = pen_of(WITNESS)
    call = StreamRef(StreamKind.CALL, pen.id())
    first = pen.write(Kind.CALL_SEEN, call, {"dialled": "01632960001"})
    second = pen.write(Kind.CALL_SEEN, call, {"dialled": "01632960002"}, identity=first.id)
    verdicts = [team.write(WITNESS, one)[0].verdict for one in (first, second)]
    assert verdicts == [Verdict.STORED, Verdict.DIFFERS]
    with team.store(TOM) as store:
        assert [one.envelope.kind for one in store.stream(TOM, call)] == [Kind.CALL_SEEN, Kind.SEEN_OUTSIDE]


def test_a_worker_made_a_witness_keeps_no_workers_doors_and_nobody_is_both(team: Team) -> None:
    una = Identity("una.both", "Una Both", TOM.role, "desk-9")
    add_worker(team.admin, team.service, una.worker, una.name, [una.role], team.password)
    add_worker(team.admin, team.service, una.worker, una.name, [Role.WITNESS], team.password)
    with team.raw(una) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT bodies('witness', '{}')")
    with pytest.raises(BadInput, match="goes with no other"):
        add_worker(team.admin, team.service, una.worker, una.name, [Role.WITNESS, TOM.role], team.password)
