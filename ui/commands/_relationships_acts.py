"""``nightdesk people import relationships``: who is whose mother, carer or child, from the council's file."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack

from console.domain.file_ties import joined
from console.domain.relationships_csv import (
    NEEDED_RELATIONSHIP_COLUMNS,
    RELATIONSHIP_COLUMNS,
    FileRelationship,
    read_relationship_row,
)
from db.people_import import Counts
from db.relationships_import import RelationshipImport
from ui.commands._desk_tables import good_rows
from ui.commands._people_into import Into
from ui.commands._people_progress import Progress
from ui.commands._people_rejects import refusals, say_nothing_imported
from ui.exits import Exit

COLUMNS = (RELATIONSHIP_COLUMNS, NEEDED_RELATIONSHIP_COLUMNS)


def import_relationships_into(args: argparse.Namespace, into: Into) -> int:
    """Read the file, refuse who is not in the record, and write the rest in lots."""
    with ExitStack() as stack:
        said = stack.enter_context(refusals(args.rejects))
        into.ready(stack)
        rows = joined(good_rows(args, COLUMNS, read_relationship_row, _key, said.take), said.take, said.note)
        counts, kept = Counts(), not said.count or args.allow_rejects
        if kept:
            work = RelationshipImport(into.opened(stack, invented=args.invented), invented=args.invented)
            known = work.check(rows, said.take)
            kept = not said.count or args.allow_rejects
            # Whoever cannot be told which rows were left out is not to have the others either.
            said.say()
            counts = work.write(known, Progress("imported", len(known))) if kept else Counts(rows=len(known))
        said.say()
    return _summary(args, counts, said.count, kept=kept)


def _key(row: FileRelationship) -> object:
    return row.key


def _summary(args: argparse.Namespace, counts: Counts, refused: int, *, kept: bool) -> int:
    done = counts if kept else Counts(rows=counts.rows)
    if args.json:
        told = {"rows": counts.rows + refused, "imported": kept, "refused": refused}
        print(json.dumps(told | {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}))
    elif kept:
        print(
            f"relationships: {done.added:,} added, {done.changed:,} changed, {done.unchanged:,} unchanged, "
            f"{refused:,} refused"
        )
    if not kept:
        say_nothing_imported(refused)
    return Exit.OK if kept else Exit.USAGE
