"""Every setting, declared once: type, default, help, secret or not.

The file is ``settings.toml`` in NIGHTDESK_HOME.  An unknown name and a wrong type are refused in a
sentence, so that a slip of the pen never silently means "default".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from urllib.parse import urlsplit

import msgspec

from console.domain.text import BadInput

S = TypeVar("S")


class BadSettings(BadInput):
    """The settings cannot be used; nothing was started and nothing was changed."""


class Theme(StrEnum):
    """How the windows look."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class UnmarkedNumbers(StrEnum):
    """What happens with a number whose presentation the switchboard does not tell (telephony.md 4.2)."""

    HIDE = "hide"
    SHOW = "show"


def setting(default: Any, text: str, *, secret: bool = False) -> Any:  # noqa: ANN401  as dataclasses.field
    """Declare a setting: its default, its help, and whether its value is a secret.

    A secret never stands in the file: it is kept in the keyring.
    """
    metadata = {"help": text, "secret": secret}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one computer."""

    service: str = setting("Out of Hours Service", "the name of your service, as windows and hand-over papers show it")
    database: str = setting(
        "", "the record: a SQLite file, or postgresql://HOST/NAME without a password (empty: nightdesk.db here)"
    )
    switchboard: str = setting("", "the kind of switchboard: one of `nightdesk watch --help` (empty: no telephone)")
    switchboards: dict[str, dict[str, str | int | float | bool]] = setting(
        {}, "one table for each kind of switchboard, as its own page describes"
    )
    unmarked_numbers: UnmarkedNumbers = setting(
        UnmarkedNumbers.HIDE, "numbers that come without a mark whether staff may see them: hide or show"
    )
    outside_prefix: str = setting("9", "digit dialled before an outside number, such as 9 (empty: none)")
    withhold_prefix: str = setting("141", "digits dialled to withhold our own number")
    internal_digits: int = setting(4, "how many digits an extension has")
    area_code: str = setting("", "area code to add to local numbers, such as 01632")
    theme: Theme = setting(Theme.SYSTEM, "system, light or dark")
    text_percent: int = setting(100, "size of all text, from 80 to 200")
    speech: bool = setting(False, "say aloud that a call waits (a line and a wait, never a name)")
    late_answer_s: int = setting(60, "seconds a call may wait before it is marked LATE")
    rehearsal: bool = setting(False, "allow the simulated switchboard; never set this where real calls come in")


_RANGES: dict[str, tuple[int, int]] = {"internal_digits": (2, 8), "text_percent": (80, 200), "late_answer_s": (5, 3600)}


def load(file: Path) -> Settings:
    """Return the settings of ``file``; the defaults where there is none.  Raises :class:`BadSettings`."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{file} cannot be read ({type(error).__name__}).  Nothing was started.") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{file} is not TOML: {error}.  Correct that line and start again.") from error
    settings = read_table(Settings, table, str(file))
    _check_ranges(settings, file)
    if settings.database:
        check_database(settings.database)
    return settings


def check_database(text: str) -> str:
    """Return ``text`` when it names a record: a SQLite file, sqlite:///FILE or postgresql://HOST/NAME.

    A password is refused: command lines and settings are read by others on the same computer.
    """
    if not text.strip():
        raise BadSettings("no database was named; give a file, or postgresql://host/name")
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadSettings(
            "this is no name of a database: a [ is never closed; give a SQLite file, or postgresql://host/name"
        ) from None
    if parts.password is not None or "password=" in parts.query.lower():
        raise BadSettings(
            "a password may not stand in the name of a database, where every program on this computer can read it; "
            "leave it out and put it in the PostgreSQL password file or the keyring"
        )
    if parts.scheme not in ("sqlite", "postgresql"):
        raise BadSettings(
            f"{parts.scheme}:// is no database Nightdesk knows; give a SQLite file, or postgresql://host/name"
        )
    return text


def read_table(shape: type[S], table: Mapping[str, Any], where: str) -> S:
    """Turn a TOML table into the frozen dataclass ``shape``, or say which word is wrong.

    Adapters' settings are read with this too, so that all settings behave alike.
    """
    known = _fields_of(shape)
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


_SITE_WIDE = ("unmarked_numbers", "outside_prefix", "withhold_prefix", "internal_digits", "area_code")
"""Said once for this site, and so for every kind of switchboard that has a setting of the same name."""


def switchboard_table(settings: Settings, key: str, shape: type) -> dict[str, str | int | float | bool]:
    """Return the settings of the switchboard ``key``: this site's, and over them what its own table says.

    ``shape`` is the adapter's settings class.
    """
    known = _fields_of(shape)
    site = {name: getattr(settings, name) for name in _SITE_WIDE if name in known}
    return {**site, **settings.switchboards.get(key, {})}


@dataclass(frozen=True, slots=True)
class SettingHelp:
    """One setting as the settings page, the help and the guide show it."""

    name: str
    kind: str
    default: str
    help: str
    secret: bool


def describe(shape: type) -> Iterator[SettingHelp]:
    """Yield every setting of ``shape`` in the order declared."""
    hints = get_type_hints(shape)
    for one in fields(shape):
        default = "" if not isinstance(one.default, str | int | float | bool) else _as_toml(one.default)
        yield SettingHelp(
            name=one.name,
            kind=_kind_word(hints[one.name]),
            default=default,
            help=str(one.metadata.get("help", "")),
            secret=bool(one.metadata.get("secret", False)),
        )


def _fields_of(shape: type) -> dict[str, Mapping[str, Any]]:
    if not is_dataclass(shape):
        message = f"{shape.__name__} must be a dataclass"
        raise TypeError(message)
    return {one.name: one.metadata for one in fields(shape)}


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
    wanted = _kind_word(get_type_hints(shape)[name])
    return f"{name} must be {wanted}, and is {_as_toml(table[name])}"


def _check_ranges(settings: Settings, file: Path) -> None:
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise BadSettings(f"{file}: {name} is {value}; it may be from {low} to {high}.")


def _as_toml(value: Any) -> str:  # noqa: ANN401  whatever the file holds
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _kind_word(kind: Any) -> str:  # noqa: ANN401  a type hint may be anything
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(f'"{member}"' for member in kind)
    words = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    return words.get(kind, "a table of texts, numbers and true or false")
