"""What an entry of the record is, in the words of those who work: for reviews and transcripts."""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.record import Kind
from console.domain.rights import CALL_ACTS

TELEPHONES = "the telephones"
"""Who says what a switchboard tells: whichever console heard it first only wrote it down."""
ACT_WORDS: Mapping[Kind, str] = {
    Kind.CALL_SEEN: "Call began",
    Kind.CALL_NUMBER: "Number of the call",
    Kind.CALL_QUEUED: "Call waits in a queue",
    Kind.CALL_OFFERED: "Call rings",
    Kind.CALL_ANSWERED: "Call answered",
    Kind.CALL_LEG_ENDED: "A telephone left the call",
    Kind.CALL_HELD: "Call put on hold or taken back",
    Kind.CALL_JOINED: "A telephone joined the call",
    Kind.CALL_LEFT: "A telephone left the others on the call",
    Kind.CALL_PARKED: "Caller parked or fetched",
    Kind.CALL_TRANSFERRED: "Call passed on",
    Kind.CALL_ALIAS: "Two calls found to be one",
    Kind.CALL_EMERGENCY: "Emergency number dialled",
    Kind.CALL_ENDED: "Call ended",
    Kind.CALL_CLAIMED: "Call taken",
    Kind.CALL_CLAIM_KEPT: "Whoever took the call is still there",
    Kind.CALL_UNCLAIMED: "Call given back by whoever had taken it",
    Kind.CALL_REVIEWED: "Call that reached nobody looked into",
    Kind.CALL_RING_BACK: "Caller being rung back",
    Kind.CALL_PLACED: "Telephone of ours rings somebody",
    Kind.CALL_SUPERVISION: "Listening asked for",
    Kind.CALL_SUPERVISED: "Listened to",
    Kind.CONTACT_OPENED: "Record opened",
    Kind.CONTACT_NOTE: "Note",
    Kind.CONTACT_FIELD: "Field of the record",
    Kind.CONTACT_PROMPT: "Question ticked as asked",
    Kind.CONTACT_SUBJECT_ADDED: "Person chosen",
    Kind.CONTACT_IDENTITY: "Identity confirmed",
    Kind.CONTACT_WRONG_PERSON: "Wrong person taken out",
    Kind.CONTACT_DECISION: "Decision and its reason",
    Kind.CONTACT_HANDOVER: "Morning handover",
    Kind.CONTACT_KEPT: "Record put aside",
    Kind.CONTACT_COMPLETED: "Record finished",
    Kind.CONTACT_TAKEN: "Record taken over",
    Kind.CONTACT_CALL_ADDED: "Call added to the record",
    Kind.CONTACT_RISK_ASKED: "Asked whether they are at risk now",
    Kind.INCIDENT_OPENED: "Incident opened",
    Kind.INCIDENT_LINKED: "Call or record joined to the incident",
    Kind.INCIDENT_JOINED: "Joined the incident",
    Kind.INCIDENT_LEFT: "Left the incident",
    Kind.INCIDENT_SWAPPED: "Roles swapped",
    Kind.INCIDENT_LOCATION: "Where the person is",
    Kind.INCIDENT_FACT: "Fact",
    Kind.INCIDENT_HAZARD: "Hazard",
    Kind.INCIDENT_HOOK: "What calms, inflames or was promised",
    Kind.INCIDENT_RING_BACK: "Rang back",
    Kind.INCIDENT_RISK: "Risk",
    Kind.INCIDENT_NOTE: "Note of the incident",
    Kind.INCIDENT_STOOD_DOWN: "Incident stood down",
    Kind.INCIDENT_DEBRIEF: "Debrief offered",
    Kind.INCIDENT_RELAYED: "Read out from the relay card",
    Kind.SUMMONS_SENT: "Second worker asked for",
    Kind.SUMMONS_ACCEPTED: "Second worker comes",
    Kind.SIGNAL_SENT: "Signal",
    Kind.SIGNAL_ANSWERED: "Signal answered",
    Kind.MESSAGE_SENT: "Line to the partner",
    Kind.HELP_DRAFTED: "Help decided on",
    Kind.HELP_CHANGED: "News of help",
    Kind.HELP_TAKEN: "Request for help taken",
    Kind.HELP_UPDATED: "Update on help",
    Kind.HELP_TOLD: "Caller told that nobody is coming",
    Kind.HELP_PASSED: "Agency told what changed",
    Kind.HELP_CHASED: "Help asked for again",
    Kind.PERSON_CREATED: "New person",
    Kind.PERSON_LINE: "Number of a person",
    Kind.PERSON_RESTRICTED: "Record of a person restricted",
    Kind.PERSON_PLAN: "Plan for a person",
    Kind.PERSON_PLAN_REVIEWED: "Plan reviewed",
    Kind.PERSON_PLAN_ENDED: "Plan ended",
    Kind.SHIFT_SIGNED_IN: "Signed in",
    Kind.SHIFT_SIGNED_OUT: "Signed out",
    Kind.SHIFT_STATE: "State of a worker",
    Kind.SHIFT_UNSENT: "Entries wait on a computer",
    Kind.SHIFT_WATCH: "Watch on the telephones",
    Kind.SHIFT_ALERT: "Alert",
    Kind.SHIFT_CALL_OUT: "On-call manager called out",
    Kind.SHIFT_ASKED: "Telephone asked for through a witness",
    Kind.SHIFT_ASK_ANSWERED: "Witness answered",
    Kind.SHIFT_QUEUE: "Queue held",
    Kind.SHIFT_QUEUE_FREED: "Queue let go",
    Kind.SHIFT_RELIEF: "Pause after a hard call",
    Kind.AGENCY_CHECKED: "Number of an agency checked",
    Kind.SEEN_OUTSIDE: "Disputed entry",
    Kind.ACCESS_OFFLINE: "Record opened while the database was away",
    Kind.UNKNOWN: "Entry of a newer Nightdesk",
}
"""As the heading of one entry, or behind a time: a colon and words may follow."""
_OF_TELEPHONES = frozenset(kind for kind in ACT_WORDS if kind.value.startswith("call.")) - CALL_ACTS


def act_words(kind: str) -> str:
    """Return what an entry of a kind, as written, is; a kind that is not known here stays as it is written."""
    try:
        return ACT_WORDS.get(Kind(kind), kind)
    except ValueError:
        return kind


def is_of_telephones(kind: Kind) -> bool:
    """Say whether a switchboard tells it, and nobody does it by writing it down."""
    return kind in _OF_TELEPHONES
