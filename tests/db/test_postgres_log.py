"""What the server writes down of a night: no words, numbers, names of people, or passwords, whatever goes wrong.

Log-in names are there where somebody is refused: that is what the log is for.
Our own clusters are told to be quiet (cluster_settings); a council's server may be as PostgreSQL comes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from console.domain.record import SCHEMA_VERSION, Entry, Kind, SeenMark, StreamKind, StreamRef
from console.ports.store import Look, NoTicket
from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.doors import GROUPS
from db.postgres.lines import Address, Lines, NotLetIn
from db.postgres.make import QUIET, Service, add_worker, make_service, remove_worker
from db.postgres.store import PostgresStore
from tests.helpers.postgres import KINDS, own_cluster
from tests.helpers.record_people import MANAGER, PRIYA, TOM
from tests.helpers.team_rights import Team, a_contact, a_person, clock_now, pen_of, sent, team_on

NUMBER = "+447700900477"
FAMILY, GIVEN, ADDRESS = "Quillfeather", "Ottoline", "17 Curlew Rise"
WORDS = "she is in the airing cupboard"
REASON = "because the neighbour asked twice"
REFERENCE = "ZX-441-090"
BORN = "1971-02-29"
"""A day that does not exist: the server cannot take it."""
CANARIES = (NUMBER[3:], FAMILY, GIVEN, "Curlew", "airing cupboard", "neighbour", REFERENCE, "441-090", BORN)

_AS_IT_COMES = {
    "log_error_verbosity": "default",
    "log_min_messages": "warning",
    "log_min_error_statement": "error",
    "log_statement": "none",
    "log_line_prefix": "%m [%p] ",
}


@pytest.fixture(scope="module")
def clusters() -> Iterator[Callable[[str, bool], Cluster]]:
    """Give a cluster of a kind, quiet as ours or as PostgreSQL comes."""
    with ExitStack() as stack:

        def made(kind: str, quiet: bool) -> Cluster:
            cluster = stack.enter_context(own_cluster(kind, Profile.TESTS_ONLY))
            if not quiet:
                with psycopg.connect(**cluster.keywords(), autocommit=True) as line:
                    for name, value in _AS_IT_COMES.items():
                        line.execute(f"ALTER SYSTEM SET {name} = '{value}'")
                cluster.restart()
            return cluster

        yield cache(made)


@pytest.fixture(params=["ours", "as it comes"])
def quiet(request: pytest.FixtureRequest) -> bool:
    """Say whether the server is told to be quiet."""
    return bool(request.param == "ours")


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, quiet: bool, clusters: Callable[[str, bool], Cluster]) -> Iterator[Team]:
    """A service whose workers' password is nowhere else."""
    with team_on(clusters(request.param, quiet)) as made:
        yield made


def log_of(team: Team) -> str:
    """Return all that the server has written down."""
    return team.cluster.log_file.read_text(errors="replace")


def a_night(team: Team) -> None:
    """Do everything that a console does, in words that must not be found again."""
    person = a_person(team, FAMILY, GIVEN, NUMBER, address=ADDRESS, ref=REFERENCE)
    case, _ = a_contact(team, WORDS, person)
    with team.store(TOM) as store:
        for question in (
            Look(REASON, e164=NUMBER),
            Look(REASON, words=f"{GIVEN} {FAMILY}"),
            Look(REASON, words="Quilfether"),
            Look(REASON, reference=REFERENCE),
        ):
            store.look(TOM, store.ask_look(TOM, question))
        ticket = store.ask_open(TOM, person.id, REASON)
        store.open(TOM, ticket)
        with pytest.raises(NoTicket):
            store.open(TOM, ticket)
        store.mark_seen(TOM, [SeenMark(TOM.worker, case, 1)])
    pen = pen_of(MANAGER)
    restricted = pen.write(Kind.PERSON_RESTRICTED, person, {"reason": REASON})
    team.write(MANAGER, restricted)


def what_does_not_fit(team: Team) -> None:
    """Offer what tables and rules refuse, each in a way of its own."""
    pen = pen_of(TOM)
    case, first = pen.contact()
    ref = StreamRef(StreamKind.PERSON, pen.id())
    note = pen.note(case, WORDS)

    def created(**body: object) -> Entry:
        return pen.write(
            Kind.PERSON_CREATED, StreamRef(StreamKind.PERSON, pen.id()), {"family": FAMILY, "given": GIVEN, **body}
        )

    answers = team.write(
        TOM,
        first,
        note,
        pen.write(Kind.CONTACT_NOTE, case, {"text": "other words"}, identity=note.id),
        pen.write(Kind.PERSON_LINE, ref, {"e164": NUMBER, "confirmed": True}),
        pen.write(Kind.PERSON_RESTRICTED, ref, {"reason": REASON}),
        created(born=BORN, e164=NUMBER),
        created(e164=f"call {NUMBER}"),
        created(gender="x" * 5000 + FAMILY),
    )
    assert {answer.verdict.value for answer in answers} >= {"stored", "differs", "refused"}


