"""Who rings somebody back now: one worker at a time, by a claim that the record takes before a telephone is asked.

Two who press in the same moment would each find the line engaged.  A claim ends with what came of it, with its call,
or by itself: whoever rings may have left their desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.calls import Call, Direction
from console.domain.items import Item
from console.domain.reading import identity, text
from console.domain.record import Kind, StreamKind

RING_SLOT = "ring_back"
"""The slot of every claim of an incident, or of a call without one: the next is decided on the one before it."""
RING_KINDS: Mapping[StreamKind, Kind] = {
    StreamKind.INCIDENT: Kind.INCIDENT_RING_BACK,
    StreamKind.CALL: Kind.CALL_RING_BACK,
}
"""What a ring back is called in each stream that it can be of."""
CLAIMED = "claimed"
"""What stands for the outcome in a claim.  An older console reads it as an attempt that was rung."""
LASTS = timedelta(seconds=45)
"""So long a claim stands of which nothing more is heard, where the service sets nothing else."""


@dataclass(frozen=True, slots=True)
class RingClaim:
    """One claim; ``call`` is the call that is rung back.  ``told``: what came of it was written."""

    entry: UUID
    by: str
    at: datetime
    call: UUID | None
    told: bool = False

    def stands(self, now: datetime, calls: Iterable[Call], lasts: timedelta) -> bool:
        """Say whether it stands; ``calls`` are those of our telephones to the number in question, live or over."""
        if self.told:
            return False
        out = [one for one in calls if one.direction is Direction.OUTBOUND]
        if any(one.live for one in out):
            return True
        ended = any(one.ended_at is not None and one.ended_at >= self.at for one in out)
        return not ended and now - self.at < lasts


def is_claim(item: Item) -> bool:
    """Say whether an entry of a ring back is a claim, and no attempt."""
    return item.kind in RING_KINDS.values() and text(item.content, "outcome") == CLAIMED


def fold_ring_claim(items: Iterable[Item]) -> RingClaim | None:
    """Return the newest claim of an incident or a call, in the record's order; None where nobody ever rang back."""
    claim: RingClaim | None = None
    for item in items:
        if item.kind not in RING_KINDS.values() or not item.readable:
            continue
        if is_claim(item):
            claim = RingClaim(item.id, item.author, item.made_at, identity(item.content, "call"))
        elif claim is not None and text(item.content, "outcome") != "rung":
            claim = replace(claim, told=True)
    return claim
