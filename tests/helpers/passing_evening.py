"""A caller at Priya's window, given to somebody else by keys, over the simulator's own exchange."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.calls import Call
from tests.helpers.exchange_by_hand import ExchangeByHand
from tests.helpers.night_windows import Sitting, Windows
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.buttons import KeyButton


@dataclass
class Evening:
    """Priya at 1001 has the caller; Tom is at 1002, Helen at 1003, Grace at 1004."""

    windows: Windows
    board: ExchangeByHand

    @property
    def priya(self) -> Sitting:
        """Priya's window."""
        return self.windows.priya

    @property
    def view(self) -> HandlerView:
        """Priya's screen."""
        assert isinstance(self.priya.view, HandlerView)
        return self.priya.view

    @property
    def call(self) -> Call:
        """The caller's call as Priya's console has it."""
        return self.priya.console.desk.calls()[0]

    def panel(self) -> FormPanel:
        """Open Transfer by its key."""
        self.priya.window.activateWindow()
        self.priya.press(Act.TRANSFER)
        found = self.view.panels._open_form()  # noqa: SLF001  what is open is what the keys go to
        assert found is not None
        return found

    def send(self) -> None:
        """Press Ctrl+Enter."""
        self.priya.press(Act.FINISH)
        self.windows.room.settle()
        self.priya.settle()

    def gives(self, whom: str, how: str) -> None:
        """Open Transfer, choose by typing how the choices begin, and send."""
        self.panel()
        self.priya.choose(whom, "", how)
        self.send()

    def goes_on(self, seconds: float) -> None:
        """Let time pass, and both screens draw."""
        self.windows.room.advance(seconds)
        self.priya.settle()
        self.windows.tom.settle()

    def bar(self) -> tuple[str, str, list[tuple[str, bool]]]:
        """Return state, detail and buttons of the call bar, each with whether it can be pressed."""
        row = self.view.call._row  # noqa: SLF001  what is drawn
        assert row is not None
        return row.state, row.detail, [(one.face.text, one.face.enabled) for one in row.buttons]

    def button(self, act: Act) -> KeyButton:
        """Return a button at the call, or in the slot."""
        found = self.view.call.buttons.button_of(act) or self.view.slot.buttons.button_of(act)
        assert found is not None
        return found
