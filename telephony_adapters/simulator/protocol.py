"""The parser: the text of a script file becomes a :class:`Script`.  No clock, no thread.

Every refusal is one sentence with the file's name and the line's number.  The language is
described in this folder's README.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from telephony_adapters.simulator.desk_verbs import DEMO, DESK, DeskVerb
from telephony_adapters.simulator.generated import Earlier, Flood, read_earlier, read_flood
from telephony_adapters.simulator.grammar import Names, read_step
from telephony_adapters.simulator.steps import Happening, Phone, Script, Step
from telephony_adapters.simulator.words import BadScript, Reader, reader_of

LONDON = ZoneInfo("Europe/London")
LARGEST_FILE = 1_000_000
"""Bytes of a script file that are read; a longer one is no script."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,3}))?)?")
_AFTER = re.compile(r"\+([0-9]{1,5}(?:\.[0-9]{1,3})?)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIRST_NIGHT = date(2026, 12, 1)
"""The night of a script that names none."""

Include = Callable[[str], "Script"]


@dataclass(slots=True)
class Draft:
    """What the lines read so far have said; a rehearsal's adds to it."""

    file: str
    include: Include | None
    title: str = ""
    day: date = FIRST_NIGHT
    opens: datetime | None = None
    now: datetime | None = None
    names: Names = field(default_factory=Names)
    phones: dict[str, Phone] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)

    def clock(self, reader: Reader, word: str) -> datetime:
        """Return the UTC time of ``22:14:05``; a clock that has passed midnight is the next day's."""
        match = _CLOCK.fullmatch(word)
        if match is None:
            raise reader.fail(f'"{word[:40]}" is not a time such as 22:14:05.')
        hour, minute, second, part = match.groups()
        local = time(int(hour), int(minute), int(second or 0), int((part or "0").ljust(3, "0")) * 1000)
        at = datetime.combine(self.day, local, LONDON).astimezone(UTC)
        if self.now is not None and self.now - at > timedelta(hours=12):
            self.day += timedelta(days=1)
            at = datetime.combine(self.day, local, LONDON).astimezone(UTC)
        return at


def _read_time(draft: Draft, reader: Reader) -> None:
    """Move the draft's time where the line begins with one."""
    word = reader.peek()
    after = _AFTER.fullmatch(word)
    if after and draft.now is not None:
        draft.now += timedelta(seconds=float(after.group(1)))
    elif _CLOCK.fullmatch(word):
        at = draft.clock(reader, word)
        if draft.now is not None and at < draft.now:
            raise reader.fail(f"{word} is before the line above; lines must stand in the order of time.")
        draft.now = at
    else:
        if draft.now is None:
            raise reader.fail("the first happening needs a time such as 22:14:05.")
        return
    reader.take("a time")


def _night(draft: Draft, reader: Reader) -> None:
    word = reader.take("a date such as 01-Dec-2026")
    match = re.fullmatch(r"([0-9]{2})-([A-Z][a-z]{2})-([0-9]{4})", word)
    try:
        draft.day = date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1])) if match else date.min
    except ValueError:
        draft.day = date.min
    if draft.day == date.min:
        raise reader.fail(f'"{word[:40]}" is not a date such as 01-Dec-2026.')


def _opens(draft: Draft, reader: Reader) -> None:
    draft.opens = draft.clock(reader, reader.take("a time"))


def _title(draft: Draft, reader: Reader) -> None:
    draft.title = reader.take("the title in quotes")


def _line(draft: Draft, reader: Reader) -> None:
    number = reader.number()
    draft.names.lines[number] = reader.take("the line's name in quotes")


def _phone(draft: Draft, reader: Reader) -> None:
    extension = reader.extension()
    name = reader.take("the name in quotes")
    queues: list[str] = []
    while reader.skip("queue"):
        queues.append(reader.take("the queue's name"))
    draft.phones[extension] = Phone(extension, name, tuple(queues))


def _after(draft: Draft, reader: Reader) -> None:
    name = reader.take("the name of another script")
    if draft.include is None:
        raise reader.fail("another script can be named only in a file.")
    earlier = draft.include(name)
    draft.happenings.extend(earlier.happenings)
    draft.names.lines = {**earlier.lines, **draft.names.lines}
    draft.phones = {**earlier.phones, **draft.phones}


HEADERS: Mapping[str, Callable[[Draft, Reader], None]] = {
    "title": _title,
    "night": _night,
    "opens": _opens,
    "line": _line,
    "phone": _phone,
    "after": _after,
}
"""What stands above the happenings, and how it is read."""


