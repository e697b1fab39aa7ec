"""Where events are kept: an append-only SQLite file in which each event holds the hash of the one before.

A session holds the verbatim text of its guide and facts, so that an edited guide never harms it. An event is durable
when `append` returns. What a guide does not let the record hold never reaches the file (`core.events.redacted`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from ecps_cli.core.events import Event, WentOver
from ecps_cli.core.journal import Erased, JournalError
from ecps_cli.core.text import text_digest
from ecps_cli.interrupts import raised_after
from ecps_cli.storage.faults import ASIDE, explained, identity, rollback_journal
from ecps_cli.storage.folder import JOURNAL, make_file, make_folder, overwrite, refuse_link
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.rows import (
    EventRow,
    SessionRow,
    as_time,
    digest,
    encoded,
    event_row,
    first_altered,
    session_row,
    texts_named,
)
from ecps_cli.storage.schema import APPLICATION_ID, MIGRATIONS, SETTINGS, statements, transaction
from ecps_cli.storage.state_cache import StateCache


class Store:
    """The journal's file."""

    def __init__(self, folder: Path, read_only: bool = False) -> None:
        """Open the file, made if there is none; a damaged one is set aside. Read only, nothing is made or written.

        Raises:
            Unwritable: the folder or the file cannot be written, or not even read.
            JournalError: it cannot be opened, is damaged, or is of a newer version.

        """
        self.path = folder / JOURNAL
        with explained(self):
            if not read_only:
                make_folder(folder)
            make_file(self.path, read_only)
            refuse_link(rollback_journal(self.path))  # which SQLite opens whatever it is
            self.identity = identity(self.path)
            address = f"{self.path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
            self._base = sqlite3.connect(address, uri=True, timeout=5, isolation_level=None)
            self._base.text_factory = lambda text: text.decode(errors="replace")  # a damaged letter fails its hash
            self.states = StateCache(self._base)
            try:
                self._base.executescript(SETTINGS)
                self._refuse_another_program()
                self._migrate()
                if not read_only:
                    self._finish_forgetting()
            except BaseException:
                self._base.close()  # nobody else will; on Windows nobody moves or removes an open file
                raise

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _refuse_another_program(self) -> None:
        (application,) = self._base.execute("PRAGMA application_id").fetchone()
        if application not in (0, APPLICATION_ID):
            raise JournalError(
                f"« {self.path} » est le fichier d’un autre programme. Donnez un autre dossier : ECPS_DATA"
            )

    def _migrate(self) -> None:
        if self._version() == len(MIGRATIONS):
            return
        with self._writing() as base:  # another process may have done it while this one waited
            version = self._version()
            if version > len(MIGRATIONS):
                raise JournalError("Le journal vient d’une version plus récente de l’outil. Mettez l’outil à jour.")
            for script in MIGRATIONS[version:]:
                for statement in statements(script):
                    base.execute(statement)
            base.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            base.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _version(self) -> int:
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        return int(version)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing, and durably; an interrupt waits, lest it fall between two of these lines."""
        with raised_after(lambda: None), explained(self), transaction(self._base):
            yield self._base

    # ------------------------------------------------------------------------------------------------ writing

    def begin(
        self,
        started: datetime,
        guide_id: str,
        guide: str,
        facts: str,
        tool: str,
        practice: bool,
        first: Event | None = None,
        more: Sequence[str] = (),
    ) -> str:
        """Keep a new session with the texts of its guide and facts, and return its id: its day and time.

        With its first event, and the texts that this names, all is kept or nothing: a session without one passes for
        one whose events were erased.

        Raises:
            JournalError: it was not kept.

        """
        with self._writing() as base:
            taken = "SELECT 1 FROM session WHERE id = ?"
            name = session_id = f"{started:%Y%m%d-%H%M%S}"
            number = 1
            while base.execute(taken, (session_id,)).fetchone():
                number += 1
                session_id = f"{name}-{number}"
            hashes = text_digest(guide), text_digest(facts)
            row = SessionRow(session_id, started.isoformat(), guide_id, *hashes, tool, practice)
            self._add(row, (guide, facts))
            if first:
                self._append(session_id, first, more)
        return session_id

    def _add_texts(self, texts: Sequence[str]) -> None:
        """Write texts under their hashes, each once; to be called within `_writing`."""
        hashed = [(text_digest(each), each) for each in texts]
        self._base.executemany("INSERT OR IGNORE INTO text VALUES (?, ?)", hashed)

    def _add(self, session: SessionRow, texts: Sequence[str]) -> None:
        """Write a session, and the texts of its guide and facts; to be called within `_writing`."""
        self._add_texts(texts)
        self._base.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", session)

    def append(self, session_id: str, event: Event, texts: Sequence[str] = ()) -> None:
        """Keep one event of a session, as it is to be written down, and the texts it names; durable when this returns.

        Raises:
            Erased: there is no such session any more.
            JournalError: it was not kept.

        """
        with self._writing():
            self._append(session_id, event, texts)

    def _append(self, session_id: str, event: Event, texts: Sequence[str] = ()) -> None:
        """Write an event; to be called within `_writing`."""
        kind, body = type(event).__name__, encoded(event)
        found = self._base.execute(
            "SELECT * FROM event WHERE session = ? ORDER BY number DESC LIMIT 1", (session_id,)
        ).fetchone()
        last = event_row(found) if found else None
        number, previous = (last.number + 1, last.hash) if last else (1, self._seal_of(session_id))
        row = EventRow(session_id, number, kind, body, previous, digest(session_id, number, kind, body, previous))
        self._add_texts(texts)
        self._add_events([row])

    def _seal_of(self, session_id: str) -> str:
        """Return the seal of a session that has no events yet; raise `Erased` where there is none."""
        row = self._session(session_id)
        if row is None:
            raise Erased("Cette session n’existe plus : elle a été effacée dans une autre fenêtre.")
        return row.seal

    def _add_events(self, rows: Sequence[EventRow]) -> None:
        """Write the next events of a session, and which is now its last; to be called within `_writing`."""
        self._base.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
        for row in rows[-1:]:
            self._base.execute("INSERT OR REPLACE INTO last VALUES (?, ?)", (row.session, row.number))

    def receive(self, session: SessionRow, texts: Sequence[str], events: Sequence[EventRow]) -> int:
        """Keep what is missing here of a session that was written elsewhere, and return how many events that were.

        Raises:
            JournalError: another session has this id, or its events went on otherwise here; nothing was kept.

        """
        with self._writing():
            here = self._session(session.id)
            if here is None:
                self._add(session, texts)
            elif here != session:
                raise JournalError(f"Une autre session porte ici cet identifiant, {session.id} : rien n’a été pris.")
            kept = self._events(session.id)
            for mine, theirs in zip(kept, events, strict=False):
                if mine != theirs:
                    raise JournalError(
                        f"La session {session.id} a continué autrement ici, depuis l’événement n° {mine.number} : "
                        "rien n’a été pris du fichier."
                    )
            missing = events[len(kept) :]
            self._add_texts(texts)
            self._add_events(missing)
        return len(missing)

    def hold(self, session_id: str, since: datetime) -> None:
        """Note since when somebody walks a session (the lock itself is the system's: see `Lock`)."""
        with self._writing() as base:
            base.execute("INSERT OR REPLACE INTO holder VALUES (?, ?)", (session_id, since.isoformat()))

    def forget(self, session_ids: Sequence[str]) -> list[str]:
        """Erase sessions for good, overwritten wherever they were written; return which.

        Each is locked until it is gone; one that is open in another window stays. The file keeps its size, unless no
        session is left: to make it smaller would leave what stands at its end, of the others, in free blocks.

        Raises:
            JournalError: they were not erased.

        """
        with ExitStack() as held:
            locks = {}
            for session_id in dict.fromkeys(session_ids):
                with explained(self), suppress(BlockingIOError):
                    locks[session_id] = held.enter_context(closing(Lock(self.path.parent, session_id)))
            with self._writing() as base:
                for session_id in locks:
                    base.execute("INSERT INTO forgetting VALUES (?)", (session_id,))
                    base.execute("DELETE FROM session WHERE id = ?", (session_id,))
                    for table in ("event", "holder", "announced", "last"):
                        base.execute(f"DELETE FROM {table} WHERE session = ?", (session_id,))  # noqa: S608 — names of ours
                base.execute("DELETE FROM forgetting")
                base.execute("INSERT INTO forgetting VALUES ('')")  # until that is overwritten too, see below
                self._drop_texts()
            for lock in locks.values():
                lock.remove()
        self._finish_forgetting()
        with suppress(JournalError), explained(self):  # if there is room
            if not self._base.execute("SELECT 1 FROM session UNION ALL SELECT 1 FROM event LIMIT 1").fetchone():
                self._base.execute("VACUUM")
        return list(locks)

    def _finish_forgetting(self) -> None:
        """Overwrite what the rollback journal still holds of rows that were erased; a kill may have come before."""
        with explained(self):
            if not self._base.execute("SELECT 1 FROM forgetting").fetchone():
                return
        with self._writing(), suppress(FileNotFoundError):  # in which nothing is written, by any process
            overwrite(rollback_journal(self.path))
        with self._writing() as base:
            base.execute("DELETE FROM forgetting")

    def _drop_texts(self) -> None:
        """Erase the texts that no session rests on any more; to be called within `_writing`."""
        beside = self._base.execute(
            "SELECT sha256 FROM text WHERE sha256 NOT IN (SELECT guide FROM session UNION SELECT facts FROM session)"
        ).fetchall()
        if not beside:
            return
        bodies = self._base.execute("SELECT body FROM event WHERE kind = ?", (WentOver.__name__,)).fetchall()
        named = {text for (body,) in bodies for text in texts_named(WentOver.__name__, body)}
        self._base.executemany("DELETE FROM text WHERE sha256 = ?", [each for each in beside if each[0] not in named])

    def announce(self, session_ids: Sequence[str], day: str) -> None:
        """Note on which day it was first said of these sessions, and now of no others, that they will be erased."""
        with self._writing() as base:
            kept = [each for each in base.execute("SELECT * FROM announced").fetchall() if each[0] in session_ids]
            base.execute("DELETE FROM announced")
            days = {**dict.fromkeys(session_ids, day), **dict(kept)}
            base.executemany("INSERT INTO announced VALUES (?, ?)", days.items())

    def announced(self) -> dict[str, str]:
        """Return the sessions of which it was said that they will be erased, and on which day it was said first."""
        with explained(self):
            return dict(self._base.execute("SELECT session, day FROM announced").fetchall())

    def starts(self) -> dict[str, str]:
        """Return all sessions, exercises too, and when each was started."""
        with explained(self):
            return dict(self._base.execute("SELECT id, started FROM session").fetchall())

    def lasts(self) -> dict[str, int]:
        """Return the sessions, exercises left out, and the number of the last event of each."""
        query = "SELECT session, number FROM last JOIN session ON id = session WHERE practice = 0"
        with explained(self):
            return dict(self._base.execute(query).fetchall())

    def damaged(self) -> list[Path]:
        """Return the damaged journals that were set aside beside this one."""
        return sorted(self.path.parent.glob(f"{ASIDE}*.sqlite3"))

    def erase(self, files: Sequence[Path]) -> None:
        """Erase files for good: overwritten, then removed.

        Raises:
            JournalError: one of them could not be.

        """
        with explained(self):
            for path in (each for file in files for each in (rollback_journal(file), file)):
                with suppress(FileNotFoundError):
                    overwrite(path)
                    path.unlink()

    # ------------------------------------------------------------------------------------------------ reading

    def row(self, session_id: str) -> SessionRow:
        """Return what is kept of a session beside its events.

        Raises:
            JournalError: there is no such session, or it cannot be read.

        """
        session_id = session_id.encode(errors="replace").decode()  # a name that is not UTF-8 is that of no session
        with explained(self):
            row = self._session(session_id)
        if row is None:
            raise _unknown(session_id)
        return row

    def _session(self, session_id: str) -> SessionRow | None:
        found = self._base.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
        return session_row(found) if found else None

    def _events(self, session_id: str) -> list[EventRow]:
        rows = self._base.execute("SELECT * FROM event WHERE session = ? ORDER BY number", (session_id,)).fetchall()
        return [event_row(row) for row in rows]

    def rows(self, practice: bool = False) -> Iterator[SessionRow]:
        """Yield the sessions, the newest first: the real ones, or the exercises."""
        after = ("\U0010ffff", "")
        while True:
            with explained(self):  # by pages: a list left open in a pager must not keep others from writing
                page = self._base.execute(
                    """SELECT * FROM session WHERE practice = ? AND (started, id) < (?, ?)
                    ORDER BY started DESC, id DESC LIMIT 100""",
                    (practice, *after),
                ).fetchall()
            rows = [session_row(row) for row in page]
            yield from rows
            if len(rows) < 100:
                return
            after = (rows[-1].started, rows[-1].id)

    def unfinished(self, guide_id: str | None = None, limit: int = 9) -> list[SessionRow]:
        """Return the sessions that have not ended, of one guide or of all, exercises left out, the newest first."""
        with explained(self):
            found = self._base.execute(
                """SELECT * FROM session WHERE practice = 0 AND (?1 IS NULL OR guide_id = ?1)
                AND EXISTS (SELECT 1 FROM event WHERE event.session = session.id)
                AND coalesce((
                    SELECT kind FROM event WHERE event.session = session.id
                    AND kind IN ('Ended', 'Abandoned', 'Reopened') ORDER BY number DESC LIMIT 1
                ), 'Reopened') = 'Reopened'
                ORDER BY started DESC, id DESC LIMIT ?2""",
                (guide_id, limit),
            ).fetchall()
        return [session_row(row) for row in found]

    def text(self, sha256: str) -> str:
        """Return a kept text.

        Raises:
            JournalError: it is not the text that was kept.

        """
        with explained(self):
            found = self._base.execute("SELECT body FROM text WHERE sha256 = ?", (sha256,)).fetchone()
        if found is None or text_digest(str(found[0])) != sha256:
            raise JournalError(
                "Le guide ou les faits gardés avec la session ont été altérés ou effacés : elle ne peut plus être lue."
            )
        return str(found[0])

    def sound_rows(self, session_id: str) -> list[EventRow]:
        """Return the events of a session as they are kept, in order, held against their chain.

        Raises:
            JournalError: one of them was altered, or there is no such session.

        """
        rows, altered = self.checked_rows(session_id)
        if altered is not None:
            raise JournalError(
                f"La session {session_id} a été altérée : l’événement n° {altered} n’est plus celui d’origine."
            )
        return rows

    def checked_rows(self, session_id: str) -> tuple[list[EventRow], int | None]:
        """Return the events of a session as they are kept, in order, and the number of the first altered one, or None.

        All of one moment: an event that a walk adds between two readings would pass for an alteration.

        Raises:
            JournalError: there is no such session.

        """
        with explained(self), transaction(self._base, "DEFERRED"):
            session, rows = self._session(session_id), self._events(session_id)
            last = self._base.execute("SELECT number FROM last WHERE session = ?", (session_id,)).fetchone()
        if session is None:
            raise _unknown(session_id)
        number = first_altered(session.seal, rows)
        return rows, len(rows) + 1 if number is None and last and last[0] != len(rows) else number

    def ids(self) -> list[str]:
        """Return the ids of all sessions, exercises too, also of those of which only events are left."""
        with explained(self):
            found = self._base.execute("SELECT id FROM session UNION SELECT session FROM event ORDER BY 1").fetchall()
        return [str(session_id) for (session_id,) in found]

    def is_sound(self) -> bool:
        """Return whether the file is one that SQLite could have written: its pages, its indexes, its types."""
        with explained(self):
            return self._base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    def is_free(self, session_id: str) -> bool:
        """Return whether nobody walks a session now.

        Raises:
            Unwritable: that cannot be known here.

        """
        try:
            with explained(self):
                Lock(self.path.parent, session_id).close()
        except BlockingIOError:
            return False
        return True

    def since(self, session_id: str) -> datetime | None:
        """Return since when somebody walks a session, in the time of this PC, or None."""
        with explained(self):
            found = self._base.execute("SELECT since FROM holder WHERE session = ?", (session_id,)).fetchone()
        at = as_time(found[0]) if found else None
        return at.astimezone() if at else None

    def event_rows(self, session_id: str) -> list[EventRow]:
        """Return the events of a session as they are kept, in order, held against nothing."""
        with explained(self):
            return self._events(session_id)


def _unknown(session_id: str) -> JournalError:
    return JournalError(f"La session ou le dossier « {session_id} » n’existe pas. Voyez : ecps-guide sessions")
