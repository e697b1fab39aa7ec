"""How a session and its events are written down: rows, each with the hash of the one before, and back into events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ecps_cli.core.events import Event, WentOver
from ecps_cli.core.text import text_digest


class SessionRow(NamedTuple):
    """What is kept of a session beside its events."""

    id: str
    started: str
    """ISO 8601, with its UTC offset."""
    guide_id: str
    guide: str
    """SHA-256 of the guide's text."""
    facts: str
    """SHA-256 of the text of its facts."""
    tool: str
    practice: int

    @property
    def seal(self) -> str:
        """Return the hash from which the chain of its events starts."""
        return digest(*map(str, self))


class EventRow(NamedTuple):
    """An event as it is kept."""

    session: str
    number: int
    kind: str
    body: str
    previous: str
    hash: str

    def fits(self, previous: str) -> bool:
        """Return whether the event is unaltered, and follows the one with this hash."""
        return self.previous == previous and self.hash == digest(
            self.session, self.number, self.kind, self.body, previous
        )


def session_row(values: Sequence[object]) -> SessionRow:
    """Row of these values as a file has them; one of a wrong type becomes one that fits no hash."""
    return SessionRow(*map(_typed, values, _SESSION))


def event_row(values: Sequence[object]) -> EventRow:
    """Row of these values as a file has them; one of a wrong type becomes one that fits no hash."""
    return EventRow(*map(_typed, values, _EVENT))


_SESSION = (str, str, str, str, str, str, int)
_EVENT = (str, int, str, str, str, str)


def _typed(value: Any, kind: type) -> Any:
    """Value of its type; SQLite lets a file hold others."""
    if isinstance(value, kind):
        return value
    return repr(value) if kind is str else -1


def digest(*parts: object) -> str:
    """Return the SHA-256 of some values, in hexadecimal; no two lists of values give the same text to hash."""
    return text_digest(json.dumps([str(part) for part in parts]))


def _kinds(base: type[Event]) -> Iterator[tuple[str, type[Event]]]:
    for kind in base.__subclasses__():
        yield kind.__name__, kind
        yield from _kinds(kind)


KINDS: Mapping[str, type[Event]] = dict(_kinds(Event))
"""The name under which an event is kept → its class. A name, once written, is never changed."""


def as_time(text: object) -> datetime | None:
    """Time that a text is: ISO 8601, with its UTC offset, and within the calendar wherever it is read; or None."""
    try:
        found = datetime.fromisoformat(text)  # type: ignore[arg-type]  # what is no text raises TypeError
        if found.tzinfo is None or not (found - timedelta(days=1) < found < found + timedelta(days=1)):
            return None
    except (TypeError, ValueError, OverflowError):
        return None
    return found


def encoded(event: Event) -> str:
    """Return the body of an event: its fields as JSON, the time as ISO 8601."""
    return json.dumps({**asdict(event), "at": event.at.isoformat()}, ensure_ascii=False, sort_keys=True)


def decoded(kind: str, body: str) -> Event:
    """Return the event of a body.

    Raises:
        ValueError: it is none.

    """
    event_class = KINDS.get(kind)
    try:
        found = json.loads(body)
        if event_class is None or not isinstance(found, dict):
            raise ValueError(kind)
        event = event_class(**{**found, "at": as_time(found["at"])})
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(kind) from error
    if any(type(getattr(event, name)) is not declared for name, declared in _FIELDS[kind]):
        raise ValueError(kind)
    return event


_TYPES = {"datetime": datetime, "str": str, "bool": bool}
_FIELDS = {
    kind: [(each.name, _TYPES[str(each.type)]) for each in fields(event_class)] for kind, event_class in KINDS.items()
}
"""The fields of each kind of event, with their declared types."""


def texts_named(kind: str, body: str) -> tuple[str, ...]:
    """Hashes of the texts that an event rests on: of one that went over to another guide, that guide and its facts."""
    try:
        event = decoded(kind, body)
    except ValueError:  # altered
        return ()
    return (event.guide, event.facts) if isinstance(event, WentOver) else ()


def seal_of(row: SessionRow, events: Sequence[EventRow]) -> str:
    """Hash of the last event of a session: what seals all of it."""
    return events[-1].hash if events else row.seal


def first_altered(seal: str, rows: Iterable[EventRow]) -> int | None:
    """Number of the first altered event, or None; the first of all follows this seal."""
    previous = seal
    for number, row in enumerate(rows, 1):
        if row.number != number or not row.fits(previous):
            return number
        previous = row.hash
    return None
