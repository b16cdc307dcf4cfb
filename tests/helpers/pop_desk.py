"""Programs at a desk that tell a console of calls: by the command's own way, and by signed HTTP."""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from console.machine.clock import SystemClock
from telephony_adapters.local_pop import Answered, NobodyThere, PopSettings, hand_over, run_file
from telephony_adapters.local_pop.reception import POP
from telephony_adapters.local_pop.run_file import Running
from telephony_adapters.local_pop.signing import sign

SECRET = "a secret of this installation, long enough"  # noqa: S105  of a test


def tell(settings: PopSettings, fields: Mapping[str, str], path: str = POP) -> Answered | None:
    """Hand a message over as the command does; None where nobody listens (any more)."""
    with suppress(NobodyThere):
        return hand_over(Path(settings.run_file), path, fields, SystemClock().now())
    return None


def free_port() -> int:
    """Return a port at which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Got:
    """One answer of the webhook."""

    status: int
    said: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program that signs what it sends to a port of this computer."""

    port: int
    secret: str = SECRET

    def request(self, body: bytes, path: str = POP, **headers: str) -> bytes:
        """Return the bytes of a signed request; ``headers`` (``_`` for ``-``) replace its own, empty ones go."""
        return self._signed(datetime.now(UTC), body, path, headers)

    def request_of_old(self, body: bytes, seconds: int) -> bytes:
        """Return the bytes of a request that was signed so many seconds ago."""
        return self._signed(datetime.now(UTC) - timedelta(seconds=seconds), body, POP, {})

    def _signed(self, at: datetime, body: bytes, path: str, headers: Mapping[str, str]) -> bytes:
        stamp, key = str(int(at.timestamp())), secrets.token_hex(12)
        named = {
            "Host": f"127.0.0.1:{self.port}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Nightdesk-Time": stamp,
            "Nightdesk-Key": key,
            "Nightdesk-Signature": f"sha256={sign(self.secret, stamp, key, path, body)}",
        }
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items() if value)]
        return "\r\n".join((*lines, "", "")).encode() + body

    def post(self, fields: Mapping[str, Any], path: str = POP) -> Got:
        """Send a message and return the answer."""
        return self.send(self.request(json.dumps(fields).encode(), path))

    def send(self, data: bytes) -> Got:
        """Send bytes and return what is answered until the other side is done."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            with suppress(OSError):
                line.sendall(data)
            return got(line)


def got(line: socket.socket) -> Got:
    """Read an answer to its end."""
    raw = b""
    with suppress(ConnectionResetError):
        while piece := line.recv(4096):
            raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1]) if head else 0
    return Got(status, json.loads(body)["said"] if body else "", raw)


class Stranger:
    """Who listens at a port that a file still names: hears what is asked, and does what it likes to each who comes."""

    def __init__(self, does: Callable[[socket.socket], object]) -> None:
        self.heard: list[bytes] = []
        self._does = does
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone wakes nobody who waits in accept.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def named_in(self, file: Path) -> Path:
        """Write the file of a console that was killed and listened here."""
        run_file.write(file, Running(self._socket.getsockname()[1], "the token of the one before"))
        return file

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                with line, suppress(OSError):
                    self.heard.append(line.recv(4096))
                    self._does(line)
