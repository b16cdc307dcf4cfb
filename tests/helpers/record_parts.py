"""Parts for tests of the record: a clock moved by hand, workers, entries, and every store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.ids import new_id
from console.domain.record import (
    Entry,
    Expects,
    Identity,
    Kind,
    StreamKind,
    StreamRef,
    encode_body,
)
from db.memory import MemoryStore
from db.opening import create_store
from db.sqlite import SqliteStore
from tests.helpers.postgres import NEWEST, OLDEST
from tests.helpers.record_people import ADMIN as ADMIN
from tests.helpers.record_people import ADVISER as ADVISER
from tests.helpers.record_people import AUDITOR as AUDITOR
from tests.helpers.record_people import MANAGER as MANAGER
from tests.helpers.record_people import PRIYA as PRIYA
from tests.helpers.record_people import TOM as TOM
from tests.helpers.record_people import WITNESS as WITNESS
from tests.helpers.team_record import TeamStore

STORES = (
    *("memory", "sqlite", "sqlite-encrypted"),
    pytest.param(NEWEST, marks=pytest.mark.needs("postgres")),
    pytest.param(OLDEST, marks=pytest.mark.needs("postgres-system")),
)
"""Every store; PostgreSQL as the newest and the oldest we serve."""
KEY = bytes(range(32))
TEN_PAST = datetime(2026, 12, 1, 22, 10, tzinfo=UTC)

Store = MemoryStore | SqliteStore | TeamStore


@dataclass
class HandClock:
    """Stands still until moved; ``monotonic`` is the computer's own."""

    at: datetime = TEN_PAST

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.at

    def monotonic(self) -> float:
        """Return real seconds."""
        return time.monotonic()

    def move(self, **by: float) -> None:
        """Move on, as ``timedelta`` counts."""
        self.at += timedelta(**by)


@dataclass
class Pen:
    """Writes entries in a worker's name, each a millisecond after the last."""

    who: Identity
    clock: HandClock
    written: list[Entry] = field(default_factory=list)

    def id(self) -> UUID:
        """Return a new id."""
        return new_id(self.clock.now())

    def write(
        self,
        kind: Kind,
        stream: StreamRef,
        content: Mapping[str, object] | None = None,
        *,
        slot: str = "",
        expects: Expects | None = None,
        replaces: UUID | None = None,
        identity: UUID | None = None,
    ) -> Entry:
        """Return an entry that is nowhere stored yet."""
        entry = Entry(
            identity or self.id(),
            stream,
            kind,
            self.who.worker,
            self.who.role,
            self.who.station,
            self.clock.now(),
            encode_body(content or {}),
            slot,
            expects,
            replaces,
        )
        self.written.append(entry)
        return entry

    def contact(self) -> tuple[StreamRef, Entry]:
        """Return a new contact and the entry that opens it."""
        ref = StreamRef(StreamKind.CONTACT, self.id())
        return ref, self.write(Kind.CONTACT_OPENED, ref, {"ref": "7K3M-Q2XA-5", "channel": "phone"})

    def note(self, stream: StreamRef, text: str) -> Entry:
        """Return one line typed into a contact."""
        return self.write(Kind.CONTACT_NOTE, stream, {"line": str(self.id()), "text": text})

    def field(self, stream: StreamRef, name: str, value: str, replaces: UUID | None = None) -> Entry:
        """Return a change of one field."""
        body = {"field": name, "value": value}
        return self.write(Kind.CONTACT_FIELD, stream, body, slot=f"field:{name}", replaces=replaces)


MakeRecord = Callable[[str, Path, HandClock], Store]
"""What the fixture ``make_record`` gives: a new, empty store of a kind, in a folder, under a clock."""


def make_store(name: str, folder: Path, clock: HandClock) -> Store:
    """Return a new, empty store in memory or in a file."""
    if name == "memory":
        return create_store("memory:", key=None, clock=clock)
    key = KEY if name == "sqlite-encrypted" else None
    return create_store(str(folder / f"{name}.db"), key=key, clock=clock, invented=True)
