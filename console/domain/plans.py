"""The plan for somebody who rings often: what helps, agreed limits, and the question that comes before them.

Limits never stand by themselves.  In each contact the person is asked anew whether they are at risk now, and
only a fresh "not at risk" lets the limits apply (peers.md 7, 20).  Pure; bodies are read without trust.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from console.domain.items import Item
from console.domain.markers import months_after
from console.domain.reading import Body, identity, text
from console.domain.record import Kind

PLAN_SLOT = "plan"
ASKED_SLOT = "risk_asked:"
"""Begins the slot of the answers about one person in a contact; the person's id follows."""
REVIEW_MONTHS = 3
"""Months to a plan's review where nobody says otherwise: a limit is not left to run (domain.md 5)."""


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What a service sets: when calls open a plan for review, and how long an answer is fresh."""

    calls: int = 3
    within: timedelta = timedelta(days=30)
    fresh: timedelta = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class PlanWords:
    """What a plan says.  ``owner`` is a named person or a team, ``agreed_by`` who agreed to it and how."""

    helps: str = ""
    hinders: str = ""
    limits: str = ""
    owner: str = ""
    review_on: date | None = None
    agreed_by: str = ""


class PlanStep(StrEnum):
    """What was done with a plan."""

    WRITTEN = "written"
    REVIEWED = "reviewed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One thing done with a plan, by its author; ``words`` as they stood from then on.

    ``why`` is what was written with a review or an end.
    """

    entry: UUID
    step: PlanStep
    words: PlanWords
    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person's plan as far as this worker may know it.

    ``standing`` is known from the envelopes, so also to whoever has not opened the record; ``words`` is None
    where the words may not be read here.  ``head`` is what the next change is decided on.
    """

    person: UUID
    standing: bool
    head: UUID
    words: PlanWords | None = None
    wording: UUID | None = None
    """The entry that wrote the words which stand: an answer was given for these, and for no later ones."""
    versions: tuple[PlanVersion, ...] = ()
    at_once: bool = False
    """The newest change was made by somebody who had not seen the one before it: both are in ``versions``."""

    def overdue(self, today: date) -> bool:
        """Say whether its review day has passed."""
        return self.words is not None and self.words.review_on is not None and today > self.words.review_on


def fold_plan(items: Iterable[Item]) -> PersonPlan | None:
    """Return the plan that the items of a person's stream make; None where there never was one."""
    plan: PersonPlan | None = None
    for item in items:
        step = _STEPS.get(item.kind)
        if step is not None:
            plan = _after(plan, step, item)
    return plan


_STEPS = MappingProxyType(
    {
        Kind.PERSON_PLAN: PlanStep.WRITTEN,
        Kind.PERSON_PLAN_REVIEWED: PlanStep.REVIEWED,
        Kind.PERSON_PLAN_ENDED: PlanStep.ENDED,
    }
)


def _after(plan: PersonPlan | None, step: PlanStep, item: Item) -> PersonPlan:
    if plan is None:
        plan = PersonPlan(item.stream.id, standing=False, head=item.id)
    standing = step is PlanStep.WRITTEN or (plan.standing and step is PlanStep.REVIEWED)
    at_once = plan.head not in (item.id, item.replaces)
    plan = replace(plan, standing=standing, head=item.id, at_once=at_once)
    if step is PlanStep.WRITTEN:
        plan = replace(plan, words=_words(item.content) if item.readable else None, wording=item.id)
    elif step is PlanStep.REVIEWED and item.readable and plan.words is not None:
        plan = replace(plan, words=replace(plan.words, review_on=_day(item.content) or plan.words.review_on))
    if not item.readable or plan.words is None:
        return plan
    by = item.on_behalf_of or item.author
    made = PlanVersion(item.id, step, plan.words, by, item.made_at, text(item.content, "words"))
    return replace(plan, versions=(*plan.versions, made))


def _words(body: Body) -> PlanWords:
    return PlanWords(
        text(body, "helps"), text(body, "hinders"), text(body, "limits"), text(body, "owner"), _day(body),
        text(body, "agreed_by"),
    )  # fmt: skip


def _day(body: Body) -> date | None:
    try:
        return date.fromisoformat(text(body, "review_on"))
    except ValueError:
        return None


def usual_review(today: date) -> date:
    """Return the day a plan written or reviewed today is reviewed next, where nobody says otherwise."""
    return months_after(today, REVIEW_MONTHS)


