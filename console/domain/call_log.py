"""Calls as the shared record tells them, for figures: a fold of the facts that consoles reported.

The live call of a screen comes from the switchboard; this is what remains of it for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.call_claims import Claim, claim_of
from console.domain.call_events import LegEnd
from console.domain.calls import Call, CallOutcome, Direction, Handed, Presentation
from console.domain.handed import handed_of, happened_at
from console.domain.items import Item
from console.domain.missed_reviews import Review, review_of
from console.domain.reading import choice, flag, identity, text
from console.domain.record import Kind
from console.domain.ring_claims import RingClaim, fold_ring_claim
from console.domain.supervision import Announced, announced


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call of the record.  ``aliases`` are ids that turned out to be this call."""

    id: UUID
    direction: Direction = Direction.INBOUND
    dialled: str = ""
    queue: str = ""
    presentation: Presentation = Presentation.UNKNOWN
    e164: str = ""
    seen_at: datetime | None = None
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: tuple[str, ...] = ()
    ended_at: datetime | None = None
    outcome: CallOutcome | None = None
    claim: Claim | None = None
    ring_claim: RingClaim | None = None
    """Who rings its caller back, where no incident is around it."""
    review: Review | None = None
    emergency: bool = False
    supervised: tuple[Announced, ...] = ()
    """What supervisors wrote before they heard it."""
    ended_by: str = ""
    """``caller``, an extension of ours, ``system``, ``unknown``; empty while it lasts."""
    aliases: frozenset[UUID] = frozenset()
    assumed: bool = False
    """Told by a program at a desk and by no switchboard: its end may never be told."""
    ended_unseen: bool = False
    """It was gone at ``ended_at``, when the switchboard could be heard again: how and when it ended nobody knows."""
    with_caller: frozenset[str] = frozenset()
    """Telephones that answered it and had not left it, as far as was told under this id."""
    handed: Handed | None = None
    """The newest change of hands after which none of ours had the caller."""

    @property
    def claimed_by(self) -> str:
        """Return the worker key of whoever has it, empty for nobody."""
        return self.claim.worker if self.claim is not None else ""

    @property
    def began(self) -> datetime | None:
        """Return when the caller began to wait."""
        return self.offered_at or self.seen_at

    @property
    def answered(self) -> bool:
        """Say whether one of ours took it."""
        return self.answered_at is not None

    @property
    def end_untold(self) -> bool:
        """Say whether a program at a desk only fell silent about it: how it ended, if it did, nobody knows."""
        return self.assumed and self.outcome is CallOutcome.UNKNOWN

    @property
    def abandoned(self) -> bool:
        """Say whether the caller was gone before anybody took it."""
        return self.ended_at is not None and not self.answered

    @property
    def reached_nobody(self) -> bool:
        """Say whether it ended with the caller still to be answered: by anybody, or by whom they were given to."""
        return self.abandoned or (self.ended_at is not None and self.handed is not None)

    @property
    def wait(self) -> timedelta | None:
        """Return how long the caller waited, once that is over; None also where nobody knows when they gave up."""
        over = self.answered_at or (None if self.ended_unseen else self.ended_at)
        return over - self.began if over is not None and self.began is not None else None


def as_recorded(call: Call, record: CallRecord | None) -> Call:
    """Return a call of the switchboard's since when the record says that it began and was answered.

    Asked what is alive now, a switchboard may not say since when: a console opened in mid-call hears of both as of
    that moment.  What is told with an earlier time, or of a call begun after the record's was over, stands.
    """
    began, answered = call.offered_at, call.answered_at
    if record is None or began is None or (record.ended_at is not None and record.ended_at < began):
        return call
    began = _earlier(record.seen_at or record.offered_at, began)
    if answered is not None:
        answered = _earlier(record.answered_at, answered)
    if (began, answered) == (call.offered_at, call.answered_at):
        return call
    return replace(call, offered_at=began, answered_at=answered)


def fold_call(items: Iterable[Item]) -> CallRecord | None:
    """Return the call that the items of one stream make; None for no items.

    Facts arrive from several consoles in any order, and are told in the order they happened.  Where somebody
    saw the call whole to its end, that is the account; what others said who came late to it, or were cut off,
    fills in only what nobody saw whole (docs/decisions/0020-witnesses.md).
    """
    listed = tuple(items)
    if not listed:
        return None
    facts = sorted((item for item in listed if item.kind in _FACTS and item.readable), key=_when)
    whole = [item for item in facts if not flag(item.content, "late")]
    made = _told(CallRecord(listed[0].stream.id), whole)
    if made.ended_at is None and len(whole) < len(facts):
        made = _filled(made, _told(CallRecord(made.id), [item for item in facts if flag(item.content, "late")]))
    said = tuple(announced(item) for item in listed if item.kind is Kind.CALL_SUPERVISION and item.readable)
    return replace(
        made,
        claim=claim_of(listed),
        review=review_of(listed),
        ring_claim=fold_ring_claim(listed),
        supervised=said,
        handed=handed_of(listed),
    )


def _told(made: CallRecord, items: Iterable[Item]) -> CallRecord:
    for item in items:
        made = _FACTS[item.kind](made, item)
    return made


def _when(item: Item) -> tuple[datetime, UUID]:
    return happened_at(item), item.id


