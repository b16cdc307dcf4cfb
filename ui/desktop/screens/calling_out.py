"""Calling the on-call manager out, from any screen: whom to ring, from which telephone, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from console.domain.board import BoardState
from console.domain.call_outs import CallOutState
from console.domain.capacity import CallOutRule
from console.domain.record import MANAGERS
from console.domain.search import shown_number
from console.domain.shifts import WorkerState
from console.ports.switchboard import Act as PhoneAct
from console.ports.switchboard import ActionAnswer, Answer
from console.services.refusing import Refused
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.screens.night_forms import AGAIN
from ui.desktop.shortcuts import Act, key_of


class CallingOut:
    """``ask_answer`` opens the form that says what came of a ring."""

    def __init__(self, desk: Desk, say: Callable[[str], None], ask_answer: Callable[[], None]) -> None:
        self._desk = desk
        self._call_outs = desk.night.call_outs
        self._say = say
        self._ask_answer = ask_answer
        self._dialled: UUID | None = None
        self._by_hand = ""
        """The number that this worker was last asked to ring by hand."""

    def press(self) -> None:
        """Ring; where somebody was rung, say what came of it."""
        if self._call_outs.unanswered() is not None:
            self._ask_answer()
        else:
            self._ring()

    def _ring(self) -> None:
        name, number = self._whom()
        if not number:
            home = f"{name} has no telephone signed in here, and" if name else "Nobody is signed in as on call, and"
            self._say(f"{home} the rota names no manager now. Ring them from your own list.")
        elif self._desk.calls.state().current is not None:
            self._ask_others(name, number)
        elif self._why_not and self._by_hand != number:
            self._ask_by_hand(name, number, self._why_not)
        elif self._may_ring(number):
            self._call_outs.ring(name, partial(self._rings, name, number))

    def _may_ring(self, number: str) -> bool:
        """Say whether a number may be dialled; where not, or where a rule is to be read first, the worker reads why."""
        manager = self._desk.directory.manager()
        try:
            if manager is not None and manager.number == number:
                self._desk.dialling.allow(manager)
        except Refused as refused:
            self._say(str(refused))
            return False
        return True

    @property
    def _why_not(self) -> str:
        """Return why this worker's telephone can ring nobody now; empty without one: then it is by hand anyway."""
        me, acts = self._desk.shift.me(), self._desk.call_acts
        return acts.why_not(PhoneAct.ORIGINATE) or acts.why_not_ring() if me is not None and me.extension else ""

    def _ask_by_hand(self, name: str, number: str, why: str) -> None:
        """Nothing is written as rung before somebody rings: every screen asks for it, and the key once more says so."""
        self._by_hand = number
        self._call_outs.ask()
        by_hand = f"Ring {name}, {shown_number(number)} by hand, then press {key_of(Act.CALL_OUT)} again."
        self._say(f"{name} is not rung: {why} {by_hand}")

    def _ask_others(self, name: str, number: str) -> None:
        """Whoever has a caller does not ring out: every other screen asks for it until somebody does."""
        self._call_outs.ask()
        who = f"{name}, {shown_number(number)}"
        self._say(f"You are on a call: every other screen now asks for the call-out of {who}.")

    def _whom(self) -> tuple[str, str]:
        """Return whom to ring, and where: who is signed in as on call, else the rota's manager."""
        here = next((w for w in self._desk.shift.shift().workers if w.state is WorkerState.ON_CALL_HOME), None)
        manager = self._desk.directory.manager()
        if here is not None and here.extension:
            return here.name, here.extension
        if manager is not None:
            return manager.name, manager.number
        return (here.name if here is not None else ""), ""

    def _rings(self, name: str, number: str, outcome: Outcome) -> None:
        if not outcome.won:
            self._say(outcome.sentence)
            return
        me, key = self._desk.shift.me(), key_of(Act.CALL_OUT)
        by_hand, self._by_hand = self._by_hand == number and bool(self._why_not), ""
        if by_hand:
            self._say(f"{name} stands as rung by hand. {key} says what came of it.")
        elif me is not None and me.extension:
            self._say(f"{name} is rung from your telephone. {key} says what came of it.")
            self._desk.call_acts.ring(number, self._phone)
        else:
            ring = f"Ring {name}, {shown_number(number)} by hand"
            self._say(f"You have no telephone signed in here. {ring}; {key} then says what came of it.")

    def said(self, values: Mapping[str, str]) -> str:
        """Take what came of a ring; return what is missing, or nothing."""
        answer = values.get("answer", "")
        if not answer:
            return "Choose what came of it. Nothing was written yet."
        if answer == AGAIN:
            self._ring()
        elif not self._call_outs.said(CallOutState(answer)):
            return "A colleague has said so already."
        else:
            self._say("")
        return ""

    def board_made(self, board: BoardState) -> None:
        """Ring by itself where the council wants that: from the telephone of a manager who sits here, once."""
        made = board.night.call_out
        rule = self._desk.night.rules.call_out is CallOutRule.DIAL
        if not rule or made is None or made.state is not CallOutState.ARMED or made.entry == self._dialled:
            return
        me = self._desk.shift.me()
        if me is not None and me.extension and me.role in MANAGERS and me.state is not WorkerState.ON_CALL_HOME:
            self._dialled = made.entry
            self._ring()

    def _phone(self, answer: ActionAnswer) -> None:
        if answer.answer is not Answer.ACCEPTED:
            self._call_outs.failed()
        if answer.sentence:
            self._say(answer.sentence)
