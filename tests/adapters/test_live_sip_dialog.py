"""Watching a real Asterisk by its dialog events, with real SIP telephones and callers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from console.domain.call_events import LinkState
from console.domain.calls import Call, CallOutcome, CallState, Certainty, Direction, Presentation, Unmarked
from telephony_adapters.sip_dialog import SipSettings, Transport, connect
from tests.helpers.pbx.callers import HIDDEN, Privacy
from tests.helpers.pbx.folding import Folding, folding
from tests.helpers.pbx.live import LiveAsterisk, own_switchboard
from tests.helpers.pbx.phones import Phones

pytest_plugins = ["tests.helpers.pbx.fixtures"]
pytestmark = pytest.mark.needs("asterisk", "sipp")


def settings(live: LiveAsterisk, transport: Transport = Transport.UDP) -> SipSettings:
    """Return what a console must be told to watch the first three telephones with the account of the fourth."""
    plan = live.pbx.plan
    return SipSettings(
        port=plan.sip_port,
        transport=transport,
        user="1004",
        secret=plan.phone_secret,
        extensions="1001 1002 1003",
        unmarked_numbers=Unmarked.SHOW,
    )


@contextmanager
def watching(live: LiveAsterisk, transport: Transport = Transport.UDP) -> Iterator[Folding]:
    """A console that only watches."""
    with folding(connect(settings(live, transport))) as fold:
        yield fold


def ended(call: Call) -> bool:
    """Say whether a call is over."""
    return not call.live


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_a_call_to_two_telephones_is_one_call_from_ring_to_end(
    live_asterisk: LiveAsterisk, transport: Transport
) -> None:
    with watching(live_asterisk, transport) as console:
        caller = live_asterisk.call_in("07700900412", name="A Caller")
        call = console.wait_call(lambda c: c.alerting == {"1001", "1002"}, "both rang")
        assert (call.caller.number, call.caller.name) == ("07700900412", "A Caller")
        assert (call.caller.presentation, call.certainty) == (Presentation.UNKNOWN, Certainty.ASSUMED)
        live_asterisk.phone("1001").wait_ringing()
        live_asterisk.phone("1001").answer()
        call = console.wait_call(lambda c: c.talking == {"1001"} and not c.alerting, "1001 answered")
        assert call.caller.number == "07700900412"
        caller.ring_off()
        call = console.wait_call(ended, "the call ended")
        assert (call.outcome, call.ended_by, call.answered_by) == (CallOutcome.ANSWERED, "unknown", ("1001",))
        assert (len(console.calls()), console.oddities()) == (1, ())


@pytest.mark.parametrize(("privacy", "presentation"), HIDDEN)
def test_a_number_that_may_not_be_shown_never_leaves_the_adapter(
    live_asterisk: LiveAsterisk, privacy: Privacy, presentation: Presentation
) -> None:
    with watching(live_asterisk) as console:
        caller = live_asterisk.call_in("02079460140", privacy=privacy)
        call = console.wait_call(lambda c: c.alerting == {"1001", "1002"}, "both rang")
        assert (call.caller.presentation, call.caller.number) == (presentation, "")
        live_asterisk.phone("1002").wait_ringing()
        live_asterisk.phone("1002").answer()
        console.wait_call(lambda c: c.talking == {"1002"} and not c.alerting, "1002 answered")
        caller.ring_off()
        console.wait_call(ended, "the call ended")
        assert "946014" not in repr(console.facts) + repr(console.changes) + repr(console.calls())


def test_a_caller_whom_nobody_answers_waits_for_the_queues_next_try(live_asterisk: LiveAsterisk) -> None:
    with watching(live_asterisk) as console:
        live_asterisk.call_in("01632960741")
        first = console.wait_call(lambda c: c.alerting == {"1001", "1002"}, "both rang")
        for extension in ("1001", "1002"):
            live_asterisk.phone(extension).wait_ringing()
            live_asterisk.phone(extension).reject()
        console.wait_call(lambda c: c.state is CallState.QUEUED, "nobody rings")
        again = console.wait_call(lambda c: c.alerting == {"1001", "1002"}, "the queue rang both again")
        assert (again.id, again.rang, len(console.calls())) == (first.id, first.rang, 1)


def test_a_call_among_our_own_telephones_is_one_call(live_asterisk: LiveAsterisk) -> None:
    with watching(live_asterisk) as console:
        live_asterisk.phone("1003").dial("1001")
        call = console.wait_call(lambda c: "1001" in c.alerting, "1001 rang")
        assert (call.direction, call.caller.number) == (Direction.INTERNAL, "1003")
        live_asterisk.phone("1001").wait_ringing()
        live_asterisk.phone("1001").answer()
        console.wait_call(lambda c: c.talking == {"1001", "1003"}, "1001 answered")
        live_asterisk.phone("1003").hang_up()
        console.wait_call(ended, "the call ended")
        assert len(console.calls()) == 1


def test_a_telephone_that_rings_out_is_in_use_and_opens_no_record(live_asterisk: LiveAsterisk) -> None:
    far = "01632960162"
    with watching(live_asterisk) as console, Phones(live_asterisk.pbx.plan, (far,), outside=True) as world:
        live_asterisk.phone("1003").dial(f"9{far}")
        world[far].wait_ringing()
        world[far].answer()
        call = console.wait_call(lambda c: "1003" in c.talking, "1003 is in use")
        assert (call.direction, call.dialled, call.certainty) == (Direction.OUTBOUND, "", Certainty.ASSUMED)
        live_asterisk.phone("1003").hang_up()
        console.wait_call(ended, "the call ended")


def test_a_console_that_comes_in_mid_call_learns_how_things_stand(live_asterisk: LiveAsterisk) -> None:
    live_asterisk.call_in("07700900413")
    live_asterisk.phone("1001").wait_ringing()
    with watching(live_asterisk) as console:
        call = console.wait_call(lambda c: c.waiting() and c.alerting == {"1001", "1002"}, "it is known to wait")
        assert call.caller.number == "07700900413"
        assert all(change.late for change in console.changes if change.call == call.id)


def test_whoever_leaves_gives_the_subscriptions_back(live_asterisk: LiveAsterisk) -> None:
    def watchers() -> int:
        # One that was given back has no time left, but may stay listed for long.
        listed = live_asterisk.pbx.cli("pjsip show subscriptions inbound")
        return sum(left != "0" for left in re.findall(r"Expiry: +(\d+)", listed))

    with watching(live_asterisk):
        assert watchers() == 3
    deadline = time.monotonic() + 10
    while watchers() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert watchers() == 0


@pytest.mark.expects_log
@pytest.mark.parametrize(("how", "transport"), [("restart", Transport.UDP), ("kill", Transport.TCP)])
def test_a_switchboard_that_dies_is_found_again_and_its_calls_are_over(how: str, transport: Transport) -> None:
    with own_switchboard() as live, watching(live, transport) as console:
        live.call_in("07700900412")
        live.phone("1001").wait_ringing()
        live.phone("1001").answer()
        console.wait_call(lambda c: c.talking == {"1001"} and not c.alerting, "1001 answered")
        if how == "restart":
            live.pbx.restart()
        else:
            live.pbx.kill()
            console.wait_link(LinkState.LOST)
            assert [call.certainty for call in console.calls()] == [Certainty.STALE]
            live.pbx.start()
        call = console.wait_call(ended, "the old call was given up", 60)
        console.wait_link(LinkState.CONNECTED)
        live.register()
        live.call_in("07700900413")
        live.phone("1001").wait_ringing()
        new = console.wait_call(lambda c: c.waiting() and "1001" in c.alerting, "the next call rings", 40)
        assert (new.caller.number, new.id != call.id) == ("07700900413", True)
