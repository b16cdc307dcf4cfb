"""Script A as the handler's screen shows it: Tue 01-Dec-2026, 22:17:58 and 22:14:56, and other states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from console.domain.forms.suicidal_caller import FORM
from console.domain.people import Rank
from ui.desktop.forms.from_spec import record_form
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.handler.lists import (
    contact_row,
    found_row,
    marker_rows,
    need_row,
    person_rows,
    request_row,
    said_row,
    unfinished_row,
)
from ui.desktop.screens.handler.rows import (
    ActButton,
    CallBarRow,
    CandidateCardRow,
    CandidatesRow,
    ChoiceRow,
    FindRow,
    HandlerRows,
    HelpRow,
    IdentityRow,
    ListRow,
    NoteLineRow,
    NotesRow,
    PartnerRow,
    PromptRow,
    PromptsRow,
    RiskRow,
    SignalsRow,
    SlotRow,
    Tone,
    WrapUpRow,
)
from ui.desktop.shortcuts import Act
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Choice, Face, HealthRow, Kept, Mark, Span, StatusRow
from ui.desktop.widgets.rows import Row, heading, pair, quiet, sentence

_SHUT = "Opens when a person is chosen. Until then only what is known of the line is shown."
_USUAL = "For a suicidal caller the usual requests are ambulance, police and crisis team. Nothing is sent by itself."
_NOBODY = "A caller's name appears here when the telephone rings."


def line_id(number: int) -> UUID:
    """Return the id of the test note's line ``number``."""
    return UUID(int=number)


def button(
    act: Act,
    text: str,
    *,
    note: str = "",
    mark: Mark = Mark.NONE,
    lit: bool = False,
    filled: bool = False,
    enabled: bool = True,
    why: str = "",
) -> ActButton:
    """Return a button."""
    return ActButton(act, ButtonFace(text, "", note, mark, lit, filled, enabled, why))


def status(clock: str, shared: str, *partner: Span) -> StatusRow:
    """Return the status row of Priya Raman."""
    small = Type.CAPTION
    me = (Span("Priya Raman", Weight.SEMIBOLD, size=small), Span(", handler", ink=Ink.SECONDARY, size=small))
    return StatusRow(
        (HealthRow("Phones connected"), HealthRow(f"Notes shared {shared}")), (*me, *partner), "Tue 01-Dec-2026", clock
    )


def note(*lines: tuple[str, str, Kept]) -> NotesRow:
    """Return a note of ``lines`` (clock, text, state)."""
    rows = [NoteLineRow(line_id(at), text, clock, kept) for at, (clock, text, kept) in enumerate(lines, 1)]
    return NotesRow("contact-1", tuple(rows))


def fields(consent: str | None) -> tuple[ChoiceRow, ...]:
    """Return the four fields under the note."""
    kinds = (
        Choice("suicidal_caller", "Suicidal caller"),
        Choice("child_protection", "Child protection concern"),
        Choice("information", "Information"),
        Choice("silent", "Silent call"),
    )
    ranks = tuple(
        Choice(rank.value, words, rank)
        for rank, words in zip(
            Rank, ("Now", "Within the hour", "This shift", "Next working day", "Information"), strict=True
        )
    )
    who = (Choice("1C", "Self"), Choice("1A", "Family or carer"), Choice("6", "Police"))
    consents = (Choice("given", "Given"), Choice("not_needed_risk", "Not needed: risk to life"))
    return (
        ChoiceRow("type", "Kind of call", kinds, "suicidal_caller", "Choose"),
        ChoiceRow("priority", "How urgent", ranks, Rank.NOW.value, "Choose"),
        ChoiceRow("source_code", "Who is calling", who, "1C", "Choose"),
        ChoiceRow("consent", "Consent", consents, consent, "Not asked yet"),
    )


def wrap_up(missing: str, handover: str | None, *, morning: bool) -> WrapUpRow:
    """Return the wrap-up row."""
    outcomes = (Choice("immediate_action", "Immediate action taken"), Choice("advice_given", "Advice given"))
    teams = (Choice("adults_crisis", "Adults' team, crisis team"), Choice("mash", "MASH"))
    return WrapUpRow(
        ChoiceRow("outcome", "Outcome", outcomes, None, "Choose at the end"),
        ChoiceRow("handover_to", "Handover to", teams, handover, "Nobody yet"),
        morning,
        missing,
        ButtonFace("Finish call record"),
    )


