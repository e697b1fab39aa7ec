"""What screens are made of: looks, text that breaks well, labels, bullets, addresses and numbers. Prints nothing.

One content, two looks: `Look(plain=True)` has no box, no bar and no glyph, for a screen reader or a pipe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from rich.box import ASCII, ROUNDED, SQUARE, Box
from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult
from rich.containers import Lines
from rich.segment import Segment
from rich.text import Span
from rich.text import Text as RichText

from ecps_cli.core.guide import Fact, Facts
from ecps_cli.french.typography import protect_spaces, restore_spaces, transliterate, unbroken
from ecps_cli.french.words import CURRENT, DEVIATED, DONE, PARTLY, PASSED, TO_DO, quoted, spans

Renderable = ConsoleRenderable
"""What can be painted: how the other packages name a screen, without Rich."""


class Strokes(NamedTuple):
    """What frames and bars are drawn with."""

    box: Box
    done: str
    left: str
    gutter: str

    @property
    def characters(self) -> str:
        """What a stream must have for these."""
        return f"{self.box}{self.done}{self.left}{self.gutter}".replace("\n", "")


STROKES = (Strokes(ROUNDED, "━", "─", "┃"), Strokes(SQUARE, "█", "░", "│"), Strokes(ASCII, "#", ".", "|"))
"""Sets of strokes: the first that a stream can write is drawn with (a modern terminal, a DOS code page, any)."""


class Look(NamedTuple):
    """How things are painted."""

    plain: bool = False
    """No box, no bar: lines that a screen reader reads in order."""
    glyphs: bool = True
    """Whether the stream has ☑ ☐ ▶ and their like."""
    phone: bool = False
    """Over the telephone: what to say, to ask and to wait for, to somebody who does not see this screen."""
    strokes: Strokes = STROKES[0]

    def mark(self, state: str) -> str:
        """Return the glyph of a state; in the plain look nothing, since the word stands there instead."""
        return "" if self.plain else MARKS[state][0 if self.glyphs else 1] + " "


MARKS = {
    DONE: ("☑", "[x]"),
    CURRENT: ("▶", " > "),
    TO_DO: ("☐", "[ ]"),
    PASSED: ("☒", "[-]"),
    DEVIATED: ("≈", "[~]"),
    PARTLY: ("◧", "[/]"),
    "attention": ("⚠", "!"),
}
GLYPHS = "".join(unicode for unicode, _ in MARKS.values())
"""What a stream must have for `Look.glyphs`."""


def look_for(plain: bool, can_write: Callable[[str], bool], phone: bool) -> Look:
    """Return the look for a stream, by what it can write."""
    return Look(plain, can_write(GLYPHS), phone, next(each for each in STROKES if can_write(each.characters)))


class Text(RichText):
    """A text in which no line ends at a no-break space or within a number, as it does where Rich alone breaks lines."""

    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        """Return the lines of the text, as Rich breaks it elsewhere; a word too long for a line is left whole.

        What the stream lacks is written in its own characters first: it may be longer.
        """
        text = _folded(self, encoding_of(console))
        text.plain = protect_spaces(text.plain)
        text.overflow = "ignore"
        lines = RichText.wrap(text, console, width, **{**options, "overflow": None})
        for line in lines:
            line.plain = restore_spaces(line.plain)
        return lines


def encoding_of(console: Console) -> str:
    """Return the encoding of the stream that a console paints on; the console itself takes every character."""
    return getattr(console.file, "encoding", None) or "utf-8"


def _folded(text: RichText, encoding: str) -> RichText:
    """Return a copy of a text in the characters of an encoding, each style on what it was on."""
    plain = transliterate(text.plain, encoding)
    if plain == text.plain:
        return text.copy()
    starts = list(accumulate((len(transliterate(each, encoding)) for each in text.plain), initial=0))
    copy = text.blank_copy(plain)
    copy.spans = [Span(starts[span.start], starts[span.end], span.style) for span in text.spans]
    return copy


BLANK = Text("")

NOTHING = Group()


SPOKEN = str.maketrans({"•": "-", "☐": "-", "→": ":", "·": "-"})
"""What stands for the glyphs that a screen reader names aloud: NVDA says « puce », « flèche droite » at its level by
default, "some", and nothing for a dash, a colon, « » (nvaccess/nvda, source/locale/{en,fr}/symbols.dic)."""


class Translated(NamedTuple):
    """A renderable each text of which is written otherwise."""

    screen: ConsoleRenderable
    written: Callable[[str], str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what it yields, each text as it is written."""
        for text, style, control in console.render(self.screen, options):
            yield Segment(text if control else self.written(text), style, control)


def spoken(screen: ConsoleRenderable) -> Translated:
    """Renderable as a screen reader should read it: no glyph in it has a name that is in the way."""
    return Translated(screen, lambda text: text.translate(SPOKEN))


# -------------------------------------------------------------------------------------------------- text and facts


ADDRESS = "cyan underline"


def rich_text(source: str, style: str = "", with_addresses: bool = True) -> Text:
    """Return the small Markdown of a guide as text; nothing in it is ever taken for Rich markup.

    Its labels stand between « »: where all is bold, in plain lines and in a copy their own bold is lost.
    """
    text = Text(style=style)
    for span in spans(quoted(source), with_addresses):
        text.append(span.text, "bold" if span.bold else None)
    return text


def quiet_text(source: str, style: str = "") -> Text:
    """Return the small Markdown of a guide as text without weight, beside an action: its labels stand between « »."""
    return Text("".join(span.text for span in spans(quoted(source))), style=style)


