"""What every switchboard keeps.  A case that fails says which promise of ``Switchboard`` is broken."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from queue import SimpleQueue
from uuid import UUID

import pytest

from console.domain.call_events import (
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    LinkState,
    SnapshotTaken,
)
from console.domain.call_reducer import CallBook
from console.domain.calls import Call, CallOutcome, CallState, Certainty, Presentation
from console.ports.switchboard import DIALS, TOO_MUCH, Act, Action, ActionAnswer, Answer, SinkFull
from telephony_adapters.contract.bench import SOON, Bench, Moment
from telephony_adapters.contract.wire_cases import test_a_silence_is_noticed as test_a_silence_is_noticed
from telephony_adapters.contract.wire_cases import (
    test_of_a_line_without_end_only_a_part_is_kept as test_of_a_line_without_end_only_a_part_is_kept,
)
from telephony_adapters.contract.wire_cases import (
    test_what_is_no_message_harms_no_call as test_what_is_no_message_harms_no_call,
)

EMERGENCIES = (
    *("999", "112", "18000", "9999", "9112", "918000", "+44999", "00 44 999", "+44(0)999"),
    *("141999", "1470 999", "9141999", "tel:999", "999#", "9 9 9", "\uff19\uff19\uff19"),
    *("0 999", "0999", "0 112", "018000", "00 112"),
)
"""Also behind prefixes, in a link, with a sign that ends dialling, and in digits of another width.

