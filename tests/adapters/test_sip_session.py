"""One connection's conversation under a hand-moved clock: asking, proving, refreshing, repeating, giving up."""

from __future__ import annotations

import pytest

from console.domain.call_events import LinkChanged, LinkState, SnapshotTaken
from telephony_adapters.link.faults import LineDead, LogInRefused, NotUnderstood, Silent
from telephony_adapters.link.pulse import PING_S, START_S
from telephony_adapters.sip_dialog.capabilities import CAPABILITIES
from telephony_adapters.sip_dialog.protocol import Message, compose, parameter
from telephony_adapters.sip_dialog.subscription import (
    ANSWER_S,
    ASIDE_S,
    CONTENT,
    EXPIRES_S,
    NEWS_S,
    REFRESH_S,
    SHORTEST_S,
)
from tests.helpers.dialog_bodies import confirmed, document, early, terminated
from tests.helpers.sip_talk import Talk

CHALLENGE = 'Digest realm="exchange", nonce="{}", algorithm=MD5, qop="auth"'


def test_it_asks_for_dialog_events_and_says_where_to_tell_them() -> None:
    asked = Talk().asked()
    assert (asked.uri, asked.get("event"), asked.get("accept")) == ("sip:1001@pbx.example", "dialog", CONTENT)
    assert (asked.get("expires"), asked.get("contact")) == (str(EXPIRES_S), "<sip:nightdesk@192.0.2.9:5070>")
    assert asked.get("via").startswith("SIP/2.0/UDP 192.0.2.9:5070;rport;branch=z9hG4bK")
    assert asked.get("authorization") == ""
    assert Talk(transport="TCP").asked().get("contact") == "<sip:nightdesk@192.0.2.9:5070;transport=tcp>"


def test_it_is_live_when_it_is_known_of_every_telephone_how_it_is() -> None:
    talk = Talk(("1001", "1002"))
    for asked in talk.sent():
        talk.reply(asked, "202 Accepted")
        assert not talk.session.live
        extension = asked.uri.partition(":")[2].partition("@")[0]
        talk.sequence = 0
        talk.notify(asked, document(0, early(owner=extension), owner=extension))
    assert [type(fact).__name__ for fact in talk.facts[:2]] == ["LinkChanged", "SnapshotTaken"]
    assert [fact.only_watched for fact in talk.facts if isinstance(fact, LinkChanged)] == [True]
    assert [len(fact.joined_late) for fact in talk.facts if isinstance(fact, SnapshotTaken)] == [1]


def test_a_notification_may_overtake_the_answer() -> None:
    talk = Talk()
    asked = talk.asked()
    talk.notify(asked, document(0, terminated()))
    assert talk.session.live
    talk.reply(asked, "200 OK")
    talk.sent()
    talk.wait(NEWS_S + 1)


def test_the_password_is_proved_when_asked_for_and_from_then_on_by_itself() -> None:
    talk = Talk()
    talk.reply(talk.asked(), "401 Unauthorized", ("WWW-Authenticate", CHALLENGE.format("one")))
    proved = talk.asked()
    assert 'nonce="one"' in proved.get("authorization")
    assert proved.sequence == (2, "SUBSCRIBE")
    talk.reply(proved, "200 OK")
    talk.notify(proved, document(0))
    talk.wait(REFRESH_S)
    refresh = talk.asked()
    assert "nc=00000002" in refresh.get("authorization")
    talk.reply(refresh, "401 Unauthorized", ("WWW-Authenticate", CHALLENGE.format("two")))
    assert 'nonce="two"' in talk.asked().get("authorization")


def test_a_wrong_password_is_said_and_not_tried_for_ever() -> None:
    talk = Talk()
    talk.reply(talk.asked(), "407 Who", ("Proxy-Authenticate", CHALLENGE.format("one")))
    with pytest.raises(LogInRefused, match="did not accept the account nightdesk") as refused:
        talk.reply(talk.asked(), "407 Who", ("Proxy-Authenticate", CHALLENGE.format("two")))
    assert "secret" not in str(refused.value)


