"""How a played colleague does each verb of a rehearsal: by the services that a worker's screen calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from console.domain.forms.checking import answer
from console.domain.forms.registry import TYPE
from console.domain.forms.spec import FieldSpec
from console.domain.help_kinds import HelpKind, HelpState, RcrpGround
from console.domain.help_requests import HelpRequest
from console.domain.incidents import IncidentState
from console.domain.locations import source_of
from console.domain.record import StreamKind, StreamRef
from console.domain.signals import SignalKind
from console.services.contact_record import DecisionDraft
from console.services.help_ledger import Draft, News
from ui.desktop.demo.news import news_fields
from ui.desktop.desk import Desk

Words = tuple[str, ...]


class NotYet(Exception):
    """What the act needs is not there yet; the words say what."""


def _incident(desk: Desk) -> IncidentState:
    mine = desk.folds.incidents_of_worker(desk.who.worker)
    if not mine:
        raise NotYet("no incident is joined")
    return mine[-1]


def _contact(desk: Desk) -> UUID:
    """Return the record of the call: the colleague's own, or that of the incident joined."""
    mine = desk.contacts.unfinished()
    if mine:
        return mine[-1].id
    contacts = _incident(desk).contacts
    if not contacts:
        raise NotYet("the incident has no record of a call yet")
    return contacts[0]


def _about(desk: Desk) -> UUID:
    mine = desk.folds.incidents_of_worker(desk.who.worker)
    return mine[-1].id if mine else _contact(desk)


def _requests(desk: Desk, kind: HelpKind) -> list[HelpRequest]:
    mine = desk.folds.incidents_of_worker(desk.who.worker)
    about = {one for incident in mine for one in (incident.id, *incident.contacts)} | {_about(desk)}
    found = [one for one in desk.folds.helps_of(*about) if one.kind is kind]
    return sorted(found, key=lambda one: str(one.id))


def _request(desk: Desk, kind: str) -> UUID:
    found = _requests(desk, HelpKind(kind))
    if not found:
        raise NotYet(f"no request for {kind} is there")
    return found[-1].id


# --- the call and the note ------------------------------------------------------------------------


def _types(desk: Desk, words: Words) -> None:
    mine = desk.contacts.unfinished()
    if not mine:
        desk.incidents.note(_incident(desk).id, words[0])
        return
    line = desk.notes.new_line()
    desk.notes.typed(StreamRef(StreamKind.CONTACT, mine[-1].id), line, words[0])
    desk.notes.line_ended(line)


def _asks(desk: Desk, words: Words) -> None:
    desk.contacts.ask(_contact(desk), words[0])


def _field(desk: Desk, contact: UUID, name: str) -> FieldSpec | None:
    if name == TYPE.key:
        return TYPE
    state = desk.folds.contact(contact)
    form = desk.contacts.form(state.type) if state is not None else None
    return form.field(name) if form is not None else None


def _sets(desk: Desk, words: Words) -> None:
    contact = _contact(desk)
    spec = _field(desk, contact, words[0])
    desk.contacts.set_field(contact, words[0], answer(spec, words[1]) if spec is not None else words[1])


def _decides(desk: Desk, words: Words) -> None:
    desk.contacts.decide(_contact(desk), DecisionDraft("", words[0], words[1]))


# --- the keys -------------------------------------------------------------------------------------


def _answer(desk: Desk) -> None:
    desk.call_acts.answer(lambda _: None)


def _end_call(desk: Desk) -> None:
    desk.call_acts.end(lambda _: None)


def _join(desk: Desk) -> None:
    waiting = [one for one in desk.pair.waiting_summons() if one.asked_by != desk.who.worker]
    if not waiting:
        raise NotYet("nobody has asked for a second worker")
    desk.pair.accept(waiting[0], lambda _: None)


def _observe(desk: Desk) -> None:
    live = [one for one in desk.folds.incidents() if one.live]
    if not live:
        raise NotYet("there is no incident")
    desk.pair.observe(live[-1].id)


def _finish(desk: Desk) -> None:
    lacking = desk.contacts.complete(_contact(desk))
    if lacking:
        raise NotYet(f"the record lacks {', '.join(one.label for one in lacking)}")


_KEYS: Mapping[str, Callable[[Desk], None]] = {
    "answer": _answer,
    "end_call": _end_call,
    "join": _join,
    "observe": _observe,
    "finish": _finish,
}


def _presses(desk: Desk, words: Words) -> None:
    if words[0] in _KEYS:
        _KEYS[words[0]](desk)
    elif words[0] == SignalKind.NEED_A_SECOND.value:
        desk.pair.need_second(_contact(desk))
    else:
        desk.pair.signal(_about(desk), SignalKind(words[0]))


def _says(desk: Desk, words: Words) -> None:
    desk.pair.say(_about(desk), words[0])


# --- facts and help -------------------------------------------------------------------------------


def _records(desk: Desk, words: Words) -> None:
    fact, said, source = words
    incident = _incident(desk).id
    if fact == "location":
        desk.incidents.place(incident, said, source_of(source))
    elif fact == "hazard":
        desk.incidents.hazard(incident, said, source)
    else:
        desk.incidents.fact(incident, fact, said, source)


def _drafts(desk: Desk, words: Words) -> None:
    _draft(desk, words[0], words[1] if len(words) > 1 else "", None)


def _draft(desk: Desk, kind: str, said: str, ground: RcrpGround | None) -> UUID:
    mine = desk.folds.incidents_of_worker(desk.who.worker)
    about = mine[-1].id if mine else None
    contact = _contact(desk)
    return desk.helps.draft(Draft(HelpKind(kind), said, incident=about, contact=contact, ground=ground))


def _ground(written: str) -> RcrpGround | None:
    return next((ground for ground in RcrpGround if ground.value == written), None)


def _sends(desk: Desk, words: Words) -> None:
    kind, said = words[0], words[1] if len(words) > 1 else ""
    ground = _ground(said)
    text = "" if ground is not None else said
    drafts = [one for one in _requests(desk, HelpKind(kind)) if one.state is HelpState.DRAFTED]
    request = drafts[-1].id if drafts else _draft(desk, kind, text, ground)
    desk.helps.send(request, ground, text)


def _logs(desk: Desk, words: Words) -> None:
    kind, news, said = words
    request, ledger = _request(desk, kind), desk.helps
    if news == "update":
        ledger.update(request, said)
    elif news == "told":
        ledger.told(request, said)
    elif news == "alternative":
        ledger.alternative(request, said)
    elif news == HelpState.DECLINED.value:
        ledger.decline(request, said)
    elif news == HelpState.ESCALATED.value:
        ledger.escalate(request, said)
    elif news == HelpState.CANCELLED.value:
        ledger.cancel(request, said)
    else:
        ledger.log(request, _news(news, said))


def _news(state: str, said: str) -> News:
    parts = news_fields(state, said)
    minutes = parts.get("minutes")
    return News(
        HelpState(state), parts.get("text", ""), parts.get("reference", ""), parts.get("name", ""),
        parts.get("grade", ""), int(minutes) if minutes else None,
    )  # fmt: skip


ACTS: Mapping[str, Callable[[Desk, Words], None]] = {
    "types": _types,
    "asks": _asks,
    "sets": _sets,
    "decides": _decides,
    "presses": _presses,
    "says": _says,
    "records": _records,
    "drafts": _drafts,
    "sends": _sends,
    "logs": _logs,
}
"""Each verb of a played desk.  Raises :class:`NotYet`, ``NightdeskError`` (tried again) or ``CannotPlay``."""
