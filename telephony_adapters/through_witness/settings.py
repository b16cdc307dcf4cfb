"""What a person sets about telephones that are heard through the shared record."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ThroughWitnessSettings:
    """The settings page and the command line are made from these fields."""

    silent_s: float = field(
        default=150.0,
        metadata={"help": "seconds without a word of any witness after which the screen says so", "secret": False},
    )
    answer_s: float = field(
        default=12.0,
        metadata={"help": "seconds for the answer to a request, then: no confirmation", "secret": False},
    )
