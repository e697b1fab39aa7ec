"""Taking an unfinished session up again: which one, where it stood, under which lock."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path

from ecps_cli.cli.console import Options, Terminal, now
from ecps_cli.cli.errors import PAUSED
from ecps_cli.cli.handing_over import is_a_file, receive
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import library
from ecps_cli.core.events import Noted
from ecps_cli.core.guide import Step
from ecps_cli.core.journal import JournalError, MemoryJournal, Unwritable
from ecps_cli.core.session import Session, current, here, history, result
from ecps_cli.core.text import text_digest
from ecps_cli.french.question import Question
from ecps_cli.french.words import ago, day_and_time, since, step_named
from ecps_cli.loading.problems import LoadError, NotFound
from ecps_cli.storage.archive import load_session, open_store
from ecps_cli.storage.lookup import sessions_named
from ecps_cli.storage.rows import SessionRow, as_time
from ecps_cli.storage.store import Store
from ecps_cli.storage.stored_journal import StoredJournal, take
from ecps_cli.walk.prompter import EndOfInput, Key


def resume(reference: str, options: Options) -> int:
    """Take up a session: the one named by its id or case, that of a file, or one chosen; return the exit code.

    Raises:
        LoadError: the file cannot be read.
        JournalError: there is none, or it cannot be read.

    """
    with closing(open_store()) as store:
        if reference and is_a_file(store, reference):
            reference = receive(store, Path(reference))
        waiting = _named(store, reference) if reference else store.unfinished(limit=OFFERED + 1)
        if not waiting:
            raise JournalError("Aucune session n’est restée inachevée.")
        terminal = Terminal(options)
        row = waiting[0] if reference and len(waiting) == 1 else _chosen(store, waiting, terminal)
        return PAUSED if row is None else resume_row(store, row, terminal, options)


def _named(store: Store, reference: str) -> list[SessionRow]:
    """Sessions that were named; of a case with several, those that are unfinished, where there are."""
    rows = sessions_named(store, reference)
    unfinished = store.unfinished(limit=-1) if len(rows) > 1 else []
    return [row for row in rows if row in unfinished] or rows


OFFERED = 9
"""How many sessions are offered: each has a key of its own."""


def _chosen(store: Store, rows: Sequence[SessionRow], terminal: Terminal) -> SessionRow | None:
    options = {row.id: in_words(store, row) for row in rows[:OFFERED]}
    more = " Les autres : ecps-guide sessions" if len(rows) > OFFERED else ""
    try:
        question = Question(f"Quelle session reprendre ?{more}", ("q : quitter",))
        free = next((row.id for row in rows if store.is_free(row.id)), rows[0].id)
        chosen = terminal.prompter.choose(question, options, "q", free, deliberate=True)
    except EndOfInput:
        return None
    return None if isinstance(chosen, Key) else store.row(chosen)


def in_words(store: Store, row: SessionRow) -> str:
    """Return a session in one line: when, how long ago it was left, which guide, where it stands, its last note."""
    try:
        told = load_session(store, row)
    except JournalError as error:
        return f"{day_and_time(as_time(row.started))} : {row.guide_id}. {error}"
    happened = [each.event for each in history(told.session)]
    notes = [event.text for event in happened if isinstance(event, Noted)]
    note = f" ; note : {notes[-1]}" if notes else ""
    left = f"laissé {ago(now() - happened[-1].at)}" if store.is_free(row.id) else "ouvert dans une autre fenêtre"
    label = f"{told.session.label}, " if told.session.label else ""
    named = f"{told.session.guide.title}{_where(told.session)}"
    return f"{label}{day_and_time(told.session.started)}, {left} : {named}{note}"


def left_unfinished(store: Store, row: SessionRow) -> str:
    """Sentence that tells a session from others of the same guide: when it began, its label, where it stands.

    Raises:
        JournalError: it cannot be read.

    """
    session = load_session(store, row).session
    label = f" (dossier {session.label})" if session.label else ""
    return f"Le {day_and_time(session.started)}, ce guide est resté inachevé{label}{_where(session)}."


def _where(session: Session) -> str:
    """Words for the step at which a session stands, behind others; an empty text where it has ended."""
    step = current(here(session))
    return f", à {step_named(step)}" if isinstance(step, Step) else ""


def resume_row(store: Store, row: SessionRow, terminal: Terminal, options: Options) -> int:
    """Take up a session under its lock, and return the exit code.

    Raises:
        JournalError: it cannot be read, or it has ended.

    """
    from ecps_cli.cli.walking import NOTHING_KEPT, finish, make_walk

    lock, warning = None, ""
    try:
        lock = take(store, row.id, now())
    except BlockingIOError:
        when = since(store.since(row.id))
        say_problem(f"Cette session est déjà ouverte dans une autre fenêtre{when}. Continuez là-bas, ou fermez-la.")
        return 1
    except Unwritable as error:
        warning = f"{error} {NOTHING_KEPT}"
    with closing(lock) if lock else nullcontext():
        told = load_session(store, row)
        if told.session.closed and result(told.session) == "success":
            raise JournalError(f"La session {row.id} est terminée. Son relevé : ecps-guide report {row.id}")
        if options.answers:
            terminal = Terminal(options, told.session.guide)
        terminal.practice = told.session.practice
        journal = StoredJournal(store, session_id=row.id, lock=lock) if lock else MemoryJournal()
        notice = EDITED if _edited(row, options) else ""
        walk = make_walk(told.session, told.facts, journal, terminal, notice=notice, standing=warning)
        walk.resume()
        return finish(walk)


EDITED = "Une autre version de ce guide ou de ses faits existe ; cette session garde la sienne."


def _edited(row: SessionRow, options: Options) -> bool:
    """Return whether the library's guide of that id, or its facts, are no longer those of the session."""
    try:
        found = library(options.guides).find(row.guide_id)
    except (NotFound, LoadError):
        return False
    return (text_digest(found.text), text_digest(found.facts_text)) != (row.guide, row.facts)