# --- the question --------------------------------------------------------------------------------


class RiskNow(StrEnum):
    """What came of asking whether the person is at risk now."""

    AT_RISK = "at_risk"
    NOT_AT_RISK = "not_at_risk"
    COULD_NOT_ASK = "could_not_ask"


RISK_NOW_WORDS = MappingProxyType(
    {
        RiskNow.AT_RISK: "At risk now",
        RiskNow.NOT_AT_RISK: "Not at risk now, in their words",
        RiskNow.COULD_NOT_ASK: "Could not ask",
    }
)


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    """One answer in one contact, with what stood when it was given.

    ``wording`` is the entry of the plan's words, ``call`` the call it was asked in, ``risk`` what had last been
    said of the risk.  It was given for these and for nothing that came later.
    """

    person: UUID
    answer: RiskNow
    by: str
    at: datetime
    entry: UUID
    wording: UUID | None = None
    seq: int = 0
    call: UUID | None = None
    risk: UUID | None = None


def risk_answer(item: Item) -> RiskAnswer | None:
    """Return the answer an entry holds; None where it is none this version knows: it then lifts nothing."""
    person, said = identity(item.content, "person"), text(item.content, "answer")
    if person is None or said not in {one.value for one in RiskNow}:
        return None
    by = item.on_behalf_of or item.author
    plan, call, risk = (identity(item.content, key) for key in ("plan", "call", "risk"))
    return RiskAnswer(person, RiskNow(said), by, item.made_at, item.id, plan, item.seq, call, risk)


@dataclass(frozen=True, slots=True)
class Asking:
    """Where it would be asked now: the contact's newest call, and what was last said of the risk around it.

    ``over``: nobody is on that line any more.  ``risk`` is the newest entry that said how great the risk is, or
    the incident that began with it; None where there is no incident.  ``at_risk``: what stands of it now is that a
    life is at risk.
    """

    call: UUID | None = None
    over: bool = False
    risk: UUID | None = None
    at_risk: bool = False


class Limits(StrEnum):
    """Whether a plan's limits apply in a contact."""

    NONE = "none"
    """No limits were agreed: there is nothing to ask for."""
    ASK = "ask"
    APPLY = "apply"
    AT_RISK = "at_risk"
    RISK_STANDS = "risk_stands"
    """Whatever was answered, somebody wrote that a life is at risk now, and nobody has written otherwise since."""
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class LimitsNow:
    """Whether the limits apply, by which answer, and until when that is fresh.

    With ``ASK``, ``answer`` is one that no longer holds (too old, or what it was given for has moved), or None.
    """

    limits: Limits
    answer: RiskAnswer | None = None
    until: datetime | None = None


_AHEAD = timedelta(seconds=5)
"""How far two clocks that the record put right may differ (docs/decisions/0035-one-time.md)."""


def limits_now(
    plan: PersonPlan, answers: Iterable[RiskAnswer], asking: Asking, now: datetime, rules: PlanRules
) -> LimitsNow:
    """Return whether the limits of ``plan`` apply in the contact whose ``answers`` these are.

    Who was at risk once in a contact is outside the limits for all of it, whatever is answered later.  Every other
    answer holds for ``rules.fresh``, while its call lasts, and until the plan is worded anew or a word is said of
    the risk.  One from a time that has not come yet holds nothing: else it would be fresh for longer.  While it is
    written that a life is at risk now, before the answer or after, no answer holds.
    """
    if plan.words is None or not plan.words.limits.strip():
        return LimitsNow(Limits.NONE)
    mine = [one for one in answers if one.person == plan.person]
    at_risk = [one for one in mine if one.answer is RiskNow.AT_RISK]
    if at_risk:
        return LimitsNow(Limits.AT_RISK, at_risk[-1])
    if asking.at_risk:
        return LimitsNow(Limits.RISK_STANDS)
    if not mine:
        return LimitsNow(Limits.ASK)
    newest = mine[-1]
    fresh = -_AHEAD <= now - newest.at <= rules.fresh
    given_for = (newest.wording, newest.call, newest.risk)
    if not fresh or asking.over or given_for != (plan.wording, asking.call, asking.risk):
        return LimitsNow(Limits.ASK, newest)
    limits = Limits.APPLY if newest.answer is RiskNow.NOT_AT_RISK else Limits.NOT_ASKED
    return LimitsNow(limits, newest, newest.at + rules.fresh)
