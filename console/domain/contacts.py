"""A contact as a fold of its stream: subjects, notes, fields with both values where two clash.

One call is not one contact, one contact can concern several people, and a contact needs no call
(domain.md 0.2).  Nothing here closes anything: a contact is complete when somebody said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from console.domain.items import Item
from console.domain.notes import NoteLine, fold_notes
from console.domain.plans import RiskAnswer, risk_answer
from console.domain.reading import Body, flag, identities, identity, moment, text, texts
from console.domain.record import Kind
from console.domain.registers import Register, fold_registers

DECISION_PART = "decision:"
"""Begins the fields that hold a decision while it is typed: ``decision:what``, ``decision:why`` ..."""
CONTACT_REDUCERS = 1
"""Version of this fold; a stored card of an older one is stale."""


class Progress(StrEnum):
    """How far a contact's record is; never deleted (domain.md 8.1, RecordState)."""

    DRAFT = "draft"
    KEPT = "kept"
    COMPLETE = "complete"


class How(StrEnum):
    """How a person became the subject of a contact."""

    NUMBER = "number"
    SEARCH = "search"
    NEW = "new"
    CALLER = "caller"
    REVIEW = "review"
    """Nobody chose: the contact is the review of this person's plan, opened by rule."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One person a contact concerns.

    Chosen is not confirmed: ``confirmed_by`` says what the identity was confirmed with (``name``,
    ``born and postcode``) and is empty until then.  ``wrong`` subjects stay, struck through.
    ``name``, ``born``, ``gender`` and ``reference`` are as shown when chosen, for display only.
    """

    person: UUID
    how: str
    added_at: datetime
    added_by: str
    name: str = ""
    born: date | None = None
    gender: str = ""
    reference: str = ""
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    confirmer: str = ""
    wrong: bool = False
    wrong_reason: str = ""
    wrong_at: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """Say whether the identity stands confirmed."""
        return bool(self.confirmed_by) and not self.wrong


