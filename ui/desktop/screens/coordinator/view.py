"""The coordinator's screen, read left to right: what she hears, what we know, what we asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.domain.signal_set import SHIPPED, SignalSet
from ui.desktop.forms.half_filled import Half, HalfFilled
from ui.desktop.key_binding import bind
from ui.desktop.screens.coordinator.acts import CoordinatorActs
from ui.desktop.screens.coordinator.announcing import announcements
from ui.desktop.screens.coordinator.desk import Desk
from ui.desktop.screens.coordinator.head import Head
from ui.desktop.screens.coordinator.pair_panes import PairPanes
from ui.desktop.screens.coordinator.panels import FACT, FORMS, CoordinatorPanels
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.drop_card import DropCard
from ui.desktop.screens.plan_card import PlanCard
from ui.desktop.shortcuts import REPLIES, Act, Screen, key_of, shortcuts_of
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import GAP, NARROW_BELOW
from ui.desktop.widgets.buttons import KeyHint
from ui.desktop.widgets.notices import NoticeCard
from ui.desktop.widgets.status import StatusStrip


class CoordinatorView(QWidget):
    """Shows :class:`CoordinatorRows` and calls ``acts``.  It decides nothing and never moves the focus by itself."""

    def __init__(
        self, look: Look, acts: CoordinatorActs, half: Half | None = None, signals: SignalSet = SHIPPED
    ) -> None:
        """``half`` is where what is written and not sent stays; without it, only while the view lives."""
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Coordinator")
        self._look = look
        self._acts = acts
        self._signal_set = signals
        self._rows: CoordinatorRows | None = None
        self._narrow = False
        self.keys = KeyHint(look, key_of(Act.KEYS), "Keys")
        self.status = StatusStrip(look, (self.keys,))
        self.head = Head(look, self._do)
        half = half or HalfFilled()
        self.pair = PairPanes(look, acts, half, signals)
        self.desk = Desk(look)
        self.desk.acted.connect(self._desk_acted)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.pair)
        self._pages.addWidget(self.desk)
        self.notice = NoticeCard(look)
        self.drop = DropCard(look, self._do)
        self.plan = PlanCard(look, self._do, wide=True)
        self._lay_out()
        self.panels = CoordinatorPanels(look, acts, half, self.pair.area, self.pair.line, signals)
        self.notice.dismissed.connect(self._notice_read)
        self.keys.clicked.connect(self.panels.open_keys)
        self.pair.wanted.connect(self._press)
        self.pair.fact_wanted.connect(self._correct_fact)
        self.pair.rung.connect(self.panels.ring)
        self.pair.hook_wanted.connect(self._change_hook)
        acts_of_keys = self._shortcut_acts()
        self.shortcuts = bind(self, Screen.COORDINATOR, acts_of_keys, signals)
        self.panels.keys.does(acts_of_keys)
        self._dresser = Dresser(self, look)
        self.pair.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_rows(self, rows: CoordinatorRows) -> None:
        """Show ``rows``; only what changed is touched and no focus moves."""
        before, self._rows = self._rows, rows
        if self.windowTitle() != rows.title:
            self.setWindowTitle(rows.title)
        self.status.show_row(rows.status)
        self.head.show_row(rows.head, rows.away, rows.rest)
        area, home = (self.pair.area, self.pair.line) if rows.head else (self.desk, self.desk.views[0])
        self.panels.over(area, home, partial(self._pages.setCurrentIndex, 0 if rows.head else 1))
        self.desk.show_work(rows.summons, rows.work, rows.script)
        if rows.head is not None:
            self.pair.show_rows(rows, rows.head, narrow=self._narrow)
        place = next((row.text for row in rows.relay if row.strong), "")
        self.panels.show_card(place, self.pair.relay.rows, rows.by_handset)
        self.panels.show_forms(rows.forms)
        self.panels.directory.show_row(rows.people)
        self.plan.show_row(rows.plan)
        self.drop.show_row(rows.drop)
        self.notice.show_text(rows.notice)
        self._announce(before, rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the wide step where there is room, and more lines where there is little."""
        super().resizeEvent(event)
        self._look.fit(self.width())
        narrow = self.width() < self._look.px(NARROW_BELOW)
        if narrow != self._narrow:
            self._narrow = narrow
            for button in (*self.head.buttons, *self.pair.buttons):
                button.show_cap(shown=not narrow)
            if self._rows is not None:
                self.show_rows(self._rows)

    def current_request(self) -> str:
        """Return the request that keys mean: the current one, else the first that is not sent."""
        rows = self._rows.requests if self._rows else ()
        keys = [str(row.key) for row in rows]
        # The list may have a sentence in it instead of requests.
        chosen = next((key for key in keys if key == self.pair.requests.current_key()), "")
        if chosen and self.pair.requests.hasFocus():
            return chosen
        unsent = [str(row.key) for row in rows if row.send]
        return unsent[0] if unsent else chosen or next(iter(keys), "")

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP - 2, GAP, GAP)
        outer.setSpacing(GAP)
        outer.addWidget(self.status)
        outer.addWidget(self.head)
        outer.addWidget(self.drop)
        outer.addWidget(self.plan)
        outer.addWidget(self._pages, 1)
        outer.addWidget(self.notice)

    def _press(self, act: str) -> None:
        self._do(Act(act))

    def _do(self, act: Act) -> None:
        if act is Act.FINISH:
            self._finish()
        elif act is Act.TAKE:
            self._take()
        elif act is Act.RING:
            self.panels.ring(self.current_request(), "ring")
        elif act in FORMS:
            key, title = FORMS[act]
            self.panels.open_form(key, title, self.current_request() if act is Act.LOG_NEWS else "")
        else:
            self._acts.do(act)

    def _finish(self) -> None:
        if self.panels.send():
            return
        if self.pair.line.hasFocus() and self.pair.line.clean():
            self.pair.send_line()
            return
        key = self.current_request()
        if self._rows and any(str(row.key) == key and row.send for row in self._rows.requests):
            self._acts.row("requests", key, "send")

    def _take(self) -> None:
        rows = (*self._rows.summons, *self._rows.work) if self._rows else ()
        keys = {row.key for row in rows}
        for name, view in (("work", self.pair.work), *(("desk", view) for view in self.desk.views)):
            if view.hasFocus() and view.current_key() in keys:
                self._acts.row(name, view.current_key(), "take")
                return
        free = next((row for row in rows if not row.owner), None)
        if free is not None:
            self._acts.row("desk", free.key, "take")

    def _next_unowned(self) -> None:
        rows = self._rows.work if self._rows else ()
        free = [row.key for row in rows if not row.owner]
        if self._rows is None or self._rows.head is None:
            self._to(self.desk.views[0])
            return
        if not free:
            self._acts.refused("Everything open has an owner.")
            return
        now = self.pair.work.current_key()
        at = (free.index(now) + 1) % len(free) if now in free else 0
        self.pair.work.choose(free[at])
        self._to(self.pair.work)

    def _correct_fact(self, key: str) -> None:
        self.panels.open_form(FACT, "Correct or add a fact", key)

    def _change_hook(self, key: str) -> None:
        self.panels.open_form(*FORMS[Act.HOOK], key)

    def _desk_acted(self, key: str, act: str) -> None:
        self._acts.row("desk", key, act)

    def _notice_read(self) -> None:
        self._acts.row("notice", "", "read")

    def _shortcut_acts(self) -> dict[Act, Callable[[], None]]:
        acts: dict[Act, Callable[[], None]] = {
            shortcut.act: partial(self._do, shortcut.act)
            for shortcut in shortcuts_of(Screen.COORDINATOR, self._signal_set)
        }
        acts.update({act: partial(self.pair.reply, act) for act in REPLIES})
        acts.update(
            {
                Act.KEYS: self.panels.open_keys,
                Act.DIRECTORY: self.panels.open_directory,
                Act.NUMBER_RIGHT: partial(self.panels.mark_number, Act.NUMBER_RIGHT),
                Act.NUMBER_WRONG: partial(self.panels.mark_number, Act.NUMBER_WRONG),
                Act.DISMISS: self._notice_read,
                Act.MESSAGE: partial(self._to, self.pair.line),
                Act.NOTE: partial(self._to, self.pair.note),
                Act.PANE_1: partial(self._to, self.pair.note),
                Act.PANE_2: partial(self._to, self.pair.facts),
                Act.PANE_3: partial(self._to, self.pair.requests),
                Act.NEXT_PANE: self._next_pane,
                Act.NEXT_UNOWNED: self._next_unowned,
            }
        )
        return acts

    def _to(self, widget: QWidget) -> None:
        self.panels.put_away()
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next_pane(self) -> None:
        stops = self.pair.panes() if self._pages.currentIndex() == 0 else tuple(self.desk.views)
        at = next((n for n, stop in enumerate(stops) if stop.hasFocus()), -1)
        self._to(stops[(at + 1) % len(stops)])

    def _announce(self, before: CoordinatorRows | None, rows: CoordinatorRows) -> None:
        if QAccessible.isActive():
            for said in announcements(before, rows):
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
