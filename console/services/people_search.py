"""Find a person (F3): one box, asked when typing pauses, answered by ticket on a reader.

An answer belongs to its question.  When the words have changed, or the list was closed, a late
answer is dropped, so that names never appear under a question they do not belong to; a question that
still waits for a reader by then is not asked at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from console.domain.calendar import local
from console.domain.people import Candidates
from console.domain.search import Question, understand
from console.ports.clock import Alarm, Clock, Timer
from console.ports.store import Look
from console.services.access import Access

PAUSE = 0.4
"""Seconds without a key before a search is asked: every search is on the access log."""
REASON = "find a person"
MORE_WORDS = "Add a name, a year of birth, a street or a postcode."


@dataclass(frozen=True, slots=True)
class SearchState:
    """What the list shows: how the words were read, whether an answer is awaited, and the answer.

    ``say`` is a sentence for the worker: why nothing was searched, that nobody was found, or what
    failed; empty while there is nothing to say.
    """

    typed: str = ""
    question: Question = Question()
    waiting: bool = False
    found: Candidates | None = None
    say: str = ""


def say_of(found: Candidates) -> str:
    """Return what is said of an answer beside its people, or in their place; empty where they speak for themselves."""
    if found.too_many and found.people:
        return f"More than {found.total:,} people have this name; these are the first. {MORE_WORDS}"
    if found.too_many:
        return f"More than {found.total:,} people fit. {MORE_WORDS}"
    return "" if found.people else "Nobody found. New person Ctrl+N."


class PeopleSearch:
    """One worker's search.  ``changed`` is called on the services' thread with each new state."""

    def __init__(self, access: Access, clock: Clock, alarm: Alarm, changed: Callable[[SearchState], None]) -> None:
        self._access = access
        self._clock = clock
        self._alarm = alarm
        self._changed = changed
        self._pause: Timer | None = None
        self._asked = 0
        self.state = SearchState()

    def type(self, typed: str, reason: str = REASON) -> None:
        """Take up what stands in the box now; the search is asked after a pause, and until then nobody is shown."""
        self._forget()
        if self.state.found is not None or self.state.say:
            self._show(SearchState(typed))
        self._pause = self._alarm.after(PAUSE, lambda: self.ask(typed, reason))

    def ask(self, typed: str, reason: str = REASON) -> None:
        """Search at once (Enter): commits the audit row, then fetches."""
        self._forget()
        question = understand(typed, local(self._clock.now()).date())
        if question.empty:
            self._show(SearchState(typed, question, say=question.hint))
            return
        self._show(SearchState(typed, question, waiting=True))
        asked = self._asked
        look = Look(reason, None, question.e164, question.words, question.born, question.reference)
        self._access.look(
            look,
            lambda found: self._answer(asked, found),
            lambda error: self._failed(asked, error),
            # Read from the reader's thread: a number that only grows.
            wanted=lambda: asked == self._asked,
        )

    def close(self) -> None:
        """Close the list: whatever is still under way is dropped when it comes."""
        self._forget()
        self._show(SearchState())

    def _forget(self) -> None:
        self._asked += 1
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None

    def _answer(self, asked: int, found: Candidates) -> None:
        if asked == self._asked:
            self._show(replace(self.state, waiting=False, found=found, say=say_of(found)))

    def _failed(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._show(replace(self.state, waiting=False, say=str(error)))

    def _show(self, state: SearchState) -> None:
        self.state = state
        self._changed(state)
