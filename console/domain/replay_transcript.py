"""A replay as plain text: every entry with both its times, its author, its words, and the chain's digest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from console.domain.act_words import TELEPHONES, act_words, is_of_telephones
from console.domain.calendar import local
from console.domain.call_lines import call_lines
from console.domain.ids import short_reference
from console.domain.items import Item, item_of_stored
from console.domain.record import Identity, Stored, StreamKind
from console.domain.replay import Opened, Replay, View
from console.domain.shifts import role_words
from console.domain.text import BadInput, safe_block, safe_line
from console.domain.words import full_words

WORDS_CAP = 20_000
"""Characters of one value that are printed; a note is no longer."""
NO_WORDS = "(its words may not be read here, or were erased)"
_KEY_WORDS = {"e164": "number", "extension": "telephone", "ref": "reference", "provider_call": "id at the switchboard"}
"""Keys of a body that say nothing to who reads a transcript; the others are words, with lines between them."""
_CHOSEN = frozenset(
    {"state", "signal", "kind", "role", "source", "outcome", "rank", "risk", "presentation", "direction"}
)
"""Keys whose values are one of a list, written with lines between their words."""
_LOOK_WORDS = {
    "listed": "found in a list",
    "opened": "opened",
    "opened_offline": "opened while the database was away",
    "refused": "asked for, and refused",
}
_QUIET = frozenset({"line", "begun", "settles"})
"""Keys that only say which line or value is meant."""
_TIME = re.compile(r"(?:(\d{4})-(\d{2})-(\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2}))?")
_NO_TIME = (
    "“{text}” is no time of that night.  Say 02:47, 02:47:30, or with the day 2026-12-02 02:47, in London's time.  "
    "Nothing was written."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who reads a replay, why, and when."""

    who: Identity
    reason: str
    at: datetime


def moment_of(text: str, first: datetime) -> datetime:
    """Return the moment that ``text`` means in London: with a day, else the first such time from ``first`` on."""
    found = _TIME.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups())
        clock = time(hour or 0, minute or 0, second or 0)
        here = local(first)
        named = here.date() if year is None else here.date().replace(year=year, month=month or 1, day=day or 1)
        moment = datetime.combine(named, clock, tzinfo=here.tzinfo)
    except (ValueError, OverflowError) as error:
        raise BadInput(_NO_TIME.format(text=safe_line(text, 40))) from error
    if year is None and moment < here.replace(second=0 if second is None else here.second, microsecond=0):
        moment = datetime.combine(named + timedelta(days=1), clock, tzinfo=here.tzinfo)
    # To the end of what was said: 02:47 means all of that minute's beginning, and no more.
    return moment.astimezone(first.tzinfo)


def precise(moment: datetime) -> str:
    """Return ``Tue 01-Dec-2026 22:14:05.120`` in London's time."""
    here = local(moment)
    return f"{full_words(moment)}:{here:%S}.{here.microsecond // 1000:03d}"


def transcript(replay: Replay, asked: Asked, view: View | None = None, until: datetime | None = None) -> str:
    """Return the whole incident, or what was shared ``until`` a moment, or what one worker could see (a ``view``)."""

    def is_shown(one: Stored) -> bool:
        at = one.envelope
        return at.id in view.shown if view is not None else until is None or at.stored_at <= until

    shown = [one for one in replay.entries if is_shown(one)]
    said = "everything that was shared" + (f" by {precise(until)}" if until is not None else "")
    return "\n".join((*_head(replay, asked, view or said, shown), *_entries(replay, shown), *_foot(view))) + "\n"


def _head(replay: Replay, asked: Asked, view: View | str, shown: list[Stored]) -> Iterator[str]:
    yield "NIGHTDESK REPLAY: TRANSCRIPT OF AN INCIDENT"
    yield f"Incident {short_reference(replay.material.incident)}"
    role = role_words(asked.who.role).lower()
    yield f"Made {precise(asked.at)} by {asked.who.name} ({role}); this reading is on the access log"
    yield f"Reason: {safe_line(asked.reason, 300)}"
    if isinstance(view, str):
        yield f"View: {view}"
    else:
        yield f"View: what {view.worker.name} could see at {precise(view.moment)}"
        yield f"Entries shared by then whose words had not reached this worker: {view.unread}"
        if view.kept:
            yield f"Own entries that were on this worker's computer alone then, and are not listed: {view.kept}"
    hidden = sum(one.body is None for one in shown)
    if hidden:
        yield f"Entries whose words may not be read here, or were erased: {hidden}"
    yield f"Entries {len(shown)}; times are London's"
    yield from _range(shown)


