"""Scenes of a telephone that is asked, by the events talk and hold, to answer, to hold and to take back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from console.domain.call_events import HoldChanged
from console.domain.calls import Call, CallOutcome, CallState
from console.ports.switchboard import Act, Answer
from telephony_adapters.asterisk_ami.actions import LOST_BY_ASKING
from tests.helpers.pbx.acting import NUMBER, Acting, acting_on
from tests.helpers.pbx.configuration import HEEDING, QUEUE
from tests.helpers.pbx.heeding import Manner
from tests.helpers.pbx.phones import Phone, Phones
from tests.helpers.pbx.stage import BREATH


@contextmanager
def asking_telephones(acting: Acting) -> Iterator[Acting]:
    """Yield a console whose account may ask the telephones; what it does stands in the same table."""
    with acting_on(acting.live, acting.live.asking_settings()) as asking:
        asking.rows = acting.rows
        yield asking


@contextmanager
def telephone(acting: Acting, manner: Manner) -> Iterator[Phone]:
    """Put a telephone of some manner on a desk, and have the queue ring it."""
    pbx = acting.live.pbx
    with Phones(pbx.plan, (HEEDING,), ear=manner) as phones:
        pbx.cli(f"queue add member PJSIP/{HEEDING} to {QUEUE}")
        try:
            yield phones[HEEDING]
        finally:
            pbx.cli(f"queue remove member PJSIP/{HEEDING} from {QUEUE}")
            phones.quiet()


def rings(acting: Acting, phone: Phone) -> Call:
    """Let somebody outside ring until a telephone does."""
    acting.live.call_in(NUMBER)
    phone.wait_ringing()
    return acting.console.wait_call(lambda c: phone.extension in c.alerting, f"{phone.extension} rings")


def answered(acting: Acting, phone: Phone, call: Call) -> Call:
    """Lift a handset by hand."""
    phone.answer()
    return acting.console.wait_call(lambda c: c.id == call.id and c.talking == {phone.extension}, "answered by hand")


def answers_by_asking(acting: Acting, phone: Phone) -> Call:
    """Let somebody ring, and the telephone be asked to answer."""
    call = rings(acting, phone)
    acting.accepted(Act.ANSWER, HEEDING, call)
    call = acting.then(lambda c: c.talking == {HEEDING} and not c.alerting, f"{HEEDING} has the caller")
    # The stack of this telephone takes back what it is asked to hold before the first sound has come.
    time.sleep(BREATH)
    return call


def held(acting: Acting, call: Call) -> None:
    """Have the telephone hold a call."""
    acting.accepted(Act.HOLD, HEEDING, call)
    acting.then(lambda c: c.id == call.id and c.state is CallState.HELD, "the caller is on hold")


def taken_back(acting: Acting, call: Call) -> None:
    """Have the telephone take a call back."""
    acting.accepted(Act.RESUME, HEEDING, call)
    acting.then(lambda c: c.id == call.id and c.state is CallState.CONNECTED, "the caller is back")


def asks_one_that_heeds(acting: Acting) -> None:
    """ANSWER, HOLD and RESUME, where the telephone heeds talk and hold: the screen does what its keys do."""
    with asking_telephones(acting) as asking, telephone(asking, Manner.HEEDS) as phone:
        call = answers_by_asking(asking, phone)
        for _ in range(2):
            held(asking, call)
            taken_back(asking, call)
        asking.accepted(Act.HANG_UP, HEEDING, call)
        assert asking.then(lambda c: not c.live, "it ended").holds == 2


def asks_for_one_of_two(acting: Acting) -> None:
    """HOLD, ANSWER and RESUME reach the call that is meant where the telephone has two."""
    with asking_telephones(acting) as asking, telephone(asking, Manner.HEEDS) as phone:
        first = answers_by_asking(asking, phone)
        asking.live.phone("1003").dial(HEEDING)
        phone.wait_ringing()
        second = asking.console.wait_call(lambda c: c.id != first.id and HEEDING in c.alerting, "a second rings")
        held(asking, first)
        asking.accepted(Act.ANSWER, HEEDING, second)
        asking.then(lambda c: c.id == second.id and HEEDING in c.talking, "the second is answered")
        time.sleep(BREATH)
        assert states(asking) == {first.id: CallState.HELD, second.id: CallState.CONNECTED}
        held(asking, second)
        assert states(asking) == dict.fromkeys((first.id, second.id), CallState.HELD)
        taken_back(asking, first)
        assert states(asking) == {first.id: CallState.CONNECTED, second.id: CallState.HELD}


def states(acting: Acting) -> dict[UUID, CallState]:
    """Return how every call is."""
    return {one.id: one.state for one in acting.console.calls()}


def asks_one_that_passes_over(acting: Acting) -> None:
    """ANSWER and HOLD are accepted and never seen where the telephone answers that it knows no such event."""
    with asking_telephones(acting) as asking, telephone(asking, Manner.PASSES_OVER) as phone:
        call = rings(asking, phone)
        asking.accepted(Act.ANSWER, HEEDING, call)
        call = answered(asking, phone, call)
        asking.accepted(Act.HOLD, HEEDING, call)
        phone.hang_up()
        asking.console.wait_call(lambda c: not c.live, "it ended")
        assert asking.told(HoldChanged) == 0


def asks_one_that_loses_the_call(acting: Acting) -> None:
    """HOLD loses the caller where the telephone answers 481, as Asterisk then ends the call: it is asked once only."""
    with asking_telephones(acting) as asking:
        phone = asking.live.phone("1001")
        call = answered(asking, phone, rings(asking, phone))
        asking.accepted(Act.HOLD, "1001", call)
        lost = asking.then(lambda c: c.id == call.id and not c.live, "Asterisk ended it")
        assert (lost.ended_by, lost.outcome) == ("system", CallOutcome.ANSWERED)
        call = rings(asking, phone)
        answer = asking.ask(Act.ANSWER, "1001", call)
        assert (answer.answer, answer.sentence) == (Answer.REFUSED, LOST_BY_ASKING)
        answered(asking, phone, call)
