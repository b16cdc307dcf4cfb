"""The handler's forms: made when opened, taken when sent, closed only when what they say was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.calendar import local
from console.domain.contacts import ContactState, Subject
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.text import NightdeskError
from console.services.drafts import PanelWords
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.half_words import half_words
from ui.desktop.screens.handler.on_screen import OnScreen
from ui.desktop.screens.handler.passing_acts import PassingActs
from ui.desktop.screens.handler.person_forms import (
    confirm_form,
    confirmed_by,
    new_person,
    new_person_form,
    other_person_form,
    other_person_words,
    wrong_person_form,
)
from ui.desktop.screens.help_forms import ask_help_form, draft_from, log_news, log_news_form, to_tick
from ui.desktop.screens.known_acts import FORMS as KNOWN
from ui.desktop.screens.known_acts import KnownActs
from ui.desktop.screens.night_acts import NightActs
from ui.desktop.screens.night_forms import TITLES
from ui.desktop.screens.notice import Says
from ui.desktop.screens.signing_out import SigningOut
from ui.desktop.screens.work_forms import (
    change_risk,
    left_over_form,
    put_back,
    risk_form,
    stand_down,
    stand_down_form,
)
from ui.desktop.shortcuts import Screen
from ui.desktop.words import counted

_OF_PERSON = frozenset({"confirm", "wrong_person"})
"""Forms about the person on the record: filled for one, they say nothing of another."""
LEFT_OVER = "left_over"
"""The panel that shows what was half filled about something that is over."""


class FormActs:
    """One form is open at a time; ``rows`` gives it to the view."""

    def __init__(self, desk: Desk, screen: OnScreen, say: Says) -> None:
        self._desk = desk
        self._screen = screen
        self._say = say
        self._open = ""
        self._about: UUID | None = None
        self._person: Subject | None = None
        self._chosen = ""
        self._error = ""
        self._left: PanelWords | None = None
        self._out = SigningOut(desk, say)
        self.passing = PassingActs(desk, say)
        self.night = NightActs(desk, Screen.HANDLER, say, self._own_incident)
        self.known = KnownActs(desk, self._own_incident, screen.drop, say, screen.plan_about)

    def rows(self) -> tuple[FormRow, ...]:
        """Return the form that is open, filled with what is known."""
        if self._open == "sign_out":
            return self._out.forms()
        if self._open in TITLES:
            return self.night.forms()
        if self._open in KNOWN:
            shared = self.known.form()
            return (shared,) if shared is not None else ()
        try:
            made = self._left_form() if self._open == LEFT_OVER else self._made()
        except NightdeskError:
            # It ended while its form was open: there is nothing left to ask.
            made = None
        if made is None:
            return ()
        subject = self._subject()
        return (replace(made, subject=subject, kept=half_words(self._desk, made.key, subject)),)

    def left_over(self, words: PanelWords) -> None:
        """Let the panel :data:`LEFT_OVER` show ``words``."""
        self._left = words

    def _subject_of(self, key: str) -> str:
        shared = self.known.form() if key in KNOWN else None
        return shared.subject if shared is not None else self._subject()

    def _subject(self) -> str:
        """Return whom and what the form is about: of a person's form, ticks and words are about that person only."""
        contact = self._contact()
        person = contact.subject.person if contact and contact.subject else ""
        more = person if self._open in _OF_PERSON else self.passing.subject if self._open == "transfer" else ""
        return f"{self._about or ''} {more}".strip()

    def opened(self, key: str) -> None:
        """Take note of the form the user opened, and for which record: it is never sent for another."""
        self._open, self._error, self._about = key, "", self._screen.contact_id
        if self.night.opened(key):
            return
        if key in KNOWN:
            self.known.opened(key)
            return
        contact = self._contact()
        self._person = contact.subject if contact else None
        if key == "log_news":
            helps = self._helps()
            # Among several nothing is chosen before the worker chooses it.
            self._chosen = str(helps[0].id) if len(helps) == 1 else ""
        if key in ("risk_now", "stand_down"):
            self._incident()
        if key == "sign_out":
            self._out.opened()
        if key == "transfer":
            self.passing.opened()

    def sent(self, key: str, values: Mapping[str, str]) -> None:
        """Do what the form says; a sentence stays on the form where it could not be done."""
        if key == "sign_out":
            self._out.sent(values)
            return
        if self.night.sent(key, values):
            return
        doers: Mapping[str, Callable[[Mapping[str, str]], str]] = {
            "confirm": self._confirm,
            "new_person": self._new_person,
            "wrong_person": self._wrong_person,
            "transfer": self.passing.sent,
            "ask_help": self._ask_help,
            "log_news": lambda given: log_news(self._desk.helps, self._desk.follow_up, given),
            "risk_now": lambda given: change_risk(self._desk.incidents, self._incident(), given),
            "stand_down": self._stand_down,
            LEFT_OVER: self._discard_left_over,
            **{one: partial(self.known.sent, one) for one in KNOWN},
        }
        try:
            self._error = self._desk.half_filled.sent(key, self._subject_of(key), lambda: doers[key](values))
        except NightdeskError as refused:
            self._error = str(refused)
        self.known.refused(self._error)
        if not self._error:
            self._open = ""
            self._desk.window.close_panel()

    def _left_form(self) -> FormRow | None:
        return left_over_form(LEFT_OVER, self._left) if self._left is not None else None

    def _made(self) -> FormRow | None:
        contact = self._contact()
        subject = contact.subject if contact else None
        if self._open in _OF_PERSON and self._changed(subject):
            return other_person_form(self._open, self._person, subject)
        if self._open == "confirm":
            return confirm_form(subject, None, self._error)
        if self._open == "new_person":
            return new_person_form(self._error)
        if self._open == "wrong_person":
            return wrong_person_form(subject, self._error)
        if self._open == "transfer":
            return self.passing.form(self._error)
        if self._open == "ask_help":
            return ask_help_form(self._error, self._desk.directory.agencies())
        if self._open == "log_news":
            return self._log_news_form()
        if self._open == "risk_now":
            return risk_form(self._incident(), self._error)
        if self._open == "stand_down":
            return stand_down_form(self._incident(), self._error, self._helps())
        return None

    def _stand_down(self, given: Mapping[str, str]) -> str:
        refused = put_back(self._desk, "stand_down", self._subject_of("stand_down"), self._say)
        return stand_down(self._desk.incidents, self._incident(), given, refused)

    def _log_news_form(self) -> FormRow:
        helps = self._helps()
        return log_news_form(helps, self._chosen, self._error, to_tick(self._desk.follow_up, helps, self._chosen))

    def _helps(self) -> tuple[HelpRequest, ...]:
        """Return the requests around the record."""
        contact = self._contact()
        incident = self._desk.folds.incident_of(contact.id) if contact else None
        return self._desk.folds.helps_of(contact.id, incident.id if incident else None) if contact else ()

    def _changed(self, subject: Subject | None) -> bool:
        """Say whether another person stands on the record than when the form was opened."""
        return (subject.person if subject else None) != (self._person.person if self._person else None)

    def _incident(self) -> IncidentState:
        """Return the live incident of the record, which this worker is in; raises where there is none."""
        incident = self._desk.folds.incident_of(self._about) if self._about is not None else None
        if incident is None or not incident.live or incident.member(self._desk.who.worker) is None:
            raise NightdeskError("There is no incident of yours around this record. Nothing was changed.")
        return incident

    def _own_incident(self) -> IncidentState | None:
        """Return the live incident around the record on screen that this worker is in."""
        contact = self._screen.contact_id
        found = self._desk.folds.incident_of(contact) if contact is not None else None
        mine = found is not None and found.live and found.member(self._desk.who.worker) is not None
        return found if mine else None

    def _contact(self) -> ContactState | None:
        return self._desk.folds.contact(self._about) if self._about is not None else None

    def _contact_id(self) -> UUID:
        if self._about is None:
            raise NightdeskError("There is no record on screen. Answer a call or start a record first.")
        return self._about

    def _confirm(self, values: Mapping[str, str]) -> str:
        contact = self._contact()
        subject = contact.subject if contact else None
        if self._changed(subject):
            # Sent from what says so, it closes.
            return "" if "said" in values else other_person_words(self._person, subject)
        if contact is None or subject is None:
            return ""
        words = confirmed_by(values)
        if not words:
            return "Tick what the caller said without being told. Nothing is confirmed yet."
        e164 = self._screen.e164(self._about) if values.get("theirs") == "yes" else ""
        self._desk.people.confirm(contact.id, subject.person, words, e164)
        return ""

    def _new_person(self, values: Mapping[str, str]) -> str:
        contact = self._contact()
        authority = contact.value("authority") if contact else ""
        made = new_person(values, authority, self._screen.e164(self._about), local(self._desk.clock.now()).date())
        if isinstance(made, str):
            return made
        self._desk.people.create(self._contact_id(), made)
        return ""

    def _wrong_person(self, values: Mapping[str, str]) -> str:
        contact = self._contact()
        subject = contact.subject if contact else None
        if self._changed(subject):
            # Sent from what says so, it closes.
            return "" if "said" in values else other_person_words(self._person, subject)
        if contact is None or subject is None:
            return "Nobody is chosen on this record."
        if not values.get("reason", "").strip():
            return "Write how it came to light. Nothing was changed yet."
        told = self._desk.people.wrong(contact.id, subject.person, values["reason"].strip())
        self._say(f"Moved off {subject.name}. {counted(len(told), 'colleague', 'colleagues')} told.")
        return ""

    def _ask_help(self, values: Mapping[str, str]) -> str:
        contact = self._contact()
        if contact is None:
            return "There is no record on screen to ask for."
        incident = self._desk.folds.incident_of(contact.id)
        made = draft_from(
            values, incident=incident.id if incident else None, contact=contact.id, line=self._desk.line_of(contact),
            agency_of=self._desk.directory.agency,
        )  # fmt: skip
        if isinstance(made, str):
            return made
        self._desk.helps.draft(made)
        return ""

    def _discard_left_over(self, _values: Mapping[str, str]) -> str:
        if self._left is not None:
            self._desk.half_filled.forget(self._left.panel, self._left.subject)
            self._left = None
        return ""
