"""The timed review of a rehearsal: each figure, its aim, and the entries it rests on; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from console.domain.items import Item
from console.domain.record import Kind, StreamKind
from console.domain.rehearsal import Deed, Seen, Sought, seen_of
from console.domain.rehearsal_review import Aim, Finding, Measure, Review, Verdict, review
from console.domain.rehearsal_words import WIDE, Played, closing, review_lines, review_values
from tests.helpers.items import TEN_PAST, Stream

PRIYA, TOM = "priya.raman", "tom.adeyemi"
PLAYED = Played("A night", ("Priya Raman (service adviser): a trainee",))


@dataclass
class Evening:
    """Writes a rehearsal's record by hand, in seconds after ten past ten."""

    streams: dict[str, Stream] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)

    def at(
        self, seconds: float, stream: str, kind: Kind, body: Mapping[str, object], author: str = PRIYA, slot: str = ""
    ) -> UUID:  # fmt: skip
        """Add an entry."""
        kinds = {"call": StreamKind.CALL, "contact": StreamKind.CONTACT, "signals": StreamKind.SIGNALS,
                 "incident": StreamKind.INCIDENT}  # fmt: skip
        found = self.streams.setdefault(stream, Stream(kinds.get(stream, StreamKind.HELP)))
        found.at = TEN_PAST
        made = found.write(kind, body, author=author, slot=slot, seconds=seconds)
        item = replace(found.items[-1], seq=len(self.items) + 1)
        self.items.append(item)
        return made

    def answered(self, seconds: float = 0) -> None:
        """The call comes in and is answered on 1001."""
        self.at(seconds, "call", Kind.CALL_SEEN, {"provider_call": "sim-1/c1", "direction": "inbound"}, TOM)
        self.at(seconds, "call", Kind.CALL_ANSWERED, {"extension": "1001"}, TOM)

    def drafted(self, seconds: float, name: str, kind: str) -> UUID:
        """A request is written down."""
        return self.at(seconds, name, Kind.HELP_DRAFTED, {"kind": kind, "agency": name}, TOM)

    def changed(self, seconds: float, name: str, state: str, text: str = "") -> UUID:
        """News of it."""
        return self.at(seconds, name, Kind.HELP_CHANGED, {"state": state, "text": text}, TOM, slot="state")

    def review(self, *aims: Aim, until: float = 600) -> Review:
        """Return the review, ended ``until`` seconds after ten past ten."""
        return review(self.items, aims, TEN_PAST + timedelta(seconds=until))

    def find(self, measure: Measure, *aims: Aim, until: float = 600) -> Finding:
        """Return one line of the review."""
        return next(one for one in self.review(*aims, until=until).findings if one.measure is measure)


@pytest.fixture
def evening() -> Evening:
    """A call answered at once."""
    made = Evening()
    made.answered()
    return made


def test_the_second_worker_is_counted_from_the_call_for_one(evening: Evening) -> None:
    asked = evening.at(30, "signals", Kind.SUMMONS_SENT, {"asked_by": PRIYA})
    evening.at(31, "incident", Kind.INCIDENT_JOINED, {"role": "lead", "worker": PRIYA}, TOM)
    came = evening.at(75, "incident", Kind.INCIDENT_JOINED, {"role": "coordinator"}, TOM, slot="roles")
    found = evening.find(Measure.SECOND_WORKER, Aim(Measure.SECOND_WORKER, within=60))
    assert (found.took, found.verdict) == (timedelta(seconds=45), Verdict.MET)
    assert [one.entry for one in found.proof] == [asked, came]
    late = evening.find(Measure.SECOND_WORKER, Aim(Measure.SECOND_WORKER, within=44))
    assert late.verdict is Verdict.MISSED


