"""The journal on a disk: kills, cut logs, full and failing disks, wrong keys, one owner, no plain text."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
import sqlcipher3.dbapi2 as sqlite

from console.domain.record import StreamKind, StreamRef
from console.machine.keys import KeyMissing, key_for
from console.ports.journal import Draft, JournalBusy, JournalFault, StrandedJournal
from console.ports.secrets import SecretsUnavailable
from db.engine import Driver, connect, make_private_file
from db.journal import RESERVE, FileJournal, Reserve
from db.journal_memory import MemoryJournal
from db.journal_rows import INSERT, VERSION, draft_row, row_of
from db.shelf import JournalShelf
from tests.helpers.record_parts import KEY, PRIYA, TOM, HandClock, Pen

WORDS = "she is alone in the car"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pen(clock: HandClock) -> Pen:
    return Pen(PRIYA, clock)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "one.journal"


def open_journal(file: Path, clock: HandClock, key: bytes = KEY) -> FileJournal:
    return FileJournal(file, key, clock, Reserve(file.with_name("reserve")))


def kept_ids(file: Path, clock: HandClock) -> list[UUID]:
    journal = open_journal(file, clock)
    ids = [kept.entry.id for kept in journal.waiting()]
    journal.close()
    return ids


def start_writer(file: Path, *limit: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.helpers.journal_writer", str(file), *limit]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def test_what_was_said_to_be_kept_is_there_after_a_kill(file: Path, clock: HandClock) -> None:
    for round_number in range(3):
        writer = start_writer(file)
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(4 + 9 * round_number)]
        writer.kill()
        said += writer.stdout.readlines()
        writer.wait()
        writer.stdout.close()
        # The last line may have been cut by the kill; whole ones were claimed.
        claimed = [UUID(line.strip()) for line in said if line.endswith("\n")]
        found = kept_ids(file, clock)
        assert found[-len(claimed) - 1 :][: len(claimed)] == claimed or found[-len(claimed) :] == claimed


def test_a_log_cut_anywhere_loses_only_what_came_after_the_cut(tmp_path: Path, clock: HandClock, pen: Pen) -> None:
    """A power cut leaves the file and some beginning of its log: every beginning opens, in order."""
    file, image = tmp_path / "one.journal", tmp_path / "image" / "one.journal"
    image.parent.mkdir()
    journal = open_journal(file, clock)
    ref, _ = pen.contact()
    wal = file.with_name(file.name + "-wal")
    durable: list[tuple[int, UUID]] = []
    for turn in range(8):
        (kept,) = journal.keep([pen.note(ref, f"{WORDS} {turn}")])
        durable.append((wal.stat().st_size, kept.entry.id))
    shutil.copy(file, image)
    log = wal.read_bytes()
    journal.close()
    frame = 24 + 4096
    for cut in sorted({*range(0, len(log) + 1, frame // 2), *(size for size, _ in durable)}):
        shutil.copy(image, tmp_path / "cut.journal")
        (tmp_path / "cut.journal-wal").write_bytes(log[:cut])
        found = kept_ids(tmp_path / "cut.journal", clock)
        promised = [identity for size, identity in durable if size <= cut]
        assert found[: len(promised)] == promised
        assert found == [identity for _, identity in durable][: len(found)]


@pytest.mark.needs("posix")
def test_a_failing_disk_is_said_and_what_was_kept_stays(file: Path, clock: HandClock) -> None:
    writer = start_writer(file, str(150_000))
    assert writer.stdout is not None
    said = writer.stdout.read().splitlines()
    writer.wait()
    writer.stdout.close()
    assert said[-1].startswith("fault The disk of this computer")
    assert kept_ids(file, clock)[: len(said) - 1] == [UUID(line) for line in said[:-1]]


def full_disk(journal: FileJournal) -> None:
    driver = journal._driver
    assert driver is not None
    pages = driver.execute("PRAGMA page_count").fetchone()
    assert pages is not None
    driver.execute(f"PRAGMA max_page_count = {pages[0]}")


def test_a_full_disk_takes_the_reserve_and_says_that_space_is_short(file: Path, clock: HandClock, pen: Pen) -> None:
    journal = open_journal(file, clock)
    reserve = file.with_name("reserve")
    assert reserve.stat().st_size == RESERVE
    ref, opened = pen.contact()
    journal.keep([opened])
    full_disk(journal)
    long_note = pen.note(ref, "x" * 15_000)
    journal.keep([long_note])
    assert not reserve.exists()
    assert journal.low_on_space
    assert [kept.entry for kept in journal.waiting()] == [opened, long_note]
    journal.close()


def test_a_full_disk_without_reserve_is_a_fault_and_writing_goes_on_when_there_is_space(
    file: Path, clock: HandClock, pen: Pen
) -> None:
    journal = open_journal(file, clock)
    ref, opened = pen.contact()
    journal.keep([opened])
    full_disk(journal)
    file.with_name("reserve").unlink()
    lost = pen.note(ref, "x" * 15_000)
    with pytest.raises(JournalFault, match="disk of this computer is full"):
        journal.keep([lost])
    assert [kept.entry for kept in journal.waiting()] == [opened]
    journal.keep([lost])
    assert [kept.entry for kept in journal.waiting()] == [opened, lost]
    journal.close()


class FailsOnce:
    """A connection whose first commit fails as a disk that could not sync."""

    def __init__(self, real: Driver) -> None:
        self._real = real
        self.asked: list[str] = []

    def execute(self, statement: str, parameters: tuple[object, ...] = (), /) -> object:
        """Run a statement, except COMMIT."""
        self.asked.append(statement)
        if statement == "COMMIT":
            error = sqlite.OperationalError("disk I/O error")
            error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
            raise error
        return self._real.execute(statement, parameters)

    def close(self) -> None:
        """Close the real one."""
        self._real.close()


def test_after_a_failed_sync_nothing_is_believed_until_the_log_is_written_anew(
    file: Path, clock: HandClock, pen: Pen
) -> None:
    journal = open_journal(file, clock)
    _, opened = pen.contact()
    real = journal._driver
    assert real is not None
    journal._driver = FailsOnce(real)  # type: ignore[assignment]  # stands for a disk that cannot sync
    with pytest.raises(JournalFault, match="did not take what you typed"):
        journal.keep([opened])
    assert journal.waiting() == ()
    (kept,) = journal.keep([opened])
    assert kept.order == 1
    wal = file.with_name(file.name + "-wal")
    assert wal.stat().st_size < 32 * 4096
    journal.close()


def test_a_journal_has_one_owner(file: Path, clock: HandClock, pen: Pen) -> None:
    first = open_journal(file, clock)
    with pytest.raises(JournalBusy, match="one owner"):
        open_journal(file, clock)
    first.keep([pen.contact()[1]])
    first.close()
    second = open_journal(file, clock)
    assert len(second.waiting()) == 1
    second.close()


def test_a_wrong_key_is_said_and_the_file_stays_as_it_is(file: Path, clock: HandClock, pen: Pen) -> None:
    journal = open_journal(file, clock)
    journal.keep([pen.contact()[1]])
    journal.close()
    before = file.read_bytes()
    with pytest.raises(JournalFault, match="key is another one"):
        open_journal(file, clock, key=bytes(32))
    assert file.read_bytes() == before
    assert len(kept_ids(file, clock)) == 1


FIRST_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE kept (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, stream TEXT NOT NULL, "
    "kind TEXT NOT NULL, author TEXT NOT NULL, role TEXT NOT NULL, station TEXT NOT NULL, made_at INTEGER NOT NULL, "
    "body TEXT NOT NULL, slot TEXT NOT NULL, expects TEXT NOT NULL, replaces TEXT NOT NULL, corrects TEXT NOT NULL, "
    "on_behalf_of TEXT NOT NULL, state TEXT NOT NULL, seq INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '', "
    "reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, settled_at INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX kept_state ON kept (state, settled_at)",
    "CREATE TABLE draft (line TEXT PRIMARY KEY, stream TEXT NOT NULL, text TEXT NOT NULL, begun INTEGER NOT NULL, "
    "typed INTEGER NOT NULL) WITHOUT ROWID",
    "PRAGMA user_version = 1",
)
"""A journal as the first version made it; never changed, because such files lie on desks."""


def test_a_journal_of_the_first_version_is_read_and_goes_on(file: Path, clock: HandClock, pen: Pen) -> None:
    make_private_file(file)
    ref, opened = pen.contact()
    typed = Draft(pen.id(), ref, WORDS, clock.now(), clock.now())
    driver = connect(file, KEY)
    for statement in FIRST_TABLES:
        driver.execute(statement)
    driver.execute(INSERT, row_of(opened))
    driver.execute("INSERT INTO draft VALUES (?, ?, ?, ?, ?)", draft_row(typed)[:5])
    driver.close()
    for _ in range(2):
        journal = open_journal(file, clock)
        assert [kept.entry for kept in journal.waiting()] == [opened]
        assert journal.drafts() == (typed,)
        journal.close()
    journal = open_journal(file, clock)
    over = Draft(pen.id(), ref, "no, with her son", clock.now(), clock.now(), corrects=opened.id)
    journal.keep_draft(over)
    assert {typed, over} == set(journal.drafts())
    journal.close()


def test_a_newer_journal_is_left_as_it_is(file: Path, clock: HandClock) -> None:
    open_journal(file, clock).close()
    driver = connect(file, KEY)
    driver.execute(f"PRAGMA user_version = {VERSION + 1}")
    driver.close()
    with pytest.raises(JournalFault, match="newer Nightdesk"):
        open_journal(file, clock)


def test_a_place_that_cannot_be_written_claims_nothing(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "folder").write_text("a file stands where the folder should be")
    with pytest.raises(JournalFault):
        open_journal(tmp_path / "folder" / "one.journal", clock)


def test_no_word_lies_on_the_disk_in_plain(file: Path, clock: HandClock, pen: Pen) -> None:
    journal = open_journal(file, clock)
    journal.name_owner("priya.raman", "Priya Raman")
    ref, opened = pen.contact()
    journal.keep([opened, pen.note(ref, WORDS)])
    on_disk = b"".join(path.read_bytes() for path in file.parent.iterdir())
    journal.close()
    on_disk += file.read_bytes()
    assert len(on_disk) > RESERVE
    for canary in (WORDS, "Raman", "7K3M-Q2XA-5", "SQLite format 3"):
        assert canary.encode() not in on_disk


# --- the shelf -------------------------------------------------------------------------------


class HandSecrets:
    """A keyring in a dictionary that can be locked."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.locked = False

    def key_of(self, file: Path, name: str) -> bytes:
        """Return the key, or make one for a new file."""
        if self.locked:
            raise SecretsUnavailable("The keyring is locked.")
        if name not in self.held and file.exists():
            raise KeyMissing("The key of this journal is gone; the file was not touched.")
        return self.held.setdefault(name, bytes([len(self.held) + 1]) * 32)


