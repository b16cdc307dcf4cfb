"""How far what is half filled is kept, in words: nobody may take it for done."""

from __future__ import annotations

from ui.desktop.desk import Desk
from ui.desktop.words import due_words

MESSAGE, LINE = "message", "line"
"""Under these names a line to the partner that was begun and not sent is kept: the handler's, the second worker's."""


def half_words(desk: Desk, panel: str, subject: str) -> str:
    """Return ``Half-filled, kept on this computer, 02:41``; empty where the panel holds nothing."""
    where = _where(desk, panel, subject, "kept on this computer,")
    return f"Half-filled, {where}" if where else ""


def line_words(desk: Desk, panel: str, subject: str) -> str:
    """Return the same of a line, for the line's own edge: ``Not sent, kept here 02:41``."""
    where = _where(desk, panel, subject, "kept here")
    return f"Not sent, {where}" if where else ""


def _where(desk: Desk, panel: str, subject: str, here: str) -> str:
    if desk.half_filled.of(panel, subject) is None:
        return ""
    kept = desk.half_filled.kept(panel, subject)
    if kept is None:
        return "not saved here" if desk.ledger.link.journal_fault else "not kept yet"
    return f"{'only in memory' if desk.journal.memory_only else here} {due_words(kept, desk.clock.now())}"
