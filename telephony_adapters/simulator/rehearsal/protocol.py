"""The parser of rehearsals: plain text to a :class:`Rehearsal`, every refusal with file and line.

The language is the simulator's own (its telephones, its desk verbs) with scenes in place of the
clock; docs/using/writing-a-rehearsal.md describes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from console.domain.rehearsal_review import Aim
from console.domain.roles import SHIFT_ROLES, Role
from console.domain.text import safe_block
from telephony_adapters.simulator.grammar import read_step
from telephony_adapters.simulator.protocol import HEADERS as SIMULATOR_HEADERS
from telephony_adapters.simulator.protocol import Draft as SimulatorDraft
from telephony_adapters.simulator.protocol import text_of
from telephony_adapters.simulator.rehearsal.grammar import Cast, one_of, read_aim, read_desk, read_sought, seconds
from telephony_adapters.simulator.rehearsal.people import Invented, checked_number, read_person
from telephony_adapters.simulator.rehearsal.steps import ENDS, NARRATOR, TELEPHONES, Line, Rehearsal, Scene, Seat
from telephony_adapters.simulator.steps import CallArrives, Dials, Script
from telephony_adapters.simulator.words import BadScript, Reader, reader_of

SCREENS = ("handler", "coordinator", "board")
_OFFSET = re.compile(r"\+([0-9]{1,5}(?:\.[0-9]{1,3})?)")
_OPENED = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
"""Stands for a beginning: a rehearsal's calls carry the time at which they are played."""
_BRIEF_CAP = 600


@dataclass(slots=True)
class _Scene:
    """A scene that is being read; ``now`` is the time of the line above in it."""

    scene: Scene
    now: float = 0.0
    lines: list[Line] = field(default_factory=list)

    def done(self) -> Scene:
        """Return it with its lines."""
        return Scene(self.scene.when, self.scene.or_after, tuple(self.lines), self.scene.number)


@dataclass(slots=True)
class _Draft:
    """What the lines read so far have said; ``telephones`` takes the headers that the simulator has too."""

    file: str
    telephones: SimulatorDraft
    cast: Cast
    briefs: dict[str, list[str]] = field(default_factory=dict)
    """What is read before Begin, by seat; under no name for whoever has none of their own."""
    trainee: str = ""
    second: str = ""
    scenes: list[_Scene] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    people: list[Invented] = field(default_factory=list)


def _simulators(name: str) -> Callable[[_Draft, Reader], None]:
    return lambda draft, reader: SIMULATOR_HEADERS[name](draft.telephones, reader)


def _brief(draft: _Draft, reader: Reader) -> None:
    seat = draft.cast.seat(reader).key if reader.peek() in draft.cast.seats else ""
    draft.briefs.setdefault(seat, []).append(safe_block(reader.take("the briefing in quotes"), _BRIEF_CAP))


def _seat(draft: _Draft, reader: Reader) -> None:
    key = reader.take("a short name for the seat such as priya")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", key) or key in ("anyone", "call", *draft.cast.seats):
        raise reader.fail(f'"{key[:40]}" cannot name a seat: use a word of small letters that no other seat has.')
    extension = reader.extension()
    phone = draft.telephones.phones.get(extension)
    if phone is None or not phone.name:
        raise reader.fail(f'there is no line `phone {extension} "Name"` above: it says who sits there.')
    role = one_of(reader, "a role", tuple(sorted(one.value for one in SHIFT_ROLES)))
    screen = one_of(reader, "a screen", SCREENS)
    draft.cast.seats[key] = Seat(key, phone.name, extension, Role(role), screen)


def _trainee(draft: _Draft, reader: Reader) -> None:
    draft.trainee = draft.cast.seat(reader).key


def _second(draft: _Draft, reader: Reader) -> None:
    draft.second = draft.cast.seat(reader).key


def _person(draft: _Draft, reader: Reader) -> None:
    draft.people.append(read_person(reader))


def _aim(draft: _Draft, reader: Reader) -> None:
    draft.aims.append(read_aim(reader, draft.cast))


def _begin(draft: _Draft, reader: Reader) -> None:
    draft.scenes.append(_Scene(Scene(None, None, (), reader.line)))


def _when(draft: _Draft, reader: Reader) -> None:
    sought = read_sought(reader, draft.cast)
    after = float(seconds(reader)) if reader.skip("or", "after") else None
    if after is not None and not draft.scenes:
        raise reader.fail("`or after` counts from the scene above, and there is none yet; write `begin` first.")
    draft.scenes.append(_Scene(Scene(sought, after, (), reader.line)))


