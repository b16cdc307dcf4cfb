"""The set of signals as data: one table, a council's own in it, and keys that only a newer console knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from console.domain.help_kinds import HelpKind, HelpState
from console.domain.help_requests import HelpRequest
from console.domain.incidents import fold_incident
from console.domain.quick_replies import help_news, quick_replies
from console.domain.receipts import Receipt
from console.domain.record import Kind, StreamKind
from console.domain.signal_set import (
    REPLIES_AT_ONCE,
    REPLY_CAP,
    SHIPPED,
    SPARE_KEYS,
    WORDS_CAP,
    Reach,
    Sender,
    SignalKind,
    read_signals,
    words_of,
)
from console.domain.signals import fold_signals, for_seats_now
from console.domain.text import BadInput
from console.domain.timeline import timeline
from tests.helpers.items import Stream

NOW = datetime(2026, 12, 1, 22, 17, tzinfo=UTC)
DOG = {"words": "Dog in the room", "key": "Shift+F7", "by": "any", "to": "managers", "lasts": "momentary"}


def test_the_shipped_set_is_the_eight_of_the_reference_each_on_its_key() -> None:
    assert {one.key: one.shortcut for one in SHIPPED.signals} == {
        "need_a_second": "F7",
        "get_police": "Shift+F1",
        "get_ambulance": "Shift+F2",
        "manager_please": "Shift+F3",
        "caller_gone": "Shift+F4",
        "ask_location": "Shift+F5",
        "keep_talking": "Shift+F6",
        "i_am_at_risk": "Shift+F8",
    }
    assert {one.key for one in SHIPPED.signals} == set(SignalKind)
    assert all(len(one.words) <= WORDS_CAP for one in SHIPPED.signals)
    assert all(len(one.words) <= REPLY_CAP for one in SHIPPED.replies)


def test_a_council_adds_a_signal_and_words_another_anew() -> None:
    own = read_signals({"dog_loose": DOG, "get_police": {"words": "Police now"}}, {})
    dog, police = own.find("dog_loose"), own.find("get_police")

    assert dog is not None
    assert (dog.words, dog.shortcut, dog.to, dog.by) == ("Dog in the room", "Shift+F7", Reach.MANAGERS, Sender.ANY)
    assert not dog.standing
    assert police is not None
    assert (police.words, police.shortcut) == ("Police now", "Shift+F1")
    assert own.added == (dog,)
    assert SHIPPED.added == ()


def test_its_replies_come_before_those_for_all_and_at_most_four_are_offered() -> None:
    own = read_signals({}, {"on_it": {"words": "On it", "for": "get_police"}, "cannot": {"words": "Ring yourself"}})
    offered = [one.key for one in own.replies_to("get_police")]

    assert offered == ["on_it", "police_news", "cannot", "asking_now"]
    assert len(offered) == REPLIES_AT_ONCE
    assert [one.words for one in own.replies_to("of_a_newer_console")] == ["Ring yourself", "Asking now"]


@pytest.mark.parametrize(
    ("signals", "replies", "words"),
    [
        ({"dog_loose": {**DOG, "key": "Shift+F1"}}, {}, "needs a key that is free"),
        ({"dog_loose": {**DOG, "key": "Ctrl+Alt+D"}}, {}, "needs a key that is free"),
        ({"dog_loose": DOG, "cat_loose": DOG}, {}, "which dog_loose has already"),
        ({"dog_loose": {**DOG, "words": "Ring 999 now"}}, {}, "without figures"),
        ({"dog_loose": {**DOG, "words": "x" * (WORDS_CAP + 1)}}, {}, "at most 24"),
        ({"dog_loose": {**DOG, "words": 7}}, {}, "needs words"),
        ({"dog_loose": {**DOG, "to": "the street"}}, {}, "partner or managers or everybody"),
        ({"dog_loose": {**DOG, "sound": "bark"}}, {}, "has no sound"),
        ({"Dog!": DOG}, {}, "small letters"),
        ({"dog_loose": "woof"}, {}, "must be a table"),
        ({"get_police": {"words": "Police", "key": "Shift+F7"}}, {}, "only its words"),
        ({}, {"on_it": {"words": "On it", "for": "get_polise"}}, "get_polise, which is no signal"),
        ({}, {"on_it": {}}, "needs words"),
        ({}, {"police_news": {"words": "Police on the way"}}, "its words cannot be changed"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    signals: dict[str, dict[str, object]], replies: dict[str, dict[str, object]], words: str
) -> None:
    with pytest.raises(BadInput, match="Nothing was started") as refused:
        read_signals(signals, replies)
    assert words in str(refused.value)


def test_a_signal_of_a_newer_console_is_shown_by_its_words_and_ends_no_fold() -> None:
    stream = Stream(StreamKind.SIGNALS)
    body = {"signal": "flood", "words": "Water is rising", "to": "", "reach": "everybody", "lasts": "momentary"}
    sent = stream.write(Kind.SIGNAL_SENT, body)
    stream.write(Kind.SIGNAL_SENT, {"signal": "no_words_with_it", "reach": "the moon", "lasts": 7})
    stream.write(Kind.SIGNAL_SENT, {"signal": 12.5})
    stream.write(Kind.SIGNAL_SENT, {"signal": ["get_police"]})
    stream.write(Kind.SIGNAL_ANSWERED, {"of": sent, "text": "Out at once"}, author="tom")
    state = fold_signals(stream.items)

    assert [one.words for one in state.signals] == ["Water is rising", "No words with it", "12.5"]
    assert state.signals[0].reach is Reach.EVERYBODY
    assert not state.signals[0].waits
    assert state.signals[1].reach is Reach.PARTNER
    assert [line.text for line in timeline(None, signals=state)][:2] == ["Water is rising", "No words with it"]
    assert "Water is rising: Out at once" in [line.text for line in timeline(None, signals=state)]


@pytest.mark.parametrize(
    ("seats", "to"),
    [
        ({"priya": "lead", "tom": "coordinator"}, "tom"),
        ({"priya": "lead", "grace": "coordinator"}, "grace"),
        ({"priya": "coordinator", "grace": "lead"}, "grace"),
        ({"priya": "lead"}, "tom"),
        ({"helen": "lead", "grace": "coordinator"}, ""),
        ({"priya": "lead", "grace": "coordinator", "tom": "observer"}, "grace"),
    ],
)
def test_a_waiting_signal_is_for_whoever_has_the_other_seat_now(seats: dict[str, str], to: str) -> None:
    made, incident = Stream(StreamKind.SIGNALS), Stream(StreamKind.INCIDENT)
    made.write(Kind.SIGNAL_SENT, {"signal": "get_police", "to": "tom"}, author="priya")
    incident.write(Kind.INCIDENT_OPENED, {"ref": "X"})
    for worker, role in seats.items():
        incident.write(Kind.INCIDENT_JOINED, {"worker": worker, "role": role}, slot="roles", author=worker)
    state = fold_incident(incident.items)
    (sent,) = fold_signals(made.items).signals
    assert for_seats_now(sent, state).to == to
    assert for_seats_now(sent, None) is sent
    made.write(Kind.SIGNAL_ANSWERED, {"of": sent.entry, "text": "Asking now"}, author="tom")
    (answered,) = fold_signals(made.items).signals
    assert for_seats_now(answered, state) is answered


def test_an_older_consoles_signal_without_words_has_the_shipped_ones() -> None:
    stream = Stream(StreamKind.SIGNALS)
    stream.write(Kind.SIGNAL_SENT, {"signal": "i_am_at_risk", "to": "tom"})
    made = fold_signals(stream.items).signals[0]

    assert (made.words, made.reach) == ("I am at risk", Reach.MANAGERS)
    assert made.is_for("tom", manager=False)
    assert made.is_for("helen", manager=True)
    assert not made.is_for("grace", manager=False)
    assert not made.is_for(made.by, manager=True)
    assert words_of("") == "A signal"


def test_words_from_outside_are_capped_and_plain() -> None:
    stream = Stream(StreamKind.SIGNALS)
    stream.write(Kind.SIGNAL_SENT, {"signal": "x" * 5000, "words": "\u202eW" * 500})
    made = fold_signals(stream.items).signals[0]

    assert len(made.words) <= WORDS_CAP
    assert "\u202e" not in made.words


@pytest.mark.parametrize(
    ("state", "minutes", "since", "words"),
    [
        (HelpState.EN_ROUTE, 6, 0, "Police 6 min"),
        (HelpState.ACCEPTED, 6, 90, "Police 5 min"),
        (HelpState.EN_ROUTE, 6, 400, "Police due now"),
        (HelpState.EN_ROUTE, None, 0, "Police on the way"),
        (HelpState.ON_SCENE, 6, 0, "Police on scene"),
        (HelpState.DECLINED, None, 0, "Police declined"),
        (HelpState.SENT, None, 0, "Police asked 22:17"),
        (HelpState.DRAFTED, None, 0, ""),
        (HelpState.CANCELLED, None, 0, ""),
    ],
)
def test_a_reply_is_filled_from_the_ledger(state: HelpState, minutes: int | None, since: int, words: str) -> None:
    asked = HelpRequest(
        uuid4(), HelpKind.POLICE_ATTEND, state=state, sent_at=NOW, last_news_at=NOW, minutes=minutes, promised_at=NOW
    )
    later = NOW + timedelta(seconds=since)

    assert help_news(HelpKind.POLICE_ATTEND, (asked,), later) == words
    offered = [one.words for one in quick_replies(SHIPPED, "get_police", (asked,), later)]
    assert offered == [*([words] if words else []), "Asking now", "Cannot: ring yourself"]


@pytest.mark.parametrize("signal", ["get_police", "get_ambulance"])
def test_no_reply_says_that_help_comes_while_nobody_was_asked(signal: str) -> None:
    drafted = tuple(HelpRequest(uuid4(), kind) for kind in (HelpKind.POLICE_ATTEND, HelpKind.AMBULANCE))
    for helps in ((), drafted):
        offered = [one.words for one in quick_replies(SHIPPED, signal, helps, NOW)]
        assert offered == ["Asking now", "Cannot: ring yourself"]


def test_how_far_a_signal_has_come_is_said_with_its_time_and_its_age() -> None:
    def after(seconds: float, receipt: Receipt) -> tuple[str, str]:
        now = NOW + timedelta(seconds=seconds)
        return receipt.words(now), receipt.short(now)

    kept, shared = Receipt(NOW), Receipt(NOW, shared=True)
    held = Receipt(NOW, True, ("tom",), NOW + timedelta(seconds=1))
    seen = Receipt(NOW, True, ("tom",), NOW, ("tom",), NOW + timedelta(minutes=1))

    assert after(1, kept) == ("kept", "kept")
    assert after(2.9, shared) == ("sent", "sent")
    assert after(3, shared) == ("not seen: signal by hand", "signal by hand")
    assert after(0, Receipt(NOW, reaches=False)) == ("not seen: signal by hand", "signal by hand")
    assert after(2, held) == ("delivered", "delivered")
    assert after(13, held) == ("delivered 00:12, not seen", "unseen 00:12")
    assert after(90, seen) == ("seen 22:18", "seen 22:18")
    assert after(90, Receipt(NOW, True, ("tom",), None, ("tom",), None)) == ("seen", "seen")
    assert after(9, Receipt(NOW, True, answer="Police 6 min")) == ("Police 6 min", "Police 6 min")


def test_spare_keys_mean_nothing_else() -> None:
    assert not {one.shortcut for one in SHIPPED.signals} & set(SPARE_KEYS)