def test_where_nobody_asked_the_second_worker_is_counted_from_the_answer(evening: Evening) -> None:
    evening.at(20, "incident", Kind.INCIDENT_JOINED, {"role": "coordinator"}, TOM, slot="roles")
    found = evening.find(Measure.SECOND_WORKER)
    assert (found.took, found.since, found.verdict) == (timedelta(seconds=20), "the call was answered", Verdict.NOTED)


def test_a_record_address_is_not_where_the_person_is(evening: Evening) -> None:
    evening.at(10, "incident", Kind.INCIDENT_LOCATION, {"text": "9 Larch Court", "source": "verified_record"}, TOM)
    aim = Aim(Measure.LOCATION, within=60)
    assert evening.find(Measure.LOCATION, aim).words == "not done"
    evening.at(50, "incident", Kind.INCIDENT_LOCATION, {"text": "by the reservoir", "source": "caller_stated"}, TOM)
    found = evening.find(Measure.LOCATION, aim)
    assert (found.took, found.verdict) == (timedelta(seconds=50), Verdict.MET)


def test_a_draft_is_no_request_and_rings_after_a_minute(evening: Evening) -> None:
    evening.drafted(10, "Police", "police_attend")
    drafted = evening.drafted(20, "Ambulance", "ambulance")
    sent = evening.changed(90, "Ambulance", "sent")
    assert evening.find(Measure.FIRST_REQUEST).proof[-1].entry == sent
    found = evening.find(Measure.NOT_SENT, Aim(Measure.NOT_SENT, at_most=0), until=60)
    assert (found.count, found.verdict) == (1, Verdict.MISSED)
    assert found.words == "1: Ambulance, 01:10 from decided to sent"
    assert [one.entry for one in found.proof] == [drafted]
    assert evening.find(Measure.NOT_SENT, until=100).words.startswith("2: Police, 01:30 from decided to the end")


def test_of_a_refusal_that_never_came_nobody_had_to_be_told(evening: Evening) -> None:
    found = evening.find(Measure.CALLER_TOLD, Aim(Measure.CALLER_TOLD, within=60))
    assert (found.words, found.verdict) == ("nothing called for it", Verdict.NOTED)


def test_the_caller_is_told_of_a_refusal_or_the_aim_is_missed(evening: Evening) -> None:
    evening.drafted(10, "Police", "police_attend")
    evening.changed(20, "Police", "sent")
    evening.changed(30, "Police", "declined", "no immediate risk")
    aim = Aim(Measure.CALLER_TOLD, within=60)
    assert evening.find(Measure.CALLER_TOLD, aim).verdict is Verdict.MISSED
    evening.at(80, "Police", Kind.HELP_TOLD, {"text": "told"}, TOM)
    found = evening.find(Measure.CALLER_TOLD, aim)
    assert (found.took, found.since, found.verdict) == (timedelta(seconds=50), "the refusal", Verdict.MET)


def test_what_was_asked_is_told_apart_from_what_was_not(evening: Evening) -> None:
    evening.at(5, "contact", Kind.CONTACT_PROMPT, {"key": "suicide", "asked": True})
    evening.at(6, "contact", Kind.CONTACT_PROMPT, {"key": "where", "asked": False})
    aim = Aim(Measure.RISKS, prompts=("suicide", "where"))
    found = evening.find(Measure.RISKS, aim)
    assert (found.words, found.count, found.verdict) == ("1 of 2; not asked: Where", 1, Verdict.MISSED)
    evening.at(7, "contact", Kind.CONTACT_PROMPT, {"key": "where", "asked": True})
    assert evening.find(Measure.RISKS, aim).verdict is Verdict.MET


def test_without_an_aim_everything_the_form_asks_is_looked_at(evening: Evening) -> None:
    assert evening.find(Measure.RISKS).words == "nothing to ask: no kind of call was chosen"
    evening.at(5, "contact", Kind.CONTACT_FIELD, {"field": "type", "value": "information"}, slot="field:type")
    evening.at(6, "contact", Kind.CONTACT_PROMPT, {"key": "can_wait", "asked": True})
    assert evening.find(Measure.RISKS).words == "1 of 2; not asked: Anybody at risk"


