"""Looking people up and opening a record: always by ticket, on a reader, never on this thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from console.domain.people import Agency, Candidates, PersonRecord
from console.domain.record import Identity, StreamKind
from console.domain.replay import Replay
from console.domain.rota import Duty
from console.domain.text import NightdeskError
from console.ports.runner import Runner
from console.ports.store import Card, CardOrder, CardQuery, Look, Store
from console.services.replays import Beginning, beginnings, open_replay

Failed = Callable[[Exception], None]


class NotWanted(NightdeskError):
    """A question was withdrawn before it was asked."""


class Access:
    """The doors ``look`` and ``open`` of one worker.

    Each question is two steps on one reader: the first commits the audit row, the second fetches
    and is refused without it (architecture.md 4).  ``failed`` gets the error, whose text is the
    worker's sentence; without it the notice bar does.
    """

    def __init__(self, store: Store, runner: Runner, who: Identity) -> None:
        self._store = store
        self._runner = runner
        self._who = who

    def look(
        self,
        question: Look,
        then: Callable[[Candidates], None],
        failed: Failed | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Ask who it may be: for a ringing or own call, or as a search with a reason.

        ``wanted`` is asked on the reader before anything is: a question that waited until nobody wants its answer is
        not asked and stands on no log; ``failed`` then gets :class:`NotWanted`.
        """
        store, who = self._store, self._who

        def ask() -> Candidates:
            if not wanted():
                raise NotWanted("Nobody waits for this answer any more.  Nothing was looked up.")
            return store.look(who, store.ask_look(who, question))

        self._runner.read(ask, then, failed)

    def open(
        self,
        person: UUID,
        reason: str,
        then: Callable[[PersonRecord], None],
        failed: Failed | None = None,
        call: UUID | None = None,
    ) -> None:
        """Open one person's record; ``reason`` may be empty only for a call of one's own."""
        store, who = self._store, self._who
        self._runner.read(lambda: store.open(who, store.ask_open(who, person, reason, call)), then, failed)

    def agencies(self, then: Callable[[tuple[Agency, ...]], None], failed: Failed | None = None) -> None:
        """Read the directory of agencies."""
        store, who = self._store, self._who
        self._runner.read(lambda: store.agencies(who), then, failed)

    def rota(
        self, since: datetime, until: datetime, then: Callable[[tuple[Duty, ...]], None], failed: Failed | None = None
    ) -> None:
        """Read who is on the rota at some time between the two."""
        store = self._store
        self._runner.read(lambda: store.rota(since, until), then, failed)

    def history(self, person: UUID, then: Callable[[tuple[Card, ...]], None], failed: Failed | None = None) -> None:
        """Read the cards of one person's contacts, newest first."""
        query = CardQuery(CardOrder.OF_PERSON, frozenset({StreamKind.CONTACT}), person)
        self.cards(query, then, failed)

    def cards(self, query: CardQuery, then: Callable[[tuple[Card, ...]], None], failed: Failed | None = None) -> None:
        """Read a list of cards."""
        store, who = self._store, self._who
        self._runner.read(lambda: store.cards(who, query), then, failed)

    def incidents(
        self, since: datetime, then: Callable[[tuple[Beginning, ...]], None], failed: Failed | None = None
    ) -> None:
        """Read which incidents began since a moment: references and times, no words."""
        store = self._store
        self._runner.read(lambda: beginnings(store, since), then, failed)

    def replay(self, incident: UUID, reason: str, then: Callable[[Replay], None], failed: Failed | None = None) -> None:
        """See an incident again, for a reason in words."""
        store, who = self._store, self._who
        self._runner.read(lambda: open_replay(store, who, incident, reason), then, failed)
