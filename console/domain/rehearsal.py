"""What a rehearsal looks for in the record: an act by somebody, such as *Priya asks for a second worker*.

The same words say when a colleague of the script goes on and what the review measures, so both
look at entries and at nothing else: what is not in the record did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from console.domain.help_kinds import HelpKind
from console.domain.items import Item
from console.domain.locations import NEVER_CURRENT, source_of
from console.domain.reading import flag, identities, text
from console.domain.record import Kind

ANYBODY = ""
ANY = ""


class Deed(StrEnum):
    """What somebody does; a rehearsal's script writes it so."""

    SIGNS_IN = "signs_in"
    ANSWERS = "answers"
    TYPES = "types"
    PRESSES = "presses"
    JOINS = "joins"
    ASKS = "asks"
    SETS = "sets"
    SAYS = "says"
    RECORDS = "records"
    DRAFTS = "drafts"
    SENDS = "sends"
    LOGS = "logs"
    DECIDES = "decides"
    FINISHES = "finishes"
    ENDS = "ends"
    """A call is over, whoever ended it."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A deed looked for.

    ``who`` is a worker's key, ``extension`` that worker's telephone; both empty: anybody.  ``what`` is
    the call, key, prompt, field, fact or kind of help, ``state`` the news of a request, ``words`` a part
    of what was written.  Each is left empty where any will do.  ``said`` is how a review says it.
    """

    deed: Deed
    who: str = ANYBODY
    extension: str = ""
    what: str = ANY
    state: str = ANY
    words: str = ANY
    said: str = ""


@dataclass(slots=True)
class Seen:
    """What there is of a record so far, with what an entry alone does not say: whose call, which kind of help."""

    items: list[Item] = field(default_factory=list)
    calls: dict[UUID, str] = field(default_factory=dict)
    """The switchboard's own name of each call: its end is what the script calls it."""
    helps: dict[UUID, str] = field(default_factory=dict)
    by_id: dict[UUID, Item] = field(default_factory=dict)

    def add(self, items: Iterable[Item]) -> None:
        """Take further entries, in the record's order."""
        for item in items:
            self.items.append(item)
            self.by_id[item.id] = item
            if item.kind is Kind.CALL_SEEN:
                self.calls[item.stream.id] = text(item.content, "provider_call")
            elif item.kind is Kind.HELP_DRAFTED:
                self.helps[item.stream.id] = text(item.content, "kind")

    def first(self, sought: Sought, after: Item | None = None) -> Item | None:
        """Return the first entry that shows the deed; with ``after``, the first behind that entry."""
        begun = after is None
        for item in self.items:
            if begun and self.shows(item, sought):
                return item
            begun = begun or item is after
        return None

    def shows(self, item: Item, sought: Sought) -> bool:
        """Say whether this entry is the deed."""
        return item.readable and self._is_by(item, sought) and _DEEDS[sought.deed](self, item, sought)

    def _is_by(self, item: Item, sought: Sought) -> bool:
        if sought.deed is Deed.ENDS or sought.who == ANYBODY:
            return True
        if sought.deed is Deed.ANSWERS:
            # A fact of the switchboard is written by whichever console heard it first.
            return text(item.content, "extension") == sought.extension
        return (item.on_behalf_of or item.author) == sought.who

    def is_call(self, item: Item, name: str) -> bool:
        """Say whether an entry is about the call that the script names so."""
        return not name or self.calls.get(item.stream.id, "").rpartition("/")[2] == name

    def is_help(self, item: Item, kind: str) -> bool:
        """Say whether an entry is about a request of this kind."""
        found = self.helps.get(item.stream.id, "")
        return bool(found) and (not kind or found == kind)


def help_kind(written: str) -> HelpKind | None:
    """Return the kind of help a script means by ``police`` or ``ambulance``, or None."""
    try:
        return HelpKind.POLICE_ATTEND if written == "police" else HelpKind(written)
    except ValueError:
        return None


def _has(item: Item, key: str, words: str) -> bool:
    return words.casefold() in text(item.content, key).casefold()


def _on_call(kind: Kind) -> Callable[[Seen, Item, Sought], bool]:
    return lambda seen, item, sought: item.kind is kind and seen.is_call(item, sought.what)


def _signs_in(_seen: Seen, item: Item, _sought: Sought) -> bool:
    return item.kind is Kind.SHIFT_SIGNED_IN


