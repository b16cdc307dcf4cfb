"""The other side of the wire: a Brickphone on a real loopback socket, with one call."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nightdesk_brickphone.settings import BrickphoneSettings

from telephony_adapters.contract.bench import STORY, Moment

SECRET = "brick"
BURSTS = {
    Moment.RINGS: ("IN c1 01632960001", "FROM c1 02079460123 shown", "WAITS c1 oohs", "RINGS c1 1001", "RINGS c1 1002"),
    Moment.ANSWERED: ("STOPS c1 1002 elsewhere", "TAKES c1 1001"),
    Moment.ENDED: ("STOPS c1 1001 hung-up", "OVER c1 answered caller"),
}


class FakeBrickphone:
    """One adapter's Brickphone (implements ``telephony_adapters.contract.bench.OtherSide``)."""

    story = STORY

    def __init__(self, _: Path) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._client: socket.socket | None = None
        self._listed: list[bytes] = []
        self._refusing = self._silent = False
        self.settings = BrickphoneSettings(port=self._server.getsockname()[1], secret=SECRET)
        self.wrong_settings = replace(self.settings, secret="straw")

    def __enter__(self) -> FakeBrickphone:
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._hang_up()

    def messages(self, moment: Moment) -> Sequence[bytes]:
        """Return one burst."""
        return [b"%d.5 %b\n" % (1_764_367_200 + moment * 5, line.encode()) for line in BURSTS[moment]]

    def withheld(self) -> Sequence[bytes]:
        """Return the first burst with another mark at the number, which a Brickphone sends all the same."""
        return [line.replace(b" shown", b" hidden") for line in self.messages(Moment.RINGS)]

    def broken(self, data: bytes) -> bytes:
        """Return it with the end of a line."""
        return data + b"\n"

    def unknown(self) -> bytes:
        """Return a line of a later Brickphone."""
        return b"1764367200.5 HUMS c1 1001\n"

    def send(self, data: bytes) -> None:
        """Say it to whoever is connected."""
        client = self._client
        if client is not None:
            with suppress(OSError):
                client.sendall(data)

    def drop(self, upto: Moment) -> None:
        """Hang up; whoever comes again finds the call as it is by then, or gone."""
        bursts = [self.messages(one) for one in Moment if one <= upto]
        self._listed = [] if upto is Moment.ENDED else [line for burst in bursts for line in burst]
        self._hang_up()

    def fall_silent(self) -> None:
        """Hear, and answer nothing any more."""
        self._silent = True

    def refuse(self) -> None:
        """Do nothing any more for anybody."""
        self._refusing = True

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            self._client = client
            with client, suppress(OSError), client.makefile("rb") as lines:
                client.sendall(b"BRICKPHONE 1\n")
                for line in lines:
                    if not self._silent:
                        client.sendall(self._answer(line.decode().split()))

    def _answer(self, words: list[str]) -> bytes:
        match words:
            case ["LOGIN", secret]:
                return b"OK\n" if secret == SECRET else b"NO\n"
            case ["LIST"]:
                return b"LIST%b\n" % (b" c1" if self._listed else b"") + b"".join(self._listed) + b"LISTED\n"
            case ["DO", number, *_]:
                return f"{'WONT' if self._refusing else 'DID'} {number}\n".encode()
            case _:
                return b"PONG\n"
