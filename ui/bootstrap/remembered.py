"""What this computer remembers of the last sign-in: hot desks are signed in at again and again."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from console.machine.platform import make_private, make_private_folder

log = logging.getLogger(__name__)
FILE = "remembered.json"


@dataclass(frozen=True, slots=True)
class Remembered:
    """The telephone of this desk, and whether dark was chosen by hand.  Never who sat here."""

    extension: str = ""
    dark: bool | None = None


def recall(folder: Path) -> Remembered:
    """Return what is remembered; nothing where there is nothing, or nothing that can be read."""
    try:
        found = json.loads((folder / FILE).read_bytes())
        extension, dark = found.get("extension", ""), found.get("dark")
        if not isinstance(extension, str) or not isinstance(dark, bool | None):
            raise TypeError(FILE)
        return Remembered(extension, dark)
    except FileNotFoundError:
        return Remembered()
    except (OSError, ValueError, TypeError, AttributeError) as problem:
        log.info("what was remembered could not be read: %s", type(problem).__name__)
        return Remembered()


def remember(folder: Path, what: Remembered) -> None:
    """Write it down; a computer that cannot remember is no reason to stop."""
    try:
        make_private_folder(folder)
        file = folder / FILE
        file.write_text(json.dumps(asdict(what)) + "\n", encoding="utf-8")
        make_private(file)
    except OSError as problem:
        log.info("nothing could be remembered: %s", type(problem).__name__)
