"""Seeded nights: consoles killed, networks cut, disks full, servers that go back (reliability.md 2.8)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.domain.record import Stored
from console.services.following import Following, Reading
from console.services.keeping import Keeper
from console.services.notes import NotesService
from console.services.outbox import Batch, Outbox
from console.services.sending import Sending
from tests.helpers.simulated_night import BrokenPromise, Play
from tests.helpers.simulated_server import digest_of

SEEDS = [
    int(line.split()[0])
    for line in (Path(__file__).parent / "failing_seeds.txt").read_text(encoding="utf-8").splitlines()
    if line[:1].isdigit()
]
BLOCK = 30
NIGHTS = 300
LONG_NIGHTS = 10_000

pytestmark = pytest.mark.expects_log


@pytest.mark.parametrize("first", range(100_000, 100_000 + NIGHTS, BLOCK))
def test_every_promise_holds_through_any_night(first: int) -> None:
    for seed in range(first, first + BLOCK):
        Play(seed).run()


@pytest.mark.parametrize("seed", SEEDS)
def test_nights_that_once_broke_a_promise_break_none(seed: int) -> None:
    Play(seed).run()


def test_one_seed_is_one_night_exactly() -> None:
    ids = [(stored.envelope.author, stored.envelope.kind, stored.body) for stored in Play(7).run().world.server.log]
    again = [(stored.envelope.author, stored.envelope.kind, stored.body) for stored in Play(7).run().world.server.log]
    assert ids == again
    assert digest_of(Play(7).run().world.server.log) != digest_of(Play(8).run().world.server.log)


def test_the_nights_are_as_bad_as_they_are_meant_to_be() -> None:
    plays = [Play(seed).run() for seed in range(200_000, 200_020)]
    assert sum(len(play.world.server.log) for play in plays) > 1_000
    assert sum(len(play.world.server.lost) for play in plays) > 10
    assert sum(one.lines for play in plays for place in play.places for one in place.restored) > 2
    assert sum(len(place.won) for play in plays for place in play.places) > 20
    assert sum(place.asked - place.answers for play in plays for place in play.places) < 20


def forget_to_offer_again(sending: Sending, to: int, *, dropping: bool = True) -> None:
    """A core that goes back and does not offer own entries again."""
    sending._era += 1


def believe_everything(following: Following, entries: tuple[Stored, ...]) -> Reading:
    """A core that takes what comes, holes and old news included."""
    return Reading(accepted=list(entries))


def lose_what_failed(outbox: Outbox, number: int, now: float) -> Batch | None:
    """An outbox that takes a failed batch for a sent one."""
    batch = outbox._on_its_way
    outbox._on_its_way = None
    for entry in batch.entries if batch is not None else ():
        outbox.remove(entry.id)
    return batch


def never_draft(notes: NotesService, line: Any) -> None:
    """Notes that keep nothing while one is typing."""


def give_up(keeper: Keeper, problem: Exception) -> None:
    """A keeper that never tries again."""
    keeper._busy, keeper._faulty = False, True


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (Sending, "go_back", forget_to_offer_again),
        (Following, "read", believe_everything),
        (Outbox, "away", lose_what_failed),
        (NotesService, "_draft", never_draft),
        (Keeper, "_fault", give_up),
    ],
)
def test_a_broken_console_is_caught(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, broken: Callable[..., object]
) -> None:
    # A patch, because the point is to see the proof fail on a console that is broken on purpose.
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises((BrokenPromise, KeyError)):
        play_many(60)


def play_many(nights: int) -> None:
    for seed in range(nights):
        Play(seed).run()


@pytest.mark.long("nights")
@pytest.mark.timeout(7_200)
def test_ten_thousand_nights() -> None:
    play_many(LONG_NIGHTS)
