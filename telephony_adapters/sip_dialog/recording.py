"""Reads recorded notifications: each after a line ``--- SECONDS`` (since 1970), headers, an empty line, the body."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from telephony_adapters.link.clock import moment_of
from telephony_adapters.link.faults import NotUnderstood
from telephony_adapters.link.recordings import pieces_of
from telephony_adapters.sip_dialog.callers import Reading
from telephony_adapters.sip_dialog.document import Document, NotDialogs, read_document
from telephony_adapters.sip_dialog.mapping import Mapper
from telephony_adapters.sip_dialog.subscription import PRESENCE
from telephony_adapters.sip_dialog.table import Table

BLOCK_CAP = 1024 * 1024
"""Most bytes of one notification; a longer one is passed over."""
_MARK = b"--- "
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_recording(path: Path, reading: Reading) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield every fact of a recording with its time, and the ends that the recording left open.

    Raises :class:`NotUnderstood` and :class:`~console.domain.text.BadInput`.
    """
    mapper, tables = Mapper(reading), dict[str, Table]()
    now, presence = _NEVER, False
    for block in _blocks(path):
        now = moment_of(block.removeprefix(_MARK).split(b"\n", 1)[0]) or now
        try:
            document = read_document(_body(block))
        except NotDialogs as error:
            presence = presence or error.presence
            continue
        if not tables:
            yield now, LinkChanged(now, LinkState.CONNECTED, only_watched=True)
        for fact in _facts(mapper, tables, document, now):
            yield now, fact
    if not tables:
        raise NotUnderstood(PRESENCE if presence else "The recording holds no dialog events. Nothing was changed.")
    for fact in mapper.finish(now):
        yield now, fact


def _facts(mapper: Mapper, tables: dict[str, Table], document: Document, now: datetime) -> list[CallEvent]:
    table = tables.setdefault(document.owner, Table())
    table.take(document)
    facts = mapper.tick(now)
    return facts + (mapper.feed(document.owner, table.dialogs, now) if table.known else [])


def _blocks(path: Path) -> Iterator[bytes]:
    kept = b""
    for piece in pieces_of(path):
        *whole, kept = (kept + piece).split(b"\n" + _MARK)
        yield from whole
        if len(kept) > BLOCK_CAP:
            kept = b""
    yield kept


def _body(block: bytes) -> bytes:
    return block.replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
