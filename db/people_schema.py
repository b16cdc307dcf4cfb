"""The plain tables of people, on the MetaData of the whole database (domain.md 8.2).

Reference data: imported from the council's systems or invented; what is learned at night comes as
entries and is brought in here by ``db.people_learn``.  Identity is three things: ``person``,
``line`` (a telephone number as a thing) and ``person_on_line``.  The column names are the field
names of ``console.domain.people_rows``.  Columns that end in ``_key``, and ``sort_name``, are
folded copies to find and order by.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    event,
    text,
)

from db.schema import metadata

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("family", String(80), nullable=False),
    Column("given", String(80), nullable=False),
    Column("sort_name", String(200), nullable=False),
    Column("born", Date),
    Column("dob_certainty", String(16), nullable=False),
    Column("claimed_age", Integer),
    Column("gender", String(40), nullable=False),
    Column("reference", String(40), nullable=False),
    Column("reference_key", String(40), nullable=False),
    Column("authority", String(40), nullable=False),
    Column("language", String(80), nullable=False),
    Column("interpreter", Boolean, nullable=False),
    Column("communication", String(200), nullable=False),
    Column("plan", String(24), nullable=False),
    Column("plan_as_at", Date),
    Column("plan_source", String(80), nullable=False),
    Column("deceased_on", Date),
    Column("restricted", Boolean, nullable=False),
    Column("source", String(40), nullable=False),
    sqlite_with_rowid=False,
)
"""One person.  Empty text and NULL mean not known."""
Index("ix_person_born", person.c.born)
Index(
    "ix_person_reference",
    person.c.reference_key,
    # PostgreSQL has the same condition from its migration: naming it here would load that whole
    # dialect into every console: 7 MB and a tenth of a second.
    sqlite_where=text("reference_key <> ''"),
)

person_name = Table(
    "person_name",
    metadata,
    Column("person", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("shown", String(80), primary_key=True),
    Column("family", String(120), nullable=False),
    Column("given", String(120), nullable=False),
    sqlite_with_rowid=False,
)
"""Every way to find a person by name: current, known_as, and the later parts of double names."""
Index("ix_person_name_family", person_name.c.family, person_name.c.given)
Index("ix_person_name_given", person_name.c.given, person_name.c.family)

address = Table(
    "address",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("lines", Text, nullable=False),
    Column("postcode", String(16), nullable=False),
    Column("postcode_key", String(16), nullable=False),
    Column("authority", String(40), nullable=False),
    Column("access", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""A place: ``lines`` are joined by line feeds, ``access`` says how one gets in."""
Index("ix_address_postcode", address.c.postcode_key)

