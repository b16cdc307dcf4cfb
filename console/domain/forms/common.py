"""Fields that every contact type shares (domain.md 2 and 8.2), in full and in a light set."""

from __future__ import annotations

from console.domain.forms.spec import (
    Choice,
    FieldKind,
    FieldSpec,
    always,
    unless,
    when,
)

PRIORITY_CHOICES: tuple[Choice, ...] = (
    Choice("p1_life_now", "Now", ("life at risk now",)),
    Choice("p2_harm_tonight", "Within the hour"),
    Choice("p3_before_day_service", "This shift"),
    Choice("p4_hand_over", "Next working day"),
    Choice("p5_information", "Information"),
)

# The official source codes; the letters' meanings are from general knowledge (domain.md 7).
SOURCE_CHOICES: tuple[Choice, ...] = (
    Choice("1C", "Self"),
    Choice("1A", "Family or carer"),
    Choice("1B", "Friend or neighbour"),
    Choice("1D", "Other person"),
    Choice("6", "Police"),
    Choice("3E", "Hospital (A&E)"),
    Choice("3A", "GP"),
    Choice("3B", "Health visitor"),
    Choice("3C", "School nurse"),
    Choice("3D", "Other primary health"),
    Choice("3F", "Other health"),
    Choice("2A", "School"),
    Choice("2B", "Education service"),
    Choice("4", "Housing"),
    Choice("5A", "Social care, this council"),
    Choice("5B", "Other team, this council"),
    Choice("5C", "Another council"),
    Choice("5D", "Council, not clear which"),
    Choice("7", "Other legal agency"),
    Choice("8", "Other"),
    Choice("9", "Anonymous"),
    Choice("10", "Not known"),
)
PROFESSIONAL = tuple(choice.key for choice in SOURCE_CHOICES if choice.key[0] in "2345678" and choice.key != "8")
"""Sources who can be asked for a written referral."""

CONSENT_CHOICES: tuple[Choice, ...] = (
    Choice("given", "Given"),
    Choice("refused", "Refused"),
    Choice("not_sought", "Not sought"),
    Choice("not_possible", "Not possible to ask"),
    Choice("not_needed_risk", "Not needed: risk to life"),
)

OUTCOME_CHOICES: tuple[Choice, ...] = (
    Choice("immediate_action", "Immediate action taken", ("Person reached, conveyed by ambulance",)),
    Choice("strategy_discussion", "Strategy discussion"),
    Choice("s47_started", "Section 47 enquiry started"),
    Choice("assessment_day_team", "Assessment by the day team"),
    Choice("information_added", "Information added to open work"),
    Choice("advice_given", "Advice given"),
    Choice("signposted", "Told where to go"),
    Choice("below_threshold_early_help", "Below threshold: early help"),
    Choice("passed_other_edt", "Passed to another out-of-hours team"),
    Choice("passed_amhp", "Passed to the AMHP service"),
    Choice("no_further_action", "No further action"),
    Choice("duplicate", "Already recorded elsewhere"),
)

SERVICE_CHOICES: tuple[Choice, ...] = (
    Choice("children", "Children"),
    Choice("adults", "Adults"),
    Choice("amhp", "AMHP"),
    Choice("both", "Children and adults"),
)

_HISTORY = (
    Choice("yes", "Yes, read and weighed"),
    Choice("none_found", "None found"),
    Choice("not_available", "Not available"),
)


