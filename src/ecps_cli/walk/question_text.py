"""The words of a question in a terminal's own terms: broken to its width, in the characters that it has."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache

from ecps_cli.core.text import visible
from ecps_cli.french.question import Question
from ecps_cli.french.typography import line_lines, list_question, list_rows, option_lines, question_lines, transliterate
from ecps_cli.walk.prompter import HINT, MARK, marked


def question(text: str, mark: str = "") -> str:
    """Question broken to the width of the terminal, in the characters that it has; without a mark that is not ours."""
    return "\n".join(_lines(question_lines, mark + text)).removeprefix(mark)


def above(asked: Question, options: Mapping[str, str]) -> str:
    """Question above a list, likewise: of a `marked` one, its words."""
    size = shutil.get_terminal_size()
    whole = list_question(asked, options.values(), size.columns, size.lines).whole()
    return question(whole.removeprefix(MARK), MARK)


def rows(question: Question, options: Collection[str], width: int) -> int:
    """Rows that a choice by keys takes on a screen of this width."""
    return list_rows(marked(question, HINT), options, width)


def line(text: str) -> str:
    """Question that a text answers, likewise, up to where the text begins."""
    lines = _lines(line_lines, text)
    return "\n".join(lines) + " " * bool(lines[-1])


def _lines(broken: Callable[[str, int], list[str]], text: str) -> tuple[str, ...]:
    return _written_lines(broken, text, shutil.get_terminal_size().columns, sys.stdout.encoding)


@lru_cache(maxsize=16)
def _written_lines(broken: Callable[[str, int], list[str]], text: str, columns: int, encoding: str) -> tuple[str, ...]:
    """Lines of a question; kept, since prompt_toolkit asks for them a dozen times each time that it draws one."""
    return tuple(_written(line, encoding) for line in broken(text, columns))


def option(text: str) -> str:
    """Text of an option likewise: a list does not wrap by itself."""
    return "\n      ".join(_lines(option_lines, text))


def _written(text: str, encoding: str) -> str:
    """Text as a stream can write it: what it lacks, prompt_toolkit would replace by "?"."""
    return visible(transliterate(text, encoding))
