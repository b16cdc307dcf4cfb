"""The kinds of risk marker (domain.md 5): their words, how urgent they are, how soon they are reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from console.domain.people import Rank


@dataclass(frozen=True, slots=True)
class MarkerKind:
    """A kind of marker: the label on screen, its rank, and months until its review."""

    key: str
    label: str
    rank: Rank
    months: int = 12


_TABLE = (
    MarkerKind("violence_to_staff", "Violence to staff", Rank.HOUR),
    MarkerKind("weapons", "Weapons", Rank.NOW),
    MarkerKind("dangerous_dog", "Dangerous dog", Rank.SHIFT),
    MarkerKind("drug_paraphernalia", "Needles or drugs in the home", Rank.SHIFT),
    MarkerKind("hoarding_fire", "Hoarding: fire risk", Rank.SHIFT),
    MarkerKind("infection_control", "Infection control", Rank.SHIFT),
    MarkerKind("two_person_visits", "Do not visit alone", Rank.HOUR),
    MarkerKind("female_worker_only", "Female worker only", Rank.SHIFT),
    MarkerKind("male_worker_only", "Male worker only", Rank.SHIFT),
    MarkerKind("da_high", "Domestic abuse: high risk", Rank.HOUR, 3),
    MarkerKind("do_not_disclose_address", "Address must not be disclosed", Rank.NOW, 3),
    MarkerKind("do_not_call_back", "Do not ring back", Rank.HOUR, 3),
    MarkerKind("no_contact_person", "No contact with a named person", Rank.HOUR),
    MarkerKind("court_order_in_force", "Court order in force", Rank.HOUR),
    MarkerKind("child_protection_plan", "Child protection plan", Rank.HOUR, 3),
    MarkerKind("looked_after_child", "Looked-after child", Rank.SHIFT, 6),
    MarkerKind("care_leaver", "Care leaver", Rank.DAY),
    MarkerKind("uasc", "Unaccompanied child", Rank.SHIFT, 6),
    MarkerKind("missing_repeat", "Repeatedly missing", Rank.HOUR, 3),
    MarkerKind("exploitation", "Exploitation", Rank.HOUR, 6),
    MarkerKind("suicide_self_harm", "Suicide or self-harm", Rank.HOUR),
    MarkerKind("capacity_dols", "Capacity, or deprived of liberty", Rank.SHIFT),
    MarkerKind("deaf_bsl", "Deaf: British Sign Language", Rank.SHIFT),
    MarkerKind("text_relay", "Text relay", Rank.SHIFT),
    MarkerKind("speech", "Speech difficulty", Rank.SHIFT),
    MarkerKind("learning_disability", "Learning disability", Rank.SHIFT),
    MarkerKind("autism", "Autism", Rank.SHIFT),
    MarkerKind("dementia", "Dementia", Rank.SHIFT),
    MarkerKind("interpreter", "Interpreter needed", Rank.SHIFT),
    MarkerKind("literacy", "Does not read easily", Rank.DAY),
    MarkerKind("key_safe", "Key safe", Rank.INFORMATION),
    MarkerKind("oxygen_equipment", "Oxygen or other equipment", Rank.SHIFT),
    MarkerKind("repeat_caller_plan", "Plan for repeated calls", Rank.SHIFT),
    MarkerKind("malicious_history", "Malicious calls before", Rank.SHIFT),
    MarkerKind("restricted_record", "Restricted record", Rank.NOW),
    MarkerKind("staff_or_relative", "Staff, or a relative of staff", Rank.SHIFT),
    MarkerKind("media_interest", "Media interest", Rank.DAY),
)

MARKER_KINDS: dict[str, MarkerKind] = {kind.key: kind for kind in _TABLE}


def months_after(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of that month."""
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last = date.fromordinal(first_of_next.toordinal() - 1)
    return date(year, month, min(day.day, last.day))
