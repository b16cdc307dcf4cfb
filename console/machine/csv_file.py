"""Read a CSV file row by row in constant memory, and say in a sentence what is wrong with it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from console.domain.text import BadInput, safe_line

LINE_CAP = 100_000
"""Longest line read, in bytes; a longer one is refused, not kept in memory."""
_TOO_LONG = "\x00too long\x00"
_SAFE = "Nothing was imported."
_UTF_8 = b"\xef\xbb\xbf"
"""The mark that says a file is UTF-8."""
_HEAD = 512
"""Bytes at the beginning of a file that tell what it is."""
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format 3")
"""How files begin that somebody has taken for the export: documents, pictures, archives, databases."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on and its filled cells by column; or ``wrong``, a sentence, and no cells."""

    line: int
    cells: dict[str, str]
    wrong: str = ""


def read_rows(
    path: Path,
    known: Sequence[str],
    needed: Sequence[str],
    *,
    blocks: Collection[str] = (),
    encoding: str = "utf-8",
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[Row]:
    """Yield the rows of a file whose first line names its columns.

    ``blocks`` are the columns whose cells may hold line ends, in quotes.  Anywhere else a line end means
    that a quote was left open: the row is refused, and so is every line that the quote has swallowed, each
    as a row of its own, so that none is lost or becomes a part of another.

    ``progress`` is told how many bytes were read.  Raises :class:`BadInput` for what spoils the
    whole file: not there, not CSV, another encoding, unknown or missing columns, an open quote.
    """
    try:
        with path.open("rb") as file:
            if not file.seekable():
                message = f"{path} is a pipe, and a file is read twice: once to check it.  {_SAFE}  Save it as a file."
                raise BadInput(message)
            _refuse_other_kinds(file.read(_HEAD), path)
            file.seek(0)
            columns, lines = _columns_and_lines(_lines(file, path, encoding, progress), path, known, needed)
            yield from _rows(lines, path, columns, blocks)
    except OSError as error:
        message = f"{path} could not be read: {error.strerror or error}.  {_SAFE}"
        raise BadInput(message) from error


def _refuse_other_kinds(head: bytes, path: Path) -> None:
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        message = f"{path} is a spreadsheet, not CSV.  {_SAFE}  Save it as 'CSV UTF-8' and import that."
        raise BadInput(message)
    if head.startswith(_OTHERS) or head.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml", b"{")):
        message = f"{path} is no CSV file.  {_SAFE}  Export the list as 'CSV UTF-8' and import that."
        raise BadInput(message)
    # Letters of this part of the world leave every second byte of UTF-16 empty.
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(b"\0") > len(head) // 3:
        message = f"{path} is written in UTF-16.  {_SAFE}  Save it as 'CSV UTF-8' and import that."
        raise BadInput(message)


class _Lines:
    """Lines on their way to the CSV reader, and what is known of those of the row at hand."""

    def __init__(self, first: str, rest: Iterator[str], columns: int) -> None:
        self.delimiter = _delimiter(first)
        self._rest = rest
        self._columns = columns
        self._taken = 0
        self.looks_whole = False
        """Whether a line inside the row could be a row itself."""
        self.is_plain = True
        """Whether the row is one line without a sign that ends a line, as nearly all are: its cells need no look."""

    def __iter__(self) -> Iterator[str]:
        for line in self._rest:
            self._taken += 1
            if self._taken > 1 or len(line.splitlines()) > 1 or "\0" in line:
                self.is_plain = False
            others = self._taken > 1 and self._columns > 2 and line.count(self.delimiter) >= self._columns - 1
            self.looks_whole = self.looks_whole or others
            yield line

    def next_row(self) -> None:
        """Forget the row at hand."""
        self._taken, self.looks_whole, self.is_plain = 0, False, True


def _columns_and_lines(
    lines: Iterator[str], path: Path, known: Sequence[str], needed: Sequence[str]
) -> tuple[list[str], _Lines]:
    first = next(lines, "")
    columns = _columns(first, path, known, needed)
    return columns, _Lines(first, lines, len(columns))


def _rows(lines: _Lines, path: Path, columns: Sequence[str], blocks: Collection[str]) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=lines.delimiter, strict=True)
    while True:
        line = reader.line_num + 2
        lines.next_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            row = _broken(error, path, line)
        else:
            if not any(cell.strip() for cell in cells):
                continue
            row = _row(line, columns, cells, lines, blocks)
        yield from _refused(row, reader.line_num + 1) if row.wrong else (row,)


def _row(line: int, columns: Sequence[str], cells: list[str], lines: _Lines, blocks: Collection[str]) -> Row:
    if lines.is_plain and len(cells) == len(columns):
        return Row(line, {name: cell for name, cell in zip(columns, cells, strict=True) if cell})
    if any(_TOO_LONG in cell for cell in cells):
        return Row(line, {}, f"the line is longer than {LINE_CAP:,} characters")
    if len(cells) != len(columns):
        return Row(line, {}, f"it has {len(cells)} cells, and the first line names {len(columns)} columns")
    if any("\0" in cell for cell in cells):
        return Row(line, {}, "it holds a NUL byte, which no text has: the file was damaged, or is not all text")
    if lines.looks_whole:
        return Row(line, {}, "a line inside its quotes looks like a row of its own")
    found = {name: cell for name, cell in zip(columns, cells, strict=True) if cell}
    held = [name for name, cell in found.items() if name not in blocks and len(cell.strip().splitlines()) > 1]
    return Row(line, {}, f"{held[0]} cannot hold a line end") if held else Row(line, found)


def _refused(row: Row, last: int) -> Iterator[Row]:
    """Yield a refused row, and each line that a quote of it has swallowed: nothing is lost without a word."""
    if last <= row.line:
        yield row
        return
    yield Row(row.line, {}, f"a quote in it makes one row of lines {row.line} to {last}: {row.wrong}")
    for line in range(row.line + 1, last + 1):
        yield Row(line, {}, f"it stands inside a quote that opens on line {row.line}")


def _broken(error: csv.Error, path: Path, line: int) -> Row:
    """Return what to say of one row; raises where the rest of the file can no longer be read."""
    if "field larger" in str(error):
        message = (
            f"{path}: a quote that opens on line {line} is never closed, or far too late: its text is longer than any "
            f"here.  {_SAFE}  Close it, or shorten the text, and try again."
        )
        raise BadInput(message) from error
    if "unexpected end" in str(error):
        message = f"{path}: a quote that opens on line {line} is never closed.  {_SAFE}  Close it and try again."
        raise BadInput(message) from error
    if "new-line" in str(error):
        return Row(line, {}, "a line end (CR) stands inside a cell without quotes round it")
    return Row(line, {}, "a quote stands inside a cell without another quote beside it")


def _lines(file: BinaryIO, path: Path, encoding: str, progress: Callable[[int], None]) -> Iterator[str]:
    number = 0
    while raw := file.readline(LINE_CAP + 1):
        number += 1
        if len(raw) > LINE_CAP and not raw.endswith(b"\n"):
            _skip_line(file)
            yield _TOO_LONG + "\n"
            continue
        progress(file.tell())
        yield _decoded(_without_marks(raw) if number == 1 else raw, path, number, encoding)


def _without_marks(first: bytes) -> bytes:
    # A program that adds the mark of UTF-8 to a file that has one already makes it two.
    while first.startswith(_UTF_8):
        first = first.removeprefix(_UTF_8)
    return first


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(LINE_CAP)) and not rest.endswith(b"\n"):
        continue


