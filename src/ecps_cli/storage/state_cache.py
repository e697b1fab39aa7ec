"""States of sessions, kept beside their rows in the journal's file, so that a long list need not replay each session.

A cache: a state is found again only while not one byte of its session has changed, and only by the version of the tool
that wrote it; whatever is wrong with it, or with writing it, it is as if it were not there. `user_version` does not
count its table, so that an older tool may write to the same file; a trigger erases a state with its session, whichever
tool forgets that.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress

from ecps_cli import __version__
from ecps_cli.core.text import text_digest
from ecps_cli.interrupts import raised_after
from ecps_cli.storage.faults import RAISED
from ecps_cli.storage.schema import transaction

TABLE = (
    """CREATE TABLE IF NOT EXISTS state (session TEXT PRIMARY KEY, body TEXT NOT NULL, digest TEXT NOT NULL)
    WITHOUT ROWID""",
    """CREATE TRIGGER IF NOT EXISTS state_forgotten AFTER DELETE ON session
    BEGIN DELETE FROM state WHERE session = OLD.id; END""",
)
ROWS = """
SELECT id, CAST(json_array(id, started, guide_id, guide, facts, tool, practice, last.number) AS BLOB), CAST((
    SELECT json_group_array(number) || json_group_array(kind) || json_group_array(body) || json_group_array(previous)
    || json_group_array(hash) FROM event WHERE event.session = id
) AS BLOB) FROM session LEFT JOIN last ON last.session = id WHERE id IN (SELECT value FROM json_each(?))
"""
"""All that is kept of sessions, as JSON: it tells a number from a text, and refuses bytes in the place of one."""


class StateCache:
    """States, each a text, by the ids of their sessions."""

    def __init__(self, base: sqlite3.Connection) -> None:
        """Take the journal's file, which may be one to read only."""
        self._base = base

    def prints(self, session_ids: Sequence[str]) -> dict[str, bytes]:
        """Fingerprint of all that is kept of each of these sessions; to be taken before its state is worked out."""
        from hashlib import sha256  # see `text_digest`

        with suppress(*RAISED):
            found = self._base.execute(ROWS, (json.dumps(session_ids),)).fetchall()
            return {name: sha256(b"%d %b%b" % (len(row), row, events)).digest() for name, row, events in found}
        return {}

    def read(self, prints: Mapping[str, bytes]) -> dict[str, str]:
        """States of the sessions that have these fingerprints still."""
        query = "SELECT session, body, digest FROM state WHERE session IN (SELECT value FROM json_each(?))"
        with suppress(*RAISED):
            found = self._base.execute(query, (json.dumps([*prints]),)).fetchall()
            return {name: body for name, body, digest in found if digest == _digest(prints[name], body)}
        return {}

    def write(self, prints: Mapping[str, bytes], states: Mapping[str, str]) -> None:
        """Keep these states, if that can be done without waiting for another program."""
        rows = [(name, body, _digest(prints[name], body)) for name, body in states.items() if name in prints]
        if not rows:
            return
        with suppress(*RAISED):
            (patience,) = self._base.execute("PRAGMA busy_timeout").fetchone()
            self._base.execute("PRAGMA busy_timeout = 0")
            try:
                with raised_after(lambda: None), transaction(self._base):
                    for statement in TABLE:
                        self._base.execute(statement)
                    known = "SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM session WHERE id = ?)"  # forgotten meanwhile?
                    self._base.executemany(f"INSERT OR REPLACE INTO state {known}", [(*row, row[0]) for row in rows])
            finally:
                self._base.execute(f"PRAGMA busy_timeout = {patience}")


def _digest(fingerprint: bytes, body: object) -> str:
    """Hash that goes with a state: of the tool's version, of what it rests on, of itself."""
    return text_digest(f"{__version__} {fingerprint.hex()} {body}")
