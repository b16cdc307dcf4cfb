"""How far a try of a switchboard has come, step by step: a pure fold of what was found and heard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from console.domain.call_events import AgentPaused, CallEvent, CallsMerged, LinkChanged, LinkState, SnapshotTaken
from console.domain.text import safe_line
from console.ports.switchboard import Capabilities
from telephony_adapters.link.telling import AGAIN
from ui.bootstrap.doctor.telephones import how_tested

SENTENCE_CAP = 600
"""Characters of one sentence: a plug-in may say anything."""
MOST_SENTENCES = 12


class StepState(StrEnum):
    """How a step is.  What was not asked, because a step before it failed, is neither right nor wrong."""

    WAITING = "waiting"
    RIGHT = "right"
    WRONG = "wrong"
    NOT_TOLD = "not told"
    NOT_ASKED = "not asked"


class StepKey(StrEnum):
    """The steps, in the order in which they are taken; the value is how each is called."""

    REACH = "Reach it"
    LOG_IN = "Log in"
    RIGHTS = "Rights"
    VERSION = "Version"
    EVENT = "One call heard"


@dataclass(frozen=True, slots=True)
class Step:
    """One line: ``words`` say what was found; ``more`` has a sentence for each thing that is missing or to know."""

    key: StepKey
    state: StepState
    words: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What a try has found up to now.

    ``wait_s`` is how long one waits for a call, in seconds; ``tested`` what the adapter was tested against;
    ``acts`` why this account may not do what others of its kind may, one sentence each.
    """

    wait_s: int
    tested: str = ""
    reach: Step = Step(StepKey.REACH, StepState.WAITING, "Trying.")
    failed: str = ""
    logged_in: bool = False
    can: Capabilities | None = None
    acts: tuple[str, ...] = ()
    said: str = ""
    known: frozenset[str] | None = None
    heard: bool = False
    over: bool = False

    @property
    def done(self) -> bool:
        """Say whether nothing more is to be found out."""
        return self.heard or bool(self.failed) or self.reach.state is StepState.WRONG

    @property
    def well(self) -> bool:
        """Say whether nothing was found that must be mended; a call that nobody rang is no fault."""
        return self.logged_in and not any(one.state is StepState.WRONG for one in self.steps())

    def steps(self) -> tuple[Step, ...]:
        """Return every step, as it is now."""
        return (self.reach, self._log_in(), self._rights(), self._version(), self._event())

    def _later(self, key: StepKey) -> Step:
        if self.over or self.done:
            return Step(key, StepState.NOT_ASKED, "See above.")
        return Step(key, StepState.WAITING, "Waiting for the step above.")

    def _log_in(self) -> Step:
        if self.logged_in:
            return Step(StepKey.LOG_IN, StepState.RIGHT, "It lets this account in.")
        if self.failed:
            return Step(StepKey.LOG_IN, StepState.WRONG, self.failed)
        return self._later(StepKey.LOG_IN)

    def _rights(self) -> Step:
        if not self.logged_in or self.can is None:
            return self._later(StepKey.RIGHTS)
        # A missing right has said already which acts it takes away.
        told = tuple(one for one in (*self.can.remarks, self.said) if one) or self.acts
        missing = tuple(safe_line(one, SENTENCE_CAP) for one in told[:MOST_SENTENCES])
        if missing:
            words = "One thing to mend:" if len(missing) == 1 else f"{len(missing)} things to mend:"
            return Step(StepKey.RIGHTS, StepState.WRONG, words, missing)
        return Step(StepKey.RIGHTS, StepState.RIGHT, "No right is missing that can be asked about.")

    def _version(self) -> Step:
        if not self.logged_in or self.can is None:
            return self._later(StepKey.VERSION)
        tested = f"This kind was {how_tested(self.tested)}."
        if not self.can.other_side:
            return Step(StepKey.VERSION, StepState.NOT_TOLD, f"It does not say its version. {tested}")
        return Step(StepKey.VERSION, StepState.RIGHT, f"{safe_line(self.can.other_side, SENTENCE_CAP)}. {tested}")

    def _event(self) -> Step:
        if self.heard:
            return Step(StepKey.EVENT, StepState.RIGHT, "A call was heard: it tells what rings.")
        if not self.logged_in or self.failed:
            return self._later(StepKey.EVENT)
        if self.over:
            words = (
                f"Nothing rang within {self.wait_s} s. Ring one of your lines, and try again while it rings: an "
                "account that may not read calls is let in, and then hears nothing."
            )
            return Step(StepKey.EVENT, StepState.NOT_TOLD, words)
        return Step(StepKey.EVENT, StepState.WAITING, f"Ring one of your lines now. Waiting up to {self.wait_s} s.")


def reached(course: Course, step: Step) -> Course:
    """Return the course once it is known whether anything answers at the address."""
    return replace(course, reach=step, over=course.over or step.state is StepState.WRONG)


def heard(course: Course, fact: CallEvent, can: Capabilities, acts: tuple[str, ...] = ()) -> Course:
    """Return the course after one fact of the adapter; ``can`` and ``acts``: what it can do now, and why not more."""
    if isinstance(fact, LinkChanged):
        return _link(course, fact, can, acts)
    if isinstance(fact, SnapshotTaken):
        known = fact.calls | fact.joined_late | fact.beginning
        return replace(course, logged_in=True, can=can, acts=acts, known=known)
    if course.known is None or isinstance(fact, AgentPaused):
        return course
    # What was there before was answered to a question of ours: only what it tells unasked proves that it may be heard.
    calls = {fact.call, fact.other} if isinstance(fact, CallsMerged) else {fact.call}
    return course if calls & course.known else replace(course, heard=True)


def refused(course: Course, sentence: str) -> Course:
    """Return the course where no connection could even be begun."""
    return replace(course, failed=safe_line(sentence, SENTENCE_CAP), over=True)


def ended(course: Course, sentence: str = "") -> Course:
    """Return the course when its time is over; ``sentence`` says why, where the log-in was never decided."""
    failed = "" if course.logged_in or course.failed else sentence
    return replace(course, over=True, failed=course.failed or failed)


def _link(course: Course, link: LinkChanged, can: Capabilities, acts: tuple[str, ...]) -> Course:
    match link.state:
        case LinkState.CONNECTED:
            return replace(course, logged_in=True, can=can, acts=acts, said=link.sentence)
        case LinkState.LOST | LinkState.REFUSED if not course.logged_in:
            return refused(course, link.sentence.removesuffix(AGAIN) or "It hung up before it let us in.")
        case LinkState.LOST | LinkState.REFUSED:
            lost = link.sentence.removesuffix(AGAIN) or "The connection was lost while we listened."
            return replace(course, said=lost, over=True)
        case _:
            return course
