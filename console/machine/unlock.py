"""Coming in while the shared record is away: this computer checks the password of the last sign-in itself.

What it checks against is a scrypt verifier in the keyring, one for each log-in and record.  It never holds the
password, and whoever has it must try passwords one by one, each for half a second of a whole core.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets as random_source
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from console.domain.encoding import from_micros, micros
from console.domain.text import NightdeskError
from console.ports.clock import Clock
from console.ports.secrets import Secrets

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**16, 8, 2
"""64 MiB and about half a second: what OWASP's password storage page asks of scrypt."""
_MEMORY = 160 * 1024 * 1024
_BYTES = 32
FREE_TRIES = 3
"""Slips of the pen before one must wait."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
CLOCK_SLIP = timedelta(hours=3)
"""How far before the last sign-in this computer's clock may stand: more, and its age cannot be told."""


class NotUnlocked(NightdeskError):
    """This computer cannot let this worker in by itself; nothing was opened."""


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the server let in here last: worker's key, name and the roles it said; ``invented``: no real night."""

    worker: str
    name: str
    roles: tuple[str, ...]
    invented: bool = False


@dataclass(frozen=True, slots=True)
class _Verifier:
    """What the keyring keeps; in microseconds ``at``, the last good sign-in, and ``again``, when one may try again."""

    worker: str
    name: str
    roles: Sequence[str]
    at: int
    salt: str
    key: str
    n: int = SCRYPT_N
    r: int = SCRYPT_R
    p: int = SCRYPT_P
    wrong: int = 0
    again: int = 0
    invented: bool = False


_NEVER = (
    "The shared record cannot be reached, and this log-in has not come in at this computer {within}: without the one "
    "or the other nobody can be signed in.  Nothing is lost: what was written here before waits, encrypted, and is "
    "sent by itself.  Look at the network and the address, and try again."
)
_WRONG = (
    "The shared record cannot be reached, so this computer looked at the password itself: it is not the one of your "
    "last sign-in here.  Nothing was opened.{wait}"
)
_WAIT = (
    "Too many wrong passwords while the shared record was away.  Nothing was opened; try again in {seconds} s, or when "
    "the record is back."
)


class Unlock:
    """The verifiers of this computer, each kept ``days``; 0: nobody comes in while the record is away.

    Asks the keyring and computes for half a second: never on the windows' thread.
    """

    def __init__(self, secrets: Secrets, clock: Clock, days: int) -> None:
        self._secrets = secrets
        self._clock = clock
        self._days = days

    def remember(self, place: str, password: str, known: Known) -> None:
        """Keep what the password can be checked against; ``place`` names record and log-in.

        Raises :class:`console.ports.secrets.SecretsUnavailable`.
        """
        if not self._days:
            self.forget(place)
            return
        salt = random_source.token_bytes(16)
        at = micros(self._clock.now())
        made = _Verifier(known.worker, known.name, known.roles, at, _text(salt), "", invented=known.invented)
        self._put(place, replace(made, key=_text(_derive(password, made))))

    def forget(self, place: str) -> None:
        """Let this log-in in no more without the record."""
        self._secrets.forget(place)

    def takes(self, place: str, password: str) -> bool:
        """Say whether this is the password of the last sign-in, whatever its age; counts no try."""
        found = self._get(place)
        return found is not None and _fits(password, found)

    def open(self, place: str, password: str) -> Known:
        """Return whom the server let in here last, where the password is that worker's; else :class:`NotUnlocked`."""
        found, now = self._get(place), self._clock.now()
        if found is None or not self._is_fresh(found):
            within = f"within {self._days} days" if self._days else "before, or may not without it"
            raise NotUnlocked(_NEVER.format(within=within))
        if micros(now) < found.again:
            raise NotUnlocked(_WAIT.format(seconds=-(-(found.again - micros(now)) // 1_000_000)))
        wait = _wait_after(found.wrong + 1)
        # Counted before it is checked: who ends the program meanwhile has tried all the same.
        self._put(place, replace(found, wrong=found.wrong + 1, again=micros(now + wait) if wait else 0))
        if not _fits(password, found):
            more = f"  The next try may be in {wait.seconds} s." if wait else "  Type it again."
            raise NotUnlocked(_WRONG.format(wait=more))
        self._put(place, replace(found, wrong=0, again=0))
        return Known(found.worker, found.name, tuple(found.roles), found.invented)

    def _is_fresh(self, found: _Verifier) -> bool:
        age = self._clock.now() - from_micros(found.at)
        return self._days > 0 and -CLOCK_SLIP <= age <= timedelta(days=self._days)

    def _get(self, place: str) -> _Verifier | None:
        try:
            return _Verifier(**json.loads(self._secrets.get(place) or "null"))
        except (TypeError, ValueError):
            return None  # nothing there, or made by another version: the next sign-in makes it anew

    def _put(self, place: str, verifier: _Verifier) -> None:
        self._secrets.put(place, json.dumps(asdict(verifier), ensure_ascii=False, separators=(",", ":")))


def _wait_after(wrong: int) -> timedelta:
    """Return how long after so many wrong passwords in a row the next may be tried: twice as long each time."""
    if wrong < FREE_TRIES:
        return timedelta()
    doubled: int = 2 ** min(wrong - FREE_TRIES, 12)
    return min(LONGEST_WAIT, FIRST_WAIT * doubled)


def _fits(password: str, found: _Verifier) -> bool:
    return hmac.compare_digest(_derive(password, found), base64.b64decode(found.key))


def _derive(password: str, made: _Verifier) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=base64.b64decode(made.salt), n=made.n, r=made.r, p=made.p, maxmem=_MEMORY, dklen=_BYTES
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
