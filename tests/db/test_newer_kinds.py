"""What only a newer version knows ends nobody's feed: a kind is passed over, a role is read and shown as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from console.domain.record import GENESIS, SHIFT_ROLES, START, Kind, Role, Stored, StreamKind, StreamRef, chain_digest
from console.domain.rights import kind_right
from console.domain.shifts import role_words
from console.machine.clock import SystemClock
from console.ports.feed import Arrived, Feed, FeedAway, FeedNews
from console.ports.store import Verdict
from console.services.ledger import Ledger
from db.opening import create_store
from db.postgres.cluster import Cluster
from db.postgres.lines import Lines
from db.postgres.proof import verify_lines
from db.sqlite import SqliteStore
from tests.helpers.newer_entries import newer_role, put_into_file, put_into_server
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import PRIYA, TOM
from tests.helpers.team_rights import Team, pen_of, team_on
from tests.helpers.waiting import until

pytest_plugins = ["tests.helpers.postgres_fixtures"]
PATIENCE = 60.0


class Heard:
    """What a feed brought, and whether it said that it had lost the record."""

    def __init__(self) -> None:
        self.entries: list[Stored] = []
        self.lost: list[str] = []

    def __call__(self, news: FeedNews) -> None:
        """Take a piece of news, on the feed's thread."""
        if isinstance(news, Arrived):
            self.entries += news.entries
        elif isinstance(news, FeedAway):
            self.lost.append(news.sentence)


def brought(feed: Feed, many: int, then: Callable[[], int]) -> list[Stored]:
    """Return what a feed brings: ``many`` entries, and what ``then`` writes while it runs."""
    heard = Heard()
    feed.start(START, heard)
    try:
        until(lambda: len(heard.entries) >= many or bool(heard.lost), PATIENCE, "what stood there was brought")
        more = then()
        until(lambda: len(heard.entries) >= many + more or bool(heard.lost), PATIENCE, "later entries arrive")
    finally:
        feed.stop()
    assert heard.lost == []
    return heard.entries


def are_passed_over(entries: Sequence[Stored], about: StreamRef) -> None:
    """Say that the three in the middle hold their place in the chain and say nothing."""
    digest = GENESIS
    for seq, stored in enumerate(entries, 1):
        at = stored.envelope
        assert (at.seq, at.digest) == (seq, chain_digest(digest, seq, at, at.stored_at))
        digest = at.digest
    unknown = [stored for stored in entries if stored.envelope.kind is Kind.UNKNOWN]
    assert [one.envelope.seq for one in unknown] == [3, 4, 5]
    assert [one.body for one in unknown] == [None] * 3
    kinds = [one.envelope.stream.kind for one in unknown]
    assert kinds == [StreamKind.CONTACT, StreamKind.UNKNOWN, StreamKind.UNKNOWN]
    assert unknown[0].envelope.newer == (str(about), "contact.weighed")
    ledger = Ledger(PRIYA.worker)
    ledger.pen.accept(entries)
    assert [item.kind for item in ledger.items(about)] == [Kind.CONTACT_OPENED, Kind.CONTACT_NOTE, Kind.CONTACT_NOTE]
    assert not ledger.streams(StreamKind.UNKNOWN)
    assert not any(ledger.holds(one.envelope.id) for one in unknown)


def test_in_a_file(tmp_path: Path) -> None:
    store = create_store(str(tmp_path / "night.db"), key=None, clock=SystemClock(), invented=True)
    assert isinstance(store, SqliteStore)
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "before")])
    put_into_file(store, ref)

    def later() -> int:
        (receipt,) = store.append(PRIYA, [pen.note(ref, "afterwards")])
        assert receipt.verdict is Verdict.STORED
        return 1

    entries = brought(store.feed(PRIYA, SystemClock()), 5, later)
    are_passed_over(entries, ref)
    assert [one.envelope.seq for one in store.stream(PRIYA, ref)] == [1, 2, 3, 6]
    report = store.verify()
    assert (report.entries, report.first_bad, report.what) == (6, 0, "")
    store.close()


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    """A team on the newest and the oldest PostgreSQL in turn."""
    with team_on(postgres_of_the_run(request.param)) as made:
        yield made


def test_on_a_server(team: Team) -> None:
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    team.write(PRIYA, opened, pen.note(ref, "before"))
    with team.superuser() as line:
        put_into_server(line, ref)

    def later() -> int:
        (receipt,) = team.write(PRIYA, pen.note(ref, "afterwards"))
        assert receipt.verdict is Verdict.STORED
        return 1

    with team.store(PRIYA) as store:
        entries = brought(store.feed(PRIYA, SystemClock()), 5, later)
        assert [one.envelope.seq for one in store.stream(PRIYA, ref)] == [1, 2, 3, 6]
    are_passed_over(entries, ref)
    with team.store(TOM) as store:
        assert len(brought(store.feed(TOM, SystemClock()), 6, lambda: 0)) == 6, "a colleague's, with marks on them"
    lines = Lines(team.address("verify"), limit=None)
    try:
        report = verify_lines(lines)
    finally:
        lines.close()
    assert (report.entries, report.first_bad, report.what) == (6, 0, "")


def test_nobody_here_writes_what_is_unknown(tmp_path: Path) -> None:
    store = create_store(str(tmp_path / "night.db"), key=None, clock=SystemClock(), invented=True)
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    nowhere = StreamRef(StreamKind.UNKNOWN, pen.id())
    wrong = [pen.write(Kind.UNKNOWN, ref, {}), pen.note(nowhere, "x")]
    assert [one.verdict for one in store.append(PRIYA, [opened, *wrong])] == [
        Verdict.STORED,
        Verdict.REFUSED,
        Verdict.REFUSED,
    ]
    store.close()
    with pytest.raises(ValueError, match="no kind of stream"):
        StreamRef.parse(f"unknown:{ref.id}")


NEWER_ROLE = "crisis_navigator"


def is_read(entries: Sequence[Stored]) -> None:
    """Say that what was written in a new role is read like anybody's, and gives that role nothing."""
    at = entries[2].envelope
    assert (at.kind, at.role.value, role_words(at.role)) == (Kind.CONTACT_NOTE, NEWER_ROLE, "Crisis navigator")
    assert at.digest == chain_digest(entries[1].envelope.digest, 3, at, at.stored_at)
    assert entries[2].body is not None
    assert at.role not in SHIFT_ROLES
    assert not any(kind_right(kind, at.role) for kind in Kind)
    with pytest.raises(ValueError, match=NEWER_ROLE):
        Role(NEWER_ROLE)


def test_a_role_of_a_newer_version_in_a_file(tmp_path: Path) -> None:
    store = create_store(str(tmp_path / "night.db"), key=None, clock=SystemClock(), invented=True)
    assert isinstance(store, SqliteStore)
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "before")])
    put_into_file(store, ref, newer_role, NEWER_ROLE)
    is_read(brought(store.feed(PRIYA, SystemClock()), 3, lambda: len(store.append(PRIYA, [pen.note(ref, "after")]))))
    assert (store.verify().entries, store.verify().what) == (4, "")
    store.close()


def test_a_role_of_a_newer_version_on_a_server(team: Team) -> None:
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    team.write(PRIYA, opened, pen.note(ref, "before"))
    with team.superuser() as line:
        put_into_server(line, ref, newer_role, NEWER_ROLE)
    with team.store(PRIYA) as store:
        is_read(brought(store.feed(PRIYA, SystemClock()), 3, lambda: len(team.write(PRIYA, pen.note(ref, "after")))))
