"""The shared record on PostgreSQL, as one worker's log-in sees it (architecture.md 4).

Everything is a call of a door; the rules are the server's.  ``who`` must be the worker of the log-in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from psycopg.errors import UndefinedFunction
from psycopg.types.json import Jsonb

from console.domain.people import Agency, Candidates, PersonRecord
from console.domain.record import (
    BODY_CAP,
    SCHEMA_VERSION,
    Cursor,
    Entry,
    Envelope,
    Identity,
    Kind,
    Role,
    SeenMark,
    Stored,
    StreamKind,
    StreamRef,
    micros,
)
from console.domain.replay_material import Material
from console.domain.rights import REPLAYERS
from console.domain.rota import Duty
from console.ports.clock import Clock
from console.ports.store import (
    Card,
    CardQuery,
    Heartbeat,
    Look,
    NoTicket,
    Receipt,
    Ticket,
    Verdict,
    VerifyReport,
    WrongSchema,
)
from db.access import OPENED, RESTRICTED_FOR_A_TEAM, ROLE_MAY_NOT_LOOK, ROLE_MAY_NOT_REPLAY
from db.append import disputed_entry, is_sound
from db.feed.loop import FeedLoop
from db.mapping import card_of_row, envelope_of_row, mark_of_row, stream_kind_of
from db.people import agencies_of, record_of
from db.people_cards import candidates_of
from db.people_find import answer, searched, shown_at_most
from db.people_link import day_in_london
from db.people_rows import AT_MOST
from db.people_schema import agency
from db.postgres.feed import PostgresSource
from db.postgres.lines import Line, Lines, LogInRefused
from db.postgres.people import PackedPeople, question_json, question_of_json
from db.postgres.proof import verify_lines
from db.postgres.refusals import EXPIRED
from db.postgres.replay import material_of_team
from db.postgres.rows import card_json, cursors, entry_json, heartbeat_of, receipt_of, stored_of_row, unsound
from db.postgres.steps import lacking
from db.rota import duties_of
from db.rota_schema import rota

_AT_ONCE = 500


def steps_lacking(lines: Lines) -> tuple[tuple[str, bool], ...]:
    """Return the steps that this program needs and a record has not, by name, and whether each has begun."""
    with lines.lent() as line:
        return steps_on(line)[1]


def steps_on(line: Line) -> tuple[int, tuple[tuple[str, bool], ...]]:
    """Return a record's schema, and the steps that this program needs and it has not."""
    beat = line.execute("SELECT * FROM heartbeat(ARRAY[]::bigint[], ARRAY[]::text[])").fetchone()
    if beat is None:
        raise LogInRefused(EXPIRED)
    try:
        taken = dict(line.execute("SELECT number, done FROM steps()").fetchall())
    except UndefinedFunction:
        taken = {1: True}  # from before there were steps
    return int(beat[3]), tuple((step.name, step.number in taken) for step in lacking(list(taken.items())))


