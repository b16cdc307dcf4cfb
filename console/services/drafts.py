"""Drafts in the journal: lines that are no entry yet, and panels that are half filled.

A half-filled panel is a draft on a stream that has no notes, so that nothing takes it for a line; its
text is JSON.  The kind of stream is one that every version knows: an older console leaves such a draft alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.ids import FACTS
from console.domain.record import Entry, Kind, StreamKind, StreamRef, decode_body, encode_body
from console.ports.journal import Draft, Kept
from console.services.writing import NOTE_KINDS


def line_of(entry: Entry) -> UUID | None:
    """Return the line that a note's entry carries, or None."""
    if entry.kind not in (Kind.CONTACT_NOTE, Kind.INCIDENT_NOTE):
        return None
    try:
        return UUID(str(entry.content().get("line")))
    except ValueError:
        return None


def unkept(drafts: Iterable[Draft], kept: Iterable[Kept]) -> tuple[Draft, ...]:
    """Return the drafts of notes whose words are not what their line's last entry says.

    A journal takes a line's draft away in the act that keeps its entry, so a draft that is still there
    was kept after it.  The times of the two say nothing: a clock may have been put back between them.
    """
    last = {line: one.entry for one in sorted(kept, key=lambda one: one.order) if (line := line_of(one.entry))}
    return tuple(
        draft for draft in drafts if draft.stream.kind in NOTE_KINDS and draft.text != _text(last.get(draft.line))
    )


NOTE = "note"
"""The panel name of words typed in the note while there is no record for them."""


@dataclass(frozen=True, slots=True)
class PanelWords:
    """What stands in a half-filled panel.

    ``panel`` and ``subject`` (what it is about, as the screen names it) say which panel it is, ``title`` and
    ``screen`` where it was filled in.  ``values`` are the fields' values by key; ``said`` is what was written
    in words a worker can read, label and answer.  ``typed``: when it was written last, by this computer's clock.
    """

    panel: str
    subject: str
    title: str
    screen: str
    values: Mapping[str, str]
    said: tuple[tuple[str, str], ...]
    typed: datetime

    @property
    def line(self) -> UUID:
        """Return the id of its draft: the same panel about the same subject has one draft."""
        return uuid.uuid5(FACTS, f"half-filled\n{self.panel}\n{self.subject}")


def draft_of_panel(words: PanelWords) -> Draft:
    """Return the draft that keeps what stands in a panel."""
    body = {
        "panel": words.panel,
        "subject": words.subject,
        "title": words.title,
        "screen": words.screen,
        "values": words.values,
        "said": words.said,
    }
    stream = StreamRef(StreamKind.SHIFT, words.line)
    return Draft(words.line, stream, encode_body(body), words.typed, words.typed)


def panel_of_draft(draft: Draft) -> PanelWords | None:
    """Return what stands in a panel as it was kept; None for a line of a note, and for what cannot be read."""
    body = decode_body(draft.text) if draft.stream.kind not in NOTE_KINDS else {}
    values, said = body.get("values"), body.get("said")
    if not isinstance(values, dict) or not isinstance(said, list):
        return None
    panel, subject, title, screen = (str(body.get(name, "")) for name in ("panel", "subject", "title", "screen"))
    pairs = tuple((str(one[0]), str(one[1])) for one in said if isinstance(one, list) and len(one) == 2)
    written = {str(key): str(value) for key, value in values.items()}
    return PanelWords(panel, subject, title, screen, written, pairs, draft.typed)


def _text(entry: Entry | None) -> object:
    return entry.content().get("text", "") if entry is not None else ""
