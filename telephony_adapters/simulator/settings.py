"""What a person may set about the simulator."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Times(StrEnum):
    """Which time events carry."""

    NOW = "now"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """The settings page and the command line are made from these fields."""

    script: str = field(
        default="script_a",
        metadata={"help": "script file to play, or the name of one that comes with Nightdesk", "secret": False},
    )
    speed: float = field(
        default=1.0,
        metadata={"help": "how many times faster than real time the script plays", "secret": False},
    )
    times: Times = field(
        default=Times.NOW,
        metadata={"help": "now: calls carry today's time; script: the times written in it", "secret": False},
    )
    earlier: bool = field(
        default=False,
        metadata={
            "help": "also tell the calls before the script opens; whoever signs in has them to finish",
            "secret": False,
        },
    )
    address: str = field(
        default="",
        metadata={
            "help": "127.0.0.1:PORT of a simulator that consoles here share, with its own script",
            "secret": False,
        },
    )
