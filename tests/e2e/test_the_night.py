"""The night, played once on a file and once on a team's PostgreSQL, by real consoles at one switchboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from console.domain.receipts import BY_HAND
from db.postgres.cluster_settings import Profile
from tests.helpers.driven_console import Office
from tests.helpers.postgres import NEWEST, own_cluster
from tests.helpers.team_office import team_office
from tests.helpers.the_night import (
    AFTER,
    BEFORE,
    DURING,
    LAST,
    SLOWLY,
    TO_PRIYA_AWAY,
    Night,
    newest_lines,
    play,
    server_stopped,
)

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = pytest.mark.timeout(180)

RECORDS = ("file", pytest.param(NEWEST, marks=pytest.mark.needs("postgres"), id="postgresql"))


@pytest.fixture(scope="module", params=RECORDS)
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Play the whole night once on each record."""
    folder = tmp_path_factory.mktemp("the-night")
    if request.param == "file":
        shutil.copy(request.getfixturevalue("invented_record"), folder / "nightdesk.db")
        office = Office(folder, folder / "nightdesk.db")
        try:
            made = play(office, office.frozen)
            office.check()
            yield made
        finally:
            office.close()
        return
    with own_cluster(request.param, Profile.TESTS_ONLY) as cluster, team_office(cluster, folder) as team:
        made = play(team, lambda: server_stopped(cluster))
        team.check()
        yield made


def of_kind(night: Night, kind: str) -> list[tuple[int, str, dict[str, Any]]]:
    return night.office.bodies(kind)


def test_every_word_typed_a_second_before_is_in_the_record_once_and_in_order(night: Night) -> None:
    lines = newest_lines(night.office)
    slow = lines[5]
    assert lines == [*BEFORE, *DURING, AFTER, slow, LAST]
    assert SLOWLY[: night.typed + 1].startswith(slow)
    assert len(slow) >= len(SLOWLY[: night.sure].rstrip()) > 20
    assert night.seen["note"] == night.seen["note Tom"] == lines
    assert [body["text"] for _, _, body in of_kind(night, "signals.message")] == [TO_PRIYA_AWAY]


def test_no_line_was_begun_twice(night: Night) -> None:
    ids = {body["line"] for _, _, body in of_kind(night, "contact.note") if body["text"]}
    assert len(ids) == len(newest_lines(night.office))


def test_each_call_has_one_account_and_none_is_still_open(night: Night) -> None:
    seen = night.office.sql("SELECT stream_id FROM entry WHERE kind = 'call.seen'")
    ended = night.office.sql("SELECT stream_id FROM entry WHERE kind = 'call.ended'")
    assert len(seen) == len(set(seen)) == 3
    assert len(ended) == len(set(ended)) == 2, "the third caller waits still"
    assert set(ended) < set(seen)
    assert {body["outcome"] for _, _, body in of_kind(night, "call.ended")} == {"unknown"}, "nobody saw them end"
    assert [body["extension"] for _, _, body in of_kind(night, "call.answered")] == ["1001"]


def test_the_second_worker_is_there_within_sixty_seconds(night: Night) -> None:
    ((asked,),) = night.office.sql("SELECT made_at FROM entry WHERE kind = 'signals.summons'")
    joined = night.office.sql("SELECT made_at FROM entry WHERE kind = 'incident.joined' AND author = 'tom.adeyemi'")
    assert timedelta(0) < timedelta(microseconds=min(joined)[0] - asked) < timedelta(seconds=60)


def test_the_incident_is_led_by_somebody_all_through(night: Night) -> None:
    looks = [*night.seen["incident away"].values(), night.seen["incident alone"], night.seen["incident without her"]]
    looks += [night.seen[f"incidents {console.spec.name}"] for console in (night.priya, night.tom)]
    for (incident,) in looks:
        here = {one["role"]: one["worker"] for one in incident["members"] if not one["until"]}
        assert here == {"lead": "priya.raman", "coordinator": "tom.adeyemi"}
        assert incident["stood_down_at"] is None
    live = next(row for row in night.seen["board"]["live"] if row["kind"] == "incident")
    assert (live["lead"], live["partner"]) == ("Priya Raman", "Tom Adeyemi")


def test_who_waits_at_the_end_is_on_the_board(night: Night) -> None:
    assert night.seen["board"]["waiting"]["count"] == 1
    assert [row["line"] for row in night.seen["board"]["live"] if row["kind"] == "waiting"] == ["Portsmouth children"]


def test_what_each_screen_said_while_the_record_was_away_was_true(night: Night) -> None:
    states = night.seen["states"]
    assert {states[line] for line in DURING} == {"kept"}
    assert {states[line] for line in BEFORE} <= {"shared", "seen"}
    assert night.seen["waiting"]["Priya Raman"] >= len(DURING)
    assert night.seen["waiting"]["Tom Adeyemi"] >= 1
    assert [(line["text"], line["state"]) for line in night.seen["line away"]] == [(TO_PRIYA_AWAY, BY_HAND)]
    texts = {console: str(rows) for console, rows in night.seen["rows away"].items()}
    assert TO_PRIYA_AWAY not in texts["Priya Raman"]
    assert not [line for line in DURING if line in texts["Tom Adeyemi"]]
    for rows in night.seen["rows away"].values():
        assert not [row for row in rows if row["row"] == "HealthRow" and row["text"] == "Notes shared"]


def test_all_agree_nothing_was_set_aside_and_the_record_is_honest(night: Night) -> None:
    assert night.seen["timeline Priya Raman"] == night.seen["timeline Tom Adeyemi"]
    assert [night.seen[f"aside {console.spec.name}"] for console in night.all()] == [[], [], []]
    done = night.office.verify()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("honest: ")
    seqs = [row[0] for row in night.office.sql("SELECT seq FROM entry ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
