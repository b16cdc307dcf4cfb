"""The four ranks of urgency and the fifth of none; apart, because every widget knows them before the first paint."""

from __future__ import annotations

from enum import StrEnum


class Rank(StrEnum):
    """How urgent a marker or a piece of work is (domain.md 8.1, the palette's four shapes)."""

    NOW = "p1_life_now"
    HOUR = "p2_harm_tonight"
    SHIFT = "p3_before_day_service"
    DAY = "p4_hand_over"
    INFORMATION = "p5_information"
