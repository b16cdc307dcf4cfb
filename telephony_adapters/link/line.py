"""The thread that keeps one switchboard connected, for ever, and reports what it says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Generic, Protocol, TypeVar

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.ports.clock import Clock
from console.ports.switchboard import (
    Action,
    ActionAnswer,
    Answer,
    Capabilities,
    SinkFull,
)
from telephony_adapters.link.faults import LineDead, LogInRefused, NotUnderstood, Silent, Unsafe
from telephony_adapters.link.keeper import LONGEST_S, Keeper
from telephony_adapters.link.requests import Then, answer
from telephony_adapters.link.secure import NotTrusted, Trust
from telephony_adapters.link.wire import PIECE, Closed, Datagrams, Waker, Wire

log = logging.getLogger(__name__)

WAIT_S = 0.25
BREATH_S = 0.0005
"""Pause after a full piece, in seconds: reading a flood must not keep the window from its keys."""
PROOF_S = 2.0
"""Within so many seconds the other side must have answered before anything is asked of it."""
AWAY = "The telephone system is not connected; nothing was asked of it."
_STALLED = (
    "The telephone system does not answer just now. This was not asked of it and will not be: do it on your telephone."
)
_NO_ADDRESS = (
    "The address of the telephone system cannot be used: it is not written as a name or an address is. "
    "Calls still ring on the telephones; nothing is lost. Correct the settings host and port and start Nightdesk again."
)

P = TypeVar("P")
"""What a dialect makes of one action, ready to be sent."""
P_contra = TypeVar("P_contra", contravariant=True)


class Talk(Protocol[P_contra]):
    """One connection's conversation, from the first byte to the last: no socket, and the clock is an argument."""

    @property
    def understood(self) -> bool:
        """Say whether the other side greeted as it must."""

    @property
    def live(self) -> bool:
        """Say whether the snapshot has been taken and facts flow."""

    @property
    def faults(self) -> int:
        """Return how many pieces of what was sent were cut or passed over."""

    def feed(self, data: bytes, now: float, at: datetime) -> None:
        """Take what arrived.  Raises :class:`NotUnderstood`, :class:`LogInRefused`, :class:`LineDead`."""

    def tick(self, now: float) -> None:
        """Notice silence and time limits.  Raises :class:`LineDead`."""

    def take_bytes(self) -> bytes:
        """Return what must be sent now, as far as it goes in one piece (one datagram); empty when all is taken."""

    def take_facts(self) -> list[CallEvent]:
        """Return what must be reported now."""

    def prove(self, then: Callable[[bool], None], now: float, seconds: float) -> None:
        """Ask whether the other side is there; ``then`` is told once whether it answered within ``seconds``."""

    def request(self, planned: P_contra, then: Then, now: float) -> None:
        """Send one action; ``then`` is told once.  Raises :class:`Unsafe`."""

    def goodbye(self) -> Iterable[bytes]:
        """Return what is said before we hang up on purpose; no answer to it is waited for."""

    def abandon(self) -> None:
        """Tell everybody who waits for an answer that none will come."""


class Dialect(Protocol[P]):
    """What one kind of switchboard has of its own; all of it is used on the line's thread."""

    thread: str
    """Name of the thread."""
    greets_as: str
    """What it greets as, for a sentence: ``a manager interface``."""

    def converse(self, now: float) -> Talk[P]:
        """Begin the conversation of a new connection."""

    def capabilities(self) -> Capabilities:
        """Return what the account can do, as far as the last connection told."""

    def plan(self, action: Action) -> P | ActionAnswer:
        """Return what carries out ``action``, or the answer where nothing may be sent.  Raises :class:`Unsafe`."""

    def begin_anew(self) -> None:
        """Forget what was told, so that all of it is told again from the next snapshot on."""


Opener = Callable[[Trust, Waker], Wire | Datagrams]
"""Connects to a place.  Raises :class:`OSError`."""


class _NotGreeted(Exception):
    """The other side went away without ever saying what it is."""


