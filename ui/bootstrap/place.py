"""Builds a place out of this computer: settings, record, journals, telephones, threads."""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

from console.domain.authorities import Cover, read_cover
from console.domain.bank_holidays import england
from console.domain.board import BoardLimits
from console.domain.calendar import Calendar
from console.domain.call_claims import ClaimRules
from console.domain.capacity import SCRIPT_CAP, NightRules
from console.domain.help_ages import Thresholds
from console.domain.ids import FACTS
from console.domain.lines import DialPlan
from console.domain.people import MOST_RECENT
from console.domain.plans import PlanRules
from console.domain.record import Identity
from console.domain.signal_set import read_signals
from console.domain.text import safe_block
from console.machine.clock import SystemClock
from console.machine.keys import is_of_passphrase, key_for, key_from_passphrase
from console.machine.paths import Home, home
from console.machine.runner import LaneRunner
from console.machine.secrets import best_secrets
from console.ports.clock import Alarm, Clock
from console.ports.feed import Feed
from console.ports.journal import Shelf
from console.ports.runner import Inbox, Runner
from console.ports.secrets import Secrets, SecretsUnavailable
from console.ports.store import Store
from console.ports.switchboard import AdapterSpec, Switchboard
from console.services.record_time import RecordTime
from db.shelf import JournalShelf
from telephony_adapters.plugins.loading import BrokenPlugin
from telephony_adapters.registry import installed
from ui.bootstrap.desk import Place
from ui.bootstrap.no_telephone import NoTelephone
from ui.settings import Settings, fields_of, switchboard_table
from ui.settings_file import read_table

SECRET_VARIABLE = "NIGHTDESK_SWITCHBOARD_SECRET"  # noqa: S105 - the name of a variable, not a secret
SHORTEST_WAIT, LONGEST_WAIT = 0.05, 0.4
"""Seconds a console that takes no part waits before it reports a fact of the switchboard."""


@dataclass(frozen=True, slots=True)
class Threads:
    """What brings work to and from the services' thread."""

    inbox: Inbox
    runner: Runner
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Computer:
    """This computer: where things are kept, what was set, which keyring there is."""

    home: Home
    settings: Settings
    secrets: Secrets
    secrets_sentence: str
    clock: Clock


def this_computer(settings: Settings) -> Computer:
    """Return the computer; asks the keyring only what it is."""
    secrets, sentence = best_secrets()
    return Computer(home(os.environ), settings, secrets, sentence, SystemClock())


def threads(inbox: Inbox, alarm: Alarm, unhandled: Callable[[Exception], None]) -> tuple[Threads, LaneRunner]:
    """Return the threads of one console, and the runner to be closed at the end."""
    runner = LaneRunner(inbox, unhandled)
    return Threads(inbox, runner, alarm), runner


def shelf_of(computer: Computer) -> JournalShelf:
    """Return the journals of this computer; without a keyring they are in memory only, and say so."""
    key_of: Callable[[Path, str], bytes] = partial(_key_of, computer.secrets)
    if computer.secrets_sentence:
        # A key kept in memory is gone when the program ends, and a file without its key locks its worker out.
        key_of = partial(_no_key, computer.secrets_sentence)
    return JournalShelf(computer.home.journals, key_of, computer.clock, memory_without_keyring=True)


def shelf_with(computer: Computer, passphrase: str) -> JournalShelf:
    """Return the journals opened with a passphrase: for a computer without a keyring."""

    def key_of(file: Path, _name: str) -> bytes:
        return key_from_passphrase(file, passphrase)

    return JournalShelf(computer.home.journals, key_of, computer.clock, not_opened=_OPENS_NOTHING)


_OPENS_NOTHING = (
    "This passphrase does not open what is kept for you on this computer.  Most likely a letter is wrong, or it is "
    "another one than before: type it again.  If it is right, the file is damaged: ask the technician.  The file was "
    "left exactly as it is."
)
_NONE_TYPED = (
    "What is kept for you on this computer is protected by your passphrase, and none was typed.  Nothing was changed; "
    "sign in in the window and type it."
)


def _no_key(sentence: str, file: Path, _name: str) -> bytes:
    raise SecretsUnavailable(_NONE_TYPED if is_of_passphrase(file) else sentence)


def _key_of(secrets: Secrets, file: Path, name: str) -> bytes:
    return key_for(file, name, secrets)


def cover_of(computer: Computer) -> Cover:
    """Return what this service covers: ``cover.toml`` in NIGHTDESK_HOME, else the invented example."""
    own = computer.home.root / "cover.toml"
    if own.is_file():
        return read_cover(own.read_text(encoding="utf-8"), plan_of(computer.settings))
    example = resources.files("console.domain").joinpath("cover_example.toml")
    return read_cover(example.read_text(encoding="utf-8"), plan_of(computer.settings))


def plan_of(settings: Settings) -> DialPlan:
    """Return how this site dials."""
    return DialPlan(settings.outside_prefix, settings.withhold_prefix, settings.internal_digits, settings.area_code)


def plan_rules_of(settings: Settings) -> PlanRules:
    """Return when calls open a plan for review, and how long an answer is fresh."""
    return PlanRules(
        min(max(2, settings.plan_review_calls), MOST_RECENT),
        timedelta(days=max(1, settings.plan_review_days)),
        timedelta(minutes=max(1, settings.plan_answer_min)),
    )


def thresholds_of(settings: Settings) -> Thresholds:
    """Return when a request for help that stands still becomes somebody's business."""
    return replace(
        Thresholds(),
        not_sent=timedelta(seconds=settings.help_not_sent_s),
        no_reference=timedelta(minutes=settings.help_no_reference_min),
        no_update=timedelta(minutes=settings.help_no_news_min),
    )


