"""Whether signals can be read to the chosen device: which it is, which there are, what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence

from console.machine.ear import HANDSET, Ear, card_of, outputs
from ui.bootstrap.doctor.checking import Facts, Finding, State
from ui.settings import Settings

KEY = "signals"
_SHOWN = 6


def signals(settings: Settings, ear: Ear | None = None) -> Sequence[Finding]:
    """Say whether signals could be read aloud; plays nothing.  ``ear`` is the chosen device, unless a test has one."""
    there = outputs()
    names = [one.name for one in there]
    ear = ear or Ear(settings.speech_device, settings.telephone_device)
    facts: Facts = {
        "wanted": settings.signals_aloud,
        "device": ear.device,
        "telephone": settings.telephone_device,
        "devices": "; ".join(f"{one.name} ({one.says})" for one in there),
    }
    choice = f"set `speech_device` to one of: {', '.join(_first(names))}" if names else ""
    if not settings.signals_aloud:
        means = "the setting `signals_aloud` is off; signals are silent"
        return [Finding(KEY, State.NOT_ASKED, f"{means}; {_there(names)}", facts=facts)]
    why = ear.why_not()
    facts = {**facts, "able": not why}
    if why:
        return [Finding(KEY, State.NOT_WELL, why, choice, facts)]
    return [Finding(KEY, State.WELL, f"signals are read to {ear.device}; {_when(ear, settings)}", facts=facts)]


def _first(names: Sequence[str]) -> list[str]:
    """The names by which a card takes any sound stand first."""
    return sorted(names, key=lambda name: not name.startswith("plughw"))[:_SHOWN]


def _there(names: Sequence[str]) -> str:
    return f"devices to choose from: {', '.join(_first(names))}" if names else "there is no device to choose"


def _when(ear: Ear, settings: Settings) -> str:
    if not ear.shares_telephone():
        other = "a handset" if settings.telephone_device == HANDSET else card_of(settings.telephone_device)
        said = f"calls go through {other}, so they are read during a call too"
    else:
        said = "never while its worker is on a call"
    return f"{said}{'; its microphone is open now, so nothing would be read' if ear.is_open() else ''}"
