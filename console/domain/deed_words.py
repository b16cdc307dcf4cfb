"""A deed of a rehearsal in the words of those who work: ``Priya asks for a second worker``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from console.domain.fact_sheet import FACT_LABELS
from console.domain.forms.registry import FORMS, TYPE
from console.domain.help_kinds import HELP_LABELS, STATE_WORDS, HelpKind, HelpState
from console.domain.rehearsal import ANYBODY, Deed, Sought
from console.domain.signal_set import SignalKind, words_of

SOMEBODY = "somebody"
_NEWS = {"update": "told of a change", "told": "caller told", "alternative": "what is done instead"}


def prompt_labels() -> Mapping[str, str]:
    """Return every prompt of every form: key and label."""
    return {prompt.key: prompt.label for form in FORMS for prompt in form.prompts}


def deed_words(one: Sought, name: str, call: str = "the call") -> str:
    """Return a deed in words: ``name`` is who does it (empty for anybody), ``call`` which call is meant."""
    if one.deed is Deed.ENDS:
        return f"{call} ends"
    who = SOMEBODY if one.who == ANYBODY else name
    if one.deed is Deed.ANSWERS:
        return f"{who} answers {call}"
    return f"{who} {_WORDS[one.deed](one)}{f' “{one.words}”' if one.words else ''}"


def _presses(one: Sought) -> str:
    if one.what == SignalKind.NEED_A_SECOND:
        return "asks for a second worker"
    return f"signals “{words_of(one.what)}”"


def _asks(one: Sought) -> str:
    return f"asks “{prompt_labels().get(one.what, one.what)}”" if one.what else "asks what is asked on the form"


def _sets(one: Sought) -> str:
    labels = {field.key: field.label for form in FORMS for field in (TYPE, *form.fields)}
    return f"fills in {_small(labels.get(one.what, one.what))}"


def _records(one: Sought) -> str:
    if one.what == "location":
        return "writes down where the person is"
    return f"writes down {_small(FACT_LABELS.get(one.what, one.what)) or 'what is known'}"


def _help(one: Sought) -> str:
    return _small(HELP_LABELS[HelpKind(one.what)]) if one.what else "help"


def _logs(one: Sought) -> str:
    news = _NEWS.get(one.state) or _small(STATE_WORDS[HelpState(one.state)])
    return f"logs news of {_help(one)} ({news})"


def _small(label: str) -> str:
    """Return a label within a sentence; an abbreviation stays as it is."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


_WORDS: Mapping[Deed, Callable[[Sought], str]] = {
    Deed.SIGNS_IN: lambda _: "signs in",
    Deed.TYPES: lambda one: "writes" if one.words else "writes a note",
    Deed.PRESSES: _presses,
    Deed.JOINS: lambda _: "joins",
    Deed.ASKS: _asks,
    Deed.SETS: _sets,
    Deed.SAYS: lambda _: "tells the partner",
    Deed.RECORDS: _records,
    Deed.DRAFTS: lambda one: f"decides on {_help(one)}",
    Deed.SENDS: lambda one: f"asks for {_help(one)}",
    Deed.LOGS: _logs,
    Deed.DECIDES: lambda _: "records a decision",
    Deed.FINISHES: lambda _: "finishes the record",
}
