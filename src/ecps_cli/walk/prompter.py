"""How a person is asked: the few questions that every prompter has, so that a walk is the same walk, whoever asks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from ecps_cli.core.text import MAX_TEXT, shorten
from ecps_cli.french.question import Question

YES = ("o", "oui", "y", "yes")
NO = ("n", "non", "no")
ALL = ("tout", "tous", "toutes")
UNSURE = ("unsure", "-")
"""The ids of the options that Enter alone takes, "je ne sais pas" among them: a hurried Enter claims nothing."""

UNCLEAR = "Répondez o pour oui, n pour non."
TOO_LONG = f"Au plus {MAX_TEXT} caractères à la fois : écrivez plus court."


MARK = "> "
"""What stands before a question that takes more than one key."""
HINT = "numéro, ou flèches et Entrée"
"""How one chooses from a list by keys."""
DELIBERATE_HINT = "flèches ou numéro, puis Entrée"
"""How one chooses where a number alone, pressed by mistake, would do harm."""
LINE_HINT = "texte ou lettre, puis Entrée"
"""How one answers with a line, or presses a key in its place."""
TICK_HINT = "espace ou numéro, t : tout, Entrée : valider"
"""How one ticks a list by keys."""
DONE = "v"
"""The key that confirms a step which no Enter, held down or hurried, may confirm."""
HELP = "? : aide"
"""The last key that a step names."""


def marked(question: Question, hint: str = "") -> Question:
    """Question that takes more than one key: behind its mark, a hint of how it is answered before its keys."""
    return question._replace(text=MARK + question.text, keys=(*filter(None, [hint]), *question.keys))


def by_enter(default: str) -> str:
    """What Enter alone answers, as it stands behind a question; an empty text for nothing."""
    return f" [Entrée : {default}]" if default else ""


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


class Ticks(NamedTuple):
    """The lines of a list that are ticked now."""

    ids: frozenset[str]
    left: bool
    """Whether the list is left with that, by Enter."""


class Prompter(Protocol):
    """The questions of a walk. `keys` are the letters that may be pressed in place of an answer.

    Each raises EndOfInput when nobody can answer any more, KeyboardInterrupt on Ctrl-C. What they return is one line
    of at most `MAX_TEXT` characters, without control characters: whatever was typed or pasted.
    """

    def at(self, step_id: str) -> None:
        """Say which step the next questions belong to."""
        ...

    def key(
        self, asked: Question, keys: str = "", enter: bool = True, words: str = "", countdown: Countdown | None = None
    ) -> Key:
        """Return the key that was pressed: one of `keys`, or `ENTER` where `enter` allows it.

        After a wrong one, `words` say which there are; without these, they are listed. Where a screen can be painted
        over, `countdown` says each second what stands before the question.
        """
        ...

    def text(self, asked: Question, keys: str = "", default: str = "", typed: str = "") -> str | Key:
        """Return what was typed; `default` if nothing was. `typed` stands in the line already, where it can."""
        ...

    def choose(
        self,
        asked: Question,
        options: Mapping[str, str],
        keys: str = "",
        default: str = "",
        deliberate: bool = False,
    ) -> str | Key:
        """Return the id of the chosen option; Enter alone takes the default, or else the one of `UNSURE`.

        A `deliberate` choice takes Enter after the number, by keys as by lines.
        """
        ...

    def tick(self, asked: Question, options: Mapping[str, str], ticked: frozenset[str], keys: str = "") -> Ticks | Key:
        """Return which lines are ticked now, those of `ticked` at first."""
        ...

    def yes_no(self, question: str) -> bool:
        """Return whether the answer is yes: asked until it is a clear yes or no, since Enter alone is neither."""
        ...

    def refused(self, why: str) -> None:
        """Say why what was heard is no answer; the same question comes again."""
        ...


Countdown = Callable[[], str]

NO_HELP = "« ? » n’explique rien ici, et n’est pas gardé : écrivez ce qui est demandé."
"""Where a text is asked and `?` is no key: whoever types it wants to know more, and never means it as the text."""


def by_default(options: Iterable[str], default: str) -> str:
    """Return the id of the option that Enter alone takes, or an empty text when there is none."""
    ids = tuple(options)
    return next((each for each in (default, *UNSURE) if each in ids), "")


def not_here(heard: str) -> str:
    """Sentence about a key that is none here."""
    heard = shorten(heard)
    return f"{f'« {heard} »' if heard else 'Ceci'} n’est pas une touche d’ici."


def no_key(heard: str, keys: str, enter: bool, words: str) -> str:
    """Sentence about a key that is none here, and which ones are: in words, or else listed."""
    named = [*(["Entrée"] if enter else []), *keys]
    return f"{not_here(heard)} {words or f'Ici : {listed(named)}.'}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: Entrée, c ou g."""
    return " ou ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


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
