"""Ringing back from both screens: the line that dropped, and a caller who rang off before anybody answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from console.domain.calendar import local
from console.domain.calls import Call, Presentation
from console.domain.contacts import ContactState
from console.domain.drops import Drop
from console.domain.incidents import IncidentState
from console.domain.lines import to_e164
from console.domain.people import Candidates, PersonRecord
from console.domain.ring_back import ringing_back
from console.domain.ring_safety import NumberKnown, number_known
from console.ports.switchboard import ActionAnswer, Answer
from console.services.call_looks import Looked, LookState
from console.services.call_slots import RangOff
from console.services.opened_record import OpenedRecord, Reading
from console.services.refusing import Refused
from ui.desktop.desk import Desk
from ui.desktop.screens.known_rows import DropNow

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
    armed = desk.known.drops.armed(drop, incident, local(desk.clock.now()).date(), known)
    ringing = desk.known.drops.rung_by_others(incident, armed.number, desk.clock.now()) if armed.armed else ""
    if ringing:
        # Refused once and not for good: whoever rings may have left their desk.
        armed = replace(armed, rule=f"{ringing} {armed.rule}".strip())
    notes = contact.notes if contact is not None else ()
    return DropNow(drop, armed, notes[-1] if notes else None, _rings_again(desk.calls.calls(), drop.e164))


def _looked(desk: Desk, drop: Drop, number: str, found: Candidates | None) -> Looked:
    if found is not None and number == drop.e164:
        return Looked(LookState.HERE, number, found)
    return desk.known.safety.of(number, drop.call) if number else Looked(LookState.NO_NUMBER)


def _rings_again(calls: Iterable[Call], e164: str) -> bool:
    return any(one.live and one.caller.e164 == e164 for one in calls) if e164 else False


class RingingOff:
    """Rings a caller back where no line of an incident dropped: who rang off, or the caller of the record on screen."""

    def __init__(self, desk: Desk, say: Callable[[str], None], answered: Callable[[ActionAnswer], None]) -> None:
        self._desk = desk
        self._say = say
        self._answered = answered

    def ring(self, call: Call | None, chosen: Chosen) -> None:
        """Ring who rang off, else the caller of ``call``; what is known of the number comes first."""
        gone = self._desk.calls.state().rang_off
        number = gone.number if gone is not None else call.caller.e164 if call is not None else ""
        if not number:
            self._say("There is no number to ring back: it was withheld, or nobody has rung.")
            return
        asked = gone.call if gone is not None else call.id if call is not None else None
        e164 = to_e164(number)
        if not e164 or asked is None:
            # A colleague's extension: nothing is known of it, and nobody is put at risk by it.
            self._ring(number, gone)
            return
        who = Chosen() if gone is not None else chosen
        self._desk.known.safety.when_known(e164, asked, partial(self._known, asked, who, gone))

    def _known(self, call: UUID, chosen: Chosen, gone: RangOff | None, looked: Looked) -> None:
        now = self._desk.clock.now()
        drop = Drop(call, now, looked.e164, Presentation.ALLOWED)
        armed = ringing_back(drop, local(now).date(), known=known_of(self._desk, looked.e164, chosen, looked))
        try:
            self._desk.known.safety.allow(call, armed)
        except Refused as refused:
            self._say(str(refused))
            return
        self._ring(armed.number, gone)

    def _ring(self, number: str, gone: RangOff | None) -> None:
        self._desk.call_acts.ring(number, partial(self._rung, gone))

    def _rung(self, gone: RangOff | None, answer: ActionAnswer) -> None:
        calls = self._desk.calls
        if gone is not None and answer.answer is Answer.ACCEPTED and calls.state().rang_off == gone:
            calls.dismiss_rang_off()
        self._answered(answer)
