"""Every act of a console on a real switchboard: ``python -m tests.helpers.pbx.live_actions`` prints the table.

The tests run these scenes one by one.  It needs what they need: NIGHTDESK_ASTERISK_ROOT and SIPp.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from console.domain.call_events import AgentPaused, SupervisionBegan
from console.domain.calls import Asked, Call, CallState, Transfer, TransferKind
from console.ports.switchboard import Act, Answer
from telephony_adapters.asterisk_ami import connect
from tests.helpers.pbx import scenes_by_notify as by_notify
from tests.helpers.pbx.acting import NUMBER, Acting, acting_on
from tests.helpers.pbx.configuration import QUEUE, SECOND_CAR_PARK
from tests.helpers.pbx.folding import folding
from tests.helpers.pbx.live import own_switchboard
from tests.helpers.pbx.manager_hands import hands_at
from tests.helpers.pbx.phones import Phones
from tests.helpers.pbx.simulated import ask

FAR = "01632960162"
REDIALS_WITHIN = 15.0
"""Seconds until a colleague who is asked again must ring; one whom nothing reaches never does."""


def hangs_up(acting: Acting) -> None:
    """HANG_UP ends the call, and says who did."""
    call = acting.answered()
    acting.accepted(Act.HANG_UP, "1001", call)
    assert acting.then(lambda c: not c.live, "it ended").ended_by == "1001"


def rejects(acting: Acting) -> None:
    """REJECT silences one telephone; the other rings on."""
    acting.live.call_in(NUMBER)
    acting.live.phone("1001").wait_ringing()
    call = acting.console.wait_call(lambda c: c.alerting == {"1001", "1002"}, "both rang")
    acting.accepted(Act.REJECT, "1001", call)
    assert acting.then(lambda c: c.alerting == {"1002"}, "one rings on").live


def _given(acting: Acting, act: Act, to: str, kind: TransferKind) -> None:
    """Let 1001 answer and give the caller away."""
    call = acting.answered()
    acting.accepted(act, "1001", call, to)
    acting.live.phone(to).wait_ringing()
    acting.live.phone(to).answer()
    call = acting.then(lambda c: c.talking == {to}, f"{to} has the caller")
    assert call.transfers == (Transfer(kind, "1001", to),)


def blind(acting: Acting) -> None:
    """BLIND_TRANSFER gives the caller away."""
    _given(acting, Act.BLIND_TRANSFER, "1003", TransferKind.BLIND)


def _asked(acting: Acting) -> Call:
    call = acting.answered()
    acting.accepted(Act.START_ATTENDED, "1001", call, "1003")
    acting.live.phone("1003").wait_ringing()
    acting.live.phone("1003").answer()
    return acting.then(lambda c: c.state is CallState.HELD and not c.alerting, "the caller waits, 1003 is asked")


def asked_seen_anew(acting: Acting) -> None:
    """A console that is started in the middle of asking sees whom, and that the caller waits; it can give over."""
    call = _asked(acting)
    switchboard = connect(acting.live.settings())
    with folding(switchboard) as late:
        seen_anew = late.wait_call(lambda c: c.asked == Asked("1003", answered=True), "1003 is asked")
        assert (seen_anew.state, seen_anew.talking) == (CallState.HELD, frozenset({"1001"}))
        (provider,) = late.book.provider_ids(seen_anew.id)
        answer = ask(switchboard, Act.COMPLETE_ATTENDED, "1001", provider)
        assert answer.answer is Answer.ACCEPTED, answer
        late.wait_call(lambda c: c.talking == {"1003"} and c.asked is None, "1003 has the caller, as seen anew")
    assert acting.then(lambda c: c.talking == {"1003"}, "1003 has the caller").id == call.id


def attended(acting: Acting) -> None:
    """START_ATTENDED asks a colleague while the caller waits; COMPLETE_ATTENDED gives the caller over."""
    call = _asked(acting)
    acting.accepted(Act.COMPLETE_ATTENDED, "1001", call)
    call = acting.then(lambda c: c.talking == {"1003"}, "1003 has the caller")
    assert call.transfers == (Transfer(TransferKind.ATTENDED, "1001", "1003"),)


def cancelled(acting: Acting) -> None:
    """CANCEL_ATTENDED brings the worker back to the caller."""
    call = _asked(acting)
    acting.accepted(Act.CANCEL_ATTENDED, "1001", call)
    call = acting.then(lambda c: c.state is CallState.CONNECTED, "back with the caller")
    assert (call.talking, call.transfers) == (frozenset({"1001"}), ())


def asks_again_at_once(acting: Acting) -> None:
    """START_ATTENDED right after CANCEL_ATTENDED rings the colleague, though Asterisk loses keys for a moment."""
    call = _asked(acting)
    for _ in range(2):
        acting.accepted(Act.CANCEL_ATTENDED, "1001", call)
        acting.then(lambda c: c.state is CallState.CONNECTED, "back with the caller")
        acting.accepted(Act.START_ATTENDED, "1001", call, "1003")
        acting.live.phone("1003").wait_ringing(REDIALS_WITHIN)
        acting.then(lambda c: c.alerting == {"1003"}, "1003 rings again")


def conference(acting: Acting) -> None:
    """CONFERENCE keeps all three, once a colleague is being asked; one of them may leave."""
    call = acting.answered()
    assert acting.ask(Act.CONFERENCE, "1001", call).answer is Answer.REFUSED
    acting.accepted(Act.START_ATTENDED, "1001", call, "1003")
    acting.live.phone("1003").wait_ringing()
    acting.live.phone("1003").answer()
    acting.then(lambda c: c.state is CallState.HELD and not c.alerting, "the caller waits, 1003 is asked")
    acting.accepted(Act.CONFERENCE, "1001", call)
    call = acting.then(lambda c: c.talking == {"1001", "1003"}, "all three")
    assert (call.state, call.joined, call.transfers) == (CallState.CONFERENCE, ("1003",), ())
    acting.live.phone("1003").hang_up()
    call = acting.console.wait_call(lambda c: c.talking == {"1001"}, "1003 left")
    assert call.state is CallState.CONNECTED, "the caller, held for the asking, is held no more"


def redirects_what_rings(acting: Acting) -> None:
    """REDIRECT leads on a caller whom nobody has answered."""
    acting.live.call_in(NUMBER)
    acting.live.phone("1001").wait_ringing()
    call = acting.console.wait_call(lambda c: "1001" in c.alerting, "it rings")
    assert acting.ask(Act.REDIRECT, "1003", call, "1004").answer is Answer.REFUSED
    acting.accepted(Act.REDIRECT, "1001", call, "1004")
    acting.live.phone("1004").wait_ringing()
    acting.live.phone("1004").answer()
    assert acting.then(lambda c: c.talking == {"1004"}, "1004 has the caller").answered_by == ("1004",)


def redirects_what_talks(acting: Acting) -> None:
    """REDIRECT leads on a caller with whom one talks."""
    _given(acting, Act.REDIRECT, "1004", TransferKind.REDIRECT)


def dials(acting: Acting) -> None:
    """ORIGINATE rings one's own telephone, then the number, and never 999; DTMF is heard by the other side."""
    with Phones(acting.live.pbx.plan, (FAR,), outside=True) as world:
        assert acting.ask(Act.ORIGINATE, "1003", target="999").answer is Answer.REFUSED
        acting.accepted(Act.ORIGINATE, "1003", target=FAR)
        for phone in (acting.live.phone("1003"), world[FAR]):
            phone.wait_ringing()
            phone.answer()
        call = acting.then(lambda c: c.answered_by == ("outside",), "they answered")
        acting.accepted(Act.DTMF, "1003", call, "5#")
        world[FAR].wait_digits("5#")
        acting.note(f"{FAR} heard {world[FAR].heard}")
        assert acting.live.phone("1003").heard == "", "the digits are not for the worker's own ear"


