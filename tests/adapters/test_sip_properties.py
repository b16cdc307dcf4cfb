"""Three telephones that do anything at all, with losses in between: what holds whatever is told."""

from __future__ import annotations

import random

import pytest

from console.domain.call_events import CallBegan, CallEnded, SnapshotTaken
from console.domain.calls import Certainty
from telephony_adapters.sip_dialog.visits import Visits
from tests.helpers.dialog_bodies import CALLER, WITHHELD, dialog
from tests.helpers.watched_telephones import Telephones

HIDDEN = "sip:02079460140@anonymous.invalid"
REMOTES = ("", CALLER, CALLER, WITHHELD, HIDDEN, "sip:1001@x", "sip:1003@x", "sip:invalid@x", "sip:999@x", "nonsense")
WAYS = ("", "recipient", "recipient", "initiator")
STATES = ("trying", "proceeding", "early", "early", "confirmed", "confirmed", "terminated")
HOWS = ("", "cancelled", "rejected", "replaced", "local-bye", "remote-bye", "error", "timeout")
TRUE_OF_SOME_TELEPHONES = {"one telephone is in two calls at once"}
EXTENSIONS = ("1001", "1002", "1003")


def anything(dice: random.Random, extension: str) -> tuple[str, ...]:
    """Return what a telephone may tell of itself."""
    told = []
    for identity in dice.sample([extension, "7", "c79a730a-fe65-4616-b923-584955cb2108"], dice.randrange(3)):
        told.append(
            dialog(
                identity,
                dice.choice(STATES),
                dice.choice(WAYS),
                dice.choice(REMOTES),
                call_id=dice.choice(("", "", "", "one-call")),
                how=dice.choice(HOWS),
                rendering=dice.choice(("", "", "yes", "no")),
            )
        )
    return tuple(told)


def live_a_night(seed: int) -> Telephones:
    """Let anything happen."""
    dice, lamps = random.Random(seed), Telephones()  # noqa: S311  no secret
    for _ in range(120):
        match dice.randrange(12):
            case 0:
                lamps.lose()
                lamps.wait(0)
                if dice.random() < 0.3:
                    lamps.mapper.tell_again()
                lamps.connect({one: anything(dice, one) for one in EXTENSIONS})
            case 1 | 2 | 3:
                lamps.wait(dice.choice((0.5, 1.5, 3, 8)))
            case 4:
                extension = dice.choice(EXTENSIONS)
                lamps.say(extension, *anything(dice, extension), state="partial")
            case _:
                extension = dice.choice(EXTENSIONS)
                lamps.say(extension, *anything(dice, extension))
    return lamps


@pytest.mark.parametrize("seed", range(40))
def test_whatever_telephones_do_every_call_is_told_from_beginning_to_end(seed: int) -> None:
    lamps = live_a_night(seed)
    assert set(lamps.oddities()) <= TRUE_OF_SOME_TELEPHONES
    assert {call.certainty for call in lamps.calls() if call.live} <= {Certainty.ASSUMED}
    for extension in EXTENSIONS:
        lamps.say(extension)
    lamps.wait(10)
    assert [call for call in lamps.calls() if call.live] == []
    assert set(lamps.oddities()) <= TRUE_OF_SOME_TELEPHONES
    assert "2079460140" not in repr(lamps.facts)
    began = [fact.call for fact in lamps.facts if isinstance(fact, CallBegan)]
    ended = [fact.call for fact in lamps.facts if isinstance(fact, CallEnded)]
    assert len(set(ended)) == len(ended)
    assert set(ended) <= set(began)


def test_nothing_is_kept_of_what_is_over() -> None:
    lamps = live_a_night(7)
    for extension in EXTENSIONS:
        lamps.say(extension)
    lamps.wait(10)
    visits = lamps.mapper._visits
    assert isinstance(visits, Visits)
    assert visits.open == []
    snapshot = lamps.connect()[0]
    assert isinstance(snapshot, SnapshotTaken)
    assert snapshot.calls == frozenset()
