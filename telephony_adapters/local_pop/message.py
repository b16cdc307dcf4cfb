"""What a program at this desk tells of one call: a few fields, each read strictly, all of it only text.

Whatever is not a number, a known word or an id is refused with a sentence that repeats nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from urllib.parse import parse_qsl, unquote, urlsplit

from console.domain.calls import Presentation, Unmarked
from console.domain.dialling import EMERGENCY_SENTENCE
from console.domain.lines import USUAL, DialPlan, emergency_number, presentation_word, to_e164
from console.domain.text import NUMBER_CAP, BadInput, NightdeskError, safe_line

FIELDS = ("number", "line", "id", "event", "name", "extension", "queue", "diverted_from", "presentation", "by")
"""Everything that can be said of a call; ``nightdesk pop`` has an option for each."""
LINK = "nightdesk:"
RINGS_LINKS = ("tel:", "callto:")
_LONGEST_LINK = 2_000
_NO_LINK = "This link is not written as a link is. Nothing was changed."
_NUMBER = re.compile(r"\+?[0-9 ().\-/]{2,31}", re.ASCII)
_ID = re.compile(r"[\w.:@{}\-]{1,80}", re.ASCII)
_BY = re.compile("caller|us")
_EXTENSION = re.compile(r"[0-9]{1,8}", re.ASCII)
_LINE = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}", re.ASCII | re.IGNORECASE)


class BadPop(BadInput):
    """What was told of a call cannot be used; nothing was changed."""


class LinkNotTaken(NightdeskError):
    """A link is none of ours, or none that is taken here; nothing was changed."""


class Event(StrEnum):
    """What happened to a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Pop:
    """One message about one call.

    ``number`` is as sent, and empty where it was withheld, none was sent, or it is ``hidden``.  ``same`` is alike in
    messages about one number, and tells nobody which.  ``line`` is a key of one of our lines or the number dialled.
    ``identity`` is the sender's own id of the call.  ``by`` ended it: ``caller``, ``us`` or nothing.
    """

    event: Event
    number: str = ""
    presentation: Presentation = Presentation.UNKNOWN
    line: str = ""
    identity: str = ""
    name: str = ""
    extension: str = ""
    queue: str = ""
    diverted_from: str = ""
    by: str = ""
    same: str = ""
    hidden: bool = False


def read_pop(fields: Mapping[str, str], unmarked: Unmarked, plan: DialPlan = USUAL) -> Pop:
    """Return what the fields say.  Raises :class:`BadPop`.

    ``unmarked`` says what becomes of a number without a word whether it may be shown.
    """
    said = {name: fields.get(name, "").strip() for name in FIELDS}
    number, presentation = _number(said["number"], said["presentation"], unmarked)
    event = _one_of(said["event"] or Event.RINGING.value, Event, "event")
    diverted, hidden = said["diverted_from"], presentation_word(said["diverted_from"]) is not None
    pop = Pop(
        Event(event),
        number,
        presentation,
        _line(said["line"]),
        _shaped(said["id"], _ID, "id", "letters, digits and . : @ - _ only, 80 at most"),
        # Whose number is withheld is not named either.
        "" if presentation is Presentation.WITHHELD else safe_line(said["name"]),
        _shaped(said["extension"], _EXTENSION, "extension", "1 to 8 digits"),
        safe_line(said["queue"]),
        "" if hidden else _shaped(diverted, _NUMBER, "diverted_from", "a telephone number"),
        _shaped(said["by"], _BY, "by", "caller or us"),
        _likeness(said["number"], plan),
        bool(said["number"]) and not number and presentation is Presentation.UNKNOWN,
    )
    if "number" not in fields and not pop.identity:
        raise BadPop("A call needs a number or an id. Nothing was changed.")
    return pop


def read_link(link: str) -> Mapping[str, str]:
    """Return the fields of ``nightdesk://pop?number=...&line=...``.  Raises :class:`LinkNotTaken`."""
    if len(link) > _LONGEST_LINK:
        raise LinkNotTaken("This link is too long. Nothing was changed.")
    try:
        parts = urlsplit(link)
    except ValueError:
        raise LinkNotTaken(_NO_LINK) from None
    if parts.scheme != "nightdesk" or (parts.netloc, parts.path.rstrip("/")) != ("pop", "") or parts.fragment:
        raise LinkNotTaken("A link of Nightdesk begins with nightdesk://pop? and says what rings. Nothing was changed.")
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True, max_num_fields=len(FIELDS))
    except ValueError:
        raise LinkNotTaken(_NO_LINK) from None
    fields = dict(pairs)
    if not fields or len(fields) < len(pairs) or not fields.keys() <= set(FIELDS):
        known = ", ".join(FIELDS)
        raise LinkNotTaken(f"A link may say each of these once, and nothing else: {known}. Nothing was changed.")
    return fields


def read_ring_link(link: str, plan: DialPlan) -> str:
    """Return the number of a ``tel:`` or ``callto:`` link.  Raises :class:`LinkNotTaken`."""
    scheme = next((one for one in RINGS_LINKS if link.lower().startswith(one)), "")
    # What follows a semicolon or a question mark belongs to the link and not to the number.
    number = re.split("[;?]", unquote(link[len(scheme) : _LONGEST_LINK]), maxsplit=1)[0].strip().lstrip("/")
    return number_to_ring(number if scheme else "", plan)


def number_to_ring(number: str, plan: DialPlan) -> str:
    """Return the number where it may be shown to be rung by a person.  Raises :class:`LinkNotTaken`."""
    if emergency_number(number, plan):
        raise LinkNotTaken(f"{EMERGENCY_SENTENCE} Nothing was dialled.")
    if not _NUMBER.fullmatch(number):
        raise LinkNotTaken("This link holds no telephone number. Nothing was dialled.")
    return safe_line(number, NUMBER_CAP)


def _number(number: str, presentation: str, unmarked: Unmarked) -> tuple[str, Presentation]:
    said = Presentation(_one_of(presentation, Presentation, "presentation")) if presentation else Presentation.UNKNOWN
    word = presentation_word(number)
    if word is not None or said in (Presentation.WITHHELD, Presentation.UNAVAILABLE):
        withheld = Presentation.WITHHELD in (word, said)
        return "", Presentation.WITHHELD if withheld else Presentation.UNAVAILABLE
    shown = _shaped(number, _NUMBER, "number", "a telephone number, or a word such as withheld")
    if said is Presentation.UNKNOWN and unmarked is Unmarked.HIDE:
        return "", said
    return shown, said


def _likeness(number: str, plan: DialPlan) -> str:
    known = to_e164(number, plan) or number.lower()
    return sha256(known.encode()).hexdigest()[:16]


def _line(line: str) -> str:
    if not line or _NUMBER.fullmatch(line):
        return line
    return _shaped(line, _LINE, "line", "the key of a line, or the number that was dialled").lower().replace("_", "-")


def _shaped(value: str, shape: re.Pattern[str], name: str, wanted: str) -> str:
    if value and not shape.fullmatch(value):
        raise BadPop(f"{name} must be {wanted}. Nothing was changed.")
    return value


def _one_of(value: str, kind: type[StrEnum], name: str) -> str:
    known = [one.value for one in kind]
    if value not in known:
        raise BadPop(f"{name} must be one of: {', '.join(known)}. Nothing was changed.")
    return value