def parks(acting: Acting) -> None:
    """PARK puts the caller aside; RETRIEVE rings one's own telephone and fetches them once it is lifted."""
    call = acting.answered()
    assert acting.ask(Act.RETRIEVE, "1004", call).answer is Answer.REFUSED
    acting.accepted(Act.PARK, "1001", call)
    call = acting.then(lambda c: c.state is CallState.PARKED, "the caller is parked")
    acting.accepted(Act.RETRIEVE, "1004", call)
    acting.live.phone("1004").wait_ringing()
    assert acting.console.calls()[0].state is CallState.PARKED, "whoever is not fetched yet is not lost"
    acting.live.phone("1004").answer()
    # That they were fetched is told after 1004 has joined them.
    call = acting.then(lambda c: c.talking == {"1004"} and bool(c.transfers), "1004 has the caller")
    assert call.transfers == (Transfer(TransferKind.PARK, "1001", "1004"),)
    assert len(acting.console.calls()) == 1, "fetching is no call of its own"
    acting.accepted(Act.HANG_UP, "1004", call)
    acting.then(lambda c: not c.live, "it ended")


def fetches_from_before(acting: Acting) -> None:
    """RETRIEVE fetches a caller who was parked before this console came, as the switchboard's own list tells."""
    acting.accepted(Act.PARK, "1001", acting.answered())
    acting.then(lambda c: c.state is CallState.PARKED, "the caller is parked")
    with acting_on(acting.live) as late:
        call = late.console.wait_call(lambda c: c.state is CallState.PARKED, "the caller is known to be parked")
        late.rows = acting.rows
        late.accepted(Act.RETRIEVE, "1004", call)
        late.live.phone("1004").wait_ringing()
        late.live.phone("1004").answer()
        late.then(lambda c: c.talking == {"1004"}, "1004 has the caller")
        assert len(late.console.calls()) == 1


