"""Which field of a product means what: data, one TOML file for each, and a folder for your own.

Those that come with the program are examples made from published pages, and none was tested against its product.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from console.domain.text import BadInput, safe_line
from telephony_adapters.local_pop.message import FIELDS, BadPop, Event

OWN = "nightdesk"
"""The product whose fields are called as ours are."""
UNTESTED = "not tested against the product"
_KEY = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
_LARGEST_FILE = 50_000
_NUMBERS = frozenset({"number", "diverted_from"})
_SPARED = frozenset({"name", "queue"})
_MANY = 400
"""Fields of one message that are looked at."""


@dataclass(frozen=True, slots=True)
class Product:
    """``fields``: ours to the places in theirs, of which the first that holds something is taken.

    A place is a name, or names with dots between them for what stands inside another.  ``events`` are their words
    for ours.  ``program`` and ``link`` are what to write into the product, with its own placeholders; ``note`` is what
    else whoever sets it up must know.
    """

    key: str
    title: str
    tested: str
    fields: Mapping[str, tuple[str, ...]]
    events: Mapping[str, Event]
    program: str = ""
    link: str = ""
    source: str = ""
    note: str = ""

    def read(self, flat: Mapping[str, object]) -> dict[str, str]:
        """Return our fields of a message of this product.  Raises :class:`BadPop`."""
        found = {
            ours: _written(ours, [flat[place] for place in places if flat.get(place) not in (None, "")])
            for ours, places in self.fields.items()
            if any(place in flat for place in places)
        }
        event = found.get("event", "")
        if event and self.events:
            if event not in self.events:
                raise BadPop("This event is not one that the mapping knows. Nothing was changed.")
            found["event"] = self.events[event].value
        return found


OURS = Product(OWN, "Nightdesk's own fields", "", {name: (name,) for name in FIELDS}, {})


def read_product(text: str, key: str) -> Product:
    """Return the mapping that a TOML text describes.  Raises :class:`BadInput`."""
    try:
        data = tomllib.loads(text)
        fields = {ours: _places(places) for ours, places in data["fields"].items()}
        events = {str(theirs): Event(ours) for theirs, ours in data.get("events", {}).items()}
        if not fields.keys() <= set(FIELDS) or not _KEY.fullmatch(key):
            raise ValueError(f"fields may be {', '.join(FIELDS)}, and the file's name small letters, digits and _")
        texts = {name: safe_line(str(data.get(name, "")), 500) for name in ("title", "tested", "program", "link")}
        more = {name: safe_line(str(data.get(name, "")), 500) for name in ("source", "note")}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BadInput(
            f"The field mapping {safe_line(key, 40)} cannot be used ({safe_line(str(problem), 160)}). "
            "Nothing was started. Correct the file; those that come with the program show its form."
        ) from problem
    return Product(key, fields=fields, events=events, **more, **texts)


def shipped() -> Mapping[str, Product]:
    """Return the examples that come with the program."""
    folder = resources.files("telephony_adapters.local_pop").joinpath("products")
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    named = {file.name.removesuffix(".toml"): file.read_text(encoding="utf-8") for file in files}
    return {key: read_product(named[key], key) for key in sorted(named)}


def products(folder: str) -> Mapping[str, Product]:
    """Return every mapping: ours, the examples, and over them those of ``folder``.  Raises :class:`BadInput`."""
    own = {path.stem: read_product(_text_of(path), path.stem) for path in _files_in(folder)}
    return {OWN: OURS, **shipped(), **own}


def flat(body: bytes, kind: str) -> Mapping[str, object]:
    """Return what a body of JSON, or of a form, holds: names, with dots for what is inside.  Raises :class:`BadPop`."""
    try:
        text = body.decode("utf-8")
        if kind.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
            return dict(parse_qsl(text, max_num_fields=_MANY))
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadPop("The body is neither JSON nor a form, in UTF-8. Nothing was changed.") from None
    if not isinstance(data, dict):
        raise BadPop("The body is no JSON object. Nothing was changed.")
    return dict(_leaves(data))


def _leaves(data: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Return what an object holds, itself and inside of others; the objects between as well."""
    found: list[tuple[str, object]] = []
    waiting: list[tuple[str, Any]] = list(data.items())
    while waiting and len(found) < _MANY:
        name, value = waiting.pop()
        found.append((name, value))
        if isinstance(value, dict):
            waiting += [(f"{name}.{inner}", one) for inner, one in value.items()]
    return found


def _written(ours: str, held: list[object]) -> str:
    """Return the first of the values that can be read as our field.

    Raises :class:`BadPop` where none can, save for what a call can do without.  A telephone number that is written as a
    number has lost the nought or the plus it began with.
    """
    for value in held:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and ours not in _NUMBERS:
            return str(value)
    if held and ours not in _SPARED:
        raise BadPop(f"{ours} must be written as a text, in quotation marks. Nothing was changed.")
    return ""


def _places(places: object) -> tuple[str, ...]:
    # What is neither a text nor a list raises TypeError, and read_product says so.
    return (places,) if isinstance(places, str) else tuple(str(one) for one in places)  # type: ignore[attr-defined]


def _files_in(folder: str) -> list[Path]:
    if not folder:
        return []
    if not Path(folder).is_dir():
        raise BadInput(
            "The folder of field mappings (mappings) is not there. Nothing was started; correct the setting."
        )
    return sorted(Path(folder).glob("*.toml"))


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE).decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"The field mapping {path.name} cannot be read ({type(problem).__name__}).") from problem
