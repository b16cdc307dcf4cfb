"""The simulator at play: the same facts for every console, moved by time, controls and people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.domain.call_events import (
    AgentPaused,
    Answered,
    CallBegan,
    CallEnded,
    LinkChanged,
    LinkState,
    NumberLearned,
    Parked,
    SnapshotTaken,
)
from console.domain.call_reducer import CallBook
from console.domain.calls import Asked, Presentation
from console.domain.text import NAME_CAP, NUMBER_CAP, BadInput, safe_line
from console.ports.switchboard import Act, Answer
from telephony_adapters.simulator import Happening, Times, load, parse
from tests.helpers.pbx.simulated import TODAY, Ear, ask, rehearsal

CALL = "22:14:05 call c1 from 07700 900412 to 01632 960001 queue oohs\n rings 1001 1002\n"
PHONES = 'phone 1001 "P" queue oohs\nphone 1002 "T" queue oohs\nphone 1003 "G" queue oohs\n'
ANSWERED = parse(PHONES + CALL + "22:14:19 1001 answers c1\n22:15 caller rings off c1")


def calls(ear: Ear) -> list[str]:
    """Return what was said of calls, without the connection's own news."""
    return [said for said in ear.said() if not said.startswith(("LinkChanged", "SnapshotTaken"))]


def test_a_call_is_offered_answered_and_ended_when_the_script_says_so() -> None:
    with rehearsal(ANSWERED) as play:
        _, ear = play.connect()
        assert ear.said()[:3] == ["LinkChanged connecting", "LinkChanged connected", "SnapshotTaken"]
        assert calls(ear) == [
            "CallBegan c1", "NumberLearned c1", "QueueJoined c1", "Alerting c1 1001", "Alerting c1 1002",
        ]  # fmt: skip
        ear.forget()
        play.run(13.9)
        assert ear.said() == []
        play.run(0.2)
        assert ear.said() == ["Answered c1 1001", "LegEnded c1 1002 answered elsewhere"]
        ear.forget()
        play.run(60)
        assert ear.said() == ["LegEnded c1 1001 hung up", "CallEnded c1 answered caller"]
        assert play.switchboard.night.coming() is None


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (Times.NOW, TODAY + timedelta(seconds=7)),
        (Times.SCRIPT, datetime(2026, 12, 1, 22, 14, 19, tzinfo=UTC)),
    ],
)
def test_facts_carry_todays_time_or_the_scripts(times: Times, expected: datetime) -> None:
    with rehearsal(ANSWERED, speed=2, times=times) as play:
        _, ear = play.connect()
        play.run(7)
        assert [event.at for event in ear.of(Answered)] == [expected]


def test_what_happened_before_the_opening_is_there_at_once_with_its_own_time() -> None:
    script = parse("opens 22:20\n" + CALL + "22:14:19 1001 answers c1\n22:21 caller rings off c1")
    with rehearsal(script) as play:
        _, ear = play.connect()
        assert ear.of(Answered)[0].at == TODAY - timedelta(minutes=5, seconds=41)
        assert ear.of(CallEnded) == []
    with rehearsal(script, earlier=False) as play:
        _, ear = play.connect()
        assert ear.of(CallBegan) == []


def test_pause_stands_and_next_goes_to_the_next_happening_only() -> None:
    with rehearsal(ANSWERED) as play:
        _, ear = play.connect()
        play.control.pause()
        ear.forget()
        play.run(3600)
        assert ear.said() == []
        play.control.next()
        play.settle()
        assert ear.said() == ["Answered c1 1001", "LegEnded c1 1002 answered elsewhere"]
        assert play.control.state().position == datetime(2026, 12, 1, 22, 14, 19, tzinfo=UTC)
        play.control.play()
        play.run(41)
        assert "CallEnded c1 answered caller" in ear.said()


def test_the_speed_changes_from_here_on_and_a_silly_one_is_refused() -> None:
    with rehearsal(ANSWERED) as play:
        _, ear = play.connect()
        play.run(4)
        play.control.speed(10)
        play.run(0.9)
        assert ear.of(Answered) == []
        play.run(0.2)
        assert len(ear.of(Answered)) == 1
        with pytest.raises(BadInput, match="the script plays on as it did"):
            play.control.speed(0)
        assert play.control.state().speed == 10


