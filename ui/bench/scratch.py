"""Bare files to measure limits on: the same SQLite, the same settings, none of our code above it."""

from __future__ import annotations

from pathlib import Path

from db.engine import Driver, connect, make_private_file


def scratch(file: Path, *statements: str) -> Driver:
    """Make a bare file like the record's (WAL, FULL) with tables of its own."""
    make_private_file(file)
    driver = connect(file, None)
    driver.execute("PRAGMA journal_mode = WAL").fetchall()
    for statement in statements:
        driver.execute(statement)
    return driver