def test_a_way_of_asking_for_it_that_is_not_known_is_said() -> None:
    talk = Talk()
    with pytest.raises(LogInRefused, match="in a way that Nightdesk does not know"):
        talk.reply(talk.asked(), "401 Unauthorized", ("WWW-Authenticate", 'Basic realm="x"'))


def test_a_subscription_is_refreshed_in_its_own_dialog_before_it_ends() -> None:
    talk = Talk()
    first = talk.granted()
    talk.wait(REFRESH_S - 1)
    assert not [one for one in talk.sent() if one.method == "SUBSCRIBE"]
    talk.wait(1)
    refresh = talk.asked()
    assert (refresh.get("call-id"), refresh.uri) == (first.get("call-id"), "sip:1001@192.0.2.1:5060")
    assert parameter(refresh.get("to"), "tag") == "theirs"


@pytest.mark.parametrize(("granted", "after"), [("10", 5.0), ("1", SHORTEST_S), ("30", 15.0), ("999999999", REFRESH_S)])
def test_the_time_that_is_granted_is_kept_to_and_no_flood_comes_of_a_short_one(granted: str, after: float) -> None:
    talk = Talk()
    asked = talk.asked()
    talk.reply(asked, "200 OK", ("Expires", granted))
    talk.notify(asked, document(0), **{"Subscription-State": f"active;expires={granted}"})
    talk.sent()
    talk.wait(after - 0.5)
    assert not [one for one in talk.sent() if one.method == "SUBSCRIBE"]
    talk.wait(0.5)
    talk.asked()


def test_a_time_that_is_too_short_for_the_switchboard_is_asked_for_anew() -> None:
    talk = Talk()
    talk.reply(talk.asked(), "423 Interval Too Brief", ("Min-Expires", "600"))
    assert talk.asked().get("expires") == "600"


def test_a_route_is_kept_to() -> None:
    talk = Talk()
    asked = talk.asked()
    talk.reply(asked, "200 OK", ("Record-Route", "<sip:p1;lr>"), ("Record-Route", "<sip:p2;lr>"))
    talk.notify(asked, document(0))
    talk.sent()
    talk.wait(REFRESH_S)
    assert talk.asked().all("route") == ("<sip:p2;lr>", "<sip:p1;lr>")


@pytest.mark.parametrize(("transport", "times"), [("UDP", 8), ("TCP", 1)])
def test_a_question_that_is_lost_is_asked_again_where_the_transport_loses_any(transport: str, times: int) -> None:
    talk = Talk(transport=transport)
    with pytest.raises(Silent):
        talk.wait(START_S + 1)
    sent = talk.sent()
    assert len(sent) <= times
    assert len({one.get("via") for one in sent}) == 1


def test_a_refresh_without_an_answer_ends_the_connection() -> None:
    talk = Talk()
    talk.granted()
    talk.wait(REFRESH_S)
    with pytest.raises(LineDead):
        talk.wait(ANSWER_S + 1)


def test_a_refresh_without_a_notification_ends_the_connection() -> None:
    talk = Talk()
    talk.granted()
    talk.wait(REFRESH_S)
    talk.reply(talk.asked(), "200 OK")
    with pytest.raises(LineDead, match="no longer tells how the telephones are"):
        talk.wait(NEWS_S + 1)


def test_silence_is_noticed_and_any_answer_ends_it() -> None:
    talk = Talk()
    talk.granted()
    talk.wait(PING_S)
    (ping,) = talk.sent()
    assert ping.method == "OPTIONS"
    talk.reply(ping, "404 Not Found")
    talk.wait(PING_S * 3 - 0.5)
    with pytest.raises(LineDead):
        talk.wait(0.5)