def signals(*, to: str, police: str = "", ambulance: str = "") -> SignalsRow:
    """Return the signals, seen or not."""

    def one(act: Act, text: str, seen: str) -> ActButton:
        return button(act, text, note=seen, mark=Mark.TICK, lit=True) if seen else button(act, text)

    return SignalsRow(
        f"Signals to {to}" if to else "Signals",
        "make no sound",
        (
            one(Act.GET_POLICE, "Get police", police),
            one(Act.GET_AMBULANCE, "Get ambulance", ambulance),
            button(Act.MANAGER, "Manager please"),
            button(Act.CALLER_GONE, "Caller gone"),
        ),
        button(Act.AT_RISK, "I am at risk"),
    )


PROMPTS = (
    ("suicide", "Suicide, directly"),
    ("where", "Where"),
    ("what", "What and when"),
    ("alone", "Alone"),
    ("drink", "Drinking"),
    ("drug", "Which drug"),
    ("car", "The car: make, colour"),
    ("gate", "Gate or barrier"),
    ("helped", "What has helped"),
)


def prompts(asked: int) -> PromptsRow:
    """Return the prompts with the first ``asked`` asked."""
    rows = [PromptRow(key, label, at < asked) for at, (key, label) in enumerate(PROMPTS)]
    return PromptsRow(tuple(rows), f"{asked} of {len(PROMPTS)} asked")


CONFIRM = FormRow(
    "confirm",
    "Confirm identity: FENN, Marcus",
    (
        SectionRow(
            "What did the caller say?",
            (
                FieldRow("name", "Gave this name", Kind.TICK, "yes"),
                FieldRow("born", "Gave 19-Feb-1992 as date of birth", Kind.TICK),
                FieldRow("postcode", "Gave the postcode on the record", Kind.TICK),
            ),
        ),
    ),
    "Ask for a name and a date of birth, and tick what the caller said without being told.",
    "Confirm",
)


