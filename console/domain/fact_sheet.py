"""The fact sheet as data: what is asked in an incident, once, by whoever hears it first (domain.md 4.4).

A new fact is a line of this table; forms, the facts pane, what is proposed from a note and the relay card's
labels follow from it.  A fact that is not in it keeps the key and label it was written with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FactKind(StrEnum):
    """How a value is kept.  A place is a location with a kind of source; everything else is text."""

    LINE = "line"
    LONG = "long"
    PLACE = "place"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class FactField:
    """One thing to know.  ``ask`` is what to ask; ``relay`` is the key of the relay card's row it stands in.

    Where ``relay`` is empty it is not read out.  ``words`` are what a handler may type before a colon in the note,
    besides key and label, to mean it.
    """

    key: str
    label: str
    ask: str
    relay: str = ""
    kind: FactKind = FactKind.LINE
    words: tuple[str, ...] = ()

    def means(self, word: str) -> bool:
        """Say whether ``word``, typed before a colon, names this fact."""
        return word.casefold() in {self.key, self.label.casefold(), *self.words}


WHERE = "where"
SAFE_NUMBER = "safe_number"
FACTS: tuple[FactField, ...] = (
    FactField(WHERE, "Where now", "Where exactly, what is near", "place", FactKind.PLACE,
              ("place", "location", "now at")),
    FactField("name", "Name", "Name, date of birth, what they like to be called", "name", words=("who", "called")),
    FactField("happening", "Happening", "What is happening now", "happening", FactKind.LONG, ("what", "what happened")),
    FactField("taken", "Taken", "What was taken, and how much", "taken", words=("took", "od", "overdose")),
    FactField("substance", "Substance", "Which drug, which strength", "substance", words=("drug", "drugs")),
    FactField("taken_at", "Taken when", "At what time, all at once or over how long", "taken_at",
              words=("when", "time taken")),
    FactField("state", "State", "Awake, breathing, talking clearly", "state",
              words=("awake", "breathing", "condition")),
    FactField("weapons", "Weapons", "Anything in reach that can hurt", "hazards",
              words=("weapon", "knife", "means in hand")),
    FactField("children", "Children", "Children there: how many, how old, where", "children", words=("child", "kids")),
    FactField("animals", "Animals", "Dogs or other animals there", "hazards", words=("animal", "dog", "dogs", "pets")),
    FactField("access", "Access", "Gate, barrier, which entrance, who opens", "access",
              words=("door", "way in", "entry")),
    FactField("hazards", "Hazards", "Violence, needles, gas, water, traffic", "hazards", words=("danger", "dangers")),
    FactField(SAFE_NUMBER, "Safe number", "Which number is safe to ring back, and when", "", FactKind.NUMBER,
              ("safe no", "ring back", "phone")),
    FactField("quote", "Their words", "The words the caller used, as said", "", FactKind.LONG, ("words", "said")),
    FactField("present", "There now", "Who else is there now", "with_them", words=("with", "there", "who is there")),
    FactField("alone", "Alone", "Alone, or with whom", "with_them", words=()),
    FactField("means", "Means", "What they have to hand", "with_them", words=()),
    FactField("speaking", "Speaking", "Language, deaf, autism: how to speak with them", "speaking",
              words=("language",)),
    FactField("family", "Family", "Family, and whether they know", words=("relatives",)),
    FactField("number", "Number hurt", "How many are hurt", "number", words=("hurt", "casualties")),
    FactField("vehicle", "Vehicle", "Make, colour, registration", "with_them", words=("car", "reg")),
    FactField("where_child", "Where the child is", "Where the child is", "children", words=()),
)  # fmt: skip
"""In the order they are asked."""
FACT_LABELS: Mapping[str, str] = {one.key: one.label for one in FACTS if one.kind is not FactKind.PLACE}
"""Labels of well-known facts; another key is shown as it is written."""

FACT_SOURCES: Mapping[str, str] = {
    "caller_stated": "caller stated",
    "handler_heard": "heard on the line",
    "third_party": "told by somebody else",
    "case_record": "case record",
    "inferred": "inferred",
}
"""How a thing is known: the key a form gives, and the words that are kept with the value."""


def fact_field(key: str) -> FactField | None:
    """Return the line of the table, None for a fact that is not in it."""
    return next((one for one in FACTS if one.key == key), None)


def fact_meant(word: str) -> FactField | None:
    """Return the fact that a word before a colon names, None for any other word."""
    return next((one for one in FACTS if one.means(" ".join(word.split()))), None)


SHEET_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Who, where, what", (WHERE, "name", "happening", "taken", "taken_at", "substance", "state", "alone")),
    (
        "Danger and way in",
        ("weapons", "means", "hazards", "animals", "children", "where_child", "number", "access", "vehicle"),
    ),
    ("Around them", (SAFE_NUMBER, "present", "family", "speaking", "quote")),
)
"""The parts of the sheet, each with its facts in the order they are asked."""
