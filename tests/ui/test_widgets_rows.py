"""Lists: only what changed is told to Qt, the current row stays, every row is read out and usable by keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.people import Rank
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.faces import ChipRow, Face, Kept, Mark
from ui.desktop.widgets.keyed_model import KeyedModel
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Ground, Line, Row, heading, pair, quiet

LONG = "Police control room, incident log 1187 of 01/12/26, both car parks at the reservoir are being checked now"


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """Return the light look."""
    return apply(qapp, choose(dark=False, high_contrast=False))


def row(key: str, text: str = "") -> Row:
    """Return a simple row."""
    return quiet(key, text or key)


KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@settings(max_examples=150)
@given(KEYS, KEYS, st.sets(st.sampled_from("abcdefgh")))
def test_a_model_follows_any_change_and_rows_keep_their_place(first: list[str], then: list[str], new: set[str]) -> None:
    model = KeyedModel()
    model.show([row(key) for key in first])
    held = {key: QPersistentModelIndex(model.index_of(key)) for key in first}
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    wanted = [row(key, f"{key} changed" if key in new else "") for key in then]

    model.show(wanted)

    assert list(model.rows) == wanted
    assert resets == []
    for key, index in held.items():
        assert index.isValid() is (key in then)
        if key in then:
            assert index.row() == then.index(key)


@pytest.mark.parametrize("chosen", range(4))
def test_a_list_that_is_shown_anew_because_its_current_row_went_ends_as_shown_last(
    qtbot: QtBot, look: Look, chosen: int
) -> None:
    view = RowView(look, "Signals")
    qtbot.addWidget(view)
    view.show_rows([row(key) for key in "abcd"])
    view.show()
    view.choose("abcd"[chosen])
    counted: list[int] = []
    view.model().rowsRemoved.connect(lambda *_: counted.append(1))
    view.current_key_changed.connect(lambda _: view.show_rows([row("e")]))
    view.show_rows([row("e")])

    assert [one.key for one in view.rows] == ["e"]
    assert len(counted) == 4, "every removal that began has ended"
    view.show_rows([])
    assert view.rows == ()


def test_an_unchanged_list_tells_nothing() -> None:
    model = KeyedModel()
    model.show([row("a"), row("b")])
    told: list[int] = []
    model.dataChanged.connect(lambda top, _bottom: told.append(top.row()))

    model.show([row("a"), row("b")])
    model.show([row("a"), row("b", "other")])

    assert told == [1]


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> RowView:
    """Return a list with a heading, a request with a button, and a long text."""
    made = RowView(look, "Help asked for")
    qtbot.addWidget(made)
    button = Cell(right=0, button="Send now", act="send")
    made.show_rows(
        (
            heading("h", "Open"),
            Row("r", (Line((Cell(text="Police"), button), 28),), "Police, not sent", acts=("open",)),
            Row("w", (Line((Cell(text=LONG, wrap=True),), 22),), LONG),
            pair("p", "Kind", "Mobile"),
        )
    )
    made.resize(300, 300)
    made.show()
    return made


def test_each_row_is_read_out_whole(view: RowView) -> None:
    model = view.model()

    assert view.accessibleName() == "Help asked for"
    assert model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole) == "Police, not sent"


def test_a_place_wraps_and_is_never_cut(view: RowView) -> None:
    single = view.sizeHintForIndex(view.model().index(0, 0)).height()

    assert view.sizeHintForIndex(view.model().index(2, 0)).height() > single * 1.5


def test_enter_does_the_first_act_and_letters_do_nothing(qtbot: QtBot, view: RowView) -> None:
    heard: list[tuple[str, str]] = []
    view.acted.connect(lambda key, act: heard.append((key, act)))
    view.choose("r")
    QTest.keyClick(view, Qt.Key.Key_W)
    assert view.current_key() == "r"
    QTest.keyClick(view, Qt.Key.Key_Return)

    assert heard == [("r", "open")]


def test_a_click_on_a_drawn_button_is_its_act_and_beside_it_nothing(qtbot: QtBot, view: RowView) -> None:
    heard: list[tuple[str, str]] = []
    view.acted.connect(lambda key, act: heard.append((key, act)))
    place = view.visualRect(view.model().index(1, 0))
    port = view.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 20, place.center().y()))
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(place.right() - 20, place.center().y()))

    assert heard == [("r", "send")]


def test_a_click_is_for_the_row_it_was_pressed_on_though_another_comes_before_it(qtbot: QtBot, view: RowView) -> None:
    heard: list[tuple[str, str]] = []
    view.acted.connect(lambda key, act: heard.append((key, act)))
    police = view.rows[1]
    place = view.visualRect(view.model().index(1, 0))
    button = QPoint(place.right() - 20, place.center().y())
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=button)
    view.show_rows([view.rows[0], replace(police, key="fire"), *view.rows[1:]])
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=button)

    assert heard == [("r", "send")]


def test_a_click_does_nothing_where_its_row_has_gone_or_the_mouse_was_drawn_away(qtbot: QtBot, view: RowView) -> None:
    heard: list[tuple[str, str]] = []
    view.acted.connect(lambda key, act: heard.append((key, act)))
    port, left, police = view.viewport(), Qt.MouseButton.LeftButton, view.rows[1]
    place = view.visualRect(view.model().index(1, 0))
    button, beside = QPoint(place.right() - 20, place.center().y()), QPoint(place.left() + 20, place.center().y())
    for pressed, released in ((button, beside), (beside, button)):
        QTest.mousePress(port, left, pos=pressed)
        QTest.mouseRelease(port, left, pos=released)
    QTest.mousePress(port, left, pos=button)
    view.show_rows([view.rows[0], replace(police, key="fire"), *view.rows[2:]])
    QTest.mouseRelease(port, left, pos=button)

    assert heard == []


def test_the_current_row_stays_with_its_key_when_others_come(view: RowView) -> None:
    view.choose("p")
    view.show_rows((row("new"), *view.rows))

    assert view.current_key() == "p"


def test_every_kind_of_cell_is_painted(qtbot: QtBot, look: Look) -> None:
    view = RowView(look, "All")
    qtbot.addWidget(view)
    cells = (
        Cell(rank=Rank.DAY),
        Cell(left=30, rank=Rank.NOW, stale=True),
        Cell(left=60, chip=ChipRow("Not sent", mark=Mark.CLOCK)),
        Cell(left=160, kept=Kept.SHARED),
        Cell(left=260, steps=(3, 6)),
        Cell(left=430, key="F4"),
        Cell(left=470, tick=True),
        Cell(left=500, text="Lena", more=", wife", mark=Mark.TICK),
    )
    chips = tuple(Cell(left=at * 90, chip=ChipRow(face.value, face, rank=Rank.HOUR)) for at, face in enumerate(Face))
    grounds = [Row(ground.value, (Line(cells, 30),), "all", ground) for ground in Ground]
    view.show_rows([*grounds, Row("chips", (Line(chips, 30),), "chips")])
    view.resize(700, 260)
    blank = RowView(look, "None")
    qtbot.addWidget(blank)
    blank.resize(700, 260)

    assert view.grab().toImage() != blank.grab().toImage()
