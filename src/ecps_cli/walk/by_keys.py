"""Asking by single keys on a real terminal, with Questionary.

Questionary, which is slow to import, is imported when the first question is asked: the screen it belongs to is painted
by then.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ecps_cli.core.text import MAX_TEXT, sanitize
from ecps_cli.french.typography import option_lines, question_lines, transliterate
from ecps_cli.interrupts import raise_if_interrupted, raised_after
from ecps_cli.walk.prompter import (
    ENTER,
    HINT,
    MARK,
    TOO_LONG,
    EndOfInput,
    Key,
    by_default,
    drop_typed_ahead,
    no_key,
    not_here,
)

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.styles import Style
    from questionary import Question


class _Pasted(NamedTuple):
    """Too much was put into a line: what stood there before, as far as that is known."""

    line: str


class _Refused(NamedTuple):
    """A key was pressed that a list does not know: the sentence that says so, and what was pointed at."""

    why: str
    pointed: str


class Screen(Protocol):
    """What a question stands under: it was painted for a window of some size, which may change."""

    def stale(self) -> bool:
        """Return whether the window has another size now."""
        ...

    def repaint(self) -> None:
        """Paint it again, for the size that the window has now."""
        ...


class Resized(NamedTuple):
    """The end of a question whose window has changed its size, and what was typed or pointed at until then."""

    kept: str


class KeyPrompter:
    """Asks on a real terminal, with Questionary: arrows, numbers, single keys."""

    def __init__(self, screen: Screen | None = None) -> None:
        """Take the screen that the questions stand under, if any."""
        self._screen = screen
        self._why = ""

    def at(self, step_id: str) -> None:
        """Do nothing: the person sees the screen."""

    def refused(self, why: str) -> None:
        """Say it before the question, when it comes again."""
        self._why = f"{why} "

    def key(self, question: str, keys: str = "") -> Key:
        """Wait for one key press: Enter, or one of `keys`; on another one, say on the same line which they are."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings
        from prompt_toolkit.keys import Keys

        bindings = KeyBindings()
        shown = self._worded(question)

        @bindings.add(Keys.Any)
        @bindings.add(Keys.BracketedPaste)
        def _(event: Any) -> None:
            """Nothing is typed here."""
            nonlocal shown
            shown = no_key(event.data if len(event.data) == 1 else "", keys)

        _bind(bindings, {**{letter: letter for letter in keys}, "enter": ""})

        def ask(_: str) -> Any:
            session = PromptSession[Any](lambda: f"{_question(shown)} ", key_bindings=bindings, style=_style())
            return self._answer(session.app, bindings, str)

        _drop_keys()
        heard = self._asked(ask)
        return heard if isinstance(heard, Key) else ENTER

    def text(self, question: str, keys: str = "", default: str = "") -> str | Key:
        """Edit a line; Enter alone gives the default."""
        import questionary
        from prompt_toolkit.key_binding import KeyBindings

        asked = f"{question} [Entrée : {default}]" if default else question

        def ask(typed: str) -> Any:
            bindings = KeyBindings()
            _bind_line(bindings)
            line = questionary.text(
                _question(worded, MARK), typed, qmark=MARK.strip(), style=_style(), key_bindings=bindings
            )
            return self._answer(line.application, bindings, lambda: str(line.application.current_buffer.text))

        answer: str | _Pasted = _Pasted("")
        while isinstance(answer, _Pasted):
            worded = self._worded(asked)
            _drop_keys()
            answer = self._asked(ask, answer.line)
            if isinstance(answer, _Pasted):
                self.refused(TOO_LONG)
        letter = answer.strip().lower()
        return Key(letter) if len(letter) == 1 and letter in keys else sanitize(answer) or default

    def choose(self, question: str, options: Mapping[str, str], keys: str = "", default: str = "") -> str | Key:
        """Move with the arrows or a number, choose with Enter."""
        import questionary
        from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings
        from prompt_toolkit.keys import Keys
        from questionary.prompts.common import InquirerControl

        def ask(pointed: str) -> Any:
            asked: Question = questionary.select(
                _question(worded, MARK),
                choices=[
                    questionary.Choice(_option(text), value=option, shortcut_key=str(number) if number < 10 else False)
                    for number, (option, text) in enumerate(options.items(), 1)
                ],
                default=pointed or by_default(options, default) or None,
                qmark=MARK.strip(),
                pointer=">",
                instruction=" ",  # ours stands in the question; without one, Questionary has its own
                use_shortcuts=len(options) <= 36,  # more than Questionary has
                use_jk_keys=False,
                style=_style(),
            )
            app = asked.application
            bindings = KeyBindings()
            _bind(bindings, {**{letter: letter for letter in keys}, "c-d": None})
            app.key_bindings = merge_key_bindings([app.key_bindings or KeyBindings(), bindings])
            choices = next(each for each in app.layout.find_all_controls() if isinstance(each, InquirerControl))

            @bindings.add(Keys.Any)
            @bindings.add(Keys.BracketedPaste)
            def _(event: Any) -> None:
                app.erase_when_done = True
                why = not_here(event.data if len(event.data) == 1 else "")  # what is stands in the question behind it
                app.exit(result=_Refused(why, str(choices.get_pointed_at().value)))

            return self._answer(app, bindings, lambda: str(choices.get_pointed_at().value))

        heard: str | Key | _Refused = _Refused("", "")
        while isinstance(heard, _Refused):
            if heard.why:
                self.refused(heard.why)
            worded = self._worded(f"{question} {HINT}")
            _drop_keys()
            heard = self._asked(ask, heard.pointed)
        return heard

    def _worded(self, question: str) -> str:
        """Return a question behind why the last answer to it was refused."""
        why, self._why = self._why, ""
        return f"{why}{question}"

    def _asked(self, ask: Callable[[str], Any], kept: str = "") -> Any:
        """Ask, and again each time that the window changes its size, under the screen painted anew; return the answer.

        `ask` takes what was typed or pointed at before the change.
        """
        heard: Any = Resized(kept)
        while isinstance(heard, Resized):
            if self._screen and self._screen.stale():
                self._screen.repaint()
            with _end_of_input():
                heard = ask(heard.kept)
        return heard

    def _answer(self, app: Application[Any], bindings: KeyBindings, kept: Callable[[], str]) -> Any:
        """Return what a question ends with; a signal ends it too, but by way of its event loop.

        Raised in the middle of that loop, it might be an error in one of prompt_toolkit's own tasks, which asks for
        Enter, and leaves the terminal raw.
        """
        _bind_no_mouse(bindings)
        self._stoppable(app, bindings)
        self._watch(app, kept)

        def leave() -> None:
            if app.future and not app.future.done():
                app.exit(exception=KeyboardInterrupt)

        def tell() -> None:
            if app.loop:
                app.loop.call_soon_threadsafe(leave)

        app.pre_run_callables.append(raise_if_interrupted)  # what came before there was a loop
        with raised_after(tell):
            return app.run(handle_sigint=False)  # whose own handler, set anew for each question, leaves gaps

    def _watch(self, app: Application[Any], kept: Callable[[], str]) -> None:
        """Make a question end, leaving nothing on the screen, when it is drawn in a window of another size."""

        def end(_: Any) -> None:
            if self._screen and self._screen.stale() and not app.is_done:
                app.erase_when_done = True
                app.exit(result=Resized(kept()))

        app.before_render += end

    def _stoppable(self, application: Application[Any], bindings: KeyBindings) -> None:
        """Make Ctrl-Z, or a stop from outside, give the terminal back to the shell, and `fg` paint the screen again."""
        if sys.platform == "win32":  # no job control there
            return
        import asyncio
        import termios

        from prompt_toolkit.application import run_in_terminal

        found = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None

        def stop() -> None:
            if found:  # prompt_toolkit has given back what matters, not all (IXON)
                termios.tcsetattr(sys.stdin, termios.TCSANOW, found)
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(0, signal.SIGTSTP)  # the whole job, as the terminal itself would
            watch()
            if self._screen:
                self._screen.repaint()

        def step_aside() -> None:
            run_in_terminal(stop)

        def watch() -> None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTSTP, step_aside)

        application.pre_run_callables.append(watch)
        bindings.add("c-z", eager=True)(lambda event: step_aside())


