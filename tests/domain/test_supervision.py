"""Who hears a call as its supervisor, and what is said of it: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.domain.call_changes import ChangeKind
from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    LinkChanged,
    LinkState,
    SnapshotTaken,
    SupervisionBegan,
    SupervisionEnded,
)
from console.domain.call_log import fold_call
from console.domain.call_reducer import CallBook
from console.domain.calls import Call, CallOutcome, Direction
from console.domain.items import Item
from console.domain.record import Kind, Role, StreamKind, StreamRef
from console.domain.rights import kind_right
from console.domain.supervision import HIDES_FOR, Manner, announced, hearing_words, hearings

AT = datetime(2026, 11, 22, 2, 47, tzinfo=UTC)
CALL = StreamRef(StreamKind.CALL, UUID(int=9))


def after(seconds: float) -> datetime:
    """Return a time that long after the supervisor began."""
    return AT + timedelta(seconds=seconds)


def talking(*more: CallEvent) -> Call:
    """Return a call on which 1001 talks, after ``more``."""
    book = CallBook(UUID(int=1))
    before: list[CallEvent] = [
        CallBegan("c", after(-60), Direction.INBOUND, "01632960001"),
        Alerting("c", after(-50), "l", "1001"),
        Answered("c", after(-40), "l", "1001"),
    ]
    for fact in [*before, *more]:
        book.apply(fact, AT)
    assert book.odd_count == 0
    return book.calls()[0]


def wrote(at: datetime = AT, **body: Any) -> Item:
    """Return the entry of a supervisor at 1009."""
    content = {"manner": "listen", "extension": "1009", "of": "1001", "shown": True, "reason": "", **body}
    return Item(
        uuid4(), CALL, Kind.CALL_SUPERVISION, "helen.marsh", Role.DUTY_MANAGER, "desk-4", at, "", None, None, "", 1, at,
        content,
    )  # fmt: skip


def words(call: Call, *items: Item, but: str = "", hides: bool = True) -> tuple[str, ...]:
    """Return what is shown of it where nobody is signed in at 1009, and keeping it from view is switched on."""
    name_of = {"helen.marsh": "Helen Marsh"}.__getitem__
    return hearing_words(call, map(announced, items), lambda _: "", name_of, but, hides=hides)


def test_a_supervisor_comes_goes_and_was_there() -> None:
    call = talking(SupervisionBegan("c", AT, "1009"))
    assert [(one.extension, one.since) for one in call.supervisors] == [("1009", AT)]
    call = talking(SupervisionBegan("c", AT, "1009"), SupervisionEnded("c", after(9), "1009"))
    assert (call.supervisors, call.supervised_by, call.joined) == ((), ("1009",), ())
    began, ended = SupervisionBegan("c", AT, "1009"), SupervisionEnded("c", after(9), "1009")
    again = talking(began, ended, SupervisionBegan("c", after(20), "1009"))
    assert (again.supervised_by, again.supervisors[0].since) == (("1009",), after(20))


def test_nobody_hears_a_call_that_is_over_nor_one_found_again_until_it_is_told() -> None:
    began = SupervisionBegan("c", AT, "1009")
    assert talking(began, CallEnded("c", after(5), CallOutcome.ANSWERED, "caller")).supervisors == ()
    back = (LinkChanged(after(1), LinkState.LOST), SnapshotTaken(after(9), frozenset({"c"})))
    assert talking(began, *back).supervisors == ()
    assert talking(began, *back, SupervisionBegan("c", after(9), "1009")).supervisors[0].since == after(9)


def test_coming_and_going_are_changes_of_the_call() -> None:
    book = CallBook(UUID(int=1))
    book.apply(CallBegan("c", AT, Direction.INBOUND), AT)
    kinds = [
        change.kind
        for fact in (SupervisionBegan("c", AT, "1009"), SupervisionEnded("c", after(3), "1009"))
        for change in book.apply(fact, AT)
    ]
    assert kinds == [ChangeKind.SUPERVISED, ChangeKind.UNSUPERVISED]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Helen Marsh is listening since 02:47"),
        ({"manner": "whisper"}, "Helen Marsh is listening, heard on our side alone, since 02:47"),
        ({"manner": "barge"}, "Helen Marsh is in the call, heard by both, since 02:47"),
        ({"manner": "something newer"}, "Helen Marsh is listening since 02:47"),
        ({"manner": 7, "shown": "no", "reason": 3}, "Helen Marsh is listening since 02:47"),
        ({"shown": False, "reason": "  "}, "Helen Marsh is listening since 02:47"),
    ],
)
def test_whoever_is_listened_to_reads_by_whom_and_how(body: dict[str, Any], said: str) -> None:
    assert words(talking(SupervisionBegan("c", AT, "1009")), wrote(**body)) == (said,)


def test_one_without_an_entry_is_shown_by_the_telephone() -> None:
    assert words(talking(SupervisionBegan("c", AT, "1009"))) == ("Extension 1009 is listening since 02:47",)


def test_kept_from_view_with_a_reason_and_for_one_ringing_only() -> None:
    call = talking(SupervisionBegan("c", AT, "1009"))
    quiet: dict[str, Any] = {"shown": False, "reason": "A complaint about this worker, agreed with the service manager"}
    assert words(call, wrote(after(-10), **quiet)) == ()
    assert [one.shown for one in hearings(call, [announced(wrote(**quiet))])] == [False]
    long_ago = after(-1 - HIDES_FOR.total_seconds())
    assert words(call, wrote(long_ago, **quiet)) == ("Helen Marsh is listening since 02:47",)
    assert words(call, wrote(after(-30), **quiet), wrote(after(-5))) == ("Helen Marsh is listening since 02:47",)


def test_where_it_is_not_switched_on_nothing_is_kept_from_view() -> None:
    """Whatever the console of another computer was set to, and wrote."""
    call = talking(SupervisionBegan("c", AT, "1009"))
    item = wrote(after(-10), shown=False, reason="A complaint about this worker")
    assert words(call, item, hides=False) == ("Helen Marsh is listening since 02:47",)
    assert words(call, item) == ()


def test_ones_own_listening_is_no_news() -> None:
    assert words(talking(SupervisionBegan("c", AT, "1009")), wrote(), but="1009") == ()


def test_the_record_keeps_who_heard_a_call_and_why() -> None:
    record = fold_call([wrote(manner="barge", reason="caller asked for the manager")])
    assert record is not None
    (said,) = record.supervised
    assert (said.by, said.manner, said.reason) == ("helen.marsh", Manner.BARGE, "caller asked for the manager")


def test_only_the_roles_of_the_table_supervise() -> None:
    may = {role for role in Role if kind_right(Kind.CALL_SUPERVISION, role)}
    assert Role.SERVICE_ADVISER not in may
    assert Role.WITNESS not in may
    assert {Role.DUTY_MANAGER, Role.SUPPORT_WORKER, Role.SOCIAL_WORKER_CHILDREN} <= may
    assert kind_right(Kind.CALL_SUPERVISED, Role.WITNESS), "what the switchboard says is written by whoever hears it"
