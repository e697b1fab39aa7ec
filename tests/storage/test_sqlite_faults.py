"""Whatever SQLite may raise, at whatever statement of whatever command: a sentence, and a code that is no bug's."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from support.commands import Ran, call
from support.tiers import first_of


def sqlite_error(kind: type[sqlite3.Error], name: str, said: str) -> sqlite3.Error:
    """Error as the module raises it, with the code and the name of SQLite's."""
    error = kind(said)
    error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, name), name
    return error


def raised() -> dict[str, Exception]:
    """What SQLite and its module are known to raise, made anew: an error keeps the frames in which it was raised."""
    found = [
        sqlite_error(sqlite3.DatabaseError, "SQLITE_NOTADB", "file is not a database"),
        sqlite_error(sqlite3.DatabaseError, "SQLITE_CORRUPT", "database disk image is malformed"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_IOERR", "disk I/O error"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_BUSY", "database is locked"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_LOCKED", "database table is locked"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_FULL", "database or disk is full"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_CANTOPEN", "unable to open database file"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_READONLY", "attempt to write a readonly database"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_PROTOCOL", "locking protocol"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_SCHEMA", "database schema has changed"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_ERROR", "malformed database schema (event)"),
        sqlite_error(sqlite3.OperationalError, "SQLITE_INTERRUPT", "interrupted"),
        sqlite_error(sqlite3.DatabaseError, "SQLITE_AUTH", "not authorized"),
        sqlite_error(sqlite3.DataError, "SQLITE_TOOBIG", "string or blob too big"),
        sqlite_error(sqlite3.IntegrityError, "SQLITE_CONSTRAINT", "append only"),
        sqlite_error(sqlite3.IntegrityError, "SQLITE_MISMATCH", "datatype mismatch"),
        sqlite_error(sqlite3.InterfaceError, "SQLITE_RANGE", "column index out of range"),
        sqlite_error(sqlite3.InterfaceError, "SQLITE_MISUSE", "bad parameter or other API misuse"),
        sqlite3.InternalError("unknown error"),
        sqlite3.ProgrammingError("Cannot operate on a closed database."),
        MemoryError(),  # of a text that claims to be huge
        OverflowError("Python int too large to convert to SQLite INTEGER"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        ValueError("embedded null character"),
    ]
    return {getattr(each, "sqlite_errorname", type(each).__name__): each for each in found}


ERRORS = tuple(raised())
COMMANDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sessions",), ""),
    (("fraud",), "1\n\n"),
    (("resume",), "\n\n\n"),
    (("report",), ""),
    (("forget", "--all"), "o\n"),
    (("sessions", "--json"), ""),
    (("sessions", "--verify"), ""),
    (("sessions", "--abandon", "LAST"), "o\n"),
    (("sessions", "--export", "LAST", "-o", "out.zip", "--force"), ""),
    (("sessions", "--practice"), ""),
    (("report", "--format", "json"), ""),
    (("feedback",), ""),
    (("case", "LAST", "Dossier 7"), ""),
    (("stats",), ""),
    (("forget", "--older-than", "1d"), "o\n"),
)


class Faults:
    """Places at which a command asks SQLite for something, counted; at one of them an error is raised."""

    def __init__(self, at: int = -1, error: Exception | None = None) -> None:
        self.at, self.error, self.met = at, error, 0

    def pass_by(self) -> None:
        self.met += 1
        if self.error and self.met == self.at:
            raise self.error


@contextmanager
def faulty(faults: Faults) -> Iterator[None]:
    """Make SQLite fail where the faults say: at a statement, or while its rows are read."""

    class Cursor(sqlite3.Cursor):
        def fetchone(self) -> Any:
            return self._fetched(super().fetchone)

        def fetchall(self) -> Any:
            return self._fetched(super().fetchall)

        def _fetched(self, fetch: Callable[[], Any]) -> Any:
            try:
                faults.pass_by()
            except Exception:
                self.close()  # as SQLite ends a statement that failed: an open one holds a lock
                raise
            return fetch()

    class Connection(sqlite3.Connection):
        def execute(self, *given: Any) -> sqlite3.Cursor:
            faults.pass_by()
            return self.cursor(Cursor).execute(*given)

        def executemany(self, *given: Any) -> sqlite3.Cursor:
            faults.pass_by()
            return super().executemany(*given)

        def executescript(self, *given: Any) -> sqlite3.Cursor:
            faults.pass_by()
            return super().executescript(*given)

    connect = sqlite3.connect

    def connected(*given: Any, **named: Any) -> sqlite3.Connection:
        return connect(*given, factory=Connection, **named)

    with mock.patch("sqlite3.connect", connected):
        yield


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder with an exercise, a walk, and one that has a note and something that does not match."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    environ = {"ECPS_DATA": str(folder)}
    call("fraud", "--practice", typed="1\n", environ=environ)
    call("fraud", typed="1\n\n", environ=environ)
    call("activate", "--mobile", typed="\n99700218896\n\nn\nvu\n\ne\nautre\n", environ=environ)
    return folder


def ran(command: tuple[tuple[str, ...], str], kept: Path, folder: Path, faults: Faults) -> Ran:
    """Run a command on a copy of a data folder, with faults."""
    arguments, typed = command
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(kept, data)
    with sqlite3.connect(data / "journal.sqlite3") as base:
        (last,) = base.execute("SELECT max(id) FROM session WHERE practice = 0").fetchone()
    base.close()
    given = [last if each == "LAST" else str(folder / each) if each == "out.zip" else each for each in arguments]
    with faulty(faults):
        return call(*given, typed=typed, environ={"ECPS_DATA": str(data)})


def check(command: tuple[tuple[str, ...], str], at: int, name: str, kept: Path, folder: Path) -> None:
    done = ran(command, kept, folder, Faults(at, raised()[name]))
    where = f"{' '.join(command[0])}, {name} at {at}: {done.said}"
    assert done.code in ((5,) if command[0] == ("fraud",) else (0, 1, 5)), where
    assert "Traceback" not in done.err, where
    assert done.said, where


@pytest.mark.parametrize("command", first_of(1, COMMANDS), ids=lambda command: " ".join(command[0]))
def test_each_place_fails_once(command: tuple[tuple[str, ...], str], kept: Path, tmp_path: Path) -> None:
    """At each place at which SQLite is asked one error is raised, each error at some place: no bug, no traceback."""
    whole = Faults()
    assert ran(command, kept, tmp_path, whole).code in (0, 5)
    assert whole.met > 5
    errors = cycle(ERRORS)
    for at in range(1, whole.met + 1):
        check(command, at, next(errors), kept, tmp_path)


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ERRORS)
def test_each_error_at_each_place_of_each_command(name: str, kept: Path, tmp_path: Path) -> None:
    """The whole table: command, place and error."""
    failed = []
    for command in COMMANDS:
        ran(command, kept, tmp_path, whole := Faults())
        for at in range(1, whole.met + 1):
            try:
                check(command, at, name, kept, tmp_path)
            except AssertionError as error:
                failed.append(str(error).partition("\n")[0])
    assert not failed, f"{len(failed)}:\n" + "\n".join(failed[:20])
