"""Ids of kept sessions, without all that reading a session takes: a person waits for a word to be completed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ecps_cli.storage.folder import JOURNAL


def session_ids(folder: Path) -> list[tuple[str, str]]:
    """Ids of the sessions kept in a data folder, each with the id of its guide, the newest first.

    None where no journal can be read: nothing is made, mended or written here.
    """
    try:
        with closing(
            sqlite3.connect(f"{(folder / JOURNAL).absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)
        ) as base:
            rows = base.execute("SELECT id, guide_id FROM session ORDER BY started DESC").fetchall()
    except (sqlite3.Error, ValueError):
        return []
    return [(str(session_id), str(guide_id)) for session_id, guide_id in rows]
