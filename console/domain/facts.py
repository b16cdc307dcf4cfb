"""What is known in an incident, as a fold: facts as registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from console.domain.fact_sheet import FACT_LABELS
from console.domain.items import Item
from console.domain.reading import text
from console.domain.record import Kind
from console.domain.registers import Register, fold_registers


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
