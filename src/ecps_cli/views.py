"""What a person sees: a session, or a guide, as Rich renderables. Prints nothing, asks nothing.

One content, two looks: `Look(plain=True)` has no box, no bar and no glyph, for a screen reader or a pipe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, zip_longest
from typing import Any, NamedTuple

from rich.box import ASCII, ROUNDED, SQUARE, Box  # noqa: TID251 — this room paints
from rich.cells import cell_len  # noqa: TID251
from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult  # noqa: TID251
from rich.containers import Lines  # noqa: TID251
from rich.panel import Panel  # noqa: TID251
from rich.segment import Segment  # noqa: TID251
from rich.text import Span  # noqa: TID251
from rich.text import Text as RichText  # noqa: TID251

from ecps_cli.guide import Deviation, Fact, Facts, Guide, Outcome, Step
from ecps_cli.problems import Problem, is_error
from ecps_cli.session import End, Session, current, durations, plan
from ecps_cli.typography import NO_BREAK, fold, glued, option_lines, question_lines, unglued
from ecps_cli.validators import VALIDATORS
from ecps_cli.wording import (
    DOCTOR_ALONE,
    addresses,
    condition_of,
    duration,
    leads_to,
    plain_text,
    section_of,
    shown,
    spans,
    state_of,
    tally,
    way_out,
    who_and_where,
)


class Strokes(NamedTuple):
    """What frames and bars are drawn with."""

    box: Box
    done: str
    left: str

    @property
    def characters(self) -> str:
        """What a stream must have for these."""
        return f"{self.box}{self.done}{self.left}".replace("\n", "")


STROKES = (Strokes(ROUNDED, "━", "─"), Strokes(SQUARE, "█", "░"), Strokes(ASCII, "#", "."))
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
        """Return the glyph of a state, or nothing in the plain look; the word always stands beside it."""
        return "" if self.plain else MARKS[state][0 if self.glyphs else 1] + " "


MARKS = {
    "fait": ("☑", "[x]"),
    "en cours": ("▶", " > "),
    "à faire": ("☐", "[ ]"),
    "passé": ("☒", "[-]"),
    "attention": ("⚠", "!"),
}
GLYPHS = "".join(unicode for unicode, _ in MARKS.values())
"""What a stream must have for `Look.glyphs`."""


def look_for(plain: bool, can_write: Callable[[str], bool], phone: bool = False) -> Look:
    """Return the look for a stream, by what it can write."""
    return Look(plain, can_write(GLYPHS), phone, next(each for each in STROKES if can_write(each.characters)))


class Text(RichText):
    """A text in which no line ends at a no-break space or within a number, as it does where Rich alone breaks lines."""

    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        """Return the lines of the text, as Rich breaks it elsewhere; a word too long for a line is left whole.

        What the stream lacks is written in its own characters first: it may be longer.
        """
        text = _folded(self, encoding_of(console))
        text.plain = glued(text.plain)
        text.overflow = "ignore"
        lines = RichText.wrap(text, console, width, **{**options, "overflow": None})
        for line in lines:
            line.plain = unglued(line.plain)
        return lines


def encoding_of(console: Console) -> str:
    """Return the encoding of the stream that a console paints on; the console itself takes every character."""
    return getattr(console.file, "encoding", None) or "utf-8"


def _folded(text: RichText, encoding: str) -> RichText:
    """Return a copy of a text in the characters of an encoding, each style on what it was on."""
    plain = fold(text.plain, encoding)
    if plain == text.plain:
        return text.copy()
    starts = list(accumulate((len(fold(each, encoding)) for each in text.plain), initial=0))
    copy = text.blank_copy(plain)
    copy.spans = [Span(starts[span.start], starts[span.end], span.style) for span in text.spans]
    return copy


BLANK = Text("")


SPOKEN = str.maketrans({"•": "-", "☐": "-", "→": ":", "·": "-"})
"""What stands for the glyphs that a screen reader names aloud: NVDA says « puce », « flèche droite » at its level by
default, "some", and nothing for a dash, a colon, « » (nvaccess/nvda, source/locale/{en,fr}/symbols.dic)."""


class Spoken(NamedTuple):
    """A renderable as a screen reader should read it: no glyph in it has a name that is in the way."""

    screen: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what it yields, each glyph as what stands for it."""
        for text, style, control in console.render(self.screen, options):
            yield Segment(text.translate(SPOKEN), style, control)


# -------------------------------------------------------------------------------------------------- text and facts


ADDRESS = "cyan underline"


