"""Every setting, declared once: type, default, help, secret or not.  ``ui.settings_file`` reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from console.domain.capacity import Assigning, CallOutRule
from console.domain.text import BadInput


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
        "", "the record: a SQLite file, or postgresql://HOST/SERVICE without a password (empty: nightdesk.db here)"
    )
    database_ca: str = setting(
        "", "file with the certificate of whoever vouches for the database server (empty: whom this computer trusts)"
    )
    database_direct_tls: bool = setting(False, "TLS from the first byte, as a front of Nightdesk's own wants it")
    offline_days: int = setting(
        14, "days since the last sign-in here within which one may come in while the database is away (0: never)"
    )
    switchboard: str = setting("", "the kind of switchboard: one of `nightdesk watch --help` (empty: no telephone)")
    switchboard_name: str = setting(
        "", "one name of the switchboard for all your computers, where they reach it by different addresses"
    )
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
    signals_aloud: bool = setting(
        False, "read silent signals aloud to whoever coordinates, on `speech_device` alone, never while on a call"
    )
    speech_device: str = setting("", "the device that reads signals, as `nightdesk doctor` names it (empty: none)")
    telephone_device: str = setting(
        "", "the device of your telephone calls where it is another one, or handset (empty: the same)"
    )
    signals: dict[str, dict[str, str]] = setting(
        {}, "signals of your own, and other words for those that come with the program: one table each (see below)"
    )
    replies: dict[str, dict[str, str]] = setting({}, "quick replies to signals of your own: one table each (see below)")
    late_answer_s: int = setting(60, "seconds a call may wait before it is marked LATE")
    wrap_up_s: int = setting(120, "seconds that wrap-up lasts unless it is lengthened or ended")
    claim_free_s: int = setting(
        20, "seconds in which anybody takes a call that a colleague has and nobody has lifted; then it needs a reason"
    )
    claim_beat_s: int = setting(15, "seconds between two signs that the console of whoever has a call is there")
    claim_stale_s: int = setting(45, "seconds without such a sign after which nobody has the call any more")
    help_not_sent_s: int = setting(60, "seconds after which help that is decided and not sent rings on every screen")
    help_no_reference_min: int = setting(5, "minutes after which a request without a reference is to be chased")
    help_no_news_min: int = setting(15, "minutes without news after which a request is the duty manager's")
    second_worker_s: int = setting(
        30, "seconds after which a call for a second worker that nobody takes calls out the on-call manager"
    )
    ring_back_s: int = setting(
        45, "seconds for which only one rings a caller back, where nothing more is heard of that ring"
    )
    call_out: CallOutRule = setting(
        CallOutRule.ARM, "where nobody is left: every screen asks (arm), a manager's telephone rings (dial), or neither"
    )
    assigning: Assigning = setting(
        Assigning.ASK, "a second worker whom a manager names is asked first, or is in the incident at once"
    )
    take_five_min: int = setting(15, "minutes of a recovery after a red call, unless another length is chosen")
    plan_review_calls: int = setting(3, "calls from one person, or one line, that open a plan for review (2 to 20)")
    plan_review_days: int = setting(30, "days within which those calls are counted")
    plan_answer_min: int = setting(
        60, 'minutes for which "not at risk now" is fresh in one contact; then a plan\'s limits wait for a new answer'
    )
    silent_listening: bool = setting(
        False, "a supervisor may listen without its being shown to whoever is heard, each time with a reason on record"
    )
    waiting_script: str = setting("", "what is said to a caller who waits while nobody is free (empty: our words)")
    rehearsal: bool = setting(False, "allow the simulated switchboard; never set this where real calls come in")


def is_team(url: str) -> bool:
    """Say whether ``url`` names a team's record on PostgreSQL, and not a file."""
    return url.strip().startswith("postgresql://")


def check_database(text: str) -> str:
    """Return ``text`` when it names a record: a SQLite file, sqlite:///FILE or postgresql://HOST/SERVICE.

    A password is refused: command lines and settings are read by others on the same computer.
    """
    if not text.strip():
        raise BadSettings("no database was named; give a file, or postgresql://host/service")
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadSettings(
            "this is no name of a database: a [ is never closed; give a SQLite file, or postgresql://host/service"
        ) from None
    if parts.password is not None or "password=" in parts.query.lower():
        raise BadSettings(
            "a password may not stand in the name of a database, where every program on this computer can read it; "
            "leave it out: it is asked for at the sign-in, or kept in this computer's keyring"
        )
    if parts.scheme not in ("sqlite", "postgresql"):
        raise BadSettings(
            f"{parts.scheme}:// is no database Nightdesk knows; give a SQLite file, or postgresql://host/service"
        )
    return text


SITE_WIDE = ("unmarked_numbers", "outside_prefix", "withhold_prefix", "internal_digits", "area_code")
"""Said once for this site, and so for every kind of switchboard that has a setting of the same name."""


def switchboard_table(settings: Settings, key: str, shape: type) -> dict[str, str | int | float | bool]:
    """Return the settings of the switchboard ``key``: this site's, and over them what its own table says.

    ``shape`` is the adapter's settings class.
    """
    known = fields_of(shape)
    site = {name: getattr(settings, name) for name in SITE_WIDE if name in known}
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
        default = "" if not isinstance(one.default, str | int | float | bool) else as_toml(one.default)
        yield SettingHelp(
            name=one.name,
            kind=kind_word(hints[one.name]),
            default=default,
            help=str(one.metadata.get("help", "")),
            secret=bool(one.metadata.get("secret", False)),
        )


def fields_of(shape: type) -> dict[str, Mapping[str, Any]]:
    """Return what is declared of each setting of ``shape``, by name."""
    if not is_dataclass(shape):
        message = f"{shape.__name__} must be a dataclass"
        raise TypeError(message)
    return {one.name: one.metadata for one in fields(shape)}


def as_toml(value: Any) -> str:  # noqa: ANN401  whatever the file holds
    """Return ``value`` as it would stand in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def kind_word(kind: Any) -> str:  # noqa: ANN401  a type hint may be anything
    """Return what a setting of this type must be, in words."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(f'"{member}"' for member in kind)
    words = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    return words.get(kind, "a table of texts, numbers and true or false")
