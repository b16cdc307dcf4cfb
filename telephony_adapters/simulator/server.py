"""One simulated switchboard for several console processes on this computer: a loopback TCP server."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from functools import partial

from console.domain.call_events import CallEvent
from console.ports.switchboard import ActionAnswer
from telephony_adapters.simulator import wire
from telephony_adapters.simulator.connection import SimulatedSwitchboard
from telephony_adapters.simulator.desk import Desk

_log = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"


class SimulatorServer:
    """Gives each connection a desk of the same switchboard.  Listens on 127.0.0.1 only."""

    def __init__(self, switchboard: SimulatedSwitchboard, port: int = 0) -> None:
        """Listen at once; port 0 takes a free one (see :attr:`address`)."""
        self._switchboard = switchboard
        self._listener = socket.create_server((LOOPBACK, port))
        self._guard = threading.Lock()
        self._channels: set[wire.Channel] = set()
        self._threads: list[threading.Thread] = []
        self._closing = False
        self.address = f"{LOOPBACK}:{self._listener.getsockname()[1]}"
        self._spawn(self._accept, "nd-simulator-server")

    def close(self) -> None:
        """End every connection and the switchboard."""
        self._closing = True
        # Closing alone does not wake a thread that waits in accept; systems that cannot shut a
        # listening socket down do wake it on closing.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._guard:
            channels = tuple(self._channels)
        for channel in channels:
            channel.close()
        self._switchboard.close()
        for thread in self._threads:
            thread.join(2.0)

    def _spawn(self, work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._spawn(partial(self._serve, link), "nd-simulator-console")

    def _serve(self, link: socket.socket) -> None:
        channel = wire.Channel(link)
        with self._guard:
            self._channels.add(channel)
        try:
            self._talk(channel)
        except wire.BadMessage:
            _log.info("a connection to the simulator spoke another language and was closed")
        finally:
            channel.close()
            with self._guard:
                self._channels.discard(channel)

    def _talk(self, channel: wire.Channel) -> None:
        messages = channel.messages()
        if next(messages, None) != wire.HELLO:
            raise wire.BadMessage
        desk = self._switchboard.attach()
        desk.start(lambda event: _send(channel, event))
        try:
            for message in messages:
                _carry_out(desk, channel, message)
        finally:
            desk.stop()


def _send(channel: wire.Channel, event: CallEvent) -> None:
    channel.send(wire.event_out(event))


def _carry_out(desk: Desk, channel: wire.Channel, message: wire.Message) -> None:
    number, action = wire.action_in(message)

    def answered(answer: ActionAnswer) -> None:
        channel.send(wire.answer_out(number, answer))

    desk.perform(action, answered)
