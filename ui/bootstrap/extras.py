"""Whether the parts are there that are installed only where they are wanted."""

from __future__ import annotations

from importlib.util import find_spec

from console.domain.extras import not_installed


def need(extra: str, *libraries: str) -> None:
    """Raise ``NotInstalled`` where one of ``libraries``, which come with ``extra``, is not there."""
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        raise not_installed(extra, " and ".join(missing))
