"""A service made before the search gets it by ``db upgrade``, its people with it, while consoles write people down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from console.domain.invent import invent
from console.domain.invent_script import MARCUS
from console.domain.people import Candidates
from console.domain.text import BadInput
from console.ports.store import Look, WrongSchema
from db.people_desk import add_invented
from db.postgres.cluster import Cluster
from db.postgres.importing import PeopleDesk
from db.postgres.store import PostgresStore
from db.postgres.upgrade import upgrade_service
from tests.helpers.postgres import KINDS
from tests.helpers.record_parts import PRIYA
from tests.helpers.team_rights import Team, a_person, team_on

pytest_plugins = ["tests.helpers.postgres_fixtures"]

NUMBER = "+447700900555"
OLD_BODY = """
CREATE OR REPLACE FUNCTION put_find_words(whom uuid, sent text) RETURNS void
LANGUAGE sql SET search_path = nightdesk, pg_temp AS $$ SELECT NULL::void $$
"""


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    with team_on(postgres_of_the_run(request.param)) as made:
        desk = PeopleDesk(made.address("import"))
        add_invented(desk, invent(600, 7), lambda _: None)
        desk.close()
        yield made


def as_before(team: Team) -> None:
    """Take away what revision 0004 brought; its functions stay, and find no table."""
    with team.superuser() as line:
        line.execute("DROP TABLE person_find, near_word")
        line.execute("UPDATE alembic_version SET version_num = '0003_references'")
        line.execute(OLD_BODY)


def search(store: PostgresStore, words: str) -> Candidates:
    return store.look(PRIYA, store.ask_look(PRIYA, Look("to see", words=words)))


def test_the_people_there_are_found_after_the_upgrade_as_before(team: Team) -> None:
    asked = ("fenn marcus", "fnen 1992", "9 larch court", "marc netherbourne")
    with team.store(PRIYA) as store:
        before = {words: search(store, words) for words in asked}
        with team.superuser() as line:
            kept = line.execute("SELECT * FROM person_find ORDER BY person").fetchall()
            near = line.execute("SELECT * FROM near_word ORDER BY key, word").fetchall()
        as_before(team)
        assert upgrade_service(team.admin, team.service)[0] == "0003_references"
        with team.superuser() as line:
            assert line.execute("SELECT * FROM person_find ORDER BY person").fetchall() == kept
            assert line.execute("SELECT * FROM near_word ORDER BY key, word").fetchall() == near
        assert {words: search(store, words) for words in asked} == before
        assert [one.person for one in before["fnen 1992"].people] == [MARCUS]
        a_person(team, "Quillfeather", "Ada", NUMBER)
        assert [one.given for one in search(store, "quilfeather").people] == ["Ada"]
    assert upgrade_service(team.admin, team.service)[0] == "0004_search"


def test_somebody_written_down_while_the_tables_were_filled_is_found(team: Team) -> None:
    with team.superuser() as line:
        line.execute(OLD_BODY)
    a_person(team, "Quillfeather", "Ada", NUMBER)
    with team.store(PRIYA) as store:
        assert search(store, "quillfeather").people == ()
        upgrade_service(team.admin, team.service)
        assert [one.given for one in search(store, "quillfeather").people] == ["Ada"]


def test_an_upgrade_does_not_meet_an_import(team: Team) -> None:
    desk = PeopleDesk(team.address("import"))
    with desk.writing(), pytest.raises(BadInput, match="An import into this service runs now"):
        upgrade_service(team.admin, team.service)
    desk.close()
    upgrade_service(team.admin, team.service)


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
