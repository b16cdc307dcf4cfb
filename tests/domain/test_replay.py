"""Replay: what each worker could see at a moment, and no more than the record can prove."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.domain.record import (
    GENESIS,
    Entry,
    Envelope,
    Identity,
    Kind,
    Role,
    SeenMark,
    Stored,
    StreamKind,
    StreamRef,
    chain_digest,
    encode_body,
)
from console.domain.replay import NOT_SIGNED_IN, Replay, View
from console.domain.replay_material import Looked, Material
from console.domain.replay_transcript import Asked, moment_of, transcript
from console.domain.text import BadInput

TEN_PAST = datetime(2026, 12, 1, 22, 10, tzinfo=UTC)
PRIYA, TOM, GRACE = "priya.raman", "tom.adeyemi", "grace.whitlock"
NAMES = {PRIYA: "Priya Raman", TOM: "Tom Adeyemi", GRACE: "Grace Whitlock"}
MARSH = Identity("helen.marsh", "Helen Marsh", Role.DUTY_MANAGER, "desk-9")


class Night:
    """Writes one incident as the record would hold it, a second apart; ``late`` is how long sharing took."""

    def __init__(self) -> None:
        self.at = TEN_PAST
        self.digest = GENESIS
        self.entries: list[Stored] = []
        self.looks: list[Looked] = []
        self.seen: list[SeenMark] = []
        self.person, self.call = uuid4(), StreamRef(StreamKind.CALL, uuid4())
        self.contact = StreamRef(StreamKind.CONTACT, uuid4())
        self.incident = StreamRef(StreamKind.INCIDENT, uuid4())
        self.signals = StreamRef(StreamKind.SIGNALS, self.incident.id)
        self.help = StreamRef(StreamKind.HELP, uuid4())
        self.shift = StreamRef(StreamKind.SHIFT, uuid4())

    def write(
        self,
        kind: Kind,
        stream: StreamRef,
        body: Mapping[str, object],
        author: str = PRIYA,
        *,
        slot: str = "",
        late: float = 0.0,
        readable: bool = True,
    ) -> UUID:
        self.at += timedelta(seconds=1)
        made = Entry(uuid4(), stream, kind, author, Role.SUPPORT_WORKER, "desk-1", self.at, encode_body(body), slot)
        self.at += timedelta(seconds=late)
        seq = len(self.entries) + 1
        self.digest = chain_digest(self.digest, seq, made, self.at)
        envelope = Envelope(
            made.id, stream, kind, author, made.role, made.station, made.made_at, slot, None, None, None, "", seq,
            self.at, made.body_sha256, self.digest,
        )  # fmt: skip
        self.entries.append(Stored(envelope, made.body if readable else None))
        return made.id

    def signs_in(self, worker: str) -> None:
        body = {"worker": worker, "name": NAMES[worker], "role": "support_worker", "extension": ""}
        self.write(Kind.SHIFT_SIGNED_IN, self.shift, body, worker)

    def begins(self) -> None:
        for worker in (PRIYA, TOM, GRACE):
            self.signs_in(worker)
        self.write(Kind.CONTACT_OPENED, self.contact, {"ref": "R", "channel": "phone"})
        chosen = {"person": str(self.person), "name": "Marcus Fenn", "how": "chosen"}
        self.write(Kind.CONTACT_SUBJECT_ADDED, self.contact, chosen)
        self.write(Kind.INCIDENT_OPENED, self.incident, {"contact": str(self.contact.id), "risk": "p1"})
        lead = {"worker": PRIYA, "name": "Priya Raman", "role": "lead"}
        self.write(Kind.INCIDENT_JOINED, self.incident, lead, slot="roles")

    def joins(self, worker: str) -> UUID:
        body = {"worker": worker, "name": NAMES[worker], "role": "coordinator"}
        return self.write(Kind.INCIDENT_JOINED, self.incident, body, worker, slot="roles")

    def note(self, text: str, **how: Any) -> UUID:
        return self.write(Kind.CONTACT_NOTE, self.contact, {"line": str(uuid4()), "text": text}, **how)

    def replay(self) -> Replay:
        return Replay(Material(self.incident.id, tuple(self.entries), tuple(self.looks), tuple(self.seen)))

    def seen_by(self, worker: str, moment: datetime | None = None) -> View:
        replay = self.replay()
        found = replay.worker(worker)
        assert found is not None
        return replay.view_at(found, moment or self.at)


@pytest.fixture
def night() -> Night:
    made = Night()
    made.begins()
    return made


def said(view: View) -> list[str]:
    return [line.text for line in view.lines]


def test_a_note_stands_before_a_member_from_the_moment_it_was_shared(night: Night) -> None:
    night.joins(TOM)
    night.note("in the car", late=4.0)
    assert "in the car" in said(night.seen_by(TOM))
    assert "in the car" not in said(night.seen_by(TOM, night.at - timedelta(microseconds=1)))


def test_the_author_had_the_words_before_they_were_shared_and_they_say_so(night: Night) -> None:
    night.note("in the car", late=4.0)
    before = night.seen_by(PRIYA, night.at - timedelta(seconds=2))
    assert "in the car" in said(before)
    assert before.kept == 1
    assert night.seen_by(PRIYA).kept == 0


def test_a_line_is_shown_as_it_stood_then_and_not_as_it_ended(night: Night) -> None:
    line = str(uuid4())
    night.write(Kind.CONTACT_NOTE, night.contact, {"line": line, "text": "overdo"})
    half = night.at
    night.write(Kind.CONTACT_NOTE, night.contact, {"line": line, "text": "overdose 2145"})
    assert "overdo" in said(night.seen_by(PRIYA, half))
    assert "overdose 2145" not in said(night.seen_by(PRIYA, half))
    assert "overdo" not in said(night.seen_by(PRIYA))


def test_before_joining_a_worker_knows_that_something_is_there_and_not_what(night: Night) -> None:
    night.note("in the car")
    before = night.at
    night.joins(TOM)
    outside = night.seen_by(TOM, before)
    assert said(outside) == ["priya.raman: lead"]
    assert outside.unread == 5
    assert "in the car" in said(night.seen_by(TOM)), "joining brings what was written before"


def test_who_left_keeps_what_had_been_read_and_learns_no_more(night: Night) -> None:
    night.joins(TOM)
    night.note("before")
    night.write(Kind.INCIDENT_LEFT, night.incident, {"worker": TOM}, TOM, slot="roles")
    night.note("after")
    assert "before" in said(night.seen_by(TOM))
    assert "after" not in said(night.seen_by(TOM))


def test_an_opened_record_shows_its_cases_for_a_shift_and_no_longer(night: Night) -> None:
    night.note("in the car")
    night.write(Kind.SIGNAL_SENT, night.signals, {"signal": "ask_location"}, GRACE)
    opened = night.at + timedelta(minutes=1)
    night.looks.append(Looked(opened, GRACE, "opened", night.person, None))
    assert "in the car" not in said(night.seen_by(GRACE, opened - timedelta(seconds=1)))
    view = night.seen_by(GRACE, opened)
    assert "in the car" in said(view)
    assert [(one.name, one.look.at) for one in view.opened] == [("Marcus Fenn", opened)]
    night.at += timedelta(hours=13)
    night.note("the next day")
    assert "the next day" not in said(night.seen_by(GRACE))


def test_a_refused_look_opens_nothing_and_is_told(night: Night) -> None:
    night.note("in the car")
    night.write(Kind.SIGNAL_SENT, night.signals, {"signal": "ask_location"}, GRACE)
    night.looks.append(Looked(night.at, GRACE, "refused", night.person, None))
    view = night.seen_by(GRACE)
    assert "in the car" not in said(view)
    assert [one.look.action for one in view.opened] == ["refused"]


def test_facts_and_requests_are_folded_as_they_stood(night: Night) -> None:
    night.joins(TOM)
    fact = {"key": "vehicle", "label": "Vehicle", "text": "blue car", "source": "caller_stated"}
    night.write(Kind.INCIDENT_FACT, night.incident, fact, slot="fact:vehicle")
    drafted = {"incident": str(night.incident.id), "kind": "police", "words": "by the water", "rank": "p1"}
    night.write(Kind.HELP_DRAFTED, night.help, drafted, TOM)
    decided = night.at
    night.write(Kind.HELP_CHANGED, night.help, {"state": "sent"}, TOM, slot="state")
    then, now = night.seen_by(PRIYA, decided), night.seen_by(PRIYA)
    assert [fact.text for fact in (then.incident.facts if then.incident else ())] == ["blue car"]
    assert [one.state.value for one in then.helps] == ["drafted"]
    assert [one.state.value for one in now.helps] == ["sent"]
    before = night.seen_by(PRIYA, night.entries[6].envelope.stored_at)
    assert (before.helps, before.incident.facts if before.incident else None) == ((), ())


def test_of_a_signal_is_said_only_what_the_record_can_prove(night: Night) -> None:
    night.joins(TOM)
    sent = night.write(Kind.SIGNAL_SENT, night.signals, {"signal": "get_ambulance"})
    assert [one.words for one in night.seen_by(PRIYA).signals] == ["sent by this worker; no mark that anybody saw it"]
    assert [one.words for one in night.seen_by(TOM).signals] == ["on this console; no mark that it was seen"]
    night.seen.append(SeenMark(TOM, night.signals, len(night.entries)))
    (marked,) = night.seen_by(TOM).signals
    assert marked.words == "on this console; seen at some time, which is not recorded"
    assert [one.words for one in night.seen_by(PRIYA).signals] == [
        "sent by this worker; seen by Tom Adeyemi at some time, which is not recorded"
    ]
    before = night.at
    night.write(Kind.SIGNAL_ANSWERED, night.signals, {"of": str(sent), "text": "6 min"}, TOM)
    assert [one.words for one in night.seen_by(TOM).signals] == ["answered by this worker, so seen by then"]
    assert [one.words for one in night.seen_by(TOM, before).signals] == [marked.words]
    assert [one.words for one in night.seen_by(PRIYA).signals] == [
        "sent by this worker; answered by Tom Adeyemi at 22:10, so seen by then"
    ]
    night.joins(GRACE)
    night.write(Kind.SIGNAL_ANSWERED, night.signals, {"of": str(sent), "text": "on my way"}, GRACE)
    assert [one.words for one in night.seen_by(PRIYA).signals] == [
        "sent by this worker; answered by Tom Adeyemi at 22:10 and Grace Whitlock at 22:10, so seen by then"
    ]
    assert [one.words for one in night.seen_by(TOM).signals] == ["answered by this worker, so seen by then"]
    assert {"Get ambulance: 6 min", "Get ambulance: on my way"} <= set(said(night.seen_by(PRIYA)))


def test_of_a_line_between_the_two_is_said_who_saw_it_and_never_when(night: Night) -> None:
    night.joins(GRACE)
    night.joins(TOM)
    line = {"line": str(uuid4()), "text": "His dog is in the car", "to": TOM}
    night.write(Kind.MESSAGE_SENT, night.signals, line, late=3)
    shared = night.at
    assert [(one.line.text, one.words) for one in night.seen_by(TOM).said] == [
        ("His dog is in the car", "on this console; no mark that it was seen")
    ]
    kept = night.seen_by(PRIYA, shared - timedelta(seconds=1)).said
    assert [one.words for one in kept] == ["sent by this worker; on this worker's computer only, at that moment"]
    night.seen += [SeenMark(TOM, night.signals, len(night.entries)), SeenMark(GRACE, night.signals, 99)]
    (own,) = night.seen_by(PRIYA).said
    assert (
        own.words == "sent by this worker; seen by Grace Whitlock and Tom Adeyemi at some time, which is not recorded"
    )
    (found,) = night.seen_by(TOM).said
    assert found.words == "on this console; seen at some time, which is not recorded"
    text = transcript(night.replay(), Asked(MARSH, "review", night.at), night.seen_by(TOM))
    assert f"His dog is in the car: {found.words}" in text


def test_nothing_stands_on_the_screen_of_somebody_who_is_not_signed_in(night: Night) -> None:
    night.joins(TOM)
    night.write(Kind.SHIFT_SIGNED_OUT, night.shift, {"worker": TOM}, TOM)
    night.note("after")
    view = night.seen_by(TOM)
    assert (view.signed_in, view.lines, view.shown) == (False, (), frozenset())
    assert view.unknown == (NOT_SIGNED_IN.format(name="Tom Adeyemi"),)
    first = night.seen_by(TOM, TEN_PAST)
    assert first.signed_in is False, "before the first sign-in too"


def test_without_any_sign_in_it_is_said_that_nobody_knows() -> None:
    night = Night()
    night.write(Kind.INCIDENT_OPENED, night.incident, {"risk": "p1"})
    view = night.seen_by(PRIYA)
    assert view.signed_in is None
    assert any("No sign-in" in words for words in view.unknown)


def test_words_that_the_reader_may_not_have_are_counted_and_not_shown(night: Night) -> None:
    night.note("never to be seen here", readable=False)
    view = night.seen_by(PRIYA)
    assert view.withheld == 1
    assert "never to be seen here" not in said(view)
    assert any("1 of these entries" in words for words in view.unknown)


def test_an_own_clock_that_stood_wrong_or_a_record_away_is_said(night: Night) -> None:
    assert not any("clock" in words for words in night.seen_by(PRIYA).unknown)
    night.note("written while the record was away", late=600.0)
    assert any("clock" in words for words in night.seen_by(PRIYA).unknown)


def test_foreign_bodies_break_no_view(night: Night) -> None:
    for kind in Kind:
        stream = {"contact": night.contact, "incident": night.incident, "help": night.help}.get(
            kind.value.partition(".")[0], night.signals
        )
        for body in ({}, {"text": ["x"], "person": 7, "worker": {}, "state": None, "stream": "x", "contact": "no"}):
            night.write(kind, stream, body, slot="state")
    for moment in (*night.replay().moments, night.at):
        for worker in (PRIYA, TOM, GRACE):
            found = night.replay().worker(worker)
            if found is not None:
                night.replay().view_at(found, moment)
    assert len(transcript(night.replay(), asked()).splitlines()) > len(night.entries)


def asked() -> Asked:
    return Asked(MARSH, "review of 1 December", TEN_PAST + timedelta(days=1))


def test_a_transcript_has_both_times_the_author_the_words_and_the_digests(night: Night) -> None:
    night.note("in the car\nby the reservoir", late=4.0)
    written = transcript(night.replay(), asked())
    last = night.entries[-1].envelope
    assert f"#{last.seq}  Note\n  kind    contact.note\n" in written
    assert "  made    Tue 01-Dec-2026 22:10:08.000\n  shared  Tue 01-Dec-2026 22:10:12.000" in written
    assert "  by      Priya Raman (support worker) at desk-1" in written
    assert "  text: in the car\n      by the reservoir" in written
    assert f"Last entry {last.seq}, digest {last.digest}" in written
    assert f"nightdesk db verify --seen {last.seq}:{last.digest}" in written
    first = night.entries[3].envelope
    assert f"First entry {first.seq}, digest {first.digest}" in written
    for one in night.entries[3:]:
        assert f"  digest  {one.envelope.digest}" in written


def test_a_transcript_says_where_words_may_not_be_read(night: Night) -> None:
    night.note("never to be seen here", readable=False)
    written = transcript(night.replay(), asked())
    assert "never to be seen here" not in written
    assert "(its words may not be read here, or were erased)" in written
    assert "may not be read here, or were erased: 1" in written


def test_a_worker_s_transcript_has_no_more_than_that_worker_had(night: Night) -> None:
    night.note("in the car")
    before = night.at
    night.joins(TOM)
    night.note("slurred now")
    replay = night.replay()
    tom = replay.worker(TOM)
    assert tom is not None
    outside = transcript(replay, asked(), replay.view_at(tom, before))
    assert "in the car" not in outside
    assert "whose words had not reached this worker: 5" in outside
    assert "slurred now" in transcript(replay, asked(), replay.view_at(tom, night.at))


def test_hostile_words_cannot_forge_an_entry_of_a_transcript(night: Night) -> None:
    night.note("x\n#99  contact.note\n  digest  0\x1b[2J\u202e")
    written = transcript(night.replay(), asked())
    assert "\n#99" not in written
    assert "\x1b" not in written
    assert "\u202e" not in written


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("22:14", datetime(2026, 12, 1, 22, 14, tzinfo=UTC)),
        ("02:47", datetime(2026, 12, 2, 2, 47, tzinfo=UTC)),
        ("2:47:30", datetime(2026, 12, 2, 2, 47, 30, tzinfo=UTC)),
        ("2026-12-02 22:14", datetime(2026, 12, 2, 22, 14, tzinfo=UTC)),
    ],
)
def test_a_time_is_of_the_incident_s_own_night(text: str, wanted: datetime) -> None:
    assert moment_of(text, TEN_PAST) == wanted


def test_a_time_in_summer_is_london_s() -> None:
    assert moment_of("02:47", datetime(2027, 5, 9, 21, 0, tzinfo=UTC)) == datetime(2027, 5, 10, 1, 47, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "22:61", "2026-02-30 10:00", "9999-99-99 10:00", "22"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no time of that night"):
        moment_of(text, TEN_PAST)


def test_workers_are_those_of_the_incident_by_the_names_they_signed_in_with(night: Night) -> None:
    night.joins(TOM)
    assert [(one.key, one.name) for one in night.replay().workers] == [(PRIYA, "Priya Raman"), (TOM, "Tom Adeyemi")]
    assert night.replay().worker(GRACE) is None
