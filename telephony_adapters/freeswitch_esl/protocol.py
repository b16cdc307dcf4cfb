"""Event-socket bytes to messages and back; no sockets, no clock, no meaning.

The interface is blocks of ``Key: value`` lines ended by a blank line; where ``Content-Length`` says
so, a body of that many bytes follows.  The body of an event is itself such a block, its values
URL-encoded.  What arrives is not trusted: lines, headers and bodies are capped, malformed ones are
counted and passed over (reliability.md 3.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from telephony_adapters.link.faults import NotUnderstood, Unsafe

LINE_CAP = 8_192
"""Longest line of a message's own headers that is kept, in bytes; the rest of a longer one is passed over."""
HEADER_CAP = 60
"""Most headers kept of a message itself."""
EVENT_HEADER_CAP = 1_000
"""Most headers kept of an event: a channel with many variables has some 300."""
VALUE_CAP = 8_192
"""Longest value of an event that is kept, in characters as sent; a longer one is cut."""
BODY_CAP = 8 * 1024 * 1024
"""Longest body taken; a length beyond it is not believed.  5,000 listed channels take some 6 MB."""

AUTH = "auth/request"
REPLY = "command/reply"
RESPONSE = "api/response"
EVENT = "text/event-plain"
REJECTED = "text/rude-rejection"
GOODBYE = "text/disconnect-notice"
_OTHER_FORMS = frozenset({"text/event-json", "text/event-xml"})
_OPENINGS = (b"Content-Type: ", b"Content-Length: ")
_WORD = 8
"""So many bytes tell whether it is our language: as long as the shortest common beginning, ``Content-``."""


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """One message.  ``headers`` are an event's own, decoded, where it is one; of a repeated name the first counts."""

    kind: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def get(self, name: str, default: str = "") -> str:
        """Return the value of ``name``; names are compared as sent."""
        return self.headers.get(name, default)

    def variable(self, name: str) -> str:
        """Return a channel variable, empty where it is not set."""
        return self.headers.get(f"variable_{name}", "")

    @property
    def event(self) -> str:
        """Return the event's name, empty for anything else."""
        return self.headers.get("Event-Name", "") if self.kind == EVENT else ""

    @property
    def reply(self) -> str:
        """Return the answer to a command: ``+OK ...``, ``-ERR ...``, or what was asked for."""
        return self.headers.get("Reply-Text", "") if self.kind == REPLY else self.body

    @property
    def refused(self) -> bool:
        """Say whether an answer is a refusal."""
        return self.reply.startswith(("-ERR", "-USAGE"))

    @property
    def tells_variables(self) -> bool:
        """Say whether it carries the channel's variables; some events of a channel do not."""
        return any(name.startswith("variable_") for name in self.headers)

    @property
    def characters(self) -> int:
        """Return how many characters its headers keep in memory: those that were sent."""
        kept = self.headers.sent if isinstance(self.headers, _Sent) else self.headers
        return sum(len(name) + len(value) for name, value in kept.items())

    def __repr__(self) -> str:
        # Never the values: they hold numbers and names, and this ends up in logs and tracebacks.
        return f"<Message {self.kind} {self.event or '-'} of {len(self.headers)} headers>"


