"""For each registered switchboard, something real to connect to that has one answered call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from console.domain.call_events import Answered, CallEnded, CallEvent
from telephony_adapters.asterisk_ami import AmiSettings
from telephony_adapters.asterisk_ami.desk import Reading as AmiReading
from telephony_adapters.asterisk_ami.mapping import Mapper as AmiMapper
from telephony_adapters.contract.bench import STORY, Benches, CannotShow, Moment, OtherSide, Story
from telephony_adapters.freeswitch_esl import EslSettings
from telephony_adapters.freeswitch_esl.desk import Reading as EslReading
from telephony_adapters.freeswitch_esl.mapping import Mapper as EslMapper
from telephony_adapters.freeswitch_esl.snapshot import Listed
from telephony_adapters.local_pop import PopSettings
from tests.helpers import ami_streams, esl_streams, fake_asterisk, fake_freeswitch, fake_notifier
from tests.helpers.dialog_bodies import CALLER, WITHHELD, dialog
from tests.helpers.fake_asterisk import COMMANDS, FakeAsterisk
from tests.helpers.fake_freeswitch import FakeFreeSwitch
from tests.helpers.fake_simulator import FakeSimulator
from tests.helpers.pop_desk import tell
from tests.helpers.recordings import Recording
from tests.helpers.watched import as_bytes, going_on

M = TypeVar("M")
ASTERISK = Recording("asterisk-22", "q_answered")
FREESWITCH = esl_streams.recorded("q_answered")
ALLOWED = {"CALLERID(num-pres)": "allowed", "CALLERID(pres)": "allowed"}


def cuts(facts: Iterable[Sequence[CallEvent]], quiet: Sequence[int]) -> tuple[int, int]:
    """Return before which messages the bursts begin that answer and end the call; ``facts`` are those of each."""
    found = [[type(fact) for fact in made] for made in facts]
    answered = next(i for i, kinds in enumerate(found) if Answered in kinds)
    ended = next(i for i, kinds in enumerate(found) if CallEnded in kinds)
    return max(p for p in quiet if p <= answered), max(p for p in quiet if p <= ended)


@cache
def _asterisk_bursts() -> tuple[int, int]:
    mapper = AmiMapper(AmiReading())
    messages = ami_streams.messages_of(ASTERISK)
    return cuts([mapper.feed(m, ami_streams.NOW) for m in messages], ami_streams.quiet_points(ASTERISK))


@dataclass
class AsteriskSide:
    """A fake Asterisk that plays a recording."""

    pbx: FakeAsterisk
    story: Story = STORY

    @property
    def settings(self) -> AmiSettings:
        """Return what reaches it."""
        return AmiSettings(port=self.pbx.port, user=fake_asterisk.USER, secret=fake_asterisk.SECRET)

    @property
    def wrong_settings(self) -> AmiSettings:
        """Return another password."""
        return replace(self.settings, secret="battery staple")

    def messages(self, moment: Moment) -> Sequence[bytes]:
        """Return one burst."""
        told = _burst(ami_streams.messages_of(ASTERISK), _asterisk_bursts(), moment)
        return [as_bytes([message]) for message in told]

    def withheld(self) -> Sequence[bytes]:
        """Return the same messages: only whoever asks is told."""
        self.pbx.manner.variables = {"CALLERID(num-pres)": "prohib_passed_screen"}
        return self.messages(Moment.RINGS)

    def broken(self, data: bytes) -> bytes:
        """Return it with the end of a message."""
        return data + b"\r\n\r\n"

    def unknown(self) -> bytes:
        """Return an event of a later release."""
        return b"Event: NoveltyOfALaterRelease\r\nChannel: PJSIP/1001-00000001\r\nUniqueid: 1\r\nLinkedid: 1\r\n\r\n"

    def send(self, data: bytes) -> None:
        """Say it."""
        self.pbx.play(data)

    def drop(self, upto: Moment) -> None:
        """Hang up on the adapter."""
        messages = ami_streams.messages_of(ASTERISK)
        self.pbx.manner.channels = going_on(messages[: (*_asterisk_bursts(), len(messages))[upto - 1]])
        self.pbx.hang_up()

    def fall_silent(self) -> None:
        """Answer nothing."""
        self.pbx.manner.deaf = True

    def refuse(self) -> None:
        """Take every right to act away."""
        self.pbx.manner.refuse = frozenset(COMMANDS) - {"Ping", "Getvar"}


@contextmanager
def _asterisk(_: Path) -> Iterator[OtherSide]:
    with FakeAsterisk(fake_asterisk.Manner(variables=ALLOWED)) as pbx:
        yield AsteriskSide(pbx)


def _burst(messages: Sequence[M], cut: tuple[int, int], moment: Moment) -> Sequence[M]:
    places = (0, *cut, len(messages))
    return messages[places[moment - 1] : places[moment]]


@cache
def _freeswitch_bursts() -> tuple[tuple[int, int], dict[Moment, Listed]]:
    mapper = EslMapper(EslReading())
    quiet = dict(esl_streams.quiet_points(FREESWITCH))
    facts = [mapper.feed(message, esl_streams.NOW) for message in esl_streams.subscribed(FREESWITCH)]
    answered, ended = cuts(facts, list(quiet))
    listed = {Moment.RINGS: quiet[answered], Moment.ANSWERED: quiet[ended], Moment.ENDED: Listed([])}
    return (answered, ended), listed


@dataclass
class FreeSwitchSide:
    """A fake FreeSWITCH that plays a recording."""

    pbx: FakeFreeSwitch
    story: Story = STORY

    @property
    def settings(self) -> EslSettings:
        """Return what reaches it."""
        return EslSettings(port=self.pbx.port, secret=fake_freeswitch.PASSWORD)

    @property
    def wrong_settings(self) -> EslSettings:
        """Return another password."""
        return replace(self.settings, secret="battery staple")

    def messages(self, moment: Moment) -> Sequence[bytes]:
        """Return one burst."""
        told = _burst(esl_streams.subscribed(FREESWITCH), _freeswitch_bursts()[0], moment)
        return [esl_streams.as_bytes([message]) for message in told]

    def withheld(self) -> Sequence[bytes]:
        """Return the same messages, marked."""
        told = _burst(esl_streams.subscribed(FREESWITCH), _freeswitch_bursts()[0], Moment.RINGS)
        return [esl_streams.event_bytes({**message.headers, "Caller-Privacy-Hide-Number": "true"}) for message in told]

    def broken(self, data: bytes) -> bytes:
        """Return it with the end of a message."""
        return data + b"\n\n"

    def unknown(self) -> bytes:
        """Return an event of a later release."""
        return esl_streams.event_bytes({"Event-Name": "NOVELTY_OF_A_LATER_RELEASE", "Unique-ID": "1"})

    def send(self, data: bytes) -> None:
        """Say it."""
        self.pbx.play(data)

    def drop(self, upto: Moment) -> None:
        """Hang up on the adapter."""
        self.pbx.manner.listed = _freeswitch_bursts()[1][upto]
        self.pbx.hang_up()

    def fall_silent(self) -> None:
        """Answer nothing."""
        self.pbx.manner.deaf = frozenset({"global_getvar", "show", "status", "callcenter_config"})

    def refuse(self) -> None:
        """Take every right to act away."""
        self.pbx.manner.refuse = _ACTS


_ACTS = frozenset(
    {
        *("callcenter_config", "originate", "uuid_bridge", "uuid_broadcast", "uuid_hold", "uuid_kill"),
        *("uuid_phone_event", "uuid_send_dtmf", "uuid_transfer"),
    }
)
"""First words of what an adapter asks for on a worker's behalf."""


