"""The listening sockets, all of one thread: many connections, each short, none of them trusted.

A connection has so many seconds for its one message, however slowly it sends; where too many are open at one door the
oldest makes room.  So nobody who dawdles keeps anybody else out.
"""

from __future__ import annotations

import os
import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from telephony_adapters.link.wire import PIECE, Waker
from telephony_adapters.local_pop.protocol import NotTaken, Reader, Request, answer

LOOPBACK = "127.0.0.1"
LIMIT_S = 3.0
OPEN_AT_MOST = 16
"""Connections at one door."""
_TURN = 8
"""Most connections taken in at one look, so that a flood at one door leaves the other its turn."""

Take = Callable[[Request], bytes]
"""Takes a whole request and returns the bytes of the answer; raises :class:`NotTaken`."""


@dataclass(slots=True, eq=False)
class _Guest:
    """One connection; ``out`` is what must still be sent, ``answered`` that nothing it says counts any more."""

    socket: socket.socket
    address: tuple[str, int]
    take: Take
    until: float
    reader: Reader = field(default_factory=Reader)
    out: bytes = b""
    answered: bool = False
    left: bool = False


class _Door:
    """One listening socket and who is at it."""

    def __init__(self, port: int, take: Take) -> None:
        self.take = take
        self.socket = socket.create_server((LOOPBACK, port), backlog=64, reuse_port=False)
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.guests: list[_Guest] = []


class Doors:
    """Every method is for the thread that made it."""

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._selector = selectors.DefaultSelector()
        self._selector.register(waker.socket, selectors.EVENT_READ)
        self._doors: list[_Door] = []
        self.turned_away = 0
        """Messages that were not taken, and connections that never came to one."""

    def open(self, port: int, take: Take) -> int:
        """Listen at a port of this computer, 0 for any; return which.  Raises OSError."""
        door = _Door(port, take)
        self._doors.append(door)
        self._selector.register(door.socket, selectors.EVENT_READ, door)
        return door.port

    def look(self, seconds: float, now: Callable[[], float]) -> None:
        """Serve whoever is there, or wait for so long."""
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._waker.socket:
                self._waker.clear()
            elif isinstance(key.data, _Door):
                self._let_in(key.data, now())
            elif isinstance(key.data, _Guest) and not key.data.left:
                # Who had to make room in this very look is gone already.
                self._serve(key.data)
        self._send_away_late(now())

    def guests(self) -> frozenset[tuple[str, int]]:
        """Return the addresses of everybody who is at a door now."""
        return frozenset(guest.address for door in self._doors for guest in door.guests)

    def close(self) -> None:
        """Let go of every socket."""
        for door in self._doors:
            for guest in tuple(door.guests):
                self._leave(guest)
            door.socket.close()
        self._selector.close()

    def _let_in(self, door: _Door, now: float) -> None:
        for _ in range(_TURN):
            try:
                one, address = door.socket.accept()
            except OSError:
                return
            one.setblocking(False)
            if len(door.guests) >= OPEN_AT_MOST:
                self._refuse(door.guests[0])
            guest = _Guest(one, address, door.take, now + LIMIT_S)
            door.guests.append(guest)
            self._selector.register(one, selectors.EVENT_READ, guest)

    def _serve(self, guest: _Guest) -> None:
        try:
            gone = self._say(guest) if guest.out else self._hear(guest)
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            self._leave(guest)

    def _say(self, guest: _Guest) -> bool:
        """Send a piece of the answer; after the last one only wait until the other side has read it."""
        guest.out = guest.out[guest.socket.send(guest.out) :]
        if not guest.out:
            guest.answered = True
            guest.socket.shutdown(socket.SHUT_WR)
            self._selector.modify(guest.socket, selectors.EVENT_READ, guest)
        return False

    def _hear(self, guest: _Guest) -> bool:
        """Take a piece of what is sent; return whether the guest has gone."""
        data = guest.socket.recv(PIECE)
        if not data or guest.answered:
            # To hang up on what is still being sent would take the answer from whoever sends it.
            return not data
        try:
            request = guest.reader.feed(data)
            if request is None:
                return False
            guest.out = guest.take(request)
        except NotTaken as refusal:
            self.turned_away += 1
            guest.out = answer(refusal.status, str(refusal))
        self._selector.modify(guest.socket, selectors.EVENT_WRITE, guest)
        return False

    def _send_away_late(self, now: float) -> None:
        for guest in [guest for door in self._doors for guest in door.guests if guest.until < now]:
            self._refuse(guest)

    def _refuse(self, guest: _Guest) -> None:
        if not guest.answered and not guest.out:
            self.turned_away += 1
            with suppress(OSError):
                guest.socket.send(answer(HTTPStatus.REQUEST_TIMEOUT, "The message did not come in time."))
        self._leave(guest)

    def _leave(self, guest: _Guest) -> None:
        for door in self._doors:
            if guest in door.guests:
                door.guests.remove(guest)
        guest.left = True
        self._selector.unregister(guest.socket)
        guest.socket.close()


def why_shut(error: OSError) -> str:
    """Return the system's words for why a door cannot be opened; what Python adds to them names the place again."""
    return os.strerror(error.errno) if error.errno else type(error).__name__
