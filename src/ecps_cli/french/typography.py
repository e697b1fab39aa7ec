"""French typography: which spaces never break, where a line ends, what stands for a missing character."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Collection

from ecps_cli.core.text import NO_BREAK, typeset
from ecps_cli.french.question import Question

GLUE, NO_BREAK_GLUE = "\ue000", "\ue001"
"""Private characters that stand for spaces while lines are broken."""

FOLDED = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-", "‑": "-",
    "œ": "oe", "Œ": "OE", "€": "EUR", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "→": "->", "·": "-", "•": "*",
    "æ": "ae", "Æ": "AE", "☑": "[x]", "☐": "[ ]", "☒": "[-]", "▶": ">", "⚠": "!", "━": "=", "─": "-", "ᵉ": "e",
    "º": "o", "≈": "~", "┃": "|", "│": "|", "°": "o", "×": "x", "█": "#", "░": ".",
}  # fmt: skip
"""Spellings of a character for a stream that lacks it: readable first, faithful second."""

UNSEEN = ("Mn", "Cf")
"""The categories of what adds no character of its own: an accent typed apart from its letter, a mark of direction."""


def unbroken(value: str) -> str:
    """Return a number that no line breaks, wherever it goes: its spaces are no-break ones."""
    return value.replace(" ", NO_BREAK)


def protect_spaces(text: str) -> str:
    """Text of the same length in which nothing looks like a space where no line may end.

    That is at a no-break space, and within a number of several groups, masked or not.
    """
    return re.sub(r"(?<=[\d*]) (?=[\d*])", GLUE, typeset(text).replace(NO_BREAK, NO_BREAK_GLUE))


def restore_spaces(line: str) -> str:
    """Line with its protected spaces restored: within a number a plain one, to be copied as it is."""
    return line.replace(GLUE, " ").replace(NO_BREAK_GLUE, NO_BREAK)


def transliterate(text: str, encoding: str) -> str:
    """Return a text in the characters that an encoding has: those that it lacks are written as they are read."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_written(each, encoding) for each in text)
    return text


def _written(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return transliterate_character(character)
    return character


def transliterate_character(character: str) -> str:
    """Return in ASCII how a character is read; a question mark for one that no French text has."""
    plain = FOLDED.get(character) or unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return plain or ("" if unicodedata.category(character) in UNSEEN else "?")


def broken(text: str, width: int, at_any_letter: bool = False) -> list[str]:
    """Return the lines of a text, broken between its words.

    A word longer than a line, such as an address, is left whole, unless the place it goes to would hide the end of it.
    """
    lines: list[str] = []
    for line in protect_spaces(text).split("\n"):
        wrapped = textwrap.wrap(line, max(width, 1), break_long_words=at_any_letter, break_on_hyphens=False)
        lines += wrapped or [""]
    return [restore_spaces(line) for line in lines]


def keys_together(text: str) -> str:
    """Text in which a key that it names and what this does stay together, and no line begins with a point."""
    together = re.sub(r"(\b\w|\?|\[Entrée) : ", rf"\1 :{NO_BREAK}", text)
    together = re.sub(rf"(:{NO_BREAK}\S+) (\S+)(?= ·|[,)]|$)", rf"\1{NO_BREAK}\2", together)
    return together.replace(" ·", f"{NO_BREAK}·")


def question_lines(question: str, width: int) -> list[str]:
    """Return the lines of a question, its mark included, on a screen of this width, with room for the cursor."""
    return broken(keys_together(question), width - 1)


def line_lines(question: str, width: int) -> list[str]:
    """Return the lines of a question that is answered by a text, the last of them with room for a short one."""
    lines = question_lines(question, width)
    return lines if len(lines[-1]) + ROOM < width else [*lines, ""]


def list_question(question: Question, options: Collection[str], width: int, height: int) -> Question:
    """Question above a list, as a window of this size has room for it: with all its keys, or with the last one alone.

    Where even so the list is too long for the window, it says that the list goes on.
    """
    if not options or list_rows(question, options, width) + LEAST <= height:
        return question
    brief = question._replace(keys=question.keys[-1:])
    return brief if list_rows(brief, options, width) <= height else brief._replace(keys=(*brief.keys, GOES_ON))


def list_rows(question: Question, options: Collection[str], width: int) -> int:
    """Rows that a list takes on a screen of this width, with the question above it."""
    return len(question_lines(question.whole(), width)) + sum(len(option_lines(each, width)) for each in options)


LEAST = 3
"""Rows that a list leaves to what stands above it: an action, and a blank line."""
GOES_ON = "flèches : la suite"

ROOM = 16
"""Columns for an answer beside its question: a number of 12 digits, grouped."""


def option_lines(option: str, width: int) -> list[str]:
    """Return the lines of an option as it stands in a list on a screen of this width, with room for its number."""
    return broken(option, max(width - 8, 20), at_any_letter=True)
