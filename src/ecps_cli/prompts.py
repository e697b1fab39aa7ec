"""How a person is asked: by single keys on a terminal, by lines anywhere, or from a file of answers.

Each prompter has the same three questions, so that a walk is the same walk, whoever asks. Questionary, which is slow to
import, is imported when the first question is asked: the screen it belongs to is painted by then.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ecps_cli.interrupts import raise_if_interrupted, raised_after
from ecps_cli.session import MAX_TEXT, plain, shorten
from ecps_cli.typography import fold, option_lines, question_lines

if TYPE_CHECKING:
    from prompt_toolkit.application import Application  # noqa: TID251 — this room asks
    from prompt_toolkit.key_binding import KeyBindings  # noqa: TID251
    from prompt_toolkit.styles import Style  # noqa: TID251
    from questionary import Question  # noqa: TID251

YES = ("o", "oui", "y", "yes")
NO = ("n", "non", "no")
UNSURE = ("unsure", "-")
"""The ids of the options that Enter alone takes, "je ne sais pas" among them: a hurried Enter claims nothing."""

UNCLEAR = "Répondez o pour oui, n pour non."
TOO_LONG = f"Au plus {MAX_TEXT} caractères à la fois : écrivez plus court."


MARK = "> "
"""What stands before a question that takes more than one key."""
HINT = "(flèches ou numéro, puis Entrée)"
"""How one chooses from a list by keys."""


class EndOfInput(Exception):
    """There is nobody left to answer. Never an answer: the walk pauses."""


class Key(NamedTuple):
    """A key of the walk, pressed in place of an answer; Enter is the empty one."""

    letter: str


ENTER = Key("")


def chosen(line: str, ids: Sequence[str]) -> str | None:
    """Return the id that a typed line chooses, by its number, from 1, or by the id itself; None if it chooses none."""
    number = int(line[:9]) if line.isdecimal() else 0
    if 0 < number <= len(ids):
        return ids[number - 1]
    return line if line in ids else None


class Prompter(Protocol):
    """The three questions of a walk. `keys` are the letters that may be pressed in place of an answer.

    Each raises EndOfInput when nobody can answer any more, KeyboardInterrupt on Ctrl-C. What they return is one line
    of at most `MAX_TEXT` characters, without control characters: whatever was typed or pasted.
    """

    def at(self, step_id: str) -> None:
        """Say which step the next questions belong to."""
        ...

    def key(self, question: str, keys: str = "") -> Key:
        """Return the key that was pressed: `ENTER`, or one of `keys`."""
        ...

    def text(self, question: str, keys: str = "", default: str = "") -> str | Key:
        """Return what was typed; `default` if nothing was."""
        ...

    def choose(self, question: str, options: Mapping[str, str], keys: str = "", default: str = "") -> str | Key:
        """Return the id of the chosen option; Enter alone takes the default, or else the one of `UNSURE`."""
        ...

    def refused(self, why: str) -> None:
        """Say why what was heard is no answer; the same question comes again."""
        ...


def yes_no(prompter: Prompter, question: str) -> bool:
    """Return whether the answer is yes; asked again until it is a clear yes or no, since Enter alone is neither."""
    while True:
        answer = prompter.text(f"{question} (o/n)")
        word = answer.strip().lower() if isinstance(answer, str) else ""
        if word in YES or word in NO:
            return word in YES
        prompter.refused(UNCLEAR)


def _by_default(options: Iterable[str], default: str) -> str:
    """Return the id of the option that Enter alone takes, or an empty text when there is none."""
    ids = tuple(options)
    return next((each for each in (default, *UNSURE) if each in ids), "")


def _not_here(heard: str) -> str:
    """Return the sentence for what is no key here."""
    heard = shorten(heard)
    return f"{f'« {heard} »' if heard else 'Ceci'} n’est pas une touche d’ici."


def _no_key(heard: str, keys: str) -> str:
    """Return the sentence for what is no key here, and which ones are."""
    return f"{_not_here(heard)} Ici : {' '.join(['Entrée', *keys])}"


# ---------------------------------------------------------------------------------------------------------- by lines


class LinePrompter:
    """Asks by numbered lines and reads whole lines: for a pipe, a screen reader, a terminal that can do no more.

    It only ever appends. What can be typed in place of an answer is said the first time, then on `?`, as the
    accessible prompter of the GitHub CLI does (cli/cli, internal/prompter): whoever listens hears it once.
    """

    def __init__(
        self, say: Callable[[str], None], read: Callable[[], str], drop: Callable[[], None] = lambda: None
    ) -> None:
        """Take what prints a line, what reads one (or raises EndOfInput), and what drops those typed ahead."""
        self._say = say
        self._read = read
        self._drop = drop
        self._told: set[str] = set()

    def at(self, step_id: str) -> None:
        """Do nothing: lines come in order, whatever the step."""

    def refused(self, why: str) -> None:
        """Say it on a line of its own, after what was typed."""
        self._drop()
        self._say(f"Erreur : {why}")

    def key(self, question: str, keys: str = "") -> Key:
        """Read a letter and Enter, or Enter alone."""
        self._ask(question)
        while True:
            heard = self._heard(keys)
            if isinstance(heard, Key):
                return heard
            if not heard:
                return ENTER
            self.refused(_no_key(heard, keys))

    def text(self, question: str, keys: str = "", default: str = "") -> str | Key:
        """Read a line."""
        self._ask(question)
        if default:
            self._say(f"Entrée seule : {default}")
        return self._heard(keys) or default

    def choose(self, question: str, options: Mapping[str, str], keys: str = "", default: str = "") -> str | Key:
        """Print the options with numbers; read a number, or the option's id."""
        self._ask(question)
        ids = list(options)
        for number, option in enumerate(ids, 1):
            self._say(f"  {number}. {options[option]}")
        default = _by_default(ids, default)
        alone = f" (Entrée seule : {ids.index(default) + 1}, {options[default].rstrip('.')})" if default else ""
        self._say(f"Tapez un numéro{alone} :")
        while True:
            heard = self._heard(keys) or default
            if isinstance(heard, Key):
                return heard
            choice = chosen(heard, ids)
            if choice is not None:
                return choice
            read = f"« {shorten(heard)} » n’est pas dans la liste. " if heard else ""
            self.refused(f"{read}Tapez un numéro de 1 à {len(ids)}.")

    def _ask(self, question: str) -> None:
        """Say a question; the keys that stand beside it, only if they were not said before."""
        self._drop()
        self._say((_without_keys(question) if question in self._told else question).replace(" · ", ", "))
        self._told.add(question)

    def _heard(self, keys: str) -> str | Key:
        while True:
            line = self._read().strip()
            if len(line) == 1 and line.lower() in keys:
                return Key(line.lower())
            if len(line) <= MAX_TEXT:
                return plain(line)
            self.refused(TOO_LONG)


