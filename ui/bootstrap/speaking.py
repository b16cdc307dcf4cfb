"""Says aloud that a call waits: a line and nothing else, never while this worker is on a call (screens.md 3.6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from console.ports.speaker import Speaker
from ui.desktop.desk import Desk

FIRST = timedelta(seconds=20)
"""A call that waits this long is said once, and once more 30 s later (screens.md 2.1)."""
REPEAT = timedelta(seconds=30)


class Speaking:
    """Looks once a second; off unless the setting ``speech`` is on."""

    def __init__(self, desk: Desk, speaker: Speaker) -> None:
        self._desk = desk
        self._speaker = speaker
        self._said: dict[UUID, list[datetime]] = {}
        self._beat = desk.alarm.every(1.0, self._look)

    def stop(self) -> None:
        """Be silent and look no more."""
        self._beat.cancel()
        self._speaker.close()

    def _look(self) -> None:
        state, now = self._desk.calls.state(), self._desk.clock.now()
        waiting = {one.call.id: one for one in state.waiting}
        self._said = {call: times for call, times in self._said.items() if call in waiting}
        if state.current is not None:
            self._speaker.hush()
            return
        for call, slot in waiting.items():
            since = slot.call.offered_at
            if since is not None and self._due(call, now - since, now):
                self._said.setdefault(call, []).append(now)
                self._speaker.say(f"Call waiting, {slot.line}")
                return

    def _due(self, call: UUID, waited: timedelta, now: datetime) -> bool:
        said = self._said.get(call, [])
        if not said:
            return waited >= FIRST
        return len(said) == 1 and now - said[0] >= REPEAT
