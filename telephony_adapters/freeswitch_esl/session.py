"""One connection's conversation, without the connection: bytes in, bytes and facts out.

Subscribe first and hold back, then the lists, then what was held back through the same mapper, then
live (telephony.md 3.3).  Answers carry no id: they come in the order in which was asked, so one that
is late still has its place kept.  Times are arguments, so every step is tested with a hand-moved clock.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.text import safe_line
from console.ports.switchboard import NO_CONFIRMATION, ActionAnswer, Answer
from telephony_adapters.channels.board import CHANNELS, TOO_MANY
from telephony_adapters.channels.clocks import Clocks
from telephony_adapters.freeswitch_esl.actions import Command
from telephony_adapters.freeswitch_esl.handlers import SUBSCRIBED
from telephony_adapters.freeswitch_esl.mapping import Mapper, stamped
from telephony_adapters.freeswitch_esl.protocol import (
    AUTH,
    GOODBYE,
    REJECTED,
    REPLY,
    RESPONSE,
    Message,
    Parser,
    event_headers,
    write_command,
)
from telephony_adapters.freeswitch_esl.settings import EslSettings
from telephony_adapters.freeswitch_esl.snapshot import Listed, Row, ids_of, rows_of, table_of, take_snapshot
from telephony_adapters.link.faults import LineDead, LogInRefused, require_secret
from telephony_adapters.link.phase import Phase
from telephony_adapters.link.pulse import Pulse

log = logging.getLogger(__name__)

ANSWER_S = 5.0
HELD_CAP = 32 * 1024 * 1024
"""Most bytes of memory held back by one connection until its lists are whole."""
DUMPS = 2_000
"""Most legs looked at one by one; the numbers of more than these have no mark."""
_HEADER = 150
"""Bytes that a header takes in memory beside its characters."""
_CORE = "global_getvar", "core_uuid"
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)


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
        self._held: list[Message] = []
        self._held_bytes = 0
        self._listed = Listed()
        self._open = 0
        self._boot = ""
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
            self._api(*_CORE, then=_nobody)

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        """Ask whether the switchboard is there; ``then`` is told whether it answered within ``seconds``."""
        self._now = now
        self._send(write_command("api", *_CORE), lambda message: then(message is not None), within=seconds)

    def request(self, planned: list[Command], then: Callable[[ActionAnswer], None], now: float) -> None:
        """Send the commands of one action; ``then`` is told once, by the first refusal or the last answer."""
        self._now = now
        # All are written before the first is sent: half a request would be worse than none.
        written = [write_command("bgapi" if one.background else "api", *one.words) for one in planned]
        left = [len(written)]

        def answered(message: Message | None) -> None:
            refusal = _refusal(message)
            left[0] = 0 if refusal and left[0] > 0 else left[0] - 1
            if left[0] == 0:
                left[0] = -len(written)
                then(refusal or ActionAnswer(Answer.ACCEPTED))

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
        if self._phase is Phase.READING and self._open == 0:
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
            if self._boot and message.get("Core-UUID", self._boot) != self._boot:
                raise LineDead("it was started anew")
            return
        self._held_bytes += message.characters + _HEADER * (len(message.headers) + 1)
        if self._held_bytes > HELD_CAP:
            raise LineDead("it sent more than can be held")
        self._held.append(message)

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
        self._ask(self._core_told, *_CORE)
        self._ask(self._channels_listed, "show", "channels", "as", "json")
        self._ask(self._calls_listed, "show", "calls", "as", "json")
        self._ask(self._agents_listed, "callcenter_config", "agent", "list")

    def _unanswered(self, why: str = "") -> None:
        """Nothing goes on without this answer: give the connection up, unless that is what was done."""
        if self._phase is not Phase.OVER:
            raise LineDead(why)

    def _ask(self, then: Callable[[Message], None], *words: str) -> None:
        """Ask for one part of the lists; without it nothing is believed, and the connection begins anew."""

        def answered(message: Message | None) -> None:
            if message is None:
                self._unanswered("it did not say what is going on")
                return
            self._open -= 1
            then(message)

        self._open += 1
        self._api(*words, then=answered)

    def _refused(self, why: str) -> None:
        raise LogInRefused(
            f"The switchboard at {self._settings.host} refused Nightdesk ({why}). "
            "Calls still ring on the telephones; nothing is lost. Check password, account and permitted addresses "
            "with whoever looks after the switchboard."
        )

    def _core_told(self, message: Message) -> None:
        text = message.reply.strip()
        self._boot = text if _ID.fullmatch(text) and not message.refused else ""

    def _channels_listed(self, message: Message) -> None:
        if message.refused:
            log.warning("the switchboard lists no channels to this account; calls under way are unknown")
            return
        rows = [row for row in rows_of(message.body) if _ID.fullmatch(row.get("uuid", ""))]
        self._listed.channels, self._listed.ids = rows, ids_of(message.body)
        for row in rows[:DUMPS]:
            self._look_at(row)

    def _look_at(self, row: Row) -> None:
        dumps = self._listed.dumps

        def told(message: Message) -> None:
            if not message.refused:
                dumps[row["uuid"]] = event_headers(message.body)[0]

        self._ask(told, "uuid_dump", row["uuid"])

    def _calls_listed(self, message: Message) -> None:
        self._listed.calls = rows_of(message.body)

    def _agents_listed(self, message: Message) -> None:
        self._listed.agents = table_of(message.body)

    def _go_live(self, at: datetime) -> None:
        self._phase = Phase.LIVE
        boot = self._boot or next((m.get("Core-UUID") for m in self._held if m.get("Core-UUID")), "")
        self._facts.append(LinkChanged(at, LinkState.CONNECTED, boot=boot))
        self._facts += take_snapshot(self._mapper, self._listed, at)
        for message in self._held:
            self._facts += self._mapper.feed(message, at)
        self._listed, self._held, self._held_bytes = Listed(), [], 0


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
