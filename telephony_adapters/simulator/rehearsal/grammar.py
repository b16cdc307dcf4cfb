"""The deeds, aims and desk lines of a rehearsal: from the words of a line to their values.

``when`` and ``aim`` use the same words, so that what a scene waits for is also what the review can see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from console.domain.deed_words import deed_words, prompt_labels
from console.domain.forms.registry import FORMS
from console.domain.help_kinds import HelpKind, HelpState
from console.domain.rehearsal import Deed, Sought, help_kind
from console.domain.rehearsal_review import COUNTED, Aim, Measure
from console.domain.signals import SignalKind
from telephony_adapters.simulator.desk_verbs import DESK, DeskVerb
from telephony_adapters.simulator.grammar import Names
from telephony_adapters.simulator.rehearsal.steps import HEARS, Seat
from telephony_adapters.simulator.words import Reader

ANYONE = "anyone"
ANY_HELP = "help"
_PLAYED = ("types", "asks", "sets", "says", "records", "drafts", "sends", "logs", "decides", "presses")
VERBS: Mapping[str, DeskVerb] = {verb: DESK[verb] for verb in _PLAYED} | {
    HEARS: DeskVerb(2, 2, 'WHO "WORDS": what somebody says into this telephone; shown to whoever trains there'),
}
"""What is done at a desk in a rehearsal."""
SIGNALS = tuple(kind.value for kind in SignalKind)
KEYS = ("answer", "end_call", "join", "observe", "finish", *SIGNALS)
"""What a played desk presses."""
FIELDS: Mapping[str, str] = {
    "kind_of_call": "type",
    "how_urgent": "priority",
    "who_is_calling": "source_code",
}
"""A script's word for a field, where it is not the field's own key."""
NEWS = (*(state.value for state in HelpState if state not in (HelpState.DRAFTED, HelpState.SENT)), "update", "told",
        "alternative")  # fmt: skip
AGENCIES = ("police", *(kind.value for kind in HelpKind))
MOST_SECONDS = 86_400


@dataclass(slots=True)
class Cast:
    """Who and what the script has introduced so far."""

    names: Names
    seats: dict[str, Seat] = field(default_factory=dict)

    def seat(self, reader: Reader) -> Seat:
        """Take the name of a seat."""
        word = reader.take("the name of a seat")
        if word not in self.seats:
            raise reader.fail(f'"{word[:40]}" is no seat; seats are {_listed(self.seats)}.')
        return self.seats[word]


def one_of(reader: Reader, what: str, known: tuple[str, ...]) -> str:
    """Take one of the words in ``known``."""
    word = reader.take(what)
    if word not in known:
        raise reader.fail(f'"{word[:40]}" is not {what}; known are {_listed(known)}.')
    return word


def _listed(known: object) -> str:
    words = sorted(known) if isinstance(known, tuple | dict) else []
    return ", ".join(words) or "none yet"


def prompt_key(reader: Reader, written: str) -> str:
    """Return a prompt's key by its key or by the words on its box."""
    for key, label in prompt_labels().items():
        if written == key or written.casefold() == label.casefold():
            return key
    prompts = ", ".join(f'"{prompt.label}"' for form in FORMS for prompt in form.prompts)
    raise reader.fail(f'"{written[:40]}" is not asked on any form; asked are {prompts}.')


def agency_kind(reader: Reader, written: str) -> str:
    """Return the kind of help meant by ``police``, ``ambulance`` ..."""
    kind = help_kind(written)
    if kind is None:
        raise reader.fail(f'"{written[:40]}" is no kind of help; known are {_listed(AGENCIES)}.')
    return kind.value


# --- what is looked for ---------------------------------------------------------------------------


def read_sought(reader: Reader, cast: Cast) -> Sought:
    """``priya asks "Where"``, ``anyone sends police``, ``call c1 ends``.  Raises ``BadScript``."""
    if reader.skip("call"):
        call = _call(reader, cast)
        reader.need("ends")
        return _said(Sought(Deed.ENDS, what=call), "", cast)
    who, extension, name = "", "", ""
    if not reader.skip(ANYONE):
        seat = cast.seat(reader)
        who, extension, name = seat.worker, seat.extension, seat.name.split()[0]
    word = one_of(reader, "something that is done", tuple(deed.value for deed in Deed if deed is not Deed.ENDS))
    deed = Deed(word)
    made = _OBJECTS.get(deed, _nothing)(reader, cast)
    return _said(Sought(deed, who, extension, *made), name, cast)


_Object = tuple[str, str, str]
"""What, which news, which words."""


def _said(made: Sought, name: str, cast: Cast) -> Sought:
    """Keep how it is said to those who read the review: they know no names of calls and keys."""
    calls = list(cast.names.calls)
    number = calls.index(made.what) + 1 if made.deed in (Deed.ENDS, Deed.ANSWERS) else 1
    return replace(made, said=deed_words(made, name, "the call" if number == 1 else f"call number {number}"))


def _call(reader: Reader, cast: Cast) -> str:
    call = reader.take("a call's name such as c1")
    if call not in cast.names.calls:
        raise reader.fail(f"no call {call[:40]} has come in before this line.")
    return call


def _nothing(_reader: Reader, _cast: Cast) -> _Object:
    return "", "", ""


def _quoted(reader: Reader) -> str:
    """Take words in quotes where they stand next."""
    there = reader.more() and reader.words[reader.position].quoted
    return reader.take("words in quotes") if there else ""


