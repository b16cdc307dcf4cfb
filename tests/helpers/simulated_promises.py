"""What an hour of simulated hands is held to: nothing lost, nothing overwritten unseen, always a lead, all agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from console.domain.contacts import ContactState
from console.domain.incidents import IncidentRole, IncidentState
from console.domain.items import Item
from console.domain.record import Envelope, Kind, Stored, StreamKind, StreamRef
from console.domain.registers import Register
from console.domain.timeline import timeline
from tests.helpers.night_room import START
from tests.helpers.simulated_room import Hall, Hand
from ui.desktop.widgets.faces import Kept

FACTS = ("where", "state", "taken", "alone")
FIELDS = ("consent", "priority", "source")
_ON_SCREEN = frozenset({Kept.SHARED, Kept.SEEN})
SEATS = frozenset({IncidentRole.LEAD, IncidentRole.COORDINATOR})
_VALUES = frozenset({Kind.INCIDENT_FACT, Kind.INCIDENT_LOCATION, Kind.CONTACT_FIELD})


class BrokenPromise(AssertionError):
    """One of the promises did not hold."""


@dataclass
class Case:
    """One caller: the call, the record, the incident."""

    number: int
    contact: UUID
    incident: UUID
    calls: int = 1
    """How many calls it has had."""
    on_line: bool = True

    @property
    def call(self) -> str:
        """Return the switchboard's name of the newest call."""
        return f"c{self.number}-{self.calls}"


@dataclass
class Told:
    """What was promised to somebody, and by whom."""

    wins: dict[UUID, set[str]] = field(default_factory=dict)
    """By request that was asked for: who was told that it is theirs."""
    seen: dict[UUID, frozenset[str]] = field(default_factory=dict)
    """By entry: the values that its author had seen in the field when they wrote it."""
    acts: Counter[str] = field(default_factory=Counter)
    beaten: int = 0
    """How often somebody was told that another was first."""
    clashes: int = 0
    """How often somebody looked at a field in which two values stood."""
    looks_while_cut: int = 0


