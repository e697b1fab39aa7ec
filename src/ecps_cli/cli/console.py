"""The terminal of a walk: its screen, its prompter, and the options that choose them.

Rich comes with the first `Terminal`: most of what imports this for the rest paints nothing.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ecps_cli.cli.output import is_unread, write_into_nothing
from ecps_cli.core.guide import Guide
from ecps_cli.screen.terminal import can_encode, conversation, has_console, make_console, paint
from ecps_cli.walk.by_keys import KeyPrompter
from ecps_cli.walk.by_lines import FilePrompter, LinePrompter, read_stdin
from ecps_cli.walk.prompter import EndOfInput, Prompter, drop_typed_ahead

if TYPE_CHECKING:
    from ecps_cli.screen.painting import Renderable


class Options(NamedTuple):
    """The options that every walk has."""

    plain: bool = False
    answers: Path | None = None
    guides: Path | None = None
    practice: bool = False
    phone: bool = False
    case: str = ""
    """The label by which this case is told apart."""

    @property
    def again(self) -> tuple[str, ...]:
        """Those with which a walk is taken up as it was, as they are typed: its look, and the guides beside its own."""
        folder = ("--guides", str(self.guides)) if self.guides else ()
        return (*["--plain"] * self.plain, *["--phone"] * self.phone, *folder)


class Terminal:
    """The screen and the prompter of a walk."""

    def __init__(self, options: Options, guide: Guide | None = None) -> None:
        from ecps_cli.screen import painting

        by_lines = options.answers is not None or conversation(options.plain) == "lines" or not has_console()
        self.options = options
        self.console = make_console()
        self.look = painting.look_for(by_lines, can_encode, options.phone)
        self._screen: Renderable = painting.BLANK
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
        from ecps_cli.screen.painting import one_line

        self._paint(one_line(line))

    def show(self, screen: Renderable) -> None:
        """Paint a screen: on a clear terminal, or under what is there in the plain look."""
        from ecps_cli.screen.painting import spoken
        from ecps_cli.screen.views import practice

        self._screen = practice(screen) if self.practice else screen
        if self.look.plain:
            self._paint(spoken(self._screen))
            self.say("")
        else:
            self.repaint()

    def repaint(self) -> None:
        """Paint on a clear terminal, for the size that it has now, what was last shown there."""
        self._size = self.console.size
        self.console.clear()
        self._paint(self._screen)

    def _paint(self, screen: Renderable) -> None:
        """Paint at once; where whoever read it is gone, nobody is there to answer either."""
        try:
            paint(self.console, screen)
            self.console.file.flush()
        except OSError as error:
            if not is_unread(error):
                raise
            write_into_nothing()
            raise EndOfInput from None

    def holds(self, screen: Renderable, below: int) -> bool:
        """Whether the window has room for a screen and so many rows below it; in the plain look, there always is."""
        from ecps_cli.screen.painting import rows_of

        console = self.console
        rows = rows_of(console.render(screen, console.options), console.width)
        return self.look.plain or rows + below <= console.height

    def stale(self) -> bool:
        """Return whether the window has changed its size since the screen was painted."""
        return self.console.size != self._size


def sure(question: str) -> bool:
    """Whether a clear yes was given; the end of the input is a no."""
    try:
        return Terminal(Options(plain=True)).prompter.yes_no(question)
    except EndOfInput:
        return False


def now() -> datetime:
    """Return the time, with the offset of this place."""
    return datetime.now().astimezone()


def read_answers(path: Path, guide: Guide) -> dict[str, tuple[str, ...]]:
    """Return the answers of a file, by step."""
    from ecps_cli.loading.answers import load_answers
    from ecps_cli.loading.text_file import read_text

    return load_answers(read_text(path), str(path), guide)
