"""The coordinator at work: answers the view's acts, and draws the screen from the services."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.signal_set import Reach, Sender, SignalSpec
from console.domain.text import NightdeskError
from console.ports.switchboard import ActionAnswer
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.fact_forms import form_of_fact
from ui.desktop.screens.coordinator.on_screen import PairOnScreen
from ui.desktop.screens.coordinator.presenter import coordinator_rows
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.coordinator.taking import answer_signal, take
from ui.desktop.screens.directory import mark_number
from ui.desktop.screens.half_words import LINE, half_words, line_words
from ui.desktop.screens.help_forms import ask_help_form, draft_from, log_news, log_news_form, to_tick
from ui.desktop.screens.known_acts import FORMS as KNOWN
from ui.desktop.screens.known_acts import KnownActs
from ui.desktop.screens.night_acts import NightActs
from ui.desktop.screens.notice import Notice
from ui.desktop.screens.refresher import RecordNews, Refresher
from ui.desktop.screens.signing_out import SigningOut
from ui.desktop.screens.supervising import call_to_hear, listen
from ui.desktop.screens.work_forms import (
    change_risk,
    put_back,
    risk_form,
    stand_down,
    stand_down_form,
    state_fact,
)
from ui.desktop.shortcuts import Act, Screen, act_of

log = logging.getLogger(__name__)
_OF_INCIDENT = ("stand_down", "risk_now")
"""Forms about the incident as a whole."""
_NO_REQUEST = "No help has been asked for, so there is nobody to ring for it. Nothing was dialled."
_NO_PAIR = "You are in no pair now. Nothing was changed."


class CoordinatorDesk:
    """Implements ``CoordinatorActs``; give it a ``show`` and it draws."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._show: Callable[[CoordinatorRows], None] | None = None
        self.notice = Notice(desk)
        self._form: FormRow | None = None
        self._about: UUID | None = None
        self._to_tell: Mapping[str, tuple[UUID, ...]] = {}
        self._signals = {act_of(one): one for one in desk.pair.signals.by(Sender.COORDINATOR, Sender.ANY)}
        self._out = SigningOut(desk, self.say)
        self._known = KnownActs(
            desk, lambda: self.screen.incident(), lambda: self.screen.drop(), self.say, lambda: self.screen.plan_about()
        )
        self._refresher = Refresher(desk.alarm, self._draw)
        self.screen = PairOnScreen(desk, self._refresher.touch, self._failed)
        self._night = NightActs(desk, Screen.COORDINATOR, self.say, self.screen.incident)
        self._subscribed = (
            desk.ledger.subscribe(RecordNews(desk.ledger, self._refresher).changed),
            desk.calls.subscribe(lambda _: self._refresher.touch()),
            desk.board.watch(lambda _: None),
            desk.directory.watch(self._refresher.touch),
            desk.dialling.typed.watch(self._refresher.touch),
            desk.known.safety.watch(self._refresher.touch),
            desk.half_filled.subscribe(self._refresher.soon),
        )

    # --- what is shown ------------------------------------------------------------------------

    def show_on(self, show: Callable[[CoordinatorRows], None]) -> None:
        """Draw on this from now on, beginning at once."""
        self._show = show
        self.draw()

    def say(self, sentence: str, done: Callable[[], bool] | None = None) -> None:
        """Put a sentence on the notice; it goes by itself once ``done`` says that what it asks for was done."""
        self.notice.say(sentence, done)
        self._refresher.touch()

    def pause(self) -> None:
        """Nobody sees this screen now: draw nothing, and say of nothing that it was seen."""
        self._refresher.stop()
        self._desk.seen.show(())

    def resume(self) -> None:
        """Draw again, beginning at once."""
        self._refresher.resume()

    def stop(self) -> None:
        """Draw and hear no more."""
        self._refresher.stop()
        for end in self._subscribed:
            end()

    def draw(self) -> None:
        """Draw at once."""
        self._refresher.now()

    def _draw(self) -> None:
        if self._show is not None:
            form, desk = self._form, self._desk
            shared = self._known.form()
            own = (replace(form, kept=half_words(desk, form.key, form.subject)),) if form is not None else ()
            forms = (*own, *((shared,) if shared is not None else ()), *self._night.forms(), *self._out.forms())
            rows = coordinator_rows(self.screen.gather(forms, self.notice.text()), desk.clock.now())
            # Only what stood on the screen can have been told, whatever comes in while it is read out.
            self._to_tell = {str(row.key): row.untold for row in rows.requests}
            self._show(replace(rows, line_kept=line_words(desk, LINE, rows.incident)))

    # --- what is done -------------------------------------------------------------------------

    def do(self, act: Act) -> None:
        """Do an act that needs nothing said."""
        with self.notice.sending(act):
            self._try(partial(self._do, act))

    def _do(self, act: Act) -> None:
        if self._about_the_pair(act) or self._about_the_phone(act) or self._night.do(act):
            return
        if self._known.plan.do(act):
            return
        if act is Act.GO_TO_CALL:
            _go_to_call(self._desk, self.screen.incident())
        elif act is Act.UNFINISHED:
            self._desk.window.open_unfinished()
        elif act is Act.THEME:
            self._desk.window.change_theme()
        else:
            self.say("There is no pair now; take a call for a second worker first.")

    def _about_the_pair(self, act: Act) -> bool:
        desk, incident = self._desk, self.screen.incident()
        if incident is None:
            return False
        signal = self._signals.get(act)
        if signal is not None and _is_alone(self._desk, incident) and _needs_partner(signal):
            self.say("Nobody is with you in this incident. Nothing was sent.")
        elif signal is not None:
            desk.pair.signal(incident.id, signal.key)
        elif act is Act.SWAP:
            desk.pair.swap(incident.id, self.notice.later(self._outcome))
        elif act is Act.HAND_BACK:
            desk.pair.leave(incident.id, self.notice.later(self._outcome))
        elif act is Act.PRINT:
            desk.window.print_text("Relay card", self.screen.card(incident).text())
        elif act is Act.RELAY_FORM:
            desk.relaying.turn()
        elif act is Act.LISTEN:
            listen(desk, call_to_hear(desk, incident), self.say)
        else:
            return False
        return True

    def _about_the_phone(self, act: Act) -> bool:
        desk = self._desk
        if act is Act.READY:
            desk.shift.toggle_ready()
        elif act is Act.ANSWER:
            self._night.rings.answer(self._phone)
        elif act is Act.OFFER:
            desk.call_acts.offer_to_team(self._phone)
        elif act is Act.RING_BACK:
            if not self._known.ring_back(self._phone):
                self.say("The line has not dropped; there is nobody to ring back.")
        else:
            return False
        return True

    def row(self, of: str, key: str, act: str) -> None:
        """Do ``act`` on a row."""
        with self.notice.sending(act):
            self._try(partial(self._row, of, key, act))

    def _row(self, of: str, key: str, act: str) -> None:
        if of == "notice":
            self.say("")
        elif of == "facts" and self._known.row(key, act):
            return
        elif act == "send":
            self._desk.helps.send(UUID(key))
        elif act == "tell":
            told = self._desk.follow_up.passed(UUID(key), self._to_tell.get(key, ()))
            self.notice.confirm(f"Ticked as told: {'; '.join(one.words for one in told)}.")
        elif of in ("desk", "work", "requests") and act == "take":
            take(self._desk, self.screen, key, self.notice.later(self._outcome), self.say)
        elif of == "relay":
            self._read_out(key, act)
        elif of == "signals":
            answer_signal(self._desk, self.screen.incident(), UUID(key), act)
        elif act == "dial":
            self._desk.dialling.row(key, self._phone)
        elif act == "ring":
            self._ring_for(key)

    def _ring_for(self, request: str) -> None:
        """Ring whoever gives this help; where that is 999 the card to read out is about this request."""
        wanted = self._desk.folds.help(UUID(request)) if request else None
        if wanted is None:
            self.say(_NO_REQUEST)
            return
        self._desk.relaying.read_to(wanted)
        if request not in self.screen.by_handset((wanted,)):
            self._desk.dialling.request(wanted, self._phone)

    def _read_out(self, key: str, act: str) -> None:
        incident = self.screen.incident()
        if incident is not None:
            self.screen.relay.row(incident, key, act)

    def number_typed(self, typed: str) -> None:
        """Have it told of a number typed whether it is safe to ring."""
        self._desk.dialling.typed.type(typed)

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Write that an agency's number is right, or wrong."""
        self.say(mark_number(self._desk.directory, key, how, words))

    def message(self, text: str) -> bool:
        """Send one line to the partner."""
        incident = self.screen.incident()
        if incident is None:
            self.say("There is no pair now: the line was not sent. Its words are still in the box.")
            return False
        if _is_alone(self._desk, incident):
            self.say("Nobody is with you in this incident: the line was not sent. Its words are still in the box.")
            return False
        say = partial(self._desk.pair.say, incident.id, text)
        return self._try(lambda: self._desk.half_filled.sent_line(LINE, str(incident.id), say))

    def refused(self, sentence: str) -> None:
        """Say what the view refused."""
        self.say(sentence)

    def form_opened(self, key: str, subject: str) -> None:
        """Make the form that the user opened; it is about the pair of now, whatever pair comes next."""
        incident = self.screen.incident()
        self._about = incident.id if incident else None
        if self._night.opened(key, subject):
            self._refresher.now()
            return
        if key == "ask_help":
            self._form = ask_help_form(agencies=self._desk.directory.agencies())
        elif key == "log_news":
            requests = _requests(self._desk, incident)
            untold = to_tick(self._desk.follow_up, requests, subject)
            self._form = log_news_form(requests, subject, untold=untold)
        elif key == "fact":
            self._form = form_of_fact(subject, incident)
        elif key in _OF_INCIDENT:
            self._form = _of_incident(self._desk, key, incident) if incident else None
            if incident is None:
                self.say(_NO_PAIR)
        elif key in KNOWN:
            self._known.opened(key, subject)
        elif key == "sign_out":
            self._out.opened()
        if self._form is not None and self._form.key == key:
            self._form = replace(self._form, subject=f"{self._about or ''} {subject}".strip())
        # At once: the panel that opens must never show what was asked before.
        self._refresher.now()

    def field_changed(self, record: str, field: str, value: str, over: str | None = None) -> None:
        """Take a field of the fact sheet as it was typed."""
        self._try(partial(self._known.field, record, field, value, over))

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Take a filled form."""
        with self.notice.sending(key):
            self._try(partial(self._form_sent, key, values))

    def _form_sent(self, key: str, values: Mapping[str, str]) -> None:
        if key == "sign_out":
            self._out.sent(values)
            return
        if self._night.sent(key, values):
            self._refresher.touch()
            return
        form, filled = (self._known.form(), self._known.sent) if key in KNOWN else (self._form, self._filled)
        subject = form.subject if form is not None else ""
        error = self._desk.half_filled.sent(key, subject, lambda: filled(key, values))
        if error:
            self.say(error)
            return
        if key in KNOWN:
            self._known.closed()
        else:
            self._form = None
        self._desk.window.close_panel()
        self._refresher.touch()

    def _filled(self, key: str, values: Mapping[str, str]) -> str:
        desk = self._desk
        incident = desk.folds.incident(self._about) if self._about is not None else None
        contact = desk.folds.contact(incident.contact) if incident and incident.contact else None
        if key == "log_news":
            return log_news(desk.helps, desk.follow_up, values)
        if key == "fact":
            return state_fact(desk.incidents, incident, values) if incident else _NO_PAIR
        if key in _OF_INCIDENT:
            refused = put_back(desk, key, self._form.subject if self._form is not None else "", self.say)
            return _done(desk, key, incident, values, refused) if incident else _NO_PAIR
        drafted = draft_from(
            values,
            incident=incident.id if incident else None,
            contact=contact.id if contact else None,
            line=desk.line_of(contact),
            agency_of=desk.directory.agency,
        )
        if isinstance(drafted, str):
            return drafted
        desk.helps.draft(drafted)
        return ""

    def _try(self, act: Callable[[], object]) -> bool:
        """Do ``act``, or say why not; say whether it was done."""
        self._refresher.touch()
        try:
            act()
        except NightdeskError as refused:
            self.say(str(refused))
            return False
        return True

    def _outcome(self, outcome: Outcome) -> None:
        if not outcome.won:
            self.say(outcome.sentence)
        self._refresher.touch()

    def _phone(self, answer: ActionAnswer) -> None:
        if answer.sentence:
            self.say(answer.sentence)

    def _failed(self, problem: Exception) -> None:
        if isinstance(problem, NightdeskError):
            self.say(str(problem))
        else:
            log.error("a look-up failed: %s", type(problem).__name__)


def _of_incident(desk: Desk, key: str, incident: IncidentState) -> FormRow:
    stands_down = key == "stand_down"
    return stand_down_form(incident, helps=_requests(desk, incident)) if stands_down else risk_form(incident)


def _done(
    desk: Desk, key: str, incident: IncidentState, values: Mapping[str, str], refused: Callable[[str], None]
) -> str:
    """Do what a form about the incident as a whole says."""
    if key == "risk_now":
        return change_risk(desk.incidents, incident, values)
    return stand_down(desk.incidents, incident, values, refused)


def _go_to_call(desk: Desk, incident: IncidentState | None) -> None:
    """Show the handler's screen; with the record of this incident on it where it is one's own."""
    contact = desk.folds.contact(incident.contact) if incident and incident.contact else None
    if contact is not None and contact.owner == desk.who.worker:
        desk.window.open_record(contact.id)
    else:
        desk.window.go_to("handler")


def _needs_partner(signal: SignalSpec) -> bool:
    """Say whether only a partner can act on it: what is gone or dangerous is told to the room all the same."""
    return signal.to is Reach.PARTNER and signal.by is Sender.COORDINATOR


def _is_alone(desk: Desk, incident: IncidentState) -> bool:
    """Say whether nobody else is there, as far as that can be read."""
    return not incident.guessed and all(member.worker == desk.who.worker for member in incident.present)


def _requests(desk: Desk, incident: IncidentState | None) -> tuple[HelpRequest, ...]:
    """Return the requests of the incident; without one, all that are open."""
    if incident is None:
        return desk.helps.open()
    return desk.folds.helps_of(incident.id, *incident.contacts)
