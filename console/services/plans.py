"""Plans of people at work: read by whoever opened the record, set by a manager, asked for anew in each contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from console.domain.calendar import local
from console.domain.contacts import ContactState
from console.domain.incidents import RISK_SLOT, IncidentState
from console.domain.plans import (
    ASKED_SLOT,
    PLAN_SLOT,
    Asking,
    LimitsNow,
    PersonPlan,
    PlanRules,
    PlanWords,
    RiskNow,
    fold_plan,
    limits_now,
)
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.rights import kind_right
from console.domain.risk_said import risk_now
from console.domain.text import safe_block, safe_line, too_long
from console.ports.clock import Clock
from console.services.backfill import Backfill
from console.services.folds import Folds
from console.services.refusing import Refused
from console.services.writing import Recording

PART_CAP = 1_000
"""Longest part of a plan, in characters: it is read while somebody talks."""
OWNER_CAP = 120
FURTHEST = timedelta(days=366)
"""How far off a review may lie (domain.md 5: 12 months)."""
_ROLE = "A plan is set by a manager, because it limits what somebody gets.  Nothing was written; ask the duty manager."
_MOVED = (
    "A colleague has changed this plan since you opened it.  Nothing was written; your words stay here.  Look at "
    "the person's sheet, then discard this and open it again."
)
_GONE = "There is no plan on this person now.  Nothing was written."
_BARE = "Write what helps first: limits alone are no plan.  Nothing was written yet."
_NO_OWNER = "Write who owns the plan, a person or a team; nothing was written yet."
_AGREED = "Limits need who agreed to them.  Nothing was written yet; if nobody did, leave the limits empty."
_NO_DAY = "Write the day of the next review; nothing was written yet."
_PAST = "The next review must be today or later.  Nothing was written yet."
_FAR = "The next review may be twelve months off at most.  Nothing was written yet."
_WHY = "Write why; nothing was written yet."


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan with whether its limits apply in the contact on screen; ``limits`` None: in no contact."""

    plan: PersonPlan
    limits: LimitsNow | None = None


