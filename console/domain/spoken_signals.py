"""What of the silent signals may be read aloud, to whom, and in which words (decision 0034).

The words come from the service's own set alone.  What an entry carries, whatever was typed, and what the ledger of
help knows are never spoken: they stand on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from console.domain.help_kinds import HELP_LABELS
from console.domain.incidents import IncidentRole, IncidentState
from console.domain.signal_set import Reach, SignalSet
from console.domain.signals import Signal

STRANGE = "A signal, look at the screen"
"""Said of a signal that this service's set does not know: a newer console's, or another set's."""
ANSWERED = "Your signal is answered"
"""Said of an answer in words of somebody's own."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One phrase for one entry of the record; of several, the one with the highest ``seq`` is the newest.

    ``on_screen`` is True where the second worker's screen announces it to a screen reader by itself.
    """

    entry: UUID
    seq: int
    phrase: str
    on_screen: bool = False


def signal_phrases(given: SignalSet) -> frozenset[str]:
    """Return everything that may ever be read aloud of signals: a list that is known before the night begins."""
    answers = (f"Answer: {one.words}" for one in given.replies)
    news = (_news(HELP_LABELS[one.news_of]) for one in given.replies if one.news_of is not None)
    return frozenset((STRANGE, ANSWERED, *(one.words for one in given.signals), *answers, *news))


def signal_phrase(key: str, given: SignalSet) -> str:
    """Return how a signal is said: by its words in our own set, whatever words came with it."""
    spec = given.find(key)
    return spec.words if spec is not None else STRANGE


def answer_phrase(answer: str, given: SignalSet) -> str:
    """Return how an answer is said: a quick reply by its fixed words, one that was filled by its kind alone."""
    for one in given.replies:
        if one.words == answer:
            return f"Answer: {one.words}"
        if one.news_of is not None and answer.startswith(f"{HELP_LABELS[one.news_of]} "):
            return _news(HELP_LABELS[one.news_of])
    return ANSWERED


def for_the_ear(
    signals: Iterable[Signal], worker: str, incident: IncidentState | None, given: SignalSet, *, manager: bool
) -> tuple[Utterance, ...]:
    """Return what of an incident's signals ``worker`` may hear, by entry; nothing for whoever leads it.

    The second worker hears what was sent to them and the answers to their own; a manager, beside them, only what
    is for managers.
    """
    member = incident.member(worker) if incident is not None and incident.live else None
    role = member.role if member is not None else None
    if role is IncidentRole.LEAD:
        return ()
    second = role is IncidentRole.COORDINATOR
    found: list[Utterance] = []
    for one in signals:
        for_managers = manager and one.reach is Reach.MANAGERS
        if (second or for_managers) and one.is_for(worker, manager=manager):
            found.append(Utterance(one.entry, one.seq, signal_phrase(one.kind, given), on_screen=second))
        if second and one.by == worker:
            theirs = (answer for answer in one.answers if answer.by != worker)
            found += [Utterance(answer.entry, answer.seq, answer_phrase(answer.words, given)) for answer in theirs]
    return tuple(found)


def _news(label: str) -> str:
    return f"Answer: news of {label.lower()}"
