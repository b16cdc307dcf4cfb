"""A service made before the search gets it by ``db upgrade``, its people with it, while consoles write people down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from console.domain.invent import invent
from console.domain.invent_script import MARCUS
from console.domain.people import Candidates
from console.ports.store import Look, WrongSchema
from db.people_desk import add_invented
from db.postgres.cluster import Cluster
from db.postgres.importing import PeopleDesk
from db.postgres.lines import Line
from db.postgres.people import SearchNotReady
from db.postgres.steps import STEPS, SearchFill
from db.postgres.store import PostgresStore
from db.postgres.upgrade import upgrade_service
from tests.helpers.postgres import KINDS
from tests.helpers.record_parts import PRIYA
from tests.helpers.team_rights import Team, a_person, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

NUMBER = "+447700900555"


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    with team_on(postgres_of_the_run(request.param)) as made:
        desk = PeopleDesk(made.address("import"))
        add_invented(desk, invent(600, 7), lambda _: None)
        desk.close()
        yield made


def as_before(team: Team) -> None:
    """Take away what step 4 brought; its functions stay, and find no table."""
    with team.superuser() as line:
        line.execute("DROP TABLE person_find, near_word")
        line.execute("DELETE FROM upgrade_step WHERE number = 4")


def search(store: PostgresStore, words: str) -> Candidates:
    return store.look(PRIYA, store.ask_look(PRIYA, Look("to see", words=words)))


def words_of(team: Team) -> list[object]:
    with team.superuser() as line:
        found = line.execute("SELECT person, words FROM person_find ORDER BY person").fetchall()
        near = line.execute("SELECT key, word FROM near_word ORDER BY key, word").fetchall()
    return [*found, *near]


def test_the_people_there_are_found_after_the_upgrade_as_before(team: Team) -> None:
    asked = ("fenn marcus", "fnen 1992", "9 larch court", "marc netherbourne")
    with team.store(PRIYA) as store:
        before = {words: search(store, words) for words in asked}
        kept = words_of(team)
        as_before(team)
        assert "search" in upgrade_service(team.admin, team.service).taken
        assert words_of(team) == kept
        assert {words: search(store, words) for words in asked} == before
        assert [one.person for one in before["fnen 1992"].people] == [MARCUS]
        a_person(team, "Quillfeather", "Ada", NUMBER)
        assert [one.given for one in search(store, "quilfeather").people] == ["Ada"]


def test_a_filling_that_was_stopped_goes_on_and_finds_whoever_was_written_down_meanwhile(team: Team) -> None:
    kept = words_of(team)
    as_before(team)
    stopped = replace(STEPS[3], fill=StopsAfter(2))
    with pytest.raises(KeyboardInterrupt):
        upgrade_service(team.admin, team.service, (*STEPS[:3], stopped, *STEPS[4:]))
    a_person(team, "Quillfeather", "Ada", NUMBER)
    with team.store(PRIYA) as store:
        with pytest.raises(SearchNotReady, match="made ready for searching"):
            search(store, "quillfeather")
        assert store.look(PRIYA, store.ask_look(PRIYA, Look("to see", e164=NUMBER))).total == 1
        upgrade_service(team.admin, team.service)
        assert [one.given for one in search(store, "quilfeather").people] == ["Ada"]
    now = words_of(team)
    assert [row for row in kept if row not in now] == []


class StopsAfter:
    """Fills as the step does, a few people at a time, and is killed."""

    def __init__(self, batches: int) -> None:
        self._left, self._fill = batches, SearchFill()

    def __call__(self, line: Line) -> bool:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return self._fill(line)


def test_whoever_has_no_words_is_found_by_a_second_pass() -> None:
    first, second, third = (MARCUS.__class__(int=number) for number in (1, 2, 3))
    passes = [first, second, None, third, None, None]
    fill = SearchFill()
    given = iter(passes)
    seen: list[object] = []

    def some(_tables: object, after: object) -> object:
        seen.append(after)
        return next(given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.postgres.steps.make_some", some)
        assert [fill(None) for _ in passes] == [True, True, True, True, True, False]  # type: ignore[arg-type]
    assert seen == [None, first, second, None, third, None]


def test_a_console_of_the_version_before_still_finds_by_name_and_writes_people_down(team: Team) -> None:
    keys = [{"place": 0, "family": "fenn", "family_is": None, "given": None, "forms": None, "words": [["fenn"]]}]
    asked = {"e164": "", "words": "fenn", "born": "", "reference": "", "limit": 12, "keys": keys, "wanted": [["fenn"]]}
    with team.raw(PRIYA) as line:
        role = PRIYA.role.value
        ((ticket,),) = line.execute(
            "SELECT id FROM ask(%s, 'desk-2', 'listed', NULL, NULL, 'to see', %s)", [role, json.dumps(asked)]
        ).fetchall()
        ((answer,),) = line.execute("SELECT look(%s, %s, current_date)", [role, ticket]).fetchall()
    assert str(MARCUS) in {row[1] for row in answer["names"]}
    with team.superuser() as line:
        line.execute("INSERT INTO person SELECT (jsonb_populate_record(p, %s)).* FROM person p WHERE id = %s",
                     [json.dumps({"id": str(PERSON), "family": "Quillfeather"}), MARCUS])  # fmt: skip
        line.execute("INSERT INTO person_name VALUES (%s, 'current', '', 'quillfeather', 'ada')", [PERSON])
        line.execute("SELECT put_find_words(%s, NULL)", [PERSON])
    with team.store(PRIYA) as store:
        assert [one.person for one in search(store, "quilfeather 1992").people] == [PERSON]


PERSON = MARCUS.__class__(int=MARCUS.int + 1)


def test_a_console_says_that_the_tables_are_of_the_version_before(team: Team) -> None:
    with team.superuser() as line:
        line.execute(
            "CREATE OR REPLACE FUNCTION found_people(plan jsonb, enough integer) RETURNS jsonb LANGUAGE sql "
            "SET search_path = nightdesk, pg_temp AS $$ SELECT jsonb_build_object('names', '[]'::jsonb) $$"
        )
    with team.store(PRIYA) as store, pytest.raises(WrongSchema, match="nightdesk db upgrade"):
        search(store, "fenn")
