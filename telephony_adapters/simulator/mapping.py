"""Script lines and consoles' requests become facts: the two ways to move the simulated switchboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from console.domain.calls import TransferKind
from console.domain.lines import emergency_number
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Capabilities
from telephony_adapters.simulator import asides
from telephony_adapters.simulator.exchange import OUTSIDE, Exchange
from telephony_adapters.simulator.live import Facts, LiveCall
from telephony_adapters.simulator.numbers import can_be_dialled, digits, is_extension
from telephony_adapters.simulator.steps import (
    Answers,
    CallArrives,
    Dials,
    HangsUp,
    Holds,
    Joins,
    ListensIn,
    Pauses,
    QueueGivesUp,
    Rejects,
    Rings,
    Step,
    StopsRinging,
    SwitchboardBack,
    SwitchboardLost,
    Transfers,
)

CAPABILITIES = Capabilities(acts=frozenset(Act), why_not={}, is_fake=True)
EMERGENCY = "Ring 999 on your own handset: the console never dials it, so that the call is traced to a place."
GONE = "That call has ended. Nothing was done."
TAKEN = "Somebody else has answered this call. Nothing was done."
ACCEPTED = ActionAnswer(Answer.ACCEPTED)


def play(exchange: Exchange, step: Step, at: datetime) -> Facts:
    """Let the telephones do what a line says; returns nothing where it can no longer happen."""
    if isinstance(step, CallArrives):
        return exchange.arrive(step, at)
    if isinstance(step, Pauses):
        return exchange.pause(step.extension, step.paused, step.reason, at)
    if isinstance(step, Dials):
        return exchange.dial(step.call, step.extension, step.number, at)
    if isinstance(step, SwitchboardLost | SwitchboardBack):
        return []
    call = exchange.find(step.call)
    if call is None:
        return []
    if isinstance(step, Transfers | Joins | ListensIn | QueueGivesUp):
        return _talk(exchange, call, step, at)
    return _ring(exchange, call, step, at)


def _ring(
    exchange: Exchange,
    call: LiveCall,
    step: Rings | StopsRinging | Answers | Rejects | Holds | HangsUp,
    at: datetime,
) -> Facts:
    if isinstance(step, Rings):
        free = () if call.answered else step.extensions
        return exchange.ring(call, tuple(e for e in free if e not in exchange.paused), at)
    if isinstance(step, StopsRinging):
        return exchange.stop_ringing(call, step.extensions, at)
    if isinstance(step, Answers):
        return exchange.answer(call, step.extension, at)
    if isinstance(step, Rejects):
        return exchange.reject(call, step.extension, at)
    if isinstance(step, Holds):
        return exchange.hold(call, step.extension, step.held, at)
    if isinstance(step, HangsUp):
        return exchange.hang_up(call, step.who, at)
    assert_never(step)


def _talk(
    exchange: Exchange,
    call: LiveCall,
    step: Transfers | Joins | ListensIn | QueueGivesUp,
    at: datetime,
) -> Facts:
    if isinstance(step, Transfers):
        return exchange.transfer(call, step.extension, step.taker, at)
    if isinstance(step, Joins):
        return exchange.join(call, step.extension, step.joined, at)
    if isinstance(step, ListensIn):
        return exchange.listen(call, step.extension, at)
    if isinstance(step, QueueGivesUp):
        return exchange.queue_gives_up(call, at)
    assert_never(step)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a request; ``later`` is what the telephones will do by themselves after it."""

    answer: ActionAnswer
    facts: Facts
    later: Step | None = None


def _refused(sentence: str) -> Done:
    return Done(ActionAnswer(Answer.REFUSED, sentence), [])


def perform(exchange: Exchange, action: Action, at: datetime) -> Done:
    """Do what a console asks.  Emergency numbers are refused before anything else is looked at."""
    if any(map(emergency_number, (action.target, action.extension))):
        return _refused(EMERGENCY)
    if not is_extension(action.extension):
        if action.extension:
            return _refused(f"The telephone system does not know extension {action.extension}. Sign in with another.")
        return _refused("This console has no telephone extension. Sign in with one.")
    if action.act in (Act.PAUSE, Act.UNPAUSE):
        paused = action.act is Act.PAUSE
        return Done(ACCEPTED, exchange.pause(action.extension, paused, action.reason, at))
    if action.act is Act.ORIGINATE:
        return _originate(exchange, action, at)
    call = _meant(exchange, action)
    if call is None:
        return _refused(GONE)
    return _ON_A_CALL[action.act](exchange, call, action, at)


def _meant(exchange: Exchange, action: Action) -> LiveCall | None:
    """Return the call of the request, or the only one of that telephone where none is named."""
    if action.provider_call:
        return exchange.find(action.provider_call)
    mine = exchange.of_phone(action.extension)
    ringing = tuple(call for call in mine if action.extension in call.ringing)
    wanted = ringing if action.act in (Act.ANSWER, Act.REJECT) else mine
    return wanted[0] if len(wanted) == 1 else None


def _originate(exchange: Exchange, action: Action, at: datetime) -> Done:
    if not can_be_dialled(action.target):
        return _refused("That is not a telephone number. Nothing was dialled.")
    number = digits(action.target)
    name = f"dialled-{action.extension}-{at:%Y%m%dT%H%M%S%f}"
    facts = exchange.dial(name, action.extension, number, at)
    if is_extension(number):
        return Done(ACCEPTED, facts)
    return Done(ACCEPTED, facts, later=Answers(name, OUTSIDE))


