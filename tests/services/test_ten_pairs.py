"""Seeded hands at ten pairs of consoles (issue 4, Show 3): no lost entry, no silent overwrite, always a lead."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.help_requests import HelpRequest
from console.domain.record import Entry
from console.domain.registers import Register
from console.services.help_ledger import HelpLedger
from console.services.incident_record import IncidentRecord
from console.services.link_state import Delivery, Progress
from console.services.notes import NotesService
from console.services.recorder import Recorder
from console.services.writing import Outcome
from tests.helpers.simulated_hands import Hour
from tests.helpers.simulated_promises import BrokenPromise

SHORT = 400.0
"""Seconds of simulated time in the daily run; the long proof plays whole hours."""


@pytest.mark.parametrize("seed", range(500, 504))
def test_three_pairs_lose_nothing_overwrite_nothing_and_agree(seed: int) -> None:
    Hour(seed, pairs=3).run(SHORT)


def test_ten_pairs_lose_nothing_overwrite_nothing_and_agree() -> None:
    Hour(600).run(SHORT)


def test_the_same_on_a_record_in_a_file(tmp_path: Path) -> None:
    Hour(700, "sqlite", tmp_path, pairs=3).run(SHORT)


def test_one_seed_is_one_hour_exactly() -> None:
    ids = [[one.kind for one in Hour(9, pairs=2).run(120).envelopes()] for _ in range(2)]
    assert ids[0] == ids[1]


def test_the_hours_are_as_bad_as_they_are_meant_to_be() -> None:
    told = [Hour(seed, pairs=3).run(SHORT).told for seed in range(500, 503)]
    assert all(len(one.acts) > 12 for one in told)
    assert sum(one.clashes for one in told) > 3
    assert sum(one.beaten for one in told) > 0
    assert sum(one.looks_while_cut for one in told) > 3


@pytest.mark.long("hands")
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("first", range(0, 100, 10))
def test_a_hundred_hours_of_ten_pairs(first: int) -> None:
    for seed in range(first, first + 10):
        Hour(seed).run()


# --- the proof itself ------------------------------------------------------------------------------


def over_whatever_stands(_: IncidentRecord, stands: Register | None, over: Collection[str] | None) -> UUID | None:
    """A sheet that writes over a value that came unseen."""
    return stands.head if stands is not None else None


def tick_everything(_: NotesService, *__: object) -> Progress:
    """A note that says shared of everything."""
    return Progress(Delivery.SHARED)


def take_without_asking(ledger: HelpLedger, state: HelpRequest, then: Callable[[Outcome], None]) -> None:
    """A ledger that says "yours" before the record has answered."""
    then(Outcome(won=True))


_ASK = Recorder.exclusive


def say_yours(recorder: Recorder, entry: Entry, then: Callable[[Outcome], None]) -> None:
    """A console that tells whoever asked for an exclusive act that it is theirs, whatever the answer."""
    _ASK(recorder, entry, lambda _: then(Outcome(won=True)))


def never_draft(_: NotesService, __: object) -> None:
    """Notes that keep nothing while one is typing."""


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (IncidentRecord, "_beneath", over_whatever_stands),
        (NotesService, "progress", tick_everything),
        (HelpLedger, "_take", take_without_asking),
        (Recorder, "exclusive", say_yours),
        (NotesService, "_draft", never_draft),
    ],
)
def test_a_broken_console_is_caught(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, broken: Callable[..., object]
) -> None:
    # A patch, because the point is to see the proof fail on a console that is broken on purpose.
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises(BrokenPromise):
        play_many(range(500, 506))


def play_many(seeds: range) -> None:
    for seed in seeds:
        Hour(seed, pairs=3).run(SHORT)
