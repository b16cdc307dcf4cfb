"""One switchboard heard by real processes: two consoles, a headless witness, and a lone witness to compare with.

Each observer has a line of its own: a fake Asterisk on a real socket that plays the recorded bytes to it, may be
cut, and tells on the next connection what goes on by then.  The lone witness writes into a record of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from console.domain.items import Item
from console.domain.record import Kind, Role, StreamKind, StreamRef, decode_body, from_micros
from db.engine import connect
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from tests.helpers.ami_streams import listed, messages_of
from tests.helpers.driven_console import ROOT, DrivenConsole, Office, until
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk, Manner
from tests.helpers.gate import Gate
from tests.helpers.observers import Account, account_of
from tests.helpers.recordings import Recording, reports_of

PATIENCE = 60.0
CALLS = (
    "SELECT e.id, e.stream_id, e.kind, e.author, e.role, e.station, e.made_at, e.seq, b.body "
    "FROM entry e JOIN entry_body b ON b.id = e.id WHERE e.stream_kind = 'call' ORDER BY e.seq"
)
"""Every entry about a call, in the record's order, for :func:`item_of`."""


def as_bytes(messages: Iterable[Message]) -> bytes:
    """Return messages as a switchboard sends them."""
    return b"".join(
        "".join(f"{key}: {value}\r\n" for key, value in message.headers).encode() + b"\r\n" for message in messages
    )


class Way(Protocol):
    """What reaches a switchboard."""

    def settings(self) -> dict[str, str | int | bool]:
        """Return the settings of the adapter."""


class Line:
    """One observer's own line to the switchboard."""

    def __init__(self) -> None:
        self._fake: FakeAsterisk | None = FakeAsterisk(Manner()).__enter__()
        self.port = self._fake.port

    def play(self, data: bytes) -> None:
        """Send bytes, where there is a line."""
        if self._fake is not None:
            self._fake.play(data)

    def cut(self) -> None:
        """Let nobody answer there any more."""
        fake, self._fake = self._fake, None
        if fake is not None:
            fake.__exit__(None, None, None)

    def back(self, told: Sequence[Message] = ()) -> None:
        """Answer again; whoever connects is told what goes on after the messages ``told``."""
        self._fake = FakeAsterisk(Manner(channels=going_on(told)), self.port).__enter__()

    def heard_from(self, times: int = 1) -> None:
        """Wait until somebody has connected and asked for everything, in all so many times."""
        assert self._fake is not None
        self._fake.wait_for("QueueStatus", times, PATIENCE)

    def settings(self) -> dict[str, str | int | bool]:
        """Return what reaches it."""
        return {"host": "127.0.0.1", "port": self.port, "user": USER, "secret": SECRET}


def going_on(told: Sequence[Message]) -> list[str]:
    """Return what CoreShowChannels lists after these messages."""
    there = Mapper(Reading())
    for message in told:
        there.feed(message, datetime(2026, 11, 21, tzinfo=UTC))
    return ["\n".join(f"{key}: {value}" for key, value in one.headers) for one in listed(there.board)]


