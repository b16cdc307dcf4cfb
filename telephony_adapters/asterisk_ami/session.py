"""One connection's conversation, without the connection: messages in, bytes and facts out.

Subscribe first and buffer, then the snapshot, then the buffer through the same mapper, then live
(telephony.md 3.3).  Times are arguments, so every step is tested with a hand-moved clock.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.text import safe_line
from console.ports.switchboard import IN_NO_QUEUE, NO_CONFIRMATION, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.actions import Request
from telephony_adapters.asterisk_ami.lists import Lists
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.pending import ANSWER_S, Answered, Pending
from telephony_adapters.asterisk_ami.presentation import ASKED, PRESENTATION
from telephony_adapters.asterisk_ami.protocol import Message, UnsafeAction, stamp_of
from telephony_adapters.asterisk_ami.settings import AmiSettings, Login
from telephony_adapters.asterisk_ami.snapshot import take_snapshot
from telephony_adapters.asterisk_ami.tones import AfterTone
from telephony_adapters.channels.board import CHANNELS, TOO_MANY
from telephony_adapters.channels.clocks import Clocks
from telephony_adapters.channels.held import Held, TooMuch
from telephony_adapters.channels.together import told_once
from telephony_adapters.link.faults import LineDead, LogInRefused, require_secret
from telephony_adapters.link.phase import Phase
from telephony_adapters.link.pulse import Pulse
from telephony_adapters.link.requests import Then

log = logging.getLogger(__name__)

_HEADER = 170
"""Bytes that a header takes in memory beside its characters."""
SUBSCRIBED = "call,agent,user"
"""Event classes asked for: the rest is many times as much and tells nothing more (telephony.md 1e)."""


class Session:
    """From the first byte to the last of one connection."""

    def __init__(self, settings: AmiSettings, mapper: Mapper, now: float) -> None:
        self._settings = settings
        self._mapper = mapper
        self._pending = Pending()
        self._after_tone = AfterTone(mapper.board)
        self._facts: list[CallEvent] = []
        self._pulse = Pulse(now)
        self._now = now
        self._phase = Phase.GREETING
        self._held: Held[Message] = Held(memory_of)
        self._lists = Lists(self._send, self._held.listed)
        self.clocks = Clocks()

    @property
    def commands(self) -> frozenset[str]:
        """Return what the account may do, as far as it is known."""
        return self._lists.commands

    @property
    def live(self) -> bool:
        """Say whether the snapshot has been taken and facts flow."""
        return self._phase is Phase.LIVE

    def take_bytes(self) -> bytes:
        """Return what must be sent now."""
        return self._pending.take_bytes()

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
        if self._lists.over:
            self._lists_done(at)

    def tick(self, now: float) -> None:
        """Notice silence and time limits; call about four times a second.  Raises :class:`LineDead`."""
        self._now = now
        if not self.live and self._pulse.is_late(now):
            raise LineDead
        self._pending.expire(now)
        self._lists.tick(now)
        for requests, then in self._after_tone.due(now):
            self._carry_out(requests, then)
        if self._phase is not Phase.GREETING and self._pulse.is_due(now):
            self._send(Request("Ping"), self._ponged)

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        """Ask whether the switchboard is there; ``then`` is told whether it answered within ``seconds``."""
        self._now = now
        self._send(Request("Ping"), lambda message: then(message is not None), within=seconds)

    def request(self, requests: list[Request], then: Then, now: float) -> None:
        """Send the requests of one action, or soon; ``then`` is told once, by the first refusal or the last answer."""
        self._now = now
        if not self._after_tone.keeps(requests, then, now):
            self._carry_out(requests, then)

    def _carry_out(self, requests: list[Request], then: Then) -> None:
        def refused(message: Message | None) -> ActionAnswer | None:
            refusal = _refusal(message)
            if refusal is None or not _is_denied(message):
                return refusal
            # A right that was taken away since the log-in.
            self._lists.commands -= {one.name for one in requests}
            return ActionAnswer(Answer.REFUSED, _TAKEN_AWAY)

        answered = told_once(len(requests), refused, then)
        for one in requests:
            self._send(one, answered)

    def abandon(self) -> None:
        """Tell everybody who waits for an answer that none will come; the connection is gone."""
        self._phase = Phase.OVER
        self._after_tone.abandon()
        self._pending.abandon()
        self._mapper.disconnected()

    def _send(
        self,
        request: Request,
        then: Answered,
        each: Callable[[Message], None] | None = None,
        within: float = ANSWER_S,
    ) -> None:
        self._pending.send(request, then, self._now, each, within)

    def _sort(self, message: Message, at: datetime) -> None:
        if self._pending.take(message, self._now):
            return
        if self.live and not self._pending.listing:
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
        self._send(Request("Ping"), self._ponged)
        self._lists.begin()

    def _refused(self, message: Message) -> None:
        why = safe_line(message.get("Message")) or "no reason given"
        raise LogInRefused(
            f"The switchboard at {self._settings.host} refused the account {self._settings.user or '(none)'} ({why}). "
            "Calls still ring on the telephones; nothing is lost. Check name, password and permitted addresses "
            "with whoever looks after the switchboard."
        )

    def _lists_done(self, at: datetime) -> None:
        if not self.live:
            self._phase = Phase.LIVE
            self._facts.append(LinkChanged(at, LinkState.CONNECTED, boot=self._lists.boot))
        if self._lists.close():
            self._facts += take_snapshot(self._mapper, self._held.list, at, channels=self._lists.listed)
        self._pending.listing = False
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


def memory_of(message: Message) -> int:
    """Return how many bytes of memory a message takes: a flood of tiny headers counts as what it is."""
    return sum(len(key) + len(value) + _HEADER for key, value in message.headers) + _HEADER


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
