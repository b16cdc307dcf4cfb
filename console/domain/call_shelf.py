"""The calls that a book follows, and which of them live: beside a day's ended calls the few that live cost nothing."""

from __future__ import annotations

from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from uuid import UUID

from console.domain.call_tracks import Track


class CallShelf:
    """Tracks by our id.  Folding ends a call wherever it likes: whoever asks which live lays the others aside."""

    def __init__(self) -> None:
        self._tracks: dict[UUID, Track] = {}
        self._running: dict[UUID, Track] = {}
        """Those that live, and those that ended since somebody last asked."""
        self._over: list[tuple[datetime, int, UUID]] = []
        """When the others ended: a heap, for a switchboard's clock may jump.  What was dropped may still be in it."""
        self._count = count()

    def __contains__(self, identity: UUID | None) -> bool:
        """Say whether a call is followed, or remembered since it ended."""
        return identity in self._tracks

    def get(self, identity: UUID) -> Track | None:
        """Return one call's track, live or ended."""
        return self._tracks.get(identity)

    def all(self) -> tuple[Track, ...]:
        """Return every track, oldest first."""
        return tuple(self._tracks.values())

    def living(self) -> tuple[Track, ...]:
        """Return the tracks that live, oldest first."""
        for identity in [identity for identity, track in self._running.items() if not track.call.live]:
            ended_at = self._running.pop(identity).call.ended_at
            if ended_at is not None:
                heappush(self._over, (ended_at, next(self._count), identity))
        return tuple(self._running.values())

    def begin(self, track: Track) -> Track:
        """Follow a call from now on."""
        self._tracks[track.call.id] = self._running[track.call.id] = track
        return track

    def drop(self, identity: UUID) -> Track | None:
        """Follow a call no more; return its track."""
        self._running.pop(identity, None)
        return self._tracks.pop(identity, None)

    def drop_ended(self, before: datetime) -> tuple[UUID, ...]:
        """Drop what ended before ``before`` (aware UTC); return which calls, in the order they ended."""
        self.living()
        gone = []
        while self._over and self._over[0][0] < before:
            ended_at, _, identity = heappop(self._over)
            track = self._tracks.get(identity)
            if track is not None and track.call.ended_at == ended_at:
                self.drop(identity)
                gone.append(identity)
        return tuple(gone)
