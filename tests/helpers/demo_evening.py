"""A short evening for the demo's tests, and a demo that a test can hold in its hands."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from telephony_adapters.simulator import load
from ui.bootstrap.demo import Demo, DemoOptions
from ui.desktop.runtime.application import dress

SHORT = """\
title "A short evening"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
phone 1004 "Grace Whitlock" queue oohs

22:13:50 desk priya signs_in 1001 handler
22:14:05 call c1 from 07700 900412 to 01632 960001 queue oohs
         rings 1001
22:14:19 desk priya presses answer
         otherwise 1001 answers c1
22:14:22 demo checks candidates "two, nobody chosen"
22:14:30 desk priya types "first line"
22:14:40 desk priya types "second line"
{more}
22:15:00 desk priya presses end_call
"""


def short_script(folder: Path, more: str = "") -> Path:
    """Write the short evening with ``more`` lines before its end, and return the file."""
    file = folder / "short.txt"
    file.write_text(SHORT.format(more=more), encoding="utf-8")
    return file


@contextmanager
def demo_of(
    app: QApplication, folder: Path, script: Path, options: DemoOptions | None = None
) -> Iterator[tuple[Demo, list[str]]]:
    """Give a demo of ``script`` that has begun, and what it printed; it is shut down at the end."""
    said: list[str] = []
    chosen = dataclasses.replace(options or DemoOptions(), script=str(script))
    (folder / "record").mkdir()
    demo = Demo(chosen, load(str(script)), folder / "record", dress(app, dark=False), said.append)
    demo.begin()
    try:
        yield demo, said
    finally:
        demo.close()
