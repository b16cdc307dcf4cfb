"""How other programs here reach the console: links registered with the desktop, and the webhook's secret."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from console.domain.text import NightdeskError
from console.ports.secrets import Secrets
from telephony_adapters.local_pop import SPEC, shipped
from telephony_adapters.local_pop.products import Product
from ui.bootstrap.place import secret_name
from ui.bootstrap.popping import chosen_here

FILE = "nightdesk-links.desktop"
OURS, TELEPHONES = ("nightdesk",), ("tel", "callto")
_TYPED = "nightdesk pop "
_PATIENCE_S = 20
_ONLY_LINUX = (
    "Links are registered by this command on Linux alone.  Nothing was changed; docs/running/pop.md says how it is "
    "done on this system."
)
_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")
"""Signs for which an argument in a desktop entry must be quoted."""


class NoLinks(NightdeskError):
    """Links could not be registered."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What was written: ``schemes`` open in Nightdesk from now on; ``by_hand`` is what is left to be run, if any."""

    file: Path
    schemes: tuple[str, ...]
    by_hand: tuple[str, ...]


def install(environment: Mapping[str, str]) -> Registered:
    """Register ``nightdesk:`` links, and ``tel:`` and ``callto:`` where the settings take them.  Raises `NoLinks`."""
    _refuse_elsewhere()
    schemes = (*OURS, *(TELEPHONES if chosen_here().pop.telephone_links else ()))
    file = _folder(environment) / FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(entry(schemes, command(environment)), encoding="utf-8")
    except OSError as error:
        raise NoLinks(f"{file} could not be written ({error.strerror}).  Nothing was registered.") from error
    wanted: list[tuple[str, ...]] = [("update-desktop-database", str(file.parent))]
    wanted += [("xdg-mime", "default", FILE, f"x-scheme-handler/{scheme}") for scheme in schemes]
    return Registered(file, schemes, tuple(shlex.join(one) for one in wanted if not _done(one, environment)))


def remove(environment: Mapping[str, str]) -> bool:
    """Take the registration away; say whether there was one.  Raises `NoLinks`."""
    _refuse_elsewhere()
    file = _folder(environment) / FILE
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NoLinks(f"{file} could not be removed ({error.strerror}).") from error
    _done(("update-desktop-database", str(file.parent)), environment)
    return True


def new_secret(keyring: Secrets) -> str:
    """Make this installation's secret for the webhook, keep it in the keyring, and return it.

    Raises :class:`console.ports.secrets.SecretsUnavailable`; the secret before it ends where a new one is kept.
    """
    made = secrets.token_urlsafe(32)
    keyring.put(secret_name(SPEC.key, "secret"), made)
    return made


@dataclass(frozen=True, slots=True)
class Example:
    """One product there is a field mapping for: how far tested, and ``lines`` that say what to write where."""

    title: str
    tested: str
    lines: tuple[str, ...]


def examples(environment: Mapping[str, str]) -> list[Example]:
    """Return them all; a command is written so that it runs in any folder."""
    return [Example(one.title, one.tested, tuple(_lines(one, environment))) for one in shipped().values()]


def _lines(product: Product, environment: Mapping[str, str]) -> Iterator[str]:
    if product.program:
        yield f"as the program it starts: {_anywhere(environment)} {product.program.removeprefix(_TYPED)}"
    if product.link:
        yield f"as the address it opens (after `nightdesk links --install`): {product.link}"
    yield f"what is sent to the webhook goes to /pop/{product.key} (docs/running/pop.md)"
    if product.note:
        yield product.note


def _anywhere(environment: Mapping[str, str]) -> str:
    """Return what starts ``nightdesk pop`` in any folder, as this system's programs write a command."""
    if sys.platform == "win32":
        start = Path(__file__).resolve().parents[2] / "start.py"
        return subprocess.list2cmdline([sys.executable, str(start), "pop"])
    return shlex.join(command(environment))


def command(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words that start ``nightdesk pop`` from anywhere, by the program that runs now."""
    named, program = environment.get("NIGHTDESK_HOME", ""), Path(__file__).resolve().parents[2]
    home = (f"NIGHTDESK_HOME={Path(named).expanduser().absolute()}",) if named else ()
    # Not start.py: it may have an environment to mend first, and a caller waits.
    here = (f"PYTHONPATH={program}",) if (program / "start.py").is_file() else ()
    return ("env", *home, *here, sys.executable, "-m", "ui", "pop")


def entry(schemes: tuple[str, ...], words: tuple[str, ...]) -> str:
    """Return the text of the desktop entry: a handler of links that stands in no menu and opens no terminal."""
    mime = "".join(f"x-scheme-handler/{scheme};" for scheme in schemes)
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=Nightdesk: a telephone program tells of a call",
        f"Exec={' '.join(map(_quoted, words))} %u",
        "NoDisplay=true",
        "Terminal=false",
        f"MimeType={mime}",
    )
    return "\n".join((*lines, ""))


def _quoted(word: str) -> str:
    # A percent sign begins a placeholder there, and is written twice.
    doubled = word.replace("%", "%%")
    if not _RESERVED.intersection(doubled):
        return doubled
    inside = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in doubled)
    # The value itself is a text in which a backslash is written twice.
    return f'"{inside}"'.replace("\\", "\\\\")


def _folder(environment: Mapping[str, str]) -> Path:
    data = environment.get("XDG_DATA_HOME", "")
    return (Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share") / "applications"


def _refuse_elsewhere() -> None:
    if sys.platform != "linux":
        raise NoLinks(_ONLY_LINUX)


def _done(words: tuple[str, ...], environment: Mapping[str, str]) -> bool:
    """Run a program of the desktop; say whether it is there and was content."""
    found = shutil.which(words[0], path=environment.get("PATH", os.defpath))
    if found is None:
        return False
    try:
        done = subprocess.run((found, *words[1:]), capture_output=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
