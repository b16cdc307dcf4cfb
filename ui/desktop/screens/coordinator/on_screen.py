"""What is on the coordinator's screen: the incident, its contact and person, and everything folded from them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.night import NightState
from console.domain.relay_card import RelayCard
from console.domain.whom_to_ring import by_handset as is_by_handset
from console.services.folds import streams_around
from console.services.opened_record import OpenedRecord, Reading
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.presenter import CoordinatorInputs
from ui.desktop.screens.coordinator.relay import RelayOnScreen, RelayShown
from ui.desktop.screens.directory import DirectoryPresenter
from ui.desktop.screens.health import help_health, status_row, who_spans
from ui.desktop.screens.known_rows import DropNow
from ui.desktop.screens.night_words import night_health, ring_health
from ui.desktop.screens.plan_acts import PlanAbout, plan_on_screen, read_plan
from ui.desktop.screens.ringing_back import Chosen, drop_now
from ui.desktop.widgets.faces import HealthRow, Mark, Span


class PairOnScreen:
    """Gathers what the screen is drawn from; opens the chosen person's record by ticket."""

    def __init__(self, desk: Desk, changed: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        self._desk = desk
        self.relay = RelayOnScreen(desk)
        self._person = OpenedRecord(desk.access, desk.ledger, desk.clock, partial(read_plan, desk, changed), failed)
        self._directory = DirectoryPresenter(desk.cover.name)
        self._mine: frozenset[UUID] = frozenset()
        self._chosen: UUID | None = None
        self._shown: UUID | None = None

    def owner(self, work: UUID) -> str:
        """Return who has a piece of open work (a request, a record, an incident), by key; empty for nobody."""
        request = self._desk.folds.help(work)
        if request is not None:
            return request.owner
        return next((card.owner for card in self._desk.board.work() if card.id == work), "")

    def incident(self) -> IncidentState | None:
        """Return the live incident this screen is about: the one chosen, else a seat before what is only watched.

        Of two seats the one on screen stays, whoever puts this worker into another; of what is watched the newest
        shows, because everybody comes to watch by themselves.
        """
        worker = self._desk.who.worker
        mine = self._desk.folds.incidents_of_worker(worker)
        here = frozenset(one.id for one in mine)
        if here - self._mine and not any(one.holds_seat(worker) for one in mine):
            self._chosen = None
        self._mine = here

        def before(one: IncidentState) -> tuple[bool, bool, bool, str]:
            seated, member = one.holds_seat(worker), one.member(worker)
            since = str(member.since) if member is not None else ""
            return one.id == self._chosen, seated, seated and one.id == self._shown, since

        found = max(mine, key=before, default=None)
        self._shown = found.id if found is not None else None
        return found

    def others(self) -> tuple[IncidentState, ...]:
        """Return the live incidents this worker is in beside the one on screen."""
        shown, mine = self.incident(), self._desk.folds.incidents_of_worker(self._desk.who.worker)
        return tuple(one for one in mine if shown is not None and one.id != shown.id)

    def choose(self, work: UUID) -> bool:
        """Show another incident of this worker, by its id or its contact's; say whether there is one."""
        found = next((one for one in self.others() if work == one.id or work in one.contacts), None)
        if found is not None:
            self._chosen = found.id
        return found is not None

    def gather(self, forms: tuple[FormRow, ...], notice: str) -> CoordinatorInputs:
        """Return everything the screen is drawn from, as of now."""
        desk, incident = self._desk, self.incident()
        contact = desk.folds.contact(incident.contact) if incident and incident.contact else None
        call_id = contact.calls[-1] if contact and contact.calls else None
        call = desk.calls.call(call_id)
        helps = desk.folds.helps_of(incident.id, *incident.contacts) if incident else ()
        if incident is not None:
            self._follow(incident)
            self._open_record(incident)
        else:
            desk.seen.show(desk.pair.streams_of(desk.night.seats.summons_for_me()))
        state, directory, reaches = desk.shift.shift(), desk.directory.now(), desk.reaches()
        return CoordinatorInputs(
            desk.who.worker,
            status_row(
                self._who(incident),
                desk.calls.state().phones,
                desk.ledger.link,
                desk.clock.now(),
                desk.journal,
                (*self._help_health(), *self._more()),
            ),
            state,
            incident,
            contact,
            desk.folds.signals_of_incident(incident) if incident else desk.no_signals,
            helps,
            tuple(one for one in desk.folds.helps() if one not in helps),
            call,
            self._person.record if incident else None,
            self._person.reading if incident else Reading.NOBODY,
            desk.line_of(contact),
            self.relay.shown(incident) if incident else RelayShown(),
            directory,
            self._directory.rows(directory, desk.clock.now(), desk.dialling.typed.told()),
            desk.cover.name,
            desk.other_work(incident),
            frozenset(work for one in self.others() for work in (one.id, *one.contacts)),
            desk.ledger.name_of,
            desk.night.seats.summons_for_me(),
            partial(desk.receipts.line, reaches=reaches),
            desk.receipts.signals(incident.id, reaches=reaches) if incident else (),
            partial(desk.receipts.answer, reaches=reaches),
            desk.pair.signals,
            self.by_handset(helps),
            away=desk.away_words(),
            forms=forms,
            notice=notice,
            limits=desk.helps.thresholds,
            night=desk.board.last.night if desk.board.last is not None else NightState(),
            script=desk.night.rules.script,
            signalled=desk.folds.signalled(desk.pair.waiting_summons()),
            proposals=desk.known.facts.proposed(incident) if incident else (),
            drop=self.drop(),
            plan=plan_on_screen(desk, self.plan_about()),
        )

    def plan_about(self) -> PlanAbout:
        """Return whose plan this screen is about."""
        incident = self.incident()
        contact = self._desk.folds.contact(incident.contact) if incident and incident.contact else None
        return PlanAbout(contact, self._person.record if incident else None)

    def drop(self) -> DropNow | None:
        """Return the drop of this pair's line, None while it is there."""
        incident, desk = self.incident(), self._desk
        contact = desk.folds.contact(incident.contact) if incident and incident.contact else None
        return drop_now(desk, incident, contact, Chosen.of(contact, self._person))

    def _who(self, incident: IncidentState | None) -> tuple[Span, ...]:
        lead, name = incident.lead if incident else None, self._desk.who.name
        if incident is not None and incident.guessed:
            return who_spans(name, "coordinating")
        if lead is not None and lead.worker != self._desk.who.worker:
            return who_spans(name, "coordinating", lead.name)
        if incident is not None and incident.live and lead is not None:
            second = incident.coordinator
            return who_spans(name, "leading", second.name if second is not None else "")
        resting = self._desk.night.recovery.resting()
        return who_spans(name, "ready" if self._desk.is_ready() else "in recovery" if resting else "away")

    def _help_health(self) -> tuple[HealthRow, ...]:
        desk = self._desk
        return help_health(desk.helps.alarms(), len(desk.follow_up.to_tell()), desk.ledger.link, desk.clock.now())

    def _more(self) -> tuple[HealthRow, ...]:
        own = ring_health(self._desk.waiting_words())
        board = self._desk.board.last
        # The guard's words say who waits, too.
        armed = board is not None and board.night.call_out is not None and board.night.guard.nobody_for_next
        others = len(self.others())
        also = (HealthRow(f"In {others + 1} incidents: see Other open work", mark=Mark.NONE),) if others else ()
        return (*ring_health(self._desk.asked_words()), *also, *(() if armed else own), *night_health(board))

    def _follow(self, incident: IncidentState) -> None:
        desk = self._desk
        streams = streams_around(incident)
        for stream in streams:
            desk.backfill.want(stream)
        desk.seen.show(streams)

    def _open_record(self, incident: IncidentState) -> None:
        """Open the chosen person's record by ticket, so that the opening is on the access log."""
        contact = self._desk.folds.contact(incident.contact) if incident.contact else None
        subject = contact.subject if contact else None
        self._person.follow(subject.person if subject else None, "second worker on this call")

    def card(self, incident: IncidentState) -> RelayCard:
        """Return the relay card as the record stands now."""
        return self.relay.card(incident)

    def by_handset(self, helps: tuple[HelpRequest, ...]) -> frozenset[str]:
        """Return whom no program may ring: the keys of requests and of rows of the directory."""
        state, is_emergency = self._desk.directory.now(), self._desk.dialling.is_emergency
        numbers = {str(one.id): one.number for one in state.agencies}
        numbers |= {str(duty.id): duty.number for lane in state.lanes for duty in lane.now}
        rows = {key for key, number in numbers.items() if is_emergency(number)}
        return frozenset(rows | {str(one.id) for one in helps if is_by_handset(one)})
