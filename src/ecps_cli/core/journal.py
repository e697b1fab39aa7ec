"""What a walk needs of a place that keeps events, and the one that keeps them in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # so that the error handler, which imports this, needs no library
    from ecps_cli.core.events import Event
    from ecps_cli.core.guide import Guide


class Journal(Protocol):
    """What the walk needs of a place that keeps events."""

    @property
    def session_id(self) -> str:
        """Under which a walk is taken up again; empty as long as nothing of it is kept."""
        ...

    def append(self, event: Event, guide: Guide, texts: Sequence[str] = ()) -> None:
        """Keep one event of this guide, with the texts that it names; it is durable when this returns.

        Raises:
            JournalError: it was not kept.

        """
        ...

    def close(self) -> None:
        """Let go of whatever is held."""
        ...


class LateJournal:
    """A journal that could not be opened yet because another program held it: it is tried again with each event."""

    def __init__(self, opened: Callable[[], Journal]) -> None:
        """Take what opens it, or raises JournalError."""
        self._open = opened
        self._journal: Journal | None = None

    @property
    def session_id(self) -> str:
        """Under which a walk is taken up again; empty as long as nothing of it is kept."""
        return self._journal.session_id if self._journal else ""

    def append(self, event: Event, guide: Guide, texts: Sequence[str] = ()) -> None:
        """Keep one event of this guide, with the texts that it names; it is durable when this returns.

        Raises:
            JournalError: it was not kept, or the journal cannot be opened yet.

        """
        self._journal = self._journal or self._open()
        self._journal.append(event, guide, texts)

    def close(self) -> None:
        """Let go of whatever is held."""
        if self._journal:
            self._journal.close()


class MemoryJournal:
    """A journal that lasts as long as the process."""

    session_id = ""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def append(self, event: Event, guide: Guide, texts: Sequence[str] = ()) -> None:
        """Keep one event."""
        self.events.append(event)

    def close(self) -> None:
        """Hold on to nothing."""


class JournalError(Exception):
    """The journal cannot be used; the text is the sentence that says why."""


class Unwritable(JournalError):
    """Nothing can be written where the journal is; it may still be read."""


class Busy(JournalError):
    """Another program holds the journal now; it may be tried again."""


class Erased(JournalError):
    """The session that is written to was erased meanwhile; nothing more of it can be kept."""
