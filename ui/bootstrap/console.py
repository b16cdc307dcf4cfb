"""The console as a program with windows: place, sign-in, one window, and the end of it in order."""

from __future__ import annotations

import logging
from collections.abc import Callable

from console.domain.record import MANAGERS, Role
from console.ports.journal import StrandedJournal
from console.services.recorder import Drained
from console.services.strays import sentence_of
from ui.bootstrap.desk import Place, Seat
from ui.bootstrap.rehearsal.ended import EndWatch
from ui.bootstrap.seating import Seated, Seating, SignIn
from ui.desktop.runtime.lifetime import Lifetime, Step
from ui.desktop.runtime.rubbish import Rubbish
from ui.desktop.runtime.waiting import let_events_run, wait_for
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.look import Theme
from ui.desktop.window import ConsoleWindow

log = logging.getLogger(__name__)
DRAIN_SECONDS = 3.0
"""How long the outbox is tried at the end (architecture.md 5)."""


def first_screen(role: Role) -> Screen:
    """Return the screen a role begins on."""
    return Screen.BOARD if role in MANAGERS else Screen.HANDLER


class Console:
    """One worker's console at one place: window, seat, and shutting down.

    ``on_seated`` is called once the worker is at work; ``on_refused`` with a sentence when the
    sign-in was refused, and the console may be asked again.
    """

    def __init__(self, place: Place, theme: Theme, end_place: Callable[[], None]) -> None:
        self._place = place
        self._end_place = end_place
        self.window = ConsoleWindow(theme, place.text_percent / 100, place.rehearsal)
        self.seat: Seat | None = None
        self._closed = False
        self._rubbish: Rubbish | None = None
        self._end_watch: EndWatch | None = None
        self.window.left.connect(self.close)

    def sign_in(
        self,
        wanted: SignIn,
        on_seated: Callable[[], None],
        on_refused: Callable[[str], None],
        screen: Screen | None = None,
    ) -> None:
        """Bring the worker to the desk; returns at once."""
        chosen = screen or first_screen(wanted.role)

        def then(answer: Seated | str) -> None:
            if isinstance(answer, str):
                on_refused(answer)
                return
            self.seat = answer.seat
            self._rubbish = self._rubbish or Rubbish(self._place.alarm)
            self.window.seat(answer.seat.desk, chosen, answer.sentence)
            self._look_for_strays(answer.seat)
            self._await_the_end()
            on_seated()

        Seating(self._place, wanted, self.window, then).begin()

    def close(self) -> None:
        """Shut down in the tested order; harmless twice."""
        if self._closed:
            return
        self._closed = True
        steps = (
            Step("adapters", self._place.switchboard.stop),
            Step("journal and outbox", self._drain),
            Step("feed", self._stop_feed),
            Step("journal", self._close_journal),
            Step("executors and store", self._end_place),
            Step("windows", self._close_window),
        )
        Lifetime(steps).close()
        if self._rubbish is not None:
            self._rubbish.stop()

    def _drain(self) -> None:
        """Let the journal take everything and the outbox try for 3 s, with the event loop running."""
        seat = self.seat
        if seat is None:
            return
        self.window.flush_forms()
        seat.desk.notes.flush_all()
        seat.desk.half_filled.flush()
        seat.desk.calls.flush()
        left: list[Drained] = []

        def begin(end: Callable[[], None]) -> None:
            def done(drained: Drained) -> None:
                left.append(drained)
                end()

            seat.desk.recorder.drain(done, DRAIN_SECONDS)

        wait_for(begin, DRAIN_SECONDS + 1)
        if left and left[0].unshared:
            log.info("%d entries stay in the journal of this computer", left[0].unshared)

    def _stop_feed(self) -> None:
        if self._end_watch is not None:
            self._end_watch.stop()
        if self.seat is not None:
            self.window.end()
            self.seat.desk.shift.asking.cancel()
            self.seat.desk.recorder.stop()

    def _close_journal(self) -> None:
        if self.seat is not None:
            self._place.runner.keep(self.seat.journal.close, _nothing)

    def _close_window(self) -> None:
        self.window.end()
        self.window.close()
        let_events_run()

    def _await_the_end(self) -> None:
        """In a rehearsal, say on this screen that it has ended."""
        if self._place.review is not None:
            self._end_watch = EndWatch(self._place.review, self._place.runner, self._place.alarm, self.window.say)

    def _look_for_strays(self, seat: Seat) -> None:
        """Tell the worker what others left unshared on this computer."""
        seat.desk.strays.look(self._found_strays)

    def _found_strays(self, strays: tuple[StrandedJournal, ...]) -> None:
        if strays:
            self.window.say(" ".join(sentence_of(one) for one in strays))


def _nothing(_: object) -> None:
    return None
