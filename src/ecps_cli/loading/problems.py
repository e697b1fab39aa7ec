"""Faults of a file, from a path of keys to a position to a sentence, and the error that carries all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeAlias

from ecps_cli.core.text import shorten

if TYPE_CHECKING:  # the model needs a library, and the error handler needs this module without any
    from ecps_cli.core.model import KeyPath

MOST = 100
"""How many problems are listed; a file with more is mended in several rounds."""

NO_BREAK = "\u00a0\u202f\u2007"
"""Spaces to the eye that are letters to YAML: French typography and word processors put them in."""

UNCLOSED = "ce guillemet n’est pas refermé. Ajoutez celui qui manque."
COMMENT = "ce qui suit « # » est un commentaire : le texte s’arrête avant. Mettez tout le texte entre guillemets."
"""Sentences for what is seen from several sides: by the parser, by what explains its failure, by what reads on."""

Violations: TypeAlias = "Iterator[tuple[KeyPath, object]]"
"""What one rule yields: where it does not hold, and what reads as a sentence."""


class Finding(NamedTuple):
    """What is wrong at a path of keys."""

    path: KeyPath
    message: object
    """What reads as its sentence: put into words only when it is listed, since a suggestion costs a search."""
    code: str
    """Of the rule, as `docs/rules.md` explains it: E… for an error, W… for a warning."""


class Position(NamedTuple):
    """A place in a text, counted from 1."""

    line: int
    column: int


class Diagnostic(NamedTuple):
    """What is wrong at a position: a finding, once its path has been looked up in the text."""

    position: Position
    message: object
    code: str


class Problem(NamedTuple):
    """A diagnostic of a named file, in words: where, what is wrong and what to do, and the rule that says so."""

    file: str
    line: int
    column: int
    message: str
    code: str
    """Of the rule; empty when none is broken."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def is_error(code: str) -> bool:
    """Whether a rule's code is that of an error: the file cannot be used as it is."""
    return code.startswith("E")


class LoadError(Exception):
    """A file that cannot be used, with its problems sorted by place."""

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        self.problems = tuple(sorted(problems))
        self.more = more
        """How many problems were found beyond those listed."""

    def __str__(self) -> str:
        rest = [f"… et {self.more} autre{'s' if self.more > 1 else ''}."] if self.more else []
        return "\n".join([*map(str, self.problems), *rest])

    @property
    def headline(self) -> str:
        """First problem on one line, with how many others there are: what names the file among those that work."""
        first, beyond = self.problems[0], len(self.problems) - 1 + self.more
        rest = f" (et {beyond} autre{'s' if beyond > 1 else ''} : ecps-guide check {first.file})" if beyond else ""
        return f"{first}{rest}"


class NotFound(Exception):
    """There is no such guide or folder; its text is the sentence for who named it."""


def refuse(name: str, diagnostics: Iterable[Diagnostic]) -> NoReturn:
    """Raise the `LoadError` of a file.

    Raises:
        LoadError: always, with the first `MOST` diagnostics.

    """
    problems, more = worded(name, diagnostics)
    raise LoadError(problems, more)


def worded(name: str, diagnostics: Iterable[Diagnostic]) -> tuple[list[Problem], int]:
    """Problems of a file, from its first `MOST` diagnostics, and how many there are beyond."""
    ordered = sorted(diagnostics, key=lambda each: each.position)
    listed = [Problem(name, *position, str(message), code) for position, message, code in ordered[:MOST]]
    return listed, len(ordered) - len(listed)


def lines_of(text: str) -> list[str]:
    """Lines of a text as positions count them; `str.splitlines` breaks at more than editors do."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def listed(words: Iterable[str], last: str = "ou") -> str:
    """Words as they are said in a sentence: « a », « b » ou « c »; the first twelve of them."""
    quoted = [f"« {shorten(word)} »" for word in words]
    if len(quoted) > 12:
        return ", ".join(quoted[:12]) + "…"
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


def closest(word: str, known: Iterable[str]) -> str | None:
    """Known word that was probably meant, or None."""
    from difflib import get_close_matches  # costs a few milliseconds, and only a fault needs it

    alike = [each for each in known if abs(len(each) - len(word)) <= 4][:500]
    return next(iter(get_close_matches(word.lower(), alike, n=1)), None)


def no_break_around(word: str) -> str | None:
    """Sentence about a word that a no-break space touches, which nobody sees; None if none does."""
    bare = word.strip(f" {NO_BREAK}")
    if not bare or bare == word or not {word[0], word[-1]} & {*NO_BREAK}:
        return None
    side = "devant" if word[0] in NO_BREAK else "derrière"
    return f"une espace insécable est {side} « {shorten(bare)} », et en fait un autre mot. Effacez-la."


class Unknown(NamedTuple):
    """The sentence about a word that names nothing; put together when it is read."""

    what: str
    """The thing with its article: "l'étape"."""
    word: str
    known: Iterable[str]
    remedy: str
    """What to do when there is nothing to choose from."""

    def __str__(self) -> str:
        if said := no_break_around(self.word):
            return said
        known = sorted(self.known)
        match = closest(self.word, known)
        if match:
            remedy = f"Vouliez-vous dire « {shorten(match)} » ?"
        else:
            remedy = f"Choisissez parmi {listed(known, 'et')}.".replace("….", "…") if known else self.remedy
        return f"{self.what} « {shorten(self.word)} » n’existe pas. {remedy}"
