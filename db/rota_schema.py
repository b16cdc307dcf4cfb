"""The table of the rota, on the MetaData of the whole database (console.domain.rota).

Reference data, imported.  A row that a later file replaces is marked ``withdrawn_at`` and never deleted: who was
said to be on call at 02:47 can be told afterwards.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, String, Table, Uuid

from db.schema import metadata

rota = Table(
    "rota",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("authority", String(40), nullable=False),
    Column("service", String(16), nullable=False),
    Column("name", String(120), nullable=False),
    Column("number", String(20), nullable=False),
    Column("safe", String(120), nullable=False),
    Column("begins", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("source", String(80), nullable=False),
    Column("as_at", Date),
    Column("brought_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
    sqlite_with_rowid=False,
)
"""Who is on which duty from when to when: whole microseconds since 1970 UTC."""
Index("ix_rota_ends", rota.c.ends, rota.c.begins)
