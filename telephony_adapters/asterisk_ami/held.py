"""What a connection holds back until its snapshot is whole: messages, up to a number of bytes."""

from __future__ import annotations

from telephony_adapters.asterisk_ami.protocol import Message

HELD_CAP = 32 * 1024 * 1024
"""Most bytes of memory held back by one connection; some 5,000 ordinary messages."""
_HEADER = 170
"""Bytes that a header takes in memory beside its characters: a flood of tiny ones counts as what it is."""


class TooMuch(Exception):
    """More came than is ever held back."""


class Held:
    """The events that came meanwhile and the lists asked for, under one limit."""

    def __init__(self) -> None:
        self.events: list[Message] = []
        self.list: list[Message] = []
        self._bytes = 0

    def event(self, message: Message) -> None:
        """Hold an event.  Raises :class:`TooMuch`."""
        self._count(message)
        self.events.append(message)

    def listed(self, message: Message) -> None:
        """Hold one entry of a list.  Raises :class:`TooMuch`."""
        self._count(message)
        self.list.append(message)

    def clear(self) -> None:
        """Give everything back."""
        self.events, self.list, self._bytes = [], [], 0

    def _count(self, message: Message) -> None:
        self._bytes += sum(len(key) + len(value) + _HEADER for key, value in message.headers) + _HEADER
        if self._bytes > HELD_CAP:
            raise TooMuch
