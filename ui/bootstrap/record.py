"""Open, or make, the record that a command works on, with windows or without."""

from __future__ import annotations

import os
import secrets as random_source
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.domain.text import BadInput
from console.machine.clock import SystemClock
from console.machine.keys import KeyMissing, decode_key, encode_key, key_for
from console.machine.paths import home
from console.machine.platform import make_private
from console.machine.secrets import KeyringSecrets
from console.machine.shares import refuse_network_share
from db.engine import NoDatabase
from db.opening import Upgraded, create_store, open_store, path_of, upgrade_record
from db.sqlite import SqliteStore
from ui.settings import is_team
from ui.settings_file import load

_PLAIN = b"SQLite format 3\x00"
_INSTEAD = "Without one say --key-file FILE: the key of the record is then in a file."
_LONGEST_KEY = 200
"""Bytes of a key file that are read; a key has 44."""


def record_path(named: str | None) -> Path:
    """Return the file of the record: as named, as the settings say, or the usual one."""
    here = home(os.environ)
    url = named or load(here.settings_file).database or str(here.database)
    if is_team(url):
        message = (
            "In this version this command works on a record in a file only, and the database named is a team's on "
            "PostgreSQL.  Nothing was changed; name a file with --database."
        )
        raise BadInput(message)
    return path_of(url)


@contextmanager
def open_record(named: str | None, key_file: Path | None, *, migrate: bool = True) -> Iterator[SqliteStore]:
    """Give an existing record; an older one is copied and brought up to date first, where ``migrate``."""
    path = record_path(named)
    if not path.is_file():
        message = (
            f"There is no record at {path}.  Nothing was made.  `nightdesk db init` makes one for real work; "
            "`nightdesk people invent 200 --database FILE` makes another with invented people, to try."
        )
        raise NoDatabase(message)
    key = None if _is_plain(path) else _key(path, key_file)
    yield from _given(open_store(str(path), key=key, clock=SystemClock(), guard=refuse_network_share, migrate=migrate))


@contextmanager
def open_or_make_record(named: str | None, key_file: Path | None, *, invented: bool) -> Iterator[SqliteStore]:
    """Give a record, made where there is none: encrypted, unless it is to hold invented people only."""
    path = record_path(named)
    if path.is_file():
        with open_record(named, key_file) as store:
            yield store
        return
    refuse_network_share(path)
    key = None if invented and key_file is None else _key(path, key_file)
    made = create_store(str(path), key=key, clock=SystemClock(), guard=refuse_network_share, invented=invented)
    yield from _given(made)


@contextmanager
def make_record(named: str | None, key_file: Path | None, *, plain: bool) -> Iterator[SqliteStore]:
    """Give a new record, encrypted unless ``plain``; refuses where a file is already."""
    path = record_path(named)
    refuse_network_share(path)
    if path.exists():
        message = f"There is already a file at {path}.  It was left as it is; choose another name."
        raise BadInput(message)
    key = None if plain else _key(path, key_file)
    made = create_store(str(path), key=key, clock=SystemClock(), guard=refuse_network_share, invented=plain)
    yield from _given(made)


def upgrade(named: str | None, key_file: Path | None) -> Upgraded:
    """Copy an older record and bring it up to date."""
    path = record_path(named)
    key = None if not path.is_file() or _is_plain(path) else _key(path, key_file)
    return upgrade_record(str(path), key=key, guard=refuse_network_share)


def _given(store: object) -> Iterator[SqliteStore]:
    if not isinstance(store, SqliteStore):
        raise BadInput("This command needs a record in a file.  Nothing was changed.")
    try:
        yield store
    finally:
        store.close()


def _is_plain(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN


def _key(path: Path, key_file: Path | None) -> bytes:
    if key_file is None:
        return _key_of_keyring(path)
    return _key_of_file(key_file) if path.exists() else key_in(key_file)


def key_in(key_file: Path) -> bytes:
    """Return the key in a file; one that is not there is made, readable by this account only."""
    if not key_file.exists():
        key_file.touch(0o600, exist_ok=False)
        make_private(key_file)
        key_file.write_text(encode_key(random_source.token_bytes(32)) + "\n", encoding="ascii")
    return _key_of_file(key_file)


def _key_of_keyring(path: Path) -> bytes:
    try:
        return key_for(path, f"record:{path.absolute()}", KeyringSecrets(instead=_INSTEAD))
    except KeyMissing as missing:
        message = f"{missing}  If its key is in a file, say --key-file FILE."
        raise KeyMissing(message) from missing


def _key_of_file(key_file: Path) -> bytes:
    try:
        with key_file.open("rb") as file:
            return decode_key(file.read(_LONGEST_KEY).decode("ascii").strip())
    except OSError as error:
        message = f"The key file {key_file} could not be read.  The record was not touched."
        raise BadInput(message) from error
    except (KeyMissing, UnicodeDecodeError) as error:
        message = (
            f"The file {key_file} holds no key of a record.  The record and the file were not touched.  "
            "Name the file that was made with the record by --key-file."
        )
        raise KeyMissing(message) from error
