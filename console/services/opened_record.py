"""The record of whoever is chosen: opened once by ticket, and asked for again where it did not come.

Nothing read is not the same as nothing there: a screen may say "none" only while :attr:`OpenedRecord.reading`
is ``HERE``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from uuid import UUID

from console.domain.people import PersonRecord
from console.ports.clock import Clock
from console.ports.store import NoTicket
from console.services.access import Access
from console.services.ledger import Ledger

AGAIN = 3.0
"""Seconds before a record that could not be opened is asked for again; twice as long after each try."""
LONGEST = 60.0


class Reading(StrEnum):
    """How far the opening has come."""

    NOBODY = "nobody"
    OPENING = "opening"
    FAILED = "failed"
    REFUSED = "refused"
    HERE = "here"


class OpenedRecord:
    """One screen's person.  ``opened`` gets the record; ``failed`` why it did not come, once for each person.

    A failure is tried again by :meth:`follow`, so by a screen that somebody sees, and not while the
    shared record is away.  A refusal is final: each further try would stand on the access log.
    """

    def __init__(
        self,
        access: Access,
        ledger: Ledger,
        clock: Clock,
        opened: Callable[[PersonRecord], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._access = access
        self._ledger = ledger
        self._clock = clock
        self._opened = opened
        self._failed = failed
        self._person: UUID | None = None
        self._asked = 0
        self._tries = 0
        self._failed_at = 0.0
        self.reading = Reading.NOBODY
        self.record: PersonRecord | None = None

    def follow(self, person: UUID | None, reason: str = "", call: UUID | None = None) -> None:
        """Open the record of ``person`` where it is not open yet; None lets go.  Call it at each drawing.

        ``reason`` may be empty only with a ``call`` of one's own.
        """
        if person != self._person:
            self._person, self.record, self._tries = person, None, 0
            self._asked += 1
            self.reading = Reading.NOBODY
            if person is not None:
                self._ask(person, reason, call)
        elif person is not None and self.reading is Reading.FAILED and self._due():
            self._ask(person, reason, call)

    def _due(self) -> bool:
        wait = min(LONGEST, AGAIN * 2 ** (self._tries - 1))
        return not self._ledger.link.is_away and self._clock.monotonic() - self._failed_at >= wait

    def _ask(self, person: UUID, reason: str, call: UUID | None) -> None:
        self._asked += 1
        self._tries += 1
        self.reading = Reading.OPENING
        here, not_here = partial(self._here, self._asked), partial(self._not_here, self._asked)
        self._access.open(person, reason, here, not_here, call)

    def _here(self, asked: int, record: PersonRecord) -> None:
        if asked == self._asked:
            self.reading, self.record = Reading.HERE, record
            self._opened(record)

    def _not_here(self, asked: int, problem: Exception) -> None:
        if asked != self._asked:
            return
        self.reading = Reading.REFUSED if isinstance(problem, NoTicket) else Reading.FAILED
        self._failed_at = self._clock.monotonic()
        if self._tries == 1 or self.reading is Reading.REFUSED:
            self._failed(problem)
