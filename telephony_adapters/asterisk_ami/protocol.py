"""AMI bytes to messages and back; no sockets, no clock, no meaning.

The interface is lines of ``Key: value`` ended by CRLF, a blank line after each message, and a
first line that names it and its version.  What arrives is not trusted: lines, headers and
messages are capped, malformed lines are counted and passed over (reliability.md 3.4).

A message that came whole and is in order, as nearly all are, is read at one go.  Whatever else comes
is read line by line, by the rules that hold for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from telephony_adapters.link.clock import moment_of
from telephony_adapters.link.faults import NotUnderstood as NotUnderstood
from telephony_adapters.link.faults import Unsafe as UnsafeAction

LINE_CAP = 8_192
"""Longest line kept, in bytes; the rest of a longer one is passed over."""
HEADER_CAP = 400
"""Most headers kept in one message."""
MESSAGE_CAP = 131_072
"""Most bytes kept in one message."""
OLDEST = 2
NEWEST = 19
"""Interface versions understood: 2 came with Asterisk 12, which brought bridges as they are now."""

__all__ = ["Message", "NotUnderstood", "Parser", "UnsafeAction", "stamp_of", "unescaped", "write_action"]

_END = b"\r\n\r\n"
"""The end of a message: of its last line, and the blank line."""
_BANNER = "Asterisk Call Manager/"
_OPENINGS = ("Event:", "Response:")
_MINIMUM_OPENING = 9


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """One message: its headers in order, names repeated as sent."""

    headers: tuple[tuple[str, str], ...]
    _first: dict[str, str] = field(init=False, compare=False)
    """The first value of each name: one message is asked some ten times."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_first", dict(reversed(self.headers)))

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of ``name``; names are compared as sent."""
        return self._first.get(name, default)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of ``name``, in order."""
        return tuple(value for key, value in self.headers if key == name) if name in self._first else ()

    @property
    def event(self) -> str:
        """Return the event's name, empty for an answer."""
        return self._first.get("Event", "")

    @property
    def response(self) -> str:
        """Return ``Success``, ``Error`` ..., empty for an event."""
        return self.get("Response")

    def __repr__(self) -> str:
        # Never the values: they hold numbers and names, and this ends up in logs and tracebacks.
        return f"<Message {self.event or self.response or '?'} of {len(self.headers)} headers>"


