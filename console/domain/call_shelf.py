"""The calls that a book follows, and which of them live: beside a day's ended calls the few that live cost nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from console.domain.call_tracks import Track


class CallShelf:
    """Tracks by our id.  Folding ends a call wherever it likes: whoever asks which live lays the others aside."""

    def __init__(self) -> None:
        self._tracks: dict[UUID, Track] = {}
        self._running: dict[UUID, Track] = {}
        """Those that live, and those that ended since somebody last asked."""
        self._over: dict[UUID, Track] = {}
        """The others, in the order in which they were found to have ended."""

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
            self._over[identity] = self._running.pop(identity)
        return tuple(self._running.values())

    def begin(self, track: Track) -> Track:
        """Follow a call from now on."""
        self._tracks[track.call.id] = self._running[track.call.id] = track
        return track

    def drop(self, identity: UUID) -> Track | None:
        """Follow a call no more; return its track."""
        self._running.pop(identity, None)
        self._over.pop(identity, None)
        return self._tracks.pop(identity, None)

    def drop_ended(self, before: datetime) -> tuple[UUID, ...]:
        """Drop what ended before ``before`` (aware UTC), in the order it ended; return which calls.

        The first that is not that old ends the look: one that is stands behind it for a while, and is not lost.
        """
        self.living()
        gone = []
        for identity, track in self._over.items():
            if track.call.ended_at is None or track.call.ended_at >= before:
                break
            gone.append(identity)
        for identity in gone:
            self.drop(identity)
        return tuple(gone)
