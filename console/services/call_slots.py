"""What the call bar and the slot below it show: pure functions of the calls there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.call_events import LinkChanged, LinkState
from console.domain.calls import Call, CallState, Handed, Hold, is_asked
from console.services.call_looks import Looked


@dataclass(frozen=True, slots=True)
class Phones:
    """The connection to the switchboard; ``sentence`` says what happened and what to do.

    ``since`` is when the telephones were last lost or found, not when they were last tried.  ``only_watched``:
    every call is put together from signs, and none is certain.
    """

    state: LinkState = LinkState.CONNECTING
    since: datetime | None = None
    sentence: str = ""
    only_watched: bool = False

    @property
    def away(self) -> bool:
        """Say whether calls must be answered on the handset, unseen."""
        return self.state is not LinkState.CONNECTED

    def after(self, event: LinkChanged, now: datetime) -> Phones:
        """Return the connection after ``event``: a new try begins nothing and explains nothing, what was said stays."""
        away = event.state is not LinkState.CONNECTED
        since = self.since if self.since is not None and away is self.away else now
        trying = event.state is LinkState.CONNECTING
        return Phones(event.state, since, event.sentence or (self.sentence if trying else ""), event.only_watched)


@dataclass(frozen=True, slots=True)
class CallSlot:
    """One call as a worker sees it.

    ``alerting`` is True where this worker's own telephone rings; only then (and on an own call)
    are candidates looked up.  ``claimed_by`` is a worker key.  ``contact`` is the record that
    opened when this worker answered.  ``late`` calls were under way before we looked.  ``rung`` is
    whom this worker's telephone rang, E.164 or an extension; empty where they rang us.
    """

    call: Call
    line: str
    looked: Looked
    alerting: bool = False
    contact: UUID | None = None
    claimed_by: str = ""
    late: bool = False
    rung: str = ""
    claimed_at: datetime | None = None

    @property
    def on_hold(self) -> bool:
        """Say whether this call is known to be on hold."""
        return self.call.hold is Hold.YES


@dataclass(frozen=True, slots=True)
class RangOff:
    """The quiet line about a caller who was gone before anybody had them, or of whom no more was heard."""

    call: UUID
    number: str
    line: str
    offered_at: datetime | None
    at: datetime
    untold: bool = False
    """Nobody told the end: a program at this desk fell silent about the call."""
    handed: Handed | None = None
    """To whom this worker gave the caller, who never answered."""


@dataclass(frozen=True, slots=True)
class LostCall:
    """A call that was there when the telephones were last heard at ``heard_at``, and gone when they came back.

    ``own`` where this worker had the caller; else somebody waited whom nobody had answered.
    """

    call: UUID
    line: str
    own: bool
    heard_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskState:
    """One worker's calls: the one on the line, own ones on hold, and those that wait, oldest first."""

    current: CallSlot | None = None
    held: tuple[CallSlot, ...] = ()
    waiting: tuple[CallSlot, ...] = ()
    rang_off: RangOff | None = None
    phones: Phones = Phones()
    lost: LostCall | None = None
    """The newest call of which nobody saw the end, until this worker answers another."""
    parked: tuple[CallSlot, ...] = ()
    """Callers whom anybody parked, those who wait longest first."""
    calling: CallSlot | None = None
    """A call out of this worker's that nobody has answered yet."""
    asks: CallSlot | None = None
    """A colleague's call about which this worker is asked: theirs only when it is given over."""

    def is_current(self, call: UUID) -> bool:
        """Say whether a call is the one on the line."""
        return self.current is not None and self.current.call.id == call

    def slot(self, call: UUID) -> CallSlot | None:
        """Return one call's slot."""
        own = tuple(one for one in (self.current, self.calling) if one is not None)
        return next((one for one in (*own, *self.held, *self.waiting, *self.parked) if one.call.id == call), None)


def can_lift(slot: CallSlot, phones: Phones, *, by_word: bool) -> bool:
    """Say whether a waiting call can be answered by lifting this worker's own handset.

    ``by_word``: the telephone is worked by hand.  Of that, and of telephones that are only watched, nobody knows better
    than whoever sits there.
    """
    return slot.alerting or by_word or phones.only_watched


def next_to_answer(waiting: Iterable[CallSlot], worker: str) -> CallSlot | None:
    """Return the call that one key answers: one's own claim, else the oldest that rings here, else the oldest.

    What somebody else has comes last.
    """
    listed = sorted(waiting, key=lambda one: _reach(one, worker))
    return listed[0] if listed else None


def rings_here(desk: DeskState, worker: str) -> CallSlot | None:
    """Return the call that rings at this worker's own telephone, of several the one that a key answers."""
    return next_to_answer((one for one in desk.waiting if one.alerting), worker)


def _reach(one: CallSlot, worker: str) -> tuple[bool, bool, bool]:
    return one.claimed_by != worker, bool(one.claimed_by), not one.alerting


def arrange(calls: Iterable[Call], extension: str, slot_of: Callable[[Call], CallSlot]) -> DeskState:
    """Return the desk of the worker on ``extension``.

    With two own calls the one not on hold is current; both on hold, the one held last is.
    """
    live = [call for call in calls if call.live]
    own = sorted((call for call in live if extension and extension in call.talking), key=_freshest)
    current = slot_of(own[-1]) if own else None
    calling = next((slot_of(call) for call in live if call.placed_by(extension) and call not in own), None)
    held = tuple(slot_of(call) for call in own[:-1])
    waiting = sorted((call for call in live if call.waiting()), key=lambda call: (str(call.waits_since), str(call.id)))
    parked = sorted((call for call in live if call.state is CallState.PARKED), key=lambda call: str(call.parked_since))
    asks = next((slot_of(call) for call in live if is_asked(call, extension)), None)
    return DeskState(
        current, held, tuple(map(slot_of, waiting)), parked=tuple(map(slot_of, parked)), calling=calling, asks=asks
    )


def _freshest(call: Call) -> tuple[bool, str, str]:
    return call.hold is not Hold.YES, str(call.held_since or call.answered_at or call.offered_at), str(call.id)
