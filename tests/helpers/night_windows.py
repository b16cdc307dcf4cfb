"""Workers at real windows on one room with manual time: pressed by keys, looked at as pictures."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.board import BoardLimits
from console.domain.incidents import IncidentState
from console.domain.record import Identity
from console.domain.signal_set import SHIPPED, SignalSet
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room
from tests.helpers.seated import seat
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import choose
from ui.desktop.window import ConsoleWindow

NUMBER, LINE = "07700900412", "01632960001"
View = BoardView | CoordinatorView | HandlerView


class Sitting:
    """One worker's console and window."""

    def __init__(
        self,
        room: Room,
        who: Identity,
        extension: str,
        screen: Screen,
        *,
        dark: bool = False,
        signals: SignalSet = SHIPPED,
        zoom: float = 1.0,
    ) -> None:
        self.room = room
        self.console: Console = room.console(who, extension)
        self.console.pair.signals = signals
        self.window = ConsoleWindow(choose(dark=dark, high_contrast=False), zoom)
        desk, _ = seat(room, self.console)
        self.window.seat(replace(desk, window=self.window), screen)
        # What a service tells goes to the notice, as at a real console.
        self.heard = self.console.told
        self.window.show()

    @property
    def view(self) -> View:
        """Return the screen that is shown."""
        made = self.window.view(self.window.screen_shown)
        assert isinstance(made, BoardView | CoordinatorView | HandlerView)
        return made

    def press(self, act: Act) -> None:
        """Press the key of ``act``."""
        next(one for one in self.view.shortcuts if one.objectName() == act.value).activated.emit()
        self.settle()

    def settle(self) -> None:
        """Let everybody hear what happened, and this screen draw."""
        self.room.settle()
        self.window.acts(self.window.screen_shown).draw()
        QApplication.processEvents()

    def choose(self, *values: str) -> None:
        """Fill the choices of the open form in order by keys: type how each begins (empty: leave it), then Tab."""
        self.window.activateWindow()
        QApplication.processEvents()
        for value in values:
            for letter in value:
                QTest.keyClicks(focused(), letter)
            QTest.keyClick(focused(), Qt.Key.Key_Tab)

    def enter(self, widget: QWidget, key: str) -> None:
        """Go to the row ``key`` of a list and press Enter."""
        widget.setFocus()
        widget.choose(key)  # type: ignore[attr-defined]  # a RowView
        QTest.keyClick(widget, Qt.Key.Key_Return)
        self.settle()

    @property
    def notice(self) -> str:
        """Return what the notice says."""
        return self.view.notice.text


def focused() -> QWidget:
    """Return where the keys go."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


class Windows:
    """Priya has the caller, Tom and Grace are free, Helen manages."""

    def __init__(
        self,
        limits: BoardLimits | None = None,
        *,
        dark: bool = False,
        signals: SignalSet = SHIPPED,
        zoom: float = 1.0,
    ) -> None:
        """``signals`` is what the service signals with, ``zoom`` the size of all text."""
        self.room = Room(limits=limits)
        self.priya = Sitting(self.room, PRIYA, "1001", Screen.HANDLER, dark=dark, signals=signals, zoom=zoom)
        self.tom = Sitting(self.room, TOM, "1002", Screen.COORDINATOR, dark=dark, signals=signals, zoom=zoom)
        self.helen = Sitting(self.room, HELEN, "1003", Screen.BOARD, dark=dark, signals=signals, zoom=zoom)
        self.grace = self.room.console(GRACE, "1004")

    def answered(self) -> None:
        """Let a red call come in and Priya answer it."""
        self.room.rings("c1", NUMBER, LINE, "1001")
        self.room.advance(5)
        self.room.answers("c1", "1001")
        self.priya.console.contacts.set_field(self.priya.console.contact, "type", "suicidal_caller")
        self.priya.console.contacts.set_field(self.priya.console.contact, "priority", "p1_life_now")
        self.room.advance(2)

    def paired(self) -> IncidentState:
        """Let Tom join; return the incident."""
        self.answered()
        self.priya.press(Act.NEED_SECOND)
        self.room.advance(2)
        self.tom.settle()
        self.tom.press(Act.TAKE)
        self.room.advance(2)
        return self.incident

    @property
    def incident(self) -> IncidentState:
        """Return the one incident, as the lead's console has it."""
        (found,) = self.priya.console.folds.incidents()
        return found

    def roles(self) -> dict[str, str]:
        """Return everybody present with their role."""
        self.room.settle()
        return {one.worker: one.role.value for one in self.incident.present}

    def end(self) -> None:
        """Close everything."""
        for one in (self.priya, self.tom, self.helen):
            one.window.end()
            one.window.close()
            one.window.deleteLater()
        self.room.close()