_HEADERS: Mapping[str, Callable[[_Draft, Reader], None]] = {
    "title": _simulators("title"),
    "line": _simulators("line"),
    "phone": _simulators("phone"),
    "brief": _brief,
    "seat": _seat,
    "trainee": _trainee,
    "second": _second,
    "person": _person,
    "aim": _aim,
    "begin": _begin,
    "when": _when,
}


def _happen(draft: _Draft, reader: Reader) -> None:
    if not draft.scenes:
        raise reader.fail(
            f'"{reader.peek()[:40]}" stands before the first scene; known here are {", ".join(sorted(_HEADERS))}.'
        )
    scene = draft.scenes[-1]
    if offset := _OFFSET.fullmatch(reader.peek()):
        scene.now += float(offset.group(1))
        reader.take("a time")
    scene.lines.append(_line(draft, reader, scene.now))


def _line(draft: _Draft, reader: Reader, after: float) -> Line:
    if re.match(r"[0-9]{1,2}:", reader.peek()):
        raise reader.fail("a rehearsal has no clock times; write +5 for five seconds after the line above.")
    if reader.skip("desk"):
        seat, verb, arguments = read_desk(reader, draft.cast)
        return Line(after, seat, verb, arguments, reader.line)
    if reader.skip(ENDS):
        reader.end()
        return Line(after, NARRATOR, ENDS, (), reader.line)
    said = tuple(word.text for word in reader.words[reader.position :])
    step = read_step(reader, draft.cast.names)
    if isinstance(step, CallArrives) and step.number:
        checked_number(reader, step.number)
    if isinstance(step, Dials) and len(step.number) > 4:
        checked_number(reader, step.number)
    return Line(after, TELEPHONES, type(step).__name__, said, reader.line, step)


def _read_line(draft: _Draft, number: int, text: str) -> None:
    reader = reader_of(draft.file, number, text)
    if reader is None:
        return
    header = _HEADERS.get(reader.peek())
    if header is None:
        _happen(draft, reader)
        return
    reader.take("a header")
    header(draft, reader)
    reader.end()


def parse_rehearsal(text: str, file: str = "script") -> Rehearsal:
    """Return the rehearsal; raises :class:`BadScript` with file, line and what should stand there."""
    telephones = SimulatorDraft(file, None)
    draft = _Draft(file, telephones, Cast(telephones.names))
    for number, line in enumerate(text.split("\n"), start=1):
        _read_line(draft, number, line.rstrip("\r"))
    _check_whole(draft)
    title, lines, phones = telephones.title or file, telephones.names.lines, telephones.phones
    briefs = {seat: tuple(words) for seat, words in draft.briefs.items()}
    return Rehearsal(
        title, briefs, draft.cast.seats, draft.trainee, draft.second,
        tuple(one.done() for one in draft.scenes), tuple(draft.aims), tuple(draft.people), lines, phones,
        Script(title, _OPENED, (), lines, phones),
    )  # fmt: skip


def _check_whole(draft: _Draft) -> None:
    lacking = ""
    if not draft.trainee:
        lacking = "no line says `trainee NAME`: whose desk the trainee has."
    elif not draft.second or draft.second == draft.trainee:
        lacking = "no line says `second NAME`: the other desk of the pair."
    elif not any(one.scene.when is None for one in draft.scenes):
        lacking = "no scene says `begin`: nothing would ever happen."
    elif not any(line.verb == ENDS for one in draft.scenes for line in one.lines):
        lacking = "no line says `ends`: the rehearsal would never come to its review."
    if lacking:
        raise BadScript(draft.file, 0, lacking)


def _shipped(name: str) -> Path:
    return Path(__file__).parent / "scripts" / f"{name}.txt"


def rehearsal_names() -> tuple[str, ...]:
    """Return the names of the rehearsals that come with Nightdesk."""
    return tuple(sorted(path.stem for path in _shipped("x").parent.glob("*.txt")))


def load_rehearsal(where: str) -> Rehearsal:
    """Read a rehearsal's file, or one of ours by its name.  Raises :class:`BadScript`."""
    path = _shipped(where) if where in rehearsal_names() else Path(where)
    if not path.exists() and path.suffix == "" and path.parent == Path():
        names = ", ".join(rehearsal_names())
        raise BadScript(where, 0, f"there is no file of that name, and ours are {names}.")
    return parse_rehearsal(text_of(path), path.name)
