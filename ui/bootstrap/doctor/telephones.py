"""The switchboard of the settings: reached, logged in, and telling what calls there are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from console.domain.call_events import CallEvent, LinkChanged, LinkState, SnapshotTaken
from console.ports.switchboard import Act, AtOneDesk, Capabilities, Switchboard
from telephony_adapters.link.telling import AGAIN
from telephony_adapters.registry import Registry
from ui.bootstrap.doctor.checking import Facts, Finding, State
from ui.settings import Settings

THROUGH = "through_witness"
"""The telephones of consoles that reach no switchboard themselves."""
PATIENCE = 6.0
"""Seconds for reaching it, logging in and a first snapshot."""
_DESK = (Act.ANSWER, Act.HOLD, Act.BLIND_TRANSFER, Act.ORIGINATE)
"""What a desk can do without only at its telephone."""


class _Heard:
    """What an adapter says, kept until it is enough; called from the adapter's thread."""

    def __init__(self) -> None:
        self.enough = threading.Event()
        self.link: LinkChanged | None = None
        self.connected = False
        self.calls: int | None = None

    def sink(self, fact: CallEvent) -> None:
        if isinstance(fact, LinkChanged):
            self.link = fact
            self.connected = self.connected or fact.state is LinkState.CONNECTED
            if fact.state in (LinkState.REFUSED, LinkState.LOST):
                self.enough.set()
        elif isinstance(fact, SnapshotTaken):
            self.calls = len(fact.calls)
            self.enough.set()
        elif self.connected:
            # A first fact of a call proves as much as a snapshot.
            self.enough.set()


def plugins(registry: Registry, chosen: str = "") -> Sequence[Finding]:
    """Load every installed plug-in of a switchboard, connect to none, and name who stands behind each.

    ``chosen`` is the switchboard of the settings.
    """
    there = registry.plugins()
    if not there:
        return [Finding("plug-ins", State.NOT_ASKED, "no switchboard plug-in is installed")]
    specs, broken = registry.usable()
    facts: Facts = {one.key: one.words for one in there}
    if broken:
        means = "  ".join(one.why for one in broken)
        do = "mend or remove it" if chosen in {one.key for one in broken} else "remove what is not used"
        return [Finding("plug-ins", State.NOT_WELL, means, do, facts)]
    words = [f"{one.key} by {one.words}, {how_tested(specs[one.key].tested_against)}" for one in there]
    return [Finding("plug-ins", State.WELL, f"they load: {'; '.join(words)}", facts=facts)]


def how_tested(tested: str) -> str:
    """Return what an adapter says it was tested against, to go on with in a sentence."""
    if tested.startswith("not tested"):
        return tested
    return f"tested against {tested}" if tested else "not tested against a real system"


def switchboard(settings: Settings, connect: Callable[[], Switchboard], seconds: float = PATIENCE) -> Sequence[Finding]:
    """Connect as a console would, hear a snapshot or a first fact, and leave; nothing is dialled or changed."""
    if not settings.switchboard:
        means = "no switchboard is set: the console works without a telephone"
        return [Finding("switchboard", State.NOT_ASKED, means, "set it up with `nightdesk telephones`")]
    if settings.switchboard == THROUGH:
        means = "the telephones are heard through the shared record: nothing of them is reached from here"
        do = "look at the line witness of `nightdesk doctor --login NAME`: it says whether they are heard"
        return [Finding("switchboard", State.NOT_ASKED, means, do)]
    board, heard = connect(), _Heard()
    board.start(heard.sink)
    try:
        heard.enough.wait(seconds)
        can = board.capabilities()
    finally:
        board.stop()
    facts: Facts = {"switchboard": settings.switchboard, "connected": heard.connected}
    if heard.link is not None and heard.link.state is LinkState.REFUSED:
        means = heard.link.sentence or "the switchboard refused us"
        do = "look at the account's name, its secret in the keyring, and its rights on the switchboard"
        return [Finding("switchboard", State.NOT_WELL, means, do, facts)]
    if not heard.connected:
        why = (
            heard.link.sentence.removesuffix(AGAIN) if heard.link else ""
        ) or f"it did not answer within {seconds:g} s"
        do = "look at host and port in the settings, and at firewalls between"
        if isinstance(board, AtOneDesk):
            do = "close the console that is open, which hears these calls, or look at webhook_port in the settings"
        return [Finding("switchboard", State.NOT_WELL, f"the switchboard cannot be reached: {why}", do, facts)]
    if not heard.enough.is_set():
        means = f"it let us in, but told nothing within {seconds:g} s"
        do = "look at the account's rights: it must be allowed to read calls"
        return [Finding("switchboard", State.NOT_WELL, means, do, facts)]
    if heard.link is not None and heard.link.sentence:
        do = "look at the account's rights on the switchboard, and at what the settings ask of it"
        if isinstance(board, AtOneDesk):
            do = "end the program that has the port, or set another webhook_port"
        return [Finding("switchboard", State.NOT_WELL, heard.link.sentence, do, facts)]
    missing = lacking(can)
    calls = "" if heard.calls is None else f", {heard.calls} calls now"
    said = f"; not from the screen: {'; '.join(missing)}" if missing else ""
    said += "".join(f"; {one}" for one in can.remarks)
    fake = " (simulated)" if can.is_fake else ""
    means = f"{settings.switchboard}{fake} lets us in and tells of calls{calls}{said}"
    return [Finding("switchboard", State.WELL, means, facts=facts)]


def lacking(can: Capabilities) -> list[str]:
    """Return why what a desk can do without is not offered: each reason once, with what it is the reason for."""
    whys: dict[str, list[str]] = {}
    for act in _DESK:
        if act not in can.acts:
            whys.setdefault(can.why_not.get(act, "not offered"), []).append(act.value)
    return [f"{', '.join(acts)}: {why}" for why, acts in whys.items()]
