"""A team's record on PostgreSQL, for all who are not in ``db.postgres``: entered, made, upgraded, proved.

psycopg comes with the extra ``[postgres]``; it is imported only when a team's record is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from console.domain.extras import not_installed
from console.domain.record import SCHEMA_VERSION, Cursor, Role
from console.ports.clock import Clock
from console.ports.store import StoreAway, VerifyReport, WrongSchema
from db.postgres.target import Target, Tls

if TYPE_CHECKING:
    from db.postgres.importing import PeopleDesk
    from db.postgres.lines import Address, Line
    from db.postgres.store import PostgresStore
    from db.postgres.upgrade import Upgraded

MAINTENANCE = "postgres"
"""The database every server has: where an administrator comes in before the service's own is there."""
PROGRAMS = {"verify": "nd_verify", "import": "nd_import"}
"""Programs that may have a log-in of their own, and the group of rights it is in."""

_AWAY = (
    "The shared record cannot be reached.  Nothing is lost: what was written here before waits, encrypted, and is sent "
    "by itself.  Look at the network and the address, and try again."
)
_NEWER = (
    "The shared record was brought up to date by a newer Nightdesk than this one.  Nothing was opened and nothing "
    "written.  Please start the version your colleagues use."
)
_OLDER = (
    "The shared record was made by an older Nightdesk than this one.  Nothing was opened and nothing written.  Ask "
    "whoever looks after the database to run `nightdesk db upgrade`, or start the version your colleagues use."
)
_NOT_PROVED = (
    "The database server cannot be reached, or the line broke before the record was read to its end.  It was neither "
    "proved nor changed.  See that the server runs and that its address is right, and run the same command again."
)
_UNDER_WAY = (
    "The shared record is being brought up to date for this Nightdesk, and that is not done yet.  Nothing was opened "
    "and nothing written.  Wait, and try again; where it takes long, ask whoever looks after the database to run "
    "`nightdesk db upgrade` once more, or start the version your colleagues use."
)


class RecordAway(StoreAway):
    """Nobody answers there, or not in time; whether the password is right nobody can say."""


class LogInNotTaken(StoreAway):
    """The server answers, and does not take this log-in with this password."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one comes in: ``login`` is the whole log-in name.  The password is in no words of this object."""

    target: Target
    tls: Tls
    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who the server says it is, in which roles, and the record as this log-in sees it; close the store.

    ``away``: the record did not answer, and this computer knows who it is from the last time.  ``invented``: the
    record is for invented people, as it says itself or, while it is away, as it said then.
    """

    store: PostgresStore
    worker: str
    name: str
    roles: tuple[Role, ...]
    away: bool = False
    invented: bool = False


def admit(way: Way, clock: Clock) -> Admitted:
    """Log in and ask the server who this is.  Raises a sentence for whatever stands in the way; blocks some seconds."""
    with _with_psycopg():
        from db.postgres.lines import LineBroke, Lines, LogInRefused  # noqa: PLC0415  an extra
        from db.postgres.store import PostgresStore  # noqa: PLC0415  an extra
    lines = Lines(_address(way))
    try:
        worker, name, roles = lines.one("whoami")
        store = PostgresStore(lines, clock)
        _check(store.heartbeat().schema)
        _check_steps(store.lacking())
        invented = store.is_invented()
    except BaseException as problem:
        lines.close()
        if isinstance(problem, LogInRefused):
            raise LogInNotTaken(str(problem)) from problem
        if isinstance(problem, LineBroke):
            raise RecordAway(_AWAY) from problem
        raise
    return Admitted(store, worker, name, _known(roles), invented=invented)


def admit_away(
    way: Way,
    clock: Clock,
    who: tuple[str, str, Sequence[str]],
    proved: Callable[[str, Sequence[str]], None],
    refused: Callable[[], None],
) -> Admitted:
    """Return the record for somebody whom this computer let in while it was away: key, name and roles of last time.

    The server is asked once it answers, before anything is read or written: ``proved`` then hears name and roles,
    ``refused`` that it does not take the password.
    """
    with _with_psycopg():
        from db.postgres.later import LaterLines  # noqa: PLC0415  an extra
        from db.postgres.store import PostgresStore, steps_on  # noqa: PLC0415  an extra

    def check(line: Line) -> None:
        schema, lacking = steps_on(line)
        _check(schema)
        _check_steps(lacking)

    worker, name, roles = who
    lines = LaterLines(_address(way), worker, check, proved, refused)
    return Admitted(PostgresStore(lines, clock), worker, name, _known(roles), away=True)


def _known(roles: Sequence[str]) -> tuple[Role, ...]:
    known = {role.value for role in Role}
    return tuple(Role(role) for role in roles if role in known)


def not_asked(way: Way, clock: Clock) -> PostgresStore:
    """Return the record as a log-in will see it, without asking the server: it may be away now.

    For a program that knows from an earlier time who it is there.
    """
    with _with_psycopg():
        from db.postgres.lines import Lines  # noqa: PLC0415  an extra
        from db.postgres.store import PostgresStore  # noqa: PLC0415  an extra
    return PostgresStore(Lines(_address(way)), clock)


def _check(schema: int) -> None:
    if schema != SCHEMA_VERSION:
        raise WrongSchema(_NEWER if schema > SCHEMA_VERSION else _OLDER)


def _check_steps(lacking: Sequence[tuple[str, bool]]) -> None:
    if lacking:
        raise WrongSchema(_UNDER_WAY if all(begun for _, begun in lacking) else _OLDER)


def make(admin: Way, *, invented: bool) -> tuple[str, ...]:
    """Make the service's database; return what its owner must do next.  Whole or not at all."""
    with _with_psycopg():
        from db.postgres import advice, make  # noqa: PLC0415  an extra
    at = _address(admin, MAINTENANCE)
    make.make_service(at, admin.target.service, invented=invented)
    return advice.what_is_left(at, admin.target.service)