def paired() -> HandlerRows:
    """Return the screen at 22:17:58: confirmed, pair at work, another call waits."""
    small = Type.CAPTION
    partner = (
        Span("with ", ink=Ink.SECONDARY, size=small, gap=14),
        Span("Tom Adeyemi", Weight.SEMIBOLD, size=small),
        Span(", coordinating since 22:15", ink=Ink.SECONDARY, size=small),
    )
    seen, shared, kept = Kept.SEEN, Kept.SHARED, Kept.KEPT
    return HandlerRows(
        status=status("22:17:58", "22:17:55", *partner),
        call=CallBarRow(
            "ON CALL",
            "Hampshire adults",
            "03:39",
            "07700 900412",
            detail="Waited 00:14. Mobile. First call from this number tonight.",
            tone=Tone.LIVE,
            buttons=(
                button(Act.HOLD, "Hold"),
                button(Act.SWAP, "Swap roles"),
                button(Act.TRANSFER, "Transfer"),
                button(Act.END, "End call"),
            ),
        ),
        slot=SlotRow(
            "01632 960741",
            ChipRow("WAITING 00:44", Face.AMBER, rank=Rank.HOUR),
            "Portsmouth children. Nobody free; the duty manager sees it.",
            Tone.ALARM,
            (button(Act.ANSWER, "Hold this and answer"), button(Act.OFFER, "Offer to the team")),
        ),
        who=IdentityRow(
            "FENN, Marcus",
            "19-Feb-1992",
            "(34y)",
            "Male",
            "448 210",
            asked="Date of birth not asked",
            chip=ChipRow("Confirmed by name 22:15", Face.OK, Mark.TICK),
            confirm=button(Act.CONFIRM, "Change"),
            where="In the car, by the reservoir, the second car park",
            where_source="caller stated 22:16",
            address="Record address 9 Larch Court, Netherbourne",
            address_note=ChipRow("as at 14 months ago: ask where they are now", Face.OLD),
        ),
        risk=RiskRow(
            ChipRow("LIFE AT RISK NOW", Face.RANK, rank=Rank.NOW),
            "Overdose at 21:45, caller stated 22:15",
            (ChipRow("Suicide or self-harm, set 03-Oct-2025: review overdue since 03-Oct-2026", Face.OLD),),
            "1 marker",
            now=True,
            detail=(
                marker_rows(
                    "m1",
                    Rank.HOUR,
                    "Suicide or self-harm",
                    "Took tablets on 02-Oct-2025; welfare visit the same night.",
                    "Set 03-Oct-2025 by Owen Pryce, authorised by Helen Marsh. Source: crisis team letter.",
                    "review overdue since 03-Oct-2026",
                    old=True,
                ),
            ),
        ),
        signals=signals(to="Tom", police="seen 22:17", ambulance="seen 22:15"),
        history=ListRow(
            "Before this call",
            (
                contact_row("h1", "03-Oct-2025", "Crisis team informed"),
                contact_row("h2", "02-Oct-2025", "Welfare visit: seen"),
                contact_row("h3", "29-Sep-2025", "Lena Fenn rang, worried"),
                quiet("h-gap", "No contact since, 14 months.", rule=True, bottom=6),
                heading("others", "Others on this number"),
                *person_rows("p1", "Lena Fenn", ", wife (33y)", "Same number on record."),
                heading("work", "Open work"),
                quiet("w-none", "None before this call."),
            ),
        ),
        notes=note(
            ("22:14", '"I\'ve taken them all."', seen),
            ("22:15", "name Marcus", seen),
            ("22:15", "asked about suicide directly: yes", seen),
            ("22:15", "overdose 2145, 40 tabs, unknown drug", seen),
            ("22:16", "alone, drinking", seen),
            ("22:16", "in the car, by the reservoir, the second car park", seen),
            ("22:17", "awake, talking, words clear", shared),
            ("22:17", "wife does not kn", kept),
        ),
        prompts=prompts(5),
        fields=fields("not_needed_risk"),
        partner=PartnerRow(
            "Tom", "00:09 ago", "Police 6 min, both car parks", "22:17", "Ambulance SC-7731, category 2", Tone.LIVE
        ),
        help=HelpRow(
            (
                request_row("r1", Rank.NOW, "Police", "On the way", "00:28", 4, "log 1187, 6 min said 22:17"),
                request_row("r2", Rank.NOW, "Ambulance", "Accepted, category 2", "01:13", 3, "SC-7731, no time given"),
                request_row(
                    "r3",
                    Rank.HOUR,
                    "Crisis team",
                    "",
                    "00:38",
                    0,
                    "drafted by Tom",
                    alarm=ChipRow("Not sent", mark=Mark.CLOCK),
                    rule=False,
                ),
            ),
            "since asked",
            (
                said_row("s5", "22:17", "Tom", "Police 6 min, both car parks"),
                said_row("s4", "22:17", "Tom", "Ambulance SC-7731, category 2"),
                said_row("s3", "22:15", "Tom", "Ask where he is"),
                said_row("s2", "22:15", "Tom", "With you. Reading your note."),
                said_row("s1", "22:14", "You", "Need a second"),
            ),
            "One line to Tom",
        ),
        wrap_up=wrap_up("4 things to fill in; they can wait", "adults_crisis", morning=True),
        find=FindRow(
            (
                found_row("f1", "FENN, Lena", "07-Aug-1993 (33y)", "448 211", "Name matches.", "9 Larch Court"),
                found_row("f2", "FENN, Marcus", "19-Feb-1992 (34y)", "448 210", "Name matches.", "9 Larch Court"),
            ),
            "2 people. Down to go to them, Enter to choose.",
        ),
        unfinished=ListRow(
            "My unfinished records",
            (unfinished_row("u1", Rank.SHIFT, "Care package failure, Hampshire adults", "Tue 20:10", "2 to fill in."),),
            "1",
        ),
        forms=(CONFIRM,),
        record=record_form(FORM, {"alone": "yes", "priority": "p1_life_now"}, ("plan", "means")),
    )


