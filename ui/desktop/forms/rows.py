"""A form as data; no Qt.  Made by presenters from a FormSpec or by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ui.desktop.widgets.faces import Choice

SEEN = "seen"
"""The key under which :attr:`FormRow.seen` goes along with what was written."""
TEXT = "text"
"""The key of the one field of :func:`line_form`."""
YES = "yes"
"""The value of a tick that is set."""


class Kind(StrEnum):
    """How a field is entered.  Every value is text: TICK is "yes" or "", TICKS are keys joined by commas."""

    LINE = "line"
    LONG = "long"
    CHOICE = "choice"
    TICK = "tick"
    TICKS = "ticks"
    SECRET = "secret"  # noqa: S105 - a kind of field, not a secret
    """Entered and never shown: dots in its place."""
    DIGITS = "digits"
    """Keys of a telephone: only those can be entered, and they are kept nowhere."""
    SAID = "said"
    """Not entered: shown only."""


NEVER_KEPT = frozenset({Kind.SECRET, Kind.DIGITS})
"""Kinds of which nothing stays that was entered and not sent."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field.

    ``needed``: it must be filled to complete.  ``missing``: it is needed and empty, and the user
    asked to finish.  ``help`` says what to write, ``why`` why it is asked, ``clash`` the other value
    standing beside this one, ``error`` what is wrong and how to mend it.
    """

    key: str
    label: str
    kind: Kind = Kind.LINE
    value: str = ""
    choices: tuple[Choice, ...] = ()
    needed: bool = False
    missing: bool = False
    help: str = ""
    why: str = ""
    clash: str = ""
    error: str = ""
    placeholder: str = ""
    heads: str = ""
    """The entries of the record whose value is shown, joined by commas: what is typed is typed over these."""
    wide: bool = False
    """Over both columns, where half of the words would be cut off."""
    tip: str = ""
    """What only some look for, such as its name in a file: told to whoever points at it or has it read aloud."""

    def lacks(self, written: str) -> bool:
        """Say whether the field is still to fill in, with ``written`` in it."""
        return self.missing or (self.needed and not written.strip())


@dataclass(frozen=True, slots=True)
class SectionRow:
    """Fields under one heading; an empty heading is not drawn."""

    heading: str
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form.  ``key`` names it; ``send`` is the word on its button; ``intro`` and ``error`` are sentences."""

    key: str
    title: str
    sections: tuple[SectionRow, ...] = ()
    intro: str = ""
    send: str = "Send"
    error: str = ""
    second: str = ""
    """The word on a second button (Keep for later), empty for none."""
    subject: str = ""
    """The record the form is about: under another one what was written does not stay."""
    seen: str = ""
    """What stood in the record when the form was made, for whoever takes it; it goes along as the value SEEN."""
    kept: str = ""
    """Where something is half filled: how far it is kept, in words; empty where nothing is."""
    saves: bool = False
    """Whether every field goes into the record as it is typed: then what the record says is shown.  In any other
    form all that stands in it stays from the first thing written there, whatever is drawn."""

    def fields(self) -> tuple[FieldRow, ...]:
        """Return all fields in order."""
        return tuple(field for section in self.sections for field in section.fields)


def line_form(key: str, title: str, subject: str = "") -> FormRow:
    """Return a line that is sent by Enter as a form of one field, about ``subject``."""
    return FormRow(key, title, (SectionRow("", (FieldRow(TEXT, title),)),), subject=subject)
