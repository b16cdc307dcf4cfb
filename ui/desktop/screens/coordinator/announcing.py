"""What a screen reader is told of the second worker's screen without any move of the focus; pure."""

from __future__ import annotations

from collections.abc import Iterator

from ui.desktop.screens.coordinator.rows import CoordinatorRows


def announcements(before: CoordinatorRows | None, now: CoordinatorRows) -> tuple[str, ...]:
    """Return in words what came since ``before``: who asks, what the partner signals or writes, what nobody saw.

    What stood there when the screen was first drawn is read with the rest of it.
    """
    return tuple(_new(before, now)) if before is not None else tuple(_dropped(None, now))


def _new(before: CoordinatorRows, now: CoordinatorRows) -> Iterator[str]:
    yield from _dropped(before, now)
    asked = {row.key for row in before.summons}
    yield from (f"Second worker asked for: {row.words}" for row in now.summons if row.key not in asked)
    if now.incident == before.incident:
        yield from _between(before, now)
    else:
        # Of a pair just joined only what still waits: the rest is read, and not told line by line.
        yield from (f"Signal: {row.signal}" for row in reversed(now.signals) if not row.done)
    if now.notice and now.notice != before.notice:
        yield now.notice


def _between(before: CoordinatorRows, now: CoordinatorRows) -> Iterator[str]:
    """Yield what went between the two of one pair, the oldest first."""
    signals, lines = {row.key: row for row in before.signals}, {row.key: row for row in before.lines}
    for signal in reversed(now.signals):
        was = signals.get(signal.key)
        if was is None:
            yield f"Signal: {signal.signal}"
        if signal.trouble and not (was is not None and was.trouble):
            yield f"{signal.answer}: {signal.state}"
    for line in reversed(now.lines):
        old = lines.get(line.key)
        if line.by and (old is None or old.text != line.text):
            yield f"{line.by}: {line.text}"
        if line.trouble and not (old is not None and old.trouble):
            yield f"{line.text}: {line.state}"


def _dropped(before: CoordinatorRows | None, now: CoordinatorRows) -> Iterator[str]:
    if now.drop is not None and (before is None or before.drop is None):
        yield f"{now.drop.title}. {' '.join(now.drop.lines)}"