def cards() -> tuple[CandidateCardRow, CandidateCardRow]:
    """Return the two people on 07700 900412."""
    address = "Record address 9 Larch Court, Netherbourne, as at 14 months ago"
    return (
        CandidateCardRow(
            1,
            "FENN, Lena",
            "07-Aug-1993",
            "(33y)",
            "Female",
            "448 211",
            "Number confirmed 29-Sep-2025. Last contact 29-Sep-2025. No markers.",
            address=address,
        ),
        CandidateCardRow(
            2,
            "FENN, Marcus",
            "19-Feb-1992",
            "(34y)",
            "Male",
            "448 210",
            "Number confirmed 03-Oct-2025. Last contact 03-Oct-2025.",
            "suicide or self-harm",
            ", review overdue since 03-Oct-2026.",
            address,
        ),
    )


def candidates(*shown: CandidateCardRow, title: str = "", more: str = "") -> CandidatesRow:
    """Return the candidates card."""
    return CandidatesRow(
        ChipRow("Not confirmed", mark=Mark.RING),
        title or f"{len(shown)} people use this number.",
        "Nobody is chosen; no record is open.",
        "Neither of them" if len(shown) == 2 else "None of them",
        shown,
        more,
        buttons=(
            button(Act.FIND, "Find"),
            button(Act.NEW_PERSON, "New person"),
            button(Act.CONFIRM, "Confirm", enabled=False, why="Choose one first, then ask name and date of birth."),
        ),
    )


def choosing() -> HandlerRows:
    """Return the screen at 22:14:56: two candidates, none chosen, second asked 6 s ago."""
    base = paired()
    return replace(
        base,
        status=status("22:14:56", "22:14:54"),
        call=replace(
            base.call,
            clock="00:37",
            buttons=(
                button(Act.HOLD, "Hold"),
                button(Act.NEED_SECOND, "Second asked 00:06", lit=True),
                button(Act.TRANSFER, "Transfer"),
                button(Act.END, "End call"),
            ),
        ),
        slot=SlotRow("No calls waiting", detail="2 colleagues free. Longest wait tonight 01:04."),
        who=candidates(*cards()),
        risk=RiskRow(),
        signals=signals(to=""),
        history=ListRow(
            "Before this call",
            (
                quiet(
                    "shut",
                    _SHUT,
                    rule=True,
                    bottom=6,
                ),
                heading("line", "This line"),
                pair("l1", "Kind", "Mobile, 2 people"),
                pair("l2", "Calls before", "3, last 03-Oct-2025"),
                pair("l3", "Safe to ring", "Not asked"),
            ),
        ),
        notes=note(("22:14", '"I\'ve taken them all."', Kept.SHARED), ("22:14", "man, says he is al", Kept.KEPT)),
        prompts=prompts(0),
        fields=fields(None),
        partner=PartnerRow(
            "Second worker",
            line="Asked 00:06 ago",
            second="Shown to Tom and Ruth. Manager after 30 s.",
            tone=Tone.LIVE,
            quiet=True,
        ),
        help=HelpRow(
            (
                sentence("none", "Nothing asked for yet."),
                quiet(
                    "usual",
                    _USUAL,
                ),
            ),
        ),
        wrap_up=wrap_up("6 things to fill in; they can wait", None, morning=False),
    )


def no_call() -> HandlerRows:
    """Return the screen while this worker is ready and no call is there."""
    base = choosing()
    return replace(
        base,
        call=CallBarRow(
            "READY",
            "Extension 1001",
            "",
            "No call",
            known=False,
            detail="Calls ring here.",
            buttons=(
                button(Act.READY, "Away"),
                button(Act.NO_CALL, "Start a record"),
                button(Act.UNFINISHED, "Unfinished", note="2"),
            ),
        ),
        who=CandidatesRow(ChipRow("No call", Face.CALM), "Nobody on the line.", body=_NOBODY),
        history=ListRow("Before this call", (quiet("none", "Opens with a call."),)),
        notes=NotesRow("", why="Notes begin with a call. What you type without one begins a record of its own."),
        prompts=PromptsRow(),
        fields=tuple(replace(one, current=None, enabled=False) for one in fields(None)),
        partner=PartnerRow("Second worker", line="", second="Nobody asked.", quiet=True),
        help=HelpRow((sentence("none", "Nothing asked for."),), message_why="There is no second worker yet."),
        wrap_up=replace(
            wrap_up("", None, morning=False), enabled=False, finish=ButtonFace("Finish call record", enabled=False)
        ),
    )


