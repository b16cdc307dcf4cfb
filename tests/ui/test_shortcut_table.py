"""The table of keys: nothing AltGr can type, nothing a letter can press, one meaning for everybody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from ui.desktop.dialogs.key_sheet import sheet_rows
from ui.desktop.shortcuts import CANDIDATES, IN_A_PANEL, REPLIES, SHORTCUTS, Act, Screen, Shortcut, key_of, shortcuts_of

EACH = pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: shortcut.key)
FUNCTION_KEYS = range(Qt.Key.Key_F1.value, Qt.Key.Key_F35.value + 1)


def _code(key: str) -> int:
    held = {"Ctrl": Qt.Modifier.CTRL, "Shift": Qt.Modifier.SHIFT, "Alt": Qt.Modifier.ALT}
    *modifiers, last = key.split("+")
    assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key, "Qt reads it as another key"
    names = {"1234567890"[n]: Qt.Key(Qt.Key.Key_0.value + (n + 1) % 10) for n in range(10)}
    names |= {"PgDown": Qt.Key.Key_PageDown, "PgUp": Qt.Key.Key_PageUp}
    plain = names.get(last) or getattr(Qt.Key, f"Key_{last}")
    return int(plain.value) | sum(held[name].value for name in modifiers)


@EACH
def test_no_key_can_be_typed_by_accident(shortcut: Shortcut) -> None:
    combination = QKeyCombination.fromCombined(_code(shortcut.key))
    held = combination.keyboardModifiers()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier

    assert held & both != both, "AltGr is Ctrl+Alt"
    assert combination.key() not in (Qt.Key.Key_F10, Qt.Key.Key_Insert, Qt.Key.Key_CapsLock)
    if combination.key().value not in FUNCTION_KEYS:
        assert held & both, "a letter alone"


def test_a_key_means_one_thing_everywhere() -> None:
    assert len({shortcut.key for shortcut in SHORTCUTS}) == len(SHORTCUTS)
    acts = {shortcut.act for shortcut in SHORTCUTS}
    assert acts | set(IN_A_PANEL) == set(Act)
    assert acts.isdisjoint(IN_A_PANEL)
    assert acts.issuperset(IN_A_PANEL.values())


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (Act.ANSWER, "F9"),
        (Act.NEED_SECOND, "F7"),
        (Act.AT_RISK, "Shift+F8"),
        (Act.END, "Ctrl+F12"),
        (Act.TRANSFER, "Ctrl+Shift+T"),
        (Act.FINISH, "Ctrl+Enter"),
        (Act.SWAP, "Ctrl+F7"),
        (Act.CONFIRM, "Ctrl+K"),
    ],
)
def test_the_keys_are_those_of_the_reference(act: Act, key: str) -> None:
    assert key_of(act) == key


@pytest.mark.parametrize("screen", list(Screen))
def test_the_key_sheet_names_every_key_of_the_screen(screen: Screen) -> None:
    shown = {row.key for column in sheet_rows(screen) for row in column}

    assert {one.act.value for one in shortcuts_of(screen) if one.act not in (*CANDIDATES[1:], *REPLIES[1:])} <= shown
    assert all(row.spoken for column in sheet_rows(screen) for row in column)