def test_needs_are_answered_by_doing_or_by_an_answer(evening: Evening) -> None:
    asked = evening.at(5, "signals", Kind.SIGNAL_SENT, {"signal": "get_police"})
    location = evening.at(6, "signals", Kind.SIGNAL_SENT, {"signal": "ask_location"}, TOM)
    manager = evening.at(7, "signals", Kind.SIGNAL_SENT, {"signal": "manager_please"})
    evening.at(8, "signals", Kind.SIGNAL_SENT, {"signal": "keep_talking"}, TOM)
    aim = Aim(Measure.NEEDS_UNANSWERED, at_most=0)
    found = evening.find(Measure.NEEDS_UNANSWERED, aim)
    assert [one.entry for one in found.proof] == [asked, location, manager]
    evening.drafted(9, "Police", "police_attend")
    assert "Police: never sent" in evening.find(Measure.NEEDS_UNANSWERED, aim).words
    evening.changed(10, "Police", "sent")
    evening.at(11, "incident", Kind.INCIDENT_LOCATION, {"text": "there", "source": "caller_stated"}, TOM)
    evening.at(12, "signals", Kind.SIGNAL_ANSWERED, {"of": manager, "text": "coming"}, TOM)
    assert evening.find(Measure.NEEDS_UNANSWERED, aim).words == "none"


def test_an_open_refusal_and_a_call_for_a_second_that_nobody_took_are_needs(evening: Evening) -> None:
    evening.at(5, "signals", Kind.SUMMONS_SENT, {"asked_by": PRIYA})
    evening.drafted(6, "Police", "police_attend")
    evening.changed(7, "Police", "sent")
    evening.changed(8, "Police", "declined", "no")
    words = evening.find(Measure.NEEDS_UNANSWERED).words
    assert words == "2: Need a second; Police: declined, and nothing else was done or the caller not told"


def test_an_aim_of_the_scripts_own_is_looked_for_behind_what_it_follows(evening: Evening) -> None:
    evening.drafted(5, "Police", "police_attend")
    evening.at(6, "Police", Kind.HELP_UPDATED, {"text": "a dog is barking"}, TOM)
    evening.at(40, "contact", Kind.CONTACT_NOTE, {"line": uuid4(), "text": "his DOG is in the car"})
    told = evening.at(70, "Police", Kind.HELP_UPDATED, {"text": "Told: dog in the car"}, TOM)
    aim = Aim(
        Measure.OTHER, "The police know of the dog", 60, Sought(Deed.TYPES, PRIYA, words="dog", said="the dog"),
        Sought(Deed.LOGS, what="police_attend", state="update", words="dog"),
    )  # fmt: skip
    found = evening.find(Measure.OTHER, aim)
    assert (found.took, found.verdict, found.proof[-1].entry) == (timedelta(seconds=30), Verdict.MET, told)


def test_what_was_ticked_as_told_is_found_by_the_words_of_the_fact_it_names(evening: Evening) -> None:
    evening.drafted(5, "Police", "police_attend")
    dog = evening.at(40, "incident", Kind.INCIDENT_HAZARD, {"text": "A dog in the car"}, TOM)
    told = evening.at(70, "Police", Kind.HELP_PASSED, {"entries": [str(dog)], "to": "control room"}, TOM)
    seen = seen_of(evening.items)
    found = seen.first(Sought(Deed.LOGS, what="police_attend", state="update", words="dog"))
    assert found is not None
    assert found.id == told
    assert seen.first(Sought(Deed.LOGS, what="police_attend", state="update", words="knife")) is None


