"""The table of the bench: figures, their limits, their aims, as words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Stat(StrEnum):
    """Which figure of many measurements an aim speaks of."""

    MEDIAN = "p50"
    P95 = "p95"
    P99 = "p99"


@dataclass(frozen=True, slots=True)
class Figures:
    """What many measurements come to; one measurement alone is all three.  ``count`` says how many there were."""

    count: int
    p50: float
    p95: float
    p99: float

    def of(self, stat: Stat) -> float:
        """Return the figure an aim speaks of."""
        match stat:
            case Stat.MEDIAN:
                return self.p50
            case Stat.P95:
                return self.p95
            case Stat.P99:
                return self.p99


def figures(samples: Sequence[float]) -> Figures:
    """Return p50, p95 and p99 by nearest rank: each is a value that really was measured."""
    ordered = sorted(samples)
    if not ordered:
        raise ValueError("nothing was measured")
    p50, p95, p99 = (ordered[min(len(ordered) - 1, round(part * len(ordered)))] for part in (0.5, 0.95, 0.99))
    return Figures(len(ordered), p50, p95, p99)


def single(value: float) -> Figures:
    """Return the figures of one measurement."""
    return Figures(1, value, value, value)


@dataclass(frozen=True, slots=True)
class Aim:
    """At most ``most``, in the row's unit; or, where ``relative``, at most so many times the limit.

    ``never`` is a second bound that may not be passed in any run, ``times`` one in times the limit; 0: there is none.
    """

    most: float
    stat: Stat = Stat.P99
    relative: bool = False
    never: float = 0.0
    times: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line: ours, the limit measured in the same run, and what was aimed at.

    ``limit_is`` says in words what was measured as the limit.  A rate (``more_is_better``) has the
    ratio turned round, so that 1 is the limit and more is worse everywhere.
    """

    key: str
    what: str
    unit: str
    ours: Figures
    limit_is: str
    limit: Figures
    aim: Aim | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def stat(self) -> Stat:
        """Return the figure that ratio and aim are about."""
        return self.aim.stat if self.aim is not None else Stat.MEDIAN

    @property
    def ratio(self) -> float:
        """Return how many times the limit ours is."""
        ours, limit = self.ours.of(self.stat), self.limit.of(self.stat)
        if self.more_is_better:
            ours, limit = limit, ours
        return ours / limit if limit else float("inf")

    @property
    def met(self) -> bool | None:
        """Say whether the aim was met; None where there is none."""
        aim = self.aim
        if aim is None:
            return None
        near = not aim.times or self.ratio <= aim.times
        return near and (self.ratio if aim.relative else self.ours.of(self.stat)) <= aim.most


def missed(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows whose aim was missed."""
    return tuple(row for row in rows if row.met is False)


def aim_words(row: Row) -> str:
    """Return ``p99 20 ms``, ``1.6 x the limit``, or nothing."""
    aim = row.aim
    if aim is None:
        return ""
    if aim.relative:
        return f"{aim.most:g} x the limit"
    which = "" if row.ours.count == 1 else f"{aim.stat.value} "
    never = f", never {aim.never:g}" if aim.never else ""
    times = f", {aim.times:g} x the limit" if aim.times else ""
    return f"{which}{aim.most:g} {row.unit}{never}{times}"


def number(value: float) -> str:
    """Return a figure with as many digits as it deserves."""
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


HEADS = ("what", "unit", "p50", "p95", "p99", "limit p50", "p99", "ratio", "aim", "met")


def lines(rows: Sequence[Row]) -> list[str]:
    """Return the table as text, each row's limit in words under it."""
    cells = [_cells(row) for row in rows]
    widths = [max(len(line[at]) for line in (HEADS, *cells)) for at in range(len(HEADS))]
    out = [_line(HEADS, widths), _line(tuple("-" * width for width in widths), widths)]
    for row, line in zip(rows, cells, strict=True):
        out.append(_line(line, widths))
        out.append(f"  beside {row.limit_is}" + (f" ({row.note})" if row.note else ""))
    return out


def _cells(row: Row) -> tuple[str, ...]:
    alone = row.ours.count == 1
    ours = ("", "", number(row.ours.p99)) if alone else tuple(map(number, (row.ours.p50, row.ours.p95, row.ours.p99)))
    few = row.limit.count == 1
    limit = ("", number(row.limit.p99)) if few else (number(row.limit.p50), number(row.limit.p99))
    met = {True: "yes", False: "NO", None: ""}[row.met]
    return (row.what, row.unit, *ours, *limit, f"{row.ratio:.2f}", aim_words(row), met)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    middle = [cell.rjust(width) for cell, width in zip(cells[1:8], widths[1:8], strict=True)]
    last = [cell.ljust(width) for cell, width in zip(cells[8:], widths[8:], strict=True)]
    return "  ".join((first, *middle, *last)).rstrip()


def as_json(row: Row) -> dict[str, Any]:
    """Return a row for a program."""
    aim = row.aim
    return {
        "name": row.key,
        "what": row.what,
        "unit": row.unit,
        **_figures_json(row.ours),
        "limit": {"what": row.limit_is, **_figures_json(row.limit)},
        "ratio": round(row.ratio, 4),
        "aim": aim
        and {
            "most": aim.most,
            "of": aim.stat.value,
            "times_the_limit": aim.relative,
            "never": aim.never,
            "times": aim.times,
        },
        "met": row.met,
        "note": row.note,
    }


def _figures_json(found: Figures) -> dict[str, Any]:
    return {"count": found.count, **{name: round(getattr(found, name), 4) for name in ("p50", "p95", "p99")}}
