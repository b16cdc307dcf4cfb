"""What is going on now, read after connecting: channels, who speaks with whom, rooms, holds, agents.

FreeSWITCH lists holds, unlike Asterisk.  Whether a number may be shown is in no list: each leg is
looked at by itself (``uuid_dump``); where that is refused, the setting decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.call_events import AgentPaused, CallEvent, HoldChanged, Parked
from console.domain.text import safe_line
from telephony_adapters.channels.visits import open_keys, snapshot_taken
from telephony_adapters.freeswitch_esl import callers, visits
from telephony_adapters.freeswitch_esl.board import Leg
from telephony_adapters.freeswitch_esl.handlers import READY, join, starts
from telephony_adapters.freeswitch_esl.mapping import Mapper
from telephony_adapters.freeswitch_esl.protocol import EVENT, Message

Row = Mapping[str, str]
_OVER = frozenset({"HANGUP"})
_UP = frozenset({"ACTIVE", "HELD", "UNHELD", "RING_WAIT"})
_PARKED = frozenset({"park", "valet_park"})
ROWS = 20_000
"""Most channels, calls or agents read of one list."""


@dataclass(slots=True)
class Listed:
    """The answers to what was asked.  ``channels`` is None where they may not be listed."""

    channels: Sequence[Row] | None = None
    calls: Sequence[Row] = ()
    dumps: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """The headers of each leg looked at, by its Unique-ID."""
    agents: Sequence[Row] = ()
    ids: frozenset[str] | None = None
    """Those of all legs there are and of what they are legs of; None where the list may not have been whole."""


def rows_of(text: str) -> list[Row]:
    """Return the rows of a list in JSON; what is no such list has none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    rows = found.get("rows") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        return []
    return [{str(k): str(v) for k, v in row.items() if v is not None} for row in rows[:ROWS] if isinstance(row, dict)]


