"""The forms of help, for handler and coordinator alike: ask for it, and log what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from console.domain.help_kinds import (
    EMERGENCY,
    HELP_LABELS,
    MOVES,
    POLICE,
    RCRP_WORDS,
    STATE_WORDS,
    HelpKind,
    HelpState,
    RcrpGround,
)
from console.domain.help_requests import HelpRequest
from console.domain.help_telling import Change
from console.domain.ids import read_id
from console.domain.people import Agency, Rank
from console.domain.words import clock_words
from console.services.help_follow_up import HelpFollowUp
from console.services.help_ledger import Draft, HelpLedger, News
from ui.desktop.forms.rows import YES, FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.directory import agency_name, by_need
from ui.desktop.widgets.faces import Choice

RANKS = (
    Choice(Rank.NOW.value, "Now", Rank.NOW),
    Choice(Rank.HOUR.value, "Within the hour", Rank.HOUR),
    Choice(Rank.SHIFT.value, "This shift", Rank.SHIFT),
)
MINUTES_OF_A_DAY = 1440
_TOLD = "told "
_UPDATE, _CHASED, _PASSED, _ALTERNATIVE, _CALLER_TOLD, _SIGN = (
    "update", "chased", "passed", "alternative", "told", "sign",
)  # fmt: skip
_MORE = (
    Choice(_UPDATE, "Information passed on"),
    Choice(_PASSED, "Told them what is ticked below"),
    Choice(_CHASED, "Chased them: nothing new"),
    Choice(_ALTERNATIVE, "Declined: what is done instead"),
    Choice(_CALLER_TOLD, "Caller told that nobody is coming"),
    Choice(_SIGN, "Close it, nobody reached: I sign why"),
)

AgencyOf = Callable[[str], Agency | None]


# --- asking --------------------------------------------------------------------------------------


def ask_help_form(error: str = "", agencies: Sequence[Agency] = ()) -> FormRow:
    """Return the form that drafts a request; nothing is sent by it."""
    known = tuple(Choice(str(one.id), agency_name(one)) for one in by_need(agencies))
    what = (
        FieldRow("kind", "What help", Kind.CHOICE, choices=tuple(Choice(k.value, HELP_LABELS[k]) for k in HelpKind)),
        FieldRow("words", "In a few words", Kind.LONG, help="What happened, to whom, what is needed."),
        FieldRow("rank", "How urgent, if not as usual for it", Kind.CHOICE, choices=RANKS),
        FieldRow("directory", "Whom, from the directory", Kind.CHOICE, choices=known,
                 placeholder="As usual for it" if known else "Nobody is in the directory"),
        FieldRow("agency", "Or another agency, by name"),
        FieldRow("ground", "Police: on what ground", Kind.CHOICE, choices=_grounds(),
                 why="Without a ground the police may decline (Right Care Right Person)."),
        FieldRow("evidence", "Police: what shows it"),
        FieldRow("tried", "Police: what was tried"),
        FieldRow("no_other", "Police: why no other agency can go"),
        FieldRow("nobody", "Leave it for somebody to take", Kind.TICK),
    )  # fmt: skip
    intro = "This drafts the request. Nightdesk rings nobody: tell them, then Send now (Enter on the request, Ctrl+3)."
    return FormRow("ask_help", "Ask for help", (SectionRow("", what),), intro, "Draft request", error)


def _grounds() -> tuple[Choice, ...]:
    return tuple(Choice(ground.value, RCRP_WORDS[ground]) for ground in RcrpGround)


def draft_from(
    values: Mapping[str, str], *, incident: UUID | None, contact: UUID | None, line: str, agency_of: AgencyOf
) -> Draft | str:
    """Return the request a filled form asks for, or the sentence that says what is missing."""
    if not values.get("kind"):
        return "Choose what help is wanted; nothing was drafted yet."
    kind = HelpKind(values["kind"])
    police = kind in POLICE
    agency = agency_of(values.get("directory", ""))
    return Draft(
        kind,
        values.get("words", ""),
        Rank(values.get("rank") or usual_rank(kind).value),
        incident,
        contact,
        values.get("agency", "") or (agency.name if agency is not None else ""),
        line,
        RcrpGround(values["ground"]) if police and values.get("ground") else None,
        # A name written over the one chosen is another agency: the number is not theirs.
        agency.number if agency is not None and not values.get("agency") else "",
        values.get("evidence", "") if police else "",
        values.get("tried", "") if police else "",
        values.get("no_other", "") if police else "",
        nobody=values.get("nobody") == YES,
    )


def usual_rank(kind: HelpKind) -> Rank:
    """Return how urgent this kind of help usually is: emergency services now, all else within the hour."""
    return Rank.NOW if kind in EMERGENCY else Rank.HOUR


# --- what became of it ---------------------------------------------------------------------------


def log_news_form(
    requests: Iterable[HelpRequest], chosen: str, error: str = "", untold: Sequence[Change] = ()
) -> FormRow:
    """Return the form for news of a request; ``chosen`` is the request's id, ``untold`` what may be ticked as told."""
    listed = tuple(requests)
    one = next((request for request in listed if str(request.id) == chosen), None)
    states = tuple(state for state in HelpState if one is None or state in MOVES[one.state])
    fields = [
        FieldRow(
            "request", "Which request", Kind.CHOICE, chosen,
            tuple(Choice(str(request.id), f"{request.label}: {request.words_of_state}") for request in listed),
        ),
        FieldRow(
            "state", "What they say", Kind.CHOICE,
            choices=(*(Choice(state.value, STATE_WORDS[state]) for state in states), *_MORE),
        ),
        # What is known is shown and not filled in: another request may be chosen, and it is not that one's.
        FieldRow(
            "reference", "Their reference", help="Log number or case number, as they say it.",
            placeholder=one.reference if one else "",
        ),
        FieldRow("name", "Who answered; who it is escalated to", placeholder=one.name if one else ""),
        FieldRow("grade", "Category or grade", placeholder=one.grade if one else ""),
        FieldRow("minutes", "Minutes they said"),
        FieldRow("text", "In their words, the reason, or what is new", Kind.LONG),
        FieldRow("again", "Chase again in how many minutes"),
        *_police_again(listed),
        *(FieldRow(f"{_TOLD}{change.entry}", f"Told them: {change.timed}", Kind.TICK) for change in untold),
    ]  # fmt: skip
    intro = _so_far(one) if one is not None else ""
    return FormRow("log_news", "Log news", (SectionRow("", tuple(fields)),), intro, "Log it", error)


