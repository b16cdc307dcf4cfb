"""Tells a worker's own telephone to take queue calls or not, and sees to it that it was told.

What it did not take is owed to it and asked again when the telephones are back; what the
switchboard refuses is said in words.
"""

from __future__ import annotations

from collections.abc import Callable

from console.ports.clock import Alarm, Timer
from console.ports.switchboard import IN_NO_QUEUE, ActionAnswer, Answer

TAKE_UP = 1.5
"""Seconds after the telephones are there in which this console leads: what its telephone was told
before, by whoever sat here or before they were away, is not what this worker says now."""
_STILL_PAUSED = "The telephone system did not take your telephone back into its queues: calls may not ring here."
_STILL_RINGS = "The telephone system did not take your telephone out of its queues: calls may still ring here."
Pause = Callable[[bool, str, Callable[[ActionAnswer], None]], None]
"""Tells the telephone to take queue calls (False) or not (True), and why; the third hears its word."""
Tell = Callable[[str], None]
"""Puts a sentence where this worker reads it."""


def no_telephone(paused: bool, reason: str, then: Callable[[ActionAnswer], None]) -> None:
    """Tell nobody: this worker has no telephone here."""


def unheard(_: object) -> None:
    """Let it pass: whoever would hear this is not there."""


class OwnTelephone:
    """One worker's telephone, as far as pausing goes."""

    def __init__(self, alarm: Alarm, pause: Pause, tell: Tell, *, in_queues: bool = True) -> None:
        """``in_queues``: this worker's telephone belongs into queues, and it is said where it is in none."""
        self._in_queues = in_queues
        self._alarm = alarm
        self._pause = pause
        self._tell = tell
        self._connected = False
        self._leading: Timer | None = None
        self._owed: object | None = None
        self._refusals: set[str] = set()

    @property
    def led(self) -> bool:
        """Say whether what it says now is not yet what this worker said."""
        return self._leading is not None

    @property
    def refused(self) -> bool:
        """Say whether the switchboard refused the last it was told."""
        return bool(self._refusals)

    def ask(self, paused: bool, reason: str = "") -> None:
        """Tell it; until it says yes it is owed this."""
        self._owed = asked = object()

        def answered(answer: ActionAnswer) -> None:
            if asked is not self._owed:
                return  # it was told something newer since
            idle = answer.sentence == IN_NO_QUEUE and (paused or not self._in_queues)
            if answer.answer is Answer.ACCEPTED or idle:
                self._owed = None
                self._refusals.clear()
            elif self._connected:
                self._refused(f"{_STILL_RINGS if paused else _STILL_PAUSED}  {answer.sentence}".rstrip())

        self._pause(paused, reason, answered)

    def leave(self, reason: str) -> None:
        """Pause it for good: its worker goes, and hears no answer."""
        self._pause(True, reason, unheard)

    def link(self, *, connected: bool) -> None:
        """Note whether the telephones are there; :meth:`take_up` follows."""
        self._connected = connected

    def take_up(self, paused: bool, reason: str) -> None:
        """The telephones are there, or there again: tell this one what its worker said while nothing reached it.

        A worker who is ready, and whose telephone knows it, is not said again: a pause that the
        telephone brings back with it was set there meanwhile, by hand.
        """
        if self._connected and (paused or self._owed):
            self.taken_up()
            self._leading = self._alarm.after(TAKE_UP, self.taken_up)
            self.ask(paused, reason if paused else "")

    def taken_up(self) -> None:
        """Follow the telephone from now on: it has done as it was told, or had time to."""
        if self._leading is not None:
            self._leading.cancel()
        self._leading = None

    def _refused(self, sentence: str) -> None:
        """Say what was refused, once until something is accepted: every call ends in a wrap-up."""
        if sentence not in self._refusals:
            self._refusals.add(sentence)
            self._tell(sentence)