def rich_text(source: str, style: str = "", with_addresses: bool = True) -> Text:
    """Return the small Markdown of a guide as text; nothing in it is ever taken for Rich markup."""
    text = Text(style=style)
    for span in spans(source, with_addresses):
        text.append(span.text, "bold" if span.bold else None)
    return text


class Hanging(NamedTuple):
    """A renderable behind a label, going on under itself: a bullet, a number, an indent. No line is padded or cut."""

    label: Text
    body: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines of the body, the first behind the label."""
        indent = self.label.cell_len
        narrower = options.update(width=max(options.max_width - indent, 16))
        lines = list(Segment.split_lines(console.render(self.body, narrower)))
        label = list(Segment.apply_style(self.label.render(console), console.get_style(self.label.style)))
        for number, line in enumerate(lines or [[]]):
            yield from [Segment(" " * indent)] if number else label
            yield from line
            yield Segment.line()


class Bar(NamedTuple):
    """How far one is, as a line over the rest of the width."""

    done: int
    total: int
    strokes: Strokes

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the part that is done, then the part that is left."""
        filled = options.max_width * self.done // self.total
        yield Text(self.strokes.done * filled, style="green", end="")
        yield Text(self.strokes.left * (options.max_width - filled), style="dim", end="")


def indented(body: ConsoleRenderable, by: int = 2) -> Hanging:
    """Return a renderable moved to the right."""
    return Hanging(Text(" " * by), body)


def whole(line: str, style: str = "") -> Text:
    """Return a line that is never broken nor cut, however narrow the screen: an address stays one address."""
    return Text(line, style=style, no_wrap=True, overflow="ignore")


def contact_line(fact: Fact) -> RichText:
    """Return a phone number on one line, with its price when there is a source for it."""
    line = Text(f"{fact.name} : ")
    line.append(fact.value.replace(" ", "\u00a0"), style="bold")
    return line.append(f" ({fact.price})" if fact.price else "")


def references(
    facts: Facts, links: Sequence[str], contacts: Sequence[str], look: Look | None = None
) -> Iterator[ConsoleRenderable]:
    """Yield the lines of the named facts: phone numbers, then each address bare on a line of its own."""
    for fact_id in contacts:
        yield number_said(facts[fact_id], look) if look and look.phone else contact_line(facts[fact_id])
    for fact_id in links:
        heading = Text(f"{facts[fact_id].name} :")
        yield address_said(facts[fact_id].value, look, heading.append(" ")) if look and look.phone else heading
        yield whole(facts[fact_id].value, ADDRESS)


def reference(fact: Fact) -> Group:
    """Return the lines of one fact, as `references` has them."""
    named = [fact.name]
    return Group(*references({fact.name: fact}, *(([], named) if fact.kind == "phone" else (named, []))))


# ------------------------------------------------------------------------------------------------------ the screens


@dataclass
class Page:
    """As much of something as the window holds above a question, and how many lines are left after it."""

    whole: ConsoleRenderable
    question: str
    start: int = 0
    shown: int = 0
    left: int = 0
    """How many lines come after those; known once it was painted, as is `shown`."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines of this page, and how many more there are."""
        lines = list(Segment.split_lines(console.render(self.whole, options)))[self.start :]
        room = max(console.size.height - 1 - len(question_lines(self.question, options.max_width)), 1)
        rows, self.shown = 0, 0
        for line in lines:
            rows += _height(line, options.max_width)
            if self.shown and rows > room:
                break
            self.shown += 1
        self.left = len(lines) - self.shown
        for line in lines[: self.shown]:
            yield from line
            yield Segment.line()
        yield Text(f"… {self.left} ligne{'s' if self.left > 1 else ''} de plus" if self.left else "", style="italic")

    def next(self) -> Page:
        """Return the page that follows."""
        return Page(self.whole, self.question, self.start + self.shown)


