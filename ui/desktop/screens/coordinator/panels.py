"""The coordinator's panels: which act opens which form, over which part of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from console.domain.signal_set import SHIPPED, SignalSet
from ui.desktop.dialogs.directory_panel import DirectoryPanel
from ui.desktop.dialogs.emergency_card import EmergencyCard
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.dialogs.key_sheet import KeySheet
from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.acts import CoordinatorActs
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.look import Look
from ui.desktop.widgets.panels import PanelHost
from ui.desktop.widgets.rows import Row

FACT = "fact"
FORMS = MappingProxyType(
    {
        Act.ASK_HELP: ("ask_help", "Ask for help"),
        Act.LOG_NEWS: ("log_news", "Log news"),
        Act.FACT_SHEET: ("fact_sheet", "What we know"),
        Act.HOOK: ("hook", "Hook or promise"),
        Act.RANG_BACK: ("ring_back", "Rung back"),
        Act.PLAN: ("plan", "Plan for repeated calls"),
        Act.RISK_NOW: ("risk_now", "Risk now"),
        Act.STAND_DOWN: ("stand_down", "Stand down"),
        Act.SIGN_OUT: ("sign_out", "Sign out"),
        Act.HAND_OVER: ("hand_over", "Hand over"),
    }
)


class CoordinatorPanels(QObject):
    """Opens forms over the middle and right: the partner's note stays in sight.  Without a pair, over the desk."""

    def __init__(
        self, look: Look, acts: CoordinatorActs, half: Half, area: QWidget, home: QWidget, signals: SignalSet = SHIPPED
    ) -> None:
        super().__init__(area)
        self._acts = acts
        self._host = PanelHost(area, home)
        self._half = half
        self._form = FormPanel(look, FormRow("", ""), self._half)
        self.keys = KeySheet(look, Screen.COORDINATOR, signals)
        self.directory = DirectoryPanel(look)
        self.directory.rung.connect(self.ring)
        self.directory.typed.connect(acts.number_typed)
        self.directory.marked.connect(acts.mark_number)
        self.emergency = EmergencyCard(look)
        for panel in (self._form, self.keys, self.directory, self.emergency):
            panel.setParent(area)
            panel.hide()
        self._by_handset: frozenset[str] = frozenset()
        self.emergency.acted.connect(self._read_out)
        self._forms: dict[str, FormRow] = {}
        self._form.sent.connect(self._sent)
        self._form.discarded.connect(self.close)
        self._form.changed.connect(acts.field_changed)

    def over(self, area: QWidget, home: QWidget, turn: Callable[[], None]) -> None:
        """Lay panels over this part of the screen, which ``turn`` shows."""
        self._host.over(area, home, turn)

    def show_forms(self, forms: tuple[FormRow, ...]) -> None:
        """Keep what is open up to date; a form that was sent and is gone closes."""
        self._forms = {form.key: form for form in forms}
        if self._host.current is self._form and self._form.form.key in self._forms:
            self._form.show_form(self._forms[self._form.form.key])

    def open_directory(self) -> None:
        """Open the directory and the rota."""
        self._host.open(self.directory)

    def mark_number(self, act: Act) -> None:
        """Say of the agency chosen in the directory that its number is right, or wrong; open it where it is not."""
        if self._host.current is self.directory:
            self.directory.mark(act)
        else:
            self.open_directory()

    def show_card(self, place: str, rows: Sequence[Row], by_handset: frozenset[str]) -> None:
        """Keep the card of 999 as the relay card is; ``by_handset`` are the keys it opens for."""
        self._by_handset = by_handset
        self.emergency.show_card(place, rows)

    def ring(self, key: str, act: str = "dial") -> None:
        """Ring for a request (``act`` ring) or a row of the directory (dial); 999 opens the card instead."""
        if act == "ring" or key not in self._by_handset:
            self._acts.row("requests" if act == "ring" else "directory", key, act)
        if key in self._by_handset:
            self._host.open(self.emergency)

    def _read_out(self, key: str, act: str) -> None:
        if act == "ask":
            self.open_form(FACT, "Correct or add a fact", f"ask {key}")
        else:
            self._acts.row("relay", key, act)

    def open_keys(self) -> None:
        """Open the key sheet."""
        self._host.open(self.keys)

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

    def put_away(self) -> None:
        """Close what is open and keep what was written in it."""
        self._host.close()

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
