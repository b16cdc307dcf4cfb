"""The other side of the wire: an event socket on a real loopback socket.

It answers log-in, subscription, lists and commands as a FreeSWITCH does, plays recorded bytes whole,
in pieces or late, and can be made deaf, rude or gone.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from telephony_adapters.freeswitch_esl.snapshot import Listed
from tests.helpers.esl_streams import EslRecording
from tests.helpers.loopback import Loopback

PASSWORD = "correct horse"  # noqa: S105  the fake's own
ACCOUNT: dict[str, str | int | bool] = {"secret": PASSWORD}
"""What lets somebody in."""
ASKED_LAST = "api callcenter_config"
"""The last of what is asked before facts flow, where no leg has to be looked at."""
BOOT = "2252836b-6151-4bd2-9021-ea0eca242715"
"""The run that the recordings come from."""
GREETING = b"Content-Type: auth/request\n\n"
AGENTS = "name|system|uuid|type|contact|status\n1001@default|single_box||callback|user/1001@127.0.0.1|Available\n+OK\n"


def reply(text: str) -> bytes:
    """Return the answer to a command of the socket itself."""
    return f"Content-Type: command/reply\nReply-Text: {text}\n\n".encode()


def response(body: str) -> bytes:
    """Return the answer to a command of the switchboard."""
    told = body.encode()
    return b"Content-Type: api/response\nContent-Length: " + str(len(told)).encode() + b"\n\n" + told


def told_plain(*headers: str) -> bytes:
    """Return an event in plain form; a header is ``Name: value``, its value encoded already."""
    body = "".join(f"{header}\n" for header in headers).encode() + b"\n"
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n" % len(body) + body


def events_of(recording: EslRecording) -> bytes:
    """Return the events of a recording, without its log-in and its goodbye."""
    stream = recording.bytes()
    first = stream.index(b"Content-Length:")
    last = stream.find(b"Content-Type: command/reply\nReply-Text: +OK bye")
    return stream[first : last if last >= 0 else len(stream)]


@dataclass(slots=True)
class Manner:
    """How the fake behaves; change it between connections."""

    greeting: bytes = GREETING
    boot: str = BOOT
    listed: Listed = field(default_factory=lambda: Listed([]))
    agents: str = AGENTS
    before_lists: bytes = b""
    """Events sent between the subscription and the lists."""
    refuse: frozenset[str] = frozenset()
    """First words of commands that the account may not use."""
    deaf: frozenset[str] = frozenset()
    """First words of commands that are never answered."""


class FakeFreeSwitch(Loopback):
    """``with FakeFreeSwitch() as pbx``: listens on ``pbx.port``."""

    def __init__(self, manner: Manner | None = None, port: int = 0) -> None:
        """``port`` is one that another fake had before, for a switchboard that comes back; 0 takes a free one."""
        super().__init__("fake-freeswitch", port)
        self.manner = manner or Manner()
        self.commands: list[str] = []

    def play(self, data: bytes, cuts: Iterable[int] = (), pause: float = 0.0) -> None:
        """Send bytes to the client, each piece between ``cuts`` by itself and ``pause`` seconds apart."""
        places = [0, *cuts, len(data)]
        for start, end in zip(places, places[1:], strict=False):
            super().play(data[start:end])
            if pause:
                time.sleep(pause)

    def asked(self, beginning: str) -> list[str]:
        """Return the commands that begin so."""
        return [command for command in self.commands if command.startswith(beginning)]

    def wait_for(self, beginning: str, count: int = 1, seconds: float = 10.0) -> list[str]:
        """Return the commands that begin so once there are ``count`` of them."""
        with self._changed:
            there = self._changed.wait_for(lambda: len(self.asked(beginning)) >= count, seconds)
        assert there, f"no {beginning} came"
        return self.asked(beginning)

    def _spoken(self, client: socket.socket) -> socket.socket:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    def _serve(self, client: socket.socket) -> None:
        client.sendall(self.manner.greeting)
        unread = b""
        while data := client.recv(65_536):
            self.awake.wait(60)
            *commands, unread = (unread + data).split(b"\n\n")
            for command in commands:
                self._hear(client, command.decode())

    def _hear(self, client: socket.socket, command: str) -> None:
        with self._changed:
            self.commands.append(command)
            self._changed.notify_all()
        word = command.removeprefix("api ").removeprefix("bgapi ").partition(" ")[0]
        if word in self.manner.deaf:
            return
        client.sendall(reply("-ERR permission denied") if word in self.manner.refuse else self._answer(command))

    def _answer(self, command: str) -> bytes:
        kind, _, rest = command.partition(" ")
        match kind:
            case "auth":
                return reply("+OK accepted" if rest == PASSWORD else "-ERR invalid")
            case "userauth":
                right = rest == f"nightdesk@default:{PASSWORD}"
                return reply("+OK accepted" if right else "-ERR invalid")
            case "event":
                return reply("+OK event listener enabled plain") + self.manner.before_lists
            case "bgapi":
                return reply("+OK Job-UUID: 96e3b95b-d4bf-4263-901c-f73e65730844")
            case "api":
                return response(self._api(rest))
            case _:
                return reply("-ERR command not found")

    def _api(self, rest: str) -> str:
        listed = self.manner.listed
        match rest.split(" "):
            case ["global_getvar", "core_uuid"]:
                return self.manner.boot
            case ["show", what, "as", "json"]:
                rows = list((listed.channels or ()) if what == "channels" else listed.calls)
                return json.dumps({"row_count": len(rows), **({"rows": rows} if rows else {})})
            case ["callcenter_config", "agent", "list"]:
                return self.manner.agents
            case ["uuid_dump", uid]:
                dump = listed.dumps.get(uid)
                if dump is None:
                    return "-ERR No such channel!\n"
                return "".join(f"{name}: {quote(value, safe=' ')}\n" for name, value in dump.items()) + "\n"
            case _:
                return "+OK\n"
