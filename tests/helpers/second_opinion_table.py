"""Prints each difference between cacofonisk and us, explained: ``python -m tests.helpers.second_opinion_table``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.helpers.recordings import recordings
from tests.helpers.second_opinion import LIBRARY, ask_anew, differences, kept
from tests.helpers.second_opinion_explained import explanation


def main(words: Sequence[str]) -> int:
    """Print every difference with its explanation; return 1 where one has none."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fetch", action="store_true", help=f"ask {LIBRARY} anew, in an environment of its own")
    if parser.parse_args(words).fetch:
        ask_anew()
    found, same, unexplained = 0, 0, 0
    for recording in recordings():
        of_it = list(differences(recording, kept()[str(recording)]))
        same += not of_it
        for one in of_it:
            found += 1
            why = explanation(one)
            unexplained += not why
            print(f"{one.recording:<38}{one.field:<13}ours {one.ours!s}; theirs {one.theirs!s}: {why or 'UNEXPLAINED'}")
    print(f"{len(recordings())} recordings, {same} told the same, {found} differences, {unexplained} unexplained")
    return int(bool(unexplained))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
