"""A walk handed over: a kept session written into a file, and taken from one that came from another PC."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ecps_cli.cli.cases import taken
from ecps_cli.cli.console import now
from ecps_cli.cli.output import hand_out
from ecps_cli.core.events import Noted
from ecps_cli.core.session import End, current, here
from ecps_cli.core.text import shorten
from ecps_cli.loading.text_file import read_text
from ecps_cli.storage.archive import load_session, open_store, replayed
from ecps_cli.storage.handover import Handed, from_json, to_json
from ecps_cli.storage.lookup import session_named
from ecps_cli.storage.store import Store


def export(reference: str, output: Path | None, force: bool) -> int:
    """Write a session into a file, as it is kept, and return the exit code.

    Raises:
        JournalError: there is no such session, or it was altered.

    """
    with closing(open_store()) as store:
        session_id = session_named(store, reference).id
        text = to_json(store, session_id)
    return hand_out(text, output, force, example=f"{session_id}.json")


def is_a_file(store: Store, reference: str) -> bool:
    """Whether what was named is a file rather than a session: one that is there, or that is written like a path."""
    if reference in store.ids():
        return False
    try:
        return Path(reference).is_file() or reference.endswith(".json")
    except (OSError, ValueError):
        return False


LARGEST = 20_000_000
"""Bytes of a file that is taken: the texts of its guide and facts are of 1 MB each at most, the rest are events."""


def receive(store: Store, path: Path) -> str:
    """Keep what a file holds of a session and the journal does not, and return its id; note from whom it came.

    Who handed it over is told by the label of the case alone. A file that was taken before changes nothing.

    Raises:
        LoadError: the file cannot be read.
        JournalError: it was altered, contradicts what is kept here, or cannot be kept.

    """
    keep(store, handed := from_json(read_text(path, LARGEST), shorten(path.name)), "Transmis d’un autre poste")
    return handed.row.id


def keep(store: Store, handed: Handed, came: str) -> None:
    """Keep what is missing here of a session that was walked elsewhere, with a note that says how it came.

    Raises:
        JournalError: it contradicts what is kept here, or cannot be kept.

    """
    replayed(handed.row, handed.events, handed.texts.__getitem__)
    with taken(store, handed.row.id):
        if store.receive(handed.row, list(handed.texts.values()), handed.events):
            session = load_session(store, handed.row).session
            position = current(here(session))
            if not session.closed and not isinstance(position, End):
                case = f", dossier {session.label}" if session.label else ""
                store.append(handed.row.id, Noted(now(), position.id, f"{came}{case}."))
