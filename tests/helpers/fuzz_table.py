"""Prints how many damaged streams keep every invariant: ``python -m tests.helpers.fuzz_table --seeds 100``.

Every recording of both switchboards is damaged by each seed: messages lost, repeated, swapped with the next, the end
cut off, the link lost and found again anywhere.  A seed that breaks an invariant is kept in :data:`KEPT`, which the
daily tests replay.  The seeds mean what they mean to ``stream_damage.mutant_of``: changing that changes them all.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.helpers.fuzzing import (
    INVARIANTS,
    RAISED,
    SNAPSHOT,
    STREAM_TWICE,
    STREAMS,
    faults_of_seed,
    snapshots,
    stream_told_twice,
)

KEPT = Path(__file__).parents[1] / "data" / "kept_seeds.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A seed that once broke an invariant of a recording."""

    stream: str
    seed: int
    broke: str


def kept_seeds() -> list[Kept]:
    """Return every seed kept."""
    return [Kept(**one) for one in json.loads(KEPT.read_text(encoding="utf-8"))]


def _keep(found: Sequence[Kept]) -> None:
    known = kept_seeds()
    known += [one for one in found if one not in known]
    KEPT.write_text(json.dumps([asdict(one) for one in known], indent=1) + "\n", encoding="utf-8")


def tried(seeds: range) -> tuple[list[str], list[Kept]]:
    """Try every recording with every seed; return the table's lines and what was broken."""
    broken = [
        Kept(name, seed, RAISED if fault.startswith(RAISED) else fault)
        for name in STREAMS
        for seed in seeds
        for fault in faults_of_seed(name, seed)
    ]
    mutants = len(STREAMS) * len(seeds)
    wrong = Counter(one.broke for one in broken)
    lines = [_line(invariant, mutants, wrong[invariant]) for invariant in (RAISED, *INVARIANTS)]
    twice = [stream_told_twice(name) for name in STREAMS]
    moments = [right for name in STREAMS for _, right in snapshots(name)]
    lines.append(_line(STREAM_TWICE, len(twice), twice.count(False)))
    lines.append(_line(SNAPSHOT, len(moments), moments.count(False)))
    return lines, broken


def _line(invariant: str, count: int, wrong: int) -> str:
    return f"{invariant:<72}{count:>9}{wrong:>12}"


def main(words: Sequence[str]) -> int:
    """Print the table; return 1 where anything was broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=100, metavar="N", help="how many seeds for each recording")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first of them")
    args = parser.parse_args(words)
    seeds = range(args.first, args.first + args.seeds)
    lines, broken = tried(seeds)
    head = f"{len(STREAMS)} recordings, seeds {seeds[0]} to {seeds[-1]}"
    print("\n".join([f"{head:<72}{'tried':>9}{'violations':>12}", *lines]))
    for one in broken:
        print(f"{one.stream}, seed {one.seed} broke: {one.broke}")
    _keep(broken)
    return int(any(not line.endswith(" 0") for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
