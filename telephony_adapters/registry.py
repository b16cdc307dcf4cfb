"""The switchboards there are: ours, and those of installed plug-ins.

One line here registers an adapter of ours; a third party's is found by the entry-point group
``nightdesk.telephony_adapters`` (a name and ``module:SPEC``).  Each is loaded only when asked for,
one that cannot be loaded does not stop the others, and what a plug-in connects to is guarded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from console.domain.text import BadInput
from console.ports.clock import Clock
from console.ports.switchboard import AdapterSpec
from telephony_adapters.link.clock import ComputerClock
from telephony_adapters.link.declare import SiteSettings
from telephony_adapters.plugins.guarded import Guarded
from telephony_adapters.plugins.loading import BrokenPlugin, Plugin, load, plugin_of

GROUP = "nightdesk.telephony_adapters"
OURS = ("simulator", "asterisk_ami", "freeswitch_esl", "sip_dialog", "local_pop", "through_witness")


class NoSuchSwitchboard(BadInput):
    """There is no adapter of that name; nothing was started."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An adapter that cannot be used, and why, for the connection panel."""

    key: str
    why: str


class Registry:
    """Adapters by key."""

    def __init__(self, points: Iterable[EntryPoint] = (), clock: Clock | None = None) -> None:
        """``clock`` gives the time of what is said about a plug-in's connection."""
        self._clock = clock or ComputerClock()
        self._points: dict[str, list[EntryPoint]] = {}
        for point in points:
            self._points.setdefault(point.name, []).append(point)

    def keys(self) -> tuple[str, ...]:
        """Return every name registered, ours first; loads nothing."""
        return (*OURS, *(key for key in self._points if key not in OURS))

    def plugins(self) -> tuple[Plugin, ...]:
        """Return who stands behind each entry point; loads nothing."""
        return tuple(plugin_of(point) for points in self._points.values() for point in points)

    def find(self, key: str) -> AdapterSpec:
        """Load and return one adapter, guarded where it is a plug-in's.

        Raises :class:`NoSuchSwitchboard` and :class:`BrokenPlugin`.
        """
        spec = self.bare(key)
        if key in OURS:
            return spec
        plugin = plugin_of(self._points[key][0])

        def connect(settings: object) -> Guarded:
            plan = settings.plan() if isinstance(settings, SiteSettings) else None
            return Guarded(lambda: spec.connect(settings), plugin, spec.capabilities, self._clock, plan)

        return replace(spec, connect=connect)

    def bare(self, key: str) -> AdapterSpec:
        """Load and return one adapter as it is: what the contract holds it to, no guard does for it."""
        if key in OURS:
            spec: AdapterSpec = import_module(f"telephony_adapters.{key}").SPEC
            return spec
        points = self._points.get(key, [])
        if not points:
            known = ", ".join(self.keys())
            raise NoSuchSwitchboard(f"There is no switchboard called {key}; known are {known}.  Nothing was started.")
        plugin = plugin_of(points[0])
        if len(points) > 1:
            others = " and ".join(plugin_of(point).words for point in points[1:])
            raise plugin.broken(f"has the name {key}, and so has {others}: which one is meant nobody can say")
        return load(plugin, points[0].load)

    def usable(self) -> tuple[Mapping[str, AdapterSpec], tuple[Broken, ...]]:
        """Load every adapter; return those that can be used, and those that cannot with the reason."""
        specs: dict[str, AdapterSpec] = {}
        broken: list[Broken] = [Broken(key, str(why)) for key, why in self._thieves()]
        for key in self.keys():
            try:
                specs[key] = self.find(key)
            except BrokenPlugin as error:
                broken.append(Broken(key, str(error)))
        return specs, tuple(broken)

    def _thieves(self) -> Iterable[tuple[str, BrokenPlugin]]:
        """Name plug-ins that call themselves as one of ours, which stays."""
        for key in OURS:
            for point in self._points.get(key, []):
                why = f"calls itself {key}, as a switchboard of Nightdesk is called, which stays; it is not used"
                yield key, plugin_of(point).broken(why)


def installed(clock: Clock | None = None) -> Registry:
    """Return the registry of this installation."""
    return Registry(entry_points(group=GROUP), clock)
