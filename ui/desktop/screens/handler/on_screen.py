"""What is on the handler's screen: which record, which person, and everything folded from them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from console.domain.board import BoardState
from console.domain.calls import Call, engaged
from console.domain.contacts import ContactState
from console.domain.derived import form_values
from console.domain.people import Candidates, PersonRecord
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.rights import kind_right
from console.domain.signals import SignalsState
from console.domain.text import NightdeskError
from console.domain.work_cards import WorkCard
from console.ports.journal import StrandedJournal
from console.ports.store import Card
from console.ports.switchboard import Act as PhoneAct
from console.services.call_looks import Looked
from console.services.call_slots import CallSlot, DeskState, rings_here
from console.services.link_state import Progress
from console.services.opened_record import OpenedRecord, Reading
from console.services.people_search import PeopleSearch
from console.services.strays import sentence_of
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.directory import DirectoryPresenter
from ui.desktop.screens.half_words import MESSAGE, half_words, line_words
from ui.desktop.screens.handler.inputs import BY_BUTTON, HandlerInputs
from ui.desktop.screens.handler.past_cards import with_contacts
from ui.desktop.screens.known_rows import DropNow
from ui.desktop.screens.plan_acts import PlanAbout, plan_on_screen, planned_among, read_plan
from ui.desktop.screens.ringing_back import Chosen, drop_now, number_rung_back

log = logging.getLogger(__name__)
STRAY = "stray "


class OnScreen:
    """Chooses the record shown and gathers what it is drawn from.

    The record on screen changes by the worker's own act alone: answering, resuming, opening,
    finishing.  A call that rings, or a colleague's entry, never changes it (screens.md 2.3).
    """

    def __init__(self, desk: Desk, changed: Callable[[], None], say: Callable[[str], None]) -> None:
        self._desk = desk
        self._changed = changed
        self._say = say
        self._contact: UUID | None = None
        self._last_current: UUID | None = None
        self._cleared_for: UUID | None = None
        self._person = OpenedRecord(desk.access, desk.ledger, desk.clock, self._opened, self._not_opened)
        self._relative = OpenedRecord(
            desk.access, desk.ledger, desk.clock, partial(read_plan, desk, changed), self._not_opened
        )
        self._relative_id: UUID | None = None
        self._before: tuple[Card, ...] = ()
        self._looked: dict[UUID, Looked] = {}
        self._drawn = Looked()
        self._typed: dict[UUID, tuple[str, datetime]] = {}
        self._strays: tuple[StrandedJournal, ...] = ()
        self.search = PeopleSearch(desk.access, desk.clock, desk.alarm, lambda _: changed())
        self._lacking: dict[UUID, int] = {}
        self.board: BoardState | None = None
        self._directory = DirectoryPresenter(desk.cover.name)
        self.asked_to_finish = False
        desk.strays.look(self._found_strays)

    # --- which record -------------------------------------------------------------------------

    @property
    def contact_id(self) -> UUID | None:
        """Return the record on screen: the one drawn last."""
        return self._contact

    def follow(self) -> None:
        """Put the record of the worker's own call on screen, if that call is another one than before.

        Only at a drawing, or where nothing is on screen: what is written and pressed is about the
        record that the worker sees.
        """
        state = self._desk.calls.state()
        own = state.current or state.calling
        now = own.contact if own is not None else None
        self._set_aside(state.calling)
        if now is not None and now != self._last_current:
            self.show(now)
        self._last_current = now

    def _set_aside(self, calling: CallSlot | None) -> None:
        """Clear the screen for the record that a call out brings when it is answered: no note goes into another."""
        call = calling.call if calling is not None and self._desk.known.calls_out.begins_record(calling.call) else None
        if call is not None and call.id != self._cleared_for:
            self.show(None)
            self._cleared_for = call.id

    def show(self, contact: UUID | None) -> None:
        """Put a record on the screen, or none."""
        if contact == self._contact:
            return
        if self._contact is not None:
            self.search.close()
        self._contact = contact
        self._person.follow(None)
        self.open_relative(None)
        self._typed.clear()
        self.asked_to_finish = False
        desk = self._desk
        if contact is None:
            desk.recorder.live(frozenset())
            return
        streams = self._streams(contact)
        desk.recorder.live(streams)
        desk.backfill.want(StreamRef(StreamKind.CONTACT, contact))

    def contact(self) -> ContactState | None:
        """Return the record on screen."""
        shown = self.contact_id
        return self._desk.folds.contact(shown) if shown is not None else None

    def about(self) -> UUID | None:
        """Return what signals and lines are about: the live incident, else the contact."""
        contact = self.contact_id
        if contact is None:
            return None
        incident = self._desk.folds.incident_of(contact)
        return incident.id if incident is not None and incident.live else contact

    def e164(self, contact: UUID | None) -> str:
        """Return the number of a record's call while this worker has it, empty where it has none or it is withheld."""
        own = (one.call for one in _own_slots(self._desk) if contact and one.contact == contact)
        return next((call.caller.e164 for call in own), "")

    def _looked_up(self, own: CallSlot | None) -> Looked:
        """Return what is known of who rings, or rang in the call of the record on screen."""
        shown = self._contact
        if own is not None and own.rung and shown in self._looked:
            # Whomever the worker rings, it is about the record on screen: who it may be stays where it stands.
            return self._looked[shown]
        if own is not None and (own.contact is None or own.contact == shown):
            if own.contact is not None:
                self._looked[own.contact] = own.looked
            return own.looked
        return self._looked.get(shown, Looked()) if shown is not None else Looked()

    @property
    def drawn(self) -> Candidates | None:
        """Return who it may be as it was drawn last, in that order."""
        return self._drawn.candidates

    def rings_anew(self) -> bool:
        """Say whether the call bar shows a call that is not answered, whatever record is still on screen."""
        calls = self._desk.calls.state()
        return calls.current is None and calls.calling is None and self.own_line(calls) is not None

    def own_line(self, calls: DeskState) -> CallSlot | None:
        """Return the call of the call bar: current, else a call out, else of those that ring here the one F9 takes."""
        return calls.current or calls.calling or rings_here(calls, self._desk.who.worker)

    # --- what is typed ------------------------------------------------------------------------

    def typed(self, contact: UUID, line: UUID, text: str) -> None:
        """Remember the newest text of an own line of the record on screen until an entry carries it."""
        if contact != self._contact:
            return
        begun = self._typed.get(line, ("", self._desk.clock.now()))[1]
        self._typed[line] = (text, begun)

    # --- the person ---------------------------------------------------------------------------

    def _follow_person(self, contact: ContactState) -> None:
        """Open the chosen person's record by ticket; nothing else opens one."""
        subject = contact.subject
        call = _call_of(self._desk, contact)
        own = call is not None and call.live
        reason = "" if own else "record on screen"
        self._person.follow(subject.person if subject else None, reason, contact.calls[-1] if own else None)

    def open_relative(self, person: UUID | None) -> None:
        """Open the record of somebody tied to the person on screen by a ticket of its own; None lets it go."""
        self._relative_id = person
        self._follow_relative()

    def _follow_relative(self) -> None:
        self._relative.follow(self._relative_id, "relative of the person on screen")

    def plan_about(self) -> PlanAbout:
        """Return whose plan this screen is about."""
        return PlanAbout(self.contact(), self._person.record)

    def _opened(self, record: PersonRecord) -> None:
        self._before = ()
        self._desk.plans.opened(record.person)
        self._changed()
        person = record.person
        self._desk.access.history(person, lambda cards: self._past(person, cards), self._not_opened)

    def _past(self, person: UUID, cards: tuple[Card, ...]) -> None:
        record = self._person.record
        if record is not None and person == record.person:
            self._before = cards
            self._changed()

    def _record(self) -> PersonRecord | None:
        """Return the opened record, and the contacts of this service with what was imported."""
        return with_contacts(self._person.record, self._before, self._contact)

    def _not_opened(self, problem: Exception) -> None:
        if isinstance(problem, NightdeskError):
            self._say(str(problem))
        else:
            log.error("a record could not be opened: %s", type(problem).__name__)

    def _found_strays(self, strays: tuple[StrandedJournal, ...]) -> None:
        self._strays = strays
        self._changed()

    def stray(self, key: str) -> StrandedJournal | None:
        """Return another worker's journal by its row key."""
        return next((one for one in self._strays if f"{STRAY}{one.worker}" == key), None)

    def look_for_strays(self) -> None:
        """Look again at the journals of this computer."""
        self._desk.strays.look(self._found_strays)

    def count_anew(self) -> None:
        """Forget how much each unfinished record lacks: the record has changed."""
        self._lacking.clear()

    def _lacks(self, contact: UUID) -> int:
        if contact not in self._lacking:
            self._lacking[contact] = len(self._desk.contacts.missing(contact))
        return self._lacking[contact]

    # --- gathering ----------------------------------------------------------------------------

    def gather(self, forms: tuple[FormRow, ...], notice: str) -> HandlerInputs:
        """Return everything the screen is drawn from, as of now."""
        desk, contact = self._desk, self.contact()
        calls = desk.calls.state()
        own = self.own_line(calls)
        incident = desk.folds.incident_of(contact.id) if contact else None
        about = incident.id if incident else contact.id if contact else None
        desk.seen.show({*(self._streams(contact.id) if contact else ()), *_in_slot(desk, calls, own)})
        if contact is not None:
            self._follow_person(contact)
            self._follow_relative()
        unfinished = desk.contacts.unfinished()
        self._drawn = self._looked_up(own)
        directory = desk.directory.now()
        return HandlerInputs(
            worker=desk.who.worker,
            name=desk.who.name,
            now=desk.clock.now(),
            cover=desk.cover,
            link=desk.ledger.link,
            calls=calls,
            shift=desk.shift.shift(),
            telephone_refused=desk.shift.telephone_refused,
            heard_by=desk.supervising.words(own.call) if own is not None else (),
            journal=desk.journal,
            alarms=desk.helps.alarms(),
            to_tell=len(desk.follow_up.to_tell()),
            limits=desk.helps.thresholds,
            may_swap=kind_right(Kind.INCIDENT_SWAPPED, desk.who.role),
            tonight=desk.calls.calls_tonight(own.call) if own else 0,
            can_answer=desk.call_acts.can(PhoneAct.ANSWER),
            passing=frozenset(act for act in BY_BUTTON if desk.passing.can(act)),
            why_not={act: desk.passing.why_not(act) for act in BY_BUTTON},
            by_word=desk.call_acts.by_word,
            talking=engaged(desk.calls.live()),
            own_line=own,
            asked_about=_asked_about(desk, calls.asks),
            brings_record=brings_record(desk, own),
            looked=self._drawn,
            contact=contact,
            contact_call=_call_of(self._desk, contact) if contact else None,
            form=desk.contacts.form(contact.type) if contact else None,
            values=form_values(desk.folds.around(contact)) if contact else {},
            missing=desk.contacts.missing(contact.id) if contact else (),
            asked_to_finish=self.asked_to_finish,
            record=self._record() if contact else None,
            reading=self._person.reading if contact else Reading.NOBODY,
            incident=incident,
            drop=self.drop(),
            rings_back=number_rung_back(desk, contact, incident),
            planned=planned_among(desk, self.drawn),
            plan=plan_on_screen(desk, self.plan_about()),
            relative_plan=desk.plans.shown(self._relative_id, None),
            same_line=desk.known.drops.offered(own.call if own else None) is not None,
            signals=_signals(desk, contact),
            signal_news=desk.receipts.signals(about, reaches=desk.reaches()) if about else (),
            signal_set=desk.pair.signals,
            helps=desk.folds.helps_of(contact.id, incident.id if incident else None) if contact else (),
            line_states=_line_states(desk, contact, self._typed),
            new_lines=tuple((line, text, begun) for line, (text, begun) in self._typed.items()),
            unfinished=unfinished,
            unfinished_missing={one.id: self._lacks(one.id) for one in unfinished},
            strays=tuple((f"{STRAY}{one.worker}", sentence_of(one), _offer(one)) for one in self._strays),
            aside=desk.ledger.set_aside(),
            half_filled=tuple((one, half_words(desk, one.panel, one.subject)) for one in desk.half_filled.all()),
            message_kept=line_words(desk, MESSAGE, str(contact.id) if contact else ""),
            search=self.search.state,
            board=self.board,
            summons=desk.night.seats.summons_for_me(),
            signalled=desk.folds.signalled(desk.pair.waiting_summons()),
            relief=desk.night.recovery.offer() is not None,
            directory=directory,
            directory_rows=self._directory.rows(directory, desk.clock.now(), desk.dialling.typed.told()),
            relative=self._relative.record,
            relative_reading=self._relative.reading,
            forms=forms,
            notice=notice,
        )

    def drop(self) -> DropNow | None:
        """Return the drop of the line of the record on screen, None while it is there."""
        contact = self.contact()
        incident = self._desk.folds.incident_of(contact.id) if contact else None
        looked = self._looked.get(contact.id, Looked()).candidates if contact else None
        return drop_now(self._desk, incident, contact, self.chosen(), looked)

    def chosen(self) -> Chosen:
        """Return whoever the record on screen is about, and how far the opening of their record has come."""
        return Chosen.of(self.contact(), self._person)

    def _streams(self, contact: UUID) -> frozenset[StreamRef]:
        incident = self._desk.folds.incident_of(contact)
        found = {StreamRef(StreamKind.CONTACT, contact), StreamRef(StreamKind.SIGNALS, contact)}
        if incident is not None:
            found |= {StreamRef(StreamKind.INCIDENT, incident.id), StreamRef(StreamKind.SIGNALS, incident.id)}
        return frozenset(found)


