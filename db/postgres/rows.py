"""What goes through the doors of PostgreSQL, and what comes back, as our own frozen records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from console.domain.record import BODY_CAP, START, Cursor, Entry, Stored, expects_text, from_micros, micros
from console.domain.rights import refusal
from console.domain.text import safe_line
from console.ports.store import Card, Heartbeat, Receipt, Verdict
from db.append import DIFFERS, NOT_AUTHOR, NOT_LEARNED, NOT_READ, NOT_SOUND, NOT_THEIR_TELEPHONE, NOT_THEIRS, TOO_LONG
from db.mapping import ENVELOPE, LINE_CAP, stored_of, whitelisted
from db.people_learn import learned_of


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as the door ``append`` takes it, with what it says of people as rows."""
    return {
        "id": str(entry.id),
        "stream_kind": entry.stream.kind.value,
        "stream_id": str(entry.stream.id),
        "kind": entry.kind.value,
        "author": entry.author,
        "role": entry.role.value,
        "station": entry.station,
        "made_at": micros(entry.made_at),
        "slot": entry.slot,
        "expects": expects_text(entry.expects),
        "replaces": str(entry.replaces) if entry.replaces else None,
        "corrects": str(entry.corrects) if entry.corrects else None,
        "on_behalf_of": entry.on_behalf_of,
        "body": entry.body,
        "learned": _learned_json(entry),
    }


def _learned_json(entry: Entry) -> dict[str, Any]:
    try:
        learned = learned_of(entry)
    except (ValueError, TypeError, KeyError):
        # It does not fit: the server refuses what needs it, and keeps a call's fact without it.
        return {}
    found: dict[str, Any] = {}
    if learned.person is not None:
        found["person"] = _plain(learned.person._asdict())
        found["names"] = [_plain(name._asdict()) for name in learned.names]
        found["find"] = learned.find
    if learned.address is not None and learned.lives is not None:
        found["address"] = _plain(learned.address._asdict())
        found["day"] = str(learned.lives.as_at or "") or None
    if learned.on_line is not None:
        found["e164"] = learned.on_line.e164
        found["confirmed_on"] = str(learned.on_line.confirmed_on) if learned.on_line.confirmed_on else None
    if learned.call is not None:
        found["e164"], found["at"] = learned.call
    return found


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    kept = (str, int, bool, type(None))
    return {name: value if isinstance(value, kept) else str(value) for name, value in row.items()}


def card_json(card: Card) -> dict[str, Any]:
    """Return a card as the door ``append`` takes it."""
    return {
        "stream_kind": card.stream.kind.value,
        "stream_id": str(card.stream.id),
        "line": safe_line(card.line, LINE_CAP),
        "details": whitelisted(card.details),
        "reducers": card.reducers,
        "upto": card.upto,
    }


def receipt_of(answer: Mapping[str, Any], entry: Entry) -> Receipt:
    """Return the receipt of one answer of ``append``; its reasons come as words of ours."""
    verdict = Verdict(answer["verdict"])
    reason = DIFFERS if verdict is Verdict.DIFFERS else _sentence(str(answer.get("reason", "")), entry)
    return Receipt(
        entry.id,
        verdict,
        int(answer.get("seq") or 0),
        _time(answer.get("stored_at")),
        str(answer.get("digest") or ""),
        UUID(answer["head"]) if answer.get("head") else None,
        str(answer.get("won_by") or ""),
        _time(answer.get("won_at")),
        reason,
    )


def unsound(entry: Entry) -> Receipt:
    """Return the refusal of an entry that cannot be sent."""
    return Receipt(entry.id, Verdict.REFUSED, reason=_sentence(_word_for(entry), entry))


def _word_for(entry: Entry) -> str:
    return "too_long" if len(entry.body) > BODY_CAP else "not_sound"


def _time(count: int | None) -> datetime | None:
    return from_micros(count) if count is not None else None


def _sentence(word: str, entry: Entry) -> str:
    sentences = {
        "": "",
        "too_long": TOO_LONG.format(length=len(entry.body), cap=BODY_CAP),
        "not_sound": NOT_SOUND,
        "not_author": NOT_AUTHOR,
        "not_learned": NOT_LEARNED,
        "not_theirs": NOT_THEIRS,
        "not_their_telephone": NOT_THEIR_TELEPHONE,
        "not_read": NOT_READ,
    }
    return sentences.get(word, refusal(entry.kind, entry.role))


def stored_of_row(row: Sequence[Any]) -> Stored:
    """Return an entry of a row of ``told``."""
    return stored_of(row, row[len(ENVELOPE)])


def cursors(history: Sequence[Cursor]) -> tuple[list[int], list[str]]:
    """Return seqs and digests as the door ``heartbeat`` takes them."""
    return [cursor.seq for cursor in history], [cursor.digest for cursor in history]


def heartbeat_of(row: Sequence[Any], history: Sequence[Cursor]) -> Heartbeat:
    """Return the heartbeat of the door's row."""
    seq, digest, at_us, schema, agreed = row
    newest = Cursor(seq, digest)
    rewind = None
    if history and history[0] not in (newest, START) and (agreed or 0) != history[0].seq:
        rewind = agreed or 0
    return Heartbeat(newest, from_micros(at_us), schema, rewind)
