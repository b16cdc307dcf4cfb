"""A call of the record as lines of a timeline: it comes in, rings, is answered, held, passed on, dropped or ended.

For a review long afterwards: on the screens of the night the call itself stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from console.domain.act_words import TELEPHONES
from console.domain.call_log import CallRecord, fold_call
from console.domain.calls import CallOutcome, Direction, Presentation
from console.domain.drops import is_ours, is_unsaid
from console.domain.handed import happened_at
from console.domain.items import Item
from console.domain.lines import to_e164
from console.domain.reading import flag, text
from console.domain.record import Kind, Stored
from console.domain.search import shown_number
from console.domain.text import NUMBER_CAP, safe_line
from console.domain.timeline import TimelineKind, TimelineLine, in_order

Whose = Callable[[str, datetime], str]
"""Says who sat at a telephone at a moment: ``Priya Raman (1001)``; the extension alone where nobody is known."""
OUTSIDE = "outside"
LINE_DROPPED = "THE LINE DROPPED: nobody of ours ended the call"
NOT_TAKEN = "THE LINE DROPPED: whoever the caller was passed on to did not answer"
END_UNSAID = "ended; the telephone system does not say by whom"
UNSEEN = "was gone by then: it ended unseen, nobody knows when or how"
_UNANSWERED: Mapping[CallOutcome, str] = {
    CallOutcome.ABANDONED: "the caller rang off before anybody answered",
    CallOutcome.QUEUE_TIMEOUT: "ended: it waited too long in the queue",
    CallOutcome.BUSY: "ended: engaged",
    CallOutcome.REJECTED: "ended: refused",
    CallOutcome.FAILED: "ended: it did not go through",
}


def whose_telephone(entries: Iterable[Stored]) -> Whose:
    """Return who sat where, by the sign-ins among the entries."""
    sat: list[tuple[datetime, str, str]] = []
    for one in entries:
        if one.envelope.kind is Kind.SHIFT_SIGNED_IN:
            body = one.content()
            sat.append((one.envelope.made_at, text(body, "extension"), text(body, "name")))

    def whose(extension: str, at: datetime) -> str:
        named = [name for since, theirs, name in sat if theirs == extension and since <= at and name]
        return f"{named[-1]} ({extension})" if named else extension

    return whose


def call_lines(items: Iterable[Item], whose: Whose) -> tuple[TimelineLine, ...]:
    """Return the lines of one call, in the order of what happened; none for no call."""
    listed = [item for item in items if item.kind in _WORDS and item.readable]
    record = fold_call(listed)
    if record is None:
        return ()
    found = ((item, _WORDS[item.kind](item, record, whose)) for item in _told(listed))
    return in_order(_line(item, words) for item, words in found if words)


def _line(item: Item, words: str) -> TimelineLine:
    said, place = f"Call: {words}", _PLACES[item.kind]
    return TimelineLine(happened_at(item), TELEPHONES, TimelineKind.SYSTEM, said, item.id, item.stream, item.seq, place)


def _told(items: list[Item]) -> Iterator[Item]:
    """Yield what was told by those who saw the call whole; of what came late only what nobody else told."""
    whole = [item for item in items if not flag(item.content, "late")]
    yield from whole
    kinds = {item.kind for item in whole}
    yield from (item for item in items if flag(item.content, "late") and item.kind not in kinds)


def _seen(item: Item, record: CallRecord, _: Whose) -> str:
    dialled = text(item.content, "dialled")
    if record.dialled and not dialled:
        return ""  # told before it was known what was dialled, and told again
    number = _shown(to_e164(dialled) or dialled)
    if record.direction is Direction.INBOUND:
        return f"comes in on {number}" if number else "comes in"
    return f"we ring {number}" if number else "we ring somebody"


def _shown(number: str) -> str:
    return shown_number(number) if number.startswith("+") else number


def _number(item: Item, _: CallRecord, __: Whose) -> str:
    presentation, number = (
        text(item.content, "presentation"),
        text(item.content, "e164") or text(item.content, "number"),
    )
    if presentation == Presentation.WITHHELD:
        return "the number is withheld"
    if presentation == Presentation.UNAVAILABLE:
        return "no number was sent"
    return f"from {_shown(number)}" if number else ""


def _offered(item: Item, _: CallRecord, whose: Whose) -> str:
    extension = text(item.content, "extension")
    return f"rings at {whose(extension, happened_at(item))}" if extension != OUTSIDE else "rings there"


def _answered(item: Item, record: CallRecord, whose: Whose) -> str:
    extension = text(item.content, "extension")
    if extension == OUTSIDE:
        return "" if record.direction is Direction.INBOUND else "answered by whom we rang"
    return f"answered by {whose(extension, happened_at(item))}"


def _held(item: Item, _: CallRecord, whose: Whose) -> str:
    who = whose(text(item.content, "extension"), happened_at(item))
    return f"put on hold by {who}" if flag(item.content, "held") else f"taken back by {who}"


def _moved(words: str) -> Callable[[Item, CallRecord, Whose], str]:
    return lambda item, _, whose: f"{whose(text(item.content, 'extension'), happened_at(item))} {words}"


def _parked(item: Item, _: CallRecord, __: Whose) -> str:
    if not flag(item.content, "parked"):
        return "parked no more"
    place = safe_line(text(item.content, "place"), NUMBER_CAP)
    return f"parked at {place}" if place else "parked"


def _transferred(item: Item, _: CallRecord, whose: Whose) -> str:
    giver, taker = text(item.content, "giver"), text(item.content, "taker")
    by = f" by {whose(giver, happened_at(item))}" if giver else ""
    return f"passed on{by}" + (f" to {whose(taker, happened_at(item))}" if taker else "")


def _ended(item: Item, record: CallRecord, whose: Whose) -> str:
    by = text(item.content, "ended_by")
    if record.ended_unseen:
        return UNSEEN
    if not record.answered or (record.direction is Direction.OUTBOUND and OUTSIDE not in record.answered_by):
        return _UNANSWERED.get(record.outcome or CallOutcome.UNKNOWN, "ended: no answer")
    if record.handed is not None:
        return NOT_TAKEN
    if is_ours(by):
        return f"ended by {whose(by, happened_at(item))}"
    return END_UNSAID if is_unsaid(by, record.outcome, assumed=record.assumed) else LINE_DROPPED


_WORDS: Mapping[Kind, Callable[[Item, CallRecord, Whose], str]] = {
    Kind.CALL_SEEN: _seen,
    Kind.CALL_NUMBER: _number,
    Kind.CALL_QUEUED: lambda *_: "waits to be answered",
    Kind.CALL_OFFERED: _offered,
    Kind.CALL_ANSWERED: _answered,
    Kind.CALL_HELD: _held,
    Kind.CALL_JOINED: _moved("joins"),
    Kind.CALL_LEFT: _moved("leaves the others"),
    Kind.CALL_PARKED: _parked,
    Kind.CALL_TRANSFERRED: _transferred,
    Kind.CALL_EMERGENCY: _moved("dialled an emergency number"),
    Kind.CALL_ENDED: _ended,
}
"""In the order in which they happen, where several happen at once."""
_PLACES = {kind: place - len(_WORDS) for place, kind in enumerate(_WORDS)}
"""Before everything else of the same moment: a note begins when the call was answered."""
