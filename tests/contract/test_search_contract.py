"""The search, from every store alike: the same people for the same words, in the same order, for the same reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.calendar import local
from console.domain.people import Candidate, Candidates, MatchKind
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.search import understand
from console.ports.store import Look, Verdict
from tests.helpers.record_parts import MANAGER, PRIYA, STORES, HandClock, MakeRecord, Pen, Store

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]

NUMBER = "+441632960123"
PEOPLE: tuple[dict[str, object], ...] = (
    {"family": "Harker", "given": "Beverley", "born": "1961-05-03", "address": "12 Quay Lane, Winchester, SO23 9AB"},
    {"family": "Harker", "given": "Kathryn", "born": "1948-02-20", "known_as": ["Bunny"], "ref": "P-104233"},
    {"family": "Smith", "given": "Stephen", "born": "1948-11-30",
     "address": "Flat 2, 31 Oak Road, Winchester, SO23 8ZZ"},
    {"family": "Smyth", "given": "John", "born": "1948-01-01"},
    {"family": "O'Brien-N\u00fa\u00f1ez", "given": "Siobh\u00e1n", "born": "1990-10-09"},
    {"family": "MacDonald", "given": "Mohammed", "born": "1985-12-12"},
    {"family": "Khan", "given": "Muhammad", "born": "1985-12-12", "e164": NUMBER},
    {"family": "Khan", "given": "Aisha", "born": "1991-01-02", "e164": NUMBER},
    {"family": "de Souza", "given": "Ana Maria", "address": "9 Oak Road, Hythe"},
    {"family": "Fenn", "given": "Marcus", "born": "1992-02-19"},
    {"family": "Fenn-Hale", "given": "Ada", "born": "1992-02-18"},
    {"family": "Quaver", "given": "Ottoline", "born": "1988-08-08", "known_as": ["Dotty"],
     "ref": "P-777888", "e164": "+447700900777", "address": "1 Tern Row, Hythe, SO45 6AA"},
)  # fmt: skip
CLOSED = "A restricted record: call the duty manager"
ASKED: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("bev harker 12 quay", (("Beverley", "Harker as typed, Bev may be Beverley, address"),)),
    ("quay lane winchester", (("Beverley", "Address"),)),
    ("SO23 9", (("Beverley", "Postcode"),)),
    ("so23", (("Beverley", "Postcode"), ("Stephen", "Postcode"))),
    ("smyth 1948", (("John", "Name as typed, born 1948"), ("Stephen", "Smyth may be Smith, born 1948"))),
    ("kath 20/2/48", (("Kathryn", "Kath may be Kathryn, born 20-Feb-1948"),)),
    ("bunny harker", (("Kathryn", "Harker as typed, known as Bunny"),)),
    ("P-104233", (("Kathryn", "Reference P-104233"),)),
    ("harker p104233", (("Kathryn", "Reference P-104233, name as typed"),)),
    ("Harker 104233", (("Beverley", "Name as typed, but not reference 104233"),
                       ("Kathryn", "Name as typed, but not reference 104233"))),
    ("01632 960123", (("Aisha", "Number confirmed 01-Dec-2026"), ("Muhammad", "Number confirmed 01-Dec-2026"))),
    ("muhammad 01632 960123", (("Muhammad", "Number confirmed 01-Dec-2026, name as typed"),
                               ("Aisha", "Number confirmed 01-Dec-2026"))),
    ("hraker bev", (("Beverley", "Name near: Harker, Bev may be Beverley"),)),
    ("arker", (("Beverley", "Name near: Harker"), ("Kathryn", "Name near: Harker"))),
    ("xhaker", ()),
    ("steven smith", (("Stephen", "Smith as typed, Steven may be Stephen"),)),
    ("harker kathryn", (("Kathryn", "Name as typed"),)),
    ("obrien", (("Siobh\u00e1n", "Name as typed"),)),
    ("o brien siobhan", (("Siobh\u00e1n", "Name as typed"),)),
    ("nunez shevaun", (("Siobh\u00e1n", "Nunez as typed, Shevaun may be Siobhan"),)),
    ("mcdonald muhammad", (("Mohammed", "Mcdonald may be Macdonald, Muhammad may be Mohammed"),)),
    ("desouza", (("Ana Maria", "Name as typed"),)),
    ("ana de souza oak rd", (("Ana Maria", "Name as typed, address"),)),
    ("fenn", (("Marcus", "Name as typed"), ("Ada", "Name as typed"))),
    ("fen", (("Marcus", "Name begins Fen"), ("Ada", "Name begins Fen"))),
    ("fenn 19/2/92", (("Marcus", "Name as typed, born 19-Feb-1992"),
                      ("Ada", "Name as typed, born near it: 18-Feb-1992"))),
    ("zebedee 19/2/92", (("Marcus", "Born 19-Feb-1992, but not Zebedee"),)),
    ("10/9/1990", (("Siobh\u00e1n", "Born near it: 09-Oct-1990"),)),
    ("stephen smith 1950 oak", (("Stephen", "Name as typed, address, but not 1950"),)),
    ("31 oak road", (("Stephen", "Address"),)),
    ("zzzzzz", ()),
    ("smith ' OR * NEAR(", ()),
    ('smith" OR "fharker', ()),
)  # fmt: skip


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, make_record: MakeRecord) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    write_down(made, clock)
    yield made
    made.close()


def write_down(store: Store, clock: HandClock) -> None:
    pen = Pen(PRIYA, clock)
    created = []
    for at, person in enumerate(PEOPLE):
        body = {"e164": "", "ref": "", "born": "", **person}
        created.append(pen.write(Kind.PERSON_CREATED, StreamRef(StreamKind.PERSON, UUID(int=at + 1)), body))
    assert {receipt.verdict for receipt in store.append(PRIYA, created)} == {Verdict.STORED}
    closing = Pen(MANAGER, clock).write(Kind.PERSON_RESTRICTED, QUAVER, {"reason": "staff relative"})
    assert [receipt.verdict for receipt in store.append(MANAGER, [closing])] == [Verdict.STORED]


QUAVER = StreamRef(StreamKind.PERSON, UUID(int=len(PEOPLE)))


def ask(store: Store, clock: HandClock, typed: str) -> Candidates:
    read = understand(typed, local(clock.now()).date())
    look = Look("to see", None, read.e164, read.words, read.born, read.reference)
    return store.look(PRIYA, store.ask_look(PRIYA, look))


def test_what_is_typed_finds_whom_it_means_in_order_with_the_reasons(store: Store, clock: HandClock) -> None:
    found = {typed: ask(store, clock, typed) for typed, _ in ASKED}
    said = {typed: tuple((one.given, one.reason) for one in answer.people) for typed, answer in found.items()}
    assert said == dict(ASKED)
    assert {one.total for one in found.values() if not one.people} == {0}
    assert not any(one.too_many for one in found.values())
    assert store.verify().accesses == len(ASKED)


def test_what_was_chiefly_met_is_said_to_programs(store: Store, clock: HandClock) -> None:
    kinds = {"smyth 1948": MatchKind.NAME, "fenn 19/2/92": MatchKind.BORN, "31 oak road": MatchKind.ADDRESS,
             "p104233": MatchKind.REFERENCE, "01632 960123": MatchKind.NUMBER}  # fmt: skip
    assert {typed: ask(store, clock, typed).people[0].match for typed in kinds} == kinds


FITS_ALL = (
    "quaver", "ottoline", "Quaver, Ottoline", "dotty", "dotty quaver", "quaver 8/8/88", "8/8/88 ottoline quaver",
    "miss ottoline quaver", "P-777888", "07700 900777",
)  # fmt: skip
FITS_NOT_ALL = (
    # Where they live, when they were born, parts and slips of their name and other forms of it: none finds them.
    "quav", "q", "queaver", "ottoline quavr", "otoline quaver", "otto quaver", "dot quaver", "1 tern row", "tern",
    "so45 6aa tern", "so45", "so45 6aa", "quaver 1988", "1988", "8/8/88", "8/8/1988", "tern row quaver 1988",
    "quaver tern", "quaver 1 tern", "quaver so45", "quaver 9/8/88", "ottoline 8/8/88 tern", "quaver hythe",
    # Nor does a name beside anything that is not theirs.
    "ottoline someoneelse", "zebedee quavr", "zebedee 8/8/88", "quaver 1988 oak", "quaver tern winchester",
    "quaver P-104239", "quaver fenn", "777888", "XP-777888", "07700 900776", "quaver a b c d e f g h",
    "ottoline quaver ottoline quaver ottoline quaver ottoline quaver tern",
)  # fmt: skip


def test_a_restricted_one_whom_all_fits_is_said_to_be_there_and_no_more(store: Store, clock: HandClock) -> None:
    for typed in FITS_ALL:
        answer = ask(store, clock, typed)
        closed = [one for one in answer.people if one.restricted]
        assert [one.person for one in closed] == [QUAVER.id], typed
        assert answer.people[-1] == closed[0], f"last, so that its place tells nothing: {typed}"
        assert (closed[0].reason, closed[0].family, closed[0].given, closed[0].reference) == (CLOSED, "", "", "")
        assert (closed[0].born, closed[0].address, closed[0].markers) == (None, None, ())


def test_a_restricted_one_whom_something_typed_does_not_fit_is_not_shown(store: Store, clock: HandClock) -> None:
    shown = [typed for typed in FITS_NOT_ALL if any(one.restricted for one in ask(store, clock, typed).people)]
    assert shown == []


def test_all_that_is_said_of_a_restricted_one_is_the_same_whatever_was_typed(store: Store, clock: HandClock) -> None:
    def closed(typed: str) -> Candidate:
        return next(one for one in ask(store, clock, typed).people if one.restricted)

    assert {replace(closed(typed), match=MatchKind.NAME) for typed in FITS_ALL} == {closed("quaver")}


def test_until_the_record_is_restricted_all_of_it_finds(store: Store, clock: HandClock) -> None:
    open_one = {"family": "Vesper", "given": "Ida", "born": "1971-07-07", "address": "3 Gull Row, Hythe", "e164": ""}
    ref = StreamRef(StreamKind.PERSON, UUID(int=99))
    made = Pen(PRIYA, clock).write(Kind.PERSON_CREATED, ref, {**open_one, "ref": ""})
    assert [one.verdict for one in store.append(PRIYA, [made])] == [Verdict.STORED]
    by = ("vesper", "vesp", "3 gull row", "7/7/71", "vesper 1971")
    assert [[one.given for one in ask(store, clock, typed).people] for typed in by] == [["Ida"]] * len(by)
    closing = Pen(MANAGER, clock).write(Kind.PERSON_RESTRICTED, ref, {"reason": "staff relative"})
    assert [one.verdict for one in store.append(MANAGER, [closing])] == [Verdict.STORED]
    assert [[one.reason for one in ask(store, clock, typed).people] for typed in by] == [[CLOSED], [], [], [], []]


@pytest.mark.parametrize("both", [("Hassan Ali", "Mohamed Ali"), ("Ann Lee", "Ann Lee"), ("\u00df" * 80, "o " * 40)])
def test_a_name_whose_words_stand_twice_or_grow_is_written_down(
    store: Store, clock: HandClock, both: tuple[str, str]
) -> None:
    family, given = both
    body = {"family": family, "given": given, "e164": "", "ref": "", "born": ""}
    created = Pen(PRIYA, clock).write(Kind.PERSON_CREATED, StreamRef(StreamKind.PERSON, UUID(int=99)), body)
    assert [receipt.verdict for receipt in store.append(PRIYA, [created])] == [Verdict.STORED]
    for words in (family, f"{given} {family}"):
        assert [(one.family, one.given) for one in ask(store, clock, words).people] == [(family, given.strip())]


UNSEEN = ("\u202esmith", "smith\u200b", "\ufeffsmith", "smi\u00adth", "\u2067smi\u200dth\u2069")


def test_a_sign_that_nobody_sees_changes_nothing_typed(store: Store, clock: HandClock) -> None:
    found = ask(store, clock, "smith")
    assert found.total == 2
    for typed in UNSEEN:
        assert ask(store, clock, typed) == found, ascii(typed)
    assert ask(store, clock, f"\u202a{NUMBER}\u202c") == ask(store, clock, NUMBER)


def test_a_sign_that_nobody_sees_in_a_name_on_record_changes_nothing(store: Store, clock: HandClock) -> None:
    body = {"family": "Zah\u200cra", "given": "Sa\u00adra\u200b", "e164": "", "ref": "", "born": ""}
    created = Pen(PRIYA, clock).write(Kind.PERSON_CREATED, StreamRef(StreamKind.PERSON, UUID(int=99)), body)
    assert [receipt.verdict for receipt in store.append(PRIYA, [created])] == [Verdict.STORED]
    for typed in ("sara zahra", "Zah\u200cra"):
        assert [one.person for one in ask(store, clock, typed).people] == [UUID(int=99)]
