"""A telephone system that is only watched, on the shared line."""

from __future__ import annotations

from console.domain.dialling import Guard, allow_all
from console.ports.clock import Clock
from console.ports.switchboard import Action, Capabilities, Switchboard
from telephony_adapters.link.line import Line
from telephony_adapters.link.requests import Then
from telephony_adapters.link.secure import Trust
from telephony_adapters.link.wire import Datagrams, Waker, Wire
from telephony_adapters.sip_dialog.capabilities import CAPABILITIES, NOTHING
from telephony_adapters.sip_dialog.digest import Account
from telephony_adapters.sip_dialog.mapping import Mapper
from telephony_adapters.sip_dialog.session import Session
from telephony_adapters.sip_dialog.settings import SipSettings, Transport, checked
from telephony_adapters.sip_dialog.subscription import Reach


class _SipDialog:
    """What watching has of its own (implements :class:`telephony_adapters.link.line.Dialect`)."""

    thread = "sip-dialog"
    greets_as = "a telephone system that speaks SIP"

    def __init__(self, settings: SipSettings) -> None:
        self._settings = settings
        self._mapper = Mapper(settings.reading())
        self._here = ("", 0)

    def open(self, place: Trust, waker: Waker) -> Wire | Datagrams:
        """Connect, and keep by what address the other side reaches us."""
        udp = self._settings.transport is Transport.UDP
        wire = Datagrams(place, waker) if udp else Wire(place, waker)
        self._here = wire.here
        return wire

    def converse(self, now: float) -> Session:
        settings = self._settings
        reach = Reach(settings.user, settings.home, settings.transport.value.upper(), self._here)
        return Session(settings.watched, Account(settings.user, settings.secret), reach, self._mapper, now)

    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def plan(self, action: Action) -> object:
        return NOTHING

    def begin_anew(self) -> None:
        self._mapper.tell_again()


class SipDialogConnection(Line[object]):
    """One watched telephone system (implements :class:`console.ports.switchboard.Switchboard`)."""

    def __init__(self, settings: SipSettings, clock: Clock | None = None) -> None:
        dialect = _SipDialog(settings)
        super().__init__(settings, dialect, clock, dialect.open)

    def perform(self, action: Action, then: Then) -> None:
        """Answer at once, connected or not, that nothing can be asked."""
        then(NOTHING)


def connect(settings: object, clock: Clock | None = None, guard: Guard = allow_all) -> Switchboard:
    """Return a switchboard for these :class:`SipSettings`; nothing is sent before ``start``.

    Raises :class:`console.domain.text.BadInput` for settings that no connection can be made of.
    """
    del guard  # Nothing is ever dialled.
    chosen = settings if isinstance(settings, SipSettings) else SipSettings()
    return SipDialogConnection(checked(chosen), clock)
