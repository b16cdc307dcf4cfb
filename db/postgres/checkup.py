"""What a team's database looks like from this computer, without changing anything: for ``nightdesk doctor``."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from console.domain.text import NightdeskError
from db.postgres.doors import DOORS
from db.postgres.lines import SCHEMA, Address, Line, translated
from db.postgres.rows import heartbeat_of
from db.postgres.steps import STEPS, lacking

ALPN = "postgresql"
_TLS_PLEASE = bytes.fromhex("0000000804d2162f")
_ANYTHING = "SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER"


class NotReached(NightdeskError):
    """Nobody answers there, or not as a PostgreSQL with the right certificate would."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What one log-in sees of its database.

    ``offset`` is the server's clock less ours in seconds, known to within ``trip`` seconds; ``doors_missing`` and
    ``beyond`` compare the log-in's rights with the allow-list of :mod:`db.postgres.doors`; ``steps_missing`` are those
    of upgrading that this program cannot do without.
    """

    server: str
    protected: bool
    """Whether TLS was spoken."""
    worker: str
    roles: tuple[str, ...]
    schema: int
    seq: int
    offset: float
    trip: float
    steps_missing: tuple[str, ...]
    doors_missing: tuple[str, ...]
    beyond: tuple[str, ...]


def libpq() -> str:
    """Return the version of PostgreSQL's client library, such as 18.0; direct TLS needs 17."""
    found = psycopg.pq.version()
    return f"{found // 10_000}.{found % 10_000}"


def reach(host: str, port: int, authority: str, *, direct: bool, seconds: float = 3.0) -> str:
    """Knock without logging in; return the version of TLS that is spoken there, or nothing where none is.

    Raises :class:`NotReached` where nobody answers, or the certificate is not for ``host`` or not from ``authority``
    (empty: whom this computer trusts).
    """
    try:
        link = socket.create_connection((host, port), timeout=seconds)
    except OSError as error:
        message = f"nobody answers at {host}, port {port} ({error.strerror or type(error).__name__})"
        raise NotReached(message) from error
    with link:
        try:
            if not direct:
                link.sendall(_TLS_PLEASE)
                if link.recv(1) != b"S":
                    return ""
            context = ssl.create_default_context(cafile=authority or None)
            context.set_alpn_protocols([ALPN])
            with context.wrap_socket(link, server_hostname=host) as guarded:
                return guarded.version() or ""
        except ssl.SSLCertVerificationError as error:
            message = f"the server at {host}, port {port} does not prove who it is ({error.verify_message})"
            raise NotReached(message) from error
        except FileNotFoundError as error:
            message = f"the certificate in {authority} is not there"
            raise NotReached(message) from error
        except OSError as error:
            message = f"what answers at {host}, port {port} is no PostgreSQL with TLS ({type(error).__name__})"
            raise NotReached(message) from error


def examine(address: Address) -> Examined:
    """Log in and look.  Raises the sentences of :mod:`db.postgres.lines`."""
    with translated(), address.connect() as line:
        worker, roles = _who(line)
        asked, before = datetime.now(UTC), time.monotonic()  # noqa: TID251  compared with the server's, at this moment
        beat = heartbeat_of(line.execute(_BEAT).fetchone() or (), ())
        trip = time.monotonic() - before
        offset = (beat.server_time - asked).total_seconds() - trip / 2
        taken = _steps(line)
        missing, more = _doors(line)
        if taken.keys() - {step.number for step in STEPS}:
            more = ()  # the doors of a newer version are not ours to judge
        return Examined(
            server=str(line.info.parameter_status("server_version") or ""),
            protected=bool(line.pgconn.ssl_in_use),
            worker=worker,
            roles=tuple(roles),
            schema=beat.schema,
            seq=beat.head.seq,
            offset=offset,
            trip=trip,
            steps_missing=tuple(step.name for step in lacking(list(taken.items()))),
            doors_missing=missing,
            beyond=(*more, *_beyond(line)),
        )


_BEAT = "SELECT * FROM heartbeat(ARRAY[]::bigint[], ARRAY[]::text[])"


def _who(line: Line) -> tuple[str, Sequence[str]]:
    with suppress(psycopg.Error):
        found = line.execute("SELECT worker, roles FROM whoami()").fetchone()
        if found:
            return str(found[0]), list(found[1])
    return "", ()


def _steps(line: Line) -> Mapping[int, bool]:
    """Return which steps the record has taken; of one from before there were steps, the first."""
    with suppress(psycopg.errors.UndefinedFunction, psycopg.errors.InsufficientPrivilege):
        return dict(line.execute("SELECT number, done FROM steps()").fetchall())
    return {1: True}


def _doors(line: Line) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which doors of its groups a log-in lacks, and which functions it may call beyond them."""
    groups = [name for (name,) in line.execute(_GROUPS, (list(DOORS),)).fetchall()]
    wanted = {door.replace(" ", "") for group in groups for door in DOORS[group]}
    rows = line.execute(_CALLABLE, (SCHEMA,)).fetchall()
    found = {str(name).removeprefix(f"{SCHEMA}.").replace(" ", "") for (name,) in rows}
    return tuple(sorted(wanted - found)), tuple(f"may call {name}" for name in sorted(found - wanted))


_GROUPS = "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND pg_has_role(current_user, oid, 'member')"
_CALLABLE = """
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = %s AND has_function_privilege(current_user, p.oid, 'EXECUTE')"""
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND has_table_privilege(current_user, c.oid, %s) ORDER BY 1"""
_POWERS = """
SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = current_user"""
_MAKING = """
SELECT has_database_privilege(current_user, current_database(), 'CREATE'),
       has_database_privilege(current_user, current_database(), 'TEMP'),
       has_schema_privilege(current_user, %s, 'CREATE')"""


def _beyond(line: Line) -> tuple[str, ...]:
    """Return in words what a log-in may do that nobody who works a shift may."""
    tables = [f"may reach the table {name} past the doors" for (name,) in line.execute(_TABLES, (SCHEMA, _ANYTHING))]
    powers = ("is a superuser", "may make log-ins", "may make databases", "passes row security", "may copy the server")
    making = ("may make schemas", "may make temporary tables", "may make tables in the record")
    found = (
        *zip(powers, line.execute(_POWERS).fetchone() or (), strict=False),
        *zip(making, line.execute(_MAKING, (SCHEMA,)).fetchone() or (), strict=False),
    )
    return (*tables, *(words for words, has in found if has))
