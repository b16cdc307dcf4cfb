"""A rehearsal on this screen: the trainees' own console windows, the strip beside them, the review at the end."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial

from console.domain.rehearsal_review import Review
from console.domain.rehearsal_words import closing, review_lines
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.machine.paths import home
from telephony_adapters.simulator.rehearsal import Rehearsal, Seat, load_rehearsal
from ui.bootstrap.console import Console
from ui.bootstrap.rehearsal.folder import Folder, fresh_folder
from ui.bootstrap.rehearsal.options import RehearseOptions, Say, by_hand, keep_review, played
from ui.bootstrap.rehearsal.room import Engine, Room
from ui.bootstrap.screen import NoScreen, refuse_deaf_display
from ui.bootstrap.seating import SignIn
from ui.desktop.demo.places import places
from ui.desktop.rehearsal.placing import is_low_here, one_below_the_other
from ui.desktop.rehearsal.review import ReviewWindow
from ui.desktop.rehearsal.rows import review_rows
from ui.desktop.rehearsal.strip import RehearsalStrip
from ui.desktop.runtime.alarm import QtAlarm
from ui.desktop.runtime.application import application, dress, has_screen
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.look import Look
from ui.exits import Exit

log = logging.getLogger(__name__)
STATION = "rehearsal"
FRAMED = 0.3
"""Seconds after which the desktop has put its frame around a new window."""


def rehearse_windowed(options: RehearseOptions, say: Say) -> int:
    """Rehearse in windows; return the exit code.  Raises ``NightdeskError``."""
    script = load_rehearsal(options.script)
    hands = by_hand(script, options)
    if not has_screen(os.environ) and "QT_QPA_PLATFORM" not in os.environ:
        raise NoScreen(
            "There is no screen here to rehearse on.  Nothing was started.  Start it in a desktop session; with "
            "--headless trainees come with consoles of their own, and --unattended tries a script."
        )
    if has_screen(os.environ):
        refuse_deaf_display(os.environ)
    app = application(seen=has_screen(os.environ))
    look = dress(app)
    folder = fresh_folder(home(os.environ), SystemClock().now())
    shown = Windows(options, script, folder, hands, look, say)
    shown.leave = partial(app.exit, int(Exit.OK))
    try:
        shown.begin()
        return app.exec()
    finally:
        shown.close()


class Windows:
    """The windows of one rehearsal.  ``leave`` is called when there is nothing more to see."""

    def __init__(
        self, options: RehearseOptions, script: Rehearsal, folder: Folder, hands: frozenset[str], look: Look, say: Say
    ) -> None:
        self._options = options
        self._look = look
        self._say = say
        self._alarm, self._inbox = QtAlarm(), Inbox(self._fault)
        self.leave: Callable[[], None] = _nothing
        engine = Engine(self._inbox, self._alarm, SystemClock(), self._fault)
        self.room = Room(script, folder, engine, hands, options.speed)
        self.consoles: dict[str, Console] = {}
        self.review: ReviewWindow | None = None
        people = len(hands)
        self._low = is_low_here()
        brief = script.brief(hands)
        self.strip = RehearsalStrip(look, self.room.director, script.title, brief, people, low=self._low)
        self._closed = False

    def begin(self) -> None:
        """Open the windows and let everybody sign in; the script begins when Begin is pressed."""
        self.room.director.hearers.ended = self._ended
        self.room.begin(self._refused)
        for key in sorted(self.room.director.by_hand):
            self._open(self.room.script.seats[key])
        self.strip.closed.connect(self._strip_closed)

    def _open(self, seat: Seat) -> None:
        place, end = self.room.place(seat)
        console = Console(place, self._look.theme, end)
        self.consoles[seat.key] = console
        console.window.left.connect(self.room.director.finish)
        wanted = SignIn(seat.name, seat.role, seat.extension, STATION)
        console.sign_in(wanted, partial(self._seated, console), self._refused, Screen(seat.screen))

    def _seated(self, console: Console) -> None:
        console.window.show()
        self.strip.show()
        self._alarm.after(FRAMED, self._arrange)

    def _arrange(self) -> None:
        """Put the windows where they cover each other least, and the strip in the corner that is left."""
        if self._low and len(self.consoles) == 1:
            self._stack()
            return
        found = places(self.strip.screen().availableGeometry(), self.strip.sizeHint())
        self.strip.move(found.strip.topLeft())
        for key, console in self.consoles.items():
            place = found.windows[Screen(self.room.script.seats[key].screen)]
            if len(self.consoles) > 1:
                console.window.resize(place.size())
            console.window.move(place.topLeft())

    def _stack(self) -> None:
        """Put the one console above the strip, as high as that leaves it."""
        (console,) = self.consoles.values()
        frame = self.strip.frameGeometry().size() - self.strip.size()
        room, high = self.strip.screen().availableGeometry(), self.strip.sizeHint().height()
        for window, place in zip((console.window, self.strip), one_below_the_other(room, high, frame), strict=True):
            window.resize(place.size())
            window.move(place.topLeft())

    def _refused(self, sentence: str) -> None:
        self._say(f"nightdesk: {sentence}")
        self.leave()

    def _strip_closed(self) -> None:
        """Closing the strip ends it: with a review where there is something to review."""
        if self.room.director.standing().begun and self.review is None:
            self.room.director.finish()
        elif self.review is None:
            self.leave()

    # --- the review ---------------------------------------------------------------------------

    def _ended(self, review: Review) -> None:
        about = played(self.room.script, self.room.director.by_hand, self._options.speed)
        keep_review(self.room.folder, review, about)
        lines = review_lines(review, about)
        self._say("\n".join(lines))
        rows, foot = review_rows(review), f"Kept in {self.room.folder.review}"
        heads = (*about.people, closing(review))
        self.review = ReviewWindow(self._look, about.title, heads, rows, foot, "\n".join(lines))
        self.review.closed.connect(self._read)
        self.review.show()
        self.review.activateWindow()
        self.strip.hide()

    def _read(self) -> None:
        self.leave()

    def _fault(self, problem: Exception) -> None:
        if not isinstance(problem, NightdeskError):
            log.error("something failed and nobody took it: %s", type(problem).__name__)
        for console in self.consoles.values():
            console.window.say(str(problem) if isinstance(problem, NightdeskError) else type(problem).__name__)

    def close(self) -> None:
        """Shut everything down in order; harmless twice."""
        if self._closed:
            return
        self._closed = True
        for console in self.consoles.values():
            console.close()
        self.room.close()
        self._alarm.stop()
        self._inbox.close()
        self.strip.closed.disconnect(self._strip_closed)
        self.strip.close()


def _nothing() -> None:
    return None
