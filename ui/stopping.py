"""Ctrl+C while a window is being made: the program ends at once, in a sentence, with nothing half caught."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ui.exits import Exit

_SENTENCE = b"nightdesk: stopped from the keyboard\n"


@contextmanager
def stopped_at_once() -> Iterator[None]:
    """Let Ctrl+C end the process until somebody else, the application, has taken it.

    Python's own way is an exception wherever the program happens to be.  In the middle of loading Qt that is
    swallowed there, or ends it with an abort.
    """
    before = signal.signal(signal.SIGINT, _end)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is _end:
            signal.signal(signal.SIGINT, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    try:
        os.write(2, _SENTENCE)
    finally:
        os._exit(Exit.STOPPED)
