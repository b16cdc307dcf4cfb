"""Logs: one JSON object a line, never personal data, a lost line once and its return once."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from console.domain.faults import place_of

LARGEST_LOG = 2_000_000
"""Bytes before a log file is put aside."""
OLD_LOGS = 5
LONGEST_TEXT = 4000
"""Characters of one record; a switchboard's 5 MB must not fill the disk nor hold the thread."""

REDACTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A password inside a URL.
    (re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"), "<redacted>"),
    # What follows a word for a secret.
    (re.compile(r"(?i)\b(pass(?:word|phrase)?|secret|token|key)(\s*[=:]\s*)\S+"), r"\1\2<redacted>"),
    # An address for letters on a screen.
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "<address>"),
    # A birth date, as people write it.  Log lines carry their own time apart from the text.
    (re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d{2}\b"), "<date>"),
    # A telephone number: seven digits or more, with the signs people put between them.
    (re.compile(r"(?<![\w.])(?:\+|\()?\d(?:[ ()-]{0,2}\d){6,14}(?![\w])"), "<number>"),
)
"""What never reaches a log, whatever a library says: one table for all (architecture.md 7, rule 15).

Names cannot be recognised by a pattern.  They stay out because no module of ours hands one to a
logger; ``tests/machine/test_logging.py`` keeps this table honest.
"""


def redact(text: str) -> str:
    """Return ``text`` without what the table knows, and not longer than a log can use."""
    if len(text) > LONGEST_TEXT:
        # A number cut in two must not stay because its rest is gone.
        text = re.sub(r"[\d ()+-]+\Z", "", text[:LONGEST_TEXT]) + " (cut)"
    for pattern, instead in REDACTIONS:
        text = pattern.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a record: time (UTC), level, logger, text, and an exception's type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception's own words are redacted like all others."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "text": redact(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1] is not None:
            fault = record.exc_info[1]
            line["error"] = f"{type(fault).__name__} at {place_of(fault)}"
        return json.dumps(line, ensure_ascii=False)


class _LateFile(logging.Handler):
    """Begins the log file with the first record: a console that has nothing to say starts without it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            self._file = import_module("console.machine.log_file").PrivateFile(self._path, LARGEST_LOG, OLD_LOGS)
            self._file.setFormatter(self.formatter)
        self._file.handle(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


@contextmanager
def log_to(folder: Path, level: int = logging.INFO) -> Iterator[Path]:
    """Write every record at ``level`` or above to ``folder``/nightdesk.log while the block runs.

    The folder is made with the first record.  Where it cannot be made or written, logging is
    silently left out: the work matters more than its log.
    """
    path = folder / "nightdesk.log"
    handler = _LateFile(path)
    handler.setLevel(level)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(min(before, level) if before else level)
    try:
        yield path
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


class LinkLog:
    """Says once that a line is lost and once that it is back, however often it is tried."""

    def __init__(self, logger: logging.Logger, what: str) -> None:
        """``what`` is said in the log: "the shared record", "the switchboard"; never a name or number."""
        self._logger, self._what, self._lost = logger, what, False

    def lost(self, why: str) -> None:
        """Log the loss, the first time."""
        if not self._lost:
            self._logger.warning("lost %s: %s", self._what, why)
        self._lost = True

    def back(self) -> None:
        """Log the return, if a loss was logged."""
        if self._lost:
            self._logger.info("%s is back", self._what)
        self._lost = False
