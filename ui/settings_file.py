"""Reads ``settings.toml`` of NIGHTDESK_HOME, and any other table of settings.

An unknown name and a wrong type are refused in a sentence, so that a slip of the pen never
silently means "default".  Apart from the settings themselves, so that a console without a file
need not wait for the reader.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec

from console.domain.dialling import wrong_prefixes
from ui.settings import BadSettings, Settings, as_toml, check_database, fields_of, kind_word

S = TypeVar("S")

_RANGES: dict[str, tuple[int, int]] = {
    "internal_digits": (2, 8),
    "text_percent": (80, 200),
    "late_answer_s": (5, 3600),
    "wrap_up_s": (0, 3600),
    "claim_free_s": (0, 600),
    "claim_beat_s": (5, 600),
    "claim_stale_s": (10, 1800),
    "help_not_sent_s": (10, 3600),
    "help_no_reference_min": (1, 120),
    "help_no_news_min": (5, 720),
    "offline_days": (0, 90),
    "second_worker_s": (5, 3600),
    "ring_back_s": (10, 600),
    "take_five_min": (1, 120),
}


def load(file: Path) -> Settings:
    """Return the settings of ``file``; the defaults where there is none.  Raises :class:`BadSettings`."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{file} cannot be read ({type(error).__name__}).  Nothing was started.") from error
    return read_text(text, file)


def read_text(text: str, file: Path) -> Settings:
    """Return the settings that ``text`` holds, which stands in ``file`` or is to stand there.

    Raises :class:`BadSettings`.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{file} is not TOML: {error}.  Correct that line and start again.") from error
    settings = read_table(Settings, table, str(file))
    _check_ranges(settings, file)
    if wrong := wrong_prefixes(settings.outside_prefix, settings.withhold_prefix):
        raise BadSettings(f"{file}: {wrong}.  Correct it and start again.")
    if settings.database:
        check_database(settings.database)
    return settings


def read_table(shape: type[S], table: Mapping[str, Any], where: str) -> S:
    """Turn a TOML table into the frozen dataclass ``shape``, or say which word is wrong.

    Adapters' settings are read with this too, so that all settings behave alike.
    """
    known = fields_of(shape)
    for name in table:
        if name not in known:
            raise BadSettings(_unknown(name, list(known), where))
        if known[name].get("secret"):
            raise BadSettings(
                f"{where}: {name} is a secret and may not stand in this file, which others can read.  "
                "Take it out; it is asked for once and kept in the keyring."
            )
    try:
        return msgspec.convert(dict(table), shape)
    except msgspec.ValidationError as error:
        raise BadSettings(f"{where}: {_plain(error, shape, table)}.  Correct it and start again.") from error


def _unknown(name: str, known: list[str], where: str) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"  Did you mean {near[0]}?" if near else f"  Known are: {', '.join(known)}."
    return f"{where}: there is no setting called {name}.{hint}"


def _plain(error: msgspec.ValidationError, shape: type, table: Mapping[str, Any]) -> str:
    """Return which setting must be what: ``theme must be "light" or "dark", and is "blue"``."""
    path = str(error).partition(" - at `")[2].rstrip("`").removeprefix("$.")
    name = path.partition(".")[0].partition("[")[0]
    if name not in table:
        return "what it says cannot be used"
    wanted = kind_word(get_type_hints(shape)[name])
    return f"{name} must be {wanted}, and is {as_toml(table[name])}"


def _check_ranges(settings: Settings, file: Path) -> None:
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise BadSettings(f"{file}: {name} is {value}; it may be from {low} to {high}.")
