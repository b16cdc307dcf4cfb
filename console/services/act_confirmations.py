"""What became of an act that the switchboard accepted: seen to happen, or said to be unconfirmed after a set time.

``accepted`` means queued, no more (telephony.md 3.1).  What really happened comes as a fact, sometimes before the
answer; where none comes, the worker is told to look at the telephone, and is never left to believe the screen.
Meanwhile what would be done twice is not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from uuid import UUID

from console.domain.call_changes import CallChange, ChangeKind
from console.domain.call_events import LinkState
from console.ports.clock import Alarm, Timer
from console.ports.switchboard import NO_CONFIRMATION, Act, ActionAnswer, Answer
from console.services.call_desk import CallDesk

SOON = 10.0
"""Seconds for what the switchboard does by itself."""
LIFTED = 40.0
"""Seconds for what waits until somebody lifts a telephone: it rings for 30."""

_HANDS = frozenset({ChangeKind.TRANSFERRED, ChangeKind.LEFT, ChangeKind.WITHDRAWN, ChangeKind.OFFERED})
_PAUSES: Mapping[Act, bool] = MappingProxyType({Act.PAUSE: True, Act.UNPAUSE: False})
PAUSE_UNSEEN: Mapping[Act, str] = MappingProxyType(
    {
        Act.PAUSE: "No confirmation that your telephone is out of its queues: calls may still ring here.",
        Act.UNPAUSE: "No confirmation that your telephone is back in its queues: calls may not ring here.",
    }
)
_HEARD = (frozenset({ChangeKind.SUPERVISED}), LIFTED)
_SEEN_BY: Mapping[Act, tuple[frozenset[ChangeKind], float]] = MappingProxyType(
    {
        Act.ANSWER: (frozenset({ChangeKind.ANSWERED}), SOON),
        Act.REJECT: (frozenset({ChangeKind.WITHDRAWN}), SOON),
        Act.HOLD: (frozenset({ChangeKind.HELD}), SOON),
        Act.RESUME: (frozenset({ChangeKind.RESUMED}), SOON),
        Act.HANG_UP: (frozenset({ChangeKind.LEFT, ChangeKind.WITHDRAWN}), SOON),
        Act.BLIND_TRANSFER: (_HANDS, SOON),
        Act.START_ATTENDED: (frozenset({ChangeKind.OFFERED, ChangeKind.HELD}), SOON),
        Act.COMPLETE_ATTENDED: (frozenset({ChangeKind.TRANSFERRED, ChangeKind.LEFT}), SOON),
        Act.CANCEL_ATTENDED: (frozenset({ChangeKind.RESUMED}), SOON),
        Act.CONFERENCE: (frozenset({ChangeKind.JOINED}), SOON),
        Act.REDIRECT: (_HANDS, SOON),
        Act.PARK: (frozenset({ChangeKind.PARKED}), SOON),
        Act.RETRIEVE: (frozenset({ChangeKind.FETCHED, ChangeKind.ANSWERED}), LIFTED),
        Act.ORIGINATE: (frozenset({ChangeKind.BEGAN, ChangeKind.OFFERED, ChangeKind.ANSWERED}), SOON),
        Act.LISTEN: _HEARD,
        Act.WHISPER: _HEARD,
        Act.BARGE: _HEARD,
        **dict.fromkeys(_PAUSES, (frozenset({ChangeKind.AGENT}), SOON)),
    }
)
"""By what each act is seen to have happened, and for how many seconds that is waited for.

Digits are not among them: they leave no trace that a switchboard tells of.
"""


_DIALS = frozenset({Act.ORIGINATE, Act.RETRIEVE})
"""Each lets the worker's own telephone ring: one at a time."""
_GIVES = frozenset(
    {
        Act.BLIND_TRANSFER,
        Act.START_ATTENDED,
        Act.COMPLETE_ATTENDED,
        Act.CANCEL_ATTENDED,
        Act.CONFERENCE,
        Act.REDIRECT,
        Act.PARK,
    }
)
"""Each says where one caller goes: one at a time with each caller."""


