"""What was told of a call while it was taken for two stays the caller's: in the figures, and among the missed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import permutations

import pytest

from console.domain.call_aliases import aliases_of, without_aliases
from console.domain.call_log import CallRecord, fold_call
from console.domain.calls import CallOutcome, Direction, Presentation
from console.domain.lines import USUAL
from console.domain.missed_calls import missed_calls
from console.domain.record import Kind, StreamKind
from tests.helpers.items import TEN_PAST, Stream

LINE, NUMBER, OTHER = "01632960001", "+447700900412", "+447700900988"


@dataclass
class Told:
    """One call as it is told; ``at`` in seconds after ten past ten."""

    stream: Stream = field(default_factory=lambda: Stream(StreamKind.CALL))

    def say(self, at: float, kind: Kind, author: str = "priya.raman", **body: object) -> Told:
        """Write one fact."""
        self.stream.at = TEN_PAST
        self.stream.write(kind, body, seconds=at, author=author)
        return self

    def began(self, at: float, direction: str = "inbound", dialled: str = LINE) -> Told:
        """It began."""
        return self.say(at, Kind.CALL_SEEN, direction=direction, dialled=dialled)

    def number(self, at: float, presentation: str, e164: str = "") -> Told:
        """Its number is told."""
        return self.say(at, Kind.CALL_NUMBER, presentation=presentation, e164=e164)

    def answered(self, at: float, extension: str) -> Told:
        """Somebody answered."""
        return self.say(at, Kind.CALL_ANSWERED, extension=extension)

    def left(self, at: float, extension: str, reason: str = "hung up") -> Told:
        """Somebody left."""
        return self.say(at, Kind.CALL_LEG_ENDED, extension=extension, reason=reason)

    def ended(self, at: float, outcome: str = "abandoned") -> Told:
        """It ended."""
        return self.say(at, Kind.CALL_ENDED, outcome=outcome, ended_by="caller")

    def is_also(self, other: Told, at: float = 30) -> Told:
        """Another call turned out to be this one."""
        return self.say(at, Kind.CALL_ALIAS, other=str(other.stream.ref.id))


def log(*calls: Told) -> tuple[CallRecord, ...]:
    """Return what the record tells of calls, each once."""
    found = [fold_call(call.stream.items) for call in calls]
    return without_aliases(one for one in found if one is not None)


def at(seconds: float) -> object:
    """Return a moment."""
    return TEN_PAST + timedelta(seconds=seconds)


def test_a_caller_told_of_twice_has_waited_from_the_first_of_it_and_has_their_number() -> None:
    first = Told().began(0, dialled=LINE).say(2, Kind.CALL_QUEUED, queue="oohs").number(2, "allowed", NUMBER)
    second = Told().began(20, dialled="").number(21, "unknown").is_also(first).answered(40, "1001")
    (call,) = log(first, second)
    assert call.id == second.stream.ref.id
    assert (call.e164, call.presentation) == (NUMBER, Presentation.ALLOWED)
    assert (call.dialled, call.queue, call.seen_at, call.offered_at) == (LINE, "oohs", at(0), at(2))
    assert call.wait == timedelta(seconds=38)
    assert call.aliases == {first.stream.ref.id}


def test_a_number_withheld_in_either_is_nobodys_to_see() -> None:
    for hidden, shown in permutations(("withheld", "allowed")):
        alias = Told().began(0).number(1, hidden, NUMBER if hidden == "allowed" else "")
        call = Told().began(5).number(6, shown, NUMBER if shown == "allowed" else "").is_also(alias)
        (found,) = log(alias, call)
        assert (found.presentation, found.e164) == (Presentation.WITHHELD, "")


def test_who_talks_in_the_alias_has_the_caller_and_not_from_before_they_came() -> None:
    """Picked up by a telephone whose own call became part of the caller's."""
    caller = Told().began(10).say(10, Kind.CALL_QUEUED, queue="oohs")
    picks = Told().began(5, "internal", "1003").answered(6, "1002")
    caller.is_also(picks).ended(90, "answered")
    (call,) = log(caller, picks)
    assert (call.answered_by, call.answered_at, call.abandoned) == (("1002",), at(10), False)
    assert (call.seen_at, call.dialled) == (at(10), LINE), "what colleagues told each other began nothing"


@pytest.mark.parametrize(("reason", "answered"), [("hung up", False), ("answered elsewhere", True)])
def test_a_colleague_who_had_left_the_alias_answers_nobody(reason: str, answered: bool) -> None:
    """Of a telephone that rings in two ways only a ring is over."""
    alias = Told().began(5, "internal", "1003").answered(6, "1002").left(8, "1002", reason)
    (call,) = log(Told().began(0).is_also(alias).ended(90), alias)
    assert call.answered is answered
    assert bool(missed_calls((call,), USUAL)) is not answered


