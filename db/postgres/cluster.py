"""A PostgreSQL of our own in a folder: made, started, stopped and, in tests, killed.

Layout of the folder: ``data`` (the cluster), ``run`` (Unix sockets), ``server.log``.  The superuser is ``postgres``;
every way in asks for a password (SCRAM), and the server listens on this computer's loopback alone.  Who calls sees to
it that one program at a time looks after a folder.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from db.postgres.cluster_settings import FILE, Profile, settings_text
from db.postgres.programs import Version
from db.postgres.tools import ASKING, ClusterTrouble, Machine, Tools, trouble

log = logging.getLogger(__name__)

SUPERUSER = "postgres"
LOOPBACK = "127.0.0.1"
MAKING, STARTING, STOPPING = 120.0, 120.0, 60.0
"""Seconds that each may take; starting holds the recovery after a crash."""
_TRIES = 5
"""Ports tried, where somebody takes one between our look and the server's own."""
_LOUD = 5_000_000
"""Bytes of a log that is put aside at the next start."""
_TLS_PLEASE = bytes.fromhex("0000000804d2162f")
"""What a client says first; every PostgreSQL answers S or N."""


class Cluster:
    """One folder, one server.  Used from one thread; no call waits longer than its named limit."""

    def __init__(
        self,
        bins: Path,
        folder: Path,
        machine: Machine,
        *,
        password: str,
        run_as: str | None = None,
        profile: Profile = Profile.DURABLE,
        connections: int = 100,
        port: int = 0,
    ) -> None:
        """Name the programs, the folder and the superuser's password, which is kept nowhere by us.

        ``run_as`` is the account the server runs as where we are root; ``port`` is the one to try first (0: any).
        """
        self.bins, self._folder = bins, folder.absolute()
        self._tools = Tools(bins, self._folder, machine, run_as)
        self._password, self._profile, self._connections = password, profile, connections
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """Return the folder that PostgreSQL calls its data directory."""
        return self._folder / "data"

    @property
    def log_file(self) -> Path:
        """Return where the server's own words go."""
        return self._folder / "server.log"

    @property
    def is_made(self) -> bool:
        """Say whether the folder holds a whole cluster."""
        return (self.data / "PG_VERSION").is_file()

    @property
    def is_running(self) -> bool:
        """Say whether the server that this object started still runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def address(self) -> tuple[str, int]:
        """Return where the server listens; it may change at a start, and is no use before the first."""
        return LOOPBACK, self._port

    def keywords(
        self, user: str = SUPERUSER, database: str = "postgres", password: str | None = None
    ) -> dict[str, Any]:
        """Return what ``psycopg.connect(**keywords)`` takes; without a ``password`` the superuser's own.

        It holds the password: hand it on, and put it in no log, no command line and no file.
        """
        secret = self._password if password is None else password
        host, port = self.address
        return {"host": host, "port": str(port), "user": user, "dbname": database, "password": secret}

    def version(self) -> Version:
        """Return the version of the programs; raises :class:`ClusterTrouble` where they do not run."""
        return self._tools.version()

    def make(self) -> None:
        """Make the cluster: UTF8, locale C, SCRAM, checksums.  A half-made one is thrown away first."""
        self._tools.check_account()
        if self.is_made:
            message = (
                f"There is already a PostgreSQL in {self._folder}.  It was left as it is; start it, or name another."
            )
            raise ClusterTrouble(message)
        self._tools.own_folder(self._folder)
        making, secret = self._folder / "data.making", self._folder / "password.once"
        shutil.rmtree(making, ignore_errors=True)
        try:
            self._write_password(secret)
            self._initdb(making, secret)
        finally:
            secret.unlink(missing_ok=True)
        with (making / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(f"\ninclude_if_exists = '{FILE}'\n")
        making.rename(self.data)

    def start(self, seconds: float = STARTING) -> None:
        """Start the server and wait until it answers, after a crash through its recovery.

        Raises :class:`ClusterTrouble` where it does not come; nothing is left running then.
        """
        if self.is_running:
            return
        self._tools.check_account()
        self._check_fits()
        for _ in range(_TRIES):
            self._port = _free_port(self._port)
            self._prepare()
            if self._started(seconds):
                return
        message = (
            f"PostgreSQL in {self._folder} found no free port on this computer.  What it holds is safe.  "
            "Close programs that you do not need, and start again."
        )
        raise ClusterTrouble(message)

    def stop(self, seconds: float = STOPPING) -> None:
        """Stop it the fast way: what is open is rolled back, what was acknowledged stays.  Harmless when it is gone."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        try:
            self._tools.stop(self.data, seconds)
            process.wait(ASKING)
        except (subprocess.TimeoutExpired, ClusterTrouble):
            log.warning("PostgreSQL did not stop in %d s and was ended; it recovers at the next start", seconds)
            self._tools.end(process)

    def stop_left_over(self, seconds: float = STOPPING) -> bool:
        """Stop a server that an earlier program of ours left behind in this folder; say whether there was one."""
        if self.is_running or not self.is_made or not self._tools.runs(self.data):
            return False
        lines = self._lock_lines()
        # The number in a stale lock may by now be some other program's, which must not be stopped.
        if len(lines) < 4 or not _speaks_postgres(int(lines[3])):
            return False
        self._tools.stop(self.data, seconds)
        return True

    def kill(self) -> None:
        """End the server and every one of its processes with no warning, as a loss of power would.  For tests."""
        process, self._process = self._process, None
        if process is not None:
            self._tools.end(process)

    def restart(self) -> None:
        """Stop it and start it again, on the same port where that is still free."""
        self.stop()
        self.start()

    def _write_password(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
            out.write(self._password + "\n")
        self._tools.own(file)

    def _initdb(self, data: Path, secret: Path) -> None:
        words = [f"--pgdata={data}", f"--pwfile={secret}", f"--username={SUPERUSER}"]
        words += ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--data-checksums"]
        if self._profile is Profile.TESTS_ONLY:
            words.append("--no-sync")
        done = self._tools.run("initdb", *words, seconds=MAKING)
        if done.returncode:
            shutil.rmtree(data, ignore_errors=True)
            advice = "Nothing was kept.  Look at the disk's free space, then try again"
            raise trouble(f"PostgreSQL could not make its files in {self._folder}", done.stdout, advice)

    def _check_fits(self) -> None:
        if not self.is_made:
            message = f"There is no PostgreSQL in {self._folder} yet.  Nothing was started; make it first."
            raise ClusterTrouble(message)
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self.version()
        if made_by != str(ours.major):
            message = (
                f"What lies in {self._folder} was made by PostgreSQL {made_by}, and these programs are {ours}.  "
                f"It was left as it is.  Start it with PostgreSQL {made_by}, or bring it over with pg_upgrade."
            )
            raise ClusterTrouble(message)
        if self._tools.runs(self.data):
            message = (
                f"A PostgreSQL runs in {self._folder} already.  It was left as it is.  "
                "Stop the program that started it, then start again.  If this computer has only just been switched on, "
                "none runs: remove the file data/postmaster.pid in that folder instead."
            )
            raise ClusterTrouble(message)

    def _prepare(self) -> None:
        """Write the settings of this start, and make the places of sockets and words."""
        sockets = self._folder / "run"
        self._tools.own_folder(sockets)
        text = settings_text(
            port=self._port,
            sockets="" if os.name == "nt" else str(sockets),
            connections=self._connections,
            profile=self._profile,
        )
        (self.data / FILE).write_text(text, encoding="utf-8")
        self._tools.own(self.data / FILE)
        if self.log_file.is_file() and self.log_file.stat().st_size > _LOUD:
            self.log_file.replace(self._folder / "server.before.log")
        if not self.log_file.exists():
            os.close(os.open(self.log_file, os.O_CREAT | os.O_WRONLY, 0o600))
            self._tools.own(self.log_file)

    def _started(self, seconds: float) -> bool:
        """Start it once; say False where its port was taken meanwhile."""
        begin = self.log_file.stat().st_size
        process = self._tools.start(self.data, self.log_file)
        try:
            if self._waited(process, seconds):
                self._process = process
                return True
        except BaseException:
            # Ctrl-C while we wait: the server has a session of its own and would stay.
            self._tools.end(process)
            raise
        timed_out = process.poll() is None
        self._tools.end(process)
        said = f"it did not answer within {seconds:.0f} s" if timed_out else self._words_since(begin)
        if "could not create any TCP/IP sockets" in said:
            return False
        advice = f"What it holds is safe.  Its own words are at the end of {self.log_file}; then start again"
        raise trouble(f"PostgreSQL in {self._folder} did not start", said, advice)

    def _waited(self, process: subprocess.Popen[bytes], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines = self._lock_lines()
            # As pg_ctl does: the first line is the server's number, the eighth how far it is.
            if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7] == "ready":
                return True
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
                return False
        return False

    def _lock_lines(self) -> list[str]:
        try:
            text = (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _words_since(self, begin: int) -> str:
        with self.log_file.open("rb") as file:
            file.seek(begin)
            return file.read(20_000).decode(errors="replace")


def _free_port(wanted: int) -> int:
    """Return ``wanted`` where nobody has it, and otherwise any free port of the loopback."""
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            if os.name == "posix":
                # As PostgreSQL does: connections that linger from before a crash are no hindrance.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise ClusterTrouble("This computer has no free port.  Nothing was started; close other programs and start again.")


def _speaks_postgres(port: int) -> bool:
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=2) as link:
        link.sendall(_TLS_PLEASE)
        return link.recv(1) in (b"S", b"N")
    return False
