"""Prints every scenario against what ``nightdesk watch --calls`` tells: ``python -m tests.helpers.scenario_table``.

One line for each scenario and place where it was heard: the recordings of both switchboards, and with ``--live FOLDER``
(the folder of a real Asterisk's Debian, once for each) a switchboard on which it is played now, some three minutes for
all.  Each field is right or wrong; the truth is the driver's, never our own output.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.helpers import esl_streams, recordings
from tests.helpers.pbx.scenarios import SCENARIOS, theatre
from tests.helpers.recordings import Checked, compare


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario in one place; ``failed`` says why it could not be played."""

    scenario: str
    place: str
    checked: tuple[Checked, ...]
    failed: str = ""

    def line(self) -> str:
        """Return the row as it is printed."""
        right = list(dict.fromkeys(one.field for one in self.checked if one.right))
        wrong = [f"{one.field} should be {one.wanted}, is {one.found}" for one in self.checked if not one.right]
        told = [f"WRONG {fault}" for fault in (*wrong, *([self.failed] if self.failed else []))]
        count = f"{sum(one.right for one in self.checked)} right, {len(told)} wrong"
        return f"{self.scenario:<28}{self.place:<30}{count:<22}{'; '.join(told) or ' '.join(right)}"

    @property
    def wrong(self) -> int:
        """Return how many fields are wrong."""
        return sum(not one.right for one in self.checked) + bool(self.failed)


def recorded() -> Iterator[Row]:
    """Yield a row for every recording of both switchboards."""
    for one in recordings.recordings():
        yield Row(one.name, one.set, tuple(compare(one, recordings.reports_of(one))))
    for other in esl_streams.STREAMS:
        yield Row(other.name, other.set, tuple(compare(other, recordings.reports_of(other))))


def live(root: Path, names: Iterable[str]) -> Iterator[Row]:
    """Play scenarios on a real Asterisk, and yield a row for each."""
    with theatre(root) as opened:
        version = re.search(r"\d+\.\d+\.\d+", opened.live.pbx.cli("core show version"))
        place = f"Asterisk {version.group() if version else '?'} live"
        for name in names:
            try:
                yield Row(name, place, tuple(opened.play(name)))
            except AssertionError as failed:
                yield Row(name, place, (), f"it could not be played: {failed}")


def summary(rows: Sequence[Row]) -> list[str]:
    """Return one line for each place."""
    scenarios, right, wrong = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        scenarios[row.place] += 1
        right[row.place] += sum(one.right for one in row.checked)
        wrong[row.place] += row.wrong
    lines = [f"{'heard on':<32}{'scenarios':>10}{'fields right':>14}{'wrong':>8}"]
    lines += [f"{place:<32}{scenarios[place]:>10}{right[place]:>14}{wrong[place]:>8}" for place in scenarios]
    return [*lines, f"{'all':<32}{scenarios.total():>10}{right.total():>14}{wrong.total():>8}"]


def main(words: Sequence[str]) -> int:
    """Print the table; return 1 where a field is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--live", type=Path, action="append", default=[], metavar="FOLDER", help="play them here too")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, metavar="SCENARIO", help="play these alone")
    args = parser.parse_args(words)
    rows = []
    for row in (*(live(root, args.only or SCENARIOS) for root in args.live), recorded()):
        for one in row:
            print(one.line(), flush=True)
            rows.append(one)
    print("\n".join(["", *summary(rows)]))
    return int(any(row.wrong for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
