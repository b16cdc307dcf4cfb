"""The driver's own hands at the switchboard: a bare manager connection that shares no code with the adapter."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.helpers.pbx.asterisk import Asterisk

WITHIN = 15.0
_END = b"\r\n\r\n"


@dataclass
class Hands:
    """Sends actions and keeps every byte that the switchboard says meanwhile."""

    pbx: Asterisk
    link: socket.socket
    said: bytearray = field(default_factory=bytearray)
    banner: bytes = b""
    _news: threading.Condition = field(default_factory=threading.Condition)
    _count: int = 0

    def act(self, action: str, **more: str) -> str:
        """Carry out an action; return the answer.  Raises AssertionError where it was refused."""
        self._count += 1
        number = f"hands-{self._count}"
        lines = [f"Action: {action}", f"ActionID: {number}", *(f"{key}: {value}" for key, value in more.items())]
        self.link.sendall("\r\n".join(lines).encode() + _END)
        answer = self._answer(number)
        assert "Response: Success" in answer, f"{action} was answered: {answer}"
        return answer

    def channel(self, endpoint: str) -> str:
        """Return the newest channel of an endpoint: an extension, or ``trunk``."""
        end = time.monotonic() + WITHIN
        while time.monotonic() < end:
            lines = self.pbx.cli("core show channels concise").splitlines()
            names = [line.partition("!")[0] for line in lines]
            found = [name for name in names if name.startswith(f"PJSIP/{endpoint}-")]
            if found:
                return max(found)
            time.sleep(0.1)
        raise AssertionError(f"no channel of {endpoint}")

    def until_doing(self, application: str) -> None:
        """Wait until the dial plan runs an application."""
        self._until(lambda: application in self.pbx.cli("core show channels concise"), f"{application} never ran")

    def told(self, event: str, key: str) -> str:
        """Return a value of the last event of a name, once there is one."""
        self._until(lambda: self._last(event, key), f"no {event} came")
        return self._last(event, key)

    def bridged(self, extensions: Iterable[str]) -> list[str]:
        """Return which of these telephones the switchboard says it put through to somebody."""
        entered = [block for block in self._blocks() if "Event: BridgeEnter\r\n" in block]
        return [one for one in extensions if any(f"\r\nChannel: PJSIP/{one}-" in block for block in entered)]

    def _last(self, event: str, key: str) -> str:
        found = [block for block in self._blocks() if f"Event: {event}\r\n" in block]
        return found[-1].partition(f"\r\n{key}: ")[2].partition("\r\n")[0] if found else ""

    def _blocks(self) -> list[str]:
        with self._news:
            return bytes(self.said).decode(errors="replace").split("\r\n\r\n")

    def _until(self, ready: Callable[[], object], otherwise: str) -> None:
        end = time.monotonic() + WITHIN
        while not ready():
            assert time.monotonic() < end, otherwise
            time.sleep(0.1)

    def _answer(self, number: str) -> str:
        end = time.monotonic() + WITHIN
        mark = f"ActionID: {number}\r\n".encode()
        with self._news:
            while time.monotonic() < end:
                for block in bytes(self.said).split(_END):
                    if mark in block + b"\r\n" and b"Response: " in block:
                        return block.decode(errors="replace")
                self._news.wait(0.5)
        raise AssertionError(f"the switchboard did not answer {number}")

    def forget(self) -> None:
        """Forget what was said so far."""
        with self._news:
            self.said.clear()

    def listen(self) -> None:
        """Keep what comes until the connection ends."""
        while True:
            try:
                data = self.link.recv(65_536)
            except OSError:
                return
            if not data:
                return
            with self._news:
                self.said += data
                self._news.notify_all()


@contextmanager
def hands_at(pbx: Asterisk, user: str, secret: str) -> Iterator[Hands]:
    """Log in; always leaves."""
    with socket.create_connection(("127.0.0.1", pbx.plan.ami_port), WITHIN) as link:
        link.settimeout(None)
        hands = Hands(pbx, link)
        ear = threading.Thread(target=hands.listen, name="hands", daemon=True)
        ear.start()
        try:
            hands.act("Login", Username=user, Secret=secret)
            hands.banner = bytes(hands.said).partition(b"\r\n")[0] + b"\r\n"
            yield hands
        finally:
            link.shutdown(socket.SHUT_RDWR)
            ear.join(5)
