"""A gate on the way to a server: it passes everything on, until it is told to let no answer through."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Gate:
    """``port`` is where to knock.  ``shut`` keeps back what the server says; what clients say goes on."""

    to: tuple[str, int]
    shut: threading.Event = field(default_factory=threading.Event)
    kept_back: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to listen."""
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(0.1)
        self.port = int(self._door.getsockname()[1])
        self._go(self._welcome)

    def end(self) -> None:
        """Close every way."""
        self._ended.set()
        for thread in self._threads:
            thread.join(5)
        self._door.close()

    def _go(self, what: object, *with_: object) -> None:
        thread = threading.Thread(target=what, args=with_, name="gate", daemon=True)  # type: ignore[arg-type]  # bound methods
        self._threads.append(thread)
        thread.start()

    def _welcome(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                client, _ = self._door.accept()
                self._go(self._carry, client)

    def _carry(self, client: socket.socket) -> None:
        with (
            client,
            suppress(OSError),
            socket.create_connection(self.to) as server,
            selectors.DefaultSelector() as both,
        ):
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            while not self._ended.is_set():
                for ready, _ in both.select(0.1):
                    source = ready.fileobj
                    assert isinstance(source, socket.socket)
                    data = source.recv(65536)
                    if not data:
                        return
                    if source is server and self.shut.is_set():
                        self.kept_back.set()
                        continue
                    ready.data.sendall(data)


@contextmanager
def gate_to(server: tuple[str, int]) -> Iterator[Gate]:
    """Give an open gate to a server for the length of a block."""
    gate = Gate(server)
    try:
        yield gate
    finally:
        gate.end()
