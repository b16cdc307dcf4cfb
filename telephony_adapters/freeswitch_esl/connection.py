"""FreeSWITCH on the shared line."""

from __future__ import annotations

from dataclasses import replace

from console.domain.dialling import Guard, allow_all
from console.ports.clock import Clock
from console.ports.switchboard import Action, ActionAnswer, Capabilities, Switchboard
from telephony_adapters.channels.clocks import Clocks
from telephony_adapters.freeswitch_esl import actions
from telephony_adapters.freeswitch_esl.actions import Command
from telephony_adapters.freeswitch_esl.mapping import Mapper
from telephony_adapters.freeswitch_esl.session import Session
from telephony_adapters.freeswitch_esl.settings import EslSettings, checked
from telephony_adapters.link.line import Line

Commands = list[Command]


class _FreeSwitch:
    """What FreeSWITCH has of its own (implements :class:`telephony_adapters.link.line.Dialect`)."""

    thread = "freeswitch-esl"
    greets_as = "an event socket"

    def __init__(self, settings: EslSettings, guard: Guard) -> None:
        self._settings = settings
        self._guard = guard
        self._mapper = Mapper(settings.reading())
        self._clocks = Clocks()

    def converse(self, now: float) -> Session:
        session = Session(self._settings, self._mapper, now)
        self._clocks = session.clocks
        return session

    def capabilities(self) -> Capabilities:
        return replace(actions.capabilities(self._settings), remarks=self._clocks.remark())

    def plan(self, action: Action) -> Commands | ActionAnswer:
        return actions.plan(action, self._mapper.board, self._settings, self._guard)

    def begin_anew(self) -> None:
        self._mapper = Mapper(self._settings.reading())


class EslConnection(Line[Commands]):
    """One FreeSWITCH (implements :class:`console.ports.switchboard.Switchboard`)."""

    def __init__(self, settings: EslSettings, clock: Clock | None = None, guard: Guard = allow_all) -> None:
        super().__init__(settings, _FreeSwitch(settings, guard), clock)


def connect(settings: object, clock: Clock | None = None, guard: Guard = allow_all) -> Switchboard:
    """Return a switchboard for these :class:`EslSettings`; nothing is sent before ``start``.

    Raises :class:`console.domain.text.BadInput` for settings that no connection can be made of.
    """
    chosen = settings if isinstance(settings, EslSettings) else EslSettings()
    return EslConnection(checked(chosen), clock, guard)
