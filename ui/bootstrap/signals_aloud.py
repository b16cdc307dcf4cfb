"""Reads silent signals to whoever coordinates, on one chosen device and never on a call (decision 0034)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from console.domain.call_changes import CallChange
from console.domain.calls import Call, Direction
from console.domain.incidents import IncidentRole
from console.domain.items import Item
from console.domain.record import MANAGERS, Kind, StreamKind, StreamRef
from console.domain.spoken_signals import Utterance, for_the_ear, signal_phrases
from console.machine.ear import Ear
from console.machine.speech_device import device_speaker
from console.ports.runner import Inbox
from console.ports.speaker import Speaker
from console.services.ledger_pages import ChangeSet
from ui.desktop.desk import Desk
from ui.desktop.runtime.screen_reader import announce, reads
from ui.desktop.window import ConsoleWindow
from ui.settings import Settings

FRESH = timedelta(seconds=5)
"""What reached the shared record longer ago is on the screen, and no news."""
_SAID = frozenset({Kind.SIGNAL_SENT, Kind.SIGNAL_ANSWERED})


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens, and how: ``on_the_telephone`` says whether calls go through the device that speaks.

    ``reads`` says whether a screen reader is at work, and ``announce`` gives it a phrase in place of speech.
    """

    on_the_telephone: Callable[[], bool]
    reads: Callable[[], bool]
    announce: Callable[[str], None]


class SignalsAloud:
    """Off unless the setting ``signals_aloud`` is on.  Each signal is said when it comes, or never."""

    def __init__(self, desk: Desk, speaker: Speaker, listener: Listener) -> None:
        """What the record holds by now is not read."""
        self._desk = desk
        self._speaker = speaker
        self._listener = listener
        self._heard: set[UUID] = set()
        self._begun = desk.clock.now()
        for stream in desk.ledger.streams(StreamKind.SIGNALS):
            self._take(stream)
        self._ends = (desk.ledger.subscribe(self._record_changed), desk.calls.subscribe(self._calls_changed))

    def stop(self) -> None:
        """Be silent and listen no more."""
        for end in self._ends:
            end()
        self._speaker.close()

    def _record_changed(self, changes: ChangeSet) -> None:
        if any(ref.kind is StreamKind.INCIDENT for ref in changes.streams) and self._leads():
            self._speaker.hush()
        found = [one for ref in changes.streams if ref.kind is StreamKind.SIGNALS for one in self._news(ref)]
        if found:
            self._say(max(found, key=lambda one: one.seq))

    def _calls_changed(self, _: tuple[CallChange, ...]) -> None:
        if self._on_a_call():
            self._speaker.hush()

    def _say(self, one: Utterance) -> None:
        """Say it now, or never: later it would be about something else."""
        if self._listener.reads():
            self._speaker.hush()
            if not one.on_screen:
                self._listener.announce(one.phrase)
        elif not self._on_a_call():
            self._speaker.say(one.phrase)

    def _news(self, ref: StreamRef) -> Iterator[Utterance]:
        """Yield what of a stream came just now and is for this worker's ear."""
        fresh = {item.id for item in self._take(ref) if self._is_fresh(item)}
        if not fresh or self._leads():
            return
        folds, who = self._desk.folds, self._desk.who
        incident = folds.incident(ref.id) or folds.incident_of(ref.id)
        signals, given = folds.signals(ref.id).signals, self._desk.pair.signals
        for one in for_the_ear(signals, who.worker, incident, given, manager=who.role in MANAGERS):
            if one.entry in fresh:
                yield one

    def _take(self, ref: StreamRef) -> list[Item]:
        """Return the signals and answers of a stream that were not met before; none of them is met again."""
        found = [item for item in self._desk.ledger.items(ref) if item.kind in _SAID and item.id not in self._heard]
        self._heard.update(item.id for item in found)
        return found

    def _is_fresh(self, item: Item) -> bool:
        """By the shared record's own clock: the sender's may stand hours off."""
        if item.stored_at is None:
            return False
        ahead = timedelta(seconds=self._desk.ledger.link.offset)
        stored = item.stored_at - ahead
        return stored >= self._begun and self._desk.clock.now() - stored <= FRESH

    def _leads(self) -> bool:
        """Whoever leads an incident holds a caller: nothing is ever read to them."""
        worker = self._desk.who.worker
        members = (one.member(worker) for one in self._desk.folds.incidents_of_worker(worker))
        return any(member is not None and member.role is IncidentRole.LEAD for member in members)

    def _on_a_call(self) -> bool:
        """Say whether this worker's telephone may have its microphone open on the device that speaks.

        Ringing counts, since it is answered within a word; so does a call on hold, which is one key from live;
        and so do telephones that nobody hears of.
        """
        if not self._listener.on_the_telephone():
            return False
        calls = self._desk.calls
        mine = calls.extension
        if not mine:
            return False
        return calls.phones.away or any(_holds(call, mine) for call in calls.live())


def signals_aloud(settings: Settings, desk: Desk, window: ConsoleWindow, inbox: Inbox) -> SignalsAloud:
    """Begin to read signals as the settings say; whatever hinders it stands on the window's notice."""
    ear = Ear(settings.speech_device, settings.telephone_device)

    def tell(sentence: str) -> None:
        inbox.post(partial(window.say_also, sentence))

    speaker = device_speaker(ear, signal_phrases(desk.pair.signals), tell)
    return SignalsAloud(desk, speaker, Listener(ear.shares_telephone, reads, partial(announce, window)))


def _holds(call: Call, extension: str) -> bool:
    """Say whether a live call rings at this telephone, is talked on, listened to, or was dialled there."""
    dialled = call.direction is not Direction.INBOUND and call.caller.number == extension
    return dialled or extension in call.talking | call.alerting | {*call.supervised_by}
