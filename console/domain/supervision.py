"""Who hears a colleague's call as its supervisor, in which manner, and what whoever is heard is shown of it.

The switchboard tells that a telephone hears a call, never how or why; that stands in the entry that a supervisor's
console writes before it asks.  One that hears a call without such an entry is shown all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from console.domain.calls import Call
from console.domain.items import Item
from console.domain.reading import text
from console.domain.words import clock_words

HIDES_FOR = timedelta(minutes=2)
"""How long after it was written an entry may keep from view: it is about one ringing of one telephone, and no more."""


class Manner(StrEnum):
    """How a supervisor takes part."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


MANNER_WORDS = {
    Manner.LISTEN: "is listening",
    Manner.WHISPER: "is listening, heard on our side alone,",
    Manner.BARGE: "is in the call, heard by both,",
}
"""What is said of somebody since a time."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What a supervisor wrote before the switchboard was asked.  ``of``: whose telephone; ``by``: a worker key."""

    by: str
    manner: Manner
    extension: str
    of: str
    shown: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Hearing:
    """Somebody hears a call now; ``by`` is a worker key, empty where no entry says who."""

    extension: str
    by: str
    manner: Manner
    since: datetime
    shown: bool


def announced(item: Item) -> Announced:
    """Return what an entry of supervision says; in a manner that is not known here, that somebody listens."""
    body = item.content
    try:
        manner = Manner(text(body, "manner"))
    except ValueError:
        manner = Manner.LISTEN
    # Only what says so in plain words is kept from view.
    shown = body.get("shown") is not False or not text(body, "reason").strip()
    by = item.on_behalf_of or item.author
    return Announced(by, manner, text(body, "extension"), text(body, "of"), shown, text(body, "reason"), item.made_at)


def hearings(call: Call, said: Iterable[Announced]) -> tuple[Hearing, ...]:
    """Return who hears a call now, in the order they began."""
    listed = tuple(said)
    found = []
    for one in call.supervisors if call.live else ():
        own = [entry for entry in listed if entry.extension == one.extension]
        last = max(own, key=lambda entry: entry.at, default=None)
        fresh = last is not None and abs(one.since - last.at) <= HIDES_FOR
        found.append(
            Hearing(
                one.extension,
                last.by if last is not None else "",
                last.manner if last is not None and fresh else Manner.LISTEN,
                one.since,
                last is None or last.shown or not fresh,
            )
        )
    return tuple(sorted(found, key=lambda hearing: hearing.since))


def hearing_words(
    call: Call,
    said: Iterable[Announced],
    at: Callable[[str], str],
    name_of: Callable[[str], str],
    but: str = "",
    *,
    hides: bool = False,
) -> tuple[str, ...]:
    """Return a sentence for each who is shown: ``Helen Marsh is listening since 02:47``; ``but`` leaves one out.

    ``at`` gives the name of who sits at an extension, or nothing; ``name_of`` that of a worker by key.  ``hides``: the
    service of whoever reads this lets supervisors keep it from view; elsewhere an entry that says so hides nobody.
    """
    words = []
    for one in hearings(call, said):
        if (hides and not one.shown) or (but and one.extension == but):
            continue
        name = at(one.extension) or (name_of(one.by) if one.by else f"Extension {one.extension}")
        words.append(f"{name} {MANNER_WORDS[one.manner]} since {clock_words(one.since)}")
    return tuple(words)
