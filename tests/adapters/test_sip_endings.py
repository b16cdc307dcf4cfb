"""A subscription that the telephone system ends: asked for again, but never without end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from console.domain.call_events import LinkChanged
from telephony_adapters.sip_dialog.protocol import Message
from telephony_adapters.sip_dialog.subscription import CALM_S
from tests.helpers.dialog_bodies import confirmed, document, early, terminated
from tests.helpers.sip_talk import Talk


def quiet(talk: Talk, watched: Message, seconds: float) -> list[Message]:
    """Let time go by while ``watched`` is refreshed and every ping answered; return what else was asked."""
    asked, until = list[Message](), talk.now + seconds
    while talk.now < until:
        talk.wait(0.25)
        for one in talk.sent():
            if one.get("call-id") == watched.get("call-id"):
                talk.reply(one, "200 OK")
                talk.notify(one, b"")
            elif one.method == "OPTIONS":
                talk.reply(one, "200 OK")
            else:
                asked.append(one)
    return asked


def ended(talk: Talk, asked: Message, reason: str) -> None:
    """Grant what was asked for, and end it in the same breath."""
    talk.reply(asked, "200 OK")
    talk.notify(asked, document(0, early()), **{"Subscription-State": f"terminated;reason={reason}"})


@pytest.mark.parametrize("reason", ["deactivated", "timeout", "probation", "giveup", "no-such-reason"])
def test_a_subscription_that_is_ended_each_time_is_asked_for_later_each_time(reason: str) -> None:
    talk = Talk(("1001", "1002"))
    watched, asked = talk.sent()
    talk.reply(watched, "200 OK")
    talk.notify(watched, document(0, terminated()))
    times = list[float]()
    for _ in range(7):
        ended(talk, asked, reason)
        again = [one for one in talk.sent() if one.method == "SUBSCRIBE"]
        while not again:
            again = quiet(talk, watched, 0.25)
        (asked,) = again
        times.append(talk.now)
    assert [later - sooner for sooner, later in pairwise(times)][:6] == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0]


def test_a_telephone_system_that_asks_for_a_pause_is_given_it_and_the_telephone_is_said_to_be_unwatched() -> None:
    talk = Talk(("1001", "1002"))
    watched, asked = talk.sent()
    talk.reply(watched, "200 OK")
    talk.notify(watched, document(0, terminated()))
    ended(talk, asked, "probation;retry-after=90")
    (link,) = [fact for fact in talk.facts if isinstance(fact, LinkChanged)]
    assert "may not watch 1002 (ended: probation)" in link.sentence
    assert [one for one in quiet(talk, watched, 89.5) if "1002" in one.uri] == []
    assert [one.uri for one in quiet(talk, watched, 0.5) if "1002" in one.uri] == ["sip:1002@pbx.example"]


def test_one_that_held_is_asked_for_at_once_however_often_it_was_ended_before() -> None:
    talk = Talk()
    ended(talk, talk.asked(), "timeout")
    ended(talk, talk.asked(), "timeout")
    assert [one.code for one in talk.sent()] == [200]
    talk.wait(2)
    asked = talk.granted()
    quiet(talk, asked, CALM_S)
    talk.notify(asked, b"", **{"Subscription-State": "terminated;reason=timeout"})
    assert talk.asked().get("call-id") != asked.get("call-id")


def test_what_is_still_told_of_a_subscription_that_was_ended_is_nobodys() -> None:
    talk = Talk()
    asked = talk.granted()
    talk.notify(asked, b"", **{"Subscription-State": "terminated;reason=giveup;retry-after=4"})
    talk.notify(asked, document(9, confirmed()))
    assert [one.code for one in talk.sent()] == [200, 481]


def test_a_switchboard_that_wants_a_longer_time_than_there_is_is_not_asked_without_end() -> None:
    talk = Talk(("1001", "1002"))
    watched, asked = talk.sent()
    talk.reply(watched, "200 OK")
    talk.notify(watched, document(0, terminated()))
    talk.reply(asked, "423 Interval Too Brief", ("Min-Expires", "999999"))
    talk.reply(talk.asked(), "423 Interval Too Brief", ("Min-Expires", "999999"))
    assert talk.sent() == []
