"""What a person sees on a walk: a session as Rich renderables. Prints nothing, asks nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult
from rich.segment import Segment

from ecps_cli.core.events import Deviated
from ecps_cli.core.guide import Deviation, Facts, Guide, Outcome, Step
from ecps_cli.core.session import End, Session, passed_over
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.french.typography import question_lines
from ecps_cli.french.words import (
    DOCTOR_ALONE,
    PRACTICE,
    former_labels,
    leads_to,
    plural,
    quoted_line,
    result_text,
    step_named,
    who_and_where,
)
from ecps_cli.screen.painting import (
    BLANK,
    Hanging,
    Look,
    Text,
    bullets,
    cue,
    indented,
    references,
    rich_text,
    rows_of,
    whole,
)

# ------------------------------------------------------------------------------------------------------ the screens


@dataclass
class Page:
    """As much of something as the window holds above a question, and how many lines are left after it."""

    whole: ConsoleRenderable
    question: str
    above: int = 0
    """Lines above it: the banner of an exercise."""
    start: int = 0
    shown: int = 0
    left: int = 0
    """How many lines come after those; known once it was painted, as is `shown`."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines of this page, and how many more there are."""
        lines = list(Segment.split_lines(console.render(self.whole, options)))
        while lines and not any(segment.text.strip() for segment in lines[-1]):
            lines.pop()  # a blank line comes before the question anyway
        lines = lines[self.start :]
        asked = len(question_lines(self.question, options.max_width))
        room = max(console.size.height - 1 - asked - self.above, 1)
        ends = list(accumulate(rows_of(line, options.max_width) for line in lines))
        whole = bool(ends) and ends[-1] == room + 1  # in place of the last line, which would say that one is left
        self.shown = len(lines) if whole else max(bisect_right(ends, room), 1)
        self.left = max(len(lines) - self.shown, 0)
        for line in lines[: self.shown]:
            yield from line
            yield Segment.line()
        if not whole:
            yield Text(f"… {plural(self.left, 'ligne')} de plus" if self.left else "", style="italic")

    def next(self) -> Page:
        """Return the page that follows; after the last one, the first."""
        start = self.start + self.shown if self.left else 0
        return Page(self.whole, self.question, self.above, start)


READ_ON = "l : lire la suite"
"""The key for the next page, beside those that leave the screen; after the last page comes the first again."""


# --------------------------------------------------------------------------------- beside the steps: ways in, ways out


def practice(screen: ConsoleRenderable) -> Group:
    """Return a screen under the banner of an exercise."""
    return Group(Text(PRACTICE, style="bold reverse"), screen)


def opening(guide: Guide, facts: Facts, look: Look, warning: str = "") -> Group:
    """Return the first screen of a guide: whom it is for and what to have at hand; a warning first, if there is one."""
    lines = [
        Text(guide.title, style="bold"),
        *([Text(warning, style="yellow")] if warning else []),
        BLANK,
        *bullets(FITS, guide.fits),
        *(_call_opening(guide) if look.phone else [*bullets(NEEDS, guide.needs), *_beside(guide, facts)]),
    ]
    return Group(*lines[: -1 if look.plain else None])  # which has a blank line before every question


FITS, NEEDS = "Ce guide convient si :", "À préparer :"


def _beside(guide: Guide, facts: Facts) -> list[ConsoleRenderable]:
    """Return what helps beside the guide."""
    return [*references(facts, guide.links, ()), BLANK] if guide.links else []


def to_prepare(guide: Guide, facts: Facts, look: Look) -> list[ConsoleRenderable]:
    """Return the parts of an opening that stand with a first step: what must be there, then what may, by room."""
    parts = [bullets(NEEDS, guide.needs), bullets(FITS, guide.fits), _beside(guide, facts)]
    return [Group(*part[:-1]) for part in ([_call_opening(guide)] if look.phone else parts) if part]


def guides_and_needs(guides: Iterable[Guide]) -> Group:
    """Return what each guide is for and what it needs, to choose between them."""
    parts: list[ConsoleRenderable] = []
    for guide in guides:
        parts += [Text(guide.title, style="bold"), *bullets("", guide.needs)]
    return Group(*parts)


def remedy(guide: Guide, deviation: Deviation, facts: Facts, look: Look, then: str) -> Group:
    """Return the remedy of a deviation, with its numbers and addresses, and `then`, or where it leads."""
    seen: list[ConsoleRenderable] = [
        rich_text(deviation.if_, "italic"),
        BLANK,
        indented(rich_text(deviation.do, "bold")),
    ]
    if look.phone:
        from ecps_cli.french import telephone

        seen = [cue(line.cue, rich_text(line.text), look) for line in telephone.remedy(deviation)]
    return Group(
        *seen,
        BLANK,
        *references(facts, deviation.links, deviation.contacts, look),
        Text(then or leads_to(guide, deviation)),
        *_before_a_question(look),
    )


