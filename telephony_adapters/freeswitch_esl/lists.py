"""What a FreeSWITCH is asked when a connection begins: which run this is, and what is going on."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import partial

from telephony_adapters.freeswitch_esl.protocol import Message, event_headers
from telephony_adapters.freeswitch_esl.snapshot import Listed, Row, ids_of, rows_of, table_of

log = logging.getLogger(__name__)

DUMPS = 2_000
"""Most legs looked at one by one; the numbers of more than these have no mark."""
CORE = "global_getvar", "core_uuid"
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)

Told = Callable[[Message], None]


class Lists:
    """The lists of one connection: ``listed`` and ``boot`` are whole once :attr:`whole` says so."""

    def __init__(self, ask: Callable[[tuple[str, ...], Told], None]) -> None:
        """``ask`` sends the words of one question, and tells its answer."""
        self._ask = ask
        self._open = 0
        self.listed = Listed()
        self.boot = ""
        """The id of the switchboard's run; empty where it did not say."""

    @property
    def whole(self) -> bool:
        """Say whether every question is answered."""
        return self._open == 0

    def begin(self) -> None:
        """Ask for everything; each leg that is listed is then looked at."""
        self._one(self._core_told, *CORE)
        self._one(self._channels_listed, "show", "channels", "as", "json")
        self._one(self._calls_listed, "show", "calls", "as", "json")
        self._one(self._agents_listed, "callcenter_config", "agent", "list")

    def forget(self) -> None:
        """Keep nothing of what was listed."""
        self.listed = Listed()

    def _one(self, then: Told, *words: str) -> None:
        self._open += 1
        self._ask(words, partial(self._answered, then))

    def _answered(self, then: Told, message: Message) -> None:
        self._open -= 1
        then(message)

    def _core_told(self, message: Message) -> None:
        text = message.reply.strip()
        self.boot = text if _ID.fullmatch(text) and not message.refused else ""

    def _channels_listed(self, message: Message) -> None:
        if message.refused:
            log.warning("the switchboard lists no channels to this account; calls under way are unknown")
            return
        rows = [row for row in rows_of(message.body) if _ID.fullmatch(row.get("uuid", ""))]
        self.listed.channels, self.listed.ids = rows, ids_of(message.body)
        for row in rows[:DUMPS]:
            self._look_at(row)

    def _look_at(self, row: Row) -> None:
        dumps = self.listed.dumps

        def told(message: Message) -> None:
            if not message.refused:
                dumps[row["uuid"]] = event_headers(message.body)[0]

        self._one(told, "uuid_dump", row["uuid"])

    def _calls_listed(self, message: Message) -> None:
        self.listed.calls = rows_of(message.body)

    def _agents_listed(self, message: Message) -> None:
        self.listed.agents = table_of(message.body)
