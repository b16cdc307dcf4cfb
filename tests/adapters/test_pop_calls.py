"""The calls of one desk as programs tell them: once, twice, out of order, never ended, and the worker's own word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.call_events import CallBegan, CallEnded, CallEvent, LinkChanged, LinkState, NumberLearned
from console.domain.call_reducer import CallBook
from console.domain.calls import Call, CallOutcome, CallState, Certainty, Hold, Presentation, Unmarked
from console.ports.switchboard import Act, Action, Answer, Sitting
from telephony_adapters.local_pop import mapping
from telephony_adapters.local_pop.mapping import LIVE_AT_MOST, Calls, NotNow
from telephony_adapters.local_pop.message import BadPop, read_pop

RING_S, TALK_S = 180.0, 7200.0
BEGAN = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)
LINES = {"hampshire-children": "01632960002", "hampshire-adults": "01632960001"}
NUMBER = "01632 960123"


class Desk:
    """One desk: its calls, a clock moved by hand, and a console that folds what is told."""

    def __init__(self, extension: str = "1001", *, ends_told: bool = True) -> None:
        self.calls = Calls(RING_S, TALK_S, ends_told=ends_told)
        self.calls.sit_down(Sitting(extension, LINES, lambda _: None))
        self.now = 0.0
        self.facts: list[CallEvent] = []
        self.book = CallBook(UUID(int=1))
        self.book.apply(LinkChanged(BEGAN, LinkState.CONNECTED, boot="b"), BEGAN)
        self.hear(*self.calls.all_anew(BEGAN))

    @property
    def at(self) -> datetime:
        """Return the time."""
        return BEGAN + timedelta(seconds=self.now)

    def hear(self, *facts: CallEvent) -> None:
        """Fold facts."""
        for fact in facts:
            self.facts.append(fact)
            self.book.apply(fact, self.at)

    def tell(self, after: float = 1.0, /, **fields: str) -> str:
        """Tell of a call some seconds later; return what was said to it."""
        self.now += after
        said = self.calls.take(read_pop({"number": NUMBER, **fields}, Unmarked.SHOW), self.now, self.at)
        self.hear(*self.calls.take_facts())
        return said

    def do(self, act: Act, call: str = "") -> Answer:
        """Let the worker say what was done."""
        provider = call or self.call_began().call
        answer = self.calls.act(Action(act, "1001", provider_call=provider), self.now, self.at)
        self.hear(*self.calls.take_facts())
        return answer.answer

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds
        self.calls.tick(self.now, self.at)
        self.hear(*self.calls.take_facts())

    def call_began(self) -> CallBegan:
        """Return the newest call's first fact."""
        return [fact for fact in self.facts if isinstance(fact, CallBegan)][-1]

    def all(self) -> tuple[Call, ...]:
        """Return the calls as a console folds them; nothing of them may be odd."""
        assert [odd.what for odd in self.book.take_oddities()] == []
        return self.book.calls()

    def one(self) -> Call:
        """Return the only call."""
        (call,) = self.all()
        return call


@pytest.fixture
def desk() -> Desk:
    """Return a desk at extension 1001."""
    return Desk()


def test_a_call_is_assumed_from_its_first_word_to_its_last(desk: Desk) -> None:
    assert desk.tell(line="hampshire-children", id="a") == mapping.ON_SCREEN
    ringing = desk.one()
    assert (ringing.state, ringing.certainty, ringing.alerting) == (
        CallState.ALERTING, Certainty.ASSUMED, frozenset({"1001"})
    )  # fmt: skip
    assert (ringing.dialled, ringing.caller.e164) == ("01632960002", "+441632960123")
    desk.tell(id="a", event="answered")
    assert (desk.one().talking, desk.one().certainty) == (frozenset({"1001"}), Certainty.ASSUMED)
    assert desk.tell(id="a", event="ended", by="caller") == mapping.ENDED
    over = desk.one()
    assert (over.outcome, over.ended_by, over.certainty) == (CallOutcome.ANSWERED, "caller", Certainty.ASSUMED)


def test_a_list_of_the_calls_there_are_leaves_them_assumed(desk: Desk) -> None:
    desk.tell(id="a", event="answered")
    desk.book.apply(LinkChanged(desk.at, LinkState.LOST), desk.at)
    assert desk.one().certainty is Certainty.STALE
    desk.book.apply(LinkChanged(desk.at, LinkState.CONNECTED, boot="b"), desk.at)
    desk.hear(*desk.calls.all_anew(desk.at))
    assert (desk.one().certainty, desk.one().talking) == (Certainty.ASSUMED, frozenset({"1001"}))


def test_a_program_that_tells_only_of_answered_calls_is_enough(desk: Desk) -> None:
    desk.tell(event="answered", line="hampshire-adults")
    assert (desk.one().answered_by, desk.one().rang) == (("1001",), ("1001",))


