"""The handler's screen: rows never move, focus never moves, everything has a name, a key and a size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from console.domain.text import safe_line
from tests.helpers.handler_rows import STATES, choosing, many, no_call, paired, ringing, withheld
from tests.helpers.show_handler import SeenActs, make_view
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.forms.rows import FieldRow, FormRow, SectionRow
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen, key_of, shortcuts_of
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.fields import LineField


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> tuple[HandlerView, SeenActs]:
    """Return a shown view at 1366x690 with the paired rows, and what it asks for."""
    view, acts = make_view(qapp, paired())
    qtbot.addWidget(view)
    view.resize(1366, 690)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.notes.editor.hasFocus)
    return view, acts


def press(view: HandlerView, act: Act) -> None:
    """Make the shortcut of ``act`` fire as Qt does when its key comes."""
    made = [one for one in view.shortcuts if one.objectName() == act.value]
    assert made, act
    made[0].activated.emit()


def places(view: HandlerView) -> dict[str, QRect]:
    """Return where the fixed rows and panes are."""
    parts = {
        "status": view.status,
        "call": view.call,
        "slot": view.slot,
        "who": view.who,
        "signals": view.signals,
        "history": view.history,
        "notes": view.notes,
        "partner": view.partner,
        "help": view.help,
        "wrap_up": view.wrap_up,
    }
    return {name: QRect(part.mapTo(view, part.rect().topLeft()), part.size()) for name, part in parts.items()}


def shown_children(view: QWidget, kind: type[QWidget]) -> Iterator[QWidget]:
    """Yield the visible widgets of ``kind``."""
    return (child for child in view.findChildren(kind) if child.isVisible())


def test_no_row_moves_whatever_it_shows(shown: tuple[HandlerView, SeenActs], qapp: QApplication) -> None:
    view, _ = shown
    before = places(view)
    for name in STATES:
        view.show_rows(STATES[name])
        qapp.processEvents()
        now = places(view)
        if view.notice.isVisible():
            # A notice takes its room from what was before this call, and from nothing else.
            now["history"].setBottom(view.notice.mapTo(view, view.notice.rect().bottomLeft()).y())

        assert now == before


def test_no_state_takes_the_focus_from_the_note(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    for name in STATES:
        view.show_rows(STATES[name])

        assert view.notes.editor.hasFocus()
        assert QApplication.activeModalWidget() is None
        assert QApplication.activePopupWidget() is None


def test_every_state_fits_a_laptop_at_150_percent(qtbot: QtBot, qapp: QApplication) -> None:
    for name in STATES:
        view, _ = make_view(qapp, STATES[name])
        qtbot.addWidget(view)
        least = view.minimumSizeHint()

        assert least.width() <= 1280
        assert least.height() <= 640
        # Else what holds the screen gives it the height that it would like, and not the height there is.
        assert not view.hasHeightForWidth(), name


def test_what_screens_md_wants_is_seen_without_scrolling(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    request = view.help.list.rows[0]
    rows = [replace(request, key=f"r{at}") for at in range(4)]
    view.show_rows(replace(paired(), help=replace(paired().help, rows=tuple(rows))))
    view.grab()

    assert view.help.list.content_height() <= view.help.list.viewport().height()
    assert view.notes.editor.viewport().height() >= 8 * 22
    assert view.history.list.content_height() <= view.history.list.viewport().height()


def test_the_same_rows_again_repaint_nothing(shown: tuple[HandlerView, SeenActs], qapp: QApplication) -> None:
    view, _ = shown
    qapp.processEvents()
    first = view.grab().toImage()
    view.show_rows(paired())

    assert view.grab().toImage() == first


TYPED = "overdose 2145, 40 tabs, unknown drug, alone in the car, awake"


def test_61_keys_arrive_while_everything_changes(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.show_rows(replace(paired(), notes=replace(paired().notes, record="fresh", lines=())))
    busy = [replace(state, notes=replace(state.notes, record="fresh", lines=(), why="")) for state in STATES.values()]
    for at, char in enumerate(TYPED):
        QTest.keyClicks(view.notes.editor, char)
        view.show_rows(busy[at % len(busy)])

    assert len(TYPED) == 61
    assert view.notes.editor.toPlainText() == TYPED
    assert acts.named("note_changed")[-1][3] == TYPED
    assert acts.named("do") == []


# Accessibility lint (screens.md 3.5).


def test_everything_that_takes_keys_has_a_name(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    for name in STATES:
        view.show_rows(STATES[name])
        for widget in shown_children(view, QWidget):
            if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or isinstance(widget, QLabel):
                continue
            if widget.focusProxy() is not None or widget.objectName().startswith("qt_"):
                continue
            said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
            assert widget.accessibleName() or said, f"{type(widget).__name__} has no name"


def test_no_target_is_smaller_than_24_px(shown: tuple[HandlerView, SeenActs], qapp: QApplication) -> None:
    view, _ = shown
    for name in STATES:
        view.show_rows(STATES[name])
        qapp.processEvents()
        for kind in (QPushButton, QComboBox):
            for widget in shown_children(view, kind):
                assert widget.height() >= 24, f"{widget.accessibleName()} is {widget.height()} px high"
                assert widget.width() >= 24


def test_labels_keep_their_live_text(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    for name in STATES:
        view.show_rows(STATES[name])
        for label in shown_children(view, QLabel):
            assert label.accessibleName() == "", "a name would hide the live text"


def test_combo_names_are_not_their_values(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    for box in shown_children(view, QComboBox):
        assert isinstance(box, QComboBox)
        assert box.accessibleName()
        assert box.accessibleName() != box.currentText()
        assert box.accessibleName() in box.accessibleDescription()


def tab_stops(view: HandlerView) -> list[QWidget]:
    """Return the widgets Tab visits."""
    stops = []
    widget = view.nextInFocusChain()
    while widget is not None and widget is not view:
        takes = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        if takes and widget.isVisible() and widget.isEnabled():
            stops.append(widget)
        widget = widget.nextInFocusChain()
    return stops


def test_tab_stops_are_few_and_no_call_button_is_one(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    for name in STATES:
        view.show_rows(STATES[name])
        stops = tab_stops(view)

        assert 5 <= len(stops) <= 40
        call_buttons = [*view.call.findChildren(KeyButton), *view.slot.findChildren(KeyButton)]
        assert not set(stops) & set(call_buttons)


@pytest.mark.parametrize("act", [Act.RECORD, Act.KEYS, Act.FIND, Act.UNFINISHED, Act.CONFIRM])
def test_tab_stops_stay_few_with_a_panel_open(shown: tuple[HandlerView, SeenActs], act: Act) -> None:
    view, _ = shown
    press(view, act)

    assert 3 <= len(tab_stops(view)) <= 40
    assert view.notes.editor not in tab_stops(view)


# Keys.

DIRECT = (
    Act.ANSWER,
    Act.HOLD,
    Act.OFFER,
    Act.RING_BACK,
    Act.READY,
    Act.NEED_SECOND,
    Act.SWAP,
    Act.GET_POLICE,
    Act.GET_AMBULANCE,
    Act.MANAGER,
    Act.CALLER_GONE,
    Act.AT_RISK,
    Act.KEEP,
    Act.NO_CALL,
    Act.TAKE,
    Act.THEME,
    Act.GO_TO_CALL,
    Act.CALL_OUT,
    Act.TAKE_FIVE,
    Act.MISSED,
    Act.FINISH,
    Act.PLAN_AT_RISK,
    Act.PLAN_NOT_AT_RISK,
    Act.PLAN_NOT_ASKED,
)
FORMS = {
    Act.CONFIRM: "confirm",
    Act.NEW_PERSON: "new_person",
    Act.WRONG_PERSON: "wrong_person",
    Act.TRANSFER: "transfer",
    Act.ASK_HELP: "ask_help",
    Act.LOG_NEWS: "log_news",
    Act.RISK_NOW: "risk_now",
    Act.STAND_DOWN: "stand_down",
    Act.SIGN_OUT: "sign_out",
    Act.HAND_OVER: "hand_over",
    Act.FACT_SHEET: "fact_sheet",
    Act.HOOK: "hook",
    Act.RANG_BACK: "ring_back",
    Act.PLAN: "plan",
    Act.RECORD: "record",
}
OPENS = (Act.KEYS, Act.FIND, Act.RISKS, Act.UNFINISHED, Act.PERSON, Act.DIRECTORY, Act.NUMBER_RIGHT, Act.NUMBER_WRONG)
DISMISSES = (Act.DISMISS,)
GOES = (Act.NOTE, Act.PANE_1, Act.PANE_2, Act.PANE_3, Act.MESSAGE, Act.NEXT_PANE, Act.INSERT_TIME, Act.END)
PARTS = (Act.NEXT_PART, Act.PART_BEFORE)
"""Tried in ``test_parts_by_keys``."""


def test_every_key_of_the_screen_is_tried_below() -> None:
    tried = {*DIRECT, *FORMS, *OPENS, *GOES, *PARTS, *DISMISSES}
    candidates = {shortcut.act for shortcut in shortcuts_of(Screen.HANDLER) if shortcut.key.startswith("Alt+")}

    assert {shortcut.act for shortcut in shortcuts_of(Screen.HANDLER)} == tried | candidates


@pytest.mark.parametrize("act", DIRECT)
def test_a_key_does_its_act(shown: tuple[HandlerView, SeenActs], act: Act) -> None:
    view, acts = shown
    press(view, act)

    assert acts.named("do") == [("do", act.value)]


def test_a_key_dismisses_the_notice_and_moves_no_focus(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.show_rows(replace(STATES["handler"], notice="The telephones are back."))
    assert view.notice.button.face.key == "Ctrl+Shift+X"
    press(view, Act.DISMISS)

    assert acts.named("notice_read") == [("notice_read",)]
    assert view.notes.editor.hasFocus()


@pytest.mark.parametrize("act", list(FORMS))
def test_a_key_that_asks_first_opens_its_panel(shown: tuple[HandlerView, SeenActs], act: Act) -> None:
    view, acts = shown
    press(view, act)

    assert view.panels.any_open
    assert acts.named("form_opened") == [("form_opened", FORMS[act])]
    assert acts.named("do") == []


@pytest.mark.parametrize("act", [*OPENS, *FORMS])
def test_esc_leads_from_every_panel_back_to_the_note(shown: tuple[HandlerView, SeenActs], act: Act) -> None:
    view, _ = shown
    press(view, act)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Escape)

    assert view.notes.editor.hasFocus()
    assert not view.panels.any_open


def test_alt_and_a_digit_chooses_a_candidate(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.show_rows(many(9))
    press(view, Act.CANDIDATE_2)
    press(view, Act.CANDIDATE_9)

    assert acts.named("choose_candidate") == [("choose_candidate", "2"), ("choose_candidate", "9")]


def test_panes_are_reached_by_their_keys(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    found = []
    for act in (Act.PANE_1, Act.PANE_3, Act.MESSAGE, Act.PANE_2):
        press(view, act)
        found.append(QApplication.focusWidget())

    assert found == [view.history.list, view.help.list, view.help.message, view.notes.editor]


def test_f6_goes_round(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    seen = []
    for _ in range(5):
        press(view, Act.NEXT_PANE)
        seen.append(QApplication.focusWidget())

    assert len(set(seen)) == 5
    assert seen[-1] is view.notes.editor


def test_a_call_ends_only_by_a_second_press_within_two_seconds(
    qtbot: QtBot, shown: tuple[HandlerView, SeenActs]
) -> None:
    view, acts = shown
    press(view, Act.END)
    assert acts.named("do") == []
    armed = view.call.buttons.button_of(Act.END)
    assert armed is not None
    assert armed.face.text == "Again to end"
    qtbot.waitUntil(lambda: armed.face.text == "End call")
    press(view, Act.END)
    press(view, Act.END)

    assert acts.named("do") == [("do", "end")]


def test_the_time_goes_into_the_note(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    press(view, Act.INSERT_TIME)

    assert view.notes.editor.toPlainText().endswith("22:17 ")


@pytest.mark.parametrize("act", [Act.CONFIRM, Act.UNFINISHED, Act.NEW_PERSON, Act.RECORD])
def test_our_keys_work_while_typing(qtbot: QtBot, shown: tuple[HandlerView, SeenActs], act: Act) -> None:
    view, _ = shown
    key = getattr(Qt.Key, f"Key_{key_of(act).rsplit('+', 1)[1]}")
    QTest.keyClick(view.notes.editor, key, Qt.KeyboardModifier.ControlModifier)

    assert view.panels.any_open


def test_f4_and_f9_are_not_eaten_by_a_list(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    box = next(shown_children(view, QComboBox))
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_F9)
    QTest.keyClick(box, Qt.Key.Key_F4)

    assert acts.named("do") == [("do", "answer")]
    assert view.panels.any_open


# What the user does with the mouse and in fields.


def test_a_button_does_what_its_key_does_and_leaves_the_focus(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    for act in (Act.ANSWER, Act.GET_POLICE, Act.AT_RISK):
        holder = {Act.ANSWER: view.slot.buttons, Act.GET_POLICE: view.signals.buttons}.get(act, view.signals.risk)
        button = holder.button_of(act)
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert acts.named("do") == [("do", "answer"), ("do", "get_police"), ("do", "at_risk")]
    assert view.notes.editor.hasFocus()


def test_one_line_goes_to_the_partner_and_the_field_is_empty(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    press(view, Act.MESSAGE)
    QTest.keyClicks(view.help.message, "wife not told")
    QTest.keyClick(view.help.message, Qt.Key.Key_Return)

    assert acts.named("message") == [("message", "wife not told")]
    assert view.help.message.text() == ""


def test_prompts_are_ticked_off_and_the_next_one_comes(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    box = next(b for b in shown_children(view.notes.prompts, QWidget) if b.accessibleName() == "Which drug")
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)

    assert acts.named("prompt_toggled") == [("prompt_toggled", paired().notes.record, "drug", "True")]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_fields_tell_field_and_key(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    box = next(b for b in shown_children(view, QComboBox) if b.accessibleName() == "How urgent")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)

    assert acts.named("field_changed") == [("field_changed", paired().notes.record, "priority", "p2_harm_tonight")]


def test_the_record_panel_reaches_every_field_of_the_type(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    press(view, Act.RECORD)
    record = paired().record
    assert record is not None
    form = next(panel for panel in view.findChildren(QWidget) if panel.accessibleName() == record.title)
    box = form.box  # type: ignore[attr-defined]  # FormPanel's own part
    for at in range(len(record.sections)):
        box.show_section(at)

    assert set(box.values()) == {field.key for field in record.fields()}
    box.show_section(0)
    assert acts.named("form_sent") == []


def test_a_search_is_asked_for_and_nothing_is_chosen_by_itself(
    qtbot: QtBot, shown: tuple[HandlerView, SeenActs]
) -> None:
    view, acts = shown
    press(view, Act.FIND)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "fenn")
    assert acts.named("find_typed")[-1] == ("find_typed", "fenn")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert acts.named("find") == [("find", "fenn")]
    assert acts.named("choose_found") == []
    QTest.keyClick(field, Qt.Key.Key_Down)
    found = QApplication.focusWidget()
    assert found is not None
    QTest.keyClick(found, Qt.Key.Key_Return)

    assert acts.seen[-2:] == [("choose_found", "f1"), ("find_closed",)]
    assert view.notes.editor.hasFocus()


NEW_PERSON = FormRow(
    "new_person",
    "New person",
    (SectionRow("", (FieldRow("family", "Family name", needed=True), FieldRow("given", "Given name"))),),
    send="Add person",
)


def with_new_person(error: str = "") -> HandlerRows:
    """Return the screen with the form for a new person."""
    return replace(paired(), forms=(replace(NEW_PERSON, error=error),))


def typed_in(view: HandlerView, text: str) -> None:
    """Type into whatever has the focus."""
    field = QApplication.focusWidget()
    assert field is not None
    assert view.isAncestorOf(field)
    QTest.keyClicks(field, text)


def test_a_form_put_away_by_esc_or_f2_keeps_what_was_written(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.show_rows(with_new_person())
    press(view, Act.NEW_PERSON)
    typed_in(view, "Okoro")
    press(view, Act.NOTE)
    assert view.notes.editor.hasFocus()
    press(view, Act.NEW_PERSON)
    press(view, Act.FINISH)

    assert acts.named("form_sent") == [("form_sent", "new_person", "[('family', 'Okoro'), ('given', '')]")]


def test_a_refused_form_says_why_and_keeps_what_was_written(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    view.show_rows(with_new_person())
    press(view, Act.NEW_PERSON)
    typed_in(view, "Okoro")
    view.show_rows(with_new_person("The shared database does not answer. Nothing was lost. Send it again later."))
    field = QApplication.focusWidget()

    assert isinstance(field, LineField)
    assert field.text() == "Okoro"
    labels = [label for label in shown_children(view, QLabel) if isinstance(label, QLabel)]
    assert any(label.text().startswith("The shared database") for label in labels)


def test_a_form_that_is_done_begins_empty_next_time(shown: tuple[HandlerView, SeenActs]) -> None:
    view, acts = shown
    view.show_rows(with_new_person())
    press(view, Act.NEW_PERSON)
    typed_in(view, "Okoro")
    press(view, Act.FINISH)
    view.panels.close()
    press(view, Act.NEW_PERSON)
    press(view, Act.FINISH)

    assert acts.named("form_sent")[-1][2] == "[('family', ''), ('given', '')]"


def test_a_form_that_is_done_is_not_sent_once_more_by_a_press_that_comes_late(
    shown: tuple[HandlerView, SeenActs],
) -> None:
    view, acts = shown
    view.show_rows(with_new_person())
    press(view, Act.NEW_PERSON)
    (panel,) = [one for one in shown_children(view, FormPanel) if isinstance(one, FormPanel)]
    view.panels.close()
    panel.sent.emit("new_person")

    assert acts.named("form_sent") == []


def test_fields_that_come_after_the_panel_opened_get_the_focus(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    press(view, Act.NEW_PERSON)
    view.show_rows(with_new_person())

    assert isinstance(QApplication.focusWidget(), LineField)


def test_a_call_that_rings_closes_and_opens_nothing(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    press(view, Act.FIND)
    field = QApplication.focusWidget()
    view.show_rows(ringing())

    assert QApplication.focusWidget() is field
    assert view.panels.any_open


# States in words.


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (withheld(), "Number withheld"),
        (ringing(), "RINGING"),
        (no_call(), "READY"),
        (choosing(), "Not confirmed"),
        (many(12), "and 3 more: Find F3"),
        (paired(), "as at 14 months ago: ask where they are now"),
    ],
    ids=["withheld", "ringing", "ready", "candidates", "many", "old address"],
)
def test_a_state_is_said_in_words(shown: tuple[HandlerView, SeenActs], rows: HandlerRows, words: str) -> None:
    view, _ = shown
    view.show_rows(rows)

    assert words in {label.text() for label in shown_children(view, QLabel) if isinstance(label, QLabel)}


def test_nobody_is_chosen_when_two_match(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    view.show_rows(choosing())
    confirm = view.who.candidates.buttons.button_of(Act.CONFIRM)

    assert confirm is not None
    assert not confirm.isEnabled()


HOSTILE = safe_line("<b>Anne</b><img src='file:///etc/passwd'>\u202eabc")


def test_markup_in_a_callers_name_is_drawn_as_text(shown: tuple[HandlerView, SeenActs]) -> None:
    view, _ = shown
    rows = paired()
    hostile = replace(rows, call=replace(rows.call, number=HOSTILE), partner=replace(rows.partner, line=HOSTILE))
    view.show_rows(hostile)
    view.grab()
    labels = [label for label in shown_children(view, QLabel) if isinstance(label, QLabel)]

    assert sum(label.text() == HOSTILE for label in labels) == 2
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert not any(isinstance(label, Chip) and label.text() == HOSTILE for label in labels)