def _decoded(raw: bytes, path: Path, number: int, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        message = (
            f"{path} is not {encoding.upper()}: line {number} holds byte {raw[error.start]:#04x}.  {_SAFE}  "
            "Save it as 'CSV UTF-8', or say --encoding cp1252 if it comes from an older Windows program."
        )
        raise BadInput(message) from error
    except (LookupError, UnicodeError) as error:
        message = f"There is no encoding {encoding!r} for a CSV file.  {_SAFE}"
        raise BadInput(message) from error


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def _cells_of(first: str, path: Path) -> list[str]:
    try:
        return next(csv.reader([first], delimiter=_delimiter(first)))
    except csv.Error as error:
        why = "its lines end with CR alone" if "\r" in first.rstrip() else "its first line names no columns"
        message = f"{path} is no CSV: {why}.  {_SAFE}  Save it as 'CSV UTF-8' and import that."
        raise BadInput(message) from error


def _columns(first: str, path: Path, known: Sequence[str], needed: Sequence[str]) -> list[str]:
    if not first.strip():
        message = f"{path} is empty.  {_SAFE}  Its first line names the columns."
        raise BadInput(message)
    names = _cells_of(first, path)
    columns = [name.strip().lower() for name in names]
    problems = [
        *(f"no column {name}" for name in needed if name not in columns),
        *(f"unknown column {safe_line(name, 40)!r}" for name in dict.fromkeys(columns) if name not in known),
        *(f"column {name} twice" for name in dict.fromkeys(columns) if columns.count(name) > 1),
    ]
    if problems:
        shown = ", ".join(problems[:8]) + (" and more" if len(problems) > 8 else "")
        message = f"{path}: {shown}.  {_SAFE}  `nightdesk people columns people` (or agencies) lists them."
        raise BadInput(message)
    return columns