@pytest.fixture
def secrets() -> HandSecrets:
    return HandSecrets()


def shelf_in(
    folder: Path, secrets: HandSecrets, clock: HandClock, memory_without_keyring: bool = False
) -> JournalShelf:
    return JournalShelf(folder, secrets.key_of, clock, memory_without_keyring=memory_without_keyring)


def test_words_of_another_worker_are_found_and_can_be_delivered(
    tmp_path: Path, secrets: HandSecrets, clock: HandClock, pen: Pen
) -> None:
    shelf = shelf_in(tmp_path, secrets, clock)
    hers = shelf.open(PRIYA.worker, PRIYA.name)
    _, opened = pen.contact()
    hers.keep([opened])
    assert shelf.stranded(TOM.worker) == (), "a journal in use is not stranded"
    hers.close()
    (found,) = shelf.stranded(TOM.worker)
    assert (found.worker, found.name, found.waiting) == (PRIYA.worker, PRIYA.name, 1)
    assert shelf.stranded(PRIYA.worker) == ()
    again = shelf.open(found.worker, found.name)
    assert [kept.entry for kept in again.waiting()] == [opened]
    again.close()
    assert not [path for path in tmp_path.iterdir() if "raman" in path.name.lower()]


def test_lines_and_half_filled_panels_of_another_worker_are_counted_apart(
    tmp_path: Path, secrets: HandSecrets, clock: HandClock, pen: Pen
) -> None:
    shelf = shelf_in(tmp_path, secrets, clock)
    hers = shelf.open(PRIYA.worker, PRIYA.name)
    contact, _ = pen.contact()
    for stream in (contact, StreamRef(StreamKind.SHIFT, pen.id()), StreamRef(StreamKind.SHIFT, pen.id())):
        hers.keep_draft(Draft(pen.id(), stream, WORDS, clock.now(), clock.now()))
    hers.close()
    assert shelf.stranded(TOM.worker) == (StrandedJournal(PRIYA.worker, PRIYA.name, 1, 2),)
    again = shelf.open(PRIYA.worker, PRIYA.name)
    for draft in again.drafts():
        if draft.stream == contact:
            again.drop_draft(draft.line)
    again.close()
    assert shelf.stranded(TOM.worker) == (StrandedJournal(PRIYA.worker, PRIYA.name, 0, 2),)


