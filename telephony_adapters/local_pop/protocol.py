"""HTTP, as much of it as one signed message needs: bytes to a request, an answer to bytes, and no I/O.

Strict on purpose: what is not plainly one short request is refused, so that nothing can be read in two ways.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

HEAD_CAP = 8_192
"""Most bytes of request line and headers."""
BODY_CAP = 16_384
"""Most bytes of a body: ten times what the largest product sends of one call."""
_HEADERS_AT_MOST = 64
_LINE = re.compile(rb"(GET|POST|OPTIONS|HEAD|PUT|DELETE|PATCH) (/[!-~]{0,199}) HTTP/1\.[01]")
_HEADER = re.compile(rb"([A-Za-z0-9-]{1,64}):[ \t]*([ -~\t]{0,4096}?)[ \t]*")
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)


class NotTaken(Exception):
    """A message that is not taken: ``status`` for a program, the text for a person, and nothing of what was sent."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """One request.  Header names are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Reader:
    """Takes the bytes of one connection until its one request is whole."""

    def __init__(self) -> None:
        self._bytes = b""
        self._head: tuple[str, str, Mapping[str, str]] | None = None
        self._wanted = 0

    def feed(self, data: bytes) -> Request | None:
        """Take what arrived; return the request once it is whole.  Raises :class:`NotTaken`."""
        self._bytes += data
        if self._head is None and not self._read_head():
            return None
        if len(self._bytes) > self._wanted:
            raise _bad("More came than the length that was named.")
        if self._head is None or len(self._bytes) < self._wanted:
            return None
        return Request(*self._head, self._bytes)

    def _read_head(self) -> bool:
        head, end, rest = self._bytes.partition(b"\r\n\r\n")
        if len(head) > HEAD_CAP:
            raise NotTaken(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too long.")
        if not end:
            return False
        first, *lines = head.split(b"\r\n")
        method, path = _request_line(first)
        headers = _headers(lines)
        self._head = method, path, headers
        self._wanted = _length(headers)
        self._bytes = rest
        return True


def answer(status: HTTPStatus, said: str) -> bytes:
    """Return the bytes of an answer: one JSON object whose ``said`` is a sentence."""
    body = json.dumps({"said": said}).encode()
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def _bad(sentence: str) -> NotTaken:
    return NotTaken(HTTPStatus.BAD_REQUEST, sentence)


def _request_line(line: bytes) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _bad("This is no HTTP request of the kind that is taken here.")
    return found[1].decode(), found[2].decode()


def _headers(lines: list[bytes]) -> Mapping[str, str]:
    if len(lines) > _HEADERS_AT_MOST:
        raise NotTaken(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "There are too many headers.")
    headers: dict[str, str] = {}
    for line in lines:
        found = _HEADER.fullmatch(line)
        if found is None:
            raise _bad("A header is not written as one is.")
        name = found[1].decode().lower()
        if name in headers:
            # Two of a kind are read as the first by one program and as the last by another.
            raise _bad("A header stands twice.")
        headers[name] = found[2].decode()
    return headers


def _length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise NotTaken(HTTPStatus.LENGTH_REQUIRED, "Say Content-Length; a body in pieces is not taken.")
    said = headers.get("content-length", "0")
    if not _LENGTH.fullmatch(said):
        raise _bad("Content-Length is no number.")
    if int(said) > BODY_CAP:
        raise NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A message may have {BODY_CAP} bytes at most.")
    return int(said)
