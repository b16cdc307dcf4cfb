"""When a caller's number may leave the adapter (telephony.md 4.2)."""

from __future__ import annotations

from datetime import datetime

from console.domain.call_events import NumberLearned
from console.domain.calls import Direction
from telephony_adapters.asterisk_ami.board import Channel, Visit
from telephony_adapters.asterisk_ami.desk import Desk
from telephony_adapters.asterisk_ami.presentation import Unmarked, is_marked, judge, needs_no_mark
from telephony_adapters.channels.visits import learn_number

ASK_AT_MOST = 4
"""How often one caller is asked about in one connection where no answer comes: some 20 s in all."""


def settle(desk: Desk, visit: Visit, at: datetime, *, last: bool = False) -> None:
    """Let the caller's number out, once its presentation is known or will never be.

    ``last`` is True when the channel is about to go: what cannot be asked any more stays hidden.
    """
    caller = desk.board.channels.get(visit.principal)
    if caller is None or visit.direction is not Direction.INBOUND or not visit.begun:
        return
    unmarked = desk.reading.unmarked
    if desk.reading.ask and not (is_marked(caller.marks) or needs_no_mark(caller.number) or visit.answer_refused):
        if not last:
            _ask(desk, visit, caller)
            return
        unmarked = Unmarked.HIDE
    if caller.marks_too_early:
        unmarked = Unmarked.HIDE
    shown = judge(caller.number, caller.shown_name, caller.marks, unmarked)
    number = NumberLearned(
        visit.key, at, shown.number, shown.name, shown.presentation, settled=True, diverted_from=shown.diverted_from
    )
    learn_number(desk, visit, number)


def _ask(desk: Desk, visit: Visit, caller: Channel) -> None:
    if visit.asked_about != caller.number:
        visit.asked_about = caller.number
        desk.questions.append((caller.uid, caller.name))


def unheard(desk: Desk, visit: Visit, at: datetime) -> bool:
    """Ask again where a question found no answer; return whether it is asked again."""
    visit.unheard += 1
    if visit.unheard >= ASK_AT_MOST:
        return False
    visit.asked_about = None
    settle(desk, visit, at)
    return True


def ask_afresh(desk: Desk) -> None:
    """Forget what was asked: the connection it was asked on is gone, and its answers with it."""
    desk.questions.clear()
    for visit in desk.board.visits():
        visit.asked_about = None
        visit.unheard = 0
