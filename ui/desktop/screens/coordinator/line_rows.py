"""One line to the partner, and back: what was written both ways in an incident, and what became of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.notes import NoteLine
from console.domain.receipts import Receipt
from console.domain.words import clock_words
from console.services.receipts import SignalNews
from ui.desktop.screens.coordinator.rows import LineRow

FRESH = timedelta(seconds=20)
"""A line to this worker this young is drawn as new: they may be on the telephone when it comes."""


@dataclass(frozen=True, slots=True)
class Both:
    """Whose screen it is, what they sent, and what is known of others: first names, and how far a line has come."""

    me: str
    signals: tuple[SignalNews, ...]
    name_of: Callable[[str], str]
    receipt_of: Callable[[NoteLine], Receipt] | None = None


def line_rows(lines: Iterable[NoteLine], both: Both, now: datetime) -> tuple[LineRow, ...]:
    """Return lines both ways and own signals, newest first."""
    meant = [one for one in lines if one.author == both.me or one.to in ("", both.me)]
    rows = [(one.seq, _own(one, both, now) if one.author == both.me else _from(one, both, now)) for one in meant]
    rows += [(one.signal.seq, _own_signal(one, now)) for one in both.signals]
    rows.sort(key=lambda pair: (pair[0] == 0, pair[0]), reverse=True)
    return tuple(row for _, row in rows)


def _own(one: NoteLine, both: Both, now: datetime) -> LineRow:
    receipt = both.receipt_of(one) if both.receipt_of is not None else Receipt(now, bool(one.seq))
    state = receipt.words(now)
    return LineRow(str(one.line), clock_words(one.begun), one.text, state, receipt.is_late(now))


def _from(one: NoteLine, both: Both, now: datetime) -> LineRow:
    fresh = now - one.at <= FRESH
    state, by = "just now" if fresh else "", both.name_of(one.author)
    return LineRow(str(one.line), clock_words(one.begun), one.text, state, by=by, fresh=fresh)


def _own_signal(one: SignalNews, now: datetime) -> LineRow:
    at = clock_words(one.signal.at)
    return LineRow(str(one.signal.entry), at, one.signal.words, one.words, one.receipt.is_late(now), signal=True)
