"""The directory, a person's sheet and long lists in real windows, by keyboard alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.coordinator_rows import desk_without_a_pair
from tests.helpers.family_rows import AGENCIES, people, with_family
from tests.helpers.handler_rows import STATES, one_died
from tests.helpers.show_handler import SeenActs
from tests.helpers.three_screens import DeafActs, overlaps
from ui.desktop.dialogs.directory_panel import DirectoryPanel
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.candidates import CandidateCard
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.choice import KEPT_CLEAR, ChoiceBox
from ui.desktop.widgets.faces import Choice


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> tuple[HandlerView, SeenActs]:
    """The handler's screen with a family on it."""
    acts = SeenActs()
    view = HandlerView(apply(qapp, choose(dark=False)), acts)
    qtbot.addWidget(view)
    view.resize(1280, 640)
    view.show_rows(with_family())
    view.show()
    qtbot.waitExposed(view)
    view.notes.editor.setFocus()
    return view, acts


def press(keys: str, *, times: int = 1) -> None:
    """Press keys where the focus is."""
    for _ in range(times):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keySequence(focused, keys)


def panel(view: QWidget) -> DirectoryPanel:
    """Return the directory that is open."""
    (found,) = [one for one in view.findChildren(DirectoryPanel) if one.isVisible()]
    return found


