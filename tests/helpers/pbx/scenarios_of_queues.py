"""Scenarios of callers who ring a line: answered, given up, refused, withheld, held, two at once.

Each is a function that plays on a :class:`Stage` and writes down what it did; its name is that of the recordings.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from tests.helpers.pbx import scenario_lines as lines
from tests.helpers.pbx.callers import Privacy
from tests.helpers.pbx.configuration import MEMBERS
from tests.helpers.pbx.stage import Stage, Visit
from tests.helpers.pbx.truth import now


def _answered(x: Stage, visit: Visit) -> None:
    visit.rings(*MEMBERS)
    visit.answered_by("1001")
    visit.rings_off()


def q_answered(x: Stage) -> None:
    """A call to the ring-all queue is answered by 1001; the caller rings off."""
    _answered(x, x.call_in("02079460123", name="A Caller"))


def q_agent_hangup(x: Stage) -> None:
    """1002 answers and hangs up first."""
    visit = x.call_in("07700900111")
    visit.rings(*MEMBERS)
    visit.answered_by("1002")
    visit.dropped_by("1002")


def q_abandoned(x: Stage) -> None:
    """The caller gives up while the telephones ring, on a line that the queue has answered."""
    visit = x.call_in("07700900222")
    visit.rings(*MEMBERS)
    visit.rings_off()


def q_abandoned_cancel(x: Stage) -> None:
    """The same on a line that nobody has answered."""
    visit = x.call_in("07700900222", lines.IN_TURN, lines.TURN_QUEUE, cancels=True)
    visit.rings("1001")
    visit.rings_off()


def q_ringnoanswer_then_answer(x: Stage) -> None:
    """The first telephone is not answered, the second is."""
    visit = x.call_in("07700900333", lines.IN_TURN, lines.TURN_QUEUE)
    visit.rings("1001")
    visit.rings("1002")
    visit.answered_by("1002")
    visit.rings_off()


def q_rejected_then_answer(x: Stage) -> None:
    """The first telephone refuses, the second answers."""
    visit = x.call_in("07700900444", lines.IN_TURN, lines.TURN_QUEUE)
    visit.rings("1001")
    x.phone("1001").reject()
    visit.rings("1002")
    visit.answered_by("1002")
    visit.rings_off()


def q_local_members(x: Stage) -> None:
    """The queue's members are Local channels that stay."""
    _answered(x, x.call_in("02079460124", lines.LOCAL, lines.LOCAL_QUEUE))


def q_local_optimised(x: Stage) -> None:
    """The queue's member is a Local channel that takes itself out of the way."""
    visit = x.call_in("02079460125", lines.OPTIMISED, lines.OPTIMISED_QUEUE)
    visit.rings("1001")
    visit.answered_by("1001")
    x.breathe(1.0)
    visit.rings_off()


def two_at_once(x: Stage) -> None:
    """Two callers, each answered by another telephone."""
    one = x.call_in("02079460131")
    one.rings(*MEMBERS)
    one.answered_by("1001")
    two = x.call_in("02079460132")
    two.rings("1002")
    two.answered_by("1002")
    two.rings_off()
    one.rings_off()


def two_same_instant(x: Stage) -> None:
    """Two callers in one instant; who rings for whom is the switchboard's choice, and the telephones know it."""
    both = {number: x.call_in(number) for number in ("02079460133", "02079460134")}
    taken: list[str] = []
    for extension in MEMBERS:
        phone = x.phone(extension)
        x.until_rung_by(extension, [number for number in both if number not in taken])
        began = now()
        phone.answer()
        phone.connected()
        taken.append(phone.partner())
        both[taken[-1]].taken_by(extension, began)
    for number, visit in both.items():
        visit.is_true(rang=x.rung_by(number))
        visit.rings_off()


def same_number_twice(x: Stage) -> None:
    """The same number rings twice: given up, then answered."""
    first = x.call_in("07700900555")
    first.rings(*MEMBERS)
    first.rings_off()
    _answered(x, x.call_in("07700900555"))


def withheld_pai(x: Stage) -> None:
    """The number is withheld and asserted to the switchboard alone."""
    _answered(x, x.call_in("02079460140", privacy=Privacy.ASSERTED))


def withheld_bare(x: Stage) -> None:
    """The number is withheld, and nothing asserted."""
    _answered(x, x.call_in("02079460140", privacy=Privacy.ANONYMOUS))


def number_unavailable(x: Stage) -> None:
    """The network has no number to give."""
    _answered(x, x.call_in("02079460140", privacy=Privacy.NONE))


