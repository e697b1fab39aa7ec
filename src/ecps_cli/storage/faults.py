"""What SQLite and the system refuse, as sentences; a damaged file is set aside, never erased."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ecps_cli.core.journal import Busy, JournalError, Unwritable
from ecps_cli.storage.folder import not_writable

ASIDE = "journal-abîmé-"
"""How the name of a damaged file begins, once it is set aside."""

RAISED = (sqlite3.Error, MemoryError, OverflowError, ValueError)
"""What SQLite and its module raise: the last ones for a text or a number as no row of ours has it."""

UNREADABLE = "Le journal contient ce que l’outil n’a pas écrit, et ne peut pas être lu."
TOO_LARGE = "La mémoire manque pour ce que contient le journal : fermez d’autres programmes, puis recommencez."


class OpenFile(Protocol):
    """What is known here of a journal: its file, which one it was when it was opened, and how it is closed."""

    path: Path
    identity: tuple[int, int]

    def close(self) -> None:
        """Close it, whatever state it is in."""


@contextmanager
def explained(store: OpenFile) -> Iterator[None]:
    """Turn what SQLite and the system say into a sentence; set a damaged file aside."""
    try:
        yield
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise Busy("Le journal est occupé par un autre programme.") from error
        raise JournalError(_set_aside(store) if _is_damage(error) else _sentence(error)) from error
    except UnicodeDecodeError as error:  # SQLite quotes what it finds in a damaged schema
        raise JournalError(_set_aside(store)) from error
    except MemoryError as error:  # the PC has none left; or the file claims to hold a huge text
        raise JournalError(TOO_LARGE) from error
    except RAISED as error:
        raise JournalError(UNREADABLE) from error
    except BlockingIOError:
        raise
    except OSError as error:
        raise Unwritable(not_writable(store.path.parent, error)) from error


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is damaged, or another program's; a full disk or a busy file is no damage."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    strange = (
        *("no such table", "no such column", "has no column", "values were supplied", "unsupported file format"),
        "already exists",  # what a wrong `user_version` makes of a migration
    )
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or any(each in str(error) for each in strange)


def _sentence(error: sqlite3.Error) -> str:
    reason = str(error)
    if "full" in reason:
        return "Le disque est plein."
    if "readonly" in reason:
        return "Le journal est en lecture seule."
    return "Le journal ne peut pas être ouvert."


def identity(path: Path) -> tuple[int, int]:
    """Device and number of a file: those of another one that takes its place are others."""
    found = path.stat()
    return found.st_dev, found.st_ino


def rollback_journal(path: Path) -> Path:
    """File in which SQLite keeps what a write replaces, lest it be cut short."""
    return path.with_name(f"{path.name}-journal")


def _set_aside(store: OpenFile) -> str:
    """Put the damaged file out of the way; never over another one."""
    store.close()
    name = f"{ASIDE}{datetime.now():%Y%m%d-%H%M%S}"
    aside = store.path.with_name(f"{name}.sqlite3")
    number = 1
    while aside.exists():
        number += 1
        aside = store.path.with_name(f"{name}-{number}.sqlite3")
    try:
        if identity(store.path) != store.identity:
            return "Le journal était abîmé : il a déjà été mis de côté."
        store.path.rename(aside)
        with suppress(FileNotFoundError):
            rollback_journal(store.path).rename(rollback_journal(aside))
    except OSError:
        return "Le journal est abîmé."
    return f"Le journal était abîmé : il a été mis de côté, dans {aside}."
