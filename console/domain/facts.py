"""What is known in an incident, as folds: facts as registers, and where the person is now as one more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from console.domain.fact_sheet import FACT_LABELS, WHERE
from console.domain.items import Item
from console.domain.locations import LOCATION_SOURCE_WORDS, NEVER_CURRENT, source_of
from console.domain.reading import moment, text
from console.domain.record import Kind
from console.domain.registers import Register, fold_registers, made_register, replaced_by


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known, with its source and time; both values where two people differ."""

    key: str
    label: str
    text: str
    source: str
    at: datetime
    by: str
    register: Register

    @property
    def clash(self) -> bool:
        """Say whether two different values stand."""
        return self.register.clash


def fold_facts(items: tuple[Item, ...]) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return the facts that stand, in the order they were first stated, and those that were emptied.

    One that was emptied has the words that were last known of it, and who emptied it when.
    """
    labels = {
        text(item.content, "key"): text(item.content, "label")
        for item in items
        if item.kind is Kind.INCIDENT_FACT and text(item.content, "label")
    }
    registers = fold_registers(items, "fact:", _fact_value)
    # One that was emptied is gone, but not while somebody else's value stands beside the emptiness.
    stand = tuple(_fact(key, labels, found) for key, found in registers.items() if found.value or found.clash)
    emptied = ((key, found) for key, found in registers.items() if not (found.value or found.clash))
    return stand, tuple(_emptied(_fact(key, labels, found)) for key, found in emptied)


def _emptied(fact: Fact) -> Fact:
    last = next((one.value for one in reversed(fact.register.history) if one.value), "")
    return replace(fact, text=last)


def _fact_value(item: Item) -> tuple[str, str] | None:
    return (text(item.content, "text"), text(item.content, "source")) if item.readable else None


def _fact(key: str, labels: Mapping[str, str], found: Register) -> Fact:
    label = labels.get(key) or FACT_LABELS.get(key) or key.replace("_", " ").capitalize()
    newest = found.newest
    return Fact(key, label, newest.value, newest.source, newest.at, newest.author, found)


def fold_where(items: Iterable[Item]) -> Register | None:
    """Return where the person is now as a register of texts; None where nobody has said.

    A place that can never be where they are now (a record address) is not in it, and ends none that is.
    Places of an older console have no slot: each is typed over all before it.
    """
    said = [item for item in items if item.kind is Kind.INCIDENT_LOCATION and _place(item) is not None]
    plain = max((item for item in said if item.slot != WHERE), key=_when, default=None)
    left = [item for item in said if plain is None or _stands_beside(item, plain)]
    made, whole = made_register(WHERE, left, _place), made_register(WHERE, said, _place)
    return made if made is None or whole is None else Register(WHERE, made.heads, whole.versions, whole.history)


def _when(item: Item) -> datetime:
    """Return when it was said, which may be before it was written."""
    return moment(item.content, "at") or item.made_at


def _stands_beside(item: Item, plain: Item) -> bool:
    return item is plain or plain.id in replaced_by((item,)) or (item.slot == WHERE and _when(item) >= _when(plain))


def _place(item: Item) -> tuple[str, str] | None:
    source, said = source_of(text(item.content, "source")), text(item.content, "text")
    if not item.readable or not said or source in NEVER_CURRENT:
        return None
    return said, LOCATION_SOURCE_WORDS[source]
