"""What is imported, imported again and learned at night is found by its words at once, in a file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from console.domain.people_csv import read_person_row
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.search import understand
from console.ports.store import Look, Verdict
from db.people_import import FileRun, Lot
from db.people_keys import make_keys
from db.people_schema import person, person_find
from db.postgres.cluster import Cluster
from db.postgres.importing import PeopleDesk
from db.sqlite import SqliteStore
from tests.helpers.people_room import TODAY, empty_store
from tests.helpers.postgres import NEWEST, OLDEST
from tests.helpers.record_parts import MANAGER, PRIYA, HandClock, Pen, Store
from tests.helpers.team_record import team_store

pytest_plugins = ["tests.helpers.postgres_fixtures"]

BASE = {
    "case_system_id": "448 210",
    "family": "Quillfeather",
    "given": "Ada",
    "born": "19/02/1992",
    "address_line_1": "9 Larch Court",
    "address_line_2": "Netherbourne",
    "postcode": "XH1 5AB",
}
Writing = Callable[[], AbstractContextManager[Connection]]
Room = tuple[Store, Writing]


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(NEWEST, marks=pytest.mark.needs("postgres")),
        pytest.param(OLDEST, marks=pytest.mark.needs("postgres-system")),
    ]
)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    if request.param == "sqlite":
        file = empty_store(tmp_path)
        yield file, file.database.writing
        file.close()
        return
    of_the_run: Callable[[str], Cluster] = request.getfixturevalue("postgres_of_the_run")
    team = team_store(of_the_run(request.param), HandClock())
    desk = PeopleDesk(team.helper("import"))
    yield team, desk.writing
    desk.close()
    team.close()


def bring(room: Room, **cells: str) -> None:
    """Import one row as a file of today has it."""
    row = read_person_row({**BASE, **cells}, 2, TODAY)
    with room[1]() as connection:
        Lot(connection, FileRun(uuid4(), TODAY), lambda refused: pytest.fail(str(refused))).write([row])


def why(room: Room, typed: str) -> list[str]:
    read = understand(typed, TODAY)
    look = Look("to see", None, read.e164, read.words, read.born, read.reference)
    store = room[0]
    return [one.reason for one in store.look(PRIYA, store.ask_look(PRIYA, look)).people]


def test_a_row_of_a_file_is_found_by_all_that_stands_in_it(room: Room) -> None:
    bring(room)
    for typed in ("quillfeather", "quilfeather", "9 larch", "xh1 5", "netherbourne 1992", "ada 19/2/92"):
        assert len(why(room, typed)) == 1, typed


def test_what_a_later_file_says_is_found_and_what_it_no_longer_says_is_not(room: Room) -> None:
    bring(room)
    bring(room, family="Zarbuck", born="19/02/1993", address_line_1="3 Sorrel Way", postcode="XH2 7CD")
    assert why(room, "quillfeather") == []
    assert why(room, "zarbuk ada") == ["Ada as typed, name near: Zarbuck"]
    assert why(room, "zarbuck 1992") == []
    assert why(room, "zarbuck 3 sorrel") == ["Name as typed, address"]
    assert why(room, "zarbuck 9 larch") == ["Name as typed, earlier address"]
    assert why(room, "xh1 5ab zarbuck") == ["Name as typed, earlier postcode"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"address_do_not_disclose": "yes"},
        {
            "marker_1": "do_not_disclose_address",
            "marker_1_source": "court order",
            "marker_1_set_on": "3/10/2026",
            "marker_1_set_by": "R Osei",
            "marker_1_authorised_by": "Duty manager",
        },
    ],
    ids=["the address", "a marker"],
)
def test_nobody_is_found_by_an_address_that_must_not_be_disclosed(room: Room, hidden: dict[str, str]) -> None:
    bring(room)
    assert why(room, "larch netherbourne") == ["Address"]
    bring(room, **hidden)
    for typed in ("larch netherbourne", "9 larch court", "xh1 5ab", "quillfeather larch"):
        assert why(room, typed) == [], typed
    assert why(room, "quillfeather ada") == ["Name as typed"]


BY_MORE = ("quillf", "quilfeather", "9 larch", "xh1 5ab", "quillfeather 1992", "19/2/92", "quillfeather larch")
BY_WHOLE = ("quillfeather", "ada quillfeather", "quillfeather 19/2/92", "448 210")


def test_whom_a_file_restricts_is_found_by_whole_names_and_by_all_again_where_it_no_longer_does(room: Room) -> None:
    bring(room)
    assert [len(why(room, typed)) for typed in BY_MORE] == [1] * len(BY_MORE)
    for restricted in ("yes", ""):
        bring(room, restricted=restricted)
        assert [len(why(room, typed)) for typed in BY_WHOLE] == [1] * len(BY_WHOLE)
        found = 0 if restricted else 1
        assert [len(why(room, typed)) for typed in BY_MORE] == [found] * len(BY_MORE)
    bring(room, case_system_id="448 211", family="Zarbuck", address_line_1="3 Sorrel Way", restricted="yes")
    assert [why(room, typed) for typed in ("3 sorrel", "zarbuk", "sorrel")] == [[], [], []]
    assert len(why(room, "zarbuck")) == 1


def test_whom_a_manager_restricted_a_later_file_does_not_bring_back(room: Room) -> None:
    bring(room)
    with room[1]() as connection:
        identity = connection.scalar(select(person.c.id))
    assert identity is not None
    closing = Pen(MANAGER, HandClock()).write(
        Kind.PERSON_RESTRICTED, StreamRef(StreamKind.PERSON, identity), {"reason": "staff relative"}
    )
    assert [one.verdict for one in room[0].append(MANAGER, [closing])] == [Verdict.STORED]
    assert [why(room, typed) for typed in BY_MORE] == [[]] * len(BY_MORE)
    bring(room, address_line_1="3 Sorrel Way")
    assert [why(room, typed) for typed in (*BY_MORE, "3 sorrel")] == [[]] * (len(BY_MORE) + 1)
    assert len(why(room, "quillfeather")) == 1


def test_the_same_file_twice_leaves_the_words_alone(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    room = store, store.database.writing
    bring(room)
    before = rows(store)
    bring(room)
    with store.database.writing() as connection:
        make_keys(connection, connection.scalars(select(person.c.id)).all())
    assert rows(store) == before
    store.close()


def rows(store: SqliteStore) -> list[object]:
    with store.database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(person_find.c.place, person_find.c.words))]
