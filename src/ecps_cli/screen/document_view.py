"""A document on the terminal, to read from top to bottom. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from rich.console import ConsoleRenderable, Group

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
    Remark,
    Table,
    Task,
    Tasks,
    Tick,
    Words,
)
from ecps_cli.screen.painting import ADDRESS, BLANK, Hanging, Text, indented, whole

BOXES = {True: "☑ ", False: "☐ "}
STYLES = {"warning": "bold yellow", "why": "not bold italic"}
"""The styles of the remarks that are no plain text."""


def document_view(document: Document) -> Group:
    """Screen of a whole document: its title, then its sections, a blank line between any two parts."""
    parts: list[ConsoleRenderable] = [Text(document.notice, style="bold reverse"), BLANK] if document.notice else []
    parts += [Text(document.title, style="bold"), _words(document.lead, "italic"), BLANK]
    if document.callout:
        parts += [*(Text(f"{name} : ").append(number, "bold") for name, number in document.callout), BLANK]
    for section in document.sections:
        parts += [Text(section.heading.upper(), style="bold cyan"), BLANK] if section.heading else []
        for block in section.blocks:
            parts += _block(block)
    return Group(*parts, Text(document.footer, style="italic"))


def _block(block: Block) -> Iterator[ConsoleRenderable]:
    """Lines of a block, with a blank one behind each of its parts."""
    match block:
        case Paragraph(text):
            yield from (Text(text), BLANK)
        case Pairs(rows):
            yield from _named(rows)
        case Table(head, rows):
            for row in rows:
                yield from _named(zip(head, row, strict=True))
        case Bullets():
            yield from _bullets(block)
        case Groups(groups):
            for group in groups:
                yield _words(group.heading)
                yield from (Hanging(Text("  • "), _words(item)) for item in group.items)
                yield BLANK
        case Tasks(tasks):
            for task in tasks:
                yield from (Hanging(Text(f"{task.number:>2}. ", style="bold"), Group(*_task(task))), BLANK)
        case Codes(codes) | Addresses(codes):
            yield from map(_code, codes)
            yield BLANK
        case Blanks(blanks):
            yield from (Text(" · ".join(map(_blank, row))) for row in blanks)
            yield BLANK
        case Picture(_, description):
            yield from (Text(description), BLANK)
        case _:
            assert_never(block)


def _named(rows: Iterable[tuple[str, str]]) -> Iterator[ConsoleRenderable]:
    yield from (Hanging(Text(f"{name} : "), Text(value)) for name, value in rows)
    yield BLANK


def _bullets(bullets: Bullets) -> Iterator[ConsoleRenderable]:
    labels = [BOXES[ticked] for ticked in bullets.boxes] or ["• "] * len(bullets.items)
    for label, item in zip(labels, bullets.items, strict=True):
        yield Hanging(Text(f"  {label}"), Text(item))
    yield BLANK


def _task(task: Task) -> Iterator[ConsoleRenderable]:
    critical = Text(f"{CRITICAL} · " if task.critical else "", style="bold red")
    condition = f" — {task.condition}" if task.condition else ""
    yield critical.append(f"{task.who}{condition}", "not bold italic default")
    yield _words(task.action, "bold" if task.critical else "")
    yield from map(_remark, task.remarks)
    yield from map(_tick, task.ticks)
    if task.leads_to:
        yield Text(_onward(task.leads_to).strip())
    for seen, remedy, leads_to in task.deviations:
        text = Text("").append_text(_words(seen, "italic")).append(" → ").append_text(_words(remedy))
        yield Hanging(Text(f"{OTHERWISE} "), text.append(_onward(leads_to)))


def _onward(leads_to: str) -> str:
    return f" →{NO_BREAK}{leads_to}" if leads_to else ""


def _remark(remark: Remark) -> ConsoleRenderable:
    text = Text(f"{EXPECTED} " if remark.role == "expect" else "", style="bold")
    return text.append_text(_words(remark.text, STYLES.get(remark.role, "not bold")))


def _tick(tick: Tick) -> ConsoleRenderable:
    line = _words(tick.text).append(_onward(tick.leads_to))
    for name in tick.blanks:
        line.append(f" · {_blank(name)}")
    return Hanging(Text(BOXES[False]), line)


def _blank(name: str) -> str:
    """Name of what is to be filled in by hand, and room for it."""
    return f"{name}{NO_BREAK}:{NO_BREAK}……"


def _code(code: Code) -> ConsoleRenderable:
    if not code.address.startswith("https://"):
        return Text(f"{code.name} : ").append(code.value, "bold")
    return Group(Text(f"{code.name} :"), indented(whole(code.value, ADDRESS)))


def _words(words: Words, style: str = "") -> Text:
    text = Text(style=style)
    for run in words:
        text.append(run.text, "bold" if run.bold else None)
    return text
