"""Calls that turned out to be one: what was told under the other id belongs to whoever the caller is.

The live call of a screen takes it over when its switchboard says so (:func:`console.domain.call_folds.absorb`); this
does the same with the record's account, so that no figure and no list of missed calls loses anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from console.domain.call_log import CallRecord, strength
from console.domain.call_tracks import OUTSIDE
from console.domain.calls import Direction, Presentation


def aliases_of(calls: Iterable[CallRecord]) -> frozenset[UUID]:
    """Return the ids that turned out to be another call."""
    return frozenset(alias for call in calls for alias in call.aliases if alias != call.id)


def without_aliases(calls: Iterable[CallRecord]) -> tuple[CallRecord, ...]:
    """Return each call once, with what was told of it while it was taken for two.

    Whoever came in, or was rung, by another number or in a call of another direction is somebody else: that stays a
    call of its own, and ends with the one it became part of.
    """
    listed = tuple(calls)
    became = _survivors(listed)
    if not became:
        return listed
    known = {call.id: call for call in listed}
    for gone in sorted((call for call in listed if call.id in became), key=_order):
        known[became[gone.id]] = _with(known[became[gone.id]], gone)
    return tuple(
        known[call.id] if call.id not in became else _beside(call, known[became[call.id]])
        for call in listed
        if call.id not in became or _is_another(call, known[became[call.id]])
    )


def _survivors(listed: tuple[CallRecord, ...]) -> Mapping[UUID, UUID]:
    """Return for each alias the call that it is in the end; of several that each name another, the first remains."""
    next_of: dict[UUID, UUID] = {}
    for call in listed:
        if call.aliases:
            next_of.update((alias, call.id) for alias in call.aliases if alias != call.id and alias not in next_of)
    if not next_of:
        return next_of
    known = {call.id: call for call in listed}
    found = {alias: _last(alias, next_of, known) for alias in next_of}
    return {alias: survivor for alias, survivor in found.items() if alias != survivor}


def _last(alias: UUID, next_of: Mapping[UUID, UUID], known: Mapping[UUID, CallRecord]) -> UUID:
    way = [alias]
    while way[-1] in next_of:
        following = next_of[way[-1]]
        if following in way:
            # Two observers who each say that the other's is the alias: whoever waited longest remains.
            return min(way[way.index(following) :], key=lambda one: _order(known[one]))
        way.append(following)
    return way[-1]


def _order(call: CallRecord) -> tuple[str, str]:
    return str(call.began), str(call.id)


def _is_another(alias: CallRecord, survivor: CallRecord) -> bool:
    if alias.seen_at is None or survivor.seen_at is None or alias.direction is Direction.INTERNAL:
        return False
    if alias.direction is not survivor.direction:
        return True
    theirs, ours = (
        (one.e164, "") if one.direction is Direction.INBOUND else ("", one.dialled) for one in (alias, survivor)
    )
    return any(their and our and their != our for their, our in zip(theirs, ours, strict=True))


def _beside(alias: CallRecord, survivor: CallRecord) -> CallRecord:
    """Return somebody else's call that became part of one: it is over when that is.

    That it was gone, which somebody found who had not heard of the other, is no end.
    """
    if alias.ended_at is not None and not alias.ended_unseen:
        return alias
    return replace(
        alias,
        ended_at=survivor.ended_at,
        outcome=survivor.outcome,
        ended_by=survivor.ended_by,
        ended_unseen=survivor.ended_unseen,
    )


def _with(call: CallRecord, gone: CallRecord) -> CallRecord:
    """Return a call with what was told of it under another id; how it ended, only its own account says."""
    made = call if _is_another(gone, call) or not _same_way(call, gone) else _same_caller(call, gone)
    answered = _answers(made, gone)
    over = answered.ended_at
    review = gone.review if gone.review is not None and over is not None and gone.review.at >= over else None
    return replace(
        answered,
        claim=call.claim or (None if answered.answered else gone.claim),
        review=call.review or review,
        ring_claim=call.ring_claim or gone.ring_claim,
        emergency=call.emergency or gone.emergency,
        supervised=(*call.supervised, *(one for one in gone.supervised if one not in call.supervised)),
        aliases=call.aliases | gone.aliases,
    )


def _same_way(call: CallRecord, gone: CallRecord) -> bool:
    return call.seen_at is None or call.direction is gone.direction


def _same_caller(call: CallRecord, gone: CallRecord) -> CallRecord:
    """One caller, told of twice: waits from the first of it, and is withheld where either says so."""
    withheld = gone.presentation is Presentation.WITHHELD
    better = withheld or (not call.e164 and strength(gone) > strength(call))
    number = gone if better and call.presentation is not Presentation.WITHHELD else call
    return replace(
        call,
        direction=gone.direction if call.seen_at is None else call.direction,
        dialled=call.dialled or gone.dialled,
        queue=call.queue or gone.queue,
        presentation=number.presentation,
        e164="" if number.presentation is Presentation.WITHHELD else number.e164,
        seen_at=_first(call.seen_at, gone.seen_at),
        offered_at=_first(call.offered_at, gone.offered_at),
        assumed=call.assumed or (call.seen_at is None and gone.assumed),
    )


def _answers(call: CallRecord, gone: CallRecord) -> CallRecord:
    """Who still talked in the call that became part of this one has this one's caller, but for who only listens.

    Who had left it before has nobody: a caller whom nobody answered stays one.
    """
    beside = {one.extension for one in (*call.supervised, *gone.supervised)} | {*call.answered_by}
    if call.direction is not gone.direction:
        beside.add(OUTSIDE)
    took = tuple(one for one in gone.answered_by if one in gone.with_caller and one not in beside)
    if not took or gone.answered_at is None:
        return call
    at = max(gone.answered_at, call.began or gone.answered_at)
    return replace(call, answered_by=(*call.answered_by, *took), answered_at=call.answered_at or at)


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at is not None), default=None)
