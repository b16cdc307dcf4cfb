"""Telephone numbers kept for drama: nobody has them, so invented people may (telephony.md 4.3)."""

from __future__ import annotations

import re

_CITIES = "113|114|115|116|117|118|121|131|141|151|161"
_DRAMA = re.compile(
    rf"\+44(?:(?:{_CITIES})4960\d{{3}}|2079460\d{{3}}|1914980\d{{3}}|2920180\d{{3}}|1632960\d{{3}}"
    r"|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})",
    re.ASCII,
)


def is_drama(e164: str) -> bool:
    """Say whether a number in E.164 is one that is kept for drama and nobody has."""
    return _DRAMA.fullmatch(e164) is not None
