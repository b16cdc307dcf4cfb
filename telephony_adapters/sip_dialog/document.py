"""The body of a notification: dialog information (RFC 4235, ``application/dialog-info+xml``) from bytes.

The parser knows no document types, so there are no entities to swell and nothing is ever fetched; depth,
elements and texts are capped.  What is no dialog information is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote
from xml.parsers import expat  # noqa: S407  no document type is let through, see above

from console.domain.text import NAME_CAP, NUMBER_CAP, safe_line

DIALOGS = "urn:ietf:params:xml:ns:dialog-info"
PRESENCE = "urn:ietf:params:xml:ns:pidf"
DIALOG_CAP = 50
"""Most dialogs of one telephone that are kept."""
_DEPTH = 12
_ELEMENTS = 4_000
_TEXT_CAP = 512
_ID_CAP = 160
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
_ADDRESS = re.compile(r"(?P<scheme>sips?|tel):(?:(?P<user>[^@]{0,256})@)?(?P<host>[^;>?]{0,256})", re.IGNORECASE)


class State(StrEnum):
    """How far a dialog has come (RFC 4235, 3.7.1)."""

    TRYING = "trying"
    PROCEEDING = "proceeding"
    EARLY = "early"
    CONFIRMED = "confirmed"
    TERMINATED = "terminated"


class Way(StrEnum):
    """Which side of a dialog the watched telephone is."""

    INITIATOR = "initiator"
    RECIPIENT = "recipient"
    UNTOLD = ""


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Who is at one side: ``user`` is a number or an extension as sent, ``shown`` the name beside it."""

    user: str = ""
    host: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Dialog:
    """One dialog of a telephone.  ``how`` and ``code`` say by what it came to its state, where that is told."""

    id: str
    state: State
    way: Way = Way.UNTOLD
    call_id: str = ""
    remote: Address | None = None
    local: Address | None = None
    held: bool | None = None
    """Whether the watched telephone holds the other side; None where nothing is said."""
    how: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """One notification.  ``full``: telephones' dialogs that are not in it are over."""

    version: int
    full: bool
    owner: str
    """The user of the watched address."""
    dialogs: Mapping[str, Dialog]


class NotDialogs(ValueError):
    """The body is no dialog information; ``presence`` where it tells whether somebody is there instead."""

    def __init__(self, *, presence: bool = False) -> None:
        super().__init__("no dialog information")
        self.presence = presence


def read_document(body: bytes) -> Document:
    """Return what a body says.  Raises :class:`NotDialogs`."""
    reader = _Reader()
    try:
        root = reader.read(body)
    except (expat.ExpatError, _Hostile, ValueError, LookupError) as error:
        raise NotDialogs from error
    if root is None or root.name != f"{DIALOGS} dialog-info":
        raise NotDialogs(presence=root is not None and root.name.startswith(f"{PRESENCE} "))
    version, state = root.attributes.get("version", ""), root.attributes.get("state", "")
    if not _NUMBER.fullmatch(version) or state not in ("full", "partial"):
        raise NotDialogs
    dialogs = [one for child in root.children if (one := _dialog(child)) is not None]
    owner = read_address(root.attributes.get("entity", ""), "").user
    return Document(int(version), state == "full", owner, {one.id: one for one in dialogs[:DIALOG_CAP]})


_STATES = {one.value: one for one in State}
_WAYS = {one.value: one for one in Way}


class _Hostile(Exception):
    """The document is not one that an honest telephone system sends."""


@dataclass(slots=True, repr=False)
class _Element:
    name: str
    attributes: dict[str, str]
    children: list[_Element] = field(default_factory=list)
    text: str = ""

    def child(self, name: str) -> _Element | None:
        return next((one for one in self.children if one.name == f"{DIALOGS} {name}"), None)


class _Reader:
    """Builds a small tree, and stops at the first thing that is too much."""

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._root: _Element | None = None
        self._count = 0

    def read(self, body: bytes) -> _Element | None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._no_doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        parser.Parse(body, True)
        return self._root

    def _no_doctype(self, *_: object) -> None:
        raise _Hostile

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _ELEMENTS or len(self._open) >= _DEPTH:
            raise _Hostile
        element = _Element(name, {key: value[:_TEXT_CAP] for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _say(self, text: str) -> None:
        into = self._open[-1]
        into.text = (into.text + text)[:_TEXT_CAP]


def _dialog(element: _Element) -> Dialog | None:
    identity = safe_line(element.attributes.get("id", ""), _ID_CAP)
    state = element.child("state")
    if element.name != f"{DIALOGS} dialog" or not identity or state is None:
        return None
    word = _STATES.get(state.text.strip().lower())
    if word is None:
        return None
    code = state.attributes.get("code", "")
    return Dialog(
        identity,
        word,
        _WAYS.get(element.attributes.get("direction", ""), Way.UNTOLD),
        safe_line(element.attributes.get("call-id", ""), _ID_CAP),
        _side(element.child("remote")),
        _side(element.child("local")),
        _held(element.child("local")),
        safe_line(state.attributes.get("event", "")).lower(),
        int(code) if _NUMBER.fullmatch(code) else 0,
    )


def _side(element: _Element | None) -> Address | None:
    identity = element.child("identity") if element is not None else None
    if identity is None:
        return None
    return read_address(identity.text.strip(), identity.attributes.get("display", ""))


def _held(element: _Element | None) -> bool | None:
    """Read ``+sip.rendering`` of the watched telephone: ``no`` is what a telephone that holds says."""
    target = element.child("target") if element is not None else None
    for one in target.children if target is not None else ():
        if one.attributes.get("pname", "").lower() == "+sip.rendering":
            return {"no": True, "yes": False}.get(one.attributes.get("pval", one.attributes.get("pvalue", "")).lower())
    return None


def read_address(uri: str, shown: str) -> Address:
    """Return who an address such as ``sip:02079460123@pbx.example`` is; empty parts where it says nothing."""
    found = _ADDRESS.match(uri)
    if found is None:
        return Address(shown=safe_line(shown, NAME_CAP))
    user, host = found["user"] or "", found["host"]
    if found["scheme"].lower() == "tel":
        user, host = host, ""
    user = unquote(user.partition(";")[0].partition(":")[0])
    return Address(safe_line(user, NUMBER_CAP), safe_line(host.partition(":")[0].lower()), safe_line(shown, NAME_CAP))
