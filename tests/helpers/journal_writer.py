"""A program that keeps notes in a journal until it is killed; prints each place once it is kept.

    python -m tests.helpers.journal_writer FILE [LIMIT]

``LIMIT`` is the size in bytes beyond which this process may write to no file: a disk that fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

from console.ports.journal import JournalFault
from db.journal import FileJournal, Reserve
from tests.helpers.record_parts import KEY, PRIYA, HandClock, Pen


def main(file: Path, limit: int) -> None:
    """Keep notes for ever."""
    clock = HandClock()
    pen = Pen(PRIYA, clock)
    journal = FileJournal(file, KEY, clock, Reserve(file.with_name("reserve")))
    ref, _ = pen.contact()
    if limit:
        import resource  # noqa: PLC0415  only POSIX has it

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    while True:
        note = pen.note(ref, "she is alone in the car " * 20)
        try:
            (kept,) = journal.keep([note])
        except JournalFault as fault:
            print(f"fault {fault}", flush=True)  # noqa: T201  what the test reads
            return
        print(kept.entry.id, flush=True)  # noqa: T201  what the test reads


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
