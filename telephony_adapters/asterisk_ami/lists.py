"""What an Asterisk is asked when a connection begins: which run this is, what the account may do, what is going on."""

from __future__ import annotations

import logging
from collections.abc import Callable

from telephony_adapters.asterisk_ami.actions import Request
from telephony_adapters.asterisk_ami.pending import Answered
from telephony_adapters.asterisk_ami.protocol import Message
from telephony_adapters.asterisk_ami.snapshot import PARKED_LIST

log = logging.getLogger(__name__)

LIST_AGAIN_S = 5.0
LIST_AGAIN_LONGEST_S = 60.0

Each = Callable[[Message], None]


class Lists:
    """The lists of one connection, asked for again where the channels were not listed in time."""

    def __init__(self, send: Callable[[Request, Answered, Each | None], None], each: Each) -> None:
        """``send`` asks; ``each`` takes every entry of every list."""
        self._send = send
        self._each = each
        self._open = 0
        self._under_way = False
        self._late = False
        self._again: float | None = None
        self._pause = LIST_AGAIN_S
        self.boot = ""
        """When the switchboard was started, in its own words; empty where it did not say."""
        self.commands: frozenset[str] = frozenset()
        """What the account may do."""
        self.listed = False
        """The channels were listed, and not refused."""

    @property
    def over(self) -> bool:
        """Say whether they were asked for and are whole, or were given up."""
        return self._under_way and self._open == 0

    def begin(self) -> None:
        """Ask for everything."""
        self._open = 2
        self._send(Request("CoreStatus"), self._core_status, None)
        self._send(Request("ListCommands"), self._rights, None)
        self._list()

    def tick(self, now: float) -> None:
        """Ask again when it is time to."""
        if self._late:
            self._late, self._again = False, now + self._pause
            self._pause = min(LIST_AGAIN_LONGEST_S, self._pause * 2)
        if self._again is not None and now >= self._again and not self._under_way:
            self._list()

    def close(self) -> bool:
        """Take them as they are, and say whether they are to be believed: what was not listed may live all the same."""
        self._under_way = False
        believed = self._again is None and not self._late
        if believed and not self.listed:
            log.warning("the switchboard lists no channels to this account; calls under way are unknown")
        elif not believed and self._pause == 2 * LIST_AGAIN_S:
            log.warning("the switchboard did not list its channels in time; it is asked again")
        return believed

    def _core_status(self, message: Message | None) -> None:
        self._open -= 1
        if message is not None and message.response == "Success":
            self.boot = f"{message.get('CoreStartupDate')} {message.get('CoreStartupTime')}".strip()

    def _rights(self, message: Message | None) -> None:
        self._open -= 1
        if message is not None and message.response == "Success":
            self.commands = frozenset(name for name, _ in message.headers)

    def _list(self) -> None:
        """Ask what is going on: the channels first, for nothing else can be read without them."""
        self._under_way, self._again = True, None
        self._open += 1
        self._send(Request("CoreShowChannels"), self._channels_listed, self._each)

    def _channels_listed(self, message: Message | None) -> None:
        if message is not None and message.response == "Error":
            # This list needs the right to reporting, the other one only that to calls.
            self._send(Request("Status"), self._status_listed, self._each)
        else:
            self._status_listed(message)

    def _status_listed(self, message: Message | None) -> None:
        if message is None:
            # What was not listed may live: it stays as it is, and the list is asked for again.
            self._open -= 1
            self._late = True
            return
        self.listed = message.response != "Error"
        self._send(Request("QueueStatus"), self._queues_listed, self._each)

    def _queues_listed(self, _message: Message | None) -> None:
        if PARKED_LIST in self.commands:
            self._send(Request(PARKED_LIST), self._parked_listed, self._each)
        else:
            self._open -= 1

    def _parked_listed(self, _message: Message | None) -> None:
        self._open -= 1
