"""Priya on the line and Tom beside her at real consoles, for whole sessions however the two work them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from telephony_adapters.simulator import SimulatorControl
from tests.helpers.driven_console import DrivenConsole, Office

SCRIPT = """\
title "A pair at work"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
22:14:00 call first from 07700 900412 to 01632 960001 queue oohs
 rings 1001
22:24:00 caller rings off first
"""
WHERE = "by the reservoir, the second car park"
Hands = TypeVar("Hands")
"""How a worker works a console: by keys, by what a screen reader is told."""
Sitting = Callable[[Office, Callable[[], DrivenConsole]], AbstractContextManager[Hands]]


@dataclass
class Pair(Generic[Hands]):
    """The two, and the telephones."""

    office: Office
    control: SimulatorControl
    priya: Hands
    tom: Hands

    def at(self, **after: int) -> None:
        """Be so far into the script."""
        self.control.jump(self.office.opens + timedelta(**after))


@contextmanager
def two_at_work(office: Office, sits: Sitting[Hands]) -> Iterator[Pair[Hands]]:
    """Let both sit down by ``sits``; no console may have warned when they are done."""
    control = office.telephones(SCRIPT)
    with ExitStack() as stack:
        priya = stack.enter_context(sits(office, office.priya))
        tom = stack.enter_context(sits(office, office.tom))
        yield Pair(office, control, priya, tom)
        office.check()
