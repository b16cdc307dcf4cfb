"""Recordings of what a switchboard sent: plain or gzipped, also through a pipe."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from console.domain.text import BadInput

_PIECE = 65_536


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a recording, in pieces.  Raises :class:`BadInput` where it cannot be read."""
    try:
        with path.open("rb") as raw:
            zipped = raw.peek(2)[:2] == b"\x1f\x8b"  # a pipe cannot be read twice
            stream = gzip.GzipFile(fileobj=raw) if zipped else raw
            while piece := stream.read(_PIECE):
                yield piece
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise BadInput(
            f"The recording could not be read: {getattr(error, 'strerror', None) or 'it is damaged'}."
        ) from error
