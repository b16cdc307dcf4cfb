"""Recovery: "take five" after a red call, offered to whoever was in it; no content of a debrief is kept.

While it lasts nobody is summoned, offered calls or assigned unless they say "I can come" (domain.md 1.2;
peers.md 7, leap 22).  It is a state of its own and never idle time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.contacts import ContactState
from console.domain.incidents import IncidentRole, IncidentState
from console.domain.items import Item
from console.domain.people import Rank
from console.domain.reading import identity, moment, text

OFFERED_TO = frozenset({IncidentRole.LEAD, IncidentRole.COORDINATOR, IncidentRole.MANAGER})


class ReliefAnswer(StrEnum):
    """What became of an offer; a debrief that was wanted says nothing of what is spoken in it."""

    OFFERED = "offered"
    TAKEN = "taken"
    TAKEN_WITH_DEBRIEF = "taken_with_debrief"
    DEBRIEF_ONLY = "debrief_only"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Relief:
    """A pause and a debrief were offered to ``worker`` after the red call ``about``, which was over at ``over``."""

    worker: str
    about: UUID | None
    over: datetime
    offered_at: datetime
    answer: ReliefAnswer = ReliefAnswer.OFFERED
    answered_at: datetime | None = None

    @property
    def debrief_wanted(self) -> bool:
        """Say whether they would like to talk about it."""
        return self.answer in (ReliefAnswer.TAKEN_WITH_DEBRIEF, ReliefAnswer.DEBRIEF_ONLY)

    def stands(self, now: datetime, offered_for: timedelta) -> bool:
        """Say whether the offer can still be taken."""
        return self.answer is ReliefAnswer.OFFERED and now - self.over < offered_for


def with_relief(found: Mapping[str, tuple[Relief, ...]], item: Item) -> dict[str, tuple[Relief, ...]]:
    """Return each worker's offers, oldest first, after one more entry."""
    body = item.content
    worker = text(body, "worker") or item.author
    about = identity(body, "about")
    mine = found.get(worker, ())
    before = next((one for one in mine if one.about == about), None)
    try:
        answer = ReliefAnswer(text(body, "answer"))
    except ValueError:
        return dict(found)
    offered = before.offered_at if before is not None else item.made_at
    over = (before.over if before is not None else None) or moment(body, "over") or item.made_at
    at = item.made_at if answer is not ReliefAnswer.OFFERED else None
    made = Relief(worker, about, over, offered, answer, at)
    if before is not None and answer is ReliefAnswer.OFFERED:
        return dict(found)  # the same offer from another console: what was answered stands
    return {**found, worker: (*(one for one in mine if one is not before), made)}


@dataclass(frozen=True, slots=True)
class RedCall:
    """A red call that is over for a worker."""

    about: UUID
    over: datetime


def red_calls(
    worker: str,
    incidents: Iterable[IncidentState],
    contacts: Iterable[ContactState],
    ended: Mapping[UUID, datetime],
) -> tuple[RedCall, ...]:
    """Return the red calls that are over for ``worker``, oldest first; ``ended`` is when each call ended.

    An incident is over for whoever left it, gave their seat away, or when it was stood down: who still has a seat in
    it is not sent to rest.  A red call without an incident is over when its call is.
    """
    listed = tuple(incidents)
    around = {contact for one in listed for contact in one.contacts}
    found = [*(_of_incident(worker, one) for one in listed)]
    found += [_of_contact(worker, one, ended) for one in contacts if one.id not in around]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.over))


def _of_incident(worker: str, incident: IncidentState) -> RedCall | None:
    mine = [one for one in incident.members if one.worker == worker]
    if not incident.red or not any(one.role in OFFERED_TO for one in mine):
        return None
    if any(one.until is None and one.role in OFFERED_TO for one in mine) and incident.stood_down_at is None:
        return None
    left = max((one.until for one in mine if one.until is not None and one.role in OFFERED_TO), default=None)
    held = any(one.until is None and one.role in OFFERED_TO for one in mine)
    over = incident.stood_down_at if held else left
    return RedCall(incident.id, over) if over is not None else None


def _of_contact(worker: str, contact: ContactState, ended: Mapping[UUID, datetime]) -> RedCall | None:
    if contact.owner != worker or contact.value("priority") != Rank.NOW.value or not contact.calls:
        return None
    over = [ended.get(call) for call in contact.calls]
    known = [one for one in over if one is not None]
    return RedCall(contact.id, max(known)) if len(known) == len(over) else None


def due(red: Iterable[RedCall], reliefs: Iterable[Relief], now: datetime, offered_for: timedelta) -> RedCall | None:
    """Return the red call after which a pause is to be offered now: the newest that was not offered for yet."""
    known = {one.about for one in reliefs}
    fresh = [one for one in red if one.about not in known and timedelta() <= now - one.over < offered_for]
    return fresh[-1] if fresh else None
