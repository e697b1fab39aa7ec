"""Screens outside a walk: lists of guides and facts, the help of a command, what an author sees. Prints nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult

from ecps_cli.core.guide import Fact, Facts, Guide, Step
from ecps_cli.french.words import leads_to, plural, way_out
from ecps_cli.loading.problems import Problem, is_error
from ecps_cli.screen.painting import BLANK, Hanging, Text, bullets, indented, references, rich_text, rows_of, whole
from ecps_cli.screen.step_screen import StepScreen

# --------------------------------------------------------------------------------------------------- for who writes one


class AuthorScreen(NamedTuple):
    """Screen of the author of a guide: a line that says where, the screen of the person, and the keys at its foot."""

    where: str
    body: ConsoleRenderable
    below: ConsoleRenderable
    """The question to the person, or the answer to a key."""
    keys: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield it all; the checklist of a step gives way to what stands under it."""
        head = Text(self.where, style="reverse")
        foot = Group(self.below, Text(self.keys, style="italic"))
        body = self.body
        if isinstance(body, StepScreen):
            around = rows_of(console.render(Group(head, foot), options), options.max_width)
            body = body._replace(above=around - 1)
        yield from (head, body, foot)


def after_a_key(guide: Guide, step: Step, facts: Facts) -> Group:
    """Additions of the prompter to a step: its options; all that may be seen instead, with its remedy."""
    lines: list[ConsoleRenderable] = [
        Text(f"  {number}. ").append_text(rich_text(text)) for number, text in enumerate(step.options.values(), 1)
    ]
    lines += [BLANK, Text("Touche p :", style="bold")] if step.deviations else []
    for deviation in step.deviations:
        said = rich_text(deviation.if_, "italic").append(" ").append_text(rich_text(deviation.do, "bold not italic"))
        said.append(f" {leads_to(guide, deviation)}", "not italic")
        lines += [Hanging(Text("  • "), said), *references(facts, deviation.links, deviation.contacts)]
    return Group(*lines)


def other_cases(guide: Guide, others: Mapping[str, str]) -> Group:
    """Return the ways out of a guide for somebody who opened the wrong one; `others` says how guides are named."""
    return Group(*bullets("Touche p :", [way_out(each, others) for each in guide.otherwise]))


def problem_list(name: str, problems: Sequence[str]) -> Group:
    """Faults of a file, each with its place, as an author mends them."""
    return Group(
        Text(f"{name} : {plural(len(problems), 'problème')}", style="bold red"),
        BLANK,
        *(Text(each) for each in problems),
        BLANK,
    )


# ------------------------------------------------------------------------------------------- the help of a command

Definition = tuple[str, str]
"""A term, and its meaning."""


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
    """Return the guides: id, title, version, the day before which each is to be read again."""
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


FACT_KINDS = {"phone": "NUMÉROS", "url": "ADRESSES", "label": "LIBELLÉS", "source": "SOURCES"}


def fact_list(facts: Facts, only: Container[str] | None) -> Group:
    """Return every fact but the definitions, or only those of these ids: value, source, date, what replaced it."""
    parts: list[ConsoleRenderable] = []
    for kind, heading in FACT_KINDS.items():
        chosen = {each: fact for each, fact in facts.items() if fact.kind == kind and (only is None or each in only)}
        parts += [Text(heading, style="bold cyan"), BLANK] if chosen or only is None else []
        for fact_id, fact in chosen.items():
            parts += [*_fact(fact_id, fact, facts), BLANK]
    return Group(*parts)


def _fact(fact_id: str, fact: Fact, facts: Facts) -> Iterator[ConsoleRenderable]:
    former = fact.status == "former"
    former_said = " (ancien)" if former else ""
    yield Text(fact.name, style="bold").append(former_said, "yellow not bold").append(f"  {fact_id}", "dim not bold")
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
    """Line as it can be shown: characters without a shape, and tabs, as points."""
    return "".join(character if character.isprintable() else "·" for character in source)


def rule_page(code: str, title: str, blocks: Iterable[tuple[str, str]]) -> Group:
    """Return the explanation of a rule: paragraphs, and examples (those blocks that have a language)."""
    parts: list[ConsoleRenderable] = [Text(f"{code} — {title}", style="bold"), BLANK]
    for text, language in blocks:
        lines = [whole(f"    {line}") for line in text.splitlines()]
        parts += [*(lines if language else [rich_text(text)]), BLANK]
    return Group(*parts[:-1])
