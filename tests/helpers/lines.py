"""One switchboard as the processes of a test hear it: each on a line of its own, all told the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Self, TypeVar

from tests.helpers.driven_console import PATIENCE
from tests.helpers.fake_asterisk import FakeAsterisk
from tests.helpers.fake_freeswitch import FakeFreeSwitch

F = TypeVar("F", FakeAsterisk, FakeFreeSwitch)
Told = dict[str, str | int | bool]
"""The settings of an adapter."""


class Lines(Generic[F]):
    """``with`` it: :meth:`line` begins one more, and all end with it."""

    def __init__(self, begin: Callable[[int], F], account: Told, last: str) -> None:
        """``begin`` makes one end, on a port or a free one; ``last`` is what is asked last before a line is live."""
        self._begin: Callable[[int], F] = begin
        self._account = account
        self._last = last
        self._ends: dict[int, F] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    @property
    def ends(self) -> tuple[F, ...]:
        """Return the switchboard's end of each line, in the order in which they were begun."""
        return tuple(self._ends.values())

    def line(self) -> Told:
        """Return what reaches the switchboard on one more line."""
        end = self._begin(0).__enter__()
        self._ends[end.port] = end
        return {"host": "127.0.0.1", "port": end.port, **self._account}

    def heard(self) -> None:
        """Wait until the newest line is live."""
        self.ends[-1].wait_for(self._last, seconds=PATIENCE)

    def play(self, data: bytes) -> None:
        """Send the same to everybody."""
        for end in self.ends:
            end.play(data)

    def cut(self) -> None:
        """Let nobody answer on any line."""
        for end in self.ends:
            end.__exit__(None, None, None)

    def back(self) -> None:
        """Answer again on every line, at the address it had."""
        self._ends = {port: self._begin(port).__enter__() for port in self._ends}
