"""How a person is asked: by single keys on a terminal, by lines anywhere, or from a file of answers.

Each prompter has the same three questions, so that a walk is the same walk, whoever asks. Questionary, which is slow to
import, is imported when the first question is asked: the screen it belongs to is painted by then.
"""

from __future__ import annotations

import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ecps_cli.interrupts import raise_if_interrupted
from ecps_cli.session import shorten
from ecps_cli.typography import fold, option_lines, question_lines

if TYPE_CHECKING:
    from prompt_toolkit.application import Application  # noqa: TID251 — this room asks
    from prompt_toolkit.key_binding import KeyBindings  # noqa: TID251
    from prompt_toolkit.styles import Style  # noqa: TID251
    from questionary import Question  # noqa: TID251

YES = ("o", "oui", "y", "yes")
NO = ("n", "non", "no")
UNSURE = ("unsure", "-")
"""The ids of the options on which a list opens, "je ne sais pas" among them: a hurried Enter claims nothing."""


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


class Prompter(Protocol):
    """The three questions of a walk. `keys` are the letters that may be pressed in place of an answer.

    Each raises EndOfInput when nobody can answer any more, KeyboardInterrupt on Ctrl-C.
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
        """Return the id of the chosen option."""
        ...


def yes_no(prompter: Prompter, question: str) -> bool:
    """Return whether the answer is yes; asked again until it is a clear yes or no, since Enter alone is neither."""
    again = ""
    while True:
        answer = prompter.text(f"{again}{question} (o/n)")
        word = answer.strip().lower() if isinstance(answer, str) else ""
        if word in YES or word in NO:
            return word in YES
        again = "Répondez o pour oui, n pour non. "


# ---------------------------------------------------------------------------------------------------------- by lines


class LinePrompter:
    """Asks by numbered lines and reads whole lines: for a pipe, a screen reader, a terminal that can do no more."""

    def __init__(self, say: Callable[[str], None], read: Callable[[], str]) -> None:
        """Take what prints a line, and what reads one (raising EndOfInput when there is none)."""
        self._say = say
        self._read = read

    def at(self, step_id: str) -> None:
        """Do nothing: lines come in order, whatever the step."""

    def key(self, question: str, keys: str = "") -> Key:
        """Read a letter and Enter, or Enter alone."""
        self._say(question)
        while True:
            heard = self._heard(keys)
            if isinstance(heard, Key):
                return heard
            if not heard:
                return ENTER
            self._say(f"Erreur : « {shorten(heard)} » n’est pas une touche d’ici. Entrée seule pour continuer.")

    def text(self, question: str, keys: str = "", default: str = "") -> str | Key:
        """Read a line."""
        self._say(f"{question} [Entrée : {default}]" if default else question)
        return self._heard(keys) or default

    def choose(self, question: str, options: Mapping[str, str], keys: str = "", default: str = "") -> str | Key:
        """Print the options with numbers; read a number, or the option's id."""
        self._say(question)
        ids = list(options)
        for number, option in enumerate(ids, 1):
            self._say(f"  {number}. {options[option]}")
        self._say("Tapez un numéro" + (f" [Entrée : {ids.index(default) + 1}]" if default in ids else "") + " :")
        while True:
            heard = self._heard(keys) or default
            if isinstance(heard, Key):
                return heard
            if heard.isdecimal() and 0 < int(heard[:9]) <= len(ids):
                return ids[int(heard[:9]) - 1]
            if heard in options:
                return heard
            read = f"« {shorten(heard)} » n’est pas dans la liste. " if heard else ""
            self._say(f"Erreur : {read}Tapez un numéro de 1 à {len(ids)}.")

    def _heard(self, keys: str) -> str | Key:
        line = self._read().strip()
        return Key(line.lower()) if len(line) == 1 and line.lower() in keys else line


def read_stdin() -> str:
    """Return the next line of standard input.

    Raises:
        EndOfInput: it has ended.

    """
    raise_if_interrupted()
    line = sys.stdin.readline()
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
        self._say(f"> {line}".rstrip())
        return line


# ----------------------------------------------------------------------------------------------------------- by keys