def test_ctrl_b_a_few_letters_down_and_enter_ring(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    press(key_of(Act.DIRECTORY))
    focused = QApplication.focusWidget()
    assert focused is panel(view).field
    QTest.keyClicks(focused, "crisis")
    assert [row.key for row in panel(view).list.rows] == [str(AGENCIES[0].id)]
    press("Down")
    press("Return")
    assert acts.named("ring_row") == [("ring_row", str(AGENCIES[0].id))]
    press("Esc")
    assert view.notes.editor.hasFocus()


def test_letters_that_nobody_has_say_so_and_taking_them_out_brings_all_back(
    shown: tuple[HandlerView, SeenActs],
) -> None:
    view, _ = shown
    press(key_of(Act.DIRECTORY))
    every = len(panel(view).list.rows)
    QTest.keyClicks(panel(view).field, "zzz")
    assert [row.key for row in panel(view).list.rows] == ["none"]
    press("Backspace", times=3)
    assert len(panel(view).list.rows) == every


@pytest.mark.parametrize(("act", "how"), [(Act.NUMBER_RIGHT, "right"), (Act.NUMBER_WRONG, "wrong")])
def test_one_key_says_how_an_agencys_number_was(shown: tuple[HandlerView, SeenActs], act: Act, how: str) -> None:
    view, acts = shown
    press(key_of(act))
    assert panel(view).isVisible(), "elsewhere the key opens the directory"
    assert acts.named("mark_number") == []
    QTest.keyClicks(panel(view).field, "crisis")
    press("Tab")
    QTest.keyClicks(panel(view).note, "rings out")
    press("Shift+Tab")
    press("Down")
    press(key_of(act))
    assert acts.named("mark_number") == [("mark_number", str(AGENCIES[0].id), how, "rings out")]
    assert panel(view).note.text() == ""


def test_down_goes_on_from_the_word_and_the_sentence_goes_once_it_worked(
    shown: tuple[HandlerView, SeenActs],
) -> None:
    view, acts = shown
    press(key_of(Act.DIRECTORY))
    usual = panel(view)._hint.text()  # noqa: SLF001  what is said
    QTest.keyClicks(panel(view).field, "crisis")
    press("Tab")
    QTest.keyClicks(panel(view).note, "rings out")
    panel(view).list.choose("")
    press(key_of(Act.NUMBER_WRONG))
    assert "Choose an agency first" in panel(view)._hint.text()  # noqa: SLF001
    press("Down")
    assert panel(view).list.hasFocus()
    press(key_of(Act.NUMBER_WRONG))
    assert acts.named("mark_number") == [("mark_number", str(AGENCIES[0].id), "wrong", "rings out")]
    assert panel(view)._hint.text() == usual  # noqa: SLF001


def test_down_from_the_word_keeps_the_row_that_was_chosen(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    press(key_of(Act.DIRECTORY))
    press("Down", times=3)
    chosen = panel(view).list.current_key()
    panel(view).note.setFocus()
    press("Down")
    assert panel(view).list.current_key() == chosen


def test_somebody_of_the_rota_has_no_number_to_mark(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    press(key_of(Act.DIRECTORY))
    QTest.keyClicks(panel(view).field, "dilip")
    press("Down")
    press(key_of(Act.NUMBER_RIGHT))
    assert acts.named("mark_number") == []


def test_a_relative_is_reached_and_opened_by_keys(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    press(key_of(Act.PANE_1))
    for _ in range(len(view.history.list.rows)):
        if view.history.list.current_key().startswith("r "):
            break
        press("Down")
    press("Return")
    assert [name for name, _ in acts.named("open_relative")] == ["open_relative"]
    assert view.panels.any_open
    press("Esc")
    assert acts.named("sheet_closed")
    assert view.history.list.hasFocus()


def test_the_persons_sheet_opens_and_its_relatives_from_it(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    press(key_of(Act.PERSON))
    (sheet,) = [one for one in view.findChildren(QWidget) if one.accessibleName() == "Person" and one.isVisible()][:1]
    assert sheet.isVisible()
    focused = QApplication.focusWidget()
    assert focused is not None
    for _ in range(40):
        press("Down")
    press("Up")
    assert acts.named("open_relative") == []


def test_no_words_of_a_family_and_a_directory_run_into_each_other(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    look = view._look  # noqa: SLF001  the look of the screen itself
    wide = view.history.list.viewport().width()
    for row in view.history.list.rows:
        assert list(overlaps(look, row, wide)) == []
    for rows, width in ((people().rows, 560), (with_family().sheet.rows, 560)):
        for row in rows:
            assert list(overlaps(look, row, width)) == [], row.spoken


def test_without_a_pair_f1_opens_where_it_is_seen(qtbot: QtBot, qapp: QApplication) -> None:
    view = CoordinatorView(apply(qapp, choose(dark=False)), DeafActs())
    qtbot.addWidget(view)
    view.resize(1280, 640)
    view.show_rows(replace(desk_without_a_pair(), people=people()))
    view.show()
    view.activateWindow()
    with qtbot.waitActive(view):
        pass
    view.desk.views[0].setFocus()
    press(key_of(Act.KEYS))
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()
    assert view.desk.isAncestorOf(focused)
    press(key_of(Act.DIRECTORY))
    assert panel(view).rect().height() > 300
    press("Esc")
    assert view.desk.views[0].hasFocus()


# --- small complaints -------------------------------------------------------------------------


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_long_list_never_covers_who_it_is_about(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    many = tuple(Choice(str(n), f"Choice {n}") for n in range(40))
    (card,) = [one for one in view.findChildren(QWidget, KEPT_CLEAR) if one.isVisible()]
    below = card.mapToGlobal(card.rect().bottomLeft()).y()
    boxes = [one for one in view.findChildren(ChoiceBox) if one.isVisible()]
    assert len(boxes) >= 6
    for box in boxes:
        box.show_choices(many, "20")
        box.setFocus()
        box.showPopup()
        opened = box.view().window()
        assert opened.isVisible()
        assert opened.geometry().top() > below, box.accessibleName()
        assert opened.geometry().height() > 60
        at = box.view().visualRect(box.view().currentIndex())
        assert box.view().viewport().rect().intersects(at), "what is chosen is in sight"
        box.hidePopup()


@pytest.mark.parametrize("width", [120, 150, 190, 240])
def test_on_the_narrowest_card_of_somebody_dead_name_and_word_both_show(
    qtbot: QtBot, qapp: QApplication, width: int
) -> None:
    look = apply(qapp, choose(dark=False))
    card = CandidateCard(look)
    qtbot.addWidget(card)
    rows = one_died(9).who
    dead = next(one for one in getattr(rows, "cards", ()) if one.died)
    card.show_row(replace(dead, name="FEATHERSTONEHAUGH, Constance"))
    card.resize(width, 28)
    spans = card._of_the_dead(width - look.px(70), full=False)  # noqa: SLF001  what is painted
    assert spans[1].text.startswith("Died")
    if width >= 150:
        assert spans[0].text.startswith("FE")


def test_a_marker_comes_first_on_a_card_that_has_no_room_for_both(qtbot: QtBot, qapp: QApplication) -> None:
    look = apply(qapp, choose(dark=False))
    card = CandidateCard(look)
    qtbot.addWidget(card)
    rows = STATES["three"].who
    marked = next(one for one in getattr(rows, "cards", ()) if one.marker)
    card.show_row(marked)
    for width, first in ((380, "Possible: "), (1200, marked.reason)):
        card.resize(width, 64)
        assert card._reason()[0].text == first  # noqa: SLF001  what is painted


def test_keys_of_the_panels_are_on_the_key_sheet() -> None:
    drawn = {key_of(act) for act in (Act.DIRECTORY, Act.NUMBER_RIGHT, Act.NUMBER_WRONG, Act.PERSON, Act.DISMISS)}
    assert drawn == {"Ctrl+B", "F5", "Ctrl+F5", "Ctrl+I", "Ctrl+Shift+X"}
