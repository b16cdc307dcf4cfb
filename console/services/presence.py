"""A worker's state follows what the worker is seen to do: on a call, wrapping up, coordinating."""

from __future__ import annotations

from console.domain.call_changes import CallChange
from console.domain.incidents import IncidentRole, Member
from console.domain.shifts import WorkerState
from console.services.call_desk import CallDesk
from console.services.folds import Folds
from console.services.ledger import ChangeSet
from console.services.shift_desk import ShiftDesk

_FREE = frozenset({WorkerState.AVAILABLE, WorkerState.WRAP_UP, WorkerState.TAKE_FIVE})
"""States that a seat of one's own overrules: who came out of a recovery for it is not in recovery."""


class Presence:
    """Keeps what is said in step with what is seen; a visit or a break is never overruled."""

    def __init__(self, worker: str, desk: CallDesk, shift: ShiftDesk, folds: Folds) -> None:
        self._worker = worker
        self._desk = desk
        self._shift = shift
        self._folds = folds
        self._talking = False

    def calls_changed(self, changes: tuple[CallChange, ...]) -> None:
        """Wrap up when the last own call is over; give :meth:`CallDesk.subscribe` this."""
        self._shift.hear(changes)
        talking = on_the_line(self._desk)
        ended = self._talking and not talking
        self._talking = talking
        me = self._shift.me()
        if ended and me is not None and me.state is WorkerState.AVAILABLE:
            self._shift.wrap_up()

    def record_changed(self, _: ChangeSet) -> None:
        """Coordinate from when one is the second worker until one has no seat; give :meth:`Ledger.subscribe` this."""
        self._shift.record_changed()
        me = self._shift.me()
        if me is None:
            return
        roles = {one.role for one in self._memberships()}
        second = IncidentRole.COORDINATOR in roles
        # Who changed places and leads by now, with the caller at the other's telephone, is no more free than before.
        leads_from_afar = IncidentRole.LEAD in roles and not on_the_line(self._desk)
        if second and me.state in _FREE:
            self._shift.say(WorkerState.COORDINATING)
        elif not (second or leads_from_afar) and me.state is WorkerState.COORDINATING:
            self._shift.say(WorkerState.AVAILABLE)

    def _memberships(self) -> tuple[Member, ...]:
        found = (one.member(self._worker) for one in self._folds.incidents_of_worker(self._worker))
        return tuple(one for one in found if one is not None)


def on_the_line(calls: CallDesk) -> bool:
    """Say whether this worker has a caller on the line, held ones included.

    Not by the whole desk, which lays out every call that waits: this is asked with every fact of a storm.
    """
    return bool(calls.extension) and calls.extension in calls.talking()