@pytest.mark.parametrize("reason", ["deactivated", "timeout;retry-after=9", "probation", "giveup", ""])
def test_a_subscription_that_the_switchboard_ends_is_asked_for_anew_and_no_call_with_it(reason: str) -> None:
    talk = Talk()
    first = talk.granted(document(0, early()))
    state = f"terminated;reason={reason}" if reason else "terminated"
    assert talk.notify(first, document(1, early()), **{"Subscription-State": state}) == []
    again = talk.asked()
    assert (again.get("call-id") != first.get("call-id"), "tag=" in again.get("to")) == (True, False)
    talk.sequence = 0
    talk.reply(again, "200 OK")
    answered = talk.notify(again, document(0, confirmed()))
    assert [type(fact).__name__ for fact in answered] == ["Answered"]


def test_a_refresh_that_the_switchboard_knows_nothing_of_is_asked_for_anew() -> None:
    talk = Talk()
    first = talk.granted()
    talk.wait(REFRESH_S)
    talk.reply(talk.asked(), "481 Subscription Does Not Exist")
    assert talk.asked().get("call-id") != first.get("call-id")


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "489 Bad Event", "302 Moved"])
def test_a_telephone_that_may_not_be_watched_stands_aside_and_is_tried_again(status: str) -> None:
    talk = Talk(("1001", "1002"))
    one, two = talk.sent()
    talk.reply(one, "200 OK")
    talk.notify(one, document(0, early()))
    talk.reply(two, status)
    (link,) = [fact for fact in talk.facts if isinstance(fact, LinkChanged)]
    assert link.state is LinkState.CONNECTED
    assert f"may not watch 1002 ({status})" in link.sentence
    talk.sent()

    def tried_again() -> Message:
        for _ in range(int(ASIDE_S / REFRESH_S)):
            talk.wait(REFRESH_S)
            for asked in (asked for asked in talk.sent() if asked.method == "SUBSCRIBE"):
                if asked.uri.startswith("sip:1002"):
                    return asked
                talk.reply(asked, "200 OK")
                talk.notify(asked, document(talk.sequence, early()))
        talk.wait(1)
        return talk.asked()

    talk.reply(tried_again(), status)
    assert len([fact for fact in talk.facts if isinstance(fact, LinkChanged)]) == 1
    again = tried_again()
    assert again.uri == "sip:1002@pbx.example"
    talk.reply(again, "200 OK")
    talk.sequence = 100
    talk.notify(again, document(0, owner="1002"))
    assert [fact.sentence for fact in talk.facts if isinstance(fact, LinkChanged)][1:] == [""]


def test_where_no_telephone_may_be_watched_that_is_said() -> None:
    talk = Talk()
    with pytest.raises(LogInRefused, match=r"any of its telephones \(1001: 404 Not Found\)"):
        talk.reply(talk.asked(), "404 Not Found")


def test_a_telephone_that_is_taken_from_us_lets_its_calls_go() -> None:
    talk = Talk(("1001", "1002"))
    for asked in talk.sent():
        extension = asked.uri.partition(":")[2].partition("@")[0]
        talk.reply(asked, "200 OK")
        talk.notify(asked, document(0, confirmed(extension), owner=extension))
    talk.wait(3)
    facts = talk.notify(asked, b"", **{"Subscription-State": "terminated;reason=noresource"})
    assert [type(fact).__name__ for fact in facts] == ["LegEnded", "CallEnded", "LinkChanged"]


@pytest.mark.parametrize("status", ["503 Service Unavailable", "500 Oh", "408 Request Timeout"])
def test_a_switchboard_in_trouble_ends_the_connection(status: str) -> None:
    talk = Talk()
    with pytest.raises(LineDead, match=status):
        talk.reply(talk.asked(), status)


def test_a_gap_is_asked_for_anew_soon_and_not_more_often() -> None:
    talk = Talk()
    first = talk.granted(document(0, early()))
    for version in (5, 9):
        talk.notify(first, document(version, confirmed(), state="partial"))
    talk.wait(0.25)
    anew = talk.asked()
    assert anew.get("call-id") == first.get("call-id")
    talk.reply(anew, "200 OK")
    talk.notify(anew, document(10, confirmed()))
    talk.notify(anew, document(20, confirmed()))
    talk.wait(1)
    assert not [one for one in talk.sent() if one.method == "SUBSCRIBE"]
    talk.wait(1)
    talk.asked()