def test_a_supervisors_own_telephone_answers_nobody() -> None:
    rung = Told().began(5, "internal", "1004").answered(6, "1004")
    heard = Told().began(0).say(4, Kind.CALL_SUPERVISION, extension="1004", manner="listen").is_also(rung)
    (call,) = log(heard.ended(90), rung)
    assert call.abandoned


def test_asked_twice_it_says_the_same() -> None:
    """Figures and missed calls each ask, of calls that may have been put together already."""
    heard = Told().began(0).say(4, Kind.CALL_SUPERVISION, extension="1004", manner="listen").answered(9, "1001")
    ours = Told().began(5, "outbound", "901632960162").answered(6, "outside").is_also(heard)
    once = log(heard, ours, Told().began(7).is_also(ours))
    assert without_aliases(once) == once


def test_what_people_did_about_the_alias_stands() -> None:
    alias = Told().began(0).say(3, Kind.CALL_CLAIMED, author="tom", extension="1002").say(4, Kind.CALL_EMERGENCY)
    call = Told().began(5).is_also(alias)
    (found,) = log(alias, call)
    assert (found.claimed_by, found.emergency) == ("tom", True)
    (found,) = log(alias, call.say(40, Kind.CALL_ANSWERED, extension="1001"))
    assert found.claimed_by == "", "somebody lifted a handset"
    (found,) = log(alias, Told().began(5).say(6, Kind.CALL_CLAIMED, author="helen", extension="1003").is_also(alias))
    assert found.claimed_by == "helen"


def test_a_review_counts_once_it_is_over_and_not_before() -> None:
    def reviewed(seconds: float) -> bool:
        alias = Told().began(0).say(seconds, Kind.CALL_REVIEWED, what="rang_back")
        calls = log(alias, Told().began(5).is_also(alias).ended(60))
        return not missed_calls(calls, USUAL)

    assert not reviewed(50), "they waited on, and rang off after it"
    assert reviewed(70)


def test_an_alias_that_somebody_found_gone_ends_nobodys_call() -> None:
    alias = Told().began(0).say(45, Kind.CALL_ENDED, outcome="unknown", ended_by="unknown", late=True)
    (call,) = log(Told().began(5).is_also(alias), alias)
    assert call.ended_at is None


def test_a_caller_who_became_part_of_a_call_of_ours_is_still_counted_and_over_when_it_is() -> None:
    """Somebody who speaks to an agency takes a caller into it: the older call survives."""
    ours = Told().began(0, "outbound", "901632960162").answered(2, "outside")
    caller = Told().began(20).number(21, "allowed", NUMBER)
    ours.is_also(caller)
    mine, theirs = log(ours, caller)
    assert (mine.direction, mine.e164, mine.answered_by) == (Direction.OUTBOUND, "", ("outside",))
    assert (theirs.direction, theirs.e164, theirs.ended_at) == (Direction.INBOUND, NUMBER, None)
    caller.say(45, Kind.CALL_ENDED, outcome="unknown", ended_by="unknown", late=True)
    ours.ended(90, "answered")
    mine, theirs = log(ours, caller)
    assert (theirs.ended_at, theirs.outcome, theirs.ended_unseen) == (at(90), CallOutcome.ANSWERED, False)
    (missed,) = missed_calls((mine, theirs), USUAL)
    assert missed.call.id == theirs.id, "nobody of ours was told to have answered them"


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_two_people_on_one_line_are_two(direction: str) -> None:
    told = (Told().began(0, direction, "907700900412"), Told().began(9, direction, "907700900988"))
    for one, number in zip(told, (NUMBER, OTHER), strict=True):
        one.number(10, "allowed", number)
    told[0].is_also(told[1]).ended(60)
    assert [call.ended_at for call in log(*told)] == [at(60), at(60)]


def test_what_only_names_its_alias_is_the_whole_of_it() -> None:
    alias = Told().began(0).number(1, "allowed", NUMBER)
    (call,) = log(alias, Told().is_also(alias))
    assert (call.direction, call.seen_at, call.e164, call.dialled) == (Direction.INBOUND, at(0), NUMBER, LINE)


def test_an_alias_of_an_alias_comes_with_it_and_two_that_name_each_other_are_one() -> None:
    one, two, three = Told().began(0).number(1, "allowed", NUMBER), Told().began(5, dialled=""), Told().began(9)
    chain = (three.is_also(two), two.is_also(one), one)
    for order in permutations(chain):
        (call,) = log(*order)
        assert (call.id, call.e164, call.seen_at) == (three.stream.ref.id, NUMBER, at(0))
    one.is_also(three)
    for order in permutations(chain):
        (call,) = log(*order)
        assert call.id == one.stream.ref.id, "who waited longest"
    own = Told().began(0)
    assert len(log(own.is_also(own))) == 1


def test_calls_that_are_only_themselves_are_handed_back_as_they_are() -> None:
    calls = log(Told().began(0), Told().began(1))
    assert without_aliases(calls) == calls
    assert aliases_of(calls) == frozenset()
