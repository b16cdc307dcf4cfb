"""What ``nightdesk db`` does, once the words of the command line are understood."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from console.domain.record import SCHEMA_VERSION, START, Cursor
from console.domain.text import BadInput
from console.ports.store import VerifyReport
from db.backup import back_up
from db.engine import NotOurs
from db.sqlite import SqliteStore
from ui.bootstrap.record import make_record, open_record, record_path, upgrade
from ui.exits import Exit

_NOT_PROVED = "not proved: imported people, markers and agencies, which are not part of the chain in this version"

_DAMAGED = (
    "NOT HONEST: the file of the record is damaged and cannot be trusted.  Nothing was changed.  Keep the file, go on "
    "with the latest backup that verifies, and have the disk looked at.  With --json: where SQLite found the damage."
)


def init(args: argparse.Namespace) -> int:
    """Make a record."""
    if args.invented or args.login:
        raise BadInput("--invented and --admin belong to a team's record on PostgreSQL.  Nothing was made.")
    if args.plain and args.key_file is not None:
        raise BadInput("--plain and --key-file contradict each other.  Nothing was made.")
    path = record_path(args.database)
    with make_record(args.database, args.key_file, plain=args.plain):
        kept = "not encrypted, for invented people only" if args.plain else "encrypted"
        said = {"database": str(path), "encrypted": not args.plain, "schema": SCHEMA_VERSION}
        say(args, said, f"made {path} ({kept})")
    return Exit.OK


def upgrade_it(args: argparse.Namespace) -> int:
    """Bring a record up to date."""
    done = upgrade(args.database, args.key_file)
    words = f"brought from {done.found} to {done.now}; the copy of before is {done.copy}"
    if done.copy is None:
        words = f"nothing to do: the record stands at {done.now}"
    say(args, {"from": done.found, "to": done.now, "copy": str(done.copy) if done.copy else None}, words)
    return Exit.OK


def verify(args: argparse.Namespace) -> int:
    """Prove a record honest, or name its first bad entry."""
    seen = noted(args.seen)
    print("verifying ...", file=sys.stderr)
    with open_record(args.database, args.key_file, migrate=False) as store:
        report = _checked(store, seen)
    say(args, as_json(report), in_words(report))
    return Exit.NOT_HONEST if report.what else Exit.OK


def _checked(store: SqliteStore, seen: Cursor | None) -> VerifyReport:
    try:
        report = store.verify()
        if not report.what and seen is not None and store.heartbeat(seen).rewind_to is not None:
            what = "the head that was noted for this entry is not in the record: its history was rewritten or cut"
            return replace(report, first_bad=seen.seq, what=what)
    except NotOurs:
        return VerifyReport(0, 0, START, 1, "the file is damaged and cannot be read to its end", "file")
    return report


def noted(text: str | None) -> Cursor | None:
    """Return the head that --seen names."""
    if text is None:
        return None
    seq, _, digest = text.strip().partition(":")
    if not (seq.isascii() and seq.isdigit() and len(digest) == 64):
        raise BadInput("--seen wants a number, a colon and 64 letters, as a console shows its head.  Nothing was read.")
    return Cursor(int(seq), digest.lower())


def in_words(report: VerifyReport) -> str:
    """Return what was proved, or the first bad entry."""
    if report.what and report.where == "file":
        return _DAMAGED
    if report.what:
        return f"NOT HONEST: {report.where} {report.first_bad}: {report.what}"
    head = f"{report.head.seq}:{report.head.digest}"
    proved = f"honest: {report.entries} entries, {report.accesses} looks at records, and what is derived from them"
    return f"{proved} ({_NOT_PROVED}); head {head}"


def as_json(report: VerifyReport) -> dict[str, Any]:
    """Return the same for a program."""
    bad = {"where": report.where, "seq": report.first_bad, "what": report.what}
    return {
        "honest": not report.what,
        "entries": report.entries,
        "accesses": report.accesses,
        "head": {"seq": report.head.seq, "digest": report.head.digest},
        "not_proved": ["people", "markers", "agencies"],
        "first_bad": bad if report.what else None,
    }


def backup(args: argparse.Namespace) -> int:
    """Copy a record and verify the copy."""
    print("copying ...", file=sys.stderr)
    with open_record(args.database, args.key_file, migrate=False) as store:
        copied = back_up(store.database, args.file)
    said = {"copy": str(copied.path), "bytes": copied.size, **as_json(copied.report)}
    say(args, said, f"copied to {copied.path} ({copied.size:,} bytes); {in_words(copied.report)}")
    return Exit.OK


def say(args: argparse.Namespace, said: dict[str, Any], words: str) -> None:
    """Print JSON for a program, or words for a person."""
    print(json.dumps(said, ensure_ascii=False, indent=1) if args.json else words)