def _call_of(desk: Desk, contact: ContactState) -> Call | None:
    newest = contact.calls[-1] if contact.calls else None
    return desk.calls.call(newest)


def brings_record(desk: Desk, own: CallSlot | None) -> bool:
    """Say whether the call of the call bar brings a record when it is answered: somebody just rung brings none."""
    if own is None:
        return False
    return not own.call.placed_by(desk.calls.extension) or desk.known.calls_out.begins_record(own.call)


def _asked_about(desk: Desk, asks: CallSlot | None) -> WorkCard | None:
    """Return the card of the call about which a colleague asks, the record's before the incident's."""
    cards = [one for one in desk.board.work() if asks is not None and one.call == asks.call.id]
    return min(cards, key=lambda one: one.kind, default=None)


def _line_states(desk: Desk, contact: ContactState | None, typed: Iterable[UUID]) -> Mapping[UUID, Progress]:
    if contact is None:
        return {}
    stream = StreamRef(StreamKind.CONTACT, contact.id)
    lines = {one.line for one in contact.notes if one.author == desk.who.worker} | set(typed)
    return {line: desk.notes.progress(stream, line) for line in lines}


def _own_slots(desk: Desk) -> tuple[CallSlot, ...]:
    state = desk.calls.state()
    return (*((state.current,) if state.current is not None else ()), *state.held)


def _in_slot(desk: Desk, calls: DeskState, own: CallSlot | None) -> tuple[StreamRef, ...]:
    """Return where whoever asks for a second worker in the slot signals: one at a time, none while a call waits."""
    waiting = any(one is not own for one in calls.waiting)
    return desk.pair.streams_of(() if waiting else desk.night.seats.summons_for_me()[:1])


def _signals(desk: Desk, contact: ContactState | None) -> SignalsState:
    if contact is None:
        return desk.no_signals
    incident = desk.folds.incident_of(contact.id)
    return desk.folds.signals_of_incident(incident) if incident is not None else desk.folds.signals(contact.id)


def _offer(stray: StrandedJournal) -> str:
    if stray.waiting:
        return "Enter shares the entries in your name, for them."
    return f"Only {stray.name} can open this, by signing in on this computer."
