"""A document as Markdown; no text in it can become markup, a link, HTML or a cell of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecps_cli.exports.document import Block, Bullets, Document, Pairs, Paragraph, Section
from ecps_cli.typography import NO_BREAK

_MARKUP = re.compile(
    r"[\\`*_\[\]<>|~&#$^{}@]"  # what begins or ends markup anywhere
    r"|:(?=//)|(?<=\bwww)\."  # what makes an address out of bare text
    r"|^(?:[-+=!]|\d+(?=[.)]))",  # what begins a list, a rule or a heading at the start of a line
    re.IGNORECASE,
)


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKUP.sub(_escape, " ".join(text.splitlines()))


def _escape(found: re.Match[str]) -> str:
    mark = found[0]
    return f"\\{mark}" if not mark.isdigit() else f"{mark}\\"


def to_markdown(document: Document) -> str:
    """Return a document as Markdown."""
    return "\n\n".join(_parts(document)) + "\n"


def _parts(document: Document) -> Iterator[str]:
    if document.notice:
        yield f"**{escaped(document.notice)}**"
    yield f"# {escaped(document.kind)} — {escaped(document.title)}"
    yield f"**{escaped(document.state)}.** {escaped(document.lead)}"
    for section in document.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.heading)}"
    for block in section.blocks:
        yield "\n".join(_lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield escaped(text)
        case Pairs(rows):
            for name, value in rows:
                colon = "" if name.endswith("?") else f"{NO_BREAK}:"
                yield f"- **{escaped(name)}{colon}** {escaped(value)}"
        case Bullets(items, boxes):
            for number, item in enumerate(items):
                box = ("[x] " if boxes[number] else "[ ] ") if boxes else ""
                yield f"- {box}{escaped(item)}"
        case _:
            yield _row(block.head)
            yield _row(("---",) * len(block.head), raw=True)
            yield from map(_row, block.rows)


def _row(cells: tuple[str, ...], raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(escaped, cells))} |"
