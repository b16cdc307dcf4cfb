"""An incident: two workers on one thing that happens, from the summons to the stand-down.

The end of a call never closes an incident; only a stand-down does (domain.md 9, script A).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from console.domain.drops import RingBack, fold_ring_backs
from console.domain.fact_sheet import WHERE
from console.domain.facts import Fact as Fact  # the state below is made of them; whoever reads it finds them here
from console.domain.facts import fold_facts
from console.domain.hazards import Hazard, fold_hazards
from console.domain.hooks import Hook, fold_hooks
from console.domain.items import Item
from console.domain.locations import Place
from console.domain.notes import NoteLine, fold_notes
from console.domain.people import Rank
from console.domain.places import fold_places, fold_where
from console.domain.reading import flag, identity, text
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.registers import Register
from console.domain.relayed import Said, fold_said
from console.domain.ring_claims import RingClaim, fold_ring_claim

INCIDENT_REDUCERS = 1
"""Version of this fold; a stored card of an older one is stale."""


class IncidentRole(StrEnum):
    """Who does what; the name of one that is no seat is also the end of the slot ``role:<name>``."""

    LEAD = "lead"
    COORDINATOR = "coordinator"
    OBSERVER = "observer"
    MANAGER = "manager"


PAIR = frozenset({IncidentRole.LEAD, IncidentRole.COORDINATOR})
ROLES = "roles"
"""The slot of every change of lead or second worker; entries of before it had ``role:<name>`` for each."""

RISK_SLOT = "risk"
"""The slot of every word on how great the risk is."""


@dataclass(frozen=True, slots=True)
class Member:
    """One worker's time in one role; ``until`` is None while it lasts."""

    worker: str
    name: str
    role: IncidentRole
    since: datetime
    head: UUID
    until: datetime | None = None
    by_slot: bool = False
    """Entered by an act of the slot :data:`ROLES`: only an act of that slot ends it."""


@dataclass(frozen=True, slots=True)
class Debrief:
    """A debrief was offered; no content is kept (domain.md 1.2)."""

    worker: str
    offered_at: datetime
    accepted: bool
    by: str


@dataclass(frozen=True, slots=True)
class IncidentState:
    """Everything an incident's stream says.  ``places`` and ``members`` are in time order."""

    id: UUID
    ref: str = ""
    opened_at: datetime | None = None
    opened_by: str = ""
    contact: UUID | None = None
    contacts: tuple[UUID, ...] = ()
    calls: tuple[UUID, ...] = ()
    members: tuple[Member, ...] = ()
    places: tuple[Place, ...] = ()
    facts: tuple[Fact, ...] = ()
    withdrawn: tuple[Fact, ...] = ()
    """Facts that were emptied: each with what was last known in its words and what was written in its register."""
    hazards_said: tuple[Hazard, ...] = ()
    """Every hazard, those taken back among them."""
    where_said: Register | None = None
    """Where they are now, as a register of texts: both stand where two people were told different places."""
    hooks: tuple[Hook, ...] = ()
    ring_backs: tuple[RingBack, ...] = ()
    ring_claim: RingClaim | None = None
    risk: Rank = Rank.NOW
    risk_words: str = ""
    risk_at: datetime | None = None
    risk_head: UUID | None = None
    red: bool = False
    """The risk was ever "now": what was a red call stays one, however it ended."""
    notes: tuple[NoteLine, ...] = ()
    debriefs: tuple[Debrief, ...] = ()
    said: tuple[Said, ...] = ()
    stood_down_at: datetime | None = None
    stood_down_by: str = ""
    stood_down_reason: str = ""
    last_at: datetime | None = None
    upto: int = 0
    unreadable: int = 0
    """Entries whose words this worker may not read (yet)."""
    guessed: bool = False
    """Who is in it is read from envelopes alone: which seat is whose, and how they are called, is not known."""

    @property
    def live(self) -> bool:
        """Say whether it stands: opened and not stood down, whatever the calls do."""
        return self.opened_at is not None and self.stood_down_at is None

    @property
    def where(self) -> Place | None:
        """Return the newest place that can be where the person is now; never a record address, or one taken back."""
        return next(reversed(self.where_stands), None)

    @property
    def where_stands(self) -> tuple[Place, ...]:
        """Return every place that stands as where the person is now: two where two people differ."""
        heads = {head.entry for head in self.where_said.heads} if self.where_said is not None else set()
        return tuple(place for place in self.places if place.entry in heads)

    @property
    def places_now(self) -> tuple[Place, ...]:
        """Return where the person may be now, each place once in its own words: one, or all that people differ in."""
        return tuple({place.text: place for place in reversed(self.where_stands)}.values())[::-1]

    @property
    def where_words(self) -> str:
        """Return where the person may be now, as one says it; empty where nobody has said."""
        return " or ".join(place.text for place in self.places_now)

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """Return what can hurt whoever goes there now."""
        return tuple(one for one in self.hazards_said if one.ended is None)

    @property
    def present(self) -> tuple[Member, ...]:
        """Return who is in it now."""
        return tuple(member for member in self.members if member.until is None)

    @property
    def lead(self) -> Member | None:
        """Return the worker on the line."""
        return self.holder(IncidentRole.LEAD)

    @property
    def coordinator(self) -> Member | None:
        """Return the second worker."""
        return self.holder(IncidentRole.COORDINATOR)

    @property
    def paired(self) -> bool:
        """Say whether two people work it now."""
        return self.lead is not None and self.coordinator is not None

    def holder(self, role: IncidentRole) -> Member | None:
        """Return who holds a role now."""
        return next((member for member in reversed(self.present) if member.role is role), None)

    def member(self, worker: str) -> Member | None:
        """Return a worker's present membership."""
        return next((member for member in reversed(self.present) if member.worker == worker), None)

    def holds_seat(self, worker: str) -> bool:
        """Say whether a worker is one of the two now."""
        member = self.member(worker)
        return member is not None and member.role in PAIR

    def beside(self, worker: str) -> tuple[str, ...]:
        """Return who else has one of the two seats now, by key."""
        return tuple(one.worker for one in self.present if one.role in PAIR and one.worker != worker)

    def fact(self, key: str) -> Fact | None:
        """Return one fact."""
        return next((fact for fact in self.facts if fact.key == key), None)

    def register(self, key: str) -> Register | None:
        """Return all that was written of one fact, of where they are, or of a fact that was emptied."""
        if key == WHERE:
            return self.where_said
        return next((fact.register for fact in (*self.facts, *self.withdrawn) if fact.key == key), None)


