"""What is done by keys waits while the worker's telephone hears a tone: Asterisk loses the keys pressed meanwhile.

Measured on 22.10.1 and 16.28.0: the tone of coming back from a colleague lasts 0.36 s, and an attended transfer asked
for in it is accepted, rings nobody and tells nothing.  Its end is told by ``NewConnectedLine``.
"""

from __future__ import annotations

from console.ports.switchboard import ActionAnswer, Answer
from telephony_adapters.asterisk_ami.asides import Request
from telephony_adapters.asterisk_ami.board import Board
from telephony_adapters.link.line import AWAY
from telephony_adapters.link.requests import Then

LONGEST_S = 2.0
"""A tone whose end is not told has ended after so many seconds."""
Waiting = tuple[list[Request], Then]


class AfterTone:
    """The requests that wait for the end of a tone."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._waiting: list[tuple[float, Waiting]] = []

    def keeps(self, requests: list[Request], then: Then, now: float) -> bool:
        """Keep what would be lost if it were sent now; say whether it was kept."""
        kept = self._is_lost(requests)
        if kept:
            self._waiting.append((now + LONGEST_S, (requests, then)))
        return kept

    def due(self, now: float) -> list[Waiting]:
        """Return, and keep no longer, what can be sent now."""
        ready = [one for one in self._waiting if one[0] <= now or not self._is_lost(one[1][0])]
        self._waiting = [one for one in self._waiting if one not in ready]
        return [waiting for _, waiting in ready]

    def abandon(self) -> None:
        """Tell whoever waits that nothing was asked: the connection is gone."""
        waiting, self._waiting = self._waiting, []
        for _, (_, then) in waiting:
            then(ActionAnswer(Answer.REFUSED, AWAY))

    def _is_lost(self, requests: list[Request]) -> bool:
        on = (self._board.channels.get(one.keys_on) for one in requests)
        return any(channel is not None and channel.hears_tone for channel in on)
