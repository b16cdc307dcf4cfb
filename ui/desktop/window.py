"""One worker's window: one of the three screens at a time, and what screens ask of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from ui.desktop.desk import Desk
from ui.desktop.forms.flat import FlatForm
from ui.desktop.forms.kept_half import KeptHalf
from ui.desktop.printing import Printing
from ui.desktop.screens.board.desk_acts import BoardDesk
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.screens.notice import Notice
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import choose
from ui.desktop.theme.look import Look, Theme
from ui.desktop.widgets.reach import Reach
from ui.desktop.widgets.status import StatusStrip
from ui.desktop.words import titled

FIRST_SIZE = (1366, 690)
LOWEST_FIRST = (1280, 640)
"""No first size is smaller than what the screens are made for, however small the display."""
TITLE_BAR = 40
"""Px that the title bar of a desktop may take of a screen's height."""
SMALLEST = (1024, 600)


def first_size(room: QSize) -> QSize:
    """Return how large a window opens on a screen with this much room: nothing of it is cut off."""
    most = room - QSize(0, TITLE_BAR)
    return QSize(*FIRST_SIZE).boundedTo(most).expandedTo(QSize(*LOWEST_FIRST))


class Panels(Protocol):
    """What every screen's panels can do."""

    def close(self) -> None:
        """Close what is open."""

    def open_form(self, key: str, title: str) -> None:
        """Open a form."""


class ScreenDesk(Protocol):
    """The acts of one screen, as the window uses them."""

    notice: Notice

    def say(self, sentence: str) -> None:
        """Put a sentence on the notice."""

    def pause(self) -> None:
        """Nobody sees the screen now: draw nothing, and say of nothing that it was seen."""

    def resume(self) -> None:
        """Draw again, beginning at once."""

    def draw(self) -> None:
        """Draw at once."""

    def stop(self) -> None:
        """Draw and hear no more."""


