"""Telephone numbers: what one is, its E.164 form, and the words that stand in for one.

Numbers are matched on E.164 and never on digits contained (architecture.md 2).  A number is
never asked to be *valid*: the numbers kept for drama are not, and the library's tables age
(telephony.md 4.1).  Emergency numbers are our own table, matched exactly after normalising,
never by prefix (telephony.md 4.4).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult

from console.domain.calls import Presentation
from console.domain.text import NUMBER_CAP, safe_line

EMERGENCY = ("999", "112", "18000")
"""Numbers that a program never dials (telephony.md 4.4)."""
SPECIAL = ("101", "105", "111", "116000", "116123", "119", "1471")
"""Short public numbers that are not emergencies and have no E.164 form."""

_WITHHELD_WORDS = frozenset({"anonymous", "restricted", "private", "withheld", "blocked"})
_NO_NUMBER_WORDS = frozenset({"", "unavailable", "unknown", "payphone", "none", "null", "s"})
_PUNCTUATION = str.maketrans("", "", " \t-.()/\u00a0\u2010\u2011\u2012\u2013")
_LONGEST_EXTENSION = 8
_RUN = re.compile(r"\+?[0-9]+")
_SCHEMES = ("tel:", "callto:", "sip:", "sips:")
_SHOW_AGAIN_PREFIX = "1470"
_PREFIXES = ("9", "0", "141", _SHOW_AGAIN_PREFIX, "0044", "00440", "18001", "18002")
"""What telephones put before a number, whatever the plan says; the last two are those of text relay."""


class NumberKind(StrEnum):
    """What a dialled or shown number is."""

    EXTENSION = "extension"
    EMERGENCY = "emergency"
    SPECIAL = "special"
    E164 = "e164"
    IMPOSSIBLE = "impossible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DialPlan:
    """How telephones of this site dial (telephony.md 4.2).

    ``outside_prefix`` may be empty; ``area`` is the area code with its 0, put before local
    numbers, empty where local dialling is not used.
    """

    outside_prefix: str = "9"
    withhold_prefix: str = "141"
    internal_length: int = 4
    area: str = ""
    region: str = "GB"


@dataclass(frozen=True, slots=True)
class Number:
    """One number: ``canonical`` is the extension, the short number, or the E.164 form, else empty."""

    kind: NumberKind
    sent: str
    canonical: str = ""

    @property
    def e164(self) -> str:
        """Return the E.164 form, or an empty string."""
        return self.canonical if self.kind is NumberKind.E164 else ""


USUAL = DialPlan()
"""A plan with 9 for an outside line and extensions of four digits."""


def read_number(sent: str, plan: DialPlan = USUAL) -> Number:
    """Say what ``sent`` is.  Never raises; text of any length and content is accepted."""
    shown = safe_line(sent, NUMBER_CAP)
    digits = _compact(sent)
    if presentation_word(shown) is not None or not digits:
        return Number(NumberKind.NONE, shown)
    if not digits.removeprefix("+").isascii() or not digits.removeprefix("+").isdigit():
        return _among_words(shown, digits, plan)
    short = _short_number(digits, plan)
    if short is not None:
        return Number(short[0], shown, short[1])
    if len(digits) == plan.internal_length and digits.isdigit():
        return Number(NumberKind.EXTENSION, shown, digits)
    return _outside(shown, digits, plan)


def to_e164(sent: str, plan: DialPlan = USUAL) -> str:
    """Return the E.164 form of ``sent``, or an empty string where it cannot have one."""
    return read_number(sent, plan).e164


def is_whole(number: Number) -> bool:
    """Say whether nothing seems to be missing of a number that is being typed.

    Numbers of this country have ten digits after their 0, but for some shorter ones, which the library knows.
    """
    if number.kind is not NumberKind.E164:
        return number.kind not in (NumberKind.IMPOSSIBLE, NumberKind.NONE)
    parsed = phonenumbers.parse(number.e164)
    digits = phonenumbers.national_significant_number(parsed)
    return parsed.country_code != 44 or len(digits) >= 10 or phonenumbers.is_valid_number(parsed)


def emergency_number(sent: str, plan: DialPlan = USUAL) -> str:
    """Return ``999``, ``112`` or ``18000`` where dialling ``sent`` would reach one, else empty.

    Outside prefixes, 141 and 1470, +44 and 00 44 are seen through; of the outside prefixes 9 and 0 on every site.
    """
    number = read_number(sent, plan)
    return number.canonical if number.kind is NumberKind.EMERGENCY else ""


def presentation_word(number: str) -> Presentation | None:
    """Return what a word or zeros in place of a number mean; None where it may be a number."""
    word = number.strip().strip("<>").strip().lower()
    if word in _WITHHELD_WORDS:
        return Presentation.WITHHELD
    if word in _NO_NUMBER_WORDS or (len(word) > 1 and not word.strip("0+")):
        return Presentation.UNAVAILABLE
    return None


def _compact(sent: str) -> str:
    # A number is short: cutting first keeps 5 MB from a switchboard cheap.
    text = sent[: NUMBER_CAP * 4].strip().lower()
    for scheme in _SCHEMES:
        text = text.removeprefix(scheme)
    text = text.split(";", 1)[0].split("@", 1)[0]
    text = text.replace("(0)", "") if text.startswith(("+", "00")) else text
    text = text.translate(_PUNCTUATION)
    # A digit of another script, or of double width, is dialled as that digit.
    return text if text.isascii() else "".join(str(unicodedata.decimal(one, one)) for one in text)


def _bare(digits: str, plan: DialPlan, *outside: str) -> Iterator[str]:
    """Yield what may be left of ``digits`` once its prefixes, and the country's own code, are gone."""
    for candidate in _without_prefixes(digits, plan, *outside):
        for country in ("+44", "0044", "+440", "00440", ""):
            rest = candidate.removeprefix(country)
            if not country or rest != candidate:
                yield rest


