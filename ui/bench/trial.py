"""A PostgreSQL server for one part of the bench: its own folder, its own log-ins, gone afterwards.

The server with invented people is made once and kept, stopped; each use starts a copy of it.  A folder in use is
locked by its bench, so that the next one finds and removes what a killed bench has left behind.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import console.machine.platform as machine
from console.domain.invent import AS_OF, invent
from console.domain.record import Role, worker_key
from console.machine.clock import SystemClock
from db.people_desk import add_invented
from db.postgres.admin import inside
from db.postgres.bare import make_bare
from db.postgres.cluster import Cluster
from db.postgres.importing import PeopleDesk
from db.postgres.lines import Address
from db.postgres.make import add_helper, add_worker, make_service
from db.postgres.programs import embedded_bins, system_bins
from db.postgres.target import Service, Target, Tls
from db.postgres.tools import ClusterTrouble
from db.postgres.trial import admin_of
from db.postgres.upgrade import upgrade_service
from db.schema import REVISIONS
from db.team import Way
from ui.bench.people import SEED, progress_of
from ui.bench.settings import Bench, Programs

CONNECTIONS = 700
"""Of the server: 400 consoles that come back, with room for more connections of each."""
SERVICE = Service("bench")
_RUN, _LOCKS, _PASSWORD = "run-", "locks", "password"
_NO_POSTGRES = (
    "There is no PostgreSQL on this computer.  Nothing was measured.  Install Nightdesk's extra [serve], which brings "
    "one, or PostgreSQL 15 or newer."
)


@dataclass
class Trial:
    """A running server with one service, and log-ins made as ``db worker add`` makes them."""

    cluster: Cluster
    password: str = field(default_factory=lambda: secrets.token_urlsafe(15), repr=False)
    """Of every log-in of this run."""
    _workers: dict[str, Way] = field(default_factory=dict)
    _bare: list[Address] = field(default_factory=list)

    @property
    def admin(self) -> Address:
        """Return how the superuser comes in, who makes things and measures nothing."""
        return admin_of(self.cluster.keywords())

    @property
    def target(self) -> Target:
        """Return where the service is."""
        host, port = self.cluster.address
        return Target((host,), (str(port),), SERVICE)

    def worker(self, name: str, role: Role) -> Way:
        """Return how a worker comes in, who gets a log-in at the first call."""
        if name not in self._workers:
            login = add_worker(self.admin, SERVICE, worker_key(name), name, [role], self.password)
            self._workers[name] = Way(self.target, Tls(), login, self.password)
        return self._workers[name]

    def program(self, name: str, group: str) -> Address:
        """Return how a program of a group of rights comes in."""
        login = add_helper(self.admin, SERVICE, name, group, self.password)
        return Address(self.target.keywords(login, Tls()), self.password)

    def bare(self) -> Address:
        """Return an ordinary log-in to a database of its own, with nothing of ours in it."""
        if not self._bare:
            self._bare.append(make_bare(self.admin, self.password))
        return self._bare[0]

    def inside(self) -> Address:
        """Return the superuser's way into the service, to disturb it."""
        return inside(self.admin, SERVICE)


def programs_here() -> Programs:
    """Return PostgreSQL's programs on this computer: the wheel's, or the system's."""
    bins = embedded_bins() or system_bins()
    if bins is None:
        raise ClusterTrouble(_NO_POSTGRES)
    return Programs(bins)


@contextmanager
def empty_trial(bench: Bench) -> Iterator[Trial]:
    """Give a running server with an empty service."""
    with _folder(bench) as folder:
        cluster = _cluster(bench, folder, secrets.token_urlsafe(15))
        cluster.make()
        with _running(cluster) as trial:
            make_service(trial.admin, SERVICE, invented=True)
            yield trial


@contextmanager
def peopled_trial(bench: Bench) -> Iterator[Trial]:
    """Give a running copy of the server with invented people, made now where it is not kept yet."""
    with _folder(bench) as folder:
        kept = _kept(bench)
        bench.say(f"copying the kept server: {kept}")
        cluster = _cluster(bench, folder, (kept / _PASSWORD).read_text(encoding="ascii"))
        place = folder / "pg"
        machine.make_private_folder(place)
        shutil.copytree(kept / "data", place / "data")
        _give(place, bench.programs)
        with _running(cluster) as trial:
            # Made perhaps by an earlier version: its tables are the same, its doors may be older.
            upgrade_service(trial.admin, SERVICE)
            yield trial


