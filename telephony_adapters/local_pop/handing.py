"""The other end: how a command of the same account hands a message to the console that runs.

It sends nothing before the console has proved that it knows the token: after a crash the port may be a stranger's.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from console.domain.text import safe_block
from telephony_adapters.link.clock import ComputerClock
from telephony_adapters.local_pop import run_file
from telephony_adapters.local_pop.run_file import Running
from telephony_adapters.local_pop.signing import HELLO, KEY, SIGNATURE, TIME, prove, sign

PATIENCE_S = 5.0
"""Seconds for one question and the whole of its answer."""
_LARGEST = 8_000
"""Most bytes of an answer."""
_STATUS = re.compile(rb"HTTP/1\.1 ([2-5][0-9]{2}) ")


class NobodyThere(Exception):
    """No console of this account listens."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the console answered; ``said`` is its sentence."""

    status: int
    said: str

    @property
    def taken(self) -> bool:
        """Say whether the message was taken."""
        return self.status == HTTPStatus.OK


def hand_over(file: Path, path: str, fields: Mapping[str, str], at: datetime, patience: float = PATIENCE_S) -> Answered:
    """Hand ``fields`` to the console that ``file`` names.  Raises :class:`NobodyThere`."""
    running = run_file.read(file)
    if running is None or not answers(running, patience):
        raise NobodyThere
    body = json.dumps(dict(fields)).encode()
    stamp, key = str(int(at.timestamp())), secrets.token_hex(16)
    headers = {TIME: stamp, KEY: key, SIGNATURE: sign(running.token, stamp, key, path, body)}
    asked = _request(running, f"POST {path}", headers | {"Content-Type": "application/json"}, body)
    return _ask(running, asked, patience)


def answers(running: Running, patience: float = PATIENCE_S) -> bool:
    """Say whether the console of this run is there, and no stranger at its port."""
    key = secrets.token_hex(16)
    try:
        said = _ask(running, _request(running, f"GET {HELLO}", {KEY: key}), patience).said
    except NobodyThere:
        return False
    return hmac.compare_digest(said.encode(), prove(running.token, key).encode())


def _request(running: Running, line: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    named = {"Host": f"127.0.0.1:{running.port}", "Content-Length": str(len(body)), **headers}
    lines = [f"{line} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def _ask(running: Running, request: bytes, patience: float) -> Answered:
    """Read the answer as strictly as the console reads us: whatever stands at the port may send anything, or drip."""
    try:
        head, _, body = _exchanged(running.port, request, patience).partition(b"\r\n\r\n")
        said = json.loads(body)["said"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise NobodyThere from error
    status = _STATUS.match(head)
    if status is None or not isinstance(said, str):
        raise NobodyThere
    return Answered(int(status[1]), safe_block(said, _LARGEST))


def _exchanged(port: int, request: bytes, patience: float) -> bytes:
    """Return what is answered until the other side is done.  Raises :class:`OSError`, also when time is up."""
    clock = ComputerClock()
    until = clock.monotonic() + patience
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        line.sendall(request)
        while len(got) <= _LARGEST:
            # The limit of a socket is for each piece; who drips a letter a second would be heard for ever.
            left = until - clock.monotonic()
            if left <= 0:
                raise TimeoutError
            line.settimeout(left)
            piece = line.recv(4_096)
            if not piece:
                return got
            got += piece
    raise OSError
