"""The helper process: prints the text it reads on stdin, then ends.  Started by printing.py only."""

from __future__ import annotations

import os
import sys
import threading

from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from ui.desktop.printing import FAILED, LONGEST_MS, NO_PRINTER


def put_on(printer: QPrinter, text: str) -> bool:
    """Print plain text; return whether the printer took it."""
    document = QTextDocument()
    document.setPlainText(text)
    document.print_(printer)
    return printer.printerState() is not QPrinter.PrinterState.Error


def _give_up_after(seconds: float) -> None:
    """End this process whatever the printer does: the window that started it may have ended long ago."""
    limit = threading.Timer(seconds, os._exit, (FAILED,))
    limit.daemon = True
    limit.start()


def main() -> int:
    """Print on the usual printer; 0 when it took the text, ``NO_PRINTER`` or ``FAILED`` otherwise."""
    _give_up_after(LONGEST_MS / 1000)
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    application = QGuiApplication(["nightdesk"])
    usual = QPrinterInfo.defaultPrinter()
    code = NO_PRINTER
    if not usual.isNull():
        code = 0 if put_on(QPrinter(usual), text) else FAILED
    del application
    return code


if __name__ == "__main__":
    sys.exit(main())
