"""The timed review of a rehearsal: a pure fold of its record, each figure with the entries that prove it.

Nothing here judges a person: it says when each thing was done, from what it is counted, what the
script aimed at, and where it stands in the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from console.domain.act_words import TELEPHONES, is_of_telephones
from console.domain.deed_words import prompt_labels
from console.domain.forms.registry import form_of
from console.domain.help_ages import Thresholds
from console.domain.help_kinds import EMERGENCY, HelpKind, HelpState
from console.domain.help_requests import HelpRequest, fold_help
from console.domain.items import Item
from console.domain.reading import flag, text
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.rehearsal import Deed, Seen, Sought, seen_of
from console.domain.signals import SignalKind, SignalsState, fold_signals


class Measure(StrEnum):
    """What every review looks at."""

    SECOND_WORKER = "second_worker"
    FIRST_REQUEST = "first_request"
    LOCATION = "location"
    CALLER_TOLD = "caller_told"
    NOT_SENT = "not_sent"
    RISKS = "risks"
    NEEDS_UNANSWERED = "needs_unanswered"
    OTHER = "other"
    """One of the script's own."""


MEASURE_WORDS: Mapping[Measure, str] = {
    Measure.SECOND_WORKER: "Second worker in",
    Measure.FIRST_REQUEST: "First request for help sent",
    Measure.LOCATION: "Where the person is, known",
    Measure.CALLER_TOLD: "Caller told",
    Measure.NOT_SENT: "Alarms: decided but not sent",
    Measure.RISKS: "Asked",
    Measure.NEEDS_UNANSWERED: "Needs left unanswered",
    Measure.OTHER: "",
}
COUNTED = frozenset({Measure.NOT_SENT, Measure.NEEDS_UNANSWERED})
"""Measures that are a number of things; the others are a time."""


