"""What a console from before there were steps sends and reads, frozen: its doors, their arguments and their columns.

Nothing of it comes from the program under test, which may change.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

ROLE, STATION = "social_worker_adults", "desk-1"
_BREATH = 0.01
"""Seconds between two rounds: twelve desks at work are quieter than that."""
TOLD = 18
"""Columns of one entry as ``news`` gives it."""
_BY_NUMBER = (
    '{"born":"","e164":"+447700900412","keys":[],"limit":8,"reference":"","reference_key":"","wanted":[],"words":""}'
)
_BY_NAME = (
    '{"born":"","e164":"","keys":[{"family":"fenn","family_is":null,"forms":null,"given":"marcus","place":0,'
    '"words":[["marcus"],["fenn"]]}],"limit":8,"reference":"","reference_key":"","wanted":[["marcus"],["fenn"]],'
    '"words":"Marcus Fenn"}'
)


@dataclass
class OlderConsole:
    """One worker's console: writes a line at a time and reads everything back, in a thread of its own."""

    worker: str
    line: psycopg.Connection
    told: list[tuple[int, str]] = field(default_factory=list)
    """Seq and id of what was acknowledged, in order."""
    fault: str = ""
    slowest: float = 0.0
    """Seconds that the slowest call took."""

    def __post_init__(self) -> None:
        """Begin a contact."""
        self.contact = str(uuid.uuid4())
        self._digest = "0" * 64
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"older console of {self.worker}", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Let the call that is on its way end; raises what went wrong."""
        self._end.set()
        self._thread.join(30)
        assert not self._thread.is_alive(), "an older console hangs"
        self.line.close()
        assert not self.fault, self.fault

    def written(self) -> int:
        """Return how many lines were acknowledged until now."""
        return len(self.told)

    def _run(self) -> None:
        try:
            assert self._asked("SELECT * FROM whoami()")[0][0] == self.worker
            self._write("contact.opened", {"channel": "phone", "ref": "7K3M-Q2XA-5"})
            while not self._end.is_set():
                self._write("contact.note", {"line": str(uuid.uuid4()), "text": f"line {len(self.told)}"})
                self._read()
                self._end.wait(_BREATH)
        except Exception as error:
            self.fault = repr(error)

    def _write(self, kind: str, content: dict[str, object]) -> None:
        entry = self._entry(kind, content)
        after = self.told[-1][0] if self.told else 0
        values = [ROLE, 1, Jsonb([entry]), Jsonb([self._card()]), after, self._digest]
        ((answers,),) = self._asked("SELECT * FROM append(%s, %s, %s, %s, %s, %s)", *values)
        (answer,) = answers
        assert answer["verdict"] == "stored", answer
        assert len(answer["digest"]) == 64
        self._digest = answer["digest"]
        self.told.append((answer["seq"], entry["id"]))
        self._asked("SELECT ring()")

    def _entry(self, kind: str, content: dict[str, object]) -> dict[str, Any]:
        body = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return {
            "id": str(uuid.uuid4()),
            "stream_kind": "contact",
            "stream_id": self.contact,
            "kind": kind,
            "author": self.worker,
            "role": ROLE,
            "station": STATION,
            "made_at": time.time_ns() // 1000,
            "slot": "",
            "expects": "",
            "replaces": None,
            "corrects": None,
            "on_behalf_of": "",
            "body": body,
            "learned": {},
        }

    def _card(self) -> dict[str, Any]:
        details = {"ref": "7K3M-Q2XA-5"}
        return {
            "stream_kind": "contact",
            "stream_id": self.contact,
            "line": "a line",
            "details": details,
            "reducers": 1,
            "upto": 0,
        }

    def _read(self) -> None:
        seq, identity = self.told[-1]
        rows = self._asked("SELECT * FROM news(%s, %s, %s)", ROLE, seq - 1, 500)
        assert len(rows[0]) == TOLD
        assert (rows[0][0], str(rows[0][1])) == (seq, identity)
        assert hashlib.sha256(rows[0][17].encode()).hexdigest() == rows[0][15]
        ((body_id, _),) = self._asked("SELECT * FROM bodies(%s, %s)", ROLE, [uuid.UUID(identity)])
        assert str(body_id) == identity
        beat = self._asked("SELECT * FROM heartbeat(%s::bigint[], %s::text[])", [seq], [self._digest])
        assert (beat[0][3], beat[0][4]) == (1, seq), "schema, and the place agreed on"
        self._asked("SELECT mark_seen(%s, %s)", ROLE, Jsonb([{**self._stream(), "seq": seq}]))
        assert self._asked("SELECT * FROM cards(%s, %s, %s, %s, %s)", ROLE, "recent", ["contact"], None, 10)
        self._search()

    def _stream(self) -> dict[str, str]:
        return {"stream_kind": "contact", "stream_id": self.contact}

    def _search(self) -> None:
        """Look for a number and for a name, each by ticket, as people invented by ``put_person`` are found."""
        by_number = self._looked(_BY_NUMBER)
        by_name = self._looked(_BY_NAME)
        assert {"question", "people", "on_line", "lines", "total"} <= by_number.keys(), sorted(by_number)
        assert by_name["names"], "the person is found by name"

    def _looked(self, question: str) -> dict[str, Any]:
        values = (ROLE, STATION, "listed", None, None, "who rang before", question)
        ticket = self._asked("SELECT * FROM ask(%s, %s, %s, %s, %s, %s, %s)", *values)[0][0]
        found: dict[str, Any] = self._asked("SELECT * FROM look(%s, %s, %s)", ROLE, ticket, "2026-12-01")[0][0]
        return found

    def _asked(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        begun = time.monotonic()
        rows = self.line.execute(query.encode(), values).fetchall()
        self.slowest = max(self.slowest, time.monotonic() - begun)
        return rows