class StepScreen(NamedTuple):
    """The screen of one step: where one is, who does what, what must be seen; the checklist as far as there is room.

    The question under it stays on the screen: where the window is low, the checklist gives way first, then the title
    and the bar, then the frame.
    """

    session: Session
    step: Step
    facts: Facts
    now: datetime
    look: Look
    notice: str = ""
    """What just happened and must be read first: a refusal, a repair."""
    question: str = ""
    """What is asked under it, after a blank line, and between which options."""
    options: Collection[str] = ()
    above: int = 0
    """Lines above it: the banner of an exercise."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the step, then as much of the checklist as the height of the screen allows."""
        if self.look.plain:
            yield from self._body(console, options, 0)
            return
        height = console.size.height - self.reserve(options.max_width)
        for dropped in range(3):
            body = list(console.render(Group(*self._body(console, options, dropped)), options))
            room = height - _height(body, options.max_width)
            if room >= 0:
                break
        yield from body
        yield from _checklist_around(self.session, self.look, console, options, room)
        yield BLANK

    def reserve(self, width: int) -> int:
        """Return how many lines to leave free under it: for the question, its options, and the blank line before."""
        asked = len(question_lines(self.question, width)) + sum(len(option_lines(each, width)) for each in self.options)
        return 1 + asked + self.above

    def _body(self, console: Console, options: ConsoleOptions, dropped: int) -> Iterator[ConsoleRenderable]:
        yield from _heading(self.session, self.look, self.now, brief=dropped > 0)
        said = self._script() if self.look.phone else self._action()
        yield self._titled(options.max_width, said, framed=not self.look.plain and dropped < 2)
        if self.step.id in self.session.lost:
            yield Text("Cette réponse n’a pas été gardée en entier : elle est demandée de nouveau.", style="yellow")
        for address in addresses(self.step.text):
            yield from [address_said(address, self.look)] if self.look.phone else []
            yield whole(address, ADDRESS)
        yield from self._values()
        if self.step.deadline:
            until = (self.now + timedelta(seconds=self.step.deadline)).strftime("%H:%M:%S")
            yield Text(f"Délai : {self.step.deadline} secondes, jusqu’à {until} au plus tard.", style="bold yellow")
        if self.step.expect and not self.look.phone:
            yield Text("À voir ensuite : ", style="bold").append_text(rich_text(self.step.expect, "not bold"))
        if self.step.validator:
            yield Text(f"Attendu : {VALIDATORS[self.step.validator].hint}")
        if self.step.help and self.step.action in ("ask", "choose"):  # a question wants all there is to know
            yield rich_text(self.step.help, "italic")
        yield from references(self.facts, self.step.links, self.step.contacts, self.look)
        yield from self._items()
        if self.notice:
            yield BLANK
            yield Text(self.notice, style="bold yellow")

    def _action(self) -> Text:
        """Return the action, why, and that a code is the doctor's alone."""
        text = rich_text(self.step.text, "bold" if self.step.critical else "", with_addresses=False)
        if self.step.why:
            text.append("\n").append_text(rich_text(self.step.why, "not bold"))
        if self.step.secret:
            text.append("\n").append(self.look.mark("attention") + DOCTOR_ALONE, style="bold yellow")
        return text

    def _script(self) -> Group:
        """Return what to say, to ask and to wait for."""
        from ecps_cli import phone

        return Group(*(cue(line.cue, rich_text(line.text), self.look) for line in phone.said(self.session, self.step)))

    def _titled(self, width: int, text: ConsoleRenderable, framed: bool) -> ConsoleRenderable:
        """Return the action under who does it and where: the first thing that the eye must find."""
        section = Text(section_of(self.session.guide, self.step))
        who = Text(self._who().upper(), style="bold")
        if not framed:
            return Group(who, text)
        style = "red" if self.step.critical else "yellow" if self.step.secret else "cyan"
        title, above = (who, []) if who.cell_len < width - 6 else (None, [who])
        subtitle, below = (section, []) if section.cell_len < width - 6 else (None, [section])
        return Panel(
            Group(*above, text, *below),
            box=self.look.strokes.box,
            title=title,
            title_align="left",
            subtitle=subtitle or None,
            subtitle_align="right",
            border_style=style,
        )

    def _who(self) -> str:
        if not self.look.phone:
            return who_and_where(self.step)
        from ecps_cli import phone

        return phone.who(self.step)

    def _values(self) -> Iterator[RichText]:
        """Yield the answers to type or compare here, in the form to read aloud."""
        for ask_id in self.step.show:
            value, ask = self.session.value(ask_id), self.session.guide.step(ask_id)
            if value is None or ask is None:
                yield Text("Valeur non saisie : à lire sur la carte ou à demander au médecin.", style="yellow")
                continue
            if self.look.phone:  # it is said, in groups
                continue
            line = Text("À taper :  ").append(shown(ask, value).replace(" ", NO_BREAK), style="bold reverse")
            event = self.session.resolved[ask_id]
            yield line.append("" if getattr(event, "verified", True) else "  non vérifié", style="bold yellow")

    def _items(self) -> Iterator[ConsoleRenderable]:
        for number, item in enumerate(self.step.items, 1):
            tick = self.session.ticks.get((self.step.id, item.id))
            state = "fait" if tick else "à faire"
            line = Text(f"{number}. {self.look.mark(state)}{state} — ").append_text(rich_text(item.text))
            if tick:
                line.append("".join(f" · {part}" for part in (tick.time, tick.person, tick.reference) if part))
            yield line
            if tick and self.look.phone:  # nothing is left to dictate
                continue
            contacts, links = [item.contact] if item.contact else [], [item.link] if item.link else []
            yield from (indented(each, 3) for each in references(self.facts, links, contacts, self.look))


