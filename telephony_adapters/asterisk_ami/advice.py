"""A colleague asked for advice is no call of its own, but a part of the caller's (telephony.md 3.5)."""

from __future__ import annotations

from telephony_adapters.asterisk_ami.board import Board, Channel, Visit
from telephony_adapters.asterisk_ami.desk import Desk
from telephony_adapters.channels.visits import is_consultation


def rung_for(desk: Desk, channel: Channel) -> Visit | None:
    """Return the visit a telephone rings for, also where it was lost that a colleague asks it for advice."""
    visit = desk.board.visit_of(channel)
    if visit is None or visit.begun or visit.principal == channel.uid:
        return visit
    asking = desk.board.channels.get(visit.principal)
    if asking is not None and is_consultation(desk, visit, asking, channel.extension):
        return desk.board.visit_of(channel)
    return visit


def asked_by_staff(board: Board, channel: Channel) -> bool:
    """Say whether a telephone was rung by a colleague who has a caller on the line."""
    source = board.channels.get(channel.source)
    while source is not None and source.is_local:
        peer = board.local_peer(source)
        if peer is None or not peer.source:
            # The pair that an attended transfer of the switchboard's own makes was dialled by nobody.
            return peer is not None and peer.dialled is False
        source = board.channels.get(peer.source)
    return source is not None and source.consulted
