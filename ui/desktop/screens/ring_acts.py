"""A ringing call and those that reached nobody, on every screen: answer or take one, say what became of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from console.domain.calls import Handed, Presentation
from console.domain.ids import read_id
from console.domain.missed_calls import MissedCall
from console.domain.missed_reviews import REVIEW_WORDS, Reviewed
from console.domain.search import shown_number
from console.domain.words import clock_words, span_words
from console.ports.switchboard import ActionAnswer
from console.services.call_acts import LIFT
from console.services.call_claims import NeedsReason
from console.services.missed_calls import GONE
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.night_forms import MISSED, TAKE_CALL, TITLES
from ui.desktop.screens.notice import Says
from ui.desktop.screens.ringing_back import RingingOff
from ui.desktop.widgets.faces import Choice
from ui.desktop.words import counted, due_words

RING = "ring"
"""Said of a missed call in place of what became of it: it is rung, and stays until somebody says more."""
RINGS = frozenset({MISSED, TAKE_CALL})
NONE_MISSED = "No call waits for a review: every caller was answered, or somebody said what became of them."
_NO_NUMBER = {Presentation.WITHHELD: "number withheld", Presentation.UNAVAILABLE: "no number"}


class RingActs:
    """``show`` opens a panel of this screen, about a row's key."""

    def __init__(self, desk: Desk, say: Says, show: Callable[[str, str], None]) -> None:
        self._desk = desk
        self._say = say
        self._show = show
        self._taking: UUID | None = None
        """The ringing call about which this worker is asked why they take it."""
        self._back = RingingOff(desk, say, self._rung)
        self._again = ""
        """The missed call that was not rung yet, because something is to be read first."""
        self._over: UUID | None = None
        """The claim of whoever has it, about whom they are asked."""

    def answer(self, then: Callable[[ActionAnswer], None]) -> None:
        """Answer what waits; where a colleague has had it for a while, ask why it is taken from them."""
        try:
            self._desk.call_acts.answer(partial(self._answered, then))
        except NeedsReason as needs:
            self._taking, self._over = needs.call, needs.claim
            self._show(TAKE_CALL, self.taking)

    def _answered(self, then: Callable[[ActionAnswer], None], answer: ActionAnswer) -> None:
        if answer.sentence == LIFT:
            self._taken(answer)
        else:
            then(answer)

    @property
    def taking(self) -> str:
        """Return the id of the ringing call that is being taken from a colleague; empty for none."""
        return str(self._taking or "")

    def missed(self) -> None:
        """Open the calls that reached nobody."""
        if self._desk.night.missed.now():
            self._show(MISSED, "")
        else:
            self._say(NONE_MISSED)

    def form(self, key: str, error: str) -> FormRow | None:
        """Return the panel ``key``; None where what it is about is over."""
        if key == TAKE_CALL:
            return self._take_form(error)
        missed = self._desk.night.missed.now()
        now = self._desk.clock.now()
        return missed_form(missed, self._line, now, error, self._again, self._sat) if missed else None

    def _sat(self, extension: str, at: datetime) -> str:
        """Return who sits at a telephone now and sat there at ``at``; nothing where that was somebody else."""
        worker = self._desk.shift.shift().holder(extension)
        return worker.name if worker is not None and worker.signed_in_at <= at else ""

    def review(self, values: Mapping[str, str]) -> str:
        """Take what was said of a missed call; return what is lacking."""
        call, what = read_id(values.get("call", "")), values.get("what", "")
        if call is not None and what == RING:
            return self._ring(call)
        if call is None or what not in set(Reviewed):
            return "Choose the call, and what became of it. Nothing was written yet."
        self._desk.night.missed.review(call, Reviewed(what), values.get("words", ""), self._reviewed)
        return ""

    def _ring(self, call: UUID) -> str:
        """Ring a missed caller from this worker's telephone; return why not, or what is to be read first."""
        found = next((one.call for one in self._desk.night.missed.now() if one.call.id == call), None)
        if found is None:
            return GONE
        if not self._desk.calls.extension:
            return "You have no telephone signed in here. Ring them by hand, then say here what came of it."
        refused: list[str] = []
        self._again, open_now = "", True

        def refuse(sentence: str) -> None:
            self._again = str(call)
            if open_now:
                refused.append(sentence)
            else:
                # What is known of the number came when the panel had closed: it opens on this call again.
                self._say(sentence)

        self._back.missed(found, refuse)
        open_now = False
        return "".join(refused)

    def _rung(self, answer: ActionAnswer) -> None:
        if answer.sentence:
            self._say(answer.sentence)

    def _reviewed(self, outcome: Outcome) -> None:
        left = len(self._desk.night.missed.now())
        more = counted(left, "call still waits", "calls still wait")
        self._say((f"Written. {more} for a review." if left else "") if outcome.won else outcome.sentence)

    def take(self, values: Mapping[str, str]) -> str:
        """Take a ringing call from a colleague; return what is lacking."""
        call, reason = self._taking, values.get("reason", "")
        if call is None or self._desk.calls.state().slot(call) is None:
            return "This call does not ring any more. Nothing was taken."
        if not reason.strip():
            return "Write why you take it. Nothing was taken yet."
        try:
            self._desk.call_acts.take(call, self._taken, reason, self._over)
        except NeedsReason as another:
            # Somebody else has it by now: what is sent from here on is about them.
            self._over = another.claim
            return str(another)
        return ""

    def _taken(self, answer: ActionAnswer) -> None:
        """Say that the handset is to be lifted until it was, or the caller has gone, or somebody else has them."""
        self._say(answer.sentence, self._has_none if answer.sentence == LIFT else None)

    def _has_none(self) -> bool:
        return all(one.claimed_by != self._desk.who.worker for one in self._desk.calls.state().waiting)

    def _take_form(self, error: str) -> FormRow | None:
        slot = self._desk.calls.state().slot(self._taking) if self._taking is not None else None
        if slot is None:
            return None
        who = self._desk.ledger.name_of(slot.claimed_by)
        since = f" since {clock_words(slot.claimed_at)}" if slot.claimed_at is not None else ""
        intro = f"{slot.line}. {who} has had it{since}, and it still rings. They read that you took it, and why."
        field = FieldRow(
            "reason", "Why you take it", Kind.LINE, needed=True, help="Such as: does not lift the handset."
        )
        return FormRow(TAKE_CALL, TITLES[TAKE_CALL], (SectionRow("", (field,)),), intro, "Take it", error)

    def _line(self, missed: MissedCall) -> str:
        return self._desk.cover.label(missed.call.dialled, missed.call.queue)