def add_worker(admin: Way, worker: str, name: str, roles: Sequence[Role], password: str) -> str:
    """Give a worker a log-in, or a new password and other roles; return the log-in's name."""
    with _with_psycopg():
        from db.postgres import make  # noqa: PLC0415  an extra
    return make.add_worker(_address(admin), admin.target.service, worker, name, roles, password)


def add_program(admin: Way, name: str, program: str, password: str) -> str:
    """Give a program of :data:`PROGRAMS` a log-in; return the log-in's name."""
    with _with_psycopg():
        from db.postgres import make  # noqa: PLC0415  an extra
    return make.add_helper(_address(admin), admin.target.service, name, PROGRAMS[program], password)


def remove_worker(admin: Way, worker: str) -> None:
    """End a worker's log-in at once; what they wrote stays."""
    with _with_psycopg():
        from db.postgres import make  # noqa: PLC0415  an extra
    make.remove_worker(_address(admin), admin.target.service, worker)


def upgrade(admin: Way, say: Callable[[str], None]) -> Upgraded:
    """Take the steps that are missing and write this version's doors and rights; ``say`` hears what takes long."""
    with _with_psycopg():
        from db.postgres.upgrade import upgrade_service  # noqa: PLC0415  an extra
    return upgrade_service(_address(admin), admin.target.service, say=say)


@contextmanager
def people_desk(way: Way) -> Iterator[PeopleDesk]:
    """Give the tables of people to a log-in that may import, alone; nobody else imports until the block ends."""
    with _with_psycopg():
        from db.postgres.importing import PeopleDesk  # noqa: PLC0415  an extra
    desk = PeopleDesk(_address(way))
    try:
        _check(desk.schema())
        yield desk
    finally:
        desk.close()


def verify(way: Way, seen: Cursor | None) -> VerifyReport:
    """Prove the record honest by a log-in of ``nd_verify``; may take minutes."""
    with _with_psycopg():
        from db.postgres.lines import LineBroke, Lines  # noqa: PLC0415  an extra
        from db.postgres.proof import verify_lines  # noqa: PLC0415  an extra
    lines = Lines(_address(way), limit=None)
    try:
        return verify_lines(lines, seen)
    except LineBroke as broke:
        raise StoreAway(_NOT_PROVED) from broke
    finally:
        lines.close()


def _address(way: Way, database: str = "") -> Address:
    with _with_psycopg():
        from db.postgres.lines import Address  # noqa: PLC0415  an extra
    return Address(way.target.keywords(way.login, way.tls, database), way.password)


@contextmanager
def _with_psycopg() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        # Without its libpq psycopg says so under no name.
        if (error.name or "psycopg").partition(".")[0] not in ("psycopg", "psycopg_binary", "psycopg_c"):
            raise
        raise not_installed("postgres", "psycopg") from error
