"""The measurements of the bench by name, and one run of those asked for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from console.machine.paths import home
from ui.bench.settings import PARTS, Bench, Sizes, on_stderr
from ui.bench.table import Row


def measure(sizes: Sizes, only: Sequence[str] = (), say: Callable[[str], None] = on_stderr) -> list[Row]:
    """Return the rows of the parts named, of all where none is; nothing of the service's own is touched."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(sizes, Path(folder), home(os.environ).root / "bench", say)
        for name in PARTS:
            if not only or name in only:
                part: Callable[[Bench], list[Row]] = import_module(f"ui.bench.{name}").measure
                rows += part(bench)
    return rows
