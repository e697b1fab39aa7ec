"""A walk from the command line: the guide, the terminal, the journal and the clock put together; its exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console, ConsoleRenderable  # noqa: TID251 — the screen that the walk paints on

from ecps_cli import __version__, painting, views
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import library
from ecps_cli.guide import Facts, Guide, Step
from ecps_cli.keeping import Interrupted, Journal, JournalError, MemoryJournal, data_folder
from ecps_cli.library import Found
from ecps_cli.painting import Look
from ecps_cli.prompts import (
    ENTER,
    EndOfInput,
    FilePrompter,
    Key,
    KeyPrompter,
    LinePrompter,
    Prompter,
    drop_typed_ahead,
    read_stdin,
    yes_no,
)
from ecps_cli.session import End, Paused, Session, current
from ecps_cli.terminal import can_encode, conversation, make_console, paint
from ecps_cli.walk import Walk, pause_sentence
from ecps_cli.windows import has_console
from ecps_cli.wording import plain_text

if TYPE_CHECKING:
    from ecps_cli.journal import Store

DONE, WITHOUT_SUCCESS, PAUSED = 0, 4, 5

NOTHING_KEPT = "Rien ne sera gardé de ce parcours."


class Options(NamedTuple):
    """The options that every walk has."""

    plain: bool = False
    answers: Path | None = None
    guides: Path | None = None
    practice: bool = False
    phone: bool = False


class Terminal:
    """The screen and the prompter of a walk."""

    def __init__(self, options: Options, guide: Guide | None = None) -> None:
        by_lines = options.answers is not None or conversation(options.plain) == "lines" or not has_console()
        self.console: Console = make_console()
        self.look = painting.look_for(by_lines, can_encode, options.phone)
        self._screen: ConsoleRenderable = painting.BLANK
        self._size = self.console.size
        self.prompter = self._prompter(options, guide, by_lines)
        self.attended = options.answers is None and sys.stdin.isatty()
        """Whether somebody sits there, who can be asked what no script foresees."""
        self.practice = options.practice

    def _prompter(self, options: Options, guide: Guide | None, by_lines: bool) -> Prompter:
        if options.answers and guide:
            return FilePrompter(self.say, read_answers(options.answers, guide))
        return LinePrompter(self.say, read_stdin, drop_typed_ahead) if by_lines else KeyPrompter(self)

    def say(self, line: str) -> None:
        """Print one line, at once."""
        paint(self.console, painting.one_line(line))

    def show(self, screen: ConsoleRenderable) -> None:
        """Paint a screen: on a clear terminal, or under what is there in the plain look."""
        self._screen = views.practice(screen) if self.practice else screen
        if self.look.plain:
            paint(self.console, painting.Spoken(self._screen))
            self.say("")
        else:
            self.repaint()

    def repaint(self) -> None:
        """Paint on a clear terminal, for the size that it has now, what was last shown there."""
        self._size = self.console.size
        self.console.clear()
        paint(self.console, self._screen)

    def stale(self) -> bool:
        """Return whether the window has changed its size since the screen was painted."""
        return self.console.size != self._size


def now() -> datetime:
    """Return the time, with the offset of this place."""
    return datetime.now().astimezone()


def read_answers(path: Path, guide: Guide) -> dict[str, tuple[str, ...]]:
    """Return the answers of a file, by step."""
    from ecps_cli.library import read_text
    from ecps_cli.loader import load_answers

    return load_answers(read_text(path), str(path), guide)


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


def make_walk(session: Session, facts: Facts, journal: Journal, terminal: Terminal) -> Walk:
    """Return the walk of a session on this terminal."""
    from ecps_cli.browser import open_link  # which start other programs: not before the first screen
    from ecps_cli.clipboard import copy

    return Walk(
        session=session,
        facts=facts,
        journal=journal,
        prompter=terminal.prompter,
        show=terminal.show,
        look=terminal.look,
        now=now,
        open_link=open_link,
        copy=copy,
    )


def finish(walk: Walk) -> int:
    """Run a walk and return the exit code."""
    try:
        session = walk.run()
    except KeyboardInterrupt:
        raise Interrupted(_how_to_resume(walk)) from None
    position = current(session)
    if isinstance(position, End):
        if walk.unwritten:
            say_problem("La fin de ce parcours n’a pas pu être gardée.")
        return DONE if position.outcome.success else WITHOUT_SUCCESS
    say_problem(" ".join(filter(None, [walk.notice, f"{pause_sentence(session)}.", _how_to_resume(walk)])))
    return PAUSED


def _how_to_resume(walk: Walk) -> str:
    """Return how to take a walk up again, and from where, when its last events could not be kept."""
    session_id = walk.journal.session_id
    lost = next((event for event in walk.unwritten if not isinstance(event, Paused)), None)
    if not session_id:
        return "Rien n’a pu être gardé de ce parcours." if lost else ""
    step = walk.session.guide.step(lost.step) if lost else None
    gap = f"Rien n’a été gardé à partir de l’étape « {plain_text(step.text).rstrip('.')} ». " if step else ""
    which = f" {session_id}" if walk.session.practice else ""  # alone, `resume` offers no exercise
    return f"{gap}Pour reprendre{' de là' if step else ''} : ecps-guide resume{which}"


def _first_screen(found: Found, session: Session, look: Look) -> ConsoleRenderable:
    """Return what is seen first: whom the guide is for; or its first step, when that one is critical."""
    step = current(session)
    if isinstance(step, Step) and step.critical:
        return views.StepScreen(session, step, found.facts, session.started, look)
    return views.opening(found.guide, found.facts, look)


def _store(session: Session) -> tuple[Store | None, str]:
    """Return where events are kept, or what to say when that is nowhere: the doctor is waiting, the walk goes on."""
    from ecps_cli.journal import Store, oldest_kept

    try:
        store = Store(data_folder(os.environ))
        store.forget_before(oldest_kept(session.started, os.environ))
    except JournalError as error:
        return None, f"{error} {NOTHING_KEPT}"
    return store, ""


def _journal(store: Store | None, found: Found, session: Session) -> Journal:
    """Return the journal of a new session."""
    if store is None:
        return MemoryJournal()
    from ecps_cli.journal import StoredJournal

    texts = (found.text, found.facts_text)
    return StoredJournal(store, found.guide, texts, session.started, f"ecps-guide {__version__}", session.practice)


def _earlier(store: Store, guide: Guide, terminal: Terminal, options: Options) -> int | None:
    """Offer to take up the unfinished session of this guide; return its exit code, or None to start anew.

    Raises:
        JournalError: it cannot be read.

    """
    if not terminal.attended:
        return None
    from ecps_cli.cli.resuming import resume_row

    try:
        row = next((row for row in store.unfinished(guide.id) if store.is_free(row.id)), None)
        if row is None or not yes_no(terminal.prompter, f"{started(row.started)}, {UNFINISHED}"):
            return None
        return resume_row(store, row, terminal, options)
    except EndOfInput:
        return _not_begun()


UNFINISHED = "ce guide est resté inachevé. Le reprendre ?"


def started(text: str) -> str:
    """Return when a session was started, in words; or nearly so, when its time was altered."""
    try:
        return f"Le {datetime.fromisoformat(text).astimezone():%d/%m/%Y à %H:%M}"
    except (ValueError, TypeError):
        return "Un jour"


def _open(found: Found, terminal: Terminal) -> str | None:
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
    options = {str(number): plain_text(way.if_) for number, way in enumerate(guide.otherwise)}
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
