"""The panel of Transfer: to whom, how, keys on the line; and what can be done while a colleague is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from console.domain.calls import Asked
from console.ports.switchboard import Act
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.widgets.faces import Choice

KEY, TITLE = "transfer", "Transfer"
WHOM, TARGET, HOW, KEYS = "whom", "target", "how", "keys"
FETCH = "fetch "
"""How the choice of a parked caller begins; the call's id comes after it."""
STAYS = "The record stays with you."
NOTHING = "You are not on a call, and no caller is parked."
CAME = "You had no call when this was opened, and have one now. Close it and open it again to give them over."
GONE = "The caller this was opened for is not on your line any more. Nothing was done. Esc closes; your words are kept."
BOTH = "Choose a colleague or write a number: not both. The call stays with you."
KEYS_FIRST = "Send the keys first, with nobody to transfer to: one thing at a time. Nothing was sent."
NOT_THERE = "This telephone system does none of it: transfer on the telephone itself."
CHOOSE = "Choose how. Nothing was done yet."
PLACE, NO_PLACE = "They are at: {place}.", "Where they are was not said yet: ask the caller."
"""What follows on an emergency number: the place to read out."""
NO_EMERGENCY = "Nobody was transferred. Choose a colleague, or write another number."
_WAYS: Mapping[Act, str] = {
    Act.START_ATTENDED: "Ask them first; the caller waits",
    Act.BLIND_TRANSFER: "Give over at once",
    Act.PARK: "Park; any telephone can fetch",
}
_RINGS: Mapping[Act, str] = {Act.REDIRECT: "Rings there, and here no more"}
_WHILE_ASKING: Mapping[Act, str] = {
    Act.COMPLETE_ATTENDED: "Give over",
    Act.CONFERENCE: "All three together",
    Act.CANCEL_ATTENDED: "Take back",
}
_SHORT: Mapping[Act, str] = {
    Act.START_ATTENDED: "Ask first",
    Act.BLIND_TRANSFER: "Give over at once",
    Act.PARK: "Park",
    Act.REDIRECT: "Give it to",
    Act.RETRIEVE: "Fetch",
    Act.DTMF: "Keys on the line",
    **_WHILE_ASKING,
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on the shift with a telephone signed in; ``state`` in words."""

    name: str
    extension: str
    state: str = ""
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class PassingInputs:
    """What the panel is made from.  ``parked`` are callers to fetch: key and words of each, the longest waiting first.

    ``can`` is what the switchboard does now, ``why_not`` why it does not do the rest.
    """

    on_call: bool = False
    asked: Asked | None = None
    colleagues: tuple[Colleague, ...] = ()
    parked: tuple[Choice, ...] = ()
    can: frozenset[Act] = frozenset(Act)
    why_not: Mapping[Act, str] = field(default_factory=dict)
    gone: bool = False
    """The caller for whom the panel was opened is not on the line any more."""
    rings: bool = False
    """It was opened for a caller who rings here, and whom nobody has answered."""
    came: bool = False
    """The panel was opened with nobody on the line, and there is somebody now."""

    def named(self, extension: str) -> str:
        """Return who is at an extension, with it; the extension alone where nobody is signed in there."""
        found = next((one.name for one in self.colleagues if one.extension == extension), "")
        return f"{found}, {extension}" if found else extension


def passing_form(given: PassingInputs, error: str = "") -> FormRow:
    """Return the form for what there is: a caller, a colleague being asked, a parked caller, or nothing."""
    if given.asked is not None:
        return _asking(given, given.asked, error)
    if given.rings:
        return _sending_on(given, GONE if given.gone else error)
    if given.on_call:
        # What was typed stands in it: also once the caller it was typed for is gone.
        return _giving(given, GONE if given.gone else error)
    if given.parked and not given.came:
        ways = given.parked if Act.RETRIEVE in given.can else ()
        return _form("Fetch a parked caller", _how(ways, "Whom"), "Fetch", error, _cannot(given, (Act.RETRIEVE,)))
    said = FieldRow("said", "Nobody to transfer", Kind.SAID, CAME if given.came else NOTHING)
    return _form(TITLE, (said,), "Close", error)


def _form(title: str, fields: tuple[FieldRow, ...], send: str, error: str, intro: str = "") -> FormRow:
    return FormRow(KEY, title, (SectionRow("", fields),), intro, send, error)


def _giving(given: PassingInputs, error: str) -> FormRow:
    fields = (*_to_whom(given, _WAYS), *((_keys(),) if Act.DTMF in given.can else ()))
    # In the title, as at the least height every line under it is a line of the fields.
    return _form(f"{TITLE}: the record stays with you", fields, "Transfer", error, _cannot(given, (*_WAYS, Act.DTMF)))


def _sending_on(given: PassingInputs, error: str) -> FormRow:
    title = "Give it to a colleague; nobody has answered yet"
    return _form(title, _to_whom(given, _RINGS), "Give", error, _cannot(given, _RINGS))


def _to_whom(given: PassingInputs, ways: Mapping[Act, str]) -> tuple[FieldRow, ...]:
    """Return the fields of whom and how; a parked caller can be fetched instead."""
    offered = tuple(Choice(act.value, words) for act, words in ways.items() if act in given.can)
    fetch = given.parked if Act.RETRIEVE in given.can else ()
    return (
        FieldRow(WHOM, "To whom", Kind.CHOICE, choices=_colleagues(given)),
        FieldRow(TARGET, "Or an extension or number", placeholder="Such as 1003"),
        *_how((*offered, *fetch)),
    )


def _colleagues(given: PassingInputs) -> tuple[Choice, ...]:
    listed = sorted(given.colleagues, key=lambda one: (one.on_call, one.name))
    return tuple(Choice(one.extension, _colleague(one)) for one in listed)


def _colleague(one: Colleague) -> str:
    state = "on a call" if one.on_call else one.state.lower()
    return f"{one.name}, {one.extension}" + (f" ({state})" if state else "")


def _keys() -> FieldRow:
    return FieldRow(KEYS, "Keys on the line", Kind.DIGITS, help="For a voice that says: press 1. They are not kept.")


def _asking(given: PassingInputs, asked: Asked, error: str) -> FormRow:
    who = given.named(asked.extension)
    offered = _WHILE_ASKING if asked.answered else {Act.CANCEL_ATTENDED: _WHILE_ASKING[Act.CANCEL_ATTENDED]}
    ways = tuple(Choice(act.value, words) for act, words in offered.items() if act in given.can)
    intro = f"Asking {who}; the caller waits. {STAYS}"
    if not asked.answered:
        intro = f"{who} has not answered yet; the caller waits. {STAYS}"
    intro = f"{intro} {_cannot(given, _WHILE_ASKING)}".rstrip()
    return _form(f"Asking {asked.extension}", _how(ways), "Do it", error, intro)


def _how(ways: tuple[Choice, ...], label: str = "How") -> tuple[FieldRow, ...]:
    return (FieldRow(HOW, label, Kind.CHOICE, ways[0].key, ways),) if ways else ()


def _cannot(given: PassingInputs, acts: Iterable[Act]) -> str:
    """Say what is not offered here, and why, once where the reason is the same."""
    missing: dict[str, list[str]] = {}
    for act in acts:
        if act not in given.can:
            missing.setdefault(given.why_not.get(act, "") or NOT_THERE, []).append(_SHORT[act])
    return " ".join(f"Not here: {', '.join(names).lower()}. {why}" for why, names in missing.items())
