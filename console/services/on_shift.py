"""Who else is there for somebody who is alone with a caller: managers, and whoever could come as a second worker."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.loads import may_come
from console.domain.record import MANAGERS
from console.domain.shifts import ShiftState, WorkerOnShift
from console.ports.clock import Clock
from console.services.folds import Folds


class OnShift:
    """Read anew at each question; ``talking`` gives the extensions on which somebody talks now."""

    def __init__(
        self, shift: Callable[[], ShiftState], folds: Folds, talking: Callable[[], frozenset[str]], clock: Clock
    ) -> None:
        self._shift = shift
        self._folds = folds
        self._talking = talking
        self._clock = clock

    def managers(self) -> frozenset[str]:
        """Return the managers who are signed in, by key."""
        return frozenset(one.worker for one in self._shift().workers if one.role in MANAGERS)

    def has_manager(self) -> bool:
        """Say whether a manager is at work, and not on call at home."""
        return bool(self._shift().managers_here())

    def free_to_come(self) -> frozenset[str]:
        """Return who is shown a call for a second worker now, by key."""
        talking = self._talking()
        return frozenset(one.worker for one in self._shift().workers if self._may_come(one, talking))

    def _may_come(self, one: WorkerOnShift, talking: frozenset[str]) -> bool:
        seated = any(state.holds_seat(one.worker) for state in self._folds.incidents_of_worker(one.worker))
        return may_come(one, self._clock.now(), committed=seated or one.extension in talking)
