"""Why cacofonisk and we tell some calls differently: each difference by its scenario and field, on every recording."""

from __future__ import annotations

from tests.helpers.second_opinion import Difference

OWN_CALLS = "it counts a colleague asked for advice, or a supervisor listening, as a call; to us these are the caller's"
OWN_RING = "its consultation has the ringing; to us every telephone rung for the caller has rung in the caller's call"
OWN_PHONE = "it tells only the far side's ringing; the adviser's own telephone, rung first, was alerted too"
LOCAL = "it names the switchboard's own Local channel as the taker; we follow the pair to the telephone behind it"
LOCAL_RING = "a telephone rung over a Local pair by the switchboard's own transfer is not told by it at all"
BLONDE = "it tells no answer after a transfer that was let go of while the colleague's telephone still rang"
FEATURE = "the colleague came by a swap of bridges; whom it names is the order of a set, and here it told no answer"
PARKED = "it does not follow a caller into the car park, nor out of it"
PICKED_UP = "it tells who answered, as we do, and not that the call was taken from another telephone"
REDIRECTED = "it does not see who answers after a program led the caller to another telephone"
LINE_UP = "a caller on a line that the queue had answered is 'completed' to it, whether or not anybody took the call"
TIMED_OUT = "it has no word for a queue that gave up; the message afterwards is a completed call to it"
RIG_ANSWERS = "the rig's announcement completes it; nobody of an emergency service was reached, so we say unknown"
TIME_LIMIT = "Asterisk 16 tells a time limit of click to dial as cancelled; we say that nobody answered"

EXPLAINED: dict[tuple[str, str], str] = {
    ("chanspy", "calls"): OWN_CALLS,
    ("consult_then_back", "calls"): OWN_CALLS,
    ("consult_then_back", "rang"): OWN_RING,
    ("xfer_attended", "calls"): OWN_CALLS,
    ("xfer_attended", "rang"): OWN_RING,
    ("click_to_dial", "rang"): OWN_PHONE,
    ("click_to_dial_unanswered", "rang"): OWN_PHONE,
    ("click_to_dial_unanswered", "ended"): TIME_LIMIT,
    ("xfer_atxfer_ami", "rang"): LOCAL_RING,
    ("xfer_atxfer_ami", "answered_by"): FEATURE,
    ("xfer_atxfer_ami", "transfers"): LOCAL,
    ("xfer_blonde", "rang"): LOCAL_RING,
    ("xfer_blonde", "answered_by"): BLONDE,
    ("xfer_blonde", "transfers"): LOCAL,
    ("xfer_blonde_merged", "rang"): LOCAL_RING,
    ("xfer_blonde_merged", "answered_by"): BLONDE,
    ("xfer_blonde_merged", "transfers"): LOCAL,
    ("park", "answered_by"): PARKED,
    ("park", "transfers"): PARKED,
    ("pickup", "transfers"): PICKED_UP,
    ("redirect_ami", "answered_by"): REDIRECTED,
    ("redirect_ami", "transfers"): REDIRECTED,
    ("q_abandoned", "ended"): LINE_UP,
    ("q_answer_hangup_race", "ended"): LINE_UP,
    ("same_number_twice", "ended"): LINE_UP,
    ("snapshot_midcall", "ended"): LINE_UP,
    ("busy_evening", "ended"): LINE_UP,
    ("q_timeout", "ended"): TIMED_OUT,
    ("q_all_paused", "ended"): TIMED_OUT,
    ("emergency_caught", "ended"): RIG_ANSWERS,
}


def place_of(difference: Difference) -> tuple[str, str]:
    """Return by what a difference is explained."""
    return difference.recording.partition(":")[2], difference.field


def explanation(difference: Difference) -> str:
    """Return why; empty where nobody knows."""
    return EXPLAINED.get(place_of(difference), "")
