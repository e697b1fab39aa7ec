"""Kept sessions, read back: each replayed on the guide and the facts of its time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ecps_cli.core.events import Event, WentOver
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.journal import JournalError, Unwritable
from ecps_cli.core.moves import Destinations, replay
from ecps_cli.core.session import Destination, Session
from ecps_cli.loading.compiled import compiled_facts, compiled_guide
from ecps_cli.loading.problems import LoadError
from ecps_cli.storage.folder import data_folder
from ecps_cli.storage.rows import EventRow, SessionRow, as_time, decoded, seal_of
from ecps_cli.storage.store import Store


class StoredSession(NamedTuple):
    """A session as the journal tells it, with the facts of its time."""

    row: SessionRow
    session: Session
    facts: Facts
    seal: str
    """Hash of its last event: what seals all of it."""


def open_store() -> Store:
    """Return the journal, to read only where it cannot be written.

    Raises:
        JournalError: it cannot be opened.

    """
    folder = data_folder(os.environ)
    try:
        return Store(folder)
    except Unwritable as error:
        try:
            return Store(folder, read_only=True)
        except JournalError:  # there is none to read, or it cannot be read: then nothing was ever kept there
            raise error from None


@lru_cache(maxsize=16)
def read_guide(guide_id: str, guide_text: str, facts_text: str) -> tuple[Guide, Facts]:
    """Guide and facts of these texts; many sessions have the same.

    Raises:
        LoadError: this version of the tool cannot read them.

    """
    facts, guide = compiled_facts(facts_text), compiled_guide(guide_id, guide_text, facts_text)
    if facts is not None and guide is not None:
        return guide, facts
    from ecps_cli.loading.loader import load_facts, load_guide  # with YAML and Pydantic

    facts = load_facts(facts_text, "facts.yaml") if facts_text else {}
    return load_guide(guide_text, f"{guide_id}.yaml", facts), facts


def hashed_once(store: Store) -> Callable[[str], str]:
    """Reader of kept texts by their hashes, each held against its own only once: for many sessions."""
    return lru_cache(maxsize=256)(store.text)


def load_session(store: Store, row: SessionRow) -> StoredSession:
    """Return a kept session, replayed on the guide of its time.

    Raises:
        JournalError: it was altered, or can no longer be read.

    """
    return replayed(row, store.sound_rows(row.id), store.text)


def replayed(row: SessionRow, events: Sequence[EventRow], text_of: Callable[[str], str]) -> StoredSession:
    """Session that rows make, on the guides and the facts of these texts, by their hashes.

    Raises:
        JournalError: it can no longer be read.

    """
    try:
        guide, facts = read_guide(row.guide_id, text_of(row.guide), text_of(row.facts))
        happened = [decoded(each.kind, each.body) for each in events]
        started = as_time(row.started)
        if started is None or guide.id != row.guide_id:
            raise ValueError(row.started)
        others = _destinations(happened, text_of)
        session = replay(guide, started, happened, bool(row.practice), others)
    except (LoadError, ValueError, TypeError) as error:
        raise JournalError(f"La session {row.id} ne peut plus être lue par cette version de l’outil.") from error
    return StoredSession(row, session, facts, seal_of(row, events))


def _destinations(events: Sequence[Event], text_of: Callable[[str], str]) -> Destinations:
    """The guides that were gone over to, read from the texts of that time."""
    found: dict[tuple[str, str], Destination] = {}
    for event in events:
        if isinstance(event, WentOver):
            texts = text_of(event.guide), text_of(event.facts)
            found[event.guide, event.facts] = Destination(*read_guide("guide", *texts), texts)
    return found
