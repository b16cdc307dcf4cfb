"""Reads a recorded stream: the bytes an event socket sent, plain or gzipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from console.domain.call_events import CallEvent
from telephony_adapters.freeswitch_esl.desk import Reading
from telephony_adapters.freeswitch_esl.mapping import Mapper, stamped
from telephony_adapters.freeswitch_esl.protocol import Parser
from telephony_adapters.link.faults import NotUnderstood
from telephony_adapters.link.recordings import pieces_of

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_recording(path: Path, reading: Reading) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield every fact of a recording with its time, and the ends that the recording left open.

    The time is the switchboard's own; a message without one has the time of the one before.
    Raises :class:`NotUnderstood` and :class:`BadInput`.
    """
    parser, mapper = Parser(greeting_needed=False), Mapper(reading)
    now, events = _NEVER, 0
    for piece in pieces_of(path):
        for message in parser.feed(piece):
            events += bool(message.event)
            now = stamped(message) or now
            for fact in mapper.feed(message, now):
                yield now, fact
    if not parser.understood or (parser.other_forms and not events):
        raise NotUnderstood(
            "The recording holds nothing that an event socket says in plain form (event plain). Nothing was changed."
        )
    for fact in mapper.finish(now):
        yield now, fact
