"""A service made before the search gets it by ``db upgrade``, its people with it, while consoles write people down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from psycopg import DatabaseError
from sqlalchemy import update

from console.domain.invent import invent
from console.domain.invent_script import MARCUS
from console.domain.people import Candidates
from console.ports.store import Look, WrongSchema
from db.people_desk import add_invented
from db.people_keys import PostgresKeys, Words, make_keys, make_some
from db.people_schema import person_name
from db.postgres.cluster import Cluster
from db.postgres.importing import PeopleDesk
from db.postgres.lines import Line
from db.postgres.people import SearchNotReady
from db.postgres.steps import STEPS, SearchFill
from db.postgres.store import PostgresStore
from db.postgres.upgrade import upgrade_service
from tests.helpers.postgres import KINDS
from tests.helpers.record_parts import MANAGER, PRIYA
from tests.helpers.team_rights import Team, a_person, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

NUMBER = "+447700900555"


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    with team_on(postgres_of_the_run(request.param), [PRIYA, MANAGER]) as made:
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
    stopped = replace(STEPS[3], fill=lambda: StopsAfter(2))
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


def test_the_filling_leaves_newer_words_alone_that_an_import_wrote_meanwhile(team: Team) -> None:
    with team.superuser() as line:
        line.execute("DELETE FROM person_find WHERE person = %s", [MARCUS])

        class Behind(PostgresKeys):
            """An import on a connection of its own commits between the reading and the writing of the filling."""

            def fill(self, words: Words) -> None:
                assert [one for one, _ in words] == [MARCUS]
                desk = PeopleDesk(team.address("import"))
                with desk.writing() as connection:
                    name = update(person_name).where(person_name.c.person == MARCUS)
                    connection.execute(name.values(family="quillfeather"))
                    make_keys(connection, [MARCUS])
                desk.close()
                super().fill(words)

        make_some(Behind(line), None)
    with team.store(PRIYA) as store:
        assert [one.person for one in search(store, "quillfeather marcus").people] == [MARCUS]


def answered(team: Team, asked: dict[str, object]) -> dict[str, Any]:
    """Return what the door gives for a question as anybody with a worker's password may write it."""
    with team.raw(PRIYA) as line:
        role = PRIYA.role.value
        ((ticket,),) = line.execute(
            "SELECT id FROM ask(%s, 'desk-2', 'listed', NULL, NULL, 'to see', %s)", [role, json.dumps(asked)]
        ).fetchall()
        ((answer,),) = line.execute("SELECT look(%s, %s, current_date)", [role, ticket]).fetchall()
        all_of_them = [row[0] for row in answer.get("hits", ())]
        shown: set[str] = set()
        for start in range(0, len(all_of_them), 50):
            some = [UUID(one) for one in all_of_them[start : start + 50]]
            ((pack,),) = line.execute("SELECT show(%s, %s, %s)", [role, ticket, some]).fetchall()
            shown |= {row["id"] for row in pack["people"]}
        ((pack,),) = line.execute("SELECT show(%s, %s, ARRAY[NULL]::uuid[])", [role, ticket]).fetchall()
        return {**answer, "shown": shown | {row["id"] for row in pack["people"]}}


ASKED: dict[str, object] = {"e164": "", "words": "", "born": "", "reference": "", "limit": 1_000_000}


