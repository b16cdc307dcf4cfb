"""When the office is shut: out-of-hours stretches, working days, and when a handover is due.

17:00 to 08:30 on weekdays, all of weekends and bank holidays (domain.md 1.1), in Europe/London.
Bank holidays are handed in (:mod:`console.domain.bank_holidays`); a manager's own dates are added.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from console.domain.ids import FACTS
from console.domain.record import StreamKind, StreamRef

LONDON = ZoneInfo("Europe/London")
_NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One out-of-hours stretch, aware UTC times; the longest over Christmas is 111.5 h."""

    start: datetime
    end: datetime

    @property
    def key(self) -> str:
        """Return the London day it begins on, as ``2026-12-01``."""
        return self.start.astimezone(LONDON).date().isoformat()

    def holds(self, moment: datetime) -> bool:
        """Say whether ``moment`` lies in it."""
        return self.start <= moment < self.end


class Calendar:
    """Working days and office hours of one service; ``extra`` are days that a manager added.

    ``bank`` holds the bank holidays of every year it is asked about.
    """

    def __init__(
        self,
        bank: Container[date],
        opens: time = time(8, 30),
        closes: time = time(17, 0),
        extra: Iterable[date] = (),
    ) -> None:
        self._opens = opens
        self._closes = closes
        self._extra = frozenset(extra)
        self._bank = bank

    def working_day(self, day: date) -> bool:
        """Say whether ``day`` is neither a weekend, nor a bank holiday, nor an added day."""
        return day.weekday() < 5 and day not in self._extra and day not in self._bank

    def out_of_hours(self, moment: datetime) -> bool:
        """Say whether the office is shut at ``moment``."""
        local = moment.astimezone(LONDON)
        return not (self.working_day(local.date()) and self._opens <= local.time() < self._closes)

    def opening_after(self, moment: datetime) -> datetime:
        """Return when the office opens next, strictly after ``moment``: when a handover is due."""
        day = moment.astimezone(LONDON).date()
        while True:
            at = _at(day, self._opens)
            if self.working_day(day) and at > moment:
                return at
            day += timedelta(days=1)

    def closing_before(self, moment: datetime) -> datetime:
        """Return when the office last shut, at ``moment`` or before."""
        day = moment.astimezone(LONDON).date()
        while True:
            at = _at(day, self._closes)
            if self.working_day(day) and at <= moment:
                return at
            day -= timedelta(days=1)

    def closing_after(self, moment: datetime) -> datetime:
        """Return when the office shuts next, strictly after ``moment``."""
        day = moment.astimezone(LONDON).date()
        while True:
            at = _at(day, self._closes)
            if self.working_day(day) and at > moment:
                return at
            day += timedelta(days=1)

    def stretch(self, moment: datetime) -> Stretch:
        """Return the stretch that ``moment`` belongs to.

        In office hours: before noon the one that just ended, so that whoever stays on to finish
        stays in it, from noon on the one to come.
        """
        if self.out_of_hours(moment):
            start = self.closing_before(moment)
            return Stretch(start, self.opening_after(start))
        if moment.astimezone(LONDON).time() < _NOON:
            start = self.closing_before(moment)
            return Stretch(start, self.opening_after(start))
        start = _at(moment.astimezone(LONDON).date(), self._closes)
        return Stretch(start, self.opening_after(start))

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day ``count`` working days after ``day``, which itself is day 0."""
        left = count
        while left > 0:
            day += timedelta(days=1)
            left -= self.working_day(day)
        return day


def shift_stream(stretch: Stretch) -> StreamRef:
    """Return the one shift stream of a stretch; every console makes the same id."""
    return StreamRef(StreamKind.SHIFT, shift_id(stretch.key))


def shift_id(key: str) -> UUID:
    """Return the id of the shift that begins on a London day."""
    return uuid5(FACTS, f"shift\n{key}")


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Return ``moment`` in Europe/London, for screens."""
    return moment.astimezone(LONDON)
