"""The verbs of a script: one small function each, from the words of a line to its step.

To add a verb for the telephones: a step in ``steps``, a function here, a line in the table, and
what it does in ``mapping``.  To add one for the desks: a line in ``desk_verbs``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from console.domain.calls import Presentation
from telephony_adapters.simulator.steps import (
    Answers,
    CallArrives,
    Dials,
    HangsUp,
    Holds,
    Joins,
    ListensIn,
    Pauses,
    QueueGivesUp,
    Rejects,
    Rings,
    Step,
    StopsRinging,
    SwitchboardBack,
    SwitchboardLost,
    Transfers,
)
from telephony_adapters.simulator.words import Reader

_ID = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_UNSENT = {
    "withheld": Presentation.WITHHELD,
    "unavailable": Presentation.UNAVAILABLE,
    "unknown": Presentation.UNKNOWN,
}
LONGEST_TEXT = 8_000_000
"""Characters a ``times`` may make: enough for the 5 MB name, not for filling a memory."""


@dataclass(slots=True)
class Names:
    """The calls and lines a script has introduced so far."""

    calls: dict[str, None] = field(default_factory=dict)
    """In the order they come in."""
    current: str = ""
    lines: dict[str, str] = field(default_factory=dict)

    def introduce(self, reader: Reader) -> str:
        """Take the id of a new call."""
        name = reader.take("a short name for the call such as c1")
        if not _ID.fullmatch(name):
            raise reader.fail(f'"{name[:40]}" cannot name a call: use a letter and digits, such as c1.')
        if name in self.calls:
            raise reader.fail(f"there is a call {name} already; give this one another name.")
        self.calls[name] = None
        self.current = name
        return name

    def which(self, reader: Reader) -> str:
        """Take the id of a call, or the call last spoken of where none is named."""
        if reader.peek() in self.calls:
            self.current = reader.take("a call")
        elif reader.more() and _ID.fullmatch(reader.peek()) and reader.peek() != "to":
            raise reader.fail(f"no call {reader.peek()} has come in before this line.")
        if not self.current:
            raise reader.fail("no call has come in before this line.")
        return self.current


def _extensions(reader: Reader) -> tuple[str, ...]:
    found = [reader.extension()]
    while reader.more():
        found.append(reader.extension())
    return tuple(found)


def _long_text(reader: Reader) -> str:
    text = reader.take("words in quotes")
    if not reader.skip("times"):
        return text
    times = reader.whole("how many times")
    if len(text) * times > LONGEST_TEXT:
        raise reader.fail(f"that text would be longer than {LONGEST_TEXT} characters.")
    return text * times


def _line_name(reader: Reader, names: Names, dialled: str) -> None:
    names.lines[dialled] = reader.take("the line's name in quotes")


def _call_options(reader: Reader, names: Names, dialled: str) -> dict[str, str]:
    found: dict[str, str] = {}
    while reader.more():
        if reader.skip("queue"):
            found["queue"] = reader.take("the queue's name")
        elif reader.skip("name"):
            found["name"] = _long_text(reader)
        elif reader.skip("diverted", "from"):
            found["diverted_from"] = reader.number()
        else:
            reader.need("line")
            _line_name(reader, names, dialled)
    return found


def call_arrives(reader: Reader, names: Names) -> Step:
    """``call c1 from 07700 900412 to 01632 960001 queue oohs line "Hampshire adults" name "..."``."""
    call = names.introduce(reader)
    reader.need("from")
    number, presentation = "", Presentation.ALLOWED
    if reader.peek() in _UNSENT:
        presentation = _UNSENT[reader.take("a number")]
        if re.match(r"\+?[0-9]", reader.peek()):
            number = reader.number()
    elif reader.skip("text"):
        number = _long_text(reader)
    else:
        number = reader.number()
    reader.need("to")
    dialled = reader.number()
    return CallArrives(call, number, presentation, dialled, **_call_options(reader, names, dialled))


def _rings(reader: Reader, names: Names) -> Step:
    return Rings(names.current, _extensions(reader))


def _stops(reader: Reader, names: Names) -> Step:
    reader.need("ringing")
    return StopsRinging(names.current, _extensions(reader))


def _caller(reader: Reader, names: Names) -> Step:
    if not reader.skip("rings", "off"):
        reader.need("hangs", "up")
    return HangsUp(names.which(reader), "caller")


def _outside(reader: Reader, names: Names) -> Step:
    if reader.skip("answers"):
        return Answers(names.which(reader), "outside")
    reader.need("hangs", "up")
    return HangsUp(names.which(reader), "outside")


def _queue(reader: Reader, names: Names) -> Step:
    reader.need("gives", "up")
    return QueueGivesUp(names.which(reader))


def _switchboard(reader: Reader, names: Names) -> Step:
    if reader.skip("lost"):
        return SwitchboardLost()
    reader.need("back")
    return SwitchboardBack()


Verb = Callable[[Reader, Names], Step]
STARTING_WITH: dict[str, Verb] = {
    "call": call_arrives,
    "rings": _rings,
    "stops": _stops,
    "caller": _caller,
    "outside": _outside,
    "queue": _queue,
    "switchboard": _switchboard,
}
"""Lines that begin with a word of ours."""


def _transfers(reader: Reader, names: Names, extension: str) -> Step:
    call = names.which(reader)
    reader.need("to")
    return Transfers(call, extension, reader.extension())


def _hangs_up(reader: Reader, names: Names, extension: str) -> Step:
    reader.need("up")
    return HangsUp(names.which(reader), extension)


def _listens(reader: Reader, names: Names, extension: str) -> Step:
    reader.need("to")
    return ListensIn(names.which(reader), extension)


def _pauses(reader: Reader, names: Names, extension: str) -> Step:
    return Pauses(extension, True, reader.take("a reason") if reader.more() else "")


def _dials(reader: Reader, names: Names, extension: str) -> Step:
    number = reader.number()
    reader.need("as")
    return Dials(names.introduce(reader), extension, number)


PhoneVerb = Callable[[Reader, Names, str], Step]
OF_A_PHONE: dict[str, PhoneVerb] = {
    "answers": lambda reader, names, extension: Answers(names.which(reader), extension),
    "rejects": lambda reader, names, extension: Rejects(names.which(reader), extension),
    "holds": lambda reader, names, extension: Holds(names.which(reader), extension, True),
    "resumes": lambda reader, names, extension: Holds(names.which(reader), extension, False),
    "hangs": _hangs_up,
    "transfers": _transfers,
    "joins": lambda reader, names, extension: Joins(names.which(reader), extension, True),
    "leaves": lambda reader, names, extension: Joins(names.which(reader), extension, False),
    "listens": _listens,
    "pauses": _pauses,
    "unpauses": lambda reader, names, extension: Pauses(extension, False),
    "dials": _dials,
}
"""Lines that begin with an extension: ``1001 answers c1``."""


def read_step(reader: Reader, names: Names) -> Step:
    """Return the step of a telephone line.  Raises :class:`BadScript` for anything else."""
    first = reader.peek()
    if first in names.calls:
        names.current = reader.take("a call")
        first = reader.peek()
        if first not in ("rings", "stops"):
            raise reader.fail('after a call\'s name only "rings" or "stops ringing" may follow.')
    if re.fullmatch(r"[0-9]{2,6}", first):
        extension = reader.extension()
        verb = reader.take("what the telephone does")
        if verb not in OF_A_PHONE:
            raise reader.fail(f'a telephone cannot "{verb[:40]}"; it can {", ".join(sorted(OF_A_PHONE))}.')
        step = OF_A_PHONE[verb](reader, names, extension)
    elif first in STARTING_WITH:
        reader.take("a verb")
        if first in ("rings", "stops"):
            names.which(Reader(reader.file, reader.line, ()))
        step = STARTING_WITH[first](reader, names)
    else:
        raise reader.fail(f'"{first[:40]}" is neither a telephone, a call, a desk nor a word of the script.')
    reader.end()
    return step
