"""What was typed into "find a person": a number, a date of birth, a reference, names, an address, in any order.

One box, typed while somebody is talking (screens.md, F3).  Nothing here guesses a person; it only
says how the words were read, and says so again when they could be read another way.  What the words
themselves may mean is :mod:`console.domain.find_plan`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import phonenumbers

from console.domain.find_plan import OLDEST
from console.domain.ids import is_short_reference
from console.domain.lines import to_e164
from console.domain.names import fold
from console.domain.text import safe_line, without_unseen

TYPED_CAP = 200
"""Longest question read, in characters."""
REFERENCE_CAP = 40
"""Longest folded reference; as many characters as are kept of one as written, some of whose capitals are two."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_YEAR_FIRST = re.compile(r"(?<![\w+])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\w)")
_DAY_FIRST = re.compile(r"(?<![\w+])(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\w)")
_WORDED = re.compile(
    r"(?<![\w+])(\d{1,2})(?:st|nd|rd|th)?[\s\-/.,]*(?:of\s+)?([a-z]{3,9})[\s\-/.,]*(\d{4}|\d{2})(?!\w)", re.IGNORECASE
)
_BORN_WORDS = re.compile(r"\b(?:d\.?o\.?b\.?|born|date of birth)\b[\s:]*", re.IGNORECASE)
_REF_WORDS = re.compile(r"\b(?:ref(?:erence)?|case(?: number| no)?|id)\b[\s.:#]*", re.IGNORECASE)
_NUMBERISH = re.compile(r"(?:tel:)?['\u2019]?[+(]?\d[\d\s().\-/]*(?:\s*x\s*\d+)?", re.IGNORECASE)
_SPACES = str.maketrans("", "", " -")
_BRITISH = re.compile(r"(?:0|\+44)([1-9]\d{9})", re.ASCII)
"""A British number as nearly all stand: one reading, so the library need not be asked.  A test asks it all the same."""
_REFERENCE = re.compile(r"(?:[a-z]{1,4}[\s\-/]?)?\d[\d\s\-]{2,12}[a-z]?", re.IGNORECASE)
_WRITTEN_REFERENCE = re.compile(
    r"(?<![\w+])(?:(?:[a-z]{1,4}[\-/]?)?\d{5,12}[a-z]?|\d{3,4} \d{3}|[a-z]{1,4}[\-/]\d{3,12})(?!\w)",
    re.IGNORECASE,
)
"""A reference among other words: five digits or more, two groups of digits, or letters, a dash and digits."""
_NUMBER_AMONG_WORDS = re.compile(r"(?<!\w)[+(]?\d[\d\s().\-/]{7,}\d(?!\w)")
_POSTCODE_OR_YEAR = re.compile(r"[a-z]{1,2}\d[a-z\d]?\s*(?:\d[a-z]{0,2})?|(?:19|20)\d{2}", re.IGNORECASE)
"""What looks like a reference, and may as well be something else."""
_NAME_BEFORE = re.compile(r"([a-z]{2,})\s+\d", re.IGNORECASE)
_NOT_REFERENCE = re.compile(r"[^A-Z0-9*~$=]")
_ALL_DIGITS = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Question:
    """How the words were read.  ``hint`` is a sentence when they could not be used as typed.

    ``words`` are names, parts of an address and years, folded.  Where a reference that stands alone may be a postcode
    or a year, it is in ``words`` too: they are looked for where nobody has that reference.
    """

    e164: str = ""
    words: str = ""
    born: date | None = None
    reference: str = ""
    hint: str = ""

    @property
    def empty(self) -> bool:
        """Say whether there is nothing to look for."""
        return not (self.e164 or self.words or self.born or self.reference)


def as_e164(raw: str) -> str | None:
    """Return a number as ``+44...`` however it was written, or None where it is no outside number.

    Takes what :func:`console.domain.lines.to_e164` takes and the quote a spreadsheet puts before a
    plus sign; fewer than 9 digits is a reference or an extension here, never a number.
    """
    text = raw[:TYPED_CAP].strip().lstrip("'\u2019").strip()
    if plain := _BRITISH.fullmatch(text.translate(_SPACES)):
        return f"+44{plain[1]}"
    if not _NUMBERISH.fullmatch(text) or sum(char.isdigit() for char in text) < 9:
        return None
    return to_e164(text) or None


