"""A console in a process of its own, driven by a test: real window, real journal, real shared file.

The fixture ``office`` (``pytest_plugins = ["tests.helpers.driven_console_fixtures"]``) makes the
folder, the record with invented people, the simulated switchboard and any number of consoles, and
ends them all; a console that logged a warning or met a fault of its own fails the test, unless the
test says that it expects it.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from console.ports.switchboard import Switchboard
from db.engine import connect
from telephony_adapters.simulator import SimulatedSwitchboard, SimulatorControl, SimulatorServer, Times, load
from tests.helpers.driven_console_driver import Spec

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds a console may take to answer or to come to what a test waits for; two cores serve many.

No wait is shorter, whatever a test says: that something comes at once is measured, never waited for.
"""


class ConsoleFailed(AssertionError):
    """The console did not answer, answered with an error, or never came to what was waited for."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One key that fell: how many so far, and when by the clock all processes share."""

    count: int
    at: float


class DrivenConsole:
    """One console process."""

    def __init__(self, spec: Spec, folder: Path, home: Path, environment: dict[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.spec = spec
        self.home = home
        self.typed: list[Typed] = []
        self._stderr = folder / "stderr.txt"
        self._numbers = itertools.count(1)
        self._answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        file = folder / "spec.json"
        file.write_text(json.dumps(asdict(spec)), encoding="utf-8")
        wanted = {"QT_QPA_PLATFORM": "offscreen", "NIGHTDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}
        with self._stderr.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-X", "faulthandler", "-m", "tests.helpers.driven_console_driver", str(file)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=ROOT,
                env={**os.environ, **wanted, **(environment or {})},
            )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._next(PATIENCE)
        except BaseException:
            self.end()
            raise

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message = json.loads(line)
            if "typed" in message:
                self.typed.append(Typed(message["typed"], message["at"]))
            else:
                self._answers.put(message)
        self._answers.put({"gone": True})

    def _next(self, seconds: float) -> dict[str, Any]:
        try:
            message = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise ConsoleFailed(f"{self.spec.name}'s console did not answer within {seconds:.0f} s") from None
        if "gone" in message:
            raise ConsoleFailed(f"{self.spec.name}'s console ended by itself:\n{self.said()}")
        return message

    def said(self) -> str:
        """Return the end of what it wrote on stderr."""
        return self._stderr.read_text(encoding="utf-8", errors="replace")[-4000:]

    # --- what a test does with it -------------------------------------------------------------

    def tell(self, do: str, /, **words: Any) -> int:
        """Give a command and do not wait; return its number for :meth:`answer`."""
        number = next(self._numbers)
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": number, "do": do, **words}) + "\n")
        self.process.stdin.flush()
        return number

    def answer(self, number: int, seconds: float = PATIENCE) -> Any:
        """Return the answer to a command; an error fails the test."""
        while True:
            message = self._next(seconds)
            if message.get("id") == number:
                if "error" in message:
                    raise ConsoleFailed(f"{self.spec.name}: {message['error']}")
                return message["ok"]

    def ask(self, do: str, /, **words: Any) -> Any:
        """Give a command and return its answer."""
        return self.answer(self.tell(do, **words))

    def patiently(self, do: str, /, seconds: float = PATIENCE, **words: Any) -> Any:
        """Do it once the window offers it, as a person waits for a row to come."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.ask(do, **words)
            except ConsoleFailed as failed:
                if "CannotDo" not in str(failed) or time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def probe(self, name: str) -> Any:
        """Return one of the named read models."""
        return self.ask("probe", name=name)

    def until(self, name: str, holds: Callable[[Any], Any], seconds: float = PATIENCE) -> Any:
        """Wait until ``holds`` of a read model, and return it."""
        return until(lambda: self.probe(name), holds, seconds, f"{self.spec.name}: {name}")

    def press(self, act: str) -> str:
        """Press the key of an act; return the name of what had the focus."""
        return str(self.ask("press", act=act))

    def type(self, text: str) -> str:
        """Type real keys into whatever has the focus; a new line is Enter."""
        return str(self.ask("type", text=text))

    def note(self, text: str) -> None:
        """Go to the note, type a line and Enter."""
        self.press("note")
        assert self.type(text + "\n") == "Notes"

    def choose(self, name: str, label: str) -> None:
        """Choose in a list of the page."""
        self.patiently("choose", name=name, label=label)

    def form(self, act: str, **values: str) -> None:
        """Open a form by its key, fill it, and send it with Ctrl+Enter."""
        self.press(act)
        self.until("form", bool)
        self.patiently("fill", values=values)
        self.press("finish")

    def row(self, name: str, words: str, act: str = "") -> str:
        """Act on a row of a list."""
        return str(self.patiently("row", name=name, words=words, act=act))

    def rows(self, screen: str = "") -> list[dict[str, Any]]:
        """Return the rows last drawn."""
        return list(self.ask("rows", screen=screen))

    def ever(self) -> list[dict[str, Any]]:
        """Return every different row ever drawn on any screen of this window."""
        return list(self.ask("ever"))

    def words(self) -> str:
        """Return every text the window holds, one a line."""
        return "\n".join(self.probe("texts"))

    def until_shown(self, words: str, seconds: float = PATIENCE) -> None:
        """Wait until the window holds these words."""
        until(self.words, lambda text: words in text, seconds, f"{self.spec.name} shows {words!r}")

    def sign_in(self, **other: str) -> None:
        """Sign in and wait until the worker is at work."""
        self.ask("sign_in", **other)
        answer = self.until("seated", lambda one: one["seated"] or one["refused"])
        assert answer["seated"], answer["refused"]

    def refused(self, **other: str) -> str:
        """Try to sign in and return the sentence of the refusal."""
        self.ask("sign_in", **other)
        answer = self.until("seated", lambda one: one["seated"] or one["refused"])
        assert not answer["seated"]
        return str(answer["refused"])

    # --- ends ---------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Say whether the process runs."""
        return self.process.poll() is None

    def kill(self) -> float:
        """SIGKILL; return when, by the clock all processes share."""
        self.process.kill()
        at = time.monotonic()
        self.process.wait(10)
        self._reader.join(5)
        return at

    def close(self) -> None:
        """Sign nobody out, just close as a window is closed, and wait for the process."""
        self.ask("quit")
        self.process.wait(15)

    def end(self) -> None:
        """End it however it stands; never raises."""
        if self.alive:
            with suppress(Exception):
                self.tell("quit")
                self.process.wait(8)
        if self.alive:
            self.process.kill()
            self.process.wait(10)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._reader.join(5)


def until(look: Callable[[], T], holds: Callable[[T], Any], seconds: float, what: str) -> T:
    """Look again and again until it holds, for :data:`PATIENCE` at least; return what was seen."""
    end = time.monotonic() + max(seconds, PATIENCE)
    while True:
        seen = look()
        if holds(seen):
            return seen
        if time.monotonic() > end:
            raise ConsoleFailed(f"{what} never came; last seen: {str(seen)[:4000]}")
        time.sleep(0.03)


@dataclass
class Office:
    """One record, one switchboard, and the consoles of one test."""

    folder: Path
    database: Path
    consoles: list[DrivenConsole] = field(default_factory=list)
    expects_warnings: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    _server: SimulatorServer | None = None
    _switchboard: SimulatedSwitchboard | None = None

    @property
    def record(self) -> str:
        """Return the record as ``--database`` names it."""
        return str(self.database)

    # --- telephones ---------------------------------------------------------------------------

    def telephones(self, script: str, *, earlier: bool = False, port: int = 0) -> SimulatorControl:
        """Start the simulated switchboard with a script (a name of ours, or the text of one)."""
        named = script if "\n" not in script else str(self._script(script))
        self._switchboard = SimulatedSwitchboard(
            load(named), None, times=Times.NOW, earlier=earlier, people=True, waits_for=0
        )
        self._server = SimulatorServer(self._switchboard, port)
        control = SimulatorControl(self._switchboard)
        control.pause()
        self._switchboard.start()
        control.jump(self._switchboard.script.opens)
        return control

    def telephones_anew(self, script: str) -> SimulatorControl:
        """Start a switchboard in the place of the one before, at the same address; it knows nothing of its calls."""
        assert self._server is not None
        port = int(self._server.address.rpartition(":")[2])
        self._server.close()
        return self.telephones(script, port=port)

    @property
    def opens(self) -> datetime:
        """Return when the script opens, in the script's own time (UTC)."""
        assert self._switchboard is not None
        return self._switchboard.script.opens

    def _script(self, text: str) -> Path:
        file = self.folder / "script.txt"
        file.write_text(text, encoding="utf-8")
        return file

    def listen(self) -> Switchboard:
        """Return one more line to the simulated switchboard, for the test itself."""
        assert self._switchboard is not None
        return self._switchboard.attach()

    @property
    def address(self) -> str:
        """Return where the simulated switchboard listens; empty without one."""
        return self._server.address if self._server is not None else ""

    # --- people -------------------------------------------------------------------------------

    def open(
        self, name: str, extension: str, *, role: str = "service_adviser", screen: str = "handler", home: str = "",
        seated: bool = True, **more: Any,
    ) -> DrivenConsole:  # fmt: skip
        """Open a console; its home is its own unless ``home`` names a shared one."""
        more.setdefault("switchboard", self.address)
        spec = Spec(self.record, name, role, extension, screen, **more)
        number = len(self.consoles)
        folder = self.folder / f"console-{number}"
        made = DrivenConsole(spec, folder, self.folder / (home or f"home-{number}"), self.environment)
        self.consoles.append(made)
        if seated:
            made.sign_in()
        return made

    def priya(self, **more: Any) -> DrivenConsole:
        """Open the handler's console."""
        return self.open("Priya Raman", "1001", **more)

    def tom(self, **more: Any) -> DrivenConsole:
        """Open the second worker's console."""
        return self.open("Tom Adeyemi", "1002", **{"role": "support_worker", "screen": "coordinator", **more})

    def helen(self, **more: Any) -> DrivenConsole:
        """Open the duty manager's board."""
        return self.open("Helen Marsh", "1003", role="duty_manager", screen="board", **more)

    # --- the record, read by somebody else ------------------------------------------------------

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the shared file itself, on a connection of our own."""
        connection = connect(self.database, None)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def bodies(self, kind: str = "%") -> list[tuple[int, str, dict[str, Any]]]:
        """Return seq, author and body of the entries of a kind, in the record's order."""
        found = self.sql(
            "SELECT entry.seq, entry.author, entry_body.body FROM entry JOIN entry_body ON entry_body.id = entry.id "
            "WHERE entry.kind LIKE ? ORDER BY entry.seq",
            kind,
        )
        return [(seq, author, json.loads(body)) for seq, author, body in found]

    def access(self) -> list[str]:
        """Return what was done with records, in order: listed, opened."""
        return [str(row[0]) for row in self.sql("SELECT action FROM access ORDER BY seq")]

    def verify(self, *more: str) -> subprocess.CompletedProcess[str]:
        """Run ``nightdesk db verify`` on the record."""
        return nightdesk("db", "verify", "--database", str(self.database), *more)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Hold the whole database in another process, as a frozen one would."""
        with frozen_database(self.database):
            yield

    @contextmanager
    def neither_hears(self) -> Iterator[None]:
        """Hold the record, so that what two write in the block was surely seen by neither of the other."""
        self.expects_warnings = True
        with self.frozen():
            yield

    # --- ends ---------------------------------------------------------------------------------

    def check(self) -> None:
        """Fail for a warning or a fault of any console that is still there."""
        for console in self.consoles:
            if console.alive:
                seated = console.probe("seated")
                assert not seated["faults"], seated["faults"]
                warned = console.probe("warnings")
                assert not warned or self.expects_warnings, f"{console.spec.name}: {warned}"
                assert not console.probe("windows")["modal"]

    def close(self) -> None:
        """End everything."""
        for console in self.consoles:
            with suppress(Exception):
                console.tell("quit")
        for console in self.consoles:
            console.end()
        if self._server is not None:
            self._server.close()


def nightdesk(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line and return what came of it."""
    return subprocess.run(
        [sys.executable, "-m", "ui", *words],
        cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


_HOLD = """
import sys
import sqlcipher3.dbapi2 as sqlite
connection = sqlite.connect(sys.argv[1], isolation_level=None, timeout=10)
connection.execute("BEGIN EXCLUSIVE")
connection.execute("CREATE TABLE held (x)")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
connection.close()
"""


@contextmanager
def frozen_database(file: Path) -> Iterator[None]:
    """Let another process hold the file so that nobody else writes, until the block ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        yield
    finally:
        holder.stdin.close()
        holder.wait(10)
        holder.stdout.close()


class Metronome:
    """How late this computer is with a process that wants nothing: what a stall is measured against."""

    STEP = 0.002

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Metronome:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _tick(self) -> None:
        last = time.monotonic()
        while not self._ended.wait(self.STEP):
            now = time.monotonic()
            if now - last > 3 * self.STEP:
                self._late.append((last, now))
            last = now

    def own(self, gap: tuple[float, float]) -> float:
        """Return how much of a gap, in seconds, was not this computer's own lateness."""
        begin, end = gap
        lost = sum(max(0.0, min(end, late) - max(begin, since)) for since, late in self._late)
        return end - begin - lost