def _without_prefixes(digits: str, plan: DialPlan, *outside: str) -> Iterator[str]:
    """Yield ``digits`` as dialled, then with each prefix a telephone may put before a number."""
    heads = [digits]
    for prefix in {*outside} - {""}:
        if digits.startswith(prefix):
            heads.append(digits.removeprefix(prefix))
    for head in heads:
        yield head
        for prefix in (plan.withhold_prefix, _SHOW_AGAIN_PREFIX):
            if prefix and head.startswith(prefix):
                yield head.removeprefix(prefix)


def _outside_again(digits: str, plan: DialPlan) -> str:
    """Return the emergency number that is left when prefixes go more than once and in any order, else empty.

    A switchboard may read the extension 99999 as 9 for an outside line, and 999 with what is left over, and 1419999 as
    141, 9 and 999.  What is longer than an extension is given to it in another form.
    """
    if len(digits) > max(_LONGEST_EXTENSION, plan.internal_length):
        return ""
    known = {plan.outside_prefix, plan.withhold_prefix, *_PREFIXES} - {""}
    prefixes = "|".join(re.escape(prefix) for prefix in sorted(known))
    again = re.fullmatch(f"(?:{prefixes})+({'|'.join(EMERGENCY)})", digits)
    return again[1] if again is not None else ""


def _among_words(shown: str, text: str, plan: DialPlan) -> Number:
    """Read ``999 (police)`` or ``999#``: what is dialled first decides, and words are no digits of it."""
    runs = _RUN.findall("".join(one for one in text if unicodedata.category(one) != "Cf"))
    found = [number for number in (_emergency(run, plan) for run in runs) if number]
    if found and _emergency(runs[0], plan):
        return Number(NumberKind.EMERGENCY, shown, found[0])
    number = _parsed(shown, shown, plan.region)
    if found and number.kind is NumberKind.IMPOSSIBLE:
        return Number(NumberKind.EMERGENCY, shown, found[0])
    return number


def _emergency(digits: str, plan: DialPlan) -> str:
    short = _short_number(digits, plan)
    return short[1] if short is not None and short[0] is NumberKind.EMERGENCY else ""


def _short_number(digits: str, plan: DialPlan) -> tuple[NumberKind, str] | None:
    # 9 is tried even where the plan has no outside line: 9999 reaches 999 on most networks.
    for rest in _bare(digits, plan, plan.outside_prefix, "9"):
        if rest in EMERGENCY:
            return NumberKind.EMERGENCY, rest
        if rest in SPECIAL:
            return NumberKind.SPECIAL, rest
    # So is 0, for an emergency alone: the plan that was set may not be the switchboard's, and 0101 may be an extension.
    found = next((rest for rest in _bare(digits, plan, "0") if rest in EMERGENCY), "") or _outside_again(digits, plan)
    return (NumberKind.EMERGENCY, found) if found else None


def _outside(shown: str, digits: str, plan: DialPlan) -> Number:
    for candidate in _readings(digits, plan):
        number = _parsed(shown, candidate, plan.region)
        if number.kind is NumberKind.E164:
            return number
    return Number(NumberKind.IMPOSSIBLE, shown)


def _readings(digits: str, plan: DialPlan) -> Iterator[str]:
    """Yield the ways to read ``digits``, likeliest first.

    The outside prefix goes only when the rest is a possible number that starts as an outside
    number does: a prefix of 9 must not eat the 9 of a number that begins with it.
    """
    heads = [digits]
    prefix = plan.outside_prefix
    if prefix and digits.startswith(prefix):
        rest = digits.removeprefix(prefix)
        if rest.startswith("0"):
            heads.insert(0, rest)
        else:
            heads.append(rest)
    for head in heads:
        for service in (plan.withhold_prefix, _SHOW_AGAIN_PREFIX):
            if service and head.startswith(service):
                yield head.removeprefix(service)
        if plan.area and not head.startswith(("0", "+")) and 5 <= len(head) <= 8:
            yield plan.area + head
    yield from heads


def _parsed(shown: str, text: str, region: str) -> Number:
    try:
        parsed = phonenumbers.parse(text, region)
    except NumberParseException:
        return Number(NumberKind.IMPOSSIBLE, shown)
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return Number(NumberKind.IMPOSSIBLE, shown)
    parsed.extension = None
    form = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Number(NumberKind.E164, shown, form)
