"""A whole script at once, without a thread or a clock: what a recording of it would hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from telephony_adapters.simulator import mapping
from telephony_adapters.simulator.exchange import Exchange
from telephony_adapters.simulator.protocol import load
from telephony_adapters.simulator.steps import Script, SwitchboardBack, SwitchboardLost

BOOT = "sim"


def replay(path: Path, settings: object) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield every fact of the script at ``path`` with its time.  Raises ``BadScript``."""
    yield from facts_of(load(path))


def facts_of(script: Script) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield what one console hears of the whole script; while the switchboard is lost it hears nothing."""
    exchange = Exchange(BOOT, dict(script.phones))
    begins = script.happenings[0].at
    yield begins, LinkChanged(begins, LinkState.CONNECTED, boot=BOOT)
    known: frozenset[str] | None = None
    for happening in script.happenings:
        step, at = happening.step, happening.at
        if isinstance(step, SwitchboardLost):
            known = frozenset(exchange.calls)
            yield at, LinkChanged(at, LinkState.LOST)
        elif isinstance(step, SwitchboardBack) and known is not None:
            yield at, LinkChanged(at, LinkState.CONNECTED, boot=BOOT)
            yield from ((at, fact) for fact in exchange.snapshot(at, known))
            known = None
        elif step is not None:
            heard = known is None
            yield from ((at, fact) for fact in mapping.play(exchange, step, at) if heard)