def _types(_seen: Seen, item: Item, sought: Sought) -> bool:
    return item.kind in (Kind.CONTACT_NOTE, Kind.INCIDENT_NOTE) and _has(item, "text", sought.words)


def _presses(_seen: Seen, item: Item, sought: Sought) -> bool:
    if sought.what == "need_a_second":
        return item.kind is Kind.SUMMONS_SENT
    return item.kind is Kind.SIGNAL_SENT and text(item.content, "signal") == sought.what


def _joins(_seen: Seen, item: Item, sought: Sought) -> bool:
    # The lead of the opening has no slot: it was there from the beginning.
    return item.kind is Kind.INCIDENT_JOINED and bool(item.slot) and sought.what in (ANY, text(item.content, "role"))


def _asks(_seen: Seen, item: Item, sought: Sought) -> bool:
    asked = item.kind is Kind.CONTACT_PROMPT and flag(item.content, "asked")
    return asked and sought.what in (ANY, text(item.content, "key"))


def _sets(_seen: Seen, item: Item, sought: Sought) -> bool:
    found = item.kind is Kind.CONTACT_FIELD and text(item.content, "source") != "line"
    return found and sought.what in (ANY, text(item.content, "field")) and _has(item, "value", sought.words)


def _says(_seen: Seen, item: Item, sought: Sought) -> bool:
    return item.kind is Kind.MESSAGE_SENT and _has(item, "text", sought.words)


def _records(_seen: Seen, item: Item, sought: Sought) -> bool:
    if not _has(item, "text", sought.words):
        return False
    if item.kind is Kind.INCIDENT_LOCATION:
        known = source_of(text(item.content, "source")) not in NEVER_CURRENT
        return known and sought.what in (ANY, "location")
    if item.kind is Kind.INCIDENT_HAZARD:
        return sought.what in (ANY, "hazard")
    return item.kind is Kind.INCIDENT_FACT and sought.what in (ANY, text(item.content, "key"))


def _drafts(seen: Seen, item: Item, sought: Sought) -> bool:
    return item.kind is Kind.HELP_DRAFTED and seen.is_help(item, sought.what)


def _sends(seen: Seen, item: Item, sought: Sought) -> bool:
    sent = item.kind is Kind.HELP_CHANGED and text(item.content, "state") == "sent"
    return sent and seen.is_help(item, sought.what)


def _logs(seen: Seen, item: Item, sought: Sought) -> bool:
    if not seen.is_help(item, sought.what):
        return False
    if item.kind is Kind.HELP_PASSED:
        # What was ticked as told says its words by the entries it names.
        told = (seen.by_id.get(one, item) for one in identities(item.content, "entries"))
        return sought.state in (ANY, "update") and any(_has(one, "text", sought.words) for one in (item, *told))
    if not _has(item, "text", sought.words):
        return False
    if item.kind is Kind.HELP_TOLD:
        return sought.state in (ANY, "told")
    if item.kind is Kind.HELP_UPDATED and not text(item.content, "rang"):
        other = "alternative" if text(item.content, "alternative") else "update"
        return sought.state in (ANY, other)
    return item.kind is Kind.HELP_CHANGED and sought.state in (ANY, text(item.content, "state"))


def _decides(_seen: Seen, item: Item, _sought: Sought) -> bool:
    return item.kind is Kind.CONTACT_DECISION


def _finishes(_seen: Seen, item: Item, _sought: Sought) -> bool:
    return item.kind is Kind.CONTACT_COMPLETED


_DEEDS: Mapping[Deed, Callable[[Seen, Item, Sought], bool]] = {
    Deed.SIGNS_IN: _signs_in,
    Deed.ANSWERS: _on_call(Kind.CALL_ANSWERED),
    Deed.ENDS: _on_call(Kind.CALL_ENDED),
    Deed.TYPES: _types,
    Deed.PRESSES: _presses,
    Deed.JOINS: _joins,
    Deed.ASKS: _asks,
    Deed.SETS: _sets,
    Deed.SAYS: _says,
    Deed.RECORDS: _records,
    Deed.DRAFTS: _drafts,
    Deed.SENDS: _sends,
    Deed.LOGS: _logs,
    Deed.DECIDES: _decides,
    Deed.FINISHES: _finishes,
}


def seen_of(items: Sequence[Item]) -> Seen:
    """Return what a whole record shows."""
    made = Seen()
    made.add(items)
    return made
