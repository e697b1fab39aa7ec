"""Which kept sessions a person means, by an id or by the label of a case; and how a session is named to a person."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ecps_cli.core.journal import JournalError
from ecps_cli.core.masking import masked
from ecps_cli.french.words import day_and_time, plural, quoted_line
from ecps_cli.storage.archive import load_session
from ecps_cli.storage.rows import SessionRow, as_time
from ecps_cli.storage.store import Store
from ecps_cli.storage.summaries import summaries

LISTED = 5
"""How many sessions are named where there may be many."""


def every(store: Store) -> Iterator[SessionRow]:
    """All sessions, the newest first and exercises last."""
    return chain(store.rows(), store.rows(practice=True))


def sessions_named(store: Store, reference: str) -> list[SessionRow]:
    """Session of this id, else those of the case of this label, the newest first and exercises last.

    Raises:
        JournalError: there is none, or the journal cannot be read.

    """
    try:
        return [store.row(reference)]
    except JournalError as unknown:
        rows = [row for row, told in summaries(store, every(store)) if is_label(told.label, reference)]
        if not rows:
            raise unknown
        return rows


def session_named(store: Store, reference: str) -> SessionRow:
    """Only session that an id, or the label of a case, names.

    Raises:
        JournalError: there is none, or there are several.

    """
    rows = sessions_named(store, reference)
    if len(rows) > 1:
        told = [f"{row.id} ({in_short(store, row.id)})" for row in rows[:LISTED]]
        more = f" ; et {plural(len(rows) - LISTED, 'autre')}" if len(rows) > LISTED else ""
        raise JournalError(
            f"Le dossier « {reference} » a {len(rows)} sessions. Nommez-en une : {' ; '.join(told)}{more}"
        )
    return rows[0]


def is_label(label: str, reference: str) -> bool:
    """Whether somebody who writes this means the case of that label: in capitals or not, and as it would be masked."""
    return bool(label) and label.casefold() == masked(reference).casefold()


def in_short(store: Store, session_id: str) -> str:
    """Session as a person knows it, in a few words: its case, when it was started, its guide."""
    try:
        row = store.row(session_id)
    except JournalError:
        return "il n’en reste que les événements"
    when = day_and_time(as_time(row.started))
    kind = "exercice, " if row.practice else ""
    try:
        session = load_session(store, row).session
    except JournalError:
        return f"{kind}{when} : {row.guide_id}, illisible"
    label = f"{session.label}, " if session.label else ""
    return f"{label}{kind}{when} : {quoted_line(session.guide.title)}"
