"""One connection's conversation, without the connection: messages in, bytes and facts out.

Subscribe first and buffer, then the snapshot, then the buffer through the same mapper, then live
(telephony.md 3.3).  Times are arguments, so every step is tested with a hand-moved clock.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.text import safe_line
from console.ports.switchboard import IN_NO_QUEUE, NO_CONFIRMATION, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.actions import Request
from telephony_adapters.asterisk_ami.held import Held, TooMuch
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.presentation import ASKED, PRESENTATION
from telephony_adapters.asterisk_ami.protocol import Message, UnsafeAction, stamp_of, write_action
from telephony_adapters.asterisk_ami.settings import AmiSettings, Login
from telephony_adapters.asterisk_ami.snapshot import PARKED_LIST, take_snapshot
from telephony_adapters.channels.board import CHANNELS, TOO_MANY
from telephony_adapters.channels.clocks import Clocks
from telephony_adapters.link.faults import LineDead, LogInRefused, require_secret
from telephony_adapters.link.phase import Phase
from telephony_adapters.link.pulse import Pulse

log = logging.getLogger(__name__)

ANSWER_S = 5.0
LIST_AGAIN_S = 5.0
LIST_AGAIN_LONGEST_S = 60.0
SUBSCRIBED = "call,agent,user"
"""Event classes asked for: the rest is many times as much and tells nothing more (telephony.md 1e)."""


Answered = Callable[[Message | None], None]


@dataclass(slots=True)
class _Waiting:
    """A request under way: its answer, or the list that follows it."""

    then: Answered
    due: float
    each: Callable[[Message], None] | None = None


class Session:
    """From the first byte to the last of one connection."""

    def __init__(self, settings: AmiSettings, mapper: Mapper, now: float) -> None:
        self._settings = settings
        self._mapper = mapper
        self._out: list[bytes] = []
        self._facts: list[CallEvent] = []
        self._waiting: dict[str, _Waiting] = {}
        # Whoever else is logged in with this account hears events that carry our ids, and we hear theirs.
        self._mark = uuid4().hex[:8]
        self._count = 0
        self._pulse = Pulse(now)
        self._now = now
        self._phase = Phase.GREETING
        self._held = Held()
        self._open = 0
        self._listing = False
        """True from asking for the lists until they are whole, or were given up."""
        self._holding = False
        """True while a list comes in: what happens meanwhile is read after it."""
        self._listed = False
        self._list_at: float | None = None
        self._list_pause = LIST_AGAIN_S
        self._boot = ""
        self.commands: frozenset[str] = frozenset()
        self.clocks = Clocks()

    @property
    def live(self) -> bool:
        """Say whether the snapshot has been taken and facts flow."""
        return self._phase is Phase.LIVE

    def take_bytes(self) -> bytes:
        """Return what must be sent now."""
        out, self._out = b"".join(self._out), []
        return out

    def take_facts(self) -> list[CallEvent]:
        """Return what must be reported now."""
        facts, self._facts = self._facts, []
        return [self.clocks.placed(fact) for fact in facts]

    def greeted(self, now: float) -> None:
        """The first line has been read: log in, once.  Raises :class:`LogInRefused` where no secret is known."""
        if self._phase is not Phase.GREETING:
            return
        require_secret(self._settings.secret)
        self._phase = Phase.LOGGING_IN
        self._now = now
        if self._settings.login is Login.CHALLENGE:
            self._send(Request("Challenge", (("AuthType", "MD5"),)), self._challenged)
        else:
            self._log_in((("Secret", self._settings.secret),))

    def receive(self, message: Message, now: float, at: datetime) -> None:
        """Take one message.  Raises :class:`LogInRefused` and :class:`LineDead`."""
        self._now = now
        self._pulse.beat(now)
        self.clocks.heard(at)
        try:
            self._sort(message, at)
        except TooMuch as error:
            raise LineDead("it sent more than can be held") from error
        if self._listing and self._open == 0:
            self._lists_done(at)

    def tick(self, now: float) -> None:
        """Notice silence and time limits; call about four times a second.  Raises :class:`LineDead`."""
        self._now = now
        if not self.live and self._pulse.is_late(now):
            raise LineDead
        for key in [key for key, waiting in self._waiting.items() if waiting.due <= now]:
            self._waiting.pop(key).then(None)
        if self._list_at is not None and now >= self._list_at and not self._listing:
            self._list()
        if self._phase is not Phase.GREETING and self._pulse.is_due(now):
            self._send(Request("Ping"), self._ponged)

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        """Ask whether the switchboard is there; ``then`` is told whether it answered within ``seconds``."""
        self._now = now
        self._send(Request("Ping"), lambda message: then(message is not None), within=seconds)

    def request(self, requests: list[Request], then: Callable[[ActionAnswer], None], now: float) -> None:
        """Send the requests of one action; ``then`` is told once, by the first refusal or the last answer."""
        left = [len(requests)]

        def answered(message: Message | None) -> None:
            refusal = _refusal(message)
            if refusal and _is_denied(message):
                # A right that was taken away since the log-in.
                self.commands -= {one.name for one in requests}
                refusal = ActionAnswer(Answer.REFUSED, _TAKEN_AWAY)
            left[0] = 0 if refusal and left[0] > 0 else left[0] - 1
            if left[0] == 0:
                left[0] = -len(requests)
                then(refusal or ActionAnswer(Answer.ACCEPTED))

        self._now = now
        for one in requests:
            self._send(one, answered)

    def abandon(self) -> None:
        """Tell everybody who waits for an answer that none will come; the connection is gone."""
        self._phase = Phase.OVER
        for key in list(self._waiting):
            self._waiting.pop(key).then(None)
        self._mapper.disconnected()

    def _send(
        self,
        request: Request,
        then: Answered,
        each: Callable[[Message], None] | None = None,
        within: float = ANSWER_S,
    ) -> None:
        action_id = self._next_id()
        self._out.append(write_action(request.name, action_id, request.fields))
        self._waiting[action_id] = _Waiting(then, self._now + within, each)

    def _next_id(self) -> str:
        self._count += 1
        return f"nightdesk-{self._mark}-{self._count}"

    def _answered(self, message: Message, waiting: _Waiting) -> None:
        listing = message.get("EventList").lower()
        if waiting.each is not None and message.response != "Error" and listing != "complete":
            self._holding = True
            if message.event:
                waiting.each(message)
            waiting.due = self._now + ANSWER_S
            return
        del self._waiting[message.get("ActionID")]
        waiting.then(message)

    def _sort(self, message: Message, at: datetime) -> None:
        waiting = self._waiting.get(message.get("ActionID"))
        # OriginateResponse is an event, has a Response all the same, and is heard by everybody.
        if waiting is not None and (waiting.each is not None or (message.response and not message.event)):
            self._answered(message, waiting)
        elif self.live and not self._holding:
            self._facts += self._mapper.feed(message, at)
            if len(self._mapper.board.channels) > CHANNELS:
                raise LineDead(TOO_MANY)
            self._ask(at)
        elif message.event:
            self._held.event(message)

    def _ponged(self, message: Message | None) -> None:
        self.clocks.measure(stamp_of(message) if message is not None else None)

    def _challenged(self, message: Message | None) -> None:
        if message is None:
            raise LineDead
        challenge = message.get("Challenge")
        if message.response != "Success" or not challenge:
            self._refused(message)
        # MD5 is what the manager interface offers; with TLS switched on it is not what protects us.
        key = hashlib.md5((challenge + self._settings.secret).encode(), usedforsecurity=False).hexdigest()
        self._log_in((("AuthType", "MD5"), ("Key", key)))

    def _log_in(self, proof: tuple[tuple[str, str], ...]) -> None:
        fields = (("Username", self._settings.user), *proof, ("Events", SUBSCRIBED))
        self._send(Request("Login", fields), self._logged_in)

    def _logged_in(self, message: Message | None) -> None:
        if message is None:
            raise LineDead
        if message.response != "Success":
            self._refused(message)
        self._phase = Phase.READING
        self._open = 2
        self._send(Request("Ping"), self._ponged)
        self._send(Request("CoreStatus"), self._core_status)
        self._send(Request("ListCommands"), self._rights)
        self._list()

    def _refused(self, message: Message) -> None:
        why = safe_line(message.get("Message")) or "no reason given"
        raise LogInRefused(
            f"The switchboard at {self._settings.host} refused the account {self._settings.user or '(none)'} ({why}). "
            "Calls still ring on the telephones; nothing is lost. Check name, password and permitted addresses "
            "with whoever looks after the switchboard."
        )

    def _core_status(self, message: Message | None) -> None:
        self._open -= 1
        if message is not None and message.response == "Success":
            self._boot = f"{message.get('CoreStartupDate')} {message.get('CoreStartupTime')}".strip()

    def _rights(self, message: Message | None) -> None:
        self._open -= 1
        if message is not None and message.response == "Success":
            self.commands = frozenset(name for name, _ in message.headers)

    def _list(self) -> None:
        """Ask what is going on: the channels first, for nothing else can be read without them."""
        self._listing, self._list_at = True, None
        self._open += 1
        self._send(Request("CoreShowChannels"), self._channels_listed, self._held.listed)

    def _channels_listed(self, message: Message | None) -> None:
        if message is not None and message.response == "Error":
            # This list needs the right to reporting, the other one only that to calls.
            self._send(Request("Status"), self._status_listed, self._held.listed)
        else:
            self._status_listed(message)

    def _status_listed(self, message: Message | None) -> None:
        if message is None:
            # What was not listed may live: it stays as it is, and the list is asked for again.
            self._open -= 1
            self._list_at = self._now + self._list_pause
            self._list_pause = min(LIST_AGAIN_LONGEST_S, self._list_pause * 2)
            return
        self._listed = message.response != "Error"
        self._send(Request("QueueStatus"), self._queues_listed, self._held.listed)

    def _queues_listed(self, _message: Message | None) -> None:
        if PARKED_LIST in self.commands:
            self._send(Request(PARKED_LIST), self._parked_listed, self._held.listed)
        else:
            self._open -= 1

    def _parked_listed(self, _message: Message | None) -> None:
        self._open -= 1

    def _lists_done(self, at: datetime) -> None:
        if not self.live:
            self._phase = Phase.LIVE
            self._facts.append(LinkChanged(at, LinkState.CONNECTED, boot=self._boot))
        if self._list_at is None:
            self._facts += take_snapshot(self._mapper, self._held.list, at, channels=self._listed)
            if not self._listed:
                log.warning("the switchboard lists no channels to this account; calls under way are unknown")
        elif self._list_pause == 2 * LIST_AGAIN_S:
            log.warning("the switchboard did not list its channels in time; it is asked again")
        self._listing = self._holding = False
        for message in self._held.events:
            self._facts += self._mapper.feed(message, at)
        self._held.clear()
        self._ask(at)

    def _ask(self, at: datetime) -> None:
        """Ask for the presentation of callers whose number may not be shown before it is known."""
        for uid, channel in self._mapper.questions():
            _Question(self, uid, at).ask(channel)

    def ask(self, channel: str, variable: str, then: Answered) -> None:
        """Ask for one variable of a channel."""
        self._send(Request("Getvar", (("Channel", channel), ("Variable", variable))), then)

    def settle(self, uid: str, marks: dict[str, str] | None, at: datetime) -> None:
        """Take the answers to a question; None where asking is refused."""
        self._facts += self._mapper.presentation(uid, marks, at)

    def unheard(self, uid: str, at: datetime) -> None:
        """Ask again: a question found no answer in time.  Not for ever, and not on a connection that is gone."""
        if not self.live:
            return
        if not self._mapper.unheard(uid, at):
            log.info("the telephone system does not answer whether a number may be shown; it stays hidden")
        self._ask(at)


class _Question:
    """The variables of one caller's presentation, asked together and answered together."""

    def __init__(self, session: Session, uid: str, at: datetime) -> None:
        self._session = session
        self._uid = uid
        self._at = at
        self._marks: dict[str, str] = {}
        self._left = len(ASKED)
        self._refused = False
        self._unheard = False

    def ask(self, channel: str) -> None:
        """Send the questions.  A channel name that cannot be written is not asked about: it stays hidden."""
        try:
            for variable in ASKED:
                self._session.ask(channel, variable, partial(self._take, variable))
        except UnsafeAction:
            log.warning("a channel has a name that cannot be asked about; its number stays hidden")

    def _take(self, variable: str, answer: Message | None) -> None:
        self._left -= 1
        if answer is not None and answer.response == "Success":
            self._marks[variable] = answer.get("Value")
        elif _is_denied(answer):
            self._refused = True
        self._unheard = self._unheard or answer is None
        if self._left > 0:
            return
        if self._refused:
            self._session.settle(self._uid, None, self._at)
        elif self._marks.keys() >= PRESENTATION:
            # A lost answer about the diversion must not hide the number for the whole call.
            self._session.settle(self._uid, self._marks, self._at)
        elif self._unheard:
            self._session.unheard(self._uid, self._at)
        else:
            log.info("the telephone system did not say whether a number may be shown; it stays hidden")


_TAKEN_AWAY = (
    "The switchboard's account for Nightdesk may not do that any more. Nothing was changed: do it on the telephone, "
    "and tell whoever looks after the switchboard."
)


_NO_MEMBER = "Interface not found"
"""What Asterisk answers to a pause of a telephone that is in no queue."""


def _is_denied(message: Message | None) -> bool:
    return message is not None and "ermission" in message.get("Message")


def _refusal(message: Message | None) -> ActionAnswer | None:
    if message is None:
        return ActionAnswer(Answer.NO_ANSWER, NO_CONFIRMATION)
    if message.response == "Error" and message.get("Message") == _NO_MEMBER:
        return ActionAnswer(Answer.REFUSED, IN_NO_QUEUE)
    if message.response == "Error":
        why = safe_line(message.get("Message")) or "no reason given"
        return ActionAnswer(Answer.REFUSED, f"The telephone system refused: {why}.")
    return None