def _without_keys(question: str) -> str:
    """Return a question without its keys but Enter and `?`, as whoever has heard them wants it.

    `Entrée : vu · p : autre chose · ? : aide` and `Réponse (p : autre cas, ? : aide)` are how the walk words them.
    """
    first, *others = question.split(" · ")
    if others and others[-1] == HELP:
        return f"{first} · {HELP}"
    found = re.search(rf" \(([^()]*), {re.escape(HELP)}\)", question)
    if not found:
        return question
    enter = [part for part in found[1].split(", ") if part.startswith("Entrée")]
    return question.replace(found[0], f" ({enter[0]})" if enter else "")


HELP = "? : aide"


def read_stdin() -> str:
    """Return the next line of standard input; of one longer than an answer may be, the beginning.

    Raises:
        EndOfInput: it has ended.

    """
    raise_if_interrupted()
    most = MAX_TEXT + 2
    line = rest = sys.stdin.readline(most)
    while len(rest) == most and not rest.endswith("\n"):
        rest = sys.stdin.readline(most)
    if not line:
        raise EndOfInput
    return line.removeprefix("\ufeff")  # which PowerShell puts before what it pipes


class FilePrompter(LinePrompter):
    """Answers from a file, by step: at each step its lines in order, as they would be typed."""

    def __init__(self, say: Callable[[str], None], answers: Mapping[str, tuple[str, ...]]) -> None:
        """Take what prints a line, and step id → the lines typed there."""
        super().__init__(say, self._next)
        self._lines = {step_id: deque(lines) for step_id, lines in answers.items()}
        self._step = ""

    def at(self, step_id: str) -> None:
        """Take the next lines from those of this step."""
        self._step = step_id

    def _next(self) -> str:
        if not self._step:  # the opening screen, which is no step: go on
            return ""
        lines = self._lines.get(self._step)
        if not lines:
            raise EndOfInput(f"Le fichier de réponses n’a plus rien pour l’étape « {self._step} ».")
        line = lines.popleft()
        self._say(f"> {plain(line)}".rstrip())
        return line


