"""The Asterisk adapter against a real Asterisk with real SIP telephones and callers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import LinkState
from console.domain.calls import (
    Call,
    CallOutcome,
    CallState,
    Certainty,
    Direction,
    Presentation,
    Transfer,
    TransferKind,
)
from console.ports.switchboard import Act, Answer
from telephony_adapters.asterisk_ami import connect
from tests.helpers.pbx.callers import HIDDEN, Privacy
from tests.helpers.pbx.configuration import LINE, QUEUE
from tests.helpers.pbx.folding import Folding, folding
from tests.helpers.pbx.live import LiveAsterisk, own_switchboard
from tests.helpers.pbx.phones import Phones
from tests.helpers.pbx.simulated import ask

pytest_plugins = ["tests.helpers.pbx.fixtures"]
pytestmark = pytest.mark.needs("asterisk", "sipp")


@pytest.fixture
def console(live_asterisk: LiveAsterisk) -> Iterator[Folding]:
    """A connected console."""
    with folding(connect(live_asterisk.settings())) as fold:
        yield fold


def ended(call: Call) -> bool:
    """Say whether a call is over."""
    return not call.live


def test_a_call_is_queued_rings_is_answered_and_ended_by_the_caller(
    live_asterisk: LiveAsterisk, console: Folding
) -> None:
    caller = live_asterisk.call_in("07700900412", name="A Caller")
    live_asterisk.phone("1001").wait_ringing()
    call = console.wait_call(lambda c: c.alerting == {"1001", "1002"} and c.caller.settled, "both rang")
    assert (call.caller.number, call.caller.presentation) == ("07700900412", Presentation.ALLOWED)
    assert (call.caller.e164, call.caller.name) == ("+447700900412", "A Caller")
    assert (call.dialled, call.queue, call.certainty) == (LINE, QUEUE, Certainty.LIVE)
    live_asterisk.phone("1001").answer()
    # The other one rings until it is told that the call is taken.
    console.wait_call(lambda c: c.talking == {"1001"} and not c.alerting, "1001 answered, and nobody rings any more")
    caller.ring_off()
    call = console.wait_call(ended, "the call ended")
    assert (call.outcome, call.ended_by) == (CallOutcome.ANSWERED, "caller")
    assert (call.answered_by, set(call.rang)) == (("1001",), {"1001", "1002"})
    assert call.offered_at is not None
    assert call.answered_at is not None
    assert call.ended_at is not None
    assert call.offered_at <= call.answered_at <= call.ended_at
    assert console.oddities() == ()


def test_the_adviser_hangs_up(live_asterisk: LiveAsterisk, console: Folding) -> None:
    caller = live_asterisk.call_in("07700900412")
    live_asterisk.phone("1002").wait_ringing()
    live_asterisk.phone("1002").answer()
    console.wait_call(lambda c: c.talking == {"1002"}, "1002 answered")
    live_asterisk.phone("1002").hang_up()
    caller.gone()
    call = console.wait_call(ended, "the call ended")
    assert (call.outcome, call.ended_by, call.answered_by) == (CallOutcome.ANSWERED, "1002", ("1002",))


def test_a_caller_who_rings_off_is_abandoned(live_asterisk: LiveAsterisk, console: Folding) -> None:
    caller = live_asterisk.call_in("01632960741")
    live_asterisk.phone("1001").wait_ringing()
    console.wait_call(lambda c: c.alerting == {"1001", "1002"}, "both rang")
    caller.ring_off()
    call = console.wait_call(ended, "the call ended")
    assert (call.outcome, call.ended_by, call.answered_by) == (CallOutcome.ABANDONED, "caller", ())


@pytest.mark.parametrize(("privacy", "presentation"), HIDDEN)
def test_a_number_that_may_not_be_shown_never_leaves_the_adapter(
    live_asterisk: LiveAsterisk, console: Folding, privacy: Privacy, presentation: Presentation
) -> None:
    caller = live_asterisk.call_in("02079460140", privacy=privacy)
    live_asterisk.phone("1001").wait_ringing()
    live_asterisk.phone("1001").answer()
    call = console.wait_call(lambda c: c.talking == {"1001"} and c.caller.settled, "1001 answered")
    assert (call.caller.presentation, call.caller.number, call.caller.e164) == (presentation, "", "")
    caller.ring_off()
    console.wait_call(ended, "the call ended")
    assert "946014" not in repr(console.facts) + repr(console.changes) + repr(console.calls())


def test_a_blind_transfer_changes_hands_and_stays_one_call(live_asterisk: LiveAsterisk, console: Folding) -> None:
    caller = live_asterisk.call_in("02079460180")
    live_asterisk.phone("1001").wait_ringing()
    live_asterisk.phone("1001").answer()
    first = console.wait_call(lambda c: c.talking == {"1001"}, "1001 answered")
    live_asterisk.phone("1001").blind_transfer("1003")
    live_asterisk.phone("1003").wait_ringing()
    console.wait_call(lambda c: "1003" in c.alerting, "1003 rang")
    live_asterisk.phone("1003").answer()
    console.wait_call(lambda c: c.talking == {"1003"}, "1003 answered")
    caller.ring_off()
    call = console.wait_call(ended, "the call ended")
    assert call.id == first.id
    assert len(console.calls()) == 1
    assert call.transfers == (Transfer(TransferKind.BLIND, "1001", "1003"),)
    assert (call.answered_by, call.outcome, call.ended_by) == (("1001", "1003"), CallOutcome.ANSWERED, "caller")


def test_a_hold_is_seen_and_counted(live_asterisk: LiveAsterisk, console: Folding) -> None:
    live_asterisk.call_in("02079460170")
    phone = live_asterisk.phone("1001")
    phone.wait_ringing()
    phone.answer()
    console.wait_call(lambda c: c.talking == {"1001"}, "1001 answered")
    phone.hold()
    console.wait_call(lambda c: c.state is CallState.HELD, "it was held")
    phone.resume()
    call = console.wait_call(lambda c: c.state is CallState.CONNECTED and c.holds == 1, "it was taken back")
    assert call.held_since is None


def test_the_console_transfers_and_hangs_up(live_asterisk: LiveAsterisk) -> None:
    switchboard = connect(live_asterisk.settings())
    with folding(switchboard) as console:
        caller = live_asterisk.call_in("02079460181")
        live_asterisk.phone("1001").wait_ringing()
        live_asterisk.phone("1001").answer()
        call = console.wait_call(lambda c: c.talking == {"1001"}, "1001 answered")
        provider = min(console.book.provider_ids(call.id))
        assert ask(switchboard, Act.BLIND_TRANSFER, "1001", provider, target="999").answer is Answer.REFUSED
        assert ask(switchboard, Act.BLIND_TRANSFER, "1001", provider, target="1003").answer is Answer.ACCEPTED
        live_asterisk.phone("1003").wait_ringing()
        live_asterisk.phone("1003").answer()
        console.wait_call(lambda c: c.talking == {"1003"}, "1003 answered")
        assert ask(switchboard, Act.HANG_UP, "1003", provider).answer is Answer.ACCEPTED
        caller.gone()
        call = console.wait_call(ended, "the call ended")
        assert (call.answered_by, call.ended_by) == (("1001", "1003"), "1003")
        assert call.outcome is CallOutcome.ANSWERED


def test_a_call_out_that_is_ended_on_a_screen_was_ended_there(live_asterisk: LiveAsterisk) -> None:
    switchboard, far = connect(live_asterisk.settings()), "01632960162"
    with folding(switchboard) as console, Phones(live_asterisk.pbx.plan, (far,), outside=True) as world:
        assert ask(switchboard, Act.ORIGINATE, "1004", target=far).answer is Answer.ACCEPTED
        for phone in (live_asterisk.phone("1004"), world[far]):
            phone.wait_ringing()
            phone.answer()
        call = console.wait_call(lambda c: c.answered_by == ("outside",), "they answered")
        provider = min(console.book.provider_ids(call.id))
        assert ask(switchboard, Act.HANG_UP, "1004", provider).answer is Answer.ACCEPTED
        call = console.wait_call(ended, "the call ended")
    assert (call.direction, call.dialled) == (Direction.OUTBOUND, "901632960162")
    assert (call.outcome, call.ended_by) == (CallOutcome.ANSWERED, "1004")


def test_a_console_that_comes_in_mid_call_learns_how_things_stand(live_asterisk: LiveAsterisk) -> None:
    live_asterisk.call_in("07700900413")
    live_asterisk.phone("1001").wait_ringing()
    live_asterisk.phone("1001").answer()
    waiting = live_asterisk.call_in("01632960741")
    live_asterisk.phone("1002").wait_ringing()
    live_asterisk.phone("1002").wait_ringing()
    with folding(connect(live_asterisk.settings())) as console:
        spoken = console.wait_call(lambda c: c.talking == {"1001"} and c.caller.settled, "the spoken call is known")
        assert spoken.caller.number == "07700900413"
        console.wait_call(lambda c: c.waiting() and c.caller.number == "01632960741", "the waiting one is known")
        waiting.ring_off()
        console.wait_call(ended, "the waiting caller rang off")


def test_a_telephone_left_paused_rings_again_in_the_next_test(live_asterisk: LiveAsterisk) -> None:
    switchboard = connect(live_asterisk.settings())
    with folding(switchboard):
        assert ask(switchboard, Act.PAUSE, "1001", reason="Wrap-up").answer is Answer.ACCEPTED
    assert "paused:Wrap-up" in live_asterisk.pbx.cli("queue show oohs")
    live_asterisk.quiet()
    live_asterisk.call_in("07700900413")
    live_asterisk.phone("1001").wait_ringing()


@pytest.mark.expects_log
@pytest.mark.parametrize("how", ["core restart now", "killed and started again"])
def test_a_switchboard_that_dies_is_found_again_and_its_calls_are_over(how: str) -> None:
    with own_switchboard() as live, folding(connect(live.settings())) as console:
        live.call_in("07700900412")
        live.phone("1001").wait_ringing()
        live.phone("1001").answer()
        console.wait_call(lambda c: c.talking == {"1001"}, "1001 answered")
        if how == "core restart now":
            live.pbx.restart()
        else:
            live.pbx.kill()
            console.wait_link(LinkState.LOST)
            assert [call.certainty for call in console.calls()] == [Certainty.STALE]
            live.pbx.start()
        call = console.wait_call(ended, "the old call was given up")
        # One that restarts by itself still says how its calls ended.
        assert call.outcome is (CallOutcome.ANSWERED if how == "core restart now" else CallOutcome.UNKNOWN)
        assert call.ended_by != "1001", "nobody of ours ended it: to the caller the line dropped"
        console.wait_link(LinkState.CONNECTED)
        live.register()
        live.call_in("07700900413")
        live.phone("1001").wait_ringing()
        new = console.wait_call(lambda c: c.waiting() and "1001" in c.alerting, "the next call rings")
        assert new.id != call.id
