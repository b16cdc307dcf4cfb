"""Sizes of type and their step for larger screens (screens/README.md, values)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

WIDE_FROM = 1800
"""Logical pixels of window width from which the wide step holds."""
WIDE_STEP = 1.14
BOARD_WIDE_STEP = 1.36
NARROW_BELOW = 1200
"""Width of a window, px at step 1.0, below which rows of four columns take another line instead."""
WORDS_ONLY_FROM = 1.75
"""Zoom from which buttons show their words without the key's cap, so that the words find room."""
GAP = 8
"""Margin of a window and gap between its cards, px."""
CARD_RADIUS = 6
CONTROL_RADIUS = 4


class Type(IntEnum):
    """Pixel sizes at step 1.0, by use."""

    KEYCAP = 11
    CAPTION = 12
    BODY = 13
    NOTE = 14
    CLOCK = 17
    FIGURE = 18
    NAME = 20
    LINE = 23
    CALL_CLOCK = 24
    BOARD = 38


class Weight(IntEnum):
    """The four weights we ship."""

    REGULAR = 400
    MEDIUM = 500
    SEMIBOLD = 600
    BOLD = 700


@dataclass(frozen=True, slots=True)
class Scale:
    """One step: every size is multiplied by ``factor``."""

    factor: float = 1.0

    def px(self, size: float) -> int:
        """Return ``size`` (px at step 1.0) in whole pixels at this step, at least 1 for any size."""
        return max(1, round(size * self.factor)) if size > 0 else 0


def step_for(width: int, wide: float = WIDE_STEP) -> Scale:
    """Return the step for a window ``width`` logical pixels wide."""
    return Scale(wide) if width >= WIDE_FROM else Scale()
