"""Which lines of a rehearsal are due: a pure machine fed with the script's seconds and the record so far."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from console.domain.rehearsal import Seen
from telephony_adapters.simulator.rehearsal.steps import ENDS, Line, Rehearsal, Scene


class Playing:
    """One run of a rehearsal.  Each scene begins once, and its lines follow at their own times."""

    def __init__(self, script: Rehearsal) -> None:
        self._scenes = script.scenes
        self._began: dict[int, float] = {}
        self._due: list[tuple[float, int, Line]] = []
        self._count = 0
        self.ended = False

    def move(self, elapsed: float, seen: Seen) -> tuple[Line, ...]:
        """Return the lines that are due ``elapsed`` script seconds after the beginning, in order."""
        for number, scene in enumerate(self._scenes):
            if number not in self._began and self._is_time(number, scene, elapsed, seen):
                self._begin(number, elapsed)
        return tuple(self._take(elapsed))

    def skip(self, elapsed: float) -> None:
        """Let the rehearsal go on: bring the next line at once, or begin the first scene that still waits."""
        if self._due:
            first = self._due[0][0]
            self._due = [(at - max(first - elapsed, 0.0), number, line) for at, number, line in self._due]
        elif waiting := self._waiting():
            self._begin(waiting[0], elapsed)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Return, in words, what the scenes that have not begun wait for, in the script's order."""
        return tuple(self._scenes[number].words for number in self._waiting())

    @property
    def coming(self) -> Line | None:
        """Return the next line of the scenes that have begun."""
        return self._due[0][2] if self._due else None

    def _waiting(self) -> list[int]:
        return [number for number in range(len(self._scenes)) if number not in self._began]

    def _is_time(self, number: int, scene: Scene, elapsed: float, seen: Seen) -> bool:
        if scene.when is None:
            return True
        above = self._began.get(number - 1)
        if scene.or_after is not None and above is not None and elapsed - above >= scene.or_after:
            return True
        return seen.first(scene.when) is not None

    def _begin(self, number: int, elapsed: float) -> None:
        self._began[number] = elapsed
        for line in self._scenes[number].lines:
            self._count += 1
            heappush(self._due, (elapsed + line.after, self._count, line))

    def _take(self, elapsed: float) -> Iterator[Line]:
        while self._due and self._due[0][0] <= elapsed and not self.ended:
            line = heappop(self._due)[2]
            self.ended = line.verb == ENDS
            yield line
