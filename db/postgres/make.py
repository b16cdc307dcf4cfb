"""Make a service's database: owner, tables, doors, rights; add and remove the log-ins of its workers.

Runs as an administrator of the server, once.  The names of roles are the server's, shared by all its
services; each service has a database and an owner of its own (architecture.md 4).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import resources
from typing import Any

from psycopg import errors, sql
from sqlalchemy import Table

import db.people_schema
import db.rota_schema
from console.domain.record import GENESIS, SCHEMA_VERSION, SHIFT_ROLES, Kind, Role
from console.domain.rights import DECISIONS, writers_of
from console.domain.text import BadInput, NightdeskError
from console.ports.store import StoreAway
from db.postgres.lines import SCHEMA, Address, Line, translated
from db.postgres.row_security import secure_rows
from db.postgres.target import Service as Service
from db.schema import GROWS, REVISIONS, metadata

GROUPS = ("nd_worker", "nd_witness", "nd_import", "nd_verify")
"""Groups of rights, without log-in, on the whole server; log-ins are members of them."""
FILES = ("01_tables", "02_who", "03_append", "04_access", "05_reading", "06_lists", "07_people", "08_verify", "09_desk")

WORKER_DOORS = (
    "whoami()",
    "append(text, integer, jsonb, jsonb, bigint, text)",
    "dispute(text, jsonb)",
    "ring()",
    "envelopes(bigint, integer)",
    "bodies(text, uuid[])",
    "news(text, bigint, integer)",
    "stream_of(text, text, uuid)",
    "open_streams(text[])",
    "seq_at(bigint)",
    "heartbeat(bigint[], text[])",
    "mark_seen(text, jsonb)",
    "seen_of(uuid[])",
    "first_tick(bigint)",
    "seen_since(bigint)",
    "cards(text, text, text[], uuid, integer)",
    "agencies()",
    "agency_checks()",
    "rota_between(bigint, bigint)",
    "ask(text, text, text, uuid, uuid, text, text)",
    "look(text, uuid, date)",
    "show(text, uuid, uuid[])",
    "family_names()",
    "open(text, uuid, date)",
)
VERIFY_DOORS = (
    "verify_entries(bigint, integer)",
    "verify_accesses(bigint, integer)",
    "verify_head()",
    "verify_streams()",
    "verify_slots()",
)
DOORS: dict[str, tuple[str, ...]] = {
    "nd_worker": WORKER_DOORS,
    "nd_witness": WORKER_DOORS,
    "nd_verify": VERIFY_DOORS,
}
"""The allow-list: who may call what.  Nothing else is granted to anybody; a test reads the catalogue."""

QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""What keeps words out of the log of a council's own server: PostgreSQL's errors quote what they cannot read."""

IMPORTED = tuple(table.name for table in db.people_schema.TABLES)
"""Tables that nd_import reads and writes: people and agencies, no word of the record."""
BROUGHT: dict[str, tuple[str, ...]] = {db.rota_schema.rota.name: ("SELECT", "INSERT", "UPDATE")}
"""Tables that nd_import adds to and withdraws from, and never deletes in."""


class NoAdministrator(NightdeskError):
    """The log-in may not do on this server what was asked; nothing was changed."""


_MAY_NOT = (
    "This log-in may not make databases and log-ins on that server.  Nothing was changed; name an administrator with "
    "--admin: a superuser, or a role with CREATEROLE and CREATEDB that made the services before."
)
_HELD_UP = (
    "Somebody holds what had to be changed, for longer than a second.  Nothing was changed; try again in a quieter "
    "moment."
)


@contextmanager
def administering() -> Iterator[None]:
    """As ``translated``, in an administrator's sentences."""
    with translated():
        try:
            yield
        except errors.InsufficientPrivilege as error:
            raise NoAdministrator(_MAY_NOT) from error
        except (errors.LockNotAvailable, errors.QueryCanceled) as error:
            raise StoreAway(_HELD_UP) from error


