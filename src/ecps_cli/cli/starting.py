"""A walk from its beginning: which guide, its opening screen, its journal, an unfinished one taken up instead."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from ecps_cli import __version__
from ecps_cli.cli.console import Options, Terminal, now
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import library
from ecps_cli.cli.walking import NOTHING_KEPT, PAUSED, finish, make_walk, started
from ecps_cli.core.guide import Guide, Step
from ecps_cli.core.journal import Journal, JournalError, MemoryJournal
from ecps_cli.core.session import Session, current
from ecps_cli.french.words import strip_markup
from ecps_cli.loading.library import LoadedGuide
from ecps_cli.screen import painting, views
from ecps_cli.screen.painting import Look, Renderable
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.storage.folder import data_folder
from ecps_cli.walk.prompter import ENTER, EndOfInput, Key

if TYPE_CHECKING:
    from ecps_cli.storage.store import Store


def walk_guide(reference: str, options: Options) -> int:
    """Walk a guide and return the exit code; the first screen stands before anything slow is done."""
    found = library(options.guides).find(reference)
    terminal = Terminal(options, found.guide)
    session = Session(found.guide, now(), practice=options.practice)
    terminal.show(_first_screen(found, session, terminal.look))
    gc.enable()  # see `__main__`: from here on the process may live for hours
    store, warning = _store(session)
    journal = _journal(store, found, session)
    with closing(journal):
        notice = ""
        try:
            earlier = _earlier(store, found.guide, terminal, options) if store and not options.practice else None
        except JournalError as error:
            earlier, notice = None, str(error)
        if earlier is not None:
            return earlier
        elsewhere = _open(found, terminal)
        if elsewhere is None:
            walk = make_walk(session, found.facts, journal, terminal)
            walk.standing, walk.notice = warning, notice
            walk.painted = 0 if found.guide.steps[0].critical and not warning else -1
            return finish(walk)
    return walk_guide(elsewhere, options) if elsewhere else _not_begun()


def _first_screen(found: LoadedGuide, session: Session, look: Look) -> Renderable:
    """Return what is seen first: whom the guide is for; or its first step, when that one is critical."""
    step = current(session)
    if isinstance(step, Step) and step.critical:
        return StepScreen(session, step, found.facts, session.started, look)
    return views.opening(found.guide, found.facts, look)


def _store(session: Session) -> tuple[Store | None, str]:
    """Return where events are kept, or what to say when that is nowhere: the doctor is waiting, the walk goes on."""
    from ecps_cli.storage.store import Store, oldest_kept

    try:
        store = Store(data_folder(os.environ))
        store.forget_before(oldest_kept(session.started, os.environ))
    except JournalError as error:
        return None, f"{error} {NOTHING_KEPT}"
    return store, ""


def _journal(store: Store | None, found: LoadedGuide, session: Session) -> Journal:
    """Return the journal of a new session."""
    if store is None:
        return MemoryJournal()
    from ecps_cli.storage.store import StoredJournal

    texts = (found.text, found.facts_text)
    return StoredJournal(store, found.guide, texts, session.started, f"ecps-guide {__version__}", session.practice)


def _earlier(store: Store, guide: Guide, terminal: Terminal, options: Options) -> int | None:
    """Offer to take up the unfinished session of this guide; return its exit code, or None to start anew.

    Raises:
        JournalError: it cannot be read.

    """
    if not terminal.attended:
        return None
    from ecps_cli.cli.resuming import resume_row  # sqlite3 with it: not before the first screen

    try:
        row = next((row for row in store.unfinished(guide.id) if store.is_free(row.id)), None)
        if row is None or not terminal.prompter.yes_no(f"{started(row.started)}, {UNFINISHED}"):
            return None
        return resume_row(store, row, terminal, options)
    except EndOfInput:
        return _not_begun()


UNFINISHED = "ce guide est resté inachevé. Le reprendre ?"


def _open(found: LoadedGuide, terminal: Terminal) -> str | None:
    """Ask whether to begin; return None to walk it, the id of another guide, or an empty text to leave.

    A guide that begins with a critical step begins with that step instead.
    """
    guide, prompter = found.guide, terminal.prompter
    if guide.steps[0].critical:
        return None
    prompter.at("")
    try:
        while True:
            key = prompter.key("Entrée : commencer · p : un autre cas · q : quitter", "pq")
            if key == ENTER:
                return None
            if key.letter == "q":
                return ""
            elsewhere = _other_case(guide, terminal)
            if elsewhere:
                return elsewhere
            terminal.show(views.opening(guide, found.facts, terminal.look))
    except EndOfInput:
        return ""


def _other_case(guide: Guide, terminal: Terminal) -> str | None:
    """Ask which other case it is; return the guide that it calls for, or None once its sentence was read."""
    options = {str(number): strip_markup(way.if_) for number, way in enumerate(guide.otherwise)}
    chosen = terminal.prompter.choose("Quel est le cas ? (r : retour)", options, "r") if options else ENTER
    if isinstance(chosen, Key):
        return None
    way = guide.otherwise[int(chosen)]
    if way.guide:
        return way.guide
    terminal.show(painting.rich_text(way.do or ""))
    terminal.prompter.key("Entrée : retour")
    return None


def choose_and_walk(options: Options | None = None, among: Sequence[str] = ()) -> int:
    """Ask which guide, saying what each needs, then walk it."""
    options = options or Options()
    found = library(options.guides)
    guides = [found.find(guide_id).guide for guide_id in among or found.ids()]
    terminal = Terminal(options)
    terminal.show(views.guides_and_needs(guides))
    try:
        chosen = terminal.prompter.choose("Quel guide ?", {guide.id: guide.title for guide in guides}, "q")
    except EndOfInput:
        return _not_begun()
    return _not_begun() if isinstance(chosen, Key) else walk_guide(chosen, options)


def _not_begun() -> int:
    say_problem("Rien n’a été commencé.")
    return PAUSED