class Line(Keeper, Generic[P]):
    """One switchboard (implements :class:`console.ports.switchboard.Switchboard`)."""

    def __init__(self, place: Trust, dialect: Dialect[P], clock: Clock | None = None, opener: Opener = Wire) -> None:
        super().__init__(dialect.thread, AWAY, clock)
        self._place = place
        self._opener = opener
        self._dialect = dialect

    def capabilities(self) -> Capabilities:
        """Return what the account can do; what is missing is known after logging in."""
        return self._dialect.capabilities()

    def _once(self) -> float:
        """Live through one connection; return how long to wait before the next."""
        try:
            wire = self._opener(self._place, self._waker)
        except NotTrusted as refusal:
            return self._refused(str(refusal), foreign=False)
        except OSError as error:
            return self._unreached(error)
        except (ValueError, OverflowError):
            # What is no address at all is refused by Python before any network is asked.
            return self._refused(_NO_ADDRESS, foreign=False)
        try:
            self._converse(wire)
        except (Silent, ConnectionRefusedError) as error:
            # By UDP that nobody listens there is told only once something was sent.
            return self._unreached(error)
        except (NotUnderstood, LogInRefused) as refusal:
            return self._refused(str(refusal), foreign=isinstance(refusal, NotUnderstood))
        except _NotGreeted:
            return self._lost(
                f"Something answers at the telephone system's address but does not greet as {self._dialect.greets_as}: "
                f"check address and port{'' if self._place.tls else ', and whether it wants TLS (setting tls)'}."
            )
        except (Closed, LineDead, OSError) as error:
            return self._lost(f"The connection to the telephone system was lost ({_why(error)}).")
        except SinkFull:
            self._dialect.begin_anew()
            return self._flooded()
        except Exception as error:
            log.exception("a fault while reading the switchboard")
            return self._lost(f"The connection to the telephone system was given up ({type(error).__name__}).")
        finally:
            wire.close()
        return 0.0

    def _converse(self, wire: Wire | Datagrams) -> None:
        talk = self._dialect.converse(self._clock.monotonic())
        try:
            while not self._stopping.is_set():
                while piece := talk.take_bytes():
                    wire.send(piece)
                data = wire.wait(WAIT_S)
                now = self._clock.monotonic()
                talk.feed(data, now, self._clock.now())
                talk.tick(now)
                self._report(talk)
                self._carry_out(talk)
                if len(data) >= PIECE:
                    self._stopping.wait(BREATH_S)
            with suppress(OSError):
                for piece in talk.goodbye():
                    wire.send(piece)
        except (Closed, LineDead) as error:
            if not (talk.understood or isinstance(error, Silent)):
                raise _NotGreeted from error
            raise
        finally:
            self._requests.shut()
            talk.abandon()
            if talk.faults:
                log.warning("the switchboard sent %d lines that were cut or passed over", talk.faults)

    def _report(self, talk: Talk[P]) -> None:
        for fact in talk.take_facts():
            if isinstance(fact, LinkChanged) and fact.state is LinkState.CONNECTED:
                self._came_up()
            self._teller.tell(fact)

    def _carry_out(self, talk: Talk[P]) -> None:
        while talk.live and (one := self._requests.take()) is not None:
            # What is written to one that stands still is done when it wakes, long after the worker was told otherwise.
            talk.prove(partial(self._one_request, talk, *one), self._clock.monotonic(), PROOF_S)

    def _one_request(self, talk: Talk[P], action: Action, then: Then, there: bool) -> None:  # noqa: FBT001  a callback
        if not there:
            answer(then, ActionAnswer(Answer.REFUSED, _STALLED))
            return
        try:
            planned = self._dialect.plan(action)
            if isinstance(planned, ActionAnswer):
                answer(then, planned)
            else:
                talk.request(planned, lambda answered: answer(then, answered), self._clock.monotonic())
        except Unsafe as refusal:
            answer(then, ActionAnswer(Answer.REFUSED, str(refusal)))

    def _unreached(self, error: Exception) -> float:
        place = f"{self._place.host}:{self._place.port}"
        return self._lost(f"The telephone system at {place} cannot be reached ({_why(error)}).")

    def _refused(self, sentence: str, *, foreign: bool) -> float:
        self._teller.warn_once(sentence)
        self._teller.tell(LinkChanged(self._clock.now(), LinkState.REFUSED, sentence, foreign=foreign))
        return LONGEST_S


def _why(error: Exception) -> str:
    if isinstance(error, Closed):
        return "it hung up"
    if isinstance(error, Silent):
        return "it does not answer"
    if isinstance(error, LineDead):
        return str(error) or "it no longer answers"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return getattr(error, "strerror", None) or type(error).__name__
