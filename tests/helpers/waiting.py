"""Wait for a condition, and say how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(true: Callable[[], bool], within: float, what: str) -> float:
    """Wait until ``true`` holds and return how long that took; fails after ``within`` seconds."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within, f"not within {within} s: {what}"
        time.sleep(0.002)
    return time.monotonic() - begun