def with_sql(team: Team) -> None:
    """Send to the doors what no console sends: errors there must not quote it."""
    pen = pen_of(TOM)
    good = sent(pen.contact()[1])
    address = {"id": str(uuid4()), "lines": ADDRESS, "postcode": "", "postcode_key": "", "authority": "", "access": ""}
    person = sent(pen.write(Kind.PERSON_CREATED, StreamRef(StreamKind.PERSON, pen.id()), {"family": FAMILY}))
    tries: list[tuple[str, list[object]]] = [
        ("SELECT look(%s, %s, current_date)", [TOM.role.value, FAMILY]),
        ("SELECT show(%s, %s, '{}')", [TOM.role.value, FAMILY]),
        ("SELECT seq_at(%s)", [WORDS]),
        ("SELECT stream_of(%s, 'contact', %s)", [TOM.role.value, WORDS]),
        ("SELECT dispute(%s, %s)", [TOM.role.value, Jsonb({**good, "body": WORDS})]),
        ("SELECT dispute(%s, %s)", [TOM.role.value, Jsonb({**good, "id": WORDS})]),
        ("SELECT dispute(%s, %s)", [TOM.role.value, WORDS]),
        ("SELECT mark_seen(%s, %s)", [TOM.role.value, Jsonb([{"stream_id": WORDS, "seq": WORDS}])]),
        ("SELECT acting(%s)", [WORDS]),
        ("SELECT bodies(%s, %s)", [WORDS, []]),
        (f"SELECT '{FAMILY}'::uuid", []),
        (f'SELECT "{FAMILY}" FROM person', []),
    ]
    append = "SELECT append(%s, %s, %s, '[]')"
    for strange in (
        {"id": WORDS},
        {"made_at": WORDS},
        {"stream_id": FAMILY},
        {"stream_kind": WORDS},
        {"station": WORDS * 20},
        {"on_behalf_of": WORDS * 20},
        {"body": {"text": WORDS}},
        {"author": None, "body": WORDS},
    ):
        tries.append((append, [TOM.role.value, SCHEMA_VERSION, Jsonb([{**good, **strange}])]))
    for learned in (
        {"person": {"family": FAMILY * 50}},
        {"person": {"family": FAMILY, "born": BORN}, "address": {**address, "id": WORDS}},
        {"person": WORDS, "names": WORDS},
        {"names": [{"kind": WORDS * 50}]},
        WORDS,
    ):
        tries.append((append, [TOM.role.value, SCHEMA_VERSION, Jsonb([{**person, "learned": learned}])]))
    for question in (WORDS, '{"e164":"' + FAMILY, '{"e164":"","reference":"","born":"' + BORN + '"}', '{"keys":"x"}'):
        with team.raw(TOM) as tom:
            asked = tom.execute(
                "SELECT id FROM ask(%s, 'desk', 'listed', NULL, NULL, %s, %s)", [TOM.role.value, REASON, question]
            )
            ((ticket,),) = asked.fetchall()
        tries.append(("SELECT look(%s, %s, current_date)", [TOM.role.value, ticket]))
    failed = 0
    with team.raw(TOM) as tom:
        for statement, values in tries:
            try:
                tom.execute(statement, values)
            except psycopg.Error:
                failed += 1
    assert failed >= 20


def passwords(team: Team) -> list[str]:
    """Give, change, mistype and take away passwords; return them."""
    used = [secrets.token_urlsafe(12) for _ in range(3)]
    add_worker(team.admin, team.service, "una.leaver", "Una Leaver", [TOM.role], used[0])
    add_worker(team.admin, team.service, "una.leaver", "Una Leaver", [TOM.role], used[1])
    wrong = Address({**team.admin.keywords, "dbname": team.service.name, "user": team.login("una.leaver")}, used[2])
    with pytest.raises(NotLetIn):
        PostgresStore(Lines(wrong), clock_now()).envelopes(0)
    remove_worker(team.admin, team.service, "una.leaver")
    return [*used, team.password, str(team.cluster.keywords()["password"])]


def test_a_night_and_its_mishaps_leave_nothing_in_the_servers_log(team: Team) -> None:
    a_night(team)
    what_does_not_fit(team)
    used = passwords(team)
    log = log_of(team)
    assert "password authentication failed" in log, "it is the right file"
    assert [word for word in (*CANARIES, *used) if word.casefold() in log.casefold()] == []


def test_what_somebody_sends_by_sql_is_not_quoted_either(team: Team) -> None:
    with_sql(team)
    log = log_of(team).casefold()
    assert [line for line in log.splitlines() if any(word.casefold() in line for word in CANARIES)] == []
    assert PRIYA.name.casefold() not in log


def test_an_administrator_who_may_not_quieten_the_log_is_told_what_to_ask_for(team: Team) -> None:
    name, service = f"{team.service.name}__admin", Service(f"{team.service.name}b")
    with psycopg.connect(**team.cluster.keywords(), autocommit=True) as line:
        line.execute(f"CREATE ROLE {name} LOGIN CREATEROLE CREATEDB PASSWORD '{team.password}'")
        line.execute(f"GRANT {', '.join(GROUPS)} TO {name} WITH ADMIN OPTION")
        try:
            admin = Address({**team.admin.keywords, "user": name}, team.password)
            left = make_service(admin, service)
            # Everybody may set the one that shows values only beside an error: the rest is a superuser's.
            assert len(left) == len(QUIET) - 1
            for statement in left:
                line.execute(statement)
            settings = line.execute(
                "SELECT count(*) FROM pg_db_role_setting s, unnest(s.setconfig) "
                "WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = %s)",
                [service.name],
            )
            assert settings.fetchone() == (len(QUIET),)
        finally:
            line.execute(f"DROP DATABASE IF EXISTS {service.name}")
            line.execute(f"DROP ROLE IF EXISTS {service.owner}")
            line.execute(f"DROP OWNED BY {name} CASCADE")
            line.execute(f"DROP ROLE {name}")
