"""Why a line of a script cannot be played; apart, because players without windows say it too."""

from __future__ import annotations


class CannotPlay(Exception):
    """The desk does not offer what the script wants now; the words say what is missing."""
