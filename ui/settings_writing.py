"""Writes single settings into ``settings.toml`` and leaves everything else in it as it was, comments too."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from console.machine.platform import make_private_folder
from ui.settings import BadSettings

Value = str | int | float | bool

_TABLE = re.compile(r"\s*\[")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_REMARK = re.compile(r"""\s*[A-Za-z0-9_-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#]*?)(\s*#.*)""")


@dataclass(frozen=True, slots=True)
class Part:
    """What to set in one table of tables: ``[switchboards.asterisk_ami]`` is ``("switchboards", "asterisk_ami")``."""

    path: tuple[str, str]
    values: Mapping[str, Value]

    @property
    def header(self) -> str:
        """Return the line that opens it."""
        return f"[{'.'.join(self.path)}]"


def write_settings(
    file: Path, changes: Mapping[str, Value], part: Part | None = None, check: Callable[[str], object] | None = None
) -> None:
    """Set ``changes``, and the values of ``part`` in its table, in ``file``, made where there is none.

    ``check`` reads the new text before it is written, and raises where nothing could start with it.
    Raises :class:`BadSettings` where the file cannot be changed with certainty; it is as it was then.
    """
    before = _read(file)
    after = changed(before, changes)
    wanted = {**_table(before, file), **changes}
    if part is not None:
        after = changed_part(after, part)
        wanted = _with_part(wanted, part)
    if _parsed(after) != wanted:
        message = (
            f"{file} could not be changed with certainty, and is as it was.  Write this into it yourself:\n"
            f"{_listed(changes, part)}"
        )
        raise BadSettings(message)
    if check is not None:
        check(after)
    make_private_folder(file.parent)
    making = file.with_name(file.name + ".making")
    with making.open("w", encoding="utf-8") as out:
        out.write(after)
        out.flush()
        os.fsync(out.fileno())
    making.replace(file)


def changed(text: str, changes: Mapping[str, Value]) -> str:
    """Return ``text`` with each of ``changes`` in the place of its old line, or added before the first table."""
    lines, left = text.splitlines(), dict(changes)
    end = next((at for at, line in enumerate(lines) if _TABLE.match(line)), len(lines))
    for at in range(end):
        found = _KEY.match(lines[at])
        if found and found[1] in left:
            lines[at] = f"{found[1]} = {_toml(left.pop(found[1]))}"
    added = [f"{name} = {_toml(value)}" for name, value in left.items()]
    if added and end < len(lines):
        added.append("")
    return "\n".join([*lines[:end], *added, *lines[end:]]) + "\n"


def changed_part(text: str, part: Part) -> str:
    """Return ``text`` with the values of ``part`` in its table, in the place of their old lines or at its end.

    A line whose value stays is not touched, and what is remarked behind a value stays there.
    """
    lines, left = text.splitlines(), dict(part.values)
    start = next((at for at, line in enumerate(lines) if _opens(line, part.path)), None)
    if start is None:
        made = [part.header, *(f"{name} = {_toml(value)}" for name, value in left.items())]
        return "\n".join([*lines, *([""] if lines and lines[-1].strip() else []), *made]) + "\n"
    end = next((at for at in range(start + 1, len(lines)) if _TABLE.match(lines[at])), len(lines))
    for at in range(start + 1, end):
        found = _KEY.match(lines[at])
        if found and found[1] in left:
            lines[at] = _line(lines[at], found[1], left.pop(found[1]))
    # What stands above the next table is said of that one.
    while end > start + 1 and lines[end - 1].strip()[:1] in ("", "#"):
        end -= 1
    added = [f"{name} = {_toml(value)}" for name, value in left.items()]
    return "\n".join([*lines[:end], *added, *lines[end:]]) + "\n"


def _opens(line: str, path: tuple[str, str]) -> bool:
    names = (rf"(?:{name}|\"{name}\"|'{name}')" for name in map(re.escape, path))
    dotted = r"\s*\.\s*".join(names)
    return re.fullmatch(rf"\s*\[\s*{dotted}\s*\]\s*(?:#.*)?", line) is not None


def _line(before: str, name: str, value: Value) -> str:
    if _parsed(before) == {name: value}:
        return before
    remark = _REMARK.fullmatch(before)
    return f"{name} = {_toml(value)}{remark[1] if remark else ''}"


def _with_part(table: dict[str, object], part: Part) -> dict[str, object]:
    outer, inner = part.path
    tables = table.get(outer, {})
    own = tables.get(inner, {}) if isinstance(tables, dict) else {}
    merged = {**(own if isinstance(own, dict) else {}), **part.values}
    return {**table, outer: {**(tables if isinstance(tables, dict) else {}), inner: merged}}


def _listed(changes: Mapping[str, Value], part: Part | None) -> str:
    lines = [f"{name} = {_toml(value)}" for name, value in changes.items()]
    inside = [part.header, *(f"{name} = {_toml(value)}" for name, value in part.values.items())] if part else []
    return "\n".join([*lines, *inside])


def _toml(value: Value) -> str:
    # A JSON string is a TOML string: the same marks, the same escapes.
    return json.dumps(value, ensure_ascii=False)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{file} cannot be read ({type(error).__name__}).  Nothing was changed.") from error


def _table(text: str, file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{file} is not TOML: {error}.  Nothing was changed; correct that line first.") from error


def _parsed(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
