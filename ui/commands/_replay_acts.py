"""What ``nightdesk replay`` does, once the words of the command line are understood."""

from __future__ import annotations

import argparse
import os
from datetime import datetime
from pathlib import Path

from console.domain.record import Role, worker_key
from console.domain.replay import Replay, View
from console.domain.replay_transcript import Asked as AskedFor
from console.domain.replay_transcript import moment_of, transcript
from console.domain.rights import REPLAYERS
from console.domain.text import BadInput, safe_line
from console.machine.clock import SystemClock
from console.services.replays import find_incident, open_replay
from db.access import ROLE_MAY_NOT_REPLAY
from ui.commands._asker import opened_by
from ui.exits import Exit

_THERE = "There is already a file at {path}.  It was left as it is, and nothing was written; choose another name."
_NOBODY = "“{name}” wrote nothing in this incident and never joined it.  Nothing was written.  There were: {names}."


def replay(args: argparse.Namespace) -> int:
    """Print, or write to a new file, what was asked for."""
    if args.transcript is not None and args.transcript.exists():
        # Before anything is opened: a look on the access log that showed nobody anything would be a false one.
        raise BadInput(_THERE.format(path=args.transcript))
    with opened_by(args, REPLAYERS, Role.AUDITOR, ROLE_MAY_NOT_REPLAY) as (who, store):
        found = open_replay(store, who, find_incident(store, args.reference), args.reason)
        text = _text(found, AskedFor(who, args.reason, SystemClock().now()), args)
    if args.transcript is None:
        print(text, end="")
    else:
        _write(args.transcript, text)
        print(f"written: {args.transcript} ({len(found.entries)} entries in the incident)")
    return Exit.OK


def _text(found: Replay, asked: AskedFor, args: argparse.Namespace) -> str:
    if not found.moments:
        raise BadInput("Nothing was ever shared of this incident.  Nothing was written.")
    at = moment_of(args.at, found.moments[0]) if args.at else found.moments[-1]
    if not args.worker:
        return transcript(found, asked, until=at if args.at else None)
    return transcript(found, asked, _view(found, args.worker, at))


def _view(found: Replay, name: str, at: datetime) -> View:
    key = name.strip().casefold()
    worker = next((one for one in found.workers if key in (one.key, one.name.casefold())), None)
    worker = worker or found.worker(worker_key(name))
    if worker is None:
        names = ", ".join(safe_line(one.name) for one in found.workers)
        raise BadInput(_NOBODY.format(name=safe_line(name, 40), names=names))
    return found.view_at(worker, at)


def _write(path: Path, text: str) -> None:
    """Write a new file that only this account may read, from its first byte on."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadInput(_THERE.format(path=path)) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
