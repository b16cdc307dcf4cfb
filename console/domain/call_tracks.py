"""One call while it is being folded: the frozen call, its legs, and what the state is derived from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from console.domain.call_events import CallEvent
from console.domain.calls import Asked, Call, CallState, Certainty, Direction, Handed, Hold

SEEN_AT_MOST = 500
"""Facts of one call that are known again.  Without a limit a telephone held over and over fills the memory."""
OUTSIDE = "outside"
"""Stands for a party that is no extension of ours."""


class Leg(StrEnum):
    """What one telephone of the call is doing."""

    RINGING = "ringing"
    UP = "up"
    GONE = "gone"


@dataclass(slots=True)
class Track:
    """Working state of one call.  ``seen`` holds the facts applied last, oldest first: twice is once.

    Their hashes, not themselves, which would fill the memory with ten minutes of calls: of the few hundred facts of one
    call no two have the same one of 64 bits.
    """

    call: Call
    placed_by: str = ""
    begun: bool = False
    assumed: bool = False
    queued: bool = False
    parked: bool = False
    legs: dict[str, tuple[str, Leg]] = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)
    asked: Asked | None = None
    """Who was rung while somebody had the caller: a colleague asked for advice, once the caller is held for it."""
    seen: dict[int, None] = field(default_factory=dict)

    @property
    def certainty(self) -> Certainty:
        """Return how far its state may be trusted while it is heard of."""
        return Certainty.ASSUMED if self.assumed else Certainty.LIVE

    def is_new(self, event: CallEvent) -> bool:
        """Note a fact; return whether it was not applied already."""
        told = hash((type(event), event))
        if told in self.seen:
            return False
        self.seen[told] = None
        while len(self.seen) > SEEN_AT_MOST:
            del self.seen[next(iter(self.seen))]
        return True

    def with_state(self, state: Leg) -> frozenset[str]:
        """Return the extensions that have a leg in ``state``."""
        return frozenset(extension for extension, has in self.legs.values() if has is state)

    def let_go(self) -> None:
        """Take the caller away from everybody who talks with them."""
        for leg, (extension, has) in self.legs.items():
            if has is Leg.UP:
                self.legs[leg] = (extension, Leg.GONE)

    def _ringing(self, talking: frozenset[str]) -> frozenset[str]:
        """Return who is rung: not the telephone that places the call, once it is lifted and the other side rings."""
        ringing = self.with_state(Leg.RINGING)
        return ringing - {self.placed_by} if talking or len(ringing) > 1 else ringing

    def settle(self, news: datetime) -> None:
        """Derive alerting, talking, hold and state from the legs; ``news`` is the time of arrival."""
        call = self.call
        if not call.live:
            self.call = replace(call, last_news=news)
            return
        talking = self.with_state(Leg.UP)
        if talking and self.placed_by:
            talking |= {self.placed_by}
        self.holders &= talking
        unheld = Hold.UNKNOWN if call.hold is Hold.UNKNOWN else Hold.NO
        hold = Hold.YES if self.holders else unheld
        self.call = replace(
            call,
            # After a lost link nobody tells of holds: what was heard before it stands till something else is heard.
            asked=self.asked if talking and hold is not Hold.NO else None,
            state=self._state(talking),
            alerting=self._ringing(talking),
            talking=talking,
            hold=hold,
            held_since=call.held_since or news if self.holders else None,
            handed=self._handed(talking),
            alone_since=None if talking or not call.answered_by else call.alone_since or news,
            last_news=news,
        )

    def _handed(self, talking: frozenset[str]) -> Handed | None:
        """The giver may be heard to leave after the change of hands; anybody else on the call has the caller."""
        handed = self.call.handed
        return handed if handed is not None and talking <= {OUTSIDE, handed.giver} else None

    def _state(self, talking: frozenset[str]) -> CallState:
        if self.parked:
            return CallState.PARKED
        if len(talking) > (2 if self.placed_by else 1):
            return CallState.CONFERENCE
        if self.holders:
            return CallState.HELD
        if talking:
            return CallState.CONNECTED
        if self.call.direction is not Direction.INBOUND or self.with_state(Leg.RINGING):
            return CallState.ALERTING
        return CallState.QUEUED


def close(track: Track, **ended: object) -> None:
    """End the track's call: nobody alerts, talks or holds any more.  ``ended``: fields of Call."""
    for leg, (extension, _) in track.legs.items():
        track.legs[leg] = (extension, Leg.GONE)
    track.holders.clear()
    track.queued = track.parked = False
    track.asked = None
    quiet: dict[str, object] = {
        "state": CallState.ENDED,
        "alerting": frozenset(),
        "talking": frozenset(),
        "hold": Hold.NO,
        "held_since": None,
        "asked": None,
        "parked_at": "",
        "parked_since": None,
        "supervisors": (),
    }
    track.call = replace(track.call, **quiet, **ended)  # type: ignore[arg-type]  # names are Call's own
