"""The other side of the wire: a telephone system that grants subscriptions, on real loopback sockets (UDP and TCP).

It asks for the password, tells what it is told to tell, and can be made deaf, rude, forgetful or gone.
"""

from __future__ import annotations

import hashlib
import re
import selectors
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any

from console.domain.calls import Unmarked
from db.postgres.certificates import Certificates
from telephony_adapters.sip_dialog import SipSettings, Transport
from telephony_adapters.sip_dialog.protocol import Datagrams, Message, Parser, Stream, parameter
from tests.helpers.dialog_bodies import document

USER = "nightdesk"
SECRET = "correct horse"  # noqa: S105  the fake's own
REALM = 'The "old" exchange'
DIALOG_INFO = "application/dialog-info+xml"
_PAIR = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))')
Send = Callable[[bytes], object]


@dataclass(slots=True)
class Manner:
    """How the fake behaves; change it at any time."""

    challenge: str = 'algorithm=MD5, qop="auth"'
    """What is said after realm and nonce; empty: no password is asked for."""
    code: int = 401
    refuse: dict[str, int] = field(default_factory=dict)
    """Extension and the code it is refused with."""
    expires: str = "120"
    state: str = "active;expires=120"
    kind: str = DIALOG_INFO
    deaf: bool = False
    lose: int = 0
    """So many of the next requests are lost on the way."""
    first: dict[str, bytes] = field(default_factory=dict)
    """The body that the first notification of an extension has, where it is not a telephone on its hook."""
    notifies: bool = True


@dataclass(slots=True)
class Granted:
    """One subscription."""

    subscriber: Message
    send: Send
    tag: str
    sequence: int = 0
    version: int = -1


def reaching(port: int, extensions: str = "1001 1002", transport: Transport = Transport.UDP) -> SipSettings:
    """Return what a console must be told to watch telephones of a fake."""
    show = Unmarked.SHOW
    return SipSettings(
        port=port, transport=transport, user=USER, secret=SECRET, extensions=extensions, unmarked_numbers=show
    )


