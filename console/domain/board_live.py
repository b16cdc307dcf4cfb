"""The board's list of live calls and of staff: the telephones joined with what the record says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.board import LiveKind, LiveRow, StaffRow, WorkCard
from console.domain.board_drops import IncidentLine, LineNow, incident_line
from console.domain.board_given import given_of
from console.domain.call_log import CallRecord
from console.domain.calls import Call, Certainty, Direction, asker, engaged, is_asked
from console.domain.help_requests import HelpRequest
from console.domain.shifts import STATE_LABELS, ShiftState, WorkerOnShift, WorkerState
from console.domain.signals import Summons
from console.domain.supervision import hearing_words

_OVERRULED = frozenset({WorkerState.AVAILABLE, WorkerState.COORDINATING, WorkerState.ON_CALL_NOW, WorkerState.RINGING})
"""Said states that what is seen may overrule; a visit or a break is believed."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the live list is read from; ``at`` stands in where a call has no time of its own."""

    at: datetime
    shift: ShiftState
    cards: tuple[WorkCard, ...]
    helps: tuple[HelpRequest, ...]
    summons: tuple[Summons, ...]
    cover: Cover
    name_of: Callable[[str], str] = str
    """The name of a worker who is not on shift now, by key."""
    claims: Mapping[UUID, str] = field(default_factory=dict)
    """Who has a ringing call, by call: a worker key."""
    log: tuple[CallRecord, ...] = ()
    """Calls of the record: it knows the end of those that these telephones have no more."""
    silent: bool = False
    """The service lets supervisors keep from view that they hear a call."""

    def heard(self, call: Call) -> str:
        """Return who hears a call as its supervisor, in words."""
        said = next((one.supervised for one in self.log if one.id == call.id), ()) if call.supervisors else ()
        return "; ".join(hearing_words(call, said, self.shift.name_at, self.name_of, hides=self.silent))

    def name(self, worker: str) -> str:
        """Return a worker's name, never the key; empty for nobody."""
        found = self.shift.worker(worker)
        name = found.name if found is not None else self.name_of(worker)
        return name if not worker or name != worker else "Somebody not signed in"

    def incident_of(self, lead: str, call: Call) -> WorkCard | None:
        """Return the open incident that a call belongs to: by the call, else by who leads it."""
        incidents = [card for card in self.cards if card.kind == "incident"]
        by_call = [card for card in incidents if card.call == call.id]
        by_lead = [card for card in incidents if card.call is None and lead and card.owner == lead]
        return next(iter(by_call or by_lead), None)

    def reached_on(self, call: Call) -> WorkCard | None:
        """Return the incident whose caller was reached again on a call of ours."""
        if call.direction is Direction.INBOUND or not call.answered_by:
            return None
        return next((card for card in self.cards if card.kind == "incident" and card.call == call.id), None)

    def has_record(self, call: Call) -> bool:
        """Say whether a call out that was answered is about a caller: a record is made of it."""
        recorded = (card for card in self.cards if card.kind == "contact" and card.call == call.id)
        return bool(call.answered_by) and any(recorded)

    def contact_of(self, lead: str, call: Call) -> WorkCard | None:
        """Return the contact that a call is recorded in."""
        contacts = [card for card in self.cards if card.kind == "contact"]
        by_call = [card for card in contacts if card.call == call.id]
        by_owner = [card for card in contacts if card.call is None and card.live and lead and card.owner == lead]
        return next(iter(by_call or by_owner), None)

    def helps_of(self, *cards: WorkCard | None) -> tuple[HelpRequest, ...]:
        """Return the open requests of a contact or an incident."""
        ids = {card.id for card in cards if card is not None}
        return tuple(one for one in self.helps if one.incident in ids or one.contact in ids)


def live_rows(calls: Iterable[Call], room: Room) -> tuple[LiveRow, ...]:
    """Return calls under way and open incidents, then waiting calls.

    Within each: most urgent first, then the longest.
    """
    shown: set[WorkCard] = set()
    rows, listed = [], tuple(calls)
    for call in listed:
        back = room.reached_on(call)
        if not call.live or (call.direction is not Direction.INBOUND and back is None and not room.has_record(call)):
            continue
        if call.waiting():
            rows.append(_waiting_row(call, room))
            continue
        lead = _lead(call, room.shift)
        incident = back or room.incident_of(lead.worker if lead is not None else "", call)
        shown |= {incident} if incident is not None else set()
        rows.append(_call_row(call, room, lead, incident))
    alone = (card for card in room.cards if card.kind == "incident" and card not in shown)
    rows += [_incident_row(card, room, listed) for card in alone]
    return tuple(sorted(rows, key=_order))


def _order(row: LiveRow) -> tuple[bool, str, datetime]:
    return row.kind is LiveKind.WAITING, row.rank.value if row.rank is not None else "p9", row.since


def _waiting_row(call: Call, room: Room) -> LiveRow:
    line = room.cover.label(call.dialled, call.queue)
    since = call.waits_since or call.last_news or room.at
    has = room.name(room.claims.get(call.id, ""))
    given = given_of(call, room.shift, room.cover.plan)
    return LiveRow(
        str(call.id), LiveKind.WAITING, since, None, "", line, has, "", None, False, (), True, _stale(call), given=given
    )  # fmt: skip