def presentation_number(x: Stage) -> None:
    """The number shown is not the network's; this switchboard trusts the network's, which has no name."""
    asserted = "P-Asserted-Identity: <tel:+442079460150>\n"
    visit = x.call_in("+441632960777", name="Ward 7", more=asserted)
    visit.is_true(caller="+442079460150", caller_e164="+442079460150", name=None)
    _answered(x, visit)


def diverted(x: Stage) -> None:
    """The call was diverted to us from another line."""
    header = "Diversion: <sip:01632960555@127.0.0.2>;reason=unconditional;counter=1;privacy=off\n"
    visit = x.call_in("07700900666", more=header)
    visit.is_true(diverted_from="01632960555")
    _answered(x, visit)


def odd_name(x: Stage) -> None:
    """A name with an accent, an apostrophe, quotation marks and a colon, kept as the wire has it."""
    _answered(x, x.call_in("02079460160", name='Zoë O\'Brien: \\"Zed\\"'))


def hold_unhold(x: Stage) -> None:
    """1001 holds the caller twice."""
    visit = x.talking("02079460170")
    for _ in range(2):
        x.phone("1001").hold()
        x.breathe()
        x.phone("1001").resume()
        x.breathe()
    visit.is_true(holds=2)
    visit.rings_off()


def hangup_on_hold(x: Stage) -> None:
    """The caller rings off while on hold."""
    visit = x.talking("02079460171")
    x.phone("1001").hold()
    x.breathe()
    visit.is_true(holds=1)
    visit.rings_off()


def dtmf(x: Stage) -> None:
    """1001 presses keys while talking."""
    visit = x.talking("02079460240")
    x.phone("1001").press("15")
    x.breathe()
    visit.rings_off()


def q_timeout(x: Stage) -> None:
    """Nobody answers, the queue gives up after its limit and plays a message; the caller rings off meanwhile."""
    visit = x.call_in("02079460250", lines.SHORT, lines.TURN_QUEUE)
    visit.rings("1001")
    x.hands.until_doing("Playback")
    visit.is_true(outcome="queue_timeout", rang=x.rung_by("02079460250"))
    visit.rings_off()


def q_all_paused(x: Stage) -> None:
    """Everybody is paused, so nobody rings; the message ends and the switchboard hangs up."""
    pause = {"Queue": lines.TURN_QUEUE, "Reason": "meal"}
    for extension in MEMBERS:
        x.hands.act("QueuePause", Interface=f"PJSIP/{extension}", Paused="true", **pause)
    visit = x.call_in("02079460253", lines.SHORT, lines.TURN_QUEUE)
    visit.is_true(outcome="queue_timeout")
    x.hands.until_doing("Playback")
    with visit.ending("system"):
        visit.caller.gone()
    for extension in MEMBERS:
        x.hands.act("QueuePause", Interface=f"PJSIP/{extension}", Paused="false", **pause)


def q_double_answer(x: Stage) -> None:
    """Two lift their handsets in one instant; one of them has the caller."""
    visit = x.call_in("02079460251")
    visit.rings(*MEMBERS)
    began = now()
    _at_once(*(x.phone(extension).answer for extension in MEMBERS))
    x.breathe(1.0)
    with_the_caller = x.hands.bridged(MEMBERS)
    assert len(with_the_caller) == 1, f"the switchboard gave the caller to {with_the_caller}"
    visit.taken_by(with_the_caller[0], began)
    visit.rings_off()


def q_answer_hangup_race(x: Stage) -> None:
    """The caller rings off in the instant of the answer: who was quicker is the switchboard's word."""
    visit = x.call_in("02079460252")
    visit.rings(*MEMBERS)
    began = now()
    with visit.ending("caller"):
        _at_once(x.phone("1001").answer, visit.caller.ring_off)
    x.breathe()
    if x.hands.bridged(("1001",)):
        visit.taken_by("1001", began)


def _at_once(*acts: object) -> None:
    """Do all in the same instant; one that came too late has failed, and that is no fault."""

    def quietly(act: object) -> None:
        with suppress(AssertionError):
            assert callable(act)
            act()

    threads = [threading.Thread(target=quietly, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


QUEUES = (
    q_answered, q_agent_hangup, q_abandoned, q_abandoned_cancel, q_ringnoanswer_then_answer, q_rejected_then_answer,
    q_local_members, q_local_optimised, two_at_once, two_same_instant, same_number_twice, withheld_pai, withheld_bare,
    number_unavailable, presentation_number, diverted, odd_name, hold_unhold, hangup_on_hold, dtmf, q_timeout,
    q_all_paused, q_double_answer, q_answer_hangup_race,
)  # fmt: skip
