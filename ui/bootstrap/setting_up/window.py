"""``nightdesk telephones`` as a program with a window."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from console.machine.paths import home
from telephony_adapters.registry import installed
from ui.bootstrap.entrance import dark_of
from ui.bootstrap.remembered import recall
from ui.bootstrap.screen import refuse_deaf_display
from ui.bootstrap.setting_up.presenter import Presenter
from ui.bootstrap.setting_up.trying import Patience
from ui.bootstrap.setting_up.workshop import Workshop
from ui.desktop.dialogs.telephones import TelephonesWindow
from ui.desktop.dialogs.telephones_rows import SetUpActs, SetUpRow
from ui.desktop.runtime.application import application, dress, has_screen
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.theme.look import Look

_PATIENCE_S = 5.0


class _Errands:
    """One thread for each errand, back by the inbox (implements :class:`~.presenter.Errands`)."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._inbox = Inbox(failed)
        self._failed = failed
        self._gone = threading.Event()
        self._thread: threading.Thread | None = None

    def run(self, act: Callable[[], Callable[[], None]]) -> None:
        self._thread = threading.Thread(target=self._do, args=(act,), name="nd-setting-up", daemon=True)
        self._thread.start()

    def _do(self, act: Callable[[], Callable[[], None]]) -> None:
        try:
            then = act()
        except Exception as fault:
            error = fault
            self._inbox.post(lambda: self._failed(error))
        else:
            self._inbox.post(then)

    def post(self, then: Callable[[], None]) -> None:
        self._inbox.post(then)

    def stopped(self) -> bool:
        return self._gone.is_set()

    def close(self) -> None:
        """Let a try end, and hear no more of it."""
        self._gone.set()
        self._inbox.close()
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)


class SetUp:
    """The window, its presenter and its errands."""

    def __init__(self, workshop: Workshop, look: Look, patience: Patience | None = None) -> None:
        self._errands = _Errands(self._fault)
        self.presenter = Presenter(workshop, self._errands, self._draw, self._copy, patience)
        did = self.presenter
        acts = SetUpActs(did.changed, did.tries, did.keeps, did.copies)
        self.window = TelephonesWindow(look, did.row(), acts)

    def _draw(self, row: SetUpRow) -> None:
        self.window.show_row(row)

    def _copy(self, words: str) -> None:
        self.window.put_on_clipboard(words)

    def _fault(self, fault: Exception) -> None:
        self.presenter.failed(fault)

    def close(self) -> None:
        """Let go of window and errands; what was not kept is gone."""
        self._errands.close()
        self.window.close()


def run_window() -> int:
    """Show the window until it is closed; return the exit code.  Raises ``NightdeskError``."""
    here = home(os.environ)
    workshop = Workshop(here, installed())
    settings = workshop.settings
    seen = has_screen(os.environ)
    if seen:
        refuse_deaf_display(os.environ)
    app = application(seen=seen)
    look = dress(app, dark_of(settings, recall(here.root)), zoom=settings.text_percent / 100)
    made = SetUp(workshop, look)
    made.window.show()
    try:
        return app.exec()
    finally:
        made.close()