@contextmanager
def _freeswitch(_: Path) -> Iterator[OtherSide]:
    with FakeFreeSwitch() as pbx:
        yield FreeSwitchSide(pbx)


@dataclass
class DeskSide:
    """A telephone program at the desk, which tells what it likes and cannot be lost."""

    settings: PopSettings
    wrong_settings: None = None
    story: Story = STORY

    def messages(self, moment: Moment) -> Sequence[bytes]:
        """Return one burst."""
        return self._told(moment)

    def withheld(self) -> Sequence[bytes]:
        """Return the first burst with a word beside the number."""
        return self._told(Moment.RINGS, presentation="withheld")

    def broken(self, data: bytes) -> bytes:
        """There is none: what such a program says is refused to its face where it is not understood."""
        return self.unknown()

    def _told(self, moment: Moment, **more: str) -> Sequence[bytes]:
        call = {"id": "c-1", "number": "02079460123", "line": "01632960001", "queue": "oohs", **more}
        told = {
            Moment.RINGS: [{"event": "ringing", "extension": one} for one in STORY.rings],
            Moment.ANSWERED: [{"event": "answered", "extension": STORY.taker}],
            Moment.ENDED: [{"event": "ended", "by": "caller"}],
        }
        return [json.dumps(call | one).encode() + b"\n" for one in told[moment]]

    def unknown(self) -> bytes:
        """There is none: what such a program says is refused to its face where it is not understood."""
        raise CannotShow("whoever tells is answered, and what is not understood is refused")

    def send(self, data: bytes) -> None:
        """Tell it, a line at a time."""
        for line in data.splitlines():
            tell(self.settings, json.loads(line))

    def drop(self, upto: Moment) -> None:
        """There is no connection that could be lost."""
        raise CannotShow("there is no connection that could be lost")

    def fall_silent(self) -> None:
        """There is no connection that could fall silent."""
        raise CannotShow("there is no connection that could fall silent")

    def refuse(self) -> None:
        """Nobody is asked for anything."""
        raise CannotShow("nobody is asked for anything")


