"""The acts of the night's capacity on every screen: call out, take five, hand over, act on a live call, hold the queue.

One of these stands behind each screen; what it asks in words are forms that the screen shows with its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.capacity import Assigning
from console.domain.incidents import IncidentRole, IncidentState
from console.domain.record import MANAGERS
from console.domain.recovery import ReliefAnswer
from console.domain.text import NightdeskError
from console.services.seat_acts import LiveWork
from console.services.supervising import NOT_ALLOWED
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.calling_out import CallingOut
from ui.desktop.screens.half_words import half_words
from ui.desktop.screens.night_forms import (
    ASSIGN,
    CALLED_OUT,
    HAND_OVER,
    LIVE_CALL,
    MISSED,
    SUPERVISE,
    TAKE_CALL,
    TAKE_FIVE,
    TITLES,
    WATCH,
    called_out_form,
    hand_over_form,
    live_call_form,
    take_five_form,
)
from ui.desktop.screens.notice import Says
from ui.desktop.screens.ring_acts import RINGS, RingActs
from ui.desktop.screens.supervising import (
    CHOOSE_A_CALL,
    NO_CALL,
    call_of_row,
    call_to_hear,
    hear,
    keeping_from_view,
    listen,
    manners,
    read_manner,
    supervise_form,
)
from ui.desktop.shortcuts import Act, Screen, key_of
from ui.desktop.widgets.faces import Choice

_NO_INCIDENT = "There is no incident of yours to hand over. Nothing was changed."
_GONE = "This call is over, or its record is not on this computer yet. Nothing was changed."


class NightActs:
    """``say`` puts a sentence on the screen's notice; ``incident`` gives the one that is on the screen."""

    def __init__(self, desk: Desk, screen: Screen, say: Says, incident: Callable[[], IncidentState | None]) -> None:
        self._desk = desk
        self._night = desk.night
        self._screen = screen
        self._say = say
        self._incident = incident
        self._open = self._subject = self._error = ""
        self._about: UUID | None = None
        self.calling = CallingOut(desk, say, partial(self._show, CALLED_OUT))
        self.rings = RingActs(desk, say, self._show)

    def do(self, act: Act) -> bool:
        """Do ``act`` if it is about the night's capacity; say whether it was."""
        doers: Mapping[Act, Callable[[], None]] = {
            Act.CALL_OUT: self.calling.press,
            Act.TAKE_FIVE: self._take_five,
            Act.HAND_OVER: partial(self._show, HAND_OVER),
            Act.HOLD_QUEUE: self._turn_queue,
            Act.MISSED: self.rings.missed,
            Act.SUPERVISE: self._supervise_form,
        }
        if act not in doers:
            return False
        doers[act]()
        return True

    def _show(self, key: str, subject: str = "") -> None:
        self._desk.window.open_panel(self._screen.value, key, TITLES[key], subject)

    # --- the forms ----------------------------------------------------------------------------

    def opened(self, key: str, subject: str = "") -> bool:
        """Take note of the form the user opened; False where it is none of these."""
        if key not in TITLES:
            self._open = ""
            return False
        incident = self._incident()
        self._open, self._error = key, ""
        self._about = incident.id if incident is not None else None
        self._subject = self._subject_of(key, subject)
        if key == HAND_OVER and self._about is None:
            self._say(_NO_INCIDENT)
        return True

    def _subject_of(self, key: str, subject: str) -> str:
        """Return what the form is about, where not every screen says it: what is half written stays with that."""
        if key == HAND_OVER:
            return str(self._about or "")
        return self.rings.taking if key == TAKE_CALL else subject

    def forms(self) -> tuple[FormRow, ...]:
        """Return the form that is open, filled with what is known."""
        made = self._made()
        if made is None:
            return ()
        return (replace(made, subject=self._subject, kept=half_words(self._desk, made.key, self._subject)),)

    def _made(self) -> FormRow | None:
        night, now = self._night, self._desk.clock.now()
        if self._open == CALLED_OUT:
            rung = night.call_outs.unanswered()
            return called_out_form(rung, self._error) if rung is not None else None
        if self._open == TAKE_FIVE:
            return take_five_form(night.rules, night.recovery.offer() is not None, self._error)
        if self._open in RINGS:
            return self.rings.form(self._open, self._error)
        if self._open == HAND_OVER:
            state = self._desk.folds.incident(self._about) if self._about is not None else None
            manager = self._desk.who.role in MANAGERS
            return hand_over_form(state, self._desk.who.worker, manager=manager, error=self._error) if state else None
        if self._open == SUPERVISE:
            return supervise_form(self._desk, self._error)
        if self._open == LIVE_CALL:
            board = self._desk.board.now()
            at_once = night.rules.assigning is Assigning.AT_ONCE
            work = self._work(self._subject)
            return live_call_form(
                self._subject, TITLES[LIVE_CALL], work, board.night.can_come(now), now, at_once=at_once,
                error=self._error, manners=self._manners(), more=keeping_from_view(self._desk),
            )  # fmt: skip
        return None

    def sent(self, key: str, values: Mapping[str, str]) -> bool:
        """Take a filled form; False where it is none of these.  It closes only when it was taken."""
        doers: Mapping[str, Callable[[Mapping[str, str]], str]] = {
            CALLED_OUT: self.calling.said,
            TAKE_FIVE: self._rest,
            HAND_OVER: self._hand_over,
            LIVE_CALL: self._act_on,
            MISSED: self.rings.review,
            TAKE_CALL: self.rings.take,
            SUPERVISE: self._supervise,
        }
        if key not in doers:
            return False
        try:
            self._error = self._desk.half_filled.sent(key, self._subject, partial(doers[key], values))
        except NightdeskError as refused:
            self._error = str(refused)
        if not self._error:
            self._open = ""
            self._desk.window.close_panel()
        return True

    # --- recovery -----------------------------------------------------------------------------

    def _take_five(self) -> None:
        recovery, me = self._night.recovery, self._desk.shift.me()
        if me is None or not recovery.resting():
            self._show(TAKE_FIVE)
            return
        recovery.can_come(not me.can_come)
        self._say("" if me.can_come else "You can be asked now, and stay in recovery until you join.")

    def _rest(self, values: Mapping[str, str]) -> str:
        what, recovery = values.get("what", ""), self._night.recovery
        if what == ReliefAnswer.DECLINED:
            recovery.decline()
        elif what == ReliefAnswer.DEBRIEF_ONLY:
            recovery.only_debrief()
        elif what:
            minutes = int(values.get("minutes") or 0) or None
            recovery.take(debrief=what == ReliefAnswer.TAKEN_WITH_DEBRIEF, minutes=minutes)
        else:
            return "Choose what you would like. Nothing was changed yet."
        self._say("")
        return ""

    # --- seats --------------------------------------------------------------------------------

    def _hand_over(self, values: Mapping[str, str]) -> str:
        if self._about is None:
            return _NO_INCIDENT
        if not values.get("seat") or not values.get("to"):
            return "Choose the seat, and who takes it. Nothing was changed yet."
        self._night.seats.hand_over(self._about, IncidentRole(values["seat"]), values["to"], self._outcome)
        return ""

    def _work(self, subject: str) -> LiveWork:
        """Return the live call or incident of a row, by the cards that every role may list."""
        wanted = subject.rpartition(" ")[2]
        found = [card for card in self._desk.board.work() if wanted in (str(card.id), str(card.call))]
        incident = next((card for card in found if card.kind == "incident"), None)
        return LiveWork(incident, next((card for card in found if card.kind == "contact"), None))

    def act_on(self, key: str) -> None:
        """Open what can be done about the live call of a row."""
        self._show(LIVE_CALL, key)

    def _act_on(self, values: Mapping[str, str]) -> str:
        if read_manner(values) is not None:
            return hear(self._desk, call_of_row(self._desk, self._subject), values, self._say)
        work, what = self._work(self._subject), values.get("what", "")
        if work.incident is None and work.contact is None:
            return _GONE
        if what == WATCH and work.incident is not None:
            self._desk.pair.observe(work.incident.id, IncidentRole.MANAGER)
            self._desk.window.close_panel()
            self._desk.window.go_to(Screen.COORDINATOR.value)
        elif what == ASSIGN:
            load = self._desk.board.now().night.load(values.get("who", ""))
            if load is None:
                return "Choose whom to name. Nothing was changed yet."
            self._night.seats.assign(work, load, self._outcome)
            if self._night.rules.assigning is Assigning.ASK:
                self._say(f"{load.worker.name} is asked to come as second worker.")
        elif what in (IncidentRole.LEAD, IncidentRole.COORDINATOR):
            self._night.seats.take_over(work, IncidentRole(what), self._taken_over)
        else:
            return "Choose what to do. Nothing was changed yet."
        return ""

    def _manners(self) -> tuple[Choice, ...]:
        return manners(self._desk) if call_of_row(self._desk, self._subject) is not None else ()

    def _supervise_form(self) -> None:
        if not self._desk.supervising.may():
            self._say(NOT_ALLOWED)
        elif call_to_hear(self._desk, self._incident()) is None:
            self._say(NO_CALL)
        else:
            self._show(SUPERVISE)

    def _supervise(self, values: Mapping[str, str]) -> str:
        return hear(self._desk, self._heard(), values, self._say)

    def _heard(self) -> tuple[UUID, str] | None:
        """Return the call that the panel is about: of a row of the board, else of the incident on the screen."""
        if self._subject:
            return call_of_row(self._desk, self._subject)
        return call_to_hear(self._desk, self._incident())

    def hear_row(self, key: str, *, at_once: bool) -> None:
        """Listen to the live call of a row, or ask how it should be heard; raises ``NightdeskError``."""
        if not self._desk.supervising.may():
            self._say(NOT_ALLOWED)
        elif not key:
            self._say(CHOOSE_A_CALL.format(key=key_of(Act.PANE_2)))
        elif at_once or call_of_row(self._desk, key) is None or not manners(self._desk):
            listen(self._desk, call_of_row(self._desk, key), self._say)
        else:
            self._show(SUPERVISE, key)

    def _taken_over(self, outcome: Outcome) -> None:
        self._outcome(outcome)
        if outcome.won:
            self._desk.window.go_to(Screen.COORDINATOR.value)

    def _outcome(self, outcome: Outcome) -> None:
        if not outcome.won:
            self._say(outcome.sentence)

    # --- the queue ----------------------------------------------------------------------------

    def _turn_queue(self) -> None:
        self._night.queue.turn(self._queue_turned)

    def _queue_turned(self, outcome: Outcome) -> None:
        if not outcome.won:
            self._say(outcome.sentence)
        elif self._night.queue.now().held:
            self._say("The queue is held: no telephone of the team rings for it. The same key lets it go.")
        else:
            self._say("")
