"""The screen of one step: where one is, who does what and where, what must be seen; then, quieter, the checklist."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderResult
from rich.segment import Segment
from rich.text import Text as RichText

from ecps_cli.core.events import CameBack, Deviated, Sensed
from ecps_cli.core.guide import Fact, Facts, Step
from ecps_cli.core.session import End, Session, current, deadline, known
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.french.question import Question
from ecps_cli.french.typography import line_lines, list_question, option_lines, question_lines, unbroken
from ecps_cli.french.words import DOCTOR_ALONE, addresses, duration, links_in, shown, who_and_where
from ecps_cli.screen.checklist import GAP, Beside, folded, nearest
from ecps_cli.screen.painting import (
    ADDRESS,
    BLANK,
    Bar,
    Guttered,
    Look,
    Text,
    cue,
    indented,
    is_store,
    link_said,
    number_said,
    quiet_text,
    references,
    rich_text,
    rows_of,
    whole,
)

WIDE, COLUMN = 100, 38
"""From how many columns on the checklist stands at the right, and how many it then takes."""
WRONG = 70
"""Columns for what is said under the question after a wrong key; where there are fewer, it takes two lines."""
LOW = ("title", "addresses", "reasons", "place", "expected", "who")
"""What a window too low for all of a step does without, in this order: `?` says it, and `o`, `k`, `c` the addresses."""
_LESS = [(less, hinted) for less in range(len(LOW) + 1) for hinted in (True, False)[less < 3 :]]
"""How much less is tried, one after the other: where a reason is left out, first with a hint of it."""


class ToSay(NamedTuple):
    """What a step has to be dictated over the telephone."""

    numbers: Sequence[Fact]
    links: Sequence[Fact]


class StepScreen(NamedTuple):
    """The screen of one step.

    The question under it stays on the screen, and above all the action: where the window is low, the checklist gives
    way first, then what `LOW` names.
    """

    session: Session
    step: Step
    facts: Facts
    now: datetime
    look: Look
    notice: str = ""
    """What just happened and must be read first: a refusal, a repair."""
    question: Question = Question()
    """What is asked under it, after a blank line, and between which options."""
    options: Collection[str] = ()
    above: int = 0
    """Lines above it: the banner of an exercise."""
    then: str = ""
    """Where one comes back to, in a guide that was gone over to from another."""
    prepare: Sequence[ConsoleRenderable] = ()
    """What stands in place of the checklist while nothing is done: the first part always, the others by room."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the step, and the checklist beside or under it, as far as there is room."""
        if self.look.plain:
            yield from self._body()
            return
        width = options.max_width
        height = console.size.height - self.reserve(width, console.size.height)
        wide = self._wide(options)
        beside = self._quieter(console, options.update(width=COLUMN), height - 1) if wide else ()
        for without, hinted in _LESS:
            if hinted and (self.look.phone or not (self.step.why or self._more())):
                continue  # nothing is hidden
            left = Group(*self._body(without, hinted))
            body = [*console.render(Beside(left, beside, COLUMN if beside else 0), options)]
            room = height - rows_of(body, width)
            if room >= 0:
                break
        yield from body
        alone = self.options or (beside and not self.prepare)  # a list stands alone
        under = () if alone else self._quieter(console, options, room - 1 - _spare(width), beside)
        yield from (BLANK, *under) if under else ()
        yield BLANK

    def _wide(self, options: ConsoleOptions) -> bool:
        return options.max_width >= WIDE and not self.step.items  # two lists to go through would be one too many

    def _quieter(
        self, console: Console, options: ConsoleOptions, room: int, but: Sequence[ConsoleRenderable] = ()
    ) -> Sequence[ConsoleRenderable]:
        """What stands beside or under the step, as far as there is room: what to prepare, or else the checklist."""
        if not self.prepare:
            return nearest(*folded(self.session, self.look), room)
        kept: list[ConsoleRenderable] = []
        for part in self.prepare:
            more = [BLANK, part] if kept else [part]
            painted = [*console.render(Group(*more), options)]
            rows, lines = rows_of(painted, options.max_width), sum(1 for _ in Segment.split_lines(painted))
            beside = options.max_width == COLUMN and rows > lines  # an address, which stays whole
            if part not in but and not beside and rows <= room:
                kept += more
                room -= rows
        return kept

    def holds_all(self, console: Console) -> bool:
        """Whether the window has room for all of the step, and for the first part of what to prepare."""
        options = console.options
        width = options.max_width
        height = console.size.height - self.reserve(width, console.size.height)
        first = self._replace(prepare=self.prepare[:1])
        if self._wide(options):
            body = Group(*first._body())
            rows = rows_of(console.render(body, options.update(width=width - COLUMN - GAP)), width)
            return rows <= height and bool(first._quieter(console, options.update(width=COLUMN), height - 1))
        room = height - rows_of(console.render(Group(*first._body()), options), width)
        return room >= 0 and bool(first._quieter(console, options, room - 1 - _spare(width)))

    def reserve(self, width: int, height: int) -> int:
        """Lines to leave free under it: for the question, its options, and the blank line before."""
        lines_of = line_lines if self.step.action == "ask" else question_lines
        question = list_question(self.question, self.options, width, height).whole()
        asked = sum(len(lines_of(line, width)) for line in question.split("\n"))
        return 1 + asked + sum(len(option_lines(each, width)) for each in self.options) + self.above

    # ---------------------------------------------------------------------------------------------------- the body

    def _body(self, without: int = 0, hinted: bool = False) -> Iterator[ConsoleRenderable]:
        """The step, without the first so many of what `LOW` names, and perhaps with a hint that a reason is missing."""
        left_out = LOW[:without]
        if "place" not in left_out:
            yield from _heading(self, "title" in left_out)
        yield BLANK if not self.look.plain and "title" not in left_out else Group()
        who = Text(self._who().upper(), style=self._accent()) if "who" not in left_out else Group()
        reason = "reasons" not in left_out
        said = self._script("addresses" not in left_out) if self.look.phone else self._action(reason, hinted)
        yield Guttered(Group(who, said), self.look, self._accent())
        if self.step.id in self.session.lost:
            yield Text(_asked_again(self.session.mask(self.step.id)), style="yellow")
        yield from self._values()
        if self.step.expect and not self.look.phone and "expected" not in left_out:
            yield Text("À voir ensuite : ").append_text(quiet_text(self.step.expect))
        if self.step.preflight and (card := card_seen(self.session)):
            yield Text(f"Vu de ce PC à {card.at:%H:%M} : carte {card.seen} dans le lecteur.", style="green")
        if self.step.validator and "expected" not in left_out:
            yield Text(f"Attendu : {VALIDATORS[self.step.validator].hint}")
        if (more := self._more()) and reason:
            yield quiet_text(more, "italic")
        if "addresses" not in left_out:
            yield from self._addresses()
        if self.look.plain and (clock := deadline(self.session, self.now)):
            yield Text(_clock(clock, self.now), style="bold")
        if self.notice:
            yield BLANK
            yield Text(self.notice, style="bold yellow")

    def _accent(self) -> str:
        return "red" if self.step.critical else "yellow" if self.step.secret else "cyan"

    def _addresses(self) -> Iterator[ConsoleRenderable]:
        if self.look.phone:  # they are said, in words
            yield from (whole(link.value, ADDRESS) for link in self._to_say().links if not is_store(link.value))
        else:
            yield from (whole(address, ADDRESS) for address in addresses(self.step.text))
            yield from references(self.facts, self.step.links, self.step.contacts, self.look)
        yield from self._items()

    def _more(self) -> str:
        """What else there is to know: a question wants all of it, an action has it under `?`."""
        return self.step.help or "" if self.step.action in ("ask", "choose") else ""

    def _action(self, with_reason: bool, hinted: bool) -> Group:
        """The action, the heaviest thing on the screen; why, and that a code is the doctor's alone."""
        text = rich_text(again(self.session, self.step), "bold", with_addresses=False)
        if self.step.why and with_reason:
            text.append("\n").append_text(quiet_text(self.step.why, "not bold"))
        elif hinted:  # it may be a warning
            text.append(" (suite : ?)", "not bold yellow")
        if self.step.secret:
            text.append("\n").append(self.look.mark("attention") + DOCTOR_ALONE, style="not bold yellow")
        return Group(text)

    def _script(self, with_addresses: bool) -> Group:
        """What to say and to ask, the numbers and the addresses to dictate, and then what to wait for."""
        from ecps_cli.french import telephone

        said = [cue(line.cue, rich_text(line.text), self.look) for line in telephone.said(self.session, self.step)]
        named = self._to_say() if with_addresses else ToSay([], [])
        dictated = [number_said(each, self.look) for each in named.numbers]
        dictated += [link_said(each, self.look) for each in named.links]
        at = len(said) - bool(self.step.expect)
        return Group(*said[:at], *dictated, *said[at:])

    def _to_say(self) -> ToSay:
        """The numbers and the links of the step, and of those of its lines that are not ticked."""
        left = [item for item in self.step.items if (self.step.id, item.id) not in self.session.ticks]
        contacts = [*self.step.contacts, *(item.contact for item in left if item.contact)]
        links = [*self.step.links, *(item.link for item in left if item.link)]
        in_text = links_in(self.step.text)
        return ToSay([self.facts[each] for each in contacts], [*in_text, *(self.facts[each] for each in links)])

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
        """The lines to tick where no list is painted over the screen, and the addresses that go with them."""
        for number, item in enumerate(self.step.items, 1):
            tick = self.session.ticks.get((self.step.id, item.id))
            if self.look.plain:
                line = Text(f"{number}. {'fait' if tick else 'à faire'} — ").append_text(rich_text(item.text))
                if tick:
                    line.append("".join(f" · {part}" for part in (tick.time, tick.person, tick.reference) if part))
                yield line
            if self.look.phone or (tick and not self.look.plain):  # it is dictated; or nothing is left to open
                continue
            contacts = [item.contact] if item.contact and self.look.plain else []
            links = [item.link] if item.link else []
            yield from (indented(each, 3) for each in references(self.facts, links, contacts, self.look))


