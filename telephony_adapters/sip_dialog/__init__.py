"""Any telephone system that tells of its telephones by SIP dialog events (RFC 4235).  ``SPEC`` is for the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console.domain.call_events import CallEvent
from console.domain.calls import Unmarked
from console.ports.switchboard import AdapterSpec
from telephony_adapters.sip_dialog.asking import ask_for
from telephony_adapters.sip_dialog.capabilities import CAPABILITIES
from telephony_adapters.sip_dialog.connection import connect
from telephony_adapters.sip_dialog.recording import read_recording
from telephony_adapters.sip_dialog.settings import SipSettings, Transport


def replay(path: Path, settings: object) -> Iterator[tuple[datetime, CallEvent]]:
    """Yield the facts of a recording; numbers, which have no mark, are let out as ``unknown`` (telephony.md 3.5)."""
    chosen = settings if isinstance(settings, SipSettings) else SipSettings()
    return read_recording(path, replace(chosen.reading(), unmarked=Unmarked.SHOW))


SPEC = AdapterSpec(
    key="sip_dialog",
    title="any telephone system, watched by SIP dialog events",
    settings=SipSettings,
    connect=connect,
    capabilities=CAPABILITIES,
    tested_against="Asterisk 22.10.1; recordings of FreeSWITCH 1.10.12",
    replay=replay,
    ask_for=ask_for,
)

__all__ = ["SPEC", "SipSettings", "Transport", "connect", "replay"]
