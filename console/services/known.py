"""What two people know together: facts once, hooks and promises, and the line that drops."""

from __future__ import annotations

from dataclasses import dataclass

from console.ports.clock import Clock
from console.services.caller_rings import CallerRings
from console.services.calls_out import CallsOut
from console.services.facts_once import FactsOnce
from console.services.hooks import Hooks
from console.services.line_drops import DropParts, LineDrops
from console.services.ring_safety import RingSafety


@dataclass(frozen=True, slots=True)
class Known:
    """The services, for the worker of one desk."""

    facts: FactsOnce
    hooks: Hooks
    drops: LineDrops
    callers: CallerRings
    calls_out: CallsOut
    safety: RingSafety


def known(parts: DropParts, clock: Clock) -> Known:
    """Return the services over ``parts``."""
    facts = FactsOnce(parts.incidents, parts.folds, clock)
    hooks = Hooks(parts.recording, parts.folds, clock)
    calls_out = CallsOut(parts, clock)
    return Known(facts, hooks, LineDrops(parts), CallerRings(parts, calls_out), calls_out, parts.safety)
