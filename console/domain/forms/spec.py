"""What a form is: data about fields, prompts, decisions and usual requests; rules are pure functions.

A contact type is one file in this folder and one line in :mod:`console.domain.forms.registry`.
Values are strings: keys for choices (several, comma-joined, for ``many``), ISO times for ``when``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from console.domain.help_kinds import HelpKind
from console.domain.people import Rank
from console.domain.record import SHIFT_ROLES, Role

Values = Mapping[str, str]
Predicate = Callable[[Values], bool]
"""Says, from all values of the form, whether something is required now."""


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    MANY = "many"
    YES_NO_UNKNOWN = "yes_no_unknown"
    WHEN = "when"
    NUMBER = "number"
    PERSON = "person"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: a stable key, the words on screen, and words that also mean it."""

    key: str
    label: str
    also: tuple[str, ...] = ()


YES_NO_UNKNOWN: tuple[Choice, ...] = (Choice("yes", "Yes"), Choice("no", "No"), Choice("unknown", "Not known"))


def always(values: Values) -> bool:
    """Require it whatever the other answers are."""
    return True


def never(values: Values) -> bool:
    """Ask for it, and never require it."""
    return False


def when(key: str, *answers: str) -> Predicate:
    """Require it where the field ``key`` has one of ``answers`` (or any answer, when none is named)."""

    def required(values: Values) -> bool:
        given = set(many(values.get(key, "")))
        return bool(given & set(answers)) if answers else bool(given)

    return required


def unless(key: str, *answers: str) -> Predicate:
    """Require it unless the field ``key`` has one of ``answers``."""
    spared = when(key, *answers)

    def required(values: Values) -> bool:
        return not spared(values)

    return required


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field.

    ``required`` is asked with all values; ``why`` says why it is asked, for whoever wonders at
    three in the morning; ``source`` names the page or law behind it.  ``derived`` fields fill
    themselves from what is recorded elsewhere (the line, a location, a request for help) until
    somebody types over them.
    """

    key: str
    label: str
    kind: FieldKind
    choices: tuple[Choice, ...] = ()
    required: Predicate = never
    help: str = ""
    why: str = ""
    source: str = ""
    derived: bool = False

    @property
    def options(self) -> tuple[Choice, ...]:
        """Return the answers to choose from; empty for fields that are typed."""
        return YES_NO_UNKNOWN if self.kind is FieldKind.YES_NO_UNKNOWN else self.choices


@dataclass(frozen=True, slots=True)
class PromptSpec:
    """One thing "Still to ask": ``fact`` is the fact of the relay card it gives, if any."""

    key: str
    label: str
    say: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class SuggestedRequest:
    """A request for help that is usual for this type.  Nothing is sent by itself."""

    kind: HelpKind
    rank: Rank
    words: str


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """A decision the form wants, with its rationale; ``kind`` empty: any decision will do.

    ``consult`` asks who was consulted.  Who may decide is a matter of role
    (:func:`console.domain.rights.decision_right`) and of ``deciders`` here.
    """

    kind: str
    label: str
    required: Predicate = always
    deciders: frozenset[Role] = SHIFT_ROLES
    consult: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """One contact type as data.

    ``fields`` holds the common fields and then the type's own; ``version`` changes when a field
    is added or its meaning changes, and old values are kept as they are.  ``second`` says that a
    second worker is always called for.
    """

    key: str
    title: str
    version: int
    rank: Rank
    fields: tuple[FieldSpec, ...]
    prompts: tuple[PromptSpec, ...] = ()
    suggestions: tuple[SuggestedRequest, ...] = ()
    decisions: tuple[DecisionSpec, ...] = ()
    onward: tuple[str, ...] = ()
    second: bool = False
    source: str = ""

    def field(self, key: str) -> FieldSpec | None:
        """Return one field."""
        return next((one for one in self.fields if one.key == key), None)

    def may_decide(self, kind: str, role: Role) -> bool:
        """Say whether this form lets ``role`` take a decision of ``kind``."""
        wanted = [one for one in self.decisions if one.kind in ("", kind)]
        return not wanted or any(role in one.deciders for one in wanted)

    def suggested_words(self) -> str:
        """Return one sentence on the usual requests, empty when there are none."""
        if not self.suggestions:
            return ""
        names = [one.words for one in self.suggestions]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        article = "an" if self.title[:1] in "AEIOU" else "a"
        return f"For {article} {self.title.lower()} the usual requests are {listed}. Nothing is sent by itself."


def many(value: str) -> tuple[str, ...]:
    """Return the answers of a ``many`` field."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def joined(answers: tuple[str, ...]) -> str:
    """Return answers as a ``many`` field keeps them."""
    return ",".join(answers)
