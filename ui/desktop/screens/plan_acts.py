"""What both screens do with the plan of the person whose record is open there: the question, and the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from console.domain.calendar import local
from console.domain.contacts import ContactState
from console.domain.people import Candidates, PersonRecord
from console.domain.plans import RiskNow
from console.domain.repeat_calls import REVIEW_CHANNEL
from console.domain.text import NightdeskError
from console.services.plans import PlanShown
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.plan_forms import plan_form, write_plan
from ui.desktop.screens.plan_rows import NameOf
from ui.desktop.shortcuts import Act

ANSWER_OF: Mapping[Act, RiskNow] = MappingProxyType(
    {
        Act.PLAN_AT_RISK: RiskNow.AT_RISK,
        Act.PLAN_NOT_AT_RISK: RiskNow.NOT_AT_RISK,
        Act.PLAN_NOT_ASKED: RiskNow.COULD_NOT_ASK,
    }
)
_NO_RECORD = "No person's record is open here, so there is no plan to read or write. Choose the person first."
_NOTHING_ASKED = "There is no plan with limits on screen, so nothing was recorded. Your note holds what they said."


@dataclass(frozen=True, slots=True)
class PlanAbout:
    """The contact on a screen, and the person whose record is open there."""

    contact: ContactState | None
    record: PersonRecord | None


def plan_on_screen(desk: Desk, about: PlanAbout) -> PlanShown | None:
    """Return the plan to show beside the call; a review has no caller to ask, and so shows none here."""
    contact, record = about.contact, about.record
    subject = contact.subject if contact is not None else None
    if contact is None or record is None or subject is None or subject.person != record.person:
        return None
    return desk.plans.shown(record.person, None if contact.channel == REVIEW_CHANNEL else contact)


def planned_among(desk: Desk, found: Candidates | None) -> frozenset[UUID]:
    """Return those of the candidates who have a plan: that it is there, and no word of it."""
    seen = [one.person for one in found.people if not one.restricted] if found is not None else []
    for one in seen:
        desk.plans.want(one)
    return frozenset(one for one in seen if desk.plans.has(one))


def read_plan(desk: Desk, changed: Callable[[], None], record: PersonRecord) -> None:
    """Read the plan of a person whose record was just opened."""
    desk.plans.opened(record.person)
    changed()


class PlanActs:
    """One for each screen; ``about`` is what stands on that screen now."""

    def __init__(self, desk: Desk, about: Callable[[], PlanAbout], say: Callable[[str], None], name_of: NameOf) -> None:
        self._desk = desk
        self._about = about
        self._say = say
        self._name_of = name_of
        self._person: UUID | None = None

    def do(self, act: Act) -> bool:
        """Record an answer to the question; say whether it was one.  Raises ``NightdeskError``."""
        answer = ANSWER_OF.get(act)
        if answer is None:
            return False
        about = self._about()
        shown = plan_on_screen(self._desk, about)
        if shown is None or about.contact is None or shown.limits is None or not shown.plan.words:
            raise NightdeskError(_NOTHING_ASKED)
        if not shown.plan.words.limits:
            raise NightdeskError(_NOTHING_ASKED)
        self._desk.plans.answer(about.contact, shown.plan.person, answer)
        return True

    def opened(self) -> bool:
        """Take note of whose plan the form is about; say whether there is anybody."""
        about = self._about()
        self._person = about.record.person if about.record is not None else None
        if self._person is None:
            self._say(_NO_RECORD)
        return self._person is not None

    @property
    def subject(self) -> str:
        """Return whom the open form is about: under another person what was written does not stay."""
        return str(self._person or "")

    def form(self, error: str) -> FormRow | None:
        """Return the form, filled with what is known now; its limits as they stand in the contact on screen *now*.

        A panel stays open from one contact to the next: what was answered in the first is no answer there.
        """
        if self._person is None:
            return None
        plans, now = self._desk.plans, self._desk.clock.now()
        shown = plan_on_screen(self._desk, self._about())
        if shown is None or shown.plan.person != self._person:
            shown = plans.shown(self._person, None)
        return plan_form(
            shown, plans.of(self._person), local(now).date(), self._name_of,
            may_set=plans.may_set(), error=error,
        )  # fmt: skip

    def sent(self, values: Mapping[str, str]) -> str:
        """Do what a filled form says; return the sentence that says why not.  Raises ``NightdeskError``."""
        if self._person is None:
            return _NO_RECORD
        if not self._desk.plans.may_set():
            return ""  # it was read, and closes
        return write_plan(self._desk.plans, self._person, values, standing=self._desk.plans.has(self._person))
