"""Who may tell of calls: a signature over time, key, path and body, a window in time, and a rate.

The same for both doors: the command of the same account signs with a token of this run, other programs with
the secret of this installation.  Nothing here logs or repeats what was sent.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus

from telephony_adapters.local_pop.protocol import NotTaken, Request

TIME, KEY, SIGNATURE = "nightdesk-time", "nightdesk-key", "nightdesk-signature"
"""Headers: seconds since 1970, a key of this one message (its retries have the same), and hexadecimal HMAC-SHA256."""
HELLO = "/hello"
_TIME = re.compile(r"[0-9]{1,11}", re.ASCII)
_KEY = re.compile(r"[\w.:-]{8,80}", re.ASCII)
_BROWSER = ("origin", "sec-fetch-site", "sec-fetch-mode", "referer")
A_SECOND, AT_ONCE = 20.0, 60.0
"""Messages that are taken: so many a second on the average, so many at once."""


def sign(secret: str, stamp: str, key: str, path: str, body: bytes) -> str:
    """Return the signature of one message, in hexadecimal."""
    signed = "\n".join((stamp, key, path, "")).encode() + body
    return hmac.new(secret.encode(), signed, sha256).hexdigest()


def prove(secret: str, key: str) -> str:
    """Return what only a console that knows the secret can answer to ``key``."""
    return hmac.new(secret.encode(), f"hello\n{key}".encode(), sha256).hexdigest()


class Gate:
    """Lets signed messages of one door in, each once.  Its clock is an argument.

    ``opened`` is when it began to listen, as a steady count and a time, where its secret is older than it is: what
    was signed before may have been taken by the console before, of which nothing is remembered.
    """

    def __init__(self, secret: str, port: int, window_s: float, opened: tuple[float, datetime] | None = None) -> None:
        self._secret = secret
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._window = window_s
        self._opened = opened
        self._taken: dict[str, tuple[float, bytes]] = {}
        self._room = AT_ONCE
        self._filled = 0.0

    def check(self, request: Request, now: float, at: datetime) -> bool:
        """Return whether this is news; False where it was taken already.  Raises :class:`NotTaken`.

        ``now`` is the steady count, ``at`` the time.
        """
        refuse_strangers(request.headers, self._hosts)
        if request.method != "POST":
            raise NotTaken(HTTPStatus.METHOD_NOT_ALLOWED, "Calls are told by POST.")
        key = self._signed(request, at)
        self._refuse_earlier(request, now)
        self._forget(now)
        digest = sha256(request.path.encode() + b"\n" + request.body).digest()
        known = self._taken.get(key)
        if known is not None:
            if known[1] == digest:
                return False
            raise NotTaken(HTTPStatus.CONFLICT, "Another message had the same Nightdesk-Key. Give each its own.")
        self._spend(now)
        # Twice the window: a stamp may be as far ahead of our clock as behind it.
        self._taken[key] = (now + 2 * self._window + 1, digest)
        return True

    def hello(self, request: Request) -> str:
        """Prove to whoever asks that this is the console it looks for.  Raises :class:`NotTaken`."""
        refuse_strangers(request.headers, self._hosts)
        key = request.headers.get(KEY, "")
        if request.method != "GET" or not _KEY.fullmatch(key):
            raise NotTaken(HTTPStatus.BAD_REQUEST, "Say hello by GET, with a Nightdesk-Key.")
        return prove(self._secret, key)

    def forget(self, request: Request) -> None:
        """Let a message be told again: it could not be taken in this time."""
        self._taken.pop(request.headers.get(KEY, ""), None)

    def _signed(self, request: Request, at: datetime) -> str:
        stamp, key = request.headers.get(TIME, ""), request.headers.get(KEY, "")
        signature = request.headers.get(SIGNATURE, "").removeprefix("sha256=").lower()
        if not (_TIME.fullmatch(stamp) and _KEY.fullmatch(key) and signature):
            raise NotTaken(HTTPStatus.UNAUTHORIZED, "Nightdesk-Time, -Key or -Signature is missing or misshapen.")
        right = sign(self._secret, stamp, key, request.path, request.body)
        if not hmac.compare_digest(right.encode(), signature.encode()):
            raise NotTaken(HTTPStatus.UNAUTHORIZED, "The signature is not right. Check the secret and what is signed.")
        # After the signature: a stranger learns nothing of this computer's clock.
        if abs(at.timestamp() - int(stamp)) > self._window:
            raise NotTaken(HTTPStatus.UNAUTHORIZED, "Nightdesk-Time is too far from now. Check both clocks.")
        return key

    def _refuse_earlier(self, request: Request, now: float) -> None:
        if self._opened is None:
            return
        count, opened = self._opened
        # No longer than the window, in which the rest is refused anyhow: a clock that is put back shuts no door.
        if now - count <= self._window and int(request.headers[TIME]) < int(opened.timestamp()):
            raise NotTaken(HTTPStatus.UNAUTHORIZED, "This was signed before the console listened. Sign it anew.")

    def _forget(self, now: float) -> None:
        # They stand in the order they were taken, which is the order they may be forgotten in.
        while self._taken:
            oldest = next(iter(self._taken))
            if self._taken[oldest][0] >= now:
                break
            del self._taken[oldest]

    def _spend(self, now: float) -> None:
        self._room = min(AT_ONCE, self._room + (now - self._filled) * A_SECOND) if self._filled else AT_ONCE
        self._filled = now
        if self._room < 1:
            raise NotTaken(HTTPStatus.TOO_MANY_REQUESTS, "Too many messages at once. Send it again in a moment.")
        self._room -= 1


def refuse_strangers(headers: Mapping[str, str], hosts: frozenset[str]) -> None:
    """Refuse what a page in a browser could send here, under whatever name it found this computer.

    Raises :class:`NotTaken`.
    """
    if headers.get("host", "").lower() not in hosts:
        raise NotTaken(HTTPStatus.FORBIDDEN, "This is reached as 127.0.0.1 with its port, and by no other name.")
    if any(name in headers for name in _BROWSER):
        raise NotTaken(HTTPStatus.FORBIDDEN, "Pages in a browser may not tell of calls.")