def test_an_aim_whose_occasion_never_came_is_only_noted_but_a_call_must_be_answered() -> None:
    silent = Evening()
    silent.at(0, "call", Kind.CALL_SEEN, {"provider_call": "sim-1/c1"})
    dog = Aim(Measure.OTHER, "Dog", 60, Sought(Deed.TYPES, words="dog"), Sought(Deed.LOGS))
    assert silent.find(Measure.OTHER, dog).verdict is Verdict.NOTED
    answer = Sought(Deed.ANSWERS, PRIYA, "1001", "c1", said="Priya answers c1")
    asked = Aim(Measure.FIRST_REQUEST, within=60, after=answer)
    assert silent.find(Measure.FIRST_REQUEST, asked).verdict is Verdict.MISSED
    assert "No call was answered" in "\n".join(review_lines(silent.review(), PLAYED))


@pytest.mark.parametrize(
    ("sought", "shown"),
    [
        (Sought(Deed.ANSWERS, PRIYA, "1001", "c1"), True),
        (Sought(Deed.ANSWERS, TOM, "1002", "c1"), False),
        (Sought(Deed.ANSWERS, PRIYA, "1001", "c2"), False),
        (Sought(Deed.ENDS, what="c1"), False),
        (Sought(Deed.JOINS, TOM), False),
    ],
)
def test_who_answers_is_known_by_the_telephone_and_not_by_whose_console_heard_it_first(
    evening: Evening, sought: Sought, shown: bool
) -> None:
    assert (seen_of(evening.items).first(sought) is not None) is shown


def test_words_nobody_may_read_and_foreign_bodies_show_nothing_and_raise_nothing() -> None:
    odd = Evening()
    for kind in Kind:
        for body in ({}, {"text": 7, "state": [], "signal": None, "kind": {}, "key": 3, "asked": "yes"}):
            odd.at(1, kind.value.partition(".")[0], kind, body)
    assert odd.review(Aim(Measure.RISKS, prompts=("where",))).until == TEN_PAST + timedelta(seconds=600)
    hidden = [replace(item, readable=False, content={}) for item in odd.items]
    assert review(hidden, (), TEN_PAST).began is None


def test_looking_again_with_more_entries_is_as_looking_once(evening: Evening) -> None:
    evening.drafted(5, "Police", "police_attend")
    evening.changed(9, "Police", "sent")
    seen = Seen()
    for item in evening.items:
        seen.add((item,))
    sought = Sought(Deed.SENDS, what="police_attend")
    assert seen.first(sought) is seen_of(evening.items).first(sought) is evening.items[-1]


def test_the_text_says_each_figure_its_aim_and_its_entries_in_short_lines(evening: Evening) -> None:
    evening.drafted(10, "Ambulance", "ambulance")
    evening.changed(130, "Ambulance", "sent")
    made = evening.review(Aim(Measure.FIRST_REQUEST, within=120), Aim(Measure.NOT_SENT, at_most=1))
    lines = review_lines(made, PLAYED)
    text = "\n".join(lines)
    assert "AIM NOT MET   First request for help sent: 02:10 after the call was answered" in text
    assert "Call answered (the telephones)" in text, "whose console heard it first says nothing"
    assert "entry 4 at 22:12:10: News of help (tom.adeyemi)" in text
    assert "aim met       Alarms: decided but not sent: 1: Ambulance, 02:00 from decided to sent" in text
    assert lines[-1] == closing(made) == "1 of 2 aims were met."
    assert max(map(len, lines)) <= WIDE


def test_the_values_for_a_program_have_times_in_utc_and_spans_in_seconds(evening: Evening) -> None:
    evening.drafted(10, "Ambulance", "ambulance")
    evening.changed(30, "Ambulance", "sent")
    values = review_values(evening.review(Aim(Measure.FIRST_REQUEST, within=60)), PLAYED)
    found = next(one for one in values["findings"] if one["measure"] == "first_request")
    assert (found["took_s"], found["verdict"], found["count"]) == (30.0, "met", None)
    assert datetime.fromisoformat(found["at"]) == TEN_PAST + timedelta(seconds=30)
    assert [one["what"] for one in found["proof"]] == ["call.answered", "help.changed"]
    assert values["missed"] == 0
