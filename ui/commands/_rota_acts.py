"""What ``nightdesk rota`` does, once the words of the command line are understood."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from typing import TypeVar

from console.domain.bank_holidays import england
from console.domain.calendar import Calendar, local
from console.domain.rota import AHEAD, BEFORE, Duty, Gap, Lane, LaneNow, by_lane, doubles, gaps, lanes_at
from console.domain.rota_csv import (
    NEEDED_ROTA_COLUMNS,
    ROTA_COLUMNS,
    FileDuty,
    NoSuchTime,
    read_moment,
    read_rota_row,
)
from console.domain.rota_sample import COLUMNS, sample_rows
from console.domain.rota_words import gap_words, lane_words, next_words, until_words
from console.domain.search import NoSuchDay, shown_number
from console.domain.text import BadInput
from console.domain.words import full_words
from console.machine.clock import SystemClock
from console.ports.store import Store
from db.rota_import import RotaCounts, add_rota
from ui.bootstrap.record import open_record
from ui.bootstrap.team import Asked, team_of, team_store
from ui.commands._desk_tables import good_rows
from ui.commands._people_file import only_drama
from ui.commands._people_into import Into, into_of
from ui.commands._people_rejects import Refusals, refusals, say_nothing_imported
from ui.commands.rota import MOST_DAYS
from ui.exits import Exit

T = TypeVar("T")
MOST = 20_000
"""Rows of one file: some years of a large service."""
_SAID = 20
"""Overlaps, and gaps, that are said one by one."""


def import_file(args: argparse.Namespace) -> int:
    """Import into the record that the command line names."""
    return import_into(args, lambda: into_of(args, make=False))


def import_into(args: argparse.Namespace, into: Callable[[], Into]) -> int:
    """Read and check the whole file, then write it in one transaction; ``into`` is asked for only then."""
    with ExitStack() as stack:
        said = stack.enter_context(refusals(args.rejects))
        rows = _read(args, said)
        odd = _odd(rows)
        kept = not said.count or args.allow_rejects
        said.say()
        counts = RotaCounts(rows=len(rows))
        if kept and rows:
            database = into().opened(stack, invented=args.invented)
            counts = add_rota(database, rows, SystemClock().now(), invented=args.invented)
    return _summary(args, counts, said.count, odd, kept=kept)


def _read(args: argparse.Namespace, said: Refusals) -> list[FileDuty]:
    rows: list[FileDuty] = []

    def read(cells: Mapping[str, str], line: int, today: date) -> FileDuty:
        row = read_rota_row(cells, line, today)
        if args.invented:
            only_drama(row.number)
        return row

    for row in good_rows(args, (ROTA_COLUMNS, NEEDED_ROTA_COLUMNS), read, _same, said.take):
        rows.append(row)
        if len(rows) > MOST:
            message = f"{args.file} has more than {MOST:,} rows.  Nothing was imported; import it in parts."
            raise BadInput(message)
    return rows


def _same(row: FileDuty) -> object:
    return row.lane, row.name.casefold(), row.begins, row.ends


def _odd(rows: Sequence[FileDuty]) -> dict[str, int]:
    """Say overlaps and gaps on stderr; return how many there are."""
    duties = [_duty(row) for row in rows]
    calendar = Calendar(england())
    holes = (
        (lane, gap)
        for lane, ordered in by_lane(duties).items()
        for gap in gaps(lane, ordered, ordered[0].begins, max(one.ends for one in ordered), calendar)
    )
    return {"overlaps": _say("overlap", doubles(duties), _both_on), "gaps": _say("gap", holes, _nobody_on)}


def _both_on(pair: tuple[Duty, Duty]) -> str:
    one, other = pair
    return f"{lane_words(one.lane)}: {one.name} and {other.name} are both on from {full_words(other.begins)}"


def _nobody_on(hole: tuple[Lane, Gap]) -> str:
    lane, gap = hole
    return f"{lane_words(lane)}: nobody from {full_words(gap.begins)} to {full_words(gap.ends or gap.begins)}"


def _say(word: str, found: Iterable[T], words: Callable[[T], str]) -> int:
    """Say the first on stderr and how many more there are; return how many there are."""
    count = 0
    for count, one in enumerate(found, start=1):
        if count <= _SAID:
            print(f"{word}: {words(one)}", file=sys.stderr)
    if count > _SAID:
        print(f"{word}: and {count - _SAID:,} more", file=sys.stderr)
    return count


def _duty(row: FileDuty) -> Duty:
    identity = uuid.UUID(int=row.line)
    return Duty(identity, row.lane, row.name, row.number, row.begins, row.ends, row.safe, row.source, row.as_at)


def _summary(args: argparse.Namespace, counts: RotaCounts, refused: int, odd: dict[str, int], *, kept: bool) -> int:
    done = {
        "added": counts.added,
        "unchanged": counts.unchanged,
        "replaced": counts.replaced,
        "shortened": counts.shortened,
    }
    if args.json:
        print(json.dumps({"rows": counts.rows + refused, "imported": kept, "refused": refused, **done, **odd}))
    elif kept:
        words = ", ".join(f"{count:,} {word}" for word, count in (done | {"refused": refused} | odd).items())
        print(f"rota: {words}")
    if not kept:
        say_nothing_imported(refused)
    return Exit.OK if kept else Exit.USAGE


def show(args: argparse.Namespace) -> int:
    """Print who is on, who comes next, and where nobody is."""
    now = _moment(args.at)
    with _reading(args) as store:
        duties = store.rota(now - BEFORE, now + AHEAD)
    lanes = lanes_at(duties, now, Calendar(england()))
    if args.json:
        print(json.dumps([_as_json(one, now) for one in lanes], ensure_ascii=False, indent=1))
        return Exit.OK
    print(f"By the rota, {full_words(now)}:" if lanes else "There is no rota for these days in this record.")
    for one in lanes:
        print("\n".join(_in_words(one, now)))
    return Exit.OK


def _in_words(one: LaneNow, now: datetime) -> Iterator[str]:
    yield lane_words(one.lane)
    for duty in one.now:
        safe = f" ({duty.safe})" if duty.safe else ""
        yield f"  {duty.name}  {shown_number(duty.number)}{safe}  {until_words(duty, now)}"
    for words in (next_words(one, now), gap_words(one, now)):
        if words:
            yield f"  {words[:1].upper()}{words[1:]}"


def _as_json(one: LaneNow, now: datetime) -> dict[str, object]:
    return {
        "duty": one.lane.kind.value,
        "authority": one.lane.authority,
        "service": one.lane.service,
        "now": [{"name": duty.name, "number": duty.number, "safe": duty.safe} for duty in one.now],
        "next": one.next.name if one.next else None,
        "gap": gap_words(one, now),
    }


def _moment(typed: str | None) -> datetime:
    now = SystemClock().now()
    if not typed:
        return now
    try:
        found = read_moment(typed, local(now).date())
    except (NoSuchTime, NoSuchDay) as why:
        message = f"--at: {why}.  Nothing was shown."
        raise BadInput(message) from why
    if found is None:
        raise BadInput("--at is not a day and a time, such as '01/12/2026 22:14'.  Nothing was shown.")
    return found


@contextmanager
def _reading(args: argparse.Namespace) -> Iterator[Store]:
    team = team_of(args.database)
    if team is None:
        with open_record(args.database, args.key_file) as store:
            yield store
        return
    with team_store(team, Asked(args.login, args.password_stdin, args.keep_password)) as admitted:
        yield admitted.store


def sample(args: argparse.Namespace) -> int:
    """Print a rota to try."""
    if not 1 <= args.days <= MOST_DAYS:
        message = f"--days is a number from 1 to {MOST_DAYS}.  Nothing was printed."
        raise BadInput(message)
    # Twelve hours back: after midnight the night that one is in began yesterday, and somebody should be on call in it.
    first = args.first or local(SystemClock().now() - timedelta(hours=12)).date()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sample_rows(first, args.days, Calendar(england())))
    return Exit.OK


def list_columns(args: argparse.Namespace) -> int:
    """Print the columns of the file, and what each holds."""
    if args.json:
        rows = [{"column": name, "about": about, "needed": name in NEEDED_ROTA_COLUMNS} for name, about in ROTA_COLUMNS]
        print(json.dumps(rows))
        return Exit.OK
    for name, about in ROTA_COLUMNS:
        print(f"{name:<14} {about}")
    return Exit.OK
