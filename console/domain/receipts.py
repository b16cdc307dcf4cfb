"""How far a signal or a line to the partner has come: kept, sent, delivered, seen, answered; or by hand.

*Delivered* and *seen* are what the other console says of itself: that it holds the entry, and that the entry stood
on a screen in front.  Their times are this console's clock at the moment it heard so, hence empty after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.record import StreamKind, StreamRef
from console.domain.words import clock_words, span_words

HELD = StreamRef(StreamKind.SIGNALS, UUID("6e5f8c1e-0a54-5d1b-9d5f-6d2f6a0e1c28"))
"""No stream of entries: the name under which each console's mark says up to which seq it holds the record.

Marks live in the same table as *seen*, which asks of a stream only its name, so that a console of another version
passes them on and over (decision 0028)."""

NOT_DELIVERED_AFTER = timedelta(seconds=3)
"""After this a signal that nobody's console has says so: *signal by hand* (architecture.md 3)."""
BY_HAND = "not seen: signal by hand"
"""What stands beside it then."""
NOBODY = "nobody has this: F7, or 999"
"""What stands there at once where nobody is beside whoever sent it: there is nobody to signal to by hand."""


class Reached(StrEnum):
    """How far it is; ``BY_HAND`` where it should have been delivered and is not known to be."""

    KEPT = "kept"
    SENT = "sent"
    BY_HAND = "by hand"
    DELIVERED = "delivered"
    SEEN = "seen"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class OnlySeen:
    """Somebody saw it, by their ``names``, and it waits all the same: ``but`` says why it does."""

    names: tuple[str, ...]
    but: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of one entry.

    ``made`` is when it was sent, by this console's clock.  ``delivered_to`` and ``seen_by`` are workers, by key;
    the times beside them are when this console first heard so, None where it was not running then.
    ``reaches``: there is a way to somebody; without one nobody need wait 3 s to hear so.
    ``alone``: it is for whoever is beside the sender, and nobody is: there is nobody to signal to by hand.
    """

    made: datetime
    shared: bool = False
    delivered_to: tuple[str, ...] = ()
    delivered_at: datetime | None = None
    seen_by: tuple[str, ...] = ()
    seen_at: datetime | None = None
    answer: str = ""
    reaches: bool = True
    alone: bool = False
    only_seen: OnlySeen | None = None

    def reached(self, now: datetime) -> Reached:
        """Return how far it is at ``now``."""
        if self.answer:
            return Reached.ANSWERED
        if self.seen_by:
            return Reached.SEEN
        if self.delivered_to:
            return Reached.DELIVERED
        if not self.reaches or now - self.made >= NOT_DELIVERED_AFTER:
            return Reached.BY_HAND
        return Reached.SENT if self.shared else Reached.KEPT

    def words(self, now: datetime) -> str:
        """Return it in words: ``seen 22:17``, ``delivered 00:12, not seen``, the answer, or why it is by hand."""
        reached = self.reached(now)
        if reached is Reached.BY_HAND:
            return NOBODY if self.alone else BY_HAND
        if reached is Reached.SEEN and self.only_seen is not None:
            return f"seen by {' and '.join(self.only_seen.names)}, {self.only_seen.but}"
        return f"delivered {span_words(self._age(now))}, not seen" if self.is_late(now) else self.short(now)

    def is_late(self, now: datetime) -> bool:
        """Say whether it must stand out: nobody has it, or somebody's console has and nobody looks at it."""
        reached = self.reached(now)
        return reached is Reached.BY_HAND or (reached is Reached.DELIVERED and self._age(now) >= NOT_DELIVERED_AFTER)

    def _age(self, now: datetime) -> timedelta:
        return now - (self.delivered_at or self.made)

    def short(self, now: datetime) -> str:
        """Return the few words that find room on a button."""
        reached = self.reached(now)
        if reached is Reached.ANSWERED:
            return self.answer
        if reached is Reached.SEEN and self.only_seen is not None:
            return f"seen by {self.only_seen.names[0].split(' ', 1)[0]}"
        if reached is Reached.SEEN:
            return f"seen {clock_words(self.seen_at)}" if self.seen_at is not None else "seen"
        if reached is Reached.DELIVERED:
            # What is delivered and not looked at grows older in sight.
            return f"unseen {span_words(self._age(now))}" if self.is_late(now) else "delivered"
        if reached is Reached.BY_HAND:
            return "nobody has it" if self.alone else "signal by hand"
        return reached.value
