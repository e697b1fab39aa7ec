"""A walk from its beginning: which guide, its opening screen, its journal, an unfinished one taken up instead."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ecps_cli import __version__
from ecps_cli.cli.console import Options, Terminal, now
from ecps_cli.cli.errors import PAUSED
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import every_guide, library
from ecps_cli.cli.walking import NOT_BEGUN, NOTHING_KEPT, finish, make_walk
from ecps_cli.core.guide import Guide, Step
from ecps_cli.core.journal import Busy, Journal, JournalError, LateJournal, MemoryJournal
from ecps_cli.core.session import Session, current
from ecps_cli.core.text import typeset
from ecps_cli.french.question import Question
from ecps_cli.loading.library import LoadedGuide
from ecps_cli.screen import painting, views
from ecps_cli.screen.painting import Renderable
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.screen.views import READ_ON, Page
from ecps_cli.storage.folder import data_folder
from ecps_cli.walk import opening, question_text
from ecps_cli.walk.prompter import ENTER, EndOfInput, Key

if TYPE_CHECKING:
    from ecps_cli.storage.rows import SessionRow
    from ecps_cli.storage.store import Store


def walk_guide(reference: str, options: Options, known: bool = False) -> int:
    """Walk a guide and return the exit code; the first screen stands before anything slow is done.

    Where what it needs is `known` already, it begins with its first step alone.
    """
    found = library(options.guides).find(reference)
    if found.set_aside:
        say_problem(found.set_aside.headline)
    terminal = Terminal(options, found.guide)
    session = Session(found.guide, now(), practice=options.practice)
    first = None if known else _first_screen(found, session, terminal)
    at_once = first is None or isinstance(first, StepScreen)
    if first:
        terminal.show(first)
    store, journal, warning = _journal(found, session)
    with closing(journal):
        notice = overdue(found.guide, shown=True) if at_once else ""
        try:
            earlier = _earlier(store, found.guide, terminal, options) if store and not options.practice else None
        except JournalError as error:
            earlier, notice = None, str(error)
        if earlier is not None:
            return earlier
        left = _open(found, terminal, options.case, first) if first and not at_once else Opening(options.case)
        if left.elsewhere is None:
            walk = make_walk(
                session,
                found.facts,
                journal,
                terminal,
                notice=notice,
                standing=warning,
                label=left.label,
                opening=at_once,
                prepare=first.prepare if isinstance(first, StepScreen) else (),
                painted=isinstance(first, StepScreen) and not warning,
            )
            code = finish(walk)
            _retain(store)
            if not walk.following:
                return code
            left = Opening(walk.session.label or walk.label, walk.following)
    case = options._replace(case=left.label)  # another guide for the same case
    return walk_guide(left.elsewhere, case) if left.elsewhere else not_begun()


def _first_screen(found: LoadedGuide, session: Session, terminal: Terminal) -> Renderable:
    """Return what is seen first: whom the guide is for; or its first step.

    Its first step when that one is critical, or when the window holds beside it what is to be at hand.
    """
    step = current(session)
    if isinstance(step, Step) and step.critical:
        return StepScreen(session, step, found.facts, session.started, terminal.look)
    if isinstance(step, Step) and opening.opens_on(step) and not terminal.look.plain:
        with_step = opening.screen(session, step, found.facts, terminal.look, terminal.practice)
        if with_step.holds_all(terminal.console):
            return with_step
    screen = views.opening(found.guide, found.facts, terminal.look, overdue(found.guide))
    return screen if terminal.look.plain else Page(screen, _begin(READ_ON).whole(), int(terminal.practice))


def _begin(*more: str, label: str = "") -> Question:
    """What is asked under the opening screen; with the key that reads on, where there is `more`."""
    case = f"d : {opening.CASE} {label}".rstrip()
    return Question(keys=("Entrée : commencer", *more, case, "p : un autre cas", "q : quitter"))


def overdue(guide: Guide, *, shown: bool = False) -> str:
    """Warning about a guide that was to be reviewed by now, and how to get a newer one; an empty text otherwise.

    Of a step, where the warning itself is `shown`, the second half is left.
    """
    if now().date() <= guide.review_by:
        return ""
    from ecps_cli.cli.installed import installed_from

    newer = f"Un guide plus récent : ecps-guide guides --update {installed_from() or 'SOURCE'}"
    due = "" if shown else f"Ce guide est à relire depuis le {guide.review_by:%d/%m/%Y} : un écran peut avoir changé. "
    return typeset(due + newer)


def _journal(found: LoadedGuide, session: Session) -> tuple[Store | None, Journal, str]:
    """Return where events are kept, the journal of a new session, and what every screen is to say of it.

    Where nothing can be kept the walk goes on, since the doctor is waiting; what is only busy is tried again.
    """
    from ecps_cli.storage.store import Store
    from ecps_cli.storage.stored_journal import StoredJournal

    def begun(store: Store) -> Journal:
        tool = f"ecps-guide {__version__}"
        new = session.started, found.guide.id, found.text, found.facts_text, tool, session.practice
        return StoredJournal(store, partial(store.begin, *new))

    try:
        folder = data_folder(os.environ)
        store = Store(folder)
    except Busy:
        return None, LateJournal(lambda: begun(Store(folder))), ""
    except JournalError as error:
        return None, MemoryJournal(), f"{error} {NOTHING_KEPT}"
    return store, begun(store), ""


def _retain(store: Store | None) -> None:
    """Announce or erase what has been kept long enough: after the walk, when nobody is waiting."""
    from ecps_cli.storage.retention import keep_days, retain

    with suppress(JournalError):
        if store:
            retain(store, now(), keep_days(os.environ), say_problem)


def _earlier(store: Store, guide: Guide, terminal: Terminal, options: Options) -> int | None:
    """Offer to take up the unfinished session of this guide; return its exit code, or None to start anew.

    Raises:
        JournalError: it cannot be read.

    """
    if not terminal.attended:
        return None
    from ecps_cli.cli.resuming import left_unfinished, resume_row  # sqlite3 with it: not before the first screen

    try:
        row = _unfinished(store, guide, options.case)
        if row is None or not terminal.prompter.yes_no(f"{left_unfinished(store, row)} Le reprendre ?"):
            return None
        return resume_row(store, row, terminal, options)
    except EndOfInput:
        return not_begun()


def _unfinished(store: Store, guide: Guide, case: str) -> SessionRow | None:
    """Newest session of this guide that is unfinished and free; where a case is given, of that case alone."""
    if not case:
        return next((row for row in store.unfinished(guide.id) if store.is_free(row.id)), None)
    from ecps_cli.storage.lookup import is_label
    from ecps_cli.storage.summaries import summaries

    rows = (row for row in store.unfinished(guide.id, limit=-1) if store.is_free(row.id))
    return next((row for row, told in summaries(store, rows) if is_label(told.label, case)), None)


class Opening(NamedTuple):
    """How the opening screen of a guide was left."""

    label: str
    """The label of the case."""
    elsewhere: str | None = None
    """None to walk the guide, the id of another one, or an empty text to leave."""


def _open(found: LoadedGuide, terminal: Terminal, label: str, screen: Renderable) -> Opening:
    """Ask whether to begin, and for the label of the case where one is wanted.

    A guide that begins with a critical step begins with that step instead.
    """
    guide, prompter = found.guide, terminal.prompter
    if guide.steps[0].critical:
        return Opening(label)
    prompter.at("")
    try:
        while True:
            more = (READ_ON,) if isinstance(screen, Page) and (screen.left or screen.start) else ()
            key = prompter.key(_begin(*more, label=label), "dpql" if more else "dpq")
            if key == ENTER:
                return Opening(label)
            if key.letter == "q":
                return Opening(label, "")
            if key.letter == "l" and isinstance(screen, Page):
                screen = screen.next()
            elif key.letter == "d":
                label = opening.label(terminal.prompter, label)
            elif elsewhere := _other_case(guide, terminal):
                return Opening(label, elsewhere)
            terminal.show(screen)
    except EndOfInput:
        return Opening(label, "")


def _other_case(guide: Guide, terminal: Terminal) -> str | None:
    """Ask which other case it is; return the guide that it calls for, or None once its sentence was read."""
    options = opening.ways(guide)
    if options and not terminal.look.plain:  # which the list would push out of the window in part
        terminal.show(painting.titled(guide.title))
    question = Question("Quel est le cas ?", ("r : retour",))
    chosen = terminal.prompter.choose(question, options, "r") if options else ENTER
    way = None if isinstance(chosen, Key) else opening.way(guide, chosen)
    return opening.taken(way, terminal.prompter, terminal.show) or None if way else None


QUESTION = Question("Quel guide ?", ("q : quitter",))


def choose_and_walk(options: Options | None = None, among: Sequence[str] = ()) -> int:
    """Ask which guide, then walk it; where what each needs was shown to choose by, it is not shown again.

    On a window too low for that and for the choice, it comes once the guide is chosen.
    """
    options = options or Options()
    found = library(options.guides)
    guides = [found.find(each).guide for each in among] or [each.guide for each in every_guide(options.guides)]
    titles = {guide.id: guide.title for guide in guides}
    terminal, needs = Terminal(options), views.guides_and_needs(guides)
    known = bool(among) and terminal.holds(needs, question_text.rows(QUESTION, titles.values(), terminal.console.width))
    terminal.show(needs if known else painting.titled("Suivre un guide"))
    try:
        chosen = terminal.prompter.choose(QUESTION, titles, "q")
    except EndOfInput:
        return not_begun()
    return not_begun() if isinstance(chosen, Key) else walk_guide(chosen, options, known=known)


def not_begun() -> int:
    """Say that no walk was begun, and return the exit code."""
    say_problem(NOT_BEGUN)
    return PAUSED