class Verdict(StrEnum):
    """How a figure stands to its aim; ``NOTED`` where the script aims at nothing, or nothing called for it."""

    MET = "met"
    MISSED = "missed"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a script aims at.

    ``within`` seconds of ``after`` (None: of the first answered call); ``when`` shows that it was done
    (None: the measure's own deed); ``at_most`` is for counts, ``prompts`` (their keys) for what is asked.
    """

    measure: Measure
    label: str = ""
    within: int | None = None
    after: Sought | None = None
    when: Sought | None = None
    at_most: int | None = None
    prompts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return its name in the review."""
        return self.label or MEASURE_WORDS[self.measure]


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry that a figure rests on.

    ``seq`` is its place in the record, ``what`` its kind as written, ``by`` the key of who wrote it and ``who`` their
    name; for what the telephones tell, that it was they.
    """

    entry: UUID
    seq: int
    at: datetime
    what: str
    by: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the review.

    ``took`` counts from ``since`` (in words) to the deed; both are empty for a count, and where nothing
    was done.  ``words`` says what was found, ``aim`` what was aimed at.
    """

    measure: Measure
    label: str
    verdict: Verdict
    words: str
    aim: str = ""
    at: datetime | None = None
    took: timedelta | None = None
    since: str = ""
    count: int | None = None
    proof: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The whole review; ``began`` is when the first call was answered, ``until`` when the rehearsal ended, UTC."""

    findings: tuple[Finding, ...]
    began: datetime | None
    until: datetime

    @property
    def missed(self) -> int:
        """Return how many aims were not met."""
        return sum(one.verdict is Verdict.MISSED for one in self.findings)


ANSWERED = Sought(Deed.ANSWERS, said="the call was answered")
_SUMMONS = Sought(Deed.PRESSES, what="need_a_second", said="the call for a second worker")
_DECLINED = Sought(Deed.LOGS, state="declined", said="the refusal")
_USUAL: Mapping[Measure, tuple[Sought, tuple[Sought, ...]]] = {
    Measure.SECOND_WORKER: (Sought(Deed.JOINS, what="coordinator"), (_SUMMONS, ANSWERED)),
    Measure.FIRST_REQUEST: (Sought(Deed.SENDS), (ANSWERED,)),
    Measure.LOCATION: (Sought(Deed.RECORDS, what="location"), (ANSWERED,)),
    Measure.CALLER_TOLD: (Sought(Deed.LOGS, state="told"), (_DECLINED,)),
}
"""What shows each timed measure, and what it is counted from: the first of these that happened."""


def review(entries: Iterable[Item], aims: Iterable[Aim], until: datetime) -> Review:
    """Return the review of a rehearsal's whole record, in its order; ``until`` is when it ended."""
    seen = seen_of(tuple(item for item in entries if item.readable))
    given = tuple(aims)
    named = {one.measure: one for one in given if one.measure is not Measure.OTHER}
    all_aims = [named.get(measure, Aim(measure)) for measure in Measure if measure is not Measure.OTHER]
    all_aims += [one for one in given if one.measure is Measure.OTHER]
    began = seen.first(ANSWERED)
    findings = tuple(_FINDERS.get(aim.measure, _timed)(seen, aim, until) for aim in all_aims)
    names = _names(seen.items)
    named_findings = tuple(replace(one, proof=tuple(_named(proof, names) for proof in one.proof)) for one in findings)
    return Review(named_findings, began.made_at if began is not None else None, until)


def proof_of(item: Item) -> Proof:
    """Return an entry as proof."""
    who = TELEPHONES if is_of_telephones(item.kind) else ""
    return Proof(item.id, item.seq, item.made_at, item.kind.value, item.on_behalf_of or item.author, who)


def _names(items: Iterable[Item]) -> Mapping[str, str]:
    signed_in = (item for item in items if item.kind is Kind.SHIFT_SIGNED_IN)
    return {text(item.content, "worker") or item.author: text(item.content, "name") for item in signed_in}


def _named(proof: Proof, names: Mapping[str, str]) -> Proof:
    return replace(proof, who=proof.who or names.get(proof.by) or proof.by)


# --- a time ---------------------------------------------------------------------------------------


def _timed(seen: Seen, aim: Aim, _until: datetime) -> Finding:
    usual, starts = _USUAL.get(aim.measure, (None, (ANSWERED,)))
    when = aim.when or usual
    begun = next(((one, item) for one in _starts(aim, starts) if (item := seen.first(one)) is not None), None)
    behind = begun[1] if begun is not None and aim.after is not None else None
    done = seen.first(when, behind) if when is not None else None
    limit = timedelta(seconds=aim.within) if aim.within is not None else None
    aimed = f"within {_minutes(limit)} after {_starts(aim, starts)[0].said}" if limit is not None else ""
    if done is None:
        called_for = begun is not None or _always_called_for(aim)
        verdict = Verdict.MISSED if limit is not None and called_for else Verdict.NOTED
        words = "not done" if called_for else "nothing called for it"
        return Finding(aim.measure, aim.words, verdict, words, aimed, proof=_proofs(begun[1] if begun else None))
    if begun is None:
        return Finding(aim.measure, aim.words, Verdict.NOTED, "done", aimed, done.made_at, proof=_proofs(done))
    took = max(done.made_at - begun[1].made_at, timedelta(0))
    verdict = Verdict.NOTED if limit is None else Verdict.MET if took <= limit else Verdict.MISSED
    words = f"{_minutes(took)} after {begun[0].said}"
    return Finding(
        aim.measure, aim.words, verdict, words, aimed, done.made_at, took, begun[0].said, proof=_proofs(begun[1], done)
    )


def _starts(aim: Aim, usual: tuple[Sought, ...]) -> tuple[Sought, ...]:
    return (aim.after,) if aim.after is not None else usual


def _always_called_for(aim: Aim) -> bool:
    """Nobody has to be told of a refusal that never came; but a call is to be answered, a second worker asked for."""
    if aim.after is not None:
        return aim.after.deed is Deed.ANSWERS
    return aim.measure is not Measure.CALLER_TOLD


def _proofs(*items: Item | None) -> tuple[Proof, ...]:
    return tuple(proof_of(item) for item in items if item is not None)


def _minutes(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


# --- counts ---------------------------------------------------------------------------------------


def _counted(aim: Aim, found: list[tuple[str, Item]]) -> Finding:
    verdict = Verdict.NOTED
    if aim.at_most is not None:
        verdict = Verdict.MET if len(found) <= aim.at_most else Verdict.MISSED
    words = "none" if not found else f"{len(found)}: {'; '.join(what for what, _ in found)}"
    aimed = "" if aim.at_most is None else "none" if aim.at_most == 0 else f"at most {aim.at_most}"
    proof = _proofs(*(item for _, item in found))
    at = found[0][1].made_at if found else None
    return Finding(aim.measure, aim.words, verdict, words, aimed, at, count=len(found), proof=proof)


def _requests(seen: Seen) -> list[tuple[HelpRequest, Item]]:
    """Return each request with the entry that drafted it, oldest first."""
    streams: dict[StreamRef, list[Item]] = {}
    for item in seen.items:
        if item.stream.kind is StreamKind.HELP:
            streams.setdefault(item.stream, []).append(item)
    made = ((fold_help(items), items[0]) for items in streams.values())
    return [(request, first) for request, first in made if request is not None and request.drafted_at is not None]


def _not_sent(seen: Seen, aim: Aim, until: datetime) -> Finding:
    """A draft rings on every screen once it has stood for the set time."""
    limit = Thresholds().not_sent
    late = []
    for request, first in _requests(seen):
        left = [one.at for one in request.news if one.state is not None and not one.refused]
        stood = (min(left) if left else until) - first.made_at
        if stood >= limit:
            late.append((f"{request.label}, {_minutes(stood)} from decided to {'sent' if left else 'the end'}", first))
    return _counted(aim, late)


_ANSWERED_BY: Mapping[str, HelpKind] = {
    SignalKind.GET_POLICE: HelpKind.POLICE_ATTEND,
    SignalKind.GET_AMBULANCE: HelpKind.AMBULANCE,
}


def _needs_unanswered(seen: Seen, aim: Aim, _until: datetime) -> Finding:
    """Calls for a second that nobody took, signals that nobody answered or did, refusals still open."""
    by_id = {item.id: item for item in seen.items}
    signals = fold_signals(item for item in seen.items if item.stream.kind is StreamKind.SIGNALS)
    requests = _requests(seen)
    found = [("Need a second", by_id[one.entry]) for one in signals.summons if one.open]
    found += _unanswered(seen, signals, requests, by_id)
    found += [(f"{one.label}: {_left_open(one)}", first) for one, first in requests if _left_open(one)]
    return _counted(aim, found)


def _unanswered(
    seen: Seen, signals: SignalsState, requests: list[tuple[HelpRequest, Item]], by_id: Mapping[UUID, Item]
) -> list[tuple[str, Item]]:
    asked_for = {one.kind for one, _ in requests if one.state is not HelpState.DRAFTED}
    placed = [item.made_at for item in seen.items if seen.shows(item, Sought(Deed.RECORDS, what="location"))]
    found = []
    for signal in signals.signals:
        done = bool(signal.answered) or signal.kind == SignalKind.KEEP_TALKING
        done = done or _ANSWERED_BY.get(signal.kind) in asked_for
        done = done or (signal.kind == SignalKind.ASK_LOCATION and any(at >= signal.at for at in placed))
        if not done:
            found.append((signal.words, by_id[signal.entry]))
    return found


def _left_open(request: HelpRequest) -> str:
    if request.open_risk:
        return "declined, and nothing else was done or the caller not told"
    if request.state is HelpState.DRAFTED and request.kind in EMERGENCY:
        return "never sent"
    return ""


# --- what was asked -------------------------------------------------------------------------------


def _risks(seen: Seen, aim: Aim, _until: datetime) -> Finding:
    """Which prompts of the record were ticked as asked: those the script names, else all of its form."""
    wanted = _wanted(seen, aim)
    asked: dict[str, Item] = {}
    for item in seen.items:
        if item.kind is Kind.CONTACT_PROMPT and flag(item.content, "asked"):
            asked.setdefault(text(item.content, "key"), item)
    done = [(label, asked[key]) for key, label in wanted.items() if key in asked]
    lacking = [label for key, label in wanted.items() if key not in asked]
    words = f"{len(done)} of {len(wanted)}" + (f"; not asked: {', '.join(lacking)}" if lacking else "")
    if not wanted:
        words = "nothing to ask: no kind of call was chosen"
    verdict = Verdict.NOTED
    if aim.prompts:
        verdict = Verdict.MISSED if lacking else Verdict.MET
    aimed = f"all of: {', '.join(wanted.values())}" if aim.prompts else ""
    last = max((item.made_at for _, item in done), default=None)
    proof = _proofs(*(item for _, item in done))
    return Finding(aim.measure, aim.words, verdict, words, aimed, last, count=len(done), proof=proof)


def _wanted(seen: Seen, aim: Aim) -> Mapping[str, str]:
    if aim.prompts:
        labels = prompt_labels()
        return {key: labels.get(key, key) for key in aim.prompts}
    kinds = (item for item in seen.items if seen.shows(item, Sought(Deed.SETS, what="type")))
    forms = [form_of(text(item.content, "value")) for item in kinds]
    form = next((one for one in reversed(forms) if one is not None), None)
    return {prompt.key: prompt.label for prompt in form.prompts} if form is not None else {}


_FINDERS: Mapping[Measure, Callable[[Seen, Aim, datetime], Finding]] = {
    Measure.NOT_SENT: _not_sent,
    Measure.NEEDS_UNANSWERED: _needs_unanswered,
    Measure.RISKS: _risks,
}
