"""What this PC knows of the replica and the replica alone cannot tell it: leases taken, branches, erasures to pass on.

A file of its own beside the journal, so that no key press ever waits for it. The replica itself says how far it has
come; where this file is lost, a walk that was taken over counts as another's, and its events stay here as a branch.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ecps_cli.core.journal import JournalError
from ecps_cli.storage.faults import RAISED
from ecps_cli.storage.folder import make_file, make_folder


class Leases:
    """The file; opened for each call, so that any thread and any window may use it."""

    NAME = "team.sqlite3"

    def __init__(self, folder: Path) -> None:
        self._path = folder / self.NAME

    def fence(self, seal: str) -> int:
        """Fencing number under which this PC writes a walk: that of its lease, or 1, that of who began it."""
        with self._opened() as base:
            found = base.execute("SELECT fence FROM lease WHERE seal = ?", (seal,)).fetchone()
        return int(found[0]) if found else 1

    def hold(self, seal: str, fence: int) -> None:
        """Note the lease that was taken on a walk."""
        with self._opened() as base:
            base.execute("INSERT OR REPLACE INTO lease VALUES (?, ?)", (seal, fence))

    def branches(self) -> set[str]:
        """Walks that went on elsewhere while they did here: what was done here stays here."""
        with self._opened() as base:
            return {str(seal) for (seal,) in base.execute("SELECT seal FROM branch")}

    def branch_off(self, seal: str) -> None:
        """Note that a walk went on elsewhere."""
        with self._opened() as base:
            base.execute("INSERT OR IGNORE INTO branch VALUES (?)", (seal,))

    def forget(self, seals: Iterable[str]) -> None:
        """Note walks that are to be erased in the replica, before they are here."""
        with self._opened() as base:
            base.executemany("INSERT OR IGNORE INTO forgetting VALUES (?)", [(each,) for each in seals])

    def spare(self, seals: Iterable[str]) -> None:
        """Take back that walks are to be erased: they were not erased here."""
        with self._opened() as base:
            base.executemany("DELETE FROM forgetting WHERE seal = ?", [(each,) for each in seals])

    def to_forget(self) -> list[str]:
        """Walks that are to be erased in the replica, and are not known to be yet."""
        with self._opened() as base:
            return [str(seal) for (seal,) in base.execute("SELECT seal FROM forgetting")]

    def forgotten(self, seal: str) -> None:
        """Note that the replica has been told to erase a walk; nothing of it is left here."""
        with self._opened() as base:
            for table in ("forgetting", "lease", "branch"):
                base.execute(f"DELETE FROM {table} WHERE seal = ?", (seal,))  # noqa: S608 — names of ours

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction.

        Raises:
            JournalError: it cannot be read or written.

        """
        try:
            make_folder(self._path.parent)
            make_file(self._path)
            with closing(sqlite3.connect(self._path, timeout=5)) as base, base:
                base.executescript(TABLES)
                yield base
        except (*RAISED, OSError) as error:
            raise JournalError(
                f"Ce que ce PC sait de la base de l’équipe ne peut pas être lu : {self._path}"
            ) from error


TABLES = """
CREATE TABLE IF NOT EXISTS lease (seal TEXT PRIMARY KEY, fence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS branch (seal TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS forgetting (seal TEXT PRIMARY KEY) WITHOUT ROWID;
"""
