"""The shared record in memory: for tests, and for a night that leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from console.domain.agency_checks import SLOT, AgencyCheck, check_of, with_check
from console.domain.people import Agency, Candidates, PersonRecord
from console.domain.record import (
    SCHEMA_VERSION,
    SHIFT_ROLES,
    START,
    Cursor,
    Entry,
    Envelope,
    Identity,
    Kind,
    SeenMark,
    Stored,
    StreamClass,
    StreamKind,
    StreamRef,
    decode_body,
)
from console.domain.replay_material import Material
from console.domain.rota import Duty
from console.domain.text import safe_line
from console.ports.clock import Clock
from console.ports.store import (
    Card,
    CardOrder,
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
    AccessRow,
    ask_to_list,
    ask_to_list_relative,
    ask_to_open,
    ask_to_replay,
    check_ticket,
    listed_with,
    only_listed,
    question_of,
    replayed_of,
)
from db.append import append_entries
from db.feed.loop import FeedLoop
from db.feed.memory import MemorySource
from db.mapping import LINE_CAP, whitelisted
from db.memory_ledger import MemoryLedger
from db.memory_replay import material_in_memory
from db.people_link import PeopleTables, PrivatePeople, day_in_london, is_restricted_by_import, try_to_learn
from db.seen import SeenNews

_AWAY = "The shared record was taken away.  What you write waits on this computer and is sent by itself."


class MemoryStore:
    """The port ``Store`` in lists.  Any thread may call.  ``away`` makes every call raise StoreAway."""

    def __init__(self, clock: Clock, people: PeopleTables) -> None:
        self._clock = clock
        self._people = people
        self._room = PrivatePeople()
        self._ledger = MemoryLedger(self._learn)
        self._lock = threading.RLock()
        self._cards: dict[StreamRef, Card] = {}
        self._seen: dict[tuple[str, StreamRef], tuple[int, int]] = {}
        self._ticks = 0
        self._used: set[UUID] = set()
        self._hearers: list[Callable[[], None]] = []
        self.away = False

    def append(
        self, who: Identity, entries: Sequence[Entry], cards: Sequence[Card] = (), after: Cursor | None = None
    ) -> tuple[Receipt, ...]:
        """Write entries, each accepted or refused by itself."""
        with self._here():
            if after is not None and self._rewind((after,)) is not None:
                raise OtherHistory
            now = self._clock.now()
            before = {card.stream: self._version(card.stream) for card in cards}
            receipts = append_entries(self._ledger, who, entries, now)
            for card in cards:
                self._put_card(who, card, before[card.stream], now)
        self._ring()
        return receipts

    def envelopes(self, after: int, limit: int = 500) -> tuple[Envelope, ...]:
        """Return envelopes with seq greater than ``after``, in order."""
        with self._here():
            return tuple(self._ledger.envelopes[max(0, after) : max(0, after) + limit])

    def bodies(self, who: Identity, ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """Return the bodies that ``who`` may read."""
        with self._here():
            now = self._clock.now()
            stored = [self._ledger.stored(who, found, now) for found in self._ledger.find(ids).values()]
        return {item.envelope.id: item.body for item in stored if item.body is not None}

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        """Return envelopes after ``after`` with the bodies ``who`` may read."""
        with self._here():
            now = self._clock.now()
            return tuple(self._ledger.stored(who, found, now) for found in self.envelopes(after, limit))

    def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
        """Return one whole stream, in order."""
        with self._here():
            now = self._clock.now()
            return tuple(
                self._ledger.stored(who, found, now) for found in self._ledger.envelopes if found.stream == stream
            )

    def open_streams(self, kinds: Iterable[StreamKind]) -> tuple[StreamRef, ...]:
        """Return streams of these kinds that are not closed, oldest first."""
        wanted = frozenset(kinds)
        with self._here():
            found = [state for ref, state in self._ledger.states.items() if ref.kind in wanted]
        still = sorted((state.begun, state.ref) for state in found if state.closed_at is None)
        return tuple(ref for _, ref in still)

    def seq_at(self, moment: datetime) -> int:
        """Return the last seq stored before ``moment``."""
        with self._here():
            before = [(found.stored_at, found.seq) for found in self._ledger.envelopes if found.stored_at < moment]
        return max(before)[1] if before else 0

    def heartbeat(self, cursor: Cursor | None = None) -> Heartbeat:
        """Return head, server time, schema, and whether ``cursor`` lies on this history."""
        return self.beat((cursor,) if cursor is not None else ())

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        """Return the heartbeat for a console that remembers several cursors, its newest first."""
        with self._here():
            return Heartbeat(self._ledger.head(), self._clock.now(), SCHEMA_VERSION, self._rewind(history))

    def _rewind(self, history: Sequence[Cursor]) -> int | None:
        envelopes = self._ledger.envelopes
        if not history or history[0] == START:
            return None
        agreed = (c.seq for c in history if 0 < c.seq <= len(envelopes) and envelopes[c.seq - 1].digest == c.digest)
        found = max(agreed, default=0)
        return None if found == history[0].seq else found

    def mark_seen(self, who: Identity, marks: Sequence[SeenMark]) -> None:
        """Move this worker's cursors on."""
        with self._here():
            head = self._ledger.head().seq
            for mark in marks:
                place = (who.worker, mark.stream)
                if head >= mark.seq > self._seen.get(place, (-1, 0))[0]:
                    self._ticks += 1
                    self._seen[place] = (mark.seq, self._ticks)
        self._ring()

    def seen(self, streams: Iterable[StreamRef]) -> tuple[SeenMark, ...]:
        """Return every worker's cursor on these streams."""
        wanted = frozenset(streams)
        with self._here():
            marks = [SeenMark(who, ref, seq) for (who, ref), (seq, _) in self._seen.items() if ref in wanted]
        return tuple(sorted(marks, key=lambda mark: (mark.stream, mark.worker)))

    def first_tick(self, after: int) -> int:
        """Return the tick from which marks beyond seq ``after`` will be told."""
        with self._here():
            return min((tick - 1 for seq, tick in self._seen.values() if seq > after), default=self._ticks)

    def seen_since(self, who: Identity, tick: int) -> SeenNews:
        """Return what others have seen since ``tick``."""
        with self._here():
            moved = sorted((at, worker, ref, seq) for (worker, ref), (seq, at) in self._seen.items() if at > tick)
            marks = tuple(SeenMark(worker, ref, seq) for _, worker, ref, seq in moved if worker != who.worker)
            return SeenNews(marks, self._ticks)

    def ask_look(self, who: Identity, question: Look) -> Ticket:
        """Write ``listed`` on the access log and return the ticket."""
        with self._here():
            now = self._clock.now()
            asked = ask_to_list(who, question, now)
            self._ledger.write_access(asked, now)
        return Ticket(asked.id, asked.action)

    def look(self, who: Identity, ticket: Ticket) -> Candidates:
        """Return candidates for a ticket."""
        with self._here():
            now = self._clock.now()
            row = self._take(who, ticket, LISTED, now)
            with self._room.use() as connection:
                return self._people.find_candidates(connection, question_of(row), day_in_london(now))

    def ask_open(self, who: Identity, person: UUID, reason: str, call: UUID | None = None) -> Ticket:
        """Write ``opened`` on the access log and return the ticket; a restricted record is refused."""
        with self._here():
            now = self._clock.now()
            restricted = self._is_restricted(person)
            asked = ask_to_open(who, person, reason, call, now, restricted=restricted)
            self._ledger.write_access(asked, now)
            for other in () if restricted else self._relatives(person, now):
                self._ledger.write_access(ask_to_list_relative(asked, other, now), now)
        if restricted:
            raise NoTicket(RESTRICTED_IN_A_FILE)
        return Ticket(asked.id, asked.action)

    def open(self, who: Identity, ticket: Ticket) -> PersonRecord:
        """Return one person's record for a ticket."""
        with self._here():
            now = self._clock.now()
            person = self._take(who, ticket, OPENED, now).person
            if person is None or self._is_restricted(person):
                raise NoTicket(RESTRICTED_IN_A_FILE)
            with self._room.use() as connection:
                record = self._people.read_person(connection, person, day_in_london(now))
            beside = [look.person for look in self._ledger.looks if look.question == listed_with(ticket.id)]
            return only_listed(record, {one for one in beside if one is not None})

    def _relatives(self, person: UUID, now: datetime) -> tuple[UUID, ...]:
        with self._room.use() as connection:
            return self._people.numbered_relatives(connection, person, day_in_london(now))

    def ask_replay(self, who: Identity, incident: UUID, reason: str) -> Ticket:
        """Write ``replayed`` on the access log and return the ticket."""
        with self._here():
            now = self._clock.now()
            known = StreamRef(StreamKind.INCIDENT, incident) in self._ledger.states
            asked = ask_to_replay(who, incident, reason, now, known=known)
            self._ledger.write_access(asked, now)
        return Ticket(asked.id, asked.action)

    def replay(self, who: Identity, ticket: Ticket) -> Material:
        """Return everything of an incident for a ticket."""
        with self._here():
            row = self._take(who, ticket, REPLAYED, self._clock.now())
            made = material_in_memory(self._ledger, who, replayed_of(row), self._is_restricted)
            streams = {one.envelope.stream for one in made.entries}
            return replace(made, seen=self.seen(streams))

    def cards(self, who: Identity, query: CardQuery) -> tuple[Card, ...]:
        """Return whitelisted cards for a list."""
        if who.role not in SHIFT_ROLES:
            return ()
        with self._here():
            states = [state for state in self._ledger.states.values() if state.ref.kind in query.kinds]
            return self._chosen([self._card(state.ref) for state in states], query)

    def agencies(self, who: Identity) -> tuple[Agency, ...]:
        """Return the directory of agencies, by name, with what ``who`` may read of their numbers."""
        with self._here(), self._room.use() as connection:
            known = self._people.list_agencies(connection, checks=False)
            if who.role not in SHIFT_ROLES:
                return known
            return tuple(with_check(one, self._newest_check(one.id)) for one in known)

    def rota(self, since: datetime, until: datetime) -> tuple[Duty, ...]:
        """Return who is on the rota between the two, in the order they begin."""
        with self._here(), self._room.use() as connection:
            return self._people.list_duties(connection, since, until)

    def _newest_check(self, agency: UUID) -> AgencyCheck | None:
        head = self._ledger.slot_head(StreamRef(StreamKind.AGENCY, agency), SLOT)
        if head is None:
            return None
        (said,) = self._ledger.find([head.head]).values()
        if said.kind is not Kind.AGENCY_CHECKED:
            return None
        return check_of(agency, decode_body(self._ledger.bodies[head.head]), said.author, said.made_at)

    def verify(self) -> VerifyReport:
        """Return how much there is; a record in memory has no file that could be altered."""
        with self._here():
            return VerifyReport(len(self._ledger.envelopes), len(self._ledger.looks), self._ledger.head())

    def close(self) -> None:
        """Forget everything that lies in tables."""
        self._room.close()

    def feed(self, who: Identity, clock: Clock) -> FeedLoop:
        """Return a feed of this record for ``who``."""
        return FeedLoop(MemorySource(self, who), clock)

    def hear(self, act: Callable[[], None]) -> None:
        """Call ``act`` after every write, from the writer's thread: the doorbell of the memory feed."""
        self._hearers.append(act)

    def deafen(self, act: Callable[[], None]) -> None:
        """Stop calling ``act``."""
        self._hearers.remove(act)

    def people_room(self) -> PrivatePeople:
        """Return the tables of people, to fill them."""
        return self._room

    @contextmanager
    def _here(self) -> Iterator[None]:
        if self.away:
            raise StoreAway(_AWAY)
        with self._lock:
            yield

    def _ring(self) -> None:
        for act in tuple(self._hearers):
            act()

    def _learn(self, entry: Entry) -> bool:
        with self._room.use() as connection:
            return try_to_learn(self._people, connection, entry)

    def _is_restricted(self, person: UUID) -> bool:
        with self._room.use() as connection:
            return is_restricted_by_import(connection, person) or self._ledger.is_restricted(person)

    def _take(self, who: Identity, ticket: Ticket, action: str, now: datetime) -> AccessRow:
        row = next((look for look in self._ledger.looks if look.id == ticket.id), None)
        good = check_ticket(row, who, action, now, used=ticket.id in self._used)
        self._used.add(ticket.id)
        return good

    def _version(self, ref: StreamRef) -> int:
        state = self._ledger.state(ref, whole=False)
        return state.version if state is not None else 0

    def _put_card(self, who: Identity, card: Card, before: int, now: datetime) -> None:
        old = self._cards.get(card.stream)
        if not self._ledger.may_read_stream(who, card.stream, now) or (old and card.reducers < old.reducers):
            return
        version = self._version(card.stream)
        upto = version if card.upto >= before else min(card.upto, version)
        line = safe_line(card.line, LINE_CAP)
        self._cards[card.stream] = Card(card.stream, line, card.reducers, whitelisted(card.details), upto)

    def _card(self, ref: StreamRef) -> Card:
        state = self._ledger.states[ref]
        card = self._cards.get(ref) or Card(ref, "", 0)
        stale = card.upto < state.version
        return replace(card, stale=stale, opened_at=state.opened_at, closed_at=state.closed_at)

    def _chosen(self, cards: Sequence[Card], query: CardQuery) -> tuple[Card, ...]:
        states = self._ledger.states
        shown = [card for card in cards if states[card.stream].klass is not StreamClass.RESTRICTED]
        match query.order:
            case CardOrder.OPEN:
                shown = [card for card in shown if card.closed_at is None]
                shown.sort(key=lambda card: -states[card.stream].begun)
            case CardOrder.RECENT:
                shown.sort(key=lambda card: -states[card.stream].version)
            case CardOrder.OF_PERSON:
                person = query.person
                hidden = person is None or self._ledger.is_restricted(person)
                shown = [card for card in shown if not hidden and person in states[card.stream].subjects]
                shown.sort(key=lambda card: -states[card.stream].begun)
        return tuple(shown[: query.limit])
