"""Asking by whole lines: from a pipe, a screen reader, a terminal that can do no more, or a file of answers."""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Mapping

from ecps_cli.core.text import MAX_TEXT, sanitize, shorten
from ecps_cli.french.question import Question
from ecps_cli.french.typography import keys_together
from ecps_cli.interrupts import raise_if_interrupted
from ecps_cli.walk.prompter import (
    ALL,
    DONE,
    ENTER,
    HELP,
    NO,
    NO_HELP,
    TOO_LONG,
    UNCLEAR,
    YES,
    Countdown,
    EndOfInput,
    Key,
    Ticks,
    by_default,
    chosen,
    no_key,
)
from ecps_cli.walk.terminal_input import without_sequences


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

    def key(
        self, asked: Question, keys: str = "", enter: bool = True, words: str = "", countdown: Countdown | None = None
    ) -> Key:
        """Read a letter and Enter, or Enter alone; the clock time of a deadline stands on the screen already."""
        self._ask(asked)
        while True:
            heard = self._heard(keys)
            if isinstance(heard, Key):
                return heard
            if not heard and enter:
                return ENTER
            self.refused(no_key(heard or "Entrée", keys, enter, words))

    def yes_no(self, question: str) -> bool:
        """Read o or n, or the whole word, in either case."""
        while True:
            self._ask(Question(f"{question} (o/n)"))
            word = str(self._heard("")).lower()
            if word in YES or word in NO:
                return word in YES
            self.refused(UNCLEAR)

    def tick(self, asked: Question, options: Mapping[str, str], ticked: frozenset[str], keys: str = "") -> Ticks | Key:
        """Read the numbers or ids of lines, which change their state, or `tout`; Enter alone leaves the list."""
        self._ask(asked)
        ids = list(options)
        numbers = f"un numéro de 1 à {len(ids)}" if len(ids) > 1 else "1"
        if numbers not in self._told:
            self._told.add(numbers)
            self._say(f"Tapez {numbers}, ou « tout » ; Entrée seule : valider la liste.")
        while True:
            heard = self._heard(keys)
            if isinstance(heard, Key):
                return heard
            if not heard:
                return Ticks(ticked, left=True)
            if heard.lower() in ALL:
                return Ticks(frozenset(ids), left=False)
            words = words_of(heard)
            named = [chosen(word, ids) for word in words]
            if all(named):
                return Ticks(ticked ^ {each for each in named if each}, left=False)
            wrong = shorten(next(word for word, option in zip(words, named, strict=True) if option is None))
            self.refused(f"« {wrong} » n’est pas une ligne de la liste. Tapez {numbers}, ou « tout ».")

    def text(self, asked: Question, keys: str = "", default: str = "", typed: str = "") -> str | Key:
        """Read a line; what was typed before stands above it."""
        self._ask(asked)
        if default:
            self._say(f"Entrée seule : {default}")
        while (heard := self._heard(keys)) == "?":
            self.refused(NO_HELP)
        return heard or default

    def choose(
        self,
        asked: Question,
        options: Mapping[str, str],
        keys: str = "",
        default: str = "",
        deliberate: bool = False,
    ) -> str | Key:
        """Print the options with numbers; read a number, or the option's id."""
        self._ask(asked)
        ids = list(options)
        for number, option in enumerate(ids, 1):
            self._say(f"  {number}. {options[option]}")
        default = by_default(ids, default)
        alone = f" (Entrée seule : {ids.index(default) + 1})" if default else ""
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

    def _ask(self, asked: Question) -> None:
        """Say a question; of the keys of a step, only those that were not said before: whoever listens knows them."""
        self._drop()
        keys = self._new(asked.keys) if asked.keys[-1:] == (HELP,) else asked.keys
        self._say(keys_together(asked._replace(keys=keys).whole(between=", ")))

    def _new(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        kept = tuple(key for key in keys if key not in self._told or key.startswith(ALWAYS))
        self._told.update(keys)
        return kept

    def _heard(self, keys: str) -> str | Key:
        while True:
            line = without_sequences(self._read()).strip()
            if len(line) == 1 and line.lower() in keys:
                return Key(line.lower())
            if len(line) <= MAX_TEXT:
                return sanitize(line)
            self.refused(TOO_LONG)


def words_of(line: str) -> list[str]:
    """Words of a line that names several things, between spaces, commas or semicolons."""
    return re.split(r"[\s,;]+", line.strip(" ,;"))


ALWAYS = ("Entrée", f"{DONE} : ", "p : ", HELP)
"""The keys that are said each time."""


def read_stdin() -> str:
    """Return the next line of standard input; of one longer than an answer may be, the beginning.

    Raises:
        EndOfInput: it has ended, or its terminal is gone.

    """
    raise_if_interrupted()
    most = MAX_TEXT + 2
    try:
        line = rest = sys.stdin.readline(most)
        while len(rest) == most and not rest.endswith("\n"):
            rest = sys.stdin.readline(most)
    except OSError:
        raise EndOfInput from None
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
        self._say(f"> {sanitize(line)}".rstrip())
        return line
