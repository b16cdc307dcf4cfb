"""A switchboard of somebody else's may do what it likes: the console goes on, and a sentence names it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from console.domain.call_events import Answered, CallBegan, LinkState
from console.machine.clock import SystemClock
from console.ports.switchboard import DIALS, Act, Action, ActionAnswer, Answer, SinkFull, Switchboard
from telephony_adapters.contract.heard import Heard
from telephony_adapters.plugins import guarded, loading
from telephony_adapters.plugins.loading import BrokenPlugin
from telephony_adapters.registry import OURS, Registry
from tests.helpers.strangers import GOOD, install, points
from ui.bootstrap import place
from ui.bootstrap.doctor import telephones
from ui.bootstrap.doctor.checking import State
from ui.bootstrap.no_telephone import NoTelephone
from ui.bootstrap.place import telephones_of, this_computer
from ui.settings import Settings

NAMED = "acme-pbx 1.2 (licence MIT)"
PAUSE = Action(Act.PAUSE, "1001")
Stranger = Callable[[str], Registry]


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    """Installs a plug-in with a source, and returns the registry that finds it."""
    folder = tmp_path / "site"
    monkeypatch.syspath_prepend(folder)
    # Rightly some seconds; a test need not wait them out.
    monkeypatch.setattr(guarded, "ANSWER_WITHIN", 0.3)

    def installed(source: str) -> Registry:
        install(folder, source)
        return Registry(points(folder), SystemClock())

    return installed


def board(registry: Registry) -> Switchboard:
    """Return the guarded switchboard of the plug-in."""
    spec = registry.find("acme")
    return spec.connect(spec.settings())


def answer_of(switchboard: Switchboard, action: Action = PAUSE) -> ActionAnswer:
    """Ask, and return the one answer."""
    answers: SimpleQueue[ActionAnswer] = SimpleQueue()
    switchboard.perform(action, answers.put)
    found = answers.get(timeout=20)
    time.sleep(0.02)
    assert answers.empty()
    return found


def changed(old: str, new: str) -> str:
    """Return the good plug-in with one thing wrong in it."""
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_plugin_is_heard_asked_and_named(stranger: Stranger) -> None:
    registry = stranger(GOOD)
    (who,) = registry.plugins()
    assert (who.key, who.words) == ("acme", NAMED)
    switchboard, heard = board(registry), Heard()
    assert answer_of(switchboard).answer is Answer.NO_ANSWER
    switchboard.start(heard)
    heard.wait_link(LinkState.CONNECTED)
    assert answer_of(switchboard) == ActionAnswer(Answer.UNSUPPORTED, "it cannot")
    switchboard.stop()
    (said,) = telephones.plugins(registry)
    assert (said.state, NAMED in said.means, "nothing real" in said.means) == (State.WELL, True, True)


def test_what_a_plugin_says_of_itself_is_shown_as_text_and_what_is_by_word_stays_so(stranger: Stranger) -> None:
    can = (
        'CAN = Capabilities(frozenset(), {}, by_word=True, remarks=("No right\\u202e",) * 500, other_side="Acme 9\\n")'
    )
    switchboard, heard = (
        board(stranger(changed('CAN = Capabilities(frozenset(), dict.fromkeys(Act, "it cannot"))', can))),
        Heard(),
    )
    switchboard.start(heard)
    heard.wait_link(LinkState.CONNECTED)
    answer_of(switchboard)
    found = switchboard.capabilities()
    assert (found.by_word, found.other_side) == (True, "Acme 9")
    assert found.remarks == ("No right⟨202E⟩",) * guarded.REMARKS_AT_MOST
    switchboard.stop()


# --- its import ---------------------------------------------------------------------------------


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("SPEC = 1", "it names a int"),
        (changed("settings=Settings", "settings=Settings()"), "no dataclass"),
        (changed("connect=connect", "connect=None"), "connect cannot be called"),
        (changed("capabilities=CAN", "capabilities=frozenset()"), "its capabilities are none"),
        (changed('"it cannot"))', '"it cannot"), remarks="a text")'), "its capabilities are none"),
        (changed('"it cannot"))', '"it cannot"), by_word="yes")'), "its capabilities are none"),
        (changed('title="Acme"', 'title="A" * 10_000'), "at most 120 signs"),
        (changed('key="acme"', 'key="asterisk_ami"'), "differ"),
    ],
)
def test_what_cannot_be_loaded_is_one_sentence_and_the_rest_works(stranger: Stranger, source: str, why: str) -> None:
    registry = stranger(source)
    with pytest.raises(BrokenPlugin) as refused:
        registry.find("acme")
    assert NAMED in str(refused.value)
    assert why in str(refused.value)
    specs, broken = registry.usable()
    assert set(specs) == set(OURS)
    assert [one.key for one in broken] == ["acme"]
    (said,) = telephones.plugins(registry, "acme")
    assert (said.state, NAMED in said.means) == (State.NOT_WELL, True)


@pytest.mark.expects_log
def test_an_import_that_never_ends_holds_up_nobody(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading.load, "__defaults__", (0.2,))
    registry = stranger("import time\nwhile True:\n    time.sleep(0.01)")
    with pytest.raises(BrokenPlugin, match="did not come to the end of its import within"):
        registry.find("acme")


def test_a_name_taken_twice_is_nobodys_and_one_of_ours_stays_ours(tmp_path: Path) -> None:
    install(tmp_path, GOOD)
    install(tmp_path, GOOD, name="other-pbx", licence="GPL-3.0-only")
    install(tmp_path, GOOD, key="asterisk_ami", name="thief-pbx")
    registry = Registry(points(tmp_path))
    with pytest.raises(BrokenPlugin, match=r"other-pbx 1\.2 \(licence GPL-3\.0-only\)"):
        registry.find("acme")
    specs, broken = registry.usable()
    assert set(specs) == set(OURS)
    assert specs["asterisk_ami"].title != "Acme"
    assert sorted(one.key for one in broken) == ["acme", "asterisk_ami"]
    assert [one.why for one in broken if "thief-pbx" in one.why and "is not used" in one.why]


# --- at work ------------------------------------------------------------------------------------


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return Board()", 'raise ValueError("secret")'),
        ("return Board()", "raise SystemExit"),
        ("return Board()", "return 7"),
        ("sink(LinkChanged(NOW, LinkState.CONNECTED))", 'raise OSError("secret")'),
        ("return CAN", "return frozenset()"),
        ("return CAN", 'raise ValueError("secret")'),
    ],
)
def test_what_goes_wrong_at_its_start_stands_where_the_telephones_state_stands(
    stranger: Stranger, old: str, new: str
) -> None:
    switchboard, heard = board(stranger(changed(old, new))), Heard()
    switchboard.start(heard)
    refused = heard.wait_link(LinkState.REFUSED)[0]
    assert NAMED in refused.sentence
    assert "secret" not in refused.sentence
    assert not switchboard.capabilities().acts
    assert NAMED in switchboard.capabilities().why_not[Act.ANSWER]
    assert answer_of(switchboard).answer is Answer.NO_ANSWER
    switchboard.stop()
    again = Heard()
    switchboard.start(again)
    assert again.wait_link(LinkState.REFUSED)[0].sentence == refused.sentence


@pytest.mark.parametrize("where", ["return Board()", "sink(LinkChanged(NOW, LinkState.CONNECTED))"])
def test_one_that_hangs_at_its_start_says_nothing_and_that_is_said(
    stranger: Stranger, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "FIRST_WORD_WITHIN", 0.2)
    switchboard, heard = board(stranger(changed(where, "import threading; threading.Event().wait()"))), Heard()
    switchboard.start(heard)
    assert "does not answer" in heard.wait_link(LinkState.LOST)[0].sentence
    assert answer_of(switchboard).answer is Answer.NO_ANSWER
    switchboard.stop()


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "act",
    ["raise ValueError", "pass", "then(1)", "then(None); then(ActionAnswer(Answer.ACCEPTED))", "raise SystemExit"],
)
def test_a_request_is_answered_once_whatever_the_plugin_does(stranger: Stranger, act: str) -> None:
    source = changed('then(ActionAnswer(Answer.UNSUPPORTED, "it cannot"))', act)
    switchboard, heard = board(stranger(source)), Heard()
    switchboard.start(heard)
    heard.wait_link(LinkState.CONNECTED)
    found = answer_of(switchboard)
    assert (found.answer, NAMED in found.sentence) == (Answer.NO_ANSWER, True)
    switchboard.stop()


def test_what_was_answered_for_a_plugin_is_not_done_when_it_wakes(stranger: Stranger) -> None:
    """The worker was told that nothing answered, and rang by hand: a second ring must not follow."""
    slow = """import threading
        if action.act is Act.HOLD:
            awake.wait(20)
        done.append(action.act)"""
    source = "import threading\nawake, done = threading.Event(), []\n" + changed(
        'then(ActionAnswer(Answer.UNSUPPORTED, "it cannot"))', f"{slow}\n        then(ActionAnswer(Answer.ACCEPTED))"
    )
    registry = stranger(source)
    switchboard, heard = board(registry), Heard()
    switchboard.start(heard)
    heard.wait_link(LinkState.CONNECTED)
    theirs = sys.modules[registry.find("acme").settings.__module__]
    answers: SimpleQueue[ActionAnswer] = SimpleQueue()
    for act in (Act.HOLD, Act.ORIGINATE):
        switchboard.perform(Action(act, "1001", target="1003"), answers.put)
    told = [answers.get(timeout=20) for _ in range(2)]
    assert {one.answer for one in told} == {Answer.NO_ANSWER}
    begun, waiting = sorted(told, key=lambda one: "not be" in one.sentence)
    assert "may still happen" in begun.sentence
    assert "This was not asked of it" in waiting.sentence
    theirs.awake.set()
    assert answer_of(switchboard, PAUSE).answer is Answer.ACCEPTED
    assert theirs.done == [Act.HOLD, Act.PAUSE]
    switchboard.stop()


@pytest.mark.parametrize("act", sorted(DIALS))
@pytest.mark.parametrize("number", ["999", "9112", "00 44 999", "018000"])
def test_no_plugin_is_ever_asked_for_an_emergency_number(stranger: Stranger, number: str, act: Act) -> None:
    source = changed('then(ActionAnswer(Answer.UNSUPPORTED, "it cannot"))', "then(ActionAnswer(Answer.ACCEPTED))")
    switchboard, heard = board(stranger(source)), Heard()
    switchboard.start(heard)
    heard.wait_link(LinkState.CONNECTED)
    assert answer_of(switchboard, Action(act, "1001", target=number)).answer is Answer.REFUSED
    assert answer_of(switchboard, Action(Act.DTMF, "1001", target=number)).answer is Answer.REFUSED
    assert answer_of(switchboard, Action(Act.DTMF, "1001", target=number[-1])).answer is Answer.ACCEPTED
    assert answer_of(switchboard, Action(Act.RETRIEVE, number)).answer is Answer.REFUSED
    assert answer_of(switchboard, Action(act, "1001", target="1003")).answer is Answer.ACCEPTED
    switchboard.stop()


def test_a_plugin_of_a_site_with_a_prefix_of_its_own_is_guarded_by_that_prefix(stranger: Stranger) -> None:
    accepting = changed('then(ActionAnswer(Answer.UNSUPPORTED, "it cannot"))', "then(ActionAnswer(Answer.ACCEPTED))")
    site = accepting.replace("class Settings:", "class Settings(SiteSettings):").replace(
        "from dataclasses", "from telephony_adapters.link.declare import SiteSettings\nfrom dataclasses"
    )
    spec = stranger(site).find("acme")
    switchboard, heard = spec.connect(replace(spec.settings(), outside_prefix="8")), Heard()
    switchboard.start(heard)
    heard.wait_link(LinkState.CONNECTED)
    assert answer_of(switchboard, Action(Act.ORIGINATE, "1001", target="8999")).answer is Answer.REFUSED
    switchboard.stop()


@pytest.mark.expects_log
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("7", "no fact"),
        ('CallBegan("c", datetime(2026, 11, 28), "inbound")', "no fact"),
        ('Alerting("c", NOW, "leg", None)', "no fact"),
        ('Answered("c" * 5000, NOW, "leg", "1001")', "no fact"),
        ("SnapshotTaken(NOW, {1, 2})", "no fact"),
        ("SnapshotTaken(datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))), frozenset())", "no fact"),
        ("SnapshotTaken(datetime.max.replace(tzinfo=UTC), frozenset())", "no fact"),
        ("LinkChanged(NOW, LinkState.LOST)", "changed its connection"),
    ],
)
def test_nonsense_without_end_is_taken_off(stranger: Stranger, said: str, why: str) -> None:
    source = changed("sink(LinkChanged(NOW, LinkState.CONNECTED))", f"[sink({said}) for _ in range(500)]")
    switchboard, heard = board(stranger(source)), Heard()
    switchboard.start(heard)
    refused = heard.wait_link(LinkState.REFUSED)[0]
    assert why in refused.sentence
    assert len(heard.facts) < 100
    switchboard.stop()


LIAR = """from datetime import timedelta, timezone, tzinfo
import threading
inside, go_on = threading.Event(), threading.Event()
class Text(str):
    def __str__(self): raise ValueError
    def __len__(self): raise ValueError
    def __hash__(self): raise ValueError