@contextmanager
def _running(cluster: Cluster) -> Iterator[Trial]:
    try:
        cluster.start()
        yield Trial(cluster)
    finally:
        cluster.stop()


def _cluster(bench: Bench, folder: Path, password: str) -> Cluster:
    chosen = bench.programs or programs_here()
    return Cluster(
        chosen.bins, folder / "pg", machine, password=password, run_as=chosen.run_as, connections=CONNECTIONS
    )


def _give(place: Path, programs: Programs | None) -> None:
    account = programs.run_as if programs is not None else None
    if account is not None:
        for one in (place, *place.rglob("*")):
            machine.give_to(one, account)


# --- the kept server with people ---------------------------------------------------------------


def _kept(bench: Bench) -> Path:
    """Return the folder of the kept server with so many people; made now where it is missing, which takes minutes."""
    count = bench.sizes.people
    chosen = bench.programs or programs_here()
    with _folder(bench) as folder:
        password = secrets.token_urlsafe(15)
        cluster = _cluster(bench, folder, password)
        name = f"postgresql-{cluster.version().major}-people-{count}-{AS_OF:%Y%m%d}-{REVISIONS[-1]}"
        kept = bench.kept / name
        if kept.is_dir():
            bench.say(f"the server with {count:,} invented people is there already: {kept}")
            return kept
        clock = SystemClock()
        began = clock.monotonic()
        bench.say(f"inventing {count:,} people, once; they are kept in {kept}")
        cluster.make()
        with _running(cluster) as trial:
            make_service(trial.admin, SERVICE, invented=True)
            _fill(bench, trial)
        making = folder / "kept"
        machine.make_private_folder(making)
        (folder / "pg" / "data").rename(making / "data")
        file = os.open(making / _PASSWORD, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(password)
        machine.give_to(making, chosen.run_as)
        making.rename(kept)
        size = sum(one.stat().st_size for one in kept.rglob("*") if one.is_file())
        bench.say(f"{count:,} people invented in {clock.monotonic() - began:.0f} s, {size / 1e6:,.0f} MB")
        return kept


def _fill(bench: Bench, trial: Trial) -> None:
    desk = PeopleDesk(trial.program("import", "nd_import"))
    try:
        add_invented(desk, invent(bench.sizes.people, SEED), progress_of(bench))
    finally:
        desk.close()
    with trial.inside().connect(limit=None) as line:
        # As a server does by itself within a minute or two: what is measured is not its first hour.
        line.execute("VACUUM (ANALYZE)")
        line.execute("CHECKPOINT")


# --- folders of this run -----------------------------------------------------------------------


@contextmanager
def _folder(bench: Bench) -> Iterator[Path]:
    """Give a new folder beside the kept ones, held by a lock; it is gone afterwards."""
    bench.kept.mkdir(parents=True, exist_ok=True)
    remove_left_over(bench)
    folder = bench.kept / f"{_RUN}{secrets.token_hex(4)}"
    lock = _lock_of(folder)
    lock.take()
    try:
        folder.mkdir(0o711)
        yield folder
    finally:
        _remove(folder)
        lock.release()
        _lock_file(folder).unlink(missing_ok=True)


def remove_left_over(bench: Bench) -> int:
    """Stop and remove what a bench that was killed has left here; return how many servers there were."""
    found = 0
    for folder in bench.kept.glob(f"{_RUN}*"):
        lock = _lock_of(folder)
        if not lock.take():
            continue
        with suppress(ClusterTrouble):
            found += _cluster(bench, folder, "").stop_left_over()
        _remove(folder)
        lock.release()
        _lock_file(folder).unlink(missing_ok=True)
    return found


def _lock_file(folder: Path) -> Path:
    return folder.parent / _LOCKS / f"{folder.name}.lock"


def _lock_of(folder: Path) -> machine.FileLock:
    return machine.FileLock(_lock_file(folder))


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
