"""Ten pairs of simulated hands for a simulated hour: seeded acts at real consoles (issue 4, Show 3)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import UUID

from console.domain.calls import CallOutcome
from console.domain.drops import RingOutcome
from console.domain.help_kinds import HelpKind
from console.domain.record import StreamKind, StreamRef
from console.services.help_ledger import Draft
from console.services.refusing import Refused
from console.services.writing import Outcome
from tests.helpers.simulated_promises import FACTS, FIELDS, SEATS, Case, Promised, heads_of
from tests.helpers.simulated_room import LINE, ROLES, Hall, Hand, worker

HOUR = 3600.0
PAIRS = 10
FREE = 3
"""Workers beyond the pairs, who may come where a second worker has left."""
WORDS = ("he says the car", "is warm", "and the dog sleeps", "she went out at nine", "nobody", "knows where", "again")
VALUES = {
    "consent": ("given", "refused", "not_asked"),
    "priority": ("p1_life_now", "p2_hour", "p3_shift"),
    "source": ("self", "police", "family"),
}


class Hour(Promised):
    """One hour of a seed."""

    def __init__(self, seed: int, kind: str = "memory", folder: Path | None = None, pairs: int = PAIRS) -> None:
        super().__init__(seed, Hall(kind, folder))
        self.random = random.Random(seed)
        self._cut_until: dict[str, float] = {}
        self._lag: dict[str, float] = {}
        count = 2 * pairs + FREE
        roles = [self.random.choice(ROLES) for _ in range(count)]
        for number, role in enumerate(roles, 1):
            self.hall.sit_down(worker(number, role), str(1100 + number))
        for number in range(1, pairs + 1):
            self._begin(number)

    def _begin(self, number: int) -> None:
        """Let a caller ring, one answer and ask for a second, and another come."""
        hall, hands = self.hall, self.hall.hands
        lead, second = hands[2 * number - 2], hands[2 * number - 1]
        call = f"c{number}-1"
        hall.rings(call, f"07700900{400 + number}", LINE, lead.extension)
        hall.answers(call, lead.extension)
        contact = lead.console.contact
        lead.console.pair.need_second(contact)
        hall.settle()
        waiting = next(one for one in second.console.pair.waiting_summons() if one.contact == contact)
        second.console.pair.accept(waiting, second.console.outcomes.append)
        hall.settle()
        (incident,) = second.console.folds.incidents_of_worker(second.who.worker)
        self.cases.append(Case(number, contact, incident.id))

    # --- time ---------------------------------------------------------------------------------

    def run(self, seconds: float = HOUR) -> Hour:
        """Play the hour, let everything come together, and hold it to every promise."""
        end = self.hall.clock.monotonic() + seconds
        while self.hall.clock.monotonic() < end:
            self._pass(self.random.uniform(0.4, 8.0))
            for _ in range(self.random.choice((1, 1, 2, 3))):
                self._act()
            self._hear()
        self._heal()
        self.check()
        return self

    def _pass(self, seconds: float) -> None:
        self.hall.alarm.advance(seconds)
        now = self.hall.clock.monotonic()
        for hand in self.hall.hands:
            if hand.way.cut and now >= self._cut_until.get(hand.who.worker, now):
                hand.way.cut = False

    def _hear(self) -> None:
        """Let most consoles hear what is new; the others are a moment behind."""
        for hand in self.hall.hands:
            if self.random.random() < 0.7:
                hand.console.feed.deliver()
        for case in self.cases:
            for hand in self._members(case):
                self._led(hand, case)

    def _heal(self) -> None:
        for hand in self.hall.hands:
            hand.way.cut = False
            hand.desk.notes.flush_all()
        self.hall.advance(12)

    # --- acts ---------------------------------------------------------------------------------

    def _act(self) -> None:
        case = self.random.choice(self.cases)
        members = self._members(case)
        if not members:
            return
        hand = self.random.choice(members)
        names, weights = zip(*_ACTS.items(), strict=True)
        name = self.random.choices(names, weights)[0]
        # A refusal in words wrote nothing: the worker reads it and goes on.
        with suppress(Refused):
            getattr(self, f"_{name}")(hand, case)
            self.told.acts[name] += 1

    def _type(self, hand: Hand, case: Case) -> None:
        """Type some words of a line, at the handler's screen where it shows the record, and now and then end it."""
        line = hand.lines.setdefault(case.contact, hand.desk.notes.new_line())
        text = hand.typed[line] = f"{hand.typed.get(line, '')} {self.random.choice(WORDS)}".strip()
        if hand.handler.screen.contact_id == case.contact:
            hand.handler.note_changed(str(case.contact), line, text)
        else:
            hand.desk.notes.typed(StreamRef(StreamKind.CONTACT, case.contact), line, text)
        if self.random.random() < 0.4:
            hand.desk.notes.line_ended(line)
            del hand.lines[case.contact]

    def _say(self, hand: Hand, case: Case) -> None:
        words = " ".join(self.random.choices(WORDS, k=2))
        hand.typed[hand.console.pair.say(case.incident, words)] = words

    def _signal(self, hand: Hand, case: Case) -> None:
        keys = [one.key for one in hand.console.pair.signals.signals if one.key != "need_a_second"]
        hand.console.pair.signal(case.incident, self.random.choice(keys))

    def _look(self, hand: Hand, case: Case) -> None:
        """Look at the fields of fact sheet and record, and at both screens."""
        for key in FACTS:
            hand.looked[f"{case.incident} {key}"] = heads_of(self._fact(hand, case, key))
        for name in FIELDS:
            hand.looked[f"{case.contact} {name}"] = heads_of(self._field(hand, case, name))
        self.told.looks_while_cut += hand.way.cut
        self.told.clashes += any(
            found is not None and found.clash for found in map(partial(self._fact, hand, case), FACTS)
        )
        self._screens_are_true(hand)

    def _put_fact(self, hand: Hand, case: Case) -> None:
        key = self.random.choice(FACTS)
        seen = hand.looked.get(f"{case.incident} {key}", ())
        value = " ".join(self.random.choices(WORDS, k=2))
        before = self._ids(hand, case)
        hand.desk.known.facts.put(case.incident, key, value, "caller_stated", over=seen)
        self._wrote(hand, case, before, seen)

    def _put_field(self, hand: Hand, case: Case) -> None:
        name = self.random.choice(FIELDS)
        seen = hand.looked.get(f"{case.contact} {name}", ())
        before = self._ids(hand, case)
        hand.console.contacts.set_field(case.contact, name, self.random.choice(VALUES[name]), over=seen)
        self._wrote(hand, case, before, seen)

    def _choose_fact(self, hand: Hand, case: Case) -> None:
        key = self.random.choice(FACTS)
        register = self._fact(hand, case, key)
        if register is None or not register.clash:
            return
        before = self._ids(hand, case)
        hand.desk.known.facts.choose(case.incident, key, self.random.choice(register.heads).entry)
        self._wrote(hand, case, before, heads_of(register))

    def _wrote(self, hand: Hand, case: Case, before: frozenset[UUID], seen: Sequence[str]) -> None:
        for entry in self._ids(hand, case) - before:
            self.told.seen[entry] = frozenset(seen)

    def _ids(self, hand: Hand, case: Case) -> frozenset[UUID]:
        return frozenset(item.id for item in self._values(hand, case) if item.author == hand.who.worker)

    def _ask_help(self, hand: Hand, case: Case) -> None:
        kind = self.random.choice((HelpKind.AMBULANCE, HelpKind.CRISIS_TEAM, HelpKind.INTERPRETER))
        hand.console.helps.draft(Draft(kind, "please come", incident=case.incident, nobody=True))

    def _take_request(self, hand: Hand, case: Case) -> None:
        """Both of a pair take the same request, neither knowing of the other."""
        open_ones = [one for one in hand.console.folds.helps_of(case.incident) if not one.owner]
        if not open_ones:
            return
        request = self.random.choice(open_ones).id
        for one in self._members(case):
            if one is hand or self.random.random() < 0.6:
                with suppress(Refused):
                    one.console.helps.take(request, self._taken(request, one.who.worker))

    def _taken(self, request: UUID, worker: str) -> Callable[[Outcome], None]:
        won = self.told.wins.setdefault(request, set())

        def answered(outcome: Outcome) -> None:
            self.told.beaten += not outcome.won and bool(outcome.by)
            if outcome.won:
                won.add(worker)

        return answered

    def _swap(self, hand: Hand, case: Case) -> None:
        hand.console.pair.swap(case.incident, hand.console.outcomes.append)

    def _hand_over(self, hand: Hand, case: Case) -> None:
        state = hand.incident(case.incident)
        others = [one.worker for one in state.present if one.worker != hand.who.worker] if state is not None else []
        member = state.member(hand.who.worker) if state is not None else None
        if others and member is not None and member.role in SEATS:
            to = self.random.choice(others)
            hand.desk.night.seats.hand_over(case.incident, member.role, to, hand.console.outcomes.append)

    def _leave(self, hand: Hand, case: Case) -> None:
        hand.console.pair.leave(case.incident, hand.console.outcomes.append)

    def _need_second(self, hand: Hand, case: Case) -> None:
        """Call for a second worker where nobody is; several who are free take it at once."""
        state = hand.incident(case.incident)
        if state is None or state.coordinator is not None:
            return
        hand.console.pair.need_second(case.contact)
        hand.console.feed.deliver()
        for other in self.random.sample(self.hall.hands, k=len(self.hall.hands)):
            other.console.feed.deliver()
            for summons in other.desk.night.seats.summons_for_me()[:1]:
                other.console.pair.accept(summons, other.console.outcomes.append)

    def _observe(self, _: Hand, case: Case) -> None:
        hand = self.random.choice(self.hall.hands)
        if hand.incident(case.incident) is not None:
            hand.console.pair.observe(case.incident)

    def _line(self, hand: Hand, case: Case) -> None:
        """The line drops, and somebody logs what came of ringing back; or the caller rings again."""
        if case.on_line:
            self.hall.ends(case.call, CallOutcome.ANSWERED, "caller")
            case.on_line = False
            return
        state = hand.incident(case.incident)
        drops = hand.desk.known.drops
        drop = drops.drop(state) if state is not None else None
        if state is not None and drop is not None and self.random.random() < 0.5:
            drops.log(case.incident, drop, self.random.choice(list(RingOutcome)), "no reply")
            return
        if hand.console.desk.state().current is not None:
            return
        case.calls, case.on_line = case.calls + 1, True
        self.hall.rings(case.call, f"07700900{400 + case.number}", LINE, hand.extension)
        call = next((one.call for one in hand.console.desk.state().waiting), None)
        self.hall.answers(case.call, hand.extension)
        offered = drops.offered(call)
        if offered is not None and call is not None:
            drops.join(offered, call)

    def _cut(self, hand: Hand, case: Case) -> None:
        """One console, or everybody, is cut off from the record for a while, writes on, and looks at its screens."""
        now = self.hall.clock.monotonic()
        cut = self.random.choice(([hand], [hand], self.hall.hands))
        length = self.random.uniform(3.0, 90.0)
        for one in cut:
            one.way.cut = True
            self._cut_until[one.who.worker] = now + length
        self._type(hand, case)
        self._pass(1.0)
        self._look(hand, case)

    def _kill(self, hand: Hand, case: Case) -> None:
        """A console dies in mid-line; what was typed before the last 0.3 s is there again."""
        if hand.way.cut:
            return
        self._type(hand, case)
        self._pass(0.4)
        again = self.hall.kill(hand)
        self.hall.alarm.advance(1.0)
        again.console.feed.deliver()


_ACTS = {
    "type": 30, "say": 8, "signal": 8, "look": 14, "put_fact": 16, "put_field": 8, "choose_fact": 4, "ask_help": 5,
    "take_request": 5, "swap": 3, "hand_over": 3, "leave": 2, "need_second": 6, "observe": 1, "line": 4, "cut": 2,
    "kill": 1,
}  # fmt: skip
"""How often each act comes, out of all."""