def _stale(call: Call) -> bool:
    return call.certainty is Certainty.STALE


def _lead(call: Call, shift: ShiftState) -> WorkerOnShift | None:
    for extension in (*sorted(call.talking), *reversed(call.answered_by)):
        found = shift.holder(extension)
        if found is not None:
            return found
    return None


def _call_row(call: Call, room: Room, lead: WorkerOnShift | None, incident: WorkCard | None) -> LiveRow:
    contact = room.contact_of(lead.worker if lead is not None else "", call)
    card = incident or contact
    kind_of_call = contact or incident
    out = call.direction is not Direction.INBOUND
    again = incident is not None and out
    return LiveRow(
        str(call.id),
        LiveKind.CALL,
        call.answered_at or call.offered_at or room.at,
        card.rank if card is not None else None,
        kind_of_call.type if kind_of_call is not None else "",
        card.line if out and card is not None else room.cover.label(call.dialled, call.queue),
        lead.name if lead is not None else ", ".join(f"Extension {one}" for one in sorted(call.talking)),
        room.name(incident.coordinator) if incident is not None else "",
        incident.paired_since if incident is not None else None,
        any(one.open and one.call == call.id for one in room.summons),
        room.helps_of(contact, incident),
        contact.rationale if contact is not None else True,
        _stale(call),
        IncidentLine(LineNow.AGAIN, call.answered_at) if again else IncidentLine(),
        room.heard(call),
    )


def _incident_row(card: WorkCard, room: Room, calls: tuple[Call, ...]) -> LiveRow:
    state = incident_line(card, calls, room.log, room.cover.plan, room.name)
    return LiveRow(
        str(card.id),
        LiveKind.INCIDENT,
        state.since or card.opened_at or room.at,
        card.rank,
        card.type,
        card.line,
        room.name(card.owner),
        room.name(card.coordinator),
        card.paired_since,
        False,
        room.helps_of(card),
        card.rationale,
        False,
        state,
    )


def staff_rows(shift: ShiftState, calls: Iterable[Call], cards: Iterable[WorkCard]) -> tuple[StaffRow, ...]:
    """Return everybody on shift, in the order they signed in, with what is seen of them."""
    live = [call for call in calls if call.live]
    incidents = [card for card in cards if card.kind == "incident"]
    return tuple(_staff_row(worker, live, incidents, shift) for worker in shift.workers)


def _staff_row(worker: WorkerOnShift, live: list[Call], incidents: list[WorkCard], shift: ShiftState) -> StaffRow:
    talking = next((call for call in live if worker.extension and worker.extension in call.talking), None)
    led = [card for card in incidents if card.owner == worker.worker]
    leads = next((card for card in led if card.coordinator), None)
    second = next((card for card in incidents if card.coordinator == worker.worker), None)
    if talking is not None and second is None:
        said = "on a call, paired" if leads is not None else "on a call"
        words, since = _as_heard(said, talking, talking.answered_at or talking.offered_at)
        return StaffRow(worker, WorkerState.ON_CALL_NOW, leads is not None, since, words)
    if second is not None:
        return StaffRow(worker, WorkerState.COORDINATING, True, second.paired_since, "Coordinating")
    if led and worker.state in (*_OVERRULED, WorkerState.WRAP_UP):
        # They changed places, or their own call ended: the incident has them all the same.
        since = leads.paired_since if leads is not None else led[0].opened_at
        words = "Leads, paired" if leads is not None else "Leads, alone"
        return StaffRow(worker, WorkerState.COORDINATING, leads is not None, since, words)
    asked = next((call for call in live if is_asked(call, worker.extension)), None)
    if asked is not None and worker.state in _OVERRULED:
        return _asked_row(worker, asked, shift)
    ringing = next((call for call in live if worker.extension and worker.extension in call.alerting), None)
    if ringing is not None and worker.state in _OVERRULED:
        state = WorkerState.RINGING
        words, since = _as_heard(STATE_LABELS[state].lower(), ringing, ringing.waits_since)
        return StaffRow(worker, state, False, since, words)
    words = f"{worker.state_words}, {worker.reason}" if worker.reason else worker.state_words
    return StaffRow(worker, worker.state, False, worker.since, words)


def _asked_row(worker: WorkerOnShift, asked: Call, shift: ShiftState) -> StaffRow:
    """Return a worker whom a colleague asks about a caller: who can still be reached only while it rings."""
    state = WorkerState.ON_CALL_NOW if worker.extension in engaged((asked,)) else WorkerState.RINGING
    by, _, _ = (shift.name_at(asker(asked)) or asker(asked)).partition(" ")
    words, since = _as_heard(f"asked by {by}" if by else "asked", asked, asked.held_since)
    return StaffRow(worker, state, False, since, words)


def _as_heard(said: str, call: Call, since: datetime | None) -> tuple[str, datetime | None]:
    """Return what is seen of a worker, and since when; what the telephones confirm no more *was*, and has no clock."""
    return (f"Was {said}", None) if _stale(call) else (f"{said[:1].upper()}{said[1:]}", since)