def _people(reader: Reader, actor: str, verbs: Mapping[str, DeskVerb], at: datetime) -> Happening:
    verb = reader.take("what happens there")
    if verb not in verbs:
        raise reader.fail(f'"{verb[:40]}" is not done at a desk; known are {", ".join(sorted(verbs))}.')
    arguments: list[str] = []
    while reader.more():
        arguments.append(reader.take("a word"))
    if not verbs[verb].fewest <= len(arguments) <= verbs[verb].most:
        raise reader.fail(f"{verb} is written as: {verb} {verbs[verb].help}.")
    return Happening(at, actor, verb, tuple(arguments), reader.line)


def _telephones(draft: Draft, reader: Reader, at: datetime) -> Happening:
    otherwise = reader.skip("otherwise")
    said = tuple(word.text for word in reader.words[reader.position :])
    step = read_step(reader, draft.names)
    verb = type(step).__name__
    return Happening(at, "telephones", verb, said, reader.line, step, otherwise)


def _generated(draft: Draft, reader: Reader, many: Flood | Earlier, at: datetime) -> list[Happening]:
    prefix = f"{type(many).__name__.lower()}{reader.line}"
    return [
        Happening(at + after, "telephones", type(step).__name__, (step_call(step),), reader.line, step)
        for after, step in many.steps(prefix)
    ]


def step_call(step: Step) -> str:
    """Return the script's name of the call a step is about; empty where it is about none."""
    return str(getattr(step, "call", ""))


def _happen(draft: Draft, reader: Reader) -> None:
    _read_time(draft, reader)
    at = draft.now
    if at is None:
        raise reader.fail("the first happening needs a time such as 22:14:05.")
    if reader.skip("desk"):
        draft.happenings.append(_people(reader, reader.take("whose desk"), DESK, at))
    elif reader.skip("demo"):
        draft.happenings.append(_people(reader, "demo", DEMO, at))
    elif reader.skip("flood"):
        draft.happenings.extend(_generated(draft, reader, read_flood(reader), at))
    elif reader.skip("earlier"):
        draft.happenings.extend(_generated(draft, reader, read_earlier(reader), at))
    else:
        draft.happenings.append(_telephones(draft, reader, at))


def _read_line(draft: Draft, number: int, text: str) -> None:
    reader = reader_of(draft.file, number, text)
    if reader is None:
        return
    header = HEADERS.get(reader.peek())
    if header is None:
        _happen(draft, reader)
        return
    reader.take("a header")
    header(draft, reader)
    reader.end()


def parse(text: str, file: str = "script", include: Include | None = None) -> Script:
    """Return the script; raises :class:`BadScript` with file, line and what should stand there."""
    draft = Draft(file, include)
    # Not splitlines(): a form feed or U+2028 inside quotes ends no line.
    for number, line in enumerate(text.split("\n"), start=1):
        _read_line(draft, number, line.rstrip("\r"))
    happenings = tuple(sorted(draft.happenings, key=lambda happening: happening.at))
    if not happenings:
        raise BadScript(file, 0, "nothing happens in this script.")
    opens = draft.opens or happenings[0].at
    return Script(draft.title or file, opens, happenings, draft.names.lines, draft.phones)


def text_of(path: Path) -> str:
    """Return the text of a script file.  Raises :class:`BadScript`."""
    try:
        if path.exists() and not path.is_file():
            # A device never ends, and a pipe waits for ever.
            raise BadScript(path.name, 0, "this is no file that can be read as a script.")
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise BadScript(path.name, 0, "this file is too large to be a script.")
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadScript(path.name, 0, "this file is not plain UTF-8 text.") from None
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise BadScript(path.name, 0, f"the script cannot be opened ({why}).") from None


def shipped(name: str) -> Path:
    """Return the path of a script that comes with the adapter (``script_a``)."""
    return Path(__file__).parent / "scripts" / f"{name}.txt"


def shipped_names() -> tuple[str, ...]:
    """Return the names of all scripts that come with the adapter."""
    return tuple(sorted(path.stem for path in shipped("x").parent.glob("*.txt")))


def load(where: str | Path, depth: int = 0) -> Script:
    """Read a script file, or one of ours by its name.  Raises :class:`BadScript`."""
    path = shipped(str(where)) if str(where) in shipped_names() else Path(where)
    if depth > 3:
        raise BadScript(path.name, 0, "scripts follow each other in a circle.")
    return parse(text_of(path), path.name, lambda name: load(_beside(path, name), depth + 1))


def _beside(path: Path, name: str) -> Path:
    if Path(name).name != name:
        raise BadScript(path.name, 0, f'"{name[:40]}" must be a file beside this one.')
    return path.parent / name
