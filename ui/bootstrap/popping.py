"""What the command ``nightdesk pop`` hands to the console that runs: a number, a link of ours, a link to a number."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from console.domain.text import BadInput, NightdeskError
from console.machine.clock import SystemClock
from console.machine.paths import Home, home
from telephony_adapters import local_pop
from telephony_adapters.local_pop import Answered, PopSettings
from ui.settings import Settings, switchboard_table
from ui.settings_file import load, read_table

NO_NUMBER = "unavailable"
"""What a telephone program means by an empty number: none was sent."""
_NOBODY = (
    "No console of yours hears telephone programs now, so nothing was handed over.  Open it with `nightdesk console`, "
    "sign in, and try again{hint}."
)
_NOT_SET = '; settings.toml must say switchboard = "local_pop"'
_LINK_ALONE = "A link says everything itself: leave out the options.  Nothing was handed over."
_NO_LINKS = (
    "Links to telephone numbers are not taken: telephone_links is false in [switchboards.local_pop] of settings.toml.  "
    "Nothing was dialled."
)


class NotHandedOver(NightdeskError):
    """The console did not take it, or there is none."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the settings of this computer say."""

    settings: Settings
    pop: PopSettings
    run_file: Path


def chosen_here() -> Chosen:
    """Read the settings.  Raises :class:`console.domain.text.NightdeskError`."""
    here = home(os.environ)
    settings = load(here.settings_file)
    table = switchboard_table(settings, local_pop.SPEC.key, PopSettings)
    pop = read_table(PopSettings, table, f"[switchboards.{local_pop.SPEC.key}]")
    return Chosen(settings, pop, run_file_of(here, pop.run_file))


def run_file_of(here: Home, named: str) -> Path:
    """Return the file in which a running console says where it listens."""
    return Path(named) if named else here.pop_file


def hand_over(what: str | None, options: Mapping[str, str]) -> str:
    """Hand a number or a link to the console, and return its sentence.  Raises ``NightdeskError``.

    ``options`` are the other fields of :data:`telephony_adapters.local_pop.FIELDS`, without those not given.
    """
    chosen = chosen_here()
    path, fields = _message(what, options, chosen)
    try:
        answered = local_pop.hand_over(chosen.run_file, path, fields, SystemClock().now())
    except local_pop.NobodyThere as nobody:
        hint = "" if chosen.settings.switchboard == local_pop.SPEC.key else _NOT_SET
        raise NotHandedOver(_NOBODY.format(hint=hint)) from nobody
    return _said(answered)


def _message(what: str | None, options: Mapping[str, str], chosen: Chosen) -> tuple[str, Mapping[str, str]]:
    small = (what or "").lower()
    if what is None:
        return local_pop.POP, options
    if not small.startswith((local_pop.LINK, *local_pop.RINGS_LINKS)):
        return local_pop.POP, {**options, "number": what or NO_NUMBER}
    if options:
        raise BadInput(_LINK_ALONE)
    if small.startswith(local_pop.LINK):
        return local_pop.POP, local_pop.read_link(what)
    if not chosen.pop.telephone_links:
        raise NotHandedOver(_NO_LINKS)
    return local_pop.RING, {"number": local_pop.read_ring_link(what, chosen.pop.plan())}


def _said(answered: Answered) -> str:
    if answered.taken:
        return answered.said
    if answered.status == HTTPStatus.BAD_REQUEST:
        raise BadInput(answered.said)
    raise NotHandedOver(answered.said)