def test_the_scripts_clock_stands_runs_and_jumps_with_it() -> None:
    with rehearsal(ANSWERED, speed=5) as play:
        clock = play.switchboard.script_clock()
        began = clock.now()
        play.connect()
        play.run(2)
        assert clock.now() - began == timedelta(seconds=10)
        play.control.pause()
        play.run(2)
        steady = clock.monotonic()
        play.control.jump(began + timedelta(seconds=55))
        play.settle()
        assert clock.monotonic() - steady == pytest.approx(45)
        play.control.jump(began)
        assert clock.now() - began == timedelta(seconds=55), "a script never runs backwards"


def test_every_console_hears_the_same_and_a_late_one_hears_how_things_stand() -> None:
    with rehearsal(ANSWERED, waits_for=2) as play:
        _, first = play.connect()
        play.run(60)
        assert calls(first) == [], "it waits for the second console"
        desk, second = play.connect()
        play.run(20)
        assert calls(first) == calls(second) != []
        _, late = play.connect()
        assert calls(late) == calls(first)
        snapshot = late.of(SnapshotTaken)[0]
        assert snapshot.calls == snapshot.joined_late == {event.call for event in first.of(CallBegan)}
        desk.stop()
        second.forget()
        play.run(60)
        assert second.said() == []
        assert len(first.of(CallEnded)) == 1


def test_whoever_answers_first_has_it_and_the_script_comes_too_late() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        assert ask(desk, Act.ANSWER, "1002").answer is Answer.ACCEPTED
        play.run(20)
        assert [event.extension for event in ear.of(Answered)] == ["1002"]
        refused = ask(desk, Act.ANSWER, "1001", ear.of(CallBegan)[0].call)
        assert refused.answer is Answer.REFUSED
        assert "Somebody else" in refused.sentence


def test_a_console_holds_transfers_and_hangs_up() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.control.pause()
        ask(desk, Act.ANSWER, "1001")
        ear.forget()
        answers = [
            ask(desk, Act.HOLD, "1001"),
            ask(desk, Act.RESUME, "1001"),
            ask(desk, Act.BLIND_TRANSFER, "1001", target="1003"),
            ask(desk, Act.ANSWER, "1003"),
            ask(desk, Act.START_ATTENDED, "1003", target="1002"),
            ask(desk, Act.ANSWER, "1002", "c1"),
            ask(desk, Act.COMPLETE_ATTENDED, "1003"),
            ask(desk, Act.LISTEN, "1001", "c1"),
            ask(desk, Act.HANG_UP, "1002"),
        ]
        play.settle()
        assert {answer.answer for answer in answers} == {Answer.ACCEPTED}
        assert ear.said() == [
            "HoldChanged c1 1001 True",
            "HoldChanged c1 1001 False",
            "Transferred c1 1001 1003",
            "LegEnded c1 1001 hung up",
            "Alerting c1 1003",
            "Answered c1 1003",
            "HoldChanged c1 1003 True",
            "Alerting c1 1002",
            "LegEnded c1 1002 hung up",
            "Transferred c1 1003 1002",
            "LegEnded c1 1003 hung up",
            "Alerting c1 1002",
            "Answered c1 1002",
            "SupervisionBegan c1 1001",
            "LegEnded c1 1002 hung up",
            "CallEnded c1 answered 1002",
        ]


def test_three_talk_together_and_a_supervisor_comes_and_goes() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.control.pause()
        ask(desk, Act.ANSWER, "1001")
        assert ask(desk, Act.CONFERENCE, "1001", "c1").answer is Answer.REFUSED
        ask(desk, Act.START_ATTENDED, "1001", "c1", target="1003")
        assert ask(desk, Act.CONFERENCE, "1001", "c1").answer is Answer.REFUSED, "1003 has not lifted"
        ask(desk, Act.ANSWER, "1003", "c1")
        ear.forget()
        answers = [
            ask(desk, Act.CONFERENCE, "1001", "c1"),
            ask(desk, Act.WHISPER, "1004", "c1", target="1001"),
            ask(desk, Act.HANG_UP, "1004", "c1"),
            ask(desk, Act.BARGE, "1004", "c1", target="1001"),
        ]
        play.settle()
        assert {answer.answer for answer in answers} == {Answer.ACCEPTED}
        assert ear.said() == [
            "HoldChanged c1 1001 False", "PartyJoined c1 1003", "SupervisionBegan c1 1004", "SupervisionEnded c1 1004",
            "SupervisionBegan c1 1004",
        ]  # fmt: skip


