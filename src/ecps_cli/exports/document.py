"""Parts of a document: headings, lists and tables of bare text, for a format to lay out.

A format knows neither sessions nor guides, only this. Nothing in a text is markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Literal, NamedTuple

from ecps_cli.core.text import typeset
from ecps_cli.french.event_text import on_paper
from ecps_cli.french.words import Span, spans

Words = tuple[Span, ...]
"""A text some of whose runs are bold; its lines end in a newline."""


CRITICAL = "À ne pas manquer"
EXPECTED = typeset("À voir :")
OTHERWISE = typeset("Si :")
"""Labels, in every format, of a step that must not be missed, of the expected screen and of a deviation."""


class Paragraph(NamedTuple):
    """A paragraph."""

    text: str


class Pairs(NamedTuple):
    """Names, and what stands behind each."""

    rows: tuple[tuple[str, str], ...]


class Blanks(NamedTuple):
    """Lines to fill in by hand; each row names the blanks that stand side by side."""

    rows: tuple[tuple[str, ...], ...]


class Table(NamedTuple):
    """Rows under the names of their columns."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    """The share of each column, in hundredths."""


class Bullets(NamedTuple):
    """Lines of a list; `boxes` says of each whether it is ticked, where they are to be ticked."""

    items: tuple[str, ...]
    boxes: tuple[bool, ...] = ()


class Group(NamedTuple):
    """A short list under what it is about."""

    heading: Words
    items: tuple[Words, ...]


class Groups(NamedTuple):
    """Short lists, one after the other."""

    groups: tuple[Group, ...]


class Tick(NamedTuple):
    """A line of a step to tick: an answer, somebody to tell, something to keep."""

    text: Words
    leads_to: str = ""
    """The step or the end that comes next."""
    blanks: tuple[str, ...] = ()
    """Names of the blanks beside it, to be filled in by hand."""


class Remark(NamedTuple):
    """A remark on a step, beside its action."""

    role: Literal["warning", "why", "expect", "contact"]
    text: Words


class OtherScreen(NamedTuple):
    """Another screen that may be seen at a step, its remedy, and the step or the end that comes next."""

    seen: Words
    remedy: Words
    leads_to: str


class Task(NamedTuple):
    """A step: who does what, and all that belongs to it."""

    number: int
    who: str
    condition: str
    """When it applies; an empty text: always."""
    critical: bool
    action: Words
    remarks: tuple[Remark, ...]
    ticks: tuple[Tick, ...]
    deviations: tuple[OtherScreen, ...]
    leads_to: str
    """The end that comes once it is done; an empty text: the next step comes."""


class Tasks(NamedTuple):
    """Steps to follow and to tick."""

    tasks: tuple[Task, ...]


class Code(NamedTuple):
    """A number or an address, with the QR code by which a phone takes it up."""

    name: str
    value: str
    address: str
    """Text of the code: the value as https or tel."""


class Codes(NamedTuple):
    """QR codes side by side."""

    codes: tuple[Code, ...]


class Picture(NamedTuple):
    """A drawing, where the format shows it."""

    svg: str
    """SVG element, made here; no text of it is markup of somebody else."""
    description: str


class Addresses(NamedTuple):
    """Addresses to follow, by their names: live where the format has links."""

    codes: tuple[Code, ...]


Block = Paragraph | Pairs | Blanks | Table | Bullets | Groups | Tasks | Codes | Addresses | Picture


class Section(NamedTuple):
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]
    small: bool = False
    """Of use to few: set smaller."""
    scan: str = ""
    """End of the heading in a format that draws the codes of the section."""
    wide: bool = False
    """Over the whole width of the page where the rest stands in columns; wide sections come first, or last."""


class Document(NamedTuple):
    """A whole document."""

    notice: str
    """Warning to be read first, on each page; or an empty text."""
    kind: str
    title: str
    lead: Words
    """Sentence under the title."""
    sections: tuple[Section, ...]
    footer: str
    """Name of the document at the foot of each page, where a format has pages of its own."""
    date: datetime
    """Its only date: that of the last event of a session, or the day on which a guide was verified."""
    callout: tuple[tuple[str, str], ...] = ()
    """Names and numbers that must be found at a glance."""
    compact: bool = False
    """Whether it is to take as few pages as it can: small letters, two columns."""


def words(source: str) -> Words:
    """Small Markdown of a guide as words, typeset; a document holds no command to type."""
    return joined(spans(typeset(on_paper(source))))


def joined(runs: Iterable[Span]) -> Words:
    """Words made of runs: none empty, and no two of one weight side by side."""
    filled = (span for span in runs if span.text)
    return tuple(
        Span("".join(span.text for span in alike), bold) for bold, alike in groupby(filled, key=lambda span: span.bold)
    )
