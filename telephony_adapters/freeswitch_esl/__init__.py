"""FreeSWITCH through its event socket (ESL).  ``SPEC`` describes it to the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console.domain.call_events import CallEvent
from console.domain.calls import Unmarked
from console.ports.switchboard import AdapterSpec
from telephony_adapters.freeswitch_esl.actions import CAPABILITIES
from telephony_adapters.freeswitch_esl.asking import ask_for
from telephony_adapters.freeswitch_esl.connection import connect
from telephony_adapters.freeswitch_esl.recording import read_recording
from telephony_adapters.freeswitch_esl.settings import EslSettings


def replay(path: Path, settings: object) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield the facts of a recording.

    Nobody can be asked any more, so a number without a mark is let out as ``unknown``
    (telephony.md 3.5); one marked as withheld is not.
    """
    chosen = settings if isinstance(settings, EslSettings) else EslSettings()
    return read_recording(path, replace(chosen.reading(), unmarked=Unmarked.SHOW))


SPEC = AdapterSpec(
    key="freeswitch_esl",
    title="FreeSWITCH, event socket",
    settings=EslSettings,
    connect=connect,
    capabilities=CAPABILITIES,
    tested_against="recordings of FreeSWITCH 1.10.12",
    replay=replay,
    ask_for=ask_for,
)

__all__ = ["SPEC", "EslSettings", "connect", "replay"]
