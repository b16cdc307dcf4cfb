"""Every key of the console, declared once: one meaning for everybody (screens.md, top).

The key sheet (F1), the caps drawn on buttons and the test that forbids Ctrl+Alt are made from
this table.  Never Ctrl+Alt (AltGr), never a letter alone, not F10, Insert or CapsLock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from console.domain.signal_set import REPLIES_AT_ONCE, SHIPPED, SPARE_KEYS, Sender, SignalSet, SignalSpec


class Screen(StrEnum):
    """Where a key works."""

    HANDLER = "handler"
    COORDINATOR = "coordinator"
    BOARD = "board"


class Act(StrEnum):
    """What a key or a button does."""

    KEYS = "keys"
    NOTE = "note"
    FIND = "find"
    RISKS = "risks"
    NEXT_PANE = "next_pane"
    NEED_SECOND = "need_second"
    HOLD = "hold"
    ANSWER = "answer"
    WALL = "wall"
    READY = "ready"
    GET_POLICE = "get_police"
    GET_AMBULANCE = "get_ambulance"
    MANAGER = "manager_please"
    CALLER_GONE = "caller_gone"
    ASK_LOCATION = "ask_location"
    KEEP_TALKING = "keep_talking"
    AT_RISK = "at_risk"
    ADDED_1 = "added_1"
    ADDED_2 = "added_2"
    ADDED_3 = "added_3"
    REPLY_1 = "reply_1"
    REPLY_2 = "reply_2"
    REPLY_3 = "reply_3"
    REPLY_4 = "reply_4"
    RING_BACK = "ring_back"
    RANG_BACK = "rang_back"
    FACT_SHEET = "fact_sheet"
    HOOK = "hook"
    SWAP = "swap"
    LISTEN = "listen"
    SUPERVISE = "supervise"
    OFFER = "offer"
    END = "end"
    TRANSFER = "transfer"
    GIVE_OVER = "give_over"
    ALL_THREE = "all_three"
    FETCH = "fetch"
    CONFIRM = "confirm"
    NEW_PERSON = "new_person"
    WRONG_PERSON = "wrong_person"
    MESSAGE = "message"
    ASK_HELP = "ask_help"
    LOG_NEWS = "log_news"
    TAKE = "take"
    NEXT_UNOWNED = "next_unowned"
    HAND_BACK = "hand_back"
    RISK_NOW = "risk_now"
    STAND_DOWN = "stand_down"
    GO_TO_CALL = "go_to_call"
    PRINT = "print"
    RELAY_FORM = "relay_form"
    RING = "ring"
    INSERT_TIME = "insert_time"
    PANE_1 = "pane_1"
    PANE_2 = "pane_2"
    PANE_3 = "pane_3"
    RECORD = "record"
    NEXT_PART = "next_part"
    PART_BEFORE = "part_before"
    UNFINISHED = "unfinished"
    NO_CALL = "contact_without_call"
    FINISH = "finish"
    KEEP = "keep"
    THEME = "theme"
    EXPORT = "export"
    REPLAY = "replay"
    CALL_OUT = "call_out"
    MISSED = "missed"
    TAKE_FIVE = "take_five"
    HAND_OVER = "hand_over"
    HOLD_QUEUE = "hold_queue"
    SIGN_OUT = "sign_out"
    PERSON = "person"
    PLAN = "plan"
    PLAN_AT_RISK = "plan_at_risk"
    PLAN_NOT_AT_RISK = "plan_not_at_risk"
    PLAN_NOT_ASKED = "plan_not_asked"
    DIRECTORY = "directory"
    NUMBER_RIGHT = "number_right"
    NUMBER_WRONG = "number_wrong"
    DISMISS = "dismiss"
    CANDIDATE_1 = "candidate_1"
    CANDIDATE_2 = "candidate_2"
    CANDIDATE_3 = "candidate_3"
    CANDIDATE_4 = "candidate_4"
    CANDIDATE_5 = "candidate_5"
    CANDIDATE_6 = "candidate_6"
    CANDIDATE_7 = "candidate_7"
    CANDIDATE_8 = "candidate_8"
    CANDIDATE_9 = "candidate_9"


CANDIDATES = tuple(Act(f"candidate_{number}") for number in range(1, 10))
REPLIES = tuple(Act(f"reply_{number}") for number in range(1, REPLIES_AT_ONCE + 1))
ADDED = MappingProxyType({key: Act(f"added_{number}") for number, key in enumerate(SPARE_KEYS, 1)})
"""What the free keys do: send the signal that a service has put on them."""
_ACT_OF = MappingProxyType({"need_a_second": Act.NEED_SECOND, "i_am_at_risk": Act.AT_RISK})
_H, _C, _B = (frozenset({screen}) for screen in Screen)
_PAIR = _H | _C
_ALL = _H | _C | _B


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``key`` as drawn and as Qt reads it; ``words`` for the key sheet; ``group`` is its heading there."""

    act: Act
    key: str
    words: str
    group: str
    screens: frozenset[Screen]


