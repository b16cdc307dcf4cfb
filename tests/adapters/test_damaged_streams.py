"""Every recording of both switchboards, damaged: what must hold of every stream (telephony.md 5).

``python -m tests.helpers.fuzz_table`` tries thousands and keeps what it breaks; here the kept ones and a few more.
"""

from __future__ import annotations

import pytest

from tests.helpers.fuzz_table import Kept, kept_seeds
from tests.helpers.fuzzing import STREAMS, faults_of_seed, play, snapshots
from tests.helpers.stream_damage import Damage, Mutant, mutant_of

FEW = range(1000, 1006)
"""Seeds of each day; those of the table begin with 0."""


@pytest.mark.parametrize("kept", kept_seeds(), ids=lambda kept: f"{kept.stream}-{kept.seed}")
def test_what_was_broken_once_holds(kept: Kept) -> None:
    assert faults_of_seed(kept.stream, kept.seed) == []


@pytest.mark.parametrize("name", STREAMS)
def test_damaged_and_cut_and_reconnected_it_breaks_nothing(name: str) -> None:
    assert {seed: found for seed in FEW if (found := faults_of_seed(name, seed))} == {}


@pytest.mark.parametrize("name", STREAMS)
def test_a_snapshot_at_every_quiet_moment_is_what_the_stream_came_to(name: str) -> None:
    assert [place for place, right in snapshots(name) if not right] == []


@pytest.mark.parametrize("name", ["22:q_answered", "freeswitch-1.10:q_answered"])
def test_a_lost_hangup_is_noticed_as_what_it_is(name: str) -> None:
    """The machinery can see a fault: without the caller's end, the call goes on until the stream does."""
    whole = play(name, Mutant(()))
    assert [call.outcome for call in whole.book.calls()] != [None]
    cut = play(name, Mutant((Damage("cut", 0.5),)))
    assert cut.facts != whole.facts


def test_a_seed_is_the_same_mutant_every_time() -> None:
    assert mutant_of("22:q_answered", 7) == mutant_of("22:q_answered", 7)
    assert len({mutant_of("22:q_answered", seed) for seed in range(50)}) > 40