@contextmanager
def _program_at_the_desk(folder: Path) -> Iterator[OtherSide]:
    yield DeskSide(PopSettings(run_file=str(folder / "pop.json")))


@dataclass
class LampsSide:
    """Telephones that tell all that RFC 4235 lets them tell, the call's own id and who ended it among it."""

    pbx: fake_notifier.FakeNotifier
    wrong_settings: None = None
    story: Story = replace(STORY, queue="")
    """Telephones know of no queue."""

    @property
    def settings(self) -> object:
        """Return what reaches them."""
        return fake_notifier.reaching(self.pbx.port)

    def messages(self, moment: Moment) -> Sequence[bytes]:
        """Return one burst: telephone and state of each notification."""
        told = {
            Moment.RINGS: [("1001", "early", ""), ("1002", "early", "")],
            Moment.ANSWERED: [("1001", "confirmed", ""), ("1002", "terminated", "cancelled")],
            Moment.ENDED: [("1001", "terminated", "remote-bye")],
        }
        return [json.dumps(one).encode() + b"\n" for one in told[moment]]

    def withheld(self) -> Sequence[bytes]:
        """Return the first burst, with the address that stands for nobody where else it is said how it ended."""
        return [json.dumps((one, "early", WITHHELD)).encode() + b"\n" for one in STORY.rings]

    def broken(self, data: bytes) -> bytes:
        """There is none: a datagram ends by itself."""
        raise CannotShow("a datagram ends by itself")

    def unknown(self) -> bytes:
        """There is none of another kind: every notification is a document."""
        raise CannotShow("every notification is of the one kind")

    def send(self, data: bytes) -> None:
        """Notify, a line at a time."""
        for line in data.splitlines():
            extension, state, more = json.loads(line)
            said = {"remote": more} if more == WITHHELD else {"how": more}
            self.pbx.tell(extension, _telephone_said(extension, state, **said))

    def drop(self, upto: Moment) -> None:
        """There is no connection that could be hung up: subscriptions lapse."""
        raise CannotShow("there is no connection that could be hung up")

    def fall_silent(self) -> None:
        """Answer nothing; what was granted lapses."""
        self.pbx.manner.deaf = True

    def refuse(self) -> None:
        """Nobody is asked for anything."""
        raise CannotShow("nobody is asked for anything")


def _telephone_said(identity: str, state: str, remote: str = CALLER, how: str = "") -> str:
    line = "sip:01632960001@pbx.example"
    return dialog(identity, state, "recipient", remote, local=line, call_id="one call", how=how)


@contextmanager
def _watched(_: Path) -> Iterator[OtherSide]:
    with fake_notifier.FakeNotifier() as pbx:
        yield LampsSide(pbx)


@contextmanager
def _simulator(_: Path) -> Iterator[OtherSide]:
    with FakeSimulator() as pbx:
        yield pbx


BENCHES: Benches = {
    "asterisk_ami": _asterisk,
    "freeswitch_esl": _freeswitch,
    "local_pop": _program_at_the_desk,
    "simulator": _simulator,
    "sip_dialog": _watched,
}
"""A new adapter adds one line here, and every case of the contract runs on it."""
