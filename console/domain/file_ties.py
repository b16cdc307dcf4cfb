"""What a whole file of relationships says of each, all its rows taken together before any of them is written.

A relationship is one thing seen from two sides, and the file may have a row of each.  Contact rule, order and end hold
for both: a filled cell is never lost to the other row's empty one, of two contact rules the stricter one stands, and
where two orders are named nobody here can say which one holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from console.domain.file_phones import Noted
from console.domain.people_csv import Refused
from console.domain.relationships import CONTACT_RULES, RELATIONSHIPS
from console.domain.relationships_csv import FileRelationship

Side = tuple[str, str, str]
"""One side of a relationship: whose, with whom, and what the other is."""


def joined(
    rows: Iterable[FileRelationship], refuse: Callable[[Refused], None], say: Callable[[Noted], None]
) -> list[FileRelationship]:
    """Return the rows, each with what the whole file says of its relationship; ``say`` is told where two differ."""
    answered = _answered(list(rows))
    whole: dict[int, FileRelationship] = {}
    for same in _together(answered):
        orders = {row.order_ref.casefold() for row in same if row.order_ref}
        if len(orders) > 1:
            for refused in _two_orders(same):
                refuse(refused)
            continue
        whole |= {row.line: row for row in _shared(same, say)}
    return [whole[row.line] for row in answered if row.line in whole]


def stricter(one: str, other: str) -> str:
    """Return the stricter of two contact rules; empty says nothing."""
    return min(filter(None, (one, other)), key=CONTACT_RULES.index, default="")


def may_answer(kind: str, back: str) -> bool:
    """Say whether ``back`` can be the other side of ``kind`` though the table names another: child of a father."""
    if RELATIONSHIPS[kind] == back or RELATIONSHIPS[back] == kind:
        return True
    # A brother's sister, a wife's wife: two words for what the table gives one other side.
    return RELATIONSHIPS[kind] == RELATIONSHIPS[back] and kind in _EQUALS and back in _EQUALS


_EQUALS = ("brother", "sister", "wife", "husband")


def _answered(rows: Sequence[FileRelationship]) -> list[FileRelationship]:
    """Return the rows; where one does not say what the person is, the other side's row says it."""
    of_two: dict[tuple[str, str], list[FileRelationship]] = defaultdict(list)
    for row in rows:
        of_two[row.key[:2]].append(row)
    return [_answer(row, of_two.get((row.key[1], row.key[0]), ())) if row.guessed else row for row in rows]


def _answer(row: FileRelationship, others: Sequence[FileRelationship]) -> FileRelationship:
    named = [one.kind for one in others if not one.guessed and one.back == row.kind]
    like = [one.kind for one in others if one.guessed and may_answer(row.kind, one.kind)]
    kinds = named or like
    if not kinds:
        return row
    return replace(row, back=row.back if row.back in kinds else kinds[0], guessed=False)


def _together(rows: Sequence[FileRelationship]) -> Iterator[list[FileRelationship]]:
    """Yield the rows of each relationship, by line: two that share a side are of one."""
    found: dict[Side, list[FileRelationship]] = {}
    for row in rows:
        mine = found.setdefault(row.key, [])
        theirs = found.setdefault((row.key[1], row.key[0], row.back), mine)
        if theirs is not mine:
            mine += theirs
            for one in theirs:
                found[one.key] = found[(one.key[1], one.key[0], one.back)] = mine
            found[(row.key[1], row.key[0], row.back)] = mine
        mine.append(row)
    for same in {id(group): group for group in found.values()}.values():
        yield sorted(same, key=lambda row: row.line)


def _two_orders(same: Sequence[FileRelationship]) -> Iterator[Refused]:
    """Yield why each row with an order is refused, and those that lean on them."""
    for row in same:
        other = next((one for one in same if one.order_ref.casefold() not in ("", row.order_ref.casefold())), row)
        if row.order_ref:
            words = f"order_ref is {row.order_ref!r}, and line {other.line} has {other.order_ref!r} for the same two"
        else:
            words = f"other lines for the same two name different orders; line {other.line} has {other.order_ref!r}"
        yield Refused(row.line, words)


def _shared(same: Sequence[FileRelationship], say: Callable[[Noted], None]) -> Iterator[FileRelationship]:
    rule, order, until = "", "", None
    for row in same:
        kept = stricter(rule, row.contact_rule)
        if rule and row.contact_rule and rule != row.contact_rule:
            words = f"contact_rule says {row.contact_rule!r}, an earlier row of the same two {rule!r}; {kept!r} is kept"
            say(Noted(row.line, words))
        rule, order, until = kept, order or row.order_ref, _end(until, row, say)
    return (replace(row, contact_rule=rule, order_ref=order, until=until) for row in same)


def _end(until: date | None, row: FileRelationship, say: Callable[[Noted], None]) -> date | None:
    if until is None or row.until is None or row.until == until:
        return until or row.until
    kept = max(until, row.until)
    words = f"ended_on says {row.until:%d/%m/%Y}, an earlier row of the same two {until:%d/%m/%Y}"
    say(Noted(row.line, f"{words}; {kept:%d/%m/%Y} is kept"))
    return kept
