"""Which line is which after an edit: pure, so that it can be tried with every edit there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Edited:
    """``ids`` for the new texts, in order; ``changed`` and ``gone`` are ids to tell the service."""

    ids: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    gone: tuple[UUID, ...]


def follow(ids: Sequence[UUID], before: Sequence[str], after: Sequence[str], new_id: Callable[[], UUID]) -> Edited:
    """Return which line of ``after`` is which of ``before`` (``ids`` are those of ``before``).

    Lines equal from the top and from the foot keep their ids; in between ids are kept in order, so
    that a line split by Enter keeps its id above and lines joined keep the upper one's.
    """
    top = _same(before, after)
    foot = _same(before[top:][::-1], after[top:][::-1])
    middle_before = len(before) - top - foot
    middle_after = len(after) - top - foot
    keep = min(middle_before, middle_after)
    kept = list(ids[: top + keep])
    made = [new_id() for _ in range(middle_after - keep)]
    tail = list(ids[len(ids) - foot :]) if foot else []
    gone = tuple(ids[top + keep : len(ids) - foot])
    now = (*kept, *made, *tail)
    changed = tuple(now[at] for at in range(top, len(after) - foot))
    return Edited(now, changed, gone)


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