def act_of(spec: SignalSpec) -> Act:
    """Return the act that sends a signal."""
    return ADDED.get(spec.shortcut) or _ACT_OF.get(spec.key) or Act(spec.key)


_SCREENS_OF = MappingProxyType({Sender.LEAD: _H, Sender.COORDINATOR: _C, Sender.ANY: _PAIR})


def _signal_keys(signals: Iterable[SignalSpec]) -> tuple[Shortcut, ...]:
    return tuple(Shortcut(act_of(one), one.shortcut, one.words, "Signals", _SCREENS_OF[one.by]) for one in signals)


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut(
        Act.ANSWER, "F9", "Answer; on a call, hold this one and answer, or take back who is on hold", "Call", _PAIR
    ),
    Shortcut(Act.HOLD, "F8", "Hold or resume", "Call", _H),
    Shortcut(Act.OFFER, "Ctrl+F9", "Offer the waiting call to the team", "Call", _PAIR),
    Shortcut(Act.TRANSFER, "Ctrl+Shift+T", "Transfer", "Call", _H),
    Shortcut(Act.END, "Ctrl+F12", "End call (twice within 2 seconds)", "Call", _H),
    Shortcut(Act.RING_BACK, "Shift+F9", "Ring back", "Call", _PAIR),
    Shortcut(Act.RANG_BACK, "Ctrl+Shift+L", "What came of ringing back", "Call", _PAIR),
    Shortcut(Act.READY, "F12", "Ready or away", "Call", _ALL),
    Shortcut(Act.MISSED, "Ctrl+Shift+M", "Calls that reached nobody: say what became of one", "Call", _ALL),
    Shortcut(Act.TAKE_FIVE, "Shift+F12", "Take five; while it lasts: I can come", "Call", _ALL),
    Shortcut(Act.HOLD_QUEUE, "Ctrl+Shift+F8", "Hold the queue, or let it go", "Call", _B),
    Shortcut(Act.LISTEN, "Ctrl+F8", "Listen in; on the board, to the live call chosen", "Call", _C | _B),
    Shortcut(Act.SUPERVISE, "Ctrl+Shift+S", "Listen in, whisper, or join the call", "Call", _C | _B),
    Shortcut(Act.GO_TO_CALL, "Ctrl+G", "Go to the call; from there, back beside it", "Call", _PAIR),
    *_signal_keys(SHIPPED.signals),
    *(Shortcut(act, key, "A signal of your service", "Signals", _PAIR) for key, act in ADDED.items()),
    Shortcut(Act.SWAP, "Ctrl+F7", "Swap roles", "Signals", _PAIR),
    Shortcut(Act.HAND_OVER, "Ctrl+Shift+H", "Hand a seat over to somebody present", "Signals", _PAIR),
    Shortcut(Act.MESSAGE, "Ctrl+M", "One line to the partner", "Signals", _PAIR),
    Shortcut(Act.REPLY_1, "Ctrl+5", "Quick reply to a signal, Ctrl+5 to Ctrl+8", "Signals", _C),
    *(Shortcut(act, f"Ctrl+{number}", "", "Signals", _C) for number, act in enumerate(REPLIES, 5) if number > 5),
    Shortcut(Act.FIND, "F3", "Find person", "Person", _H),
    Shortcut(Act.CANDIDATE_1, "Alt+1", "Choose a candidate, Alt+1 to Alt+9", "Person", _H),
    *(Shortcut(act, f"Alt+{number}", "", "Person", _H) for number, act in enumerate(CANDIDATES, 1) if number > 1),
    Shortcut(Act.CONFIRM, "Ctrl+K", "Confirm identity", "Person", _H),
    Shortcut(Act.NEW_PERSON, "Ctrl+N", "New person", "Person", _H),
    Shortcut(Act.WRONG_PERSON, "Ctrl+Shift+K", "This was the wrong person", "Person", _H),
    Shortcut(Act.RISKS, "F4", "Risk markers", "Person", _H),
    Shortcut(Act.PERSON, "Ctrl+I", "The person's sheet: plan, family, numbers", "Person", _H),
    Shortcut(Act.PLAN, "Ctrl+Shift+I", "The person's plan for repeated calls", "Person", _PAIR),
    Shortcut(Act.PLAN_AT_RISK, "Ctrl+Shift+F1", "Asked before a plan's limits: at risk now", "Person", _PAIR),
    Shortcut(Act.PLAN_NOT_AT_RISK, "Ctrl+Shift+F2", "Asked: not at risk now, in their words", "Person", _PAIR),
    Shortcut(Act.PLAN_NOT_ASKED, "Ctrl+Shift+F3", "Could not ask", "Person", _PAIR),
    Shortcut(Act.NOTE, "F2", "To the note", "Record", _PAIR),
    Shortcut(Act.INSERT_TIME, "Ctrl+J", "Insert the time", "Record", _H),
    Shortcut(Act.RECORD, "Ctrl+4", "The whole record, all its fields", "Record", _H),
    Shortcut(Act.NEXT_PART, "Ctrl+PgDown", "Next part of the record", "Record", _H),
    Shortcut(Act.PART_BEFORE, "Ctrl+PgUp", "The part before", "Record", _H),
    Shortcut(Act.FINISH, "Ctrl+Return", "Finish or send", "Record", _ALL),
    Shortcut(Act.KEEP, "Ctrl+Shift+Return", "Keep; finish later", "Record", _H),
    Shortcut(Act.UNFINISHED, "Ctrl+U", "My unfinished records", "Record", _ALL),
    Shortcut(Act.NO_CALL, "Ctrl+Shift+N", "Start a record without a call", "Record", _H),
    Shortcut(Act.ASK_HELP, "Ctrl+R", "Ask for help", "Work", _PAIR),
    Shortcut(Act.LOG_NEWS, "Ctrl+L", "Log news", "Work", _PAIR),
    Shortcut(Act.TAKE, "Ctrl+T", "Take; join as second worker", "Work", _ALL),
    Shortcut(Act.NEXT_UNOWNED, "Ctrl+Down", "Next without an owner", "Work", _C | _B),
    Shortcut(Act.FACT_SHEET, "Ctrl+F", "What we know: the fact sheet", "Work", _PAIR),
    Shortcut(Act.HOOK, "Ctrl+Shift+P", "What calms, what inflames, what was promised", "Work", _PAIR),
    Shortcut(Act.RISK_NOW, "Ctrl+Shift+R", "How great the risk is now", "Work", _PAIR),
    Shortcut(Act.STAND_DOWN, "Ctrl+Shift+D", "Stand the incident down", "Work", _PAIR),
    Shortcut(Act.RING, "Ctrl+Shift+B", "Ring for the request chosen; 999 by handset", "Work", _C),
    Shortcut(Act.HAND_BACK, "Ctrl+H", "Hand back", "Work", _C),
    Shortcut(Act.RELAY_FORM, "Ctrl+E", "Relay card: 999 order, ETHANE, SBAR", "Work", _C),
    Shortcut(Act.PRINT, "Ctrl+P", "Print", "Work", _C),
    Shortcut(Act.DIRECTORY, "Ctrl+B", "Directory and rota: whom to ring", "Work", _ALL),
    Shortcut(Act.NUMBER_RIGHT, "F5", "In the directory: the number is right", "Work", _ALL),
    Shortcut(Act.NUMBER_WRONG, "Ctrl+F5", "In the directory: the number is wrong", "Work", _ALL),
    Shortcut(Act.CALL_OUT, "Ctrl+O", "Call out the on-call manager; then say what came of it", "Work", _ALL),
    Shortcut(Act.REPLAY, "Ctrl+Shift+Y", "Replay: what each worker could see, and when", "Work", _B),
    Shortcut(Act.EXPORT, "Ctrl+Shift+E", "Export the night", "Work", _B),
    Shortcut(Act.KEYS, "F1", "This sheet", "Screen", _ALL),
    Shortcut(Act.NEXT_PANE, "F6", "Next pane", "Screen", _ALL),
    Shortcut(Act.PANE_1, "Ctrl+1", "Left pane", "Screen", _ALL),
    Shortcut(Act.PANE_2, "Ctrl+2", "Middle pane", "Screen", _ALL),
    Shortcut(Act.PANE_3, "Ctrl+3", "Right pane", "Screen", _ALL),
    Shortcut(Act.WALL, "F11", "Wall mode, no names", "Screen", _B),
    Shortcut(Act.DISMISS, "Ctrl+Shift+X", "Dismiss the notice", "Screen", _ALL),
    Shortcut(Act.THEME, "Ctrl+D", "Light or dark", "Screen", _ALL),
    Shortcut(Act.SIGN_OUT, "Ctrl+Shift+Q", "Sign out", "Screen", _ALL),
)
IN_A_PANEL = MappingProxyType(dict.fromkeys((Act.GIVE_OVER, Act.ALL_THREE, Act.FETCH), Act.TRANSFER))
"""Acts that have a button at the call and no key of their own: the panel of the act beside each offers them by key."""
_DRAWN = MappingProxyType({shortcut.act: shortcut.key.replace("Return", "Enter") for shortcut in SHORTCUTS})


def key_of(act: Act) -> str:
    """Return the key of ``act`` as it is drawn: ``Ctrl+Enter``; empty for one of :data:`IN_A_PANEL`."""
    return "" if act in IN_A_PANEL else _DRAWN[act]


def shortcuts_of(screen: Screen, signals: SignalSet = SHIPPED) -> tuple[Shortcut, ...]:
    """Return the keys that work on ``screen``, in the order of the table, with the words of the service's signals."""
    own = {one.act: one for one in _signal_keys(signals.signals)}
    table = (own.get(one.act, one) for one in SHORTCUTS if one.act in own or one.key not in SPARE_KEYS)
    return tuple(shortcut for shortcut in table if screen in shortcut.screens)
