"""Follows a call that was placed about a request for help, or within an incident, and writes there what came of it.

The telephones tell: answered, no answer, engaged.  Where they do not (the link was lost, the call was never seen), it
is written that nobody knows.  Only the console that dialled writes, so that one account remains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from console.domain.call_changes import CallChange
from console.domain.calls import Call, Direction
from console.domain.help_rings import Rang, came_of, ring_words
from console.domain.ids import new_id
from console.domain.lines import DialPlan, to_e164
from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.clock import Alarm, Clock
from console.services.writing import Recording

BEFORE = timedelta(seconds=5)
"""How much earlier than it was asked for a call may have begun by the switchboard's clock."""
PATIENCE = 120.0
"""Seconds after which a call that is not under way any more, and of which nothing was told, is not known."""


class Telephones(Protocol):
    """What this needs of :class:`console.services.call_desk.CallDesk`."""

    @property
    def extension(self) -> str:
        """Return this worker's own."""

    def calls(self) -> Iterable[Call]:
        """Return the calls of now, and those that ended a while ago."""

    def subscribe(self, listener: Callable[[tuple[CallChange, ...]], None]) -> Callable[[], None]:
        """Tell ``listener`` what changed."""


@dataclass(eq=False, slots=True)
class Ring:
    """One call asked for; ``entry`` is what says so, once the switchboard has taken it.

    ``about`` is a request for help, or an incident: of that it is one line (``line``) of the shared timeline.
    """

    about: StreamRef
    name: str
    number: str
    at: datetime
    line: UUID
    entry: UUID | None = None
    call: UUID | None = None


class HelpRings:
    """The calls that this worker placed about requests and within incidents, and that are still followed."""

    def __init__(
        self, recording: Recording, telephones: Telephones, clock: Clock, alarm: Alarm, plan: DialPlan
    ) -> None:
        self._recording = recording
        self._telephones = telephones
        self._clock = clock
        self._alarm = alarm
        self._plan = plan
        self._followed: list[Ring] = []
        self._known: frozenset[UUID] = frozenset()
        telephones.subscribe(self.calls_changed)

    def asked(self, about: StreamRef, name: str, number: str) -> Ring:
        """Begin to follow a call that is being asked for."""
        now = self._clock.now()
        made = Ring(about, name, number, now, new_id(now))
        self._followed.append(made)
        return made

    def refused(self, ring: Ring) -> None:
        """Forget a call that was not placed."""
        self._end(ring)

    def accepted(self, ring: Ring) -> None:
        """Write that they were rung."""
        ring.entry = self._write(ring, Rang.ASKED)
        self._alarm.after(PATIENCE, partial(self._late, ring))
        self.calls_changed(())

    def calls_changed(self, _: tuple[CallChange, ...]) -> None:
        """Look what became of the calls that are followed."""
        if not self._followed:
            return
        calls = {one.id: one for one in self._telephones.calls()}
        for ring in tuple(self._followed):
            ring.call = ring.call or self._call_of(ring, calls.values())
            call = calls.get(ring.call) if ring.call is not None else None
            if call is not None and ring.entry is not None and came_of(call) is not Rang.ASKED:
                self._settle(ring, came_of(call))

    def _call_of(self, ring: Ring, calls: Iterable[Call]) -> UUID | None:
        taken = {one.call for one in self._followed} | self._known
        found = [one for one in calls if one.id not in taken and self._is_of(ring, one)]
        return found[0].id if found else None

    def _is_of(self, ring: Ring, call: Call) -> bool:
        ours = call.direction is Direction.OUTBOUND and call.caller.number == self._telephones.extension
        if not ours or (call.offered_at is not None and call.offered_at < ring.at - BEFORE):
            return False
        # Some switchboards name the number only once somebody outside is rung.
        return bool(call.dialled) and self._same(call.dialled, ring.number)

    def _same(self, one: str, other: str) -> bool:
        plain = to_e164(one, self._plan), to_e164(other, self._plan)
        return one == other or (bool(plain[0]) and plain[0] == plain[1])

    def _late(self, ring: Ring) -> None:
        if ring not in self._followed:
            return
        call = next((one for one in self._telephones.calls() if one.id == ring.call), None)
        if call is not None and call.live:
            self._alarm.after(PATIENCE, partial(self._late, ring))
        else:
            self._settle(ring, Rang.NOT_KNOWN)

    def _settle(self, ring: Ring, what: Rang) -> None:
        self._end(ring)
        self._write(ring, what)

    def _end(self, ring: Ring) -> None:
        if ring in self._followed:
            self._followed.remove(ring)
        if ring.call is not None:
            self._known |= {ring.call}

    def _write(self, ring: Ring, what: Rang) -> UUID:
        words = ring_words(ring.name, ring.at, what)
        if ring.about.kind is StreamKind.INCIDENT:
            line = {"line": ring.line, "text": words, "begun": ring.at}
            entry = self._recording.entry(Kind.INCIDENT_NOTE, ring.about, line)
        else:
            body = {"text": words, "rang": what.value}
            entry = self._recording.entry(Kind.HELP_UPDATED, ring.about, body, corrects=ring.entry)
        self._recording.record(entry)
        return entry.id
