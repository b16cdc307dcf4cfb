"""The panels of the handler's screen: which act opens which, and what they hand on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from console.domain.signal_set import SHIPPED, SignalSet
from ui.desktop.dialogs.directory_panel import DirectoryPanel
from ui.desktop.dialogs.find_person import FindPerson
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.dialogs.key_sheet import KeySheet
from ui.desktop.dialogs.list_panel import ListPanel
from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.handler.acts import HandlerActs
from ui.desktop.screens.handler.person_sheet import RELATIVE
from ui.desktop.screens.handler.rows import HandlerRows, ListRow
from ui.desktop.screens.known_forms import HOOK, RING, SHEET
from ui.desktop.screens.plan_forms import PLAN
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.look import Look
from ui.desktop.widgets.panels import Panel, PanelHost

RECORD = "record"
FORMS = MappingProxyType(
    {
        Act.CONFIRM: ("confirm", "Confirm identity"),
        Act.NEW_PERSON: ("new_person", "New person"),
        Act.WRONG_PERSON: ("wrong_person", "This was the wrong person"),
        Act.TRANSFER: ("transfer", "Transfer"),
        Act.ASK_HELP: ("ask_help", "Ask for help"),
        Act.LOG_NEWS: ("log_news", "Log news"),
        Act.FACT_SHEET: (SHEET, "What we know"),
        Act.HOOK: (HOOK, "Hook or promise"),
        Act.RANG_BACK: (RING, "Rung back"),
        Act.PLAN: (PLAN, "Plan for repeated calls"),
        Act.RISK_NOW: ("risk_now", "Risk now"),
        Act.STAND_DOWN: ("stand_down", "Stand down"),
        Act.SIGN_OUT: ("sign_out", "Sign out"),
        Act.HAND_OVER: ("hand_over", "Hand over"),
        Act.RECORD: (RECORD, "Record"),
    }
)
"""Acts that ask something first: the key of their form and its title until the form is there."""


class HandlerPanels(QObject):
    """Opens panels over the left and middle panes; the calls and the partner's line stay in sight."""

    def __init__(
        self, look: Look, acts: HandlerActs, half: Half, area: QWidget, home: QWidget, signals: SignalSet = SHIPPED
    ) -> None:
        super().__init__(area)
        self._acts = acts
        self._home = home
        self._host = PanelHost(area, home)
        self.opening, self.closed = self._host.opening, self._host.closed
        self._look = look
        self._area = area
        self._forms: dict[str, FormPanel] = {}
        self._half = half
        self._find = FindPerson(look)
        self.keys = KeySheet(look, Screen.HANDLER, signals)
        self._risks = ListPanel(look, "Risk markers")
        self._unfinished = ListPanel(look, "My unfinished records")
        self._sheet = ListPanel(look, "Person")
        self.directory = DirectoryPanel(look)
        for panel in (self._find, self.keys, self._risks, self._unfinished, self._sheet, self.directory):
            panel.setParent(area)
            panel.hide()
        self._rows: HandlerRows | None = None
        self._wire()

    def _wire(self) -> None:
        self._find.asked.connect(self._acts.find)
        self._find.typed.connect(self._acts.find_typed)
        self._find.left.connect(self._acts.find_closed)
        self._find.chosen.connect(self._found)
        self._unfinished.acted.connect(self._open_unfinished)
        self._sheet.acted.connect(self._from_sheet)
        self._sheet.left.connect(self._acts.sheet_closed)
        self.directory.rung.connect(self._acts.ring_row)
        self.directory.typed.connect(self._acts.number_typed)
        self.directory.marked.connect(self._acts.mark_number)

    def show_rows(self, rows: HandlerRows) -> None:
        """Keep what is open up to date; only the sheet of a record that left the screen closes by this."""
        before, self._rows = self._rows, rows
        if before is not None and before.notes.record and before.notes.record != rows.notes.record:
            self._find.begin_anew()
        self._find.show_row(rows.find)
        self._risks.show_row(ListRow("Risk markers", rows.risk.detail, rows.risk.count))
        self._unfinished.show_row(rows.unfinished)
        self._sheet.show_row(rows.sheet)
        self.directory.show_row(rows.directory)
        panel = self._open_form()
        if panel is not None and self._left(panel):
            # Before another record's fields come into it: what is typed from here on is not about this one.
            panel.box.flush()
            self.close()
            self._home.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        form = self._form_of(panel.form.key) if panel is not None else None
        if panel is not None and form is not None:
            panel.show_form(form)

    def _left(self, panel: FormPanel) -> bool:
        """Say whether ``panel`` is the sheet of a record that is not on screen now."""
        subject, now = panel.form.subject, self._form_of(RECORD)
        return panel.form.key == RECORD and bool(subject) and (now is None or now.subject != subject)

    def _open_form(self) -> FormPanel | None:
        current = self._host.current
        return current if isinstance(current, FormPanel) else None

    def _form_of(self, key: str) -> FormRow | None:
        if self._rows is None:
            return None
        if key == RECORD:
            return self._rows.record
        return next((form for form in self._rows.forms if form.key == key), None)

    def opens(self, act: Act) -> bool:
        """Open the panel of ``act``; False when it has none."""
        simple: Mapping[Act, Panel] = {
            Act.KEYS: self.keys,
            Act.FIND: self._find,
            Act.RISKS: self._risks,
            Act.UNFINISHED: self._unfinished,
            Act.PERSON: self._sheet,
            Act.DIRECTORY: self.directory,
        }
        if act is Act.PERSON:
            # Also where a relative's sheet is open: this is the way back.
            self._acts.sheet_closed()
        if act in simple:
            self._host.open(simple[act])
            return True
        if act not in FORMS:
            return False
        self.open_form(*FORMS[act])
        return True

    def open_form(self, key: str, title: str) -> None:
        """Open the form ``key``; what was written in it and not sent is still there."""
        # First, so that the panel never shows what it asked the time before.
        self._acts.form_opened(key)
        panel = self._forms.get(key) or self._make_form(key, title)
        panel.show_form(self._form_of(key) or panel.form)
        self._host.open(panel)
        panel.focus()

    def _make_form(self, key: str, title: str) -> FormPanel:
        panel = FormPanel(self._look, FormRow(key, title), self._half)
        panel.setParent(self._area)
        panel.hide()
        if key in (RECORD, SHEET):
            # Straight on, whatever is open: the last words come while the panel is being put away.
            panel.changed.connect(self._acts.field_changed)
        panel.sent.connect(self._form_sent)
        panel.kept.connect(self._form_kept)
        panel.discarded.connect(self.close)
        self._forms[key] = panel
        return panel

    def turn(self, by: int) -> None:
        """Go to the next part of the form that is open, or ``by`` parts on; with none open, open the record."""
        panel = self._open_form()
        if panel is None:
            self.open_form(*FORMS[Act.RECORD])
        else:
            panel.box.turn(by)

    def send_open_form(self) -> bool:
        """Send the form that is open (Ctrl+Enter); False when none is."""
        panel = self._open_form()
        if panel is not None:
            panel.send()
        return panel is not None

    def put_away(self) -> None:
        """Close what is open and keep what was written in it."""
        self._host.close()

    def close(self) -> None:
        """Close what is open: it is done, and a form begins empty next time."""
        panel = self._open_form()
        self._host.close()
        if panel is not None:
            self._half.forget(panel.form)
            self._forms.pop(panel.form.key, None)
            panel.deleteLater()

    @property
    def any_open(self) -> bool:
        """Say whether a panel is open."""
        return self._host.current is not None

    def _form_sent(self, key: str) -> None:
        if key == RECORD:
            self._acts.do(Act.FINISH)
            # Gone, where it was finished; else here is what it waits for.
            panel = self._open_form()
            if panel is not None:
                panel.focus()
        elif key in self._forms:
            # Else it was sent or thrown away already: a press by name is a click only 100 ms later.
            self._acts.form_sent(key, dict(self._forms[key].box.values()))

    def _form_kept(self, _key: str) -> None:
        self._acts.do(Act.KEEP)
        self.put_away()

    def mark_number(self, act: Act) -> None:
        """Say of the agency chosen in the directory that its number is right, or wrong; open it where it is not."""
        if self._host.current is self.directory:
            self.directory.mark(act)
        else:
            self._host.open(self.directory)

    def open_relative(self, key: str, _act: str) -> None:
        """Show the sheet of somebody tied to the person on screen."""
        self._acts.open_relative(key)
        self._host.open(self._sheet)

    def _from_sheet(self, key: str, act: str) -> None:
        if act == RELATIVE:
            self._acts.open_relative(key)

    def _found(self, key: str) -> None:
        # Before the panel goes: with it go the people it found.
        if self._acts.choose_found(key):
            self.put_away()

    def _open_unfinished(self, key: str, _act: str) -> None:
        self.put_away()
        self._acts.open_unfinished(key)