def _filled(made: CallRecord, late: CallRecord) -> CallRecord:
    """Return a call of which nobody has told the end, with what those knew who did not see all of it."""
    stronger = late if strength(late) > strength(made) else made
    also = tuple(extension for extension in late.answered_by if extension not in made.answered_by)
    return replace(
        made,
        direction=made.direction if made.seen_at else late.direction,
        dialled=made.dialled or late.dialled,
        queue=made.queue or late.queue,
        presentation=stronger.presentation,
        e164=stronger.e164,
        seen_at=made.seen_at or late.seen_at,
        offered_at=made.offered_at or late.offered_at,
        answered_at=made.answered_at or late.answered_at,
        answered_by=(*made.answered_by, *also),
        with_caller=made.with_caller if made.answered else late.with_caller,
        ended_at=late.ended_at,
        outcome=late.outcome,
        ended_by=late.ended_by,
        ended_unseen=late.ended_unseen,
        emergency=made.emergency or late.emergency,
        assumed=made.assumed or late.assumed,
        aliases=made.aliases | late.aliases,
    )


def strength(call: CallRecord) -> tuple[int, bool]:
    """Return how much is known of a number: who was told that it is withheld is believed first of all."""
    return _STRENGTH.index(call.presentation), bool(call.e164)


_STRENGTH = (Presentation.UNKNOWN, Presentation.UNAVAILABLE, Presentation.ALLOWED, Presentation.WITHHELD)


def _earlier(known: datetime | None, new: datetime) -> datetime:
    return new if known is None or new < known else known


def _seen(made: CallRecord, item: Item) -> CallRecord:
    try:
        direction = Direction(text(item.content, "direction"))
    except ValueError:
        direction = made.direction
    dialled = text(item.content, "dialled")
    seen_at = _earlier(made.seen_at, happened_at(item))
    made = replace(made, assumed=made.assumed or flag(item.content, "assumed"))
    if made.dialled and not dialled:
        # The same call, told before it was known what was dialled.
        return replace(made, seen_at=seen_at)
    return replace(made, direction=direction, dialled=dialled, seen_at=seen_at)


def _number(made: CallRecord, item: Item) -> CallRecord:
    try:
        presentation = Presentation(text(item.content, "presentation"))
    except ValueError:
        return made
    told = replace(made, presentation=presentation, e164=text(item.content, "e164"))
    return told if strength(told) >= strength(made) else made


def _queued(made: CallRecord, item: Item) -> CallRecord:
    return replace(made, queue=text(item.content, "queue"), offered_at=_earlier(made.offered_at, happened_at(item)))


def _offered(made: CallRecord, item: Item) -> CallRecord:
    return replace(made, offered_at=_earlier(made.offered_at, happened_at(item)))


def _answered(made: CallRecord, item: Item) -> CallRecord:
    extension = text(item.content, "extension")
    if extension == "outside" and made.direction is Direction.INBOUND:
        return made
    by = made.answered_by if extension in made.answered_by else (*made.answered_by, extension)
    at, there = _earlier(made.answered_at, happened_at(item)), made.with_caller | {extension}
    return replace(made, answered_at=at, answered_by=by, with_caller=there)


def _leg_ended(made: CallRecord, item: Item) -> CallRecord:
    """Of a telephone that rings in two ways the second may stop ringing while it talks by the first."""
    gone = text(item.content, "extension")
    if gone not in made.with_caller or choice(item.content, "reason", LegEnd.UNKNOWN) in _RANG:
        return made
    return replace(made, with_caller=made.with_caller - {gone})


def _ended(made: CallRecord, item: Item) -> CallRecord:
    try:
        outcome = CallOutcome(text(item.content, "outcome"))
    except ValueError:
        outcome = CallOutcome.UNKNOWN
    if made.ended_at is None or (made.outcome is CallOutcome.UNKNOWN and outcome is not CallOutcome.UNKNOWN):
        by = text(item.content, "ended_by")
        unseen = flag(item.content, "late") and outcome is CallOutcome.UNKNOWN and by == "unknown"
        return replace(made, ended_at=happened_at(item), outcome=outcome, ended_by=by, ended_unseen=unseen)
    return made


def _alias(made: CallRecord, item: Item) -> CallRecord:
    other = identity(item.content, "other")
    return made if other is None else replace(made, aliases=made.aliases | {other})


def _emergency(made: CallRecord, item: Item) -> CallRecord:
    return replace(made, emergency=True)


_RANG = frozenset({LegEnd.ANSWERED_ELSEWHERE, LegEnd.REJECTED, LegEnd.NO_ANSWER, LegEnd.BUSY})
"""Why a telephone stops ringing; one that talked leaves for another reason."""
_Step = Callable[[CallRecord, Item], CallRecord]
_FACTS: Mapping[Kind, _Step] = {
    Kind.CALL_SEEN: _seen,
    Kind.CALL_NUMBER: _number,
    Kind.CALL_QUEUED: _queued,
    Kind.CALL_OFFERED: _offered,
    Kind.CALL_ANSWERED: _answered,
    Kind.CALL_LEG_ENDED: _leg_ended,
    Kind.CALL_ENDED: _ended,
    Kind.CALL_ALIAS: _alias,
    Kind.CALL_EMERGENCY: _emergency,
}
