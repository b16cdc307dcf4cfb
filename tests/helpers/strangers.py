"""Distributions of others, written into a folder as an installer leaves them, and found there as a console does."""

from __future__ import annotations

from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

from telephony_adapters.registry import GROUP

GOOD = """
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from console.domain.call_events import *
from console.ports.switchboard import *

@dataclass(frozen=True)
class Settings:
    host: str = ""

CAN = Capabilities(frozenset(), dict.fromkeys(Act, "it cannot"))
NOW = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)

class Board:
    def capabilities(self):
        return CAN
    def start(self, sink):
        sink(LinkChanged(NOW, LinkState.CONNECTED))
    def stop(self):
        pass
    def perform(self, action, then):
        then(ActionAnswer(Answer.UNSUPPORTED, "it cannot"))

def connect(settings):
    return Board()

SPEC = AdapterSpec(key="acme", title="Acme", settings=Settings, connect=connect, capabilities=CAN,
                   tested_against="nothing real")
"""
"""A switchboard that does nothing wrong, and nothing else."""


def install(folder: Path, source: str, key: str = "acme", name: str = "acme-pbx", licence: str = "MIT") -> None:
    """Put a distribution there whose module has ``source``; its entry point is ``key``."""
    # An import that hangs keeps its module's name locked for as long as the process lives.
    module = f"stranger_{uuid4().hex}"
    about = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    about.mkdir(parents=True)
    (folder / f"{module}.py").write_text(dedent(source), encoding="utf-8")
    told = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.2\nLicense-Expression: {licence}\n"
    (about / "METADATA").write_text(told, encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[{GROUP}]\n{key} = {module}:SPEC\n", encoding="utf-8")


def points(folder: Path) -> list[EntryPoint]:
    """Return the entry points of what was installed there."""
    found = [point for one in distributions(path=[str(folder)]) for point in one.entry_points.select(group=GROUP)]
    return sorted(found, key=lambda point: point.dist.name if point.dist else "")