def _words(reader: Reader, _cast: Cast) -> _Object:
    return "", "", _quoted(reader)


def _answered(reader: Reader, cast: Cast) -> _Object:
    return _call(reader, cast), "", ""


def _pressed(reader: Reader, _cast: Cast) -> _Object:
    return one_of(reader, "a signal", SIGNALS), "", ""


def _asked(reader: Reader, _cast: Cast) -> _Object:
    return prompt_key(reader, reader.take("a prompt in quotes")), "", ""


def _set(reader: Reader, _cast: Cast) -> _Object:
    name = reader.take("a field's name")
    return FIELDS.get(name, name), "", _quoted(reader)


def _recorded(reader: Reader, _cast: Cast) -> _Object:
    return reader.take("location, hazard or a fact's name"), "", _quoted(reader)


def _help(reader: Reader, _cast: Cast) -> _Object:
    return _kind_or_any(reader), "", ""


def _news(reader: Reader, _cast: Cast) -> _Object:
    return _kind_or_any(reader), one_of(reader, "news of a request", NEWS), _quoted(reader)


def _kind_or_any(reader: Reader) -> str:
    if reader.skip(ANY_HELP):
        return ""
    return agency_kind(reader, reader.take("police, ambulance or another kind of help"))


_OBJECTS: Mapping[Deed, Callable[[Reader, Cast], _Object]] = {
    Deed.ANSWERS: _answered,
    Deed.TYPES: _words,
    Deed.SAYS: _words,
    Deed.PRESSES: _pressed,
    Deed.ASKS: _asked,
    Deed.SETS: _set,
    Deed.RECORDS: _recorded,
    Deed.DRAFTS: _help,
    Deed.SENDS: _help,
    Deed.LOGS: _news,
}


# --- what is aimed at -----------------------------------------------------------------------------


def read_aim(reader: Reader, cast: Cast) -> Aim:
    """``aim second_worker within 60``, ``aim risks asked "Alone"``, ``aim "The dog is known" when ... within 90``."""
    own = _quoted(reader)
    known = tuple(one.value for one in Measure if one is not Measure.OTHER)
    measure = Measure.OTHER if own else Measure(one_of(reader, "an aim", known))
    found = {"label": own} | _parts(reader, cast)
    if measure is Measure.OTHER and "when" not in found:
        raise reader.fail("an aim of your own needs `when` and a deed that shows it.")
    if measure in COUNTED and "at_most" not in found:
        raise reader.fail(f"{measure.value} is counted: write `at most 0`.")
    if measure is Measure.RISKS and "prompts" not in found:
        raise reader.fail('write what is to be asked: risks asked "Alone" "Where".')
    return Aim(measure, **found)  # type: ignore[arg-type]  # each part was read by its own rule


def _parts(reader: Reader, cast: Cast) -> dict[str, object]:
    found: dict[str, object] = {}
    while reader.more():
        if reader.skip("when"):
            found["when"] = read_sought(reader, cast)
        elif reader.skip("within"):
            found["within"] = seconds(reader)
        elif reader.skip("after"):
            found["after"] = read_sought(reader, cast)
        elif reader.skip("at", "most"):
            found["at_most"] = reader.whole("how many at most")
        else:
            reader.need("asked")
            found["prompts"] = _prompts(reader)
    return found


def _prompts(reader: Reader) -> tuple[str, ...]:
    found = [prompt_key(reader, reader.take("a prompt in quotes"))]
    while reader.more() and reader.words[reader.position].quoted:
        found.append(prompt_key(reader, reader.take("a prompt in quotes")))
    return tuple(found)


def seconds(reader: Reader) -> int:
    """Take a number of seconds, up to a day."""
    count = reader.whole("a number of seconds")
    if count > MOST_SECONDS:
        raise reader.fail("that is more than a day.")
    return count


# --- what is played -------------------------------------------------------------------------------


def read_desk(reader: Reader, cast: Cast) -> tuple[str, str, tuple[str, ...]]:
    """Return seat, verb and arguments of ``tom presses join`` (after ``desk``); everything is checked here."""
    seat = cast.seat(reader)
    verb = one_of(reader, "something done at a desk", tuple(VERBS))
    begins = reader.position
    arguments: list[str] = []
    while reader.more():
        arguments.append(reader.take("a word"))
    if not VERBS[verb].fewest <= len(arguments) <= VERBS[verb].most:
        raise reader.fail(f"{verb} is written as: {verb} {VERBS[verb].help}.")
    again = Reader(reader.file, reader.line, reader.words, begins)
    if verb in _CHECKS:
        arguments[0] = _CHECKS[verb](again)
    return seat.key, verb, tuple(arguments)


def _check_logs(reader: Reader) -> str:
    kind = agency_kind(reader, reader.take("police, ambulance or another kind of help"))
    one_of(reader, "news of a request", NEWS)
    return kind


def _check_field(reader: Reader) -> str:
    name = reader.take("a field's name")
    return FIELDS.get(name, name)


_CHECKS: Mapping[str, Callable[[Reader], str]] = {
    "presses": lambda reader: one_of(reader, "a key", KEYS),
    "asks": lambda reader: prompt_key(reader, reader.take("a prompt in quotes")),
    "drafts": lambda reader: agency_kind(reader, reader.take("a kind of help")),
    "sends": lambda reader: agency_kind(reader, reader.take("a kind of help")),
    "logs": _check_logs,
    "sets": _check_field,
}
"""What the first argument of a verb must be, and how it is kept."""
