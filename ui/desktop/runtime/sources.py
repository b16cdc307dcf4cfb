"""Keeps PySide6 from reading the source of every module that is imported after it."""

from __future__ import annotations

import sys
from types import ModuleType

import shiboken6  # noqa: F401  brings the hook along, before any module of Qt's was imported

_HOOK, _QUESTION = "shibokensupport.feature", "_mod_uses_pyside"
_OURS = frozenset({"ui", "PySide6"})


def leave_sources_unread() -> None:
    """Answer by a module's name what PySide6 asks of its source; call it before anything else of Qt is imported.

    PySide6 has other spellings of its names (``from __feature__ import snake_case``), which nothing here uses.  To
    know which modules could, it reads the whole source of each one that is imported and looks for its own name
    there; Python keeps every line that was read.  For a console that was a seventh of its memory and a tenth of a
    second before its windows.  Where a PySide6 does not ask in this way, nothing is changed.
    """
    hook = sys.modules.get(_HOOK)
    if hook is not None and hasattr(hook, _QUESTION):
        setattr(hook, _QUESTION, _is_ours)


def _is_ours(module: ModuleType) -> bool:
    return getattr(module, "__name__", "").partition(".")[0] in _OURS
