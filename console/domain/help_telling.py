"""Changes of fact that the agencies do not know yet: every open request says *Tell them* until they were told.

What a request's agency knows is written down when it is asked (``knew``) and each time something is passed on:
by entries, not by clocks, so that consoles with different clocks, or cut off from one another, agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.help_kinds import HelpKind
from console.domain.help_requests import HelpRequest
from console.domain.incidents import Fact, IncidentState
from console.domain.locations import Place
from console.domain.people import Rank
from console.domain.words import clock_words

TOLD_TO_ALL = frozenset(
    {"state", "hazards", "weapons", "means", "children", "animals", "where_child", "access", "vehicle"}
)
"""Facts that matter to whoever goes there."""
TOLD_TO_MEDICS = frozenset({"taken", "taken_at", "substance"})
_MEDICS = frozenset({HelpKind.AMBULANCE, HelpKind.MEDICAL})
_RISK_WORDS = {Rank.NOW: "life at risk now", Rank.HOUR: "harm within the hour", Rank.SHIFT: "harm this shift"}
MARK = 8
"""Characters of an entry's id that stand for it on a list's card."""
MEDICAL = "m"
"""Before the mark of what only medics must know."""
ABOUT = "-"
"""Between the mark of what takes something back and the mark of that: it is told to whoever was told of it."""
_CARD_ROOM = 200
"""Characters of one detail of a card: the newest marks that find room."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as it stands now: ``words`` as one would say it to the agency.

    ``about`` is what it takes back: told only to whoever was told of that.
    """

    entry: UUID
    words: str
    at: datetime
    by: str
    about: Change | None = None

    @property
    def timed(self) -> str:
        """Return ``A dog in the car (22:21)``."""
        return f"{self.words} ({clock_words(self.at)})"


def standing(incident: IncidentState, kind: HelpKind | None = None) -> tuple[Change, ...]:
    """Return all that stands now and that a request of ``kind`` must know of (None: any request), oldest first."""
    found = (*_hazards(incident), *_places(incident), *_facts(incident, kind))
    return tuple(sorted(found, key=lambda one: one.at))


def _hazards(incident: IncidentState) -> Iterator[Change]:
    for one in incident.hazards_said:
        if one.ended is None or one.ended_at is None:
            yield Change(one.entry, one.text, one.at, one.by)
        else:
            yield Change(one.ended, f"No longer so: {one.text}", one.ended_at, one.ended_by)


def _places(incident: IncidentState) -> Iterator[Change]:
    yield from _places_now(incident)
    current = [one for one in incident.places if one.may_be_current]
    for place in current:
        if place.ended is not None and place.ended_at is not None:
            first = _first_said(current, place)
            words = f"No longer at: {place.text}" + (f", {place.why}" if place.why else "")
            about = Change(first.entry, place.text, first.at, first.by)
            yield Change(place.ended, words, place.ended_at, place.ended_by, about)


def _places_now(incident: IncidentState) -> Iterator[Change]:
    said = incident.places_now
    which = f", one of {len(said)} places said" if len(said) > 1 else ""
    current = [one for one in incident.places if one.may_be_current]
    for place in said:
        first = _first_said(current, place)
        yield Change(first.entry, f"Where now{which}: {place.text}", first.at, first.by)


def _first_said(current: Sequence[Place], place: Place) -> Place:
    """Return where a place was first said in these words: said again it is the same, and they know it already.

    Not where it was chosen of two, or was taken back before: whoever was told that is to hear it anew.
    """
    first = place
    for before in reversed(current[: current.index(place)]):
        if before.text != place.text or first.settles or before.ended is not None:
            break
        first = before
    return first


def _facts(incident: IncidentState, kind: HelpKind | None) -> Iterator[Change]:
    keys = TOLD_TO_ALL | (TOLD_TO_MEDICS if kind is None or kind in _MEDICS else frozenset())
    for fact in incident.facts:
        if fact.key in keys:
            yield from _heads(fact)
    for fact in incident.withdrawn:
        if fact.key in keys and fact.text:
            # By its newest head: two who emptied it say the same.
            yield Change(fact.register.head, f"No longer so: {fact.label}: {fact.text}", fact.at, fact.by)


def _heads(fact: Fact) -> Iterator[Change]:
    for head in fact.register.heads:
        if head.value:
            yield Change(head.entry, f"{fact.label}: {head.value}", head.at, head.author)


def untold(request: HelpRequest, incident: IncidentState | None) -> tuple[Change, ...]:
    """Return what changed since the agency was asked, or was last told, oldest first.

    A correction is a change of its own, and so is what was taken back.  Only a place that may be where the person is
    now counts, and a risk only where it was raised.
    """
    if incident is None or request.sent_at is None or not request.open:
        return ()
    changed = (one for one in standing(incident, request.kind) if not _knows(request, one))
    concern = (one for one in changed if one.about is None or _knows(request, one.about))
    return (*concern, *_raised(request, incident))


def _knows(request: HelpRequest, change: Change) -> bool:
    if request.knew is not None:
        return change.entry in request.knew
    # Sent by a console that did not write down what was known: then its clock must do.
    passed = {entry for one in request.passed for entry in one.entries}
    return change.entry in passed or (request.sent_at is not None and change.at <= request.sent_at)


def _raised(request: HelpRequest, incident: IncidentState) -> tuple[Change, ...]:
    head, at = incident.risk_head, incident.risk_at
    if head is None or at is None or (request.knew is not None and head in request.knew):
        return ()
    before = request.told_risk
    if before is None and (request.sent_at is None or at <= request.sent_at):
        return ()
    if incident.risk.value >= (before or request.rank).value:
        return ()
    words = f"Risk raised: {_RISK_WORDS.get(incident.risk, incident.risk.value)}"
    about = f", {incident.risk_words}" if incident.risk_words else ""
    return (Change(head, f"{words}{about}", at, ""),)


def tell_words(changes: Iterable[Change]) -> str:
    """Return ``Tell them: A dog in the car (22:21); Weapons: a knife (22:24)``; empty where all is told."""
    said = "; ".join(one.timed for one in changes)
    return f"Tell them: {said}" if said else ""


# --- for lists, whose readers may not see the words -------------------------------------------------


def card_marks(incident: IncidentState) -> str:
    """Return marks of the newest changes, for the incident's card: they say of nothing what it is."""
    everybodys = {one.entry for one in standing(incident, HelpKind.OTHER)}
    marks = [f"{'' if one.entry in everybodys else MEDICAL}{_mark_of(one)}" for one in standing(incident)]
    while len(" ".join(marks)) > _CARD_ROOM:
        del marks[0]
    return " ".join(marks)


def _mark_of(change: Change) -> str:
    about = f"{ABOUT}{_mark(change.about.entry)}" if change.about is not None else ""
    return f"{_mark(change.entry)}{about}"


def count_untold(request: HelpRequest, marks: Collection[str], risk: Rank) -> int:
    """Return how many changes a request's agency does not know of, by the card of its incident."""
    if request.sent_at is None or not request.open or request.knew is None:
        return 0
    known = {_mark(entry) for entry in request.knew}
    raised = request.told_risk is not None and risk.value < request.told_risk.value
    mine = {mark.removeprefix(MEDICAL) for mark in marks if request.kind in _MEDICS or not mark.startswith(MEDICAL)}
    parted = (mark.partition(ABOUT) for mark in mine)
    return sum(entry not in known and (not about or about in known) for entry, _, about in parted) + raised


def _mark(entry: UUID) -> str:
    return entry.hex[-MARK:]