def _heading(session: Session, look: Look, now: datetime, brief: bool) -> Iterator[ConsoleRenderable]:
    steps = plan(session)
    position = current(session)
    number = len(steps) if isinstance(position, End) else [step.id for step in steps].index(position.id) + 1
    where = f"Étape {number} sur {len(steps)}"
    if look.plain:
        yield Text(f"{session.guide.title}\n{where}")
    elif brief:
        yield Text(where, style="bold")
    else:
        yield Text(session.guide.title, style="bold")
        yield Hanging(Text(f"{where} ", style="bold"), Bar(number - 1, len(steps), look.strokes))
    if now.date() > session.guide.review_by:
        due = session.guide.review_by.strftime("%d/%m/%Y")
        yield Text(
            f"{look.mark('attention')}Guide à relire depuis le {due} : un écran peut avoir changé.",
            style="yellow",
        )


# ---------------------------------------------------------------------------------------------------- the checklist


def _check_line(session: Session, step: Step, look: Look, number: int) -> Hanging:
    """Return one line of a checklist: its state in a word, its number, its action going on under itself."""
    state = state_of(session, step)
    style = {"fait": "green", "passé": "yellow", "en cours": "bold"}.get(state, "")
    label = Text(f"{look.mark(state)}{state:<8} {number:>2}. ", style=style)
    return Hanging(label, Text(plain_text(step.text), style=style))


def checklist(session: Session, look: Look) -> Group:
    """Return every step of the walk as far as it is known, with its state, under its section."""
    lines: list[ConsoleRenderable] = []
    section = ""
    for number, step in enumerate(plan(session), 1):
        heading = section_of(session.guide, step)
        if heading != section:
            lines += [BLANK, Text(heading, style="bold")]
            section = heading
        lines.append(_check_line(session, step, look, number))
    return Group(*lines)


