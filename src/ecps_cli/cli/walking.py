"""A walk from the command line: the guide, the terminal, the prompter and the clock put together; its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console, ConsoleRenderable  # noqa: TID251 — the screen that the walk paints on

from ecps_cli import views
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import library
from ecps_cli.guide import Guide
from ecps_cli.journal import MemoryJournal
from ecps_cli.library import Found
from ecps_cli.prompts import (
    ENTER,
    EndOfInput,
    FilePrompter,
    Key,
    KeyPrompter,
    LinePrompter,
    Prompter,
    read_stdin,
)
from ecps_cli.session import End, Session, current
from ecps_cli.terminal import can_encode, conversation, make_console, paint
from ecps_cli.typography import typeset
from ecps_cli.views import Look
from ecps_cli.walk import Walk, pause_sentence
from ecps_cli.wording import plain_text

DONE, WITHOUT_SUCCESS, PAUSED = 0, 4, 5


class Options(NamedTuple):
    """The options that every walk has."""

    plain: bool = False
    answers: Path | None = None
    guides: Path | None = None


class Terminal:
    """The screen and the prompter of a walk."""

    def __init__(self, options: Options, found: Found | None = None) -> None:
        by_lines = options.answers is not None or conversation(options.plain) == "lines"
        self.console: Console = make_console()
        self.look = Look(plain=by_lines, glyphs=can_encode(views.GLYPHS))
        self.prompter = self._prompter(options, found, by_lines)

    def _prompter(self, options: Options, found: Found | None, by_lines: bool) -> Prompter:
        if options.answers and found:
            return FilePrompter(self.say, read_answers(options.answers, found.guide))
        return LinePrompter(self.say, read_stdin) if by_lines else KeyPrompter()

    def say(self, line: str) -> None:
        """Print one line, at once."""
        self.console.print(typeset(line), soft_wrap=True)

    def show(self, screen: ConsoleRenderable) -> None:
        """Paint a screen: on a clear terminal, or under what is there in the plain look."""
        if not self.look.plain:
            self.console.clear()
        paint(self.console, screen)
        if self.look.plain:
            self.say("")


def read_answers(path: Path, guide: Guide) -> dict[str, tuple[str, ...]]:
    """Return the answers of a file, by step."""
    from ecps_cli.library import read_text
    from ecps_cli.loader import load_answers

    return load_answers(read_text(path), str(path), guide)


def walk_guide(reference: str, options: Options) -> int:
    """Walk a guide and return the exit code."""
    found = library(options.guides).find(reference)
    terminal = Terminal(options, found)
    elsewhere = _open(found, terminal)
    if elsewhere is not None:
        return walk_guide(elsewhere, options) if elsewhere else _not_begun()
    walk = Walk(
        session=Session(found.guide, datetime.now().astimezone()),
        facts=found.facts,
        journal=MemoryJournal(),
        prompter=terminal.prompter,
        show=terminal.show,
        look=terminal.look,
        now=lambda: datetime.now().astimezone(),
        open_link=open_link,
    )
    session = walk.run()
    position = current(session)
    if isinstance(position, End):
        return DONE if position.outcome.success else WITHOUT_SUCCESS
    say_problem(" ".join(filter(None, [walk.notice, pause_sentence(session)])))
    return PAUSED


def _open(found: Found, terminal: Terminal) -> str | None:
    """Show whom the guide is for; return None to walk it, the id of another guide, or an empty text to leave.

    A guide that begins with a critical step begins with that step instead.
    """
    guide, prompter = found.guide, terminal.prompter
    if guide.steps[0].critical:
        return None
    prompter.at("")
    try:
        while True:
            terminal.show(views.opening(guide, found.facts))
            key = prompter.key("Entrée : commencer · p : un autre cas · q : quitter", "pq")
            if key == ENTER:
                return None
            if key.letter == "q":
                return ""
            elsewhere = _other_case(guide, terminal)
            if elsewhere:
                return elsewhere
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
    terminal.show(views.rich_text(way.do or ""))
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


def open_link(address: str) -> bool:
    """Open an address in the browser; False when there is none."""
    import webbrowser

    return webbrowser.open(address)
