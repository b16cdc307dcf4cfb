"""Plays a seeded night with its faults, and holds it to the promises I1 to I7 of reliability.md 2.8."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.record import Kind, Stored, StreamKind, StreamRef
from console.services.link_state import Link
from tests.helpers.simulated_world import Night, Place, World

HEALING = 15.0
"""Seconds after the last fault within which everything must be well: about seven heartbeats."""


class BrokenPromise(AssertionError):
    """One of the promises did not hold."""


class Play:
    """One night."""

    def __init__(self, seed: int, night: Night | None = None) -> None:
        self.seed = seed
        self.world = World(seed)
        chances = self.world.random
        self.night = night or replace(Night(), consoles=chances.randint(2, 4), failovers=chances.choice((0, 0, 1, 2)))
        self.places = [Place(self.world, number, self.night) for number in range(self.night.consoles)]

    def run(self) -> Play:
        """Play the night, heal, and check everything."""
        self._plan()
        self.world.run(self.night.seconds)
        self._heal()
        self.world.run(self.night.seconds + HEALING)
        self.check()
        return self

    # --- faults -------------------------------------------------------------------------------

    def _plan(self) -> None:
        night, world = self.night, self.world
        for _ in range(night.kills):
            world.after(world.uniform(2.0, night.seconds - 4), partial(self._kill, world.random.choice(self.places)))
        for _ in range(night.cuts):
            place, length = world.random.choice(self.places), world.uniform(0.5, 8.0)
            world.after(world.uniform(0.0, night.seconds - length), partial(self._cut, place, length))
        for _ in range(night.crashes):
            world.after(world.uniform(1.0, night.seconds - 6), partial(self._crash, world.uniform(0.5, 5.0)))
        for _ in range(night.failovers):
            world.after(world.uniform(5.0, night.seconds - 5), self._fail_over)
        for _ in range(night.full_disks):
            place = world.random.choice(self.places)
            world.after(world.uniform(1.0, night.seconds - 6), partial(self._fill_disk, place))

    def _kill(self, place: Place) -> None:
        if place.life.alive:
            self.check_typing(place)
            place.kill()

    def _cut(self, place: Place, length: float) -> None:
        place.cut = True
        self.world.after(length, partial(setattr, place, "cut", False))

    def _crash(self, length: float) -> None:
        self.world.server.up = False
        self.world.after(length, partial(setattr, self.world.server, "up", True))

    def _fail_over(self) -> None:
        self.world.server.fail_over(self.world.random.randrange(6))

    def _fill_disk(self, place: Place) -> None:
        place.journal.faulty = True
        self.world.after(self.world.uniform(0.5, 4.0), partial(self._free_disk, place))

    def _free_disk(self, place: Place) -> None:
        place.journal.faulty = False
        place.healthy_since = self.world.now

    def _heal(self) -> None:
        self.world.server.up = True
        for place in self.places:
            place.cut, place.journal.faulty = False, False
            place.night = replace(place.night, lose=0.0, repeat=0.0)

    # --- promises -----------------------------------------------------------------------------

    def check(self) -> None:
        """Hold the healed night to every promise."""
        log = self.world.server.log
        for place in self.places:
            self._together(place)
            self._ticks_are_true(place, log)
            self._words_arrived(place, log)
            self._order(place, log)
        self._once(log)
        self._one_owner(log)

    def check_typing(self, place: Place) -> None:
        """I2: typed, and paused for a second, is in the journal (where its disk works)."""
        if place.journal.faulty or self.world.now - place.healthy_since < 2.5:
            return
        durable = place.journal.last_texts()
        for line, typed in place.typed.items():
            old = [text for at, text in typed.texts if at <= self.world.now - 1.1]
            if old:
                self._must(durable.get(line, "").startswith(old[-1]), f"I2: {place.who.name} lost {old[-1]!r}")

    def _together(self, place: Place) -> None:
        """I3: after healing every console has read to the same head, and says so."""
        link = place.ledger.link
        self._must(link.head == self.world.server.head, f"I3: {place.who.name} is at {link.head.seq}")
        self._must(link.link is Link.TOGETHER and not link.waiting, f"I3: {place.who.name} says {link}")
        self._must(link.altered_at == 0, f"{place.who.name} cries altered at {link.altered_at}")
        self._must(link.missing <= self._gone(), f"{place.who.name} misses {link.missing} entries")
        self._must(not link.journal_fault, f"{place.who.name} says {link.journal_fault}")
        mine = {item.id for ref in _streams(place) for item in place.ledger.items(ref) if item.seq}
        self._must(mine == set(self.world.server.ids()), f"{place.who.name} shows another record")

    def _gone(self) -> int:
        """Return how many entries a failover took for good.

        A claim that somebody else made meanwhile is set aside when it is offered again.  An exclusive
        act is not kept before it is decided, and what was written on a full disk is kept nowhere: where
        the console is killed before that is over, nobody can offer it again.  Everything else must come
        back, which the next promise checks journal by journal.
        """
        return len(self.world.server.lost - set(self.world.server.ids()))

    def _ticks_are_true(self, place: Place, log: list[Stored]) -> None:
        """I1: what is ticked is in the log, and everything kept is there or visibly set aside."""
        there = {stored.envelope.id for stored in log}
        self._must(place.ticks() <= there, f"I1: {place.who.name} shows a false tick")
        aside = {entry.id for entry, _ in place.ledger.set_aside()}
        for entry in place.own_entries():
            self._must(entry.id in there or entry.id in aside, f"I1/I6: {entry.kind} of {place.who.name} is nowhere")

    def _words_arrived(self, place: Place, log: list[Stored]) -> None:
        """What a worker typed last is what everybody reads, unless the console was killed within that second."""
        newest: dict[str, str] = {}
        for stored in log:
            if stored.envelope.kind is Kind.INCIDENT_NOTE:
                newest[str(stored.content()["line"])] = str(stored.content()["text"])
        for line, typed in place.typed.items():
            final = typed.texts[-1][1]
            if self.night.kills == 0:
                self._must(newest.get(str(line)) == final, f"{place.who.name}: {newest.get(str(line))!r} for {final!r}")
            else:
                self._must(final.startswith(newest.get(str(line), "")), f"{place.who.name}: words nobody typed")

    def _order(self, place: Place, log: list[Stored]) -> None:
        """I5: per incident an author's own entries keep their order, those too that a failover took away."""
        seqs = {stored.envelope.id: stored.envelope.seq for stored in log}
        last: dict[UUID, int] = {}
        for entry in place.own_entries():
            seq = seqs.get(entry.id)
            if seq is None or entry.kind is Kind.CALL_CLAIMED:
                continue
            self._must(seq > last.get(entry.stream.id, 0), f"I5: {entry.kind} of {place.who.name} came too late")
            last[entry.stream.id] = seq

    def _once(self, log: list[Stored]) -> None:
        """I4: no event twice."""
        twice = [identity for identity, times in Counter(self.world.server.ids()).items() if times > 1]
        self._must(not twice, f"I4: {len(twice)} entries twice")
        self._must([stored.envelope.seq for stored in log] == list(range(1, len(log) + 1)), "I4: a hole in the log")

    def _one_owner(self, log: list[Stored]) -> None:
        """I7: each call has one owner, and nobody was told otherwise (but for what a failover took away)."""
        claims = Counter(s.envelope.stream.id for s in log if s.envelope.kind is Kind.CALL_CLAIMED)
        self._must(all(times == 1 for times in claims.values()), "I7: a call has two owners")
        told = Counter(call for place in self.places for call in place.won)
        if not self.world.server.failovers:
            self._must(all(times == 1 for times in told.values()), "I7: two were told it is theirs")
            self._must(set(told) <= set(claims), "I7: somebody was told of a claim that is not there")

    def _must(self, held: bool, words: str) -> None:
        if not held:
            message = f"night {self.seed}: {words}"
            raise BrokenPromise(message)


def _streams(place: Place) -> list[StreamRef]:
    return [ref for kind in StreamKind for ref in place.ledger.streams(kind)]