person_address = Table(
    "person_address",
    metadata,
    Column("person", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("address", Uuid, ForeignKey("address.id"), primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("as_at", Date),
    Column("until", Date),
    Column("do_not_disclose", Boolean, nullable=False),
    Column("source", String(40), nullable=False),
    sqlite_with_rowid=False,
)
"""A person at an address: what it is to them, when that was known, until when, may it be told."""
Index("ix_person_address_address", person_address.c.address)

line = Table(
    "line",
    metadata,
    Column("e164", String(20), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("place", String(200), nullable=False),
    Column("safe_to_call", String(80), nullable=False),
    Column("calls_before", Integer, nullable=False),
    Column("last_call_at", BigInteger),
    sqlite_with_rowid=False,
)
"""A telephone number as a thing.  ``calls_before`` and ``last_call_at`` are of the time before this record."""

line_call = Table(
    "line_call",
    metadata,
    Column("e164", String(20), primary_key=True),
    Column("call", Uuid, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Calls of this record by the number they showed; a withheld number is never here."""

person_on_line = Table(
    "person_on_line",
    metadata,
    Column("e164", String(20), ForeignKey("line.e164"), primary_key=True),
    Column("person", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("confirmed_on", Date),
    Column("until", Date),
    Column("source", String(40), nullable=False),
    sqlite_with_rowid=False,
)
"""A person on a line, with the day that was last confirmed; ``until``: no longer theirs."""
Index("ix_person_on_line_person", person_on_line.c.person)

relationship = Table(
    "relationship",
    metadata,
    Column("person", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("other", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("parental_responsibility", Boolean),
    Column("contact_rule", String(24), nullable=False),
    Column("order_ref", String(80), nullable=False),
    Column("next_of_kin", Boolean, nullable=False),
    Column("until", Date),
    sqlite_with_rowid=False,
)
"""``other`` is the ``kind`` of ``person``; each tie is stored from both sides.  ``until``: the day it ended."""

marker = Table(
    "marker",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", String(16), nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("rank", String(24), nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Column("set_on", Date, nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("authorised_by", String(80), nullable=False),
    Column("review_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("origin", String(40), nullable=False),
    sqlite_with_rowid=False,
)
"""A risk marker on a person or an address; ``source`` is its evidence, ``origin`` who brought the row."""
Index("ix_marker_subject", marker.c.subject_id)

past_contact = Table(
    "past_contact",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("person.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("text", Text, nullable=False),
    Column("authority", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    sqlite_with_rowid=False,
)
"""Contacts of the time before this record."""
Index("ix_past_contact_person", past_contact.c.person, past_contact.c.on)

person_helper = Table(
    "person_helper",
    metadata,
    Column("person", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("role", String(80), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("number", String(20), nullable=False),
    sqlite_with_rowid=False,
)
"""Who works with a person: their GP, their team."""

agency = Table(
    "agency",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("area", String(80), nullable=False),
    Column("number", String(20), nullable=False),
    Column("verified_on", Date),
    Column("verified_by", String(80), nullable=False),
)
"""The directory of agencies; ``key`` is the folded name, kind and area."""

imported = Table(
    "imported",
    metadata,
    Column("person", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("run", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The row of a file that each imported person came from, so that a second import changes only what changed."""

ON_FILES_ONLY = "on_files_only"
"""In a table's ``info``: PostgreSQL has its own of the same name (db/postgres/sql/steps/0004_search.sql)."""

person_find = Table(
    "person_find",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("person", Uuid, ForeignKey("person.id"), nullable=False, unique=True),
    Column("words", Text, nullable=False),
    info={ON_FILES_ONLY: True},
)
"""The words by which a person is found (console.domain.find_words), and the number that their index knows them by."""

INDEXED_WORDS = (
    # Only who has a word is kept, not where: half the size, and nobody asks for phrases.
    "CREATE VIRTUAL TABLE find_index USING fts5(words, content='person_find', content_rowid='place', "
    "tokenize='ascii', detail=none, columnsize=0)",
    "CREATE TRIGGER person_find_added AFTER INSERT ON person_find BEGIN "
    "INSERT INTO find_index (rowid, words) VALUES (new.place, new.words); END",
    "CREATE TRIGGER person_find_changed AFTER UPDATE ON person_find BEGIN "
    "INSERT INTO find_index (find_index, rowid, words) VALUES ('delete', old.place, old.words); "
    "INSERT INTO find_index (rowid, words) VALUES (new.place, new.words); END",
    "CREATE TRIGGER person_find_gone AFTER DELETE ON person_find BEGIN "
    "INSERT INTO find_index (find_index, rowid, words) VALUES ('delete', old.place, old.words); END",
)
"""What makes SQLite's index of those words and keeps it true."""
for statement in INDEXED_WORDS:
    # SQLAlchemy leaves DDL without types.
    event.listen(person_find, "after_create", DDL(statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]

near_word = Table(
    "near_word",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("word", String(40), primary_key=True),
    sqlite_with_rowid=False,
)
"""Each word of names and streets by itself and by what is left of it without each letter: one slip is found by it."""

TABLES = (
    person,
    person_name,
    address,
    person_address,
    line,
    line_call,
    person_on_line,
    relationship,
    marker,
    past_contact,
    person_helper,
    agency,
    imported,
    person_find,
    near_word,
)
"""In the order in which they are made and filled."""