def limits_of(settings: Settings) -> BoardLimits:
    """Return when a waiting call turns amber and when it is LATE, and what else of the board a council can change."""
    usual, red = BoardLimits(), timedelta(seconds=settings.late_answer_s)
    return replace(
        usual,
        red_wait=red,
        amber_wait=min(usual.amber_wait, red),
        wrap_up=timedelta(seconds=settings.wrap_up_s),
        night=_night_rules(settings),
        claims=_claim_rules(settings),
        silent_listening=settings.silent_listening,
    )


def _claim_rules(settings: Settings) -> ClaimRules:
    """A claim is stale after three signs that did not come, at the least: one lost sign takes no call away."""
    beat = timedelta(seconds=settings.claim_beat_s)
    stale = max(timedelta(seconds=settings.claim_stale_s), 3 * beat)
    return ClaimRules(timedelta(seconds=settings.claim_free_s), beat, stale)


def _night_rules(settings: Settings) -> NightRules:
    usual = NightRules()
    return NightRules(
        timedelta(seconds=settings.second_worker_s),
        settings.call_out,
        settings.assigning,
        timedelta(minutes=settings.take_five_min),
        usual.offered_for,
        safe_block(settings.waiting_script, SCRIPT_CAP).strip() or usual.script,
        timedelta(seconds=settings.ring_back_s),
    )


def switchboard_of(computer: Computer, overrides: dict[str, Any] | None = None) -> tuple[Switchboard, UUID]:
    """Return the switchboard of the settings and its row's id; without one, a telephone that says so.

    ``overrides`` are single settings of the adapter given on the command line.
    """
    settings = computer.settings
    if not settings.switchboard:
        return NoTelephone(computer.clock), uuid.uuid5(FACTS, "no switchboard")
    spec = installed(computer.clock).find(settings.switchboard)
    table = {**_of_this_computer(computer, spec), **switchboard_table(settings, spec.key, spec.settings)}
    table |= overrides or {}
    chosen: Any = read_table(spec.settings, table, f"[switchboards.{spec.key}]")
    chosen = replace(chosen, **_secrets_of(computer, spec))
    board = spec.connect(chosen)
    refuse_fakes(board, rehearsal=settings.rehearsal)
    named = settings.switchboard_name or table.get("address") or table.get("host") or settings.service
    return board, uuid.uuid5(FACTS, f"{spec.key} {named}")


def _of_this_computer(computer: Computer, spec: AdapterSpec) -> dict[str, Any]:
    """Return what an adapter is told of this computer, where no setting says otherwise."""
    return {"run_file": str(computer.home.pop_file)} if "run_file" in fields_of(spec.settings) else {}


def secret_name(key: str, setting: str) -> str:
    """Return the name by which the keyring has a secret setting of a switchboard."""
    return f"switchboard:{key}:{setting}"


def telephones_of(computer: Computer, overrides: dict[str, Any] | None = None) -> tuple[Switchboard, UUID]:
    """Return the switchboard as :func:`switchboard_of`, for a console: a broken plug-in is a sentence, not its end."""
    try:
        return switchboard_of(computer, overrides)
    except BrokenPlugin as broken:
        return NoTelephone(computer.clock, str(broken)), uuid.uuid5(FACTS, "no switchboard")


def _secrets_of(computer: Computer, spec: AdapterSpec) -> dict[str, str]:
    """Return the adapter's secrets: from the environment for a script, else from the keyring."""
    names = [one.name for one in fields(spec.settings) if one.metadata.get("secret")]
    given = os.environ.get(SECRET_VARIABLE, "")
    found = {name: given or computer.secrets.get(secret_name(spec.key, name)) or "" for name in names}
    return {name: secret for name, secret in found.items() if secret}


def refuse_fakes(board: Switchboard, *, rehearsal: bool) -> None:
    """Bar a simulated switchboard where real calls come in."""
    # Named here and not at the top: a production console never loads the simulator.
    from telephony_adapters.simulator.production import refuse_in_production  # noqa: PLC0415 - see above

    if board.capabilities().is_fake and not rehearsal:
        refuse_in_production("production")


INVENTED, SIMULATED = "REHEARSAL: invented people", "REHEARSAL: simulated telephones"


def rehearsal_words(board: Switchboard, *, invented: bool) -> str:
    """Return what every window says where the people are ``invented`` or the telephones simulated, else nothing."""
    if invented:
        return INVENTED
    return SIMULATED if board.capabilities().is_fake else ""


def make_place(
    computer: Computer,
    store: Store,
    feed: Callable[[Identity], Feed],
    telephones: tuple[Switchboard, UUID],
    work: Threads,
    shelf: Shelf | None = None,
) -> Place:
    """Return the place that desks of this computer are built from."""
    return Place(
        store=store,
        shelf=shelf or shelf_of(computer),
        feed=feed,
        switchboard=telephones[0],
        switchboard_id=telephones[1],
        runner=work.runner,
        inbox=work.inbox,
        clock=RecordTime(computer.clock),
        alarm=work.alarm,
        calendar=Calendar(england()),
        cover=cover_of(computer),
        plan=plan_of(computer.settings),
        wait=lambda: random.uniform(SHORTEST_WAIT, LONGEST_WAIT),  # noqa: S311 - spreads reports, keeps no secret
        with_passphrase=partial(shelf_with, computer),
        limits=limits_of(computer.settings),
        thresholds=thresholds_of(computer.settings),
        plan_rules=plan_rules_of(computer.settings),
        text_percent=computer.settings.text_percent,
        signals=read_signals(computer.settings.signals, computer.settings.replies),
    )