def fetches_the_right_one(acting: Acting) -> None:
    """RETRIEVE fetches whoever is meant where two car parks have a place of the same number."""
    acting.accepted(Act.PARK, "1001", acting.answered())
    acting.then(lambda c: c.state is CallState.PARKED, "one is parked")
    acting.live.call_in("07700900733")
    acting.console.wait_call(lambda c: "1002" in c.alerting, "another rings")
    acting.live.phone("1002").wait_ringing()
    acting.live.phone("1002").answer()
    other = acting.console.wait_call(lambda c: c.talking == {"1002"}, "1002 answered another")
    plan = acting.live.pbx.plan
    with hands_at(acting.live.pbx, plan.ami_user, plan.ami_secret) as hands:
        hands.act("Park", Channel=hands.channel("trunk"), Parkinglot=SECOND_CAR_PARK)
    acting.console.wait_call(lambda c: c.id == other.id and c.state is CallState.PARKED, "the other is parked")
    acting.accepted(Act.RETRIEVE, "1004", other)
    acting.live.phone("1004").wait_ringing()
    acting.live.phone("1004").answer()
    acting.then(lambda c: c.id == other.id and c.talking == {"1004"}, "1004 has the one that was meant")


def pauses(acting: Acting) -> None:
    """PAUSE with a reason takes a telephone out of its queue; UNPAUSE puts it back."""
    acting.accepted(Act.PAUSE, "1001", reason="Wrap-up")
    acting.console.wait(lambda: _told_paused(acting), "it is told")
    acting.note(_member(acting))
    assert "paused:Wrap-up" in _member(acting)
    acting.accepted(Act.UNPAUSE, "1001")
    acting.console.wait(lambda: not _told_paused(acting), "it is told that it is back")
    acting.note(_member(acting))
    assert "paused" not in _member(acting)


def _told_paused(acting: Acting) -> bool:
    told = [fact for fact in acting.console.facts if isinstance(fact, AgentPaused) and fact.extension == "1001"]
    return bool(told) and told[-1].paused


def _member(acting: Acting) -> str:
    lines = acting.live.pbx.cli(f"queue show {QUEUE}").splitlines()
    return next(" ".join(line.split()) for line in lines if "1001" in line)


def supervises(acting: Acting) -> None:
    """LISTEN, WHISPER and BARGE ring one's own telephone and hear the call; the next of them takes its place."""
    call = acting.answered()
    assert acting.ask(Act.LISTEN, "1001", call).answer is Answer.REFUSED, "nobody listens to themselves"
    for times, (act, option) in enumerate(((Act.LISTEN, "qES"), (Act.WHISPER, "qwES"), (Act.BARGE, "qBES")), 1):
        acting.accepted(act, "1003", call, "1001")
        acting.live.phone("1003").wait_ringing()
        acting.live.phone("1003").answer()
        acting.console.wait(lambda opt=option: f",{opt}" in acting.own(), f"{act.value} is under way")  # type: ignore[misc]  # no type for a default
        # The switchboard's list is ahead of its events: until this one is told, the console sees the one before.
        acting.console.wait(lambda n=times: acting.told(SupervisionBegan) == n, f"{act.value} is told")  # type: ignore[misc]  # no type for a default
        call = acting.then(lambda c: bool(c.supervisors), "1003 hears it")
        assert [one.extension for one in call.supervisors] == ["1003"]
    acting.live.phone("1003").hang_up()
    call = acting.console.wait_call(lambda c: not c.supervisors, "1003 hears it no more")
    assert (call.talking, call.supervised_by, call.joined) == (frozenset({"1001"}), ("1003",), ())
    assert len(acting.console.calls()) == 1, "listening is no call of its own"


def lifts_no_handset(acting: Acting) -> None:
    """ANSWER, HOLD, RESUME and OFFER_TO_TEAM: Asterisk has no such action, and a sentence says what to do."""
    call = acting.answered()
    for act in (Act.ANSWER, Act.HOLD, Act.RESUME, Act.OFFER_TO_TEAM):
        answer = acting.ask(act, "1001", call)
        assert (answer.answer, bool(answer.sentence)) == (Answer.UNSUPPORTED, True)


SCENES: dict[str, Callable[[Acting], None]] = {
    scene.__name__: scene
    for scene in (
        hangs_up, rejects, blind, attended, asked_seen_anew, cancelled, asks_again_at_once, conference,
        redirects_what_rings, redirects_what_talks, dials,
        parks, fetches_from_before, fetches_the_right_one, pauses, supervises, lifts_no_handset,
        by_notify.asks_one_that_heeds, by_notify.asks_for_one_of_two, by_notify.asks_one_that_passes_over,
        by_notify.asks_one_that_loses_the_call,
    )
}  # fmt: skip
"""By name.  Each begins and ends with a quiet switchboard."""


def main() -> int:
    """Run every scene and print the table."""
    print("action | before | answer | after")
    with own_switchboard() as live:
        for scene in SCENES.values():
            live.quiet()
            with acting_on(live) as acting:
                scene(acting)
            for row in acting.rows:
                print(" | ".join((row.act, row.before, row.answer, row.after)), flush=True)
        live.quiet()
    return 0


if __name__ == "__main__":
    sys.exit(main())