def _asked_again(mask: str) -> str:
    """Why a question comes again after a resume, with what was kept of its answer where that says something of it."""
    if re.search(r"\d|@", mask):
        return f"Gardé de cette réponse : {unbroken(mask)}. {_WHY_AGAIN}"
    return f"Cette réponse n’a pas été gardée en entier. {_WHY_AGAIN}"


_WHY_AGAIN = "La suite la demande ; le parcours reprend ensuite où il en était."


def _spare(width: int) -> int:
    """Lines that what is under a step leaves free under the question, for what is said after a wrong key."""
    return 1 if width >= WRONG else 2


def card_seen(session: Session) -> Sensed | None:
    """The last look at this PC, if it saw a CPS card in a reader; None when it saw none, or was not asked."""
    looks = [event for event in session.events if isinstance(event, Sensed)]
    return looks[-1] if looks and looks[-1].seen else None


def again(session: Session, step: Step) -> str:
    """The text of a step; one that comes again after a remedy says so."""
    last = session.events[-1] if session.events else None
    tried = isinstance(last, Deviated) or (isinstance(last, CameBack) and last.outcome)
    if last and tried and last.step == step.id:
        return f"Recommencez : {step.text[0].lower()}{step.text[1:]}"
    return step.text


def countdown(session: Session, now: Callable[[], datetime]) -> Callable[[], str] | None:
    """What says each second how much time is left at the current step; None when it has no deadline."""
    end = deadline(session, now())
    return (lambda: _clock(end, now())) if end else None


