"""Many calls from one line of a script: ``flood`` for load, ``earlier`` for the evening before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from console.domain.calls import Presentation
from telephony_adapters.simulator.steps import Answers, CallArrives, HangsUp, Rings, Step
from telephony_adapters.simulator.words import Reader

_SECONDS = {"seconds": 1, "second": 1, "minutes": 60, "minute": 60}
_WAITS = (7, 12, 9, 15, 6, 18, 11)
"""Seconds from offer to answer of the evening's calls, in turn."""
LONGEST_WAIT = 64
"""Seconds the evening's callers wait before they ring off."""
MOST = 10_000

Timed = tuple[timedelta, Step]


@dataclass(frozen=True, slots=True)
class Flood:
    """``flood 1000 calls in 60 seconds to 01632 960001 queue oohs ringing 1001 1002 lasting 2 seconds``."""

    count: int
    span: int
    dialled: str
    queue: str
    extensions: tuple[str, ...]
    lasting: int

    def steps(self, prefix: str) -> Iterator[Timed]:
        """Yield every step with its time after the line's own time."""
        for index in range(self.count):
            call = f"{prefix}-{index}"
            begin = timedelta(seconds=self.span * index / self.count)
            yield begin, _arrives(call, index, self.dialled, self.queue)
            yield begin, Rings(call, self.extensions)
            yield begin + timedelta(seconds=self.lasting), HangsUp(call, "caller")


@dataclass(frozen=True, slots=True)
class Earlier:
    """``earlier 11 to 01632 960001 4 to 01632 960004 in 60 minutes answered by 1004 1005 rang off 1``."""

    counts: tuple[tuple[str, int], ...]
    span: int
    extensions: tuple[str, ...]
    rang_off: int

    def steps(self, prefix: str) -> Iterator[Timed]:
        """Yield every step; calls never overlap, so that nobody is on two at once."""
        turns = _in_turn(self.counts)
        slot = self.span / len(turns)
        for index, dialled in enumerate(turns):
            begin = timedelta(seconds=slot * index)
            lost = index >= len(turns) - self.rang_off
            for after, step in self._one(f"{prefix}-{index}", index, dialled, slot, lost):
                yield begin + timedelta(seconds=after), step

    def _one(self, call: str, index: int, dialled: str, slot: float, lost: bool) -> Iterator[tuple[float, Step]]:
        taker = self.extensions[index % len(self.extensions)]
        yield 0, _arrives(call, 600 + index, dialled, "oohs")
        yield 0, Rings(call, self.extensions)
        if lost:
            yield min(LONGEST_WAIT, slot * 0.8), HangsUp(call, "caller")
            return
        wait = min(_WAITS[index % len(_WAITS)], slot * 0.2)
        yield wait, Answers(call, taker)
        yield slot * 0.8, HangsUp(call, "caller")


def _arrives(call: str, index: int, dialled: str, queue: str) -> CallArrives:
    return CallArrives(call, f"07700900{index % 1000:03d}", Presentation.ALLOWED, dialled, queue)


def _in_turn(counts: tuple[tuple[str, int], ...]) -> list[str]:
    # Spread each line's calls evenly over the hour instead of one line after the other.
    placed = [((i + 0.5) / count, dialled) for dialled, count in counts for i in range(count)]
    return [dialled for _, dialled in sorted(placed)]


def _span(reader: Reader) -> int:
    reader.need("in")
    amount = reader.whole("a number of seconds or minutes")
    unit = reader.take("seconds or minutes")
    if unit not in _SECONDS or not amount:
        raise reader.fail("a time such as 60 seconds should stand here.")
    return amount * _SECONDS[unit]


def _several(reader: Reader, *until: str) -> tuple[str, ...]:
    found = [reader.extension()]
    while reader.more() and reader.peek() not in until:
        found.append(reader.extension())
    return tuple(found)


def read_flood(reader: Reader) -> Flood:
    """Read the words after ``flood``."""
    count = _count(reader)
    reader.need("calls")
    span = _span(reader)
    reader.need("to")
    dialled = reader.number()
    queue = reader.take("the queue's name") if reader.skip("queue") else ""
    reader.need("ringing")
    extensions = _several(reader, "lasting")
    lasting = 2
    if reader.skip("lasting"):
        lasting = reader.whole("a number of seconds")
        reader.need("seconds")
    reader.end()
    return Flood(count, span, dialled, queue, extensions, lasting)


def _count(reader: Reader) -> int:
    count = reader.whole("a number of calls")
    if not 0 < count <= MOST:
        raise reader.fail(f"the number of calls must be between 1 and {MOST}.")
    return count


def read_earlier(reader: Reader) -> Earlier:
    """Read the words after ``earlier``."""
    counts: list[tuple[str, int]] = []
    while reader.peek() != "in":
        count = _count(reader)
        reader.need("to")
        counts.append((_one_number(reader), count))
    if not counts:
        raise reader.fail("how many calls to which number should stand here.")
    span = _span(reader)
    reader.need("answered", "by")
    extensions = _several(reader, "rang")
    rang_off = 0
    if reader.skip("rang", "off"):
        rang_off = reader.whole("how many callers rang off")
    reader.end()
    return Earlier(tuple(counts), span, extensions, rang_off)


def _one_number(reader: Reader) -> str:
    # Two groups only: the next count would otherwise be read as part of the number.
    return reader.take("a number") + reader.take("the second half of the number")
