"""The coordinator's panels: which act opens which form, over which part of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.desktop.dialogs.directory_panel import DirectoryPanel
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.dialogs.key_sheet import KeySheet
from ui.desktop.forms.half_filled import HalfFilled
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.acts import CoordinatorActs
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.look import Look
from ui.desktop.widgets.panels import Panel, PanelHost

FACT = "fact"
FORMS = MappingProxyType(
    {
        Act.ASK_HELP: ("ask_help", "Ask for help"),
        Act.LOG_NEWS: ("log_news", "Log news"),
        Act.RISK_NOW: ("risk_now", "Risk now"),
        Act.STAND_DOWN: ("stand_down", "Stand down"),
        Act.SIGN_OUT: ("sign_out", "Sign out"),
    }
)


class CoordinatorPanels(QObject):
    """Opens panels over the middle and right of a pair's page; the partner's note always stays in sight.

    Without a pair the desk is what is seen, and they open over that.
    """

    def __init__(self, look: Look, acts: CoordinatorActs, places: Sequence[tuple[QWidget, QWidget]]) -> None:
        """``places`` are (area to cover, where the focus goes back to); the one that is seen is taken."""
        area = places[0][0]
        super().__init__(area)
        self._acts = acts
        self._hosts = [PanelHost(*place) for place in places]
        self._places = places
        self._half = HalfFilled()
        self._form = FormPanel(look, FormRow("", ""), self._half)
        self._keys = KeySheet(look, Screen.COORDINATOR)
        self.directory = DirectoryPanel(look)
        self.directory.rung.connect(self._dial)
        self.directory.marked.connect(acts.mark_number)
        for panel in (self._form, self._keys, self.directory):
            panel.setParent(area)
            panel.hide()
        self._forms: dict[str, FormRow] = {}
        self._form.sent.connect(self._sent)

    @property
    def _host(self) -> PanelHost:
        """Return the host of the page that is seen; a panel over the other page is put away first."""
        seen = next((at for at, (area, _) in enumerate(self._places) if area.isVisible()), 0)
        for at, host in enumerate(self._hosts):
            if at != seen and host.current is not None:
                host.close()
        return self._hosts[seen]

    def _is_open(self, panel: Panel) -> bool:
        return any(host.current is panel for host in self._hosts)

    def show_forms(self, forms: tuple[FormRow, ...]) -> None:
        """Keep what is open up to date; a form that was sent and is gone closes."""
        self._forms = {form.key: form for form in forms}
        if self._is_open(self._form) and self._form.form.key in self._forms:
            self._form.show_form(self._forms[self._form.form.key])

    def open_directory(self) -> None:
        """Open the directory and the rota."""
        self._host.open(self.directory)

    def mark_number(self, act: Act) -> None:
        """Say of the agency chosen in the directory that its number is right, or wrong; open it where it is not."""
        if self._is_open(self.directory):
            self.directory.mark(act)
        else:
            self.open_directory()

    def _dial(self, key: str) -> None:
        self._acts.row("directory", key, "dial")

    def open_keys(self) -> None:
        """Open the key sheet."""
        self._host.open(self._keys)

    def open_form(self, key: str, title: str, subject: str = "") -> None:
        """Open the form ``key``; what was written in it and not sent is still there."""
        self._acts.form_opened(key, subject)
        self._form.show_form(self._forms.get(key) or FormRow(key, title))
        self._host.open(self._form)
        self._form.focus()

    def send(self) -> bool:
        """Send the form that is open; False when none is."""
        if self._host.current is not self._form:
            return False
        self._form.send()
        return True

    def close(self) -> None:
        """Close what is open: it is done, and a form begins empty next time."""
        done = self._form.form if self._host.current is self._form else None
        self._host.close()
        if done is not None:
            self._form.show_form(FormRow("", ""))
            self._half.forget(done)

    @property
    def current_form(self) -> str:
        """Return the key of the form that is open, empty for none."""
        return self._form.form.key if self._host.current is self._form else ""

    def _sent(self, key: str) -> None:
        self._acts.form_sent(key, dict(self._form.box.values()))
