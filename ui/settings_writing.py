"""Writes single settings into ``settings.toml`` and leaves everything else in it as it was, comments too."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from console.machine.platform import make_private_folder
from ui.settings import BadSettings

_TABLE = re.compile(r"\s*\[")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def write_settings(file: Path, changes: Mapping[str, str | bool]) -> None:
    """Set ``changes`` in ``file``, made where there is none.

    Raises :class:`BadSettings` where the file cannot be changed with certainty; it is as it was then.
    """
    before = _read(file)
    after = changed(before, changes)
    wanted = {**_table(before, file), **changes}
    if _parsed(after) != wanted:
        listed = "\n".join(f"{name} = {_toml(value)}" for name, value in changes.items())
        message = (
            f"{file} could not be changed with certainty, and is as it was.  Write this into it yourself:\n{listed}"
        )
        raise BadSettings(message)
    make_private_folder(file.parent)
    making = file.with_name(file.name + ".making")
    with making.open("w", encoding="utf-8") as out:
        out.write(after)
        out.flush()
        os.fsync(out.fileno())
    making.replace(file)


def changed(text: str, changes: Mapping[str, str | bool]) -> str:
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


def _toml(value: str | bool) -> str:
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
