"""Prints right and wrong of every field over all recordings: ``python -m tests.helpers.recording_table``."""

from __future__ import annotations

import sys
from collections import Counter

from tests.helpers.recordings import compare, recordings, reports_of


def table() -> str:
    """Return the table, the wrong fields spelt out below it."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    faults: list[str] = []
    for recording in recordings():
        for checked in compare(recording, reports_of(recording)):
            (right if checked.right else wrong)[checked.field] += 1
            if not checked.right:
                faults.append(f"{recording}: {checked.field} should be {checked.wanted}, is {checked.found}")
    lines = [f"{'field':<15}{'right':>6}{'wrong':>6}"]
    for field in sorted(right | wrong):
        lines.append(f"{field:<15}{right[field]:>6}{wrong[field]:>6}")
    lines.append(f"{'all':<15}{right.total():>6}{wrong.total():>6}   in {len(recordings())} recordings")
    return "\n".join([*lines, *faults])


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
