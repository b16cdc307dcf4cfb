"""Printing: a short helper process for each print, so that no printer can hold the window.

Asking for the printers and handing them a page waits for the print server, for as long as that takes to give up.
The words travel on the helper's stdin, where no list of processes shows them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QProcess, QTimer

NO_PRINTER = 3
FAILED = 4
"""What the helper ends with, beside 0."""
LONGEST_MS = 60_000
"""How long a printer may take, in milliseconds; a helper that hangs is ended."""
_LAST_WAIT_MS = 2_000


class Printing(QObject):
    """Prints one text at a time on this computer's usual printer; ``say`` is told how it went, in a sentence."""

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
        self._helper = QProcess(self)
        self._helper.setStandardOutputFile(QProcess.nullDevice())
        self._helper.setStandardErrorFile(QProcess.nullDevice())
        self._helper.finished.connect(self._ended)
        self._helper.errorOccurred.connect(self._failed)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(longest_ms)
        self._limit.timeout.connect(self._too_late)

    def print_text(self, title: str, text: str) -> None:
        """Send a text to the printer; returns at once."""
        if self._helper.state() is not QProcess.ProcessState.NotRunning:
            self._say(f"The printer is still busy with {self._title}. {title} was not sent; try again in a minute.")
            return
        self._title = title
        self._say(f"{title} is being sent to the printer.")
        self._limit.start()
        self._helper.start(self._command[0], self._command[1:])
        if self._helper.state() is QProcess.ProcessState.NotRunning:
            return
        self._helper.write(f"{title}\n\n{text}".encode(errors="replace"))
        self._helper.closeWriteChannel()

    def close(self) -> None:
        """Let what was just sent be printed for 2 s, then end the helper; nothing more is said."""
        self._limit.stop()
        self._helper.blockSignals(True)
        if self._helper.state() is not QProcess.ProcessState.NotRunning and not self._helper.waitForFinished(
            _LAST_WAIT_MS
        ):
            self._helper.kill()
            self._helper.waitForFinished(_LAST_WAIT_MS)

    def _too_late(self) -> None:
        self._helper.kill()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._tell_failure()

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        timed_out = not self._limit.isActive()
        self._limit.stop()
        if status is QProcess.ExitStatus.NormalExit and code == 0:
            self._say(f"{self._title} was handed to the printer.")
        elif status is QProcess.ExitStatus.NormalExit and code == NO_PRINTER:
            self._say(f"No printer is set up on this computer. Read {self._title} from the screen.")
        elif timed_out:
            self._say(f"The printer does not answer. {self._title} may not be printed; read it from the screen.")
        else:
            self._tell_failure()

    def _tell_failure(self) -> None:
        self._limit.stop()
        self._say(f"{self._title} could not be printed. Read it from the screen.")
