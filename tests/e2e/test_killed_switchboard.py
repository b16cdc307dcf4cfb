"""A real Asterisk dies in mid-call under a real console window: what the worker reads, and what the record keeps."""

from __future__ import annotations

import re

import pytest

from tests.helpers.driven_console import Office, until
from tests.helpers.pbx.live import own_switchboard
from tests.helpers.pbx.live_kill import bar, on_a_call

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = [pytest.mark.needs("asterisk", "sipp"), pytest.mark.timeout(180)]


def test_a_switchboard_that_is_killed_in_mid_call(office: Office) -> None:
    office.expects_warnings = True
    with own_switchboard() as live:
        priya = on_a_call(office, live)
        assert bar(priya)["state"] == "ON CALL"
        live.pbx.kill()
        priya.until("calls", lambda one: one["away"])
        away = until(lambda: bar(priya), lambda row: "As last heard" in row["detail"], 10, "that it is old")
        # Stale, with the time of the last news; the call stays, and nothing can be asked of it.
        assert re.search(r"^As last heard \d\d:\d\d:\d\d; the telephones do not answer\.$", away["detail"])
        assert away["state"] == "ON CALL"
        priya.until_shown("Phones away")
        assert "answer on the handset" in priya.words()
        priya.note("said while the telephones were away")
        live.pbx.start()
        priya.until("calls", lambda one: not one["away"], 60)
        ended = until(lambda: bar(priya), lambda row: "Ended unseen" in row["detail"], 10, "that it ended unseen")
        times = r"\d\d:\d\d:\d\d"
        asks = rf"^Ended unseen, {times} to {times}: write down how\."
        assert re.search(asks, ended["detail"])
        priya.until_shown("Phones connected")
        ends = until(lambda: office.bodies("call.ended"), bool, 20, "its end in the record")
        assert [(body["outcome"], body["ended_by"]) for _, _, body in ends] == [("unknown", "unknown")]
        texts = {body["text"] for _, _, body in office.bodies("contact.note")}
        assert {"said before the line went", "said while the telephones were away"} <= texts
        live.register()
        live.call_in("07700900413")
        priya.until("calls", lambda one: one["waiting"], 20)
