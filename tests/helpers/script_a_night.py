"""Script A (domain.md 9) to 22:55, played by real keys in the windows of three processes.

What the people do and write stands here once; what the telephones do is a simulator's in :func:`play`, and a real
switchboard's in ``script_a_live``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.helpers.driven_console import DrivenConsole, Office, until

RESERVOIR = "in the car, by the reservoir, the second car park"
RECORD_ADDRESS = "Larch Court"
WHERE_OLD = "ask where they are now"
FIRST = '"I\'ve taken them all."'


@dataclass
class Night:
    """What was seen while the script was played, and the office as it stood at 22:55."""

    office: Office
    priya: DrivenConsole
    tom: DrivenConsole
    helen: DrivenConsole
    seen: dict[str, Any] = field(default_factory=dict)

    def all(self) -> tuple[DrivenConsole, ...]:
        """Return the three."""
        return (self.priya, self.tom, self.helen)

    def ever(self) -> list[dict[str, Any]]:
        """Return every row ever drawn in any of the three windows."""
        return [row for console in self.all() for row in self.seen[f"ever {console.spec.name}"]]


def rows_of(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Return the rows of one class."""
    return [row for row in rows if row["row"] == kind]


def ring(night: Night, control: Any, opens: datetime) -> None:
    """22:14:05 to 22:14:30: it rings, both people are shown, Priya answers."""
    control.jump(opens + timedelta(seconds=20))
    it_rings(night)
    night.priya.press("answer")
    it_is_answered(night)


def it_rings(night: Night) -> None:
    """22:14:05: both people who use the number are shown, and on the board a call that waits."""
    night.priya.until("calls", lambda one: one["alerting"] and one["looked"])
    until(night.priya.rows, lambda rows: len(rows_of(rows, "CandidateCardRow")) == 2, 10, "two candidates")
    night.seen["ringing"] = night.priya.rows()
    night.seen["board ringing"] = night.helen.until("board", lambda one: one["waiting"]["count"] == 1)
    night.seen["access ringing"] = night.office.access()


def it_is_answered(night: Night) -> None:
    """22:14:19: the record is open, and Priya types."""
    night.priya.until("note", lambda one: not one["read_only"])
    until(night.priya.rows, lambda rows: not rows_of(rows, "SlotRow")[0].get("chip"), 5, "the slot is free")
    night.seen["answered"] = night.priya.rows()
    night.seen["access answered"] = night.office.access()
    night.priya.note(FIRST)


def two_together(night: Night) -> None:
    """22:14:40 to 22:15:12: what kind of call, a second worker, who it is."""
    priya, tom = night.priya, night.tom
    for name, label in (("Kind of call", "Suicidal caller"), ("How urgent", "Now"), ("Who is calling", "Self")):
        priya.choose(name, label)
    priya.press("need_second")
    tom.until("summons", bool)
    night.seen["asked"] = until(tom.rows, lambda rows: priya.spec.name in str(rows), 10, "who asks")
    tom.press("take")
    tom.until("incidents", lambda found: found and found[0]["members"])
    tom.until_shown(FIRST)
    tom.ask("message", text="With you. Reading your note.")
    priya.until_shown("With you. Reading your note.")
    cards = rows_of(priya.rows(), "CandidateCardRow")
    marcus = next(card["index"] for card in cards if "Marcus" in card["name"])
    night.seen["access before choosing"] = night.office.access()
    priya.press(f"candidate_{marcus}")
    priya.until("on_screen", lambda one: one["subjects"])
    until(lambda: rows_of(priya.rows(), "IdentityRow"), lambda rows: rows and rows[0]["address"], 10, "his record")
    night.seen["access chosen"] = night.office.access()
    priya.note("name Marcus")
    priya.form("confirm", name="yes")
    priya.until("on_screen", lambda one: one["subjects"][0]["confirmed_by"] == "name")


def ask(tom: DrivenConsole, kind: str, **more: str) -> None:
    """Draft a request with Ctrl+R."""
    before = len(tom.probe("helps"))
    tom.form("ask_help", kind=kind, **more)
    tom.until("helps", lambda found: len(found) == before + 1)


def news(tom: DrivenConsole, agency: str, state: str, **more: str) -> None:
    """Log what an agency said, with Ctrl+L on its row."""
    before = sum(len(one["news"]) for one in tom.probe("helps"))
    tom.patiently("select", name="Help asked for", words=f", {agency} ")
    tom.form("log_news", state=state, **more)
    tom.until("helps", lambda found: sum(len(one["news"]) for one in found) == before + 1)


