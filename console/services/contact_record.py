"""One contact: opened, filled in, decided, handed over, kept for later, completed.

Nothing here waits for the database: every act is an entry that is kept at once.  Who the contact
is about is in :mod:`console.services.contact_people`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from console.domain.authorities import Cover
from console.domain.contacts import DECISION_PART, ContactState, Progress
from console.domain.derived import form_values
from console.domain.forms.checking import Missing, answer, missing, problem
from console.domain.forms.local import local_form
from console.domain.forms.registry import TYPE, form_of
from console.domain.forms.spec import FieldSpec, FormSpec
from console.domain.ids import new_id, short_reference
from console.domain.record import Entry, Expects, Kind, StreamKind, StreamRef
from console.domain.rights import decision_right
from console.ports.clock import Clock
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.writing import Outcome, Recording

_NO_TYPE = Missing("type", "Kind of call", "It decides what is asked and who decides.")
_CLASH = "Two people wrote different things here; choose one."
_DECISION_PARTS = {"kind": "What kind of decision", "what": "What was decided", "why": "Why it was decided"}
_HALF = "A decision was begun here; a kind alone says nothing to whoever reads it."
_OWNED = "Somebody has this record.  Nothing was changed; ask them for it, or the duty manager."
_NOT_YOURS = (
    "Your role may not take this decision, so none is recorded.  Ask a social worker of the service, or the duty "
    "manager, to record it; your note of what was said is kept."
)


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision as typed: what, why, and what was weighed (domain.md 8.2, Decision)."""

    kind: str
    decision: str
    rationale: str
    risks: str = ""
    strengths: str = ""
    options: str = ""
    consulted: str = ""
    dissent: str = ""


