"""Make a service's database: owner, tables, doors, rights; add and remove the log-ins of its workers.

Runs as an administrator of the server, once.  The names of roles are the server's, shared by all its
services; each service has a database and an owner of its own (architecture.md 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from psycopg import errors, sql

from console.domain.record import Role
from console.domain.text import BadInput
from db.postgres.admin import administering, inside
from db.postgres.doors import GROUPS
from db.postgres.lines import Address, Line
from db.postgres.target import Service as Service
from db.postgres.upgrade import build

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


_ALREADY = (
    "There is already a database {name} on that server.  It was left as it is; `nightdesk db upgrade` brings a record "
    "to this version, or choose another name."
)
_WITNESS_ALONE = (
    "The role witness goes with no other: it is a program's, which reads no words.  Nothing was changed; give the "
    "person another log-in."
)


def make_service(admin: Address, service: Service, *, invented: bool = False) -> tuple[str, ...]:
    """Make the database of ``service``, once, whole or not at all.  ``admin`` may create roles and databases.

    Return the statements that ``admin`` was not allowed: a superuser of the server should run them.
    """
    with administering(), admin.connect(limit=None) as line:
        if _one(line, "SELECT 1 FROM pg_database WHERE datname = %s", service.name):
            if not _is_half_made(admin, service):
                raise BadInput(_ALREADY.format(name=service.name))
            line.execute(_words("DROP DATABASE {}", service.name))
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
                build(filling, service, invented=invented)
        except BaseException:
            line.execute(_words("DROP DATABASE {}", service.name))
            if new_owner:
                line.execute(_words("DROP ROLE {}", service.owner))
            raise
    return left


def _is_half_made(admin: Address, service: Service) -> bool:
    """Say whether a database is what an init leaves that was killed: its owner's, and empty."""
    with inside(admin, service).connect() as line:
        owned = _one(
            line,
            "SELECT 1 FROM pg_database WHERE datname = %s AND pg_get_userbyid(datdba) = %s",
            *(service.name, service.owner),
        )
        # Whatever was made here later has a higher number than what every database is born with.
        return owned and not _one(line, "SELECT 1 FROM pg_class WHERE oid >= 16384") and not _one(line, _OTHER_SCHEMA)


_OTHER_SCHEMA = "SELECT 1 FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_'"


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


def add_worker(admin: Address, service: Service, worker: str, name: str, roles: Sequence[Role], password: str) -> str:
    """Give a worker a log-in, or a new password and roles; return the log-in's name."""
    if Role.WITNESS in roles and len(set(roles)) > 1:
        raise BadInput(_WITNESS_ALONE)
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
    for other in GROUPS:
        if other != group:
            # Whoever was a worker before and is a program now keeps no worker's doors.
            line.execute(_words("REVOKE {} FROM {}", other, login))
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
