"""The telephones on our desks: a real SIP stack in another process, driven from a test."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.helpers.pbx.configuration import EXTENSIONS, PbxPlan
from tests.helpers.pbx.heeding import Manner
from tests.helpers.pbx.ports import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
BUSY = "session refresh is already in flight"
"""What the stack says while it still tells the switchboard something else."""
WITHIN = 60.0
"""Seconds a telephone may take for anything; two cores serve many."""


@dataclass
class Phone:
    """One telephone; every act returns when the telephone has done it."""

    extension: str
    phones: Phones
    rung: int = 0
    expected: int = 0
    rung_by: list[str] = field(default_factory=list)
    """The number of everybody who rang here, as the telephone was told it."""
    heard: str = ""
    """The digits that were sent to it."""

    def wait_ringing(self, seconds: float = WITHIN) -> None:
        """Return when a call rings here that was not waited for before."""
        self.expected += 1
        self.phones.wait_until(lambda: self.rung >= self.expected, f"{self.extension} did not ring", seconds)

    def wait_digits(self, digits: str, seconds: float = WITHIN) -> None:
        """Return when these digits were heard, in this order and no others."""
        self.phones.wait_until(lambda: self.heard == digits, f"{self.extension} did not hear {digits}", seconds)

    def answer(self) -> None:
        """Take the call that rings."""
        self.phones.ask(self, "answer")

    def reject(self) -> None:
        """Refuse the call that rings."""
        self.phones.ask(self, "reject")

    def hang_up(self) -> None:
        """End the newest call."""
        self.phones.ask(self, "hang_up")

    def hold(self) -> None:
        """Put the newest call on hold."""
        self.phones.ask_again(self, "hold")

    def resume(self) -> None:
        """Take it back."""
        self.phones.ask_again(self, "resume")

    def blind_transfer(self, to: str) -> None:
        """Give the newest call to ``to``."""
        self.phones.ask(self, "blind_transfer", uri=self.phones.uri(to))

    def attended_transfer(self) -> None:
        """Join the caller on hold and the colleague on the line, and leave them."""
        self.phones.ask(self, "attended_transfer")

    def connected(self) -> None:
        """Return when the newest call has been answered."""
        self.phones.ask(self, "connected")

    def press(self, digits: str) -> None:
        """Press keys in the newest call."""
        self.phones.ask(self, "press", digits=digits)

    def partner(self) -> str:
        """Return who is on the line, empty for nobody."""
        return self.phones.ask(self, "partner")

    def rings_for(self) -> str:
        """Return whose call rings here, empty for nobody's."""
        return self.phones.ask(self, "rings_for")

    def dial(self, number: str) -> None:
        """Ring ``number``."""
        self.phones.ask(self, "dial", uri=self.phones.uri(number))

    def unregister(self) -> None:
        """Go away from the switchboard."""
        self.phones.ask(self, "unregister")

    def register(self) -> None:
        """Come back to it."""
        self.phones.ask(self, "register_again")

    def leave_all(self) -> None:
        """End every call."""
        self.phones.ask(self, "leave_all")
        self.expected = self.rung
        self.rung_by.clear()


@dataclass
class Phones:
    """``with Phones(plan) as phones: phones["1001"].answer()``.

    ``outside``: these are no telephones of ours but the world's, by their numbers: the trunk leads to them.
    ``ear``: what they make of the events talk and hold, by which a switchboard asks them to answer and to hold.
    """

    plan: PbxPlan
    extensions: tuple[str, ...] = EXTENSIONS
    outside: bool = False
    ear: Manner = Manner.NO_EAR
    _process: subprocess.Popen[str] | None = None
    _news: threading.Condition = field(default_factory=threading.Condition)
    _answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    _ready: bool = False
    _ended: bool = False
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """Name the telephones."""
        self._phones = {extension: Phone(extension, self) for extension in self.extensions}

    def __getitem__(self, extension: str) -> Phone:
        """Return one telephone."""
        return self._phones[extension]

    def __enter__(self) -> Phones:
        """Start the process and register every telephone; raises AssertionError with what the process said."""
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.pbx.phone_process"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="phones", daemon=True)
        self._reader.start()
        own_port = self.plan.world_port if self.outside else free_port()
        own: dict[str, object] = {"own_port": own_port, "sip_port": self.plan.sip_port, "registers": not self.outside}
        own |= {"ear": self.ear, "ear_port": free_port() if self.ear else 0}
        self._write(**own, password=self.plan.phone_secret, extensions=list(self.extensions))
        try:
            self.wait_until(lambda: self._ready, "the telephones did not register")
        except BaseException as error:
            self.close()
            self._said.seek(0)
            error.add_note(self._said.read().decode(errors="replace")[-2000:])
            self._said.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()
        self._said.close()

    def close(self) -> None:
        """End every call and the process; harmless when it has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        self._reader.join(5)
        if process.stdout is not None:
            process.stdout.close()

    def uri(self, number: str) -> str:
        """Return the address of a number at this switchboard."""
        return f"sip:{number}@127.0.0.1:{self.plan.sip_port}"

    def ask(self, phone: Phone, act: str, **more: str) -> str:
        """Let a telephone do something; return what it tells.  Raises AssertionError with its reason."""
        number = next(self._numbers)
        self._write(id=number, phone=phone.extension, do=act, **more)
        self.wait_until(lambda: number in self._answers, f"{phone.extension} did not {act}")
        answer = self._answers[number]
        assert "error" not in answer, f"{phone.extension} could not {act}: {answer['error']}"
        return str(answer.get("told", ""))

    def ask_again(self, phone: Phone, act: str, seconds: float = WITHIN) -> None:
        """As :meth:`ask`, again and again while the telephone is still busy telling the switchboard something else."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.ask(phone, act)
            except AssertionError as refused:
                if BUSY not in str(refused) or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def all(self) -> tuple[Phone, ...]:
        """Return every telephone."""
        return tuple(self._phones.values())

    def quiet(self) -> None:
        """End every call on every telephone."""
        for phone in self._phones.values():
            phone.leave_all()

    def register(self) -> None:
        """Register every telephone again, after the switchboard was away."""
        for phone in self._phones.values():
            self.ask(phone, "register_again")

    def wait_until(self, ready: Any, otherwise: str, seconds: float = WITHIN) -> None:
        """Wait for news that makes ``ready()`` true."""
        deadline = time.monotonic() + seconds
        with self._news:
            while not ready():
                left = deadline - time.monotonic()
                assert left > 0, f"{otherwise} within {seconds:.0f} s"
                assert not self._ended, f"{otherwise}: the telephones' process has ended"
                self._news.wait(left)

    def _write(self, **message: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            with self._news:
                self._note(message)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _note(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            self._ready = True
        elif "id" in message:
            self._answers[message["id"]] = message
        elif message.get("is") == "ringing":
            phone = self._phones[message["phone"]]
            phone.rung += 1
            phone.rung_by.append(message["by"])
        elif message.get("is") == "pressed":
            self._phones[message["phone"]].heard += message["digit"]
