"""Any form of data is drawn, filled by keys alone, and gives back what was written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.domain.forms.registry import FORMS
from console.domain.forms.spec import FormSpec
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.fields import FieldBox
from ui.desktop.forms.from_spec import SECTION_SIZE, record_form
from ui.desktop.forms.long_fields import LongField
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.forms.view import FormBox
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.faces import Choice

CHOICES = (Choice("yes", "Yes"), Choice("no", "No"), Choice("unknown", "Not known"))
EVERY_KIND = tuple(FieldRow(kind.value, f"The {kind.value}", kind, choices=CHOICES) for kind in Kind)
EACH_TYPE = pytest.mark.parametrize("spec", FORMS, ids=lambda spec: spec.key)


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """Return the light look."""
    return apply(qapp, choose(dark=False, high_contrast=False))


@pytest.fixture
def box(qtbot: QtBot, look: Look) -> FormBox:
    """Return an empty form, shown."""
    made = FormBox(look)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def field_box(box: FormBox, key: str) -> FieldBox:
    """Return the box of field ``key``."""
    return next(one for one in box.findChildren(FieldBox) if one.row.key == key and one.isVisible())


@EACH_TYPE
def test_every_contact_type_is_drawn_with_all_its_fields(box: FormBox, spec: FormSpec) -> None:
    form = record_form(spec, {})
    box.show_form(form)
    seen = set()
    for at in range(len(form.sections)):
        box.show_section(at)
        seen |= {one.row.key for one in box.findChildren(FieldBox) if one.isVisible()}

    assert seen == {field.key for field in spec.fields}
    assert all(0 < len(section.fields) <= SECTION_SIZE for section in form.sections)
    assert len({section.heading for section in form.sections}) == len(form.sections)


@EACH_TYPE
def test_every_contact_type_gives_its_values_back(box: FormBox, spec: FormSpec) -> None:
    given = {field.key: (field.options[0].key if field.options else f"value of {field.key}") for field in spec.fields}
    box.show_form(record_form(spec, given))

    assert dict(box.values()) == given


@EACH_TYPE
def test_every_field_of_every_type_is_reached_by_tab(box: FormBox, spec: FormSpec) -> None:
    form = record_form(spec, {})
    box.show_form(form)
    for at, section in enumerate(form.sections):
        box.show_section(at)
        wanted = {field_box(box, field.key).control for field in section.fields}
        reached: list[QWidget] = []
        for _ in section.fields:
            focused = QApplication.focusWidget()
            assert focused is not None
            reached.append(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert wanted <= set(reached), section.heading


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_every_kind_of_field_tells_what_the_user_did(qtbot: QtBot, box: FormBox) -> None:
    box.show_form(FormRow("all", "All", (SectionRow("", EVERY_KIND),)))
    told: dict[str, str] = {}
    box.changed.connect(lambda _subject, key, value: told.__setitem__(key, value))
    QTest.keyClicks(field_box(box, "line").control, "Lena")
    QTest.keyClicks(field_box(box, "long").control, "she said")
    field_box(box, "choice").control.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
    QTest.mouseClick(field_box(box, "tick").control, Qt.MouseButton.LeftButton)
    many = field_box(box, "ticks").control
    many.setFocus()
    QTest.keyClick(many, Qt.Key.Key_Space)
    QTest.keyClick(many, Qt.Key.Key_Down)
    QTest.keyClick(many, Qt.Key.Key_Down)
    QTest.keyClick(many, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "line" in told and "long" in told)

    assert told == {"line": "Lena", "long": "she said", "choice": "yes", "tick": "yes", "ticks": "yes,unknown"}


def test_what_is_typed_is_told_at_a_pause_and_not_only_on_leaving(qtbot: QtBot, box: FormBox) -> None:
    box.show_form(FormRow("one", "One", (SectionRow("", (FieldRow("summary", "In words", Kind.LONG),)),)))
    told: list[str] = []
    box.changed.connect(lambda _subject, _key, value: told.append(value))
    box.focus_first()
    QTest.keyClicks(field_box(box, "summary").control, "alone")

    qtbot.waitUntil(lambda: told == ["alone"])
    assert field_box(box, "summary").control.hasFocus()


def test_a_field_says_what_is_missing_wrong_or_standing_beside_it(box: FormBox) -> None:
    field = FieldRow("means", "Means at hand", needed=True, missing=True, help="Within reach now?")
    box.show_form(FormRow("one", "One", (SectionRow("", (field,)),)))
    described = field_box(box, "means").control.accessibleDescription()
    assert "to fill in" in described
    assert "Within reach now?" in described

    box.show_form(FormRow("one", "One", (SectionRow("", (replace(field, clash="Tom wrote: none"),)),)))
    assert "Tom wrote: none" in field_box(box, "means").control.accessibleDescription()


def test_the_list_of_parts_says_how_much_is_missing(box: FormBox) -> None:
    needed = FieldRow("a", "A", needed=True)
    box.show_form(FormRow("two", "Two", (SectionRow("First", (needed,)), SectionRow("Second", (FieldRow("b", "B"),)))))
    parts = [row.spoken for row in box._sections.rows]

    assert parts == ["First, 1 to fill in, shown", "Second, complete"]


def test_a_value_from_elsewhere_does_not_touch_a_field_in_use(box: FormBox) -> None:
    field = FieldRow("summary", "In words", Kind.LONG)
    box.show_form(FormRow("one", "One", (SectionRow("", (field,)),)))
    box.focus_first()
    control = field_box(box, "summary").control
    assert isinstance(control, LongField)
    QTest.keyClicks(control, "mine")
    box.show_form(FormRow("one", "One", (SectionRow("", (replace(field, value="theirs"),)),)))

    assert control.toPlainText() == "mine"


def sign_in_form(error: str = "") -> FormRow:
    """Return the form of the sign-in window."""
    fields = (FieldRow("worker", "Your name", value="Priya Raman"), FieldRow("extension", "Extension"))
    return FormRow("sign_in", "Sign in", (SectionRow("", fields),), send="Sign in", error=error)


def test_signing_in_needs_the_keyboard_only_and_a_refusal_keeps_what_was_typed(qtbot: QtBot, look: Look) -> None:
    sent: list[dict[str, str]] = []
    window = SignInWindow(look, sign_in_form(), lambda values: sent.append(dict(values)))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    first = QApplication.focusWidget()
    assert first is not None
    QTest.keyClick(first, Qt.Key.Key_Tab)
    second = QApplication.focusWidget()
    assert second is not None
    QTest.keyClicks(second, "1001")
    QTest.keyClick(second, Qt.Key.Key_Return)
    window.show_form(sign_in_form("Extension 1001 is in use by Tom Adeyemi. Nothing was changed."))
    window.send()

    assert sent == [{"worker": "Priya Raman", "extension": "1001"}] * 2


def test_a_paste_no_field_can_hold_is_refused_under_the_field(box: FormBox) -> None:
    box.show_form(FormRow("one", "One", (SectionRow("", (FieldRow("summary", "In words", Kind.LONG, "before"),)),)))
    field = field_box(box, "summary")
    assert isinstance(field.control, LongField)
    mime = QMimeData()
    mime.setText("x" * 19_999)
    field.control.insertFromMimeData(mime)

    assert field.value() == "before"
    assert any("20,005 characters" in label.text() for label in field.findChildren(QLabel) if label.isVisible())
