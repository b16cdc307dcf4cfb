"""What the fold of calls makes of the simulator: the scripts' calls, and no impossible transition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.call_events import CallEvent
from console.domain.call_reducer import CallBook
from console.domain.call_report import call_report
from console.domain.calls import Call, CallOutcome, Direction, Presentation
from console.ports.switchboard import Act, Action
from telephony_adapters.simulator import SPEC, SimulatorSettings, load, shipped, shipped_names
from telephony_adapters.simulator.exchange import Exchange
from telephony_adapters.simulator.mapping import perform, play
from telephony_adapters.simulator.replaying import facts_of
from telephony_adapters.simulator.steps import (
    Answers,
    CallArrives,
    Dials,
    HangsUp,
    Holds,
    Joins,
    ListensIn,
    Phone,
    QueueGivesUp,
    Rejects,
    Rings,
    Step,
    StopsRinging,
    Transfers,
)
from tests.helpers.pbx.folding import SWITCHBOARD

BEGAN = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)


def fold(events: Iterable[tuple[datetime, CallEvent]]) -> CallBook:
    """Return the book after every fact."""
    book = CallBook(SWITCHBOARD)
    for at, event in events:
        book.apply(event, at)
    return book


def named(book: CallBook, name: str) -> Call:
    """Return the call a script names so."""
    identity = book.find(f"sim/{name}")
    assert identity is not None
    call = book.call(identity)
    assert call is not None
    return call


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_script_folds_without_an_oddity_and_every_call_ends(name: str) -> None:
    book = fold(facts_of(load(name)))
    assert book.take_oddities() == ()
    assert [call for call in book.calls() if call.live] == []


@pytest.mark.parametrize("name", ["second_call", "phones_away", "rang_off", "script_a"])
def test_hearing_everything_twice_changes_nothing(name: str) -> None:
    facts = list(facts_of(load(name)))
    doubled = [pair for pair in facts for _ in range(2)]
    assert fold(doubled).calls() == fold(facts).calls()


def test_script_a_is_one_call_of_the_right_people_and_times() -> None:
    book = fold(facts_of(load("script_a")))
    marcus = named(book, "c1")
    assert (marcus.caller.e164, marcus.dialled, marcus.answered_by) == ("+447700900412", "01632960001", ("1001",))
    assert marcus.offered_at == datetime(2026, 12, 1, 22, 14, 5, tzinfo=UTC)
    assert marcus.answered_at == datetime(2026, 12, 1, 22, 14, 19, tzinfo=UTC)
    assert marcus.ended_at == datetime(2026, 12, 1, 22, 28, tzinfo=UTC)
    waiting = named(book, "portsmouth")
    assert (waiting.caller.number, waiting.offered_at) == (
        "01632960741",
        datetime(2026, 12, 1, 22, 17, 14, tzinfo=UTC),
    )


def test_the_small_scripts_are_the_calls_they_promise() -> None:
    book = fold(facts_of(load("second_call")))
    first, second = named(book, "first"), named(book, "second")
    assert (first.holds, first.answered_by, first.ended_by) == (1, ("1001",), "1001")
    assert (second.answered_by, [(t.giver, t.taker) for t in second.transfers]) == (
        ("1001", "1002"),
        [("1001", "1002")],
    )
    book = fold(facts_of(load("rang_off")))
    assert [named(book, name).outcome for name in ("once", "patient", "again")] == [
        CallOutcome.ABANDONED,
        CallOutcome.QUEUE_TIMEOUT,
        CallOutcome.ANSWERED,
    ]
    book = fold(facts_of(load("phones_away")))
    assert [named(book, name).outcome for name in ("seen", "waiting", "unseen")] == [
        CallOutcome.UNKNOWN,
        CallOutcome.ANSWERED,
        CallOutcome.ANSWERED,
    ]


def test_a_script_is_a_recording_for_watch_and_withholds_what_is_withheld(tmp_path: Path) -> None:
    script = tmp_path / "mine.txt"
    script.write_text(shipped("withheld").read_text(encoding="utf-8"), encoding="utf-8")
    assert SPEC.replay is not None
    book = fold(SPEC.replay(script, SimulatorSettings()))
    reports = [call_report(call) for call in book.calls()]
    assert [report["presentation"] for report in reports] == ["withheld", "unavailable", "unknown"]
    assert [report["caller"] for report in reports] == [None, None, "07700900414"]
    assert "900413" not in repr(reports)


EXTENSIONS = st.sampled_from(["1001", "1002", "1003"])
CALLS = st.sampled_from(["a", "b"])
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        CallArrives,
        call=CALLS,
        number=st.just("07700900412"),
        presentation=st.sampled_from(Presentation),
        dialled=st.just("01632960001"),
        queue=st.sampled_from(["oohs", ""]),
    ),
    st.builds(Rings, CALLS, st.lists(EXTENSIONS, min_size=1, max_size=3, unique=True).map(tuple)),
    st.builds(StopsRinging, CALLS, st.lists(EXTENSIONS, min_size=1, max_size=2).map(tuple)),
    st.builds(Answers, CALLS, st.sampled_from(["1001", "1002", "1003", "outside"])),
    st.builds(Rejects, CALLS, EXTENSIONS),
    st.builds(Holds, CALLS, EXTENSIONS, st.booleans()),
    st.builds(HangsUp, CALLS, st.sampled_from(["caller", "outside", "1001", "1002", "1003"])),
    st.builds(Transfers, CALLS, EXTENSIONS, EXTENSIONS),
    st.builds(Joins, CALLS, EXTENSIONS, st.booleans()),
    st.builds(ListensIn, CALLS, EXTENSIONS),
    st.builds(Dials, CALLS, EXTENSIONS, st.sampled_from(["1002", "01632960162"])),
    st.builds(QueueGivesUp, CALLS),
)
REQUESTS = st.builds(
    Action,
    act=st.sampled_from(Act),
    extension=EXTENSIONS,
    provider_call=st.sampled_from(["a", "b", ""]),
    target=st.sampled_from(["", "1002", "1003", "999", "01632960162"]),
)


def move(exchange: Exchange, what: Any, at: datetime) -> list[CallEvent]:
    """Play a step or carry out a request."""
    return perform(exchange, what, at).facts if isinstance(what, Action) else play(exchange, what, at)


def test_a_telephone_that_is_named_twice_stops_ringing_once() -> None:
    exchange = Exchange("sim", {"1001": Phone("1001", "", ("oohs",))})
    play(exchange, CallArrives("b", "07700900412", Presentation.ALLOWED, "01632960001", "oohs"), BEGAN)
    play(exchange, Rings("b", ("1001",)), BEGAN)
    stopped = play(exchange, StopsRinging("b", ("1001", "1001")), BEGAN + timedelta(seconds=3))

    assert len(stopped) == 1


@given(st.lists(st.one_of(STEPS, REQUESTS), max_size=40))
def test_whatever_script_and_people_do_the_exchange_and_the_fold_agree(moves: list[Any]) -> None:
    exchange = Exchange("sim", {e: Phone(e, "", ("oohs",)) for e in ("1001", "1002", "1003")})
    book = CallBook(SWITCHBOARD)
    ended: set[str] = set()
    for second, what in enumerate(moves):
        if isinstance(what, CallArrives | Dials) and exchange.name(what.call) in ended:
            continue
        at = BEGAN + timedelta(seconds=second)
        before = set(exchange.calls)
        for event in move(exchange, what, at):
            book.apply(event, at)
        ended |= before - set(exchange.calls)
        for name, live in exchange.calls.items():
            identity = book.find(name)
            assert identity is not None
            call = book.call(identity)
            assert call is not None
            assert call.live
            if live.direction is Direction.INBOUND:
                assert call.talking == set(live.talking)
                assert call.alerting == set(live.ringing)
    alive = {book.find(name) for name in exchange.calls}
    assert {call.id for call in book.calls() if call.live} == alive
