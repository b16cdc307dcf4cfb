"""How far a silent signal has come: sent, seen by whom, answered, or to be given by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.record import StreamKind, StreamRef
from console.domain.signals import NOT_SEEN_AFTER, Signal
from console.services.folds import Folds

BY_HAND = "not seen: signal by hand"
"""What stands beside a signal that was not seen within 3 s (architecture.md 3)."""


@dataclass(frozen=True, slots=True)
class SignalNews:
    """One signal, who saw it, and what to say of it."""

    signal: Signal
    seen_by: tuple[str, ...]
    words: str


def news_of(folds: Folds, signal: Signal, about: Iterable[UUID], now: datetime, *, reaches: bool = True) -> SignalNews:
    """Return how far a signal has come that is in one of the signal streams of ``about``.

    ``reaches``: there is a way to somebody who could see it; without one nobody need wait 3 s to hear so.
    """
    seen = _seen(folds, signal, about)
    if signal.answered:
        return SignalNews(signal, seen, signal.answered)
    if seen:
        return SignalNews(signal, seen, "seen")
    return SignalNews(signal, (), BY_HAND if not reaches or now - signal.at >= NOT_SEEN_AFTER else "sent")


def _seen(folds: Folds, signal: Signal, about: Iterable[UUID]) -> tuple[str, ...]:
    if not signal.seq:
        return ()
    seen: set[str] = set()
    for stream in (StreamRef(StreamKind.SIGNALS, one) for one in about):
        if any(item.id == signal.entry for item in folds.ledger.items(stream)):
            seen |= set(folds.ledger.seen_by(stream, signal.seq, signal.by))
    # Where it was meant for one, only that one's eyes count.
    return tuple(sorted(seen & {signal.to} if signal.to else seen))
