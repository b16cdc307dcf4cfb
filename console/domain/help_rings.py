"""That somebody was rung about a request for help, and what came of it, as the telephones tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.domain.call_tracks import OUTSIDE
from console.domain.calls import Call, CallOutcome
from console.domain.items import Item
from console.domain.reading import text
from console.domain.words import clock_words


class Rang(StrEnum):
    """What came of a call that a worker placed; ``ASKED`` while nothing is known yet."""

    ASKED = "asked"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    ENGAGED = "engaged"
    FAILED = "failed"
    NOT_KNOWN = "not_known"


RANG_WORDS: Mapping[Rang, str] = {
    Rang.ASKED: "no word yet",
    Rang.ANSWERED: "answered",
    Rang.NO_ANSWER: "no answer",
    Rang.ENGAGED: "engaged",
    Rang.FAILED: "could not be connected",
    Rang.NOT_KNOWN: "not known whether they answered",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """The newest ring about a request: when, by which worker, and what came of it."""

    at: datetime
    by: str
    what: Rang

    @property
    def words(self) -> str:
        """Return ``Rang 22:19: no answer``."""
        return f"Rang {clock_words(self.at)}: {RANG_WORDS[self.what]}"


def rang_of(item: Item) -> Rang | None:
    """Return what an entry says of a ring, None where it says nothing; a newer console's word counts as not known."""
    written = text(item.content, "rang")
    if not written:
        return None
    try:
        return Rang(written)
    except ValueError:
        return Rang.NOT_KNOWN


def came_of(call: Call) -> Rang:
    """Return what came of a call to somebody outside, as far as the telephones have told."""
    if OUTSIDE in call.answered_by:
        return Rang.ANSWERED
    if call.live:
        return Rang.ASKED
    own = call.caller.number
    if own in call.rang and own not in call.answered_by:
        # Our own telephone rang first and was not lifted: nobody outside was rung.
        return Rang.NOT_KNOWN
    return _ENDED.get(call.outcome, Rang.NOT_KNOWN) if call.outcome is not None else Rang.NOT_KNOWN


_ENDED: Mapping[CallOutcome, Rang] = {
    CallOutcome.NO_ANSWER: Rang.NO_ANSWER,
    # Whoever rang gave up before anybody answered.
    CallOutcome.ABANDONED: Rang.NO_ANSWER,
    CallOutcome.REJECTED: Rang.NO_ANSWER,
    CallOutcome.BUSY: Rang.ENGAGED,
    CallOutcome.FAILED: Rang.FAILED,
}


def ring_words(name: str, at: datetime, what: Rang) -> str:
    """Return ``Rang Crisis team at 22:19: no answer``; while nothing is known only that they were rung."""
    if what is Rang.ASKED:
        return f"Rang {name}"
    return f"Rang {name} at {clock_words(at)}: {RANG_WORDS[what]}"
