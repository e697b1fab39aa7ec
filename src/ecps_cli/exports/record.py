"""The record of a session as values: facts without layout, from which every format is made.

It is a dossier when somebody was to be told (a `tick` step whose items record who, when, under which reference).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from ecps_cli.core.events import Answered, Confirmed, Deviated, Event, Noted, Skipped, Ticked
from ecps_cli.core.guide import Facts, Guide, Item, Step, Who
from ecps_cli.core.session import End, Result, Session, current, durations, plan, result, was_reached
from ecps_cli.core.text import sanitize
from ecps_cli.exports.clock import Jump, is_misdated, leaps, setbacks
from ecps_cli.french.event_text import answer, on_paper, sentence
from ecps_cli.french.words import State, state_of, strip_markup


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


def record_of(session: Session, facts: Facts) -> Record:
    """Record of a session as far as it has come."""
    guide, position = session.guide, current(session)
    outcome = position.outcome if isinstance(position, End) else None
    called = [item.contact for step in plan(session) for item in step.items if item.contact]
    return Record(
        practice=session.practice,
        label=sanitize(session.label),
        kind="dossier" if any(item.record for step in plan(session) for item in step.items) else "summary",
        state=result(session),
        text=strip_markup(position.outcome.text if isinstance(position, End) else position.text),
        outcome=position.id if isinstance(position, End) else None,
        started=session.started,
        last=session.events[-1].at if session.events else session.started,
        seconds=int(sum(durations(session).values(), timedelta()).total_seconds()),
        answers=tuple(_answers(session)),
        lines=tuple(_lines(session, facts)),
        passed=tuple(_passed(session)),
        next=tuple(on_paper(strip_markup(each)) for each in outcome.next) if outcome else (),
        events=tuple(_entries(session)),
        setbacks=tuple(setbacks(session)),
        leaps=tuple(leaps(session)),
        misdated=is_misdated(session),
        stages=tuple(_stages(session)),
        contacts=_references(facts, [*called, *guide.contacts, *(outcome.contacts if outcome else ())]),
        links=_references(facts, [*(outcome.links if outcome else ()), *guide.links]),
        sources=_references(facts, guide.sources),
        guide=Edition(guide.id, strip_markup(guide.title), guide.version, guide.verified_on),
    )


def _references(facts: Facts, ids: Iterable[str]) -> tuple[Reference, ...]:
    """Named facts, each once."""
    return tuple(
        Reference(fact.name, fact.value, fact.price or "", fact.verified_on)
        for fact in (facts[fact_id] for fact_id in dict.fromkeys(ids))
    )


def _answers(session: Session) -> Iterator[Reply]:
    for step in plan(session):
        event = session.resolved.get(step.id)
        if isinstance(event, Answered):
            routing = step.action == "choose" and not step.critical
            yield Reply(step.id, strip_markup(step.text), answer(session.guide, event), event.verified, routing)


def _lines(session: Session, facts: Facts) -> Iterator[Line]:
    for step in plan(session):
        for item in step.items if was_reached(session, step) else ():
            yield _line(step, item, session.ticks.get((step.id, item.id)), facts)


def _line(step: Step, item: Item, tick: Ticked | None, facts: Facts) -> Line:
    return Line(
        step=step.id,
        list=strip_markup(step.text),
        item=item.id,
        text=strip_markup(item.text),
        recorded=bool(item.record),
        contact=next(iter(_references(facts, [item.contact] if item.contact else [])), None),
        at=tick.at if tick else None,
        time=sanitize(tick.time) if tick else "",
        person=sanitize(tick.person) if tick else "",
        reference=sanitize(tick.reference) if tick else "",
    )


def _passed(session: Session) -> Iterator[Passed]:
    for step in plan(session):
        event = session.resolved.get(step.id)
        if isinstance(event, Skipped):
            yield Passed(step.id, strip_markup(step.text), sanitize(event.why), step.action == "ask")


def _stages(session: Session) -> Iterator[Stage]:
    spent = durations(session)
    for step in plan(session):
        seconds = int(spent.get(step.id, timedelta()).total_seconds())
        yield Stage(step.id, strip_markup(step.text), state_of(session, step), seconds)


def _entries(session: Session) -> Iterator[Entry]:
    """Events in words, in the order in which they were written."""
    standing = {_place(event) for event in (*session.resolved.values(), *session.ticks.values())}
    for event in session.events:
        is_note = isinstance(event, Noted) and not event.mismatch
        yield _entry(session.guide, event, is_note or _place(event) in standing)


def _place(event: Event) -> tuple[object, ...]:
    """What tells an event from the others, whatever was masked of it since."""
    return type(event), event.at, event.step, getattr(event, "item", "")


def _entry(guide: Guide, event: Event, stands: bool) -> Entry:
    step = guide.step(event.step)
    of_the_step = isinstance(event, Confirmed | Answered | Ticked | Deviated)
    who = (step.who or "support") if step and of_the_step else ""
    return Entry(
        at=event.at,
        kind=type(event).__name__.lower(),
        step=event.step,
        who=who,
        text=sentence(guide, event),
        stands=stands,
        act=_is_act(step, event),
    )


def _is_act(step: Step | None, event: Event) -> bool:
    if isinstance(event, Ticked):
        item = step.item(event.item) if step else None
        return bool(item and item.record)
    return isinstance(event, Confirmed) and step is not None and step.act
