"""Every recorded call as a desk has it that hears the switchboard, beside one that hears it through a witness.

All fields of a call, after every fact.  What may differ stands here, and with its reason in decision 0042.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from console.domain.call_events import REPEATABLE, CallEvent, Parked
from console.domain.calls import Call
from telephony_adapters.sip_dialog.callers import Reading
from telephony_adapters.sip_dialog.recording import read_recording
from tests.helpers import esl_streams
from tests.helpers.recordings import Recording, recordings
from tests.helpers.through_the_record import Side

Facts = list[tuple[datetime, CallEvent]]
LAMPS = Path(__file__).parents[1] / "data" / "sip-dialog-info"
MAY_DIFFER = frozenset({"last_news"})
"""When it was heard of last: what is told twice, or is no fact of the record, is no news there."""
STAMPLESS = frozenset(
    {"state", "talking", "hold", "holds", "held_since", "asked", "joined", "supervised_by", "supervisors"}
)
"""What hangs on facts that may happen twice, and that the record keeps only with the switchboard's own time."""


@cache
def every_recording() -> dict[str, Facts]:
    """Return the facts of each recording that tells of any, by its name."""
    exchanges: list[Recording] = [*recordings(), *esl_streams.STREAMS]
    told = {str(one): one.facts() for one in exchanges}
    for name in ("asterisk22", "freeswitch"):
        told[f"lamps:{name}"] = list(read_recording(LAMPS / f"{name}.txt.gz", Reading()))
    return {name: facts for name, facts in told.items() if facts}


def differing(facts: Facts, *, acts: bool = True) -> dict[str, tuple[object, object]]:
    """Return the fields that differ at any moment, each with what the two desks have; ``acts``: the witness does."""
    side = Side(facts[0][0], acts=acts)
    try:
        found = side.differences(facts)
    finally:
        side.close()
    return {one.field: (one.direct, one.through) for one in found}


def test_a_desk_without_a_way_to_the_switchboard_has_the_same_calls_at_every_moment() -> None:
    table = {name: differing(facts) for name, facts in every_recording().items()}
    assert {name: found for name, found in table.items() if found.keys() - MAY_DIFFER} == {}


def test_without_the_switchboards_own_time_only_what_may_happen_twice_is_missing_and_parking_is_not() -> None:
    """The recorded calls again, as of an Asterisk that was not told to stamp its events."""
    seen = set[str]()
    for name, facts in every_recording().items():
        if any(isinstance(fact, (*REPEATABLE, Parked)) for _, fact in facts):
            found = differing([(at, _stampless(fact)) for at, fact in facts])
            assert found.keys() <= STAMPLESS | MAY_DIFFER, name
            seen |= found.keys()
    assert seen >= STAMPLESS


def _stampless(fact: CallEvent) -> CallEvent:
    if isinstance(fact, REPEATABLE):
        return replace(fact, stamped=False)
    return replace(fact, stamp=None) if isinstance(fact, Parked) else fact


def test_the_recordings_tell_of_every_field_and_one_that_is_not_told_of_is_found() -> None:
    told: dict[str, set[object]] = {field.name: set() for field in fields(Call)}
    for facts in every_recording().values():
        for call in Side.calls_of(facts):
            for name, values in told.items():
                values.add(getattr(call, name))
    assert [name for name, values in told.items() if len(values) < 2] == []
    parks = [facts for name, facts in every_recording().items() if name.endswith(":park")]
    assert parks
    for facts in parks:
        assert {"state", "parked_at", "parked_since"} <= differing(facts, acts=False).keys()
