"""From Asterisk's channels and bridges to the life of a visit: who rang, who took over, who left, when it ended.

Nothing is read from ``AgentComplete`` or ``QueueCallerLeave``: both can lie (telephony.md 1e, rows 5 to 8).
"""

from __future__ import annotations

from datetime import datetime

from console.domain.call_events import LegEnd, LegEnded, QueueJoined, Transferred
from console.domain.calls import CallOutcome, Direction, TransferKind
from console.domain.lines import emergency_number
from telephony_adapters.asterisk_ami import advice, callers, outcomes
from telephony_adapters.asterisk_ami.beginnings import number_told
from telephony_adapters.asterisk_ami.board import Board, Channel, Visit
from telephony_adapters.asterisk_ami.desk import Desk
from telephony_adapters.channels import visits
from telephony_adapters.channels.presence import Presence
from telephony_adapters.channels.visits import begin


def consider(desk: Desk, channel: Channel, at: datetime) -> None:
    """Begin a visit when its own channel shows what it is."""
    visit = desk.board.visit_of(channel)
    if visit is None or visit.begun or visit.principal != channel.uid or channel.is_local:
        return
    if channel.extension:
        _consider_emergency(desk, visit, channel, at)
    elif not channel.dialled and channel.state not in ("", "Down"):
        visit.dialled = _line(desk, channel)
        begin(desk, visit, at)


def _line(desk: Desk, channel: Channel) -> str:
    return channel.marks.get(desk.reading.line_variable, "") or channel.exten


def _consider_emergency(desk: Desk, visit: Visit, channel: Channel, at: datetime) -> None:
    number = emergency_number(channel.exten, desk.reading.plan)
    if number and not channel.dialled:
        emergency(desk, visit, channel, number, at)


def emergency(desk: Desk, visit: Visit, channel: Channel, number: str, at: datetime) -> None:
    """Report that one of our telephones dialled an emergency number."""
    visits.emergency(desk, visit, channel, number, channel.exten or number, at)


def dialling(desk: Desk, source: Channel | None, target: Channel, exten: str, at: datetime) -> None:
    """One channel calls another; ``source`` is None where the switchboard itself began it."""
    target.dialled = True
    target.source = source.uid if source else ""
    visit = desk.board.visit_of(target)
    if visit is None:
        return
    if source is None:
        _originated(desk, visit, target, at)
        return
    caller = desk.board.visit_of(source)
    if source.extension and caller is not None and caller.principal == source.uid:
        _placing(desk, caller, source, target, source.exten or exten, at)


def _originated(desk: Desk, visit: Visit, target: Channel, at: datetime) -> None:
    if visit.begun or visit.principal != target.uid or target.is_aside:
        return
    visit.originated = True
    visit.placed(target, visit.dialled, Direction.OUTBOUND)
    begin(desk, visit, at)


def _placing(desk: Desk, visit: Visit, source: Channel, target: Channel, exten: str, at: datetime) -> None:
    if visit.begun and (visit.dialled or not visit.originated):
        return
    if not visit.begun and visits.is_consultation(desk, visit, source, target.extension):
        return
    if visit.begun:
        # The dial plan may have taken a 9 off by now; what was dialled is told with the answer to whoever asked for it,
        # by another thread of the switchboard, before or after this.
        visit.led_to = visit.led_to or exten
        return
    visit.placed(source, exten, Direction.INTERNAL if target.extension else desk.reading.towards(exten))
    begin(desk, visit, at)


def alert(desk: Desk, channel: Channel, at: datetime) -> None:
    """A telephone rings in a visit."""
    visit = advice.rung_for(desk, channel)
    own = visit is not None and channel.uid == visit.principal and not channel.dialled
    if not (own or channel.is_aside):
        _Callers(desk).alert(visit, channel, at)


