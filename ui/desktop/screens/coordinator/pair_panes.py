"""The three columns of a pair at work: note and signals, facts and relay card, requests and numbers."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.people import Rank
from console.domain.signal_set import SHIPPED, Sender, SignalSet
from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.one_line import KeptLine
from ui.desktop.screens.coordinator.acts import CoordinatorActs
from ui.desktop.screens.coordinator.known_facts import waiting_words
from ui.desktop.screens.coordinator.lists import (
    directory_row,
    fact_row,
    help_row,
    hook_row,
    line_row,
    note_row,
    reading_row,
    relay_row,
    signal_row,
    typing_row,
    waiting_rows,
    work_row,
)
from ui.desktop.screens.coordinator.narrow_lists import (
    narrow_fact_row,
    narrow_help_row,
    narrow_hook_row,
    narrow_relay_row,
    narrow_signal_row,
)
from ui.desktop.screens.coordinator.rows import CoordinatorRows, HeadRow, SignalRow
from ui.desktop.screens.half_words import LINE
from ui.desktop.shortcuts import Act, act_of, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import GAP, Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import Pane
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face, Span
from ui.desktop.widgets.following_view import FollowingView
from ui.desktop.widgets.half_line import HalfLine
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import quiet

LINE_CAP = 80
"""Longest line to the partner, in characters: it must be read in one glance."""
LINE_HINT = "One line, then Enter"
LEAST = MappingProxyType(
    {"note": 100, "signals": 116, "lines": 140, "facts": 132, "hooks": 100, "relay": 150, "requests": 200}
    | {"directory": 92, "work": 92}
)
"""Height of each pane with a row or two in it, px at step 1.0: what it keeps in larger text."""


class PairPanes(QWidget):
    """``wanted`` carries the act of a button; ``fact_wanted`` and ``hook_wanted`` the key of what to correct.

    ``rung`` carries the key of a row of the directory and "dial", or of a request and "ring".
    """

    wanted = Signal(str)
    fact_wanted = Signal(str)
    hook_wanted = Signal(str)
    rung = Signal(str, str)

    def __init__(self, look: Look, acts: CoordinatorActs, half: Half, signals: SignalSet = SHIPPED) -> None:
        super().__init__()
        self._look = look
        self._acts = acts
        self._narrow = False
        # The newest words are what this worker acts on.
        self.note = FollowingView(look, "Partner's note")
        self.facts = RowView(look, "Facts")
        self.facts.acted.connect(self._fact_acted)
        self.hooks = RowView(look, "What calms, what inflames, what was promised")
        self.hooks.acted.connect(self._hook_acted)
        self.requests = self._acting("Help asked for", "requests")
        self.signals_view = self._acting("Signals from the partner", "signals")
        self.signals_view.current_key_changed.connect(self._show_signals)
        self.lines = RowView(look, "Lines between you")
        self.relay = self._acting("Relay card", "relay")
        self.directory = self._acting("Directory", "directory")
        self.work = self._acting("Other open work", "work")
        self.line = HalfLine(look, "One line to the partner", LINE_HINT, key=key_of(Act.MESSAGE), cap=LINE_CAP)
        self.line.entered.connect(self._entered)
        self.line.refused.connect(acts.refused)
        self._missing = Chip(look, None, height=22)
        self.buttons: list[KeyButton] = []
        self._form = self._button("999", Act.RELAY_FORM)
        self._panes: dict[str, Pane] = {}
        self._asks: dict[Act, KeyButton] = {}
        self._ask_words = {act_of(one): one.words for one in signals.by(Sender.COORDINATOR)}
        self._signal_rows: tuple[SignalRow, ...] = ()
        self._kept_line = KeptLine(self.line, half, LINE, "One line to the partner")
        self.area = QWidget()
        self._lay_out()
        look.changed.connect(self._keep_rows)
        self._keep_rows()

    def show_rows(self, rows: CoordinatorRows, head: HeadRow, *, narrow: bool = False) -> None:
        """Show the pair's part of ``rows``, on more lines where it is ``narrow``.

        A line begun and not sent stays with the pair it was begun in.
        """
        self._narrow = narrow
        self._kept_line.go_to(rows.incident)
        self._show_note(rows, head)
        self._show_facts(rows, urgent=bool(head.risk))
        empty = [quiet("none", "Nothing asked for yet. Nothing is sent by itself.")]
        helped = narrow_help_row if narrow else help_row
        self.requests.show_rows([helped(row) for row in rows.requests] or empty)
        signals = f"Signals from {head.partner}" if head.partner else "Signals"
        self._panes["signals"].show_title((Span(signals, Weight.SEMIBOLD),))
        self._panes["signals"].show_right(rows.signals_words.partition(":")[0] if narrow else rows.signals_words)
        self._signal_rows = rows.signals
        self._show_signals()
        self._show_line(head, rows.line_kept)
        self.lines.show_rows([line_row(row) for row in rows.lines])
        self._panes["work"].show_right(rows.work_words)
        work = [work_row(row, narrow=narrow) for row in rows.work]
        self.work.show_rows([*(work or [quiet("none", "Nothing else open.")]), *waiting_rows(rows.script)])
        self.directory.show_rows([directory_row(row, narrow=narrow) for row in rows.directory])

    def panes(self) -> tuple[QWidget, ...]:
        """Return the places that F6 walks through, in reading order."""
        return (
            self.note,
            self.facts,
            self.hooks,
            self.requests,
            self.signals_view,
            self.line,
            self.relay,
            self.directory,
        )

    def send_line(self) -> None:
        """Send what stands in the line, if anything."""
        self._entered(self.line.clean())

    def chosen_signal(self) -> SignalRow | None:
        """Return the signal that a quick reply answers: the current one, else the newest that waits."""
        waiting = [row for row in self._signal_rows if not row.done]
        here = self.signals_view.current_key() if self.signals_view.hasFocus() else ""
        return next((row for row in waiting if row.key == here), next(iter(waiting), None))

    def reply(self, act: Act) -> None:
        """Send the quick reply that has this key."""
        row = self.chosen_signal()
        face = next((one for one in row.replies if one.key == key_of(act)), None) if row is not None else None
        if row is None or face is None:
            self._acts.refused("There is no signal to answer with that. Nothing was sent.")
        else:
            self._acts.row("signals", row.key, face.act)

    def _keep_rows(self) -> None:
        """In larger text each list keeps the room of a row or two; the screen scrolls then."""
        for key, least in LEAST.items():
            self._panes[key].setMinimumHeight(self._look.px(least) if self._look.zoom > 1 else 0)

    def _show_signals(self, _key: str = "") -> None:
        chosen = self.chosen_signal()
        drawn = narrow_signal_row if self._narrow else signal_row
        self.signals_view.show_rows([drawn(row, chosen=row is chosen) for row in self._signal_rows])

    def _show_line(self, head: HeadRow, kept: str) -> None:
        """Take a line only where somebody is there to read it; one begun stays in the box."""
        alone = head.alone
        title = f"One line to {head.partner}" if head.partner else "One line"
        self._panes["lines"].show_title((Span(title, Weight.SEMIBOLD),))
        self._panes["lines"].show_right("" if alone or self._narrow else "silent; shown at the screen's edge")
        self.line.setReadOnly(bool(alone))
        self.line.setPlaceholderText(alone or LINE_HINT)
        self.line.setAccessibleDescription(alone or kept)
        self.line.show_state(kept)
        for act, button in self._asks.items():
            button.show_face(ButtonFace(self._ask_words[act], key_of(act), enabled=not alone, why=alone))

    def _show_note(self, rows: CoordinatorRows, head: HeadRow) -> None:
        title = Span(rows.note_title, Weight.SEMIBOLD)
        live = Span(", live" if head.partner else "", ink=Ink.SECONDARY, size=Type.CAPTION)
        self._panes["note"].show_title((title, live))
        self._panes["note"].show_right(f"write in it: {key_of(Act.GO_TO_CALL)}" if head.own else "read only")
        notes = [note_row(row) for row in rows.note]
        self.note.show_rows([*notes, typing_row(rows.typing)] if rows.typing else notes)

    def _show_facts(self, rows: CoordinatorRows, *, urgent: bool) -> None:
        self._panes["facts"].show_right(waiting_words(rows.facts))
        facts = [(narrow_fact_row if self._narrow else fact_row)(row) for row in rows.facts]
        self.facts.show_rows(facts or [quiet("none", "Nothing stated yet. Enter adds the first fact.")])
        hooks = [(narrow_hook_row if self._narrow else hook_row)(row) for row in rows.hooks]
        self.hooks.show_rows(hooks or [quiet("none", f"Nothing promised. {key_of(Act.HOOK)} adds a line.")])
        rank = Rank.NOW if urgent else Rank.HOUR
        to = [reading_row(rows.relay_to, others=rows.relay_others)] if rows.relay_to else []
        card = narrow_relay_row if self._narrow else relay_row
        self.relay.show_rows([*to, *(card(row, rank=rank) for row in rows.relay)])
        self._form.show_face(ButtonFace(rows.relay_form, key_of(Act.RELAY_FORM)))
        face = Face.MISSING if urgent else Face.NOTICE
        self._missing.show_row(ChipRow(f"{rows.missing} missing", face, rank=rank) if rows.missing else None)

    def _entered(self, text: str) -> None:
        if text and not self.line.isReadOnly() and self._acts.message(text):
            self._kept_line.sent()

    def _acting(self, name: str, of: str) -> RowView:
        view = RowView(self._look, name)
        view.acted.connect(partial(self._row_acted, of))
        return view

    def _row_acted(self, of: str, key: str, act: str) -> None:
        if act in ("dial", "ring"):
            self.rung.emit(key, act)
        elif act == "news":
            self.requests.choose(key)
            self.wanted.emit(Act.LOG_NEWS.value)
        elif act == "said":
            self._acts.row(of, key, act)
            self._read_on(key)
        elif act == "ask":
            self.fact_wanted.emit(f"ask {key}")
        else:
            self._acts.row(of, key, act)

    def _read_on(self, key: str) -> None:
        """Go to the next line of the card: it is read aloud line by line."""
        keys = [row.key for row in self.relay.rows]
        after = keys[keys.index(key) + 1 :] if key in keys else []
        if after:
            self.relay.choose(after[0])

    def _fact_acted(self, key: str, act: str) -> None:
        if act == "fact":
            self.fact_wanted.emit(key)
        else:
            self._acts.row("facts", key, act)

    def _hook_acted(self, key: str, _act: str) -> None:
        self.hook_wanted.emit(key)

    def _button(self, text: str, act: Act, spoken: str = "") -> KeyButton:
        button = KeyButton(self._look, ButtonFace(text, key_of(act), spoken=spoken), focus=False, height=26)
        button.clicked.connect(partial(self._say, act))
        self.buttons.append(button)
        return button

    def _say(self, act: Act) -> None:
        self.wanted.emit(act.value)

    def _pane(self, key: str, title: str, view: QWidget) -> Pane:
        pane = Pane(self._look, title)
        pane.body.addWidget(view, 1)
        self._panes[key] = pane
        return pane

    def _lay_out(self) -> None:
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(GAP)
        inner = QHBoxLayout(self.area)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GAP)
        for holder, stretch in ((self._middle(), 484), (self._right(), 474)):
            inner.addWidget(holder, stretch)
        columns.addWidget(self._left(), 396)
        columns.addWidget(self.area, 946)

    def _left(self) -> QWidget:
        note = self._pane("note", "Note", self.note)
        note.show_right("read only")
        signals = self._pane("signals", "Signals", self.signals_view)
        return _column(((note, 186), (signals, 190), (self._line_pane(), 198)))

    def _middle(self) -> QWidget:
        facts = self._pane("facts", "Facts", self.facts)
        facts.head.addWidget(self._button("Sheet", Act.FACT_SHEET))
        hooks = self._pane("hooks", "Hooks and promises", self.hooks)
        hooks.head.addWidget(self._button("Add", Act.HOOK))
        relay = self._pane("relay", "Relay card", self.relay)
        relay.head.addWidget(self._missing)
        relay.head.addWidget(self._form)
        relay.head.addWidget(self._button("Print", Act.PRINT))
        return _column(((facts, 212), (hooks, 104), (relay, 266)))

    def _right(self) -> QWidget:
        requests = self._pane("requests", "Help asked for", self.requests)
        requests.head.addWidget(self._button("Ask", Act.ASK_HELP, "Ask for help"))
        requests.head.addWidget(self._button("Log news", Act.LOG_NEWS))
        directory = self._pane("directory", "Directory", self.directory)
        directory.show_right("rung from your line")
        work = self._pane("work", "Other open work", self.work)
        work.head.addSpacing(8)
        work.head.addWidget(self._button("Take", Act.TAKE))
        return _column(((requests, 266), (directory, 160), (work, 148)))

    def _line_pane(self) -> Pane:
        pane = self._pane("lines", "One line", self.lines)
        pane.show_right("silent; shown at the screen's edge")
        pane.body.addWidget(self.line)
        pane.body.addSpacing(6)
        asks = QGridLayout()
        asks.setSpacing(GAP - 2)
        for at, (act, text) in enumerate(self._ask_words.items()):
            self._asks[act] = self._button(text, act)
            # What a service has added may be longer than half the pane.
            row, column, span = (0, at, 1) if at < 2 else (at - 1, 0, 3)
            asks.addWidget(self._asks[act], row, column, 1, span)
        asks.setColumnStretch(2, 1)
        pane.body.addLayout(asks)
        return pane


def _column(panes: tuple[tuple[Pane, int], ...]) -> QWidget:
    holder = QWidget()
    holder.setMinimumWidth(1)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    for pane, stretch in panes:
        column.addWidget(pane, stretch)
    return holder
