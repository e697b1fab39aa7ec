"""What a walk needs of a place that keeps events, and the one that keeps them in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # so that the error handler, which imports this, needs no library
    from ecps_cli.core.events import Event


class Journal(Protocol):
    """What the walk needs of a place that keeps events."""

    session_id: str
    """Under which a walk is taken up again; empty as long as nothing of it is kept."""

    def append(self, event: Event) -> None:
        """Keep one event; it is durable when this returns.

        Raises:
            JournalError: it was not kept.

        """
        ...

    def close(self) -> None:
        """Let go of whatever is held."""
        ...


class MemoryJournal:
    """A journal that lasts as long as the process."""

    session_id = ""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def append(self, event: Event) -> None:
        """Keep one event."""
        self.events.append(event)

    def close(self) -> None:
        """Hold on to nothing."""


class JournalError(Exception):
    """The journal cannot be used; the text is the sentence that says why."""


class Unwritable(JournalError):
    """Nothing can be written where the journal is; it may still be read."""


class Erased(JournalError):
    """The session that is written to was erased meanwhile; nothing more of it can be kept."""


class Interrupted(Exception):
    """A walk was interrupted from outside, and its pause recorded; the text is the sentence that says what remains."""
