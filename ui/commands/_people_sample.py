"""``nightdesk people sample``: an invented council as the files a council would bring, to import and to look at."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from console.domain.agencies_csv import AGENCY_COLUMNS
from console.domain.calendar import local
from console.domain.invent import invent
from console.domain.people_csv import PERSON_COLUMNS
from console.domain.people_rows import Batch
from console.domain.people_sheet import Cells, agency_cells, people_cells, relationship_cells
from console.domain.relationships_csv import RELATIONSHIP_COLUMNS
from console.domain.text import BadInput
from console.machine.clock import SystemClock
from ui.exits import Exit


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One file of the sample: its name, its columns, and how its rows are made."""

    kind: str
    columns: Sequence[tuple[str, str]]
    cells: Callable[[Iterable[Batch], date], Iterator[Cells]]


SHEETS = (
    _Sheet("people", PERSON_COLUMNS, people_cells),
    _Sheet("relationships", RELATIONSHIP_COLUMNS, relationship_cells),
    _Sheet("agencies", AGENCY_COLUMNS, agency_cells),
)
"""The files, named after what ``people import`` calls their kind; a further kind is one line more."""


def write_sample(args: argparse.Namespace) -> int:
    """Write the files into a folder, none in the place of another."""
    as_of: date = args.as_of or local(SystemClock().now()).date()
    places = {sheet: _place(args.folder, sheet) for sheet in SHEETS}
    rows = {sheet.kind: _write(place, sheet, args, as_of) for sheet, place in places.items()}
    if args.json:
        print(json.dumps({"folder": str(args.folder), "seed": args.seed, "as_of": str(as_of), "rows": rows}))
        return Exit.OK
    for sheet, place in places.items():
        print(f"{place}: {rows[sheet.kind]:,} {sheet.kind}")
    print(f"Bring them in with:  nightdesk people import people {places[SHEETS[0]]} --invented --database FILE")
    return Exit.OK


def _place(folder: Path, sheet: _Sheet) -> Path:
    place = folder / f"{sheet.kind}.csv"
    if place.exists():
        message = f"There is already a file at {place}.  It was left as it is, and nothing was written; choose another."
        raise BadInput(message)
    return place


def _write(place: Path, sheet: _Sheet, args: argparse.Namespace, as_of: date) -> int:
    names = [name for name, _ in sheet.columns]
    rows = sheet.cells(invent(args.count, args.seed, as_of), as_of)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # With the mark that spreadsheets know UTF-8 by: people open it there first.
        with place.open("x", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            return sum(1 for cells in rows if writer.writerow(cells))
    except OSError as error:
        message = f"{place} could not be written: {error.strerror or error}.  Name another folder."
        raise BadInput(message) from error
