"""Finding a person: through the doors of a real record, and never a late answer for another question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from console.domain.invent_script import LENA, MARCUS
from console.domain.people import Candidates
from console.services.access import Access
from console.services.people_search import PAUSE, PeopleSearch, SearchState, say_of
from db.sqlite import SqliteStore
from tests.helpers.people_room import peopled_store
from tests.helpers.record_parts import ADMIN, ADVISER, HandClock

T = TypeVar("T")


@dataclass
class HandRunner:
    """Does the work when told to, in any order: what a slow reader would do."""

    waiting: list[Callable[[], None]] = field(default_factory=list)

    def read(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Keep the work for later."""

        def run() -> None:
            try:
                answer = work()
            except Exception as error:
                assert failed is not None
                failed(error)
            else:
                then(answer)

        self.waiting.append(run)

    write = keep = read

    def finish(self, which: int = 0) -> None:
        """Do one piece of work and bring its answer."""
        self.waiting.pop(which)()


@dataclass
class HandAlarm:
    """Timers that run when told to."""

    due: list[tuple[float, Callable[[], None], HandTimer]] = field(default_factory=list)

    def after(self, seconds: float, act: Callable[[], None]) -> HandTimer:
        """Keep ``act``."""
        timer = HandTimer()
        self.due.append((seconds, act, timer))
        return timer

    def every(self, seconds: float, act: Callable[[], None]) -> HandTimer:
        """Not used by a search."""
        raise AssertionError

    def ring(self) -> None:
        """Run what was not cancelled."""
        due, self.due = self.due, []
        for _, act, timer in due:
            if not timer.cancelled:
                act()


@dataclass
class HandTimer:
    """A timer that can be forgotten."""

    cancelled: bool = False

    def cancel(self) -> None:
        """Forget it."""
        self.cancelled = True


@dataclass
class Desk:
    """A search with its hands on everything around it."""

    store: SqliteStore
    runner: HandRunner = field(default_factory=HandRunner)
    alarm: HandAlarm = field(default_factory=HandAlarm)
    seen: list[SearchState] = field(default_factory=list)

    def __post_init__(self) -> None:
        access = Access(self.store, self.runner, ADVISER)
        self.search = PeopleSearch(access, HandClock(), self.alarm, self.seen.append)

    def people(self) -> list[object]:
        """Return whom the list shows."""
        found = self.search.state.found
        return [one.person for one in found.people] if found else []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = peopled_store(tmp_path, 60)
    yield Desk(store)
    store.close()


def test_a_search_is_audited_and_answered(desk: Desk) -> None:
    desk.search.ask("marcus fenn 19/2/92")
    assert desk.search.state.waiting
    assert desk.search.state.question.born == date(1992, 2, 19)
    desk.runner.finish()
    assert (desk.people(), desk.search.state.waiting, desk.search.state.say) == ([MARCUS], False, "")
    assert desk.store.verify().accesses == 1


def test_it_is_asked_once_when_typing_pauses(desk: Desk) -> None:
    for typed in ("f", "fe", "fen", "fenn"):
        desk.search.type(typed)
    assert desk.alarm.due[-1][0] == PAUSE
    desk.alarm.ring()
    assert len(desk.runner.waiting) == 1
    desk.runner.finish()
    assert desk.people() == [LENA, MARCUS]
    assert desk.store.verify().accesses == 1


def test_a_late_answer_for_other_words_is_dropped(desk: Desk) -> None:
    desk.search.ask("fenn")
    desk.search.ask("448 211")
    desk.runner.finish(1)
    assert desk.people() == [LENA]
    desk.runner.finish(0)
    assert desk.people() == [LENA]
    assert desk.search.state.typed == "448 211"


def test_typing_on_drops_the_answer_under_way(desk: Desk) -> None:
    desk.search.ask("fenn")
    desk.search.type("fennel")
    desk.runner.finish()
    assert desk.people() == []


def test_names_never_stand_under_words_they_were_not_found_by(desk: Desk) -> None:
    desk.search.ask("fenn")
    desk.runner.finish()
    assert desk.people() == [LENA, MARCUS]
    desk.search.type("fennel")
    assert desk.search.state == SearchState("fennel"), "gone with the key, before the pause"
    desk.search.ask("zzzzzzz")
    desk.runner.finish()
    desk.search.type("zzzzzz")
    assert desk.search.state.say == ""


def test_a_question_that_nobody_waits_for_any_more_is_not_asked(desk: Desk) -> None:
    desk.search.ask("fenn")
    desk.search.type("fennel")
    desk.search.ask("448 211")
    while desk.runner.waiting:
        desk.runner.finish()
    assert desk.people() == [LENA]
    assert desk.store.verify().accesses == 1, "the first stands on no log"
    assert desk.search.state.say == ""


def test_too_many_are_said_and_what_to_add(desk: Desk) -> None:
    many = Candidates((), None, 1_000, too_many=True)
    assert say_of(many) == "More than 1,000 people fit. Add a name, a year of birth, a street or a postcode."
    desk.search.ask("fenn")
    desk.runner.finish()
    assert desk.search.state.found is not None
    first = replace(desk.search.state.found, total=1_000, too_many=True)
    assert say_of(first).startswith("More than 1,000 people have this name; these are the first. Add")


def test_a_closed_list_stays_closed(desk: Desk) -> None:
    desk.search.ask("fenn")
    desk.search.close()
    desk.runner.finish()
    assert desk.search.state == SearchState()


@pytest.mark.parametrize("typed", ["", "f", "31/2/1990"])
def test_what_cannot_be_asked_is_said_and_not_asked(desk: Desk, typed: str) -> None:
    desk.search.ask(typed)
    assert desk.search.state.say
    assert not desk.search.state.waiting
    assert desk.runner.waiting == []


def test_nobody_found_says_what_to_do_next(desk: Desk) -> None:
    desk.search.ask("zzzzzzz")
    desk.runner.finish()
    assert desk.search.state.say == "Nobody found. New person Ctrl+N."


def test_a_failure_is_said_for_its_own_question_only(desk: Desk) -> None:
    desk.search = PeopleSearch(Access(desk.store, desk.runner, ADMIN), HandClock(), desk.alarm, desk.seen.append)
    desk.search.ask("fenn")
    desk.search.ask("fen")
    desk.runner.finish(0)
    assert desk.search.state.waiting
    desk.runner.finish(0)
    assert "Nothing was looked up" in desk.search.state.say
    assert not desk.search.state.waiting
