"""A request for help: asked is not sent, sent is not accepted, arrived is not reached.

A small state machine (domain.md 8.1 TaskState).  A move that cannot happen is kept and flagged,
never applied and never raised: somebody must look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from console.domain.help_kinds import (
    ENDED,
    HELP_LABELS,
    MOVES,
    STATE_WORDS,
    STEPS,
    TO_PERSON,
    UNDER_WAY,
    HelpKind,
    HelpState,
    RcrpGround,
)
from console.domain.help_news import Chased, HelpNews, Passed, Signed, news_of, passed_of, signature_of
from console.domain.help_rings import Rang, Rung, rang_of
from console.domain.incidents import rank_of
from console.domain.items import Item
from console.domain.people import Rank
from console.domain.reading import flag, identities, identity, moment, text, whole
from console.domain.record import Kind
from console.domain.words import clock_words

UNSIGNED = (
    "Nobody has reached the person yet: log that they were reached, or sign why it can close without "
    "(your name and role stand under the reason)."
)
"""Why a request is not closed."""


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """Everything one request's stream says.

    ``name`` is who answered at the agency.  ``minutes`` were promised at ``promised_at``.
    ``state_head`` and ``owner_head`` are the heads that the next move or taking was decided on.
    """

    id: UUID
    kind: HelpKind = HelpKind.OTHER
    incident: UUID | None = None
    contact: UUID | None = None
    agency: str = ""
    number: str = ""
    """The agency's number in the directory, where it was chosen from there."""
    line: str = ""
    rank: Rank = Rank.HOUR
    words: str = ""
    ground: RcrpGround | None = None
    evidence: str = ""
    """What shows the ground; with ``tried`` and ``no_other`` what the police ask for (domain.md 4.3)."""
    tried: str = ""
    no_other: str = ""
    place: str = ""
    """Where help was sent to, as it was known then."""
    drafted_at: datetime | None = None
    drafted_by: str = ""
    state: HelpState = HelpState.DRAFTED
    state_at: datetime | None = None
    state_head: UUID | None = None
    sent_at: datetime | None = None
    sent_by: str = ""
    times: tuple[tuple[HelpState, datetime], ...] = ()
    """When each state began, in the order of the entries."""
    last_news_at: datetime | None = None
    reference: str = ""
    name: str = ""
    grade: str = ""
    graded_at: datetime | None = None
    """Since when the present grade stands: its target counts from there."""
    minutes: int | None = None
    promised_at: datetime | None = None
    owner: str = ""
    owner_name: str = ""
    owner_head: UUID | None = None
    given_by: str = ""
    """Who made the owner the owner: the owner, by taking it, or who handed it over."""
    reached_at: datetime | None = None
    scene_at: datetime | None = None
    declined_at: datetime | None = None
    declined_reason: str = ""
    escalated_to: str = ""
    alternative: str = ""
    told_at: datetime | None = None
    told_by: str = ""
    chases: tuple[Chased, ...] = ()
    chase_at: datetime | None = None
    """When to ask again, where somebody said so; the next news takes it away."""
    knew: frozenset[UUID] | None = None
    """Entries of changes that the agency knows of; None where nobody wrote that down at the sending."""
    told_risk: Rank | None = None
    """How great the risk was when the agency last heard of it."""
    passed: tuple[Passed, ...] = ()
    rung: Rung | None = None
    """The newest call to them that was placed from here."""
    signed: Signed | None = None
    """Who signed that it closes although nobody has reached the person."""
    news: tuple[HelpNews, ...] = ()
    upto: int = 0
    unreadable: int = 0
    """Entries whose words this worker may not read."""

    @property
    def label(self) -> str:
        """Return the agency's name, or what kind of help it is."""
        return self.agency or HELP_LABELS[self.kind]

    @property
    def words_of_state(self) -> str:
        """Return the state in words."""
        return STATE_WORDS[self.state]

    @property
    def flagged(self) -> tuple[HelpNews, ...]:
        """Return moves that could not have happened and need a look."""
        return tuple(one for one in self.news if one.refused)

    @property
    def sent_twice(self) -> HelpNews | None:
        """Return the news that somebody else sent it too, while the first sending was not known to them."""
        twice = (one for one in self.flagged if one.state is HelpState.SENT and one.by != self.sent_by)
        return next(twice, None)

    @property
    def open(self) -> bool:
        """Say whether somebody must still act on it or wait for it."""
        if self.open_risk:
            return True
        if self.state is HelpState.REACHED:
            return False
        return self.state not in ENDED and not (self.state is HelpState.DECLINED and not self.open_risk)

    @property
    def open_risk(self) -> bool:
        """Say whether a refusal still leaves somebody without help.

        A declined (or failed) request stays a risk until an alternative is recorded **and** the
        caller has been told, or help comes after all (domain.md 4.3).
        """
        unhelped = self.state in (HelpState.DECLINED, HelpState.ESCALATED, HelpState.FAILED) or (
            self.declined_at is not None
            and self.reached_at is None
            and self.state in (HelpState.CANCELLED, HelpState.COMPLETED)
        )
        return unhelped and not (self.alternative and self.told_at is not None)

    @property
    def unreached(self) -> bool:
        """Say whether it was sent to get somebody to the person, and nobody has reached them."""
        return self.kind in TO_PERSON and self.sent_at is not None and self.reached_at is None

    @property
    def still_needed(self) -> tuple[str, ...]:
        """Return what must still be done before a refusal is no risk any more."""
        if not self.open_risk:
            return ()
        missing = (
            ("record what is done instead", not self.alternative),
            ("tell the caller that nobody is coming", self.told_at is None),
        )
        return tuple(words for words, lacks in missing if lacks)

    @property
    def steps_done(self) -> int:
        """Return how many of the six bars are filled: completed without "reached" stays at five."""
        order = {state: count for count, state in enumerate(STEPS, 1)}
        applied = [order.get(one.state, 0) for one in self.news if one.state is not None and not one.refused]
        return max(applied, default=0)


