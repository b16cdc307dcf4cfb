"""What ``nightdesk rehearse`` was asked for, and what every way of rehearsing does with it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console.domain.rehearsal_review import Review
from console.domain.rehearsal_words import Played, review_lines, review_values
from console.domain.text import BadInput
from telephony_adapters.simulator.rehearsal import Rehearsal, Seat
from ui.bootstrap.rehearsal.folder import Folder
from ui.bootstrap.rehearsal.room import Room
from ui.started import started

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RehearseOptions:
    """``seat`` empty: the script's own trainee.  ``unattended``: nobody trains, the script plays every desk."""

    script: str
    seat: str = ""
    with_second: bool = False
    unattended: bool = False
    speed: float = 1.0
    json: bool = False


def by_hand(script: Rehearsal, options: RehearseOptions) -> frozenset[str]:
    """Return the seats of those who train.  Raises ``BadInput``."""
    if options.unattended:
        return frozenset()
    first = options.seat or script.trainee
    if first not in script.seats:
        known = ", ".join(script.seats)
        message = f"--as {first}: this script has no such seat; its seats are {known}.  Nothing was started."
        raise BadInput(message)
    if not options.with_second:
        return frozenset({first})
    other = next(key for key in (script.second, script.trainee) if key != first)
    return frozenset({first, other})


def played(script: Rehearsal, hands: frozenset[str], speed: float) -> Played:
    """Return what the review says was played."""
    who = (
        f"{seat.name} ({seat.role.value.replace('_', ' ')}): {'a trainee' if key in hands else 'played by the script'}"
        for key, seat in script.seats.items()
    )
    return Played(script.title, tuple(who), speed)


def keep_review(folder: Folder, review: Review, about: Played) -> None:
    """Write the review beside the rehearsal's record, in words and for a program."""
    folder.review.write_text("\n".join(review_lines(review, about)) + "\n", encoding="utf-8")
    text = json.dumps(review_values(review, about), indent=1, ensure_ascii=False)
    folder.review_values.write_text(text + "\n", encoding="utf-8")


def console_command(room: Room, seat: Seat) -> str:
    """Return the command that opens a console of this computer at a seat, as this program was started."""
    words = (
        "console", "--rehearsal", "--switchboard", "simulator", "--set", f"address={room.address}",
        "--database", str(room.folder.record), "--name", seat.name, "--role", seat.role.value,
        "--extension", seat.extension, "--as", seat.screen,
    )  # fmt: skip
    return f"NIGHTDESK_HOME={shlex.quote(str(room.folder.home(seat.key).root))} {started()} {shlex.join(words)}"


def joining(room: Room, hands: frozenset[str]) -> dict[str, Any]:
    """Return how those who train come in with consoles of their own."""
    seats = room.script.seats
    return {
        "folder": str(room.folder.root),
        "database": str(room.folder.record),
        "address": room.address,
        "join": {key: console_command(room, seats[key]) for key in sorted(hands)},
    }
