"""The board: left, what is happening; right, what can be changed in the next 15 minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.desktop.forms.half_filled import Half, HalfFilled
from ui.desktop.key_binding import bind
from ui.desktop.screens.board.acts import BoardActs
from ui.desktop.screens.board.announcing import announcements
from ui.desktop.screens.board.figures import Capacity, Figure, Work
from ui.desktop.screens.board.hours import HoursChart
from ui.desktop.screens.board.lists import ListCard, call_row, staff_row
from ui.desktop.screens.board.panels import BoardPanels
from ui.desktop.screens.board.rows import Age, BoardRows, HoursTile
from ui.desktop.screens.board.tile import ASIDE, Tile
from ui.desktop.screens.board.walking import neighbour
from ui.desktop.shortcuts import Act, Screen, key_of, shortcuts_of
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import BOARD_WIDE_STEP, GAP, NARROW_BELOW, Type, Weight
from ui.desktop.widgets.buttons import KeyHint
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.labels import PlainLabel, plain
from ui.desktop.widgets.notices import NoticeCard
from ui.desktop.widgets.status import StatusStrip

FIGURES = 116
"""Share of the height that the row of figures has."""
LEAST_LIST = 80
"""Height of a tile that holds one row of two lines, px at step 1.0."""
LEAST_CALLS = 160
"""Height of a tile that holds one live call on five lines, or three of the staff, px at step 1.0."""
LEAST_REQUESTS = 124
"""Height of a tile that holds two requests, px at step 1.0."""
TIGHT_BELOW = 672
"""Height of the window, px at step 1.0, below which lists are set closer."""


class Hours(Tile):
    """Calls per hour, and the count of each authority."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Calls per hour")
        self._chart = HoursChart(look)
        self._places = PlainLabel(look)
        self._lines = plain(look, size=Type.CAPTION, wrap=True)
        self.body.addWidget(self._chart, 1)
        self.body.addWidget(self._places)
        self.body.addWidget(self._lines)

    def show_tile(self, tile: HoursTile) -> None:
        """Show ``tile``."""
        counts = ", ".join(f"{name} {count}" for name, count in tile.authorities)
        self.show_head(tile.title, tile.age, said=f"{counts}.")
        self._chart.show_tile(tile)
        spans: list[Span] = []
        for name, count in tile.authorities:
            spans.append(Span(str(count), Weight.SEMIBOLD, self.ink(Ink.TEXT), Type.BODY, gap=10))
            spans.append(Span(name, ink=self.ink(Ink.SECONDARY), size=Type.CAPTION, gap=3))
        self._places.show_spans(spans)
        self._lines.say(counts)
        self._fit_places()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the authorities on as many lines as they need."""
        super().resizeEvent(event)
        self._fit_places()

    def _fit_places(self) -> None:
        wide = self.width() - 2 * ASIDE
        one = self._places.natural_width() <= wide
        self._places.setVisible(one)
        self._lines.setVisible(not one)
        self._lines.setFixedHeight(max(1, self._lines.heightForWidth(wide)))


class Counts(Tile):
    """Small counters on one line."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Counters")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Sequence[tuple[int, str]], age: Age) -> None:
        """Show the counters in the title's place."""
        said = ", ".join(f"{count} {words}" for count, words in counts)
        self.show_head("Counters", age, said=said)
        spans: list[Span] = []
        for count, words in counts:
            spans.append(Span(str(count), Weight.SEMIBOLD, self.ink(Ink.TEXT), Type.CLOCK, gap=20))
            spans.append(Span(words, ink=self.ink(Ink.SECONDARY), size=Type.CAPTION, gap=8))
        self.title.show_spans(spans)


