"""An incident's replay as rows: the list to choose from, and the three panes as one worker could have seen them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from console.domain.calendar import local
from console.domain.forms.common import PRIORITY_CHOICES
from console.domain.help_kinds import STATE_WORDS
from console.domain.hooks import END_WORDS, HOOK_WORDS, Hook
from console.domain.locations import Place
from console.domain.replay import View
from console.domain.replay_reach import Worker
from console.domain.seat_words import SEAT_WORDS
from console.domain.shifts import role_words
from console.domain.words import full_words
from console.services.replays import Beginning
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import Mark
from ui.desktop.widgets.rows import Cell, Line, Row, heading, quiet

NOTHING = "Nothing yet at this moment."
NONE = "No incident of two workers began in the last fourteen days. `nightdesk replay` opens older ones."


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """The replay's panel.  ``open``: an incident is shown, else the list to choose from.

    ``when`` is the moment shown, ``step`` where it lies among the entries, ``happened`` what was shared last by then,
    ``note`` what went wrong or is to do.
    ``known``, ``told`` and ``asked`` are the panes: facts and records, the timeline, signals and requests.
    """

    open: bool = False
    title: str = "Replay"
    note: str = ""
    when: str = ""
    step: str = ""
    happened: str = ""
    incidents: tuple[Row, ...] = ()
    workers: tuple[Row, ...] = ()
    worker: str = ""
    known: tuple[Row, ...] = ()
    told: tuple[Row, ...] = ()
    asked: tuple[Row, ...] = ()


def second_words(moment: datetime) -> str:
    """Return ``Tue 01-Dec-2026 22:14:05``."""
    return f"{full_words(moment)}:{local(moment):%S}"


def clock(moment: datetime) -> str:
    """Return ``22:14:05``."""
    return f"{local(moment):%H:%M:%S}"


def incident_rows(found: Iterable[Beginning], name_of: Callable[[str], str]) -> tuple[Row, ...]:
    """Return the list to choose from: references, times and who opened it, no name of anybody it was about."""
    rows = []
    for one in found:
        ended = f"ended {full_words(one.ended)}" if one.ended else "still open"
        words = f"Began {full_words(one.began)}, opened by {name_of(one.opened_by)}, {ended}"
        first = (Cell(text=one.reference, weight=Weight.SEMIBOLD), Cell(right=0, button="Replay", act="open"))
        lines = (Line(first, 26), Line((Cell(text=words, size=Type.CAPTION, ink=Ink.SECONDARY),), 18))
        rows.append(Row(str(one.incident), lines, f"{one.reference}. {words}.", bottom=3, rule=True, acts=("open",)))
    return tuple(rows) or (quiet("none", NONE),)


def worker_rows(workers: Iterable[Worker], shown: str) -> tuple[Row, ...]:
    """Return whose console can be looked at; ``shown`` is the key of the one that is."""
    rows = []
    for one in workers:
        role = role_words(one.role) if one.role is not None else "Role not known"
        role, mark = (f"{role}, shown", Mark.DOT) if one.key == shown else (role, Mark.NONE)
        lines = (
            Line((Cell(text=one.name, weight=Weight.SEMIBOLD),), 22),
            Line((Cell(mark=mark, text=role, size=Type.CAPTION, ink=Ink.SECONDARY),), 18),
        )
        rows.append(Row(one.key, lines, f"{one.name}, {role}", bottom=3, rule=True))
    return tuple(rows)


# --- the panes -----------------------------------------------------------------------------------


def known_rows(view: View) -> tuple[Row, ...]:
    """Return what was known: who was in it, where, facts, records opened, and what nobody can know."""
    return tuple(_known(view))


def _known(view: View) -> Iterator[Row]:
    incident = view.incident
    if incident is not None:
        for member in incident.present:
            yield _pair(f"in {member.head}", SEAT_WORDS[member.role].capitalize(), member.name)
        if incident.risk_head is not None and incident.risk_at is not None:
            rank = next(one.label for one in PRIORITY_CHOICES if one.key == incident.risk.value)
            risk = ", ".join(part for part in (rank, incident.risk_words) if part)
            yield _pair("risk", "Risk", f"{risk} ({clock(incident.risk_at)})")
        elif incident.opened_at is not None:
            yield _pair("risk", "Risk", f"Not said in the incident, which opened {clock(incident.opened_at)}")
        for place in incident.places:
            label = "Where" if place.may_be_current else "Address on record"
            label = "Not there" if place.ended is not None else label
            yield _pair(
                f"place {place.entry}",
                label,
                f"{place.text} ({place.source_words}, {clock(place.at)}){_taken_back(place)}",
            )
        for fact in incident.facts:
            for head in fact.register.heads:
                clash = "TWO VALUES: " if fact.clash else ""
                yield _pair(f"fact {head.entry}", fact.label, f"{clash}{head.value} ({clock(head.at)})")
        for hazard in incident.hazards:
            yield _pair(f"hazard {hazard.entry}", "Hazard", f"{hazard.text} ({clock(hazard.at)})")
        yield from map(_hook, incident.hooks)
    for opened in view.opened:
        words = "Asked for, refused" if opened.look.action == "refused" else "Record opened"
        yield _pair(f"look {opened.look.at} {opened.look.person}", words, f"{opened.name}, {clock(opened.look.at)}")
    yield heading("unknown", "What is not known")
    yield from (quiet(f"unknown {number}", words) for number, words in enumerate(view.unknown))


def _taken_back(place: Place) -> str:
    why = f": {place.why}" if place.why else ""
    return f". Taken back {clock(place.ended_at)}{why}" if place.ended_at is not None else ""


def _hook(hook: Hook) -> Row:
    """Return what calms, inflames or was promised, as it stood: when it is due, how it ended, other wordings."""
    to = f" to {hook.to}" if hook.to else ""
    due = f", due {clock(hook.due)}" if hook.due is not None else ""
    end = f". {END_WORDS[hook.done]}" if hook.done is not None else ""
    texts = " / ".join((hook.text, *hook.others))
    clash = "TWO WORDINGS: " if hook.others else ""
    return _pair(f"hook {hook.id}", f"{HOOK_WORDS[hook.sort]}{to}", f"{clash}{texts}{due} ({clock(hook.at)}){end}")


def _pair(key: str, label: str, value: str) -> Row:
    lines = (
        Line((Cell(text=label, size=Type.CAPTION, ink=Ink.SECONDARY),), 18),
        Line((Cell(text=value, wrap=True),), 22),
    )
    return Row(key, lines, f"{label}: {value}", bottom=3)


def told_rows(view: View, names: dict[str, str]) -> tuple[Row, ...]:
    """Return the timeline as it stood, oldest first."""
    rows = [_line(one.entry, one.at, names.get(one.by, one.by), one.text) for one in view.lines]
    if view.unread:
        words = f"{_entries(view.unread)} shared by then without their words reaching this worker."
        rows.append(quiet("unread", words))
    return tuple(rows) or (quiet("none", NOTHING),)


def _line(key: object, at: datetime, by: str, text: str, known: str = "") -> Row:
    """Return one line; ``known`` is what the record proves of its being seen, and wraps."""
    first = (Cell(text=clock(at), size=Type.CAPTION, ink=Ink.SECONDARY, more=f", {by}"),)
    lines: tuple[Line, ...] = (Line(first, 18), Line((Cell(text=text, wrap=True),), 22))
    if known:
        lines = (*lines, Line((Cell(text=known, size=Type.CAPTION, ink=Ink.SECONDARY, wrap=True),), 18))
    spoken = f"{clock(at)}, {by}{f', {known}' if known else ''}: {text}"
    return Row(str(key), lines, spoken, bottom=3)


def asked_rows(view: View, names: dict[str, str]) -> tuple[Row, ...]:
    """Return signals and lines on the console, with what is known of their being seen, and requests as they stood."""
    rows = [heading("signals", "Signals", top=0)]
    for one in view.signals:
        by = names.get(one.signal.by, one.signal.by)
        rows.append(_line(one.signal.entry, one.signal.at, by, one.signal.words, one.words))
    rows += [] if view.signals else [quiet("no signals", NOTHING)]
    rows.append(heading("lines", "Lines between the two"))
    for said in view.said:
        by = names.get(said.line.author, said.line.author)
        rows.append(_line(f"line {said.line.line}", said.line.at, by, said.line.text, said.words))
    rows += [] if view.said else [quiet("no lines", NOTHING)]
    rows.append(heading("requests", "Asked of others"))
    for request in view.helps:
        at = request.news[-1].at if request.news else request.drafted_at or view.moment
        by = names.get(request.owner, request.owner) or "nobody"
        words = f"{request.label}: {STATE_WORDS[request.state].lower()}"
        rows.append(_line(request.id, at, by, words))
    rows += [] if view.helps else [quiet("no requests", NOTHING)]
    return tuple(rows)


def _entries(count: int) -> str:
    return "One entry was" if count == 1 else f"{count} entries were"
