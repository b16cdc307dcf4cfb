"""Asterisk through its manager interface (AMI).  ``SPEC`` describes it to the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console.domain.call_events import CallEvent
from console.ports.switchboard import AdapterSpec
from telephony_adapters.asterisk_ami.asking import ask_for
from telephony_adapters.asterisk_ami.connection import connect
from telephony_adapters.asterisk_ami.presentation import Unmarked
from telephony_adapters.asterisk_ami.recording import read_recording
from telephony_adapters.asterisk_ami.rights import CAPABILITIES
from telephony_adapters.asterisk_ami.settings import AmiSettings


def replay(path: Path, settings: object) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield the facts of a recording.

    Nobody can be asked any more, so a number without a mark is let out as ``unknown``
    (telephony.md 3.5); one marked as withheld is not.
    """
    chosen = settings if isinstance(settings, AmiSettings) else AmiSettings()
    return read_recording(path, replace(chosen.reading(ask=False), unmarked=Unmarked.SHOW))


SPEC = AdapterSpec(
    key="asterisk_ami",
    title="Asterisk, manager interface",
    settings=AmiSettings,
    connect=connect,
    capabilities=CAPABILITIES,
    tested_against="Asterisk 22.10.1 and 16.28.0",
    replay=replay,
    ask_for=ask_for,
)

__all__ = ["SPEC", "AmiSettings", "connect", "replay"]