class BoardView(QWidget):
    """Shows :class:`BoardRows` and calls ``acts``; decides nothing and moves no focus by itself."""

    def __init__(self, look: Look, acts: BoardActs, half: Half | None = None) -> None:
        """``half`` is where what is written and not sent stays; without it, only while the view lives."""
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Board")
        self._look = look
        self._acts = acts
        self._rows: BoardRows | None = None
        self._tight = self._narrow = False
        self.keys = KeyHint(look, key_of(Act.KEYS), "Keys")
        self.wall = KeyHint(look, key_of(Act.WALL), "Wall, no names")
        self.status = StatusStrip(look, (self.keys, self.wall))
        self._make_tiles(look)
        self._area = QWidget()
        self.notice = NoticeCard(look)
        self._lay_out()
        self.panels = BoardPanels(look, acts, half or HalfFilled(), self._area, self.waiting)
        self.notice.dismissed.connect(self._notice_read)
        self._connect()
        acts_of_keys = self._shortcut_acts()
        self.shortcuts = bind(self, Screen.BOARD, acts_of_keys)
        self.panels.keys.does(acts_of_keys)
        self._dresser = Dresser(self, look)
        self.waiting.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_tiles(self, look: Look) -> None:
        self.waiting = Figure(look, "Waiting")
        self.longest = Figure(look, "Longest wait")
        self.answered = Figure(look, "Answered")
        self.work = Work(look)
        self.capacity = Capacity(look)
        self.calls = ListCard(look, "Live calls")
        self.staff = ListCard(look, "Staff on shift")
        self.hours = Hours(look)
        self.requests = ListCard(look, "Requests not sent or unanswered")
        self.clocks = ListCard(look, "Clocks about to expire")
        self.visits = ListCard(look, "Visits out")
        self.handovers = ListCard(look, "Handovers not acknowledged")
        self.rota = ListCard(look, "On call by the rota")
        self.counts = Counts(look)

    def tiles(self) -> tuple[tuple[Tile, ...], ...]:
        """Return the tiles that are seen as the arrow keys walk them: rows from the top, left to right."""
        return tuple(line for line in self._grid() if any(not tile.isHidden() for tile in line))

    def _grid(self) -> tuple[tuple[Tile, ...], ...]:
        return (
            (self.waiting, self.longest, self.answered, self.work, self.capacity),
            (self.calls, self.requests),
            (self.rota,),
            (self.staff, self.hours, self.clocks),
            (self.visits,),
            (self.handovers,),
            (self.counts,),
        )

    def show_rows(self, rows: BoardRows) -> None:
        """Show ``rows``; only what changed is touched and no focus moves."""
        before, self._rows = self._rows, rows
        if QAccessible.isActive():
            for said in announcements(before, rows):
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
        if self.windowTitle() != rows.title:
            self.setWindowTitle(rows.title)
        self.status.show_row(rows.status)
        self.waiting.show_tile(rows.waiting)
        self.longest.show_tile(rows.longest)
        self.answered.show_tile(rows.answered)
        self.work.show_tile(rows.work)
        self.capacity.show_tile(rows.capacity)
        self._show_calls(rows)
        self.staff.show_head(rows.staff_title, rows.staff_age)
        stale = rows.staff_age.stale
        self.staff.show_rows(
            [staff_row(row, stale=stale, tight=self._tight, narrow=self._narrow) for row in rows.staff]
        )
        self.hours.show_tile(rows.hours)
        for card, tile in (
            (self.requests, rows.requests),
            (self.clocks, rows.clocks),
            (self.visits, rows.visits),
            (self.handovers, rows.handovers),
            (self.rota, rows.rota),
        ):
            card.setVisible(bool(tile.title))
            card.show_list(tile, tight=self._tight)
        self.counts.show_counts(rows.counts.counts, rows.counts.age)
        self.panels.show_rows(rows)
        self.notice.show_text(rows.notice or rows.unsent, standing=not rows.notice)

    def walk(self, tile: Tile, key: int) -> None:
        """Move the focus from ``tile`` to what is seen next to it in the direction of ``key``."""
        seen = (one for line in self.tiles() for one in line if not one.isHidden())
        places = {one: QRect(one.mapTo(self, QPoint()), one.size()) for one in seen}
        there = neighbour(places, tile, key)
        if there is not None:
            there.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the lists closer where the window is low, and on more lines where it is narrow."""
        super().resizeEvent(event)
        self._look.fit(self.width(), BOARD_WIDE_STEP)
        tight = self.height() < self._look.px(TIGHT_BELOW)
        narrow = self.width() < self._look.px(NARROW_BELOW)
        if (tight, narrow) != (self._tight, self._narrow):
            self._tight, self._narrow = tight, narrow
            self._place_figures()
            if self._rows is not None:
                self.show_rows(self._rows)

    def _keep_rows(self) -> None:
        """In larger text each list keeps the room of a row; the board scrolls then."""
        for card in self._listed:
            card.setMinimumHeight(self._look.px(LEAST_LIST) if self._look.zoom > 1 else 0)
        for card, least in ((self.calls, LEAST_CALLS), (self.staff, LEAST_CALLS), (self.requests, LEAST_REQUESTS)):
            card.setMinimumHeight(self._look.px(least) if self._look.zoom > 1 else 0)

    def _place_figures(self) -> None:
        """In larger text the figures have a row of their own over the whole board, so that none of them is cut."""
        self._left.removeWidget(self._figures)
        self._grid_of.removeWidget(self._figures)
        if self._narrow:
            self._grid_of.addWidget(self._figures, 0, 0, 1, 2)
        else:
            self._left.insertWidget(0, self._figures, FIGURES)

    def _show_calls(self, rows: BoardRows) -> None:
        self.calls.show_head(rows.calls_title, rows.calls_age)
        self.calls.show_rows([call_row(row, tight=self._tight, narrow=self._narrow) for row in rows.calls])

    def _connect(self) -> None:
        for line in self._grid():
            for tile in line:
                tile.opened.connect(partial(self._open, tile))
                tile.walked.connect(partial(self.walk, tile))
        acting = (("calls", self.calls), ("staff", self.staff), ("requests", self.requests), ("rota", self.rota))
        for name, card in acting:
            card.view.acted.connect(partial(self._row_acted, name))
        self.capacity.call_out.clicked.connect(partial(self._acts.do, Act.CALL_OUT))
        self.keys.clicked.connect(self.panels.open_keys)
        self.wall.clicked.connect(partial(self._acts.do, Act.WALL))

    def _open(self, tile: Tile) -> None:
        self.panels.open_list(tile.name)

    def _row_acted(self, name: str, key: str, act: str) -> None:
        if act == "loads":
            self.panels.open_list("Staff on shift")
        else:
            self._acts.row(name, key, act)

    def _notice_read(self) -> None:
        self._acts.row("notice", "", "read")

    def _shortcut_acts(self) -> dict[Act, Callable[[], None]]:
        acts: dict[Act, Callable[[], None]] = {
            shortcut.act: partial(self._acts.do, shortcut.act) for shortcut in shortcuts_of(Screen.BOARD)
        }
        acts.update(
            {
                Act.KEYS: self.panels.open_keys,
                Act.DIRECTORY: self.panels.open_directory,
                Act.REPLAY: self.panels.open_replay,
                Act.NUMBER_RIGHT: partial(self.panels.mark_number, Act.NUMBER_RIGHT),
                Act.NUMBER_WRONG: partial(self.panels.mark_number, Act.NUMBER_WRONG),
                Act.DISMISS: self._notice_read,
                Act.SIGN_OUT: partial(self.panels.open_form, "sign_out", "Sign out"),
                Act.FINISH: self.panels.send,
                Act.PANE_1: partial(self._to, self.waiting),
                Act.PANE_2: partial(self._to, self.calls.view),
                Act.PANE_3: partial(self._to, self.requests.view),
                Act.NEXT_PANE: self._next_pane,
                Act.TAKE: self._take,
                Act.LISTEN: partial(self._hear, Act.LISTEN),
                Act.SUPERVISE: partial(self._hear, Act.SUPERVISE),
                Act.NEXT_UNOWNED: partial(self._to, self.requests.view),
            }
        )
        return acts

    def _to(self, widget: QWidget) -> None:
        self.panels.close()
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next_pane(self) -> None:
        stops: list[QWidget] = [tile for line in self.tiles() for tile in line]
        focus = self.focusWidget()
        at = next((n for n, stop in enumerate(stops) if stop is focus or stop.focusProxy() is focus), -1)
        self._to(stops[(at + 1) % len(stops)])

    def _hear(self, act: Act) -> None:
        """Hear the live call that the ring stands on: a row that nobody sees is not meant."""
        self._acts.row("calls", self.calls.view.current_key() if self.calls.view.hasFocus() else "", act)

    def _take(self) -> None:
        rows = self._rows.requests.rows if self._rows else ()
        key = self.requests.view.current_key() or (rows[0].key if rows else "")
        if key:
            self._acts.row("requests", key, "take")

    def _lay_out(self) -> None:
        self._figures = QWidget()
        top = QHBoxLayout(self._figures)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(GAP)
        for tile, stretch in ((self.waiting, 170), (self.longest, 220), (self.answered, 238), (self.work, 240)):
            tile.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            top.addWidget(tile, stretch)
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.staff, 1)
        foot.addWidget(self.hours, 1)
        self._left = left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(self._figures, FIGURES)
        left.addWidget(self.calls, 228)
        left.addLayout(foot, 284)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self.capacity, FIGURES)
        # Clocks and handovers hold one sentence each in this version.
        shares = ((self.requests, 118), (self.rota, 144), (self.clocks, 72), (self.visits, 68), (self.handovers, 68))
        for card, stretch in shares:
            right.addWidget(card, stretch)
        self._listed = [card for card, _ in shares]
        self._look.changed.connect(self._keep_rows)
        self._keep_rows()
        right.addWidget(self.counts)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP, GAP - 2, GAP, GAP)
        outer.setSpacing(GAP)
        outer.addWidget(self.status)
        outer.addWidget(self._area, 1)
        outer.addWidget(self.notice)
        self._grid_of = grid = QGridLayout(self._area)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        grid.addLayout(left, 1, 0)
        grid.addLayout(right, 1, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 892)
        grid.setColumnStretch(1, 450)
