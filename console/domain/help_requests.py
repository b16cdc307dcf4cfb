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
from console.domain.incidents import rank_of
from console.domain.items import Item
from console.domain.people import Rank
from console.domain.reading import flag, identity, moment, text, whole
from console.domain.record import Kind


@dataclass(frozen=True, slots=True)
class HelpNews:
    """One thing heard or passed on; ``refused`` is why the move was kept but not applied."""

    entry: UUID
    at: datetime
    by: str
    state: HelpState | None
    text: str
    reference: str = ""
    name: str = ""
    grade: str = ""
    minutes: int | None = None
    refused: str = ""


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
    line: str = ""
    rank: Rank = Rank.HOUR
    words: str = ""
    ground: RcrpGround | None = None
    place: str = ""
    """Where help was sent to, as it was known then."""
    drafted_at: datetime | None = None
    drafted_by: str = ""
    state: HelpState = HelpState.DRAFTED
    state_at: datetime | None = None
    state_head: UUID | None = None
    sent_at: datetime | None = None
    sent_by: str = ""
    last_news_at: datetime | None = None
    reference: str = ""
    name: str = ""
    grade: str = ""
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
            self.declined_at is not None and self.state in (HelpState.CANCELLED, HelpState.COMPLETED)
        )
        return unhelped and not (self.alternative and self.told_at is not None)

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


def cannot(request: HelpRequest, state: HelpState) -> str:
    """Return why ``request`` cannot move to ``state`` now, or an empty string."""
    if state is request.state:
        return ""
    if state is HelpState.COMPLETED and state not in MOVES[request.state] and request.kind not in TO_PERSON:
        allowed = request.state in UNDER_WAY
        return "" if allowed else _sentence(request.state, state)
    if state not in MOVES[request.state]:
        return _sentence(request.state, state)
    ending = state in (HelpState.COMPLETED, HelpState.CANCELLED, HelpState.FAILED)
    if request.state is HelpState.DECLINED and ending and request.open_risk:
        return "It was declined: record the alternative and that the caller was told first."
    return ""


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
        line=text(body, "line"),
        rank=rank_of(text(body, "rank"), Rank.HOUR),
        words=text(body, "words"),
        ground=_ground(text(body, "rcrp_ground")),
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
    why_not = cannot(made, wanted)
    noted = _with_news(made, item, wanted, why_not)
    # The words that came with an impossible move (a reference, a name) are true all the same.
    known = _learned(noted, item)
    return replace(known, state_head=item.id) if why_not else _moved(known, wanted, item)


def _with_news(made: HelpRequest, item: Item, state: HelpState | None, refused: str = "") -> HelpRequest:
    body = item.content
    news = HelpNews(
        item.id,
        item.made_at,
        item.on_behalf_of or item.author,
        state,
        text(body, "text"),
        text(body, "reference"),
        text(body, "name"),
        text(body, "grade"),
        whole(body, "minutes"),
        refused,
    )
    return replace(made, news=(*made.news, news), last_news_at=item.made_at)


def _learned(made: HelpRequest, item: Item) -> HelpRequest:
    body = item.content
    minutes = whole(body, "minutes")
    return replace(
        made,
        reference=text(body, "reference") or made.reference,
        name=text(body, "name") or made.name,
        grade=text(body, "grade") or made.grade,
        minutes=minutes if minutes is not None else made.minutes,
        promised_at=(moment(body, "at") or item.made_at) if minutes is not None else made.promised_at,
        alternative=text(body, "alternative") or made.alternative,
        ground=_ground(text(body, "rcrp_ground")) or made.ground,
        place=text(body, "place") or made.place,
    )


def _moved(made: HelpRequest, state: HelpState, item: Item) -> HelpRequest:
    at = moment(item.content, "at") or item.made_at
    moved = replace(made, state=state, state_head=item.id, state_at=at)
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
    return _learned(_with_news(made, item, None), item)


def _told(made: HelpRequest, item: Item) -> HelpRequest:
    noted = _with_news(made, item, None)
    return replace(noted, told_at=item.made_at, told_by=item.author)


_Fold = Callable[[HelpRequest, Item], HelpRequest]
_FOLDS: Mapping[Kind, _Fold] = {
    Kind.HELP_DRAFTED: _drafted,
    Kind.HELP_CHANGED: _changed,
    Kind.HELP_TAKEN: _taken,
    Kind.HELP_UPDATED: _updated,
    Kind.HELP_TOLD: _told,
}
