"""Coming in while the shared record is away: this computer checks the password of the last sign-in itself.

What it checks against is a scrypt verifier in the keyring, one for each log-in and record.  It never holds the
password, and whoever has it must try passwords one by one, each for half a second of a whole core.
"""

from __future__ import annotations

import logging
import secrets as random_source
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from console.domain.encoding import from_micros, micros
from console.domain.text import NightdeskError
from console.machine.verifier import UNREADABLE, Verifier, as_text, keys_of, made_of, read_verifier
from console.ports.clock import Clock
from console.ports.secrets import Secrets

log = logging.getLogger(__name__)

FREE_TRIES = 3
"""Slips of the pen before one must wait."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
_MOST_WRONG = 1_000
"""Tries that are counted; the longest wait comes long before."""
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


_WHAT = "what lets a worker in while the record is away"
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
        salt = as_text(random_source.token_bytes(16))
        at = micros(self._clock.now())
        begun = Verifier(known.worker, known.name, known.roles, at, salt, invented=known.invented)
        self._put(place, made_of(place, password, begun))

    def forget(self, place: str) -> None:
        """Let this log-in in no more without the record."""
        self._secrets.forget(place)

    def takes(self, place: str, password: str) -> bool:
        """Say whether this is the password of the last sign-in, whatever its age; counts no try."""
        found = self._get(place)
        return found is not None and found.fits(keys_of(password, found))

    def open(self, place: str, password: str) -> Known:
        """Return whom the server let in here last, where the password is that worker's; else :class:`NotUnlocked`."""
        found, now = self._get(place), self._clock.now()
        if found is None or not self._is_fresh(found):
            raise NotUnlocked(self._never())
        found = self._waited(place, found, now)
        wait = _wait_after(found.wrong + 1)
        # Counted before it is checked: who ends the program meanwhile has tried all the same.
        tried = min(found.wrong + 1, _MOST_WRONG)
        self._put(place, replace(found, wrong=tried, again=micros(now + wait) if wait else 0))
        keys = keys_of(password, found)
        if not found.fits(keys):
            more = f"  The next try may be in {wait.seconds} s." if wait else "  Type it again."
            raise NotUnlocked(_WRONG.format(wait=more))
        self._put(place, replace(found, wrong=0, again=0))
        if not found.is_sealed(place, keys):
            log.warning("%s was changed outside Nightdesk; it counts as none", _WHAT)
            raise NotUnlocked(self._never())
        return Known(found.worker, found.name, found.roles, found.invented)

    def _waited(self, place: str, found: Verifier, now: datetime) -> Verifier:
        """Return the verifier whose time has come; else :class:`NotUnlocked`.

        The wait is never longer than the tries make it: it was counted by a clock that may have been set right since.
        """
        bounded = _bounded(found, now)
        if bounded != found:
            self._put(place, bounded)
        left = bounded.again - micros(now)
        if left > 0:
            raise NotUnlocked(_WAIT.format(seconds=-(-left // 1_000_000)))
        return bounded

    def _never(self) -> str:
        within = f"within {self._days} days" if self._days else "before, or may not without it"
        return _NEVER.format(within=within)

    def _is_fresh(self, found: Verifier) -> bool:
        age = self._clock.now() - from_micros(found.at)
        return self._days > 0 and -CLOCK_SLIP <= age <= timedelta(days=self._days)

    def _get(self, place: str) -> Verifier | None:
        kept = self._secrets.get(place)
        found = read_verifier(kept) if kept else None
        if kept and found is None:
            # Damaged, or made by another version: the next sign-in makes it anew.
            log.warning("%s could not be read; it counts as none", _WHAT)
        return found

    def _put(self, place: str, verifier: Verifier) -> None:
        self._secrets.put(place, verifier.written())


def _bounded(found: Verifier, now: datetime) -> Verifier:
    """Return the verifier with tries that can be: unreadable ones are all used up, and the longest wait begins now."""
    if UNREADABLE in (found.wrong, found.again):
        return replace(found, wrong=_MOST_WRONG, again=micros(now + LONGEST_WAIT))
    return replace(found, again=min(found.again, micros(now + _wait_after(found.wrong))))


def _wait_after(wrong: int) -> timedelta:
    """Return how long after so many wrong passwords in a row the next may be tried: twice as long each time."""
    if wrong < FREE_TRIES:
        return timedelta()
    doubled: int = 2 ** min(wrong - FREE_TRIES, 12)
    return min(LONGEST_WAIT, FIRST_WAIT * doubled)