@dataclass
class WitnessProcess:
    """``nightdesk witness`` as a process of its own; ``news`` are the lines it printed."""

    folder: Path
    database: str
    line: Way
    password: str = ""
    more: tuple[str, ...] = ()
    """Words in the place of those that reach ``line``."""
    news: list[dict[str, Any]] = field(default_factory=list)

    def start(self) -> None:
        """Start it on its home, as often as wanted, and read what it says."""
        self.news.clear()
        self.folder.mkdir(exist_ok=True)
        sets = [f"--set={name}={value}" for name, value in self.line.settings().items() if name != "secret"]
        telephones = self.more or ("--switchboard", "asterisk_ami", *sets)
        command = ["witness", "--json", "--database", self.database, *telephones]
        wanted = {
            "NIGHTDESK_HOME": str(self.folder),
            "NIGHTDESK_SWITCHBOARD_SECRET": str(self.line.settings()["secret"]),
            "PYTHONPATH": str(ROOT),
        }
        if self.password:
            wanted["NIGHTDESK_DATABASE_PASSWORD"] = self.password
        self._errors = (self.folder / "stderr.txt").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui", *command, "--key-file", str(self.folder / "key")],
            cwd=ROOT, env={**os.environ, **wanted}, stdout=subprocess.PIPE, stderr=self._errors, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.news.append(json.loads(line))

    def until_said(self, event: str, **facts: Any) -> dict[str, Any]:
        """Wait until it says something, and return it."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.news if one["event"] == event and facts.items() <= one.items()]

        return until(found, bool, PATIENCE, f"the witness says {event} {facts}, not only {self.news} {self.said()}")[-1]

    def said(self) -> str:
        """Return what stands on its stderr."""
        return (self.folder / "stderr.txt").read_text(encoding="utf-8")

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self._wait()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Tell it to end; return its exit code.  Harmless twice."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self._wait()

    def _wait(self) -> int:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self._reader.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._errors.close()
        return int(self.process.returncode)


@dataclass
class Watched:
    """The office of two consoles, its witness, and the lone one."""

    office: Office
    lines: dict[str, Line]
    witness: WitnessProcess
    lone: WitnessProcess
    gate: Gate | None = None
    """On the witness's way to a team's record."""
    consoles: dict[str, DrivenConsole] = field(default_factory=dict)
    _known: frozenset[UUID] = frozenset()

    def console(self, name: str) -> DrivenConsole:
        """Open (again) one of the consoles at its own desk and wait until it hears the switchboard."""
        opened = partial(getattr(self.office, name), home=f"home-{name}", switchboard="", screen="handler")
        made: DrivenConsole = opened(ami=self.lines[name].settings())
        self.consoles[name] = made
        made.until("calls", lambda one: not one["away"])
        return made

    def begin(self) -> None:
        """Open everything that is not open, and note which calls are known already."""
        for name in ("priya", "tom"):
            if name not in self.consoles or not self.consoles[name].alive:
                self.console(name)
        for one in (self.witness, self.lone):
            if not hasattr(one, "process") or one.process.poll() is not None:
                one.start()
            one.until_said("telephones", state="connected")
        self._known = frozenset(item.stream.id for item in self.items())

    def play(self, messages: Sequence[Message], *, without: Iterable[str] = ()) -> None:
        """Let messages come to everybody but some."""
        left_out = set(without)
        for name, line in self.lines.items():
            if name not in left_out:
                line.play(as_bytes(messages))

    # --- what remains -------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """Return the entries about calls in the shared record."""
        return [item_of(row) for row in self.office.sql(CALLS)]

    def lone_items(self) -> list[Item]:
        """Return those of the lone witness's record."""
        connection = connect(Path(self.lone.database), None)
        try:
            return [item_of(row) for row in connection.execute(CALLS).fetchall()]
        finally:
            connection.close()

    def _new(self, items: Iterable[Item]) -> Account:
        return account_of(item for item in items if item.stream.id not in self._known)

    def wanted(self, recordings: Sequence[Recording]) -> Account:
        """Return the account of the lone witness, once it has told the end of every call of the recordings."""
        count = sum(len(reports_of(recording)) for recording in recordings)

        def ended() -> int:
            return sum(one.ended_at is not None for one in self._new(self.lone_items()).calls)

        until(ended, lambda found: found >= count, PATIENCE, f"the lone witness tells {count} ends")
        return self._new(self.lone_items())

    def account(self, wanted: Account) -> Account:
        """Return the shared account once it is what is wanted; what never becomes so is returned as it is."""
        with suppress(AssertionError):
            until(
                lambda: self._new(self.items()),
                lambda found: (found.calls, found.facts) == (wanted.calls, wanted.facts),
                PATIENCE,
                "one account",
            )
        return self._new(self.items())

    def end(self) -> None:
        """End every process and line."""
        for one in (self.witness, self.lone):
            if hasattr(one, "process"):
                one.end()
        self.office.close()
        for line in self.lines.values():
            line.cut()


def item_of(row: Sequence[Any]) -> Item:
    """Return an entry of :data:`CALLS` as folds read it."""
    identity, stream, kind, author, role, station, made_at, seq, body = row
    as_id: Callable[[Any], UUID] = lambda found: found if isinstance(found, UUID) else UUID(str(found))  # noqa: E731
    return Item(
        as_id(identity), StreamRef(StreamKind.CALL, as_id(stream)), Kind(kind), author, Role(role), station,
        from_micros(made_at), "", None, None, "", seq, None, decode_body(body),
    )  # fmt: skip


def halves(recording: Recording, place: int) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Return a recording before and after a place."""
    messages = messages_of(recording)
    return messages[:place], messages[place:]