def test_telling_twice_is_telling_once(desk: Desk) -> None:
    desk.tell(id="a")
    assert desk.tell(id="a") == mapping.KNOWN
    desk.tell(id="a", event="answered")
    assert desk.tell(id="a", event="answered") == mapping.KNOWN
    assert desk.tell(id="a", event="ringing") == mapping.KNOWN
    desk.tell(id="a", event="ended")
    assert desk.tell(id="a", event="ended") == mapping.OVER
    assert desk.tell(id="a", event="ringing") == mapping.OVER
    assert desk.one().state is CallState.ENDED


def test_an_id_that_comes_again_later_is_another_call(desk: Desk) -> None:
    desk.tell(id="1")
    desk.tell(id="1", event="ended")
    assert desk.tell(60, id="1", number="01632 960124") == mapping.ON_SCREEN
    first, second = desk.all()
    assert (first.state, second.state) == (CallState.ENDED, CallState.ALERTING)
    assert second.caller.e164 == "+441632960124"
    desk.tell(id="1", event="answered")
    assert desk.all()[1].talking == {"1001"}


def test_without_an_id_the_number_tells_which_call_is_meant(desk: Desk) -> None:
    desk.tell()
    desk.tell(number="01632 960124")
    desk.tell(number="+441632960123", event="answered")
    desk.tell(number="01632 960124", event="ended")
    first, second = desk.all()
    assert (first.state, second.state) == (CallState.CONNECTED, CallState.ENDED)


def test_the_same_number_that_rings_again_while_it_is_talked_to_is_a_second_call(desk: Desk) -> None:
    desk.tell(event="answered")
    desk.tell()
    assert [call.state for call in desk.all()] == [CallState.CONNECTED, CallState.ALERTING]


def test_two_who_withhold_their_numbers_and_have_ids_are_two(desk: Desk) -> None:
    desk.tell(id="a", number="withheld")
    desk.tell(id="b", number="withheld")
    assert [call.caller.presentation for call in desk.all()] == [Presentation.WITHHELD] * 2


def test_a_number_that_comes_later_is_shown_and_one_that_was_withheld_stays_so(desk: Desk) -> None:
    desk.tell(id="a", number="")
    desk.tell(id="a", event="answered")
    desk.tell(id="b", number="withheld")
    desk.tell(id="b", event="answered", name="A Caller")
    shown, hidden = desk.all()
    assert (shown.caller.number, hidden.caller.number, hidden.caller.name) == (NUMBER, "", "")
    assert sum(isinstance(fact, NumberLearned) for fact in desk.facts) == 3


@pytest.mark.parametrize("event", ["ringing", "answered"])
def test_a_number_that_is_told_to_be_withheld_later_is_shown_no_more_and_told_to_nobody(desk: Desk, event: str) -> None:
    desk.tell(id="a", name="A Caller")
    assert desk.one().caller.number == NUMBER
    desk.tell(id="a", event=event, number=NUMBER, presentation="withheld")
    desk.tell(id="a", event="answered", number=NUMBER, name="A Caller")
    caller = desk.one().caller
    assert (caller.number, caller.e164, caller.name, caller.presentation) == ("", "", "", Presentation.WITHHELD)
    told_anew = [fact for fact in desk.calls.all_anew(desk.at) if isinstance(fact, NumberLearned)]
    assert [(fact.number, fact.presentation) for fact in told_anew] == [("", Presentation.WITHHELD)]


def test_a_line_that_is_not_ours_is_refused_and_a_number_is_taken_as_dialled(desk: Desk) -> None:
    with pytest.raises(BadPop, match="hampshire-adults, hampshire-children"):
        desk.tell(line="hampshire-childern")
    desk.tell(line="01632 960009")
    assert desk.one().dialled == "01632 960009"


def test_the_end_of_a_call_that_nobody_knows_is_refused(desk: Desk) -> None:
    with pytest.raises(NotNow):
        desk.tell(id="never", event="ended")
    assert desk.all() == ()


def test_answered_at_another_telephone_stops_the_ringing_here(desk: Desk) -> None:
    desk.tell(id="a")
    desk.tell(id="a", event="answered", extension="1002")
    call = desk.one()
    assert (call.alerting, call.talking) == (frozenset(), frozenset({"1002"}))
    assert call.last_withdrawal == "answered elsewhere"
    desk.tell(id="a", event="answered", extension="1003")
    assert desk.one().talking == frozenset({"1003"})
    assert desk.do(Act.ANSWER) is Answer.ACCEPTED, "who was answered for elsewhere can take it back"
    assert desk.one().answered_by == ("1002", "1003", "1001")


def test_without_an_extension_the_call_waits_for_all_and_that_is_said() -> None:
    desk = Desk(extension="")
    assert desk.tell() == f"{mapping.ON_SCREEN} {mapping.NO_EXTENSION}"
    assert (desk.one().state, desk.one().alerting) == (CallState.QUEUED, frozenset())


def test_a_call_that_only_rang_and_ended_is_abandoned_only_where_that_was_said(desk: Desk) -> None:
    desk.tell(id="a")
    desk.tell(id="a", event="ended")
    desk.tell(id="b")
    desk.tell(id="b", event="ended", by="caller")
    assert [call.outcome for call in desk.all()] == [CallOutcome.UNKNOWN, CallOutcome.ABANDONED]


