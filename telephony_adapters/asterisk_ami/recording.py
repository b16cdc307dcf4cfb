"""Reads a recorded stream: the bytes a manager interface sent, plain or gzipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from console.domain.call_events import CallEvent
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import NotUnderstood, Parser, stamp_of
from telephony_adapters.link.recordings import pieces_of

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_recording(path: Path, reading: Reading) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield every fact of a recording with its time, and the ends that the recording left open.

    The time is the switchboard's own; a message without one has the time of the one before.
    Raises :class:`NotUnderstood` and :class:`BadInput`.
    """
    parser, mapper = Parser(banner_needed=False), Mapper(reading)
    now = _NEVER
    for piece in pieces_of(path):
        for message in parser.feed(piece):
            now = stamp_of(message) or now
            for fact in mapper.feed(message, now):
                yield now, fact
    if not parser.understood:
        raise NotUnderstood("The recording holds nothing that a manager interface says. Nothing was changed.")
    for fact in mapper.finish(now):
        yield now, fact
