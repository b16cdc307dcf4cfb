"""What a screen reader is told of the board without any move of the focus: who needs a manager, and what is said."""

from __future__ import annotations

from collections.abc import Iterator

from ui.desktop.screens.board.rows import BoardRows


def announcements(before: BoardRows | None, now: BoardRows) -> tuple[str, ...]:
    """Return what came since ``before``; a board just drawn is read and not told."""
    return tuple(_new(before, now)) if before is not None else ()


def _new(before: BoardRows, now: BoardRows) -> Iterator[str]:
    known = {row.key for row in before.requests.rows}
    for row in now.requests.rows:
        if row.act == "coming" and row.key not in known:
            yield f"Signal: {row.words}. {row.below}"
    dropped = {row.key for row in before.calls if row.dropped}
    for call in now.calls:
        if call.dropped and call.key not in dropped:
            yield f"Line dropped: {call.what}, {call.where}. {call.who}. {call.who_words}"
    if now.notice and now.notice != before.notice:
        yield now.notice
