"""What a session came to, in one line of a list: worked out from its events, or found where that was done before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Literal, NamedTuple, TypeVar

from ecps_cli.core.events import WentOver
from ecps_cli.core.journal import JournalError
from ecps_cli.core.session import End, Result, Session, current, durations, here, history, result
from ecps_cli.french.words import quoted_line
from ecps_cli.storage.archive import hashed_once, replayed
from ecps_cli.storage.rows import SessionRow
from ecps_cli.storage.store import Store

PAGE = 100
"""Sessions whose states are looked up at once."""


class Summary(NamedTuple):
    """What a session came to, and where it stands."""

    title: str
    """Of the guide; empty of a session that cannot be read."""
    label: str
    state: Result | Literal["unreadable"]
    outcome: str | None
    where: str | None
    """The step at which it stands; None at its end."""
    text: str
    """Of its outcome, or of that step; of a session that cannot be read, why."""
    seconds: int | None


def summarise(session: Session) -> Summary:
    """Summary of a session."""
    position = current(here(session))
    ended = isinstance(position, End) and not session.away
    return Summary(
        quoted_line(session.guide.title),
        session.label,
        result(session),
        position.id if ended else None,
        None if ended else here(session).prefix + position.id,
        quoted_line(position.outcome.text if isinstance(position, End) else position.text),
        int(sum(durations(session).values(), timedelta()).total_seconds()),
    )


def summaries(store: Store, rows: Iterable[SessionRow]) -> Iterator[tuple[SessionRow, Summary]]:
    """Yield sessions with what each came to, as soon as it is known."""
    text_of = hashed_once(store)
    for page in in_pages(rows):
        prints = store.states.prints([row.id for row in page])
        kept = store.states.read(prints)
        new = {}
        for row in page:
            found = _read(kept.get(row.id, ""), text_of)
            if found is None:
                try:
                    session = replayed(row, store.sound_rows(row.id), text_of).session
                    found = summarise(session)
                    new[row.id] = _state(found, row, session)
                except JournalError as error:
                    found = Summary("", "", "unreadable", None, None, str(error), None)
            yield row, found
        store.states.write(prints, new)


class Verified(NamedTuple):
    """What a session was found to be, held against its hashes and read."""

    session_id: str
    problem: str
    """What was altered, as a sentence; empty when nothing was."""
    misled: bool
    """Whether something else was kept of its state than what its events say; it is mended."""


def verified(store: Store) -> Iterator[Verified]:
    """Yield all sessions, each held against its hashes and read; each row is fetched once, each text hashed once."""
    text_of = hashed_once(store)
    for page in in_pages(store.ids()):
        prints = store.states.prints(page)
        kept = store.states.read(prints)
        found = {}
        for session_id in page:
            try:
                found[session_id] = _verified(store, session_id, text_of)
            except JournalError as error:
                yield Verified(session_id, str(error), False)
                continue
            yield Verified(session_id, "", kept.get(session_id, found[session_id]) != found[session_id])
        store.states.write(prints, {name: state for name, state in found.items() if kept.get(name) != state})


def _verified(store: Store, session_id: str, text_of: Callable[[str], str]) -> str:
    """State of a session that is as it was written.

    Raises:
        JournalError: it is not, or can no longer be read.

    """
    try:
        row = store.row(session_id)
    except JournalError:
        raise JournalError("il n’en reste que les événements : son début a été effacé hors de l’outil.") from None
    events, altered = store.checked_rows(session_id)
    if not events:
        raise JournalError("il n’en reste que le début, sans aucun événement.")
    if altered is not None:
        raise JournalError(f"l’événement n° {altered} n’est plus celui qui a été écrit.")
    session = replayed(row, events, text_of).session
    return _state(summarise(session), row, session)


def _state(summary: Summary, row: SessionRow, session: Session) -> str:
    """What is kept of a session's state: its summary, and the hashes of the texts that it rests on."""
    over = [each.event for each in history(session) if isinstance(each.event, WentOver)]
    texts = [row.guide, row.facts, *(text for event in over for text in (event.guide, event.facts))]
    return json.dumps([summary, texts], ensure_ascii=False)


def _read(state: str, text_of: Callable[[str], str]) -> Summary | None:
    """Summary in a kept state; None where there is none, or of another form, or whose texts are no longer the same."""
    if not state:
        return None
    values, texts = json.loads(state)
    if len(values) != len(Summary._fields):
        return None
    try:
        for each in texts:
            text_of(each)
    except JournalError:
        return None
    return Summary(*values)


T = TypeVar("T")


def in_pages(things: Iterable[T]) -> Iterator[list[T]]:
    """Yield things by as many as are looked up at once."""
    left = iter(things)
    while page := list(islice(left, PAGE)):
        yield page
