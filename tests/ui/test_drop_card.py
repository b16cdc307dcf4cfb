"""The card that says that the line dropped, in the moment it comes: whole, at the top, and moving nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.coordinator_rows import coordinator_at_22_17_58
from tests.helpers.handler_rows import STATES
from tests.helpers.show_handler import make_view
from tests.helpers.three_screens import DeafActs
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.drop_card import DropCard
from ui.desktop.screens.known_rows import DropRow
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.cards import ALARM, LIVE, CardStyle

DROPPED = DropRow(
    "LINE DROPPED 22:24:06, 00:00 ago",
    (
        "Last words 22:24: slurred, then silent; line open.",
        "Where: in the car, by the reservoir, the second car park (caller stated, 00:07 ago).",
        "Number: 07700 900412. Safe to ring: not asked.",
        "Not rung back yet. The incident stays open.",
    ),
)
UNSAID = DropRow(
    "The call ended 22:24:06, 00:00 ago",
    ("The telephone system does not say who ended it. Ctrl+F12 twice says that it was one of us.", *DROPPED.lines),
    unsaid=True,
)
SIZES = pytest.mark.parametrize("size", [(1280, 640), (1366, 690), (1920, 1080)])


def whole(card: DropCard) -> bool:
    """Say whether every line of the card has its height, inside the card, and the button too."""
    texts = [one for one in card.findChildren(QLabel) if one.isVisible() and one.text() in card.text]
    assert len(texts) == 2, "its title and its words"
    inside = all(card.rect().contains(one.geometry()) for one in (*texts, card.ring))
    return inside and all(one.height() >= one.heightForWidth(one.width()) for one in texts)


def stand(qtbot: QtBot, qapp: QApplication, view: QWidget, size: tuple[int, int]) -> None:
    """Show a view at a size, and let it come to rest."""
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    qapp.processEvents()


@SIZES
@pytest.mark.parametrize(("row", "style"), [(DROPPED, ALARM), (UNSAID, LIVE)])
def test_the_handlers_card_is_whole_when_it_comes_and_the_glance_stays(
    qtbot: QtBot, qapp: QApplication, size: tuple[int, int], row: DropRow, style: CardStyle
) -> None:
    rows = STATES["handler"]
    view, _ = make_view(qapp, rows)
    stand(qtbot, qapp, view, size)
    places = [view.glance.geometry(), view.notes.geometry()]
    view.show_rows(replace(rows, drop=row))
    qapp.processEvents()
    assert whole(view.drop)
    assert view.drop.card_style == style, "no alarm where nobody knows that anything dropped"
    assert view.drop.y() == 0, "where what was before the call began"
    assert [view.glance.geometry(), view.notes.geometry()] == places
    view.show_rows(rows)
    qapp.processEvents()
    assert view.history.isVisible()
    assert [view.glance.geometry(), view.notes.geometry()] == places


RULE = (
    "Of this number is written: only before 18:00, ask for Lena. Nothing was rung; ring back once more to ring it all "
    "the same."
)


@SIZES
def test_what_is_to_be_read_before_ringing_back_has_its_room_beside_the_card_and_makes_no_window_higher(
    qtbot: QtBot, qapp: QApplication, size: tuple[int, int]
) -> None:
    rows = replace(STATES["handler"], drop=DROPPED)
    view, _ = make_view(qapp, rows)
    stand(qtbot, qapp, view, size)
    note = view.notes.geometry()
    view.show_rows(replace(rows, notice=RULE))
    qapp.processEvents()
    assert (view.width(), view.height()) == size
    assert whole(view.drop)
    assert view.notice.height() >= view.notice.sizeHint().height()
    assert not view.notice.geometry().intersects(view.drop.geometry())
    assert view.notes.geometry() == note
    view.show_rows(rows)
    qapp.processEvents()
    assert view.glance.isVisible()


@SIZES
def test_the_second_workers_card_is_whole_when_it_comes(
    qtbot: QtBot, qapp: QApplication, size: tuple[int, int]
) -> None:
    rows = coordinator_at_22_17_58()
    view = CoordinatorView(apply(qapp, choose(dark=False, high_contrast=False)), DeafActs())
    view.show_rows(rows)
    stand(qtbot, qapp, view, size)
    view.show_rows(replace(rows, drop=DROPPED))
    qapp.processEvents()
    assert whole(view.drop)
