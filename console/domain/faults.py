"""Where a fault happened, in words a log may keep."""

from __future__ import annotations

import traceback
from pathlib import Path


def place_of(fault: BaseException) -> str:
    """Return the frames a fault came through, innermost last, without its words: they may quote a person."""
    frames = traceback.extract_tb(fault.__traceback__)[-6:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