def _ensure_begun(desk: Desk, visit: Visit, at: datetime) -> None:
    """Begin a visit whose own channel we never saw begin."""
    if visit.begun:
        return
    principal = desk.board.channels.get(visit.principal)
    if principal is not None and principal.extension:
        placed(desk, visit, principal)
    elif principal is not None:
        visit.dialled = _line(desk, principal)
    begin(desk, visit, at)


def known(desk: Desk, visit: Visit, channel: Channel, at: datetime) -> bool:
    """Begin a caller's visit whose beginning was lost; return whether the visit may be spoken of.

    What is said of a visit that never began makes a call that nothing ever ends.
    """
    principal = desk.board.channels.get(visit.principal, channel)
    if not visit.begun and not principal.extension:
        _ensure_begun(desk, visit, at)
    return visit.begun


def queued(desk: Desk, visit: Visit, channel: Channel, queue: str, at: datetime) -> bool:
    """Report who waits in a queue; return whether it is a call.  A colleague asking a queue for advice is none."""
    if not known(desk, visit, channel, at):
        if channel.extension and visits.with_caller(desk.board, visit, channel.extension):
            return False
        visit.placed(channel, channel.exten, Direction.INTERNAL)
        begin(desk, visit, at)
    visit.queue = queue
    desk.say(QueueJoined(visit.key, at, queue))
    return True


def placed(desk: Desk, visit: Visit, channel: Channel) -> None:
    """Note that one of our telephones placed the call, to what it dialled."""
    visit.placed(channel, channel.exten, desk.reading.towards(channel.exten))


def picked_up(desk: Desk, channel: Channel, at: datetime) -> None:
    """A ringing telephone of a consultation was answered: it no longer alerts, nor has it the caller."""
    _Callers(desk).picked_up(channel, at)


def refresh(desk: Desk, moved: Channel, at: datetime) -> None:
    """Say who came to and who left every caller that ``moved`` may have been bridged with."""
    _Callers(desk).refresh(moved, at)


def let_go(desk: Desk, channel: Channel, at: datetime) -> None:
    """Note a telephone of ours that leaves a caller, or whom it rang, without having been hung up."""
    for visit in desk.board.visits():
        last = channel.uid in visit.present and set(visit.present.values()) == {channel.label}
        if last or channel.uid == visit.principal:
            visit.let_go = (channel.extension, at)


def took_over(desk: Desk, visit: Visit, channel: Channel, at: datetime) -> None:
    """Say that a telephone has the caller from now on."""
    _Callers(desk).take_over(visit, channel, at)


class _Callers(Presence[Channel, Visit]):
    """Who is with Asterisk's callers."""

    desk: Desk

    def ensure_begun(self, visit: Visit, at: datetime) -> None:
        _ensure_begun(self.desk, visit, at)

    def handed_over(self, visit: Visit, channel: Channel, before: str | None, at: datetime) -> None:
        board = self.desk.board
        number_told(self.desk, visit, visit.led_to, at)
        if before not in (None, channel.label) and not visit.handed and _was_redirected(board, visit, channel):
            self.desk.say(Transferred(visit.key, at, TransferKind.REDIRECT, before, channel.label))
        principal = board.channels.get(visit.principal)
        if principal is None or not principal.asked_to_end:
            # A caller who rang off in the instant of the answer has ended it all the same.
            visit.ender = ""

    def is_asked(self, visit: Visit, channel: Channel) -> bool:
        return advice.asked_by_staff(self.desk.board, channel)

    def note_leaving(self, visit: Visit, channel: Channel | None) -> None:
        visit.last_left_asked = channel is not None and channel.asked_to_end


def _was_redirected(board: Board, visit: Visit, channel: Channel) -> bool:
    """A caller who was led away and now rings somebody else, with no word of a transfer."""
    source = board.channels.get(channel.source)
    if source is not None and source.is_local:
        peer = board.local_peer(source)
        source = board.channels.get(peer.source) if peer else None
    anchor = board.anchor(visit)
    return source is not None and source is anchor and not visit.last_left_asked


