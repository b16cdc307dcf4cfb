"""The script language: what it reads, and the sentence it says about what it cannot read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.calls import Presentation
from telephony_adapters.simulator import BadScript, load, parse, shipped, shipped_names
from telephony_adapters.simulator.desk_verbs import DEMO, DESK
from telephony_adapters.simulator.steps import Answers, CallArrives, Dials, HangsUp, Phone, Rings, Transfers

FIRST = '22:14:05 call c1 from 07700 900412 to 01632 960001 queue oohs line "Hampshire adults"\n'


def test_reads_the_lines_of_a_call() -> None:
    script = parse(
        FIRST + " rings 1001 1002\n22:14:19 1001 answers c1\n+30 1001 transfers to 1003\n+1.5 caller rings off"
    )
    assert [h.step for h in script.happenings] == [
        CallArrives("c1", "07700900412", Presentation.ALLOWED, "01632960001", "oohs"),
        Rings("c1", ("1001", "1002")),
        Answers("c1", "1001"),
        Transfers("c1", "1001", "1003"),
        HangsUp("c1", "caller"),
    ]
    assert [h.at.time().isoformat() for h in script.happenings] == [
        "22:14:05", "22:14:05", "22:14:19", "22:14:49", "22:14:50.500000",
    ]  # fmt: skip
    assert script.lines == {"01632960001": "Hampshire adults"}


def test_times_are_london_times_of_the_night_and_pass_midnight() -> None:
    script = parse("night 26-Jun-2027\n23:59:58 " + FIRST[9:] + "00:00:02 caller rings off c1")
    assert [h.at for h in script.happenings] == [
        datetime(2027, 6, 26, 22, 59, 58, tzinfo=UTC),
        datetime(2027, 6, 26, 23, 0, 2, tzinfo=UTC),
    ]


def test_reads_telephones_title_and_opening() -> None:
    script = parse('title "A night"\nopens 22:10\nphone 1001 "Priya Raman" queue oohs queue late\n' + FIRST)
    assert script.title == "A night"
    assert script.opens == datetime(2026, 12, 1, 22, 10, tzinfo=UTC)
    assert script.phones == {"1001": Phone("1001", "Priya Raman", ("oohs", "late"))}


@pytest.mark.parametrize(
    ("words", "presentation", "number"),
    [
        ("withheld", Presentation.WITHHELD, ""),
        ("withheld 07700 900413", Presentation.WITHHELD, "07700900413"),
        ("unavailable", Presentation.UNAVAILABLE, ""),
        ("unknown 07700 900413", Presentation.UNKNOWN, "07700900413"),
        ("+44 7700 900413", Presentation.ALLOWED, "+447700900413"),
    ],
)
def test_reads_how_a_number_is_presented(words: str, presentation: Presentation, number: str) -> None:
    step = parse(f"22:14 call c1 from {words} to 01632 960001").happenings[0].step
    assert isinstance(step, CallArrives)
    assert (step.presentation, step.number) == (presentation, number)


def test_escapes_and_times_make_hostile_names_from_readable_text() -> None:
    line = r'22:14 call c1 from 07700 900412 to 01632 960001 name "a\"\\\x07\u202e\n#" times 2  # a comment'
    step = parse(line).happenings[0].step
    assert isinstance(step, CallArrives)
    assert step.name == 'a"\\\x07\u202e\n#' * 2


def test_people_are_read_for_whoever_plays_them() -> None:
    script = parse('22:14 desk priya types "name # Marcus"\n desk tom sets how_urgent Now\n demo pictures one')
    assert [(h.actor, h.verb, h.arguments, h.by_a_person) for h in script.happenings] == [
        ("priya", "types", ("name # Marcus",), True),
        ("tom", "sets", ("how_urgent", "Now"), True),
        ("demo", "pictures", ("one",), True),
    ]
    assert script.by_people() == script.happenings


def test_a_dialled_call_and_a_diverted_one() -> None:
    script = parse(
        "22:14 1001 dials 907700 900123 as o1\n outside answers o1\n"
        "22:15 call c1 from 07700 900412 to 01632 960001 diverted from 01632 960555"
    )
    assert script.happenings[0].step == Dials("o1", "1001", "907700900123")
    assert getattr(script.happenings[2].step, "diverted_from", "") == "01632960555"


BAD = [
    ('22:14 call c1 from 07700 900412 to 01632 960001 name "open', "a quotation mark is not closed"),
    ("22:14 call c1 07700 900412", '"from" should stand where "07700" stands'),
    ("22:14 call c1 from nobody to 01632 960001", "a telephone number should stand"),
    ("22:14 1001 answers c1", "no call c1 has come in"),
    ("22:14 1001 answers", "no call has come in"),
    ("22:14 1001 sings", 'a telephone cannot "sings"'),
    ("22:14 nobody home", '"nobody" is neither'),
    ("25:14 call c1 from 07700 900412 to 01632 960001", "needs a time such as 22:14:05"),
    ("rings 1001", "the first happening needs a time"),
    ("opens teatime", '"teatime" is not a time'),
    ("night 31-Feb-2027", '"31-Feb-2027" is not a date'),
    ("night soon", '"soon" is not a date'),
    ("22:14 desk priya sleeps", '"sleeps" is not done at a desk'),
    ("22:14 desk priya types", "types is written as"),
    ("22:14 desk priya types one two", "types is written as"),
    ("22:14 flood 0 calls in 60 seconds to 01632 960001 ringing 1001", "between 1 and 10000"),
    ("22:14 flood 10 calls in 60 weeks to 01632 960001 ringing 1001", "a time such as 60 seconds"),
    ("22:14 earlier in 60 minutes answered by 1001", "how many calls"),
    ('title "one" two', 'nothing is known to do with "two"'),
    ("after other.txt", "another script can be named only in a file"),
    ("22:14 call C1 from 07700 900412 to 01632 960001", '"C1" cannot name a call'),
    ('22:14 call c1 from 07700 900412 to 01632 960001 name "x" times 9999999', "longer than 8000000"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_a_bad_line_is_named_with_file_line_and_problem(text: str, problem: str) -> None:
    with pytest.raises(BadScript) as caught:
        parse(f"# a first line\n{text}\n", "evening.txt")
    said = str(caught.value)
    assert said.startswith("evening.txt, line 2: ")
    assert problem in said
    assert said.endswith("Nothing was played; correct the line and start again.")


def test_lines_must_stand_in_the_order_of_time() -> None:
    with pytest.raises(BadScript, match="line 2: 22:14:00 is before the line above"):
        parse(FIRST + "22:14:00 caller rings off c1")


def test_a_name_is_given_once() -> None:
    with pytest.raises(BadScript, match="there is a call c1 already"):
        parse(FIRST + FIRST)


def test_an_empty_script_is_refused() -> None:
    with pytest.raises(BadScript, match="nothing happens"):
        parse("# only a comment\n")


def test_a_file_that_is_not_there_not_text_or_too_large_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadScript, match="missing.txt: the script cannot be opened"):
        load(tmp_path / "missing.txt")
    picture = tmp_path / "picture.txt"
    picture.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(BadScript, match="picture.txt: this file is not plain UTF-8 text"):
        load(picture)
    large = tmp_path / "large.txt"
    large.write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadScript, match="too large to be a script"):
        load(large)


@pytest.mark.needs("posix")
def test_a_device_that_never_ends_is_no_script() -> None:
    with pytest.raises(BadScript, match="zero: this is no file that can be read as a script"):
        load("/dev/zero")


def test_scripts_that_follow_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("after a.txt\n" + FIRST)
    with pytest.raises(BadScript, match="in a circle"):
        load(tmp_path / "a.txt")


def test_a_script_cannot_reach_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("after ../secret.txt\n" + FIRST)
    with pytest.raises(BadScript, match="must be a file beside this one"):
        load(tmp_path / "a.txt")


@pytest.mark.parametrize("name", shipped_names())
def test_every_script_that_ships_can_be_read(name: str) -> None:
    script = load(name)
    assert script.happenings
    assert shipped(name).read_text(encoding="utf-8").startswith("#"), "a first comment says what it is"


def test_the_readme_names_every_verb_of_a_desk() -> None:
    readme = (shipped("x").parent.parent / "README.md").read_text(encoding="utf-8")
    assert [verb for verb in (*DESK, *DEMO) if f"`{verb}" not in readme] == []


def refusal_of(text: str) -> str:
    """Return what is said against a script; empty where it can be read."""
    try:
        parse(text)
    except BadScript as error:
        return str(error)
    return ""


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    assert "\n" not in refusal_of(text)


@given(st.data())
def test_a_script_with_damaged_words_is_read_or_refused_in_words(data: st.DataObject) -> None:
    lines = shipped("second_call").read_text(encoding="utf-8").splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    words = lines[index].split(" ")
    place = data.draw(st.integers(0, len(words)))
    words[place : place + data.draw(st.integers(0, 2))] = data.draw(st.lists(st.sampled_from(WORDS), max_size=3))
    lines[index] = " ".join(words)
    said = refusal_of("\n".join(lines))
    assert not said or ", line " in said


WORDS = [
    "22:14:05",
    "+5",
    "call",
    "c1",
    "rings",
    "1001",
    '"',
    '"x"',
    "from",
    "to",
    "#",
    "\\",
    "otherwise",
    "desk",
    "times",
]