def ringing() -> HandlerRows:
    """Return the screen while this worker's own extension rings."""
    return replace(
        no_call(),
        call=CallBarRow(
            "RINGING",
            "Hampshire adults",
            "00:08",
            "07700 900412",
            detail="Mobile. First call from this number tonight.",
            tone=Tone.ALARM,
            buttons=(button(Act.ANSWER, "Answer", filled=True), button(Act.OFFER, "Offer to the team")),
        ),
        who=candidates(*cards()),
    )


def withheld() -> HandlerRows:
    """Return a call whose number is withheld."""
    base = choosing()
    return replace(
        base,
        call=replace(base.call, number="Number withheld", known=False, detail="Waited 00:14."),
        who=CandidatesRow(
            ChipRow("Number withheld", mark=Mark.RING),
            "Nobody can be found by number.",
            "The note has begun; a person can be added later.",
            buttons=(button(Act.FIND, "Find"), button(Act.NEW_PERSON, "New person")),
            body="Ask for a name and a date of birth, then find (F3).",
        ),
    )


def many(count: int) -> HandlerRows:
    """Return the screen with ``count`` candidates, of whom the last is restricted."""
    first, second = cards()
    shown = [replace((first, second)[at % 2], index=at + 1) for at in range(min(count, 9) - 1)]
    restricted = CandidateCardRow(
        min(count, 9), "Restricted record", reason="The duty manager can help.", restricted=True
    )
    more = f"and {count - 9} more: Find F3" if count > 9 else ""
    return replace(choosing(), who=candidates(*shown, restricted, title=f"{count} people use this number.", more=more))


def away() -> HandlerRows:
    """Return the paired screen with database and telephones away."""
    base = paired()
    health = (
        HealthRow("Phones away 00:41: answer on the handset", trouble=True),
        HealthRow("Database away 00:41: notes kept on this computer, 3 waiting", trouble=True),
    )
    return replace(
        base,
        status=replace(base.status, health=health),
        call=replace(base.call, tone=Tone.OLD, detail="As it was 22:17:17; the telephones do not answer."),
        notice="The shared database does not answer. What you write is kept on this computer. Go on as usual.",
    )


def needs() -> tuple[Row, ...]:
    """Return what it takes to speak with somebody and to get to them."""
    return (
        need_row("n Interpreter", "Interpreter", "Polish"),
        need_row("n What helps", "What helps", "Hard of hearing, text relay"),
        need_row("n Getting in", "Getting in", "Side gate; ring twice and wait", rule=True),
    )


def died() -> HandlerRows:
    """Return the paired screen about somebody who died, who spoke through an interpreter."""
    base = paired()
    who = replace(base.who, age="(33y)", died="Died 30-Sep-2025") if isinstance(base.who, IdentityRow) else base.who
    return replace(base, who=who, history=replace(base.history, rows=(*needs(), *base.history.rows)))


def one_died(count: int) -> HandlerRows:
    """Return the screen with ``count`` candidates, every second of whom died."""
    first, second = cards()
    dead = replace(second, age="(33y)", died="Died 30-Sep-2025")
    return replace(choosing(), who=candidates(*(replace((first, dead)[at % 2], index=at + 1) for at in range(count))))


def with_plans(count: int) -> HandlerRows:
    """Return as many candidates, each on a plan; every second one's is old."""
    shown = many(count)
    assert isinstance(shown.who, CandidatesRow)
    cards = tuple(
        one
        if one.restricted
        else replace(
            one,
            plan="Child protection plan: emotional harm",
            plan_as_at="as at Tue 03-Nov-2026 (council's file)" if at % 2 else "as at Fri 03-Jan-2025, 22 months ago",
            plan_old=at % 2 == 0,
        )
        for at, one in enumerate(shown.who.cards)
    )
    return replace(shown, who=replace(shown.who, cards=cards))


STATES: Mapping[str, HandlerRows] = {
    "handler": paired(),
    "candidates": choosing(),
    "no-call": no_call(),
    "ringing": ringing(),
    "withheld": withheld(),
    "three": many(3),
    "nine": many(9),
    "twelve": many(12),
    "away": away(),
    "died": died(),
    "one-died": one_died(2),
    "one-died-of-three": one_died(3),
    "plans": with_plans(3),
    "plans-nine": with_plans(9),
    "one-died-of-nine": one_died(9),
}
