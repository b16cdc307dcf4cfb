"""What is said of a number that somebody types, before it is rung: whether that is safe, in words.

The words are those of ringing back (:mod:`console.domain.ring_back`): one number is told of in one way everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.lines import Number, NumberKind
from console.domain.ring_back import READ_FIRST, RingingBack
from console.domain.ring_safety import Safety


@dataclass(frozen=True, slots=True)
class TypedSafety:
    """Of the number ``typed``, as it was typed: ``state`` in a few words, ``more`` is a sentence or nothing.

    ``safety`` is None where it is not known, or not yet.
    """

    typed: str = ""
    state: str = "Looked up once the number is whole"
    more: str = "Whether it is safe to ring is said here, before it is rung."
    safety: Safety | None = None


def looking_up(typed: str) -> TypedSafety:
    """Return that the answer is on its way."""
    return TypedSafety(typed, "Being looked up", "Whether it is safe to ring is said here in a moment.")


def without_looking(typed: str, number: Number) -> TypedSafety | None:
    """Return what is said of a number that is no person's; None where it has to be looked up."""
    match number.kind:
        case NumberKind.EMERGENCY:
            state = f"Emergency number: ring {number.canonical} on your handset"
            return TypedSafety(typed, state, "This program never rings one.", Safety.NEVER)
        case NumberKind.EXTENSION:
            return TypedSafety(typed, "A telephone of your own", "Rung freely: nothing is looked up.", Safety.FREELY)
        case NumberKind.SPECIAL:
            return TypedSafety(typed, "A public service", "Rung freely: nothing is looked up.", Safety.FREELY)
        case NumberKind.E164:
            return None
        case _:
            return TypedSafety(typed, "No number that can be dialled as it stands", "Look at it, or use your handset.")


def of_ringing(typed: str, made: RingingBack) -> TypedSafety:
    """Return whether a number that was looked up may be rung, and what is to be read first."""
    head, _, said = made.state.partition(": ")
    if not made.armed:
        written = f"Of this number is written: {said}. " if said else ""
        return TypedSafety(typed, _begun(head), f"{written}It is not rung from here.", Safety.NEVER)
    if not made.rule:
        return TypedSafety(typed, _begun(made.state), "", Safety.FREELY)
    # The words of a rule may be long: they are the sentence, and not said twice.
    state = head if head == READ_FIRST else f"{READ_FIRST}; {made.state}"
    return TypedSafety(typed, _begun(state), made.rule, Safety.RULE)


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
