"""One connection's conversation, without the connection: bytes in, bytes and facts out.

Subscribe first and hold back, then the lists, then what was held back through the same mapper, then
live (telephony.md 3.3).  Answers carry no id: they come in the order in which was asked, so one that
is late still has its place kept.  Times are arguments, so every step is tested with a hand-moved clock.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.text import safe_line
from console.ports.switchboard import NO_CONFIRMATION, ActionAnswer, Answer
from telephony_adapters.channels.board import CHANNELS, TOO_MANY
from telephony_adapters.channels.clocks import Clocks
from telephony_adapters.channels.held import Held, TooMuch
from telephony_adapters.channels.together import told_once
from telephony_adapters.freeswitch_esl.actions import Command
from telephony_adapters.freeswitch_esl.handlers import SUBSCRIBED
from telephony_adapters.freeswitch_esl.lists import CORE, Lists
from telephony_adapters.freeswitch_esl.mapping import Mapper, stamped
from telephony_adapters.freeswitch_esl.protocol import (
    AUTH,
    GOODBYE,
    REJECTED,
    REPLY,
    RESPONSE,
    Message,
    Parser,
    write_command,
)
from telephony_adapters.freeswitch_esl.settings import EslSettings
from telephony_adapters.freeswitch_esl.snapshot import take_snapshot
from telephony_adapters.link.faults import LineDead, LogInRefused, require_secret
from telephony_adapters.link.phase import Phase
from telephony_adapters.link.pulse import Pulse

log = logging.getLogger(__name__)

ANSWER_S = 5.0
_HEADER = 150
"""Bytes that a header takes in memory beside its characters."""


Answered = Callable[[Message | None], None]


@dataclass(slots=True)
class _Waiting:
    """A place in the row of answers.  ``then`` is None once it was told that no answer came in time."""

    then: Answered | None
    due: float


class Session:
    """From the first byte to the last of one connection (implements :class:`telephony_adapters.link.line.Talk`)."""

    def __init__(self, settings: EslSettings, mapper: Mapper, now: float) -> None:
        self._settings = settings
        self._mapper = mapper
        self._parser = Parser()
        self._out: list[bytes] = []
        self._facts: list[CallEvent] = []
        self._waiting: deque[_Waiting] = deque()
        self._phase = Phase.GREETING
        self._now = now
        self._pulse = Pulse(now)
        self._held: Held[Message] = Held(_size)
        self._lists = Lists(self._ask)
        self.clocks = Clocks()

    @property
    def understood(self) -> bool:
        """Say whether the other side greeted as an event socket does."""
        return self._parser.understood

    @property
    def live(self) -> bool:
        """Say whether the snapshot has been taken and facts flow."""
        return self._phase is Phase.LIVE

    @property
    def faults(self) -> int:
        """Return how many lines and bodies were cut or passed over."""
        return self._parser.faults

    def take_bytes(self) -> bytes:
        """Return what must be sent now."""
        out, self._out = b"".join(self._out), []
        return out

    def take_facts(self) -> list[CallEvent]:
        """Return what must be reported now."""
        facts, self._facts = self._facts, []
        return [self.clocks.placed(fact) for fact in facts]

    def feed(self, data: bytes, now: float, at: datetime) -> None:
        """Take what arrived.  Raises :class:`NotUnderstood`, :class:`LogInRefused` and :class:`LineDead`."""
        self._now = now
        if data:
            self._pulse.beat(now)
        for message in self._parser.feed(data):
            self._take(message, at)

    def tick(self, now: float) -> None:
        """Notice silence and time limits; call about four times a second.  Raises :class:`LineDead`."""
        self._now = now
        if not self.live and self._pulse.is_late(now):
            raise LineDead
        for waiting in self._waiting:
            if waiting.then is not None and waiting.due <= now:
                then, waiting.then = waiting.then, None
                then(None)
        if self.live and self._pulse.is_due(now):
            self._api(*CORE, then=_nobody)

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        """Ask whether the switchboard is there; ``then`` is told whether it answered within ``seconds``."""
        self._now = now
        self._send(write_command("api", *CORE), lambda message: then(message is not None), within=seconds)

    def request(self, planned: list[Command], then: Callable[[ActionAnswer], None], now: float) -> None:
        """Send the commands of one action; ``then`` is told once, by the first refusal or the last answer."""
        self._now = now
        # All are written before the first is sent: half a request would be worse than none.
        written = [write_command("bgapi" if one.background else "api", *one.words) for one in planned]
        answered = told_once(len(written), _refusal, then)
        for one in written:
            self._send(one, answered)

    def goodbye(self) -> tuple[bytes, ...]:
        """Say nothing: hanging up is goodbye enough."""
        return ()

    def abandon(self) -> None:
        """Tell everybody who waits for an answer that none will come; the connection is gone."""
        self._phase = Phase.OVER
        waiting, self._waiting = self._waiting, deque()
        for one in waiting:
            if one.then is not None:
                one.then(None)

    def _send(self, written: bytes, then: Answered, within: float = ANSWER_S) -> None:
        self._out.append(written)
        self._waiting.append(_Waiting(then, self._now + within))

    def _api(self, *words: str, then: Answered) -> None:
        self._send(write_command("api", *words), then)

    def _take(self, message: Message, at: datetime) -> None:
        if message.kind == AUTH:
            self._greeted()
        elif message.kind == REJECTED:
            self._refused("it does not take connections from this computer's address")
        elif message.kind == GOODBYE:
            raise LineDead("it said goodbye")
        elif message.kind in (REPLY, RESPONSE):
            self._answered(message)
        elif message.event:
            self._event(message, at)
        if self._phase is Phase.READING and self._lists.whole:
            self._go_live(at)

    def _answered(self, message: Message) -> None:
        if self._waiting:
            waiting = self._waiting.popleft()
            if waiting.then is not None:
                waiting.then(message)

    def _event(self, message: Message, at: datetime) -> None:
        self.clocks.heard(at)
        if message.event == "HEARTBEAT" or not self.clocks.measured:
            # A heartbeat is told when it beats; until the first one, 20 s at the most, any event stands for it.
            self.clocks.measure(stamped(message))
        if self.live:
            self._facts += self._mapper.feed(message, at)
            if len(self._mapper.board.channels) > CHANNELS:
                raise LineDead(TOO_MANY)
            boot = self._lists.boot
            if boot and message.get("Core-UUID", boot) != boot:
                raise LineDead("it was started anew")
            return
        try:
            self._held.event(message)
        except TooMuch as error:
            raise LineDead("it sent more than can be held") from error

    def _greeted(self) -> None:
        if self._phase is not Phase.GREETING:
            return
        require_secret(self._settings.secret)
        self._phase = Phase.LOGGING_IN
        if self._settings.user:
            self._send(write_command("userauth", f"{self._settings.user}:{self._settings.secret}"), self._logged_in)
        else:
            self._send(write_command("auth", self._settings.secret), self._logged_in)

    def _logged_in(self, message: Message | None) -> None:
        if message is None:
            self._unanswered()
            return
        if not message.reply.startswith("+OK"):
            self._refused(_why(message))
        self._send(write_command("event", "plain", *SUBSCRIBED), self._subscribed)

    def _subscribed(self, message: Message | None) -> None:
        if message is None:
            self._unanswered()
            return
        if not message.reply.startswith("+OK"):
            self._refused(f"it will not tell of calls: {_why(message)}")
        self._phase = Phase.READING
        self._lists.begin()

    def _unanswered(self, why: str = "") -> None:
        """Nothing goes on without this answer: give the connection up, unless that is what was done."""
        if self._phase is not Phase.OVER:
            raise LineDead(why)

    def _ask(self, words: tuple[str, ...], then: Callable[[Message], None]) -> None:
        """Ask for one part of the lists; without it nothing is believed, and the connection begins anew."""

        def answered(message: Message | None) -> None:
            if message is None:
                self._unanswered("it did not say what is going on")
            else:
                then(message)

        self._api(*words, then=answered)

    def _refused(self, why: str) -> None:
        raise LogInRefused(
            f"The switchboard at {self._settings.host} refused Nightdesk ({why}). "
            "Calls still ring on the telephones; nothing is lost. Check password, account and permitted addresses "
            "with whoever looks after the switchboard."
        )

    def _go_live(self, at: datetime) -> None:
        self._phase = Phase.LIVE
        boot = self._lists.boot or next((m.get("Core-UUID") for m in self._held.events if m.get("Core-UUID")), "")
        self._facts.append(LinkChanged(at, LinkState.CONNECTED, boot=boot))
        self._facts += take_snapshot(self._mapper, self._lists.listed, at)
        for message in self._held.events:
            self._facts += self._mapper.feed(message, at)
        self._lists.forget()
        self._held.clear()


def _size(message: Message) -> int:
    return message.characters + _HEADER * (len(message.headers) + 1)


def _nobody(_message: Message | None) -> None:
    """Take an answer that only had to come."""


def _why(message: Message) -> str:
    return safe_line(message.reply.removeprefix("-ERR").strip()) or "no reason given"


def _refusal(message: Message | None) -> ActionAnswer | None:
    if message is None:
        return ActionAnswer(Answer.NO_ANSWER, NO_CONFIRMATION)
    if message.refused:
        return ActionAnswer(Answer.REFUSED, f"The telephone system refused: {_why(message)}.")
    return None
