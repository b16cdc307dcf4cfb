"""How each verb of a script is played at a window: ``desk priya types "name Marcus"``."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from console.domain.contacts import ContactState, Decision
from console.domain.forms.common import OUTCOME_CHOICES
from console.domain.record import Role
from ui.desktop.demo import hands
from ui.desktop.demo.hands import CannotPlay, Doing, Until
from ui.desktop.demo.news import kind_of, news_fields
from ui.desktop.demo.presses import play_press, screen_of
from ui.desktop.demo.stage import Player, Stage
from ui.desktop.screens.handler.candidates import CandidateCard
from ui.desktop.shortcuts import CANDIDATES, Act, Screen
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.ticks import TickBox

Verb = Callable[[Player, tuple[str, ...]], Doing]
LABELS: Mapping[str, str] = {
    "kind_of_call": "Kind of call",
    "how_urgent": "How urgent",
    "who_is_calling": "Who is calling",
    "consent": "Consent",
    "outcome": "Outcome",
    "handover_to": "Handover to",
}
_ALSO = {words.casefold(): one.label for one in OUTCOME_CHOICES for words in one.also}


class Verbs:
    """Plays the verbs; ``pace`` gives the pause after each key typed."""

    def __init__(self, stage: Stage, pace: Callable[[], Until] | None) -> None:
        self._stage = stage
        self._pace = pace
        self._known: Mapping[str, Verb] = {
            "signs_in": self.sign_in,
            "signs_out": self.sign_out,
            "types": self.type,
            "starts": self.start,
            "presses": play_press,
            "chooses": self.choose,
            "confirms": self.confirm,
            "asks": self.ask,
            "sets": self.set,
            "says": self.say,
            "records": self.record,
            "drafts": self.draft,
            "sends": self.send,
            "logs": self.log,
            "decides": self.decide,
            "shares": self.share,
            "tells": self.tell,
            "offers_debrief": self.offer_debrief,
        }

    def play(self, player: Player, verb: str, words: tuple[str, ...]) -> Doing:
        """Return the act; raises :class:`CannotPlay` for a verb nobody plays."""
        if verb not in self._known:
            raise CannotPlay(f"no desk can play “{verb}”")
        return self._known[verb](player, words)

    def sign_in(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Sign in at a telephone, once."""
        if player.signed_in:
            return
        extension, began = words
        screen, role = ROLES[began] if began in ROLES else (Screen.HANDLER, Role(began))
        answers: list[str] = []
        player.place.sign_in(player.name, extension, role, screen, answers.append)
        yield lambda: bool(answers)
        if answers[0]:
            raise CannotPlay(answers[0])
        player.signed_in, player.began = True, screen

    def sign_out(self, player: Player, _words: tuple[str, ...]) -> Doing:
        """Sign out by the form, which asks for a taker where work is in hand."""
        view = screen_of(player)
        hands.press(view, Act.SIGN_OUT)
        colleague = next((one for one in self._stage.seated() if one is not player), None)
        held = player.desk.shift.holding()
        values = {"taker": colleague.desk.who.worker} if held and colleague else {}
        yield from hands.fill(view, "sign_out", values)
        player.signed_in = False

    # --- the note -----------------------------------------------------------------------------

    def type(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Write a line and press Enter; what ``starts`` left is replaced."""
        yield from self.start(player, words)
        hands.key(player.handler.notes.editor, Qt.Key.Key_Return, "\r")
        player.typed.append(words[0])
        player.unfinished = ""
        yield hands.now

    def start(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Write a line and leave it unfinished."""
        editor = player.handler.notes.editor
        yield lambda: bool(editor.record)
        editor.moveCursor(QTextCursor.MoveOperation.End)
        same = os.path.commonprefix([player.unfinished, words[0]])
        for _ in player.unfinished[len(same) :]:
            hands.key(editor, Qt.Key.Key_Backspace)
        yield from hands.type_text(editor, words[0][len(same) :], self._pace)
        player.unfinished = words[0]

    # --- who it is, and the record ------------------------------------------------------------

    def choose(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Choose a candidate by the card's own Alt key."""
        wanted = {part.casefold() for part in words[0].split()}

        def card() -> CandidateCard | None:
            cards = hands.visible(player.handler, CandidateCard)
            return next((c for c in cards if wanted <= set(c.row.name.casefold().replace(",", "").split())), None)

        yield lambda: card() is not None
        found = card()
        if found is not None:
            hands.press(player.handler, CANDIDATES[found.row.index - 1])
        yield lambda: (left := card()) is None or left.row.chosen

    def confirm(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Tick what the caller said, and confirm."""
        hands.press(player.handler, Act.CONFIRM)
        ticks = {key: "yes" for key in ("name", "born", "postcode") if key in words[0]}
        yield from hands.fill(player.handler, "confirm", ticks)

    def ask(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Tick a prompt; those that do not fit yet move up as others are asked."""
        prompts = player.handler.notes.prompts

        def box() -> TickBox | None:
            shown = hands.visible(prompts, TickBox)
            return next((one for one in shown if one.accessibleName() == words[0]), None)

        yield hands.now
        found = box()
        if found is None:
            yield from self._ask_unseen(player, words[0])
            return
        found.click()
        yield lambda: box() is not found or not found.isVisible()

    def _ask_unseen(self, player: Player, label: str) -> Doing:
        """A prompt that has no room on a small window stands in the whole record (Ctrl+4)."""
        contact = _contact_of(player)
        form = player.desk.contacts.form(contact.type) if contact else None
        key = next((one.key for one in form.prompts if one.label == label), "") if form else ""
        if not key:
            raise CannotPlay(f"nothing to ask is called {label}")
        player.handler.notes.prompts.toggled.emit(key, True)
        yield hands.now

    def set(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Choose a value of a field on the page; every other field stands in the whole record (Ctrl+4)."""
        field, value = words
        if field not in LABELS:
            yield from self._set_in_record(player, field, value)
            return
        label = LABELS[field]
        wanted = _ALSO.get(value.casefold(), value)
        yield lambda: any(one.isEnabled() for one in _boxes(player, label))
        hands.choose_label(hands.box_named(player.handler, label), wanted)
        yield hands.now

    def _set_in_record(self, player: Player, field: str, value: str) -> Doing:
        hands.press(player.handler, Act.RECORD)
        yield from hands.write(player.handler, "record", {field: value})
        yield lambda: bool((contact := _contact_of(player)) and contact.value(field))
        player.handler.to_note()

    def decide(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Record a decision and its rationale in the whole record."""
        decision, why = words
        values = {"decision:kind": "share_information", "decision:what": decision, "decision:why": why}
        hands.press(player.handler, Act.RECORD)
        yield from hands.write(player.handler, "record", values)
        yield lambda: any(one.decision == decision for one in _decisions(player))
        player.handler.to_note()

    # --- the pair -----------------------------------------------------------------------------

    def say(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Write one line to the partner, and Enter."""
        handler = player.place.window.screen_shown is Screen.HANDLER
        line = player.handler.help.message if handler else player.coordinator.pair.line
        yield lambda: line.isVisibleTo(player.place.window) and not line.isReadOnly()
        yield from hands.type_text(line, words[0], self._pace)
        hands.key(line, Qt.Key.Key_Return, "\r")
        yield lambda: not line.text()

    def record(self, player: Player, words: tuple[str, ...]) -> Doing:
        """State a fact with its source."""
        fact, text, source = words
        key = {"location": "where"}.get(fact, fact)
        player.coordinator.panels.open_form("fact", "State a fact", key)
        yield from hands.fill(player.coordinator, "fact", {"key": key, "text": text, "source": source})

    def draft(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Open a request; nothing is sent."""
        yield from self._draft(player, words[0], words[1] if len(words) > 1 else "", "")

    def _draft(self, player: Player, agency: str, text: str, ground: str) -> Doing:
        view = screen_of(player)
        kind = kind_of(agency).value
        before = len(_requests(player, agency))
        values = {"kind": kind, "words": text, "ground": ground}
        hands.press(view, Act.ASK_HELP)
        yield from hands.fill(view, "ask_help", {name: value for name, value in values.items() if value})
        yield lambda: len(_requests(player, agency)) > before

    def send(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Say that a request was made; where there is no draft, draft it first."""
        agency, said = words[0], words[1] if len(words) > 1 else ""
        if not _requests(player, agency):
            ground = said if said in GROUNDS else ""
            yield from self._draft(player, agency, "" if ground else said, ground)
        request = _requests(player, agency)[-1]
        view = player.coordinator.pair.requests
        yield lambda: any(row.key == request and "send" in row.acts for row in view.rows)
        view.choose(request)
        view.acted.emit(request, "send")
        yield lambda: not any(row.key == request and "send" in row.acts for row in view.rows)

    def tell(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Tick as told to an agency what changed since it was asked: Enter on its row."""
        yield lambda: bool(_requests(player, words[0]))
        request = _requests(player, words[0])[-1]
        view = player.coordinator.pair.requests
        yield lambda: any(row.key == request and "tell" in row.acts for row in view.rows)
        view.choose(request)
        view.acted.emit(request, "tell")
        yield lambda: not any(row.key == request and "tell" in row.acts for row in view.rows)

    def log(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Log what an agency said."""
        agency, state, text = words
        yield from self._log(player, agency, news_fields(state, text))

    def share(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Record what was told to an agency, on its request."""
        agency, what = words
        yield from self._log(player, agency, {"state": "update", "text": what})

    def _log(self, player: Player, agency: str, values: dict[str, str]) -> Doing:
        yield lambda: bool(_requests(player, agency))
        request = _requests(player, agency)[-1]
        if player.place.window.screen_shown is Screen.COORDINATOR:
            view = player.coordinator
            view.panels.open_form("log_news", "Log news", request)
            yield from hands.fill(view, "log_news", {"request": request, **values})
        else:
            hands.press(player.handler, Act.LOG_NEWS)
            yield from hands.fill(player.handler, "log_news", {"request": request, **values})

    def offer_debrief(self, player: Player, words: tuple[str, ...]) -> Doing:
        """Note that a debrief was offered; no screen of this version has a form for it yet."""
        whom = self._stage.of(words[0]).desk.who.worker
        mine = player.desk.folds.incidents_of_worker(player.desk.who.worker)
        if not mine:
            raise CannotPlay("this desk has joined no incident to debrief")
        incident = mine[-1]
        player.desk.incidents.debrief(incident.id, whom, accepted=len(words) > 1 and words[1] == "accepted")
        yield hands.now


ROLES: Mapping[str, tuple[Screen, Role]] = {
    "handler": (Screen.HANDLER, Role.SERVICE_ADVISER),
    "coordinator": (Screen.COORDINATOR, Role.SUPPORT_WORKER),
    "board": (Screen.BOARD, Role.DUTY_MANAGER),
    "duty_manager": (Screen.BOARD, Role.DUTY_MANAGER),
}
"""The desks of a script: the screen it begins on and the role of who sits there."""
GROUNDS = frozenset({"crime", "risk_to_life_now", "serious_harm_now", "none_stated", "not_applicable"})


def _boxes(player: Player, label: str) -> list[ChoiceBox]:
    return [one for one in hands.visible(player.handler, ChoiceBox) if one.accessibleName() == label]


def _requests(player: Player, agency: str) -> list[str]:
    """Return the requests of one kind in this player's incident or contact, oldest first."""
    kind = kind_of(agency)
    mine = player.desk.folds.incidents_of_worker(player.desk.who.worker)
    about = [one for incident in mine for one in (incident.id, *incident.contacts)]
    found = [one for one in player.desk.folds.helps_of(*about) if one.kind is kind]
    return [str(one.id) for one in sorted(found, key=lambda one: str(one.id))]


def _contact_of(player: Player) -> ContactState | None:
    """Return the record of the worker's newest call."""
    mine = player.desk.contacts.unfinished()
    return mine[-1] if mine else None


def _decisions(player: Player) -> tuple[Decision, ...]:
    contact = _contact_of(player)
    return contact.decisions if contact is not None else ()
