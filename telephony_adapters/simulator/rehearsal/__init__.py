"""Scripts of rehearsals: a crisis in scenes, each of which waits for what a trainee does."""

from __future__ import annotations

from telephony_adapters.simulator.rehearsal.people import Invented, batch_of, whose_lines
from telephony_adapters.simulator.rehearsal.playing import Playing
from telephony_adapters.simulator.rehearsal.protocol import load_rehearsal, parse_rehearsal, rehearsal_names
from telephony_adapters.simulator.rehearsal.steps import Line, Rehearsal, Scene, Seat

__all__ = [
    "Invented",
    "Line",
    "Playing",
    "Rehearsal",
    "Scene",
    "Seat",
    "batch_of",
    "load_rehearsal",
    "parse_rehearsal",
    "rehearsal_names",
    "whose_lines",
]