def test_a_lost_key_is_said_and_never_becomes_an_empty_journal(
    tmp_path: Path, secrets: HandSecrets, clock: HandClock, pen: Pen
) -> None:
    shelf = shelf_in(tmp_path, secrets, clock, memory_without_keyring=True)
    journal = shelf.open(PRIYA.worker, PRIYA.name)
    journal.keep([pen.contact()[1]])
    journal.close()
    file = shelf.file_of(PRIYA.worker)
    before = file.read_bytes()
    secrets.held.clear()
    with pytest.raises(KeyMissing):
        shelf.open(PRIYA.worker, PRIYA.name)
    secrets.locked = True
    with pytest.raises(SecretsUnavailable):
        shelf.open(PRIYA.worker, PRIYA.name)
    assert shelf.stranded(TOM.worker) == ()
    assert shelf.unreadable() == (file,)
    assert file.read_bytes() == before


def test_without_a_keyring_a_new_journal_is_in_memory_only_where_that_was_chosen(
    tmp_path: Path, secrets: HandSecrets, clock: HandClock
) -> None:
    secrets.locked = True
    with pytest.raises(SecretsUnavailable):
        shelf_in(tmp_path, secrets, clock).open(PRIYA.worker, PRIYA.name)
    journal = shelf_in(tmp_path, secrets, clock, memory_without_keyring=True).open(PRIYA.worker, PRIYA.name)
    assert isinstance(journal, MemoryJournal)
    assert journal.memory_only
    assert list(tmp_path.glob("*.journal")) == []


def test_the_real_keys_fit(tmp_path: Path, clock: HandClock) -> None:
    from console.machine.secrets import SessionSecrets  # noqa: PLC0415  only this test wants it

    secrets = SessionSecrets()
    shelf = JournalShelf(tmp_path, lambda file, name: key_for(file, name, secrets), clock)
    shelf.open(PRIYA.worker, PRIYA.name).close()
    shelf.open(PRIYA.worker, PRIYA.name).close()
    assert shelf.unreadable() == ()
