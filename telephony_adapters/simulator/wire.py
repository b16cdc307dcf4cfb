"""Newline JSON between a shared simulator and its consoles: facts and answers out, requests in."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
from collections.abc import Iterator
from typing import Any, TypeVar, get_args

import msgspec

from console.domain.call_events import CallEvent
from console.domain.text import BadInput
from console.ports.switchboard import Action, ActionAnswer

LONGEST_LINE = 100_000
"""Bytes of one message; the names in it are capped long before that."""
HELLO: dict[str, Any] = {"hello": "nightdesk simulator 1"}
"""What a console says first, so that a stranger's connection is never counted as a console."""
_EVENTS: dict[str, type[CallEvent]] = {kind.__name__: kind for kind in get_args(CallEvent)}
Message = dict[str, Any]
T = TypeVar("T")


class BadMessage(BadInput):
    """A line that is not one of ours."""

    def __init__(self) -> None:
        """Make the sentence."""
        super().__init__(
            "What came from the simulator's address is not its language. No call was touched; check the address."
        )


def event_out(event: CallEvent) -> Message:
    """Return a fact as a message."""
    return {"event": type(event).__name__, "facts": msgspec.to_builtins(event)}


def event_in(message: Message) -> CallEvent | None:
    """Return the fact of a message; None for one of a kind that only a later release tells.

    Raises :class:`BadMessage`.
    """
    named = message.get("event")
    if not isinstance(named, str):
        raise BadMessage
    kind = _EVENTS.get(named)
    return None if kind is None else _convert(message.get("facts"), kind)


def action_out(number: int, action: Action) -> Message:
    """Return a request as a message; ``number`` comes back with its answer."""
    return {"action": msgspec.to_builtins(action), "id": number}


def action_in(message: Message) -> tuple[int, Action]:
    """Return number and request.  Raises :class:`BadMessage`."""
    return _convert(message.get("id"), int), _convert(message.get("action"), Action)


def answer_out(number: int, answer: ActionAnswer) -> Message:
    """Return an answer as a message."""
    return {"answer": msgspec.to_builtins(answer), "id": number}


def answer_in(message: Message) -> tuple[int, ActionAnswer]:
    """Return number and answer.  Raises :class:`BadMessage`."""
    return _convert(message.get("id"), int), _convert(message.get("answer"), ActionAnswer)


def _convert(value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise BadMessage from None


def _message(line: bytes) -> Message:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise BadMessage from None
    if not isinstance(message, dict):
        raise BadMessage
    return message


class Channel:
    """A socket that sends messages without ever making the sender wait."""

    def __init__(self, link: socket.socket) -> None:
        """Take over ``link`` and start its writer."""
        self._link = link
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="nd-simulator-writer", daemon=True)
        self._writer.start()

    def send(self, message: Message) -> None:
        """Send soon; harmless after the other side has gone."""
        self._out.put(json.dumps(message).encode() + b"\n")

    def messages(self) -> Iterator[Message]:
        """Yield what comes in until the other side goes.  Raises :class:`BadMessage`."""
        rest = b""
        while chunk := self._receive():
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise BadMessage
            for line in lines:
                yield _message(line)

    def close(self) -> None:
        """Send what was still to go, then end both directions and the writer."""
        self._out.put(None)
        if threading.current_thread() is not self._writer:
            self._writer.join(1.0)
        # The other side may have gone already, which is what is wanted.
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)
        self._link.close()

    def _receive(self) -> bytes:
        try:
            return self._link.recv(65536)
        except OSError:
            return b""

    def _write(self) -> None:
        while (data := self._out.get()) is not None:
            try:
                self._link.sendall(data)
            except OSError:
                return
