"""Answers of the switchboard that never come: asked again, and nothing is hidden or kept for ever because of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from console.domain.call_changes import ENDED_UNSEEN, CallChange
from console.domain.call_events import CallEvent, LinkChanged, LinkState, NumberLearned, SnapshotTaken
from console.domain.call_reducer import CallBook
from console.domain.calls import CallOutcome, Certainty
from console.ports.switchboard import ActionAnswer, Answer
from telephony_adapters.asterisk_ami import session
from telephony_adapters.asterisk_ami.actions import Request
from telephony_adapters.asterisk_ami.callers import ASK_AT_MOST
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.lists import LIST_AGAIN_LONGEST_S, LIST_AGAIN_S
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.pending import ANSWER_S
from telephony_adapters.asterisk_ami.presentation import ASKED, BOTH_MARK, NUMBER_MARK
from telephony_adapters.asterisk_ami.protocol import Message, Parser
from telephony_adapters.asterisk_ami.session import Session
from telephony_adapters.asterisk_ami.settings import AmiSettings, Login
from telephony_adapters.link.faults import LineDead
from tests.helpers.ami_streams import NOW
from tests.helpers.fake_asterisk import BANNER, answer, listing
from tests.helpers.recordings import SWITCHBOARD

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
WAITS = CALLER.format(kind="QueueEntry")
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


def refused(message: Message) -> bytes:
    """Refuse."""
    return answer(message, "Error", "Message: Permission denied")


def one_waits(message: Message) -> bytes:
    """Answer as a switchboard does where one caller waits in a queue."""
    return listing(message, "QueueStatusComplete", [WAITS])


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
        self.session = Session(AmiSettings(secret="correct horse", login=Login.PLAIN), self.mapper, self.now)
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

    def lose(self) -> None:
        """Lose the connection, as the thread that holds it reports it."""
        self.session.abandon()
        self.facts.append(LinkChanged(NOW, LinkState.LOST))

    def folded(self) -> tuple[CallBook, list[CallChange]]:
        """Return what the facts so far make, and what changed last."""
        book = CallBook(SWITCHBOARD)
        changes: list[CallChange] = []
        for fact in self.facts:
            changes += book.apply(fact, NOW)
        return book, changes

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
    talk.lose()
    talk.replies.update(Getvar=allows, CoreShowChannels=busy)
    talk.connect()
    assert talk.numbers() == ["02079460210"]


def test_an_exhausted_question_is_asked_again_on_the_next_connection() -> None:
    talk = Talk(Getvar=silent)
    talk.hear(JOINED)
    talk.wait(ANSWER_S * 20)
    talk.lose()
    talk.replies.update(Getvar=allows, CoreShowChannels=busy)
    talk.connect()
    assert talk.numbers() == ["02079460210"]


@pytest.mark.expects_log
def test_what_ended_while_away_ends_once_the_channels_are_listed_after_all() -> None:
    talk = Talk(Getvar=allows)
    talk.hear(JOINED)
    talk.exchange()
    talk.lose()
    talk.replies["CoreShowChannels"] = silent
    talk.connect()
    talk.wait(ANSWER_S)
    talk.hear(b"Event: PeerStatus\r\n\r\n")
    talk.exchange()
    (call,) = talk.folded()[0].calls()
    assert talk.session.live
    assert call.live
    assert call.certainty is Certainty.STALE
    talk.replies["CoreShowChannels"] = plain
    talk.wait(LIST_AGAIN_S)
    book, changes = talk.folded()
    (call,) = book.calls()
    assert (call.live, call.outcome, changes[-1].reason) == (False, CallOutcome.UNKNOWN, ENDED_UNSEEN)


@pytest.mark.expects_log
def test_a_call_rings_also_while_the_channels_are_not_listed_and_lives_on_when_they_are() -> None:
    talk = Talk(Getvar=allows, CoreShowChannels=silent)
    talk.wait(ANSWER_S)
    talk.hear(JOINED)
    talk.exchange()
    assert talk.numbers() == ["02079460210"]
    talk.replies["CoreShowChannels"] = busy
    talk.wait(LIST_AGAIN_S)
    assert [fact.calls for fact in talk.facts if isinstance(fact, SnapshotTaken)] == [{"17.1"}]
    (call,) = talk.folded()[0].calls()
    assert (call.live, call.certainty) == (True, Certainty.LIVE)


@pytest.mark.expects_log
def test_what_happens_while_a_later_list_comes_in_is_read_after_it() -> None:
    """The list was made before the caller rang: it must not take the caller away."""
    talk = Talk(Getvar=allows, CoreShowChannels=silent)

    def torn(message: Message) -> bytes:
        whole = plain(message)
        cut = whole.index(b"Event: ")
        return whole[:cut] + JOINED + whole[cut:]

    talk.wait(ANSWER_S)
    talk.hear(b"Event: PeerStatus\r\n\r\n")
    talk.replies["CoreShowChannels"] = torn
    talk.wait(LIST_AGAIN_S)
    assert [fact.calls for fact in talk.facts if isinstance(fact, SnapshotTaken)] == [frozenset()]
    (call,) = talk.folded()[0].calls()
    assert call.live


@pytest.mark.expects_log
def test_a_list_that_never_comes_is_asked_for_less_and_less_often() -> None:
    talk = Talk(CoreShowChannels=silent)
    talk.wait(600)
    assert 600 / (LIST_AGAIN_LONGEST_S + ANSWER_S) < talk.count("CoreShowChannels") < 15


@pytest.mark.expects_log
def test_without_the_right_to_any_list_only_who_waits_in_a_queue_lives_on() -> None:
    talk = Talk(Getvar=allows, CoreShowChannels=refused, Status=refused, QueueStatus=one_waits)
    talk.hear(JOINED)
    talk.hear(JOINED.replace(b"17.1", b"18.1").replace(b"7d", b"7e"))
    talk.exchange()
    talk.lose()
    talk.connect()
    book, changes = talk.folded()
    assert [call.id for call in book.calls() if call.live] == [book.find("17.1")]
    assert [change.reason for change in changes if change.call == book.find("18.1")][-1] == ENDED_UNSEEN


def test_another_consoles_event_answers_nothing_of_ours() -> None:
    """All who share an account hear each other's OriginateResponse, an event with a response and somebody's id."""
    talk = Talk()
    answers: list[ActionAnswer] = []
    talk.session.request([Request("Hangup", (("Channel", "PJSIP/1001-1"),))], answers.append, talk.now)
    (asked,) = talk._ours.feed(talk.session.take_bytes())
    theirs = f"Event: OriginateResponse\r\nResponse: Failure\r\nActionID: {asked.get('ActionID')}\r\n\r\n"
    talk.hear(theirs.encode())
    assert answers == []
    talk.hear(answer(asked))
    assert [one.answer for one in answers] == [Answer.ACCEPTED]


def test_no_two_consoles_give_their_requests_the_same_ids() -> None:
    one, two = Talk(), Talk()
    ids = [{message.get("ActionID") for message in talk.asked} for talk in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_calls_whose_ends_are_never_told_end_the_connection_and_not_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "CHANNELS", 50)
    talk = Talk(Getvar=allows)
    begun = "Event: Newchannel\r\nChannel: PJSIP/trunk-{0}\r\nUniqueid: 1.{0}\r\nLinkedid: 1.{0}\r\n\r\n"
    for n in range(50):
        talk.hear(begun.format(n).encode())
    with pytest.raises(LineDead, match="more calls than can be followed"):
        talk.hear(begun.format(50).encode())
    talk.lose()
    talk.connect()
    assert not talk.mapper.board.channels, "what is listed then is all there is"
