"""Who looked at what: the rows of the second chain, their digest, and tickets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from console.domain.ids import new_id
from console.domain.people import PersonRecord
from console.domain.record import GENESIS, SHIFT_ROLES, Entry, Identity, StreamKind, StreamRef, micros
from console.domain.rights import REPLAYERS
from console.ports.store import Look, NoTicket

LISTED = "listed"
OPENED = "opened"
OPENED_OFFLINE = "opened_offline"
REFUSED = "refused"
REPLAYED = "replayed"
TICKET_GOOD_FOR = timedelta(minutes=2)
OPENED_READS_FOR = timedelta(hours=12)
"""How long an opened record lets its reader see the case streams about that person: one shift."""
REASON_CAP = 2_000

NO_TICKET = (
    "This list or record was asked for without a fresh ticket, so nothing was shown and nothing was changed.  "
    "Ask for it again; the asking is written down first."
)
RESTRICTED_IN_A_FILE = (
    "This record is restricted and was not opened; that you asked is on the access log.  On a record kept in one file "
    "nobody's sign-in is proved, so none is opened there.  Ask the duty manager or the day service."
)
RESTRICTED_FOR_A_TEAM = (
    "This record is restricted and was not opened; that you asked is on the access log.  This version opens no "
    "restricted record, whoever asks.  Ask the duty manager or the day service."
)
ROLE_MAY_NOT_LOOK = (
    "This role does not look people up.  Nothing was looked up; ask a worker on the shift or the duty manager."
)
ROLE_MAY_NOT_REPLAY = "A replay is for managers and auditors.  Nothing was opened; ask the duty manager."
NO_INCIDENT = "There is no such incident in this record.  Nothing was opened; look at its reference again."
NO_REASON = "A search or an opened record needs a reason in words.  Nothing was looked up."


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One row of the access log; ``id`` is the ticket."""

    seq: int
    id: UUID
    at: datetime
    worker: str
    role: str
    station: str
    action: str
    person: UUID | None
    call: UUID | None
    reason: str
    question: str
    digest: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be written on the access log, before it has a place in the chain."""

    id: UUID
    who: Identity
    action: str
    reason: str
    person: UUID | None = None
    call: UUID | None = None
    question: str = ""


def chained(previous: str, seq: int, asked: Asked, at: datetime) -> AccessRow:
    """Return the row of ``asked`` right after the row whose digest is ``previous``."""
    who = asked.who
    return AccessRow(
        seq,
        asked.id,
        at,
        who.worker,
        who.role.value,
        who.station,
        asked.action,
        asked.person,
        asked.call,
        asked.reason,
        asked.question,
        access_digest(previous, seq, asked, at),
    )


def access_digest(previous: str, seq: int, asked: Asked, at: datetime) -> str:
    """Return the digest that ties a look to all earlier ones; texts enter as their own digests."""
    who = asked.who
    parts = (
        previous,
        str(seq),
        str(asked.id),
        str(micros(at)),
        _sha(who.worker),
        who.role.value,
        _sha(who.station),
        asked.action,
        str(asked.person or ""),
        str(asked.call or ""),
        _sha(asked.reason),
        _sha(asked.question),
    )
    return _sha("\n".join(parts))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


FIRST_ACCESS = GENESIS
"""Digest before the first look."""


def check_ticket(row: AccessRow | None, who: Identity, action: str, now: datetime, *, used: bool) -> AccessRow:
    """Return the row of a ticket that is good now; raises :class:`NoTicket` otherwise."""
    good = (
        row is not None
        and not used
        and row.action == action
        and row.worker == who.worker
        # A relative's row is no ticket: it says whose number was shown with an opened record.
        and (action != LISTED or row.person is None)
        and abs(now - row.at) <= TICKET_GOOD_FOR
    )
    if row is None or not good:
        raise NoTicket(NO_TICKET)
    return row


def checked_reason(reason: str, *, needed: bool) -> str:
    """Return the reason, capped; raises :class:`NoTicket` where one is needed and missing."""
    if needed and not reason.strip():
        raise NoTicket(NO_REASON)
    return reason.strip()[:REASON_CAP]


def ask_to_list(who: Identity, question: Look, now: datetime) -> Asked:
    """Return the row that must be committed before candidates are shown; raises :class:`NoTicket`."""
    _check_role(who)
    reason = checked_reason(question.reason, needed=question.call is None)
    return Asked(new_id(now), who, LISTED, reason, call=question.call, question=question_text(question))


def ask_to_open(
    who: Identity, person: UUID, reason: str, call: UUID | None, now: datetime, *, restricted: bool
) -> Asked:
    """Return the row that must be committed before a record is shown; ``refused`` where it is restricted."""
    _check_role(who)
    checked = checked_reason(reason, needed=call is None)
    return Asked(new_id(now), who, REFUSED if restricted else OPENED, checked, person, call)


def ask_to_list_relative(opening: Asked, relative: UUID, now: datetime) -> Asked:
    """Return the row that says whose number is shown with a record that ``opening`` opens: one for each relative."""
    return Asked(new_id(now), opening.who, LISTED, opening.reason, relative, opening.call, listed_with(opening.id))


def listed_with(ticket: UUID) -> str:
    """Return what stands as the question of a relative's row, by which it belongs to its opening."""
    return f'{{"opened":"{ticket}"}}'


def only_listed(record: PersonRecord, listed: Collection[UUID]) -> PersonRecord:
    """Return a record without the numbers of relatives who do not stand on the access log with its opening."""
    ties = (tie if tie.person in listed else replace(tie, lines=()) for tie in record.relations)
    return replace(record, relations=tuple(ties))


def ask_to_replay(who: Identity, incident: UUID, reason: str, now: datetime, *, known: bool) -> Asked:
    """Return the row that must be committed before an incident is seen again; raises :class:`NoTicket`."""
    if who.role not in REPLAYERS:
        raise NoTicket(ROLE_MAY_NOT_REPLAY)
    if not known:
        raise NoTicket(NO_INCIDENT)
    about = str(StreamRef(StreamKind.INCIDENT, incident))
    return Asked(new_id(now), who, REPLAYED, checked_reason(reason, needed=True), question=about)


def replayed_of(row: AccessRow) -> UUID:
    """Return the incident that a ``replayed`` row was written for."""
    return StreamRef.parse(row.question).id


def _check_role(who: Identity) -> None:
    if who.role not in SHIFT_ROLES:
        raise NoTicket(ROLE_MAY_NOT_LOOK)


def question_text(question: Look) -> str:
    """Return the JSON of a look, as the access log keeps it."""
    return json.dumps(
        {
            "e164": question.e164,
            "words": question.words,
            "born": question.born.isoformat() if question.born else "",
            "reference": question.reference,
            "limit": question.limit,
        },
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )


def question_of(row: AccessRow) -> Look:
    """Return the look that a ``listed`` row was written for."""
    asked = json.loads(row.question)
    return Look(
        row.reason,
        row.call,
        asked["e164"],
        asked["words"],
        date.fromisoformat(asked["born"]) if asked["born"] else None,
        asked["reference"],
        asked["limit"],
    )


def offline_opening(who: Identity, entry: Entry, person: UUID | None) -> Asked:
    """Return what the access log says of a record opened from the cache while we were away."""
    return Asked(entry.id, who, OPENED_OFFLINE, str(entry.content().get("reason", ""))[:REASON_CAP], person)
