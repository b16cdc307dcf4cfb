"""The other end: how a command of the same account hands a message to the console that runs.

It sends nothing before the console has proved that it knows the token: after a crash the port may be a stranger's.
"""

from __future__ import annotations

import hmac
import http.client
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from telephony_adapters.local_pop import run_file
from telephony_adapters.local_pop.run_file import Running
from telephony_adapters.local_pop.signing import HELLO, KEY, SIGNATURE, TIME, prove, sign

PATIENCE_S = 5.0
_LARGEST = 4_000


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


def hand_over(file: Path, path: str, fields: Mapping[str, str], at: datetime) -> Answered:
    """Hand ``fields`` to the console that ``file`` names.  Raises :class:`NobodyThere`."""
    running = run_file.read(file)
    if running is None or not answers(running):
        raise NobodyThere
    body = json.dumps(dict(fields)).encode()
    stamp, key = str(int(at.timestamp())), secrets.token_hex(16)
    headers = {TIME: stamp, KEY: key, SIGNATURE: sign(running.token, stamp, key, path, body)}
    return _ask(running, "POST", path, headers | {"Content-Type": "application/json"}, body)


def answers(running: Running) -> bool:
    """Say whether the console of this run is there, and no stranger at its port."""
    key = secrets.token_hex(16)
    try:
        said = _ask(running, "GET", HELLO, {KEY: key}).said
    except NobodyThere:
        return False
    return hmac.compare_digest(said.encode(), prove(running.token, key).encode())


def _ask(running: Running, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answered:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE_S)
    try:
        connection.request(method, path, body or None, dict(headers))
        response = connection.getresponse()
        said = json.loads(response.read(_LARGEST))["said"]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
        raise NobodyThere from error
    finally:
        connection.close()
    return Answered(response.status, str(said))
