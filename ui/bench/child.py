"""``python -m ui.bench.child NAME``: one measured process; the bench starts it and speaks JSON with it."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

Message = dict[str, Any]
PARTS = {
    "console": "ui.bench.children.console",
    "label": "ui.bench.children.label",
    "start": "ui.bench.children.start",
    "window": "ui.bench.children.window",
    "hearer": "ui.bench.children.hearer",
    "listener": "ui.bench.children.listener",
    "follower": "ui.bench.children.follower",
    "writer": "ui.bench.children.writer",
    "returning": "ui.bench.children.returning",
}


OURS = ("console", "start")
"""Parts that are our own console; the others are bare."""


def say(said: str, **more: Any) -> None:  # noqa: ANN401  whatever JSON can say
    """Tell the bench one thing."""
    sys.stdout.write(json.dumps({"said": said, **more}) + "\n")
    sys.stdout.flush()


def first_wish() -> Message:
    """Return what the bench wants of this process."""
    found: Message = json.loads(sys.stdin.readline() or "{}")
    return found


def listen(hear: Callable[[Message], None]) -> None:
    """Hear the bench on a thread of its own; the end of its pipe is ``close``."""

    def work() -> None:
        for line in sys.stdin:
            hear(json.loads(line))
        hear({"do": "close"})

    threading.Thread(target=work, name="bench", daemon=True).start()


def main() -> int:
    """Run the part that is named; a Ctrl-C is for the bench, which then closes us in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.argv[1] in OURS:
        # As the command does, before anything of Qt is there.
        import_module("ui.desktop.runtime.sources").leave_sources_unread()
    return int(import_module(PARTS[sys.argv[1]]).run())


if __name__ == "__main__":
    sys.exit(main())
