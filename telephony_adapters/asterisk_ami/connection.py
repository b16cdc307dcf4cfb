"""Asterisk on the shared line: its parser and session as one conversation, and what its account can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from console.domain.call_events import CallEvent
from console.ports.clock import Clock
from console.ports.switchboard import Action, ActionAnswer, Capabilities, Switchboard
from telephony_adapters.asterisk_ami import actions, rights
from telephony_adapters.asterisk_ami.actions import Guard, Request, allow_all
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.protocol import Parser
from telephony_adapters.asterisk_ami.session import Session
from telephony_adapters.asterisk_ami.settings import AmiSettings, checked
from telephony_adapters.link.keeper import backoff
from telephony_adapters.link.line import Line
from telephony_adapters.link.requests import Then

Requests = list[Request]


class _Talk:
    """Bytes in, bytes and facts out (implements :class:`telephony_adapters.link.line.Talk`)."""

    def __init__(self, session: Session, parser: Parser) -> None:
        self._parser = parser
        self._session = session

    @property
    def understood(self) -> bool:
        return self._parser.understood

    @property
    def live(self) -> bool:
        return self._session.live

    @property
    def faults(self) -> int:
        return self._parser.faults

    def feed(self, data: bytes, now: float, at: datetime) -> None:
        messages = self._parser.feed(data)
        if self._parser.understood:
            self._session.greeted(now)
        for message in messages:
            self._session.receive(message, now, at)

    def tick(self, now: float) -> None:
        self._session.tick(now)

    def take_bytes(self) -> bytes:
        return self._session.take_bytes()

    def take_facts(self) -> list[CallEvent]:
        return self._session.take_facts()

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        self._session.prove(then, now, seconds)

    def request(self, planned: Requests, then: Then, now: float) -> None:
        self._session.request(planned, then, now)

    def goodbye(self) -> tuple[bytes, ...]:
        return ()

    def abandon(self) -> None:
        self._session.abandon()


class _Asterisk:
    """What Asterisk has of its own (implements :class:`telephony_adapters.link.line.Dialect`)."""

    thread = "asterisk-ami"
    greets_as = "a manager interface"

    def __init__(self, settings: AmiSettings, guard: Guard) -> None:
        self._settings = settings
        self._guard = guard
        self._session: Session | None = None
        self._parser = Parser()
        self._mapper = Mapper(settings.reading(ask=True))

    def converse(self, now: float) -> _Talk:
        self._session = Session(self._settings, self._mapper, now)
        self._parser = Parser()
        return _Talk(self._session, self._parser)

    def capabilities(self) -> Capabilities:
        if self._session is None:
            return rights.capabilities(frozenset(), phone_events=self._settings.phone_events)
        can = rights.capabilities(self._session.commands, phone_events=self._settings.phone_events)
        version = self._parser.version
        # Which Asterisk it is, it says only to accounts that may do far more.
        said = f"An Asterisk whose manager interface is {version}; its own version it does not say" if version else ""
        return replace(can, remarks=(*can.remarks, *self._session.clocks.remark()), other_side=said)

    def plan(self, action: Action) -> Requests | ActionAnswer:
        return actions.plan(action, self._mapper.board, self._settings, self._guard)

    def begin_anew(self) -> None:
        self._mapper = Mapper(self._settings.reading(ask=True))


class AmiConnection(Line[Requests]):
    """One Asterisk (implements :class:`console.ports.switchboard.Switchboard`)."""

    def __init__(self, settings: AmiSettings, clock: Clock | None = None, guard: Guard = allow_all) -> None:
        super().__init__(settings, _Asterisk(settings, guard), clock)


def connect(settings: object, clock: Clock | None = None, guard: Guard = allow_all) -> Switchboard:
    """Return a switchboard for these :class:`AmiSettings`; nothing is sent before ``start``.

    Raises :class:`console.domain.text.BadInput` for settings that no connection can be made of.
    """
    chosen = settings if isinstance(settings, AmiSettings) else AmiSettings()
    return AmiConnection(checked(chosen), clock, guard)


__all__ = ["AmiConnection", "backoff", "connect"]
