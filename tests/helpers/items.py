"""Items for tests of folds: a stream written by hand, shared unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from console.domain.items import Item
from console.domain.record import Kind, Role, StreamKind, StreamRef, decode_body, encode_body

TEN_PAST = datetime(2026, 12, 1, 22, 10, tzinfo=UTC)


class Stream:
    """Writes items of one stream, a second apart."""

    def __init__(self, kind: StreamKind, identity: UUID | None = None) -> None:
        self.ref = StreamRef(kind, identity if identity is not None else uuid4())
        self.items: list[Item] = []
        self.at = TEN_PAST

    def write(
        self,
        kind: Kind,
        body: Mapping[str, object],
        *,
        author: str = "priya.raman",
        slot: str = "",
        replaces: UUID | None = None,
        corrects: UUID | None = None,
        kept: bool = False,
        readable: bool = True,
        behalf: str = "",
        role: Role = Role.SUPPORT_WORKER,
        seconds: float = 1.0,
    ) -> UUID:
        """Add an item ``seconds`` after the last; return its id."""
        self.at += timedelta(seconds=seconds)
        made = Item(
            uuid4(),
            self.ref,
            kind,
            author,
            role,
            "desk-1",
            self.at,
            slot,
            replaces,
            corrects,
            behalf,
            0 if kept else len(self.items) + 1,
            None if kept else self.at,
            decode_body(encode_body(body)) if readable else {},
            readable,
        )
        self.items.append(made)
        return made.id

    def field(self, name: str, value: str, replaces: UUID | None = None, **how: object) -> UUID:
        """Write a contact's field."""
        body: dict[str, object] = {"field": name, "value": value}
        settles = how.pop("settles", None)
        if settles is not None:
            body["settles"] = settles
        author = str(how.get("author", "priya.raman"))
        return self.write(Kind.CONTACT_FIELD, body, slot=f"field:{name}", replaces=replaces, author=author)
