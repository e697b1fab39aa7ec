"""A document as Markdown; no text in it can become markup, a link, HTML or a cell of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile
from string import punctuation
from typing import assert_never

from ecps_cli.core.link import parse_link
from ecps_cli.core.text import NO_BREAK
from ecps_cli.exports.document import (
    CRITICAL,
    EXPECTED,
    OTHERWISE,
    Addresses,
    Blanks,
    Block,
    Bullets,
    Code,
    Codes,
    Document,
    Groups,
    Pairs,
    Paragraph,
    Picture,
    Section,
    Table,
    Task,
    Tasks,
    Tick,
    Words,
)
from ecps_cli.french.words import Span

_SPACE = " \t\u00a0\u202f"
_MARKUP = re.compile(
    r"[`\[$]"  # what begins code, a link or a formula
    r"|\\(?=[!-/:-@\[-`{-~]|\s*$)"  # what escapes the mark behind it, or breaks the line
    rf"|(?<![{_SPACE}*~])[*~]+|(?<![*~])[*~]+(?=[^{_SPACE}*~]|$)"  # what emphasises: between spaces, it does not
    r"|(?<![^\W_])_|_(?![^\W_])"  # within a word, this one does not either
    r"|<(?=[a-z/!?])|&(?=#?\w+;)"  # HTML
    r"|:(?=//)|(?<=\bwww)\.|@(?=\w)"  # what makes an address or a name out of bare text
    r"|^(?:[-+](?=[-+\s]|$)|=(?==*\s*$)|>|#(?=#*(?:\s|$))|[:|](?=[\s|:-]*$)|\d+(?=[.)](?:\s|$)))"  # what begins a block
    r"|(?<=\s)#(?=#*\s*$)",  # what ends a heading
    re.IGNORECASE,
)


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKUP.sub(_escape, " ".join(text.splitlines()))


def _escape(found: re.Match[str]) -> str:
    mark = found[0]
    return f"{mark}\\" if mark.isdigit() else "".join(f"\\{each}" for each in mark)


def to_markdown(document: Document) -> str:
    """Return a document as Markdown."""
    return "\n\n".join(_parts(document)) + "\n"


def _parts(document: Document) -> Iterator[str]:
    if document.notice:
        yield f"**{escaped(document.notice)}**"
    yield f"# {escaped(document.kind)} — {escaped(document.title)}"
    yield _words(document.lead)
    yield from (f"**{escaped(name)}{_COLON}** {escaped(number)}" for name, number in document.callout)
    for section in document.sections:
        yield from _section(section)
    if document.compact:
        yield f"---\n\n{escaped(document.footer)}"


_COLON = f"{NO_BREAK}:"
_BLANK = "…" * 20


def _words(words: Words, indent: str = "") -> str:
    """Return words as Markdown, each of their lines on a line of its own behind the indent."""
    lines: list[list[Span]] = [[]]
    for text, bold in words:
        first, *others = text.split("\n")
        lines[-1].append(Span(first, bold))
        lines += ([Span(other, bold)] for other in others)
    return f"\\\n{indent}".join(filter(None, map(_line, lines)))


def _line(runs: list[Span]) -> str:
    """Return one line as Markdown; what Markdown could not read as bold where it stands is left plain."""
    runs = [*dropwhile(lambda run: not run.text.strip(), runs)]
    if runs:  # what begins a block does so behind spaces too
        runs[0] = runs[0]._replace(text=runs[0].text.lstrip())
    texts = ["", *(escaped(run.text) for run in runs), ""]
    told = ""
    for number, run in enumerate(runs, 1):
        before, text, after = texts[number - 1 : number + 2]
        inner = text.strip()
        found = re.fullmatch(r"(\s*)(.*?)(\s*)", text, re.DOTALL) if run.bold and inner else None
        if found and _opens(before + found[1], inner[0]) and _opens((found[3] + after)[::-1], inner[-1]):
            told += f"{found[1]}**{inner}**{found[3]}"
        else:
            told += text
    return told.strip()


def _opens(before: str, first: str) -> bool:
    """Return whether ** between these two is read as the beginning of bold text; reversed, as its end (CommonMark)."""
    return first.isalnum() or not before or before[-1].isspace() or before[-1] in punctuation


def _section(section: Section) -> Iterator[str]:
    if section.heading:
        yield f"## {escaped(section.heading)}"
    for block in section.blocks:
        yield "\n".join(_lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield escaped(text)
        case Pairs(rows):
            for name, value in rows:
                colon = "" if name.endswith("?") else _COLON
                yield f"- **{escaped(name)}{colon}** {escaped(value)}"
        case Bullets(items, boxes):
            for number, item in enumerate(items):
                box = ("[x] " if boxes[number] else "[ ] ") if boxes else ""
                yield f"- {box}{escaped(item)}"
        case Groups(groups):
            for heading, under in groups:
                yield f"- {_words(heading)}"
                yield from (f"  - {_words(item)}" for item in under)
        case Tasks(tasks):
            for task in tasks:
                yield from _task(task)
        case Codes(codes) | Addresses(codes):
            yield from map(_code, codes)
        case Blanks(rows):
            yield from (f"- {escaped(name)}{_COLON} {_BLANK}" for row in rows for name in row)
        case Picture(_, description):
            yield escaped(description)
        case Table(head, cells):
            yield _row(head)
            yield _row(("---",) * len(head), raw=True)
            yield from map(_row, cells)
        case _:
            assert_never(block)


def _task(task: Task) -> Iterator[str]:
    indent = " " * len(f"{task.number}. ")
    critical = f"**{CRITICAL}** · " if task.critical else ""
    condition = f" — {escaped(task.condition)}" if task.condition else ""
    yield f"{task.number}. [ ] {critical}**{escaped(task.who)}**{condition}{_COLON} {_words(task.action, indent)}"
    for role, text in task.remarks:
        yield f"{indent}- {f'**{EXPECTED}** ' if role == 'expect' else ''}{_words(text, f'{indent}  ')}"
    for tick in task.ticks:
        yield f"{indent}- [ ] {_tick(tick, f'{indent}  ')}"
    if task.leads_to:
        yield f"{indent}- → {escaped(task.leads_to)}"
    for seen, remedy, leads_to in task.deviations:
        yield f"{indent}- {OTHERWISE} {_words(seen)} → {_words(remedy, f'{indent}  ')} → {escaped(leads_to)}"


def _tick(tick: Tick, indent: str) -> str:
    blanks = "".join(f" · {escaped(name)}{_COLON} ……" for name in tick.blanks)
    onward = f" → {escaped(tick.leads_to)}" if tick.leads_to else ""
    return f"{_words(tick.text, indent)}{onward}{blanks}"


def _code(code: Code) -> str:
    link = parse_link(code.address)
    shown = f"<{link.address}>" if link and link.scheme == "https" else escaped(code.value)
    return f"- **{escaped(code.name)}{_COLON}** {shown}"


def _row(cells: tuple[str, ...], raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(_cell, cells))} |"


def _cell(text: str) -> str:
    return escaped(text).replace("|", "\\|")