def _answer(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if action.extension in call.talking:
        return Done(ACCEPTED, [])
    facts = exchange.answer(call, action.extension, at)
    if facts:
        return Done(ACCEPTED, facts)
    return _refused(TAKEN if call.answered else "This telephone does not ring for that call.")


def _done(facts: Facts, otherwise: str) -> Done:
    return Done(ACCEPTED, facts) if facts else _refused(otherwise)


def _hold(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    held = action.act is Act.HOLD
    if (action.extension in call.held_by) is held and action.extension in call.talking:
        return Done(ACCEPTED, [])
    return _done(exchange.hold(call, action.extension, held, at), "You are not on this call. Nothing was done.")


def _hang_up(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if call.consult_up and action.extension in call.talking:
        # As on a real switchboard: whoever hangs up while they ask has given the caller over.
        return _complete_attended(exchange, call, action, at)
    return _done(exchange.hang_up(call, action.extension, at), "You are not on this call. Nothing was done.")


def _reject(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    return _done(exchange.reject(call, action.extension, at), "This telephone does not ring for that call.")


def _no_taker(action: Action, call: LiveCall) -> str:
    if action.extension not in call.talking:
        return "You are not on this call. Nothing was done."
    if not is_extension(action.target) or digits(action.target) == action.extension:
        return "Give the extension of a colleague, such as 1002. The caller is still with you."
    return ""


def _blind(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if why := _no_taker(action, call):
        return _refused(why)
    return Done(ACCEPTED, exchange.transfer(call, action.extension, digits(action.target), at))


def _start_attended(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if why := _no_taker(action, call):
        return _refused(why)
    colleague = digits(action.target)
    if call.consult or colleague in call.talking:
        return _refused("You are asking somebody already, or they are on this call. Nothing was changed.")
    facts = exchange.hold(call, action.extension, True, at) + asides.rung_to_be_asked(call, colleague, at)
    return Done(ACCEPTED, facts, later=Answers(call.id, colleague))


def _complete_attended(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    taker = call.consult
    facts = exchange.transfer(call, action.extension, taker, at, TransferKind.ATTENDED) if taker else []
    return _done(facts, "No transfer has been begun. The caller is still with you.")


def _three_together(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    colleague = call.consult
    if not colleague or not call.consult_up:
        return _refused("No colleague is being asked who could join. Nothing was changed.")
    facts = exchange.asked_enough(call, at)
    return Done(ACCEPTED, facts + exchange.join(call, colleague, True, at))


def _redirect(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if action.extension in call.talking:
        return _blind(exchange, call, action, at)
    if action.extension not in call.ringing or not is_extension(action.target):
        return _refused("That call does not ring here, or that is no colleague's extension. Nothing was redirected.")
    facts = exchange.stop_ringing(call, tuple(call.ringing), at)
    return Done(ACCEPTED, facts + exchange.ring(call, (digits(action.target),), at))


def _cancel_attended(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if not call.consult or action.extension not in call.talking:
        return _refused("Nobody is being asked. Nothing was changed.")
    return Done(ACCEPTED, exchange.asked_enough(call, at))


def _park(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if set(call.talking) != {action.extension} or call.consult:
        return _refused("Only a caller with whom you alone talk can be parked. Nothing was changed.")
    taken = frozenset(one.parked_at for one in exchange.calls.values() if one.parked_at)
    return Done(ACCEPTED, asides.parked(call, action.extension, taken, at))


def _retrieve(_: Exchange, call: LiveCall, action: Action, _at: datetime) -> Done:
    if not call.parked_at:
        return _refused("That caller is not parked any more. Nothing was done.")
    call.fetcher = action.extension
    return Done(ACCEPTED, [], later=Answers(call.id, action.extension))


def _listen(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    return _done(exchange.listen(call, action.extension, at), "Nobody is talking on that call yet.")


def _dtmf(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if action.extension not in call.talking:
        return _refused("You are not on this call. Nothing was sent.")
    return Done(ACCEPTED, [])


def _offer(exchange: Exchange, call: LiveCall, action: Action, at: datetime) -> Done:
    if call.answered:
        return _refused(TAKEN)
    team = (e for e, phone in exchange.phones.items() if call.queue in phone.queues)
    free = tuple(e for e in team if e not in exchange.paused and not exchange.of_phone(e))
    return Done(ACCEPTED, exchange.ring(call, free, at))


OnACall = Callable[[Exchange, LiveCall, Action, datetime], Done]
_ON_A_CALL: dict[Act, OnACall] = {
    Act.ANSWER: _answer,
    Act.REJECT: _reject,
    Act.HOLD: _hold,
    Act.RESUME: _hold,
    Act.HANG_UP: _hang_up,
    Act.BLIND_TRANSFER: _blind,
    Act.START_ATTENDED: _start_attended,
    Act.COMPLETE_ATTENDED: _complete_attended,
    Act.CANCEL_ATTENDED: _cancel_attended,
    Act.CONFERENCE: _three_together,
    Act.REDIRECT: _redirect,
    Act.PARK: _park,
    Act.RETRIEVE: _retrieve,
    Act.LISTEN: _listen,
    Act.WHISPER: _listen,
    Act.BARGE: _listen,
    Act.DTMF: _dtmf,
    Act.OFFER_TO_TEAM: _offer,
}
