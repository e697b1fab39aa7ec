"""The journal of one walk: its session is kept with its first event, and held while somebody walks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from ecps_cli.core.events import Event, Paused, redacted
from ecps_cli.core.guide import Guide
from ecps_cli.core.journal import Erased, JournalError
from ecps_cli.storage.faults import explained
from ecps_cli.storage.lock import Lock
from ecps_cli.storage.store import Store

Begin = Callable[[Event, Sequence[str]], str]
"""What keeps a new session with its first event, and the texts that this names, and returns its id."""


class StoredJournal:
    """The journal of one session; the session itself is kept with its first event, so that looking leaves no trace."""

    def __init__(
        self, store: Store, begin: Begin | None = None, session_id: str = "", lock: Lock | None = None
    ) -> None:
        """Take the file, and how a new session begins there; or one that is there, and its lock, which one holds."""
        self.store = store
        self.session_id = session_id
        self._begin = begin
        self._lock = lock
        self._erased: Erased | None = None

    def close(self) -> None:
        """Give the session back, and close the file."""
        if self._lock:
            self._lock.close()
        self.store.close()

    def append(self, event: Event, guide: Guide, texts: Sequence[str] = ()) -> None:
        """Keep one event, as the guide in which it happened allows, and the texts it names; durable when this returns.

        Raises:
            Erased: the session is gone; there is nothing to take up again.
            JournalError: it was not kept.

        """
        if self._erased:
            raise self._erased
        if self._begin and not self.session_id:
            if isinstance(event, Paused):
                return  # nothing was done: there is nothing to take up again
            self.session_id = self._begin(redacted(guide, event), texts)
            with suppress(JournalError):  # where nothing can be locked, it is kept all the same
                self._lock = take(self.store, self.session_id, event.at)
            return
        try:
            self.store.append(self.session_id, redacted(guide, event), texts)
        except Erased as error:
            self.session_id, self._erased = "", error
            raise


def take(store: Store, session_id: str, since: datetime) -> Lock:
    """Take a session: nobody else walks it until the lock is closed or this process ends.

    Raises:
        BlockingIOError: somebody walks it already.
        Unwritable: the lock cannot be made.

    """
    with explained(store):
        lock = Lock(store.path.parent, session_id)
    with suppress(JournalError):  # a courtesy to who is refused; on a full disk the next event says so
        store.hold(session_id, since)
    return lock