def fold_incident(items: Iterable[Item]) -> IncidentState | None:
    """Return the incident that the items of one stream make; None for no items."""
    listed = tuple(items)
    if not listed:
        return None
    state = IncidentState(listed[0].stream.id)
    for item in listed:
        step = _STEPS.get(item.kind)
        if step is not None and (item.readable or item.kind in _STRUCTURAL):
            state = _led(step(replace(state, guessed=state.guessed or not item.readable), item), item)
    facts, withdrawn = fold_facts(listed)
    return replace(
        state,
        notes=fold_notes(listed, frozenset({Kind.INCIDENT_NOTE})),
        said=fold_said(listed),
        facts=facts,
        withdrawn=withdrawn,
        hazards_said=fold_hazards(listed),
        where_said=fold_where(listed),
        hooks=fold_hooks(listed),
        ring_backs=fold_ring_backs(listed),
        ring_claim=fold_ring_claim(listed),
        places=fold_places(listed),
        last_at=listed[-1].made_at,
        upto=max(item.seq for item in listed),
        unreadable=sum(not item.readable for item in listed),
    )


def _led(state: IncidentState, item: Item) -> IncidentState:
    """Who is left alone in a live incident leads it: a caller is never with nobody.

    Where words were not readable the seats are only guessed at, and nothing is concluded from them.
    """
    alone = state.coordinator
    if state.guessed or not state.live or alone is None or state.lead is not None:
        return state
    return _entering(state, replace(alone, role=IncidentRole.LEAD, since=item.made_at, head=item.id))


def _opened(state: IncidentState, item: Item) -> IncidentState:
    contact, call = identity(item.content, "contact"), identity(item.content, "call")
    return replace(
        state,
        ref=text(item.content, "ref"),
        opened_at=item.made_at,
        opened_by=item.author,
        contact=contact,
        contacts=_with(state.contacts, contact),
        calls=_with(state.calls, call),
        risk=(risk := rank_of(text(item.content, "risk"), Rank.NOW)),
        risk_at=item.made_at,
        red=state.red or risk is Rank.NOW,
    )


def rank_of(written: str, default: Rank) -> Rank:
    """Read a rank; anything not known becomes ``default``."""
    try:
        return Rank(written)
    except ValueError:
        return default


def _with(found: tuple[UUID, ...], one: UUID | None) -> tuple[UUID, ...]:
    return found if one is None or one in found else (*found, one)


def _linked(state: IncidentState, item: Item) -> IncidentState:
    try:
        stream = StreamRef.parse(text(item.content, "stream"))
    except ValueError:
        return state
    if stream.kind is StreamKind.CONTACT:
        return replace(state, contacts=_with(state.contacts, stream.id))
    if stream.kind is StreamKind.CALL:
        return replace(state, calls=_with(state.calls, stream.id))
    return state


