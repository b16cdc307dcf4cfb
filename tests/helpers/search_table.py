"""Prints how well and how fast people are found: ``python -m tests.helpers.search_table [--people N] [--postgres]``.

200 questions as they are typed (:mod:`tests.helpers.search_queries`) over 1,000,000 invented people, each with the
person it means: found first, found among the first five, and the time from the question to the answer, audit row
committed.  The record is that of ``nightdesk bench``, made where it is missing; ``--postgres`` asks a PostgreSQL of
its own instead, which is filled with the same people first.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from console.domain.invent import AS_OF, invent
from console.domain.search import understand
from console.machine.paths import home
from console.ports.store import Look, Store
from db.people_desk import add_invented
from db.postgres.cluster_settings import Profile
from db.postgres.importing import PeopleDesk
from tests.helpers.postgres import NEWEST, own_cluster
from tests.helpers.record_people import PRIYA
from tests.helpers.search_queries import KINDS, Asked, questions
from tests.helpers.team_rights import team_on
from ui.bench.people import SEED, big_record, open_existing
from ui.bench.settings import FULL, Bench, Sizes

QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the person meant stands (from 0, None: not among the first twelve), and how long it took, in ms."""

    asked: Asked
    place: int | None
    took: float


def ask_all(store: Store, asked: Iterable[Asked], today: date) -> list[Answer]:
    """Ask each question as the box does, through the ticketed doors."""
    return [_ask(store, one, today) for one in asked]


def _ask(store: Store, asked: Asked, today: date) -> Answer:
    began = time.perf_counter()
    read = understand(asked.typed, today)
    look = Look("search table", None, read.e164, read.words, read.born, read.reference)
    found = [one.person for one in store.look(PRIYA, store.ask_look(PRIYA, look)).people]
    took = (time.perf_counter() - began) * 1000
    return Answer(asked, found.index(asked.person) if asked.person in found else None, took)


def found_at(answers: Sequence[Answer], first: int) -> float:
    """Return the share of the people meant who stand among the ``first``."""
    return sum(one.place is not None and one.place < first for one in answers) / len(answers)


def table(answers: Sequence[Answer]) -> str:
    """Return the figures by kind and in all, and each question whose person was not among the first five."""
    lines = [f"{'kind':<18}{'asked':>6}{'found@1':>9}{'found@5':>9}{'p50 ms':>9}{'p95 ms':>9}"]
    for kind in (*KINDS, "all"):
        these = [one for one in answers if kind in (one.asked.kind, "all")]
        if these:
            times = sorted(one.took for one in these)
            p50, p95 = (times[min(len(times) - 1, round(part * len(times)))] for part in (0.5, 0.95))
            shares = f"{found_at(these, 1):>9.1%}{found_at(these, 5):>9.1%}"
            lines.append(f"{kind:<18}{len(these):>6}{shares}{p50:>9.1f}{p95:>9.1f}")
    lines += [
        f"not among five: {one.asked.typed!r} ({one.asked.kind}), {one.took:.0f} ms"
        for one in answers
        if one.place is None or one.place > 4
    ]
    return "\n".join(lines)


@contextmanager
def a_copy(file: Path) -> Iterator[Path]:
    """Give a copy of a record, so that no look of ours is on the kept one's log."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-search-") as folder:
        yield Path(shutil.copyfile(file, Path(folder) / "record.db"))


@contextmanager
def _postgres(people: int, say: Callable[[str], None]) -> Iterator[Store]:
    with own_cluster(NEWEST, Profile.TESTS_ONLY) as cluster, team_on(cluster) as team:
        say(f"filling PostgreSQL with {people:,} people")
        began = time.perf_counter()
        desk = PeopleDesk(team.address("import"))
        add_invented(desk, invent(people, SEED), lambda _: None)
        desk.close()
        with team.superuser() as line:
            line.execute("VACUUM ANALYZE")
            row = line.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        say(f"filled in {time.perf_counter() - began:.0f} s, {row[0] if row else ''}")
        with team.store(PRIYA) as store:
            yield store


def main(words: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How well and how fast people are found.")
    parser.add_argument("--people", type=int, default=FULL.people)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--seed", type=int, default=20261201)
    parser.add_argument("--postgres", action="store_true")
    args = parser.parse_args(words)
    sizes = Sizes(people=args.people)
    with tempfile.TemporaryDirectory() as folder:
        record = big_record(Bench(sizes, Path(folder), home(os.environ).root / "bench"))
    with a_copy(record) as file:
        asked = questions(file, args.questions, args.seed)
        if args.postgres:
            with _postgres(args.people, lambda text: print(text, file=sys.stderr, flush=True)) as team:
                print(_twice(team, asked))
            return
        store = open_existing(file)
        try:
            print(_twice(store, asked))
        finally:
            store.close()


def _twice(store: Store, asked: Sequence[Asked]) -> str:
    # The first round reads the pages from the disk; a console that has searched today is what is measured.
    ask_all(store, asked, AS_OF)
    return table(ask_all(store, asked, AS_OF))


if __name__ == "__main__":
    main(sys.argv[1:])
