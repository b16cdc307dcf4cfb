"""A switchboard that stands still: what the worker was told is not done is not done when it wakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue

import pytest

from console.domain.call_events import LinkState
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Switchboard
from telephony_adapters.asterisk_ami import AmiSettings
from telephony_adapters.asterisk_ami.connection import AmiConnection
from telephony_adapters.contract.heard import Heard
from telephony_adapters.freeswitch_esl import EslSettings
from telephony_adapters.freeswitch_esl.connection import EslConnection
from telephony_adapters.link import line
from tests.helpers import fake_asterisk, fake_freeswitch
from tests.helpers.fake_asterisk import FakeAsterisk
from tests.helpers.fake_freeswitch import FakeFreeSwitch
from tests.helpers.loopback import Loopback


@dataclass(frozen=True)
class Desk:
    """A worker's connection, and the switchboard at its other end."""

    pbx: Loopback
    switchboard: Switchboard
    dialled: Callable[[], int]
    """How often the switchboard was asked to dial."""

    def ask(self, act: Act, target: str = "") -> ActionAnswer:
        """Ask and return the answer."""
        answers: SimpleQueue[ActionAnswer] = SimpleQueue()
        self.switchboard.perform(Action(act, "1001", target=target), answers.put)
        return answers.get(timeout=20)


@contextmanager
def asterisk() -> Iterator[Desk]:
    """Yield a desk at an Asterisk."""
    with FakeAsterisk() as pbx:
        settings = AmiSettings(port=pbx.port, user=fake_asterisk.USER, secret=fake_asterisk.SECRET)
        yield Desk(pbx, AmiConnection(settings), lambda: pbx.count("Originate"))


@contextmanager
def freeswitch() -> Iterator[Desk]:
    """Yield a desk at a FreeSWITCH."""
    with FakeFreeSwitch() as pbx:
        connection = EslConnection(EslSettings(port=pbx.port, secret=fake_freeswitch.PASSWORD))
        yield Desk(pbx, connection, lambda: len(pbx.asked("bgapi originate")))


@pytest.mark.parametrize("kind", [asterisk, freeswitch])
def test_what_is_asked_of_a_switchboard_that_stands_still_is_never_done(
    kind: Callable[[], AbstractContextManager[Desk]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with kind() as desk:
        heard = Heard()
        desk.switchboard.start(heard)
        try:
            heard.wait_link(LinkState.CONNECTED)
            desk.pbx.awake.clear()
            with monkeypatch.context() as patched:
                # Rightly two seconds; a test need not wait them out.
                patched.setattr(line, "PROOF_S", 0.2)
                refused = desk.ask(Act.ORIGINATE, "1003")
            desk.pbx.awake.set()
            assert desk.ask(Act.PAUSE).answer is Answer.ACCEPTED, "what was asked before it has been read by now"
            assert (refused.answer, desk.dialled()) == (Answer.REFUSED, 0)
            assert "does not answer just now" in refused.sentence
            assert desk.ask(Act.ORIGINATE, "1003").answer is Answer.ACCEPTED
            assert desk.dialled() == 1
        finally:
            desk.switchboard.stop()
