"""What a request's stream brings, piece by piece: news, chases, changes passed on, and a signed end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.help_kinds import HelpState
from console.domain.items import Item
from console.domain.reading import identities, text, whole
from console.domain.record import worker_key
from console.domain.shifts import role_words


@dataclass(frozen=True, slots=True)
class HelpNews:
    """One thing heard or passed on; ``refused`` is why the move was kept but not applied."""

    entry: UUID
    at: datetime
    by: str
    state: HelpState | None
    text: str
    reference: str = ""
    name: str = ""
    grade: str = ""
    minutes: int | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Chased:
    """Somebody asked the agency again; ``name`` is who answered there, empty where nobody did."""

    at: datetime
    by: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """Changes of fact (their entries) that were told to the agency; ``to`` is who there took them."""

    entry: UUID
    entries: tuple[UUID, ...]
    at: datetime
    by: str
    to: str = ""

    @property
    def counted(self) -> str:
        """Return ``Told of 2 changes``: what everybody on the shift may read."""
        return f"Told of {len(self.entries)} change{'' if len(self.entries) == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Signed:
    """Who says that a request may close although nobody has reached the person, and why."""

    by: str
    name: str
    role: str
    """The role in words, as it was then."""
    why: str
    at: datetime

    @property
    def words(self) -> str:
        """Return ``Nobody reached: he rang back, safe. Signed Tom Adeyemi, Support worker``."""
        who = ", ".join(part for part in (self.name or self.by, self.role) if part)
        return f"Nobody reached: {self.why.rstrip('.')}. Signed {who}"


def news_of(item: Item, state: HelpState | None, refused: str = "") -> HelpNews:
    """Return what an entry says, with the words of everything it says."""
    body = item.content
    return HelpNews(
        item.id,
        item.made_at,
        item.on_behalf_of or item.author,
        state,
        _all_words(item, state),
        text(body, "reference"),
        text(body, "name"),
        text(body, "grade"),
        whole(body, "minutes"),
        refused,
    )


def _all_words(item: Item, state: HelpState | None) -> str:
    body = item.content
    said = text(body, "text")
    more = text(body, "words") if state is HelpState.ESCALATED else ""
    signed = signature_of(item, state) if text(body, "signed") else None
    parts = (said if signed is None or said != signed.why else "", more, signed.words if signed is not None else "")
    kept = [part for part in parts if part]
    return ". ".join([*(part.rstrip(".") for part in kept[:-1]), *kept[-1:]])


def signature_of(item: Item, state: HelpState | None) -> Signed | None:
    """Return who signs in an entry that ends a request; to cancel with a reason is to sign it.

    Who wrote it is what its envelope says: a name in the words counts only as the spelling of that key, and a role in
    them only where a colleague delivered the entry, whose own role the envelope has.
    """
    body = item.content
    why = text(body, "signed") or (text(body, "text") if state is HelpState.CANCELLED else "")
    if not why.strip():
        return None
    by = item.on_behalf_of or item.author
    name, role = text(body, "signed_name"), text(body, "signed_role") if item.on_behalf_of else ""
    spelt = name if worker_key(name) == by else by
    return Signed(by, spelt, role or role_words(item.role), why.strip(), item.made_at)


def passed_of(item: Item) -> Passed:
    """Return which changes an entry says were told, and to whom."""
    body = item.content
    by = item.on_behalf_of or item.author
    return Passed(item.id, identities(body, "entries"), item.made_at, by, text(body, "to"))
