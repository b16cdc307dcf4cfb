"""An incident's replay out of the lists of :class:`db.memory.MemoryStore`."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.record import Envelope, Identity, Kind, StreamClass, StreamKind, StreamRef
from console.domain.replay_material import Material
from console.domain.streams import StreamState
from db.memory_ledger import MemoryLedger
from db.replay_rules import SIGN_INS, asks_for, given, is_hidden, is_look, looked, named_around, span_of


def material_in_memory(
    ledger: MemoryLedger, who: Identity, incident: UUID, is_restricted: Callable[[UUID], bool]
) -> Material:
    """Return everything of an incident; the caller holds the lock."""
    core = _core(ledger, ledger.states[StreamRef(StreamKind.INCIDENT, incident)])
    span = span_of(one for one in ledger.envelopes if one.stream in core)
    if span is None:
        return Material(incident, ())
    hidden = is_hidden(core.values(), is_restricted)
    subjects = frozenset[UUID]().union(*(state.subjects for state in core.values()))
    people = (StreamRef(StreamKind.PERSON, one) for one in subjects)
    around = {**core, **{ref: ledger.states[ref] for ref in people if ref in ledger.states}}
    calls = {ref.id for ref in core if ref.kind is StreamKind.CALL}
    chosen = [_words(ledger, one) for one in ledger.envelopes if one.stream in core and _chooses(one)]

    def entry(one: Envelope) -> bool:
        return one.stream in around or (one.kind in SIGN_INS and span.holds_sign_in(one.stored_at))

    def klass(one: Envelope) -> StreamClass:
        return around[one.stream].klass if one.stream in around else StreamClass.SHIFT

    entries = (
        given(who, one, ledger.bodies.get(one.id), klass(one), hidden=hidden) for one in ledger.envelopes if entry(one)
    )
    looks = (looked(row) for row in ledger.looks if is_look(row, span, calls, chosen))
    return Material(incident, tuple(entries), tuple(looks))


def _core(ledger: MemoryLedger, incident: StreamState) -> dict[StreamRef, StreamState]:
    core = {ref: ledger.states[ref] for ref in named_around(incident) if ref in ledger.states}
    begun = min(state.begun for state in core.values())
    for one in ledger.envelopes:
        asks = one.kind is Kind.HELP_DRAFTED and one.seq >= begun and asks_for(_words(ledger, one), incident)
        if asks and one.stream.kind is StreamKind.HELP:
            core[one.stream] = ledger.states[one.stream]
    return core


def _chooses(one: Envelope) -> bool:
    return one.kind is Kind.CONTACT_SUBJECT_ADDED


def _words(ledger: MemoryLedger, one: Envelope) -> str:
    return ledger.bodies.get(one.id, "")
