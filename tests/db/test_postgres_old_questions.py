"""The doors that are kept for consoles of the version before tell no more of restricted people than those of today."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from console.domain.record import Kind
from db.postgres.cluster import Cluster
from tests.helpers.postgres import KINDS
from tests.helpers.record_parts import MANAGER, PRIYA
from tests.helpers.team_rights import Team, a_person, pen_of, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

BORN = "1992-03-04"


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    with team_on(postgres_of_the_run(request.param), [PRIYA, MANAGER]) as made:
        yield made


@pytest.fixture
def closed(team: Team) -> UUID:
    """A restricted person, beside one of whom much may be told."""
    a_person(team, "Quarry", "Otto", "+447700900556")
    ref = a_person(team, "Quaver-Fenn", "Ottoline", "+447700900555")
    closing = pen_of(MANAGER).write(Kind.PERSON_RESTRICTED, ref, {"reason": "a relative of ours"})
    assert [receipt.verdict.value for receipt in team.write(MANAGER, closing)] == ["stored"]
    return ref.id


def answered(team: Team, **question: object) -> dict[str, Any]:
    """Ask as a worker does who has a password and writes SQL."""
    asked = {"e164": "", "words": "", "born": "", "reference": "", "limit": 12, "keys": [], "wanted": [], **question}
    role = PRIYA.role.value
    with team.raw(PRIYA) as line:
        ((ticket,),) = line.execute(
            "SELECT id FROM ask(%s, 'desk-2', 'listed', NULL, NULL, 'to see', %s)", [role, json.dumps(asked)]
        ).fetchall()
        ((answer,),) = line.execute("SELECT look(%s, %s, current_date)", [role, ticket]).fetchall()
        shown = line.execute("SELECT show(%s, %s, %s)", [role, ticket, [closed_id(answer)]]).fetchall()
    return {**answer, "shown": shown}


def closed_id(answer: dict[str, Any]) -> UUID:
    """Return an id to ask more of, whether it was found or not."""
    rows = [*answer.get("names", ()), *answer.get("births", ())]
    return next((UUID(value) for row in rows for value in row[:2] if isinstance(value, str)), UUID(int=0))


def key(**given: object) -> dict[str, object]:
    return {"place": 0, "family": None, "family_is": None, "given": None, "forms": None, "words": [], **given}


def test_family_names_leave_out_restricted_people(team: Team, closed: UUID) -> None:
    a_person(team, "Zarb", "Ada", "+447700900557")
    with team.raw(PRIYA) as line:
        names = [name for (name,) in line.execute("SELECT * FROM family_names()").fetchall()]
    assert names == ["quarry", "zarb"]


@pytest.mark.parametrize(
    "asked",
    [
        {"keys": [key(family="q")]},
        {"keys": [key(family="quave")]},
        {"keys": [key(given="ottol")]},
        {"keys": [key(family="quave", given="ottoline")]},
        {"keys": [key(family="quave", words=[["fenn"]])]},
        {"keys": [key(family_is="quaver fenn", words=[["otto"]])]},
        {"keys": [key(forms=["ottoline"])]},
        {"keys": [key(family="q", words=[["x", "quaver"]])]},
        {"born": BORN},
        {"born": BORN, "wanted": [["quav"]]},
        {"born": BORN, "wanted": [["ott", "ottoline"]]},
    ],
)
def test_an_old_question_finds_no_restricted_person_by_less_than_a_whole_name(
    team: Team, closed: UUID, asked: dict[str, object]
) -> None:
    assert str(closed) not in json.dumps(answered(team, **asked))


@pytest.mark.parametrize(
    "asked",
    [
        {"keys": [key(family="quaver", words=[["quaver"]])]},
        {"keys": [key(family="fenn", given="ottoline", words=[["fenn"], ["ottoline"]])]},
        {"keys": [key(family_is="quaver fenn", words=[["quaver"], ["fenn"]])]},
        {"born": BORN, "wanted": [["quaver"]]},
    ],
)
def test_and_by_whole_names_that_there_is_one(team: Team, closed: UUID, asked: dict[str, object]) -> None:
    answer = answered(team, **asked)
    rows = [*answer.get("names", ()), *answer.get("births", ())]
    assert str(closed) in {row[1] if "names" in answer else row[0] for row in rows}
    assert "Quaver" not in json.dumps(answer)