def send(tom: DrivenConsole, agency: str) -> None:
    """Say that a request was made, with Enter on its row."""
    tom.row("Help asked for", f", {agency} ", "send")
    tom.until("helps", lambda found: any(one["sent_at"] and agency_of(one) == agency for one in found))


def agency_of(request: dict[str, Any]) -> str:
    """Return the word on the row of a request."""
    words = {"police_attend": "Police", "ambulance": "Ambulance", "crisis_team": "Crisis team"}
    return str(request["agency"] or words[request["kind"]])


def an_ambulance_is_drafted(night: Night) -> None:
    """22:15:20 to 22:16:20: what was taken, an ambulance, where he is."""
    priya, tom = night.priya, night.tom
    priya.press("get_ambulance")
    priya.note("asked about suicide directly: yes")
    priya.patiently("tick", label="Suicide, directly")
    priya.note("overdose 2145, 40 tabs, unknown drug")
    ask(tom, "Ambulance", words="Overdose at 21:45, 40 tablets, drug unknown")
    night.seen["drafted"] = until(tom.rows, lambda rows: rows_of(rows, "HelpRow"), 10, "the request on Tom's screen")
    night.seen["board drafted"] = night.helen.until("board", lambda one: one["requests"]["rows"])
    tom.press("ask_location")
    priya.until_shown("Ask location")
    priya.note(RESERVOIR)
    tom.until_shown(RESERVOIR)
    tom.row("Facts", "Where now")
    tom.until("form", bool)
    tom.patiently("fill", values={"key": "Where now", "text": RESERVOIR, "source": "caller stated"})
    tom.press("finish")
    priya.until("incidents", lambda found: found[0]["places"])
    until(lambda: rows_of(priya.rows(), "IdentityRow"), lambda rows: rows[0]["where"] == RESERVOIR, 10, "where he is")
    night.seen["placed"] = (priya.rows(), tom.rows())


def help_is_asked(night: Night) -> None:
    """22:16:45 to 22:17:49: the ambulance is asked for, and police."""
    priya, tom = night.priya, night.tom
    send(tom, "Ambulance")
    news(tom, "Ambulance", "Accepted", reference="SC-7731", grade="2")
    priya.press("get_police")
    ask(tom, "Police", ground="Risk to life now")
    send(tom, "Police")
    news(tom, "Police", "Accepted", reference="Log 1187 of 01/12/26")
    news(tom, "Police", "On the way", minutes="6", text="checking both car parks")
    tom.ask("message", text="Police 6 min, both car parks")
    priya.until_shown("Police 6 min, both car parks")


def a_second_call_waits(night: Night, control: Any, opens: datetime) -> None:
    """22:17:14 to 22:18:50: Portsmouth waits in its own slot while Priya types."""
    priya = night.priya
    priya.press("note")
    priya.type("wife does not kn")
    control.jump(opens + timedelta(minutes=3, seconds=30))
    priya.until("calls", lambda one: one["alerting"])
    night.seen["slot"] = until(priya.rows, lambda rows: "Portsmouth children" in str(rows_of(rows, "SlotRow")), 10, "x")
    night.seen["half typed"] = priya.probe("note")
    priya.type("ow\n")
    control.jump(opens + timedelta(minutes=5, seconds=30))
    priya.until("calls", lambda one: not one["waiting"])


def he_is_reached(night: Night, control: Any, opens: datetime) -> None:
    """22:18:30 to 22:51: the crisis team declines, the dog, the end of the call, somebody reaches him."""
    ask(night.tom, "Crisis team")
    the_crisis_team_declines(night)
    help_is_told_and_watched(night)
    police_are_with_him(night)
    control.jump(opens + timedelta(minutes=15))
    he_is_conveyed(night)


def the_crisis_team_declines(night: Night) -> None:
    """22:18:30: what was declined stays an open risk, on the board too."""
    tom = night.tom
    send(tom, "Crisis team")
    news(tom, "Crisis team", "Declined", text="No worker until nine")
    night.seen["declined"] = tom.until("helps", lambda found: any(one["declined_at"] for one in found))
    night.seen["board declined"] = night.helen.until(
        "board", lambda one: any(row["alarm"] == "open_risk" for row in one["requests"]["rows"])
    )


def help_is_told_and_watched(night: Night) -> None:
    """22:21 to 22:26: the dog, the higher grade, the manager looks on."""
    tom, helen = night.tom, night.helen
    news(tom, "Ambulance", "Information passed on", text="Told: dog in the car")
    news(tom, "Ambulance", "On the way", grade="1", text="Upgraded, drowsy")
    helen.row("Live calls", "Suicidal caller", "observe")
    helen.until("incidents", lambda found: any(one["worker"] == "helen.marsh" for one in found[0]["members"]))