def fold_help(items: Iterable[Item]) -> HelpRequest | None:
    """Return the request that the items of one stream make; None for no items."""
    listed = tuple(items)
    if not listed:
        return None
    made = HelpRequest(listed[0].stream.id)
    for item in listed:
        step = _FOLDS.get(item.kind)
        if step is not None and item.readable:
            made = step(made, item)
    unreadable = sum(not item.readable for item in listed)
    return replace(made, upto=max(item.seq for item in listed), unreadable=unreadable)


def cannot(request: HelpRequest, state: HelpState, *, signed: bool = False) -> str:
    """Return why ``request`` cannot move to ``state`` now, or an empty string.

    ``signed``: somebody signs that it closes although nobody has reached the person.
    """
    if state is request.state:
        return sent_before(request) if state is HelpState.SENT else ""
    if state is HelpState.COMPLETED and state not in MOVES[request.state] and request.kind not in TO_PERSON:
        return "" if request.state in UNDER_WAY else _sentence(request.state, state)
    if state not in MOVES[request.state]:
        return _sentence(request.state, state)
    ending = state in (HelpState.COMPLETED, HelpState.CANCELLED, HelpState.FAILED)
    if request.state is HelpState.DECLINED and ending and request.open_risk:
        return "It was declined: record the alternative and that the caller was told first."
    if state in (HelpState.COMPLETED, HelpState.CANCELLED) and request.unreached and not signed:
        return UNSIGNED
    return ""


def sent_before(request: HelpRequest) -> str:
    """Return why a request is not sent once more: two who read the same draft ring the same number."""
    at = f" at {clock_words(request.sent_at)}" if request.sent_at is not None else ""
    return f"It was sent already{at}: to ask again is to chase it."


def _sentence(now: HelpState, wanted: HelpState) -> str:
    return f"It is recorded as '{STATE_WORDS[now]}': '{STATE_WORDS[wanted]}' cannot follow from that."


def _drafted(made: HelpRequest, item: Item) -> HelpRequest:
    body = item.content
    return replace(
        made,
        kind=_kind(text(body, "kind")),
        incident=identity(body, "incident"),
        contact=identity(body, "contact"),
        agency=text(body, "agency"),
        number=text(body, "number"),
        line=text(body, "line"),
        rank=rank_of(text(body, "rank"), Rank.HOUR),
        words=text(body, "words"),
        ground=_ground(text(body, "rcrp_ground")),
        evidence=text(body, "evidence"),
        tried=text(body, "tried"),
        no_other=text(body, "no_other"),
        drafted_at=item.made_at,
        drafted_by=item.on_behalf_of or item.author,
        state_at=item.made_at,
        last_news_at=item.made_at,
        owner=made.owner or text(body, "owner") or ("" if flag(body, "unowned") else item.author),
        owner_name=made.owner_name or text(body, "owner_name"),
    )


def _kind(written: str) -> HelpKind:
    try:
        return HelpKind(written)
    except ValueError:
        return HelpKind.OTHER


def _ground(written: str) -> RcrpGround | None:
    try:
        return RcrpGround(written)
    except ValueError:
        return None


def _changed(made: HelpRequest, item: Item) -> HelpRequest:
    body = item.content
    try:
        wanted = HelpState(text(body, "state"))
    except ValueError:
        return _with_news(made, item, None, "A state that this program does not know.")
    signature = signature_of(item, wanted)
    why_not = cannot(made, wanted, signed=signature is not None)
    noted = _with_news(made, item, wanted, why_not)
    # The words that came with an impossible move (a reference, a name) are true all the same.
    known = _learned(noted, item)
    if why_not:
        return replace(known, state_head=item.id)
    return _moved(known, wanted, item, signature if made.unreached else None)


def _with_news(made: HelpRequest, item: Item, state: HelpState | None, refused: str = "") -> HelpRequest:
    return replace(made, news=(*made.news, news_of(item, state, refused)), last_news_at=item.made_at)


