"""Ringing back from both screens: the line that dropped, and a caller who rang off before anybody answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from console.domain.calendar import local
from console.domain.call_log import CallRecord
from console.domain.calls import Call, Direction, Presentation
from console.domain.contacts import ContactState
from console.domain.drops import Drop
from console.domain.fact_sheet import WHERE
from console.domain.incidents import IncidentState
from console.domain.lines import to_e164
from console.domain.people import Candidates, PersonRecord
from console.domain.ring_back import number_to_ring
from console.domain.ring_safety import NumberKnown, number_known
from console.domain.search import shown_number
from console.ports.switchboard import ActionAnswer, Answer
from console.services.call_looks import Looked, LookState
from console.services.call_slots import RangOff
from console.services.opened_record import OpenedRecord, Reading
from console.services.refusing import Refused
from ui.desktop.desk import Desk
from ui.desktop.screens.known_rows import DropNow
from ui.desktop.screens.notice import Says

_MARKERS_UNREAD = "The record of whoever was chosen could not be read, so no marker of theirs is known."


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whoever a record is about, and how far the opening of their own record has come."""

    person: UUID | None = None
    record: PersonRecord | None = None
    reading: Reading = Reading.NOBODY

    @classmethod
    def of(cls, contact: ContactState | None, opened: OpenedRecord) -> Chosen:
        """Return who was chosen in ``contact``, with what was ``opened``."""
        subject = contact.subject if contact is not None else None
        return cls(subject.person, opened.record, opened.reading) if subject is not None else cls()

    @property
    def is_coming(self) -> bool:
        """Say whether their record is still on its way."""
        return self.person is not None and self.reading in (Reading.NOBODY, Reading.OPENING)

    @property
    def unread(self) -> str:
        """Return the sentence of a record that did not come."""
        return _MARKERS_UNREAD if self.reading in (Reading.FAILED, Reading.REFUSED) else ""


def known_of(desk: Desk, e164: str, chosen: Chosen, looked: Looked) -> NumberKnown:
    """Return what is known before a number is rung, with what is on its way and what could not be read."""
    today = local(desk.clock.now()).date()
    made = number_known(e164, chosen.person, chosen.record, looked.candidates, today)
    unread = " ".join(one for one in (looked.sentence, chosen.unread) if one)
    return replace(made, reading=chosen.is_coming or looked.state is LookState.ASKING, unread=unread)


def drop_now(
    desk: Desk, incident: IncidentState | None, contact: ContactState | None, chosen: Chosen,
    found: Candidates | None = None,
) -> DropNow | None:  # fmt: skip
    """Return the drop of an incident as it stands; ``found`` is what the look-up of its ringing call said."""
    drop = desk.known.drops.drop(incident) if incident is not None else None
    if incident is None or drop is None:
        return None
    number = desk.known.drops.number(drop, incident)
    known = known_of(desk, number, chosen, _looked(desk, drop, number, found))
    armed = desk.known.drops.armed(drop, incident, desk.clock.now(), known)
    notes = contact.notes if contact is not None else ()
    again = _rings_again(desk.calls.live(), drop.e164)
    noted = next((one for one in desk.known.facts.proposed(incident) if one.key == WHERE), None)
    return DropNow(drop, armed, notes[-1] if notes else None, again, noted)


def _looked(desk: Desk, drop: Drop, number: str, found: Candidates | None) -> Looked:
    if found is not None and number == drop.e164:
        return Looked(LookState.HERE, number, found)
    return desk.known.safety.of(number, drop.call) if number else Looked(LookState.NO_NUMBER)


def _rings_again(calls: Iterable[Call], e164: str) -> bool:
    return any(one.caller.e164 == e164 for one in calls) if e164 else False


def last_call(desk: Desk, contact: ContactState | None) -> Drop | None:
    """Return the newest call of a record and the number to ring it back by; None where it has no call.

    The record knows of calls that the switchboard tells this console of no more.
    """
    for one in reversed(contact.calls if contact is not None else ()):
        live = desk.calls.call(one)
        known, caller = (live, live.caller) if live is not None else (desk.folds.call(one),) * 2
        if known is None or caller is None:
            continue
        at = known.ended_at or desk.clock.now()
        if known.direction is Direction.OUTBOUND:
            return Drop(one, at, to_e164(known.dialled, desk.cover.plan), Presentation.ALLOWED)
        return Drop(one, at, caller.e164, caller.presentation)
    return None


def number_rung_back(desk: Desk, contact: ContactState | None, incident: IncidentState | None) -> str:
    """Return the number that ringing back is about where no line dropped, as it is drawn; empty where there is none.

    It is the caller of the record on screen, and only without one whoever rang off last.
    """
    call, gone = last_call(desk, contact), desk.calls.state().rang_off
    if call is not None and _still_waits(desk, call.call):
        return ""
    if call is not None:
        live = incident is not None and incident.live
        number = desk.known.drops.number(call, incident) if incident is not None and live else number_to_ring(call)
        return shown_number(number)
    return shown_number(to_e164(gone.number) or gone.number) if gone is not None else ""


