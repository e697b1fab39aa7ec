"""The record of a session as values: facts without layout, from which every format is made.

It is a dossier when somebody was to be told (a `tick` step whose items record who, when, under which reference).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from ecps_cli.core.events import (
    Answered,
    Confirmed,
    Deviated,
    Event,
    Noted,
    Sensed,
    Skipped,
    Ticked,
    Unticked,
    WentOver,
)
from ecps_cli.core.guide import Facts, Guide, Item, Step, Who
from ecps_cli.core.session import (
    End,
    Happened,
    Result,
    Session,
    current,
    durations,
    here,
    history,
    plan,
    result,
    walked,
    was_reached,
)
from ecps_cli.core.text import sanitize
from ecps_cli.exports.clock import Jump, is_misdated, leaps, setbacks
from ecps_cli.french.event_text import answer, on_paper, sentence
from ecps_cli.french.words import State, quoted_line, state_of


class Provenance(NamedTuple):
    """The origin of a record: what vouches for it beside the session itself."""

    session_id: str
    seal: str
    """SHA-256 of the last event of the journal, which holds that of the one before: 64 hexadecimal digits."""
    tool: str
    """The tool and its version."""
    guide_sha256: str
    facts_sha256: str


@dataclass(frozen=True)
class Reference:
    """A phone number, an address or a source."""

    name: str
    value: str
    price: str = ""
    verified_on: date | None = None


@dataclass(frozen=True)
class Reply:
    """A question, and what may be kept of its answer (an empty text when nothing)."""

    step: str
    question: str
    answer: str
    verified: bool
    routing: bool
    """Whether it only chose the way: a choice at a step that is not critical."""


@dataclass(frozen=True)
class Line:
    """A line of a list, ticked or not, with what was recorded of it."""

    step: str
    list: str
    item: str
    text: str
    recorded: bool
    """Whether it is somebody to tell: its time, person and reference are asked for."""
    contact: Reference | None
    at: datetime | None
    """When it was ticked; None when it was not."""
    time: str = ""
    person: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Entry:
    """One event, in words."""

    at: datetime
    kind: str
    step: str
    item: str
    """The line of a list that was ticked, or taken back; empty for all else."""
    who: Who | Literal[""]
    """To whom the guide gives the step; nobody for what is not the work of the step."""
    text: str
    stands: bool
    """Whether it still counts: it settles its step, its tick was not taken back, or it is a note of what was seen."""
    act: bool
    """Whether it is an act that a record names: a step that the guide marks, or somebody told."""


@dataclass(frozen=True)
class Stage:
    """One step of the walk."""

    step: str
    text: str
    state: State
    seconds: int


@dataclass(frozen=True)
class Passed:
    """A step that was passed over, and why."""

    step: str
    text: str
    why: str
    question: bool
    """Whether it asks for something: without the answer, nothing of it remains to be done."""


@dataclass(frozen=True)
class Edition:
    """The guide that was walked, in the version that was walked."""

    id: str
    title: str
    version: str
    verified_on: date

    def __str__(self) -> str:
        return f"{self.title} ({self.id}, version {self.version})"


@dataclass(frozen=True)
class Other:
    """A guide that was gone over to from another, and the outcome that it came to, if any."""

    guide: Edition
    outcome: str | None
    guide_sha256: str
    facts_sha256: str


@dataclass(frozen=True)
class Record:
    """All that a record says."""

    practice: bool
    label: str
    """By which the case is told apart; an empty text without one."""
    kind: Literal["dossier", "summary"]
    state: Result
    text: str
    """The outcome; of a walk that is not finished, or was abandoned, the step where it stands."""
    outcome: str | None
    started: datetime
    last: datetime
    seconds: int
    answers: tuple[Reply, ...]
    lines: tuple[Line, ...]
    passed: tuple[Passed, ...]
    next: tuple[str, ...]
    events: tuple[Entry, ...]
    setbacks: tuple[Jump, ...]
    leaps: tuple[Jump, ...]
    misdated: bool
    """Whether something is dated before this tool existed."""
    stages: tuple[Stage, ...]
    contacts: tuple[Reference, ...]
    links: tuple[Reference, ...]
    sources: tuple[Reference, ...]
    guide: Edition
    others: tuple[Other, ...]
    """The guides that the walk went over to, in order."""


def record_of(session: Session, facts: Facts) -> Record:
    """Record of a session as far as it has come, the guides that it went over to told where it did."""
    guide, position = session.guide, current(here(session))
    outcome = position.outcome if isinstance(position, End) else None
    known = {**facts, **{fact_id: fact for part in _parts(session) for fact_id, fact in part.facts.items()}}
    steps, happened = tuple(walked(session)), tuple(history(session))
    called = [item.contact for _, step in steps for item in step.items if item.contact]
    return Record(
        practice=session.practice,
        label=sanitize(session.label),
        kind="dossier" if any(item.record for step in plan(session) for item in step.items) else "summary",
        state=result(session),
        text=quoted_line(position.outcome.text if isinstance(position, End) else position.text),
        outcome=position.id if isinstance(position, End) and not session.away else None,
        started=session.started,
        last=happened[-1].event.at if happened else session.started,
        seconds=int(sum(durations(session).values(), timedelta()).total_seconds()),
        answers=tuple(_answers(steps)),
        lines=tuple(_lines(steps, known)),
        passed=tuple(_passed(steps)),
        next=tuple(on_paper(quoted_line(each)) for each in outcome.next) if outcome else (),
        events=tuple(_entries(happened)),
        setbacks=tuple(setbacks(session)),
        leaps=tuple(leaps(session)),
        misdated=is_misdated(session),
        stages=tuple(_stages(steps, durations(session))),
        contacts=_references(known, [*called, *guide.contacts, *(outcome.contacts if outcome else ())]),
        links=_references(known, [*(outcome.links if outcome else ()), *guide.links]),
        sources=_references(known, [each for part in (session, *_parts(session)) for each in part.guide.sources]),
        guide=_edition(guide),
        others=tuple(_others(happened)),
    )


Walked = tuple[Session, Step]
"""A step, and the part of the walk to which it belongs."""


def _parts(session: Session) -> Iterator[Session]:
    """Every guide that was gone over to, those from within another too."""
    for part in session.parts:
        yield part
        yield from _parts(part)


def _edition(guide: Guide) -> Edition:
    return Edition(guide.id, quoted_line(guide.title), guide.version, guide.verified_on)


def _others(happened: Iterable[Happened]) -> Iterator[Other]:
    for _, event, other in happened:
        if isinstance(event, WentOver) and other:
            position = current(other)
            outcome = position.id if isinstance(position, End) else None
            yield Other(_edition(other.guide), outcome, event.guide, event.facts)


def _references(facts: Facts, ids: Iterable[str]) -> tuple[Reference, ...]:
    """Named facts, each once."""
    return tuple(
        Reference(fact.name, fact.value, fact.price or "", fact.verified_on)
        for fact in (facts[fact_id] for fact_id in dict.fromkeys(ids))
    )


def _answers(steps: Iterable[Walked]) -> Iterator[Reply]:
    for part, step in steps:
        event = part.resolved.get(step.id)
        if isinstance(event, Answered):
            routing = step.action == "choose" and not step.critical
            heard = answer(part.guide, event)
            yield Reply(part.prefix + step.id, quoted_line(step.text), heard, event.verified, routing)


def _lines(steps: Iterable[Walked], facts: Facts) -> Iterator[Line]:
    for part, step in steps:
        for item in step.items if was_reached(part, step) else ():
            yield _line(part, step, item, facts)


def _line(part: Session, step: Step, item: Item, facts: Facts) -> Line:
    tick = part.ticks.get((step.id, item.id))
    return Line(
        step=part.prefix + step.id,
        list=quoted_line(step.text),
        item=item.id,
        text=quoted_line(item.text),
        recorded=bool(item.record),
        contact=next(iter(_references(facts, [item.contact] if item.contact else [])), None),
        at=tick.at if tick else None,
        time=sanitize(tick.time) if tick else "",
        person=sanitize(tick.person) if tick else "",
        reference=sanitize(tick.reference) if tick else "",
    )


def _passed(steps: Iterable[Walked]) -> Iterator[Passed]:
    for part, step in steps:
        event = part.resolved.get(step.id)
        if isinstance(event, Skipped):
            yield Passed(part.prefix + step.id, quoted_line(step.text), sanitize(event.why), step.action == "ask")


def _stages(steps: Iterable[Walked], spent: Mapping[str, timedelta]) -> Iterator[Stage]:
    for part, step in steps:
        name = part.prefix + step.id
        seconds = int(spent.get(name, timedelta()).total_seconds())
        yield Stage(name, quoted_line(step.text), state_of(part, step), seconds)


def _entries(happened: Sequence[Happened]) -> Iterator[Entry]:
    """Events in words, in the order in which they were written."""
    parts = {each.part.prefix: each.part for each in happened}
    standing = {
        (prefix, *_place(event))
        for prefix, part in parts.items()
        for event in (*part.resolved.values(), *part.ticks.values())
    }
    for each in happened:
        event = each.event
        is_note = isinstance(event, Sensed) or (isinstance(event, Noted) and not event.mismatch)
        yield _entry(each, is_note or (each.part.prefix, *_place(event)) in standing)


def _place(event: Event) -> tuple[object, ...]:
    """What tells an event from the others, whatever was masked of it since."""
    return type(event), event.at, event.step, getattr(event, "item", "")


def _entry(happened: Happened, stands: bool) -> Entry:
    part, event, other = happened
    step = part.guide.step(event.step)
    of_the_step = isinstance(event, Confirmed | Answered | Ticked | Deviated)
    who = (step.who or "support") if step and of_the_step else ""
    return Entry(
        at=event.at,
        kind=type(event).__name__.lower(),
        step=part.prefix + event.step,
        item=event.item if isinstance(event, Ticked | Unticked) else "",
        who=who,
        text=sentence(part.guide, event, other.guide if other else None),
        stands=stands,
        act=_is_act(step, event),
    )


def _is_act(step: Step | None, event: Event) -> bool:
    if isinstance(event, Ticked):
        item = step.item(event.item) if step else None
        return bool(item and item.record)
    return isinstance(event, Confirmed) and step is not None and step.act
