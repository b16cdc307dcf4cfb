"""SIP messages from bytes and back (RFC 3261), as far as watching needs them; no sockets, no clock, no meaning.

What arrives is not trusted: heads, headers and bodies are capped.  Over TCP a length that cannot be
believed ends the connection, because nothing after it can be told apart; over UDP one bad datagram is
counted and passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from telephony_adapters.link.faults import LineDead, NotUnderstood, Unsafe

HEAD_CAP = 32_768
"""Most bytes of start line and headers of one message."""
HEADERS_CAP = 200
"""Most headers of one message."""
BODY_CAP = 512 * 1024
"""Longest body taken."""
_LINE_CAP = 1_024
"""So many bytes without the end of a first line are no SIP."""

_REQUEST = re.compile(r"(?P<method>[A-Z]{3,16}) (?P<uri>\S{1,512}) SIP/2\.0")
_RESPONSE = re.compile(r"SIP/2\.0 (?P<code>[1-6][0-9]{2})(?: (?P<reason>.*))?")
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
_SEQUENCE = re.compile(r"[0-9]{1,10}", re.ASCII)
_CONTROL = dict.fromkeys((*range(32), 127), " ")
_FOLD = re.compile(r"\r\n[ \t]+")
_COMPACT = dict(
    v="via",
    f="from",
    t="to",
    i="call-id",
    m="contact",
    l="content-length",
    c="content-type",
    e="content-encoding",
    o="event",
)
"""The names that may be sent as one letter."""
FOREIGN = (
    "What answers at the telephone system's address does not speak SIP. Nothing was changed; check address, port and "
    "transport."
)


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """One message: a request has a ``method``, a response a ``code``.  Names of headers are in small letters."""

    method: str
    uri: str
    code: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def get(self, name: str) -> str:
        """Return the first header of that name, empty where there is none."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return every header of that name, in order."""
        return tuple(value for key, value in self.headers if key == name)

    @property
    def sequence(self) -> tuple[int, str]:
        """Return number and method of ``CSeq``; 0 where there is none."""
        number, _, method = self.get("cseq").partition(" ")
        return (int(number) if _SEQUENCE.fullmatch(number) else 0), method.strip()

    def __repr__(self) -> str:
        # Never the values: they hold numbers and names, and this ends up in logs and tracebacks.
        return f"<Message {self.method or self.code} of {len(self.headers)} headers, {len(self.body)} bytes>"


class Parser(Protocol):
    """Turns what a transport delivers into messages."""

    faults: int
    """How many pieces were passed over."""

    @property
    def understood(self) -> bool:
        """Say whether a message of SIP has come."""

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages completed by ``data``."""


class Datagrams:
    """One message a datagram (UDP)."""

    def __init__(self) -> None:
        self.faults = 0
        self._understood = False

    @property
    def understood(self) -> bool:
        """Say whether a message of SIP has come."""
        return self._understood

    def feed(self, data: bytes) -> list[Message]:
        """Return the message of one datagram; none where it is empty, or cannot be read."""
        if not data.strip():
            return []
        head, _, body = data.partition(b"\r\n\r\n")
        message = _read(head)
        length = _length(message) if message is not None else None
        if message is None or length is None or length > len(body):
            self.faults += 1
            return []
        self._understood = True
        return [_with_body(message, body[:length])]


class Stream:
    """Messages one after the other, told apart by ``Content-Length`` (TCP and TLS)."""

    def __init__(self) -> None:
        self.faults = 0
        self._understood = False
        self._data = bytearray()
        self._looked = 0
        self._waiting: Message | None = None
        self._missing = 0

    @property
    def understood(self) -> bool:
        """Say whether a message of SIP has come."""
        return self._understood

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages completed by ``data``.  Raises :class:`NotUnderstood` and :class:`LineDead`."""
        self._data += data
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def _next(self) -> Message | None:
        if self._waiting is None:
            self._waiting = self._next_head()
        if self._waiting is None or len(self._data) < self._missing:
            return None
        body = bytes(self._data[: self._missing])
        del self._data[: self._missing]
        whole, self._waiting = _with_body(self._waiting, body), None
        return whole

    def _next_head(self) -> Message | None:
        while self._data[:2] == b"\r\n":
            # Sent to keep the connection from being forgotten on the way.
            del self._data[:2]
        self._check_start()
        end = self._data.find(b"\r\n\r\n", max(0, self._looked - 3))
        self._looked = len(self._data)
        if max(end, len(self._data) if end < 0 else 0) > HEAD_CAP:
            raise LineDead("it sent more than can be taken")
        if end < 0:
            return None
        message = _read(bytes(self._data[:end]))
        length = _length(message) if message is not None else None
        if message is None or length is None or length > BODY_CAP:
            raise LineDead("it sent what cannot be read")
        del self._data[: end + 4]
        self._looked, self._missing, self._understood = 0, length, True
        return message

    def _check_start(self) -> None:
        line, ended, _ = bytes(self._data[:_LINE_CAP]).partition(b"\r\n")
        if self._understood or not (ended or len(line) >= _LINE_CAP or b"\n" in line):
            return
        text = line.decode("utf-8", "replace")
        if not (ended and (_RESPONSE.fullmatch(text) or _REQUEST.fullmatch(text))):
            raise NotUnderstood(FOREIGN)


def _with_body(head: Message, body: bytes) -> Message:
    return Message(head.method, head.uri, head.code, head.reason, head.headers, body)


def _length(message: Message) -> int | None:
    """Return how long the body says it is; None where it says nothing that can be believed."""
    text = message.get("content-length") or "0"
    return int(text) if _LENGTH.fullmatch(text) else None


def _read(head: bytes) -> Message | None:
    if len(head) > HEAD_CAP:
        return None
    lines = [line.translate(_CONTROL) for line in _FOLD.sub(" ", head.decode("utf-8", "replace")).split("\r\n")]
    start = lines.pop(0)
    request, response = _REQUEST.fullmatch(start), _RESPONSE.fullmatch(start)
    headers = tuple(filter(None, map(_header, lines[:HEADERS_CAP])))
    if request is not None:
        return Message(request["method"], request["uri"], 0, "", headers)
    if response is not None:
        return Message("", "", int(response["code"]), response["reason"] or "", headers)
    return None


def _header(line: str) -> tuple[str, str] | None:
    name, colon, value = line.partition(":")
    name = name.strip().lower()
    return (_COMPACT.get(name, name), value.strip()) if colon and name else None


def compose(start: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> bytes:
    """Return a message as it is sent.  Raises :class:`Unsafe` for a value that would begin a line of its own."""
    lines = [start, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}"]
    if any(char in line for line in lines for char in "\r\n\0"):
        raise Unsafe("This cannot be said to the telephone system: it holds a line break. Nothing was sent.")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answer(request: Message, code: int, reason: str, more: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return our answer to a request of the other side."""
    names = (("Via", "via"), ("From", "from"), ("To", "to"), ("Call-ID", "call-id"), ("CSeq", "cseq"))
    copied = [(name, value) for name, key in names for value in request.all(key)]
    return compose(f"SIP/2.0 {code} {reason}", [*copied, *more])


def parameter(header: str, name: str) -> str:
    """Return the parameter ``name`` of a header such as ``active;expires=60``; of an address, that outside its <>."""
    tail = header.rpartition(">")[2] if ">" in header else header
    for part in tail.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip()
    return ""
