"""Arrow keys on the board: what is seen there is where they lead."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt

from ui.desktop.screens.board.walking import neighbour

KEYS = {"left": Qt.Key.Key_Left, "right": Qt.Key.Key_Right, "up": Qt.Key.Key_Up, "down": Qt.Key.Key_Down}
PLACES = {
    "waiting": QRect(0, 0, 150, 100),
    "answered": QRect(160, 0, 680, 100),
    "capacity": QRect(850, 0, 400, 110),
    "calls": QRect(0, 110, 840, 200),
    "requests": QRect(850, 120, 400, 110),
    "rota": QRect(850, 240, 400, 140),
    "staff": QRect(0, 320, 410, 260),
    "hours": QRect(420, 320, 420, 260),
    "visits": QRect(850, 390, 400, 190),
}


@pytest.mark.parametrize(
    ("here", "way", "there"),
    [
        ("waiting", "right", "answered"), ("waiting", "down", "calls"), ("waiting", "left", None),
        ("calls", "down", "staff"), ("calls", "right", "requests"), ("calls", "up", "waiting"),
        ("capacity", "down", "requests"), ("requests", "down", "rota"), ("rota", "down", "visits"),
        ("rota", "left", "calls"), ("staff", "right", "hours"), ("hours", "right", "rota"), ("hours", "up", "calls"),
        ("staff", "down", None), ("visits", "left", "hours"),
    ],
)  # fmt: skip
def test_an_arrow_leads_to_what_stands_next_to_a_tile(here: str, way: str, there: str | None) -> None:
    assert neighbour(PLACES, here, KEYS[way]) == there
