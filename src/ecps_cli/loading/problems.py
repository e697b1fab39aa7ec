"""What is wrong in a file: at which place, in which sentence; and the error that carries all of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, NoReturn

from ecps_cli.core.text import shorten

MOST = 100
"""How many problems are listed; a file with more is mended in several rounds."""

Place = tuple[int, int]
"""A line and a column, from 1."""

Located = tuple[Place, object, str]
"""What is wrong at a place: what reads as its sentence, and the code of the rule."""


class Problem(NamedTuple):
    """One fault of a file: where it is, what is wrong, what to do, and the rule that says so."""

    file: str
    line: int
    column: int
    message: str
    code: str
    """Of the rule, as `docs/rules.md` explains it: E… for an error, W… for a warning."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def is_error(code: str) -> bool:
    """Return whether a rule's code is that of an error: the file cannot be used as it is."""
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


class NotFound(Exception):
    """There is no such guide or folder; its text is the sentence for who named it."""


def refuse(name: str, findings: Iterable[Located]) -> NoReturn:
    """Raise the `LoadError` of a file: its first `MOST` findings.

    Only what is listed is put into words: a suggestion costs a search.
    """
    problems, more = worded(name, findings)
    raise LoadError(problems, more)


def worded(name: str, findings: Iterable[Located]) -> tuple[list[Problem], int]:
    """Return the first `MOST` findings of a file as its problems, and how many there are beyond."""
    ordered = sorted(findings, key=lambda finding: finding[0])
    listed = [Problem(name, *place, str(message), code) for place, message, code in ordered[:MOST]]
    return listed, len(ordered) - len(listed)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text as places count them; `str.splitlines` breaks at more than editors do."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def listed(words: Iterable[str], last: str = "ou") -> str:
    """Return words as they are said in a sentence: « a », « b » ou « c »; the first twelve of them."""
    quoted = [f"« {shorten(word)} »" for word in words]
    if len(quoted) > 12:
        return ", ".join(quoted[:12]) + "…"
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None."""
    from difflib import get_close_matches  # costs a few milliseconds, and only a fault needs it

    alike = [each for each in known if abs(len(each) - len(word)) <= 4][:500]
    return next(iter(get_close_matches(word.lower(), alike, n=1)), None)


class Unknown(NamedTuple):
    """The sentence about a word that names nothing; put together when it is read."""

    what: str
    """The thing with its article: "l'étape"."""
    word: str
    known: Iterable[str]
    remedy: str
    """What to do when there is nothing to choose from."""

    def __str__(self) -> str:
        known = sorted(self.known)
        match = closest(self.word, known)
        if match:
            remedy = f"Vouliez-vous dire « {shorten(match)} » ?"
        else:
            remedy = f"Choisissez parmi {listed(known, 'et')}.".replace("….", "…") if known else self.remedy
        return f"{self.what} « {shorten(self.word)} » n’existe pas. {remedy}"
