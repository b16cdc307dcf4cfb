"""Who is with a caller: who rings, who came, who took over, who left.

Who has the caller is read from bridges and rooms alone; what a switchboard says of its agents can lie
(telephony.md 1e, rows 5 to 8).
"""

from __future__ import annotations

from datetime import datetime
from typing import Generic

from console.domain.call_events import Alerting, Answered, LegEnd, LegEnded, PartyJoined, PartyLeft
from telephony_adapters.channels.board import C, V
from telephony_adapters.channels.desk import Desk


class Presence(Generic[C, V]):
    """The visits of one board; the last five methods are what each switchboard knows in its own way."""

    def __init__(self, desk: Desk[C, V]) -> None:
        self.desk = desk

    def alert(self, visit: V | None, channel: C, at: datetime) -> bool:
        """Say that a telephone rings in a visit; return whether it is news."""
        if visit is None or visit.ended or channel.is_local or channel.leg in visit.legs:
            return False
        channel.rang = True
        self.ensure_begun(visit, at)
        visit.legs[channel.leg] = channel.label
        self.desk.say(Alerting(visit.key, at, channel.leg, channel.label))
        return True

    def picked_up(self, channel: C, at: datetime) -> None:
        """A ringing telephone of a consultation was answered: it no longer alerts, nor has it the caller."""
        visit = self.desk.board.visit_of(channel)
        if visit is None or visit.ended or channel.leg not in visit.legs or channel.uid in visit.present:
            return
        if self.is_asked(visit, channel):
            self.desk.say(LegEnded(visit.key, at, channel.leg, channel.label, LegEnd.HUNG_UP))
            channel.turn += 1

    def refresh(self, moved: C, at: datetime) -> None:
        """Say who came to and who left every caller that ``moved`` may have been bridged with."""
        near = {channel.uid for channel in self.desk.board.reach(moved)} | {moved.uid}
        for visit in self.desk.board.visits():
            anchor = self.desk.board.anchor(visit)
            if visit.ended or (anchor is not None and anchor.extension and not visit.begun):
                # A telephone of ours that only joined others: a conference's or a supervisor's dial-in is no call.
                continue
            if moved.uid in visit.present or (anchor is not None and anchor.uid in near):
                self._compare(visit, anchor, at)

    def compare(self, visit: V, at: datetime) -> None:
        """Say who came and who went since the last time."""
        self._compare(visit, self.desk.board.anchor(visit), at)

    def _compare(self, visit: V, anchor: C | None, at: datetime) -> None:
        here = {channel.uid: channel for channel in self.desk.board.reach(anchor)} if anchor else {}
        for uid in [uid for uid in visit.present if uid not in here]:
            self._went(visit, uid, at)
        for uid, channel in here.items():
            beside = uid == visit.principal or channel.consulted or self.is_beside(channel)
            if uid not in visit.present and not beside:
                self._came(visit, channel, at)

    def _went(self, visit: V, uid: str, at: datetime) -> None:
        extension = visit.present.pop(uid)
        self.note_leaving(visit, self.desk.board.channels.get(uid))
        if extension in visit.present.values():
            return
        if extension in visit.guests:
            visit.guests.discard(extension)
            self.desk.say(PartyLeft(visit.key, at, extension))
            return
        self._promote(visit, at)

    def _promote(self, visit: V, at: datetime) -> None:
        """Whoever stays with the caller when the last holder leaves has taken the caller over."""
        if any(extension not in visit.guests for extension in visit.present.values()):
            return
        for uid, extension in visit.present.items():
            channel = self.desk.board.channels.get(uid)
            if channel is not None:
                visit.guests.discard(extension)
                self.take_over(visit, channel, at)
                return

    def _came(self, visit: V, channel: C, at: datetime) -> None:
        self.ensure_begun(visit, at)
        extension = channel.label
        others = {one for one in visit.present.values() if one != extension}
        visit.present[channel.uid] = extension
        visit.legs[channel.leg] = extension
        if extension in visit.guests:
            return
        if others:
            visit.guests.add(extension)
            self.desk.say(PartyJoined(visit.key, at, extension))
        else:
            self.take_over(visit, channel, at)

    def take_over(self, visit: V, channel: C, at: datetime) -> None:
        """Say that a telephone has the caller from now on."""
        before = visit.answered[-1] if visit.answered else None
        self.handed_over(visit, channel, before, at)
        visit.handed = False
        if before != channel.label:
            visit.answered.append(channel.label)
        self.desk.say(Answered(visit.key, at, channel.leg, channel.label))

    def ensure_begun(self, visit: V, at: datetime) -> None:
        """Begin a visit whose own channel we never saw begin."""
        raise NotImplementedError

    def handed_over(self, visit: V, channel: C, before: str | None, at: datetime) -> None:
        """Say by what kind of transfer the caller came to ``channel``; ``before`` had them last."""
        raise NotImplementedError

    def is_asked(self, visit: V, channel: C) -> bool:
        """Say whether a telephone was rung by a colleague who has a caller on the line."""
        raise NotImplementedError

    def is_beside(self, channel: C) -> bool:
        """Say whether a channel only listens to whom it is bridged with."""
        return False

    def note_leaving(self, visit: V, channel: C | None) -> None:
        """Keep what is worth knowing of a channel that is no more with the caller."""
