"""Opens a plan for review when a person, or a line whose caller nobody knows, has rung three times in thirty days.

The review is a record like any other, without a call and without an owner: it stands among the open work, is taken
and finished there.  Its id is made of what it is about, and opening it is exclusive: of all consoles that count to
three, one opens it, and nobody opens another while it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from console.domain.call_log import CallRecord
from console.domain.calls import Direction
from console.domain.contacts import ContactState, How, Progress, Subject, fold_contact
from console.domain.ids import short_reference
from console.domain.items import item_of_stored
from console.domain.people import MOST_RECENT
from console.domain.plans import PlanRules
from console.domain.record import Entry, Expects, Identity, Kind, StreamKind, StreamRef
from console.domain.repeat_calls import (
    REVIEW_CHANNEL,
    REVIEW_TYPE,
    about_line,
    about_person,
    is_from,
    opens_review,
    review_id,
)
from console.domain.search import shown_number
from console.domain.words import full_words
from console.ports.clock import Clock
from console.ports.runner import Runner
from console.ports.store import CardOrder, CardQuery, Store
from console.services.call_desk import CallDesk
from console.services.folds import Folds
from console.services.ledger import ChangeSet
from console.services.writing import Outcome, Recording

REVIEW_SLOT = "review"
_OVER = frozenset({Progress.KEPT, Progress.COMPLETE})
_HELD = 200
"""Calls whose numbers are remembered until what became of them is known."""
_MOST_TURNS = 200


@dataclass(frozen=True, slots=True)
class ReviewParts:
    """What the rule works with."""

    recording: Recording
    folds: Folds
    calls: CallDesk
    store: Store
    runner: Runner
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Rang:
    """A number that rang here, and when it had rung before."""

    e164: str
    before: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A review to be opened: the contact it becomes, and what it says."""

    contact: UUID
    about: str
    when: tuple[datetime, ...]
    words: str
    subject: Subject | None
    like: ContactState | None
    """The contact that made it three: the review belongs to the same authority and service."""