def police_are_with_him(night: Night) -> None:
    """22:27:40 to 22:28: voices on the line; Priya ends the call."""
    priya, tom = night.priya, night.tom
    priya.note("voices on the line: police with him")
    news(tom, "Police", "On scene", text="With him")
    priya.press("end")
    priya.press("end")
    priya.until("calls", lambda one: not one["current"])


def he_is_conveyed(night: Night) -> None:
    """22:33 to 22:51: the call is over, the incident is not before he is reached."""
    tom = night.tom
    tom.until_shown("incident stands")
    news(tom, "Ambulance", "On scene")
    news(tom, "Police", "Person reached", text="Conveyed to hospital")
    news(tom, "Ambulance", "Person reached", text="With him")
    news(tom, "Ambulance", "Completed", text="Conveyed")


def written_up(night: Night) -> None:
    """22:38 to 22:55: the decision with its reason, outcome, handover, debriefs."""
    priya = night.priya
    priya.press("record")
    priya.until("form", lambda form: form.get("key") == "record")
    priya.patiently("fill", values={"decision:what": "Call for help without consent"})
    priya.patiently("fill", values={"decision:kind": "Share information"})
    priya.patiently("fill", values={"decision:why": "Immediate risk to life; he could not be asked safely"})
    priya.press("note")
    priya.until("on_screen", lambda one: one["decisions"])
    priya.choose("Outcome", "Immediate action taken")
    priya.until("on_screen", lambda one: one["fields"].get("outcome"))
    for worker, accepted in (("priya.raman", True), ("tom.adeyemi", False)):
        night.helen.ask("debrief", worker=worker, accepted=accepted)


def at_rest(night: Night) -> None:
    """Wait until nothing waits and all three have the same head; then keep what was seen."""

    def heads() -> set[tuple[int, str, int]]:
        links = [console.probe("link") for console in night.all()]
        return {(one["head"]["seq"], one["head"]["digest"], one["waiting"]) for one in links}

    until(heads, lambda found: len(found) == 1 and next(iter(found))[2] == 0, 20, "one head for all three")
    for console in night.all():
        name = console.spec.name
        night.seen[f"ever {name}"] = console.ever()
        night.seen[f"timeline {name}"] = console.probe("timeline")
        night.seen[f"aside {name}"] = console.probe("aside")
        night.seen[f"windows {name}"] = console.probe("windows")
    # Lists are asked for at most once a second.
    night.seen["board"] = night.helen.until("board", lambda one: one["no_rationale"] == 0)
    night.seen["helps"] = night.priya.probe("helps")
    night.seen["incident"] = night.priya.probe("incidents")[0]
    night.seen["summons"] = night.tom.probe("summons")
    night.seen["contact"] = night.tom.probe("contacts")
    night.seen["note"] = night.priya.probe("note")
    night.seen["lines"] = rows_of(night.tom.rows(), "LineRow")


def at_the_beginning(night: Night) -> dict[str, Any]:
    """Return the board once everybody is there and the call that was under way before is in the record and counted.

    Of a call that nobody saw whole every console waits some seconds before it says what it knows of it, each fact for
    itself: that somebody answered may be there before the call is.
    """
    for fact in ("call.seen", "call.answered"):
        until(partial(night.office.bodies, fact), bool, 60, f"{fact} of the call of before is in the record")
    heads = "SELECT max(seq) FROM entry"
    (newest,) = night.office.sql(heads)[0]
    night.helen.until("link", lambda one: one["head"]["seq"] >= newest)
    # The board is made at most once a second.
    now = datetime.now(UTC).isoformat()
    board = night.helen.until("board", lambda one: len(one["staff"]) >= 3 and one["answered"]["as_of"] > now)
    return dict(board)


def play(office: Office) -> Night:
    """Open three consoles, play the whole script, and return what was seen."""
    control = office.telephones("script_a", earlier=True)
    made = Night(office, office.priya(seated=False), office.tom(seated=False), office.helen(seated=False))
    for console in made.all():
        console.sign_in()
    opens = office.opens
    made.seen["board before"] = at_the_beginning(made)
    ring(made, control, opens)
    two_together(made)
    an_ambulance_is_drafted(made)
    help_is_asked(made)
    a_second_call_waits(made, control, opens)
    he_is_reached(made, control, opens)
    written_up(made)
    at_rest(made)
    return made