def _drop_keys() -> None:
    """Drop what was typed ahead, what prompt_toolkit has read of it already too."""
    if sys.stdin.isatty():
        from prompt_toolkit.application import get_app_session
        from prompt_toolkit.input.typeahead import clear_typeahead

        clear_typeahead(get_app_session().input)
    drop_typed_ahead()


def _style() -> Style:
    """Return the style of a question: a no-break space looks like a space, not like a fault."""
    from prompt_toolkit.styles import Style

    return Style([("nbsp", "nounderline noinherit")])


def _bind(bindings: KeyBindings, keys: Mapping[str, str | None]) -> None:
    """Make each key end the question with its `Key`, a letter in either case; None ends the input."""

    def leave(letter: str | None) -> Callable[[Any], None]:
        def handler(event: Any) -> None:
            if letter is None:
                event.app.exit(exception=EOFError)
            else:
                event.app.exit(result=Key(letter))

        return handler

    for name, letter in keys.items():
        for each in {name, name.upper()} if len(name) == 1 else {name}:
            bindings.add(each, eager=True)(leave(letter))


def _bind_no_mouse(bindings: KeyBindings) -> None:
    """Make what reads as the mouse do nothing: a pasted colour code does too, and prompt_toolkit trips over it."""
    from prompt_toolkit.keys import Keys

    bindings.add(Keys.Vt100MouseEvent, eager=True)(lambda event: None)


