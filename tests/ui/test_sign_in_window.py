"""The sign-in window: all of it in sight, whatever it asks and whatever was refused."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from tests.helpers.screen_lint import visible
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.theme.apply import apply, choose
from ui.desktop.theme.look import Look
from ui.desktop.widgets.faces import Choice

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


def test_it_has_the_name_of_the_product_and_stands_in_the_middle(qtbot: QtBot, qapp: QApplication, look: Look) -> None:
    window = opened(qtbot, qapp, look, form(3))
    off = window.frameGeometry().center() - window.screen().availableGeometry().center()

    assert window.windowTitle() == "Nightdesk: sign in"
    assert abs(off.x()) <= 2
    assert abs(off.y()) <= 2
