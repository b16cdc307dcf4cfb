"""The handler at work: answers the view's acts, and draws the screen from the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from console.domain.board import BoardState
from console.domain.record import StreamKind, StreamRef
from console.domain.signal_set import Sender, Shown
from console.domain.text import NightdeskError
from console.domain.words import clock_words
from console.ports.switchboard import ActionAnswer
from console.services.drafts import NOTE
from console.services.ledger import ChangeSet
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.screens.half_words import MESSAGE
from ui.desktop.screens.handler.aim import Aim
from ui.desktop.screens.handler.form_acts import FormActs
from ui.desktop.screens.handler.held_acts import HeldActs
from ui.desktop.screens.handler.on_screen import OnScreen
from ui.desktop.screens.handler.passing_forms import KEY as TRANSFER
from ui.desktop.screens.handler.people_acts import PeopleActs
from ui.desktop.screens.handler.presenter import handler_rows
from ui.desktop.screens.handler.record_acts import RecordActs
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.waiting import Waiting
from ui.desktop.screens.known_forms import CHOSEN, FACT
from ui.desktop.screens.notice import Notice
from ui.desktop.screens.refresher import RecordNews, Refresher
from ui.desktop.screens.ringing_back import RingingOff
from ui.desktop.shortcuts import Act, act_of

_NO_RECORD = "There is no call and no record on screen yet. Answer a call, or start a record with Ctrl+Shift+N."
_NOT_FOR_YOU = (
    "A call for a second worker waits, and not for you now: you have a caller or a seat, or you are not ready (F12)."
)
_LET_GO = frozenset({Act.ANSWER, Act.END, Act.GIVE_OVER, Act.ALL_THREE})
"""Acts after which another call, or none, stands on the call bar."""
_IN_A_MOMENT = frozenset({StreamKind.CALL})
"""What the record says of calls: the telephones say it first, and a ring brings a dozen entries of it, each kept,
sent and shared while the names of who rings should be drawn."""


class HandlerDesk(PeopleActs):
    """Implements ``HandlerActs``.  No act blocks; what came of it arrives as new rows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.notice = Notice(desk)
        self._show: Callable[[HandlerRows], None] | None = None
        self._refresher = Refresher(desk.alarm, self._draw)
        self.screen = OnScreen(desk, self._refresher.touch, self.say)
        self._forms = FormActs(desk, self.screen, self.say)
        self._record = RecordActs(desk, self.screen, self.say)
        self._waiting = Waiting(desk, self.screen, self._forms, self.say)
        self._aim = Aim()
        self._parked: UUID | None = None
        """The caller in the slot, where that is one who is parked."""
        self._held = HeldActs(desk)
        self._ringing = RingingOff(desk, self.say, self._phone)
        mine = desk.pair.signals.by(Sender.LEAD, Sender.ANY)
        self._signals = {act_of(one): one.key for one in mine if one.shown is not Shown.CALL_BAR}
        self._news = RecordNews(desk.ledger, self._refresher, _IN_A_MOMENT)
        self._ends = (
            desk.ledger.subscribe(self._record_changed),
            desk.calls.subscribe(lambda _: self._refresher.touch()),
            desk.notes.subscribe(lambda _: self._refresher.soon()),
            desk.half_filled.subscribe(self._refresher.soon),
            desk.board.watch(self._board_made),
            desk.directory.watch(self._refresher.touch),
            desk.dialling.typed.watch(self._refresher.touch),
            desk.known.safety.watch(self._refresher.touch),
        )

    # --- drawing ------------------------------------------------------------------------------

    def show_on(self, show: Callable[[HandlerRows], None]) -> None:
        """Draw on this from now on, beginning at once."""
        self._show = show
        self.draw()

    def say(self, sentence: str, done: Callable[[], bool] | None = None) -> None:
        """Put a sentence on the notice; it goes by itself once ``done`` says that what it asks for was done."""
        self.notice.say(sentence, done)
        self._refresher.touch()

    def draw(self) -> None:
        """Draw at once."""
        self._refresher.now()

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
        for end in self._ends:
            end()

    def _draw(self) -> None:
        if self._show is not None:
            self.screen.follow()
            given = self.screen.gather(self._forms.rows(), self.notice.text())
            current, parked = given.calls.current or given.calls.calling, given.calls.parked
            self._parked = parked[0].call.id if parked else None
            self._aim.drawn(current.call.id if current is not None else None, given.now)
            self._held.drawn(given.calls, given.own_line, given.now)
            self._show(handler_rows(given))

    def _record_changed(self, changes: ChangeSet) -> None:
        self.screen.count_anew()
        self._news.changed(changes)

    def _board_made(self, board: BoardState) -> None:
        self.screen.board = board

    # --- acts ---------------------------------------------------------------------------------

    def do(self, act: Act) -> None:
        """Do an act that needs nothing said."""
        with self.notice.sending(act):
            self._try(partial(self._do, act))

    def _do(self, act: Act) -> None:
        if act in self._signals:
            self._desk.pair.signal(self._about(), self._signals[act])
        elif not (self._about_the_phone(act) or self._about_the_pair(act) or self._about_the_work(act)):
            window = {Act.THEME: self._desk.window.change_theme, Act.GO_TO_CALL: self._desk.window.leave_call}
            window.get(act, partial(self.say, "That key does nothing on this screen."))()

    def _about_the_work(self, act: Act) -> bool:
        return self._record.do(act) or self._forms.known.plan.do(act) or self._forms.night.do(act)

    def _about_the_phone(self, act: Act) -> bool:
        desk, call = self._desk, self._aim.call(self._desk.clock.now())
        simple: Mapping[Act, Callable[[], object]] = {
            Act.ANSWER: self._answer,
            Act.HOLD: lambda: desk.call_acts.hold_or_resume(self._phone, call),
            Act.END: partial(self._end, call),
            Act.OFFER: lambda: desk.call_acts.offer_to_team(self._phone),
            Act.READY: desk.shift.toggle_ready,
            Act.RING_BACK: self._ring_back,
        }
        if act not in simple:
            done = self._forms.passing.do(act, call, self._parked)
        else:
            simple[act]()
            done = True
        if act in _LET_GO:
            self._aim.let_go()
        return done

    def _answer(self) -> None:
        """Answer; with the telephones away, begin the record by hand instead."""
        if self._desk.calls.phones.away:
            self._record.begin_by_hand()
            self.say("The telephones are away: answer on the handset. The record has begun; write the number in it.")
            return
        if not self._held.take_back(self._phone):
            self._forms.night.rings.answer(self._phone)

    def _end(self, call: UUID | None) -> None:
        """End the call; with none to end, say of one that is over that we ended it, where nobody else can say it."""
        state = self._desk.calls.state()
        to_end = call is not None or (state.current or state.calling) is not None
        if to_end or not self._forms.known.end_was_ours():
            self._desk.call_acts.end(self._phone, call)

    def _ring_back(self) -> None:
        if not self._forms.known.ring_back(self._phone):
            contact = self.screen.contact()
            incident = self._desk.folds.incident_of(contact.id) if contact is not None else None
            self._ringing.ring(contact, incident, self.screen.chosen())

    def _about_the_pair(self, act: Act) -> bool:
        if act is Act.NEED_SECOND:
            self._desk.pair.need_second(self._contact())
        elif act is Act.SWAP:
            self._desk.pair.swap(self._about(), self.notice.later(self._outcome))
        elif act is Act.TAKE:
            self._join()
        else:
            return False
        return True

    def _join(self) -> None:
        if self._same_incident():
            return
        desk = self._desk
        waiting = desk.night.seats.summons_for_me()
        if not waiting:
            others = any(one.asked_by != desk.who.worker for one in desk.pair.waiting_summons())
            self.say(_NOT_FOR_YOU if others else "Nobody asks for a second worker now.")
            return
        self._desk.pair.accept(waiting[0], self.notice.later(self._joined))

    def _same_incident(self) -> bool:
        """Take the call on the call bar into the incident whose line dropped; say whether it comes from one."""
        own, drops = self.screen.own_line(self._desk.calls.state()), self._desk.known.drops
        incident = drops.offered(own.call) if own is not None else None
        if own is None or incident is None:
            return False
        contact = drops.join(incident, own.call)
        if contact is not None and self._desk.calls.state().current is not None:
            self.screen.show(contact)
        self.say("This call belongs to the incident whose line dropped; its record goes on here.")
        return True

    def _joined(self, outcome: Outcome) -> None:
        self._outcome(outcome)
        if outcome.won:
            self._desk.window.go_to("coordinator")

    def send_request(self, key: str) -> None:
        """Say that a drafted request has been asked for; why it was not stands in the notice."""
        with self.notice.sending("send"):
            self._try(lambda: self._desk.helps.send(UUID(key)))

    # --- the note and the record --------------------------------------------------------------

    def new_line_id(self) -> UUID:
        """Return the id for a line just begun."""
        return self._desk.notes.new_line()

    def note_changed(self, record: str, line_id: UUID, text: str) -> None:
        """Take the whole text of a line after a key."""
        contact = UUID(record)
        self.screen.typed(contact, line_id, text)
        self._try(lambda: self._desk.notes.typed(StreamRef(StreamKind.CONTACT, contact), line_id, text), draw=False)

    def note_wants_record(self, text: str) -> None:
        """Begin a record for what is typed with none on screen; the call that rings here brings its own."""
        self._try(partial(self._record.begin_for_the_note, text))

    def note_has_record(self) -> None:
        """Keep the lines that went into a record, and forget that they had none, in one act."""
        self._desk.half_filled.sent_line(NOTE, "", self._desk.notes.flush_all)

    def note_line_ended(self, line_id: UUID) -> None:
        """Send what a line holds."""
        self._desk.notes.line_ended(line_id)

    def field_changed(self, record: str, field: str, value: str, over: str | None = None) -> None:
        """Take a new value of one field, typed over the entries ``over`` (those shown now, where None)."""
        if field.startswith((FACT, CHOSEN)):
            self._try(partial(self._forms.known.field, record, field, value, over))
            return
        self._try(partial(self._record.field, UUID(record), field, value, over))

    def prompt_toggled(self, record: str, key: str, on: bool) -> None:
        """Take that a prompt was asked, or was not after all."""
        self._try(lambda: self._desk.contacts.ask(UUID(record), key, on))

    def message(self, text: str) -> bool:
        """Send one line to the partner."""
        record, pair = str(self.screen.contact_id or ""), self._desk.pair
        return self._try(
            lambda: self._desk.half_filled.sent_line(MESSAGE, record, lambda: pair.say(self._about(), text))
        )

    # --- forms --------------------------------------------------------------------------------

    def form_opened(self, key: str) -> None:
        """Make the form that the user opened."""
        self._try(partial(self._forms.opened, key))
        # At once: the panel that opens must never show what was asked before.
        self._refresher.now()

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Take a filled form; it closes only when it was taken."""
        if key == TRANSFER:
            self._aim.let_go()
        with self.notice.sending(key):
            self._try(lambda: self._forms.sent(key, values))

    def open_unfinished(self, key: str) -> None:
        """Open what waits behind a row: a record, a half-filled panel, what was not shared."""
        self._waiting.open(key)
        self._refresher.touch()

    def refused(self, sentence: str) -> None:
        """Say what the view refused."""
        self.say(sentence)

    def notice_read(self) -> None:
        """Take the notice away."""
        self.say("")

    def clock_text(self) -> str:
        """Return the time now as it is put into a note."""
        return clock_words(self._desk.clock.now())

    # --- inside -------------------------------------------------------------------------------

    def _contact(self) -> UUID:
        contact = self.screen.contact_id
        if contact is None:
            raise NightdeskError(_NO_RECORD)
        return contact

    def _about(self) -> UUID:
        about = self.screen.about()
        if about is None:
            raise NightdeskError(_NO_RECORD)
        return about

    def _try(self, act: Callable[[], object], *, draw: bool = True) -> bool:
        """Do ``act``, or say why not; say whether it was done."""
        if self.screen.contact_id is None:
            self.screen.follow()
        done = True
        try:
            act()
        except NightdeskError as refused:
            self.say(str(refused), self._has_record if str(refused) == _NO_RECORD else None)
            done = False
        if draw:
            self._refresher.touch()
        return done

    def _has_record(self) -> bool:
        return self.screen.contact_id is not None or self.screen.about() is not None

    def _outcome(self, outcome: Outcome) -> None:
        if not outcome.won:
            self.say(outcome.sentence)
        self._refresher.touch()

    def _phone(self, answer: ActionAnswer) -> None:
        if answer.sentence:
            self.say(answer.sentence)
