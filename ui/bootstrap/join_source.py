"""Where a join line comes from: a file or standard input, and never the command line."""

from __future__ import annotations

from pathlib import Path

from console.domain.text import BadInput
from ui.bootstrap.join_line import is_line, read_line

LONGEST = 4_000
"""Characters that are read; a line has some 650, and mail may have broken it."""
_ON_THE_COMMAND_LINE = (
    "A join line on a command line can be read by every program on this computer.  Nothing was changed.  Leave it out "
    "and paste it when asked; ask for a new line if others use this computer."
)


def read_source(file: str) -> str:
    """Return what lies in ``file``; raises :class:`BadInput`, also where it is a join line itself."""
    if is_line(file):
        raise BadInput(_ON_THE_COMMAND_LINE)
    try:
        with Path(file).expanduser().open("rb") as opened:
            return opened.read(LONGEST).decode("ascii")
    except (OSError, RuntimeError, UnicodeDecodeError) as error:
        message = (
            f"The file {file} holds no join line that could be read ({type(error).__name__}).  Nothing was changed."
        )
        raise BadInput(message) from error


def checked(text: str) -> str:
    """Return ``text`` where it is a whole join line; raises :class:`BadInput`."""
    read_line(text)
    return text
