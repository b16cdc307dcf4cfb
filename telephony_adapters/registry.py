"""The switchboards there are: ours, and those of installed plug-ins.

One line here registers an adapter of ours; a third party's is found by the entry-point group
``nightdesk.telephony_adapters`` (a name and ``module:SPEC``).  Each is loaded only when asked for,
and one that cannot be loaded does not stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from console.domain.text import BadInput
from console.ports.switchboard import AdapterSpec

log = logging.getLogger(__name__)

GROUP = "nightdesk.telephony_adapters"
OURS = ("simulator", "asterisk_ami", "freeswitch_esl", "sip_dialog", "local_pop")


class NoSuchSwitchboard(BadInput):
    """There is no adapter of that name, or it cannot be loaded; nothing was started."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An adapter that cannot be used, and why, for the connection panel."""

    key: str
    why: str


class Registry:
    """Adapters by key."""

    def __init__(self, plugins: Iterable[EntryPoint] = ()) -> None:
        self._loaders: dict[str, Callable[[], object]] = {}
        for point in plugins:
            self._loaders.setdefault(point.name, point.load)
        # Ours last, so that a plug-in cannot take the place of one of them.
        for key in OURS:
            self._loaders[key] = _ours(key)

    def keys(self) -> tuple[str, ...]:
        """Return every name registered, ours first; loads nothing."""
        return (*OURS, *(key for key in self._loaders if key not in OURS))

    def find(self, key: str) -> AdapterSpec:
        """Load and return one adapter.  Raises :class:`NoSuchSwitchboard`."""
        if key not in self._loaders:
            known = ", ".join(self.keys())
            raise NoSuchSwitchboard(f"There is no switchboard called {key}; known are {known}.  Nothing was started.")
        try:
            spec = self._loaders[key]()
        except Exception as error:
            log.warning("the telephony adapter %s cannot be loaded (%s)", key, type(error).__name__)
            raise NoSuchSwitchboard(
                f"The switchboard {key} is installed but cannot be loaded ({type(error).__name__}: {error}).  "
                "The others still work; ask whoever installed it."
            ) from error
        if not isinstance(spec, AdapterSpec) or spec.key != key:
            raise NoSuchSwitchboard(
                f"The plug-in {key} does not describe a switchboard of that name.  The others still work."
            )
        return spec

    def usable(self) -> tuple[Mapping[str, AdapterSpec], tuple[Broken, ...]]:
        """Load every adapter; return those that can be used, and those that cannot with the reason."""
        specs: dict[str, AdapterSpec] = {}
        broken: list[Broken] = []
        for key in self.keys():
            try:
                specs[key] = self.find(key)
            except NoSuchSwitchboard as error:
                broken.append(Broken(key, str(error)))
        return specs, tuple(broken)


def installed() -> Registry:
    """Return the registry of this installation."""
    return Registry(entry_points(group=GROUP))


def _ours(key: str) -> Callable[[], object]:
    def load() -> object:
        return import_module(f"telephony_adapters.{key}").SPEC

    return load