class ConsoleWindow(QMainWindow):
    """Implements ``WindowActs``.  Screens are made when first shown and live until the end.

    A main window, because screen readers take only that for a frame.

    ``left`` is emitted when the worker has signed out, ``themed`` (dark or not) when the theme
    was changed by hand.  ``zoom`` is the worker's size of all text (1.0 is usual); a screen that
    is too large for the window scrolls.  ``rehearsal`` are the words of the mark that every screen
    and the title wear where this is no real night; empty where it is.
    """

    left = Signal()
    themed = Signal(bool)

    def __init__(self, theme: Theme, zoom: float = 1.0, rehearsal: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._zoom = zoom
        self._rehearsal = rehearsal
        self._desk: Desk | None = None
        self._views: dict[Screen, QWidget] = {}
        self._reach: dict[Screen, Reach] = {}
        self._acts: dict[Screen, ScreenDesk] = {}
        self._looks: list[Look] = []
        self._shown = self._home = Screen.HANDLER
        self._gone = False
        self._printing = Printing(self.say, self)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle(titled("Nightdesk", rehearsal))
        self.setMinimumSize(*SMALLEST)
        # Not the widget's own: asked of a window that is being made, its screen dies with it, and the next one crashes.
        self.resize(first_size(QGuiApplication.primaryScreen().availableGeometry().size()))

    # --- what bootstrap does ------------------------------------------------------------------

    def seat(self, desk: Desk, screen: Screen, sentence: str = "") -> None:
        """Show the worker's first screen."""
        self._desk, self._home = desk, screen
        program = QGuiApplication.instance()
        if isinstance(program, QGuiApplication):
            program.applicationStateChanged.connect(self._other_program)
        self.go_to(screen.value)
        if sentence:
            self.say(sentence)

    def view(self, screen: Screen) -> QWidget:
        """Return a screen's view, made now if it was never shown."""
        if screen not in self._views:
            self._make(screen)
        return self._views[screen]

    def acts(self, screen: Screen) -> ScreenDesk:
        """Return what stands behind a screen."""
        self.view(screen)
        return self._acts[screen]

    @property
    def theme(self) -> Theme:
        """Return the theme worn now."""
        return self._theme

    @property
    def screen_shown(self) -> Screen:
        """Return which screen is shown."""
        return self._shown

    def end(self) -> None:
        """Stop drawing; the last of the steps of shutting down closes the window."""
        for acts in self._acts.values():
            acts.stop()
        self._printing.close()
        self._gone = True

    # --- what screens ask ---------------------------------------------------------------------

    def go_to(self, screen: str) -> None:
        """Show another screen: ``handler``, ``coordinator`` or ``board``."""
        before, self._shown = self._shown, Screen(screen)
        if before is not self._shown and before in self._acts:
            self._acts[before].pause()
        view = self.view(self._shown)
        self._stack.setCurrentWidget(self._reach[self._shown])
        self.acts(self._shown).resume()
        focus = view.focusWidget()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_record(self, contact: UUID) -> None:
        """Show the handler's screen with this record, the worker's own, on it."""
        self.go_to(Screen.HANDLER.value)
        acts, view = self._acts[Screen.HANDLER], self._views[Screen.HANDLER]
        if isinstance(acts, HandlerDesk) and isinstance(view, HandlerView):
            acts.open_unfinished(str(contact))
            view.to_note()

    def open_unfinished(self) -> None:
        """Show the handler's screen with the list of the worker's unfinished records open."""
        self.go_to(Screen.HANDLER.value)
        view = self._views[Screen.HANDLER]
        if isinstance(view, HandlerView):
            view.panels.opens(Act.UNFINISHED)

    def leave_call(self) -> None:
        """Show the screen beside the call: the second worker's, or the board for whoever sat down there."""
        self.go_to((Screen.BOARD if self._home is Screen.BOARD else Screen.COORDINATOR).value)

    def say(self, sentence: str) -> None:
        """Put a sentence on the notice of the screen that is shown."""
        if self._shown in self._acts:
            self._acts[self._shown].say(sentence)

    def say_also(self, sentence: str) -> None:
        """Put a sentence on the notice of the screen that is shown, behind what stands there."""
        if self._shown in self._acts:
            self.say(self._acts[self._shown].notice.with_also(sentence))

    def change_theme(self) -> None:
        """Change between light and dark on every screen."""
        self.wear(choose(dark=not self._theme.dark))
        self.themed.emit(self._theme.dark)

    def wear(self, theme: Theme) -> None:
        """Put a theme on every screen."""
        self._theme = theme
        for look in self._looks:
            look.wear(theme)

    def close_panel(self) -> None:
        """Close the panel that is open."""
        panels = getattr(self._views.get(self._shown), "panels", None)
        if panels is not None:
            panels.close()

    def open_panel(self, screen: str, key: str, title: str, subject: str = "") -> None:
        """Show a screen with one of its panels open, about ``subject`` (a row's key) where it needs one."""
        self.go_to(screen)
        view = self._views[self._shown]
        if isinstance(view, CoordinatorView | BoardView):
            view.panels.open_form(key, title, subject)
        elif isinstance(view, HandlerView):
            view.panels.open_form(key, title)

    def wall(self) -> None:
        """Go full screen, or come back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def print_text(self, title: str, text: str) -> None:
        """Print plain text on this computer's usual printer; the notice says how it went."""
        self._printing.print_text(title, text)

    def signed_out(self) -> None:
        """End this worker's session."""
        self._gone = True
        self.left.emit()

    def _other_program(self, state: Qt.ApplicationState) -> None:
        """Another program came in front, or went; where no desktop tells of it, the window counts as in front."""
        if self._desk is not None and not self._gone:
            here = state is Qt.ApplicationState.ApplicationActive or QApplication.activeWindow() is not None
            self._desk.seen.in_front(now=here)

    def changeEvent(self, event: QEvent) -> None:
        """Draw nothing while the window is minimised."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and not self._gone and self._shown in self._acts:
            acts = self._acts[self._shown]
            (acts.pause if self.isMinimized() else acts.resume)()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is signing out: with work in hand it asks first who takes it, and stays open."""
        if self._gone or self._desk is None:
            event.accept()
            return
        if self._desk.shift.holding():
            event.ignore()
            self._ask_to_sign_out()
            return
        self.flush_forms()
        self._desk.notes.flush_all()
        self._desk.half_filled.flush()
        self._leave_quietly()
        event.accept()

    def flush_forms(self) -> None:
        """Let every field hand on what was typed and not told yet."""
        for view in self._views.values():
            for form in view.findChildren(FlatForm):
                form.flush()

    def _ask_to_sign_out(self) -> None:
        open_form = getattr(getattr(self._views.get(self._shown), "panels", None), "open_form", None)
        if open_form is not None:
            open_form("sign_out", "Sign out")

    def _leave_quietly(self) -> None:
        if self._desk is not None and self._desk.shift.me() is not None:
            self._desk.shift.sign_out()
        self._gone = True
        self.left.emit()

    def _make(self, screen: Screen) -> None:
        desk = self._desk
        if desk is None:
            raise RuntimeError("a screen was asked for before anybody sat down")
        look = Look(self._theme, zoom=self._zoom)
        self._looks.append(look)
        makers: dict[Screen, Callable[[Desk, Look, bool], tuple[ScreenDesk, QWidget]]] = {
            Screen.HANDLER: _make_handler,
            Screen.COORDINATOR: _make_coordinator,
            Screen.BOARD: _make_board,
        }
        acts, view = makers[screen](desk, look, screen is self._shown)
        for strip in view.findChildren(StatusStrip):
            strip.show_rehearsal(self._rehearsal)
        self._acts[screen], self._views[screen] = acts, view
        self._reach[screen] = Reach(view)
        self._stack.addWidget(self._reach[screen])


def _make_handler(desk: Desk, look: Look, shown: bool) -> tuple[ScreenDesk, QWidget]:
    acts = HandlerDesk(desk)
    view = HandlerView(look, acts, KeptHalf(desk.half_filled, Screen.HANDLER), desk.pair.signals)
    if not shown:
        acts.pause()
    acts.show_on(view.show_rows)
    return acts, view


def _make_coordinator(desk: Desk, look: Look, shown: bool) -> tuple[ScreenDesk, QWidget]:
    acts = CoordinatorDesk(desk)
    view = CoordinatorView(look, acts, KeptHalf(desk.half_filled, Screen.COORDINATOR), desk.pair.signals)
    if not shown:
        acts.pause()
    acts.show_on(view.show_rows)
    return acts, view


def _make_board(desk: Desk, look: Look, shown: bool) -> tuple[ScreenDesk, QWidget]:
    acts = BoardDesk(desk)
    view = BoardView(look, acts, KeptHalf(desk.half_filled, Screen.BOARD))
    if not shown:
        acts.pause()
    acts.show_on(view.show_rows)
    return acts, view
