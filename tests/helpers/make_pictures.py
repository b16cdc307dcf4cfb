"""Makes the pictures of README and docs from the running program: ``python -m tests.helpers.make_pictures``.

Every picture is a moment of script A, or a scene of :mod:`tests.helpers.ring_scenes`, played unseen into the real
windows, so none can show what the program does not do.  They go to ``docs/pictures``; what is no longer made is
taken away.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.helpers.night_windows import Windows
from tests.helpers.ring_scenes import LARGE, SCENES, SMALL, Scene, dressed, lacking
from ui.bootstrap.demo import DemoOptions, play_demo
from ui.desktop.demo.pictures import file_name
from ui.desktop.runtime.application import application, dress
from ui.exits import Exit

TARGET = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZES = (SMALL, LARGE)
SCREENS = ("handler", "coordinator", "board")
KEPT: Mapping[tuple[str, str], tuple[tuple[int, int], ...]] = MappingProxyType(
    {
        **{("candidates", screen): SIZES if screen == "handler" else (SMALL,) for screen in SCREENS},
        **{("pair_at_work", screen): SIZES for screen in SCREENS},
        **{(moment, screen): (SMALL,) for moment in ("drowsy", "call_over") for screen in SCREENS},
    }
)
"""Moments of script A (22:14, 22:17, 22:24, 22:28) and screens -> sizes kept for the documentation."""


def wanted(name: str) -> bool:
    """Say whether the picture called ``name`` belongs into the documentation."""
    found = (sizes for (moment, screen), sizes in KEPT.items() if name.startswith(f"{moment}-{screen}-"))
    return any(f"-{wide}x{high}." in name for sizes in found for wide, high in sizes)


def make_scene(scene: Scene, folder: Path) -> list[str]:
    """Reach one state of the telephones and save its pictures; return what it should show and does not."""
    night = Windows()
    try:
        scene.reach(night)
        wrong = []
        for size in scene.sizes:
            for dark in (False, True):
                for screen, one in dressed(night, size, dark=dark):
                    wrong += lacking(scene, screen, one)
                    one.window.grab().save(str(folder / file_name(scene.name, screen, size, dark=dark)))
    finally:
        night.end()
    return wrong


def make_scenes(folder: Path) -> int:
    """Save the pictures of every state of the telephones; say what is wrong, and return the exit code."""
    dress(application(seen=False), dark=False)
    wrong = [fault for scene in SCENES for fault in make_scene(scene, folder)]
    for fault in wrong:
        print(fault)  # noqa: T201 - whoever makes pictures reads it
    return Exit.CHECK_FAILED if wrong else Exit.OK


def main(target: Path = TARGET) -> int:
    """Play the evening once, then the telephones, and keep what the documentation shows; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        code = play_demo(DemoOptions(pictures=made, sizes=SIZES), print)
        target.mkdir(parents=True, exist_ok=True)
        for old in target.glob("*.png"):
            old.unlink()
        for file in sorted(made.glob("*.png")):
            if wanted(file.name):
                shutil.copyfile(file, target / file.name)
    return make_scenes(target) or code


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.exit(main(*(Path(word) for word in sys.argv[1:])))
