"""A pair of hands at a window: presses its keys, types into its fields, fills its forms.

What a person could do and nothing else: keys go to widgets as key events, acts go through the
window's own shortcuts, lists and buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from ui.desktop.demo.cannot import CannotPlay as CannotPlay
from ui.desktop.dialogs.form_panel import FormPanel
from ui.desktop.forms.fields import FieldBox
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.ticks import TickBox

W = TypeVar("W", bound=QWidget)
Until = Callable[[], bool]
Doing = Iterator[Until]
"""An act under way: it yields what it waits for, and is taken up again when that is so."""


AT_ONCE = 6
"""Keys typed in one turn where nobody watches."""


class KeyedView(Protocol):
    """A screen with its keys."""

    @property
    def shortcuts(self) -> tuple[QShortcut, ...]:
        """Return the keys that work on it."""


def now() -> bool:
    """Wait for the next turn only."""
    return True


def visible(root: QWidget, kind: type[W]) -> list[W]:
    """Return the widgets of ``kind`` that are shown inside ``root``."""
    return [one for one in root.findChildren(kind) if one.isVisibleTo(root)]


def press(view: QWidget, act: Act) -> None:
    """Press the key of ``act``."""
    shortcuts: tuple[QShortcut, ...] = getattr(view, "shortcuts", ())
    found = next((one for one in shortcuts if one.objectName() == act.value), None)
    if found is None:
        raise CannotPlay(f"this screen has no key for {act.value}")
    found.activated.emit()


def key(widget: QWidget, code: Qt.Key, text: str = "") -> None:
    """Press and release one key in ``widget``."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text))


def type_text(widget: QWidget, text: str, pace: Callable[[], Until] | None = None) -> Doing:
    """Type ``text`` key by key; ``pace`` gives the pause after each key."""
    for at, char in enumerate(text):
        key(widget, Qt.Key(ord(char.upper())) if char.isascii() and char.isalnum() else Qt.Key.Key_unknown, char)
        if pace is not None:
            yield pace()
        elif at % AT_ONCE == AT_ONCE - 1:
            yield now
    yield now


def choose_label(box: ChoiceBox, label: str) -> None:
    """Pick the entry that reads ``label``."""
    _pick(box, next((at for at in range(box.count()) if box.itemText(at).casefold() == label.casefold()), -1), label)


def choose_key(box: ChoiceBox, wanted: str, choices: tuple[str, ...]) -> None:
    """Pick the entry with the key ``wanted`` of ``choices``, or that reads so."""
    if wanted in choices:
        _pick(box, choices.index(wanted), wanted)
    else:
        choose_label(box, wanted)


def _pick(box: ChoiceBox, at: int, wanted: str) -> None:
    if at < 0:
        raise CannotPlay(f"{box.accessibleName()} offers no “{wanted}”")
    if not box.isEnabled():
        raise CannotPlay(f"{box.accessibleName()} cannot be chosen now")
    box.setCurrentIndex(at)
    box.activated.emit(at)


def box_named(root: QWidget, name: str) -> ChoiceBox:
    """Return the list called ``name``."""
    found = next((one for one in visible(root, ChoiceBox) if one.accessibleName() == name), None)
    if found is None:
        raise CannotPlay(f"no list called {name} is shown")
    return found


# --- forms ---------------------------------------------------------------------------------------


def open_panel(root: QWidget) -> FormPanel | None:
    """Return the form that is open in ``root``."""
    return next(iter(visible(root, FormPanel)), None)


def write(view: QWidget, form: str, values: Mapping[str, str]) -> Doing:
    """Write into the fields of the form ``form``, which is opening."""
    yield lambda: _ready(view, form)
    for name, value in values.items():
        box = _field(_panel(view, form), name)
        if box is None:
            raise CannotPlay(f"the form {form} has no field {name}")
        yield now
        yield from _enter(box, value)


def fill(view: QWidget, form: str, values: Mapping[str, str]) -> Doing:
    """Fill the form ``form`` and send it with the window's own key; wait until it is gone."""
    yield from write(view, form, values)
    press(view, Act.FINISH)
    yield lambda: not _ready(view, form) or bool(_panel(view, form).form.error)
    panel_left = open_panel(view)
    if panel_left is not None and panel_left.form.key == form and panel_left.form.error:
        raise CannotPlay(panel_left.form.error)


def _ready(view: QWidget, form: str) -> bool:
    panel = open_panel(view)
    return panel is not None and panel.form.key == form and bool(panel.form.sections)


def _panel(view: QWidget, form: str) -> FormPanel:
    panel = open_panel(view)
    if panel is None or panel.form.key != form:
        raise CannotPlay(f"the form {form} is not open")
    return panel


def _field(panel: FormPanel, name: str) -> FieldBox | None:
    for at, section in enumerate(panel.form.sections):
        if any(field.key == name for field in section.fields):
            if len(panel.form.sections) > 1:
                panel.box.show_section(at)
            return next((one for one in panel.box.findChildren(FieldBox) if one.row.key == name), None)
    return None


def _enter(box: FieldBox, value: str) -> Doing:
    control = box.control
    if isinstance(control, ChoiceBox):
        choose_key(control, value, tuple(choice.key for choice in box.row.choices))
    elif isinstance(control, TickBox):
        if control.isChecked() != (value == "yes"):
            control.click()
    elif isinstance(control, QLineEdit | QPlainTextEdit):
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        control.selectAll()
        yield from type_text(control, value)
    else:
        raise CannotPlay(f"the field {box.row.label} cannot be written")
    yield now
