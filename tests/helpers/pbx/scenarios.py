"""Every scenario, played on a real switchboard beside a live ``nightdesk watch --calls``."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.pbx.live import LiveAsterisk, own_switchboard
from tests.helpers.pbx.manager_hands import Hands, hands_at
from tests.helpers.pbx.phones import Phones
from tests.helpers.pbx.scenario_lines import Accounts, scenario_plan
from tests.helpers.pbx.scenarios_of_hands import HANDS
from tests.helpers.pbx.scenarios_of_lines import LINES
from tests.helpers.pbx.scenarios_of_queues import QUEUES
from tests.helpers.pbx.stage import WORLD, Stage
from tests.helpers.pbx.truth import compare_all
from tests.helpers.pbx.watching import Watching, watching
from tests.helpers.recordings import Checked

Play = Callable[[Stage], None]
SCENARIOS: dict[str, Play] = {play.__name__: play for play in (*QUEUES, *HANDS, *LINES)}


@dataclass
class Theatre:
    """A real switchboard with all that scenarios need, and somebody who watches it."""

    live: LiveAsterisk
    hands: Hands
    world: Phones
    accounts: Accounts
    watch: Watching
    folder: Path

    def play(self, name: str) -> list[Checked]:
        """Play a scenario and return every field of every call beside what was printed."""
        self.live.quiet()
        self.world.quiet()
        self.hands.forget()
        self.watch.begin()
        stage = Stage(self.live, self.hands, self.world, self.accounts, self.folder)
        SCENARIOS[name](stage)
        reports = self.watch.calls(len(stage.truths))
        return [*compare_all(stage.truths, reports), *stage.checked]

    def keep(self, folder: Path) -> None:
        """Write what the switchboard said during the last scenario, as recordings are kept: no log-in, no secret."""
        folder.mkdir(parents=True, exist_ok=True)
        said = self.hands.banner + bytes(self.hands.said)
        (folder / "events.ami.gz").write_bytes(gzip.compress(said, mtime=0))


@contextmanager
def theatre(root: Path) -> Iterator[Theatre]:
    """Open one on the Asterisk in ``root``; everything is ended."""
    accounts = Accounts()
    folder = Path(tempfile.mkdtemp(prefix="nd-scenarios-"))
    try:
        with own_switchboard(root, scenario_plan(accounts)) as live:
            plan = live.pbx.plan
            with (
                Phones(plan, WORLD, outside=True) as world,
                hands_at(live.pbx, accounts.hands, accounts.secret) as hands,
                watching(live.pbx, folder / "watch", plan.ami_user, plan.ami_secret) as watch,
            ):
                yield Theatre(live, hands, world, accounts, watch, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
