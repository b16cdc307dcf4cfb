"""The one way services write: what they may call, and the answer to an exclusive act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from console.domain.ids import new_id
from console.domain.record import Entry, Expects, Identity, Kind, StreamKind, StreamRef, encode_body
from console.ports.clock import Clock
from console.ports.journal import Draft


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to an exclusive act.

    ``won``: it is yours, the shared record said so.  Otherwise ``sentence`` says why not, and
    ``by`` (a worker key) and ``at`` who was first and when, where known.  ``in_doubt``: the shared
    record went away before it answered; the screen will follow what it says when it is back.
    """

    won: bool
    sentence: str = ""
    by: str = ""
    at: datetime | None = None
    in_doubt: bool = False


class Recording(Protocol):
    """What services need of :class:`console.services.recorder.Recorder`."""

    @property
    def who(self) -> Identity:
        """Return who writes."""

    def entry(
        self,
        kind: Kind,
        stream: StreamRef,
        content: Mapping[str, Any],
        *,
        slot: str = "",
        replaces: UUID | None = None,
        expects: Expects | None = None,
        corrects: UUID | None = None,
        identity: UUID | None = None,
        on_behalf_of: str = "",
        made_at: datetime | None = None,
    ) -> Entry:
        """Make an entry of this worker, now; nothing is written yet."""

    def record(self, *entries: Entry) -> None:
        """Keep entries on this computer and share them, in this order; folds show them at once."""

    def exclusive(self, entry: Entry, then: Callable[[Outcome], None]) -> None:
        """Ask for an act with ``expects``; ``then`` is called once, after the shared record's answer."""


NOTE_KINDS = {StreamKind.CONTACT: Kind.CONTACT_NOTE, StreamKind.INCIDENT: Kind.INCIDENT_NOTE}
"""Streams that have lines of notes, and the kind of one line's entry."""


def entry_of_draft(who: Identity, clock: Clock, draft: Draft) -> Entry:
    """Return the entry that carries a line's whole text so far; made when the text was typed."""
    content = {"line": draft.line, "text": draft.text, "begun": draft.begun}
    kind = NOTE_KINDS[draft.stream.kind]
    return make_entry(who, clock, kind, draft.stream, content, corrects=draft.corrects, made_at=draft.typed)


def make_entry(
    who: Identity,
    clock: Clock,
    kind: Kind,
    stream: StreamRef,
    content: Mapping[str, Any],
    *,
    slot: str = "",
    replaces: UUID | None = None,
    expects: Expects | None = None,
    corrects: UUID | None = None,
    identity: UUID | None = None,
    on_behalf_of: str = "",
    made_at: datetime | None = None,
) -> Entry:
    """Return an entry of ``who``; its id is new unless ``identity`` is given (facts of calls)."""
    moment = made_at if made_at is not None else clock.now()
    return Entry(
        id=identity if identity is not None else new_id(clock.now()),
        stream=stream,
        kind=kind,
        author=who.worker,
        role=who.role,
        station=who.station,
        made_at=moment,
        body=encode_body(content),
        slot=slot,
        expects=expects,
        replaces=replaces,
        corrects=corrects,
        on_behalf_of=on_behalf_of,
    )