# ----------------------------------------------------------------------------------------------------------- by keys


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
        from prompt_toolkit import PromptSession  # noqa: TID251
        from prompt_toolkit.key_binding import KeyBindings  # noqa: TID251
        from prompt_toolkit.keys import Keys  # noqa: TID251

        bindings = KeyBindings()
        shown = self._worded(question)

        @bindings.add(Keys.Any)
        @bindings.add(Keys.BracketedPaste)
        def _(event: Any) -> None:
            """Nothing is typed here."""
            nonlocal shown
            shown = _no_key(event.data if len(event.data) == 1 else "", keys)

        _bind(bindings, {**{letter: letter for letter in keys}, "enter": ""})

        def ask(_: str) -> Any:
            session = PromptSession[Any](lambda: f"{_question(shown)} ", key_bindings=bindings, style=_style())
            return self._answer(session.app, bindings, str)

        _drop_keys()
        heard = self._asked(ask)
        return heard if isinstance(heard, Key) else ENTER

    def text(self, question: str, keys: str = "", default: str = "") -> str | Key:
        """Edit a line; Enter alone gives the default."""
        import questionary  # noqa: TID251
        from prompt_toolkit.key_binding import KeyBindings  # noqa: TID251

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
        return Key(letter) if len(letter) == 1 and letter in keys else plain(answer) or default

    def choose(self, question: str, options: Mapping[str, str], keys: str = "", default: str = "") -> str | Key:
        """Move with the arrows or a number, choose with Enter."""
        import questionary  # noqa: TID251
        from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings  # noqa: TID251
        from prompt_toolkit.keys import Keys  # noqa: TID251
        from questionary.prompts.common import InquirerControl  # noqa: TID251

        def ask(pointed: str) -> Any:
            asked: Question = questionary.select(
                _question(worded, MARK),
                choices=[
                    questionary.Choice(_option(text), value=option, shortcut_key=str(number) if number < 10 else False)
                    for number, (option, text) in enumerate(options.items(), 1)
                ],
                default=pointed or _by_default(options, default) or None,
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
                why = _not_here(event.data if len(event.data) == 1 else "")  # what is stands in the question behind it
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

        from prompt_toolkit.application import run_in_terminal  # noqa: TID251

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


def drop_typed_ahead() -> None:
    """Drop what was typed before the question was there: a second Enter must not confirm a step that nobody saw.

    And the lines of a paste after its first one, as far as they have come: they answer nothing, and press no key.
    """
    if not sys.stdin.isatty():
        return
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getch()
    else:
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _drop_keys() -> None:
    """Drop what was typed ahead, what prompt_toolkit has read of it already too."""
    if sys.stdin.isatty():
        from prompt_toolkit.application import get_app_session  # noqa: TID251
        from prompt_toolkit.input.typeahead import clear_typeahead  # noqa: TID251

        clear_typeahead(get_app_session().input)
    drop_typed_ahead()


def _style() -> Style:
    """Return the style of a question: a no-break space looks like a space, not like a fault."""
    from prompt_toolkit.styles import Style  # noqa: TID251

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
    from prompt_toolkit.keys import Keys  # noqa: TID251

    bindings.add(Keys.Vt100MouseEvent, eager=True)(lambda event: None)


def _bind_line(bindings: KeyBindings) -> None:
    """Make a line take what can be shown and kept, and no more of it: a paste is one text, its line ends are spaces."""
    from prompt_toolkit.key_binding import KeyPressEvent  # noqa: TID251
    from prompt_toolkit.keys import Keys  # noqa: TID251

    for keys in (["c-r"], ["c-s"], *(["escape", each] for each in "-0123456789")):
        bindings.add(*keys, eager=True)(lambda event: None)  # modes of readline, whose prompts are English

    @bindings.add(Keys.Any)
    @bindings.add(Keys.BracketedPaste)
    @bindings.add("tab")
    def _(event: KeyPressEvent) -> None:
        buffer, text = event.current_buffer, event.data
        if len(buffer.text) + len(text) <= MAX_TEXT:
            buffer.insert_text(" " if text.isspace() else plain(text))
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
    return fold(text, sys.stdout.encoding)
