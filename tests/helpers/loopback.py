"""A switchboard's end of a connection: a real socket of the loopback that serves one client after another."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Loopback:
    """``with`` it: it listens on :attr:`port`, on a thread of its own, until the end of that."""

    def __init__(self, name: str, port: int = 0) -> None:
        """``name`` is the thread's; ``port`` one that another had before, or 0 for a free one."""
        self.connections = 0
        self.awake = threading.Event()
        """Cleared, it stands still as a stopped process does: what comes meanwhile is read once it is set again."""
        self.awake.set()
        self._changed = threading.Condition()
        self._server = socket.create_server(("127.0.0.1", port))
        self._server.settimeout(0.05)
        self._client: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.getsockname()[1])

    @property
    def connected(self) -> bool:
        """Say whether a client is there."""
        return self._client is not None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self.awake.set()
        self.hang_up()
        self._thread.join(5)
        self._server.close()

    def play(self, data: bytes) -> None:
        """Send bytes to the client, as many as there are."""
        client = self._client
        if client is not None:
            with suppress(OSError):
                client.sendall(data)

    def hang_up(self) -> None:
        """Close the connection cleanly: for a client, that is a loss."""
        client = self._client
        if client is not None:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def wait_connection(self, count: int, seconds: float = 15.0) -> None:
        """Return once ``count`` connections were made in all."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.connections >= count, seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = self._server.accept()
            except TimeoutError:
                continue
            self._client = client
            with self._changed:
                self.connections += 1
                self._changed.notify_all()
            with client, suppress(OSError), self._spoken(client) as link:
                self._client = link
                link.settimeout(None)
                self._serve(link)
            self._client = None

    def _spoken(self, client: socket.socket) -> socket.socket:
        """Return what is spoken through with a client: the socket itself, or one with TLS around it."""
        return client

    def _serve(self, client: socket.socket) -> None:
        """Speak with one client until it goes.  May raise :class:`OSError`."""
        raise NotImplementedError