class Parser:
    """Turns bytes, cut anywhere, into messages.

    ``banner_needed`` is True on a live connection; a recording may have been cut in the middle.
    ``faults`` counts lines and messages that were cut or passed over, once their message is read.
    """

    def __init__(self, *, banner_needed: bool = True) -> None:
        self._banner_needed = banner_needed
        self._started = False
        self._waiting = b""
        """The beginning of a message, as it came; what follows may make it one that is read at one go."""
        self._tail = bytearray()
        self._skipping = False
        self._headers: list[tuple[str, str]] = []
        self._size = 0
        self.version = ""
        self.faults = 0

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages completed by ``data``.  Raises :class:`NotUnderstood`."""
        *blocks, rest = (self._waiting + data).split(_END)
        self._waiting = b""
        found: list[Message] = []
        for block in blocks:
            headers = () if self._is_midway else _in_order(block)
            found += (Message(headers),) if headers else self._by_lines(block + _END)
        if self._is_midway or len(rest) > LINE_CAP or rest.count(b"\n") > rest.count(b"\r\n"):
            found += self._by_lines(rest)
        else:
            self._waiting = rest
        return found

    @property
    def understood(self) -> bool:
        """Say whether the first line has been seen and was right."""
        return self._started

    @property
    def _is_midway(self) -> bool:
        """Say whether what comes next belongs to what is being read line by line."""
        return not self._started or self._size > 0 or bool(self._tail)

    def _by_lines(self, data: bytes) -> list[Message]:
        return [message for line in self._lines(data) if (message := self._line(line)) is not None]

    def _lines(self, data: bytes) -> Iterator[bytes]:
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            self._keep(data[start:end])
            start = end + 1
            line, self._tail, self._skipping = bytes(self._tail), bytearray(), False
            yield line.removesuffix(b"\r")
        self._keep(data[start:])
        if not self._started and len(self._tail) >= _MINIMUM_OPENING:
            self._check_opening(bytes(self._tail))

    def _keep(self, piece: bytes) -> None:
        if self._skipping:
            return
        room = LINE_CAP - len(self._tail)
        self._tail += piece[:room]
        if len(piece) > room:
            self._skipping = True
            self.faults += 1

    def _check_opening(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        if text.startswith(_BANNER[: len(text)]):
            return
        if not self._banner_needed and text.startswith(_OPENINGS):
            return
        raise NotUnderstood(
            "This is not an Asterisk manager interface: its first words are different. "
            "Nothing was changed; check that address and port are those of the manager interface."
        )

    def _line(self, line: bytes) -> Message | None:
        if not self._started:
            return self._opening(line)
        if not line:
            return self._finished()
        self._header(line)
        return None

    def _opening(self, line: bytes) -> Message | None:
        self._check_opening(line.ljust(_MINIMUM_OPENING))
        self._started = True
        text = line.decode("utf-8", "replace")
        if not text.startswith(_BANNER):
            self._header(line)
            return None
        self.version = text.removeprefix(_BANNER).strip()[:20]
        major = self.version.split(".", 1)[0]
        if not (major.isascii() and major.isdigit() and OLDEST <= int(major) <= NEWEST):
            raise NotUnderstood(
                f"This Asterisk speaks version {self.version or '?'} of the manager interface; "
                f"versions {OLDEST} to {NEWEST} are understood (Asterisk 12 and newer). Nothing was changed."
            )
        return None

    def _header(self, line: bytes) -> None:
        self._size += len(line)
        key, colon, value = line.partition(b": ")
        if not colon and line.endswith(b":"):
            key, colon, value = line[:-1], b":", b""
        if not colon or len(self._headers) >= HEADER_CAP or self._size > MESSAGE_CAP:
            self.faults += 1
            return
        self._headers.append((key.decode("utf-8", "replace"), value.decode("utf-8", "replace")))

    def _finished(self) -> Message | None:
        headers, self._headers, self._size = self._headers, [], 0
        return Message(tuple(headers)) if headers else None


def _in_order(block: bytes) -> tuple[tuple[str, str], ...]:
    """Return the headers of a message without its blank line; none where a line or a cap is not as it should be."""
    if len(block) > LINE_CAP:
        return ()
    text = block.decode("utf-8", "replace")
    lines = text.split("\r\n")
    headers = tuple([(key, value) for key, colon, value in [line.partition(": ") for line in lines] if colon])
    is_in_order = len(headers) == len(lines) <= HEADER_CAP and text.count("\n") < len(lines)
    return headers if is_in_order else ()


def write_action(name: str, action_id: str, fields: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the bytes of one action.

    Raises :class:`UnsafeAction` where a name or value holds CR, LF or NUL, or a name a colon:
    they are refused and never stripped, because a stripped value is another value.
    """
    lines = []
    for key, value in (("Action", name), ("ActionID", action_id), *fields):
        if any(char in "\r\n\0" or "\ud800" <= char <= "\udfff" for char in key + value) or ":" in key or not key:
            raise UnsafeAction(
                "The telephone system was asked for nothing: the request held a line break or another "
                "character that would change its meaning. Type the number again."
            )
        lines.append(f"{key}: {value}\r\n")
    return ("".join(lines) + "\r\n").encode()


def stamp_of(message: Message) -> datetime | None:
    """Return the switchboard's own time of a message, where it sends one."""
    return moment_of(message.get("Timestamp"))


def unescaped(text: str) -> str:
    """Return a name without AMI's backslashes: ``O\\'Brien`` is O'Brien."""
    if "\\" not in text:
        return text
    out: list[str] = []
    chars = iter(text)
    for char in chars:
        out.append(next(chars, "\\") if char == "\\" else char)
    return "".join(out)
