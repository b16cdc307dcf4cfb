"""What the window that sets up the telephones shows, as frozen data; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ui.desktop.forms.rows import FormRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.rows import Row

TRY_KEY, COPY_KEY = "Enter", "Ctrl+Shift+C"
KEEP_KEY = key_of(Act.FINISH)


@dataclass(frozen=True, slots=True)
class SetUpRow:
    """``steps`` are the rows of the try, below what was done last; ``mail`` those of what to ask for."""

    form: FormRow
    steps: tuple[Row, ...]
    mail: tuple[Row, ...]
    tries: ButtonFace
    keeps: ButtonFace


@dataclass(frozen=True, slots=True)
class SetUpActs:
    """What the window's keys do.  ``written`` has every value of the form; ``changed`` names a field and its value."""

    changed: Callable[[str, str, Mapping[str, str]], None]
    tries: Callable[[Mapping[str, str]], None]
    keeps: Callable[[Mapping[str, str]], None]
    copies: Callable[[], None]