class Parser:
    """Turns bytes, cut anywhere, into messages.

    ``greeting_needed`` is True on a live connection; a recording may have been cut in the middle.
    ``faults`` counts lines and bodies that were cut or passed over.
    """

    def __init__(self, *, greeting_needed: bool = True) -> None:
        self._greeting_needed = greeting_needed
        self._started = False
        self._tail = bytearray()
        self._skipping = False
        self._headers: dict[str, str] = {}
        self._body: bytearray | None = None
        self._missing = 0
        self.faults = 0
        self.other_forms = 0
        """Events that came as JSON or XML, which is never asked for."""

    @property
    def understood(self) -> bool:
        """Say whether the first line has been seen and was right."""
        return self._started

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages completed by ``data``.  Raises :class:`NotUnderstood`."""
        return list(self._messages(memoryview(data)))

    def _messages(self, data: memoryview) -> Iterator[Message]:
        while data:
            if self._body is not None:
                taken = data[: self._missing]
                self._body += taken
                self._missing -= len(taken)
                data = data[len(taken) :]
                if self._missing == 0:
                    yield self._finished(bytes(self._body))
                continue
            line, data = self._next_line(data)
            if line is not None and (message := self._line(line)) is not None:
                yield message
        if not self._started and len(self._tail) >= _WORD:
            self._check_opening(bytes(self._tail))

    def _next_line(self, data: memoryview) -> tuple[bytes | None, memoryview]:
        """Return the line that ``data`` completes, or None, and what is left of ``data``."""
        end = bytes(data).find(b"\n") if len(data) <= LINE_CAP else _find(data)
        if end < 0:
            self._keep(bytes(data[: LINE_CAP + 1]))
            return None, data[len(data) :]
        self._keep(bytes(data[: min(end, LINE_CAP + 1)]))
        line, self._tail, self._skipping = bytes(self._tail), bytearray(), False
        return line.removesuffix(b"\r"), data[end + 1 :]

    def _keep(self, piece: bytes) -> None:
        if self._skipping:
            return
        room = LINE_CAP - len(self._tail)
        self._tail += piece[:room]
        if len(piece) > room:
            self._skipping = True
            self.faults += 1

    def _check_opening(self, line: bytes) -> None:
        wanted = _OPENINGS[:1] if self._greeting_needed else _OPENINGS
        if not any(line.startswith(one[: len(line)]) for one in wanted):
            raise NotUnderstood(
                "This is not a FreeSWITCH event socket: its first words are different. "
                "Nothing was changed; check that address and port are those of the event socket."
            )

    def _line(self, line: bytes) -> Message | None:
        if not self._started:
            if not line:
                return None
            self._check_opening(line)
            self._started = True
        if line:
            self._header(line)
            return None
        if not self._headers:
            return None
        length = self._length()
        if length == 0:
            return self._finished(b"")
        self._body, self._missing = bytearray(), length
        return None

    def _header(self, line: bytes) -> None:
        key, colon, value = line.partition(b":")
        if not colon or len(self._headers) >= HEADER_CAP:
            self.faults += 1
            return
        text = value.strip().decode("utf-8", "replace")
        self._headers.setdefault(key.decode("utf-8", "replace"), text)

    def _length(self) -> int:
        text = self._headers.get("Content-Length", "0")
        # int() of very long digits is slow, and knows digits of other scripts.
        if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) > BODY_CAP:
            self.faults += 1
            return 0
        return int(text)

    def _finished(self, body: bytes) -> Message:
        headers, self._headers, self._body, self._missing = self._headers, {}, None, 0
        kind = headers.get("Content-Type", "")
        self.other_forms += kind in _OTHER_FORMS
        text = body.decode("utf-8", "replace")
        if kind != EVENT:
            return Message(kind, headers, text)
        inner, cut = event_headers(text)
        self.faults += cut
        return Message(EVENT, inner)


def _find(data: memoryview) -> int:
    """Find a line's end without copying all of a large piece again for each of its lines."""
    for start in range(0, len(data), LINE_CAP):
        at = bytes(data[start : start + LINE_CAP]).find(b"\n")
        if at >= 0:
            return start + at
    return -1


class _Sent(Mapping[str, str]):
    """An event's headers as they were sent: a value is decoded when it is asked for, and of a hundred few ever are."""

    __slots__ = ("sent",)

    def __init__(self, sent: dict[str, str]) -> None:
        self.sent = sent

    def __getitem__(self, name: str) -> str:
        value = self.sent[name]
        return unquote(value, errors="replace") if "%" in value else value

    def __contains__(self, name: object) -> bool:
        return name in self.sent

    def __iter__(self) -> Iterator[str]:
        return iter(self.sent)

    def __len__(self) -> int:
        return len(self.sent)


def event_headers(text: str) -> tuple[Mapping[str, str], int]:
    """Return the headers of an event (or of ``uuid_dump``), decoded, and how many were cut or passed over."""
    headers: dict[str, str] = {}
    cut = 0
    for line in text.partition("\n\n")[0].split("\n"):
        name, colon, value = line.partition(": ")
        if not colon and line.endswith(":"):
            name, colon = line[:-1], ":"
        if not line:
            continue
        if not colon or len(headers) >= EVENT_HEADER_CAP:
            cut += 1
            continue
        cut += len(value) > VALUE_CAP
        headers.setdefault(name, value[:VALUE_CAP])
    return _Sent(headers), cut


def write_command(*words: str) -> bytes:
    """Return one command.  Raises :class:`Unsafe` where a word would begin another line."""
    line = " ".join(word for word in words if word)
    if any(ord(char) < 32 or ord(char) == 127 for char in line):
        raise Unsafe("What was asked for holds a line break or a control sign; nothing was sent.")
    return f"{line}\n\n".encode()