def _clock(end: datetime, now: datetime) -> str:
    if now > end:
        return f"Délai dépassé depuis {end:%H:%M:%S} : p."
    return f"Il reste {duration(end - now)}, jusqu’à {end:%H:%M:%S}."


def _heading(screen: StepScreen, brief: bool) -> Iterator[ConsoleRenderable]:
    session, look, position = screen.session, screen.look, current(screen.session)
    steps = known(session)
    number = len(steps) if isinstance(position, End) else [each.id for each in steps].index(position.id) + 1
    section = session.guide.sections[screen.step.id]
    where = f"Étape {number} sur {len(steps)}{f' · {section}' if section else ''}"
    if look.plain:
        yield Text(f"{session.guide.title}\n{where}")
    elif brief:
        yield Text(where)
    else:
        case = f" · dossier {unbroken(session.label)}" if session.label else ""
        yield Text(session.guide.title + case, style="dim")
        yield Bar(where, number - 1, len(steps), look.strokes)
    if screen.then:
        yield Text(screen.then, style="dim")
    if screen.now.date() > session.guide.review_by:
        due = session.guide.review_by.strftime("%d/%m/%Y")
        yield Text(
            f"{look.mark('attention')}Guide à relire depuis le {due} : un écran peut avoir changé.", style="yellow"
        )
