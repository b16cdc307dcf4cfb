"""A replay's ticket and its ways round: a manager's password and any SQL tool give no word that leaves no row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest

from console.domain.record import Identity, Kind, StreamKind, StreamRef
from db.postgres.cluster import Cluster
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import AUDITOR, MANAGER, PRIYA, WITNESS
from tests.helpers.team_rights import Team, a_contact, pen_of, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

WORDS = "in the car by the reservoir"
ASK = "SELECT id FROM ask_replay(%s, 'desk-4', %s, %s)"
SEE = "SELECT * FROM replay(%s, %s)"
LOOKS = "SELECT * FROM replay_looks(%s, %s)"


@dataclass
class Reviewed:
    """A service with one incident around one contact."""

    team: Team
    incident: UUID


@pytest.fixture(scope="module", params=KINDS)
def reviewed(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Reviewed]:
    """A service on the newest and the oldest PostgreSQL in turn."""
    with team_on(postgres_of_the_run(request.param), (PRIYA, MANAGER, AUDITOR, WITNESS)) as team:
        contact, _ = a_contact(team, WORDS)
        incident = StreamRef(StreamKind.INCIDENT, pen_of(PRIYA).id())
        about = {"ref": "X", "contact": str(contact.id), "risk": "p1"}
        (receipt,) = team.write(PRIYA, pen_of(PRIYA).write(Kind.INCIDENT_OPENED, incident, about))
        assert receipt.verdict.value == "stored"
        yield Reviewed(team, incident.id)


@pytest.fixture
def manager(reviewed: Reviewed) -> Iterator[psycopg.Connection]:
    """A manager's password in a tool of their own, in transactions of their own."""
    with reviewed.team.raw(MANAGER, autocommit=False) as connection:
        yield connection
        connection.rollback()


def ask(line: psycopg.Connection, reviewed: Reviewed, who: Identity = MANAGER, why: str = "review") -> UUID:
    ((ticket,),) = line.execute(ASK, [who.role.value, reviewed.incident, why]).fetchall()
    assert isinstance(ticket, UUID)
    return ticket


def state_of(attempt: Callable[[], object]) -> str | None:
    with pytest.raises(psycopg.Error) as refusal:
        attempt()
    return refusal.value.sqlstate


def test_a_committed_ticket_gives_the_words_and_leaves_its_row(reviewed: Reviewed, manager: psycopg.Connection) -> None:
    ticket = ask(manager, reviewed)
    manager.commit()
    assert WORDS in str(manager.execute(SEE, [MANAGER.role.value, ticket]).fetchall())
    manager.rollback()
    with reviewed.team.superuser() as line:
        kept = line.execute("SELECT worker, question FROM access WHERE id = %s", [ticket]).fetchall()
    assert kept == [(MANAGER.worker, f"incident:{reviewed.incident}")]


@pytest.mark.parametrize("way", ["same transaction", "savepoint", "after rollback"])
def test_a_ticket_whose_row_could_vanish_gives_no_word(
    reviewed: Reviewed, manager: psycopg.Connection, way: str
) -> None:
    if way == "savepoint":
        manager.execute("SAVEPOINT before")
    ticket = ask(manager, reviewed)
    if way == "savepoint":
        manager.execute("RELEASE before")
    if way == "after rollback":
        manager.rollback()
    assert state_of(lambda: manager.execute(SEE, [MANAGER.role.value, ticket])) == "ND006"


def test_looks_are_told_only_once_the_replay_itself_was_read(reviewed: Reviewed, manager: psycopg.Connection) -> None:
    ticket = ask(manager, reviewed)
    manager.commit()
    assert state_of(lambda: manager.execute(LOOKS, [MANAGER.role.value, ticket])) == "ND006"
    manager.rollback()
    manager.execute(SEE, [MANAGER.role.value, ticket])
    assert state_of(lambda: manager.execute(LOOKS, [MANAGER.role.value, ticket])) == "ND008"


def test_nobody_replays_in_a_role_that_is_not_theirs(reviewed: Reviewed) -> None:
    with reviewed.team.raw(PRIYA) as line:
        assert state_of(lambda: ask(line, reviewed, MANAGER)) == "ND001"
        assert state_of(lambda: ask(line, reviewed, PRIYA)) == "ND010"
    with reviewed.team.raw(WITNESS) as line:
        assert state_of(lambda: ask(line, reviewed, WITNESS)) == "42501"
