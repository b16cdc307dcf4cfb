"""The other side of the wire: an AMI server on a real loopback socket.

It answers log-in, ping, lists and actions as an Asterisk does, plays recorded bytes when told to,
and can be made deaf, rude, slow or gone.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from telephony_adapters.asterisk_ami.protocol import Message, Parser
from tests.helpers.loopback import Loopback

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
CHALLENGE = "159753852"
SECRET = "correct horse"  # noqa: S105  the fake's own
USER = "nightdesk"
COMMANDS = (
    *("Atxfer", "BlindTransfer", "CancelAtxfer", "CoreShowChannels", "CoreStatus", "Getvar", "Hangup", "Login"),
    *("Originate", "Park", "Ping", "PlayDTMF", "QueuePause", "QueueStatus", "Redirect", "Status"),
)

Reply = Callable[[Message], bytes]


def answer(message: Message, response: str = "Success", *lines: str) -> bytes:
    """Return the answer to an action."""
    head = [f"Response: {response}", f"ActionID: {message.get('ActionID')}", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def listing(message: Message, complete: str, events: list[str]) -> bytes:
    """Return a list as AMI sends it; each event is its lines without the ActionID."""
    out = answer(message, "Success", "EventList: start", "Message: list will follow")
    for event in events:
        out += f"{event.strip()}\nActionID: {message.get('ActionID')}\n\n".replace("\n", "\r\n").encode()
    end = f"Event: {complete}\nActionID: {message.get('ActionID')}\nEventList: Complete\n\n"
    return out + end.replace("\n", "\r\n").encode()


@dataclass(slots=True)
class Manner:
    """How the fake behaves; change it between connections."""

    banner: bytes = BANNER
    boot: str = "19:39:25"
    channels: list[str] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)
    parked: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=lambda: list(COMMANDS))
    lists_channels: bool = True
    variables: dict[str, str] | None = None
    """What Getvar answers; None: permission denied."""
    before_snapshot: bytes = b""
    """Events sent between the log-in and the lists."""
    refuse: frozenset[str] = frozenset()
    no_queues: bool = False
    """No telephone is in any queue: a pause finds none."""
    deaf: bool = False
    clock: Callable[[], float] | None = None
    """The switchboard's clock, in seconds since 1970; None: it says no time."""


class FakeAsterisk(Loopback):
    """``with FakeAsterisk() as pbx``: listens on ``pbx.port``."""

    def __init__(self, manner: Manner | None = None, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        """``port`` is one that another fake had before, for a switchboard that comes back; 0 takes a free one.

        With ``tls`` it speaks nothing else.
        """
        super().__init__("fake-asterisk", port)
        self._tls = tls
        self.manner = manner or Manner()
        self.actions: list[Message] = []

    def count(self, name: str) -> int:
        """Return how many actions called ``name`` have come."""
        return len([message for message in self.actions if message.get("Action") == name])

    def wait_for(self, name: str, count: int = 1, seconds: float = 10.0) -> list[Message]:
        """Return the actions called ``name`` once there are ``count`` of them."""

        def there() -> bool:
            return self.count(name) >= count

        with self._changed:
            assert self._changed.wait_for(there, seconds), f"no {name} came"
            return [m for m in self.actions if m.get("Action") == name]

    def _spoken(self, client: socket.socket) -> socket.socket:
        return client if self._tls is None else self._tls.wrap_socket(client, server_side=True)

    def _serve(self, client: socket.socket) -> None:
        client.sendall(self.manner.banner)
        # What a client writes has no banner but is otherwise of the same form.
        parser = Parser(banner_needed=True)
        parser.feed(BANNER)
        while data := client.recv(65_536):
            self.awake.wait(60)
            for message in parser.feed(data):
                with self._changed:
                    self.actions.append(message)
                    self._changed.notify_all()
                if not self.manner.deaf:
                    client.sendall(self._reply(message))

    def _reply(self, message: Message) -> bytes:
        name = message.get("Action")
        if name == "QueuePause" and self.manner.no_queues:
            return answer(message, "Error", "Message: Interface not found")
        if name in self.manner.refuse:
            return answer(message, "Error", "Message: Permission denied")
        reply = _REPLIES.get(name)
        return reply(self, message) if reply else answer(message, "Success", "Message: done")

    def time_line(self) -> list[str]:
        """Return the header that says its time, where it says one."""
        return [f"Timestamp: {self.manner.clock():.6f}"] if self.manner.clock is not None else []

    def _login(self, message: Message) -> bytes:
        key = hashlib.md5((CHALLENGE + SECRET).encode(), usedforsecurity=False).hexdigest()
        proved = key if message.get("AuthType") == "MD5" else SECRET
        given = message.get("Key") or message.get("Secret")
        if message.get("Username") != USER or given != proved:
            return answer(message, "Error", "Message: Authentication failed")
        return answer(message, "Success", "Message: Authentication accepted") + self.manner.before_snapshot

    def _channels(self, message: Message) -> bytes:
        status = message.get("Action") == "Status"
        if not (self.manner.lists_channels or status):
            return answer(message, "Error", "Message: Permission denied")
        if status:
            events = [e.replace("Event: CoreShowChannel", "Event: Status") for e in self.manner.channels]
            return listing(message, "StatusComplete", events)
        return listing(message, "CoreShowChannelsComplete", self.manner.channels)

    def _getvar(self, message: Message) -> bytes:
        variable = message.get("Variable")
        if self.manner.variables is None:
            return answer(message, "Error", "Message: Permission denied")
        return answer(message, "Success", f"Variable: {variable}", f"Value: {self.manner.variables.get(variable, '')}")


_REPLIES: dict[str, Callable[[FakeAsterisk, Message], bytes]] = {
    "Challenge": lambda fake, m: answer(m, "Success", f"Challenge: {CHALLENGE}"),
    "Login": FakeAsterisk._login,
    "Ping": lambda fake, m: answer(m, "Success", "Ping: Pong", *fake.time_line()),
    "CoreStatus": lambda fake, m: answer(
        m, "Success", "CoreStartupDate: 2026-11-21", f"CoreStartupTime: {fake.manner.boot}"
    ),
    "ListCommands": lambda fake, m: answer(m, "Success", *(f"{name}: text" for name in fake.manner.commands)),
    "CoreShowChannels": FakeAsterisk._channels,
    "Status": FakeAsterisk._channels,
    "QueueStatus": lambda fake, m: listing(m, "QueueStatusComplete", fake.manner.queue),
    "ParkedCalls": lambda fake, m: listing(m, "ParkedCallsComplete", fake.manner.parked),
    "Getvar": FakeAsterisk._getvar,
}