def to_tick(follow_up: HelpFollowUp, requests: Iterable[HelpRequest], chosen: str) -> tuple[Change, ...]:
    """Return what may be ticked as told: of the chosen request, or of any where none is chosen yet."""
    about = [one for one in requests if chosen in ("", str(one.id))]
    found = {change.entry: change for one in about for change in follow_up.untold(one)}
    return tuple(sorted(found.values(), key=lambda change: change.at))


_WANTS_GROUND = frozenset({HelpState.DRAFTED, HelpState.DECLINED})
"""A draft is not sent without its ground; a refusal is escalated on a better one."""


def _police_again(listed: Iterable[HelpRequest]) -> tuple[FieldRow, ...]:
    asks = any(one.kind in POLICE and one.state in _WANTS_GROUND for one in listed)
    return (FieldRow("ground", "Police: the ground now, if another", Kind.CHOICE, choices=_grounds()),) * asks


def _so_far(one: HelpRequest) -> str:
    """Return the times of a request's states and its chases: ``Asked 22:16, accepted 22:17; chased 22:25.``"""
    said = {**STATE_WORDS, HelpState.SENT: "asked"}
    known = ", ".join(f"{said[state].lower()} {clock_words(at)}" for state, at in one.times)
    chased = ", ".join(clock_words(chase.at) for chase in one.chases[-3:])
    words = "; ".join(part for part in (known, f"chased {chased}" if chased else "") if part)
    needed = f" Still to do: {' and '.join(one.still_needed)}." if one.still_needed else ""
    return f"{words[:1].upper()}{words[1:]}.{needed}" if words else ""


