"""One request for help as a row of the coordinator's screen: its state, both clocks, and what is still to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.help_ages import Alarm, HelpAges, Thresholds, ages
from console.domain.help_kinds import RCRP_WORDS, HelpState
from console.domain.help_requests import HelpRequest
from console.domain.help_targets import grade_words, since_graded, target_of
from console.domain.help_telling import tell_words, untold
from console.domain.incidents import IncidentState
from console.domain.search import shown_number
from console.domain.words import clock_words, span_words
from ui.desktop.screens.coordinator.rows import ClockBox, HelpRow
from ui.desktop.words import second_words

_SHOWN_CHASES = timedelta(hours=12)
"""A chase further away than this is no clock time of this night."""


@dataclass(frozen=True, slots=True)
class HelpAround:
    """What a row is drawn from besides its request; ``first_name`` gives a worker's, by key."""

    worker: str
    incident: IncidentState | None
    limits: Thresholds
    first_name: Callable[[str], str]


def in_need(helps: Iterable[HelpRequest]) -> tuple[HelpRequest, ...]:
    """Return what is not sent first, then by rank and age: the one filled button is always in sight."""
    return tuple(
        sorted(helps, key=lambda one: (one.state is not HelpState.DRAFTED, one.rank.value, str(one.drafted_at)))
    )


def help_row_of(one: HelpRequest, around: HelpAround, now: datetime) -> HelpRow:
    """Return the row of one request at ``now``."""
    clocks = ages(one, now, around.limits)
    draft = one.state is HelpState.DRAFTED
    first = ClockBox(span_words(clocks.since), "since drafted" if draft else "since asked", due=draft)
    chip = "not sent" if draft else "declined" if one.open_risk else ""
    # A chip stands where the state would, and says it.
    state = "" if chip else f"{one.words_of_state[:1].lower()}{one.words_of_state[1:]}"
    mine = one.owner == around.worker
    changed = untold(one, around.incident)
    return HelpRow(
        one.id, one.rank, one.label, state, _words(one, around, clocks, now), one.steps_done,
        (first, _second_clock(one, clocks, now)), chip, send=draft and (mine or not one.owner),
        take=not one.owner and not draft and one.open,
        needs=f"Still to do: {'; '.join(one.still_needed)}" if one.still_needed else "",
        tell=tell_words(changed), untold=tuple(change.entry for change in changed),
    )  # fmt: skip


def _second_clock(one: HelpRequest, clocks: HelpAges, now: datetime) -> ClockBox:
    """Return what matters most beside "since asked": a promise, a chase that is due, the service's own target."""
    if clocks.until_rings is not None:
        left = clocks.until_rings
        words = "until it rings" if left > timedelta() else "it rings now"
        return ClockBox(span_words(left), words, due=True)
    if clocks.promised_left is not None and clocks.promised is not None:
        minutes = int(clocks.promised.total_seconds()) // 60
        over = clocks.promised_left < timedelta()
        figure = span_words(-clocks.promised_left if over else clocks.promised_left)
        return ClockBox(figure, "later than said" if over else f"of {minutes} min said", due=over)
    if clocks.alarm in (Alarm.CHASE, Alarm.CHASE_DUE):
        return ClockBox(span_words(clocks.since_news), "chase now", due=True)
    graded, target = since_graded(one, now), target_of(one)
    if graded is not None and target is not None and clocks.alarm is not Alarm.MANAGER:
        return ClockBox(span_words(graded), f"of target {target.minutes}", due=graded > timedelta(minutes=target.most))
    return ClockBox(span_words(clocks.since_news), "since news", due=clocks.alarm is Alarm.MANAGER)


def _words(one: HelpRequest, around: HelpAround, clocks: HelpAges, now: datetime) -> str:
    if one.state is HelpState.DRAFTED:
        by = "you" if one.drafted_by == around.worker else around.first_name(one.drafted_by)
        drafted = f"Drafted {second_words(one.drafted_at)} by {by}" if one.drafted_at else "Drafted"
        return ". ".join(part for part in (drafted, _rung(one), shown_number(one.number) if one.number else "") if part)
    parts = [_rung(one), one.reference, grade_words(one)]
    if one.ground is not None:
        parts.append(RCRP_WORDS[one.ground])
    if one.open_risk and one.escalated_to and one.state is HelpState.ESCALATED:
        parts.append(f"Asked again: {one.escalated_to}")
    if one.open_risk and one.declined_reason:
        parts.append(f"Refused: {one.declined_reason}")
    if one.signed is not None:
        parts.append(one.signed.words)
    return ". ".join(part.rstrip(".") for part in (*parts, _chase(clocks, now)) if part)


def _rung(one: HelpRequest) -> str:
    """Return what came of the newest call to them, until there is other news."""
    newest = one.news[-1] if one.news else None
    return one.rung.words if one.rung is not None and newest is not None and newest.at == one.rung.at else ""


def _chase(clocks: HelpAges, now: datetime) -> str:
    left = clocks.chase_left
    if left is None or not timedelta() < left < _SHOWN_CHASES:
        return ""
    return f"Chase {clock_words(now + left)}"
