"""From the services' read models to the handler's rows: decides what is said, in which place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.domain.contacts import ContactState, Decision
from console.domain.forms.spec import FormSpec
from console.domain.incidents import IncidentRole, IncidentState, Member
from console.domain.registers import Register
from console.domain.words import clock_words
from console.services.opened_record import Reading
from ui.desktop.forms.from_spec import choices_of, record_form, with_none
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.handler import (
    before_rows,
    call_rows,
    panel_rows,
    record_rows,
    risk_rows,
    signal_rows,
    who_rows,
)
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.person_sheet import person_sheet
from ui.desktop.screens.handler.rows import HandlerRows, ListRow
from ui.desktop.screens.health import help_health, status_row, who_spans
from ui.desktop.screens.known_rows import drop_row, glance
from ui.desktop.screens.night_words import night_health
from ui.desktop.screens.plan_rows import plan_row, plan_sheet
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.widgets.faces import Choice, Span

_OURS = f"{key_of(Act.END)} twice"
"""The keys that say of a call that is over that one of us ended it."""
CHOOSE = "choose:"
"""Begins the key of a field that settles a clash."""
DECISIONS = (
    Choice("threshold", "Threshold"),
    Choice("share_information", "Share information"),
    Choice("visit", "Visit"),
    Choice("s47", "Section 47"),
    Choice("emergency_power", "Emergency power"),
    Choice("accommodate", "Accommodate"),
    Choice("placement", "Placement"),
    Choice("decline_service", "Decline service"),
    Choice("no_call_back", "No call back"),
    Choice("close", "Close"),
)
"""domain.md 8.1, DecisionKind, in the order they are met at night."""


def handler_rows(given: HandlerInputs) -> HandlerRows:
    """Return the whole screen."""
    return HandlerRows(
        status=status_row(
            _who(given),
            given.calls.phones,
            given.link,
            given.now,
            given.journal,
            (*help_health(given.alarms, given.to_tell, given.link, given.now), *night_health(given.board)),
        ),
        call=call_rows.call_bar(given),
        slot=call_rows.slot(given),
        who=who_rows.who(given),
        risk=risk_rows.risk(given),
        signals=signal_rows.signals(given),
        history=before_rows.history(given),
        notes=record_rows.notes(given),
        prompts=record_rows.prompts(given),
        fields=record_rows.fields(given),
        partner=signal_rows.partner(given),
        help=record_rows.help_asked(given),
        wrap_up=record_rows.wrap_up(given),
        record=_record(given),
        find=panel_rows.find(given),
        unfinished=panel_rows.unfinished(given),
        directory=given.directory_rows,
        sheet=_sheet(given),
        forms=given.forms,
        glance=glance(given.incident, given.now, given.first_name),
        plan=plan_row(given.plan, given.first_name),
        drop=drop_row(given.drop, given.incident, given.now, given.first_name, _OURS),
        notice=given.notice,
    )


def _sheet(given: HandlerInputs) -> ListRow:
    if given.relative_reading is not Reading.NOBODY:
        plan = tuple(plan_sheet(given.relative_plan, given.first_name, given.today))
        return person_sheet(given.relative, given.relative_reading, given.today, plan)
    plan = tuple(plan_sheet(given.plan, given.first_name, given.today))
    return person_sheet(given.record, given.reading, given.today, plan)


def _who(given: HandlerInputs) -> tuple[Span, ...]:
    incident = given.incident
    other = _other(incident, given.worker) if incident is not None and given.pair else None
    if other is None:
        leads = given.has_seat and given.calls.current is None
        return who_spans(given.name, "in an incident, no call" if leads else "handler")
    since = clock_words(other.since)
    if other.role is IncidentRole.LEAD:
        return who_spans(given.name, "second worker", other.name, f"leading since {since}")
    return who_spans(given.name, "handler", other.name, f"coordinating since {since}")


def _other(incident: IncidentState, worker: str) -> Member | None:
    pair = (incident.coordinator, incident.lead)
    return next((one for one in pair if one is not None and one.worker != worker), None)


def _record(given: HandlerInputs) -> FormRow | None:
    if given.contact is None:
        return None
    if given.form is None:
        said = FieldRow("said", "Choose the kind of call first", Kind.SAID, "Its fields appear here then.")
        sections = (SectionRow("", (said,)),)
        return FormRow("record", "Record", sections, send="Finish call record", subject=str(given.contact.id))
    missing = tuple(one.key for one in given.missing) if given.asked_to_finish else ()
    decision = _decision(given)
    clashes = {
        clash.name: f"Two values stand: {'; '.join(one.label for one in _standing(given.form, clash, decision)[1])}"
        for clash in given.contact.clashes
    }
    decision = SectionRow(
        decision.heading, tuple(replace(one, clash=clashes.get(one.key, "")) for one in decision.fields)
    )
    more = (decision, *_to_choose(given.form, given.contact, decision))
    made = record_form(given.form, given.values, missing, clashes, more, str(given.contact.id))
    return replace(made, saves=True, sections=tuple(_with_heads(part, given.contact) for part in made.sections))


def _with_heads(section: SectionRow, contact: ContactState) -> SectionRow:
    """Return a section whose fields say over which entries one types there."""

    def heads(key: str) -> str:
        found = contact.fields.get(key)
        return ",".join(str(one.entry) for one in found.heads) if found is not None else ""

    return replace(section, fields=tuple(replace(one, heads=heads(one.key)) for one in section.fields))


def _to_choose(form: FormSpec, contact: ContactState, decision: SectionRow) -> tuple[SectionRow, ...]:
    """Return the fields in which two people differ, each with the values that stand."""
    rows = []
    for clash in contact.clashes:
        label, values = _standing(form, clash, decision)
        rows.append(FieldRow(f"{CHOOSE}{clash.name}", label, Kind.CHOICE, "", values, True))
    return (SectionRow("Two values stand", tuple(rows)),) if rows else ()


def _standing(form: FormSpec, clash: Register, decision: SectionRow) -> tuple[str, tuple[Choice, ...]]:
    """Return the label of a field in which two people differ, and the values that stand."""
    label, choices = clash.name, tuple[Choice, ...]()
    if (spec := form.field(clash.name)) is not None:
        label, choices = spec.label, choices_of(spec)
    elif (part := next((one for one in decision.fields if one.key == clash.name), None)) is not None:
        label, choices = part.label, part.choices
    labels = {one.key: one.label for one in choices}
    stand = dict.fromkeys(head.value for head in clash.heads)
    return label, tuple(Choice(value, labels.get(value, value)) for value in stand)


def decided(made: Decision | None, typed: Mapping[str, str]) -> Mapping[str, str]:
    """Return a decision by the parts of its form: as it was made, under what was typed since."""
    if made is None:
        return typed
    written = {"kind": made.kind, "what": made.decision, "why": made.rationale, "consulted": made.consulted}
    return written | dict(typed)


def _decision(given: HandlerInputs) -> SectionRow:
    made = given.contact.decisions[-1] if given.contact and given.contact.decisions else None
    wanted = any(one.key.startswith("decision") for one in given.missing)
    now = decided(made, given.contact.half_decision if given.contact else {})
    # One that is made is superseded and never taken back.
    kinds = with_none(DECISIONS, now.get("kind", "")) if made is None else DECISIONS
    whole = all(now.get(part, "").strip() for part in ("kind", "what", "why"))

    def missing(part: str) -> bool:
        return wanted and given.asked_to_finish and (whole or not now.get(part, "").strip())

    why = "Inspectors look for the reason, and the day team must not have to guess it."
    return SectionRow(
        "Decision",
        (
            FieldRow(
                "decision:kind", "What kind", Kind.CHOICE, now.get("kind", ""), kinds,
                needed=wanted, missing=missing("kind"),
            ),
            FieldRow(
                "decision:what", "What was decided", Kind.LONG, now.get("what", ""),
                needed=wanted, missing=missing("what"),
            ),
            FieldRow(
                "decision:why", "Why", Kind.LONG, now.get("why", ""),
                needed=wanted, missing=missing("why"), why=why,
            ),
            FieldRow("decision:consulted", "Who was consulted", value=now.get("consulted", "")),
        ),
    )  # fmt: skip
