"""How far a try of a switchboard came: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from console.domain.call_events import AgentPaused, Alerting, CallEvent, LinkChanged, LinkState, SnapshotTaken
from console.ports.switchboard import Capabilities
from ui.bootstrap.setting_up.course import Course, Step, StepKey, StepState, ended, heard, reached, refused

AT = datetime(2026, 11, 28, 22, 14, tzinfo=UTC)
CAN = Capabilities(frozenset(), {}, other_side="Asterisk, manager interface 11.0.0")
ANSWERS = Step(StepKey.REACH, StepState.RIGHT, "Something answers.")
SILENT = Step(StepKey.REACH, StepState.WRONG, "Nothing answers.")
IN = LinkChanged(AT, LinkState.CONNECTED)
RIGHT, WRONG, WAITING = StepState.RIGHT, StepState.WRONG, StepState.WAITING
NOT_TOLD, NOT_ASKED = StepState.NOT_TOLD, StepState.NOT_ASKED


def _after(*facts: CallEvent, can: Capabilities = CAN) -> Course:
    course = reached(Course(20, "Asterisk 22.10.1"), ANSWERS)
    for fact in facts:
        course = heard(course, fact, can)
    return course


def _states(course: Course) -> list[StepState]:
    return [one.state for one in course.steps()]


def test_it_goes_from_top_to_bottom() -> None:
    begun = Course(20)
    assert _states(begun) == [WAITING] * 5
    assert _states(_after()) == [RIGHT, WAITING, WAITING, WAITING, WAITING]
    let_in = _after(IN, SnapshotTaken(AT, frozenset()))
    assert _states(let_in) == [RIGHT, RIGHT, RIGHT, RIGHT, WAITING]
    assert "Ring one of your lines now" in let_in.steps()[4].words
    rang = heard(let_in, Alerting("c1", AT, "leg", "1001"), CAN)
    assert _states(rang) == [RIGHT] * 5
    assert (rang.done, rang.well) == (True, True)


def test_where_nothing_answers_the_rest_is_not_asked() -> None:
    course = reached(Course(20), SILENT)
    assert _states(course) == [WRONG, NOT_ASKED, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert (course.done, course.logged_in, course.well) == (True, False, False)


@pytest.mark.parametrize("state", [LinkState.REFUSED, LinkState.LOST])
def test_a_refused_log_in_says_why_and_ends_it(state: LinkState) -> None:
    course = _after(LinkChanged(AT, state, "The account was refused."))
    assert _states(course) == [RIGHT, WRONG, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert course.steps()[1].words == "The account was refused."
    assert course.done


def test_each_missing_right_has_a_sentence_of_its_own() -> None:
    lacking = replace(CAN, remarks=("It lacks agent.", "It lacks originate."))
    rights = _after(IN, can=lacking).steps()[2]
    assert (rights.state, rights.more) == (WRONG, lacking.remarks)
    assert not _after(IN, can=lacking).well
    assert _after(IN, can=lacking).logged_in


def test_what_this_account_may_not_do_is_to_be_mended_too() -> None:
    course = heard(reached(Course(20), ANSWERS), IN, CAN, ("Not from the screen: hold: it may not.",))
    assert (course.steps()[2].state, course.steps()[2].more) == (WRONG, course.acts)


def test_what_was_there_before_proves_nothing_of_what_may_be_heard() -> None:
    there = SnapshotTaken(AT, frozenset({"old"}), beginning=frozenset({"half"}))
    asked = _after(IN, there, Alerting("old", AT, "l", "1001"), Alerting("half", AT, "l", "1001"))
    assert not heard(asked, AgentPaused(AT, "1001", "oohs", paused=True), CAN).heard
    assert heard(asked, Alerting("new", AT, "l", "1001"), CAN).heard


def test_a_line_that_nobody_rang_is_no_fault_and_says_what_to_do() -> None:
    course = ended(_after(IN, SnapshotTaken(AT, frozenset())))
    assert course.steps()[4].state is NOT_TOLD
    assert "Nothing rang within 20 s" in course.steps()[4].words
    assert course.well


def test_a_switchboard_that_says_nothing_has_not_let_us_in() -> None:
    course = ended(_after(), "It did not say whether it lets us in.")
    assert course.steps()[1].state is WRONG
    assert not course.logged_in


def test_a_connection_lost_while_listening_is_said_and_the_log_in_stays_right() -> None:
    course = _after(IN, SnapshotTaken(AT, frozenset()), LinkChanged(AT, LinkState.LOST, "It hung up."))
    assert course.steps()[1].state is RIGHT
    assert "It hung up." in course.steps()[2].more
    assert course.over


def test_a_version_that_is_not_told_is_neither_right_nor_wrong() -> None:
    version = _after(IN, can=replace(CAN, other_side="")).steps()[3]
    assert version.state is NOT_TOLD
    assert "This kind was tested against Asterisk 22.10.1" in version.words


def test_a_plug_in_that_says_pages_is_cut() -> None:
    loud = replace(CAN, remarks=("x" * 5000,) * 50, other_side="y\n" * 5000)
    course = _after(IN, can=loud)
    assert len(course.steps()[2].more) == 12
    assert max(map(len, course.steps()[2].more)) <= 601
    assert "\n" not in course.steps()[3].words
    assert len(refused(Course(20), "z" * 5000).failed) <= 601