@dataclass(frozen=True, slots=True)
class _About:
    """A ring back: the call, its record, and what is known around it; ``gone`` where it rang off.

    ``refuse`` hears why not, or what is to be read first; without it the notice says it.
    """

    call: Drop
    contact: UUID | None = None
    incident: IncidentState | None = None
    chosen: Chosen = field(default_factory=Chosen)
    gone: RangOff | None = None
    refuse: Callable[[str], None] | None = None


def _still_waits(desk: Desk, call: UUID) -> bool:
    """Say whether a caller whom this worker gave away rings at somebody now: they would be found engaged."""
    found = desk.calls.call(call)
    return found is not None and found.waiting()


class RingingOff:
    """Rings a caller back where no line of an incident dropped: the caller of the record on screen, or who rang off."""

    def __init__(self, desk: Desk, say: Says, answered: Callable[[ActionAnswer], None]) -> None:
        self._desk = desk
        self._say = say
        self._answered = answered

    def ring(self, contact: ContactState | None, incident: IncidentState | None, chosen: Chosen) -> None:
        """Ring the caller of the record on screen, without one who rang off; what is known of the number comes first.

        Also where this worker ended the call: one that was ended by mistake has a way back.  Who rang off meanwhile
        is somebody else: that caller never takes the place of the one whose record the worker sees.
        """
        call, gone = last_call(self._desk, contact), self._desk.calls.state().rang_off
        if call is None and gone is not None:
            self._rang_off(gone)
        elif call is None:
            self._say("There is nobody to ring back: no call belongs to what is on this screen. Nothing was rung.")
        elif _still_waits(self._desk, call.call):
            self._say("This caller still waits to be answered, on the line they came by. Nothing was rung.")
        elif self._is_elsewhere(call.call):
            self._say("This caller is on the line with somebody else. Nothing was rung.")
        else:
            live = incident if incident is not None and incident.live else None
            self._caller(_About(call, contact.id if contact is not None else None, live, chosen))

    def missed(self, call: CallRecord, refuse: Callable[[str], None]) -> None:
        """Ring the caller of a call that reached nobody; ``refuse`` hears why not, or what is to be read first."""
        desk = self._desk
        drop = Drop(call.id, call.ended_at or desk.clock.now(), call.e164, call.presentation)
        gone = desk.calls.state().rang_off
        if _rings_again(desk.calls.live(), call.e164):
            refuse("This caller rings again, or is on the line, now. Nothing was rung.")
        else:
            mine = gone if gone is not None and gone.call == call.id else None
            self._caller(_About(drop, gone=mine, refuse=refuse))

    def _is_elsewhere(self, call: UUID) -> bool:
        calls = self._desk.calls
        return calls.state().slot(call) is None and any(one.id == call for one in calls.live())

    def _rang_off(self, gone: RangOff) -> None:
        e164 = to_e164(gone.number)
        if e164:
            drop = Drop(gone.call, self._desk.clock.now(), e164, Presentation.ALLOWED)
            self._when_known(e164, _About(drop, gone=gone))
        elif gone.number:
            # A colleague's extension: nothing is known of it, and nobody is put at risk by it.
            self._desk.call_acts.ring(gone.number, partial(self._rung, gone.number, gone))
        else:
            self._say("There is no number to ring back: it was withheld, or none was sent.")

    def _caller(self, about: _About) -> None:
        call, incident = about.call, about.incident
        number = self._desk.known.drops.number(call, incident) if incident is not None else number_to_ring(call)
        if number:
            self._when_known(number, about)
        else:
            self._allowed(about, Looked(LookState.NO_NUMBER))

    def _when_known(self, number: str, about: _About) -> None:
        self._desk.known.safety.when_known(number, about.call.call, partial(self._allowed, about))

    def _allowed(self, about: _About, looked: Looked) -> None:
        desk, now, call, incident = self._desk, self._desk.clock.now(), about.call, about.incident
        known = known_of(desk, looked.e164, about.chosen, looked)
        if incident is not None:
            armed = desk.known.drops.armed(call, incident, now, known)
        else:
            armed = desk.known.callers.armed(call, now, known)
        try:
            desk.known.safety.allow(call.call, armed)
        except Refused as refused:
            (about.refuse or self._say)(str(refused))
            return
        rung = partial(self._rung, armed.number, about.gone)
        if incident is not None:
            desk.known.drops.place(incident.id, call, armed, rung)
        else:
            desk.known.callers.place(call, armed, rung, about.contact)

    def _rung(self, number: str, gone: RangOff | None, answer: ActionAnswer) -> None:
        calls, accepted = self._desk.calls, answer.answer is Answer.ACCEPTED
        if gone is not None and accepted and calls.state().rang_off == gone:
            calls.dismiss_rang_off()
        if accepted and not answer.sentence:
            self._say(f"{shown_number(number)} is rung from your telephone.", self._is_on_its_way)
        self._answered(answer)

    def _is_on_its_way(self) -> bool:
        """Say whether the telephones tell of a call out of this worker's: from then on the call bar says it."""
        calls = self._desk.calls
        return any(one.placed_by(calls.extension) for one in calls.live())
