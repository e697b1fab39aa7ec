"""The tables of the journal's file in each version, the triggers that make it append-only, how it is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

APPLICATION_ID = 0x65435053
"""What tells our file from another program's (`PRAGMA application_id`): eCPS in ASCII."""

SETTINGS = """
PRAGMA synchronous = EXTRA; -- syncs the folder too
PRAGMA secure_delete = ON; -- zeros stand where rows were
PRAGMA journal_mode = PERSIST; -- deleted, a rollback journal leaves its rows in free blocks of the disk
PRAGMA temp_store = MEMORY; -- and so does a temporary file
"""
"""How every connection writes: durably, and nothing that is erased stays anywhere on the disk."""

MIGRATIONS = (
    """
    CREATE TABLE text (sha256 TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE session (
        id TEXT PRIMARY KEY, started TEXT NOT NULL, guide_id TEXT NOT NULL, guide TEXT NOT NULL REFERENCES text,
        facts TEXT NOT NULL REFERENCES text, tool TEXT NOT NULL, practice INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX session_started ON session (started);
    CREATE TABLE event (
        session TEXT NOT NULL REFERENCES session, number INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
        previous TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (session, number)
    ) WITHOUT ROWID;
    CREATE INDEX event_ended ON event (session) WHERE kind = 'Ended';
    CREATE TABLE forgetting (session TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE holder (session TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
    CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER session_no_update BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER text_no_update BEFORE UPDATE ON text BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER event_no_replace BEFORE INSERT ON event
        WHEN EXISTS (SELECT 1 FROM event WHERE session = NEW.session AND number = NEW.number)
        BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER session_no_replace BEFORE INSERT ON session
        WHEN EXISTS (SELECT 1 FROM session WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER event_no_delete BEFORE DELETE ON event
        WHEN OLD.session NOT IN (SELECT session FROM forgetting) BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER session_no_delete BEFORE DELETE ON session
        WHEN OLD.id NOT IN (SELECT session FROM forgetting) BEGIN SELECT RAISE(ABORT, 'append only'); END;
    """,
    """
    CREATE TABLE announced (session TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE last (session TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO last SELECT session, max(number) FROM event GROUP BY session;
    """,
)
"""One script a version of the schema, each on top of those before it; `user_version` counts those applied."""


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script, a trigger whole: what `executescript` runs, but in the open transaction."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def transaction(base: sqlite3.Connection, kind: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE") -> Iterator[None]:
    """Write all or nothing, and durably; to be called where an interrupt waits (`raised_after`).

    Deferred, it is to read in: each statement sees the file as the first one did.
    """
    try:
        base.execute(f"BEGIN {kind}")
        yield
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:  # on some faults SQLite has rolled back by itself
            base.execute("ROLLBACK")
        raise
