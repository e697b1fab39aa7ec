"""Taking an unfinished session up again: which one, where it stood, under which lock."""

from __future__ import annotations

import gc
import os
from contextlib import closing, nullcontext
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from ecps_cli.chain import SessionRow, text_digest
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import library
from ecps_cli.cli.walking import NOTHING_KEPT, PAUSED, Options, Terminal, finish, make_walk, now, started
from ecps_cli.guide import Facts, Guide, Step
from ecps_cli.journal import Store, StoredJournal, take
from ecps_cli.keeping import JournalError, MemoryJournal, Unwritable, data_folder
from ecps_cli.library import NotFound
from ecps_cli.loader import LoadError, load_facts, load_guide
from ecps_cli.prompts import EndOfInput, Key
from ecps_cli.session import IllegalEvent, Noted, Session, current, replay
from ecps_cli.wording import ago, plain_text


class Told(NamedTuple):
    """A session as the journal tells it, with the facts of its time."""

    row: SessionRow
    session: Session
    facts: Facts


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
def _read(guide_id: str, guide_text: str, facts_text: str) -> tuple[Guide, Facts]:
    """Return a guide and its facts; many sessions have the same."""
    facts = load_facts(facts_text, "facts.yaml") if facts_text else {}
    return load_guide(guide_text, f"{guide_id}.yaml", facts), facts


def tell(store: Store, row: SessionRow) -> Told:
    """Return a kept session, replayed on the guide of its time.

    Raises:
        JournalError: it was altered, or can no longer be read.

    """
    texts = store.text(row.guide), store.text(row.facts)
    try:
        guide, facts = _read(row.guide_id, *texts)
        events = store.events(row.id)
        session = replay(guide, datetime.fromisoformat(row.started), events, practice=bool(row.practice))
    except (LoadError, IllegalEvent, ValueError) as error:
        raise JournalError(f"La session {row.id} ne peut plus être lue par cette version de l’outil.") from error
    return Told(row, session, facts)


def resume(session_id: str, options: Options) -> int:
    """Take up a session, or the one that is chosen among the unfinished, and return the exit code.

    Raises:
        JournalError: there is none, or it cannot be read.

    """
    terminal = Terminal(options)
    with closing(open_store()) as store:
        row = store.row(session_id) if session_id else _chosen(store, terminal)
        return PAUSED if row is None else resume_row(store, row, terminal, options)


OFFERED = 9
"""How many sessions are offered: each has a key of its own."""


def _chosen(store: Store, terminal: Terminal) -> SessionRow | None:
    rows = store.unfinished(limit=OFFERED + 1)
    if not rows:
        raise JournalError("Aucune session n’est restée inachevée.")
    options = {row.id: _in_words(store, row) for row in rows[:OFFERED]}
    more = " Les autres : ecps-guide sessions" if len(rows) > OFFERED else ""
    try:
        chosen = terminal.prompter.choose(f"Quelle session reprendre ?{more}", options, "q", rows[0].id)
    except EndOfInput:
        return None
    return None if isinstance(chosen, Key) else store.row(chosen)


def _in_words(store: Store, row: SessionRow) -> str:
    """Return a session in one line: when, how long ago it was left, which guide, where it stands, its last note."""
    try:
        told = tell(store, row)
    except JournalError as error:
        return f"{started(row.started)} : {row.guide_id}. {error}"
    step = current(told.session)
    where = f", à « {plain_text(step.text)} »" if isinstance(step, Step) else ""
    notes = [event.text for event in told.session.events if isinstance(event, Noted)]
    note = f" ; note : {notes[-1]}" if notes else ""
    left = ago(now() - told.session.events[-1].at)
    return f"{started(row.started)}, laissé {left} : {told.session.guide.title}{where}{note}"


def resume_row(store: Store, row: SessionRow, terminal: Terminal, options: Options) -> int:
    """Take up a session under its lock, and return the exit code.

    Raises:
        JournalError: it cannot be read, or it has ended.

    """
    lock, warning = None, ""
    try:
        lock = take(store, row.id, now())
    except BlockingIOError:
        since = store.since(row.id)
        when = f" depuis {since.astimezone():%H:%M, le %d/%m}" if since else ""
        say_problem(f"Cette session est déjà ouverte dans une autre fenêtre{when}. Continuez là-bas, ou fermez-la.")
        return 1
    except Unwritable as error:
        warning = f"{error} {NOTHING_KEPT}"
    with closing(lock) if lock else nullcontext():
        told = tell(store, row)
        if told.session.closed:
            raise JournalError(f"La session {row.id} est terminée. Son relevé : ecps-guide report {row.id}")
        if options.answers:
            terminal = Terminal(options, told.session.guide)
        terminal.practice = told.session.practice
        journal = StoredJournal.of(store, told.session.guide, row.id, lock) if lock else MemoryJournal()
        walk = make_walk(told.session, told.facts, journal, terminal)
        walk.standing = warning
        walk.resume()
        if _edited(row, options):
            walk.notice += " Une autre version de ce guide ou de ses faits existe ; cette session garde la sienne."
        gc.enable()
        return finish(walk)


def _edited(row: SessionRow, options: Options) -> bool:
    """Return whether the library's guide of that id, or its facts, are no longer those of the session."""
    try:
        found = library(options.guides).find(row.guide_id)
    except (NotFound, LoadError):
        return False
    return (text_digest(found.text), text_digest(found.facts_text)) != (row.guide, row.facts)
