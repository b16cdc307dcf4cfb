"""One connection that can be woken, over TCP, TLS or UDP: blocking sockets, no asyncio."""

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
DATAGRAM = 65_535
"""Bytes of the longest datagram there is."""
BURST = 1024 * 1024
"""Bytes of datagrams that may wait to be read, as far as the system lets us have room for them."""


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


class _Woken:
    """A socket and a waker, waited on together.  Every method is for the thread that made it."""

    def __init__(self, opened: socket.socket, waker: Waker) -> None:
        self._socket = opened
        self._waker = waker
        self._selector = selectors.DefaultSelector()
        self._selector.register(opened, selectors.EVENT_READ)
        self._selector.register(waker.socket, selectors.EVENT_READ)

    @property
    def here(self) -> tuple[str, int]:
        """Return the address and the port by which the other side reaches us."""
        address = self._socket.getsockname()
        return str(address[0]), int(address[1])

    def _is_ready(self, seconds: float) -> bool:
        """Wait until something has come (True), or ``seconds`` are over, or somebody woke us."""
        ready = {key.fileobj for key, _ in self._selector.select(seconds)}
        if self._waker.socket in ready:
            self._waker.clear()
        return self._socket in ready

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        with suppress(OSError):
            self._socket.close()


class Wire(_Woken):
    """The connection as a stream of bytes."""

    def __init__(self, place: Trust, waker: Waker) -> None:
        """Connect.  Raises :class:`OSError`, and :class:`NotTrusted` for a certificate that does not check out."""
        plain = socket.create_connection((place.host, place.port), timeout=CONNECT_S)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened = secured(plain, place) if place.tls else plain
        except BaseException:
            plain.close()
            raise
        super().__init__(opened, waker)

    def wait(self, seconds: float) -> bytes:
        """Return what arrived, or nothing after ``seconds`` or a call of the waker.

        Raises :class:`Closed` and :class:`OSError`.
        """
        pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0
        ready = self._is_ready(0 if pending else seconds)
        return self._receive() if ready or pending else b""

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


class Datagrams(_Woken):
    """The same over UDP: each piece is one datagram, and none comes from anybody but the other side."""

    def __init__(self, place: Trust, waker: Waker) -> None:
        """Find the address; nothing is sent.  Raises :class:`OSError`."""
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_DGRAM)
        # By UDP nothing tells that nobody listens at the first of several addresses; by IPv4 somebody usually does.
        family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BURST)
            opened.connect(address)
        except BaseException:
            opened.close()
            raise
        super().__init__(opened, waker)

    def wait(self, seconds: float) -> bytes:
        """Return one datagram, or nothing after ``seconds`` or a call of the waker.  Raises :class:`OSError`."""
        if not self._is_ready(seconds):
            return b""
        try:
            return self._socket.recv(DATAGRAM)
        except BlockingIOError:
            # Its checksum was wrong: the kernel had it, and threw it away.
            return b""

    def send(self, data: bytes) -> None:
        """Send ``data`` as one datagram.  Raises :class:`OSError`; one that finds no room is lost, as any may be."""
        with suppress(BlockingIOError):
            if data:
                self._socket.send(data)
