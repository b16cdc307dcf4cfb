"""What calms, what inflames and what was promised, as folds; and the line that drops, with ringing back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.call_log import CallRecord
from console.domain.calls import Direction, Presentation
from console.domain.drops import (
    Drop,
    RingBack,
    RingNumber,
    RingOutcome,
    fold_ring_backs,
    line_dropped,
    ringing_back,
    same_line,
)
from console.domain.hooks import Due, HookEnd, HookSort, fold_hooks, in_order
from console.domain.people import Line, Marker, Rank
from console.domain.record import Kind, StreamKind, iso
from tests.helpers.items import TEN_PAST, Stream

TODAY = date(2026, 12, 1)
NUMBER = "+447700900412"


def hooked(stream: Stream, key: UUID, sort: str, text: str, **more: object) -> UUID:
    """Write one line."""
    replaces = more.pop("replaces", None)
    assert replaces is None or isinstance(replaces, UUID)
    author = str(more.pop("author", "priya.raman"))
    body = {"sort": sort, "text": text} | more
    return stream.write(Kind.INCIDENT_HOOK, body, slot=f"hook:{key}", replaces=replaces, author=author)


def test_a_promise_ages_from_later_to_soon_to_late_and_is_over_when_it_was_kept() -> None:
    stream, key = Stream(StreamKind.INCIDENT), uuid4()
    due = TEN_PAST + timedelta(minutes=30)
    first = hooked(stream, key, "promise", "Ring his brother", to="Marcus", due=iso(due))
    made = fold_hooks(stream.items)[0]
    assert (made.sort, made.text, made.to, made.due) == (HookSort.PROMISE, "Ring his brother", "Marcus", due)
    assert made.due_at(TEN_PAST) is Due.LATER
    assert made.due_at(due - timedelta(minutes=5)) is Due.SOON
    assert made.due_at(due) is Due.LATE
    hooked(stream, key, "promise", "Ring his brother", due=iso(due), done="kept", replaces=first)
    made = fold_hooks(stream.items)[0]
    assert made.done is HookEnd.KEPT
    assert made.due_at(due) is Due.NONE
    assert in_order((made,), due) == ()


def test_what_calms_has_no_time_and_stands_after_what_is_late() -> None:
    stream = Stream(StreamKind.INCIDENT)
    hooked(stream, uuid4(), "calms", "The dog")
    hooked(stream, uuid4(), "inflames", "His father")
    hooked(stream, uuid4(), "deadline", "Bail ends", due=iso(TEN_PAST + timedelta(hours=9)))
    hooked(stream, uuid4(), "promise", "Ring back", due=iso(TEN_PAST))
    shown = in_order(fold_hooks(stream.items), TEN_PAST + timedelta(minutes=1))
    assert [one.text for one in shown] == ["Ring back", "Bail ends", "His father", "The dog"]


@given(st.permutations(range(3)))
def test_a_line_that_one_ended_while_the_other_reworded_it_is_over_with_both_wordings(order: list[int]) -> None:
    stream, key = Stream(StreamKind.INCIDENT), uuid4()
    first = hooked(stream, key, "promise", "Ring back")
    hooked(stream, key, "promise", "Ring back", done="kept", replaces=first)
    hooked(stream, key, "promise", "Ring back by ten", replaces=first, author="tom.adeyemi")
    made = fold_hooks([stream.items[at] for at in order])[0]
    assert made.done is HookEnd.KEPT
    assert {made.text, *made.others} == {"Ring back", "Ring back by ten"}
    assert len(made.heads) == 2


def test_a_word_of_a_newer_console_for_an_end_ends_it_and_a_sort_that_is_unknown_is_left_out() -> None:
    stream = Stream(StreamKind.INCIDENT)
    hooked(stream, uuid4(), "promise", "Ring back", done="handed over")
    hooked(stream, uuid4(), "omen", "A raven")
    assert [one.done for one in fold_hooks(stream.items)] == [HookEnd.KEPT]


# --- the line drops ------------------------------------------------------------------------------


def call(by: str, *, answered: bool = True, e164: str = NUMBER) -> CallRecord:
    """Return a call that ended, as the record tells it."""
    at = TEN_PAST + timedelta(minutes=9)
    return CallRecord(
        uuid4(), presentation=Presentation.ALLOWED, e164=e164, answered_at=TEN_PAST if answered else None,
        ended_at=at, ended_by=by,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("by", "dropped"), [("caller", True), ("system", True), ("unknown", True), ("", True), ("1001", False)]
)
def test_a_call_that_we_did_not_end_has_dropped(by: str, dropped: bool) -> None:
    made = line_dropped(None, call(by), ())
    assert (made is not None) is dropped


def test_a_call_that_nobody_answered_has_not_dropped() -> None:
    assert line_dropped(None, call("caller", answered=False), ()) is None
    assert line_dropped(None, CallRecord(uuid4(), Direction.OUTBOUND, ended_at=TEN_PAST), ()) is None
    assert line_dropped(None, None, ()) is None


@pytest.mark.parametrize(("by", "dropped"), [("outside", True), ("system", True), ("1001", False)])
def test_a_call_on_which_they_were_reached_again_may_drop_too_and_its_number_is_whom_we_rang(
    by: str, dropped: bool
) -> None:
    back = replace(call(by, e164=""), direction=Direction.OUTBOUND, dialled="907700900412")
    made = line_dropped(None, back, ())
    assert (made is not None) is dropped
    if made is not None:
        assert (made.call, made.e164, made.presentation) == (back.id, NUMBER, Presentation.ALLOWED)


def test_it_has_dropped_until_they_are_reached_whatever_the_two_clocks_say() -> None:
    ended = call("caller")
    tried = RingBack(RingOutcome.NO_ANSWER, TEN_PAST, "priya", "", uuid4(), 1, ended.id)
    reached = RingBack(RingOutcome.REACHED, TEN_PAST - timedelta(hours=2), "priya", "", uuid4(), 2, ended.id)
    of_another = RingBack(RingOutcome.REACHED, TEN_PAST, "priya", "", uuid4(), 3, uuid4())
    assert line_dropped(None, ended, (tried, of_another)) is not None
    assert line_dropped(None, ended, (tried, reached)) is None


def test_attempts_are_kept_in_order_and_a_newer_outcome_counts_as_rung() -> None:
    stream = Stream(StreamKind.INCIDENT)
    stream.write(Kind.INCIDENT_RING_BACK, {"outcome": "no_answer", "words": "Rang out"})
    stream.write(Kind.INCIDENT_RING_BACK, {"outcome": "answered by a machine"})
    assert [one.outcome for one in fold_ring_backs(stream.items)] == [RingOutcome.NO_ANSWER, RingOutcome.RUNG]


def drop(presentation: Presentation = Presentation.ALLOWED, e164: str = NUMBER) -> Drop:
    """Return a line that is gone."""
    return Drop(uuid4(), TEN_PAST, e164, presentation)


def marker(review: date) -> Marker:
    """Return a marker that says do not ring back."""
    return Marker(uuid4(), "do_not_call_back", Rank.HOUR, "", "", TODAY, "", "", review)


def test_the_line_is_armed_and_says_how_safe_it_is() -> None:
    found = ringing_back(drop(), TODAY, line=Line(NUMBER, safe_to_call="only before 18:00"))
    assert (found.number, found.which, found.state) == (NUMBER, RingNumber.LINE, "safe to ring: only before 18:00")
    assert ringing_back(drop(), TODAY).state == "safe to ring: not asked"


@pytest.mark.parametrize("said", ["no", "No: he listens", "never", "not safe after nine", "Do not ring", "unsafe"])
def test_a_number_that_is_not_safe_to_ring_is_refused_with_the_reason(said: str) -> None:
    found = ringing_back(drop(), TODAY, line=Line(NUMBER, safe_to_call=said))
    assert not found.armed
    assert said in found.why_not


@pytest.mark.parametrize("said", ["", "not asked", "yes", "normal hours", "no longer shared, yes"])
def test_anything_else_is_shown_and_not_refused(said: str) -> None:
    assert ringing_back(drop(), TODAY, line=Line(NUMBER, safe_to_call=said)).armed


def test_a_withheld_number_and_one_that_was_not_sent_are_refused_apart() -> None:
    withheld = ringing_back(drop(Presentation.WITHHELD, ""), TODAY)
    unknown = ringing_back(drop(Presentation.UNAVAILABLE, ""), TODAY)
    assert not withheld.armed
    assert not unknown.armed
    assert "withheld" in withheld.why_not
    assert "No number was sent" in unknown.why_not


def test_a_marker_in_force_refuses_every_number_and_an_old_one_is_said() -> None:
    for safe in ("", "07700 900555"):
        assert not ringing_back(drop(), TODAY, safe_number=safe, markers=(marker(TODAY),)).armed
    old = ringing_back(drop(), TODAY, markers=(marker(TODAY - timedelta(days=1)),))
    assert old.armed
    assert "old marker" in old.state


def test_a_safe_number_goes_before_the_line_and_is_refused_where_it_is_none() -> None:
    unsafe = Line(NUMBER, safe_to_call="no")
    found = ringing_back(drop(Presentation.WITHHELD, ""), TODAY, safe_number="sister's, 07700 900555", line=unsafe)
    assert (found.number, found.which) == ("+447700900555", RingNumber.SAFE)
    for stated in ("none", "no: he reads it", "999", "9 999", "at mum's"):
        refused = ringing_back(drop(), TODAY, safe_number=stated)
        assert not refused.armed, stated
        assert refused.why_not


def test_a_call_from_the_same_line_is_known_by_its_number_alone() -> None:
    one = drop()
    assert same_line(NUMBER, (drop(e164="+447700900555"), one)) is one
    assert same_line("", (drop(e164=""),)) is None
