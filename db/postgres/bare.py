"""Bare connections, beside which the bench puts ours: psycopg alone, and a database with nothing of ours in it."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from db.postgres.lines import SCHEMA, Address, Line, translated

DATABASE = "bare"
"""The name of the database, and of the log-in that owns it."""
Bare = psycopg.Connection[TupleRow]


def make_bare(admin: Address, password: str) -> Address:
    """Make an ordinary log-in and a database of its own on a server of the bench; return how it comes in."""
    name = sql.Identifier(DATABASE)
    with translated(), admin.connect(limit=None) as line:
        _make_login(line, password)
        line.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
    return Address({**admin.keywords, "user": DATABASE, "dbname": DATABASE}, password)


def _make_login(line: Line, password: str) -> None:
    scram = line.pgconn.encrypt_password(password.encode(), DATABASE.encode(), b"scram-sha-256").decode()
    line.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(DATABASE), sql.Literal(scram)))


def plain(address: Address) -> Bare:
    """Return a connection in autocommit as psycopg makes it: no deadline, no sentence; statements are prepared."""
    words: dict[str, Any] = {**address.keywords, "password": address.password}
    line = psycopg.connect(**words, autocommit=True, options=f"-c search_path={SCHEMA},public")
    line.prepare_threshold = 2
    return line


def as_json(value: object) -> Jsonb:
    """Return a parameter that the doors take as JSON, made beforehand so that only the call is measured."""
    return Jsonb(value)


def rang(line: Bare, seconds: float) -> bool:
    """Wait for one notification on a connection that listens; say whether one came."""
    return any(True for _ in line.notifies(timeout=seconds, stop_after=1))