def sentence(text: str) -> Group:
    """Return one sentence of a guide, above a question."""
    return Group(rich_text(text), BLANK)


def _before_a_question(look: Look) -> Iterator[ConsoleRenderable]:
    """A blank line between a screen and the question under it; the plain look has one already."""
    if not look.plain:
        yield BLANK


def help_line(session: Session, step: Step, facts: Facts, look: Look) -> Group:
    """Return what to do when no deviation fits: the step's own help, whom to call, what to say there."""
    said = [cue("Dites", Text(_for_the_help_line(session, step)), Look(plain=True))] if session.guide.contacts else []
    return Group(_whom_to_call(session.guide, step, facts), *said, *_before_a_question(look))


def _whom_to_call(guide: Guide, step: Step, facts: Facts) -> Group:
    lines: list[ConsoleRenderable] = [rich_text(step.help)] if step.help else []
    if guide.contacts:
        lines += [Text("Rien ne correspond ? L’aide :", style="bold"), *references(facts, (), guide.contacts)]
    return Group(*lines)


def _for_the_help_line(session: Session, step: Step) -> str:
    """What the help line wants to know: the procedure, the step, and what was tried there."""
    tried = [each.deviation for each in session.events if isinstance(each, Deviated) and each.step == step.id]
    named = [quoted_line(each.if_).rstrip(".") for each in step.deviations if each.id in tried]
    remedies = f" Déjà essayé le remède pour : {' ; '.join(named)}." if named else ""
    return f"« {session.guide.title} », à l’étape {step_named(step)}.{remedies}"


def help_screen(keys: Sequence[tuple[str, str]], guide: Guide, step: Step, facts: Facts, look: Look) -> Group:
    """Return what `?` shows: what the step wants, whom to call, and last, beside the question, the keys."""
    former = map(Text, former_labels(step, facts))
    return Group(*former, *_wanted(step, look), _whom_to_call(guide, step, facts), KeyHelp(keys, look))


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


def labelled_lines(lines: Iterable[tuple[str, str]]) -> Group:
    """Return texts, each behind its label and going on under itself."""
    return Group(*(Hanging(Text(label), Text(text)) for text, label in lines))


# ------------------------------------------------------------------------------------------------ over the telephone


def spelled(text: str, look: Look) -> Group:
    """Return a text letter by letter, a line a word."""
    from ecps_cli.french import telephone

    return Group(
        whole(text, "bold"), BLANK, *(cue(line.cue, Text(line.text), look) for line in telephone.spelled(text))
    )


def _call_opening(guide: Guide) -> list[ConsoleRenderable]:
    """Return what the doctor must have before him, and how one speaks through a guide."""
    from ecps_cli.french import telephone

    devices = f" ({telephone.devices(guide)})" if telephone.devices(guide) else ""
    loudspeaker = [telephone.LOUDSPEAKER] if any(step.device == "phone" for step in guide.steps) else []
    return [
        *bullets(f"Le médecin doit avoir devant lui{devices} :", guide.needs),
        *bullets("Au téléphone :", [*telephone.HOW, *loudspeaker]),
    ]


# ---------------------------------------------------------------------------------------------------------- the end


def ending(session: Session, end: End, facts: Facts, look: Look, ticket: str, notice: str = "") -> Group:
    """Return the last screen: the outcome, what comes next, what was not kept, and the text for the ticket."""
    referred = end.outcome.links or end.outcome.contacts or not end.outcome.next
    return Group(
        outcome_screen(end.outcome, facts, look, passed_over(session)),
        *([Text(notice, style="bold yellow")] if notice else []),
        *([BLANK] if referred else []),
        Text("Pour le ticket :", style="bold"),
        *map(Text, ticket.splitlines()),  # broken between words here, whole where it is copied
    )


def kept_record(name: str, ticket: str) -> Group:
    """Return the record of a session that was kept, under its name."""
    return Group(Text(name, style="bold"), BLANK, *map(Text, ticket.splitlines()))


def outcome_screen(outcome: Outcome, facts: Facts, look: Look, passed: int = 0) -> Group:
    """Return how a walk ends, with how many steps were passed over, and what comes next."""
    style = "bold green" if outcome.success else "bold yellow"
    result = result_text("success" if outcome.success else "no success", passed).upper()
    return Group(
        Text(f"{result} — ", style=style).append_text(rich_text(outcome.text)),
        *bullets("Ensuite :", outcome.next),
        *references(facts, outcome.links, outcome.contacts, look),
    )


def deviating(step: Step, facts: Facts, look: Look) -> Group:
    """Return what was asked for and what was to be seen, before asking what is seen instead."""
    expected = [rich_text(f"À voir : {step.expect}")] if step.expect else []
    return Group(rich_text(step.text), *expected, *map(Text, former_labels(step, facts)), *_before_a_question(look))