class PlanReviews:
    """Counts what this console sees: give ``CallDesk.subscribe`` and ``Ledger.subscribe`` its two methods."""

    def __init__(self, parts: ReviewParts, rules: PlanRules) -> None:
        self._parts = parts
        self._rules = rules
        self._who: Identity = parts.recording.who
        self._rang: dict[UUID, _Rang] = {}
        self._counted: set[tuple[UUID, str]] = set()

    # --- hearing ------------------------------------------------------------------------------

    def calls_changed(self) -> None:
        """Remember when the numbers that ring here rang before; a withheld one is never looked up, so never counted."""
        state = self._parts.calls.state()
        own = (state.current,) if state.current is not None else ()
        for slot in (*own, *state.held, *state.waiting):
            found = slot.looked.candidates
            if found is not None and slot.looked.e164:
                recent = found.line.recent if found.line is not None else ()
                self._rang[slot.call.id] = _Rang(slot.looked.e164, recent)
        while len(self._rang) > _HELD:
            del self._rang[next(iter(self._rang))]

    def record_changed(self, changes: ChangeSet) -> None:
        """Count where a call or its record is over."""
        for ref in changes.streams:
            if ref.kind is StreamKind.CONTACT:
                self._contact_changed(ref.id)
            elif ref.kind is StreamKind.CALL and ref.id in self._rang:
                self._call_changed(ref.id)

    def _call_changed(self, call: UUID) -> None:
        """Count a call that nobody answered as soon as it ends; of any other its record tells who it was."""
        record = self._parts.folds.call(call)
        if record is not None and record.abandoned and record.direction is Direction.INBOUND:
            self._count_line(record, None)

    def _contact_changed(self, identity: UUID) -> None:
        contact = self._parts.folds.contact(identity)
        if contact is None or contact.owner != self._who.worker or contact.progress not in _OVER:
            return
        subject = contact.subject
        if subject is not None and subject.confirmed and is_from(contact, subject.person):
            self._count_person(contact, subject)
        elif subject is None and contact.channel != REVIEW_CHANNEL:
            for call in contact.calls:
                record = self._parts.folds.call(call)
                if record is not None and call in self._rang and record.direction is Direction.INBOUND:
                    self._count_line(record, contact)

    # --- counting -----------------------------------------------------------------------------

    def _count_line(self, call: CallRecord, contact: ContactState | None) -> None:
        rang, about = self._rang[call.id], about_line(self._rang[call.id].e164)
        if call.began is None or not self._first(call.id, about):
            return
        moments = (*rang.before, call.began)
        if len(opens_review(moments, self._now(), self._rules)) == 0:
            return
        number = shown_number(rang.e164)

        def look() -> _Wanted | None:
            return self._wanted(about, moments, f"from {number}. Who rings is not known.", None, contact)

        self._ask(call.id, about, look)

    def _count_person(self, contact: ContactState, subject: Subject) -> None:
        about = about_person(subject.person)
        if not self._first(contact.id, about):
            return

        def look() -> _Wanted | None:
            moments = (*self._rung_before(subject.person, contact.id), contact.received or self._now())
            return self._wanted(about, moments, "from this person.", subject, contact)

        self._ask(contact.id, about, look)

    def _rung_before(self, person: UUID, but: UUID) -> tuple[datetime, ...]:
        """Return when contacts came from a person; on a reader.  What may not be read here does not count."""
        query = CardQuery(CardOrder.OF_PERSON, frozenset({StreamKind.CONTACT}), person)
        first, found = self._now() - self._rules.within, []
        for card in self._parts.store.cards(self._who, query):
            if card.stream.id == but or card.opened_at is None or card.opened_at < first:
                continue
            stored = self._parts.store.stream(self._who, card.stream)
            contact = fold_contact(map(item_of_stored, stored))
            if contact is not None and is_from(contact, person):
                found.append(contact.received or card.opened_at)
        return tuple(found[:MOST_RECENT])

    def _wanted(
        self, about: str, moments: Collection[datetime], words: str, subject: Subject | None, like: ContactState | None
    ) -> _Wanted | None:
        """Return the review to open, None where there are too few calls or one stands; on a reader."""
        turn = self._turn(about)
        if turn is None:
            return None
        number, since = turn
        when = opens_review(moments, self._now(), self._rules, since)
        return _Wanted(review_id(about, number), about, when, words, subject, like) if when else None

    def _turn(self, about: str) -> tuple[int, datetime | None] | None:
        """Return which review comes next and when the last one ended; None while one stands.  By envelopes alone."""
        ended: datetime | None = None
        for turn in range(_MOST_TURNS):
            stored = self._parts.store.stream(self._who, StreamRef(StreamKind.CONTACT, review_id(about, turn)))
            if not stored:
                return turn, ended
            ends = [one.envelope.made_at for one in stored if one.envelope.kind is Kind.CONTACT_COMPLETED]
            if not ends:
                return None
            ended = ends[-1]
        return None

    def _first(self, what: UUID, about: str) -> bool:
        """Say whether this was not counted yet; it is from now on."""
        key = (what, about)
        if key in self._counted or self._parts.folds.ledger.link.is_away:
            return False
        self._counted.add(key)
        return True

    def _ask(self, what: UUID, about: str, look: Callable[[], _Wanted | None]) -> None:
        again = partial(self._counted.discard, (what, about))

        def found(wanted: _Wanted | None) -> None:
            if wanted is not None:
                self._open(wanted, again)

        # What could not be counted now is counted at the next change.
        self._parts.runner.read(look, found, lambda _: again())

    # --- opening ------------------------------------------------------------------------------

    def _open(self, wanted: _Wanted, again: Callable[[], None]) -> None:
        stream = StreamRef(StreamKind.CONTACT, wanted.contact)
        body = {
            "ref": short_reference(wanted.contact), "call": "", "channel": REVIEW_CHANNEL, "received": self._now(),
            "type": "",
        }  # fmt: skip
        opening = self._entry(Kind.CONTACT_OPENED, stream, body, REVIEW_SLOT, Expects(None))

        def decided(outcome: Outcome) -> None:
            if outcome.won:
                self._parts.recording.record(*self._contents(stream, wanted))
            elif not outcome.by:
                again()

        self._parts.recording.exclusive(opening, decided)

    def _contents(self, stream: StreamRef, wanted: _Wanted) -> list[Entry]:
        count = len(wanted.when)
        times = ", ".join(full_words(one) for one in wanted.when[-5:])
        said = f"{count} calls within {self._rules.within.days} days {wanted.words} The last: {times}."
        fields = {"type": REVIEW_TYPE, "priority": "p4_hand_over", "summary": said}
        for name in ("authority", "service"):
            if wanted.like is not None and wanted.like.value(name):
                fields[name] = wanted.like.value(name)
        entries = [self._entry(Kind.CONTACT_SUBJECT_ADDED, stream, _shown(wanted.subject))] if wanted.subject else []
        for name, value in fields.items():
            body = {"field": name, "value": value, "source": "rule"}
            entries.append(self._entry(Kind.CONTACT_FIELD, stream, body, f"field:{name}"))
        # Nobody's, until somebody takes it: whose call made it three has no more to do with it than others.
        nobody = {"worker": "", "from": self._who.worker}
        return [*entries, self._entry(Kind.CONTACT_TAKEN, stream, nobody, "owner")]

    def _entry(
        self, kind: Kind, stream: StreamRef, body: Mapping[str, object], slot: str = "", expects: Expects | None = None
    ) -> Entry:
        return self._parts.recording.entry(kind, stream, body, slot=slot, expects=expects)

    def _now(self) -> datetime:
        return self._parts.clock.now()


def _shown(subject: Subject) -> dict[str, object]:
    return {
        "person": subject.person,
        "how": How.REVIEW.value,
        "name": subject.name,
        "born": subject.born.isoformat() if subject.born is not None else "",
        "gender": subject.gender,
        "reference": subject.reference,
    }
