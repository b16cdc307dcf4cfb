"""Several requests that are one action: what became of it is told once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from console.ports.switchboard import ActionAnswer, Answer

M = TypeVar("M")


def told_once(
    count: int, refusal: Callable[[M], ActionAnswer | None], then: Callable[[ActionAnswer], None]
) -> Callable[[M], None]:
    """Return what takes the answers of ``count`` requests; ``then`` is told by the first refusal or the last answer.

    ``refusal`` reads an answer: None where it was granted.
    """
    left = count
    told = False

    def answered(message: M) -> None:
        nonlocal left, told
        refused = refusal(message)
        left -= 1
        if not told and (refused is not None or left == 0):
            told = True
            then(refused or ActionAnswer(Answer.ACCEPTED))

    return answered
