"""What a person sees on a walk: a session as Rich renderables. Prints nothing, asks nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult
from rich.panel import Panel
from rich.segment import Segment
from rich.text import Text as RichText

from ecps_cli.core.guide import Deviation, Facts, Guide, Outcome, Step
from ecps_cli.core.session import End, Session, current, durations, passed_over, plan, reached_at
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.french.typography import option_lines, question_lines, unbroken
from ecps_cli.french.words import (
    CURRENT,
    DOCTOR_ALONE,
    DONE,
    PASSED,
    PRACTICE,
    TO_DO,
    addresses,
    at_most,
    duration,
    leads_to,
    plural,
    result_of,
    result_text,
    section_of,
    shown,
    state_of,
    strip_markup,
    tally,
    who_and_where,
)
from ecps_cli.screen.painting import (
    ADDRESS,
    BLANK,
    Bar,
    Hanging,
    Look,
    Text,
    address_said,
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
        lines = list(Segment.split_lines(console.render(self.whole, options)))[self.start :]
        asked = len(question_lines(self.question, options.max_width))
        room = max(console.size.height - 1 - asked - self.above, 1)
        rows, self.shown = 0, 0
        for line in lines:
            rows += rows_of(line, options.max_width)
            if self.shown and rows > room:
                break
            self.shown += 1
        self.left = len(lines) - self.shown
        for line in lines[: self.shown]:
            yield from line
            yield Segment.line()
        yield Text(f"… {plural(self.left, 'ligne')} de plus" if self.left else "", style="italic")

    def next(self) -> Page:
        """Return the page that follows."""
        return Page(self.whole, self.question, self.above, self.start + self.shown)


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
            room = height - rows_of(body, options.max_width)
            if room >= 0:
                break
        yield from body
        yield from _checklist_around(self.session, self.look, console, options, room)
        yield BLANK

    def _deadline(self, span: timedelta) -> Text:
        end = reached_at(self.session) + span
        if self.now > end:
            return Text(f"Délai dépassé depuis {end:%H:%M:%S} ({span.seconds} secondes).", style="bold red")
        return Text(f"Délai : {span.seconds} secondes, jusqu’à {end:%H:%M:%S} au plus tard.", style="bold yellow")

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
            yield self._deadline(timedelta(seconds=self.step.deadline))
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
        from ecps_cli.french import telephone

        return Group(
            *(cue(line.cue, rich_text(line.text), self.look) for line in telephone.said(self.session, self.step))
        )

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
        from ecps_cli.french import telephone

        return telephone.who(self.step)

    def _values(self) -> Iterator[RichText]:
        """Yield the answers to type or compare here, in the form to read aloud."""
        for ask_id in self.step.show:
            value, ask = self.session.value(ask_id), self.session.guide.step(ask_id)
            if value is None or ask is None:
                yield Text("Valeur non saisie : à lire sur la carte ou à demander au médecin.", style="yellow")
                continue
            if self.look.phone:  # it is said, in groups
                continue
            line = Text("À taper :  ").append(unbroken(shown(ask, value)), style="bold reverse")
            event = self.session.resolved[ask_id]
            yield line.append("" if getattr(event, "verified", True) else "  non vérifié", style="bold yellow")

    def _items(self) -> Iterator[ConsoleRenderable]:
        for number, item in enumerate(self.step.items, 1):
            tick = self.session.ticks.get((self.step.id, item.id))
            state = DONE if tick else TO_DO
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
    where = f"Étape {number} sur {len(steps)}{at_most(session)}"
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
    style = {DONE: "green", PASSED: "yellow", CURRENT: "bold"}.get(state, "")
    label = Text(f"{look.mark(state)}{state:<8} {number:>2}. ", style=style)
    return Hanging(label, Text(strip_markup(step.text), style=style))


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
        room -= rows_of(console.render(line, options), options.max_width)
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
    return Group(Text(PRACTICE, style="bold reverse"), screen)


def opening(guide: Guide, facts: Facts, look: Look | None = None) -> Group:
    """Return the first screen of a guide: whom it is for and what to have at hand."""
    return Group(
        Text(guide.title, style="bold"),
        BLANK,
        *bullets("Ce guide convient si :", guide.fits),
        *(_call_opening(guide) if look and look.phone else _to_prepare(guide, facts)),
    )


def _to_prepare(guide: Guide, facts: Facts) -> list[ConsoleRenderable]:
    """Return what to have at hand, and what helps beside the guide."""
    links = [*references(facts, guide.links, ()), BLANK] if guide.links else []
    return [*bullets("À préparer :", guide.needs), *links]


def guides_and_needs(guides: Iterable[Guide]) -> Group:
    """Return what each guide is for and what it needs, to choose between them."""
    parts: list[ConsoleRenderable] = []
    for guide in guides:
        parts += [Text(guide.title, style="bold"), *bullets("", guide.needs)]
    return Group(*parts)


def remedy(guide: Guide, deviation: Deviation, facts: Facts, look: Look | None = None) -> Group:
    """Return the remedy of a deviation, with its numbers and addresses, and where it leads."""
    seen: list[ConsoleRenderable] = [
        rich_text(deviation.if_, "italic"),
        BLANK,
        indented(rich_text(deviation.do, "bold")),
    ]
    if look and look.phone:
        from ecps_cli.french import telephone

        seen = [cue(line.cue, rich_text(line.text), look) for line in telephone.remedy(deviation)]
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


def ending(session: Session, end: End, facts: Facts, look: Look, ticket: str) -> Group:
    """Return the last screen: each step with its duration, the text for the ticket, the outcome and what comes next."""
    return Group(
        _summary(session, look),
        BLANK,
        Text("Pour le ticket :", style="bold"),
        *(whole(line) for line in ticket.splitlines()),
        BLANK,
        outcome_screen(end.outcome, facts, look, passed_over(session)),
    )


def outcome_screen(outcome: Outcome, facts: Facts, look: Look, passed: int = 0) -> Group:
    """Return how a walk ends, with which steps passed over, and what comes next."""
    style = "bold green" if outcome.success else "bold yellow"
    result = result_text(result_of(outcome), passed).upper()
    return Group(
        Text(f"{result} — ", style=style).append_text(rich_text(outcome.text)),
        *bullets("Ensuite :", outcome.next),
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