def hang_up(desk: Desk, channel: Channel, cause: str, at: datetime) -> None:
    """A channel is gone."""
    visit = desk.board.visit_of(channel)
    if cause == "21":
        channel.status = channel.status or outcomes.REJECTED
    if visit is not None and channel.status:
        visit.statuses.add(channel.status)
    for other in desk.board.visits():
        _leg_gone(desk, other, channel, cause, at)
    if visit is not None and channel.uid == visit.principal and not visit.ended:
        _before_end(desk, visit, channel, cause, at)
    channel.bridge = ""
    spoke_with = [other for other in desk.board.visits() if channel.uid in other.present]
    desk.board.bury(channel.uid)
    for other in spoke_with:
        _Callers(desk).compare(other, at)
    if visit is not None:
        _end_if_over(desk, visit, at)


def _leg_gone(desk: Desk, visit: Visit, channel: Channel, cause: str, at: datetime) -> None:
    if not visit.may_lose(channel):
        return
    spoke = visit.took_part(channel, up=channel.state == "Up")
    reason = outcomes.leg_end(visit, channel, cause, spoke=spoke)
    if reason is LegEnd.REJECTED and channel.extension:
        visit.rejecter = channel.extension
    desk.say(LegEnded(visit.key, at, channel.leg, channel.label, reason))


def _before_end(desk: Desk, visit: Visit, channel: Channel, cause: str, at: datetime) -> None:
    if visit.gave_up_at is not None and not channel.asked_to_end:
        visit.timed_out = visit.timed_out or much_later(visit.gave_up_at, at)
        visit.ender = visit.ender or ("" if visit.timed_out else "caller")
    if visit.begun:
        callers.settle(desk, visit, at, last=True)
    elif channel.extension and channel.state != "Up" and not channel.dialled:
        _refused_dial(desk, visit, channel, cause, at)


def much_later(then: datetime, now: datetime) -> bool:
    """Say whether ``now`` is no part of the same burst of messages as ``then``."""
    return (now - then).total_seconds() > 0.3


def _refused_dial(desk: Desk, visit: Visit, channel: Channel, cause: str, at: datetime) -> None:
    """A telephone of ours dialled a number that led nowhere; service codes such as *8 are no calls."""
    if not channel.exten.removeprefix("+").isdigit():
        return
    visit.placed(channel, channel.exten, desk.reading.towards(channel.exten))
    visit.statuses.add("BUSY" if cause == "17" else "CONGESTION")
    begin(desk, visit, at)


def _end_if_over(desk: Desk, visit: Visit, at: datetime) -> None:
    inbound = visit.direction is Direction.INBOUND and visit.begun
    if inbound and desk.board.is_gone(visit.principal):
        end(desk, visit, at, outcomes.outcome(visit), _ended_by(visit, at))
        if not any(desk.board.members(visit)):
            desk.board.drop(visit)
    elif not any(desk.board.members(visit)):
        end(desk, visit, at, outcomes.outcome(visit), _ended_by(visit, at))
        desk.board.drop(visit)


def _ended_by(visit: Visit, at: datetime) -> str:
    """Return who ended it: where nobody hung up, whoever let go of it in the same moment, for a console did."""
    if visit.let_go and not (visit.ender or visit.handed or much_later(visit.let_go[1], at)):
        return visit.let_go[0]
    return outcomes.ended_by(visit)


def end(desk: Desk, visit: Visit, at: datetime, outcome: CallOutcome, by: str) -> None:
    """Report the end of a visit, once, where it was ever reported."""
    told = visit.begun and not visit.ended
    if told:
        number_told(desk, visit, visit.led_to, at)
    visits.end(desk, visit, at, outcome, by)
    if told and visit.originated and not visit.dialled:
        desk.board.undialled[visit.placed_by] = visit
