"""The human call as one JSON object: a contract that other tools rely on (telephony.md 3.5)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import Enum

from console.domain.call_events import CallEvent, NumberLearned
from console.domain.call_folds import shown_caller
from console.domain.calls import Call
from console.domain.lines import USUAL

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


def call_report(call: Call, *, joined_late: bool = False) -> dict[str, JsonValue]:
    """Return the report of one call.  A withheld number is not in the call and so never here.

    One that went on before anybody listened is marked ``joined_late``: ``offered_at`` is from when it was known of.
    """
    caller = call.caller
    report: dict[str, JsonValue] = {
        "direction": call.direction.value,
        "caller": _or_null(caller.number),
        "caller_e164": _or_null(caller.e164),
        "name": _or_null(caller.name),
        "presentation": caller.presentation.value,
        "diverted_from": _or_null(caller.diverted_from),
        "dialled": _or_null(call.dialled),
        "queue": _or_null(call.queue),
        "rang": list(call.rang),
        "answered_by": list(call.answered_by),
        "holds": call.holds,
        "transfers": [{"kind": t.kind.value, "from": t.giver, "to": t.taker} for t in call.transfers],
        "joined": list(call.joined),
        "supervised_by": list(call.supervised_by),
        "outcome": call.outcome.value if call.outcome else "unknown",
        "ended_by": call.ended_by or "unknown",
        "offered_at": _iso(call.offered_at),
        "answered_at": _iso(call.answered_at),
        "ended_at": _iso(call.ended_at),
        "certainty": call.certainty.value,
    }
    if call.emergency:
        report["emergency"] = call.emergency
    if joined_late:
        report["joined_late"] = True
    return report


def event_report(event: CallEvent) -> dict[str, JsonValue]:
    """Return one fact as JSON: its name in words and its fields; of a caller no more than may be shown."""
    if isinstance(event, NumberLearned):
        caller = shown_caller(event, USUAL)
        event = replace(event, number=caller.number, name=caller.name, diverted_from=caller.diverted_from)
    report: dict[str, JsonValue] = {"event": _words(type(event).__name__)}
    for field in fields(event):
        report[field.name] = _plain(getattr(event, field.name))
    return report


def _plain(value: object) -> JsonValue:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, frozenset):
        return [*sorted(str(item) for item in value)]
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return str(value)


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _or_null(text: str) -> str | None:
    return text or None


def _words(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