def _wrong_minutes(written: str, what: str = "Minutes") -> str:
    if written and not written.isdecimal():
        return f"{what} must be a whole number, such as 6; nothing was logged yet."
    # Counted first: a number of thousands of digits is not even read.
    if len(written) > 6 or int(written or "0") > MINUTES_OF_A_DAY:
        return f"{what} must be at most {MINUTES_OF_A_DAY} (one day); nothing was logged yet."
    return ""


@dataclass(frozen=True, slots=True)
class _Filled:
    """A filled form of news."""

    request: UUID
    state: str
    text: str
    name: str
    reference: str
    grade: str
    minutes: int | None
    again: timedelta | None
    ground: RcrpGround | None
    told: frozenset[UUID]


def log_news(ledger: HelpLedger, follow_up: HelpFollowUp, values: Mapping[str, str]) -> str:
    """Log a filled form; return the sentence that says why not, or nothing.  Raises ``NightdeskError``."""
    told = _ticked(values)
    if not values.get("request") or not (values.get("state") or told):
        return "Choose the request and what they say; nothing was logged yet."
    minutes, again = values.get("minutes", "").strip(), values.get("again", "").strip()
    wrong = _wrong_minutes(minutes) or _wrong_minutes(again, "The minutes to the next chase")
    if wrong:
        return wrong
    ground = values.get("ground", "")
    filled = _Filled(
        UUID(values["request"]), values.get("state") or _PASSED, values.get("text", ""), values.get("name", ""),
        values.get("reference", ""), values.get("grade", ""), int(minutes) if minutes else None,
        timedelta(minutes=int(again)) if again else None, RcrpGround(ground) if ground else None, told,
    )  # fmt: skip
    if filled.state == _PASSED and not told:
        return "Tick what they were told; nothing was logged yet."
    if told and not follow_up.still_untold(filled.request, told):
        return "They know all that is ticked already; nothing was logged yet."
    said = _log(ledger, follow_up, filled)
    # Who is asked, or asked again, hears of all that stands: then there is nothing left to tick.
    left = follow_up.still_untold(filled.request, told)
    if left:
        follow_up.passed(filled.request, left, filled.name)
    return said


def _ticked(values: Mapping[str, str]) -> frozenset[UUID]:
    found = (read_id(key.removeprefix(_TOLD)) for key, set_ in values.items() if key.startswith(_TOLD) and set_ == YES)
    return frozenset(one for one in found if one is not None)


def _log(ledger: HelpLedger, follow_up: HelpFollowUp, filled: _Filled) -> str:
    request, text = filled.request, filled.text
    acts: Mapping[str, Callable[[], object]] = {
        _PASSED: lambda: None,
        _UPDATE: lambda: ledger.update(request, text),
        _CHASED: lambda: follow_up.chase(request, filled.name, text, filled.again),
        _ALTERNATIVE: lambda: ledger.alternative(request, text),
        _CALLER_TOLD: lambda: ledger.told(request, text),
        _SIGN: lambda: follow_up.close(request, text),
        HelpState.SENT.value: lambda: ledger.send(request, filled.ground, text, filled.name),
        HelpState.DECLINED.value: lambda: ledger.decline(request, text, filled.name, filled.reference),
        HelpState.ESCALATED.value: lambda: ledger.escalate(request, filled.name or text, text, filled.ground),
        HelpState.CANCELLED.value: lambda: ledger.cancel(request, text),
    }
    if filled.state in acts:
        acts[filled.state]()
        return ""
    news = News(HelpState(filled.state), text, filled.reference, filled.name, filled.grade, filled.minutes)
    return ledger.log(request, news)
