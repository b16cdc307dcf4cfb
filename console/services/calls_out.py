"""Which record a call out is about: whoever rings a caller back writes into that caller's record, and into no other.

The telephones tell of a call out without saying what it is for; what was asked to be rung says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.call_changes import CallChange
from console.domain.calls import Call
from console.domain.contacts import Progress
from console.domain.lines import to_e164
from console.ports.clock import Clock
from console.services.line_drops import DropParts


@dataclass(frozen=True, slots=True)
class Meant:
    """A ring that was asked for.  ``number`` is E.164, ``back`` the call that is rung back, ``contact`` its record.

    Without ``contact`` it is whichever record of that call this worker has, and a new one where there is none.
    """

    number: str
    back: UUID
    contact: UUID | None
    at: datetime


class CallsOut:
    """One worker's calls out; a record begins when one is answered, as it does with a call that comes in."""

    def __init__(self, parts: DropParts, clock: Clock) -> None:
        self._parts = parts
        self._clock = clock
        self._meant: Meant | None = None
        self._call: UUID | None = None
        """The call that the telephones told of since."""
        parts.calls.subscribe(self._changed)

    def rings(self, number: str, back: UUID, contact: UUID | None = None) -> None:
        """Say what the next call out from this worker's telephone is about; before the telephone is asked."""
        self._meant, self._call = Meant(number, back, contact, self._clock.now()), None

    def not_rung(self) -> None:
        """Forget it: the telephone did not take what it was asked."""
        self._meant = None

    def begins_record(self, call: Call) -> bool:
        """Say whether a record of its own begins when this call out is answered."""
        meant = self._meant
        return meant is not None and self._is_meant(meant, call) and self._record(meant, call.id) is None

    def _is_meant(self, meant: Meant, call: Call) -> bool:
        if not (call.live and call.placed_by(self._parts.calls.extension)):
            return False
        # A telephone that is asked to ring somebody rings first itself, and what it dials is told later.
        dialled = to_e164(call.dialled, self._parts.plan) or call.dialled
        if dialled and dialled != meant.number:
            return False
        return call.id == self._call or self._clock.now() - meant.at <= self._parts.claim_lasts

    def _changed(self, _: tuple[CallChange, ...]) -> None:
        if self._meant is None:
            return
        state = self._parts.calls.state()
        for slot in (state.calling, state.current, *state.held):
            meant = self._meant
            if slot is None or meant is None or not self._is_meant(meant, slot.call):
                continue
            self._call = slot.call.id
            if slot is not state.calling:
                self._meant = None
                self._tie(meant, slot.call.id)

    def _tie(self, meant: Meant, call: UUID) -> None:
        contact = self._record(meant, call)
        if contact is None:
            back = self._parts.folds.call(meant.back)
            dialled, began = (back.dialled, back.began) if back is not None else ("", None)
            contact = self._parts.contacts.open(meant.back, dialled, received=began)
        self._parts.contacts.add_call(contact, call)
        self._parts.calls.opened(call, contact)

    def _record(self, meant: Meant, call: UUID) -> UUID | None:
        """Return the record to go on with: the one it was rung from or begun since, else this worker's open one."""
        known = meant.contact or self._parts.calls.contact_of(call)
        if known is not None:
            return known
        found = self._parts.folds.contacts_of_call(meant.back)
        mine = (one for one in found if one.owner == self._parts.recording.who.worker)
        return next((one.id for one in mine if one.progress is not Progress.COMPLETE), None)
