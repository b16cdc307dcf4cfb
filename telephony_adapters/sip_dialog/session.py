"""One connection's conversation, without the connection: bytes in, bytes and facts out.

Every telephone is subscribed to; once it is known of each how it is, or that it may not be watched, the
snapshot is taken, and from then on each notification is told as it comes (telephony.md 3.3).  Times are
arguments, so every step is tested with a hand-moved clock.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.ports.switchboard import ActionAnswer
from telephony_adapters.link.faults import LineDead, LogInRefused, NotUnderstood, Silent
from telephony_adapters.link.pulse import Pulse
from telephony_adapters.sip_dialog.capabilities import NOTHING
from telephony_adapters.sip_dialog.digest import Account
from telephony_adapters.sip_dialog.mapping import Mapper
from telephony_adapters.sip_dialog.protocol import FOREIGN, Datagrams, Message, Parser, Stream, answer, compose
from telephony_adapters.sip_dialog.subscription import Reach, Stage, Subscription


class Session:
    """From the first byte to the last of one connection (implements :class:`telephony_adapters.link.line.Talk`)."""

    def __init__(self, extensions: tuple[str, ...], account: Account, reach: Reach, mapper: Mapper, now: float) -> None:
        self._mapper = mapper
        self._reach = reach
        self._parser: Parser = Datagrams() if reach.transport == "UDP" else Stream()
        self._out: deque[bytes] = deque()
        self._facts: list[CallEvent] = []
        self._live = False
        self._said_aside = ""
        self._pulse = Pulse(now)
        self._pings = 0
        self._ping = secrets.token_hex(12)
        self._subscriptions = [Subscription(one, reach, account, self._out.append) for one in extensions]
        for one in self._subscriptions:
            one.begin(now)

    @property
    def understood(self) -> bool:
        """Say whether the other side speaks SIP."""
        return self._parser.understood

    @property
    def live(self) -> bool:
        """Say whether the snapshot has been taken and facts flow."""
        return self._live

    @property
    def faults(self) -> int:
        """Return how many messages and bodies were passed over."""
        return self._parser.faults + sum(one.faults for one in self._subscriptions)

    def take_bytes(self) -> bytes:
        """Return the next message to be sent, empty where there is none."""
        return self._out.popleft() if self._out else b""

    def take_facts(self) -> list[CallEvent]:
        """Return what must be reported now."""
        facts, self._facts = self._facts, []
        return facts

    def feed(self, data: bytes, now: float, at: datetime) -> None:
        """Take what arrived.  Raises :class:`NotUnderstood`, :class:`LogInRefused` and :class:`LineDead`."""
        if data:
            self._pulse.beat(now)
        for message in self._parser.feed(data):
            self._take(message, now, at)
        if self._live:
            self._facts += self._mapper.tick(at)
        elif all(one.settled for one in self._subscriptions):
            self._go_live(at)
        self._say_aside(at)

    def tick(self, now: float) -> None:
        """Notice silence and time limits; call about four times a second.  Raises :class:`LineDead`."""
        if not self._live and self._pulse.is_late(now):
            self._give_up()
        for one in self._subscriptions:
            one.tick(now)
        if self._live and self._pulse.is_due(now):
            self._out.append(self._are_you_there())

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        """Ask nothing: whether it is there or not, nothing can be asked of it."""
        then(True)

    def request(self, planned: object, then: Callable[[ActionAnswer], None], now: float) -> None:
        """Answer that nothing can be asked."""
        then(NOTHING)

    def goodbye(self) -> list[bytes]:
        """Give every subscription back, so that nobody goes on telling us."""
        return [one.given_back() for one in self._subscriptions if one.stage is Stage.GRANTED]

    def abandon(self) -> None:
        """The connection is gone; nobody waits for an answer."""

    def _give_up(self) -> None:
        if self._parser.understood:
            raise LineDead("it did not say how the telephones are")
        if self._parser.faults:
            raise NotUnderstood(FOREIGN)
        raise Silent

    def _are_you_there(self) -> bytes:
        """Return an OPTIONS request: any answer to it will do."""
        self._pings += 1
        home, me = self._reach.domain, self._reach
        branch = f"z9hG4bK{secrets.token_hex(10)}"
        headers = [
            ("Via", f"SIP/2.0/{me.transport} {me.address};rport;branch={branch}"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:{me.user}@{home}>;tag={self._ping[:8]}"),
            ("To", f"<sip:{home}>"),
            ("Call-ID", self._ping),
            ("CSeq", f"{self._pings} OPTIONS"),
            ("Contact", me.contact),
        ]
        return compose(f"OPTIONS sip:{home} SIP/2.0", headers)

    def _take(self, message: Message, now: float, at: datetime) -> None:
        subscription = next((one for one in self._subscriptions if one.is_about(message)), None)
        if message.code:
            if subscription is not None:
                subscription.answered(message, now)
        elif message.method == "NOTIFY" and subscription is not None:
            self._notified(subscription, message, now, at)
        elif message.method == "NOTIFY":
            self._out.append(answer(message, 481, "Subscription Does Not Exist"))
        elif message.method == "OPTIONS":
            self._out.append(answer(message, 200, "OK", [("Allow", "NOTIFY, OPTIONS")]))
        elif message.method != "ACK":
            self._out.append(answer(message, 405, "Method Not Allowed", [("Allow", "NOTIFY, OPTIONS")]))

    def _notified(self, subscription: Subscription, message: Message, now: float, at: datetime) -> None:
        changed = subscription.notified(message, now)
        if self._live and changed:
            self._facts += self._mapper.feed(subscription.extension, subscription.table.dialogs, at)

    def _go_live(self, at: datetime) -> None:
        told = {one.extension: one.table.dialogs for one in self._subscriptions if one.stage is not Stage.ASIDE}
        if not told:
            first = self._subscriptions[0]
            raise LogInRefused(
                f"The telephone system does not let Nightdesk watch any of its telephones ({first.extension}: "
                f"{first.why}). Calls still ring on the telephones; nothing is lost. Check the extensions, and ask "
                "whoever looks after it to let the account watch them (a hint for each, dialog events)."
            )
        self._live = True
        self._said_aside = self._aside()
        self._facts.append(LinkChanged(at, LinkState.CONNECTED, self._said_aside, only_watched=True))
        self._facts += self._mapper.resume(told, at)

    def _aside(self) -> str:
        aside = [f"{one.extension} ({one.why})" for one in self._subscriptions if one.stage is Stage.ASIDE]
        if not aside:
            return ""
        return (
            f"Nightdesk may not watch {', '.join(aside[:5])}{' and others' if len(aside) > 5 else ''}: calls that ring "
            "there are not shown. Ask whoever looks after the telephone system to let its account watch them."
        )

    def _say_aside(self, at: datetime) -> None:
        """Say which telephones are not watched, when that changed, and let go of what was known of them."""
        if not self._live or (now := self._aside()) == self._said_aside:
            return
        self._said_aside = now
        for one in self._subscriptions:
            if one.stage is Stage.ASIDE:
                self._facts += self._mapper.feed(one.extension, {}, at)
        self._facts.append(LinkChanged(at, LinkState.CONNECTED, now, only_watched=True))
