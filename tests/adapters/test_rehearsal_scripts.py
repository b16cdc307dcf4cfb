"""Scripts of rehearsals: read, refused with line and reason, and played by a pure machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from console.domain.items import Item
from console.domain.record import Kind, Role, StreamKind, StreamRef
from console.domain.rehearsal import Deed, Seen
from telephony_adapters.simulator import BadScript
from telephony_adapters.simulator.rehearsal import Playing, batch_of, load_rehearsal, parse_rehearsal, rehearsal_names

PAGE = Path(__file__).resolve().parents[2] / "docs" / "using" / "writing-a-rehearsal.md"
HEAD = """\
title "Short"
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
phone 1002 "Tom Adeyemi" queue oohs
seat priya 1001 service_adviser handler
seat tom 1002 support_worker coordinator
trainee priya
second tom
"""
SHORT = (
    HEAD
    + """\
begin
+2 call c1 from 07700 900412 to 01632 960001 queue oohs
   rings 1001
when priya asks "Where" or after 30
+1 desk priya hears "Caller" "In the car"
when priya types "car"
+5 desk tom says "With you"
   ends
"""
)


def asked(key: str, worker: str = "priya.raman") -> Item:
    """Return the entry of a prompt ticked."""
    now = datetime(2026, 12, 1, 22, 10, tzinfo=UTC)
    content = {"key": key, "asked": True}
    ref = StreamRef(StreamKind.CONTACT, uuid4())
    return Item(
        uuid4(), ref, Kind.CONTACT_PROMPT, worker, Role.SERVICE_ADVISER, "", now, "", None, None, "", 1, now, content
    )  # fmt: skip


def words_of(playing: Playing, elapsed: float, *items: Item) -> list[str]:
    """Return what is due."""
    seen = Seen()
    seen.add(items)
    return [line.words for line in playing.move(elapsed, seen)]


def test_a_scene_waits_for_the_deed_and_its_lines_follow_at_their_times() -> None:
    playing = Playing(parse_rehearsal(SHORT))
    assert words_of(playing, 0) == []
    assert words_of(playing, 2) == [
        "telephones call c1 from 07700 900412 to 01632 960001 queue oohs",
        "telephones rings 1001",
    ]
    assert words_of(playing, 10, asked("alone"), asked("where", "tom.adeyemi")) == []
    assert words_of(playing, 11, asked("where")) == []
    assert words_of(playing, 12, asked("where")) == ['priya hears Caller "In the car"']
    assert words_of(playing, 13, asked("where")) == [], "a scene begins once"
    assert playing.waits_for == ("Priya writes “car”",)


def test_or_after_counts_from_the_scene_above_and_goes_on_without_the_deed() -> None:
    playing = Playing(parse_rehearsal(SHORT))
    words_of(playing, 0)
    assert "priya hears" not in str(words_of(playing, 29.9))
    words_of(playing, 30)
    assert words_of(playing, 31) == ['priya hears Caller "In the car"']
    assert words_of(playing, 500) == [], "the last scene has no time of its own"


def test_skipping_brings_the_next_line_and_then_the_next_scene() -> None:
    playing = Playing(parse_rehearsal(SHORT))
    words_of(playing, 0)
    playing.skip(1)
    assert len(words_of(playing, 1)) == 2
    playing.skip(1)
    playing.skip(1)
    assert words_of(playing, 1) == ['priya hears Caller "In the car"']
    playing.skip(2)
    playing.skip(2)
    assert words_of(playing, 2) == ['tom says "With you"', "script ends"]
    assert playing.ended
    playing.skip(3)
    assert words_of(playing, 999) == []


@pytest.mark.parametrize("name", rehearsal_names())
def test_ours_can_be_read_have_every_usual_aim_and_leave_no_desk_without_lines(name: str) -> None:
    script = load_rehearsal(name)
    assert {aim.measure.value for aim in script.aims} >= {"second_worker", "first_request", "location", "caller_told"}
    briefs = [script.brief(frozenset({seat})) for seat in (script.trainee, script.second)]
    assert all(briefs), "each of the two knows what to do"
    assert briefs[0] == script.brief(frozenset(script.seats)) != briefs[1]
    actors = {line.actor for scene in script.scenes for line in scene.lines}
    assert set(script.seats) <= actors
    waited = {scene.when.deed for scene in script.scenes if scene.when is not None}
    assert len(waited & {Deed.ASKS, Deed.TYPES, Deed.PRESSES, Deed.SENDS, Deed.LOGS, Deed.SAYS}) >= 3


def test_three_rehearsals_come_with_nightdesk() -> None:
    assert rehearsal_names() == ("children_found_alone", "declined_welfare_check", "suicidal_caller")


def test_the_example_of_the_manual_is_a_rehearsal() -> None:
    text = re.search(r"## A whole one\n\n```\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert text is not None
    script = parse_rehearsal(text.group(1), "lost_child.txt")
    assert (script.title, script.trainee, script.second, len(script.scenes)) == ("A lost child", "priya", "tom", 7)
    assert batch_of(script.people).people[0].family == "Hollis"


def test_people_of_a_script_come_with_home_line_and_marker() -> None:
    batch = batch_of(load_rehearsal("declined_welfare_check").people)
    assert [(one.family, one.given) for one in batch.people] == [("Lacey", "Edith"), ("Lacey", "Gary")]
    assert [row.e164 for row in batch.lines] == ["+441632960733"], "one line, though two people have it"
    assert len(batch.on_lines) == 2
    assert [(one.kind, str(one.review_on)) for one in batch.markers] == [("violence_to_staff", "2026-01-14")]
    assert batch_of(load_rehearsal("declined_welfare_check").people).people == batch.people


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("seat priya 1001 service_adviser handler", "no other seat has"),
        ("seat sam 1009 service_adviser handler", 'no line `phone 1009 "Name"` above'),
        ("seat sam 1002 cleaner handler", "is not a role; known are amhp,"),
        ("seat sam 1002 amhp wall", "known are board, coordinator, handler"),
        ("trainee grace", "is no seat; seats are priya, tom"),
        ('when priya asks "How are you"', 'asked are "Suicide, directly"'),
        ('when grace asks "Where"', "is no seat"),
        ("when priya dances", "something that is done; known are answers, asks,"),
        ("when priya presses F7", "is not a signal; known are ask_location,"),
        ("when anyone sends pizza", "no kind of help; known are aa, ambulance"),
        ("when anyone logs police lost", "is not news of a request; known are"),
        ("when call c9 ends", "no call c9 has come in before this line"),
        ("when priya joins or after soon", '"soon" is not a number of seconds'),
        ("when priya joins or after 90000", "more than a day"),
        ("when priya joins now", 'nothing is known to do with "now"'),
        ("22:14:05 ends", "write +5 for five seconds after the line above"),
        ('desk tom hears "Caller"', 'hears is written as: hears WHO "WORDS"'),
        ("desk tom presses the_wall", "is not a key; known are answer,"),
        ("desk tom dances", "something done at a desk; known are asks,"),
        ("desk tom logs police", "logs is written as"),
        ("call c2 from 01632 96 to 01632 960001 queue oohs", "may be somebody's telephone"),
        ("call c1 from 07700 900412 to 01632 960001", "there is a call c1 already"),
        ('person "Fenn" "Mara" line 01632 96', "may be somebody's telephone"),
        ('person "Fenn" "Mara" born 31-Feb-1990', "is not a date such as 03-Feb-1944"),
        ('person "Fenn" "Mara" height "2 m"', "is nothing known of a person"),
        ("aim quickly", "is not an aim; known are caller_told,"),
        ('aim "My own" within 60', "needs `when` and a deed that shows it"),
        ("aim not_sent within 60", "write `at most 0`"),
        ("aim risks", 'risks asked "Alone" "Where"'),
        ('brief "unclosed', "a quotation mark is not closed"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number_and_what_is_expected(line: str, expected: str) -> None:
    text = SHORT + line + "\n"
    number = text.count("\n")
    with pytest.raises(BadScript) as refused:
        parse_rehearsal(text, "mine.txt")
    said = str(refused.value)
    assert said.startswith(f"mine.txt, line {number}: ")
    assert expected in said
    assert "Nothing was played" in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD.replace("trainee priya\n", "") + "begin\nends\n", "no line says `trainee NAME`"),
        (HEAD.replace("second tom", "second priya") + "begin\nends\n", "no line says `second NAME`"),
        (HEAD + "when priya joins\nends\n", "no scene says `begin`"),
        (HEAD + "begin\nrings 1001\n", "no call has come in before this line"),
        (HEAD + "begin\ndesk tom says hello\n", "no line says `ends`"),
        (HEAD + "rings 1001\n", "stands before the first scene"),
        (HEAD + "when priya joins or after 5\n", "write `begin` first"),
        ("", "no line says `trainee NAME`"),
    ],
)
def test_what_a_whole_script_lacks_is_said(text: str, expected: str) -> None:
    with pytest.raises(BadScript, match=re.escape(expected)):
        parse_rehearsal(text)


def test_a_name_that_is_no_file_and_none_of_ours_says_which_there_are() -> None:
    with pytest.raises(BadScript, match="ours are children_found_alone, declined_welfare_check, suicidal_caller"):
        load_rehearsal("suicide")