class Zone(tzinfo):
    blocks = False
    def utcoffset(self, moment):
        if self.blocks:
            inside.set()
            go_on.wait(20)
        return timedelta(hours=1)
class Time(datetime):
    def astimezone(self, zone=None): raise ValueError
"""


def lying(said: str) -> str:
    """Return a plug-in that says one fact with a text or a time of its own making."""
    source = changed(
        "sink(LinkChanged(NOW, LinkState.CONNECTED))", f"sink(LinkChanged(NOW, LinkState.CONNECTED))\n        {said}"
    )
    return source.replace("NOW =", LIAR + "NOW =")


def test_what_a_plugin_says_is_made_anew_and_none_of_its_code_comes_with_it(stranger: Stranger) -> None:
    said = 'sink(Answered(Text("c\\ud800\\0"), Time(2026, 11, 28, 23, tzinfo=Zone()), "leg", Text("1001")))'
    switchboard, heard = board(stranger(lying(said))), Heard()
    switchboard.start(heard)
    (fact,) = heard.wait(Answered)
    assert fact == Answered("c\u27e8D800\u27e9\u2400", datetime(2026, 11, 28, 22, 0, tzinfo=UTC), "leg", "1001")
    assert [type(part) for part in (fact.call, fact.at, fact.extension)] == [str, datetime, str]
    assert fact.at.tzinfo is UTC
    switchboard.stop()


def test_a_time_that_never_says_what_it_is_holds_up_nobody(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "STOP_WITHIN", 0.2)
    said = 'Zone.blocks = True; sink(Answered("c", datetime(2026, 11, 28, tzinfo=Zone()), "leg", "1001"))'
    registry = stranger(lying(said))
    switchboard, heard = board(registry), Heard()
    theirs = sys.modules[registry.find("acme").settings.__module__]
    switchboard.start(heard)
    assert theirs.inside.wait(20)
    ends = Thread(target=switchboard.stop, daemon=True)
    ends.start()
    ends.join(10)
    assert not ends.is_alive(), "it waits for what the plug-in's own time does"
    theirs.go_on.set()


@pytest.mark.expects_log
def test_a_flood_that_heeds_nothing_is_taken_off(stranger: Stranger) -> None:
    flood = """sink(LinkChanged(NOW, LinkState.CONNECTED))
        for number in range(100_000):
            try:
                sink(CallBegan(str(number), NOW, Direction.INBOUND))
            except SinkFull:
                pass"""
    source = "from console.domain.calls import Direction\n" + changed(
        "sink(LinkChanged(NOW, LinkState.CONNECTED))", flood
    )
    switchboard, heard = board(stranger(source)), Heard()

    def sink(fact: object) -> None:
        if isinstance(fact, CallBegan) and len(heard.facts) >= 500:
            raise SinkFull
        heard(fact)  # type: ignore[arg-type]  # whatever comes

    switchboard.start(sink)
    assert "more than this console can follow" in heard.wait_link(LinkState.REFUSED)[0].sentence
    assert len(heard.facts) <= 501
    switchboard.stop()


@pytest.mark.expects_log
@pytest.mark.parametrize("end", ["raise ValueError", "import threading; threading.Event().wait()"])
def test_its_end_is_quick_and_nothing_comes_after_it(
    stranger: Stranger, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "STOP_WITHIN", 0.2)
    talk = """sink(LinkChanged(NOW, LinkState.CONNECTED))
        import threading, time
        def go_on():
            while True:
                sink(QueueJoined("c", NOW, "oohs"))
                time.sleep(0.001)
        threading.Thread(target=go_on, daemon=True).start()"""
    source = changed("sink(LinkChanged(NOW, LinkState.CONNECTED))", talk).replace("        pass", f"        {end}")
    switchboard, heard = board(stranger(source)), Heard()
    switchboard.start(heard)
    heard.wait_link(LinkState.CONNECTED)
    switchboard.stop()
    count = len(heard.facts)
    time.sleep(0.05)
    assert len(heard.facts) == count


# --- the console --------------------------------------------------------------------------------


@pytest.mark.expects_log
def test_a_console_starts_with_a_broken_plugin_and_says_which(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = stranger("import no_such_module_anywhere")
    # What is installed in this environment is not the test's to change.
    monkeypatch.setattr(place, "installed", lambda _: registry)
    switchboard, _ = telephones_of(this_computer(Settings(switchboard="acme")))
    assert isinstance(switchboard, NoTelephone)
    heard = Heard()
    switchboard.start(heard)
    assert NAMED in heard.wait_link(LinkState.LOST)[0].sentence
