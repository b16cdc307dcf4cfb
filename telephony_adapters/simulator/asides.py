"""What happens beside the caller: a colleague is asked, the caller is parked and fetched.

The facts are those that a real switchboard's adapters tell: who is asked rings in the caller's own call, and where they
lift, that ring ends as one that was hung up (``tests/domain/test_call_asked.py`` sees the same on recordings).
"""

from __future__ import annotations

from datetime import datetime
from itertools import count

from console.domain.call_events import Alerting, Answered, LegEnd, LegEnded, Parked, Transferred
from console.domain.calls import TransferKind
from telephony_adapters.simulator.live import Facts, LiveCall, keep

FIRST_PLACE = 701


def rung_to_be_asked(call: LiveCall, colleague: str, at: datetime) -> Facts:
    """Ring a colleague while the caller waits."""
    call.consult, call.consult_up = colleague, False
    leg = call.ringing[colleague] = call.leg(colleague)
    return keep(call, [Alerting(call.id, at, leg, colleague)])


def lifted(call: LiveCall, leg: str, at: datetime) -> Facts:
    """The colleague who is asked speaks with whoever asked, and has not got the caller."""
    call.consult_up = True
    return keep(call, [LegEnded(call.id, at, leg, call.consult, LegEnd.HUNG_UP)])


def parked(call: LiveCall, parker: str, taken: frozenset[str], at: datetime) -> Facts:
    """Put the caller aside, at the first place that is not taken."""
    call.parked_at = next(str(place) for place in count(FIRST_PLACE) if str(place) not in taken)
    call.parker = parker
    leg = call.talking.pop(parker)
    call.held_by.discard(parker)
    gone = LegEnded(call.id, at, leg, parker, LegEnd.HUNG_UP)
    return keep(call, [Parked(call.id, at, True, call.parked_at, at), gone])


def fetched(call: LiveCall, taker: str, at: datetime) -> Facts:
    """Give the parked caller to whoever fetches them, whose telephone is lifted."""
    parker, place = call.parker, call.parked_at
    call.parked_at = call.fetcher = call.parker = ""
    leg = call.talking[taker] = call.leg(taker)
    handed = Transferred(call.id, at, TransferKind.PARK, parker, taker)
    return keep(call, [Parked(call.id, at, False, place, at), handed, Answered(call.id, at, leg, taker)])
