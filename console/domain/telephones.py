"""Whose a telephone is: whoever sat down at it last, in whatever shift, has it.

A console left running stays in the shift it was signed in to, so that two shifts may each name somebody at one
telephone.  What waited on a computer counts from when it was made, not from when it was shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from console.domain.shifts import ShiftState, Sitting


def newest_sittings(shifts: Iterable[ShiftState]) -> Mapping[str, Sitting]:
    """Return who sat down last at each telephone, by extension."""
    newest: dict[str, Sitting] = {}
    for shift in shifts:
        for extension, sitting in shift.sittings.items():
            before = newest.get(extension)
            if before is None or sitting.at >= before.at:
                newest[extension] = sitting
    return newest


def with_own_telephones(shift: ShiftState, newest: Mapping[str, Sitting]) -> ShiftState:
    """Return a shift in which nobody sits at a telephone that somebody else sat down at later.

    Nor do they get it back once that somebody has left: their console was told.
    """

    def lost(extension: str, worker: str) -> bool:
        last = newest.get(extension)
        return last is not None and last.worker != worker

    if not any(lost(one.extension, one.worker) for one in shift.workers):
        return shift
    workers = (replace(one, extension="") if lost(one.extension, one.worker) else one for one in shift.workers)
    return replace(shift, workers=tuple(workers))
