"""Printing: a short helper process for each print, so that no printer can hold the window.

Asking for the printers and handing them a page waits for the print server, for as long as that takes to give up.
The words travel on the helper's stdin, where no list of processes shows them.
The window waits for nothing: a thread stays with the helper, and where the window ends first, the helper
goes on by itself and gives up by itself (:data:`LONGEST_MS`).
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

NO_PRINTER = 3
FAILED = 4
"""What the helper ends with, beside 0."""
LONGEST_MS = 60_000
"""How long a printer may take, in milliseconds; a helper that hangs is ended."""
_TOO_LATE = -1
"""What stands for the end of a helper that did not end in time; no program ends with it on any system."""


class Printing(QObject):
    """Prints one text at a time on this computer's usual printer; ``say`` is told how it went, in a sentence."""

    _ended = Signal(int)
    """Emitted on the helper's thread with what it ended with; heard on the window's."""

    def __init__(
        self,
        say: Callable[[str], None],
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
        longest_ms: int = LONGEST_MS,
    ) -> None:
        """``command`` reads the text on stdin and prints it; ours unless a test brings its own."""
        super().__init__(parent)
        self._say = say
        self._title = ""
        self._command = list(command or (sys.executable, "-P", "-m", "ui.desktop.print_helper"))
        self._longest = longest_ms / 1000
        self._busy = False
        self._closed = False
        self._ended.connect(self._tell)

    def print_text(self, title: str, text: str) -> None:
        """Send a text to the printer; returns at once."""
        if self._busy:
            self._say(f"The printer is still busy with {self._title}. {title} was not sent; try again in a minute.")
            return
        self._busy, self._title = True, title
        self._say(f"{title} is being sent to the printer.")
        words = f"{title}\n\n{text}".encode(errors="replace")
        # A daemon: a printer that hangs does not hold the program's end either.
        threading.Thread(target=self._stay, args=(words,), name="printing", daemon=True).start()

    def close(self) -> None:
        """Say nothing more; what was sent is printed all the same, and nobody waits for it."""
        self._closed = True

    def _stay(self, words: bytes) -> None:
        """Start the helper, give it the words and wait for its end; on a thread of its own."""
        nowhere = subprocess.DEVNULL
        try:
            helper = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere)
        except OSError:
            self._emit(FAILED)
            return
        try:
            helper.communicate(words, timeout=self._longest)
        except subprocess.TimeoutExpired:
            helper.kill()
            helper.communicate()
            self._emit(_TOO_LATE)
        else:
            self._emit(FAILED if helper.returncode < 0 else helper.returncode)

    def _emit(self, code: int) -> None:
        # The window, and this with it, may be gone by now: then there is nobody to tell.
        with contextlib.suppress(RuntimeError):
            self._ended.emit(code)

    def _tell(self, code: int) -> None:
        self._busy = False
        if self._closed:
            return
        if code == 0:
            self._say(f"{self._title} was handed to the printer.")
        elif code == NO_PRINTER:
            self._say(f"No printer is set up on this computer. Read {self._title} from the screen.")
        elif code == _TOO_LATE:
            self._say(f"The printer does not answer. {self._title} may not be printed; read it from the screen.")
        else:
            self._say(f"{self._title} could not be printed. Read it from the screen.")
