"""Makes the pictures of README and docs from the running demo: ``python -m tests.helpers.make_pictures``.

Every picture is a moment of script A, played unseen into the real windows, so none can show what
the program does not do.  They go to ``docs/pictures``; those no longer made are taken away.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ui.bootstrap.demo import DemoOptions, play_demo

TARGET = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZES = ((1280, 640), (1920, 1080))
SCREENS = ("handler", "coordinator", "board")
SMALL, BOTH = SIZES[:1], SIZES
KEPT: Mapping[tuple[str, str], tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        **{("candidates", screen): BOTH if screen == "handler" else SMALL for screen in SCREENS},
        **{("pair_at_work", screen): BOTH for screen in SCREENS},
        **{(moment, screen): SMALL for moment in ("drowsy", "call_over") for screen in SCREENS},
    }
)
"""Moments of script A (22:14, 22:17, 22:24, 22:28) and screens -> sizes kept for the documentation."""


def wanted(name: str) -> bool:
    """Say whether the picture called ``name`` belongs into the documentation."""
    found = (sizes for (moment, screen), sizes in KEPT.items() if name.startswith(f"{moment}-{screen}-"))
    return any(f"-{wide}x{high}." in name for sizes in found for wide, high in sizes)


def main(target: Path = TARGET) -> int:
    """Play the evening once and keep what the documentation shows; return the demo's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        code = play_demo(DemoOptions(pictures=made, sizes=SIZES), print)
        target.mkdir(parents=True, exist_ok=True)
        for old in target.glob("*.png"):
            old.unlink()
        for file in sorted(made.glob("*.png")):
            if wanted(file.name):
                shutil.copyfile(file, target / file.name)
    return code


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.exit(main(*(Path(word) for word in sys.argv[1:])))
