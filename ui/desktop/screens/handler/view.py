"""The handler's call screen: fixed rows, none of which ever moves (screens.md 1.A)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain.signal_set import SHIPPED, SignalSet
from console.services.meant_call import NOT_THAT_CALL
from ui.desktop.forms.half_filled import Half, HalfFilled
from ui.desktop.key_binding import bind
from ui.desktop.screens.drop_card import DropCard
from ui.desktop.screens.glance_card import GlanceCard
from ui.desktop.screens.handler import asked_rows
from ui.desktop.screens.handler.acts import HandlerActs
from ui.desktop.screens.handler.call_bar import CallBar, SlotBar
from ui.desktop.screens.handler.identity import IdentityCard
from ui.desktop.screens.handler.notes_pane import NotesPane
from ui.desktop.screens.handler.panels import HandlerPanels
from ui.desktop.screens.handler.partner_card import PartnerCard
from ui.desktop.screens.handler.rows import KIND, ActButton, CallBarRow, HandlerRows
from ui.desktop.screens.handler.side_panes import HelpPane, HistoryPane
from ui.desktop.screens.handler.signals import SignalBar
from ui.desktop.screens.handler.wrap_up import WrapUpBar
from ui.desktop.screens.plan_card import PlanCard
from ui.desktop.shortcuts import CANDIDATES, Act, Screen, key_of, shortcuts_of
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import GAP, NARROW_BELOW
from ui.desktop.widgets.buttons import KeyHint
from ui.desktop.widgets.notices import NoticeCard
from ui.desktop.widgets.status import StatusStrip

END_WITHIN_MS = 2000
ROOM_FOR_ALL = 760
"""Height, px at step 1.0, from which a plan and a notice stand together below what was before."""


class HandlerView(QWidget):
    """Shows :class:`HandlerRows` and calls ``acts``.  It decides nothing and never moves the focus by itself.

    The one thing it keeps is the first press of "End call", and for which call: only a second within two seconds,
    with the same call on the bar, ends it.
    """

    def __init__(self, look: Look, acts: HandlerActs, half: Half | None = None, signals: SignalSet = SHIPPED) -> None:
        """``half`` is where what is written and not sent stays; without it, only while the view lives."""
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self._acts = acts
        self._signal_set = signals
        self._rows: HandlerRows | None = None
        half = half or HalfFilled()
        self._make_rows(look, acts, half)
        self._lay_out()
        self._ending = ""
        self._end_armed = QTimer(self)
        self._end_armed.setSingleShot(True)
        self._end_armed.setInterval(END_WITHIN_MS)
        self._end_armed.timeout.connect(self._show_call)
        self.panels = HandlerPanels(look, acts, half, self._area, self.notes.editor, signals)
        self.notice.dismissed.connect(acts.notice_read)
        self.history.list.acted.connect(self.panels.open_relative)
        self.panels.opening.connect(self._notice_below)
        self.panels.closed.connect(self._notice_home)
        acts_of_keys = self._shortcut_acts()
        self.shortcuts = bind(self, Screen.HANDLER, acts_of_keys, signals)
        self.panels.keys.does(acts_of_keys)
        self._dresser = Dresser(self, look)
        look.changed.connect(self._restyle)
        self._restyle()
        self._order_tabs()
        for growing in (self.notes.fields, self.notes.prompts):
            growing.grown.connect(self._order_tabs)
        self.notes.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_rows(self, look: Look, acts: HandlerActs, half: Half) -> None:
        keys = KeyHint(look, key_of(Act.KEYS), "Keys")
        keys.clicked.connect(self._key_sheet)
        self.status = StatusStrip(look, (keys,))
        self.call = CallBar(look, self._do)
        self.slot = SlotBar(look, self._do)
        self.who = IdentityCard(look, self._do, acts.choose_candidate)
        self.signals = SignalBar(look, self._do)
        self.history = HistoryPane(look)
        self.notice = NoticeCard(look)
        self.glance = GlanceCard(look)
        self.drop = DropCard(look, self._do)
        self.plan = PlanCard(look, self._do, wide=False)
        self.notes = NotesPane(look, acts, half)
        self.partner = PartnerCard(look)
        self.help = HelpPane(look, self._do, acts.message, half)
        self.help.message.refused.connect(acts.refused)
        self.help.told.connect(acts.send_request)
        self.wrap_up = WrapUpBar(look, self._do)
        self.wrap_up.changed.connect(acts.field_changed)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP - 2, GAP, GAP)
        outer.setSpacing(GAP)
        for row in (self.status, self.call, self.slot, self.who, self.signals):
            outer.addWidget(row)
        self._area = QWidget()
        self._past, self._spare = QWidget(), QWidget()
        self._spare.hide()
        self._under_past = _column(self._past, self.history)
        left = QHBoxLayout(self._area)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(GAP)
        left.addWidget(self._past)
        left.addWidget(self.notes, 1)
        self._right = QWidget()
        self._right.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._under_area = QVBoxLayout()
        self._under_area.setSpacing(GAP)
        self._under_area.addWidget(self._area, 1)
        self._notice_home()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(GAP)
        right.addWidget(self.partner)
        right.addWidget(self.help, 1)
        panes = QHBoxLayout()
        panes.setSpacing(GAP)
        panes.addLayout(self._under_area, 1)
        panes.addWidget(self._right)
        outer.addLayout(panes, 1)
        outer.addWidget(self.wrap_up)

    def _notice_home(self) -> None:
        """Give the notice room under what was before this call: the note and its fields stay where they are."""
        self._below = False
        if self._rows is not None:
            self._make_way(gives_way=_gives_way(self._rows, low=self._is_low()))
        self._put_cards(self._under_past, self._past.width())

    def _notice_below(self) -> None:
        """While a panel covers what was before, the notice stands below the panel."""
        self._below = True
        self._put_cards(self._under_area, self._area.width())

    def _put_cards(self, under: QVBoxLayout, width: int) -> None:
        for card in (self.drop, self.plan, self.notice, self.glance):
            if card is self.glance and under is self._under_past:
                # Where what was before has given way, the glance keeps its place and the others begin at the top.
                under.addWidget(self._spare, 1)
            # Unseen on the way: a moment in which all have room would make the window higher for good.
            card.hide()
            card.fit(width)
            under.addWidget(card)
        self._show_cards()

    def _show_cards(self) -> None:
        # Beside a plan or the line that dropped, and below a panel, there is room for one of the two: the notice goes,
        # and the glance comes back.  A plan's state stands below the panel in its place.
        told = self.notice.text and (self._below or self.drop.text or self.plan.text)
        self.glance.setVisible(not (told or (self._below and self.plan.text)))
        self.drop.setVisible(bool(self.drop.text))
        self.plan.setVisible(bool(self.plan.text) and self._plan_has_room(dropped=bool(self.drop.text)))
        self.notice.setVisible(bool(self.notice.text))

    def _make_way(self, *, gives_way: bool) -> None:
        self.history.setVisible(not gives_way)
        self._spare.setVisible(gives_way)

    def _is_low(self) -> bool:
        return self.height() < self._look.px(ROOM_FOR_ALL)

    def _plan_has_room(self, *, dropped: bool) -> bool:
        return not (dropped and self._is_low())  # nobody is asked on a line that dropped

    def _order_tabs(self) -> None:
        """From the note down the record, then to the sides: what is typed goes on where the eye goes."""
        order: tuple[QWidget, ...] = (
            self.notes.editor,
            *self.notes.fields.stops(),
            *self.wrap_up.stops(),
            *self.notes.prompts.stops(),
            self.help.list,
            self.help.message,
            self.history.list,
        )
        for first, second in zip(order, order[1:], strict=False):
            self.setTabOrder(first, second)

    def _restyle(self) -> None:
        if self.width() < self._look.px(NARROW_BELOW):
            # Large text: the sides give way, so that the note keeps a third of the screen.
            self._past.setFixedWidth(round(self.width() * 0.24))
            self._right.setFixedWidth(round(self.width() * 0.38))
            return
        self._past.setFixedWidth(self._look.px(276))
        self._right.setFixedWidth(max(self._look.px(400), round(self.width() * 0.26)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the wide step where there is room."""
        super().resizeEvent(event)
        self._look.fit(self.width())
        self._restyle()

    # Showing.

    def show_rows(self, rows: HandlerRows) -> None:
        """Show ``rows``; only what changed is touched."""
        before, self._rows = self._rows, rows
        if self.windowTitle() != rows.title:
            self.setWindowTitle(rows.title)
        self.status.show_row(rows.status)
        self._show_call()
        self.slot.show_row(rows.slot)
        self.who.show_rows(rows.who, rows.risk)
        self.signals.show_row(rows.signals)
        self.history.show_row(rows.history)
        self.notes.show_rows(rows.notes, rows.prompts, rows.fields)
        self.partner.show_row(rows.partner)
        self.help.show_row(rows.help, rows.notes.record)
        self.wrap_up.show_row(rows.wrap_up, rows.notes.record)
        self.panels.show_rows(rows)
        self.glance.show_row(rows.glance)
        gives_way = _gives_way(rows, low=self._is_low())
        room = self._plan_has_room(dropped=rows.drop is not None)
        # It goes before anything comes, and comes back after: a moment in which all are seen makes the window higher.
        if gives_way:
            self.history.hide()
        told = rows.notice and (rows.plan is not None or rows.drop is not None)
        if told or (self._below and rows.plan is not None):
            self.glance.hide()
        if not room:
            self.plan.hide()
        self.drop.show_row(rows.drop)
        self.plan.show_row(rows.plan, room=room)
        self.notice.show_text(rows.notice)
        self._show_cards()
        if not self.panels.any_open:
            self._make_way(gives_way=gives_way)
        for said in _announcements(before, rows):
            self._announce(said)

    def _show_call(self) -> None:
        if self._rows is not None:
            call = self._rows.call
            armed = self._end_armed.isActive() and call.call == self._ending
            self.call.show_row(_armed(call) if armed else call)

    def _announce(self, text: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # Acting.

    def _do(self, act: Act) -> None:
        if act is Act.END:
            self._end()
        elif act is Act.FINISH:
            self._finish()
        elif self._opens_record(act) and self._lacks_kind():
            self.panels.put_away()
            self.notes.fields.go_to(KIND)
        elif act in (Act.NEXT_PART, Act.PART_BEFORE):
            self.panels.turn(1 if act is Act.NEXT_PART else -1)
        elif act is Act.NO_CALL:
            self._acts.do(act)
            self.to_note()
        elif not self.panels.opens(act):
            self._acts.do(act)

    def _opens_record(self, act: Act) -> bool:
        return act is Act.RECORD or (act in (Act.NEXT_PART, Act.PART_BEFORE) and not self.panels.any_open)

    def _lacks_kind(self) -> bool:
        """Say whether the record on screen has no fields yet: its kind, beside the note, is chosen first."""
        kinds = [one for one in self._rows.fields if one.field == KIND] if self._rows is not None else []
        return self._rows is not None and self._rows.record is not None and any(not one.current for one in kinds)

    def _end(self) -> None:
        call = self._rows.call.call if self._rows is not None else ""
        if not self._end_armed.isActive():
            self._ending = call
            self._end_armed.start()
        else:
            self._end_armed.stop()
            if call == self._ending:
                self._acts.do(Act.END)
            else:
                self._acts.refused(NOT_THAT_CALL)
        self._show_call()

    def _finish(self) -> None:
        if self.help.message.hasFocus() and self.help.message.text():
            self.help.message.entered.emit(self.help.message.clean())
        elif not self.panels.send_open_form():
            self._acts.do(Act.FINISH)

    def _key_sheet(self) -> None:
        self._do(Act.KEYS)

    def _shortcut_acts(self) -> dict[Act, Callable[[], None]]:
        acts: dict[Act, Callable[[], None]] = {
            shortcut.act: partial(self._do, shortcut.act) for shortcut in shortcuts_of(Screen.HANDLER, self._signal_set)
        }
        acts.update({act: partial(self._acts.choose_candidate, number) for number, act in enumerate(CANDIDATES, 1)})
        acts.update(
            {
                Act.NOTE: self.to_note,
                Act.PANE_1: self._to(self.history.list),
                Act.PANE_2: self.to_note,
                Act.PANE_3: self._to(self.help.list),
                Act.MESSAGE: self._to(self.help.message),
                Act.NEXT_PANE: self._next_pane,
                Act.INSERT_TIME: self._insert_time,
                Act.DISMISS: self._acts.notice_read,
                Act.NUMBER_RIGHT: partial(self.panels.mark_number, Act.NUMBER_RIGHT),
                Act.NUMBER_WRONG: partial(self.panels.mark_number, Act.NUMBER_WRONG),
            }
        )
        return acts

    def _to(self, widget: QWidget) -> Callable[[], None]:
        def go() -> None:
            if widget is self.history.list:
                self.panels.put_away()
            widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

        return go

    def to_note(self) -> None:
        """Close any panel and put the focus on the note."""
        self.panels.put_away()
        self.notes.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next_pane(self) -> None:
        _go_on((self.notes.editor, self.help.list, self.help.message, self.wrap_up.finish, self.history.list))

    def _insert_time(self) -> None:
        self.to_note()
        self.notes.editor.put(f"{self._acts.clock_text()} ")


def _go_on(stops: Sequence[QWidget]) -> None:
    """Put the focus on the next of these that can be used now."""
    usable = [stop for stop in stops if stop.isVisible() and stop.isEnabled()]
    at = next((n for n, stop in enumerate(usable) if stop.hasFocus()), -1)
    if usable:
        usable[(at + 1) % len(usable)].setFocus(Qt.FocusReason.ShortcutFocusReason)


def _column(holder: QWidget, first: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    column.addWidget(first, 1)
    return column


def _gives_way(rows: HandlerRows, *, low: bool) -> bool:
    """Say whether what was before gives way to what must be known now."""
    return rows.drop is not None or (rows.plan is not None and bool(rows.notice) and low)


def _armed(call: CallBarRow) -> CallBarRow:
    def face(button: ActButton) -> ActButton:
        if button.act is not Act.END:
            return button
        return replace(button, face=replace(button.face, text="Again to end", lit=True))

    return replace(call, buttons=tuple(face(button) for button in call.buttons))


def _announcements(before: HandlerRows | None, now: HandlerRows) -> list[str]:
    """Return what a screen reader is told without any move of the focus."""
    said = []
    if now.slot.chip is not None and (before is None or before.slot.chip is None):
        said.append(f"{now.slot.said}. {now.slot.title}. {now.slot.detail}")
    if now.call.state != (before.call.state if before else "") and now.call.state in ("RINGING", asked_rows.ASKED):
        said.append(f"{now.call.state.capitalize()}. {now.call.line}. {now.call.number}")
    if now.partner.line and (before is None or before.partner.line != now.partner.line):
        said.append(f"{now.partner.who}: {now.partner.line}")
    if now.plan is not None and (before is None or before.plan is None or before.plan.state != now.plan.state):
        said.append(f"{now.plan.state}. {now.plan.words}")
    if now.drop is not None and (before is None or before.drop is None):
        said.append(f"{now.drop.title}. {' '.join(now.drop.lines)}")
    if now.glance.chip and before is not None and not before.glance.chip:
        said.append(f"{now.glance.chip}: {now.glance.text}")
    if now.notice and (before is None or before.notice != now.notice):
        said.append(now.notice)
    return said
