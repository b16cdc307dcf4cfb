"""What a service says when it will not do something: the worker's sentence, and nothing was written."""

from __future__ import annotations

from console.domain.text import NightdeskError


class Refused(NightdeskError):
    """An act was refused: the text says why and what to do instead; nothing was written."""