def shown_number(e164: str) -> str:
    """Return ``+447700900412`` as it is said here: ``07700 900412``."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    home = number.country_code == 44
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def fold_reference(text: str) -> str:
    """Return a reference as it is compared: capitals and digits only (``PCC 104 882``: ``PCC104882``)."""
    return _NOT_REFERENCE.sub("", text.upper())[:REFERENCE_CAP]


def reference_keys(reference: str) -> tuple[str, ...]:
    """Return the folded references to look for: all of it, then its digits, where a name may stand before them."""
    key = fold_reference(reference)
    digits = key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (key, digits) if digits not in ("", key) else (key,)


class NoSuchDay(ValueError):
    """A date was written that the calendar does not have; the text is a sentence."""


def read_day(text: str, today: date) -> date | None:
    """Read one day in the ways people type it, day before month; None where it is no date at all.

    ``19/2/92``, ``19.02.1992``, ``19 Feb 1992``, ``19th of February 92``, ``1992-02-19``,
    ``19021992``.  A year of two digits is the latest that is not after ``today``.
    Raises :class:`NoSuchDay` for 31 February, for a day to come and for years before 1900.
    """
    found = _find_day(text.strip(), today)
    return found[0] if found and found[1] == (0, len(text.strip())) else None


def understand(typed: str, today: date) -> Question:
    """Say what ``typed`` asks for; see :class:`Question`."""
    text = safe_line(without_unseen(typed[: TYPED_CAP * 4]), TYPED_CAP)
    number = as_e164(text)
    if number is not None:
        return Question(e164=number)
    try:
        return _parts(text, today)
    except NoSuchDay as wrong:
        return Question(hint=str(wrong))


def _parts(text: str, today: date) -> Question:
    if is_short_reference(text):
        return Question(reference=fold_reference(text))
    born, rest = _take_day(text, today)
    e164, rest = _take_number(rest)
    reference, rest = _take_reference(rest)
    words = fold(_BORN_WORDS.sub(" ", rest))
    question = Question(e164, words, born, reference)
    if question.empty:
        return Question(hint="Type a name, a telephone number, a date of birth, an address or a reference.")
    if len(words) == 1 and not (born or reference or e164):
        return Question(hint="One letter finds too many people. Type at least two.")
    return question


def _take_day(text: str, today: date) -> tuple[date | None, str]:
    found = _find_day(text, today)
    if found is None:
        return None, text
    born, (start, end) = found
    return born, f"{text[:start]} {text[end:]}"


def _take_number(text: str) -> tuple[str, str]:
    match = _NUMBER_AMONG_WORDS.search(text)
    if match is None:
        return "", text
    groups = match[0].split()
    # "12 01632 960123": what stands before a number may be a house's.
    for skipped in range(len(groups)):
        number = as_e164(" ".join(groups[skipped:]))
        if number is not None and groups[skipped][0] in "0+(":
            return number, f"{text[: match.start()]} {' '.join(groups[:skipped])} {text[match.end() :]}"
    return "", text


def _take_reference(text: str) -> tuple[str, str]:
    named = _REF_WORDS.search(text)
    if named and any(char.isdigit() for char in text[named.end() :]):
        return fold_reference(text[named.end() :]), text[: named.start()]
    if _REFERENCE.fullmatch(text.strip()):
        return fold_reference(text), _may_else_be(text.strip())
    if match := _WRITTEN_REFERENCE.search(text):
        return fold_reference(match[0]), f"{text[: match.start()]} {text[match.end() :]}"
    return "", text


def _may_else_be(reference: str) -> str:
    """Return what a reference that stands alone may be instead: a postcode, a year, a name before the reference."""
    if _POSTCODE_OR_YEAR.fullmatch(reference):
        return reference
    name = _NAME_BEFORE.match(reference)
    return name[1] if name else ""


def _find_day(text: str, today: date) -> tuple[date, tuple[int, int]] | None:
    if match := _YEAR_FIRST.search(text):
        year, _, month, day = match.groups()
        return _day(day, int(month), year, today), match.span()
    if match := _DAY_FIRST.search(text):
        day, _, month, year = match.groups()
        return _day(day, int(month), year, today), match.span()
    if (match := _WORDED.search(text)) and match[2].lower() in _MONTHS:
        return _day(match[1], _MONTHS[match[2].lower()], match[3], today), match.span()
    return _plain_digits(text, today)


def _plain_digits(text: str, today: date) -> tuple[date, tuple[int, int]] | None:
    # 19021992 may also be a reference: it is a day only when it is one of a possible birth.
    match = _ALL_DIGITS.search(text)
    if match is None or not OLDEST <= int(match[3]) <= today.year:
        return None
    try:
        day = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
    return (day, match.span()) if day <= today else None


def _day(day: str, month: int, year: str, today: date) -> date:
    full = int(year) if len(year) == 4 else _century(int(year), today)
    shown = f"{int(day)}/{month}/{full}"
    if month > 12:
        message = f"{shown} is not a day in the calendar: day before month, such as 19/02/1992."
        raise NoSuchDay(message)
    try:
        found = date(full, month, int(day))
    except ValueError as wrong:
        message = f"{shown} is not a day in the calendar. Check it with the caller."
        raise NoSuchDay(message) from wrong
    if found > today:
        message = f"{found:%d-%b-%Y} is still to come."
        raise NoSuchDay(message)
    if found.year < OLDEST:
        message = f"{found:%d-%b-%Y} is too long ago."
        raise NoSuchDay(message)
    return found


def _century(year: int, today: date) -> int:
    century = today.year - today.year % 100
    return century + year if century + year <= today.year else century - 100 + year
