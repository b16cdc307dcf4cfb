"""Whom to ring: the agencies with what is known of their numbers, and the rota of the days around now.

Read while a screen watches, and again every ten minutes, so that a rota imported at eight is on every screen; what a
worker says of a number is an entry, and stands here at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.agency_checks import SLOT, check_body, newest_check, with_check
from console.domain.calendar import Calendar
from console.domain.people import Agency
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.rota import AHEAD, BEFORE, Duty, LaneNow, lanes_at, on_call_manager
from console.ports.clock import Alarm, Clock, Timer
from console.ports.store import StoreAway
from console.services.access import Access
from console.services.ledger import ChangeSet, Ledger
from console.services.refusing import Refused
from console.services.writing import Recording

EVERY = 600.0
"""Seconds between two readings."""
AGAIN = 15.0
"""Seconds before a reading that failed is tried again."""


@dataclass(frozen=True, slots=True)
class DirectoryState:
    """What is known now.  ``rota_at`` is when the rota was last read; None: not yet."""

    agencies: tuple[Agency, ...] = ()
    lanes: tuple[LaneNow, ...] = ()
    manager: Duty | None = None
    """The on-call manager by the rota, now."""
    rota_at: datetime | None = None


class Directory:
    """Keeps the directory for one worker's screens; for everybody on the services' thread."""

    def __init__(
        self, access: Access, ledger: Ledger, recording: Recording, clock: Clock, alarm: Alarm, calendar: Calendar
    ) -> None:
        self._access = access
        self._ledger = ledger
        self._recording = recording
        self._clock = clock
        self._alarm = alarm
        self._calendar = calendar
        self._rows: tuple[Agency, ...] = ()
        self._duties: tuple[Duty, ...] = ()
        self._rota_at: datetime | None = None
        self._listeners: list[Callable[[], None]] = []
        self._made: tuple[datetime, DirectoryState] | None = None
        self._timer: Timer | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Tell ``changed`` of every change; the answer takes it off again."""
        self._listeners.append(changed)
        if len(self._listeners) == 1:
            self._unsubscribe = self._ledger.subscribe(self._record_changed)
            self._read()
        return lambda: self._leave(changed)

    def _leave(self, changed: Callable[[], None]) -> None:
        if changed in self._listeners:
            self._listeners.remove(changed)
        if not self._listeners:
            self._unsubscribe()
            if self._timer is not None:
                self._timer.cancel()

    def now(self) -> DirectoryState:
        """Return the directory as of now, with what was said of its numbers; one object until something changes.

        Times on a rota are whole minutes, and a screen asks at every key.
        """
        now = self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        if self._made is None or self._made[0] != minute:
            lanes = lanes_at(self._duties, now, self._calendar)
            state = DirectoryState(self.agencies(), lanes, on_call_manager(self._duties, now), self._rota_at)
            self._made = minute, state
        return self._made[1]

    def agencies(self) -> tuple[Agency, ...]:
        """Return the agencies, by name, with what was said of their numbers here and not shared yet too."""
        ledger = self._ledger
        return tuple(with_check(one, newest_check(ledger.items(_stream(one.id)), ledger.name_of)) for one in self._rows)

    def agency(self, key: str) -> Agency | None:
        """Return one agency by its id in words."""
        return next((one for one in self.agencies() if str(one.id) == key), None)

    def duty(self, key: str) -> Duty | None:
        """Return one duty of the rota by its id in words."""
        return next((one for one in self._duties if str(one.id) == key), None)

    def manager(self) -> Duty | None:
        """Return the on-call manager by the rota, now."""
        return on_call_manager(self._duties, self._clock.now())

    def check(self, key: str, words: str = "", *, good: bool) -> Agency:
        """Write that an agency's number is right tonight, or wrong; everybody sees it.  Return the agency as it is now.

        Raises :class:`Refused` where there is no such agency.
        """
        agency = self.agency(key)
        if agency is None:
            raise Refused("Choose an agency of the directory first.  Nothing was written.")
        stream = _stream(agency.id)
        words = words.strip() or self._said_before(agency, good=good)
        body = check_body(agency.number, words, self._recording.who.name, good=good)
        replaces = self._ledger.head(stream, SLOT)
        self._recording.record(self._recording.entry(Kind.AGENCY_CHECKED, stream, body, slot=SLOT, replaces=replaces))
        return self.agency(key) or agency

    def _said_before(self, agency: Agency, *, good: bool) -> str:
        """Return the reason that stands: who says the same again without a word takes none away."""
        before = newest_check(self._ledger.items(_stream(agency.id)), self._ledger.name_of)
        same = before is not None and (before.good, before.number) == (good, agency.number)
        return before.words if before is not None and same else ""

    # --- reading ------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._alarm.after(EVERY, self._read)
        now = self._clock.now()
        self._access.agencies(self._learn_agencies, self._failed)
        self._access.rota(now - BEFORE, now + AHEAD, self._learn_rota, self._failed)

    def _learn_agencies(self, agencies: tuple[Agency, ...]) -> None:
        if agencies != self._rows:
            self._rows = agencies
            self._tell()

    def _learn_rota(self, duties: tuple[Duty, ...]) -> None:
        self._rota_at = self._clock.now()
        self._duties = duties
        self._tell()

    def _failed(self, error: Exception) -> None:
        # What was read before stands, with its age; the link's own words say that the record is away.
        # Where it answers and has no such door (an older record) asking again helps nobody: the next reading may.
        if self._listeners and isinstance(error, StoreAway):
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._alarm.after(AGAIN, self._read)

    def _record_changed(self, changes: ChangeSet) -> None:
        if any(ref.kind is StreamKind.AGENCY for ref in changes.streams):
            self._tell()

    def _tell(self) -> None:
        self._made = None
        for listener in tuple(self._listeners):
            listener()


def _stream(agency: UUID) -> StreamRef:
    return StreamRef(StreamKind.AGENCY, agency)
