"""Channels that a console has made beside a call: no calls of their own, and told again after a reconnect."""

from __future__ import annotations

from console.domain.call_events import (
    CallBegan,
    CallEvent,
    HoldChanged,
    PartyJoined,
    SupervisionBegan,
    SupervisionEnded,
    Transferred,
)
from console.domain.call_reducer import CallBook
from console.domain.calls import CallState
from telephony_adapters.asterisk_ami.board import ASIDE
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.asterisk_ami.snapshot import take_snapshot
from tests.helpers.ami_streams import NOW, facts_of_messages, messages_of
from tests.helpers.recordings import SWITCHBOARD, Recording

TRUNK, OURS, THEIRS = "PJSIP/trunk-00000001", "PJSIP/1001-00000002", "PJSIP/1003-00000003"
AS = f"{ASIDE}7f"


def event(name: str, channel: str, uid: str, link: str = "", **fields: str) -> Message:
    """Return one event about a channel, a second after the one before where times matter."""
    head = (("Event", name), ("Channel", channel), ("Uniqueid", uid), ("Linkedid", link or uid))
    return Message((*head, ("Timestamp", "1795290255.5"), *fields.items()))


def spied(name: str) -> Message:
    """Return that 1003 begins or ends to hear 1001."""
    ends = (("SpyerChannel", THEIRS), ("SpyerUniqueid", AS), ("SpyerLinkedid", AS))
    heard = (("SpyeeChannel", OURS), ("SpyeeUniqueid", "2"), ("SpyeeLinkedid", "1"))
    return Message((("Event", name), ("Timestamp", "1795290256.5"), *ends, *heard))


TALKING = [
    event("Newstate", TRUNK, "1", ChannelStateDesc="Ring", Exten="01632960001"),
    event("BridgeEnter", TRUNK, "1", ChannelStateDesc="Up", BridgeUniqueid="b"),
    event("BridgeEnter", OURS, "2", "1", ChannelStateDesc="Up", BridgeUniqueid="b"),
]
RUNG = [
    event("Newchannel", THEIRS, AS, ChannelStateDesc="Down", Exten="s"),
    Message((("Event", "DialBegin"), ("DestChannel", THEIRS), ("DestUniqueid", AS), ("DestLinkedid", AS))),
    event("Newstate", THEIRS, AS, ChannelStateDesc="Ringing"),
    event("Newstate", THEIRS, AS, ChannelStateDesc="Up"),
    spied("ChanSpyStart"),
]


def of_kind(facts: list[CallEvent], *kinds: type) -> list[str]:
    """Return the names of the facts of these kinds, in order."""
    return [type(fact).__name__ for fact in facts if isinstance(fact, kinds)]


def test_a_telephone_rung_to_hear_a_call_is_no_call_and_does_not_ring_for_one() -> None:
    facts = facts_of_messages([*TALKING, *RUNG, spied("ChanSpyStop"), event("Hangup", THEIRS, AS, Cause="16")])
    assert of_kind(facts, CallBegan, SupervisionBegan, SupervisionEnded) == [
        "CallBegan", "SupervisionBegan", "SupervisionEnded",
    ]  # fmt: skip
    book = CallBook(SWITCHBOARD)
    for fact in facts:
        book.apply(fact, NOW)
    (call,) = book.calls()
    assert (call.rang, call.supervised_by, call.joined) == ((), ("1003",), ())
    assert book.odd_count == 0


def test_who_listens_is_told_again_after_a_reconnect() -> None:
    spies = {"Application": "ChanSpy", "ApplicationData": f"{OURS},qES", "ChannelStateDesc": "Up", "Exten": "s"}
    listed = [
        event("CoreShowChannel", TRUNK, "1", ChannelStateDesc="Up", Exten="01632960001", BridgeId="b"),
        event(
            "CoreShowChannel", OURS, "2", "1", ChannelStateDesc="Up", BridgeId="b", ApplicationData="(Outgoing Line)"
        ),
        event("CoreShowChannel", THEIRS, AS, **spies),
    ]
    facts = take_snapshot(Mapper(Reading()), listed, NOW)
    (told,) = [fact for fact in facts if isinstance(fact, SupervisionBegan)]
    assert (told.call, told.extension, told.stamped) == ("1", "1003", False), "its beginning was not seen"
    assert of_kind(facts, CallBegan) == ["CallBegan"]


def three_together(kind: str) -> list[CallEvent]:
    """Return the facts of the recorded attended transfer, up to the end that ``kind`` says it had."""
    recording = Recording("asterisk-22-rig-channelvars", "xfer_atxfer_ami")
    messages = list(messages_of(recording))
    end = next(n for n, one in enumerate(messages) if one.event == "AttendedTransfer")
    changed = [(key, kind if key == "DestType" else value) for key, value in messages[end].headers]
    mapper = Mapper(Reading())
    facts = [fact for one in messages[:end] for fact in mapper.feed(one, NOW)]
    return facts + mapper.feed(Message(tuple(changed)), NOW)


def test_three_together_is_no_transfer_and_ends_the_hold_of_the_asking() -> None:
    assert of_kind(three_together("Bridge"), Transferred) == ["Transferred"]
    facts = three_together("Threeway")
    assert of_kind(facts, Transferred) == []
    holds = [fact.held for fact in facts if isinstance(fact, HoldChanged)]
    assert holds == [True, False]


def test_a_conference_of_three_is_one() -> None:
    """The merge of the two bridges, as it was seen on a real Asterisk 22: everybody stays."""
    held = event("Hold", OURS, "2", "1")
    asked = [
        event("BridgeEnter", OURS, "2", "1", BridgeUniqueid="c"),
        event("BridgeEnter", THEIRS, "3", "1", ChannelStateDesc="Up", BridgeUniqueid="c"),
    ]
    merged = Message((("Event", "BridgeMerge"), ("ToBridgeUniqueid", "b"), ("FromBridgeUniqueid", "c")))
    facts = facts_of_messages([*TALKING, held, *asked, merged])
    assert of_kind(facts, PartyJoined) == ["PartyJoined"]
    book = CallBook(SWITCHBOARD)
    for fact in facts[:-1]:
        book.apply(fact, NOW)
    assert [call.state for call in book.calls()] == [CallState.CONFERENCE]


def test_a_caller_whom_nobody_fetches_in_time_is_parked_no_more_and_rings_at_whoever_parked_them() -> None:
    """The recorded parking, with the event of Asterisk's manual in the place of the fetching; nobody recorded one."""
    messages = messages_of(Recording("asterisk-22-rig-channelvars", "park"))
    fetched = next(place for place, message in enumerate(messages) if message.event == "UnParkedCall")
    kept = tuple(header for header in messages[fetched].headers if not header[0].startswith(("Event", "Retriever")))
    over = Message((("Event", "ParkedCallTimeOut"), *kept))
    book = CallBook(SWITCHBOARD)
    mapper = Mapper(Reading())
    for message in (*messages[:fetched], over):
        for fact in mapper.feed(message, NOW):
            book.apply(fact, NOW)
    (call,) = (one for one in book.calls() if one.live)
    assert (call.parked_at, call.parked_since, call.transfers) == ("", None, ())
    assert call.state is not CallState.PARKED
    assert call.alone_since is not None, "and waits for somebody"