def make_service(admin: Address, service: Service, *, invented: bool = False) -> tuple[str, ...]:
    """Make the database of ``service``, once, whole or not at all.  ``admin`` may create roles and databases.

    Return the statements that ``admin`` was not allowed: a superuser of the server should run them.
    """
    with administering(), admin.connect(limit=None) as line:
        if _one(line, "SELECT 1 FROM pg_database WHERE datname = %s", service.name):
            message = f"There is already a database {service.name} on that server.  It was left as it is."
            raise BadInput(message)
        _make_groups(line)
        new_owner = not _one(line, "SELECT 1 FROM pg_roles WHERE rolname = %s", service.owner)
        _make_role(line, service.owner, "NOLOGIN")
        line.execute(_words("GRANT {} TO CURRENT_USER", service.owner))
        line.execute(
            _words("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0", service.name, service.owner)
        )
        try:
            line.execute(_words("REVOKE ALL ON DATABASE {} FROM PUBLIC", service.name))
            left = _quieten(line, service)
            with inside(admin, service).connect(limit=None) as filling, filling.transaction():
                filling.execute(_words("SET LOCAL ROLE {}", service.owner))
                fill(filling, invented=invented)
                secure_rows(filling, service.owner)
        except BaseException:
            line.execute(_words("DROP DATABASE {}", service.name))
            if new_owner:
                line.execute(_words("DROP ROLE {}", service.owner))
            raise
    return left


def _quieten(line: Line, service: Service) -> tuple[str, ...]:
    """Let the server's log say nothing of what happens inside this database; return what was not allowed."""
    left = []
    for name, value in QUIET.items():
        template = sql.SQL("ALTER DATABASE {} SET {} = {}")
        statement = template.format(sql.Identifier(service.name), sql.Identifier(name), sql.Literal(value))
        try:
            line.execute(statement)
        except errors.InsufficientPrivilege:
            left.append(statement.as_string(line))
    return tuple(left)


def inside(admin: Address, service: Service) -> Address:
    """Return the administrator's way into the service's own database."""
    return Address({**admin.keywords, "dbname": service.name}, admin.password)


def fill(line: Line, *, invented: bool) -> None:
    """Make tables, doors and rights in an empty database, as its owner, in one transaction."""
    line.execute(f"CREATE SCHEMA {SCHEMA}")
    line.execute(f"SET LOCAL search_path = {SCHEMA}")
    for statement in statements_for(metadata.sorted_tables):
        line.execute(statement)
    for name in FILES:
        line.execute(text_of(name))
    _guard(line)
    pin(line)
    grant(line)
    put_rights(line)
    line.execute(
        "INSERT INTO head (id, service, schema, invented, created_at, seq, digest, access_seq, access_digest) "
        "VALUES (1, %s, %s, %s, now_us(), 0, %s, 0, %s)",
        (uuid.uuid4(), SCHEMA_VERSION, invented, GENESIS, GENESIS),
    )
    line.execute("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)")
    line.execute("INSERT INTO alembic_version VALUES (%s)", (REVISIONS[-1],))


def statements_for(tables: Sequence[Table]) -> Iterator[str]:
    """Yield the statements that make portable tables, in SQLAlchemy's words for PostgreSQL."""
    made: list[str] = []
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  a whole dialect, wanted only here
    from sqlalchemy.schema import CreateIndex, CreateTable  # noqa: PLC0415

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += [
            str(CreateIndex(index).compile(dialect=dialect))
            for index in sorted(table.indexes, key=lambda i: str(i.name))
        ]
    yield from made


def text_of(name: str) -> str:
    """Return the statements of one of :data:`FILES`."""
    return resources.files("db.postgres").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")


def pin(line: Line) -> None:
    """Pin the search path of every function: nobody's own tables may stand in the place of ours."""
    rows = line.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = %s::regnamespace", (SCHEMA,)
    ).fetchall()
    for (function,) in rows:
        line.execute(f"ALTER FUNCTION {function} SET search_path = {SCHEMA}, pg_temp")


