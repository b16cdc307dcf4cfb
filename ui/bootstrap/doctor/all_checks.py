"""All checks of this computer, in the order they are told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from console.domain.text import NightdeskError
from console.machine.paths import Home, home
from console.machine.secrets import KeyringSecrets
from console.ports.switchboard import Switchboard
from telephony_adapters.registry import installed
from ui.bootstrap.doctor import computer, ear, record, telephones
from ui.bootstrap.doctor.checking import Check, Finding, State, run_checks
from ui.bootstrap.doctor.telephones import THROUGH
from ui.bootstrap.place import switchboard_of, this_computer
from ui.settings import Settings
from ui.settings_file import load


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line said; ``password`` came by stdin."""

    database: str | None = None
    key_file: Path | None = None
    login: str = ""
    password: str = ""


def examine(asked: Asked) -> list[Finding]:
    """Look at everything; takes some seconds and raises nothing."""
    here = home(os.environ)
    settings, first = _settings(here.settings_file)
    secrets = KeyringSecrets
    checks = (
        Check(("versions",), 5, computer.versions),
        Check(("disk",), 5, lambda: computer.disk(here, record.file_of(asked.database or settings.database, here))),
        Check(("keyring",), 14, lambda: computer.keyring(secrets())),
        Check(("time zone",), 5, computer.zone),
        Check(record.KEYS, 20, partial(_record, asked, settings, here)),
        *_of_telephones(settings),
        Check(("speech",), 14, partial(computer.speech, settings)),
        Check((ear.KEY,), 8, partial(ear.signals, settings)),
        Check(("screen",), 25, computer.screen),
    )
    return [first, *run_checks(checks)]


def examine_telephones() -> list[Finding]:
    """Look at settings, keyring, switchboard and plug-ins alone, as :func:`examine` does."""
    settings, first = _settings(home(os.environ).settings_file)
    keyring = Check(("keyring",), 14, lambda: computer.keyring(KeyringSecrets()))
    return [first, *run_checks((keyring, *_of_telephones(settings)))]


def _of_telephones(settings: Settings) -> tuple[Check, ...]:
    return (
        Check(("switchboard",), 12, lambda: telephones.switchboard(settings, partial(_switchboard, settings))),
        Check(("plug-ins",), 14, lambda: telephones.plugins(installed(), settings.switchboard)),
    )


def _settings(file: Path) -> tuple[Settings, Finding]:
    """Return the settings, or the defaults where they cannot be used; and the finding that says which."""
    try:
        found = load(file)
    except NightdeskError as refusal:
        do = "correct it; everything below is looked at with the usual settings"
        return Settings(), Finding("settings", State.NOT_WELL, str(refusal), do)
    means = f"{file} is in order" if file.exists() else f"there is no {file}: the usual settings hold"
    return found, Finding("settings", State.WELL, means)


def _record(asked: Asked, settings: Settings, here: Home) -> Sequence[Finding]:
    url = asked.database or settings.database
    file = record.file_of(url, here)
    if file is not None:
        return record.in_file(file, asked.key_file, _row(settings))
    return record.of_team(url, settings, KeyringSecrets(), asked.login, asked.password, _row(settings))


def _row(settings: Settings) -> str:
    """Return the switchboard's row by which this computer names facts of calls; empty where there is none."""
    try:
        known = settings.switchboard and settings.switchboard != THROUGH
        return str(switchboard_of(this_computer(settings))[1]) if known else ""
    except NightdeskError:
        return ""


def _switchboard(settings: Settings) -> Switchboard:
    return switchboard_of(this_computer(settings))[0]