@dataclass(eq=False, slots=True)
class _Watch:
    """One act under way; ``call`` is None for a call that does not exist yet."""

    act: Act
    call: UUID | None
    timer: Timer | None = None
    seen: bool = False


class Confirmations:
    """Watches the calls of one desk; ``say`` puts a sentence before its worker."""

    def __init__(self, desk: CallDesk, alarm: Alarm, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._alarm = alarm
        self._say = say
        self._watches: list[_Watch] = []
        self._paused: dict[str, bool] = {}
        """What the switchboard told last of each telephone."""
        self._pause_unseen = False
        """It was said that a pause is not seen: once until one is, for every call ends in a wrap-up."""
        desk.subscribe(self._changed)

    def asked(self, act: Act, call: UUID | None) -> Callable[[ActionAnswer], None]:
        """Watch for what ``act`` should bring about; hand the switchboard's answer to what is returned."""
        if act not in _SEEN_BY or (act in _PAUSES and not self._will_tell(_PAUSES[act])):
            return lambda _: None
        watch = _Watch(act, call)
        self._watches.append(watch)
        return partial(self._answered, watch)

    def under_way(self, act: Act, call: UUID | None) -> bool:
        """Say whether ``act`` would be a second one: one like it was asked, and neither seen, refused nor given up."""

        def alike(other: _Watch) -> bool:
            gives = act in _GIVES and other.act in _GIVES and other.call == call
            return gives or (act in _DIALS and other.act in _DIALS)

        return any(alike(other) for other in self._watches if not other.seen)

    def _will_tell(self, paused: bool) -> bool:
        """Say whether a pause brings news: the switchboard tells of pauses, and this one changes something."""
        return bool(self._paused) and self._paused.get(self._desk.extension, False) is not paused

    def _answered(self, watch: _Watch, answer: ActionAnswer) -> None:
        if answer.answer is not Answer.ACCEPTED or watch.seen:
            self._forget(watch)
        elif watch in self._watches:
            watch.timer = self._alarm.after(_SEEN_BY[watch.act][1], partial(self._unseen, watch))

    def _unseen(self, watch: _Watch) -> None:
        if watch in self._watches:
            self._forget(watch)
            if watch.act not in _PAUSES:
                self._say(NO_CONFIRMATION)
            elif not self._pause_unseen:
                self._pause_unseen = True
                self._say(PAUSE_UNSEEN[watch.act])

    def _note_pause(self, change: CallChange) -> None:
        if change.kind is ChangeKind.AGENT and change.paused is not None:
            self._paused[change.extension] = change.paused
            self._pause_unseen = self._pause_unseen and change.extension != self._desk.extension

    def _changed(self, changes: tuple[CallChange, ...]) -> None:
        for change in changes:
            self._note_pause(change)
            for watch in tuple(self._watches):
                if self._settles(change, watch):
                    watch.seen = True
                    if watch.timer is not None:
                        self._forget(watch)

    def _settles(self, change: CallChange, watch: _Watch) -> bool:
        if change.kind is ChangeKind.LINK:
            # What is lost on the way is said by the telephones' own chip.
            return change.link is not LinkState.CONNECTED
        if watch.act in _PAUSES and change.paused is not _PAUSES[watch.act]:
            return False
        if watch.call is None:
            return change.kind in _SEEN_BY[watch.act][0] and self._is_mine(change)
        same = watch.call in (change.call, change.other)
        return same and (change.kind is ChangeKind.ENDED or change.kind in _SEEN_BY[watch.act][0])

    def _is_mine(self, change: CallChange) -> bool:
        own = self._desk.extension
        call = self._desk.call(change.call)
        return change.extension == own or (call is not None and call.placed_by(own))

    def _forget(self, watch: _Watch) -> None:
        if watch in self._watches:
            self._watches.remove(watch)
        if watch.timer is not None:
            watch.timer.cancel()
