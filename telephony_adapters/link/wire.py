"""One TCP or TLS connection that can be woken: blocking sockets, no asyncio."""

from __future__ import annotations

import selectors
import socket
import ssl
from contextlib import suppress

from telephony_adapters.link.secure import Trust, secured

CONNECT_S = 5.0
SEND_S = 5.0
PIECE = 4_096
"""Most bytes taken at once: between two pieces a window that waits for its turn gets it."""


class Closed(Exception):
    """The other side closed the connection; a clean close is a loss too."""


class Waker:
    """Lets another thread end a wait."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)

    @property
    def socket(self) -> socket.socket:
        """The end to wait on."""
        return self._near

    def wake(self) -> None:
        """End the wait under way, or the next one; callable from any thread."""
        with suppress(OSError):
            self._far.send(b"!")

    def clear(self) -> None:
        """Forget that somebody called."""
        with suppress(BlockingIOError):
            while self._near.recv(64):
                pass

    def close(self) -> None:
        """Give both ends back."""
        self._near.close()
        self._far.close()


class Wire:
    """The connection.  Every method is for the thread that made it."""

    def __init__(self, place: Trust, waker: Waker) -> None:
        """Connect.  Raises :class:`OSError`, and :class:`NotTrusted` for a certificate that does not check out."""
        plain = socket.create_connection((place.host, place.port), timeout=CONNECT_S)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = secured(plain, place) if place.tls else plain
        except BaseException:
            plain.close()
            raise
        self._waker = waker
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._selector.register(waker.socket, selectors.EVENT_READ)

    def wait(self, seconds: float) -> bytes:
        """Return what arrived, or nothing after ``seconds`` or a call of the waker.

        Raises :class:`Closed` and :class:`OSError`.
        """
        pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0
        ready = {key.fileobj for key, _ in self._selector.select(0 if pending else seconds)}
        if self._waker.socket in ready:
            self._waker.clear()
        if not pending and self._socket not in ready:
            return b""
        return self._receive()

    def _receive(self) -> bytes:
        self._socket.settimeout(SEND_S)
        try:
            data = self._socket.recv(PIECE)
        except (ssl.SSLWantReadError, TimeoutError):
            return b""
        if not data:
            raise Closed
        return data

    def send(self, data: bytes) -> None:
        """Send all of ``data``.  Raises :class:`OSError`, also when it takes more than 5 s."""
        if data:
            self._socket.settimeout(SEND_S)
            self._socket.sendall(data)

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        with suppress(OSError):
            self._socket.close()
