"""How far the switchboard's clock is from this computer's, and what is done about it.

Asterisk says its time with every answer to a ping.  Where the two are far apart, a caller would seem to have waited an
hour, or to ring in an hour; so the facts that happen once are told by this computer's clock.  What may happen twice to
a call keeps the switchboard's own stamp, which is a part of which fact it is (docs/decisions/0007).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from console.domain.call_events import REPEATABLE, AgentPaused, CallEvent, LinkChanged, SnapshotTaken
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.link.clock import moment_of

APART = timedelta(seconds=60)
"""From here on the difference is said, and put right: less is a trip, a queue, a clock that is set by hand."""
_OURS = (LinkChanged, SnapshotTaken, AgentPaused, *REPEATABLE)


def stamp_of(message: Message) -> datetime | None:
    """Return the switchboard's own time of a message, where it sends one."""
    return moment_of(message.get("Timestamp"))


class Clocks:
    """The switchboard's clock beside this computer's."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._at: datetime | None = None

    def heard(self, at: datetime) -> None:
        """Note the time of this computer at which something came."""
        self._at = at

    def ponged(self, message: Message | None) -> None:
        """Take the answer to a ping; one that says no time, or never came, measures nothing."""
        stamp = stamp_of(message) if message is not None else None
        if stamp is not None and self._at is not None:
            ahead = stamp - self._at
            self._ahead = ahead if abs(ahead) >= APART else timedelta()

    def placed(self, fact: CallEvent) -> CallEvent:
        """Return a fact by this computer's clock, where it carries the time of one that is far off."""
        if not self._ahead or self._at is None or isinstance(fact, _OURS):
            return fact
        moved = fact.at - self._ahead
        return replace(fact, at=moved) if abs(moved - self._at) < abs(fact.at - self._at) else fact

    def remark(self) -> tuple[str, ...]:
        """Return a sentence about a clock that is far off, for whoever looks after the switchboard."""
        if not self._ahead:
            return ()
        minutes = round(abs(self._ahead).total_seconds() / 60)
        side = "ahead of" if self._ahead > timedelta() else "behind"
        return (
            f"The switchboard's clock is {minutes} min {side} this computer's: waits are shown by this computer's, and "
            "the times of holds on record are the switchboard's. Set one of them by the network's time.",
        )
