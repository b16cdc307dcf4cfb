"""Says aloud that a call waits, or that urgent help is nobody's: a line and nothing else (screens.md 3.6).

Never while this worker is on a call; each thing once and once more 30 s later, one at a time (screens.md 2.1).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from console.domain.help_requests import HelpRequest
from console.domain.people import Rank
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
        nobodys = {one.id: one for one in self._desk.helps.open() if _is_nobodys(one)}
        self._said = {what: times for what, times in self._said.items() if what in waiting or what in nobodys}
        if state.current is not None:
            self._speaker.hush()
            return
        for call, slot in waiting.items():
            since = slot.call.waits_since
            if since is not None and self._due(call, now - since, FIRST, now):
                self._say(call, f"Call waiting, {slot.line}", now)
                return
        for request in nobodys.values():
            since = request.drafted_at
            if since is not None and self._due(request.id, now - since, self._desk.helps.thresholds.not_sent, now):
                self._say(request.id, f"Help without an owner, {request.line}".removesuffix(", "), now)
                return

    def _say(self, what: UUID, phrase: str, now: datetime) -> None:
        self._said.setdefault(what, []).append(now)
        self._speaker.say(phrase)

    def _due(self, what: UUID, waited: timedelta, first: timedelta, now: datetime) -> bool:
        said = self._said.get(what, [])
        if not said:
            return waited >= first
        return len(said) == 1 and now - said[0] >= REPEAT


def _is_nobodys(request: HelpRequest) -> bool:
    """Say whether help is wanted now and nobody has it: one of the three things that may sound."""
    return request.rank is Rank.NOW and not request.owner