def _guard(line: Line) -> None:
    """Keep the log append-only, and show rows to nobody who is not the owner inside a door."""
    line.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'nightdesk: rows of % are never changed or deleted', TG_TABLE_NAME "
        "USING ERRCODE = 'ND002'; END $$"
    )
    for table in GROWS:
        line.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def grant(line: Line) -> None:
    """Give each group its doors, and nobody anything else."""
    line.execute(f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC")
    line.execute(f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {', '.join(GROUPS)}")
    # Not "in schema": there only more can be given, and a door that an upgrade adds would be everybody's.
    line.execute("ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC")
    for group in GROUPS:
        line.execute(_words("GRANT USAGE ON SCHEMA {} TO {}", SCHEMA, group))
    for group, doors in DOORS.items():
        for door in doors:
            line.execute(f"GRANT EXECUTE ON FUNCTION {door} TO {group}")

    for table in IMPORTED:
        line.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO nd_import")
    for table, verbs in BROUGHT.items():
        line.execute(f"GRANT {', '.join(verbs)} ON {table} TO nd_import")
    line.execute("GRANT SELECT (id, invented, seq) ON head TO nd_import")


def put_rights(line: Line) -> None:
    """Write domain.md 8.3 as data, as this program has it."""
    line.execute("DELETE FROM kind_right")
    line.execute("DELETE FROM decision_right")
    line.execute("DELETE FROM shift_role")
    _many(line, "INSERT INTO kind_right VALUES (%s, %s)", [(k.value, r.value) for k in Kind for r in writers_of(k)])
    _many(line, "INSERT INTO decision_right VALUES (%s, %s)", [(d, r.value) for d, rs in DECISIONS.items() for r in rs])
    _many(line, "INSERT INTO shift_role VALUES (%s)", [(role.value,) for role in SHIFT_ROLES])


def add_worker(admin: Address, service: Service, worker: str, name: str, roles: Sequence[Role], password: str) -> str:
    """Give a worker a log-in, or a new password and roles; return the log-in's name."""
    login = service.login(worker)
    group = "nd_witness" if Role.WITNESS in roles else "nd_worker"
    with administering(), inside(admin, service).connect(limit=None) as line, line.transaction():
        _make_login(line, service, login, group, password)
        # A console never leaves a transaction open; somebody's SQL tool would hold up everybody who writes.
        line.execute(_words("ALTER ROLE {} SET idle_in_transaction_session_timeout = '3s'", login))
        line.execute(_words("SET LOCAL ROLE {}", service.owner))
        if _one(line, "SELECT 1 FROM worker WHERE login = %s AND worker <> %s", login, worker):
            message = (
                f"The log-in {login} belongs to a worker of another name.  Nothing was changed; add a letter or a "
                "middle name, so that the two can be told apart."
            )
            raise BadInput(message)
        line.execute(
            "INSERT INTO worker (login, worker, name, roles, added_at) "
            "VALUES (%s, %s, %s, %s, now_us()) ON CONFLICT (login) "
            "DO UPDATE SET worker = excluded.worker, name = excluded.name, roles = excluded.roles, gone_at = NULL",
            (login, worker, name, [role.value for role in roles]),
        )
    return login


def add_helper(admin: Address, service: Service, name: str, group: str, password: str) -> str:
    """Give a program (verify, import) a log-in in one group of rights; return the log-in's name."""
    login = service.login(name)
    with administering(), inside(admin, service).connect(limit=None) as line, line.transaction():
        _make_login(line, service, login, group, password)
    return login


def _make_login(line: Line, service: Service, login: str, group: str, password: str) -> None:
    _make_role(line, login, "LOGIN")
    # As a verifier: a password in words would stand in the server's log.
    scram = line.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    line.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(login), sql.Literal(scram)))
    line.execute(_words("GRANT {} TO {}", group, login))
    line.execute(_words("GRANT CONNECT ON DATABASE {} TO {}", service.name, login))


def remove_worker(admin: Address, service: Service, worker: str) -> None:
    """End a worker's or a program's log-in; what they wrote stays."""
    login = service.login(worker)
    with administering(), inside(admin, service).connect(limit=None) as line, line.transaction():
        if not _one(line, "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolcanlogin", login):
            message = f"There is no log-in of {worker} in {service.name}.  Nothing was changed."
            raise BadInput(message)
        line.execute(_words("ALTER ROLE {} NOLOGIN PASSWORD NULL", login))
        line.execute(_words("REVOKE CONNECT ON DATABASE {} FROM {}", service.name, login))
        for group in GROUPS:
            line.execute(_words("REVOKE {} FROM {}", group, login))
        line.execute(_words("SET LOCAL ROLE {}", service.owner))
        line.execute("UPDATE worker SET gone_at = now_us() WHERE login = %s", (login,))
    # Once that holds for everybody: a console comes back within the second, and would still be let in.  Where only the
    # server's superuser may end connections, the doors answer this one no more.
    with administering(), inside(admin, service).connect(limit=None) as line, suppress(errors.InsufficientPrivilege):
        line.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (login,))


def _make_groups(line: Line) -> None:
    for group in GROUPS:
        _make_role(line, group, "NOLOGIN")


def _make_role(line: Line, name: str, how: str) -> None:
    if not _one(line, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        line.execute(sql.SQL("CREATE ROLE {} " + how).format(sql.Identifier(name)))


def _words(template: str, *names: str) -> sql.Composed:
    return sql.SQL(template).format(*(sql.Identifier(name) for name in names))


def _one(line: Line, query: str, *values: Any) -> bool:  # noqa: ANN401  whatever the query takes
    return line.execute(query, values).fetchone() is not None


def _many(line: Line, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with line.cursor() as cursor:
        cursor.executemany(query, rows)
