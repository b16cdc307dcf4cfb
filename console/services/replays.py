"""Find an incident by its short reference, and open its replay by a ticket; headless commands and windows use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from console.domain.ids import FACTS, is_short_reference, short_reference
from console.domain.record import Envelope, Identity, Kind
from console.domain.replay import Replay
from console.domain.text import BadInput, safe_line
from console.ports.store import Store

PAGE = 5_000
MOST_LISTED = 40
_NO_REFERENCE = (
    "“{text}” is no reference: one has eight letters and figures and a check character, such as 7K3M-Q2XA-5.  Nothing "
    "was opened; look at it again."
)
_NOT_HERE = "No incident with the reference {text} is in this record, and no record of one.  Nothing was opened."
_NO_INCIDENT = "The record {text} never became an incident of two workers: there is nothing to replay."


@dataclass(frozen=True, slots=True)
class Beginning:
    """An incident of the list: no name and no words, which nobody reads before the replay is opened."""

    incident: UUID
    reference: str
    began: datetime
    opened_by: str
    ended: datetime | None


def find_incident(store: Store, reference: str) -> UUID:
    """Return the incident of a reference, its own or that of the record it began from; raises :class:`BadInput`.

    References are made from ids, so envelopes are all that is read.
    """
    if not is_short_reference(reference):
        raise BadInput(_NO_REFERENCE.format(text=safe_line(reference, 40)))
    wanted, records, incidents = _plain(reference), list[UUID](), set[UUID]()
    for one in _envelopes(store, 0):
        if one.kind is Kind.INCIDENT_OPENED:
            if _plain(short_reference(one.stream.id)) == wanted:
                return one.stream.id
            incidents.add(one.stream.id)
        elif one.kind is Kind.CONTACT_OPENED and _plain(short_reference(one.stream.id)) == wanted:
            records.append(one.stream.id)
    return _of_record(records, incidents, reference)


def _of_record(records: list[UUID], incidents: set[UUID], reference: str) -> UUID:
    """Return the newest incident around a record: its id is made from the record's (:func:`folds.incident_id`)."""
    written = safe_line(reference, 40)
    if not records:
        raise BadInput(_NOT_HERE.format(text=written))
    found, count = None, 0
    while (made := uuid5(FACTS, f"incident\n{records[0]}\n{count}")) in incidents:
        found, count = made, count + 1
    if found is None:
        raise BadInput(_NO_INCIDENT.format(text=written))
    return found


def beginnings(store: Store, since: datetime) -> tuple[Beginning, ...]:
    """Return the incidents begun since a moment, newest first, at most :data:`MOST_LISTED`."""
    begun: dict[UUID, Envelope] = {}
    ended: dict[UUID, datetime] = {}
    for one in _envelopes(store, store.seq_at(since)):
        if one.kind is Kind.INCIDENT_OPENED:
            begun.setdefault(one.stream.id, one)
        elif one.kind is Kind.INCIDENT_STOOD_DOWN:
            ended.setdefault(one.stream.id, one.stored_at)
    newest = sorted(begun.items(), key=lambda pair: -pair[1].seq)[:MOST_LISTED]
    return tuple(
        Beginning(incident, short_reference(incident), one.made_at, one.writer, ended.get(incident))
        for incident, one in newest
    )


def open_replay(store: Store, who: Identity, incident: UUID, reason: str) -> Replay:
    """Write the look on the access log, then return the replay; raises ``NoTicket`` where that is refused."""
    return Replay(store.replay(who, store.ask_replay(who, incident, reason)))


def _envelopes(store: Store, after: int) -> Iterator[Envelope]:
    while page := store.envelopes(after, PAGE):
        yield from page
        after = page[-1].seq


def _plain(reference: str) -> str:
    compact = reference.strip().upper().replace("-", "").replace(" ", "")
    return compact[:-1].translate(str.maketrans("OIL", "011")) + compact[-1:]