def test_every_notification_is_answered_and_a_repeated_or_overtaken_one_changes_nothing() -> None:
    talk = Talk()
    asked = talk.granted()
    talk.notify(asked, document(1, early()))
    talk.sequence -= 1
    assert talk.notify(asked, document(1, early())) == []
    talk.sequence = 0
    assert talk.notify(asked, document(0, terminated())) == []
    assert [one.code for one in talk.sent()] == [200, 200, 200]


def test_what_belongs_to_no_subscription_of_ours_is_refused() -> None:
    talk = Talk()
    asked = talk.granted()
    talk.notify(asked, document(1, early()), **{"Call-ID": "another"})
    talk.notify(asked, document(1, early()), To="<sip:nightdesk@pbx.example>;tag=another")
    talk.notify(asked, document(1, early()), From="<sip:1001@pbx.example>;tag=another")
    talk.notify(asked, document(1, early()), Event="message-summary")
    assert [one.code for one in talk.sent()] == [481, 481, 481, 489]
    assert not [fact for fact in talk.facts if not isinstance(fact, LinkChanged | SnapshotTaken)]


@pytest.mark.parametrize(("method", "code"), [("OPTIONS", 200), ("INVITE", 405), ("MESSAGE", 405)])
def test_other_requests_are_answered_as_they_must_be(method: str, code: int) -> None:
    talk = Talk()
    talk.granted()
    head = [("Via", "SIP/2.0/UDP x"), ("Call-ID", "y"), ("CSeq", f"1 {method}"), ("From", "<sip:a@b>"), ("To", "c")]
    talk.hear(compose(f"{method} sip:nightdesk@192.0.2.9 SIP/2.0", head))
    talk.hear(compose("ACK sip:nightdesk@192.0.2.9 SIP/2.0", head))
    assert [one.code for one in talk.sent()] == [code]


@pytest.mark.parametrize("kind", ["application/pidf+xml", "application/xpidf+xml", CONTENT])
def test_presence_is_refused_in_words(kind: str) -> None:
    talk = Talk()
    body = b'<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:1001@x"><note>Ready</note></presence>'
    with pytest.raises(NotUnderstood, match="presence tells neither who rings"):
        talk.notify(talk.asked(), body, **{"Content-Type": kind})


def test_a_body_that_cannot_be_read_is_counted_and_everything_asked_for_anew() -> None:
    talk = Talk()
    asked = talk.granted(document(0, early()))
    assert talk.notify(asked, b"<broken") == []
    assert talk.notify(asked, b"x", **{"Content-Type": "text/plain"}) == []
    assert talk.session.faults == 2
    talk.wait(0.25)
    talk.asked()


def test_a_switchboard_that_only_sends_garbage_is_said_to_speak_something_else() -> None:
    talk = Talk()
    talk.hear(b"\x00\xff garbage")
    with pytest.raises(NotUnderstood, match="does not speak SIP"):
        talk.wait(START_S + 1)


def test_a_switchboard_that_never_says_how_the_telephones_are_is_given_up() -> None:
    talk = Talk()
    talk.reply(talk.asked(), "200 OK")
    with pytest.raises(LineDead):
        talk.wait(START_S + 1)


def test_nothing_can_be_asked() -> None:
    assert not CAPABILITIES.acts
    assert all("only watched" in sentence for sentence in CAPABILITIES.why_not.values())


def test_a_stream_carries_the_same() -> None:
    talk = Talk(transport="TCP")
    asked = talk.asked()
    talk.reply(asked, "200 OK")
    talk.notify(asked, document(0, early()))
    assert (talk.session.live, talk.session.faults) == (True, 0)
