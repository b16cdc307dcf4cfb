"""What calms, what inflames and what was promised, as folds; and the line that drops, with ringing back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.call_log import CallRecord
from console.domain.calls import CallOutcome, Direction, Presentation
from console.domain.drops import Drop, RingBack, RingOutcome, fold_ring_backs, line_dropped
from console.domain.hooks import Due, HookEnd, HookSort, fold_hooks, in_order
from console.domain.people import Candidate, Candidates, DobCertainty, Line, Marker, MatchKind, Rank
from console.domain.record import Kind, StreamKind, iso
from console.domain.ring_back import RingNumber, number_to_ring, ringing_back
from console.domain.ring_claims import CLAIMED, RING_SLOT, fold_ring_claim
from console.domain.ring_safety import NumberKnown, Safety, number_known, said_of
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


def test_a_call_of_which_a_program_only_told_no_more_has_not_dropped() -> None:
    silent = replace(call("unknown"), outcome=CallOutcome.UNKNOWN)
    assert line_dropped(None, silent, ()) is not None, "gone while the switchboard was away: nobody knows, and it rings"
    assert line_dropped(None, replace(silent, assumed=True), ()) is None
    told = replace(call("caller"), assumed=True, outcome=CallOutcome.ANSWERED)
    made = line_dropped(None, told, ())
    assert made is not None
    assert not made.unsaid


def test_where_a_watched_telephone_cannot_say_who_ended_a_call_nothing_is_said_to_have_dropped() -> None:
    ended = replace(call("unknown"), assumed=True, outcome=CallOutcome.ANSWERED)
    made = line_dropped(None, ended, ())
    assert made is not None
    assert (made.unsaid, made.e164) == (True, NUMBER), "it can be rung back as ever"
    known = line_dropped(None, replace(ended, assumed=False), ())
    assert known is not None
    assert not known.unsaid, "a switchboard that was away: the telephones of both sides were cut off"
    ours = RingBack(RingOutcome.OURS, TEN_PAST, "priya", "", uuid4(), 1, ended.id)
    assert line_dropped(None, ended, (ours,)) is None


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


def written(said: str) -> NumberKnown:
    """Return a line of which something is written."""
    return NumberKnown(lines=(Line(NUMBER, safe_to_call=said),))


def candidate(person: UUID, markers: tuple[Marker, ...] = ()) -> Candidate:
    """Return somebody whom the number may mean."""
    return Candidate(
        person, "Fenn", "Lena", None, DobCertainty.UNKNOWN, "", "", MatchKind.NUMBER, "", None, None, None, markers
    )


def marker(review: date) -> Marker:
    """Return a marker that says do not ring back."""
    return Marker(uuid4(), "do_not_call_back", Rank.HOUR, "", "", TODAY, "", "", review)


def test_a_claim_is_no_attempt_and_ends_with_what_came_of_it() -> None:
    stream, call = Stream(StreamKind.INCIDENT), uuid4()
    claimed = {"outcome": CLAIMED, "call": call}
    stream.write(Kind.INCIDENT_RING_BACK, claimed, slot=RING_SLOT, author="tom")
    stream.write(Kind.INCIDENT_RING_BACK, {"outcome": "rung", "call": call}, author="tom")
    claim = fold_ring_claim(stream.items)
    assert claim is not None
    assert (claim.by, claim.call, claim.told) == ("tom", call, False)
    assert [one.outcome for one in fold_ring_backs(stream.items)] == [RingOutcome.RUNG]
    stream.write(Kind.INCIDENT_RING_BACK, {"outcome": "engaged", "call": call}, author="priya")
    over = fold_ring_claim(stream.items)
    assert over is not None
    assert over.told
    stream.write(Kind.INCIDENT_RING_BACK, claimed, slot=RING_SLOT, author="priya")
    newest = fold_ring_claim(stream.items)
    assert newest is not None
    assert (newest.by, newest.told) == ("priya", False)


def test_the_line_is_armed_and_says_how_safe_it_is() -> None:
    found = ringing_back(drop(), TODAY, known=written("only before 18:00"))
    assert (found.number, found.which, found.state) == (
        NUMBER,
        RingNumber.LINE,
        "read before ringing: only before 18:00",
    )
    assert "only before 18:00" in found.rule
    assert ringing_back(drop(), TODAY).state == "safe to ring: not asked"


@pytest.mark.parametrize("said", ["no", "No: he listens", "never", "not safe after nine", "Do not ring", "unsafe"])
def test_a_number_that_is_not_safe_to_ring_is_refused_with_the_reason(said: str) -> None:
    found = ringing_back(drop(), TODAY, known=written(said))
    assert not found.armed
    assert said in found.why_not


@pytest.mark.parametrize("said", ["", "not asked", "yes", "normal hours", "no longer shared, yes"])
def test_anything_else_is_shown_and_not_refused(said: str) -> None:
    assert ringing_back(drop(), TODAY, known=written(said)).armed


@pytest.mark.parametrize(
    ("said", "safety"),
    [
        ("", Safety.FREELY),
        ("Not asked", Safety.FREELY),
        ("Yes.", Safety.FREELY),
        ("Y", Safety.FREELY),
        ("any hour", Safety.FREELY),
        ("n", Safety.NEVER),
        ("N", Safety.NEVER),
        ("No", Safety.NEVER),
        ("no he listens", Safety.NEVER),
        ("No longer safe", Safety.NEVER),
        ("dangerous: partner answers", Safety.NEVER),
        ("NOT TO BE RUNG", Safety.NEVER),
        ("Don’t ring", Safety.NEVER),
        ("07700 900413 no longer safe", Safety.NEVER),
        ("none, he took her phone 07700 900413", Safety.NEVER),
        ("only before 18:00", Safety.RULE),
        ("not before 06:00 unless a life is at risk", Safety.RULE),
        ("no longer shared, yes", Safety.RULE),
        ("no restrictions", Safety.RULE),
        ("normal hours", Safety.RULE),
        ("ask for Lena", Safety.RULE),
        ("yes but he reads her messages", Safety.RULE),
        ("n/a", Safety.RULE),
        ("???", Safety.RULE),
        ("не звонить", Safety.RULE),
    ],
)
def test_words_about_a_number_are_read_in_three_ways_and_what_is_not_understood_is_a_rule(
    said: str, safety: Safety
) -> None:
    assert said_of(said) is safety
    made = ringing_back(drop(), TODAY, known=written(said))
    assert made.armed is (safety is not Safety.NEVER)
    assert bool(made.rule) is (safety is Safety.RULE)


@given(st.text(max_size=80))
def test_no_words_about_a_number_end_the_reading_of_it(said: str) -> None:
    made = ringing_back(drop(), TODAY, safe_number=said, known=written(said))
    assert made.armed or made.why_not


@pytest.mark.parametrize(
    ("stated", "number", "rule"),
    [
        ("07700 900413", "+447700900413", False),
        ("07700 900413, yes", "+447700900413", False),
        ("sister's, 07700 900413", "+447700900413", True),
        ("after 18:00 07700 900413", "+447700900413", True),
        ("07700 900413 or 07700900413", "+447700900413", True),
        ("none, he took her phone 07700 900413", "", False),
        ("07700 900413 no longer safe", "", False),
        ("not 07700 900412, 07700 900413", "", False),
        ("12.30 to 14.00", "", False),
    ],
)
def test_a_safe_number_is_rung_as_it_was_stated_and_never_against_its_words(
    stated: str, number: str, rule: bool
) -> None:
    made = ringing_back(drop(), TODAY, safe_number=stated)
    assert (made.number, bool(made.rule)) == (number, rule)
    assert number_to_ring(drop(), stated) == number
    assert made.armed or made.why_not


def test_a_safe_number_of_which_the_record_says_otherwise_has_a_rule() -> None:
    made = ringing_back(drop(), TODAY, safe_number="07700 900412", known=written("no"))
    assert made.armed
    assert "The record says of this number: no." in made.rule


def test_nothing_is_rung_while_what_is_known_is_read_and_what_could_not_be_read_is_a_rule() -> None:
    coming = ringing_back(drop(), TODAY, known=NumberKnown(reading=True))
    assert not coming.armed
    assert "still being read" in coming.why_not
    unread = ringing_back(drop(), TODAY, known=NumberKnown(unread="The record is away."))
    assert unread.armed
    assert unread.rule == "The record is away."
    assert unread.state == "safe to ring: not known"


def test_of_two_places_that_speak_of_a_number_the_more_careful_words_hold() -> None:
    for said in (("yes", "no"), ("no", "yes")):
        known = NumberKnown(lines=tuple(Line(NUMBER, safe_to_call=one) for one in said))
        assert not ringing_back(drop(), TODAY, known=known).armed


def test_a_marker_of_anybody_else_on_the_line_and_somebody_unseen_are_rules() -> None:
    marked, plain, hidden = uuid4(), uuid4(), uuid4()
    people = (candidate(marked, (marker(TODAY),)), candidate(plain))
    found = Candidates(people, None, 2)
    assert number_known(NUMBER, None, None, found, TODAY).rules
    assert number_known(NUMBER, plain, None, found, TODAY).rules
    assert not number_known(NUMBER, marked, None, found, TODAY).rules, "theirs are read in their own record"
    assert not number_known(NUMBER, None, None, Candidates(people[1:], None, 1), TODAY).rules
    assert number_known(NUMBER, None, None, Candidates(people[1:], None, 40), TODAY).rules
    restricted = Candidates((replace(candidate(hidden), restricted=True),), None, 1)
    assert number_known(NUMBER, None, None, restricted, TODAY).rules


def test_a_withheld_number_and_one_that_was_not_sent_are_refused_apart() -> None:
    withheld = ringing_back(drop(Presentation.WITHHELD, ""), TODAY)
    unknown = ringing_back(drop(Presentation.UNAVAILABLE, ""), TODAY)
    assert not withheld.armed
    assert not unknown.armed
    assert "withheld" in withheld.why_not
    assert "No number was sent" in unknown.why_not


def test_a_marker_in_force_refuses_every_number_and_an_old_one_is_said() -> None:
    for safe in ("", "07700 900555"):
        assert not ringing_back(drop(), TODAY, safe_number=safe, known=NumberKnown(markers=(marker(TODAY),))).armed
    old = ringing_back(drop(), TODAY, known=NumberKnown(markers=(marker(TODAY - timedelta(days=1)),)))
    assert old.armed
    assert "old marker" in old.state


def test_a_safe_number_goes_before_the_line_and_is_refused_where_it_is_none() -> None:
    found = ringing_back(drop(Presentation.WITHHELD, ""), TODAY, safe_number="07700 900555", known=written("no"))
    assert (found.number, found.which) == ("+447700900555", RingNumber.SAFE)
    for stated in ("none", "no: he reads it", "999", "9 999", "at mum's"):
        refused = ringing_back(drop(), TODAY, safe_number=stated)
        assert not refused.armed, stated
        assert refused.why_not