def test_a_question_somebody_wrote_themselves_gives_no_more_than_a_search_needs(team: Team) -> None:
    letters = [f"0fgk>{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    plan = {"parts": [[one] for one in letters[:10]], "searches": [["0", False, -1]] * 20, "name": ""}
    assert len(answered(team, {**ASKED, "plan": plan})["hits"]) <= 200
    by_year = [f"{step}y={1930 + 5 * step + at}" for step in range(10) for at in range(5)]
    many: dict[str, Any] = {"parts": [by_year], "name": ""}
    many["searches"] = [[str(step), False, -1] for step in range(10)]
    found = answered(team, {**ASKED, "plan": many})
    assert 50 < len(found["hits"]) < 250
    assert len(found["shown"]) == 50
    with pytest.raises(DatabaseError, match="too many parts"):
        answered(team, {**ASKED, "plan": {**many, "searches": many["searches"] * 3}})
    with team.superuser() as line:
        keys = [row[0] for row in line.execute("SELECT reference_key FROM person WHERE reference_key <> ''").fetchall()]
    assert len(keys) > 100
    assert len(answered(team, {**ASKED, "reference": "x", "reference_keys": keys})["references"]) <= 2


def test_no_question_finds_a_restricted_one_by_anything_but_whole_names(team: Team) -> None:
    with team.superuser() as line:
        line.execute("UPDATE person SET restricted = true WHERE id = %s", [MARCUS])
        line.execute("UPDATE person_find SET words = words WHERE person = %s", [MARCUS])

    def hits(parts: list[list[str]], whole: list[str], **asked: object) -> bool:
        plan = {"parts": parts, "searches": [["0", False, -1]], "name": "", "whole": whole}
        return str(MARCUS) in {row[0] for row in answered(team, {**ASKED, **asked, "plan": plan})["hits"]}

    assert hits([["0fgk=fenn"]], ["fenn", "marcus"], born="1992-02-19")
    for word in ("0x=fenn", "0x>fen", "0z>19920219", "0z=19920219fenn", "0xz>f", "0fgk>fenn", "0y=1992", "0s=larch"):
        assert not hits([[word]], []), word
    for names in (["fen"], ["fenn", "larch"], ["19920219fenn"], ["fenn' | 'xmarcus"], ["fenn:*"], []):
        assert not hits([["0fgk=fenn"]], names), names
    assert not hits([["0fgk=fenn"]], ["fenn"], born="1992-02-18")
    assert not hits([["0fgk=fenn"]], [], born="1992-02-19")
    assert not hits([["0fgk=fenn"]], ["fenn"], reference="X1")
    old = {**ASKED, "born": "1992-02-19"}
    for wanted, there in (([], False), ([["fen"]], False), ([["fenn"], ["larch"]], False), ([["fenn"]], True)):
        births = answered(team, {**old, "wanted": wanted})["births"]
        assert (str(MARCUS) in {row[0] for row in births}) is there
        key = {"place": 0, "family": "f", "family_is": None, "given": None, "forms": None, "words": wanted}
        names = answered(team, {**ASKED, "words": "f", "keys": [key], "wanted": wanted})["names"]
        assert str(MARCUS) not in {row[1] for row in names}, "a key that is a beginning finds nobody restricted"
    whole = {"place": 0, "family": "fenn", "family_is": None, "given": None, "forms": None, "words": [["fenn"]]}
    names = answered(team, {**ASKED, "words": "fenn", "keys": [whole], "wanted": [["fenn"]]})["names"]
    assert str(MARCUS) in {row[1] for row in names}


def test_more_than_fifty_on_one_number_are_counted_and_fifty_shown(team: Team) -> None:
    with team.superuser() as line:
        line.execute(
            "INSERT INTO line (e164, kind, place, safe_to_call, calls_before, last_call_at) "
            "VALUES (%s, 'mobile', '', 'not asked', 0, NULL)", [NUMBER]
        )  # fmt: skip
        line.execute(
            "INSERT INTO person_on_line (e164, person, confirmed_on, until, source) "
            "SELECT %s, id, NULL, NULL, 'test' FROM person ORDER BY id LIMIT 60", [NUMBER]
        )  # fmt: skip
    with team.store(PRIYA) as store:
        found = store.look(PRIYA, store.ask_look(PRIYA, Look("to see", e164=NUMBER, limit=100)))
    assert (found.total, len(found.people)) == (60, 50)


def test_each_upgrade_fills_from_the_beginning() -> None:
    """What one upgrade left half done is no place for the next, perhaps of another service, to go on from."""
    made = [step.fill() for step in STEPS * 2 if step.fill is not None]
    assert len(set(map(id, made))) == len(made) > 1


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
        assert [fill(None) for _ in passes] == [True, True, True, True, True, False]  # type: ignore[arg-type]  # the patch uses none
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
            "CREATE OR REPLACE FUNCTION found_people(plan jsonb, enough integer, born date) RETURNS jsonb LANGUAGE sql "
            "SET search_path = nightdesk, pg_temp AS $$ SELECT jsonb_build_object('names', '[]'::jsonb) $$"
        )
    with team.store(PRIYA) as store, pytest.raises(WrongSchema, match="nightdesk db upgrade"):
        search(store, "fenn")