class Promised:
    """The room, its cases, and the promises."""

    def __init__(self, seed: int, hall: Hall) -> None:
        self.seed = seed
        self.hall = hall
        self.told = Told()
        self.cases: list[Case] = []

    def _members(self, case: Case) -> list[Hand]:
        """Return who is in the incident as their own console has it."""
        found = []
        for hand in self.hall.hands:
            state = hand.incident(case.incident)
            if state is not None and state.member(hand.who.worker) is not None:
                found.append(hand)
        return found

    def _values(self, hand: Hand, case: Case) -> list[Item]:
        streams = (StreamRef(StreamKind.INCIDENT, case.incident), StreamRef(StreamKind.CONTACT, case.contact))
        return [item for ref in streams for item in hand.console.ledger.items(ref) if item.kind in _VALUES]

    def _fact(self, hand: Hand, case: Case, key: str) -> Register | None:
        state = hand.incident(case.incident)
        if state is None:
            return None
        if key == "where":
            return state.where_said
        found = state.fact(key)
        return found.register if found is not None else None

    def _field(self, hand: Hand, case: Case, name: str) -> Register | None:
        state = hand.console.folds.contact(case.contact)
        return state.fields.get(name) if state is not None else None

    # --- promises -----------------------------------------------------------------------------

    def _led(self, hand: Hand, case: Case) -> None:
        """A live incident has a lead on every screen, at every moment, and nobody has both seats."""
        state = hand.incident(case.incident)
        if state is None or not state.live or state.unreadable:
            return  # who comes in to watch while the record is away cannot read who is there yet
        holders = [one for one in state.present if one.role in SEATS]
        roles = Counter(one.role for one in holders)
        self._must(roles[IncidentRole.LEAD] == 1, f"{hand.who.name} sees {roles[IncidentRole.LEAD]} leads")
        self._must(roles[IncidentRole.COORDINATOR] <= 1, f"{hand.who.name} sees two second workers")
        self._must(len({one.worker for one in holders}) == len(holders), f"{hand.who.name}: one has both seats")

    def _screens_are_true(self, hand: Hand) -> None:
        """What is shown as shared is in the record; both values of a clash are on the screen."""
        rows = hand.handler_rows()
        if rows.notes.record:
            stream = StreamRef(StreamKind.CONTACT, UUID(rows.notes.record))
            there = {(str(one.content()["line"]), str(one.content()["text"])) for one in self._stored(hand, stream)}
            for line in rows.notes.lines:
                if line.kept in _ON_SCREEN and not line.author:
                    self._must((str(line.line_id), line.text) in there, f"a false tick on {line.text!r}")
        beside = hand.coordinator_rows()
        if beside.incident:
            state = hand.incident(UUID(beside.incident))
            self._facts_are_shown({fact.key: fact.text for fact in beside.facts}, state)

    def _stored(self, hand: Hand, stream: StreamRef) -> list[Stored]:
        found = self.hall.record.stream(hand.who, stream)
        return [one for one in found if one.envelope.kind is Kind.CONTACT_NOTE and one.body is not None]

    def _facts_are_shown(self, shown: dict[str, str], state: IncidentState | None) -> None:
        for fact in state.facts if state is not None else ():
            if fact.clash:
                for head in fact.register.heads:
                    self._must(f"settle {fact.key} {head.entry}" in shown, f"{head.value!r} is on no screen")
            else:
                self._must(shown.get(fact.key) == fact.text, f"{fact.key} is not {fact.text!r} on the screen")

    def check(self) -> None:
        """Hold the healed hour to every promise."""
        self._together()
        self._nothing_is_lost()
        for case in self.cases:
            self._agree(case)
            self._no_silent_overwrite(case)
            for hand in self._members(case):
                self._screens_are_true(hand)
        self._taken_once()

    def _together(self) -> None:
        heads = {hand.console.ledger.link.head for hand in self.hall.hands}
        self._must(len(heads) == 1, f"{len(heads)} heads")
        for hand in self.hall.hands:
            link = hand.console.ledger.link
            self._must(not link.waiting and not link.is_away, f"{hand.who.name} says {link}")
            self._must(not hand.console.runner.unhandled, f"{hand.who.name}: {hand.console.runner.unhandled}")
            self._must(not hand.console.ledger.set_aside(), f"{hand.who.name}: {hand.console.ledger.set_aside()}")
        report = self.hall.record.verify()
        self._must(not report.first_bad, f"the chain: {report}")

    def _nothing_is_lost(self) -> None:
        """Every entry a journal ever kept is in the record once, and so is every word typed, in its newest form."""
        ids = Counter(one.id for one in self.envelopes())
        self._must(all(times == 1 for times in ids.values()), "an entry stands twice")
        for hand in self.hall.hands:
            journal = self.hall.journals[hand.who.worker]
            for kept in (*journal.waiting(), *journal.shared_since(START)):
                self._must(kept.entry.id in ids, f"{kept.entry.kind} of {hand.who.name} is nowhere")
        newest: dict[UUID, str] = {}
        for case in self.cases:
            for hand in self._members(case)[:1]:
                contact = hand.console.folds.contact(case.contact)
                state = hand.incident(case.incident)
                newest |= {line.line: line.text for line in (contact.notes if contact is not None else ())}
                said = hand.console.folds.signals_of_incident(state).messages if state is not None else ()
                newest |= {line.line: line.text for line in said}
        for hand in self.hall.hands:
            for line, text in hand.typed.items():
                self._must(newest.get(line) == text, f"{hand.who.name} typed {text!r}: {newest.get(line)!r}")

    def envelopes(self) -> list[Envelope]:
        """Return the whole record, in its order."""
        found: list[Envelope] = []
        while more := self.hall.record.envelopes(len(found)):
            found.extend(more)
        return found

    def _agree(self, case: Case) -> None:
        """All who are in it have the same incident, record, requests and timeline."""
        looks = [self._seen_of(hand, case) for hand in self._members(case)]
        self._must(len(looks) >= 1, f"nobody is in incident {case.number}")
        self._must(all(one == looks[0] for one in looks), f"incident {case.number} differs between its workers")
        for hand in self._members(case):
            self._led(hand, case)

    def _seen_of(self, hand: Hand, case: Case) -> tuple[object, ...]:
        folds = hand.console.folds
        state, contact = folds.incident(case.incident), folds.contact(case.contact)
        # In one order: a console lists requests as they came to it, and every screen sorts them by need.
        helps = sorted(folds.helps_of(case.incident), key=lambda one: str(one.id))
        assert state is not None
        contacts: list[ContactState] = [contact] if contact is not None else []
        return state, contact, helps, timeline(state, contacts, folds.signals_of_incident(state), helps)

    def _no_silent_overwrite(self, case: Case) -> None:
        """What was typed over had been on its author's screen; everything else stands."""
        hand = self._members(case)[0]
        items = self._values(hand, case)
        authors = {item.id: item.author for item in items}
        gone: dict[UUID, set[UUID]] = defaultdict(set)
        for item in items:
            over = {item.replaces} | {UUID(str(one)) for one in item.content.get("settles", ())}
            for one in over - {None}:
                assert one is not None
                gone[one].add(item.id)
                if item.id in self.told.seen and authors.get(one) != item.author:
                    known = str(one) in self.told.seen[item.id]
                    self._must(known, f"{item.author} typed over {authors.get(one)}'s {item.slot} unseen")
        registers = [self._fact(hand, case, key) for key in FACTS] + [self._field(hand, case, key) for key in FIELDS]
        standing = {head.entry for one in registers if one is not None for head in one.heads}
        for item in items:
            if item.id in self.told.seen and item.slot and item.id not in gone:
                self._must(item.id in standing, f"a value of {item.author} in {item.slot} stands nowhere")

    def _taken_once(self) -> None:
        folds = self.hall.hands[0].console.folds
        for request, wins in self.told.wins.items():
            self._must(len(wins) <= 1, f"{wins} were told that request {request} is theirs")
            found = folds.help(request)
            self._must(found is not None and bool(found.owner) == bool(wins), f"request {request} of {found}")
        accepted = Counter(one.slot for one in self._accepted())
        self._must(all(times == 1 for times in accepted.values()), "a summons was accepted twice")

    def _accepted(self) -> list[Item]:
        ledger = self.hall.hands[0].console.ledger
        found = [item for ref in ledger.streams(StreamKind.SIGNALS) for item in ledger.items(ref)]
        return [item for item in found if item.kind is Kind.SUMMONS_ACCEPTED]

    def _must(self, held: bool, words: str) -> None:
        if not held:
            message = f"hour {self.seed} at {self.hall.clock.now():%H:%M:%S}: {words}"
            raise BrokenPromise(message)


def heads_of(register: Register | None) -> tuple[str, ...]:
    """Return the entries that stand in a field."""
    return tuple(str(one.entry) for one in register.heads) if register is not None else ()
