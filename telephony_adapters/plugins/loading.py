"""Who a plug-in is, and loading it: whatever its import does, the console gets an answer within some seconds."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, is_dataclass
from importlib.metadata import EntryPoint

from console.domain.text import NAME_CAP, BadInput, safe_line
from console.ports.switchboard import Act, AdapterSpec, Capabilities

log = logging.getLogger(__name__)
LOAD_WITHIN = 5.0
"""Seconds an import may take; one that hangs goes on hanging on a thread of its own, and holds up nobody."""
TITLE_CAP = 120
_ABOUT = ("Name", "Version", "License-Expression", "License")


class BrokenPlugin(BadInput):
    """An installed plug-in cannot be used; its text names it, and says that everything else works."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed plug-in, as its distribution describes itself; empty where it does not."""

    key: str
    name: str = ""
    version: str = ""
    licence: str = ""

    @property
    def words(self) -> str:
        """Return ``acme-pbx 1.2 (licence MIT)``."""
        if not self.name:
            return f"{self.key} (of no named distribution)"
        return f"{self.name} {self.version or 'of no version'} (licence {self.licence or 'not stated'})"

    def broken(self, why: str) -> BrokenPlugin:
        """Return the refusal that names it; ``why`` is a clause."""
        message = (
            f"The switchboard plug-in {self.words} {why}.  Everything else works; calls ring on the telephones as "
            "always.  Ask whoever installed it."
        )
        return BrokenPlugin(message)


def plugin_of(point: EntryPoint) -> Plugin:
    """Return who stands behind an entry point; never raises, whatever its metadata hold."""
    key = safe_line(str(point.name), NAME_CAP)
    try:
        about = point.dist.metadata if point.dist is not None else None
        if about is None:
            return Plugin(key)
        told = ((about.get_all(field) or [""])[0] for field in _ABOUT)
        name, version, expression, licence = (safe_line(str(one), 60) for one in told)
        trove = [one.rpartition("::")[2].strip() for one in about.get_all("Classifier") or () if "License ::" in one]
        return Plugin(key, name, version, expression or licence or safe_line(", ".join(trove), 60))
    except Exception as error:
        log.info("a plug-in's metadata cannot be read (%s)", type(error).__name__)
        return Plugin(key)


def load(plugin: Plugin, loader: Callable[[], object], seconds: float = LOAD_WITHIN) -> AdapterSpec:
    """Import a plug-in and return what it describes.  Raises :class:`BrokenPlugin`, and nothing else."""
    found: list[object] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(loader())
        except BaseException as error:  # a plug-in that exits the program at import must not
            failed.append(error)

    thread = threading.Thread(target=run, name=f"nd-load-{plugin.key}", daemon=True)
    # What it prints at its import must not stand among what another program reads.
    with redirect_stdout(sys.stderr):
        thread.start()
        thread.join(seconds)
    if failed:
        log.warning("the telephony plug-in %s cannot be loaded (%s)", plugin.key, type(failed[0]).__name__)
        # Its own words are left out: they may hold anything.
        raise plugin.broken(f"cannot be loaded ({type(failed[0]).__name__})") from failed[0]
    if not found:
        log.warning("the telephony plug-in %s does not come to the end of its import", plugin.key)
        raise plugin.broken(f"did not come to the end of its import within {seconds:g} s")
    wrong = what_is_wrong(found[0], plugin.key)
    if wrong:
        log.warning("the telephony plug-in %s describes no switchboard: %s", plugin.key, wrong)
        raise plugin.broken(f"does not describe a switchboard of that name: {wrong}")
    assert isinstance(found[0], AdapterSpec)  # noqa: S101  what_is_wrong has looked
    return found[0]


def what_is_wrong(spec: object, key: str) -> str:
    """Return why ``spec`` is no description of the switchboard ``key``, or nothing."""
    if not isinstance(spec, AdapterSpec):
        return f"it names a {type(spec).__name__}, not an AdapterSpec"
    if spec.key != key:
        return "its key and the name of its entry point differ"
    texts = (spec.title, spec.version, spec.tested_against)
    if not all(_is(text, str) and len(text) <= TITLE_CAP for text in texts):
        return f"title, version and tested_against are texts of at most {TITLE_CAP} signs"
    if not (_is(spec.settings, type) and is_dataclass(spec.settings)):
        return "its settings are no dataclass"
    if not callable(spec.connect):
        return "its connect cannot be called"
    if not (spec.ask_for is None or callable(spec.ask_for)):
        return "its ask_for cannot be called"
    return "" if are_capabilities(spec.capabilities) else "its capabilities are none"


def are_capabilities(found: object) -> bool:
    """Say whether this is what a switchboard can do."""
    return (
        isinstance(found, Capabilities)
        and _is(found.acts, frozenset)
        and all(_is(act, Act) for act in found.acts)
        and _is(found.is_fake, bool)
        and _is(found.by_word, bool)
        and _is(found.remarks, tuple)
        and all(_is(one, str) for one in found.remarks)
        and _is(found.other_side, str)
        and _is(found.why_not, Mapping)
        and all(_is(act, Act) and _is(why, str) for act, why in found.why_not.items())
    )


def _is(value: object, kind: type) -> bool:
    """Ask what the type checker knows already, of what no type checker may ever have seen."""
    return isinstance(value, kind)
