"""Scenarios in which a caller changes hands: transfers, a colleague asked, pick-up, parking, conference, listeners."""

from __future__ import annotations

from dataclasses import replace

from tests.helpers.pbx import scenario_lines as lines
from tests.helpers.pbx.stage import Stage, Visit
from tests.helpers.pbx.truth import now

TO_1003 = {"Exten": "1003", "Context": "from-internal"}


def _talking(x: Stage, number: str) -> Visit:
    visit = x.talking(number)
    x.breathe()
    return visit


def _drops_in(x: Stage, number: str) -> None:
    """Let 1003 dial into something, stay a while and hang up."""
    x.phone("1003").dial(number)
    x.phone("1003").connected()
    x.breathe(0.8)
    x.phone("1003").hang_up()
    x.breathe()


def _arrives(x: Stage, visit: Visit, kind: str) -> None:
    """Let 1003 take what comes to it from 1001."""
    visit.rings("1003")
    visit.answered_by("1003")
    visit.transferred(kind, "1001", "1003")
    visit.rings_off()


def xfer_blind(x: Stage) -> None:
    """1001 gives the caller to 1003 by the telephone's own transfer."""
    visit = _talking(x, "02079460180")
    x.phone("1001").blind_transfer("1003")
    _arrives(x, visit, "blind")


def xfer_blind_noanswer(x: Stage) -> None:
    """The same, and 1003 does not answer; the caller gives up."""
    visit = _talking(x, "02079460181")
    x.phone("1001").blind_transfer("1003")
    visit.rings("1003")
    visit.transferred("blind", "1001", "1003")
    visit.rings_off()


def xfer_blind_ami(x: Stage) -> None:
    """A program at the switchboard gives the caller away for 1001."""
    visit = _talking(x, "02079460194")
    x.hands.act("BlindTransfer", Channel=x.hands.channel("1001"), **TO_1003)
    _arrives(x, visit, "blind")


def redirect_ami(x: Stage) -> None:
    """A program leads the caller's own channel to another telephone."""
    visit = _talking(x, "02079460195")
    x.hands.act("Redirect", Channel=x.hands.channel("trunk"), Priority="1", **TO_1003)
    _arrives(x, visit, "redirect")


def _consulting(x: Stage, visit: Visit) -> None:
    """Put the caller on hold and ask 1003."""
    x.phone("1001").hold()
    visit.is_true(holds=1)
    x.breathe()
    x.phone("1001").dial("1003")
    visit.rings("1003")
    x.phone("1003").answer()
    x.phone("1001").connected()
    x.breathe()


def xfer_attended(x: Stage) -> None:
    """1001 asks 1003 and then joins the caller and 1003 by the telephone's own transfer."""
    visit = _talking(x, "02079460190")
    _consulting(x, visit)
    began = now()
    x.phone("1001").attended_transfer()
    x.breathe(1.5)
    visit.taken_by("1003", began)
    visit.transferred("attended", "1001", "1003")
    visit.rings_off()


def consult_then_back(x: Stage) -> None:
    """1001 asks 1003, lets 1003 go, and goes back to the caller."""
    visit = _talking(x, "02079460191")
    _consulting(x, visit)
    x.phone("1001").hang_up()
    x.breathe()
    x.phone("1001").resume()
    x.breathe()
    visit.rings_off()


def _asks_by_feature(x: Stage, number: str) -> Visit:
    """Let the switchboard put the caller on hold for 1001 and ring 1003."""
    visit = _talking(x, number)
    x.hands.act("Atxfer", Channel=x.hands.channel("1001"), **TO_1003)
    visit.rings("1003")
    visit.is_true(holds=1)
    return visit


def xfer_atxfer_ami(x: Stage) -> None:
    """The switchboard's own attended transfer, 1001 to 1003."""
    visit = _asks_by_feature(x, "02079460192")
    x.phone("1003").answer()
    x.breathe(1.0)
    began = now()
    x.phone("1001").hang_up()
    x.breathe()
    visit.taken_by("1003", began)
    visit.transferred("attended", "1001", "1003")
    visit.rings_off()


def xfer_blonde(x: Stage) -> None:
    """The same, and 1001 lets go while 1003 still rings."""
    visit = _asks_by_feature(x, "02079460193")
    x.phone("1001").hang_up()
    x.breathe(1.0)
    visit.answered_by("1003")
    visit.transferred("attended", "1001", "1003")
    visit.rings_off()


def chanspy(x: Stage) -> None:
    """1003 listens to 1001, then whispers, then speaks to both."""
    visit = _talking(x, "02079460200")
    for number in (lines.LISTEN, lines.WHISPER, lines.BARGE):
        _drops_in(x, number)
    visit.is_true(supervised_by=["1003"])
    visit.rings_off()


def conference(x: Stage) -> None:
    """Caller and 1001 are led into one room, 1003 dials into it and leaves again."""
    visit = _talking(x, "02079460201")
    room = {"Exten": lines.ROOM, "Context": "from-internal", "Priority": "1"}
    extra = {f"Extra{key}": value for key, value in room.items()}
    channels = {"Channel": x.hands.channel("trunk"), "ExtraChannel": x.hands.channel("1001")}
    x.hands.act("Redirect", **channels, **room, **extra)
    x.breathe(1.0)
    _drops_in(x, lines.ROOM)
    visit.is_true(joined=["1003"])
    visit.rings_off()


def pickup(x: Stage) -> None:
    """1003 takes the call that rings on 1001."""
    visit = x.call_in("02079460202", lines.DIRECT, None)
    visit.rings("1001")
    began = now()
    x.phone("1003").dial(lines.PICK_UP_1001)
    x.phone("1003").connected()
    visit.taken_by("1003", began)
    visit.transferred("pickup", "1001", "1003")
    visit.rings_off()


def park(x: Stage) -> None:
    """The caller is parked, and 1002 takes them back; also told to somebody who begins to watch meanwhile."""
    visit = _talking(x, "02079460221")
    channels = {"Channel": x.hands.channel("trunk"), "AnnounceChannel": x.hands.channel("1001")}
    x.hands.act("Park", **channels, Timeout="30000")
    space = x.hands.told("ParkedCall", "ParkingSpace")
    with x.watched_also(x.accounts.few) as second:
        began = now()
        x.phone("1002").dial(space)
        x.phone("1002").connected()
        visit.taken_by("1002", began)
        visit.transferred("park", "1001", "1002")
        visit.rings_off()
        late = second.calls(1)
        # Who parked them is told only to those who heard it.
        known = replace(visit.truth, only=frozenset({"caller", "outcome", "ended_by", "ended_at"}))
        x.seen_also("late", [known], late)
        x.check("late: transfers", [("park", "1002")], [(t["kind"], t["to"]) for one in late for t in one["transfers"]])


def ami_hangup(x: Stage) -> None:
    """A program mutes 1001 and then ends its call, as a console does for whoever sits there."""
    visit = _talking(x, "02079460241")
    x.hands.act("MuteAudio", Channel=x.hands.channel("1001"), Direction="in", State="on")
    x.breathe()
    with visit.ending("1001"):
        x.hands.act("Hangup", Channel=x.hands.channel("1001"), Cause="16")
        visit.caller.gone()


HANDS = (
    xfer_blind, xfer_blind_noanswer, xfer_attended, consult_then_back, xfer_atxfer_ami, xfer_blonde, xfer_blind_ami,
    redirect_ami, chanspy, conference, pickup, park, ami_hangup,
)  # fmt: skip