class FakeNotifier:
    """``with FakeNotifier() as pbx``: listens on ``pbx.port``."""

    def __init__(self, manner: Manner | None = None, certificates: Certificates | None = None) -> None:
        """With ``certificates`` it speaks TLS on its TCP port."""
        self.manner = manner or Manner()
        self._tls = _context(certificates) if certificates is not None else None
        self.requests: list[Message] = []
        self.answers: list[Message] = []
        self.granted: dict[str, Granted] = {}
        self._changed = threading.Condition(threading.RLock())
        self._selector = selectors.DefaultSelector()
        self._udp, self._server = _both()
        self._clients: list[socket.socket] = []
        self._nonces = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fake-notifier", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on, by UDP and by TCP."""
        return int(self._udp.getsockname()[1])

    def __enter__(self) -> FakeNotifier:
        self._selector.register(self._udp, selectors.EVENT_READ, (Datagrams(), None))
        self._selector.register(self._server, selectors.EVENT_READ, None)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join(5)
        self.hang_up()
        self._selector.close()
        self._udp.close()
        self._server.close()

    def tell(self, extension: str, *dialogs: str, state: str = "full", skip: int = 0, subscription: str = "") -> None:
        """Notify of these dialogs; ``skip`` versions are left out before this one."""
        with self._changed:
            granted = self.granted[extension]
            granted.version += 1 + skip
            body = document(granted.version, *dialogs, state=state, owner=extension)
            self._notify(granted, body, subscription or self.manner.state)

    def send(self, extension: str, body: bytes, kind: str = DIALOG_INFO, subscription: str = "active") -> None:
        """Notify with any body at all."""
        with self._changed:
            self._notify(self.granted[extension], body, subscription, kind)

    def hang_up(self) -> None:
        """Close every connection cleanly: for a client, that is a loss."""
        for client in self._clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def wait_granted(self, *extensions: str) -> None:
        """Return when these are subscribed to."""
        with self._changed:
            assert self._changed.wait_for(lambda: all(map(self.granted.get, extensions)), 10), "nobody subscribed"

    def wait_requests(self, method: str, count: int) -> list[Message]:
        """Return the requests of that kind once there are ``count``."""

        def asked() -> list[Message]:
            return [one for one in self.requests if one.method == method]

        with self._changed:
            assert self._changed.wait_for(lambda: len(asked()) >= count, 10), f"only {len(asked())} {method} came"
        return asked()

    def wait_answers(self, count: int) -> list[Message]:
        """Return the answers to what was notified once there are ``count``."""
        with self._changed:
            there = self._changed.wait_for(lambda: len(self.answers) >= count, 10)
        assert there, f"only {len(self.answers)} answers came"
        return self.answers

    # --- its own thread -----------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._selector.select(0.05):
                if key.fileobj is self._server:
                    self._accept()
                elif key.fileobj is self._udp:
                    data, peer = self._udp.recvfrom(65_535)
                    self._hear(data, key.data[0], partial(self._to, peer))
                else:
                    self._read(key)
        for client in self._clients:
            client.close()

    def _accept(self) -> None:
        client, _ = self._server.accept()
        if self._tls is not None:
            try:
                client = self._tls.wrap_socket(client, server_side=True)
            except OSError:
                # Whoever does not trust the certificate hangs up.
                client.close()
                return
        self._clients.append(client)
        self._selector.register(client, selectors.EVENT_READ, (Stream(), partial(_over, client)))

    def _to(self, peer: tuple[str, int], data: bytes) -> None:
        with suppress(OSError):
            self._udp.sendto(data, peer)

    def _read(self, key: selectors.SelectorKey) -> None:
        client = key.fileobj
        assert isinstance(client, socket.socket)
        with suppress(OSError):
            if data := client.recv(65_536):
                self._hear(data, *key.data)
                return
        self._selector.unregister(client)

    def _hear(self, data: bytes, parser: Parser, send: Send) -> None:
        with self._changed:
            for message in parser.feed(data):
                if message.code:
                    self.answers.append(message)
                elif self.manner.lose > 0:
                    self.manner.lose -= 1
                else:
                    self.requests.append(message)
                    self._asked(message, send)
            self._changed.notify_all()

    def _asked(self, message: Message, send: Send) -> None:
        extension = message.get("to").partition("sip:")[2].partition("@")[0]
        if self.manner.deaf:
            return
        if message.method == "OPTIONS":
            send(_reply(message, "404 Not Found"))
        elif not self._is_proved(message):
            self._challenge(message, send)
        elif extension in self.manner.refuse:
            send(_reply(message, f"{self.manner.refuse[extension]} No"))
        else:
            self._grant(extension, message, send)

    def _grant(self, extension: str, message: Message, send: Send) -> None:
        known = self.granted.get(extension)
        again = known is not None and known.subscriber.get("call-id") == message.get("call-id")
        if not again:
            if "tag=" in message.get("to"):
                send(_reply(message, "481 Subscription Does Not Exist"))
                return
            known = Granted(message, send, f"fake-{len(self.requests)}")
        assert known is not None
        more = f"Expires: {self.manner.expires}\r\nContact: <sip:{extension}@127.0.0.1:{self.port}>\r\n"
        send(_reply(message, "200 OK", more, known.tag))
        if self.manner.notifies:
            known.version += 1
            body = self.manner.first.get(extension) or document(known.version, owner=extension)
            self._notify(known, body, self.manner.state)
        self.granted[extension] = known

    def _notify(self, granted: Granted, body: bytes, state: str, kind: str = "") -> None:
        granted.sequence += 1
        asked = granted.subscriber
        head = (
            f"NOTIFY {asked.get('contact').strip('<>')} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{granted.tag}{granted.sequence}\r\n"
            f"From: {asked.get('to')};tag={granted.tag}\r\nTo: {asked.get('from')}\r\n"
            f"Call-ID: {asked.get('call-id')}\r\nCSeq: {granted.sequence} NOTIFY\r\n"
            f"Contact: <sip:exchange@127.0.0.1:{self.port}>\r\nEvent: dialog\r\nSubscription-State: {state}\r\n"
            f"Content-Type: {kind or self.manner.kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        granted.send(head.encode() + body)

    def _challenge(self, message: Message, send: Send) -> None:
        self._nonces += 1
        name = "WWW-Authenticate" if self.manner.code == 401 else "Proxy-Authenticate"
        realm = REALM.replace('"', '\\"')
        said = f'Digest realm="{realm}", nonce="n{self._nonces}", opaque="o", {self.manner.challenge}'
        send(_reply(message, f"{self.manner.code} Who Are You", f"{name}: {said}\r\n"))

    def _is_proved(self, message: Message) -> bool:
        if not self.manner.challenge:
            return True
        header = message.get("authorization" if self.manner.code == 401 else "proxy-authorization")
        said = {name: quoted or plain for name, quoted, plain in _PAIR.findall(header)}
        if said.get("username") != USER or said.get("opaque") != "o":
            return False
        digest: Callable[[bytes], Any] = hashlib.sha256 if said["algorithm"] == "SHA-256" else hashlib.md5
        who, what = (digest(text.encode()).hexdigest() for text in (f"{USER}:{REALM}:{SECRET}", _what(message, said)))
        middle = f"{said['nonce']}:{said['nc']}:{said['cnonce']}:auth" if "qop" in said else said["nonce"]
        wanted: str = digest(f"{who}:{middle}:{what}".encode()).hexdigest()
        return bool(said["response"] == wanted)


def _context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.key)
    return context


def _over(client: socket.socket, data: bytes) -> None:
    with suppress(OSError):
        client.sendall(data)


def _what(message: Message, said: dict[str, str]) -> str:
    assert said["uri"] == message.uri
    return f"{message.method}:{message.uri}"


def _both() -> tuple[socket.socket, socket.socket]:
    """Return a UDP and a TCP socket on one port."""
    while True:
        server = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(server.getsockname())
        except OSError:
            server.close()
            udp.close()
        else:
            return udp, server


def _reply(message: Message, status: str, more: str = "", tag: str = "") -> bytes:
    to = message.get("to") + (f";tag={tag}" if tag and not parameter(message.get("to"), "tag") else "")
    head = "".join(f"Via: {via}\r\n" for via in message.all("via"))
    head += f"From: {message.get('from')}\r\nTo: {to}\r\n"
    head += f"Call-ID: {message.get('call-id')}\r\nCSeq: {message.get('cseq')}\r\n{more}"
    return f"SIP/2.0 {status}\r\n{head}Content-Length: 0\r\n\r\n".encode()
