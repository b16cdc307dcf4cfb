"""The log's file: private to this account, and put aside when it is large."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.machine.platform import make_private, make_private_folder


class PrivateFile(RotatingFileHandler):
    """Writes records to ``path``; its folder is made with the first of them."""

    def __init__(self, path: Path, largest: int, old: int) -> None:
        """``largest``: bytes before the file is put aside; ``old``: how many of those are kept."""
        super().__init__(path, maxBytes=largest, backupCount=old, encoding="utf-8", delay=True)

    def _open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202  the base class's own type is not public
        make_private_folder(Path(self.baseFilename).parent)
        stream = super()._open()
        make_private(Path(self.baseFilename))
        return stream

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's own name
        """Say nothing: a full disk must not write tracebacks over a command's output."""
