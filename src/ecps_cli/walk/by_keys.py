"""Asking by single keys on a real terminal, with Questionary for lists and prompt_toolkit for keys and lines.

Both are slow to import, and are imported when the first question is asked: the screen it belongs to is painted by then.
One prompt session, and one set of its default key bindings, serve a whole walk.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ecps_cli.core.text import MAX_TEXT, sanitize
from ecps_cli.french.question import Question
from ecps_cli.interrupts import raise_if_interrupted, raised_after
from ecps_cli.walk import question_text
from ecps_cli.walk.job_control import JobControl
from ecps_cli.walk.prompter import (
    DELIBERATE_HINT,
    ENTER,
    HINT,
    LINE_HINT,
    MARK,
    NO,
    NO_HELP,
    TICK_HINT,
    TOO_LONG,
    UNCLEAR,
    YES,
    Countdown,
    EndOfInput,
    Key,
    Ticks,
    by_default,
    by_enter,
    marked,
    no_key,
    not_here,
)
from ecps_cli.walk.terminal_input import CHOSEN, Chosen, Repeats, drain, guard

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.application import Application
    from prompt_toolkit.key_binding import KeyBindings
    from questionary import Question as ListQuestion


class Screen(Protocol):
    """What a question stands under: it was painted for a window of some size, which may change."""

    def stale(self) -> bool:
        """Whether the window has another size now."""
        ...

    def repaint(self) -> None:
        """Paint it again, for the size that the window has now."""
        ...


class _Resized(NamedTuple):
    """The end of a question whose window has changed its size, and what was typed or pointed at until then."""

    kept: Any


class _Refused(NamedTuple):
    """The end of a question that comes again at once: the sentence that says why, and what was typed or pointed at."""

    why: str
    kept: Any


class KeyPrompter:
    """Asks on a real terminal: single keys, lines, lists with arrows and numbers."""

    def __init__(self, screen: Screen | None = None) -> None:
        """Take the screen that the questions stand under, if any."""
        self._screen = screen
        self._why = ""
        self._job = JobControl(screen.repaint if screen else lambda: None)
        self._repeats = Repeats()
        self._session: PromptSession[Any] | None = None
        self._bindings: KeyBindings | None = None
        self._message: Callable[[], str] = str
        self._chosen = Chosen()

    def at(self, step_id: str) -> None:
        """Do nothing: the person sees the screen."""

    def refused(self, why: str) -> None:
        """Say it before the question, when it comes again."""
        self._why = f"{why}\n"

    # ------------------------------------------------------------------------------------------------- one key

    def key(
        self, asked: Question, keys: str = "", enter: bool = True, words: str = "", countdown: Countdown | None = None
    ) -> Key:
        """Wait for one key press; after a wrong one, the question stands and a line under it says the keys."""
        from prompt_toolkit.key_binding import KeyBindings
        from prompt_toolkit.keys import Keys

        bindings = KeyBindings()
        shown = self._refusal() + asked.whole()
        wrong = ""

        @bindings.add("enter")  # which would be taken as a text otherwise
        @bindings.add("c-j")
        @bindings.add(Keys.Any)
        @bindings.add(Keys.BracketedPaste)
        def _(event: Any) -> None:
            nonlocal wrong
            wrong = no_key(_name(event.data), keys, enter, words)

        _bind_leave(bindings, {**{letter: letter for letter in keys}, **({"enter": ""} if enter else {})})

        def message() -> str:
            above = "\n".join(filter(None, [countdown() if countdown else "", shown]))
            return f"{question_text.question(above)} " + (f"\n{question_text.question(wrong)} " if wrong else "")

        self._typed_ahead()
        refresh = 1.0 if countdown else 0.0
        heard = self._asked(lambda _: self._prompt(message, bindings, erase=True, refresh=refresh))
        return heard if isinstance(heard, Key) else ENTER

    def yes_no(self, question: str) -> bool:
        """Wait for one key: o or y is yes, n is no."""
        letters = "".join(word for word in (*YES, *NO) if len(word) == 1)
        return self.key(Question(f"{question} (o/n)"), letters, enter=False, words=UNCLEAR).letter in YES

    # -------------------------------------------------------------------------------------------------- a line

    def text(self, asked: Question, keys: str = "", default: str = "", typed: str = "") -> str | Key:
        """Edit a line, which begins with what was typed, or typed ahead; an empty one gives the default."""
        from prompt_toolkit.key_binding import KeyBindings

        whole = marked(asked, LINE_HINT if keys else "").whole() + by_enter("" if typed else default)
        answer: Any = _Refused("", typed + self._typed_ahead(editing=True))
        while isinstance(answer, _Refused):
            if answer.why:
                self.refused(answer.why)
            worded = self._refusal() + whole
            bindings = KeyBindings()
            _bind_line(bindings)
            answer = self._asked(
                lambda kept: self._prompt(lambda: question_text.line(worded), bindings, typed=kept),  # noqa: B023
                answer.kept,
            )
            if str(answer).strip() == "?" and "?" not in keys:
                answer = _Refused(NO_HELP, "")
        letter = answer.strip().lower()
        return Key(letter) if len(letter) == 1 and letter in keys else sanitize(answer) or default

    # ------------------------------------------------------------------------------------------------- lists

    def choose(
        self,
        asked: Question,
        options: Mapping[str, str],
        keys: str = "",
        default: str = "",
        deliberate: bool = False,
    ) -> str | Key:
        """Choose with a number; or with Enter, where it is `deliberate` or was moved to with the arrows."""
        import questionary

        def ask(pointed: str, why: str) -> ListQuestion:
            return questionary.select(
                question_text.above(marked(asked, DELIBERATE_HINT if deliberate else HINT), options),
                choices=[
                    questionary.Choice(
                        question_text.option(text), value=option, shortcut_key=str(number) if number < 10 else False
                    )
                    for number, (option, text) in enumerate(options.items(), 1)
                ],
                default=pointed or by_default(options, default) or None,
                qmark=f"{question_text.question(why)}{MARK}".strip(),
                pointer=">",
                instruction=" ",  # ours stands in the question; without one, Questionary has its own
                use_shortcuts=len(options) <= 36,  # more than Questionary has
                use_jk_keys=False,
                style=_style(),
            )

        def bind(bindings: KeyBindings, control: Any) -> None:
            def choose(event: Any, option: str) -> None:
                if not event.app.is_done:
                    control.pointed_at, control.is_answered = list(options).index(option), True
                    self._chosen.by, self._chosen.at = self._chosen.presses, time.monotonic()
                    event.app.exit(result=option)

            for number, option in enumerate(list(options)[: 0 if deliberate else 9], 1):
                bindings.add(str(number), eager=True)(partial(choose, option=option))

        heard: str | Key = self._listed(ask, keys, lambda control: control.get_pointed_at().value, bind)
        return heard

    def tick(self, asked: Question, options: Mapping[str, str], ticked: frozenset[str], keys: str = "") -> Ticks | Key:
        """Tick with the space bar or a number, leave with Enter."""
        import questionary

        def ask(kept: tuple[frozenset[str], str], why: str) -> ListQuestion:
            checked, pointed = kept or (ticked, "")
            return questionary.checkbox(
                question_text.above(marked(asked, TICK_HINT), options),
                choices=[
                    questionary.Choice(
                        f"{number}. {question_text.option(text)}", value=option, checked=option in checked
                    )
                    for number, (option, text) in enumerate(options.items(), 1)
                ],
                initial_choice=pointed or next((each for each in options if each not in checked), None),
                qmark=f"{question_text.question(why)}{MARK}".strip(),
                pointer=">",
                instruction=" ",
                use_jk_keys=False,
                style=_style(),
            )

        def bind(bindings: KeyBindings, control: Any) -> None:
            def toggle(option: str) -> None:
                chosen = control.selected_options
                chosen.remove(option) if option in chosen else chosen.append(option)

            for number, option in enumerate(list(options)[:9], 1):
                bindings.add(str(number), eager=True)(lambda event, option=option: toggle(option))
            _bind_silent(bindings, "a" if "a" not in keys else "", "i")

            @bindings.add("t", eager=True)
            def _(event: Any) -> None:
                control.selected_options = list(options)

        def kept(control: Any) -> tuple[frozenset[str], str]:
            return frozenset(control.selected_options), str(control.get_pointed_at().value)

        heard = self._listed(ask, keys, kept, bind)
        return heard if isinstance(heard, Key) else Ticks(frozenset(heard), left=True)

    def _listed(
        self,
        ask: Callable[[Any, str], ListQuestion],
        keys: str,
        kept: Callable[[Any], Any],
        bind: Callable[[KeyBindings, Any], None] = lambda bindings, control: None,
    ) -> Any:
        """Ask a list of Questionary's, and again after a wrong key; return what it ends with."""
        from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings
        from prompt_toolkit.keys import Keys
        from questionary.prompts.common import InquirerControl

        def once(state: Any) -> Any:
            app = ask(state, why).application
            control = next(each for each in app.layout.find_all_controls() if isinstance(each, InquirerControl))
            bindings = KeyBindings()
            bind(bindings, control)
            _bind_leave(bindings, {**{letter: letter for letter in keys}, "c-d": None})

            @bindings.add(Keys.Any)
            @bindings.add(Keys.BracketedPaste)
            def _(event: Any) -> None:
                if event.data.isdecimal():  # the Enter behind it is of this number, and chooses nothing else
                    self._chosen.by, self._chosen.at = self._chosen.presses, time.monotonic()
                app.exit(result=_Refused(not_here(_name(event.data)), kept(control)))

            self._wire(app, lambda: kept(control))
            self._bind_common(bindings)
            app.erase_when_done = True
            app.key_bindings = merge_key_bindings([app.key_bindings or KeyBindings(), bindings])
            return self._run(app)

        heard: Any = _Refused("", None)
        while isinstance(heard, _Refused):
            if heard.why:
                self.refused(heard.why)
            why = self._refusal()
            self._typed_ahead()
            heard = self._asked(once, heard.kept)
        return heard

    # ------------------------------------------------------------------------------- what all questions share

    def _refusal(self) -> str:
        """Why the last answer was refused, as a line to stand over the question."""
        why, self._why = self._why, ""
        return why

    def _asked(self, ask: Callable[[Any], Any], kept: Any = "") -> Any:
        """Answer to a question, asked again under the screen painted anew each time that the window changes its size.

        `ask` takes what was typed or pointed at before the change.
        """
        heard: Any = _Resized(kept)
        while isinstance(heard, _Resized):
            if self._screen and self._screen.stale():
                self._screen.repaint()
            with _end_of_input():
                heard = ask(heard.kept)
        return heard

    def _prompt(
        self,
        message: Callable[[], str],
        bindings: KeyBindings,
        typed: str = "",
        erase: bool = False,
        refresh: float = 0.0,
    ) -> Any:
        """Run the one prompt session of this walk; what is to `erase` leaves its place to what is asked next."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.document import Document
        from prompt_toolkit.key_binding import DynamicKeyBindings

        if self._session is None:
            session = self._session = PromptSession(
                lambda: self._message(), key_bindings=DynamicKeyBindings(lambda: self._bindings), style=_style()
            )
            self._wire(session.app, lambda: session.default_buffer.text)
        self._message, self._bindings = message, bindings
        self._bind_common(bindings)
        app = self._session.app
        app.erase_when_done, app.refresh_interval = erase, refresh or None
        self._session.default_buffer.reset(Document(typed))
        return self._run(app)

    def _wire(self, app: Application[Any], kept: Callable[[], Any]) -> None:
        """Fit an application for our terminal, once: keys only, and an end when it is drawn in another window."""

        def end(_: Any) -> None:
            if self._screen and self._screen.stale() and not app.is_done:
                app.erase_when_done = True
                app.exit(result=_Resized(kept()))

        def count(_: Any) -> None:
            self._chosen.presses += 1

        self._chosen = CHOSEN.setdefault(app.input, self._chosen)  # another prompter may have asked here before
        guard(app.input, self._repeats if sys.stdin.isatty() else None)
        app.before_render += end
        app.key_processor.before_key_press += count

    def _bind_common(self, bindings: KeyBindings) -> None:
        """Bind what every question shares: modes of readline do nothing, Ctrl-L repaints, Ctrl-Z steps aside.

        And an Enter behind the number that has chosen is of that choice: it answers no other question.
        """
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.keys import Keys

        @bindings.add("enter", eager=True, filter=Condition(lambda: self._chosen.just_before()))
        def _(event: Any) -> None:
            pass

        # A pasted colour code reads as the mouse, over which prompt_toolkit trips.
        _bind_silent(bindings, Keys.Vt100MouseEvent, "c-r", "c-s", "c-o", "c-q", "c-t", "c-x", "c-g")

        @bindings.add("c-l", eager=True)
        def _(event: Any) -> None:
            if self._screen:
                self._screen.repaint()
                event.app.renderer.reset()
                event.app.invalidate()

        @bindings.add("c-z", eager=True)
        def _(event: Any) -> None:
            self._job.step_aside()

    def _run(self, app: Application[Any]) -> Any:
        """Return what a question ends with; a signal ends it too, but by way of its event loop.

        Raised in the middle of that loop, it might be an error in one of prompt_toolkit's own tasks, which asks for
        Enter, and leaves the terminal raw.
        """

        def leave() -> None:
            if app.future and not app.future.done():
                app.exit(exception=KeyboardInterrupt)

        def tell() -> None:
            if app.loop:
                app.loop.call_soon_threadsafe(leave)

        app.pre_run_callables = [raise_if_interrupted]
        with raised_after(tell), self._job.watched(app):
            return app.run(handle_sigint=False)  # whose own handler, set anew for each question, leaves gaps

    def _typed_ahead(self, editing: bool = False) -> str:
        """Text that was typed before its question was there; of its keys only Ctrl-C and Ctrl-Z act.

        A second Enter must not confirm a step that nobody saw, and no digit of a number may be lost. What comes after
        Ctrl-Z is meant for the shell.
        """
        self._repeats.asked(editing)
        if not sys.stdin.isatty():
            return ""
        from prompt_toolkit.application import get_app_session
        from prompt_toolkit.input.typeahead import get_typeahead
        from prompt_toolkit.keys import Keys

        source = get_app_session().input
        guard(source, self._repeats)
        presses = get_typeahead(source)
        with source.raw_mode():
            while more := source.read_keys():
                presses += more
        self._chosen.presses += len(presses)
        keys = [each.key for each in presses]
        if Keys.ControlC in keys:
            raise KeyboardInterrupt
        if Keys.ControlZ in keys:
            presses = presses[: keys.index(Keys.ControlZ)]
            self._job.stop()
        return sanitize("".join(each.data for each in presses if each.key == Keys.BracketedPaste or len(each.key) == 1))


def _style() -> Any:
    """Style of a question: lighter than the action above it; a no-break space looks like a space, not like a fault."""
    from prompt_toolkit.styles import Style

    return Style([("nbsp", "nounderline noinherit"), ("question", "nobold"), ("answer", "nobold")])


def _name(data: str) -> str:
    """Name of a key that was pressed, from what it sends; empty for what has none, and for a paste."""
    return "Entrée" if data in ("\r", "\n") else data if len(data) == 1 else ""


def _bind_leave(bindings: KeyBindings, keys: Mapping[str, str | None]) -> None:
    """Make each key end the question with its `Key`, a letter in either case; None ends the input."""

    def leave(letter: str | None) -> Callable[[Any], None]:
        def handler(event: Any) -> None:
            if not event.app.is_done:
                event.app.exit(**({"exception": EOFError} if letter is None else {"result": Key(letter)}))

        return handler

    for name, letter in keys.items():
        for each in {name, name.upper()} if len(name) == 1 else {name}:
            bindings.add(each, eager=True)(leave(letter))


def _bind_silent(bindings: KeyBindings, *keys: str) -> None:
    for name in filter(None, keys):
        bindings.add(name, eager=True)(lambda event: None)


def _bind_line(bindings: KeyBindings) -> None:
    """Make a line take what can be shown and kept, and no more of it: a paste is one text, its line ends are spaces."""
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.keys import Keys

    @bindings.add(Keys.Any)
    @bindings.add(Keys.BracketedPaste)
    @bindings.add("tab")
    def _(event: KeyPressEvent) -> None:
        buffer, text = event.current_buffer, event.data
        if len(buffer.text) + len(text) <= MAX_TEXT:
            buffer.insert_text(" " if text.isspace() else sanitize(text))
        elif not event.app.is_done:
            if event.key_sequence[0].key != Keys.BracketedPaste:  # a marked paste is whole: what follows it was typed
                event.app.key_processor.empty_queue()
                drain(event.app.input.fileno())
            event.app.exit(result=_Refused(TOO_LONG, "" if len(text) == 1 else buffer.text))


@contextmanager
def _end_of_input() -> Iterator[None]:
    raise_if_interrupted()
    try:
        yield
    except (EOFError, OSError):  # the terminal may be gone, and nobody have said so
        raise EndOfInput from None