@pytest.mark.parametrize(("event", "limit"), [("ringing", RING_S), ("answered", TALK_S)])
def test_a_call_of_which_no_more_is_told_ends_and_nobody_says_how(desk: Desk, event: str, limit: float) -> None:
    desk.tell(id="a", event=event)
    desk.wait(limit - 1)
    assert desk.one().live
    desk.tell(id="a", event=event)
    desk.wait(limit - 1)
    assert desk.one().live, "a word about it begins the time anew"
    desk.wait(1)
    over = desk.one()
    assert (over.outcome, over.ended_by) == (CallOutcome.UNKNOWN, "unknown")


def test_a_telephone_that_answers_another_call_has_the_first_on_hold(desk: Desk) -> None:
    desk.tell(id="a", event="answered")
    desk.tell(id="b", event="answered")
    assert [call.state for call in desk.all()] == [CallState.HELD, CallState.CONNECTED]


def test_where_no_end_is_ever_told_the_next_call_ends_the_one_before() -> None:
    desk = Desk(ends_told=False)
    desk.tell(id="a", event="answered")
    desk.tell(id="b")
    assert desk.all()[0].live
    desk.tell(id="b", event="answered")
    first, second = desk.all()
    assert (first.outcome, first.ended_by, second.state) == (CallOutcome.UNKNOWN, "unknown", CallState.CONNECTED)


def test_more_calls_than_one_telephone_has_are_refused(desk: Desk) -> None:
    for number in range(LIVE_AT_MOST):
        desk.tell(0, id=str(number))
    with pytest.raises(NotNow):
        desk.tell(id="one-more")
    desk.wait(RING_S)
    assert desk.tell(id="later") == mapping.ON_SCREEN


# --- the worker's word ---------------------------------------------------------------------------


def test_the_worker_says_what_was_done_on_the_telephone(desk: Desk) -> None:
    desk.tell(id="a")
    assert desk.do(Act.ANSWER) is Answer.ACCEPTED
    assert desk.one().talking == {"1001"}
    assert desk.tell(id="a", event="answered") == mapping.KNOWN
    assert desk.do(Act.HOLD) is Answer.ACCEPTED
    assert desk.one().hold is Hold.YES
    assert desk.do(Act.RESUME) is Answer.ACCEPTED
    assert desk.one().hold is Hold.NO
    assert desk.do(Act.HANG_UP) is Answer.ACCEPTED
    assert (desk.one().outcome, desk.one().ended_by) == (CallOutcome.ANSWERED, "1001")
    assert desk.tell(id="a", event="ended") == mapping.OVER


@pytest.mark.parametrize("act", [Act.HOLD, Act.RESUME, Act.HANG_UP])
def test_what_cannot_have_been_done_is_refused(desk: Desk, act: Act) -> None:
    desk.tell(id="a")
    assert desk.do(act) is Answer.REFUSED
    assert desk.one().state is CallState.ALERTING


@pytest.mark.parametrize("act", [act for act in Act if act not in mapping.BY_WORD])
def test_nothing_else_can_be_done_here_and_the_reason_is_said(desk: Desk, act: Act) -> None:
    desk.tell(id="a")
    answer = desk.calls.act(Action(act, "1001", provider_call="a", target="01632960123"), desk.now, desk.at)
    assert (answer.answer, answer.sentence) == (Answer.UNSUPPORTED, mapping.CAPABILITIES.why_not[act])


# --- whatever is told ----------------------------------------------------------------------------

_words = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["", "a", "b"]),
        "event": st.sampled_from(["ringing", "answered", "ended"]),
        "number": st.sampled_from([NUMBER, "withheld", "", "01632 960124"]),
        "extension": st.sampled_from(["", "1001", "1002"]),
        "by": st.sampled_from(["", "caller", "us"]),
    }
)
_deeds = st.sampled_from([Act.ANSWER, Act.HOLD, Act.RESUME, Act.HANG_UP])


@given(st.lists(st.one_of(_words, _deeds, st.sampled_from([1.0, 10.0, 200.0])), max_size=30))
def test_whatever_is_told_no_fact_is_odd_and_every_call_ends(steps: list[dict[str, str] | Act | float]) -> None:
    desk = Desk()
    for step in steps:
        if isinstance(step, Act):
            live = [call for call in desk.all() if call.live]
            if live:
                desk.do(step, next(iter(desk.book.provider_ids(live[-1].id))))
        elif isinstance(step, float):
            desk.wait(step)
        else:
            try:
                desk.tell(1.0, **step)
            except NotNow:
                continue
    desk.wait(TALK_S + 1)
    assert all(call.state is CallState.ENDED for call in desk.all())
    ended = [fact.call for fact in desk.facts if isinstance(fact, CallEnded)]
    assert len(ended) == len(set(ended)) == len(desk.all())
