"""The sign-in window: all of it in sight, whatever it asks and whatever was refused."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from tests.helpers.screen_lint import visible
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.flat import FlatForm
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.faces import Choice
from ui.desktop.widgets.row_view import RowView

INTRO = "On one computer, sign-in is not authenticated: it says who writes, and proves nothing."
ERROR = (
    "This computer has no keyring, so what you type here cannot be locked with a key of its own. "
    "Nothing was lost. Write a passphrase below and sign in again."
)
ROLES = (Choice("handler", "Call handler"), Choice("coordinator", "Coordinator"))
FIELDS = (
    FieldRow("name", "Your name", needed=True),
    FieldRow("role", "Your role", Kind.CHOICE, "handler", ROLES, needed=True),
    FieldRow("extension", "The telephone you sit at", help="Its extension, such as 1001. Empty: no telephone."),
    FieldRow(
        "passphrase",
        "A passphrase for what you type here",
        Kind.SECRET,
        help="Asked again each time. Whoever forgets it cannot read what was not shared yet.",
    ),
)


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """Return the light look."""
    return apply(qapp, choose(dark=False, high_contrast=False))


def form(count: int, error: str = "") -> FormRow:
    """Return a form of ``count`` fields."""
    return FormRow("sign_in", "Hampshire night desk", (SectionRow("", FIELDS[:count]),), INTRO, "Sign in", error)


def opened(qtbot: QtBot, qapp: QApplication, look: Look, first: FormRow) -> SignInWindow:
    """Return the window, shown."""
    window = SignInWindow(look, first, lambda _values: None)
    qtbot.addWidget(window)
    window.show()
    qapp.processEvents()
    return window


@pytest.mark.parametrize("count", [2, 3, 4])
def test_nothing_scrolls_before_and_after_a_refusal(qtbot: QtBot, qapp: QApplication, look: Look, count: int) -> None:
    window = opened(qtbot, qapp, look, form(count))
    before = window.size()

    assert list(visible(window, QScrollBar)) == []
    window.show_form(form(count, ERROR))
    qapp.processEvents()

    assert list(visible(window, QScrollBar)) == []
    assert window.size() == before


def test_a_field_more_after_a_refusal_is_in_sight_too(qtbot: QtBot, qapp: QApplication, look: Look) -> None:
    window = opened(qtbot, qapp, look, form(3))
    window.show_form(form(4, ERROR))
    qapp.processEvents()

    assert list(visible(window, QScrollBar)) == []


def test_the_tab_key_goes_from_top_to_bottom_and_round(qtbot: QtBot, qapp: QApplication, look: Look) -> None:
    window = opened(qtbot, qapp, look, form(3))
    window.show_form(form(4, ERROR))
    qapp.processEvents()
    seen = []
    for _ in range(5):
        at = window.focusWidget()
        assert at is not None
        seen.append((at.mapTo(window, at.rect().topLeft()).y(), at.accessibleName()))
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert [name for _, name in seen] == [*(one.label for one in FIELDS), "Sign in"]
    assert [high for high, _ in seen] == sorted({high for high, _ in seen}), "each lower than the one before"
    assert window.focusWidget() is not None
    assert window.focusWidget().accessibleName() == "Your name"


def test_f1_shows_the_keys_and_gives_back_what_was_written(qtbot: QtBot, qapp: QApplication, look: Look) -> None:
    sent: list[Mapping[str, str]] = []
    window = SignInWindow(look, form(4), sent.append)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClicks(window.focusWidget(), "Priya Raman")
    size = window.size()
    for back in (Qt.Key.Key_F1, Qt.Key.Key_Escape, Qt.Key.Key_Return):
        before = window.focusWidget()
        QTest.keyClick(before, Qt.Key.Key_F1)
        qapp.processEvents()
        (keys,) = (one for one in visible(window, RowView) if one.accessibleName() == "Keys of this window")
        assert {"The next field: Tab", "Sign in: Enter"} <= {row.spoken for row in keys.rows}
        assert list(visible(window, FlatForm)) == []
        assert list(visible(window, QScrollBar)) == []
        QTest.keyClick(window.focusWidget(), back)
        qapp.processEvents()
        assert window.focusWidget() is before
        assert window.box.values()["name"] == "Priya Raman"
        assert window.size() == size
    assert sent == [], "Enter on the keys signs nobody in"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert [one["name"] for one in sent] == ["Priya Raman"]


def test_it_has_the_name_of_the_product_and_stands_in_the_middle(qtbot: QtBot, qapp: QApplication, look: Look) -> None:
    window = opened(qtbot, qapp, look, form(3))
    off = window.frameGeometry().center() - window.screen().availableGeometry().center()

    assert window.windowTitle() == "Nightdesk: sign in"
    assert abs(off.x()) <= 2
    assert abs(off.y()) <= 2
