"""The exclusive acts of the night in every store: of two at once exactly one, and by right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from console.domain.call_outs import SLOT as CALL_OUT
from console.domain.call_outs import CallOutState
from console.domain.incidents import ROLES, fold_incident
from console.domain.items import item_of_stored
from console.domain.queue_hold import SLOT as QUEUE
from console.domain.record import Entry, Expects, Kind, StreamKind, StreamRef
from console.domain.shifts import fold_shift
from console.ports.store import Verdict
from tests.helpers.record_parts import MANAGER, PRIYA, STORES, TOM, HandClock, MakeRecord, Pen, Store

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]
SHIFT = StreamRef(StreamKind.SHIFT, UUID(int=77))
NOBODY_YET = Expects(None)


@pytest.fixture(scope="module")
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, make_record: MakeRecord, clock: HandClock) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


def seat(pen: Pen, stream: StreamRef, expects: Expects) -> Entry:
    """Return the act by which a worker takes the lead from whoever has it."""
    body = {"worker": pen.who.worker, "name": pen.who.name, "role": "lead", "stays": True}
    return pen.write(Kind.INCIDENT_JOINED, stream, body, slot=ROLES, expects=expects)


def leave(pen: Pen, stream: StreamRef, expects: Expects) -> Entry:
    """Return the act by which a worker leaves an incident, with a seat or from where they watch."""
    return pen.write(Kind.INCIDENT_LEFT, stream, {"worker": pen.who.worker}, slot=ROLES, expects=expects)


def stand_down(pen: Pen, stream: StreamRef, expects: Expects) -> Entry:
    """Return the act that ends an incident."""
    return pen.write(Kind.INCIDENT_STOOD_DOWN, stream, {"reason": "Over"}, slot=ROLES, expects=expects)


def ring(pen: Pen, _: StreamRef, expects: Expects) -> Entry:
    """Return the act by which a worker rings the on-call manager."""
    body = {"state": "rung", "name": "Dilip Shah"}
    return pen.write(Kind.SHIFT_CALL_OUT, SHIFT, body, slot=CALL_OUT, expects=expects)


@pytest.mark.parametrize("act", [seat, leave, stand_down, ring])
def test_of_two_at_once_one_wins_and_the_other_is_told_who(
    store: Store, clock: HandClock, act: Callable[[Pen, StreamRef, Expects], Entry]
) -> None:
    stream = StreamRef(StreamKind.INCIDENT, uuid4())
    priya, tom = Pen(PRIYA, clock), Pen(TOM, clock)
    store.append(PRIYA, [priya.write(Kind.INCIDENT_OPENED, stream, {"ref": "X"})])
    first, second = act(priya, stream, NOBODY_YET), act(tom, stream, NOBODY_YET)
    assert [one.verdict for one in store.append(PRIYA, [first])] == [Verdict.STORED]
    (refused,) = store.append(TOM, [second])
    assert (refused.verdict, refused.head, refused.won_by) == (Verdict.MOVED, first.id, PRIYA.worker)
    (again,) = store.append(TOM, [act(tom, stream, Expects(first.id))])
    assert again.verdict is Verdict.STORED


def test_a_lead_given_is_not_lost_to_a_leaving_decided_before_it_and_its_words_are_read(
    store: Store, clock: HandClock
) -> None:
    stream, manager, tom = StreamRef(StreamKind.INCIDENT, uuid4()), Pen(MANAGER, clock), Pen(TOM, clock)
    watching = {"worker": MANAGER.worker, "role": "observer"}
    store.append(TOM, [tom.write(Kind.INCIDENT_OPENED, stream, {"ref": "X"})])
    store.append(MANAGER, [manager.write(Kind.INCIDENT_JOINED, stream, watching, slot="role:observer")])
    left = leave(manager, stream, NOBODY_YET)
    given = {"worker": MANAGER.worker, "role": "lead", "stays": True}
    store.append(TOM, [tom.write(Kind.INCIDENT_JOINED, stream, given, slot=ROLES, expects=NOBODY_YET)])
    (refused,) = store.append(MANAGER, [left])
    assert refused.verdict is Verdict.MOVED
    found = fold_incident(item_of_stored(one) for one in store.stream(MANAGER, stream))
    assert found is not None
    assert found.lead is not None
    assert (found.lead.worker, found.unreadable) == (MANAGER.worker, 0)


def test_the_queue_is_held_by_managers_only_and_by_one_at_a_time(store: Store, clock: HandClock) -> None:
    def hold(pen: Pen) -> Verdict:
        body = {"held": True, "reason": "all at risk"}
        entry = pen.write(Kind.SHIFT_QUEUE, SHIFT, body, slot=QUEUE, expects=NOBODY_YET)
        return store.append(pen.who, [entry])[0].verdict

    assert hold(Pen(TOM, clock)) is Verdict.REFUSED
    assert hold(Pen(MANAGER, clock)) is Verdict.STORED
    assert hold(Pen(MANAGER, clock)) is Verdict.MOVED


def test_any_of_the_shift_may_let_a_held_queue_go_and_never_hold_it(store: Store, clock: HandClock) -> None:
    held = Pen(MANAGER, clock).write(Kind.SHIFT_QUEUE, SHIFT, {"held": True}, slot=QUEUE, expects=NOBODY_YET)
    store.append(MANAGER, [held])
    body = {"held": True, "reason": "no manager was signed in"}
    freed = Pen(PRIYA, clock).write(Kind.SHIFT_QUEUE_FREED, SHIFT, body, slot=QUEUE, expects=Expects(held.id))
    assert store.append(PRIYA, [freed])[0].verdict is Verdict.STORED
    queue = fold_shift(item_of_stored(one) for one in store.stream(TOM, SHIFT)).queue
    assert (queue.held, queue.by, queue.reason) == (False, PRIYA.worker, "no manager was signed in")


def test_an_arming_by_rule_that_two_consoles_write_is_one_entry_which_all_of_the_shift_read(
    store: Store, clock: HandClock
) -> None:
    identity, about = uuid4(), uuid4()
    body = {"state": "armed", "why": "all_committed", "about": str(about)}
    verdicts = []
    for who in (PRIYA, TOM):
        entry = Pen(who, clock).write(Kind.SHIFT_CALL_OUT, SHIFT, body, slot=CALL_OUT, identity=identity)
        verdicts.append(store.append(who, [entry])[0].verdict)
    assert verdicts == [Verdict.STORED, Verdict.ALREADY]
    (made,) = fold_shift(item_of_stored(one) for one in store.stream(MANAGER, SHIFT)).call_outs
    assert (made.entry, made.about, made.state) == (identity, about, CallOutState.ARMED)


def test_what_was_offered_after_a_red_call_is_read_by_the_whole_shift(store: Store, clock: HandClock) -> None:
    body = {"worker": PRIYA.worker, "about": str(uuid4()), "answer": "offered"}
    entry = Pen(PRIYA, clock).write(Kind.SHIFT_RELIEF, SHIFT, body, slot=f"relief:{PRIYA.worker}")
    assert store.append(PRIYA, [entry])[0].verdict is Verdict.STORED
    (read,) = store.stream(TOM, SHIFT)
    assert read.content()["answer"] == "offered"