class Plans:
    """Acts on the plan of one person, by their id; raises :class:`Refused` with the sentence why not.

    Nothing waits for the shared record.  A change says over which head it was made, so that two made at once
    both stay in the history, and neither silently.
    """

    def __init__(
        self, recording: Recording, folds: Folds, backfill: Backfill, clock: Clock, rules: PlanRules | None = None
    ) -> None:
        self._recording = recording
        self._folds = folds
        self._backfill = backfill
        self._clock = clock
        self.rules = rules or PlanRules()

    # --- reading ------------------------------------------------------------------------------

    def want(self, person: UUID) -> None:
        """Read whether a person has a plan: of a record that was not opened, that it is there and no word of it."""
        self._backfill.want(_stream(person))

    def opened(self, person: UUID) -> None:
        """Read the words, now that the record is open."""
        self._backfill.want_opened(_stream(person))

    def of(self, person: UUID | None) -> PersonPlan | None:
        """Return a person's plan, ended ones too; None where none is known of."""
        return self._folds.folded(_stream(person), fold_plan) if person is not None else None

    def has(self, person: UUID) -> bool:
        """Say whether a plan stands."""
        plan = self.of(person)
        return plan is not None and plan.standing

    def shown(self, person: UUID | None, contact: ContactState | None) -> PlanShown | None:
        """Return the plan that stands, with whether its limits apply in ``contact``; None where none does."""
        plan = self.of(person)
        if plan is None or not plan.standing:
            return None
        if contact is None:
            return PlanShown(plan)
        return PlanShown(plan, limits_now(plan, contact.asked, self._asking(contact), self._clock.now(), self.rules))

    def _asking(self, contact: ContactState) -> Asking:
        call = contact.calls[-1] if contact.calls else None
        told = self._folds.call(call) if call is not None else None
        incident = self._folds.incident_of(contact.id)
        at_risk = risk_now(incident if incident is not None and incident.live else None, contact)
        return Asking(call, told is not None and told.ended_at is not None, self._risk_said(incident), at_risk)

    def _risk_said(self, incident: IncidentState | None) -> UUID | None:
        if incident is None:
            return None
        # By the envelope: a word on the risk counts before it can be read here.  An incident begins with a risk,
        # so opening one says a word of it too.
        return self._folds.ledger.head(StreamRef(StreamKind.INCIDENT, incident.id), RISK_SLOT) or incident.id

    def may_set(self) -> bool:
        """Say whether this worker's role may set plans."""
        return kind_right(Kind.PERSON_PLAN, self._recording.who.role)

    # --- writing ------------------------------------------------------------------------------

    def write(self, person: UUID, words: PlanWords, over: UUID | None) -> None:
        """Write a plan, or word it anew, over the ``head`` that the worker saw."""
        body = self._checked(words)
        self._may(person, over)
        self._write(Kind.PERSON_PLAN, person, body, over)

    def review(self, person: UUID, review_on: date | None, words: str, over: UUID | None) -> None:
        """Say that the plan was reviewed and stays, until the next day it is looked at."""
        day, why = self._day(review_on), _said(words)
        self._standing(person, over)
        self._write(Kind.PERSON_PLAN_REVIEWED, person, {"review_on": day.isoformat(), "words": why}, over)

    def end(self, person: UUID, words: str, over: UUID | None) -> None:
        """End the plan; its history stays."""
        why = _said(words)
        self._standing(person, over)
        self._write(Kind.PERSON_PLAN_ENDED, person, {"words": why}, over)

    def answer(self, contact: ContactState, person: UUID, answer: RiskNow) -> None:
        """Record what came of asking whether the person is at risk now, in this contact."""
        plan = self.of(person)
        if plan is None or not plan.standing:
            raise Refused(_GONE)
        slot = f"{ASKED_SLOT}{person}"
        stream = StreamRef(StreamKind.CONTACT, contact.id)
        asking = self._asking(contact)
        body = {
            "person": person, "plan": plan.wording or "", "call": asking.call or "", "risk": asking.risk or "",
            "answer": answer.value,
        }  # fmt: skip
        head = self._folds.ledger.head(stream, slot)
        self._recording.record(
            self._recording.entry(Kind.CONTACT_RISK_ASKED, stream, body, slot=slot, replaces=head)
        )  # fmt: skip

    def _write(self, kind: Kind, person: UUID, body: Mapping[str, object], over: UUID | None) -> None:
        entry = self._recording.entry(kind, _stream(person), body, slot=PLAN_SLOT, replaces=over)
        self._recording.record(entry)

    def _may(self, person: UUID, over: UUID | None) -> PersonPlan | None:
        if not self.may_set():
            raise Refused(_ROLE)
        plan = self.of(person)
        if (plan.head if plan is not None else None) != over:
            raise Refused(_MOVED)
        return plan

    def _standing(self, person: UUID, over: UUID | None) -> None:
        plan = self._may(person, over)
        if plan is None or not plan.standing:
            raise Refused(_GONE)

    def _checked(self, words: PlanWords) -> Mapping[str, object]:
        helps, hinders, limits = (_part(one) for one in (words.helps, words.hinders, words.limits))
        owner, agreed = safe_line(words.owner, OWNER_CAP), safe_line(words.agreed_by, OWNER_CAP)
        if not helps:
            raise Refused(_BARE)
        if not owner:
            raise Refused(_NO_OWNER)
        if limits and not agreed:
            raise Refused(_AGREED)
        day = self._day(words.review_on)
        return {
            "helps": helps, "hinders": hinders, "limits": limits, "owner": owner, "agreed_by": agreed,
            "review_on": day.isoformat(),
        }  # fmt: skip

    def _day(self, review_on: date | None) -> date:
        today = local(self._clock.now()).date()
        if review_on is None:
            raise Refused(_NO_DAY)
        if review_on < today:
            raise Refused(_PAST)
        if review_on > today + FURTHEST:
            raise Refused(_FAR)
        return review_on


def _stream(person: UUID) -> StreamRef:
    return StreamRef(StreamKind.PERSON, person)


def _part(raw: str) -> str:
    if len(raw) > PART_CAP:
        raise too_long(len(raw), PART_CAP, "one part of a plan")
    return safe_block(raw.strip(), PART_CAP)


def _said(raw: str) -> str:
    said = _part(raw)
    if not said:
        raise Refused(_WHY)
    return said