def has_console() -> bool:
    """Return whether keys can be read here; on Windows, Git Bash and PyCharm look like terminals but have none."""
    if sys.platform != "win32":
        return True
    try:
        from prompt_toolkit.output.defaults import create_output  # noqa: TID251

        create_output()
    except Exception:  # its own class can be named on Windows only
        return False
    return True


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

    def at(self, step_id: str) -> None:
        """Do nothing: the person sees the screen."""

    def key(self, question: str, keys: str = "") -> Key:
        """Wait for one key press: Enter, or one of `keys`."""
        from prompt_toolkit import PromptSession  # noqa: TID251
        from prompt_toolkit.key_binding import KeyBindings  # noqa: TID251
        from prompt_toolkit.keys import Keys  # noqa: TID251

        bindings = KeyBindings()

        @bindings.add(Keys.Any)
        @bindings.add(Keys.BracketedPaste)
        def _(event: Any) -> None:
            """Nothing is typed here."""

        _bind(bindings, {**{letter: letter for letter in keys}, "enter": ""})

        def ask(_: str) -> Any:
            session = PromptSession[Any](f"{_question(question)} ", key_bindings=bindings, style=_style())
            self._watch(session.app, str)
            return session.prompt()

        _drop_typed_ahead()
        heard = self._asked(ask)
        return heard if isinstance(heard, Key) else ENTER

    def text(self, question: str, keys: str = "", default: str = "") -> str | Key:
        """Edit a line; Enter alone gives the default."""
        import questionary  # noqa: TID251

        def ask(typed: str) -> Any:
            asked = questionary.text(
                _question(f"{question} [Entrée : {default}]" if default else question, MARK),
                default=typed,
                qmark=MARK.strip(),
                style=_style(),
            )
            self._watch(asked.application, lambda: str(asked.application.current_buffer.text))
            return asked.unsafe_ask()

        answer = str(self._asked(ask))
        letter = answer.strip().lower()
        return Key(letter) if len(letter) == 1 and letter in keys else answer or default

    def choose(self, question: str, options: Mapping[str, str], keys: str = "", default: str = "") -> str | Key:
        """Move with the arrows or a number, choose with Enter."""
        import questionary  # noqa: TID251
        from prompt_toolkit.key_binding import KeyBindings, merge_key_bindings  # noqa: TID251
        from questionary.prompts.common import InquirerControl  # noqa: TID251

        bindings = KeyBindings()
        _bind(bindings, {**{letter: letter for letter in keys}, "c-d": None})

        def ask(pointed: str) -> Any:
            asked: Question = questionary.select(
                _question(f"{question} {HINT}", MARK),
                choices=[
                    questionary.Choice(_option(text), value=option, shortcut_key=str(number) if number < 10 else False)
                    for number, (option, text) in enumerate(options.items(), 1)
                ],
                default=next((each for each in (pointed, default, *UNSURE) if each in options), None),
                qmark=MARK.strip(),
                pointer=">",
                instruction=" ",  # ours stands in the question; without one, Questionary has its own
                use_shortcuts=len(options) <= 36,  # more than Questionary has
                use_jk_keys=False,
                style=_style(),
            )
            app = asked.application
            app.key_bindings = merge_key_bindings([app.key_bindings or KeyBindings(), bindings])
            choices = next(each for each in app.layout.find_all_controls() if isinstance(each, InquirerControl))
            self._watch(app, lambda: str(choices.get_pointed_at().value))
            return asked.unsafe_ask()

        _drop_typed_ahead()
        chosen: str | Key = self._asked(ask)
        return chosen

    def _asked(self, ask: Callable[[str], Any]) -> Any:
        """Ask, and again each time that the window changes its size, under the screen painted anew; return the answer.

        `ask` takes what was typed or pointed at before the change.
        """
        heard: Any = Resized("")
        while isinstance(heard, Resized):
            if self._screen and self._screen.stale():
                self._screen.repaint()
            with _end_of_input():
                heard = ask(heard.kept)
        return heard

    def _watch(self, app: Application[Any], kept: Callable[[], str]) -> None:
        """Make a question end, leaving nothing on the screen, when it is drawn in a window of another size."""

        def end(_: Any) -> None:
            if self._screen and self._screen.stale() and not app.is_done:
                app.erase_when_done = True
                app.exit(result=Resized(kept()))

        app.before_render += end


def _drop_typed_ahead() -> None:
    """Drop what was typed before the question was there: a second Enter must not confirm a step that nobody saw."""
    if not sys.stdin.isatty():
        return
    from prompt_toolkit.application import get_app_session  # noqa: TID251
    from prompt_toolkit.input.typeahead import clear_typeahead  # noqa: TID251

    clear_typeahead(get_app_session().input)
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getch()
    else:
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


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

    @bindings.add("<sigint>")
    def _(event: Any) -> None:
        """Leave on a SIGINT that came from outside: Questionary's lists would pass over it."""
        event.app.exit(exception=KeyboardInterrupt)

    for name, letter in keys.items():
        for each in {name, name.upper()} if len(name) == 1 else {name}:
            bindings.add(each, eager=True)(leave(letter))


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
