"""A real ``nightdesk serve`` in a process of its own, never as root, and computers that join it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.machine.clock import SystemClock
from db.postgres.lines import Address, Lines
from db.postgres.store import PostgresStore
from db.postgres.target import Tls, read_target
from tests.helpers.parts import ROOT
from tests.helpers.postgres import server_account

OWN = "a password of one's own"


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a computer whose NIGHTDESK_HOME is ``home``.

    It has a keyring where a file ``keyring`` lies beside that folder, and none otherwise.
    """
    # Tests may have no D-Bus at all, or a real one, which is nobody's to write into.
    left = ("DBUS_", "PYTHON_KEYRING", "NIGHTDESK", "PG")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(left)}
    file = home.parent / "keyring"
    backend = "tests.helpers.keyrings.FileKeyring" if file.exists() else "keyring.backends.fail.Keyring"
    keyring = {"PYTHON_KEYRING_BACKEND": backend, "ND_TEST_KEYRING": str(file)}
    return {**ours, **keyring, "NIGHTDESK_HOME": str(home), "HOME": str(home.parent), "PYTHONPATH": str(ROOT)}


def _command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "ui", *words]


def _account() -> dict[str, Any]:
    account = server_account()
    return {} if account is None else {"user": account, "group": "nogroup", "extra_groups": []}


@dataclass
class Served:
    """A trial that runs; ``ready`` is what it said of itself."""

    home: Path
    process: subprocess.Popen[str] | None
    ready: dict[str, Any]

    @property
    def folder(self) -> Path:
        return self.home / "serve"

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command as the account that serves."""
        said: subprocess.CompletedProcess[str] = ask(self.home, *words, account=_account())
        return said

    def line_for(self, name: str, role: str = "service_adviser") -> str:
        """Return a join line for one person."""
        said = self.ask("serve", "add", name, "--role", role, "--json")
        assert said.returncode == 0, said.stderr
        return str(json.loads(said.stdout)["line"])


def end(running: Served, *, kill: bool = False) -> int:
    """End a trial with a warning, or with none; return its exit code."""
    process = running.process
    assert process is not None
    if kill:
        process.kill()
    else:
        process.terminate()
    return process.wait(60)


def ask(home: Path, *words: str, said: str = "", account: dict[str, Any] | None = None) -> Any:
    """Run a command of a computer to its end; ``said`` goes to its standard input."""
    return subprocess.run(
        _command(*words),
        cwd="/",
        env=environment(home),
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **(account or {}),
    )


@contextmanager
def served(home: Path, *words: str) -> Iterator[Served]:
    """Give a running trial at any port; it is stopped in order, or killed where it does not stop."""
    process = subprocess.Popen(
        _command("serve", "--json", *(words or ("--port", "0"))),
        cwd="/",
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **_account(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield Served(home, process, json.loads(line))
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(60)
        finally:
            process.kill()
            process.stdout.close()
            process.stderr.close()


def join(home: Path, line: str, own: str = OWN) -> Any:
    """Let the computer with this NIGHTDESK_HOME join, as a script would."""
    return ask(home, "join", "-", "--json", said=f"{line}\n{own}\n")


@contextmanager
def store_of(home: Path, login: str, own: str = OWN) -> Iterator[PostgresStore]:
    """Give the record as a joined computer's settings name it."""
    settings = tomllib.loads((home / "settings.toml").read_text(encoding="utf-8"))
    tls = Tls(settings["database_ca"], settings["database_direct_tls"])
    lines = Lines(Address(read_target(settings["database"]).keywords(login, tls), own))
    store = PostgresStore(lines, SystemClock())
    try:
        yield store
    finally:
        store.close()


def beats(home: Path, login: str) -> bool:
    """Say whether the record still lets a joined computer in; raises what it says otherwise."""
    with store_of(home, login) as store:
        return store.heartbeat().head.seq >= 0
