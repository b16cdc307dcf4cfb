"""A console's end of a simulator that several processes share."""

from __future__ import annotations

import logging
import re
import socket
import threading
from collections.abc import Callable

from console.domain.call_events import LinkChanged, LinkState
from console.domain.text import BadInput, safe_line
from console.ports.clock import Clock
from console.ports.switchboard import TOO_MUCH, Action, ActionAnswer, Answer, Capabilities, Sink, SinkFull
from telephony_adapters.simulator import wire
from telephony_adapters.simulator.mapping import CAPABILITIES

_log = logging.getLogger(__name__)
_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost):([0-9]{1,5})")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
NOT_THERE = (
    "The simulator does not answer at its address. Nothing is lost; start it there, the console connects by itself."
)
AWAY = ActionAnswer(Answer.NO_ANSWER, "The simulator is not connected. Nothing was done.")


def _port(address: str) -> int:
    match = _LOOPBACK.fullmatch(address.strip())
    if match is None or not 0 < int(match.group(1)) < 65536:
        raise BadInput(
            f'"{safe_line(address, 40)}" is not an address of a simulator on this computer. '
            "Nothing was connected; write 127.0.0.1:PORT."
        )
    return int(match.group(1))


class RemoteSwitchboard:
    """A ``Switchboard`` over loopback TCP.  Connects again for ever, at most 5 s between tries."""

    def __init__(self, address: str, clock: Clock) -> None:
        """Check the address; raises ``BadInput`` for any that is not on this computer."""
        self._port = _port(address)
        self._clock = clock
        self._guard = threading.RLock()
        self._sink: Sink | None = None
        self._channel: wire.Channel | None = None
        self._waiting: dict[int, Callable[[ActionAnswer], None]] = {}
        self._numbers = 0
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def capabilities(self) -> Capabilities:
        """Return what can be done, and that this is a fake."""
        return CAPABILITIES

    def start(self, sink: Sink) -> None:
        """Connect and keep connected."""
        with self._guard:
            self._sink = sink
            if self._thread is None:
                self._ending.clear()
                self._thread = threading.Thread(target=self._run, name="nd-simulator-remote", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread; no event after it returns."""
        with self._guard:
            self._sink = None
            thread, self._thread = self._thread, None
            channel = self._channel
        self._ending.set()
        if channel is not None:
            channel.close()
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Send the request; unanswered ones are answered when the connection ends."""
        with self._guard:
            channel = self._channel
            if channel is not None:
                self._numbers += 1
                self._waiting[self._numbers] = then
                channel.send(wire.action_out(self._numbers, action))
        if channel is None:
            then(AWAY)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._ending.is_set():
            self._link(LinkState.CONNECTING)
            link = self._connect()
            why = NOT_THERE
            if link is not None:
                pause = _FIRST_PAUSE
                why = self._talk(wire.Channel(link))
            if not self._ending.is_set():
                self._link(LinkState.LOST, why)
            self._ending.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _connect(self) -> socket.socket | None:
        try:
            link = socket.create_connection(("127.0.0.1", self._port), timeout=2.0)
        except OSError:
            return None
        link.settimeout(None)
        return link

    def _talk(self, channel: wire.Channel) -> str:
        """Live through one connection; return why it ended."""
        with self._guard:
            self._channel = channel
        try:
            # A stop that came before the channel was known could not close it.
            if not self._ending.is_set():
                self._hear(channel)
        except wire.BadMessage:
            _log.info("the simulator's address speaks another language")
        except SinkFull:
            return TOO_MUCH
        finally:
            self._hang_up(channel)
        return NOT_THERE

    def _hear(self, channel: wire.Channel) -> None:
        channel.send(wire.HELLO)
        for message in channel.messages():
            if "answer" in message:
                number, answer = wire.answer_in(message)
                with self._guard:
                    then = self._waiting.pop(number, None)
                if then is not None:
                    then(answer)
            else:
                event = wire.event_in(message)
                with self._guard:
                    if self._sink is not None and event is not None:
                        self._sink(event)

    def _hang_up(self, channel: wire.Channel) -> None:
        with self._guard:
            self._channel = None
            waiting, self._waiting = self._waiting, {}
        channel.close()
        for then in waiting.values():
            then(AWAY)

    def _link(self, state: LinkState, sentence: str = "") -> None:
        with self._guard:
            if self._sink is not None:
                self._sink(LinkChanged(self._clock.now(), state, sentence))