def _height(segments: Iterable[Segment], width: int) -> int:
    """Return how many rows of a screen of this width these take; a line too long for one takes several."""
    return sum(max(1, -(-Segment.get_line_length(line) // width)) for line in Segment.split_lines(segments))


def _checklist_around(
    session: Session, look: Look, console: Console, options: ConsoleOptions, room: int
) -> Iterator[ConsoleRenderable]:
    """Yield how much is done, then the lines nearest to the current step that fit in `room` lines of the screen."""
    steps = plan(session)
    here = next((number for number, step in enumerate(steps) if current(session) is step), len(steps))
    room -= 2
    chosen: list[tuple[int, ConsoleRenderable]] = []
    for number in sorted(range(len(steps)), key=lambda each: (abs(each - here), each < here)):
        line = _check_line(session, steps[number], look, number + 1)
        room -= _height(console.render(line, options), options.max_width)
        if room < 0:
            break
        chosen.append((number, line))
    if not chosen:
        return
    yield BLANK
    yield Text(f"{tally(session)} (l : toute la liste)", style="italic")
    yield from (line for _, line in sorted(chosen, key=lambda each: each[0]))


# --------------------------------------------------------------------------------- beside the steps: ways in, ways out


def practice(screen: ConsoleRenderable) -> Group:
    """Return a screen under the banner of an exercise."""
    return Group(Text("EXERCICE : rien de ceci n’est réel.", style="bold reverse"), screen)


def opening(guide: Guide, facts: Facts, look: Look | None = None) -> Group:
    """Return the first screen of a guide: whom it is for and what to have at hand."""
    return Group(
        Text(guide.title, style="bold"),
        BLANK,
        *_bullets("Ce guide convient si :", guide.fits),
        *(_call_opening(guide) if look and look.phone else _to_prepare(guide, facts)),
    )


def _to_prepare(guide: Guide, facts: Facts) -> list[ConsoleRenderable]:
    """Return what to have at hand, and what helps beside the guide."""
    links = [*references(facts, guide.links, ()), BLANK] if guide.links else []
    return [*_bullets("À préparer :", guide.needs), *links]


def guides_and_needs(guides: Iterable[Guide]) -> Group:
    """Return what each guide is for and what it needs, to choose between them."""
    parts: list[ConsoleRenderable] = []
    for guide in guides:
        parts += [Text(guide.title, style="bold"), *_bullets("", guide.needs)]
    return Group(*parts)


def _bullets(heading: str, texts: Iterable[str]) -> list[ConsoleRenderable]:
    lines: list[ConsoleRenderable] = [Hanging(Text("  • "), rich_text(text)) for text in texts]
    return [*([Text(heading, style="bold")] if heading else []), *lines, BLANK] if lines else []


def remedy(guide: Guide, deviation: Deviation, facts: Facts, look: Look | None = None) -> Group:
    """Return the remedy of a deviation, with its numbers and addresses, and where it leads."""
    seen: list[ConsoleRenderable] = [
        rich_text(deviation.if_, "italic"),
        BLANK,
        indented(rich_text(deviation.do, "bold")),
    ]
    if look and look.phone:
        from ecps_cli import phone

        seen = [cue(line.cue, rich_text(line.text), look) for line in phone.remedy(deviation)]
    return Group(
        *seen,
        BLANK,
        *references(facts, deviation.links, deviation.contacts, look),
        Text(leads_to(guide, deviation)),
    )


def help_line(guide: Guide, step: Step, facts: Facts) -> Group:
    """Return what to do when no deviation fits: the step's own help, then whom to call."""
    lines: list[ConsoleRenderable] = [rich_text(step.help)] if step.help else []
    if guide.contacts:
        lines += [Text("Rien ne correspond ? L’aide :", style="bold"), *references(facts, (), guide.contacts)]
    return Group(*lines)


def one_line(text: str) -> Text:
    """Return a bare sentence, broken between its words: a notice under a step painted before, a question, an option."""
    return Text(text)


def help_screen(keys: Sequence[tuple[str, str]], guide: Guide, step: Step, facts: Facts, look: Look) -> Group:
    """Return what `?` shows: what the step wants, whom to call, and last, beside the question, the keys."""
    return Group(*_wanted(step, look), help_line(guide, step, facts), BLANK, KeyHelp(keys, look))


def _wanted(step: Step, look: Look) -> Iterator[ConsoleRenderable]:
    """Yield what a step wants: who, where, what; what must be seen or typed; what else may be seen."""
    yield Text(who_and_where(step).upper(), style="bold")
    yield rich_text(step.text)
    if step.secret:
        yield Text(look.mark("attention") + DOCTOR_ALONE, style="bold yellow")
    if step.expect:
        yield Text("À voir ensuite : ", style="bold").append_text(rich_text(step.expect, "not bold"))
    if step.validator:
        yield Text(f"Attendu : {VALIDATORS[step.validator].hint}")
    if step.deviations:
        yield Text("Autre chose peut se voir (p) :", style="bold")
        yield from (Hanging(Text("  • "), rich_text(each.if_)) for each in step.deviations)


class KeyHelp(NamedTuple):
    """The keys and what each does: in two columns where there is room, in one for who hears them."""

    keys: Sequence[tuple[str, str]]
    look: Look

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the keys."""
        half = -(-len(self.keys) // 2)
        left, right = self.keys[:half], self.keys[half:]
        width = max(len(f"{key:<8}{meaning}") for key, meaning in left) + 3
        if self.look.plain or width + max(len(f"{key:<3}{meaning}") for key, meaning in right) > options.max_width:
            yield key_help(self.keys)
            return
        for (key, meaning), other in zip_longest(left, right):
            line = Text(f"{key:<8}", style="bold").append(f"{meaning:<{width - 8}}", "not bold")
            yield line.append(f"{other[0]:<3}").append(other[1], "not bold") if other else line


def key_help(keys: Iterable[tuple[str, str]]) -> Group:
    """Return the keys and what each does."""
    return Group(*(Hanging(Text(f"{key:<8}", style="bold"), Text(meaning)) for key, meaning in keys))


# ------------------------------------------------------------------------------------------------ over the telephone

CUES = {"Dites": "bold", "Demandez": "bold", "Attendez": "bold green", "Secret": "bold yellow"}
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
    from ecps_cli import phone

    body = Text(f"{fact.name}, ").append(phone.in_groups(fact.value).replace(" ", NO_BREAK), "bold")
    return cue("Dites", body.append(f" ({fact.price})" if fact.price else "").append(". Faites relire."), look)


def address_said(address: str, look: Look, heading: RichText = BLANK) -> ConsoleRenderable:
    """Return an address in words, behind its name."""
    from ecps_cli import phone

    return cue("Dites", heading + Text(phone.spoken_address(address), "bold"), look)


def spelled(text: str, look: Look) -> Group:
    """Return a text letter by letter, a line a word."""
    from ecps_cli import phone

    return Group(whole(text, "bold"), BLANK, *(cue(line.cue, Text(line.text), look) for line in phone.spelled(text)))


def _call_opening(guide: Guide) -> list[ConsoleRenderable]:
    """Return what the doctor must have before him, and how one speaks through a guide."""
    from ecps_cli import phone

    devices = f" ({phone.devices(guide)})" if phone.devices(guide) else ""
    loudspeaker = [phone.LOUDSPEAKER] if any(step.device == "phone" for step in guide.steps) else []
    return [
        *_bullets(f"Le médecin doit avoir devant lui{devices} :", guide.needs),
        *_bullets("Au téléphone :", [*phone.HOW, *loudspeaker]),
    ]


# ---------------------------------------------------------------------------------------------------------- the end


def ending(session: Session, end: End, facts: Facts, look: Look, ticket: str) -> Group:
    """Return the last screen: each step with its duration, the text for the ticket, the outcome and what comes next."""
    return Group(
        _summary(session, look),
        BLANK,
        Text("Pour le ticket :", style="bold"),
        *(whole(line) for line in ticket.splitlines()),
        BLANK,
        outcome_screen(end.outcome, facts, look),
    )


def outcome_screen(outcome: Outcome, facts: Facts, look: Look) -> Group:
    """Return how a walk ends, and what comes next."""
    word, style = ("RÉUSSI", "bold green") if outcome.success else ("PAS ABOUTI", "bold yellow")
    return Group(
        Text(f"{word} — ", style=style).append_text(rich_text(outcome.text)),
        *_bullets("Ensuite :", outcome.next),
        *references(facts, outcome.links, outcome.contacts, look),
    )


def _summary(session: Session, look: Look) -> Group:
    spent = durations(session)
    return Group(
        *(
            Timed(
                duration(spent.get(step.id, timedelta())),
                _check_line(session, step, look, number),
            )
            for number, step in enumerate(plan(session), 1)
        )
    )


class Timed(NamedTuple):
    """A line of a checklist with its duration: in a column before it, or behind it where there is no room for one."""

    duration: str
    line: Hanging

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the line."""
        if options.max_width >= 60:
            yield Hanging(Text(f"{self.duration:>12}  "), self.line)
        else:
            yield self.line._replace(body=Group(self.line.body, Text(f"({self.duration})")))


def deviating(step: Step) -> Group:
    """Return what was asked for and what was to be seen, before asking what is seen instead."""
    expected = f"À voir : {step.expect}" if step.expect else ""
    return Group(rich_text(step.text), *([rich_text(expected)] if expected else []), BLANK)


# --------------------------------------------------------------------------------------------------- for who writes one


class AuthorScreen(NamedTuple):
    """What the author of a guide sees: a line that says where, what the person sees, and the keys at its foot."""

    where: str
    body: ConsoleRenderable
    below: ConsoleRenderable
    """What the person is asked, or sees after a key only."""
    keys: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield it all; the checklist of a step gives way to what stands under it."""
        head = Text(self.where, style="reverse")
        foot = Group(self.below, Text(self.keys, style="italic"))
        body = self.body
        if isinstance(body, StepScreen):
            around = _height(console.render(Group(head, foot), options), options.max_width)
            body = body._replace(above=around - 1)
        yield from (head, body, foot)


def after_a_key(guide: Guide, step: Step, facts: Facts) -> Group:
    """Return what the prompter adds to a step: its options; all that may be seen instead, with its remedy."""
    lines: list[ConsoleRenderable] = [
        Text(f"  {number}. ").append_text(rich_text(text)) for number, text in enumerate(step.options.values(), 1)
    ]
    lines += [BLANK, Text("Touche p :", style="bold")] if step.deviations else []
    for deviation in step.deviations:
        said = rich_text(deviation.if_, "italic").append(" ").append_text(rich_text(deviation.do, "bold not italic"))
        said.append(f" {leads_to(guide, deviation)}", "not italic")
        lines += [Hanging(Text("  • "), said), *references(facts, deviation.links, deviation.contacts)]
    return Group(*lines)


def other_cases(guide: Guide) -> Group:
    """Return the ways out of a guide for somebody who opened the wrong one."""
    return Group(*_bullets("Touche p :", map(way_out, guide.otherwise)))


def problem_list(name: str, problems: Sequence[str]) -> Group:
    """Return what is wrong with a file: each fault with its place, as an author mends them."""
    count = f"{len(problems)} problème{'s' if len(problems) > 1 else ''}"
    return Group(Text(f"{name} : {count}", style="bold red"), BLANK, *(Text(each) for each in problems), BLANK)


# ------------------------------------------------------------------------------------------- the help of a command

Definition = tuple[str, str]
"""What is defined, and what it means."""


def command_help(usage: str, paragraphs: Iterable[str], sections: Mapping[str, Sequence[Definition]]) -> Group:
    """Return the help of a command: how it is written, what it does, what it takes.

    A line of a paragraph with several spaces in a row is an example and what it does.
    """
    parts: list[ConsoleRenderable] = [Hanging(Text("Usage : ", style="bold"), Text(usage)), BLANK]
    for paragraph in paragraphs:
        lines = [re.split(" {2,}", line, maxsplit=1) for line in paragraph.splitlines()]
        examples = [(line[0], line[1]) for line in lines if len(line) > 1]
        text = " ".join(line[0] for line in lines if len(line) == 1)
        parts += [Text(text, style="bold" if examples else ""), *_definitions(examples), BLANK]
    for heading, rows in sections.items():
        parts += [Text(heading, style="bold"), *_definitions(rows), BLANK] if rows else []
    return Group(*parts[:-1])


def _definitions(rows: Sequence[Definition]) -> Iterator[ConsoleRenderable]:
    column = max((len(term) for term, _ in rows if len(term) <= LONGEST_TERM), default=0)
    for term, meaning in rows:
        yield Defined(term, meaning, column)


LONGEST_TERM = 32
"""The widest column of terms; what is longer stands above its meaning."""


class Defined(NamedTuple):
    """A term and its meaning: side by side, or one above the other where there is no room."""

    term: str
    meaning: str
    column: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines."""
        if len(self.term) <= self.column <= options.max_width // 2 - 4:
            yield Hanging(Text(f"  {self.term:<{self.column}}  ", style="cyan"), Text(self.meaning))
        else:
            yield indented(Text(self.term, style="cyan"), 2)
            yield indented(Text(self.meaning), 6)


# ------------------------------------------------------------------------------------------- guides and facts to read


def guide_list(guides: Iterable[Guide]) -> Group:
    """Return the guides: id, title, version, the day until which each was verified to hold."""
    return Group(
        *(
            Hanging(
                Text(f"{guide.id:<19} ", style="bold cyan"),
                Group(
                    Text(guide.title),
                    Text(f"version {guide.version}, à relire avant le {guide.review_by:%d/%m/%Y}", style="italic"),
                ),
            )
            for guide in guides
        )
    )


def sheet(guide: Guide, facts: Facts) -> Group:
    """Return a whole guide, to read from top to bottom."""
    parts: list[ConsoleRenderable] = [
        opening(guide, facts),
        *_bullets("Dans un autre cas :", map(way_out, guide.otherwise)),
    ]
    section = ""
    for number, step in enumerate(guide.steps, 1):
        if step.section and step.section != section:
            section = step.section
            parts += [Text(section.upper(), style="bold cyan"), BLANK]
        parts += [*_sheet_step(guide, step, number, facts), BLANK]
    parts += [Text("COMMENT CELA FINIT", style="bold cyan"), BLANK]
    for outcome in guide.outcomes.values():
        parts += [rich_text(f"**{'Réussi' if outcome.success else 'Pas abouti'}** — {outcome.text}")]
        parts += [*_bullets("", outcome.next)]
        parts += [*references(facts, outcome.links, outcome.contacts), BLANK]
    if guide.contacts:
        parts += [Text("AIDE", style="bold cyan"), BLANK, *references(facts, (), guide.contacts), BLANK]
    parts += [Text("SOURCES", style="bold cyan"), BLANK]
    parts += [rich_text(f"- {facts[source].name} : {facts[source].value}") for source in guide.sources]
    dates = f"vérifiée le {guide.verified_on:%d/%m/%Y}, à relire avant le {guide.review_by:%d/%m/%Y}"
    return Group(*parts, BLANK, Text(f"Version {guide.version}, {dates}."))


def _sheet_step(guide: Guide, step: Step, number: int, facts: Facts) -> Iterator[ConsoleRenderable]:
    """Yield one step of the sheet: its number, its condition, its action, and below them all that belongs to it."""
    condition = condition_of(guide, step)
    head = Text(f"{who_and_where(step)} : ", "italic").append(f"({condition}) " if condition else "", "not italic")
    yield Hanging(Text(f"{number:>2}. ", style="bold"), head.append_text(rich_text(step.text, "not italic")))
    for line in _sheet_details(guide, step, facts):
        yield indented(line, 4)


def _sheet_details(guide: Guide, step: Step, facts: Facts) -> Iterator[ConsoleRenderable]:
    if step.why:
        yield rich_text(step.why)
    if step.secret:
        yield Text(DOCTOR_ALONE, style="bold")
    if step.deadline:
        yield Text(f"Délai : {step.deadline} secondes.")
    if step.expect:
        yield rich_text(f"À voir ensuite : {step.expect}")
    if step.help:
        yield rich_text(f"À savoir : {step.help}")
    for text in step.options.values():
        yield rich_text(f"- {text}")
    for item in step.items:
        yield Text("☐ ").append_text(rich_text(item.text))
        yield from references(facts, [item.link] if item.link else [], [item.contact] if item.contact else [])
    yield from references(facts, step.links, step.contacts)
    for deviation in step.deviations:
        yield rich_text(f"Si : {deviation.if_} → {deviation.do} {leads_to(guide, deviation)}")
        yield from references(facts, deviation.links, deviation.contacts)


FACT_KINDS = {"phone": "NUMÉROS", "url": "ADRESSES", "label": "LIBELLÉS", "source": "SOURCES"}


def fact_list(facts: Facts, only: Container[str] | None = None) -> Group:
    """Return every fact but the definitions, or only those of these ids: value, source, date, what replaced it."""
    parts: list[ConsoleRenderable] = []
    for kind, heading in FACT_KINDS.items():
        chosen = [fact for fact_id, fact in facts.items() if fact.kind == kind and (only is None or fact_id in only)]
        parts += [Text(heading, style="bold cyan"), BLANK] if chosen or only is None else []
        for fact in chosen:
            parts += [*_fact(fact, facts), BLANK]
    return Group(*parts)


def _fact(fact: Fact, facts: Facts) -> Iterator[ConsoleRenderable]:
    former = fact.status == "former"
    yield Text(fact.name, style="bold").append(" (ancien)" if former else "", "yellow not bold")
    yield indented(Text(f"{fact.value}{f' ({fact.price})' if fact.price else ''}"))
    if fact.replaced_by:
        yield indented(Text(f"remplacé par : {facts[fact.replaced_by].value}"))
    if fact.note:
        yield indented(rich_text(fact.note))
    seen = f"vu le {fact.verified_on:%d/%m/%Y}" if fact.verified_on else ""
    source = facts[fact.source].name if fact.source else ""
    if seen or source:
        yield indented(Text(", ".join(filter(None, [source, seen])), style="italic"))


def glossary(facts: Facts) -> Group:
    """Return the definitions, with their sources."""
    parts: list[ConsoleRenderable] = []
    for fact in facts.values():
        if fact.kind == "term":
            source = f" ({facts[fact.source].name})" if fact.source else ""
            parts += [Text(fact.name, style="bold"), rich_text(fact.value).append(source, "italic")]
            parts += [*([rich_text(fact.note)] if fact.note else []), BLANK]
    return Group(*parts)


# ------------------------------------------------------------------------------------------------- faults of a guide


class Fault(NamedTuple):
    """One fault of a file: its place and rule, what is wrong, the line with a caret under the column."""

    problem: Problem
    source: str
    """The line that it is about."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the sentence, then the line; off a terminal, where a program may read it, no sentence is broken."""
        said = self.problem
        head = Text(f"{said.file}:{said.line}:{said.column}: ", no_wrap=not options.is_terminal, overflow="ignore")
        head.append(said.code, "bold red" if is_error(said.code) else "bold yellow")
        yield head.append(f" {said.message}")
        if self.source:
            yield Excerpt(said.line, said.column, self.source)


class Excerpt(NamedTuple):
    """A line of a file with a caret under a column; of a long line, the part around it."""

    line: int
    column: int
    """From 1."""
    source: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the line behind its number, then the caret."""
        gutter = f"{self.line:>5} | "
        room = max(options.max_width - len(gutter), 20)
        at, before = self.column - 1, ""
        part = self.source[: room + 1]
        if len(part) > room or cell_len(part) > room:
            start = max(0, at - room // 3)  # a character may take two cells
            before, part, at = "…" if start else "", self.source[start : start + room], at - start
        shown = whole(before + _drawn(part))
        caret = cell_len(before + _drawn(part[:at]))
        shown.truncate(room, overflow="ellipsis")
        yield whole(gutter, "dim").append_text(shown)
        yield whole(f"{'':>5} | ", "dim").append(" " * caret).append("^", "bold")


def _drawn(source: str) -> str:
    """Return what can be shown of a line: characters without a shape, and tabs, as points."""
    return "".join(character if character.isprintable() else "·" for character in source)


def rule_page(code: str, title: str, blocks: Iterable[tuple[str, str]]) -> Group:
    """Return the explanation of a rule: paragraphs, and examples (those blocks that have a language)."""
    parts: list[ConsoleRenderable] = [Text(f"{code} — {title}", style="bold"), BLANK]
    for text, language in blocks:
        lines = [whole(f"    {line}") for line in text.splitlines()]
        parts += [*(lines if language else [rich_text(text)]), BLANK]
    return Group(*parts[:-1])