def _bind_line(bindings: KeyBindings) -> None:
    """Make a line take what can be shown and kept, and no more of it: a paste is one text, its line ends are spaces."""
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.keys import Keys

    for keys in (["c-r"], ["c-s"], *(["escape", each] for each in "-0123456789")):
        bindings.add(*keys, eager=True)(lambda event: None)  # modes of readline, whose prompts are English

    @bindings.add(Keys.Any)
    @bindings.add(Keys.BracketedPaste)
    @bindings.add("tab")
    def _(event: KeyPressEvent) -> None:
        buffer, text = event.current_buffer, event.data
        if len(buffer.text) + len(text) <= MAX_TEXT:
            buffer.insert_text(" " if text.isspace() else sanitize(text))
        elif not event.app.is_done:
            _drain(event.app.input.fileno())
            event.app.exit(result=_Pasted("" if len(text) == 1 else buffer.text))


def _drain(descriptor: int) -> None:
    """Read and forget the rest of what is being pasted on a terminal that does not say where a paste ends.

    It has ended when nothing has come for a tenth of a second.
    """
    if sys.platform != "win32":  # there, prompt_toolkit tells a paste by its speed
        import select

        while select.select([descriptor], [], [], 0.1)[0] and os.read(descriptor, 65536):
            pass


@contextmanager
def _end_of_input() -> Iterator[None]:
    raise_if_interrupted()
    try:
        yield
    except EOFError:
        raise EndOfInput from None


def _question(text: str, mark: str = "") -> str:
    """Return a question broken to the width of the terminal, in the characters that it has; its mark is not in it."""
    lines = question_lines(mark + text, shutil.get_terminal_size().columns)
    return _written("\n".join(lines).removeprefix(mark))


def _option(text: str) -> str:
    """Return the text of an option likewise: a list does not wrap by itself."""
    return _written("\n      ".join(option_lines(text, shutil.get_terminal_size().columns)))


def _written(text: str) -> str:
    """Return a text as standard output can write it: what it lacks, prompt_toolkit would replace by "?"."""
    return transliterate(text, sys.stdout.encoding)