PRIORITY = FieldSpec(
    "priority",
    "How urgent",
    FieldKind.CHOICE,
    PRIORITY_CHOICES,
    always,
    why="It decides what is done first, and by whom.",
    source="domain.md 8.1",
)
SOURCE = FieldSpec(
    "source_code",
    "Who is calling",
    FieldKind.CHOICE,
    SOURCE_CHOICES,
    always,
    help="What the caller is to this work, not the caller's name.",
    why="National returns count referrals by source.",
    source="children in need census",
)
CONSENT = FieldSpec(
    "consent",
    "Consent",
    FieldKind.CHOICE,
    CONSENT_CHOICES,
    always,
    help="It never stops you from keeping somebody safe.",
    why="People are told who is told about them, unless telling would put somebody at risk.",
    source="domain.md 1.2",
)
AUTHORITY = FieldSpec(
    "authority",
    "Authority",
    FieldKind.CHOICE,
    (),
    always,
    help="From the line that was dialled; change it where the person lives or is found elsewhere.",
    why="The council in whose area somebody is found acts tonight.",
    source="domain.md 0.5",
    derived=True,
)
SERVICE = FieldSpec("service", "Service", FieldKind.CHOICE, SERVICE_CHOICES, always, derived=True)
SUMMARY = FieldSpec(
    "summary",
    "In the caller's words",
    FieldKind.LONG_TEXT,
    required=always,
    help="The first line of the note, until something is written here.",
    why="The day team should read what was said, not what we made of it.",
    source="domain.md 8.2",
    derived=True,
)
OUTCOME = FieldSpec("outcome", "Outcome", FieldKind.CHOICE, OUTCOME_CHOICES, always, source="domain.md 8.1")
ADVICE = FieldSpec("advice", "Advice given", FieldKind.LONG_TEXT)

LIGHT: tuple[FieldSpec, ...] = (PRIORITY, SOURCE, AUTHORITY, SERVICE, SUMMARY, OUTCOME, ADVICE)
"""For contacts that concern nobody in particular."""

FULL: tuple[FieldSpec, ...] = (
    PRIORITY,
    SOURCE,
    CONSENT,
    FieldSpec(
        "consent_reason",
        "Why, and who decided",
        FieldKind.TEXT,
        required=when("consent", "refused", "not_sought", "not_possible"),
        source="domain.md 1.2",
    ),
    AUTHORITY,
    SERVICE,
    FieldSpec(
        "responsible_authority",
        "Responsible authority, if another",
        FieldKind.TEXT,
        help="Another council is responsible only after it has said so; follow up in writing.",
        source="domain.md 0.5",
    ),
    FieldSpec(
        "subject",
        "Who it is about",
        FieldKind.PERSON,
        required=unless("subject_unknown"),
        derived=True,
    ),
    FieldSpec(
        "subject_unknown",
        "Why nobody is named",
        FieldKind.TEXT,
        help="Such as: would not say; child seen in the street.",
    ),
    FieldSpec("caller_name", "Caller's name", FieldKind.TEXT),
    FieldSpec("caller_agency", "Agency", FieldKind.TEXT, required=when("source_code", *PROFESSIONAL)),
    FieldSpec("caller_number", "Number given", FieldKind.TEXT),
    FieldSpec("safe_contact", "Safe way to reach them", FieldKind.TEXT, why="A call to the wrong telephone can harm."),
    SUMMARY,
    FieldSpec("in_the_home", "Who else is in the home", FieldKind.LONG_TEXT, help="Adults, children, animals."),
    FieldSpec("danger_now", "Danger now", FieldKind.YES_NO_UNKNOWN, required=always, source="domain.md 2"),
    FieldSpec(
        "history_considered",
        "History considered",
        FieldKind.CHOICE,
        _HISTORY,
        always,
        why="Inspectors look for it: what was known, and what was made of it.",
        source="domain.md 1.2",
    ),
    FieldSpec("history_summary", "Risks and strengths in it", FieldKind.LONG_TEXT),
    FieldSpec(
        "can_it_wait",
        "Can it wait until the office opens",
        FieldKind.YES_NO_UNKNOWN,
        required=always,
        help="No, for everything that is urgent now.",
        source="domain.md 2",
        derived=True,
    ),
    FieldSpec(
        "written_referral",
        "Written referral",
        FieldKind.CHOICE,
        (Choice("asked", "Asked for"), Choice("received", "Received"), Choice("not_asked", "Not asked")),
        when("source_code", *PROFESSIONAL),
        source="domain.md 1.1",
    ),
    ADVICE,
    OUTCOME,
    FieldSpec(
        "handover_to",
        "Handover to",
        FieldKind.MANY,
        required=when("outcome", "assessment_day_team", "strategy_discussion", "s47_started", "passed_other_edt"),
        derived=True,
    ),
)
"""For everything that concerns a person."""
