"""Answers of the switchboard that never come: asked again, and nothing is hidden or kept for ever because of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from console.domain.call_events import CallEvent, NumberLearned
from telephony_adapters.asterisk_ami.callers import ASK_AT_MOST
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.presentation import ASKED, BOTH_MARK, NUMBER_MARK
from telephony_adapters.asterisk_ami.protocol import Message, Parser
from telephony_adapters.asterisk_ami.session import ANSWER_S, Session
from telephony_adapters.asterisk_ami.settings import AmiSettings, Login
from tests.helpers.ami_streams import NOW
from tests.helpers.fake_asterisk import BANNER, answer, listing

CALLER = """\
Event: {kind}
Channel: PJSIP/trunk-0000007d
ChannelStateDesc: Up
CallerIDNum: 02079460210
CallerIDName: <unknown>
Exten: 01632960001
Uniqueid: 17.1
Linkedid: 17.1
Queue: oohs"""
LISTED = CALLER.format(kind="CoreShowChannel")
JOINED = (CALLER.format(kind="QueueCallerJoin") + "\n\n").replace("\n", "\r\n").encode()
ALLOWED = {NUMBER_MARK: "allowed", BOTH_MARK: "allowed"}

Reply = Callable[[Message], bytes]


def plain(message: Message) -> bytes:
    """Answer as a switchboard without calls does; what is not listed here gets a plain yes."""
    name = message.get("Action")
    if name in ("CoreShowChannels", "Status", "QueueStatus"):
        return listing(message, f"{name}Complete", [])
    return answer(message)


def allows(message: Message) -> bytes:
    """Answer that the number may be shown."""
    return answer(message, "Success", f"Value: {ALLOWED.get(message.get('Variable'), '')}")


def busy(message: Message) -> bytes:
    """Answer as a switchboard with one caller does."""
    return listing(message, "CoreShowChannelsComplete", [LISTED])


def silent(_message: Message) -> bytes:
    """Say nothing."""
    return b""


class Talk:
    """One connection after another with a hand-moved clock; ``replies`` say who answers what, by action."""

    def __init__(self, **replies: Reply) -> None:
        self.mapper = Mapper(Reading(ask=True))
        self.facts: list[CallEvent] = []
        self.replies = replies
        self.now = 0.0
        self.asked: list[Message] = []
        self.connect()

    def connect(self) -> None:
        """Begin a connection and let it come as far as it does by itself."""
        self._theirs, self._ours = Parser(banner_needed=True), Parser(banner_needed=True)
        self._theirs.feed(BANNER)
        self._ours.feed(BANNER)
        self.session = Session(AmiSettings(login=Login.PLAIN), self.mapper, self.now)
        self.session.greeted(self.now)
        self.exchange()

    def exchange(self) -> None:
        """Let the switchboard answer until nothing is asked any more."""
        while sent := self._ours.feed(self.session.take_bytes()):
            for message in sent:
                self.asked.append(message)
                self.hear(self.replies.get(message.get("Action"), plain)(message))
        self.facts += self.session.take_facts()

    def hear(self, data: bytes) -> None:
        """Take what the switchboard sends."""
        for message in self._theirs.feed(data):
            self.session.receive(message, self.now, NOW + timedelta(seconds=self.now))

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        end = self.now + seconds
        while self.now < end:
            self.now += 0.25
            self.session.tick(self.now)
            self.exchange()

    def count(self, name: str) -> int:
        """Return how often an action was asked for."""
        return len([message for message in self.asked if message.get("Action") == name])

    def numbers(self) -> list[str]:
        """Return the numbers that left the adapter."""
        return [fact.number for fact in self.facts if isinstance(fact, NumberLearned)]


def test_a_lost_answer_is_asked_for_again_and_the_number_is_shown() -> None:
    talk = Talk(Getvar=silent)
    talk.hear(JOINED)
    talk.exchange()
    assert talk.count("Getvar") == len(ASKED)
    talk.replies["Getvar"] = allows
    talk.wait(ANSWER_S)
    assert talk.numbers() == ["02079460210"]


def test_a_switchboard_that_never_answers_is_not_asked_for_ever() -> None:
    talk = Talk(Getvar=silent)
    talk.hear(JOINED)
    talk.wait(ANSWER_S * 20)
    assert talk.count("Getvar") == len(ASKED) * ASK_AT_MOST
    assert talk.numbers() == []


def test_a_question_that_was_lost_with_the_connection_is_asked_on_the_next() -> None:
    talk = Talk(Getvar=silent)
    talk.hear(JOINED)
    talk.exchange()
    talk.session.abandon()
    talk.replies.update(Getvar=allows, CoreShowChannels=busy)
    talk.connect()
    assert talk.numbers() == ["02079460210"]


def test_an_exhausted_question_is_asked_again_on_the_next_connection() -> None:
    talk = Talk(Getvar=silent)
    talk.hear(JOINED)
    talk.wait(ANSWER_S * 20)
    talk.session.abandon()
    talk.replies.update(Getvar=allows, CoreShowChannels=busy)
    talk.connect()
    assert talk.numbers() == ["02079460210"]
