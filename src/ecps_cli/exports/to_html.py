"""A document as one HTML file: no script, nothing from elsewhere, every text escaped, printable on A4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from ecps_cli.exports.document import (
    CRITICAL,
    EXPECTED,
    OTHERWISE,
    Block,
    Bullets,
    Code,
    Codes,
    Document,
    Groups,
    Pairs,
    Paragraph,
    Section,
    Table,
    Task,
    Tasks,
    Tick,
    Words,
)
from ecps_cli.exports.svg import svg
from ecps_cli.french.typography import NO_BREAK

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
    yield f"<body{_classes(practice=bool(notice), compact=document.compact)}>"
    if notice:
        yield f'<p class="notice" role="note">{notice}</p>'
    yield from _header(document)
    yield "<main>"
    for section in document.sections:
        yield from _section(section)
    yield "</main>"
    if document.compact:
        yield f"<footer><p>{escape(document.footer)}</p></footer>"
    yield "</body>\n</html>"


def _header(document: Document) -> Iterator[str]:
    yield f'<header>\n<p class="kind">{escape(document.kind)}</p>\n<h1>{escape(document.title)}</h1>'
    yield f'<p class="lead">{_words(document.lead)}</p>'
    if document.callout:
        yield '<div class="callouts">'
        for name, number in document.callout:
            yield f'<p class="callout">{escape(name)} <strong>{escape(number)}</strong></p>'
        yield "</div>"
    yield "</header>"


def _classes(**named: bool) -> str:
    chosen = " ".join(name for name, wanted in named.items() if wanted)
    return f' class="{chosen}"' if chosen else ""


def _words(words: Words) -> str:
    """Return words as HTML, each of their lines on a line of its own."""
    runs = (f"<strong>{escape(text)}</strong>" if bold else escape(text) for text, bold in words)
    return "".join(runs).replace("\n", "<br>")


def _section(section: Section) -> Iterator[str]:
    yield f"<section{_classes(small=section.small, wide=section.wide)}>"
    if section.heading:
        yield f"<h2>{escape(section.heading + section.scan)}</h2>"
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
        case Groups(groups):
            yield '<div class="beside">'
            for heading, under in groups:
                yield f'<div class="group"><p>{_words(heading)}</p>'
                if under:
                    yield "<ul>" + "".join(f"<li>{_words(item)}</li>" for item in under) + "</ul>"
                yield "</div>"
            yield "</div>"
        case Tasks(tasks):
            yield '<ol class="tasks" role="list">'
            for task in tasks:
                yield from _task(task)
            yield "</ol>"
        case Codes(codes):
            yield '<ul class="codes">'
            yield from map(_code, codes)
            yield "</ul>"
        case Table():
            yield from _table(block)


_BOX = '<span class="box" aria-hidden="true"></span>'


def _task(task: Task) -> Iterator[str]:
    condition = f' <em class="condition">— {escape(task.condition)}</em>' if task.condition else ""
    yield f"<li{_classes(critical=task.critical)}>"
    critical = f"<strong>{CRITICAL}</strong> · " if task.critical else ""
    yield f'<div class="number"><b>{task.number}</b>{_BOX}</div>'
    yield f'<p class="who">{critical}{escape(task.who)}{condition}</p>'
    yield f'<p class="action">{_words(task.action)}</p>'
    for role, text in task.remarks:
        name = f"<strong>{EXPECTED}</strong> " if role == "expect" else ""
        yield f'<p class="{role}">{name}{_words(text)}</p>'
    if task.ticks:
        yield '<ul class="ticks">' + "".join(map(_tick, task.ticks)) + "</ul>"
    if task.leads_to:
        yield f"<p>{_onward(task.leads_to)}</p>"
    if task.deviations:
        yield '<ul class="deviations">'
        for seen, remedy, leads_to in task.deviations:
            yield f"<li>{OTHERWISE} <em>{_words(seen)}</em> {_words(remedy)}{_onward(leads_to)}</li>"
        yield "</ul>"
    yield "</li>"


def _onward(leads_to: str) -> str:
    return f' <span class="onward">→{NO_BREAK}{escape(leads_to)}</span>' if leads_to else ""


def _tick(tick: Tick) -> str:
    blanks = "".join(f'<span class="blank">{escape(name)}</span> ' for name in tick.blanks)
    written = f'<span class="blanks">{blanks}</span>' if blanks else ""
    return f"<li>{_BOX}{_words(tick.text)}{_onward(tick.leads_to)} {written}</li>"


def _code(code: Code) -> str:
    picture = svg(code.modules, f"QR code : {code.name}")
    safe = code.address.startswith(("https://", "tel:"))
    value = f'<a href="{escape(code.address)}">{escape(code.value)}</a>' if safe else escape(code.value)
    return f"<li>{picture}<p><strong>{escape(code.name)}</strong> {value}</p></li>"


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
