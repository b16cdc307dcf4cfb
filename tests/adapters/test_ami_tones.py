"""A colleague asked again at once: what Asterisk would lose waits for the end of its tone."""

from __future__ import annotations

import pytest

from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.actions import Request, allow_all, plan
from telephony_adapters.asterisk_ami.board import Channel
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.asterisk_ami.settings import AmiSettings
from telephony_adapters.asterisk_ami.tones import LONGEST_S, AfterTone
from telephony_adapters.link.line import AWAY
from tests.helpers.ami_streams import NOW

SETTINGS = AmiSettings()
Said = list[ActionAnswer]


class Worker:
    """1001, with a caller on the line."""

    def __init__(self) -> None:
        self.mapper = Mapper(Reading())
        self.channel = Channel("17.2", "PJSIP/1001-2", NOW, "1001", link="17.1", state="Up")
        self.mapper.board.channels["17.2"] = self.channel
        self.waiting = AfterTone(self.mapper.board)
        self.said: Said = []

    def plan(self, act: Act) -> list[Request]:
        """Return what is sent for an act."""
        planned = plan(Action(act, "1001", target="1003"), self.mapper.board, SETTINGS, allow_all)
        assert isinstance(planned, list), planned
        return planned

    def told(self, event: str) -> None:
        """Let the switchboard tell of the worker's channel."""
        own = (("Channel", "PJSIP/1001-2"), ("Uniqueid", "17.2"), ("Linkedid", "17.1"), ("ChannelStateDesc", "Up"))
        self.mapper.feed(Message((("Event", event), *own)), NOW)

    def asks(self, now: float = 0.0) -> bool:
        """Ask a colleague; say whether that waits."""
        return self.waiting.keeps(self.plan(Act.START_ATTENDED), self.said.append, now)


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_the_first_asking_waits_for_nothing(worker: Worker) -> None:
    assert not worker.asks()


@pytest.mark.parametrize("by", [Act.CANCEL_ATTENDED, Act.START_ATTENDED])
def test_whoever_comes_back_asks_again_once_the_tone_has_ended(worker: Worker, by: Act) -> None:
    """Taken back by the worker, or left by a colleague who hung up or never answered."""
    worker.plan(by)
    worker.told("Unhold")
    assert worker.asks()
    assert worker.waiting.due(0.3) == []
    worker.told("NewConnectedLine")
    ((requests, _),) = worker.waiting.due(0.4)
    assert [one.name for one in requests] == ["Atxfer"]
    assert worker.waiting.due(9.0) == [], "it is sent once"
    assert not worker.asks(), "and the next one waits for nothing"


def test_what_is_asked_before_the_switchboard_told_anything_waits_as_well(worker: Worker) -> None:
    worker.plan(Act.CANCEL_ATTENDED)
    assert worker.asks()


def test_a_tone_whose_end_is_not_told_is_not_waited_for_for_ever(worker: Worker) -> None:
    worker.plan(Act.CANCEL_ATTENDED)
    assert worker.asks(5.0)
    assert worker.waiting.due(5.0 + LONGEST_S - 0.1) == []
    assert len(worker.waiting.due(5.0 + LONGEST_S)) == 1


def test_a_caller_taken_off_hold_by_the_telephones_own_key_brings_no_tone(worker: Worker) -> None:
    worker.told("Hold")
    worker.told("Unhold")
    assert not worker.asks()


def test_a_telephone_that_has_hung_up_meanwhile_is_not_waited_for(worker: Worker) -> None:
    worker.plan(Act.CANCEL_ATTENDED)
    assert worker.asks()
    worker.told("Hangup")
    assert len(worker.waiting.due(0.1)) == 1, "the switchboard itself says that there is no such channel"


def test_what_is_done_by_no_keys_never_waits(worker: Worker) -> None:
    worker.plan(Act.CANCEL_ATTENDED)
    for act in (Act.BLIND_TRANSFER, Act.HANG_UP):
        assert not worker.waiting.keeps(worker.plan(act), worker.said.append, 0.0)


def test_a_connection_that_is_lost_meanwhile_asked_nothing_and_says_so(worker: Worker) -> None:
    worker.plan(Act.CANCEL_ATTENDED)
    assert worker.asks()
    worker.waiting.abandon()
    worker.waiting.abandon()
    assert worker.said == [ActionAnswer(Answer.REFUSED, AWAY)]
