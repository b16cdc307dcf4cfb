"""``nightdesk people import``: the file is read through and checked, then written; a second start goes on."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack

from console.domain.text import NightdeskError
from console.ports.store import StoreAway
from db.people_desk import Collided, PeopleDatabase, PeopleImport, add_agencies
from db.people_import import Counts, FileRun
from ui.commands._people_file import CouncilFile
from ui.commands._people_into import Into, into_of
from ui.commands._people_progress import Progress
from ui.commands._people_rejects import Refusals, refusals, say_nothing_imported
from ui.commands._relationships_acts import import_relationships_into
from ui.exits import Exit

GO_ON = (
    "{done:,} of its {rows:,} rows are in the record, each person whole.  Start it again in the same words to go on."
)


class Stopped(NightdeskError):
    """An import ended before its file did; what is in the record is whole, and a second start goes on."""


def import_file(args: argparse.Namespace) -> int:
    """Import into the record that the command line names."""
    return import_into(args, into_of(args))


def import_into(args: argparse.Namespace, into: Into) -> int:
    """Read the file through once, then write it in lots.

    The first reading takes no lock: a file with a refused row never holds up the night's work.
    """
    if args.kind == "relationships":
        return import_relationships_into(args, into)
    with ExitStack() as stack:
        said = stack.enter_context(refusals(args.rejects))
        into.ready(stack)
        file = CouncilFile(args)
        file.check(said.take, said.note, Progress("checked"))
        kept = not said.count or args.allow_rejects
        # Whoever cannot be told which rows were left out is not to have the others either.
        said.say()
        counts = Counts()
        if kept:
            database = into.opened(stack, invented=args.invented)
            counts = _write(args, file, database, said)
    code = _summary(args, counts, said.count, kept=kept, good=file.good)
    # Nobody said that rows may be left out, and one was that only the record itself could refuse.
    return Exit.USAGE if said.count and not args.allow_rejects else code


def _write(args: argparse.Namespace, file: CouncilFile, database: PeopleDatabase, said: Refusals) -> Counts:
    if args.kind == "agencies":
        return add_agencies(database, file.agencies(), said.take, invented=args.invented)
    run = FileRun(file.run(), file.today, file.lines)
    work = PeopleImport(database, run, invented=args.invented)
    try:
        _write_people(file, work, said)
    except (StoreAway, Collided) as why:
        raise Stopped(f"{why.args[0].split('  ')[0]}  {_so_far(file, work)}") from why
    except KeyboardInterrupt:
        print(f"nightdesk: {_so_far(file, work)}", file=sys.stderr)
        raise
    return work.counts


def _so_far(file: CouncilFile, work: PeopleImport) -> str:
    return GO_ON.format(done=work.counts.rows, rows=file.good)


def _write_people(file: CouncilFile, work: PeopleImport, said: Refusals) -> None:
    done = work.begin()
    if 0 < done.count < file.good:
        print(f"{done.count:,} rows of this file are in the record from an earlier start; going on", file=sys.stderr)
    told = Progress("imported", file.good)
    told(done.count)
    work.write(file.people(done), said.take, told)
    if not said.count:
        # A row that was refused is of somebody, nobody knows whom: they are not to count as missing.
        work.finish()


def _summary(args: argparse.Namespace, counts: Counts, refused: int, *, kept: bool, good: int) -> int:
    done = counts if kept else Counts()
    if args.json:
        told = {"rows": (counts.rows or good) + refused, "imported": kept, "refused": refused}
        told |= {"added": done.added, "changed": done.changed, "unchanged": done.unchanged, "before": done.before}
        print(json.dumps(told | {"missing": done.missing, "newly_missing": done.newly}))
    elif kept:
        print(
            f"{args.kind}: {done.added:,} added, {done.changed:,} changed, {done.unchanged:,} unchanged, "
            f"{refused:,} refused"
        )
        print("".join(f"{line}\n" for line in _about_missing(done, refused)), end="")
    if not kept:
        say_nothing_imported(refused)
    return Exit.OK if kept else Exit.USAGE


def _about_missing(done: Counts, refused: int) -> list[str]:
    if done.missing:
        people = "1 person" if done.missing == 1 else f"{done.missing:,} people"
        lately = f", {done.newly:,} of them in the last one" if done.newly else ""
        return [f"not in this file: {people} of earlier ones{lately}; they stay in the record as they were"]
    if refused and done.missing is None and done.rows:
        return ["who is no longer in the file was not looked at, because rows were refused"]
    return []
