"""What makes the rig's telephones heed the events ``talk`` and ``hold``, as many on a desk do.

The stack of our telephones knows neither.  This ear sits between the switchboard and their process: it hands every
message on, except such a NOTIFY, which it answers as a telephone does, and has the telephone do what was asked.  So
that nothing passes it by, each side is told the ear's address as the other's.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

HOST = "127.0.0.1"


class Manner(StrEnum):
    """What a telephone makes of the events.  Our telephones by themselves answer them with 481."""

    NO_EAR = ""
    HEEDS = "heeds"
    PASSES_OVER = "passes over"
    """It answers that it knows no such event, and does nothing."""


Heed = Callable[[str, str], bool]
"""Told a Call-ID and ``talk`` or ``hold``; says whether there is such a call."""

_CONTACT = re.compile(rb"^Contact:[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_ECHOED = ("via", "from", "to", "call-id", "cseq")
_EVENTS = ("talk", "hold")


def answer_to(message: bytes, manner: Manner, heed: Heed) -> bytes | None:
    """Return the answer to a NOTIFY that asks for something; None for every other message."""
    first, *lines = message.partition(b"\r\n\r\n")[0].decode(errors="replace").split("\r\n")
    parted = [line.partition(":") for line in lines]
    headers = [(name.strip().lower(), value.strip()) for name, _, value in parted]
    known = dict(reversed(headers))
    event = known.get("event", "")
    if not first.startswith("NOTIFY ") or event not in _EVENTS:
        return None
    if "subscription-state" not in known:
        # RFC 6665 wants it in every NOTIFY: a telephone that goes by the book refuses one without.
        said = "400 Bad Request"
    elif manner is Manner.PASSES_OVER:
        said = "489 Bad Event"
    else:
        said = "200 OK" if heed(known.get("call-id", ""), event) else "481 Call Does Not Exist"
    echoed = [f"{name}: {value}" for name, value in headers if name in _ECHOED]
    return "\r\n".join([f"SIP/2.0 {said}", *echoed, "Content-Length: 0", "", ""]).encode()


@dataclass
class Ear(asyncio.DatagramProtocol):
    """Hands messages on between the switchboard's port and the telephones' own."""

    port: int
    switchboard: int
    telephones: int
    manner: Manner
    heed: Heed
    _out: Any = field(default=None, init=False)

    async def listen(self) -> None:
        """Begin; ends with the process."""
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=(HOST, self.port))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._out = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer, or hand on."""
        if addr[1] == self.telephones:
            self._hand_on(data, self.telephones, self.switchboard)
        elif (answer := answer_to(data, self.manner, self.heed)) is not None:
            self._out.sendto(answer, addr)
        else:
            self._hand_on(data, self.switchboard, self.telephones)

    def _hand_on(self, data: bytes, sender: int, receiver: int) -> None:
        theirs, ours = f"{HOST}:{sender}".encode(), f"{HOST}:{self.port}".encode()
        told = _CONTACT.sub(lambda line: line.group().replace(theirs, ours), data)
        self._out.sendto(told, (HOST, receiver))
