"""For each registered switchboard, something real to connect to that has one answered call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from telephony_adapters.asterisk_ami import AmiSettings
from telephony_adapters.freeswitch_esl import EslSettings
from telephony_adapters.local_pop import PopSettings
from telephony_adapters.simulator import SimulatorSettings
from tests.helpers import fake_freeswitch, fake_notifier
from tests.helpers.dialog_bodies import CALLER, dialog
from tests.helpers.esl_streams import recorded
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk, Manner
from tests.helpers.pop_desk import tell
from tests.helpers.recordings import Recording

SCRIPT = """\
phone 1001 "P" queue oohs
phone 1002 "T" queue oohs
22:14:05 call c1 from 02079460123 to 01632 960001 queue oohs
 rings 1001 1002
22:14:19 1001 answers c1
22:15 caller rings off c1
"""


@dataclass(frozen=True, slots=True)
class OtherSide:
    """``settings`` reach it; ``play`` lets the call happen, where it does not by itself.

    ``queue`` is the queue the call waits in, empty where such a switchboard cannot tell.
    """

    settings: object
    play: Callable[[], None]
    queue: str = "oohs"


@contextmanager
def _asterisk(_: Path) -> Iterator[OtherSide]:
    allowed = {"CALLERID(num-pres)": "allowed", "CALLERID(pres)": "allowed"}
    with FakeAsterisk(Manner(variables=allowed)) as pbx:
        stream = Recording("asterisk-22", "q_answered").bytes().partition(b"\r\n")[2]
        ringing = stream.index(b"Event: BridgeCreate")

        def play() -> None:
            pbx.play(stream[:ringing])
            # Long before anybody answers, a console has asked whether the number may be shown.
            deadline = time.monotonic() + 10
            while pbx.connected and pbx.count("Getvar") < 3 and time.monotonic() < deadline:
                time.sleep(0.01)
            pbx.play(stream[ringing:])

        yield OtherSide(AmiSettings(port=pbx.port, user=USER, secret=SECRET), play)


@contextmanager
def _freeswitch(_: Path) -> Iterator[OtherSide]:
    with fake_freeswitch.FakeFreeSwitch() as pbx:
        settings = EslSettings(port=pbx.port, secret=fake_freeswitch.PASSWORD)
        yield OtherSide(settings, lambda: pbx.play(fake_freeswitch.events_of(recorded("q_answered"))))


@contextmanager
def _program_at_the_desk(folder: Path) -> Iterator[OtherSide]:
    settings = PopSettings(run_file=str(folder / "pop.json"))
    call = {"id": "c-1", "number": "02079460123", "line": "01632960001", "queue": "oohs"}

    def play() -> None:
        tell(settings, call | {"event": "ringing", "extension": "1001"})
        tell(settings, call | {"event": "ringing", "extension": "1002"})
        tell(settings, call | {"event": "answered", "extension": "1001"})
        tell(settings, call | {"event": "ended", "by": "caller"})

    yield OtherSide(settings, play)


@contextmanager
def _simulator(folder: Path) -> Iterator[OtherSide]:
    script = folder / "night.txt"
    script.write_text(SCRIPT, encoding="utf-8")
    yield OtherSide(SimulatorSettings(script=str(script), speed=100.0), lambda: None)


def _telephone_said(identity: str, state: str, how: str = "") -> str:
    line = "sip:01632960001@pbx.example"
    return dialog(identity, state, "recipient", CALLER, local=line, call_id="one call", how=how)


@contextmanager
def _watched(_: Path) -> Iterator[OtherSide]:
    """Telephones that tell all that RFC 4235 lets them tell, the call's own id and who ended it among it."""
    with fake_notifier.FakeNotifier() as pbx:
        settings = fake_notifier.reaching(pbx.port)

        def play() -> None:
            for extension in ("1001", "1002"):
                pbx.tell(extension, _telephone_said(extension, "early"))
            pbx.tell("1001", _telephone_said("1001", "confirmed"))
            pbx.tell("1002", _telephone_said("1002", "terminated", "cancelled"))
            pbx.tell("1001", _telephone_said("1001", "terminated", "remote-bye"))

        yield OtherSide(settings, play, queue="")


OTHER_SIDES: dict[str, Callable[[Path], AbstractContextManager[OtherSide]]] = {
    "asterisk_ami": _asterisk,
    "freeswitch_esl": _freeswitch,
    "local_pop": _program_at_the_desk,
    "simulator": _simulator,
    "sip_dialog": _watched,
}
"""A new adapter adds one line here, and every test of the contract runs on it."""
