"""What a journal holds of a session, as tests ask for it."""

from __future__ import annotations

from ecps_cli.core.events import Event
from ecps_cli.storage.rows import decoded, seal_of
from ecps_cli.storage.store import Store


def kept_events(store: Store, session_id: str) -> list[Event]:
    """Events of a session, in order.

    Raises:
        JournalError: one of them was altered, or there is no such session.

    """
    return [decoded(row.kind, row.body) for row in store.sound_rows(session_id)]


def altered_event(store: Store, session_id: str) -> int | None:
    """Number of the first altered event of a session, or None."""
    return store.checked_rows(session_id)[1]


def kept_seal(store: Store, session_id: str) -> str:
    """Hash of the last event of a session, held against nothing."""
    return seal_of(store.row(session_id), store.event_rows(session_id))
