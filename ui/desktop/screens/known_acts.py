"""What both screens do with what two people know: the fact sheet, hooks, the line that dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.drops import RingOutcome
from console.domain.hooks import Hook
from console.domain.ids import read_id
from console.domain.incidents import IncidentState
from console.domain.text import NightdeskError
from console.ports.switchboard import ActionAnswer
from console.services.call_looks import Looked
from console.services.refusing import Refused
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.half_words import half_words
from ui.desktop.screens.known_forms import (
    CHOSEN,
    FACT,
    GONE,
    HOOK,
    RING,
    SHEET,
    SOURCE,
    fact_sheet,
    hook_form,
    ring_back_form,
    write_hook,
)
from ui.desktop.screens.known_rows import DropNow
from ui.desktop.screens.plan_acts import PlanAbout, PlanActs
from ui.desktop.screens.plan_forms import PLAN

NOT_DROPPED = "No line has dropped that is still to be rung back. Nothing was logged."
OURS = "It stands in the record that one of us ended the call. The incident stays open."
NONE = "There is no incident of yours around this. Nothing was changed."
LATE = "What is known of the number is here now. Nothing was rung; ring back once more."
A_MOMENT = 5.0
"""Seconds after which nobody expects any more that their telephone rings by itself."""
FORMS = frozenset({SHEET, HOOK, RING, PLAN})


class KnownActs:
    """One for each screen; ``incident`` is the one on that screen."""

    def __init__(
        self,
        desk: Desk,
        incident: Callable[[], IncidentState | None],
        drop: Callable[[], DropNow | None],
        say: Callable[[str], None],
        person: Callable[[], PlanAbout],
    ) -> None:
        self._desk = desk
        self._incident = incident
        self._drop = drop
        self._say = say
        self.plan = PlanActs(desk, person, say, self.first_name)
        self._source = ""
        self._open = ""
        self._about: UUID | None = None
        self._hook: Hook | None = None
        """The line that the form is about, as it was when the form was opened: what is written is written over that."""
        self._error = ""

    # --- forms ------------------------------------------------------------------------------------

    def opened(self, key: str, subject: str = "") -> None:
        """Take note of the form the user opened, and of which incident or person it is."""
        if key == PLAN:
            self._open, self._error = (key if self.plan.opened() else ""), ""
            return
        incident = self._incident()
        self._open, self._error = key, ""
        self._about = incident.id if incident is not None else None
        self._hook = _hook_of(incident, read_id(subject)) if key == HOOK else None
        if key == SHEET:
            self._source = self._usual_source(incident)
        if incident is None or not incident.live:
            self._open = ""
            self._say(NONE)
        elif key == RING and self._drop() is None:
            self._open = ""
            self._say(NOT_DROPPED)

    def form(self) -> FormRow | None:
        """Return the form that is open, filled with what is known now."""
        if self._open == PLAN:
            made, subject = self.plan.form(self._error), self.plan.subject
            return replace(made, subject=subject, kept=half_words(self._desk, PLAN, subject)) if made else None
        incident = self._desk.folds.incident(self._about) if self._about is not None else None
        if incident is None or not self._open:
            return None
        if self._open == SHEET:
            return fact_sheet(incident, self._source, self.first_name)
        made = self._ring_form() if self._open == RING else hook_form(self._hook, self._error)
        subject = f"{incident.id} {self._hook.id if self._hook is not None else ''}".strip()
        return replace(made, subject=subject, kept=half_words(self._desk, made.key, subject))

    def _ring_form(self) -> FormRow:
        found = self._drop()
        return ring_back_form(self._error, unsaid=found is not None and found.drop.unsaid)

    def sent(self, key: str, values: Mapping[str, str]) -> str:
        """Do what a filled form says; return the sentence that says why not.  Raises ``NightdeskError``."""
        incident = self._desk.folds.incident(self._about) if self._about is not None else None
        if key == PLAN:
            return self.plan.sent(values)
        if key == SHEET:
            return ""  # every field was told as it was typed
        if incident is None:
            return NONE
        if key == HOOK:
            hooks, now = self._desk.known.hooks, self._desk.clock.now()
            return write_hook(hooks, incident.id, self._hook, values, now)
        return self._log_ring_back(incident, values)

    def _log_ring_back(self, incident: IncidentState, values: Mapping[str, str]) -> str:
        if not values.get("outcome"):
            return "Choose what came of it; nothing was logged yet."
        drop = self._desk.known.drops.drop(incident)
        if drop is None:
            return NOT_DROPPED
        self._desk.known.drops.log(incident.id, drop, RingOutcome(values["outcome"]), values.get("words", ""))
        return ""

    def refused(self, sentence: str) -> None:
        """Keep a sentence on the form that is open."""
        self._error = sentence

    def closed(self) -> None:
        """The form was sent and is gone."""
        self._open = ""

    def _usual_source(self, incident: IncidentState | None) -> str:
        """Return how what is written now is known, until the worker says otherwise: from the caller, while one talks.

        The words beside it say so, and every value shows it.
        """
        contact = self._desk.folds.contact(incident.contact) if incident and incident.contact else None
        return "caller_stated" if self._desk.caller_on_line(contact) else "third_party"

    # --- facts ------------------------------------------------------------------------------------

    def field(self, subject: str, key: str, value: str, over: str | None) -> None:
        """Take a field of the sheet as it was typed.  Raises ``NightdeskError``."""
        incident = read_id(subject)
        if incident is None:
            return
        facts, chosen = self._desk.known.facts, read_id(value)
        place = read_id(key.removeprefix(GONE)) if key.startswith(GONE) else None
        if place is not None:
            if value:
                self._desk.incidents.not_there(incident, place, value)
        elif key == SOURCE:
            self._source = value or self._source
        elif key.startswith(CHOSEN) and chosen is not None:
            facts.choose(incident, key.removeprefix(CHOSEN), chosen)
        elif key.startswith(FACT):
            seen = None if over is None else [one for one in over.split(",") if one]
            facts.put(incident, key.removeprefix(FACT), value, self._source or "third_party", seen)

    def row(self, key: str, act: str) -> bool:
        """Do ``settle state 0192..`` or ``accept where 0192..`` of the facts; say whether it was one."""
        incident, parts = self._incident(), key.split(" ")
        one = read_id(parts[-1])
        if act not in ("settle", "accept") or len(parts) != 3 or one is None or incident is None:
            return False
        facts = self._desk.known.facts
        (facts.choose if act == "settle" else facts.accept)(incident.id, parts[1], one)
        return True

    # --- the line ---------------------------------------------------------------------------------

    def ring_back(self, then: Callable[[ActionAnswer], None]) -> bool:
        """Ring back where the line dropped; say whether it had.  Raises ``Refused`` with the reason."""
        incident, found = self._incident(), self._drop()
        if incident is None or found is None:
            return False
        number = self._desk.known.drops.number(found.drop, incident)
        if found.armed.pending and number:
            asked = partial(self._known, found.drop.call, self._desk.clock.monotonic(), then)
            self._desk.known.safety.when_known(number, found.drop.call, asked)
        else:
            self._desk.known.drops.ring(incident.id, found.drop, found.armed, then)
        return True

    def end_was_ours(self) -> bool:
        """Write that one of us ended the call, where the telephones cannot say who did; say whether that was asked."""
        incident, found = self._incident(), self._drop()
        if incident is None or found is None or not found.drop.unsaid:
            return False
        self._desk.known.drops.log(incident.id, found.drop, RingOutcome.OURS)
        self._say(OURS)
        return True

    def _known(self, call: UUID, asked_at: float, then: Callable[[ActionAnswer], None], _: Looked) -> None:
        """Ring now that what is known of the number is here, if it is still what was asked for a moment ago."""
        incident, found = self._incident(), self._drop()
        if incident is None or found is None or found.drop.call != call:
            return
        try:
            if self._desk.clock.monotonic() - asked_at > A_MOMENT:
                raise Refused(LATE)
            self._desk.known.drops.ring(incident.id, found.drop, found.armed, then)
        except NightdeskError as refused:
            self._say(str(refused))

    def first_name(self, worker: str) -> str:
        """Return what a worker is called, by key."""
        return "you" if worker == self._desk.who.worker else self._desk.ledger.name_of(worker).split(" ", 1)[0]


def _hook_of(incident: IncidentState | None, hook: UUID | None) -> Hook | None:
    return next((one for one in incident.hooks if one.id == hook), None) if incident is not None else None
