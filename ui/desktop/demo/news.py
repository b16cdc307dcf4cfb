"""What an agency said, cut into the fields of the form: grade, reference, minutes, name, the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.domain.help_kinds import HelpKind
from ui.desktop.demo.cannot import CannotPlay

KINDS: Mapping[str, HelpKind] = {kind.value: kind for kind in HelpKind} | {"police": HelpKind.POLICE_ATTEND}
_GRADE = re.compile(r"\bcategory (\d)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"^(?:[A-Z]{2}-\d+|Log \d+.*)$")
_MINUTES = re.compile(r"\b(\d+) min\b")
_NAME = re.compile(r"^[A-Z] [A-Z][a-z]+$")


def kind_of(agency: str) -> HelpKind:
    """Return the kind of request a script means by ``police``, ``ambulance``, ``crisis_team`` ..."""
    if agency not in KINDS:
        raise CannotPlay(f"no kind of help is called {agency}")
    return KINDS[agency]


def news_fields(state: str, words: str) -> dict[str, str]:
    """Return the fields of the form for news."""
    found = {"state": state}
    rest = []
    for part in words.split(", "):
        if _REFERENCE.match(part):
            found["reference"] = part
        elif re.fullmatch(_GRADE.pattern, part, re.IGNORECASE):
            found["grade"] = part.split()[-1]
        elif _NAME.match(part):
            found["name"] = part
        else:
            rest.append(part)
    text = ", ".join(rest)
    if grade := _GRADE.search(text):
        found["grade"] = grade.group(1)
    if minutes := _MINUTES.search(text):
        found["minutes"] = minutes.group(1)
        text = re.sub(r"^(?:Said )?\d+ min(?:, )?", "", text)
    return found | ({"text": text} if text else {})
