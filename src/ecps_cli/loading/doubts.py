"""What YAML takes without a word and an author hardly meant: text lost in a comment, marks that are no marks.

These are warnings, for `check`: the file can be used, but not all that was written is read as it was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ecps_cli.loading import tree
from ecps_cli.loading.causes import TYPOGRAPHIC, decoded_twice, list_mark, typographic
from ecps_cli.loading.problems import COMMENT, Diagnostic, Position, lines_of

_COMMENTED = re.compile(r"\S[ \t]+#|^[ \t]*#[^\s#]", re.MULTILINE)
_MARKED = re.compile(r"\n[ \t]*+(?:[–—−‒‑•·‣▪◦●*]|-(?=[^\s-]|[ ]+[“”„‟«]))")
_OPENED = re.compile(r":[ ]++[“”„‟«]")
_QUOTED = re.compile(r'[ \t]*(?:-[ ]+)*(?:[\w-]+:[ ]+)?"[^"\\#\n]*"[ \t\r]*(?:\n|\Z)')
"""A line whose text is all between quotes, where YAML takes nothing: « Dire : « … » » opens nothing there."""
_TAIL = re.compile(r"[ \t]+#")
_A_COMMENT = re.compile(r"(?:[ \t]{2,}|\t)#+(?:[ \t]|$)")
"""What is meant to be a comment: apart from the text, and its sign apart from its words."""
_HIDDEN_LINE = re.compile(r"\s*#(?!#|[\w-]+:|-)(?=\S)")
"""A line that begins like a comment and reads like text: `#06#`, but not a key that was commented out."""


def doubts(text: str) -> list[Diagnostic]:
    """Warnings about a text in YAML that can be read."""
    text = text.removeprefix("\ufeff")
    found = [Diagnostic(*twice, "W102")] if (twice := decoded_twice(text)) else []
    if _is_suspect(text):
        lines = lines_of(text)
        for event in _plain_texts(text):
            found += _of_scalar(event, lines)
    return found


def _is_suspect(text: str) -> bool:
    """Whether a doubtful scalar may be in a text: most have none, and are not read a second time."""
    opened = (text.rfind("\n", 0, found.start()) + 1 for found in _OPENED.finditer(text))
    return bool(
        ("#" in text and _COMMENTED.search(text))
        or _MARKED.search(f"\n{text}")
        or any(not _QUOTED.match(text, line) for line in opened)
    )


def _plain_texts(text: str) -> Iterator[Any]:
    """Scalars without quotes, with their marks."""
    loader = tree.Loader(text)
    try:
        for event in iter(loader.get_event, None):
            if isinstance(event, yaml.ScalarEvent) and not event.style and event.value:
                yield event
    finally:
        loader.dispose()


def _of_scalar(event: Any, lines: list[str]) -> Iterator[Diagnostic]:
    start, end = event.start_mark, event.end_mark
    rest = lines[end.line][end.column :]
    if _TAIL.match(rest) and not _A_COMMENT.match(rest) and (" " in event.value or not rest.lstrip()[1:2].isspace()):
        yield Diagnostic(Position(end.line + 1, lines[end.line].index("#", end.column) + 1), _CUT, "W101")
    following = lines[end.line + 1] if end.line + 1 < len(lines) else ""
    if not rest.strip() and _HIDDEN_LINE.match(following) and following.index("#") >= _indent(lines[start.line]) + 2:
        yield Diagnostic(Position(end.line + 2, following.index("#") + 1), _CUT, "W101")
    quoted = TYPOGRAPHIC.fullmatch(event.value)
    if quoted:
        yield Diagnostic(Position(start.line + 1, start.column + 1), typographic(quoted), "W103")
    for number in range(start.line + 1, end.line + 1):
        if said := list_mark(lines[number]):
            place = Position(number + 1, _indent(lines[number]) + 1)
            yield Diagnostic(place, f"cette ligne continue le texte qui précède : {said}", "W105")


_CUT = f"{COMMENT} Si c’est bien un commentaire : deux espaces devant « # », une derrière."


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