0 before it is an outside line on many switchboards, whatever prefix was set for this one.
"""
MANY = 10_000


# --- what it says of itself ---------------------------------------------------------------------


def test_it_describes_itself(switchboard_bench: Bench) -> None:
    spec = switchboard_bench.spec
    assert spec.title
    assert spec.version
    assert spec.tested_against, 'say what it was tested against, or "not tested against a real system"'
    can, cannot = spec.capabilities.acts, spec.capabilities.why_not.keys()
    assert can | cannot == frozenset(Act), "each act is there, or says why not"
    assert not can & cannot
    for field in fields(spec.settings):
        assert field.metadata.get("help"), f"the setting {field.name} needs a help text"
        assert isinstance(field.metadata.get("secret"), bool), f"is the setting {field.name} a secret?"


# --- what it tells ------------------------------------------------------------------------------


def test_connecting_says_so_before_anything_else(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    switchboard_bench.play(Moment.RINGS)
    switchboard_bench.heard.wait(CallBegan)
    kinds = [type(fact).__name__ for fact in switchboard_bench.facts]
    assert kinds[0] == "LinkChanged"
    assert kinds.index("SnapshotTaken") < kinds.index("CallBegan")


def test_an_answered_call_is_told_from_beginning_to_end(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    _rings(switchboard_bench)
    switchboard_bench.play(Moment.ANSWERED)
    answered = switchboard_bench.heard.wait(Answered, seconds=SOON)
    assert [fact.extension for fact in answered] == [switchboard_bench.side.story.taker]
    switchboard_bench.play(Moment.ENDED)
    ended = switchboard_bench.heard.wait(CallEnded, seconds=SOON)[0]
    assert (ended.outcome, ended.ended_by) == (CallOutcome.ANSWERED, "caller")
    for fact in switchboard_bench.facts:
        assert fact.at.utcoffset() == timedelta(0), "times are aware, and in UTC"
        assert hash(fact) == hash(fact), "a fact is a value"


def test_its_facts_fold_without_an_oddity_and_twice_is_once(switchboard_bench: Bench) -> None:
    _whole_call(switchboard_bench)
    book = CallBook(UUID(int=1))
    for fact in switchboard_bench.facts:
        book.apply(fact, fact.at)
        book.apply(fact, fact.at)
    (call,) = book.calls()
    story = switchboard_bench.side.story
    assert [odd.what for odd in book.take_oddities()] == []
    assert call.state is CallState.ENDED
    assert call.caller.e164 == story.caller
    assert set(call.rang) == set(story.rings)
    assert (call.dialled, call.queue) == (story.dialled, story.queue)


def test_a_withheld_number_goes_no_further(switchboard_bench: Bench) -> None:
    """Whatever the switchboard shows: nothing that knows it leaves the adapter."""
    switchboard_bench.up()
    for message in switchboard_bench.side.withheld():
        switchboard_bench.side.send(message)
    switchboard_bench.seen(Moment.RINGS)
    assert _only_call(switchboard_bench).caller.presentation is Presentation.WITHHELD
    digits = switchboard_bench.side.story.caller[3:]
    assert not [type(fact).__name__ for fact in switchboard_bench.facts if digits in repr(fact)], "the number is there"


# --- what may go wrong on the wire --------------------------------------------------------------


def test_what_is_said_twice_is_one_call(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    for moment in Moment:
        switchboard_bench.play(moment, change=_twice)
        switchboard_bench.seen(moment)
    call = _only_call(switchboard_bench)
    assert (call.outcome, set(call.rang)) == (CallOutcome.ANSWERED, set(switchboard_bench.side.story.rings))
    assert len({fact.call for fact in switchboard_bench.heard.all(CallEnded)}) == 1


@pytest.mark.parametrize("first", [0, 1], ids=["even", "odd"])
def test_a_burst_in_another_order_is_still_one_call_that_ends(switchboard_bench: Bench, first: int) -> None:
    """The order between the two channels of one call is defined by no switchboard."""
    switchboard_bench.up()
    _rings(switchboard_bench)
    switchboard_bench.play(Moment.ANSWERED)
    switchboard_bench.heard.wait(Answered, seconds=SOON)
    switchboard_bench.play(Moment.ENDED, change=lambda burst: _swapped(burst, first))
    switchboard_bench.heard.wait(CallEnded, seconds=SOON)
    assert _only_call(switchboard_bench).state is CallState.ENDED


def test_what_it_never_heard_of_changes_nothing(switchboard_bench: Bench) -> None:
    unknown = switchboard_bench.side.unknown()
    switchboard_bench.up()
    for moment in Moment:
        switchboard_bench.play(moment, change=lambda burst: [part for one in burst for part in (unknown, one)])
        switchboard_bench.seen(moment)
    assert _only_call(switchboard_bench).outcome is CallOutcome.ANSWERED
    assert len(switchboard_bench.heard.links(LinkState.CONNECTED)) == 1, "it went on with the same connection"


def test_a_call_is_told_in_a_flood(switchboard_bench: Bench) -> None:
    """10,000 messages that say nothing, and again what was said already, between the parts of one call."""
    switchboard_bench.up()
    _rings(switchboard_bench)
    noise = switchboard_bench.side.unknown() * 500
    again = b"".join(switchboard_bench.side.messages(Moment.RINGS))
    for _ in range(MANY // 500):
        switchboard_bench.side.send(noise)
        switchboard_bench.side.send(again)
    switchboard_bench.play(Moment.ANSWERED, Moment.ENDED)
    switchboard_bench.heard.wait(CallEnded, seconds=3 * SOON)
    call = _only_call(switchboard_bench)
    assert (call.outcome, call.answered_by) == (CallOutcome.ANSWERED, (switchboard_bench.side.story.taker,))
    assert len(switchboard_bench.facts) < MANY, "what says nothing new makes no facts"


@pytest.mark.expects_log
def test_a_lost_connection_is_said_and_a_call_that_goes_on_is_taken_up(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    _rings(switchboard_bench)
    switchboard_bench.play(Moment.ANSWERED)
    switchboard_bench.heard.wait(Answered, seconds=SOON)
    switchboard_bench.side.drop(Moment.ANSWERED)
    assert switchboard_bench.heard.wait_link(LinkState.LOST, seconds=SOON)[0].sentence
    switchboard_bench.heard.wait_link(LinkState.CONNECTED, 2, seconds=SOON)
    switchboard_bench.heard.wait(SnapshotTaken, 2, seconds=SOON)
    switchboard_bench.play(Moment.ENDED)
    switchboard_bench.heard.wait(CallEnded, seconds=SOON)
    call = _only_call(switchboard_bench)
    assert (call.state, call.certainty) == (CallState.ENDED, Certainty.LIVE)


@pytest.mark.expects_log
def test_a_call_that_was_over_when_the_connection_came_back_has_ended(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    _rings(switchboard_bench)
    switchboard_bench.side.drop(Moment.ENDED)
    switchboard_bench.heard.wait_link(LinkState.CONNECTED, 2, seconds=SOON)
    found = switchboard_bench.heard.wait(SnapshotTaken, 2, seconds=SOON)[-1]
    assert switchboard_bench.heard.all(CallBegan)[0].call not in found.calls | (found.listed or frozenset())
    assert _only_call(switchboard_bench).state is CallState.ENDED


@pytest.mark.expects_log
def test_a_console_that_cannot_follow_loses_the_link_and_is_told_everything_anew(switchboard_bench: Bench) -> None:
    full = [True]

    def sink(fact: CallEvent) -> None:
        if isinstance(fact, CallBegan) and full:
            full.clear()
            raise SinkFull
        switchboard_bench.heard(fact)

    switchboard_bench.up(sink)
    switchboard_bench.play(Moment.RINGS)
    lost = switchboard_bench.heard.wait_link(LinkState.LOST, seconds=SOON)[0]
    assert TOO_MUCH in lost.sentence
    switchboard_bench.heard.wait_link(LinkState.CONNECTED, 2, seconds=SOON)
    switchboard_bench.heard.wait(SnapshotTaken, 2)


@pytest.mark.expects_log
def test_being_refused_is_said_in_words_that_hold_no_secret(switchboard_bench: Bench) -> None:
    wrong = switchboard_bench.side.wrong_settings
    if wrong is None:
        pytest.skip("this switchboard asks nobody who they are")
    switchboard = switchboard_bench.spec.connect(wrong)
    switchboard.start(switchboard_bench.heard)
    try:
        refused = switchboard_bench.heard.wait_link(LinkState.REFUSED, seconds=SOON)[0]
    finally:
        switchboard.stop()
    assert refused.sentence
    settings = fields(switchboard_bench.spec.settings)
    secrets = [getattr(wrong, field.name) for field in settings if field.metadata["secret"]]
    assert not [secret for secret in secrets if secret and secret in refused.sentence]


# --- what it is asked ---------------------------------------------------------------------------


@pytest.mark.parametrize("act", sorted(DIALS))
def test_an_emergency_number_is_never_dialled(switchboard_bench: Bench, act: Act) -> None:
    call = _talks(switchboard_bench)
    taker = switchboard_bench.side.story.taker
    asked = [Action(act, taker, provider_call=call, target=number) for number in EMERGENCIES]
    _all_refused(asked, _answers(switchboard_bench, *asked))
    # With the same call on the line another number is dialled: so it was the number that was refused.
    if act in switchboard_bench.switchboard.capabilities().acts:
        (control,) = _answers(switchboard_bench, Action(act, taker, provider_call=call, target="1003"))
        assert control.answer is Answer.ACCEPTED, control


def test_an_emergency_number_is_not_pressed_in_a_call(switchboard_bench: Bench) -> None:
    """Whatever hears the keys may dial them."""
    call = _talks(switchboard_bench)
    taker = switchboard_bench.side.story.taker
    asked = [
        Action(Act.DTMF, taker, provider_call=call, target=keys)
        for keys in ("999", "112", "18000", "9999", "0999", "999#")
    ]
    _all_refused(asked, _answers(switchboard_bench, *asked))
    if Act.DTMF in switchboard_bench.switchboard.capabilities().acts:
        (control,) = _answers(switchboard_bench, Action(Act.DTMF, taker, provider_call=call, target="3"))
        assert control.answer is Answer.ACCEPTED, control


def test_nobody_is_led_to_an_emergency_number_as_if_it_were_a_telephone(switchboard_bench: Bench) -> None:
    call = _talks(switchboard_bench)
    if switchboard_bench.switchboard.capabilities().by_word:
        pytest.skip("nothing is done to a telephone here")
    places = ("999", "0999", "0 112")
    asked = [Action(act, place, provider_call=call, target="1003") for act in Act for place in places]
    _all_refused(asked, _answers(switchboard_bench, *asked))


def test_every_request_is_answered_once(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    asked = [Action(act, "1001", provider_call="no such call", target="1003") for act in Act]
    capabilities = switchboard_bench.switchboard.capabilities()
    for action, answer in zip(asked, _answers(switchboard_bench, *asked), strict=True):
        assert (answer.answer is Answer.ACCEPTED) == (not answer.sentence), action
        if action.act not in capabilities.acts:
            assert answer.answer is Answer.UNSUPPORTED, action
            assert capabilities.why_not[action.act]


@pytest.mark.expects_log
def test_where_its_rights_were_taken_away_it_says_so_and_goes_on_telling(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    _rings(switchboard_bench)
    switchboard_bench.side.refuse()
    call = switchboard_bench.heard.all(CallBegan)[0].call
    asked = [Action(act, "1001", provider_call=call) for act in (Act.PAUSE, Act.HANG_UP)]
    for answer in _answers(switchboard_bench, *asked):
        assert answer.answer is not Answer.ACCEPTED
        assert answer.sentence
    switchboard_bench.play(Moment.ANSWERED, Moment.ENDED)
    switchboard_bench.heard.wait(CallEnded, seconds=SOON)


def test_nothing_is_accepted_before_start_or_after_stop(switchboard_bench: Bench) -> None:
    pause = Action(Act.PAUSE, "1001")
    assert _answers(switchboard_bench, pause)[0].answer is not Answer.ACCEPTED
    switchboard_bench.up()
    switchboard_bench.switchboard.stop()
    assert _answers(switchboard_bench, pause)[0].answer is not Answer.ACCEPTED


def test_stop_is_quick_and_nothing_comes_after_it(switchboard_bench: Bench) -> None:
    switchboard_bench.up()
    began = time.monotonic()
    switchboard_bench.switchboard.stop()
    assert time.monotonic() - began < SOON
    count = len(switchboard_bench.facts)
    switchboard_bench.play(*Moment)
    time.sleep(0.1)
    assert len(switchboard_bench.facts) == count


# --- hands --------------------------------------------------------------------------------------


def _rings(bench: Bench) -> None:
    """Let the call ring and wait until everything of it was told, also what had to be asked for."""
    bench.play(Moment.RINGS)
    bench.seen(Moment.RINGS)


def _whole_call(bench: Bench) -> None:
    bench.up()
    for moment in Moment:
        bench.play(moment)
        bench.seen(moment)


def _only_call(bench: Bench) -> Call:
    """Return the one call that everything said so far makes; there must be one, and nothing may be left of it."""
    book = CallBook(UUID(int=1))
    for fact in bench.facts:
        book.apply(fact, fact.at)
    (call,) = book.calls()
    if call.state is CallState.ENDED:
        assert not call.alerting | call.talking
    return call


def _talks(bench: Bench) -> str:
    """Let the caller ring and be answered; return the call's id at the switchboard."""
    bench.up()
    bench.play(Moment.RINGS, Moment.ANSWERED)
    bench.heard.wait(Answered, seconds=SOON)
    return bench.heard.all(CallBegan)[0].call


def _all_refused(asked: Sequence[Action], answers: Sequence[ActionAnswer]) -> None:
    for action, answer in zip(asked, answers, strict=True):
        assert answer.answer in (Answer.REFUSED, Answer.UNSUPPORTED), action
        assert answer.sentence, action


def _answers(bench: Bench, *actions: Action) -> list[ActionAnswer]:
    """Ask one after the other and return the answers, of which there must be one each."""
    asked: list[SimpleQueue[ActionAnswer]] = [SimpleQueue() for _ in actions]
    found = []
    for action, answers in zip(actions, asked, strict=True):
        bench.switchboard.perform(action, answers.put)
        found.append(answers.get(timeout=SOON))
    time.sleep(0.1)
    assert all(answers.empty() for answers in asked), "something was answered twice"
    return found


def _twice(burst: Sequence[bytes]) -> Sequence[bytes]:
    return [again for message in burst for again in (message, message)]


def _swapped(burst: Sequence[bytes], first: int) -> Sequence[bytes]:
    """Return a burst with its messages changing places two by two, from the ``first`` on."""
    made = list(burst)
    for place in range(first, len(made) - 1, 2):
        made[place], made[place + 1] = made[place + 1], made[place]
    return made