class ContactRecord:
    """Acts on contacts, by their id."""

    def __init__(self, recording: Recording, folds: Folds, clock: Clock, cover: Cover) -> None:
        self._recording = recording
        self._folds = folds
        self._clock = clock
        self._cover = cover

    def form(self, key: str) -> FormSpec | None:
        """Return a contact type's form with this service's own answers, or None while none is chosen."""
        found = form_of(key)
        return local_form(found, self._cover) if found is not None else None

    def open(
        self, call: UUID | None = None, dialled: str = "", channel: str = "phone", received: datetime | None = None
    ) -> UUID:
        """Open a contact, with or without a call, and return its id.

        Authority and service follow from the dialled line and can be changed.
        """
        now = self._clock.now()
        made = new_id(now)
        stream = StreamRef(StreamKind.CONTACT, made)
        body = {
            "ref": short_reference(made),
            "call": call or "",
            "channel": channel,
            "received": received or now,
            "type": "",
        }
        entries = [self._recording.entry(Kind.CONTACT_OPENED, stream, body)]
        line = self._cover.line(dialled)
        if line is not None:
            entries.append(self._field(stream, "authority", line.authority, source="line"))
            entries.append(self._field(stream, "service", line.service.value, source="line"))
        self._recording.record(*entries)
        return made

    def set_field(self, contact: UUID, name: str, value: str, over: Collection[str] | None = None) -> str:
        """Write a field over the value now shown; return what is wrong with the value, if anything.

        ``over`` are the entries whose value the worker saw when typing began, where that is not what
        stands now: a colleague's value that came meanwhile stays beside this one.
        A value that cannot be right is kept all the same: nothing typed is thrown away.  The kind
        of call is the field ``type``.
        """
        state = self._state(contact)
        stream = StreamRef(StreamKind.CONTACT, contact)
        form = self.form(state.type)
        spec = TYPE if name == "type" else form.field(name) if form is not None else None
        meant = answer(spec, value) if spec is not None else value
        found = state.fields.get(name)
        if found is None or found.value != meant:
            head, me = state.head(name), self._recording.who.worker
            if found is not None and over is not None and found.unseen(over, me):
                head = found.beneath(over, me)
            self._recording.record(self._field(stream, name, meant, replaces=head))
        return problem(spec, meant) if spec is not None else ""

    def choose(self, contact: UUID, name: str, value: str) -> None:
        """Choose one of two values that clash: both heads are named, so the clash ends everywhere."""
        state = self._state(contact)
        found = state.fields.get(name)
        if found is None:
            return
        stream = StreamRef(StreamKind.CONTACT, contact)
        body = {"field": name, "value": value, "settles": [str(head) for head in found.settles]}
        slot = f"field:{name}"
        self._recording.record(self._recording.entry(Kind.CONTACT_FIELD, stream, body, slot=slot, replaces=found.head))

    def _field(
        self, stream: StreamRef, name: str, value: str, *, replaces: UUID | None = None, source: str = ""
    ) -> Entry:
        body = {"field": name, "value": value} | ({"source": source} if source else {})
        return self._recording.entry(Kind.CONTACT_FIELD, stream, body, slot=f"field:{name}", replaces=replaces)

    def ask(self, contact: UUID, prompt: str, asked: bool = True) -> None:
        """Tick (or take back) one line of "Still to ask"."""
        mark = self._state(contact).prompts.get(prompt)
        if mark is not None and mark.asked == asked:
            return
        self._write(
            contact,
            Kind.CONTACT_PROMPT,
            {"key": prompt, "asked": asked},
            slot=f"prompt:{prompt}",
            replaces=mark.head if mark is not None else None,
        )

    def decide(self, contact: UUID, draft: DecisionDraft) -> None:
        """Record a decision with its rationale; raises :class:`Refused` by role, or without a rationale.

        It takes up what stands in the fields it was typed in (:data:`DECISION_PART`).
        """
        role, state = self._recording.who.role, self._state(contact)
        form = self.form(state.type)
        if not decision_right(draft.kind, role) or (form is not None and not form.may_decide(draft.kind, role)):
            raise Refused(_NOT_YOURS)
        if not draft.decision.strip() or not draft.rationale.strip():
            raise Refused("A decision needs what was decided and why.  Nothing was written; add the reason.")
        parts = (found for name, found in state.fields.items() if name.startswith(DECISION_PART))
        takes_up = [str(head) for found in parts for head in found.settles]
        self._write(contact, Kind.CONTACT_DECISION, asdict(draft) | ({"takes_up": takes_up} if takes_up else {}))

    def hand_over(self, contact: UUID, wanted: bool, to: tuple[str, ...] = ()) -> None:
        """Put the contact into the morning handover, for these teams, or take it out."""
        now = self._state(contact).handover
        head = now.head if now is not None else None
        self._write(contact, Kind.CONTACT_HANDOVER, {"wanted": wanted, "to": list(to)}, slot="handover", replaces=head)

    def keep(self, contact: UUID) -> None:
        """Put the contact aside, on its owner's unfinished list; possible at any time."""
        if self._state(contact).progress is Progress.DRAFT:
            self._write(contact, Kind.CONTACT_KEPT, {})

    def complete(self, contact: UUID) -> tuple[Missing, ...]:
        """Complete the contact, or return what is missing; then nothing is written."""
        lacking = self.missing(contact)
        if not lacking and self._state(contact).progress is not Progress.COMPLETE:
            self._write(contact, Kind.CONTACT_COMPLETED, {})
        return lacking

    def missing(self, contact: UUID) -> tuple[Missing, ...]:
        """Return what must be filled in or chosen before the contact can be complete."""
        state = self._state(contact)
        form = self.form(state.type)
        if form is None:
            return (_NO_TYPE,)
        fields = missing(form, form_values(self._folds.around(state)), state.decisions)
        clashes = tuple(Missing(one.name, _label(form.field(one.name), one.name), _CLASH) for one in state.clashes)
        return (*fields, *self._half(state, fields), *clashes)

    def _half(self, state: ContactState, lacking: tuple[Missing, ...]) -> tuple[Missing, ...]:
        """Return what a begun decision lacks, unless the form asks for a decision anyway."""
        if any(one.key.startswith("decision") for one in lacking):
            return ()
        return tuple(Missing(f"{DECISION_PART}{part}", _DECISION_PARTS[part], _HALF) for part in state.decision_lacks)

    def unfinished(self, worker: str = "") -> tuple[ContactState, ...]:
        """Return the contacts that a worker (this one, unless named) must still finish, oldest first."""
        owner = worker or self._recording.who.worker
        return tuple(one for one in self._folds.contacts() if one.unfinished and one.owner == owner)

    def add_call(self, contact: UUID, call: UUID) -> None:
        """Tie a further call to the contact."""
        if call not in self._state(contact).calls:
            self._write(contact, Kind.CONTACT_CALL_ADDED, {"call": call})

    def give(self, contact: UUID, worker: str) -> None:
        """Give the contact to another worker, who must finish it from now on."""
        state = self._state(contact)
        body = {"worker": worker, "from": state.owner}
        self._write(contact, Kind.CONTACT_TAKEN, body, slot="owner", replaces=state.owner_head)

    def take(self, contact: UUID, then: Callable[[Outcome], None]) -> None:
        """Make a record that nobody owns one's own; exclusive: the loser hears who has it."""
        who, state = self._recording.who, self._folds.contact(contact)
        stream = StreamRef(StreamKind.CONTACT, contact)
        head = self._folds.ledger.shared_head(stream, "owner")
        # Before taking it, its words may not be readable here: then the fold does not know the owner.
        owner = state.owner if state is not None and state.owner_head == head else ""
        if owner:
            mine = owner == who.worker
            then(Outcome(won=mine, sentence="" if mine else _OWNED, by=owner))
            return
        expects = Expects(head)
        body = {"worker": who.worker, "from": ""}
        entry = self._recording.entry(Kind.CONTACT_TAKEN, stream, body, slot="owner", expects=expects)
        self._recording.exclusive(entry, then)

    def _state(self, contact: UUID) -> ContactState:
        state = self._folds.contact(contact)
        if state is None:
            raise Refused("This contact is not on this computer yet.  Nothing was written; try again in a moment.")
        return state

    def _write(
        self, contact: UUID, kind: Kind, body: Mapping[str, object], *, slot: str = "", replaces: UUID | None = None
    ) -> None:
        stream = StreamRef(StreamKind.CONTACT, contact)
        self._recording.record(self._recording.entry(kind, stream, body, slot=slot, replaces=replaces))


def _label(spec: FieldSpec | None, name: str) -> str:
    label = spec.label if spec is not None else ""
    return label or name.replace("_", " ").replace(":", ": ").capitalize()
