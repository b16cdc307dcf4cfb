"""The measurements of the bench by name, and one run of those asked for."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from console.machine.paths import home
from ui.bench.settings import Bench, Programs, Sizes, StoreKind, on_stderr, parts_of
from ui.bench.table import Row


def measure(
    sizes: Sizes,
    only: Sequence[str] = (),
    say: Callable[[str], None] = on_stderr,
    *,
    store: StoreKind = StoreKind.SQLITE,
    kept: Path | None = None,
    programs: Programs | None = None,
) -> list[Row]:
    """Return the rows of the parts named, of all where none is; nothing of the service's own is touched.

    ``kept`` is where the record with people is kept, in NIGHTDESK_HOME where nothing is said; ``programs`` are
    PostgreSQL's where this computer's own are not meant.
    """
    names = parts_of(store, tuple(only))
    rows: list[Row] = []
    with (
        _ends_in_order(),
        tempfile.TemporaryDirectory(prefix="nightdesk-bench-", ignore_cleanup_errors=True) as folder,
    ):
        bench = Bench(sizes, Path(folder), kept or home(os.environ).root / "bench", say, store, programs)
        for name in names:
            part: Callable[[Bench], list[Row]] = import_module(f"ui.bench.{name}").measure
            rows += part(bench)
    return rows


@contextmanager
def _ends_in_order() -> Iterator[None]:
    """Let a stop by a service manager or a closed terminal end the bench as Ctrl-C does: servers and folders go."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: object) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)