def _learned(made: HelpRequest, item: Item) -> HelpRequest:
    body = item.content
    minutes, grade = whole(body, "minutes"), text(body, "grade")
    graded = bool(grade) and grade != made.grade
    return replace(
        made,
        reference=text(body, "reference") or made.reference,
        name=text(body, "name") or made.name,
        grade=grade or made.grade,
        graded_at=(moment(body, "at") or item.made_at) if graded else made.graded_at,
        minutes=minutes if minutes is not None else made.minutes,
        promised_at=(moment(body, "at") or item.made_at) if minutes is not None else made.promised_at,
        alternative=text(body, "alternative") or made.alternative,
        ground=_ground(text(body, "rcrp_ground")) or made.ground,
        place=text(body, "place") or made.place,
        evidence=text(body, "evidence") or made.evidence,
        tried=text(body, "tried") or made.tried,
        no_other=text(body, "no_other") or made.no_other,
        chase_at=moment(body, "chase_at"),
    )


def _knowing(made: HelpRequest, item: Item, key: str) -> HelpRequest:
    """Return the request with what the agency knows from this entry on, where the entry says so."""
    body = item.content
    knew = made.knew
    if key in body and (knew is not None or key == "knew"):
        # Where the sending does not say what was known, the clocks must do, and go on doing.
        knew = (knew or frozenset()) | frozenset(identities(body, key))
    risk = text(body, "risk")
    return replace(made, knew=knew, told_risk=rank_of(risk, Rank.INFORMATION) if risk else made.told_risk)


def _moved(made: HelpRequest, state: HelpState, item: Item, signature: Signed | None) -> HelpRequest:
    at = moment(item.content, "at") or item.made_at
    moved = replace(made, state=state, state_head=item.id, state_at=at, times=(*made.times, (state, at)))
    if state in (HelpState.COMPLETED, HelpState.CANCELLED):
        return replace(moved, signed=signature)
    if state in (HelpState.SENT, HelpState.ESCALATED):
        moved = _knowing(moved, item, "knew")
    if state is HelpState.SENT:
        return replace(moved, sent_at=at, sent_by=item.on_behalf_of or item.author)
    if state is HelpState.DECLINED:
        # A new refusal is a new risk: what covered the last one does not cover this one.
        return replace(moved, declined_at=at, declined_reason=text(item.content, "text"), told_at=None, alternative="")
    if state is HelpState.ESCALATED:
        return replace(moved, escalated_to=text(item.content, "text"))
    if state is HelpState.ON_SCENE:
        return replace(moved, scene_at=at)
    if state is HelpState.REACHED:
        return replace(moved, reached_at=at)
    return moved


def _taken(made: HelpRequest, item: Item) -> HelpRequest:
    worker = text(item.content, "worker")
    name = text(item.content, "name")
    return replace(made, owner=worker, owner_name=name, owner_head=item.id, given_by=item.author)


def _updated(made: HelpRequest, item: Item) -> HelpRequest:
    what = rang_of(item)
    if what is not None:
        return _rung(made, item, what)
    return _learned(_with_news(made, item, None), item)


def _rung(made: HelpRequest, item: Item, what: Rang) -> HelpRequest:
    """That they were rung is no news of theirs until somebody answers; what came of it stands in its place."""
    said = news_of(item, None)
    before = next((one for one in made.news if one.entry == item.corrects), None)
    at = before.at if before is not None else said.at
    kept = tuple(replace(said, at=at) if one is before else one for one in made.news)
    news = kept if before is not None else (*made.news, said)
    heard = item.made_at if what is Rang.ANSWERED else made.last_news_at
    return replace(made, news=news, rung=Rung(at, item.on_behalf_of or item.author, what), last_news_at=heard)


def _told(made: HelpRequest, item: Item) -> HelpRequest:
    noted = _with_news(made, item, None)
    return replace(noted, told_at=item.made_at, told_by=item.author)


def _passed(made: HelpRequest, item: Item) -> HelpRequest:
    """What we tell them is no news of theirs: the clock since their last news goes on."""
    told = passed_of(item)
    # Not the words that an older console wrote here: they are the incident's, and not everybody's (decision 0027).
    news = replace(news_of(item, None), text=told.counted)
    noted = replace(made, news=(*made.news, news), passed=(*made.passed, told))
    return replace(_knowing(noted, item, "entries"), name=told.to or made.name)


def _chased(made: HelpRequest, item: Item) -> HelpRequest:
    body = item.content
    chased = Chased(item.made_at, item.on_behalf_of or item.author, text(body, "name"))
    noted = replace(made, news=(*made.news, news_of(item, None)), chases=(*made.chases, chased))
    return replace(noted, chase_at=moment(body, "chase_at"))


_Fold = Callable[[HelpRequest, Item], HelpRequest]
_FOLDS: Mapping[Kind, _Fold] = {
    Kind.HELP_DRAFTED: _drafted,
    Kind.HELP_CHANGED: _changed,
    Kind.HELP_TAKEN: _taken,
    Kind.HELP_UPDATED: _updated,
    Kind.HELP_TOLD: _told,
    Kind.HELP_PASSED: _passed,
    Kind.HELP_CHASED: _chased,
}