class PostgresStore:
    """Implements ``console.ports.store.Store``; any thread may call."""

    def __init__(self, lines: Lines, clock: Clock) -> None:
        self.lines = lines
        self._clock = clock

    # --- writing ------------------------------------------------------------------------------

    def append(
        self, who: Identity, entries: Sequence[Entry], cards: Sequence[Card] = (), after: Cursor | None = None
    ) -> tuple[Receipt, ...]:
        """Write entries, each accepted or refused by itself; safe to repeat."""
        # What could not even be sent as text is refused here; everything else by the server.
        sound = [entry for entry in entries if len(entry.body) <= BODY_CAP and is_sound(entry)]
        answers = self._append(who, sound, cards, after) if sound or cards else []
        for entry, said in zip(sound, answers, strict=True):
            if said["verdict"] == Verdict.DIFFERS and "kept" not in said:
                # A server from before it kept a second version in its place (step 3).
                self.lines.rows("dispute", who.role.value, Jsonb(entry_json(disputed_entry(entry))))
        given = iter(answers)
        return tuple(receipt_of(next(given), one) if one in sound else unsound(one) for one in entries)

    def _append(
        self, who: Identity, entries: Sequence[Entry], cards: Sequence[Card], after: Cursor | None
    ) -> list[dict[str, Any]]:
        sent = Jsonb([entry_json(entry) for entry in entries]), Jsonb([card_json(card) for card in cards])
        place = (after.seq, after.digest) if after is not None else (None, None)
        answers: list[dict[str, Any]] = self.lines.write("append", who.role.value, SCHEMA_VERSION, *sent, *place)[0]
        return answers

    def mark_seen(self, who: Identity, marks: Sequence[SeenMark]) -> None:
        """Move this worker's cursors on; they never move back."""
        if not marks:
            return
        sent = [
            {"stream_kind": mark.stream.kind.value, "stream_id": str(mark.stream.id), "seq": mark.seq} for mark in marks
        ]
        self.lines.write("mark_seen", who.role.value, Jsonb(sent))

    # --- reading ------------------------------------------------------------------------------

    def envelopes(self, after: int, limit: int = 500) -> tuple[Envelope, ...]:
        """Return envelopes with seq greater than ``after``, in order."""
        return tuple(map(envelope_of_row, self.lines.rows("envelopes", after, limit)))

    def bodies(self, who: Identity, ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """Return the bodies that ``who`` may read."""
        asked = list(dict.fromkeys(ids))
        door: tuple[Any, ...] = ("asked",) if who.role is Role.WITNESS else ("bodies", who.role.value)
        found: dict[UUID, str] = {}
        for start in range(0, len(asked), _AT_ONCE):
            found.update(dict(self.lines.rows(*door, asked[start : start + _AT_ONCE])))
        return found

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        """Return envelopes after ``after`` with the bodies ``who`` may read."""
        if who.role is Role.WITNESS:
            found = self.envelopes(after, limit)
            words = self.bodies(who, [one.id for one in found if one.kind is Kind.SHIFT_ASKED])
            return tuple(Stored(envelope, words.get(envelope.id)) for envelope in found)
        return tuple(map(stored_of_row, self.lines.rows("news", who.role.value, after, limit)))

    def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
        """Return one whole stream, in order."""
        return tuple(map(stored_of_row, self.lines.rows("stream_of", who.role.value, stream.kind.value, stream.id)))

    def open_streams(self, kinds: Iterable[StreamKind]) -> tuple[StreamRef, ...]:
        """Return streams of these kinds that are not closed, oldest first."""
        rows = self.lines.rows("open_streams", [kind.value for kind in kinds])
        return tuple(StreamRef(stream_kind_of(kind), identity) for kind, identity in rows)

    def seq_at(self, moment: datetime) -> int:
        """Return the last seq stored before ``moment``."""
        return int(self.lines.one("seq_at", micros(moment))[0])

    def heartbeat(self, cursor: Cursor | None = None) -> Heartbeat:
        """Return head, server time, schema, and whether ``cursor`` lies on this history."""
        return self.beat((cursor,) if cursor is not None else ())

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        """Return the heartbeat for a console that remembers several cursors, its newest first."""
        return heartbeat_of(self.lines.one("heartbeat", *cursors(history)), history)

    def seen(self, streams: Iterable[StreamRef]) -> tuple[SeenMark, ...]:
        """Return every worker's cursor on these streams."""
        refs = set(streams)
        marks = map(mark_of_row, self.lines.rows("seen_of", [ref.id for ref in refs]))
        return tuple(sorted((m for m in marks if m.stream in refs), key=lambda mark: (mark.stream, mark.worker)))

    def cards(self, who: Identity, query: CardQuery) -> tuple[Card, ...]:
        """Return whitelisted cards for a list."""
        kinds = [kind.value for kind in query.kinds]
        rows = self.lines.rows("cards", who.role.value, query.order.value, kinds, query.person, query.limit)
        return tuple(map(card_of_row, rows))

    def agencies(self, who: Identity) -> tuple[Agency, ...]:
        """Return the directory of agencies, by name, with what ``who`` may read of their numbers."""
        columns = [column.key for column in agency.c]
        rows = [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in self.lines.rows("agencies")]
        return agencies_of(rows, self._checks(who))

    def _checks(self, who: Identity) -> Sequence[Sequence[Any]]:
        try:
            return list(self.lines.rows("agency_checks", who.role.value))
        except WrongSchema:
            # A record that step 7 has not reached: there the directory is as it was imported.
            return ()

    def rota(self, since: datetime, until: datetime) -> tuple[Duty, ...]:
        """Return who is on the rota between the two, in the order they begin."""
        columns = [column.key for column in rota.c]
        rows = self.lines.rows("rota_between", micros(since), micros(until))
        return duties_of(SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in rows)

    # --- people, by ticket --------------------------------------------------------------------

    def ask_look(self, who: Identity, question: Look) -> Ticket:
        """Commit the audit row ``listed`` and return the ticket."""
        asked = question_json(question, day_in_london(self._clock.now()))
        return self._ask(who, "listed", None, question.call, question.reason, asked)

    def _ask(
        self, who: Identity, action: str, person: UUID | None, call: UUID | None, reason: str, question: str
    ) -> Ticket:
        if who.role is Role.WITNESS:
            # It has no such door at all; the sentence is that of everybody who works no shift.
            raise NoTicket(ROLE_MAY_NOT_LOOK)
        asked = self.lines.one("ask", who.role.value, who.station, action, person, call, reason, question)
        return Ticket(*asked)

    def look(self, who: Identity, ticket: Ticket) -> Candidates:
        """Return candidates for a ticket."""
        today = day_in_london(self._clock.now())
        given = self.lines.one("look", who.role.value, ticket.id, today)[0]
        question = question_of_json(given["question"], given["call"])
        if question.e164:
            return answer(PackedPeople(given), question, today)
        found, too_many = searched(PackedPeople(given), question, today)
        shown = found[: shown_at_most(question)]
        pack = self.lines.one("show", who.role.value, ticket.id, [one.person for one in shown])[0]
        people = candidates_of(PackedPeople(pack), shown, today)
        return Candidates(people, None, AT_MOST if too_many else len(found), too_many=too_many)

    def ask_open(self, who: Identity, person: UUID, reason: str, call: UUID | None = None) -> Ticket:
        """Commit the audit row ``opened`` and return the ticket; a restricted record is refused."""
        ticket = self._ask(who, OPENED, person, call, reason, "")
        if ticket.action != OPENED:
            raise NoTicket(RESTRICTED_FOR_A_TEAM)
        return ticket

    def open(self, who: Identity, ticket: Ticket) -> PersonRecord:
        """Return one person's record for a ticket."""
        today = day_in_london(self._clock.now())
        given = self.lines.one("open", who.role.value, ticket.id, today)[0]
        return record_of(PackedPeople(given), UUID(given["person"]), today)

    def ask_replay(self, who: Identity, incident: UUID, reason: str) -> Ticket:
        """Commit the audit row ``replayed`` and return the ticket."""
        if who.role not in REPLAYERS:
            raise NoTicket(ROLE_MAY_NOT_REPLAY)
        return Ticket(*self.lines.one("ask_replay", who.role.value, who.station, incident, reason))

    def replay(self, who: Identity, ticket: Ticket) -> Material:
        """Return everything of an incident for a ticket."""
        return material_of_team(self.lines, who, ticket, self.seen)

    def lacking(self) -> tuple[tuple[str, bool], ...]:
        """Return the steps that this program needs and the record has not, by name, and whether each has begun."""
        return steps_lacking(self.lines)

    def is_invented(self) -> bool:
        """Say whether the record is for invented people; of one that step 6 has not reached nobody can say so."""
        try:
            return bool(self.lines.rows("is_invented")[0][0])
        except WrongSchema:
            return False

    def verify(self) -> VerifyReport:
        """Recompute both chains and return what was found; only a log-in of nd_verify may."""
        return verify_lines(self.lines)

    def close(self) -> None:
        """Let go of connections."""
        self.lines.close()

    def feed(self, who: Identity, clock: Clock) -> FeedLoop:
        """Return a feed of this record for ``who``; it has a connection of its own."""
        return FeedLoop(PostgresSource(self.lines.address, who, clock, self.lines.prove), clock)
