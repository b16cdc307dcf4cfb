"""A telephone program whose calls are told by hand-over: command, link or signed HTTP on this computer alone."""

from __future__ import annotations

from console.ports.switchboard import AdapterSpec
from telephony_adapters.local_pop.asking import ask_for
from telephony_adapters.local_pop.connection import connect
from telephony_adapters.local_pop.handing import Answered, NobodyThere, hand_over
from telephony_adapters.local_pop.mapping import CAPABILITIES
from telephony_adapters.local_pop.message import FIELDS, LINK, RINGS_LINKS, LinkNotTaken, read_link, read_ring_link
from telephony_adapters.local_pop.products import shipped
from telephony_adapters.local_pop.reception import POP, RING
from telephony_adapters.local_pop.settings import PopSettings

SPEC = AdapterSpec(
    key="local_pop",
    title="A telephone program at this desk (command, link, webhook)",
    settings=PopSettings,
    connect=connect,
    capabilities=CAPABILITIES,
    tested_against="its own command and signed messages; no product",
    ask_for=ask_for,
)

__all__ = [
    "FIELDS",
    "LINK",
    "POP",
    "RING",
    "RINGS_LINKS",
    "SPEC",
    "Answered",
    "LinkNotTaken",
    "NobodyThere",
    "PopSettings",
    "connect",
    "hand_over",
    "read_link",
    "read_ring_link",
    "shipped",
]
