"""A caller whom one of ours gave to somebody who never answered: unanswered, whoever let go of them last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    LegEnd,
    LegEnded,
    PartyJoined,
    Transferred,
)
from console.domain.call_log import CallRecord, fold_call
from console.domain.call_reducer import CallBook
from console.domain.calls import Call, CallOutcome, Direction, Handed, TransferKind
from console.domain.drops import line_dropped
from console.domain.items import Item
from console.domain.lines import USUAL
from console.domain.missed_calls import missed_calls
from console.domain.record import Role, StreamKind, StreamRef, decode_body, encode_body
from console.services.call_facts import fact_of
from tests.helpers.items import TEN_PAST

CALL = StreamRef(StreamKind.CALL, UUID(int=9))
Fact = tuple[CallEvent, ...]


def moment(seconds: int) -> timedelta:
    """Return a time after the call came in."""
    return timedelta(seconds=seconds)


def gives(
    to: str | None, giver: str | None = "1001", kind: TransferKind = TransferKind.BLIND, at: int = 30
) -> Transferred:
    """Return a change of hands."""
    return Transferred("c1", TEN_PAST + moment(at), kind, giver, to)


def takes(extension: str, at: int) -> Fact:
    """Return a telephone that rings and takes the caller."""
    when = TEN_PAST + moment(at)
    return Alerting("c1", when, f"{extension}@{at}", extension), Answered("c1", when, f"{extension}@{at}", extension)


def leaves(extension: str, took: int, at: int) -> LegEnded:
    """Return a telephone that lets go of the caller it took at ``took``."""
    return LegEnded("c1", TEN_PAST + moment(at), f"{extension}@{took}", extension, LegEnd.HUNG_UP)


BEGAN = (CallBegan("c1", TEN_PAST, Direction.INBOUND, "01632960001"), *takes("1001", 5))
GONE = leaves("1001", 5, 30)


def ends(by: str = "caller") -> CallEnded:
    """Return the end of it."""
    return CallEnded("c1", TEN_PAST + moment(60), CallOutcome.ANSWERED, by)


def heard(facts: Iterable[CallEvent]) -> Call:
    """Return the call as a desk hears it."""
    book = CallBook(UUID(int=7))
    for fact in facts:
        book.apply(fact, fact.at)
    (call,) = book.calls()
    return call


def written(facts: Iterable[CallEvent]) -> CallRecord:
    """Return the call as the record tells it."""
    record = fold_call(items(facts))
    assert record is not None
    return record


def items(facts: Iterable[CallEvent]) -> list[Item]:
    """Return what the record keeps of these facts."""
    made = []
    for seq, fact in enumerate(facts, 1):
        kept = fact_of(fact)
        assert kept is not None
        body = decode_body(encode_body(kept.content))
        made.append(
            Item(
                UUID(int=seq),
                CALL,
                kept.kind,
                "w",
                Role.SUPPORT_WORKER,
                "d",
                kept.at,
                "",
                None,
                None,
                "",
                seq,
                fact.at,
                body,
            )
        )
    return made


NOT_TAKEN = Handed("1001", "1004", TEN_PAST + moment(30))


@pytest.mark.parametrize("by", ["system", "caller", "1001", "unknown"])
@pytest.mark.parametrize("order", [(gives("1004"), GONE), (GONE, gives("1004"))], ids=["told first", "left first"])
def test_whoever_is_given_to_nobody_is_missed_and_dropped_whoever_let_go(order: Fact, by: str) -> None:
    facts = (*BEGAN, *order, ends(by))
    assert heard(facts).handed == written(facts).handed == NOT_TAKEN
    (missed,) = missed_calls([written(facts)], USUAL)
    assert missed.call.answered, "for the figures somebody answered them once"
    for live in (heard(facts), None):
        drop = line_dropped(live, written(facts) if live is None else None, ())
        assert drop is not None
        assert (drop.handed, drop.unsaid) == (NOT_TAKEN, False)


def test_a_telephone_that_only_rings_has_not_answered() -> None:
    rings = Alerting("c1", TEN_PAST + moment(31), "theirs", "1004")
    unheard = LegEnded("c1", TEN_PAST + moment(55), "theirs", "1004", LegEnd.NO_ANSWER)
    facts = (*BEGAN, gives("1004"), GONE, rings, unheard, ends("system"))
    assert heard(facts).handed == written(facts).handed == NOT_TAKEN


@pytest.mark.parametrize(
    "facts",
    [
        (gives("1004"), GONE, *takes("1004", 40)),
        (gives("6001"), GONE, *takes("1003", 40)),  # a queue, in which somebody takes the caller
        (gives("07700900412"), GONE, *takes("outside", 40)),
        (gives("1004"), GONE, *takes("1001", 50)),  # came back to whoever gave them away
        (*takes("1003", 29), gives("1003", kind=TransferKind.ATTENDED), GONE),
        (*takes("1003", 30), GONE, gives("1003", kind=TransferKind.ATTENDED)),
        (*takes("1003", 29), gives("1003", None, TransferKind.ATTENDED), GONE),
        (gives("1003", kind=TransferKind.PICKUP), GONE, *takes("1003", 31)),
        (gives("8000"), GONE, PartyJoined("c1", TEN_PAST + moment(31), "1003")),
        (),
    ],
)  # fmt: skip
def test_a_caller_whom_somebody_took_is_neither_missed_nor_dropped_by_the_transfer(facts: Fact) -> None:
    told = (*BEGAN, *facts, ends("1003"))
    assert heard(told).handed is None
    assert written(told).handed is None
    assert missed_calls([written(told)], USUAL) == ()
    assert line_dropped(heard(told), None, ()) is None


def test_of_two_changes_of_hands_the_second_counts() -> None:
    facts = (
        *BEGAN,
        gives("1003"),
        GONE,
        *takes("1003", 40),
        gives("1004", "1003", at=50),
        leaves("1003", 40, 50),
        ends(),
    )
    assert heard(facts).handed == written(facts).handed == Handed("1003", "1004", TEN_PAST + moment(50))


def test_where_the_giver_is_not_known_it_was_whoever_had_the_caller() -> None:
    facts = (*BEGAN, gives("1004", None), GONE, ends("system"))
    assert heard(facts).handed == written(facts).handed == NOT_TAKEN


@given(st.permutations(range(6)))
def test_the_record_says_the_same_in_whatever_order_it_was_written(order: list[int]) -> None:
    told = items((*BEGAN, gives("1004"), GONE, ends("1001")))
    made = fold_call([told[at] for at in order])
    assert made is not None
    assert made.handed == NOT_TAKEN
    assert made.reached_nobody
