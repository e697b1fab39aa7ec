"""The checklist of a walk: folded by section beside a step, whole on a screen of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult
from rich.segment import Segment

from ecps_cli.core.guide import Step
from ecps_cli.core.session import Session, current, known, on_the_way
from ecps_cli.french.words import CURRENT, DEVIATED, DONE, PARTLY, PASSED, TO_DO, State, named_in_list, state_of
from ecps_cli.screen.painting import BLANK, Hanging, Look, Text

STYLES: dict[State, str] = {DONE: "green", PASSED: "yellow", DEVIATED: "yellow", PARTLY: "yellow", CURRENT: ""}
QUIET = "dim"
GAP = 3
"""Columns between a screen and the checklist beside it."""


class Row(NamedTuple):
    """One row of the folded checklist: a section, or a step of the section that is opened; never more than one line."""

    state: State
    label: str
    look: Look
    indent: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the row, cut to the width."""
        style = STYLES.get(self.state, QUIET)
        text = Text(" " * self.indent + self.look.mark(self.state), style=style, no_wrap=True)
        text.append(self.label, "" if self.state == CURRENT else QUIET)
        text.truncate(options.max_width, overflow="ellipsis" if self.look.glyphs else "crop")
        yield text


def folded(session: Session, look: Look) -> tuple[list[ConsoleRenderable], int]:
    """The rows of the checklist, and which of them is the current step: sections done or to come in one row each.

    Steps about which an open question decides are left out.
    """
    steps = known(session)
    here = current(session)
    rows: list[ConsoleRenderable] = []
    position = 0
    numbered = list(enumerate(steps, 1))
    for heading, part in groupby(numbered, key=lambda each: session.guide.sections[each[1].id]):
        inside = list(part)
        if not heading or any(step is here for _, step in inside):
            if heading:
                rows.append(Text(heading, style=QUIET))
            for number, step in inside:
                position = len(rows) if step is here else position
                rows.append(Row(state_of(session, step), f"{number}. {named_in_list(step)}", look, 2 * bool(heading)))
        else:
            rows.append(Row(_together([state_of(session, step) for _, step in inside]), heading, look))
    return rows, position


def _together(states: Sequence[State]) -> State:
    """The state of a section, from those of its steps: what was not simply done shows."""
    return next((state for state in (TO_DO, DEVIATED, PASSED, PARTLY) if state in states), DONE)


def nearest(rows: Sequence[ConsoleRenderable], position: int, room: int) -> Sequence[ConsoleRenderable]:
    """As many rows around a position as there is room for."""
    if room <= 0:
        return ()
    start = max(0, min(position - room // 2, len(rows) - room))
    return rows[start : start + room]


def whole(session: Session, look: Look) -> Group:
    """Every step of the guide that may still belong to the walk, with its state, under its section."""
    lines: list[ConsoleRenderable] = []
    numbers = {step.id: number for number, step in enumerate(known(session), 1)}
    heading, open_yet = "", False
    for step, applies in on_the_way(session):
        if applies is False:
            continue
        section = session.guide.sections[step.id]
        if section != heading:
            lines += [*([BLANK] if lines else []), Text(section, style="bold")]
            heading = section
        lines.append(check_line(session, step, look, numbers.get(step.id)))
        open_yet = open_yet or step.id not in numbers
    meanings = [*_meanings(session, look), *(["? : selon une réponse"] if open_yet else [])]
    return Group(*lines, *([BLANK, Text(" · ".join(meanings), style="dim")] if meanings else ()))


def _meanings(session: Session, look: Look) -> Iterator[str]:
    """Yield the words for the marks of the list that do not explain themselves; in the plain look, there are none."""
    states = {state_of(session, step) for step, applies in on_the_way(session) if applies is not False}
    for state in (DEVIATED, PASSED, PARTLY):
        if state in states and not look.plain:
            yield f"{look.mark(state).strip()} : {state}"


def check_line(session: Session, step: Step, look: Look, number: int | None) -> Hanging:
    """One line of the whole list: its state, its number, its action going on under itself.

    A step about which an open question decides has no number yet, but a question mark.
    """
    state = state_of(session, step)
    style = STYLES.get(state, "")
    said = f"{look.mark(state)}" if not look.plain else f"{state:<8} "
    label = Text(f"{said}{f'{number:>2}.' if number else ' ? '} ", style=style)
    return Hanging(label, Text(named_in_list(step), style=style))


class Beside(NamedTuple):
    """A quieter column at the right of a screen."""

    left: ConsoleRenderable
    right: Sequence[ConsoleRenderable]
    width: int
    """Columns of the right one."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines of both, side by side; beside a line that is too long for its column, none."""
        gap = GAP if self.width else 0
        room = options.max_width - self.width - gap
        left = deque(Segment.split_lines(console.render(self.left, options.update(width=room))))
        right = deque(Segment.split_lines(console.render(Group(*self.right), options.update(width=self.width))))
        while left or right:
            line = left.popleft() if left else []
            yield from line
            free = room + gap - Segment.get_line_length(line)
            if right and free > 0:
                yield Segment(" " * free)
                yield from right.popleft()
            yield Segment.line()
