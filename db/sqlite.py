"""The shared record in one SQLite file: the store of one computer (architecture.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from console.domain.people import Agency, Candidates, PersonRecord
from console.domain.record import (
    SHIFT_ROLES,
    Cursor,
    Entry,
    Envelope,
    Identity,
    SeenMark,
    Stored,
    StreamKind,
    StreamRef,
)
from console.domain.replay_material import Material
from console.domain.rota import Duty
from console.ports.clock import Clock
from console.ports.store import (
    Card,
    CardQuery,
    Heartbeat,
    Look,
    NoTicket,
    OtherHistory,
    Receipt,
    StoreAway,
    Ticket,
    VerifyReport,
)
from db.access import (
    LISTED,
    OPENED,
    REPLAYED,
    RESTRICTED_IN_A_FILE,
    ask_to_list,
    ask_to_list_relative,
    ask_to_open,
    ask_to_replay,
    only_listed,
    question_of,
    replayed_of,
)
from db.append import append_entries
from db.doors import is_restricted, listed_relatives, take_ticket
from db.engine import Database, NotOurs
from db.feed.loop import FeedLoop
from db.feed.sqlite import LIMIT, SqliteSource
from db.lists import put_cards, read_cards, versions_of
from db.people_link import PeopleTables, day_in_london
from db.reading import (
    read_bodies,
    read_envelopes,
    read_heartbeat,
    read_news,
    read_open_streams,
    read_seen,
    read_seq_at,
    read_stream,
)
from db.replay import is_incident, read_material
from db.schema import head
from db.seen import move_seen
from db.sql_ledger import SqlLedger
from db.standing import DAMAGED
from db.verify import FileProof, verify_record


class SqliteStore:
    """The port ``Store`` over one file.  Any thread may call; writers queue on the file's lock."""

    def __init__(self, database: Database, clock: Clock, people: PeopleTables) -> None:
        self.database = database
        self._clock = clock
        self._people = people

    def append(
        self, who: Identity, entries: Sequence[Entry], cards: Sequence[Card] = (), after: Cursor | None = None
    ) -> tuple[Receipt, ...]:
        """Write entries in one transaction, each accepted or refused by itself; a damaged file is away."""
        try:
            with self.database.writing() as connection:
                now = self._clock.now()
                if after is not None and read_heartbeat(connection, (after,), now).rewind_to is not None:
                    raise OtherHistory
                before = versions_of(connection, cards)
                receipts = append_entries(SqlLedger(connection, self._people), who, entries, now)
                put_cards(connection, who, cards, before, now)
        except NotOurs as damaged:
            # Not a refusal: the entries are good, and wait until the file is.
            raise StoreAway(DAMAGED) from damaged
        return receipts

    def envelopes(self, after: int, limit: int = 500) -> tuple[Envelope, ...]:
        """Return envelopes with seq greater than ``after``, in order."""
        with self.database.reading() as connection:
            return read_envelopes(connection, after, limit)

    def bodies(self, who: Identity, ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """Return the bodies that ``who`` may read."""
        with self.database.reading() as connection:
            return read_bodies(connection, who, ids, self._clock.now())

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        """Return envelopes after ``after`` with the bodies ``who`` may read."""
        with self.database.reading() as connection:
            return read_news(connection, who, after, limit, self._clock.now())

    def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
        """Return one whole stream, in order."""
        with self.database.reading() as connection:
            return read_stream(connection, who, stream, self._clock.now())

    def open_streams(self, kinds: Iterable[StreamKind]) -> tuple[StreamRef, ...]:
        """Return streams of these kinds that are not closed, oldest first."""
        with self.database.reading() as connection:
            return read_open_streams(connection, kinds)

    def seq_at(self, moment: datetime) -> int:
        """Return the last seq stored before ``moment``."""
        with self.database.reading() as connection:
            return read_seq_at(connection, moment)

    def heartbeat(self, cursor: Cursor | None = None) -> Heartbeat:
        """Return head, server time, schema, and whether ``cursor`` lies on this history."""
        return self.beat((cursor,) if cursor is not None else ())

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        """Return the heartbeat for a console that remembers several cursors, its newest first."""
        with self.database.reading() as connection:
            return read_heartbeat(connection, history, self._clock.now())

    def mark_seen(self, who: Identity, marks: Sequence[SeenMark]) -> None:
        """Move this worker's cursors on."""
        if marks:
            with self.database.writing() as connection:
                move_seen(connection, who, marks)

    def seen(self, streams: Iterable[StreamRef]) -> tuple[SeenMark, ...]:
        """Return every worker's cursor on these streams."""
        with self.database.reading() as connection:
            return read_seen(connection, streams)

    def ask_look(self, who: Identity, question: Look) -> Ticket:
        """Commit the audit row ``listed`` and return the ticket."""
        with self.database.writing() as connection:
            now = self._clock.now()
            asked = ask_to_list(who, question, now)
            SqlLedger(connection, self._people).write_access(asked, now)
        return Ticket(asked.id, asked.action)

    def look(self, who: Identity, ticket: Ticket) -> Candidates:
        """Return candidates for a ticket."""
        now = self._clock.now()
        with self.database.writing() as connection:
            row = take_ticket(connection, who, ticket, LISTED, now)
        with self.database.reading() as connection:
            return self._people.find_candidates(connection, question_of(row), day_in_london(now))

    def ask_open(self, who: Identity, person: UUID, reason: str, call: UUID | None = None) -> Ticket:
        """Commit the audit row ``opened`` and return the ticket; a restricted record is refused."""
        with self.database.writing() as connection:
            now = self._clock.now()
            restricted = is_restricted(connection, person)
            asked = ask_to_open(who, person, reason, call, now, restricted=restricted)
            ledger = SqlLedger(connection, self._people)
            ledger.write_access(asked, now)
            if not restricted:
                for other in self._people.numbered_relatives(connection, person, day_in_london(now)):
                    ledger.write_access(ask_to_list_relative(asked, other, now), now)
        if restricted:
            raise NoTicket(RESTRICTED_IN_A_FILE)
        return Ticket(asked.id, asked.action)

    def open(self, who: Identity, ticket: Ticket) -> PersonRecord:
        """Return one person's record for a ticket."""
        now = self._clock.now()
        with self.database.writing() as connection:
            person = take_ticket(connection, who, ticket, OPENED, now).person
        with self.database.reading() as connection:
            if person is None or is_restricted(connection, person):
                raise NoTicket(RESTRICTED_IN_A_FILE)
            record = self._people.read_person(connection, person, day_in_london(now))
            return only_listed(record, listed_relatives(connection, ticket))

    def ask_replay(self, who: Identity, incident: UUID, reason: str) -> Ticket:
        """Commit the audit row ``replayed`` and return the ticket."""
        with self.database.writing() as connection:
            now = self._clock.now()
            asked = ask_to_replay(who, incident, reason, now, known=is_incident(connection, incident))
            SqlLedger(connection, self._people).write_access(asked, now)
        return Ticket(asked.id, asked.action)

    def replay(self, who: Identity, ticket: Ticket) -> Material:
        """Return everything of an incident for a ticket."""
        with self.database.writing() as connection:
            row = take_ticket(connection, who, ticket, REPLAYED, self._clock.now())
        with self.database.reading() as connection:
            return read_material(connection, who, replayed_of(row))

    def cards(self, who: Identity, query: CardQuery) -> tuple[Card, ...]:
        """Return whitelisted cards for a list."""
        with self.database.reading() as connection:
            return read_cards(connection, who, query)

    def agencies(self, who: Identity) -> tuple[Agency, ...]:
        """Return the directory of agencies, by name, with what ``who`` may read of their numbers."""
        with self.database.reading() as connection:
            return self._people.list_agencies(connection, checks=who.role in SHIFT_ROLES)

    def rota(self, since: datetime, until: datetime) -> tuple[Duty, ...]:
        """Return who is on the rota between the two, in the order they begin."""
        with self.database.reading() as connection:
            return self._people.list_duties(connection, since, until)

    def verify(self) -> VerifyReport:
        """Recompute both chains and say what was found; takes as long as it takes."""
        with self.database.reading(limitless=True) as connection:
            return verify_record(FileProof(connection))

    def is_invented(self) -> bool:
        """Say whether the record is for invented people."""
        with self.database.reading() as connection:
            return bool(connection.scalar(select(head.c.invented)))

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def feed(self, who: Identity, clock: Clock) -> FeedLoop:
        """Return a feed of this record for ``who``; it has connections of its own."""
        return FeedLoop(SqliteSource(self.database.another(LIMIT), who, clock), clock)
