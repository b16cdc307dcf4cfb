"""More than a console expects of any switchboard, over a real wire: what is held has an end, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console.domain.call_events import CallEnded, LinkChanged, LinkState
from console.ports.switchboard import Switchboard
from telephony_adapters import asterisk_ami, freeswitch_esl
from telephony_adapters.asterisk_ami.protocol import Parser as AmiParser
from telephony_adapters.contract.heard import Heard
from telephony_adapters.freeswitch_esl.protocol import Parser as EslParser
from tests.helpers import fake_asterisk, fake_freeswitch
from tests.helpers.fake_asterisk import FakeAsterisk
from tests.helpers.fake_freeswitch import FakeFreeSwitch, told_plain

CALLS = 400
TRUNK = "sofia/external/02079460210@192.0.2.9"


def asterisk_flooded(where: str) -> FakeAsterisk:
    """Return an Asterisk that says far too much, in its list or before it."""
    headers = [f"K{n}: v" for n in range(390)]
    if where == "list":
        return FakeAsterisk(fake_asterisk.Manner(channels=["\n".join(["Event: CoreShowChannel", *headers])] * 700))
    return FakeAsterisk(
        fake_asterisk.Manner(before_snapshot="\r\n".join(["Event: X", *headers, "", ""]).encode() * 700)
    )


def freeswitch_flooded() -> FakeFreeSwitch:
    """Return a FreeSWITCH that says far too much before its lists."""
    flood = told_plain("Event-Name: X", *(f"k{n}: v" for n in range(900))) * 300
    return FakeFreeSwitch(fake_freeswitch.Manner(before_lists=flood))


def connected(pbx: FakeAsterisk | FakeFreeSwitch) -> Switchboard:
    """Return what connects to a fake; nothing is sent yet."""
    if isinstance(pbx, FakeAsterisk):
        account = asterisk_ami.AmiSettings(port=pbx.port, user=fake_asterisk.USER, secret=fake_asterisk.SECRET)
        return asterisk_ami.connect(account)
    return freeswitch_esl.connect(freeswitch_esl.EslSettings(port=pbx.port, secret=fake_freeswitch.PASSWORD))


def quietened(pbx: FakeAsterisk | FakeFreeSwitch) -> None:
    """Let it say no more than usual from its next connection on."""
    if isinstance(pbx, FakeAsterisk):
        pbx.manner = fake_asterisk.Manner()
    else:
        pbx.manner = fake_freeswitch.Manner()


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "flooded",
    [lambda: asterisk_flooded("list"), lambda: asterisk_flooded("events"), freeswitch_flooded],
    ids=["asterisk-list", "asterisk-events", "freeswitch-events"],
)
def test_a_flood_before_the_snapshot_ends_in_a_sentence_and_another_try(
    flooded: Callable[[], FakeAsterisk | FakeFreeSwitch],
) -> None:
    with flooded() as pbx:
        heard, connection = Heard(), connected(pbx)
        connection.start(heard)
        try:
            lost = heard.wait_link(LinkState.LOST, 1, 20)[0]
            quietened(pbx)
            heard.wait_link(LinkState.CONNECTED, 1, 20)
        finally:
            connection.stop()
    assert "it sent more than can be held" in lost.sentence
    assert "tries again" in lost.sentence


def asterisk_call(number: int) -> bytes:
    """Return a whole call that is as short as one can be."""
    head = f"Channel: PJSIP/trunk-{number:08x}\r\nUniqueid: 17.{number}\r\nLinkedid: 17.{number}\r\n"
    mark = "ChanVariable: CALLERID(num-pres)=allowed\r\n"
    born = f"Event: Newstate\r\n{head}ChannelStateDesc: Ring\r\nExten: 01632960001\r\n{mark}\r\n"
    return f"{born}Event: Hangup\r\n{head}Cause: 16\r\n\r\n".encode()


def freeswitch_call(number: int) -> bytes:
    """Return the same of a FreeSWITCH."""
    leg = (f"Channel-Name: {TRUNK}", f"Unique-ID: 17.{number}", "Call-Direction: inbound")
    born = told_plain("Event-Name: CHANNEL_CREATE", *leg, "Caller-Destination-Number: 01632960001")
    return born + told_plain("Event-Name: CHANNEL_DESTROY", *leg)


@pytest.mark.parametrize(
    ("fake", "call", "parsed"),
    [
        (FakeAsterisk, asterisk_call, lambda sent: AmiParser().feed(fake_asterisk.BANNER + sent)),
        (FakeFreeSwitch, freeswitch_call, lambda sent: EslParser().feed(fake_freeswitch.GREETING + sent)[1:]),
    ],
    ids=["asterisk", "freeswitch"],
)
def test_a_burst_of_thousands_of_events_comes_through_whole(
    fake: type[FakeAsterisk | FakeFreeSwitch], call: Callable[[int], bytes], parsed: Callable[[bytes], list[object]]
) -> None:
    """The wire is read in small pieces; nothing may be lost or put into another order between them."""
    stream = b"".join(call(number) for number in range(CALLS))
    assert len(parsed(stream)) == 2 * CALLS
    with fake() as pbx:
        heard, connection = Heard(), connected(pbx)
        connection.start(heard)
        try:
            heard.wait_link(LinkState.CONNECTED)
            pbx.play(stream)
            ended = heard.wait(CallEnded, CALLS)
        finally:
            connection.stop()
    assert [fact.call for fact in ended] == [f"17.{number}" for number in range(CALLS)]
    assert not [fact for fact in heard.facts if isinstance(fact, LinkChanged) and fact.state is LinkState.LOST]
