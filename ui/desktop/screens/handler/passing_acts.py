"""The handler gives a caller to somebody else: the panel of Transfer, and the buttons at the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from console.domain.calls import engaged
from console.domain.dialling import EMERGENCY_SENTENCE
from console.domain.ids import read_id
from console.domain.words import clock_words
from console.ports.switchboard import Act as PhoneAct
from console.ports.switchboard import ActionAnswer
from console.services.call_slots import CallSlot, rings_here
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.handler.inputs import GIVING
from ui.desktop.screens.handler.passing_forms import (
    BOTH,
    CHOOSE,
    FETCH,
    GONE,
    HOW,
    KEYS,
    KEYS_FIRST,
    NO_EMERGENCY,
    NO_PLACE,
    NOT_THERE,
    PLACE,
    TARGET,
    WHOM,
    Colleague,
    PassingInputs,
    passing_form,
)
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import Choice


class PassingActs:
    """``say`` puts what the switchboard answers on the notice."""

    def __init__(self, desk: Desk, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._say = say
        self._about: UUID | None = None
        self._rings = False
        """The call rang here and nobody had answered it when the panel was opened."""

    def opened(self) -> None:
        """Take note of the call for which the panel was opened: it is never sent for another."""
        calls, sends_on = self._desk.calls.state(), self._desk.passing.can(PhoneAct.REDIRECT)
        rings = rings_here(calls, self._desk.who.worker) if sends_on else None
        about = calls.current or rings
        self._about = about.call.id if about is not None else None
        self._rings = about is not None and about is not calls.current

    @property
    def subject(self) -> str:
        """Return what the panel is about; what is half written stays with that caller."""
        return str(self._about or "")

    def form(self, error: str = "") -> FormRow:
        """Return the panel as things are now."""
        return passing_form(self._given(), error)

    def do(self, act: Act, call: UUID | None, parked: UUID | None) -> bool:
        """Do what a button at ``call``, or in the slot of ``parked``, asks; False where it is none of these.

        Raises ``NightdeskError``.
        """
        passing = self._desk.passing
        doers: Mapping[Act, Callable[[], None]] = {
            Act.GIVE_OVER: partial(passing.give_over, self._phone, call),
            Act.ALL_THREE: partial(passing.all_together, self._phone, call),
            Act.FETCH: partial(passing.fetch, self._phone, parked),
        }
        if act in doers:
            doers[act]()
        return act in doers

    def sent(self, values: Mapping[str, str]) -> str:
        """Do what the panel says; return what is wrong with it, or nothing.  Raises ``NightdeskError``."""
        if "said" in values:
            return ""
        if self._is_gone():
            return GONE
        keys, whom, target = (values.get(one, "").strip() for one in (KEYS, WHOM, TARGET))
        if keys:
            return KEYS_FIRST if whom or target else self._press(keys)
        if whom and target:
            return BOTH
        return self._give(values.get(HOW, ""), whom or target)

    def _press(self, keys: str) -> str:
        self._desk.passing.press(keys, self._phone, self._about)
        return ""

    def _give(self, how: str, target: str) -> str:
        if how.startswith(FETCH):
            self._desk.passing.fetch(self._phone, read_id(how.removeprefix(FETCH)))
            return ""
        passing, then, call = self._desk.passing, self._phone, self._about
        doers: Mapping[str, Callable[[], None]] = {
            **({PhoneAct.REDIRECT: lambda: passing.send_on(target, then, call)} if call is not None else {}),
            PhoneAct.START_ATTENDED: lambda: passing.ask_first(target, then, call),
            PhoneAct.BLIND_TRANSFER: lambda: passing.give_at_once(target, then, call),
            PhoneAct.PARK: lambda: passing.park(then, call),
            PhoneAct.COMPLETE_ATTENDED: lambda: passing.give_over(then, call),
            PhoneAct.CONFERENCE: lambda: passing.all_together(then, call),
            PhoneAct.CANCEL_ATTENDED: lambda: passing.take_back(then, call),
        }
        if target and self._desk.dialling.is_emergency(target):
            # Before how, which a telephone system may not offer; where it is read at once, and stays until dismissed.
            self._say(self._read_out())
            return NO_EMERGENCY
        if how not in doers:
            return CHOOSE if any(map(passing.can, GIVING)) else NOT_THERE
        doers[how]()
        return ""

    def _read_out(self) -> str:
        """Return what to do with an emergency number, and the place to read out as far as it was said."""
        contact = self._desk.calls.contact_of(self._about) if self._about is not None else None
        incident = self._desk.folds.incident_of(contact) if contact is not None else None
        place = incident.where_words if incident is not None else ""
        return f"{EMERGENCY_SENTENCE} {PLACE.format(place=place) if place else NO_PLACE}"

    def _is_gone(self) -> bool:
        """Say whether the call for which the panel was opened is not this worker's any more, nor rings here."""
        calls = self._desk.calls.state()
        rings = self._rings and any(one.alerting and one.call.id == self._about for one in calls.waiting)
        return self._about is not None and not rings and not calls.is_current(self._about)

    def _given(self) -> PassingInputs:
        passing, current = self._desk.passing, self._desk.calls.state().current
        gone = self._is_gone()
        parked = passing.parked() if current is None or current.on_hold else ()
        can = frozenset(act for act in PhoneAct if passing.can(act))
        return PassingInputs(
            self._about is not None,
            None if gone or self._about is None else passing.asked(),
            self._colleagues(),
            tuple(map(self._parked, parked)),
            can,
            {act: passing.why_not(act) for act in PhoneAct if act not in can},
            gone=gone,
            rings=self._rings and (current is None or current.call.id != self._about),
            came=self._about is None and current is not None,
        )

    def _colleagues(self) -> tuple[Colleague, ...]:
        me, talking = self._desk.who.worker, engaged(self._desk.calls.live())
        others = (one for one in self._desk.shift.shift().workers if one.worker != me and one.extension)
        return tuple(Colleague(one.name, one.extension, one.state_words, one.extension in talking) for one in others)

    def _parked(self, slot: CallSlot) -> Choice:
        call = slot.call
        since = f" since {clock_words(call.parked_since)}" if call.parked_since is not None else ""
        where = f" at {call.parked_at}" if call.parked_at else ""
        return Choice(f"{FETCH}{call.id}", f"Fetch the caller parked{where}{since}: {slot.line}")

    def _phone(self, answer: ActionAnswer) -> None:
        if answer.sentence:
            self._say(answer.sentence)