@dataclass(frozen=True, slots=True)
class PromptMark:
    """One line of "Still to ask": asked by whom and when, or taken back."""

    key: str
    asked: bool
    at: datetime
    by: str
    head: UUID


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its rationale (domain.md 8.2, Decision); later ones supersede, none is lost.

    ``takes_up`` names the entries of the fields it was typed in: what stands in them is decided.
    """

    entry: UUID
    kind: str
    decision: str
    rationale: str
    by: str
    role: str
    at: datetime
    risks: str = ""
    strengths: str = ""
    options: str = ""
    consulted: str = ""
    dissent: str = ""
    takes_up: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Handover:
    """Whether the contact goes into the morning handover, and to whom."""

    wanted: bool
    to: tuple[str, ...]
    head: UUID


@dataclass(frozen=True, slots=True)
class WrongPerson:
    """The contact was moved off a person: who relied on it and was told."""

    person: UUID
    reason: str
    told: tuple[str, ...]
    by: str
    at: datetime
    entry: UUID


@dataclass(frozen=True, slots=True)
class ContactState:
    """Everything a contact's stream says.  ``owner`` is who must finish it."""

    id: UUID
    ref: str = ""
    opened_at: datetime | None = None
    opened_by: str = ""
    station: str = ""
    received: datetime | None = None
    channel: str = ""
    calls: tuple[UUID, ...] = ()
    owner: str = ""
    owner_head: UUID | None = None
    taken_from: str = ""
    subjects: tuple[Subject, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    fields: Mapping[str, Register] = field(default_factory=dict)
    prompts: Mapping[str, PromptMark] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    handover: Handover | None = None
    wrong: tuple[WrongPerson, ...] = ()
    asked: tuple[RiskAnswer, ...] = ()
    """Whether the person is at risk now, each time it was asked in this contact, in order."""
    progress: Progress = Progress.DRAFT
    progress_at: datetime | None = None
    last_at: datetime | None = None
    upto: int = 0
    unreadable: int = 0
    """Entries whose words this worker may not read."""

    @property
    def type(self) -> str:
        """Return the contact type's key, or empty while nobody has chosen."""
        return self.value("type")

    @property
    def present(self) -> tuple[Subject, ...]:
        """Return the subjects that were not found to be the wrong person."""
        return tuple(subject for subject in self.subjects if not subject.wrong)

    @property
    def subject(self) -> Subject | None:
        """Return the first subject who stands, or None."""
        return next(iter(self.present), None)

    @property
    def clashes(self) -> tuple[Register, ...]:
        """Return the fields where both values stand and somebody must choose."""
        return tuple(found for found in self.fields.values() if found.clash)

    @property
    def half_decision(self) -> Mapping[str, str]:
        """Return what is typed of a decision and stands in none yet, by its part: ``what``, ``why`` ..."""
        decided = frozenset[UUID]().union(*(one.takes_up for one in self.decisions))
        parts = {name: found for name, found in self.fields.items() if name.startswith(DECISION_PART)}
        return {
            name.removeprefix(DECISION_PART): found.value for name, found in parts.items() if found.head not in decided
        }

    @property
    def decision_lacks(self) -> tuple[str, ...]:
        """Return what a begun decision wants before it is one: ``kind``, ``what``, ``why``; nothing of none begun."""
        typed = self.half_decision
        if not any(value.strip() for value in typed.values()):
            return ()
        made = self.decisions[-1] if self.decisions else None
        before = {"kind": made.kind, "what": made.decision, "why": made.rationale} if made is not None else {}
        now = before | dict(typed)
        return tuple(part for part in ("kind", "what", "why") if not now.get(part, "").strip())

    @property
    def unfinished(self) -> bool:
        """Say whether somebody must still finish this contact."""
        return self.opened_at is not None and self.progress is not Progress.COMPLETE

    def value(self, name: str) -> str:
        """Return a field's newest value, or empty."""
        found = self.fields.get(name)
        return found.value if found is not None else ""

    def head(self, name: str) -> UUID | None:
        """Return what a change of this field replaces."""
        found = self.fields.get(name)
        return found.head if found is not None else None


def fold_contact(items: Iterable[Item]) -> ContactState | None:
    """Return the contact that the items of one stream make; None for no items."""
    listed = tuple(items)
    if not listed:
        return None
    state = ContactState(listed[0].stream.id)
    for item in listed:
        step = _STEPS.get(item.kind)
        if step is not None and (item.readable or item.kind in _STRUCTURAL):
            state = step(state, item)
    return replace(
        state,
        notes=fold_notes(listed, frozenset({Kind.CONTACT_NOTE})),
        fields=fold_registers(listed, "field:", _field_value),
        last_at=listed[-1].made_at,
        upto=max(item.seq for item in listed),
        unreadable=sum(not item.readable for item in listed),
    )


def _field_value(item: Item) -> tuple[str, str] | None:
    if not item.readable:
        return None
    return text(item.content, "value"), text(item.content, "source")


def _opened(state: ContactState, item: Item) -> ContactState:
    body = item.content
    call = identity(body, "call")
    return replace(
        state,
        ref=text(body, "ref"),
        opened_at=item.made_at,
        opened_by=item.author,
        station=item.station,
        received=moment(body, "received") or item.made_at,
        channel=text(body, "channel"),
        calls=_with(state.calls, call),
        owner=state.owner or item.on_behalf_of or item.author,
    )


def _with(calls: tuple[UUID, ...], call: UUID | None) -> tuple[UUID, ...]:
    return calls if call is None or call in calls else (*calls, call)


def _call_added(state: ContactState, item: Item) -> ContactState:
    return replace(state, calls=_with(state.calls, identity(item.content, "call")))


def _subject_added(state: ContactState, item: Item) -> ContactState:
    person = identity(item.content, "person")
    if person is None:
        return state
    others = tuple(one for one in state.subjects if one.person != person)
    return replace(state, subjects=(*others, _subject(person, item)))


def _subject(person: UUID, item: Item) -> Subject:
    body = item.content
    return Subject(
        person,
        text(body, "how"),
        item.made_at,
        item.author,
        text(body, "name"),
        _day(body, "born"),
        text(body, "gender"),
        text(body, "reference"),
    )


def _day(body: Body, key: str) -> date | None:
    try:
        return date.fromisoformat(text(body, key))
    except ValueError:
        return None


def _each(state: ContactState, item: Item, change: Callable[[Subject], Subject]) -> ContactState:
    person = identity(item.content, "person")
    subjects = tuple(change(one) if one.person == person else one for one in state.subjects)
    return replace(state, subjects=subjects)


def _identity(state: ContactState, item: Item) -> ContactState:
    by = text(item.content, "confirmed_by")
    return _each(
        state, item, lambda one: replace(one, confirmed_by=by, confirmed_at=item.made_at, confirmer=item.author)
    )


def _wrong_person(state: ContactState, item: Item) -> ContactState:
    reason = text(item.content, "reason")
    moved = _each(state, item, lambda one: replace(one, wrong=True, wrong_reason=reason, wrong_at=item.made_at))
    person = identity(item.content, "person")
    if person is None:
        return moved
    told = texts(item.content, "told")
    return replace(moved, wrong=(*moved.wrong, WrongPerson(person, reason, told, item.author, item.made_at, item.id)))


def _prompt(state: ContactState, item: Item) -> ContactState:
    key = text(item.content, "key")
    mark = PromptMark(key, flag(item.content, "asked"), item.made_at, item.author, item.id)
    return replace(state, prompts={**state.prompts, key: mark}) if key else state


def _decision(state: ContactState, item: Item) -> ContactState:
    body = item.content
    made = Decision(
        item.id,
        text(body, "kind"),
        text(body, "decision"),
        text(body, "rationale"),
        item.on_behalf_of or item.author,
        item.role.value,
        item.made_at,
        text(body, "risks"),
        text(body, "strengths"),
        text(body, "options"),
        text(body, "consulted"),
        text(body, "dissent"),
        frozenset(identities(body, "takes_up")),
    )
    return replace(state, decisions=(*state.decisions, made))


def _handover(state: ContactState, item: Item) -> ContactState:
    return replace(state, handover=Handover(flag(item.content, "wanted"), texts(item.content, "to"), item.id))


def _risk_asked(state: ContactState, item: Item) -> ContactState:
    answer = risk_answer(item)
    return state if answer is None else replace(state, asked=(*state.asked, answer))


def _kept(state: ContactState, item: Item) -> ContactState:
    return replace(state, progress=Progress.KEPT, progress_at=item.made_at)


def _completed(state: ContactState, item: Item) -> ContactState:
    return replace(state, progress=Progress.COMPLETE, progress_at=item.made_at)


def _taken(state: ContactState, item: Item) -> ContactState:
    worker = text(item.content, "worker")
    return replace(state, owner=worker, owner_head=item.id, taken_from=text(item.content, "from") or state.owner)


_STRUCTURAL = frozenset({Kind.CONTACT_OPENED, Kind.CONTACT_KEPT, Kind.CONTACT_COMPLETED})
"""Kinds whose envelope alone says enough for a worker who may not read the words."""

_Step = Callable[[ContactState, Item], ContactState]
_STEPS: Mapping[Kind, _Step] = {
    Kind.CONTACT_OPENED: _opened,
    Kind.CONTACT_CALL_ADDED: _call_added,
    Kind.CONTACT_SUBJECT_ADDED: _subject_added,
    Kind.CONTACT_IDENTITY: _identity,
    Kind.CONTACT_WRONG_PERSON: _wrong_person,
    Kind.CONTACT_PROMPT: _prompt,
    Kind.CONTACT_DECISION: _decision,
    Kind.CONTACT_HANDOVER: _handover,
    Kind.CONTACT_RISK_ASKED: _risk_asked,
    Kind.CONTACT_KEPT: _kept,
    Kind.CONTACT_COMPLETED: _completed,
    Kind.CONTACT_TAKEN: _taken,
}
