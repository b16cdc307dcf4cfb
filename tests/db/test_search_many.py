"""The search over an invented town: how well it finds, that stores agree over many people, and too many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.invent import AS_OF, invent
from console.domain.invent_script import fenns
from console.domain.people_rows import Batch, name_rows
from console.domain.search import understand
from console.ports.store import Look
from db.memory import MemoryStore
from db.people_desk import add_invented
from db.people_fill import fill
from db.people_rows import AT_MOST
from db.postgres.cluster import Cluster
from db.postgres.importing import PeopleDesk
from db.sqlite import SqliteStore
from tests.helpers.people_room import empty_store, peopled_store
from tests.helpers.postgres import KINDS
from tests.helpers.record_parts import PRIYA, HandClock, Store, make_store
from tests.helpers.search_queries import KINDS as KINDS_OF_QUESTIONS
from tests.helpers.search_queries import questions
from tests.helpers.search_table import ask_all, found_at, table
from tests.helpers.team_record import team_store

pytest_plugins = ["tests.helpers.postgres_fixtures"]

MANY, FEW = 20_000, 2_500
SEED = 20261201


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = peopled_store(tmp_path_factory.mktemp("town"), MANY, 1)
    yield store
    store.close()


@pytest.mark.timeout(300)
def test_people_are_found_by_what_workers_type(town: SqliteStore, tmp_path: Path) -> None:
    asked = questions(town.database.path, 200, SEED)
    assert {one.kind for one in asked} == set(KINDS_OF_QUESTIONS)
    answers = ask_all(town, asked, AS_OF)
    assert found_at(answers, 1) >= 0.90, table(answers)
    assert found_at(answers, 5) >= 0.97, table(answers)


def test_too_many_are_said_to_be_too_many(town: SqliteStore) -> None:
    def ask(typed: str) -> tuple[int, int, bool]:
        read = understand(typed, AS_OF)
        look = Look("to see", None, read.e164, read.words, read.born, read.reference)
        answer = town.look(PRIYA, town.ask_look(PRIYA, look))
        return len(answer.people), answer.total, answer.too_many

    assert ask("netherbourne") == (0, AT_MOST, True)
    assert ask("xh1") == (0, AT_MOST, True)
    assert ask("netherbourne oak")[2] is False
    assert ask("netherbourne oak")[0] == 12


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["memory", *KINDS])
def test_every_store_gives_the_same_people_in_the_same_order(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = HandClock()
    file = peopled_store(tmp_path, FEW)
    other = _filled(kind, clock, request)
    asked = questions(file.database.path, 66, SEED)
    try:
        for one in [*(question.typed for question in asked), "oak", "smith", "jo", "netherbourne", "xh1", "1961"]:
            read = understand(one, AS_OF)
            look = Look("to see", None, read.e164, read.words, read.born, read.reference)
            first, second = (store.look(PRIYA, store.ask_look(PRIYA, look)) for store in (file, other))
            assert first == second, one
    finally:
        file.close()
        other.close()


def _town() -> Iterable[Batch]:
    return invent(FEW, 7)


def _filled(
    kind: str,
    clock: HandClock,
    request: pytest.FixtureRequest,
    batches: Callable[[], Iterable[Batch]] = _town,
    folder: Path | None = None,
) -> Store:
    if kind == "sqlite" and folder is not None:
        file = empty_store(folder)
        add_invented(file.database, batches(), lambda _: None)
        return file
    if kind == "memory":
        memory = make_store("memory", Path(), clock)
        assert isinstance(memory, MemoryStore)
        with memory.people_room().use() as connection:
            fill(connection, batches(), lambda _: None)
        return memory
    of_the_run: Callable[[str], Cluster] = request.getfixturevalue("postgres_of_the_run")
    team = team_store(of_the_run(kind), clock)
    desk = PeopleDesk(team.helper("import"))
    add_invented(desk, batches(), lambda _: None)
    desk.close()
    return team


@pytest.mark.parametrize("kind", ["sqlite", *KINDS])
def test_of_too_many_with_one_name_the_first_by_alphabet_are_shown_and_no_restricted_one(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = _filled(kind, HandClock(), request, lambda: [_namesakes(300)], tmp_path)
    try:
        look = Look("to see", words="zarb")
        answer = store.look(PRIYA, store.ask_look(PRIYA, look))
        assert (answer.total, answer.too_many) == (AT_MOST, True)
        # Every fourth is restricted, the first among them.
        shown = [at for at in range(300) if at % 4][:12]
        assert [one.given for one in answer.people] == [f"A{at:04}" for at in shown]
        given = store.look(PRIYA, store.ask_look(PRIYA, replace(look, words="zarb a0009")))
        assert [one.given for one in given.people] == ["A0009"]
        assert not given.too_many
    finally:
        store.close()


def _namesakes(count: int) -> Batch:
    batch = Batch()
    (somebody, _) = fenns(2).people
    for at in range(count):
        identity, given = UUID(int=count - at), f"A{at:04}"
        one = somebody._replace(id=identity, reference="", reference_key="", restricted=not at % 4)
        batch.people.append(one._replace(family="Zarb", given=given, sort_name=f"zarb {given.lower()}"))
        batch.names += name_rows(identity, "Zarb", given)
    return batch