def ids_of(text: str) -> frozenset[str] | None:
    """Return the ids in a list of channels in JSON; None for what does not say that it is whole."""
    try:
        found = json.loads(text)
        count = found["row_count"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    rows = rows_of(text)
    if count != len(rows):
        return None
    return frozenset(row[key] for row in rows for key in ("uuid", "call_uuid") if row.get(key))


def table_of(text: str) -> list[Row]:
    """Return the rows of a list with bars (``name|status|...``), whose first line names the columns."""
    lines = text.split("\n")[: ROWS + 1]
    names = lines[0].split("|")
    cells = (line.split("|") for line in lines[1:])
    return [dict(zip(names, row, strict=True)) for row in cells if len(row) == len(names) > 1]


def take_snapshot(mapper: Mapper, listed: Listed, at: datetime) -> list[CallEvent]:
    """Bring the mapper's board up to date and return the facts: the snapshot first, then its details."""
    board = mapper.board
    known = open_keys(board)
    rows = [row for row in listed.channels or () if row.get("uuid") and row.get("callstate") not in _OVER]
    board.keep_only(frozenset(row["uuid"] for row in rows))
    for leg in board.channels.values():
        leg.peer = leg.room = ""
    mapper.desk.stamped = False
    mapper.take()
    later = _touch(mapper, rows, listed, at)
    _join(mapper, rows, listed, at)
    for row in later:
        _one(mapper, row, listed, at)
    _join(mapper, rows, listed, at)
    _details(mapper, rows, known, at)
    _agents(mapper, listed.agents, at)
    facts = mapper.take()
    return [snapshot_taken(board, known, at, listed.ids), *facts]


def _touch(mapper: Mapper, rows: Iterable[Row], listed: Listed, at: datetime) -> list[Row]:
    """Read every leg but those that a telephone of ours had called, and return these.

    Whoever has a caller on the line comes first: a colleague asked for advice is told by that.
    """
    later = []
    for row in sorted(rows, key=lambda row: (row.get("direction") != "inbound", row.get("created_epoch", ""))):
        parent = mapper.board.channels.get(_source(row, listed))
        if parent is not None and parent.extension and parent.calls_in:
            later.append(row)
        else:
            _one(mapper, row, listed, at)
    return later


def _source(row: Row, listed: Listed) -> str:
    dump = listed.dumps.get(row["uuid"], {})
    return dump.get("variable_originator") or (row.get("call_uuid", "") if row.get("direction") == "outbound" else "")


def _one(mapper: Mapper, row: Row, listed: Listed, at: datetime) -> None:
    dump = dict(listed.dumps.get(row["uuid"], {}))
    now = dump.get("Caller-Destination-Number") or row.get("dest", "")
    for dest in dict.fromkeys((row.get("initial_dest") or now, now)):
        # First as it was dialled, then as it was led on: the line that a caller rang is the first.
        mapper.touch(Message(EVENT, {**_headers(row), **dump, "Caller-Destination-Number": dest}), at)
    leg, visit = mapper.board.channels.get(row["uuid"]), mapper.board.owner.get(row["uuid"])
    if leg is None or visit is None:
        return
    leg.up = leg.up or row.get("callstate") in _UP
    if leg.originated and leg.up:
        # The adviser's own telephone rang first, and picked up before we looked.
        visits.alert(mapper.desk, leg, at)
    elif leg.uid not in visit.present and leg.up and not leg.turn:
        visits.picked_up_before(mapper.desk, leg)
    if dump.get("variable_cc_side") == "member" and dump.get("variable_cc_cause") != "cancel" and not visit.queue:
        visits.queued(mapper.desk, visit, safe_line(dump.get("variable_cc_queue", "").partition("@")[0]), at)
    leg.room = dump.get("variable_conference_uuid", "") if row.get("application") == "conference" else ""


def _headers(row: Row) -> dict[str, str]:
    """Return a row as the headers of an event; empty ones are left out."""
    headers = {
        "Unique-ID": row["uuid"],
        "Channel-Name": row.get("name", ""),
        "Call-Direction": row.get("direction", ""),
        "Channel-Call-State": row.get("callstate", ""),
        "Answer-State": "answered" if row.get("callstate") in _UP else "",
        "Caller-Caller-ID-Number": row.get("cid_num", ""),
        "Caller-Caller-ID-Name": row.get("cid_name", ""),
        "Channel-Call-UUID": row.get("call_uuid", ""),
    }
    return {name: value for name, value in headers.items() if value}


def _join(mapper: Mapper, rows: Iterable[Row], listed: Listed, at: datetime) -> None:
    legs = mapper.board.channels
    for pair in listed.calls:
        one, two = legs.get(pair.get("uuid", "")), legs.get(pair.get("b_uuid", ""))
        if one is not None and two is not None and one is not two and one.peer != two.uid:
            join(mapper.desk, one, two, at)
    for row in rows:
        leg = legs.get(row["uuid"])
        if leg is not None and leg.room:
            visits.refresh(mapper.desk, leg, at)


def _details(mapper: Mapper, rows: Iterable[Row], known: frozenset[str], at: datetime) -> None:
    for row in rows:
        leg = mapper.board.channels.get(row["uuid"])
        if leg is None:
            continue
        if row.get("application"):
            starts(mapper.desk, leg, row["application"], row.get("application_data", ""), at)
        _held(mapper, leg, row.get("callstate") == "HELD", known, at)
        _parked(mapper, leg, row.get("application", ""), at)
    for visit in mapper.board.visits():
        callers.settle(mapper.desk, visit, at, last=True)


def _held(mapper: Mapper, leg: Leg, held: bool, known: frozenset[str], at: datetime) -> None:
    leg.held = held
    if not leg.extension or leg.consulted:
        return
    for visit in mapper.board.visits():
        # After a pause the hold of a call that we knew is in doubt, so that it does not hold is said as well.
        if visit.has_spoken(leg) and not visit.ended and (held or visit.key in known):
            mapper.desk.say(HoldChanged(visit.key, at, leg.extension, held))


def _parked(mapper: Mapper, leg: Leg, application: str, at: datetime) -> None:
    visit = mapper.board.visit_of(leg)
    if visit is not None and visit.key == leg.uid and visit.begun and not visit.present and application in _PARKED:
        visit.parker = visit.parker or ""
        mapper.desk.say(Parked(visit.key, at, True))


def _agents(mapper: Mapper, agents: Iterable[Row], at: datetime) -> None:
    for agent in agents:
        extension = mapper.board.learn_agent(agent.get("name", ""), agent.get("contact", ""))
        if extension and (status := agent.get("status", "")):
            paused = status not in READY
            mapper.desk.say(AgentPaused(at, extension, "", paused, safe_line(status) if paused else ""))
