"""The tables of the record, as portable SQLAlchemy Core: one MetaData for the whole database.

Times are whole microseconds since 1970 UTC (exact, and what the chain's digests cover).  Streams
are two columns, ``stream_kind`` and ``stream_id``.  ``entry``, ``entry_body``, ``access`` and
``erasure`` only grow; triggers say so to every program that opens the file.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    event,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Every table of the shared database; :mod:`db.people_schema` declares the people on it."""

REVISIONS = ("0001_record", "0002_people", "0003_references", "0004_search", "0005_rota")
"""Migrations in order; the last one is what this program reads and writes."""

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("service", Uuid, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("access_seq", BigInteger, nullable=False),
    Column("access_digest", String(64), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""The counter row: the newest seq and digest of both chains; every write goes through it."""


def _stream_columns(*, primary_key: bool = False) -> tuple[Column[str], Column[object]]:
    return (
        Column("stream_kind", String(16), primary_key=primary_key, nullable=False),
        Column("stream_id", Uuid, primary_key=primary_key, nullable=False),
    )


entry = Table(
    "entry",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, unique=True),
    *_stream_columns(),
    Column("kind", String(40), nullable=False),
    Column("author", String(80), nullable=False),
    Column("role", String(40), nullable=False),
    Column("station", String(80), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
    Column("slot", String(120), nullable=False),
    Column("expects", String(36), nullable=False),
    Column("replaces", Uuid),
    Column("corrects", Uuid),
    Column("on_behalf_of", String(80), nullable=False),
    Column("body_sha256", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""Envelopes: no words.  ``seq`` is gapless from 1."""
Index("ix_entry_stream", entry.c.stream_kind, entry.c.stream_id, entry.c.seq)
Index("ix_entry_stored_at", entry.c.stored_at, entry.c.seq)

entry_body = Table(
    "entry_body",
    metadata,
    Column("id", Uuid, ForeignKey("entry.id"), primary_key=True),
    Column("body", Text, nullable=False),
)
"""The author's exact bytes.  May be deleted only when an ``erasure`` row names it."""

erasure = Table(
    "erasure",
    metadata,
    Column("id", Uuid, ForeignKey("entry.id"), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    Column("ground", Text, nullable=False),
)
"""Which bodies were lawfully erased, by whom and why; written before the body is deleted."""

slot = Table(
    "slot",
    metadata,
    *_stream_columns(primary_key=True),
    Column("slot", String(120), primary_key=True),
    Column("head", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("author", String(80), nullable=False),
    Column("stored_at", BigInteger, nullable=False),
)
"""The newest entry of each register of a stream: what exclusive acts are decided on."""

stream = Table(
    "stream",
    metadata,
    *_stream_columns(primary_key=True),
    Column("class", String(16), nullable=False, key="klass"),
    Column("begun", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("opened_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("line", Text, nullable=False, default=""),
    Column("details", Text, nullable=False, default="{}"),
    Column("reducers", Integer, nullable=False, default=0),
    Column("upto", BigInteger, nullable=False, default=0),
)
"""What a stream is (derived by ``append``), and its display card (``line`` to ``upto``).

``begun`` and ``version`` are the seq of its first and newest entry; the card is stale while
``upto`` is less than ``version``.
"""
Index("ix_stream_open", stream.c.stream_kind, stream.c.closed_at, stream.c.begun)
Index("ix_stream_version", stream.c.version)

stream_subject = Table(
    "stream_subject",
    metadata,
    *_stream_columns(primary_key=True),
    Column("person", Uuid, primary_key=True, index=True),
)
"""The people a stream is about, now."""

stream_member = Table(
    "stream_member",
    metadata,
    *_stream_columns(primary_key=True),
    Column("worker", String(80), primary_key=True, index=True),
)
"""The workers who work on a stream, now."""

stream_link = Table(
    "stream_link",
    metadata,
    *_stream_columns(primary_key=True),
    Column("other_kind", String(16), primary_key=True),
    Column("other_id", Uuid, primary_key=True),
)
"""An incident (``stream``) and the contacts and calls it links (``other``)."""
Index("ix_stream_link_other", stream_link.c.other_kind, stream_link.c.other_id)

seen = Table(
    "seen",
    metadata,
    Column("worker", String(80), primary_key=True),
    *_stream_columns(primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("tick", BigInteger, nullable=False, unique=True),
)
"""How far each worker has seen each stream; ``tick`` grows with every move, for the feeds."""
Index("ix_seen_stream", seen.c.stream_kind, seen.c.stream_id)

access = Table(
    "access",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    Column("worker", String(80), nullable=False),
    Column("role", String(40), nullable=False),
    Column("station", String(80), nullable=False),
    Column("action", String(24), nullable=False),
    Column("person", Uuid),
    Column("call", Uuid),
    Column("reason", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("digest", String(64), nullable=False),
)
"""Who looked at what: the second chain.  ``action`` is listed, opened, opened_offline,
refused or replayed; ``id`` is the ticket; ``question`` is the JSON of a look, or the stream that is replayed."""
Index("ix_access_opened", access.c.person, access.c.worker, access.c.at)

ticket_used = Table(
    "ticket_used",
    metadata,
    Column("id", Uuid, ForeignKey("access.id"), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""Tickets that were used; a second use of one is refused by its primary key."""

GROWS = ("entry", "access", "erasure", "ticket_used")
"""Tables in which no row is ever changed or deleted."""


def sqlite_triggers() -> tuple[tuple[str, str], ...]:
    """Return (table, statement) of the triggers that keep the log append-only on SQLite."""
    made: list[tuple[str, str]] = []
    for table in (*GROWS, "entry_body"):
        for verb in ("UPDATE", "DELETE"):
            erased = "WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.id = OLD.id) "
            when = erased if (table, verb) == ("entry_body", "DELETE") else ""
            name = f"{table}_no_{verb.lower()}"
            text = f"{table}: rows are never changed or deleted"
            made.append(
                (
                    table,
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when}"
                    f"BEGIN SELECT RAISE(ABORT, '{text}'); END",
                )
            )
    return tuple(made)


def _attach_triggers() -> None:
    for table, statement in sqlite_triggers():
        trigger = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
        event.listen(metadata.tables[table], "after_create", trigger.execute_if(dialect="sqlite"))


_attach_triggers()