def test_a_call_that_rings_is_redirected_before_anybody_answers() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.control.pause()
        ear.forget()
        assert ask(desk, Act.REDIRECT, "1009", "c1", target="1003").answer is Answer.REFUSED
        assert ask(desk, Act.REDIRECT, "1001", "c1", target="1003").answer is Answer.ACCEPTED
        play.settle()
        assert ear.said() == ["LegEnded c1 1001 no answer", "LegEnded c1 1002 no answer", "Alerting c1 1003"]


def test_answering_a_second_call_holds_the_first() -> None:
    with rehearsal("second_call") as play:
        desk, ear = play.connect()
        play.run(41)
        ear.forget()
        assert ask(desk, Act.ANSWER, "1001").answer is Answer.ACCEPTED
        assert calls(ear) == ["HoldChanged first 1001 True", "Answered second 1001"]


def test_offering_a_call_to_the_team_rings_only_those_who_are_free() -> None:
    with rehearsal(parse(PHONES + "22:14 call c1 from withheld to 01632 960001 queue oohs\n rings 1001")) as play:
        desk, ear = play.connect()
        ask(desk, Act.PAUSE, "1002", reason="meal")
        assert [(p.extension, p.queue, p.paused, p.reason) for p in ear.of(AgentPaused)] == [
            ("1002", "oohs", True, "meal")
        ]
        ear.forget()
        assert ask(desk, Act.OFFER_TO_TEAM, "1001", "c1").answer is Answer.ACCEPTED
        play.settle()
        assert ear.said() == ["Alerting c1 1003"]


def test_a_number_is_dialled_and_the_outside_answers() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        ear.forget()
        assert ask(desk, Act.ORIGINATE, "1003", target="01632 960162").answer is Answer.ACCEPTED
        play.run(5)
        said = [s.split()[0] + " " + s.split()[-1] for s in ear.said()]
        assert said[1:] == ["Alerting outside", "Answered outside"]
        assert ask(desk, Act.HANG_UP, "1003").answer is Answer.ACCEPTED


@pytest.mark.parametrize("number", ["999", "112", "18000", "9999", "9112", "918000", "+44999", "00 44 999", "9 9 9"])
@pytest.mark.parametrize("act", [Act.ORIGINATE, Act.BLIND_TRANSFER, Act.DTMF])
def test_an_emergency_number_is_never_dialled(act: Act, number: str) -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.run(15)
        ear.forget()
        answer = ask(desk, act, "1001", target=number)
        assert answer.answer is Answer.REFUSED
        assert "handset" in answer.sentence
        play.run(10)
        assert ear.said() == []


@pytest.mark.parametrize("number", ["01632 960999", "07700 900112", "1002", "101", "999999"])
def test_a_number_that_only_looks_like_one_is_dialled(number: str) -> None:
    expected = Answer.REFUSED if number == "999999" else Answer.ACCEPTED
    with rehearsal(ANSWERED) as play:
        desk, _ = play.connect()
        assert ask(desk, Act.ORIGINATE, "1003", target=number).answer is expected


