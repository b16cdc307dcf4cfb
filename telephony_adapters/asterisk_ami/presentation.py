"""Whether a caller's number may be shown, from the switchboard's own marks (telephony.md 4.2).

Asterisk shows a withheld number like any other; only ``CALLERID(num-pres)`` or ``CALLERID(pres)``
say so, in ``ChanVariable`` headers where the switchboard sends them, else when asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.calls import Presentation
from console.domain.calls import Unmarked as Unmarked
from console.domain.lines import presentation_word
from console.domain.text import NUMBER_CAP, safe_line
from telephony_adapters.asterisk_ami.protocol import Message, unescaped

NUMBER_MARK = "CALLERID(num-pres)"
BOTH_MARK = "CALLERID(pres)"
DIVERTED_MARKS = ("REDIRECTING(from-num)", "CALLERID(rdnis)")
ASKED = (NUMBER_MARK, BOTH_MARK, DIVERTED_MARKS[0])
"""What a live connection asks for before a number is painted; each takes about 4 ms."""


PRESENTATION = frozenset({NUMBER_MARK, BOTH_MARK})
"""The answers that decide whether a number may be shown."""


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """What may leave the adapter."""

    number: str
    name: str
    presentation: Presentation
    diverted_from: str


def marks_in(message: Message, prefix: str, channel: str) -> dict[str, str]:
    """Return the channel variables a message carries for one of its channels."""
    found: dict[str, str] = {}
    for key in (f"{prefix}ChanVariable", f"{prefix}ChanVariable({channel})"):
        for text in message.all(key):
            name, _, value = text.partition("=")
            found[name] = value
    return found


def is_marked(marks: Mapping[str, str]) -> bool:
    """Say whether the switchboard told the presentation."""
    return bool(marks.get(NUMBER_MARK) or marks.get(BOTH_MARK))


def needs_no_mark(number: str) -> bool:
    """Say whether a word in place of the number already settles it."""
    return presentation_word(number) is not None


def judge(number: str, name: str, marks: Mapping[str, str], unmarked: Unmarked) -> Shown:
    """Return number and name as far as they may be shown."""
    sources = [marks[mark] for mark in DIVERTED_MARKS if marks.get(mark)]
    diverted = next((safe_line(source, NUMBER_CAP) for source in sources if presentation_word(source) is None), "")
    presentation = _presentation(number, marks)
    if presentation is Presentation.WITHHELD:
        return Shown("", "", presentation, diverted)
    shown_name = "" if presentation_word(name) is not None else safe_line(unescaped(name))
    if presentation is Presentation.UNAVAILABLE:
        return Shown("", shown_name, presentation, diverted)
    if presentation is Presentation.UNKNOWN and unmarked is Unmarked.HIDE:
        return Shown("", "", presentation, diverted)
    return Shown(safe_line(number, NUMBER_CAP), shown_name, presentation, diverted)


def _presentation(number: str, marks: Mapping[str, str]) -> Presentation:
    of_number, of_both = marks.get(NUMBER_MARK, ""), marks.get(BOTH_MARK, "")
    if of_number.startswith("prohib") or of_both.startswith("prohib"):
        return Presentation.WITHHELD
    word = presentation_word(number)
    if word is not None:
        return word
    if "unavailable" in (of_number or of_both):
        return Presentation.UNAVAILABLE
    return Presentation.ALLOWED if is_marked(marks) else Presentation.UNKNOWN