def _joined(state: IncidentState, item: Item) -> IncidentState:
    role = _role_of(state, item)
    begins = role is IncidentRole.LEAD and not item.slot
    if role is None or (begins and any(one.role is IncidentRole.LEAD for one in state.members)):
        return state  # two may open it at once; the first lead stands, and whoever leads by now
    worker = text(item.content, "worker") or item.author
    seated = state.member(worker)
    if role not in PAIR and seated is not None and seated.role in PAIR:
        return state  # written before it was known that they have a seat: who only watches empties none
    name = text(item.content, "name") or worker
    new = Member(worker, name, role, item.made_at, item.id, by_slot=_by_slot(item))
    after = _entering(state, new)
    return _stepping_back(state, after, new) if flag(item.content, "stays") else after


def _by_slot(item: Item) -> bool:
    return item.readable and item.slot == ROLES  # of the envelope alone, who sits where is a guess


def _stepping_back(before: IncidentState, after: IncidentState, new: Member) -> IncidentState:
    """Let whoever had the seat that was handed over or taken stay: in the seat the other left, else watching."""
    giver, left = before.holder(new.role), before.member(new.worker)
    if giver is None or giver.worker == new.worker or new.role not in PAIR:
        return after
    role = left.role if left is not None and left.role in PAIR else IncidentRole.OBSERVER
    return _entering(after, replace(giver, role=role, since=new.since, head=new.head, by_slot=new.by_slot))


def _role_of(state: IncidentState, item: Item) -> IncidentRole | None:
    if not item.readable and item.slot in ("", ROLES):
        # The envelope alone does not say which seat: the first to come in leads.
        return IncidentRole.COORDINATOR if state.members else IncidentRole.LEAD
    written = text(item.content, "role") or item.slot.removeprefix("role:")
    try:
        return IncidentRole(written)
    except ValueError:
        # A part that only a newer version knows: they are there, and have neither of the two seats.
        return IncidentRole.OBSERVER if written else None


def _entering(state: IncidentState, new: Member) -> IncidentState:
    """Add a member; whoever held the same single role, or the same worker's other role, ends."""

    def ends(member: Member) -> bool:
        same_seat = new.role in PAIR and member.role is new.role
        return member.until is None and (same_seat or member.worker == new.worker)

    kept = tuple(replace(one, until=new.since) if ends(one) else one for one in state.members)
    return replace(state, members=(*kept, new))


def _left(state: IncidentState, item: Item) -> IncidentState:
    worker = text(item.content, "worker") or item.author

    def ends(member: Member) -> bool:
        # Who left from where they watched may have been given a seat that they did not know of.
        unknown = member.role in PAIR and member.by_slot and item.slot != ROLES
        return member.worker == worker and member.until is None and not unknown

    members = tuple(replace(one, until=item.made_at) if ends(one) else one for one in state.members)
    return replace(state, members=members)


def _swapped(state: IncidentState, item: Item) -> IncidentState:
    names = {member.worker: member.name for member in state.members}
    swapped = state
    for role in (IncidentRole.LEAD, IncidentRole.COORDINATOR):
        worker = text(item.content, role.value)
        if worker:
            new = Member(worker, names.get(worker, worker), role, item.made_at, item.id, by_slot=_by_slot(item))
            swapped = _entering(swapped, new)
    return swapped


def _risk(state: IncidentState, item: Item) -> IncidentState:
    rank = rank_of(text(item.content, "rank"), state.risk)
    return replace(
        state,
        risk=rank,
        red=state.red or rank is Rank.NOW,
        risk_words=text(item.content, "words"),
        risk_at=item.made_at,
        risk_head=item.id,
    )


def _stood_down(state: IncidentState, item: Item) -> IncidentState:
    return replace(
        state,
        stood_down_at=item.made_at,
        stood_down_by=item.author,
        stood_down_reason=text(item.content, "reason"),
    )


def _debrief(state: IncidentState, item: Item) -> IncidentState:
    made = Debrief(text(item.content, "worker"), item.made_at, flag(item.content, "accepted"), item.author)
    return replace(state, debriefs=(*state.debriefs, made))


_STRUCTURAL = frozenset({Kind.INCIDENT_OPENED, Kind.INCIDENT_JOINED, Kind.INCIDENT_LEFT, Kind.INCIDENT_STOOD_DOWN})
"""Kinds whose envelope alone says enough for a worker who may not read the words: a board."""

_Step = Callable[[IncidentState, Item], IncidentState]
_STEPS: Mapping[Kind, _Step] = {
    Kind.INCIDENT_OPENED: _opened,
    Kind.INCIDENT_LINKED: _linked,
    Kind.INCIDENT_JOINED: _joined,
    Kind.INCIDENT_LEFT: _left,
    Kind.INCIDENT_SWAPPED: _swapped,
    Kind.INCIDENT_RISK: _risk,
    Kind.INCIDENT_STOOD_DOWN: _stood_down,
    Kind.INCIDENT_DEBRIEF: _debrief,
}
