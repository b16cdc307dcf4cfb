"""The three presenters over real services and a real record in memory: what is said, when, and what never is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from console.domain.call_events import LinkChanged, LinkState
from console.domain.locations import LocationSource
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.shifts import WorkerState
from db.journal_memory import MemoryJournal
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Room
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.seated import seat
from ui.desktop.screens.handler.candidates import body_words, title_spans
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import CandidatesRow, HandlerRows, IdentityRow
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import Kept


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def words(rows: object) -> str:
    """Return everything a screen says, to look for what it must not say."""
    return repr(rows)


def test_ringing_shows_line_wait_and_both_candidates_and_chooses_nobody(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.knows("Lena", date(1993, 8, 7))
    night.room.rings("c1", NUMBER, LINE, "1001")
    night.room.advance(8)

    call, who = night.h.call, night.h.who
    assert (call.state, call.line, call.clock, call.number) == ("RINGING", "Hampshire adults", "00:08", "07700 900412")
    assert isinstance(who, CandidatesRow)
    assert [card.name for card in who.cards] == ["FENN, Lena", "FENN, Marcus"]
    assert not any(card.chosen for card in who.cards)
    assert "no record is open" in who.note


def test_on_a_break_nobody_is_shown_a_call_for_a_second_and_the_key_says_why(night: Night) -> None:
    grace_desk, _ = seat(night.room, night.room.console(GRACE, "1003"))
    grace, drawn = HandlerDesk(grace_desk), list[HandlerRows]()
    grace.show_on(drawn.append)
    grace.do(Act.TAKE)
    grace.draw()
    assert drawn[-1].notice == "Nobody asks for a second worker now."
    grace.do(Act.READY)
    night.answered()
    night.handler.do(Act.NEED_SECOND)
    night.room.settle()
    grace.do(Act.TAKE)
    grace.draw()
    assert "not for you now" in drawn[-1].notice
    assert night.priya.pair.waiting_summons() != ()
    grace.do(Act.READY)
    grace.do(Act.TAKE)
    night.room.settle()
    assert night.priya.pair.waiting_summons() == ()


def test_where_they_are_now_stands_before_the_candidates_from_when_it_was_said(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.knows("Lena", date(1993, 8, 7))
    night.answered()
    night.paired()
    who = night.h.who
    assert isinstance(who, CandidatesRow)
    assert who.where == ""
    night.coordinator.form_opened("fact", "where")
    said = {"key": "where", "text": "The bridge on the A31", "source": "caller_stated"}
    night.coordinator.form_sent("fact", said)

    who = night.h.who
    assert isinstance(who, CandidatesRow)
    assert not any(card.chosen for card in who.cards)
    assert (who.where, who.where_source) == ("The bridge on the A31", "caller stated 22:14")
    told = "".join(span.text for span in title_spans(who))
    assert told.startswith("Where nowThe bridge on the A31caller stated 22:14")
    assert body_words(who) == "", "the cards say how many there are"
    nobody = replace(who, cards=(), title="Not known here.", note="New person, or find by name.")
    assert body_words(nobody) == "Not known here. New person, or find by name."

    night.handler.choose_candidate(2)
    chosen = night.h.who
    assert isinstance(chosen, IdentityRow)
    assert (chosen.where, chosen.where_source) == (who.where, who.where_source)


def test_where_a_caller_was_is_not_said_of_the_next_one_who_rings(night: Night) -> None:
    night.answered()
    night.paired()
    incident = night.priya.folds.incidents()[0].id
    night.tom.incidents.place(incident, "The bridge on the A31", LocationSource.CALLER_STATED)
    night.room.ends("c1")
    night.room.rings("c2", "07700900413", LINE, "1001")
    who = night.h.who
    assert isinstance(who, CandidatesRow)
    assert who.where == ""


def test_somebody_elses_call_shows_number_and_line_and_never_a_name(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.room.rings("c1", NUMBER, LINE, "1002")

    assert night.h.slot.title == "07700 900412"
    assert night.h.slot.detail.startswith("Hampshire adults.")
    assert "Marcus" not in words(night.h)
    assert "Marcus" not in words(night.b)


@pytest.mark.parametrize(("number", "said"), [("", "Number withheld"), (NUMBER, "07700 900412")])
def test_a_withheld_number_is_a_state_of_its_own(night: Night, number: str, said: str) -> None:
    night.room.rings("c1", number, LINE, "1001")
    night.room.answers("c1", "1001")

    assert night.h.call.number == said
    assert night.h.call.state == "ON CALL"


def test_a_candidate_is_chosen_by_the_worker_and_stays_unconfirmed_until_confirmed(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.knows("Lena", date(1993, 8, 7))
    night.answered()
    night.handler.choose_candidate(2)

    who = night.h.who
    assert isinstance(who, IdentityRow)
    assert (who.name, who.age, who.chip and who.chip.text) == ("FENN, Marcus", "(34y)", "Not confirmed")
    night.handler.form_opened("confirm")
    night.handler.form_sent("confirm", {"name": "yes"})
    who = night.h.who
    assert isinstance(who, IdentityRow)
    assert who.chip is not None
    assert who.chip.text.startswith("Confirmed by name")
    assert ("close_panel",) in night.window.asked


def test_confirming_nothing_is_refused_on_the_form(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.choose_candidate(1)
    night.handler.form_opened("confirm")
    night.handler.form_sent("confirm", {})

    assert "Nothing is confirmed yet" in night.h.forms[0].error
    assert ("close_panel",) not in night.window.asked


def test_a_note_goes_from_typing_to_seen(night: Night) -> None:
    night.answered()
    night.paired()
    line = night.handler.new_line_id()
    night.write(line, "overdose 2145, 40 tabs")
    assert night.h.notes.lines[0].kept is Kept.TYPING
    night.room.advance(1.0)
    assert night.h.notes.lines[0].kept in (Kept.SHARED, Kept.SEEN)
    assert night.c.note[0].text == "overdose 2145, 40 tabs"
    night.room.advance(3.0)

    assert night.h.notes.lines[0].kept is Kept.SEEN


def test_a_note_is_only_kept_while_the_database_is_away(night: Night) -> None:
    night.answered()
    line = night.handler.new_line_id()
    with night.room.record_away():
        night.write(line, "awake, talking")
        night.room.advance(6)
        assert [line.kept for line in night.h.notes.lines] == [Kept.KEPT]
        assert any("Database away" in item.text and item.trouble for item in night.h.status.health)

    assert [line.kept for line in night.h.notes.lines] == [Kept.SHARED]
    assert not any(item.trouble for item in night.h.status.health)


def test_the_second_worker_is_asked_and_then_named(night: Night) -> None:
    night.answered()
    night.handler.do(Act.NEED_SECOND)
    night.room.advance(6)
    assert night.h.partner.line == "Asked 00:06 ago"
    night.paired()
    night.coordinator.message("Police 6 min, both car parks")

    rows = night.h
    assert (rows.partner.who, rows.partner.line) == ("Tom", "Police 6 min, both car parks")
    assert any("Swap roles" in button.face.text for button in rows.call.buttons)
    assert night.c.head is not None
    assert "Priya on the line" in night.c.head.below


def test_a_line_of_the_lead_stands_on_the_second_workers_screen(night: Night) -> None:
    night.answered()
    night.paired()
    night.handler.message("His dog is in the car")
    night.coordinator.message("Told them")

    assert [(row.by, row.text) for row in night.c.lines] == [("", "Told them"), ("Priya", "His dog is in the car")]
    assert (night.c.lines[1].state, night.c.lines[1].fresh) == ("just now", True)
    night.room.advance(21)
    assert (night.c.lines[1].state, night.c.lines[1].fresh) == ("", False)


def test_a_signal_says_seen_or_that_it_must_be_given_by_hand(night: Night) -> None:
    night.answered()
    night.paired()
    night.handler.do(Act.GET_POLICE)
    night.room.advance(4)
    police = next(one for one in night.h.signals.buttons if one.act is Act.GET_POLICE)
    assert "seen" in police.face.note
    assert [row.signal for row in night.c.signals] == ["Get police"]
    night.coordinator.row("signals", night.c.signals[0].key, "answer")

    assert night.c.signals[0].done


def test_a_place_has_its_source_and_a_record_address_is_never_current(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.choose_candidate(1)
    night.paired()
    night.coordinator.form_opened("fact", "")
    night.coordinator.form_sent("fact", {"key": "where", "text": "9 Larch Court", "source": "case_record"})
    assert night.c.facts[0].text == "Not known. Ask."
    night.coordinator.form_sent(
        "fact", {"key": "where", "text": "In the car, by the reservoir", "source": "caller_stated"}
    )

    where = night.c.facts[0]
    assert (where.text, where.source) == ("In the car, by the reservoir", "caller stated")
    who = night.h.who
    assert isinstance(who, IdentityRow)
    assert who.where == "In the car, by the reservoir"


def test_a_request_is_drafted_sent_and_followed_to_the_person(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "Overdose", "rank": "p1_life_now"})
    drafted = night.c.requests[0]
    assert (drafted.chip, drafted.send, drafted.steps) == ("not sent", True, 0)
    assert "Not sent" in words(night.h.help)
    night.room.advance(61)
    assert any(row.late for row in night.b.requests.rows)
    night.coordinator.row("requests", str(drafted.key), "send")
    for state in ("acknowledged", "accepted", "en_route", "on_scene", "reached"):
        news = {"request": str(drafted.key), "state": state, "reference": "SC-7731", "minutes": "6"}
        night.coordinator.form_opened("log_news", str(drafted.key))
        night.coordinator.form_sent("log_news", news)

    assert (night.c.requests[0].steps, night.c.requests[0].state) == (6, "person reached")


@pytest.mark.parametrize("minutes", ["20261201990001", "1441", "٩٩٩٩٩٩٩٩٩٩٩٩"])
def test_more_minutes_than_a_day_are_refused_and_nothing_is_logged(night: Night, minutes: str) -> None:
    request = night.on_the_way()
    news = {"request": request, "state": "en_route", "name": "Operator 3", "minutes": minutes}
    night.coordinator.form_opened("log_news", request)
    night.coordinator.form_sent("log_news", news)
    assert night.c.notice == "Minutes must be at most 1440 (one day); nothing was logged yet."
    assert night.c.requests[0].state == "accepted"


def test_minutes_that_no_clock_can_tell_are_drawn_on_every_screen(night: Night) -> None:
    """An older Nightdesk wrote them, and they stand in the record for good."""
    request = night.on_the_way()
    stream = StreamRef(StreamKind.HELP, UUID(request))
    body = {"state": "en_route", "minutes": 20261201990001, "at": "9999-12-31T23:59:59-12:00"}
    night.tom.recorder.record(night.tom.recorder.entry(Kind.HELP_CHANGED, stream, body, slot="state"))
    night.room.advance(1)
    assert night.c.requests[0].state == "on the way"
    assert "On the way" in words(night.h.help)
    assert night.b.requests.title


def test_the_call_ends_and_the_incident_does_not(night: Night) -> None:
    night.answered()
    night.paired()
    night.room.ends("c1")

    assert night.c.head is not None
    assert "stands until it is stood down" in night.c.head.below
    assert any(row.clock_words == "LINE DROPPED" for row in night.b.calls)


def test_finishing_says_what_is_missing_and_keeps_at_any_time(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    night.handler.do(Act.FINISH)
    assert "missing" in night.h.notice
    assert night.h.record is not None
    assert any(field.missing for field in night.h.record.fields())
    night.room.ends("c1")
    night.handler.do(Act.KEEP)

    rows = night.h
    assert rows.notes.record == ""
    assert rows.unfinished.right == "1"


def test_a_decision_needs_its_reason(night: Night) -> None:
    night.answered()
    night.fill("type", "suicidal_caller")
    night.fill("decision:kind", "share_information")
    night.fill("decision:what", "Call for help without consent")
    contact = night.priya.folds.contact(night.priya.contact)
    assert contact is not None
    assert contact.decisions == ()
    night.fill("decision:why", "Immediate risk to life")

    contact = night.priya.folds.contact(night.priya.contact)
    assert contact is not None
    assert contact.decisions[-1].rationale == "Immediate risk to life"


def test_the_wrong_person_is_moved_off_and_whoever_relied_on_it_is_told(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.choose_candidate(1)
    night.paired()
    night.tom.note(night.priya.contact, "read his history")
    night.room.settle()
    night.handler.form_opened("wrong_person")
    night.handler.form_sent("wrong_person", {"reason": "Gave another date of birth"})

    assert "1 colleague told" in night.h.notice
    assert isinstance(night.h.who, CandidatesRow)


def test_a_record_begins_without_a_call_and_a_person_is_added_later(night: Night) -> None:
    night.handler.do(Act.NO_CALL)
    night.handler.form_opened("new_person")
    night.handler.form_sent("new_person", {"family": "Orme", "born": "29-Feb-2011"})
    assert "not a day" in night.h.forms[0].error
    night.handler.form_sent("new_person", {"family": "Orme", "given": "Kayleigh", "born": "14-Mar-2011"})

    who = night.h.who
    assert isinstance(who, IdentityRow)
    assert (who.name, who.born, who.age) == ("ORME, Kayleigh", "14-Mar-2011", "(15y)")


def test_with_the_telephones_away_f9_begins_the_record_by_hand(night: Night) -> None:
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, "The telephones are away."))
    night.handler.do(Act.ANSWER)

    rows = night.h
    assert rows.notes.record
    assert "answer on the handset" in rows.notice
    assert any("Phones away" in item.text for item in rows.status.health)


def test_telephones_that_are_only_watched_say_so_and_which_are_not(night: Night) -> None:
    now, aside = (
        night.room.clock.now(),
        "Nightdesk may not watch 1002 (404 Not Found): calls that ring there are not shown.",
    )
    night.room.hears(LinkChanged(now, LinkState.CONNECTED, boot="night", only_watched=True))
    night.handler.do(Act.ANSWER)
    assert "Phones watched only" in [item.text for item in night.h.status.health]
    night.room.hears(LinkChanged(now, LinkState.CONNECTED, aside, boot="night", only_watched=True))
    (chip,) = [item for item in night.h.status.health if item.text.startswith("Phones")]
    assert (chip.text, chip.trouble, night.h.status.note) == ("Phones not all watched", True, aside)


def test_signing_out_with_work_asks_for_a_taker_who_then_has_it(night: Night) -> None:
    night.answered()
    night.room.ends("c1")
    night.handler.form_opened("sign_out")
    assert night.h.forms[0].fields()[0].key == "taker"
    night.handler.form_sent("sign_out", {"taker": ""})
    assert "colleague" in night.h.forms[0].error
    night.handler.form_sent("sign_out", {"taker": "tom.adeyemi"})
    night.room.settle()

    assert ("signed_out",) in night.window.asked
    assert [one.owner for one in night.tom.folds.contacts()] == ["tom.adeyemi"]


def test_a_seat_that_cannot_be_handed_over_now_is_said_and_the_form_stays(night: Night) -> None:
    night.answered()
    night.paired()
    night.handler.form_opened("sign_out")
    with night.room.record_away():
        night.room.advance(8)
        night.handler.form_sent("sign_out", {"taker": "helen.marsh"})
        assert "You are still signed in." in night.h.forms[0].error
        assert "You are still signed in." in night.h.notice
        assert ("signed_out",) not in night.window.asked
    night.handler.form_sent("sign_out", {"taker": "helen.marsh"})
    assert night.window.asked.count(("signed_out",)) == 1


def test_the_board_counts_and_greys(night: Night) -> None:
    night.answered()
    night.paired()
    rows = night.b
    assert rows.counts.counts[2] == (1, "two-person")
    assert rows.staff_title == "Staff on shift, 3"
    with night.room.record_away():
        night.room.advance(20)
        rows = night.b
        assert (rows.staff_age.stale, rows.waiting.age.stale) == (True, False)
        assert "not shown here" in rows.requests.note


def test_no_screen_says_a_callers_name_on_the_board(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.choose_candidate(1)
    night.paired()

    assert "Fenn" not in words(night.b)
    assert "FENN" not in words(night.b)


def test_every_screen_says_that_the_journal_is_in_memory_only(night: Night) -> None:
    desk, _ = seat(night.room, night.priya, MemoryJournal(night.room.clock))
    drawn = list[HandlerRows]()
    acts = HandlerDesk(desk)
    acts.show_on(drawn.append)

    assert any("memory only" in item.text and item.trouble for item in drawn[-1].status.health)
    acts.stop()


def test_two_values_typed_over_the_same_one_both_stand_on_screen(night: Night) -> None:
    night.answered()
    night.paired()
    contact = night.priya.contact
    night.room.settle()
    stream = StreamRef(StreamKind.CONTACT, contact)
    for console, value in ((night.priya, "given"), (night.tom, "not_possible")):
        body = {"field": "consent", "value": value}
        entry = console.recorder.entry(Kind.CONTACT_FIELD, stream, body, slot="field:consent")
        console.recorder.record(entry)

    consent = next(one for one in night.h.fields if one.field == "consent")
    assert consent.clash


def test_help_that_nobody_sends_is_said_on_every_screen_until_it_is_sent(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "At the reservoir", "rank": "p1_life_now"})
    said = "1 request for help not sent"
    assert said not in words(night.h.status)
    night.room.advance(61)
    assert all(said in words(rows.status) for rows in (night.h, night.c, night.b))
    night.coordinator.row("requests", str(night.c.requests[0].key), "send")
    assert not any(said in words(rows.status) for rows in (night.h, night.c, night.b))


def test_a_board_on_a_wall_names_no_worker(night: Night) -> None:
    night.answered()
    night.paired()
    night.tom.shift.say(WorkerState.VISIT)
    assert "Priya" in words(night.b)
    assert [row.words for row in night.b.visits.rows] == ["Tom Adeyemi"]
    night.board.do(Act.WALL)
    said = words(night.b)
    for worker in (PRIYA, TOM, HELEN):
        assert not any(part in said for part in worker.name.split())
    assert "Two workers" in said
    night.board.do(Act.WALL)
    assert "Priya" in words(night.b)


def test_a_request_is_taken_from_the_list_behind_its_tile(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "At the reservoir", "rank": "p1_life_now"})
    (behind,) = night.b.details["Requests not sent or unanswered"]
    night.board.row("Requests not sent or unanswered", behind.key, behind.act)
    assert night.b.notice.startswith("Tom Adeyemi has this. Nothing was taken.")
    assert "Tom Adeyemi" in night.b.requests.rows[0].below
    night.board.row("notice", "", "")
    night.board.row("Requests not sent or unanswered", behind.key, behind.act)
    assert "Tom Adeyemi" in night.b.requests.rows[0].below, "what was said and read is said again first"
    night.board.row("Requests not sent or unanswered", behind.key, behind.act)
    assert night.b.notice == ""
    assert "Helen Marsh" in night.b.requests.rows[0].below
    assert not any(row.act for row in night.b.details["Waiting"])


def test_a_call_that_rings_shows_who_it_may_be_and_not_the_person_of_the_record_before(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.answered()
    night.handler.choose_candidate(1)
    first = night.record()
    night.room.ends("c1")
    assert isinstance(night.h.who, IdentityRow)
    night.room.rings("c2", "01632960741", LINE, "1001")
    rows = night.h
    assert (rows.call.state, rows.call.number) == ("RINGING", "01632 960741")
    assert isinstance(rows.who, CandidatesRow)
    assert "Fenn" not in words((rows.who, rows.risk))
    assert "FENN" not in words((rows.who, rows.risk))
    assert night.record() == first, "the record stays: it is not finished"
    night.room.advance(61)
    assert night.h.call.state == "LATE"
    night.room.ends("c2", by="caller")
    assert isinstance(night.h.who, IdentityRow)


def test_nobody_is_chosen_for_the_record_before_while_another_call_rings(night: Night) -> None:
    night.knows("Marcus", date(1992, 2, 19))
    night.room.rings("c1", "", LINE, "1001")
    night.room.answers("c1", "1001")
    first = night.record()
    night.room.ends("c1")
    night.room.rings("c2", NUMBER, LINE, "1001")
    assert isinstance(night.h.who, CandidatesRow)
    assert night.h.who.cards
    night.handler.choose_candidate(1)
    assert "Answer the call first" in night.h.notice
    assert night.record() == first
    contact = night.priya.folds.contacts()[0]
    assert contact.subject is None
    night.room.answers("c2", "1001")
    assert night.h.notice == "", "it was answered"


def test_that_there_is_no_record_yet_is_said_until_there_is_one(night: Night) -> None:
    night.handler.do(Act.GET_POLICE)
    assert "no call and no record on screen yet" in night.h.notice
    night.room.rings("c1", NUMBER, LINE, "1001")
    assert "no record on screen yet" in night.h.notice, "it only rings"
    night.room.answers("c1", "1001")
    assert night.h.notice == ""


def test_a_worker_alone_on_shift_may_leave_unfinished_work_and_never_a_live_incident() -> None:
    room = Room()
    priya = room.console(PRIYA, "1001")
    desk, window = seat(room, priya)
    acts, drawn = HandlerDesk(desk), list[HandlerRows]()
    acts.show_on(drawn.append)
    priya.contacts.open(dialled=LINE)
    acts.form_opened("sign_out")
    acts.draw()
    form = next(one for one in drawn[-1].forms if one.key == "sign_out")
    assert "nobody else is signed in" in form.intro
    acts.form_sent("sign_out", {})
    assert ("signed_out",) in window.asked
    (contact,) = priya.folds.contacts()
    assert (contact.owner, contact.unfinished) == (PRIYA.worker, True)
    room.close()


def test_a_key_on_a_remark_takes_nothing_and_says_so(night: Night) -> None:
    night.board.row("requests", "note", "take")
    assert "nothing here to take" in night.b.notice
    night.coordinator.row("work", "note", "take")
    assert "nothing here to take" in night.c.notice


def test_a_signal_that_has_no_way_to_anybody_says_so_at_once(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.pause()
    night.handler.do(Act.GET_AMBULANCE)
    night.room.advance(1)
    assert "note='delivered'" in signal_words(night), "somebody is there who has it"
    with night.room.record_away():
        night.room.advance(10)
        night.handler.do(Act.GET_AMBULANCE)
        assert "not seen: signal by hand" in signal_words(night)


def signal_words(night: Night) -> str:
    """Return what stands on the keys of the signals, in words."""
    return repr(night.h.signals)
