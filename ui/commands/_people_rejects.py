"""The rows an import refused: said on stderr, and kept in a new file that appears whole or not at all."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import TextIO

from console.domain.file_phones import Noted
from console.domain.people_csv import Refused
from console.domain.text import BadInput, NightdeskError

SHOWN = 200
"""Refused rows that are said on stderr; where a column is wrong in every row, a million would say no more."""


class RejectsNotWritten(NightdeskError):
    """The file of rejects could not be written to its end; it was removed, and nothing was imported."""


class Refusals:
    """Counts refused rows, and at the end says each once, by line: on stderr, and in the file of rejects.

    They are kept until then, because a person who stands in the file twice is found only while it is written.
    """

    def __init__(self, file: TextIO | None, path: Path | None) -> None:
        """``file`` is written, ``path`` is what it is called in a sentence."""
        self._file = file
        self._path = path
        self._waiting: list[Refused] = []
        self.count = 0
        self._write([("line", "reason")])

    def take(self, refused: Refused) -> None:
        """Keep one."""
        self.count += 1
        self._waiting.append(refused)

    def note(self, noted: Noted) -> None:
        """Say on stderr, at once, what is odd about a row that is used all the same."""
        print(f"line {noted.line}: {noted.words}", file=sys.stderr)

    def say(self) -> None:
        """Say all that were kept since the last time, and bring them to the disk."""
        told = self.tell()
        self._write([(refused.line, refused.reason) for refused in told])

    def tell(self) -> list[Refused]:
        """Say them on stderr alone; returns them."""
        told = sorted(self._waiting, key=attrgetter("line"))
        self._waiting = []
        for refused in told[:SHOWN]:
            print(f"line {refused.line}: {refused.reason}", file=sys.stderr)
        if len(told) > SHOWN:
            rest = "in the file of --rejects" if self._file else "say --rejects FILE to have them all"
            print(f"and {len(told) - SHOWN:,} more rows were refused; {rest}", file=sys.stderr)
        return told

    def _write(self, rows: list[tuple[object, object]]) -> None:
        if self._file is not None and rows:
            with _in_words(self._path):
                csv.writer(self._file).writerows(rows)
                self._file.flush()
                os.fsync(self._file.fileno())


def say_nothing_imported(refused: int) -> None:
    """Say that a file was not imported, because so many of its rows were refused."""
    rows = "1 row was" if refused == 1 else f"{refused:,} rows were"
    print(
        f"nightdesk: {rows} refused, so nothing was imported.  Correct the file, or say --allow-rejects "
        "to import the other rows.",
        file=sys.stderr,
    )


@contextmanager
def refusals(path: Path | None) -> Iterator[Refusals]:
    """Give refusals that also go to ``path``, which must not exist: the record or the input may be meant.

    The rows are written to a file beside it, which takes its name when the block ends well.
    """
    if path is None:
        said = Refusals(None, None)
        try:
            yield said
        finally:
            said.tell()
        return
    _take_name(path)
    try:
        with _beside(path) as (file, part):
            yield from _kept(Refusals(file, path))
        with _in_words(path):
            part.replace(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _kept(said: Refusals) -> Iterator[Refusals]:
    try:
        yield said
        said.say()
    finally:
        said.tell()


def _take_name(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        message = f"There is already a file at {path}.  Nothing was imported and it is as it was; choose another name."
        raise BadInput(message) from None
    except OSError as error:
        message = f"{path} could not be written: {error.strerror or error}.  Nothing was imported."
        raise BadInput(message) from error


@contextmanager
def _beside(path: Path) -> Iterator[tuple[TextIO, Path]]:
    with _in_words(path):
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            yield file, Path(name)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _in_words(path: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"{path} could not be written: {error.strerror or error}.  It was removed, and nothing was imported."
        raise RejectsNotWritten(message) from error
