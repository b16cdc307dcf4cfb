"""Bring an older record up to date: copy the file first, then migrate it in one transaction.

Imports alembic, so it is itself imported only where a file's version differs (:mod:`db.opening`).
"""

from __future__ import annotations

import io
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import update
from sqlalchemy.engine import Connection

from console.domain.record import SCHEMA_VERSION
from db.backup import copy_record
from db.engine import Database
from db.schema import REVISIONS, head

SCRIPTS = Path(__file__).parent / "migrations"


def config_for(connection: Connection) -> Config:
    """Return alembic's configuration for a connection that is inside a transaction."""
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade_file(database: Database, found: str) -> Path:
    """Copy the file, then migrate it; returns the copy.  On any fault the file is as it was before."""
    copy = _free_name(database.path, found)
    copy_record(database, copy)
    with database.writing(limitless=True) as connection:
        command.upgrade(config_for(connection), REVISIONS[-1])
        connection.execute(update(head).values(schema=SCHEMA_VERSION))
    return copy


def _free_name(path: Path, found: str) -> Path:
    names = (path.with_name(f"{path.name}.before-{found}{end}") for end in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())