def missed_form(
    missed: Iterable[MissedCall],
    line_of: Callable[[MissedCall], str],
    now: datetime,
    error: str = "",
    again: str = "",
    sat: Callable[[str, datetime], str] = lambda _, __: "",
) -> FormRow:
    """Return the panel of the calls that reached nobody, the oldest first: when, on which line, from which number.

    ``again`` is the id of one that is to be rung, filled in already; ``sat`` says who sat at a telephone at a moment,
    empty where nobody knows.
    """
    listed = tuple(missed)
    calls = tuple(Choice(str(one.call.id), _words(one, line_of(one), now, sat)) for one in listed)
    rung = any(one.key == again for one in calls)
    first = again if rung else calls[0].key if calls else ""
    ring = Choice(RING, "Ring them now, from my telephone")
    whats = (ring, *(Choice(one.value, words) for one, words in REVIEW_WORDS.items()))
    fields = (
        FieldRow("call", "Which call", Kind.CHOICE, first, calls, needed=True, wide=True),
        FieldRow("what", "What became of it", Kind.CHOICE, RING if rung else "", choices=whats, needed=True),
        FieldRow("words", "In words: why, where nobody is rung", Kind.LINE),
    )
    count = counted(len(listed), "call", "calls")
    intro = f"{count} rang and reached nobody. Each stays here until somebody says what became of it."
    return FormRow(MISSED, TITLES[MISSED], (SectionRow("", fields),), intro, "Say so", error)


def _handed_words(handed: Handed, sat: Callable[[str, datetime], str]) -> str:
    """Return ``, transferred to 1004 by Priya Raman, not answered``."""
    by = sat(handed.giver, handed.at) or handed.giver
    return f", transferred{f' to {handed.taker}' if handed.taker else ''}{f' by {by}' if by else ''}, not answered"


def _words(missed: MissedCall, line: str, now: datetime, sat: Callable[[str, datetime], str]) -> str:
    """Return ``Wed 02:13 Hampshire children, 07700 900123, waited 00:48; rang again 02:20 and was answered``.

    Where nobody saw how it ended, in place of the wait: ``; ended unseen by 05:40``.
    """
    call = missed.call
    number = shown_number(call.e164) if call.e164 else _NO_NUMBER.get(call.presentation, "number not known")
    when = due_words(call.began, now) if call.began is not None else "at an unknown time"
    waited = f", waited {span_words(call.wait)}" if call.wait is not None else ""
    if call.handed is not None:
        waited += _handed_words(call.handed, sat)
    after = "; no more was heard of it" if call.end_untold else ""
    if call.ended_unseen and call.ended_at is not None:
        # Every console and witness was gone when it ended: how long the caller held on is not known.
        after = f"; ended unseen by {clock_words(call.ended_at)}"
    if missed.again is not None and missed.again.answered_at is not None:
        after += f"; rang again, answered {clock_words(missed.again.answered_at)}"
    elif missed.rung_at is not None:
        after += f"; rung {clock_words(missed.rung_at)}"
    return f"{when} {line}, {number}{waited}{after}"
