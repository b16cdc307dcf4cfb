"""The board's panels: the list behind a tile, the key sheet, and the form for signing out."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.desktop.dialogs.directory_panel import DirectoryPanel
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.dialogs.key_sheet import KeySheet
from ui.desktop.dialogs.list_panel import ListPanel
from ui.desktop.dialogs.replay_panel import ReplayPanel
from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.board.acts import BoardActs
from ui.desktop.screens.board.lists import list_row
from ui.desktop.screens.board.rows import BoardRows
from ui.desktop.screens.handler.rows import ListRow
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.look import Look
from ui.desktop.widgets.panels import PanelHost
from ui.desktop.widgets.rows import Row, quiet

PANEL_WIDTH = 720


class BoardPanels(QObject):
    """One panel at a time over the tiles; the status row stays in sight."""

    def __init__(self, look: Look, acts: BoardActs, half: Half, area: QWidget, home: QWidget) -> None:
        super().__init__(area)
        self._acts = acts
        self._host = PanelHost(area, home)
        self._half = half
        self._form = FormPanel(look, FormRow("", ""), half)
        self.keys = KeySheet(look, Screen.BOARD)
        self._list = ListPanel(look, "List")
        self.directory = DirectoryPanel(look)
        self.replay = ReplayPanel(look)
        self.replay.asked.connect(self._replayed)
        self.directory.rung.connect(self._dial)
        self.directory.typed.connect(acts.number_typed)
        self.directory.marked.connect(acts.mark_number)
        for panel in (self._form, self.keys, self._list, self.directory, self.replay):
            panel.setParent(area)
            panel.hide()
        self._rows: BoardRows | None = None
        self._listed = ""
        self._form.sent.connect(self._sent)
        self._form.discarded.connect(self._discard)
        self._list.acted.connect(self._acted)

    def show_rows(self, rows: BoardRows) -> None:
        """Keep what is open up to date."""
        self._rows = rows
        self.directory.show_row(rows.people)
        self.replay.show_row(rows.replay)
        if self._host.current is self._form:
            form = next((form for form in rows.forms if form.key == self._form.form.key), None)
            if form is not None:
                self._form.show_form(form)
        if self._host.current is self._list:
            self._fill()

    def open_keys(self) -> None:
        """Open the key sheet."""
        self._host.open(self.keys)

    def open_directory(self) -> None:
        """Open the directory and the rota."""
        self._host.open(self.directory, PANEL_WIDTH)

    def open_replay(self) -> None:
        """Open the list of incidents that can be seen again; an open replay stays."""
        if not (self._host.current is self.replay and self.replay.is_seeing):
            self._acts.row("replay", "", "list")
        self._host.open(self.replay)

    def _replayed(self, key: str, act: str) -> None:
        self._acts.row("replay", key, act)

    def mark_number(self, act: Act) -> None:
        """Say of the agency chosen in the directory that its number is right, or wrong; open it where it is not."""
        if self._host.current is self.directory:
            self.directory.mark(act)
        else:
            self.open_directory()

    def _dial(self, key: str) -> None:
        self._acts.row("directory", key, "dial")

    def open_list(self, name: str) -> None:
        """Open the list behind the tile ``name``."""
        self._listed = name
        self._fill()
        self._host.open(self._list, PANEL_WIDTH)

    def open_form(self, key: str, title: str, subject: str = "") -> None:
        """Open the form ``key`` about ``subject`` (a row's key); its fields come with the next rows."""
        self._form.show_form(FormRow(key, title))
        self._host.open(self._form, PANEL_WIDTH)
        self._acts.form_opened(key, subject)
        self._form.focus()

    def send(self) -> None:
        """Send the form that is open; nothing where none is."""
        if self._host.current is self._form:
            self._form.send()

    def close(self) -> None:
        """Close what is open."""
        self._host.close()

    def _discard(self) -> None:
        self._half.forget(self._form.form)
        self._host.close()
        self._form.show_form(FormRow("", ""))

    def current_rows(self) -> tuple[Row, ...]:
        """Return the rows of the list that is open, none where none is."""
        return self._list.list.rows if self._host.current is self._list else ()

    def _fill(self) -> None:
        rows = self._rows.details.get(self._listed, ()) if self._rows else ()
        shown = [list_row(row, stale=False) for row in rows] or [quiet("none", "Nothing behind this tile now.")]
        self._list.show_row(ListRow(self._listed, tuple(shown)))

    def _acted(self, key: str, act: str) -> None:
        self._acts.row(self._listed, key, act)

    def _sent(self, key: str) -> None:
        self._acts.form_sent(key, dict(self._form.box.values()))