@pytest.mark.parametrize(
    ("act", "extension", "target"),
    [
        (Act.HOLD, "1003", ""),
        (Act.HANG_UP, "1003", ""),
        (Act.BLIND_TRANSFER, "1001", "nobody"),
        (Act.BLIND_TRANSFER, "1001", "1001"),
        (Act.COMPLETE_ATTENDED, "1001", ""),
        (Act.ANSWER, "", ""),
        (Act.ORIGINATE, "1001", "<script>"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(act: Act, extension: str, target: str) -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.run(15)
        ear.forget()
        answer = ask(desk, act, extension, "c1", target=target)
        assert answer.answer is Answer.REFUSED
        assert answer.sentence.endswith(".")
        assert ear.said() == []


def test_a_colleague_who_is_asked_lifts_by_themselves_and_goes_again() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.run(15)
        ear.forget()
        assert ask(desk, Act.START_ATTENDED, "1001", target="1003").answer is Answer.ACCEPTED
        assert ask(desk, Act.START_ATTENDED, "1001", target="1002").answer is Answer.REFUSED
        play.run(5)
        assert ask(desk, Act.CANCEL_ATTENDED, "1001").answer is Answer.ACCEPTED
        assert ask(desk, Act.CANCEL_ATTENDED, "1001").answer is Answer.REFUSED
        play.settle()
        assert ear.said() == [
            "HoldChanged c1 1001 True", "Alerting c1 1003", "LegEnded c1 1003 hung up", "HoldChanged c1 1001 False",
        ]  # fmt: skip


@pytest.mark.parametrize(("act", "reason"), [(Act.REJECT, "rejected"), (Act.CANCEL_ATTENDED, "no answer")])
def test_the_caller_is_back_where_a_colleague_does_not_lift(act: Act, reason: str) -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.run(15)
        ask(desk, Act.START_ATTENDED, "1001", target="1003")
        ear.forget()
        ask(desk, act, "1003" if act is Act.REJECT else "1001", "c1")
        play.run(5)
        assert ear.said() == [f"LegEnded c1 1003 {reason}", "HoldChanged c1 1001 False"]


def test_a_caller_given_over_before_the_colleague_lifts_rings_there() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.run(15)
        ask(desk, Act.START_ATTENDED, "1001", target="1003")
        ear.forget()
        ask(desk, Act.COMPLETE_ATTENDED, "1001")
        play.run(5)
        assert ear.said() == ["Transferred c1 1001 1003", "LegEnded c1 1001 hung up", "Answered c1 1003"]


def test_whoever_hangs_up_while_they_ask_has_given_the_caller_over() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.run(15)
        ask(desk, Act.START_ATTENDED, "1001", target="1003")
        play.run(5)
        ear.forget()
        ask(desk, Act.HANG_UP, "1001")
        play.settle()
        assert ear.said()[:2] == ["Transferred c1 1001 1003", "LegEnded c1 1001 hung up"]
        assert ear.said()[-1] == "Answered c1 1003"


def test_a_caller_is_parked_at_a_place_and_fetched_from_another_telephone() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        play.run(15)
        ear.forget()
        assert ask(desk, Act.RETRIEVE, "1003", "c1").answer is Answer.REFUSED
        assert ask(desk, Act.PARK, "1001", "c1").answer is Answer.ACCEPTED
        assert ask(desk, Act.RETRIEVE, "1003", "c1").answer is Answer.ACCEPTED
        play.settle()
        assert [(one.parked, one.place) for one in ear.of(Parked)] == [(True, "701")], "the telephone rings first"
        play.run(5)
        assert calls(ear) == [
            "Parked c1", "LegEnded c1 1001 hung up", "Parked c1", "Transferred c1 1001 1003",
            "Answered c1 1003",
        ]  # fmt: skip


def test_a_console_that_connects_in_mid_asking_is_told_who_is_asked() -> None:
    with rehearsal(ANSWERED) as play:
        desk, _ = play.connect()
        play.run(15)
        ask(desk, Act.START_ATTENDED, "1001", target="1003")
        play.run(5)
        _, late = play.connect()
        play.settle()
        book = CallBook(UUID(int=7))
        for fact in late.heard:
            book.apply(fact, fact.at)
        (call,) = (one for one in book.calls() if one.live)
        assert call.asked == Asked("1003", answered=True)


def test_while_the_telephones_are_away_calls_go_on_unseen() -> None:
    with rehearsal("phones_away") as play:
        desk, ear = play.connect()
        play.run(60)
        lost = ear.of(LinkChanged)[-1]
        assert lost.state is LinkState.LOST
        assert "handset" in lost.sentence
        assert ask(desk, Act.HANG_UP, "1001").answer is Answer.NO_ANSWER
        ear.forget()
        play.run(30)
        assert ear.said() == []
        play.run(10)
        snapshot = ear.of(SnapshotTaken)[0]
        boot = play.switchboard.exchange.boot
        assert snapshot.calls == {f"{boot}/waiting", f"{boot}/unseen"}
        assert snapshot.joined_late == {f"{boot}/unseen"}
        assert "Alerting unseen 1001" in ear.said()
        assert "CallEnded" not in " ".join(ear.said())


def test_the_strip_takes_the_telephones_away_and_brings_them_back() -> None:
    with rehearsal(ANSWERED) as play:
        _, ear = play.connect()
        play.control.take_phones_away()
        play.control.take_phones_away()
        play.settle()
        assert play.control.state().phones_away
        play.control.bring_phones_back()
        play.settle()
        assert [event.state.value for event in ear.of(LinkChanged)] == [
            "connecting", "connected", "lost", "connecting", "connected",
        ]  # fmt: skip


def test_a_withheld_number_goes_no_further_than_the_adapter() -> None:
    with rehearsal("withheld") as play:
        _, ear = play.connect()
        play.run(600)
        assert [(e.presentation, e.number, e.name) for e in ear.of(NumberLearned)] == [
            (Presentation.WITHHELD, "", ""),
            (Presentation.UNAVAILABLE, "", ""),
            (Presentation.UNKNOWN, "07700900414", ""),
        ]
        assert "900413" not in repr(ear.heard)


def test_callers_nobody_reached_end_each_in_their_own_way() -> None:
    with rehearsal("rang_off") as play:
        _, ear = play.connect()
        play.run(600)
        assert [said for said in ear.said() if said.startswith("CallEnded")] == [
            "CallEnded once abandoned caller",
            "CallEnded patient queue_timeout caller",
            "CallEnded again answered 1002",
        ]


def test_hostile_names_leave_the_adapter_capped_and_marked() -> None:
    with rehearsal("hostile") as play:
        _, ear = play.connect()
        play.run(600)
        learned = ear.of(NumberLearned)
        assert len(learned) == 7
        for event in learned:
            assert len(event.name) <= NAME_CAP
            assert len(event.number) <= NUMBER_CAP
            assert event.name == safe_line(event.name)
            assert event.number == safe_line(event.number)
            assert event.name.isprintable()
        assert learned[0].name.startswith("<b>Bold</b>"), "markup stays text"


def test_a_thousand_calls_in_a_minute_all_end() -> None:
    with rehearsal("flood") as play:
        _, ear = play.connect()
        play.run(120)
        assert len(ear.of(CallBegan)) == len(ear.of(CallEnded)) == 1000
        assert play.switchboard.exchange.calls == {}


def test_lines_marked_otherwise_are_left_to_the_people_who_play() -> None:
    script = parse(CALL + "22:14:19 desk priya presses answer\n otherwise 1001 answers c1")
    for people, answered in ((True, 0), (False, 1)):
        with rehearsal(script, people=people) as play:
            heard: list[Happening] = []
            play.control.listen(heard.append)
            _, ear = play.connect()
            play.run(60)
            assert len(ear.of(Answered)) == answered
            assert [h.arguments for h in heard if h.by_a_person] == [("answer",)]


def test_a_script_waits_for_whoever_plays_the_desks() -> None:
    script = parse(CALL + "22:14:06 desk priya presses answer\n desk tom presses join\n+1 caller rings off c1")
    with rehearsal(script, people=True) as play:
        heard: list[Happening] = []

        def at_a_desk(happening: Happening) -> None:
            if happening.by_a_person:
                heard.append(happening)
                play.control.hold()

        play.control.listen(at_a_desk)
        desk, ear = play.connect()
        play.run(1)
        play.run(60)
        assert [h.actor for h in heard] == ["priya"], "not even the next line of the same moment"
        assert ask(desk, Act.ANSWER, "1001").answer is Answer.ACCEPTED
        play.control.speed(2)
        assert play.control.state().running
        play.control.release()
        play.settle()
        assert [h.actor for h in heard] == ["priya", "tom"]
        play.control.pause()
        play.control.release()
        play.run(60)
        assert ear.of(CallEnded) == []
        play.control.play()
        play.run(0.6)
        assert [event.outcome.value for event in ear.of(CallEnded)] == ["answered"]


def test_no_fact_comes_after_stop_and_a_request_then_gets_an_answer() -> None:
    with rehearsal(ANSWERED) as play:
        desk, ear = play.connect()
        desk.stop()
        ear.forget()
        play.run(100)
        assert ear.said() == []
        assert ask(desk, Act.ANSWER, "1001").answer is Answer.NO_ANSWER


def test_script_a_has_the_moment_of_the_pictures() -> None:
    script = load("script_a")
    with rehearsal(script, times=Times.SCRIPT) as play:
        _, ear = play.connect()
        play.control.jump(datetime(2026, 12, 1, 22, 17, 58, tzinfo=UTC))
        play.settle()
        boot = play.switchboard.exchange.boot
        alive = {name: sorted(call.talking) for name, call in play.switchboard.exchange.calls.items()}
        assert alive == {
            f"{boot}/protection": ["1004"],
            f"{boot}/c1": ["1001"],
            f"{boot}/custody": ["1005"],
            f"{boot}/portsmouth": [],
        }
        offered = [event for event in ear.of(CallBegan) if event.direction.value == "inbound"]
        ended = [said for said in ear.said() if said.startswith("CallEnded") and "ringback" not in said]
        assert len(offered) == 65
        assert sum("abandoned" in said for said in ended) == 2
        per_line = {name: 0 for name in ("Hampshire", "Portsmouth", "Southampton", "Isle")}
        for event in offered:
            per_line[script.lines[event.dialled].split()[0]] += 1
        assert per_line == {"Hampshire": 38, "Portsmouth": 15, "Southampton": 8, "Isle": 4}
