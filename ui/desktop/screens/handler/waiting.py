"""What waits on this computer, opened from the list: records, half-filled panels, and what was not shared.

A half-filled panel opens where it was written; where that is over, its words are there to read.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.ids import read_id
from console.domain.text import NightdeskError
from console.ports.journal import StrandedJournal
from console.services.drafts import PanelWords
from console.services.strays import Delivered, sentence_of
from ui.desktop.desk import Desk
from ui.desktop.screens.half_words import LINE, MESSAGE
from ui.desktop.screens.handler.form_acts import LEFT_OVER, FormActs
from ui.desktop.screens.handler.on_screen import STRAY, OnScreen
from ui.desktop.screens.handler.panel_rows import ASIDE, HALF
from ui.desktop.screens.signing_out import SIGN_OUT
from ui.desktop.shortcuts import Screen
from ui.desktop.words import counted

_LINE_STANDS = "The line you began stands in its box again (Ctrl+M). It was not sent."


class Waiting:
    """Opens a row of the list of what is unfinished."""

    def __init__(self, desk: Desk, screen: OnScreen, forms: FormActs, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._screen = screen
        self._forms = forms
        self._say = say

    def open(self, key: str) -> None:
        """Open what waits behind the row ``key``: offer again, go on filling in, share for a colleague, or show."""
        if key.startswith(ASIDE):
            self._desk.recorder.offer_again(UUID(key.removeprefix(ASIDE)))
        elif key.startswith(HALF):
            words = next((one for one in self._desk.half_filled.all() if f"{HALF}{one.line}" == key), None)
            if words is not None:
                self._go_on(words)
        elif key.startswith(STRAY):
            stray = self._screen.stray(key)
            if stray is not None:
                self._deliver(stray)
        else:
            self._screen.show(UUID(key))

    # --- what others left ---------------------------------------------------------------------

    def _deliver(self, stray: StrandedJournal) -> None:
        if stray.waiting:
            self._desk.strays.deliver(stray, self._delivered, self._not_delivered)
        else:
            self._say(f"{sentence_of(stray)} Nothing was opened.")

    def _delivered(self, done: Delivered) -> None:
        left = f" {done.left} still wait: {' '.join(done.reasons)}" if done.left else ""
        self._say(f"{counted(done.shared, 'entry', 'entries')} shared in your name, for them.{left}")
        self._screen.look_for_strays()

    def _not_delivered(self, problem: Exception) -> None:
        self._say(
            str(problem) if isinstance(problem, NightdeskError) else "They could not be shared now; they still wait."
        )

    # --- half-filled panels -------------------------------------------------------------------

    def _go_on(self, words: PanelWords) -> None:
        """Bring a half-filled panel back in front of the worker."""
        beside = words.screen == Screen.COORDINATOR.value and words.panel != SIGN_OUT
        if not (self._beside(words) if beside else self._here(words)):
            self._forms.left_over(words)
            self._desk.window.open_panel(Screen.HANDLER.value, LEFT_OVER, "Half filled")

    def _here(self, words: PanelWords) -> bool:
        """Open a panel of the handler's screen with its record; False where it fits that record no more."""
        record = read_id(words.subject.split(" ")[0])
        mine = {one.id for one in self._desk.contacts.unfinished()}
        if record is not None and record not in mine:
            return False
        if record is not None:
            self._screen.show(record)
        if words.panel == MESSAGE:
            self._say(_LINE_STANDS)
            return record == self._screen.contact_id
        if not self._asks(words):
            return False
        self._desk.window.open_panel(Screen.HANDLER.value, words.panel, words.title)
        return True

    def _asks(self, words: PanelWords) -> bool:
        try:
            self._forms.opened(words.panel)
        except NightdeskError:
            return False
        return any((one.key, one.subject) == (words.panel, words.subject) for one in self._forms.rows())

    def _beside(self, words: PanelWords) -> bool:
        """Open a panel of the second worker's screen; False where its incident is not the one there now."""
        mine = self._desk.folds.incidents_of_worker(self._desk.who.worker)
        now = max(mine, key=lambda one: str(one.opened_at), default=None)
        about = read_id(words.subject.split(" ")[0])
        if about is not None and self._desk.folds.incident(about) is not None and (now is None or about != now.id):
            return False
        if now is not None and about != now.id:
            return False
        if words.panel == LINE:
            self._desk.window.go_to(Screen.COORDINATOR.value)
            self._desk.window.say(_LINE_STANDS)
            return True
        subject = words.subject.removeprefix(str(now.id) if now is not None else "").strip()
        self._desk.window.open_panel(Screen.COORDINATOR.value, words.panel, words.title, subject)
        return True