def _range(shown: list[Stored]) -> Iterator[str]:
    if not shown:
        return
    first, last = shown[0].envelope, shown[-1].envelope
    yield f"First entry {first.seq}, digest {first.digest}"
    yield f"Last entry {last.seq}, digest {last.digest}"
    yield f"To prove it: nightdesk db verify --seen {last.seq}:{last.digest}"


def _entries(replay: Replay, shown: Iterable[Stored]) -> Iterator[str]:
    listed, names = list(shown), replay.names
    calls = _call_words(replay, listed)
    for one in listed:
        at = one.envelope
        behalf = f", delivered by {names.get(at.author, at.author)}" if at.on_behalf_of else ""
        writer, role = names.get(at.writer, at.writer), role_words(at.role).lower()
        told = f"{TELEPHONES}, heard by " if is_of_telephones(at.kind) else ""
        yield ""
        yield f"#{at.seq}  {calls.get(at.id) or act_words(at.written[1])}"
        yield f"  kind    {at.written[1]}"
        yield f"  made    {precise(at.made_at)}"
        yield f"  shared  {precise(at.stored_at)}"
        yield f"  by      {told}{safe_line(writer)} ({role}) at {safe_line(at.station)}{behalf}"
        yield from (f"  {line}" for line in words_of_entry(one, names))
        yield f"  words   sha256 {at.body_sha256}"
        yield f"  digest  {at.digest}"


def _call_words(replay: Replay, shown: Iterable[Stored]) -> Mapping[UUID, str]:
    """Return what happened to the calls, in words, by entry."""
    calls: dict[UUID, list[Item]] = {}
    for one in shown:
        if one.envelope.stream.kind is StreamKind.CALL:
            calls.setdefault(one.envelope.stream.id, []).append(item_of_stored(one))
    return {line.entry: safe_line(line.text) for items in calls.values() for line in call_lines(items, replay.whose)}


def words_of_entry(one: Stored, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return what an entry says, a line for each thing in it, workers by ``names``; or that its words are not here."""
    if one.envelope.is_unknown:
        return ("(an entry that only a newer Nightdesk can read)",)
    if one.body is None:
        return (NO_WORDS,)
    body = {key: value for key, value in one.content().items() if key not in _QUIET and value not in ("", None, [], {})}
    if not body:
        return ("(no more than its kind)",)
    return tuple(line for key, value in sorted(body.items(), key=_text_last) for line in _lines(str(key), value, names))


def _text_last(pair: tuple[str, object]) -> tuple[bool, str]:
    return pair[0] == "text", pair[0]


def _lines(key: str, value: object, names: Mapping[str, str]) -> Iterator[str]:
    said = [names.get(str(one), str(one)) for one in (value if isinstance(value, (list, tuple)) else (value,))]
    written = ", ".join(one.replace("_", " ") if key in _CHOSEN else one for one in said)
    first, *rest = safe_block(written, WORDS_CAP).split("\n")
    yield f"{_KEY_WORDS.get(key) or safe_line(key, 40).replace('_', ' ')}: {first}"
    yield from (f"    {line}" for line in rest)


def _opened(one: Opened) -> str:
    return f"  {precise(one.look.at)}  {safe_line(one.name)}: {_LOOK_WORDS.get(one.look.action, one.look.action)}"


def _foot(view: View | None) -> Iterator[str]:
    if view is None:
        return
    yield ""
    yield f"SIGNALS ON {view.worker.name.upper()}'S CONSOLE"
    yield from (f"  {precise(one.signal.at)}  {one.signal.words}: {one.words}" for one in view.signals)
    yield "" if view.signals else "  none"
    yield f"LINES BETWEEN THE TWO ON {view.worker.name.upper()}'S CONSOLE"
    yield from (f"  {precise(one.line.at)}  {safe_line(one.line.text, WORDS_CAP)}: {one.words}" for one in view.said)
    yield "" if view.said else "  none"
    yield f"RECORDS {view.worker.name.upper()} HAD OPENED"
    yield from map(_opened, view.opened)
    yield "" if view.opened else "  none"
    yield "WHAT IS NOT KNOWN"
    yield from (f"  {words}" for words in view.unknown)
