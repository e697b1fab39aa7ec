"""A document as one HTML file: no script, nothing from elsewhere, every text escaped, printable on A4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from ecps_cli.exports.document import Block, Bullets, Document, Pairs, Paragraph, Section, Table

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def to_html(document: Document) -> str:
    """Return a document as HTML."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    notice, title = escape(document.notice), escape(f"{document.kind} — {document.title}")
    css = Path(__file__).with_name("document.css").read_text(encoding="utf-8")
    yield '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{f'{notice} ' if notice else ''}{title}</title>"
    yield f"<style>\n{css}</style>\n</head>"
    yield '<body class="practice">' if notice else "<body>"
    if notice:
        yield f'<p class="notice" role="note">{notice}</p>'
    yield f'<header>\n<p class="kind">{escape(document.kind)}</p>\n<h1>{escape(document.title)}</h1>'
    yield f'<p class="lead"><strong>{escape(document.state)}.</strong> {escape(document.lead)}</p>\n</header>\n<main>'
    for section in document.sections:
        yield from _section(section)
    yield "</main>\n</body>\n</html>"


def _section(section: Section) -> Iterator[str]:
    yield '<section class="small">' if section.small else "<section>"
    yield f"<h2>{escape(section.heading)}</h2>"
    for block in section.blocks:
        yield from _block(block)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield f"<p>{escape(text)}</p>"
        case Pairs(rows):
            yield '<table class="pairs">\n<tbody>'
            for name, value in rows:
                yield f'<tr><th scope="row">{escape(name)}</th>{_cell(value)}</tr>'
            yield "</tbody>\n</table>"
        case Bullets(items, boxes):
            yield '<ul class="boxes">' if boxes else "<ul>"
            for number, item in enumerate(items):
                box = f'<span aria-hidden="true">{"☑" if boxes[number] else "☐"}</span>' if boxes else ""
                yield f"<li>{box}{escape(item)}</li>"
            yield "</ul>"
        case _:
            yield from _table(block)


def _cell(value: str) -> str:
    hash_like = re.fullmatch("[0-9a-f]{64}", value)
    return f'<td class="hash">{value}</td>' if hash_like else f"<td>{escape(value)}</td>"


def _table(table: Table) -> Iterator[str]:
    yield "<table>\n<colgroup>" + "".join(f'<col style="width:{width}%">' for width in table.widths) + "</colgroup>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head) + "</tr></thead>"
    yield "<tbody>"
    for first, *others in table.rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in others)
        yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    yield "</tbody>\n</table>"
