"""Notifications to neutral facts: one :class:`Mapper` outlives its connections.

Given, for one telephone, everything that its notifications now add up to, it finds what changed since the
last time.  Confirmed and ended dialogs often name nobody: who rang is kept from when it rang.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from console.domain.call_events import CallEvent, SnapshotTaken
from telephony_adapters.sip_dialog.callers import Reading, shown
from telephony_adapters.sip_dialog.document import Dialog, State, Way
from telephony_adapters.sip_dialog.parts import Part, Phase
from telephony_adapters.sip_dialog.visits import Visits

SAME_FOR = timedelta(seconds=60)
"""A telephone that is as it was before so short a silence is in the same call; after a longer one nobody knows."""
HESITATE = timedelta(seconds=1)
"""So long it may take until a telephone of ours that has another rung is said to be in use."""
_BEFORE_ANSWER = frozenset({State.PROCEEDING, State.EARLY})
Dialogs = Mapping[str, Dialog]


class Mapper:
    """Reads the notifications of one telephone system."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._visits = Visits(reading)
        self._parts: dict[str, dict[str, Part]] = {}
        self._unsure: dict[Part, Dialog] = {}
        self._alive: datetime | None = None
        self._tell_again = False

    def feed(self, extension: str, dialogs: Dialogs, at: datetime) -> list[CallEvent]:
        """Return what is new, now that the dialogs of ``extension`` are these."""
        self._step(extension, dialogs, at)
        self._make_sure(at)
        return self._visits.take()

    def tick(self, at: datetime) -> list[CallEvent]:
        """Return what only time tells; call it often while notifications come in."""
        self._alive = at
        self._make_sure(at)
        self._visits.tick(at)
        return self._visits.take()

    def tell_again(self) -> None:
        """Let the next snapshot tell everything once more: somebody lost it."""
        self._tell_again = True

    def resume(self, telephones: Mapping[str, Dialogs], at: datetime) -> list[CallEvent]:
        """Return a snapshot of ``telephones`` after (again) connecting, and the facts that follow from it."""
        before = {visit.key for visit in self._visits.open}
        self._forget(telephones, at)
        for extension, dialogs in telephones.items():
            self._step(extension, dialogs, at)
        self._make_sure(at, wait=timedelta(0))
        self._visits.tick(at, settle=timedelta(0))
        facts = self._visits.take()
        if self._tell_again:
            facts = [fact for visit in self._visits.open for fact in visit.story]
        self._tell_again, self._alive = False, at
        alive = frozenset(visit.key for visit in self._visits.open)
        return [SnapshotTaken(at, alive, alive - before), *facts]

    def finish(self, at: datetime) -> list[CallEvent]:
        """End what is still open, at the end of a recording: nobody knows how it went on."""
        for extension in tuple(self._parts):
            self._step(extension, {}, at)
        self._visits.tick(at + SAME_FOR, settle=timedelta(0))
        return self._visits.take()

    def _forget(self, telephones: Mapping[str, Dialogs], at: datetime) -> None:
        """Drop what is not the same any more; its call is not in the snapshot, and so over."""
        long_ago = self._alive is None or at - self._alive > SAME_FOR
        for extension, parts in self._parts.items():
            for identity, part in tuple(parts.items()):
                dialog = telephones.get(extension, {}).get(identity)
                if long_ago or dialog is None or not self._is_same(part, dialog):
                    self._visits.drop(part)
                    self._unsure.pop(part, None)
                    del parts[identity]
                    if part.under is not None:
                        self._visits.drop(part.under)
                else:
                    part.held = False
        self._visits.drop_empty()

    def _is_same(self, part: Part, dialog: Dialog) -> bool:
        if dialog.state is State.TERMINATED:
            return False
        if part.phase is not Phase.RINGS:
            return dialog.state is State.CONFIRMED or part.phase is Phase.DIALS
        return dialog.state is State.CONFIRMED or not self._is_another(part, dialog)

    def _step(self, extension: str, dialogs: Dialogs, at: datetime) -> None:
        parts = self._parts.setdefault(extension, {})
        for identity in [one for one in parts if one not in dialogs]:
            self._over(parts.pop(identity), None, at)
        for identity, dialog in dialogs.items():
            part = parts.get(identity)
            if dialog.state is State.TERMINATED:
                if part is not None:
                    self._over(parts.pop(identity), dialog, at)
                continue
            now = self._new(extension, dialog, at) if part is None else self._goes_on(part, dialog, at)
            if now is not None:
                parts[identity] = now
            else:
                parts.pop(identity, None)

    def _new(self, extension: str, dialog: Dialog, at: datetime) -> Part | None:
        confirmed = dialog.state is State.CONFIRMED
        if dialog.state is State.TRYING and dialog.way is not Way.INITIATOR:
            return None
        part = Part(extension, dialog.id, self._visits.new_leg(extension, dialog.id, at), Phase.RINGS, at)
        if dialog.way is Way.INITIATOR:
            part.phase = Phase.DIALS
            self._visits.dial(part, dialog, at)
        elif confirmed and dialog.way is Way.UNTOLD:
            part.phase = Phase.TALKS
            self._visits.wonder(part)
        else:
            self._ring(part, dialog, at)
        if confirmed and part.phase is not Phase.TALKS:
            self._visits.answer(part, at)
        self._hold(part, dialog, at)
        return part

    def _ring(self, part: Part, dialog: Dialog, at: datetime) -> None:
        placed = self._placed(part.extension, dialog)
        caller = dialog.remote.user if dialog.remote is not None else ""
        if placed is None and caller in self._parts and dialog.state is not State.CONFIRMED:
            # One of ours, it says: that telephone must be in use then, and this may be told a moment later.
            self._unsure[part] = dialog
        else:
            self._visits.ring(part, dialog, at, placed)

    def _make_sure(self, at: datetime, *, wait: timedelta = HESITATE) -> None:
        for part, dialog in tuple(self._unsure.items()):
            placed = self._placed(part.extension, dialog)
            if placed is not None or at - part.since >= wait:
                del self._unsure[part]
                self._visits.ring(part, dialog, part.since, placed)

    def _now_sure(self, part: Part) -> None:
        dialog = self._unsure.pop(part, None)
        if dialog is not None:
            self._visits.ring(part, dialog, part.since, self._placed(part.extension, dialog))

    def _goes_on(self, part: Part, dialog: Dialog, at: datetime) -> Part | None:
        if dialog.state is State.CONFIRMED:
            self._now_sure(part)
        if part.phase is Phase.TALKS:
            return self._talks_on(part, dialog, at)
        if dialog.state is State.CONFIRMED:
            if part.under is not None:
                # Answered, or given up?  Nothing tells which; the call before is believed to go on.
                self._visits.leave(part, None, at)
                return part.under
            self._visits.answer(part, at)
        elif self._is_another(part, dialog):
            self._visits.leave(part, None, at)
            another = self._new(part.extension, dialog, at)
            if another is None:
                return part.under
            another.under = part.under
            return another
        else:
            self._visits.learn(part, dialog, at)
        self._hold(part, dialog, at)
        return part

    def _talks_on(self, part: Part, dialog: Dialog, at: datetime) -> Part:
        if dialog.state in _BEFORE_ANSWER and dialog.way is not Way.INITIATOR:
            second = self._new(part.extension, dialog, at)
            if second is not None:
                second.under = part
                return second
        self._hold(part, dialog, at)
        return part

    def _is_another(self, part: Part, dialog: Dialog) -> bool:
        """Say whether a telephone that rings rings for somebody else than before, under the same id."""
        visit, who = part.visit, shown(dialog.remote, self._reading)
        if part.phase is not Phase.RINGS or visit is None or visit.caller is None or who is None:
            return False
        return who.same != visit.caller.same

    def _hold(self, part: Part, dialog: Dialog, at: datetime) -> None:
        held = bool(dialog.held) and dialog.state is State.CONFIRMED
        if held != part.held:
            self._visits.hold(part, at, held=held)

    def _over(self, part: Part, last: Dialog | None, at: datetime) -> None:
        self._now_sure(part)
        self._visits.leave(part, last, at)
        if part.under is not None:
            self._visits.leave(part.under, last, at)

    def _placed(self, extension: str, dialog: Dialog) -> Part | None:
        """Return the part of a telephone of ours that had ``extension`` rung, where it is seen to ring somebody."""
        caller = dialog.remote.user if dialog.remote is not None else ""
        for part in self._parts.get(caller, {}).values():
            visit = part.visit if part.visit is not None and not part.visit.over else None
            rings_out = part.phase is Phase.DIALS or visit is None or visit.placed_by == caller
            if caller != extension and rings_out and (visit is None or visit.dialled in ("", extension)):
                return part
        return None
