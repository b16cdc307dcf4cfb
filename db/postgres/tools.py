"""PostgreSQL's own programs, run as the right account with a deadline; every failure is a sentence."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from console.domain.text import NightdeskError
from db.postgres.programs import Version, has_server, program, version_in

ASKING = 10.0
"""Seconds for a program that only tells something."""


class ClusterTrouble(NightdeskError):
    """Our own PostgreSQL could not be made, started or stopped; the text says what is safe and what to do."""


class Machine(Protocol):
    """What the operating system lends; ``console.machine.platform`` has all of it."""

    def is_root(self) -> bool:
        """Say whether we are the all-powerful account."""

    def make_private_folder(self, folder: Path) -> None:
        """Make a folder for one account alone."""

    def give_to(self, path: Path, account: str | None) -> None:
        """Let ``account`` own ``path``."""

    def run_briefly(
        self, command: Sequence[str], *, folder: Path, environment: dict[str, str], account: str | None, seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""

    def start_server(
        self, command: Sequence[str], *, folder: Path, environment: dict[str, str], account: str | None, said: Path
    ) -> subprocess.Popen[bytes]:
        """Start a program that stays."""

    def end_family(self, process: subprocess.Popen[bytes]) -> None:
        """End a server and its children at once."""


class Tools:
    """The programs of one folder ``bins``, run in ``folder`` as ``run_as`` where we are root."""

    def __init__(self, bins: Path, folder: Path, machine: Machine, run_as: str | None) -> None:
        self._bins, self._folder, self._machine, self._run_as = bins, folder, machine, run_as

    def check_account(self) -> None:
        """Raise :class:`ClusterTrouble` where no server may or can run."""
        if self._machine.is_root() and self._run_as is None:
            message = (
                "PostgreSQL does not run as root, so that a fault in it can never reach the whole computer.  "
                "Nothing was started.  Log in as an ordinary user and start again."
            )
            raise ClusterTrouble(message)
        if not has_server(self._bins):
            message = (
                f"There is no PostgreSQL server in {self._bins}.  Nothing was started.  "
                "Install PostgreSQL 15 or newer, or Nightdesk's extra [serve], which brings one."
            )
            raise ClusterTrouble(message)

    def version(self) -> Version:
        """Return the version of the programs; raises :class:`ClusterTrouble` where they do not run."""
        said = self.run("postgres", "--version", folder=self._bins, seconds=ASKING)
        found = version_in(said.stdout)
        if said.returncode or found is None:
            advice = "Nothing was changed.  Install PostgreSQL 15 or newer, or Nightdesk's extra [serve]"
            raise trouble(f"The PostgreSQL in {self._bins} does not run", said.stdout, advice)
        return found

    def own(self, path: Path) -> None:
        """Give ``path`` to the account of the server."""
        self._machine.give_to(path, self._run_as)

    def own_folder(self, folder: Path) -> None:
        """Make a folder that the server's account alone may look into."""
        try:
            self._machine.make_private_folder(folder)
            self.own(folder)
        except (OSError, KeyError) as error:
            message = (
                f"No PostgreSQL can be kept in {folder}: {reason(error)}.  Nothing was made.  "
                "Name a folder on this computer's own disk that this account may write to."
            )
            raise ClusterTrouble(message) from error

    def start(self, data: Path, said: Path) -> subprocess.Popen[bytes]:
        """Start the server on ``data``; its words go to the file ``said``."""
        command = [str(program(self._bins, "postgres")), "-D", str(data)]
        try:
            return self._machine.start_server(
                command, folder=self._folder, environment=_environment(), account=self._run_as, said=said
            )
        except (OSError, KeyError) as error:
            what = f"PostgreSQL in {self._folder} cannot be run"
            raise trouble(what, reason(error), "What it holds is safe") from error

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End the server and its children at once."""
        self._machine.end_family(process)

    def runs(self, data: Path) -> bool:
        """Say whether some server looks after ``data``, as far as its lock file tells."""
        return self.run("pg_ctl", "status", "-D", str(data), seconds=ASKING).returncode == 0

    def stop(self, data: Path, seconds: float) -> None:
        """Stop the server of ``data`` the fast way and wait; raises :class:`ClusterTrouble` where it does not."""
        words = ["stop", "-D", str(data), "-m", "fast", "-w", "-t", str(max(1, int(seconds)))]
        done = self.run("pg_ctl", *words, seconds=seconds + ASKING)
        if done.returncode:
            advice = "What it holds is safe.  Try again in a minute"
            raise trouble(f"PostgreSQL in {self._folder} did not stop", done.stdout, advice)

    def run(
        self, name: str, *words: str, folder: Path | None = None, seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """Run one program to its end; its output is one text.  Give it no secret: words are seen by everybody."""
        command = [str(program(self._bins, name)), *words]
        try:
            return self._machine.run_briefly(
                command,
                folder=folder or self._folder,
                environment=_environment(),
                account=self._run_as,
                seconds=seconds,
            )
        except subprocess.TimeoutExpired as error:
            said = f"it took longer than {seconds:.0f} s and was ended"
            raise trouble(
                f"PostgreSQL's {name} did not finish", said, "Try again when the computer is less busy"
            ) from error
        except (OSError, KeyError) as error:
            raise trouble(f"PostgreSQL's {name} cannot be run", reason(error), "Nothing was changed") from error


def _environment() -> dict[str, str]:
    """Return our environment without what would steer PostgreSQL's programs or tell them of us, in English."""
    ours = ("PG", "NIGHTDESK", "LC_", "LANG")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(ours)}, "LC_ALL": "C"}


def trouble(what: str, said: str, advice: str) -> ClusterTrouble:
    """Return the sentence, with the most telling line of what a program said."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line] or lines[-1:]
    return ClusterTrouble(f"{what} ({telling[0][:300] if telling else 'it said nothing'}).  {advice}.")


def reason(error: Exception) -> str:
    """Return what the operating system had against it."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "there is no such account on this computer"
