"""Telephones under a clock that only a test moves, whose notifications a mapper reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.call_reducer import CallBook
from console.domain.calls import Call
from telephony_adapters.sip_dialog.callers import Reading
from telephony_adapters.sip_dialog.document import read_document
from telephony_adapters.sip_dialog.mapping import Mapper
from telephony_adapters.sip_dialog.table import Table
from tests.helpers.dialog_bodies import document

START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
STEP = timedelta(seconds=0.25)


class Telephones:
    """``say`` what a telephone tells, ``wait``, look at ``calls``."""

    def __init__(self, reading: Reading | None = None) -> None:
        self.mapper = Mapper(reading or Reading())
        self.at = START
        self.facts: list[CallEvent] = []
        self.book = CallBook(UUID(int=5))
        self._tables: dict[str, Table] = {}
        self._versions: dict[str, int] = {}
        self.connect()

    def connect(self, telephones: Mapping[str, tuple[str, ...]] | None = None) -> list[CallEvent]:
        """Connect (again); these telephones have these dialogs, the others are on their hooks."""
        self._hear([LinkChanged(self.at, LinkState.CONNECTED, only_watched=True)])
        self._tables.clear()
        self._versions.clear()
        for extension in ("1001", "1002", "1003"):
            self._take(extension, (telephones or {}).get(extension, ()))
        tables = {extension: table.dialogs for extension, table in self._tables.items()}
        return self._hear(self.mapper.resume(tables, self.at))

    def lose(self) -> None:
        """Lose the connection."""
        self._hear([LinkChanged(self.at, LinkState.LOST, "gone")])

    def say(self, extension: str, *dialogs: str, state: str = "full") -> list[CallEvent]:
        """Tell what a telephone does now."""
        table = self._take(extension, dialogs, state)
        return self._hear(self.mapper.feed(extension, table.dialogs, self.at))

    def wait(self, seconds: float) -> list[CallEvent]:
        """Let time go by, as the line's thread does."""
        until, heard = self.at + timedelta(seconds=seconds), list[CallEvent]()
        while self.at < until:
            self.at = min(until, self.at + STEP)
            heard += self._hear(self.mapper.tick(self.at))
        return heard

    def calls(self) -> tuple[Call, ...]:
        """Return every call."""
        return self.book.calls()

    def call(self) -> Call:
        """Return the only call."""
        (call,) = self.book.calls()
        return call

    def oddities(self) -> list[str]:
        """Return what did not fit."""
        return [odd.what for odd in self.book.take_oddities()]

    def _take(self, extension: str, dialogs: tuple[str, ...], state: str = "full") -> Table:
        table = self._tables.setdefault(extension, Table())
        self._versions[extension] = self._versions.get(extension, -1) + 1
        body = document(self._versions[extension], *dialogs, state=state, owner=extension)
        assert table.take(read_document(body))
        return table

    def _hear(self, facts: list[CallEvent]) -> list[CallEvent]:
        for fact in facts:
            self.book.apply(fact, self.at)
        self.facts += facts
        return facts