class Guttered(NamedTuple):
    """A renderable behind a stroke: the first thing that the eye must find."""

    body: ConsoleRenderable
    look: Look
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield its lines, each behind the stroke; in the plain look, the lines alone."""
        if self.look.plain:
            yield self.body
            return
        stroke = Segment(f"{self.look.strokes.gutter} ", console.get_style(self.style))
        for line in Segment.split_lines(console.render(self.body, options.update(width=options.max_width - 2))):
            yield stroke
            yield from line
            yield Segment.line()


class Hanging(NamedTuple):
    """A renderable behind a label, going on under itself: a bullet, a number, an indent. No line is padded or cut."""

    label: Text
    body: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines of the body, the first behind the label."""
        written = _folded(self.label, encoding_of(console))
        indent = written.cell_len
        narrower = options.update(width=max(options.max_width - indent, 16))
        lines = list(Segment.split_lines(console.render(self.body, narrower)))
        label = list(Segment.apply_style(written.render(console), console.get_style(self.label.style)))
        for number, line in enumerate(lines or [[]]):
            yield from [Segment(" " * indent)] if number else label
            yield from line
            yield Segment.line()


class Bar(NamedTuple):
    """How far one is: in words, then as a line over the rest of the width, where there is room for one."""

    said: str
    done: int
    total: int
    strokes: Strokes

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the words, the part that is done, then the part that is left."""
        said = Text(self.said)
        room = options.max_width - said.cell_len - 1
        if room < LEAST_BAR:
            yield said
            return
        filled = room * self.done // self.total
        yield Text(f"{self.said} ", end="")
        yield Text(self.strokes.done * filled, style="green", end="")
        yield Text(self.strokes.left * (room - filled), style="dim")


LEAST_BAR = 8
"""Columns under which a bar says nothing."""


def indented(body: ConsoleRenderable, by: int = 2) -> Hanging:
    """Return a renderable moved to the right."""
    return Hanging(Text(" " * by), body)


def whole(line: str, style: str = "") -> Text:
    """Return a line that is never broken nor cut, however narrow the screen: an address stays one address."""
    return Text(line, style=style, no_wrap=True, overflow="ignore")


def contact_line(fact: Fact) -> RichText:
    """Return a phone number on one line, with its price when there is a source for it."""
    line = Text(f"{fact.name} : ")
    line.append(unbroken(fact.value), style="bold")
    return line.append(f" ({fact.price})" if fact.price else "")


CUES = {"Dites": "bold", "Demandez": "bold", "Attendez": "bold green"}
"""The styles of the cues that must be found at once; what stands under the others is beside them."""


def cue(name: str, body: RichText, look: Look) -> ConsoleRenderable:
    """Return what to say, to ask or to wait for, behind the word that says which; one line for a screen reader."""
    label = Text(f"{name} : ", style=CUES.get(name, "italic"))
    if look.plain:
        return label.append_text(body)
    label.pad_right(max(CUE_WIDTH - label.cell_len, 0))
    return Hanging(label, body)


CUE_WIDTH = len("Lisez-lui : ")


def number_said(fact: Fact, look: Look) -> ConsoleRenderable:
    """Return a phone number in the groups in which it is said."""
    from ecps_cli.french import telephone

    body = Text(f"{fact.name}, ").append(unbroken(telephone.in_groups(fact.value)), "bold")
    return cue("Dites", body.append(f" ({fact.price})" if fact.price else "").append(". Faites relire."), look)


def link_said(fact: Fact, look: Look) -> ConsoleRenderable:
    """Return an address in words, behind its name; of an app its name alone, by which it is found."""
    from ecps_cli.french import telephone

    if is_store(fact.value):
        return cue("Dites", Text(f"{fact.name}."), look)
    name, words, then = telephone.dictated(fact.name, fact.value)
    return cue("Dites", Text(name).append(words, "bold").append(then), look)


def references(
    facts: Facts, links: Sequence[str], contacts: Sequence[str], look: Look | None = None
) -> Iterator[ConsoleRenderable]:
    """Yield the lines of the named facts: phone numbers, then each address bare on a line of its own."""
    for fact_id in contacts:
        yield number_said(facts[fact_id], look) if look and look.phone else contact_line(facts[fact_id])
    for link in (facts[fact_id] for fact_id in links):
        yield link_said(link, look) if look and look.phone else Text(f"{link.name} :")
        if not (look and look.phone and is_store(link.value)):
            yield whole(link.value, ADDRESS)


STORES = ("https://apps.apple.com/", "https://play.google.com/")
"""Where apps are found: nobody dictates these addresses."""


def is_store(address: str) -> bool:
    """Whether an address is that of an app in a store."""
    return address.startswith(STORES)


def reference(fact: Fact) -> Group:
    """Return the lines of one fact, as `references` has them."""
    named = [fact.name]
    return Group(*references({fact.name: fact}, *(([], named) if fact.kind == "phone" else (named, []))))


def titled(title: str) -> Text:
    """A title alone."""
    return Text(title, style="bold")


def one_line(text: str) -> Text:
    """Return a bare sentence, broken between its words: a notice under a step painted before, a question, an option."""
    return Text(text)


def bullets(heading: str, texts: Iterable[str]) -> list[ConsoleRenderable]:
    """Return a list under its heading, then a blank line; nothing when there is nothing to list."""
    lines: list[ConsoleRenderable] = [Hanging(Text("  • "), rich_text(text)) for text in texts]
    return [*([Text(heading, style="bold")] if heading else []), *lines, BLANK] if lines else []


def rows_of(segments: Iterable[Segment], width: int) -> int:
    """Return how many rows of a screen of this width these take; a line too long for one takes several."""
    return sum(max(1, -(-Segment.get_line_length(line) // width)) for line in Segment.split_lines(segments))
