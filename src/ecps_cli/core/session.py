"""The session: a guide, what happened while it was walked, and what is derived from both. Pure values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile
from typing import Literal, NamedTuple

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    CameBack,
    Deviated,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Resumed,
    Sensed,
    Skipped,
    Ticked,
    Unticked,
    WentOver,
)
from ecps_cli.core.guide import Deviation, Facts, Guide, Outcome, Step
from ecps_cli.core.text import text_digest


class IllegalEvent(ValueError):
    """An event that cannot have happened in this session; the session is unchanged."""


class Destination(NamedTuple):
    """A guide that may be gone over to, with the facts that it names and the verbatim texts of both."""

    guide: Guide
    facts: Facts
    texts: tuple[str, str]

    @property
    def hashes(self) -> tuple[str, str]:
        """The hashes by which an event names it."""
        guide, facts = map(text_digest, self.texts)
        return guide, facts


@dataclass(frozen=True)
class Session:
    """A guide and what happened while it was walked; everything but those is derived by `apply`.

    Where a remedy went over to another guide, that part of the walk is a session of its own, in `parts`: each question
    about where one stands is asked of one guide (`here` is the one that is walked now).
    """

    guide: Guide
    started: datetime
    events: tuple[Event, ...] = ()
    resolved: Mapping[str, Event] = field(default_factory=dict)
    """Step id → the event that settled it: `Confirmed`, `Answered`, `Deviated` or `Skipped`."""
    withdrawn: Mapping[str, Event] = field(default_factory=dict)
    """Step id → what settled it before the person went back: offered again as the default."""
    ticks: Mapping[tuple[str, str], Ticked] = field(default_factory=dict)
    """(step id, item id) → its tick."""
    tries: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(step id, deviation id) → how often it was taken."""
    lost: frozenset[str] = frozenset()
    """The questions whose answers a resume found not to be kept: asked again where they are needed."""
    closed: bool = False
    """Whether it has ended, or was abandoned."""
    label: str = ""
    """By which the case is told apart."""
    practice: bool = False
    """An exercise: the same walk, kept apart and marked on every screen and record."""
    parts: tuple[Session, ...] = ()
    """The guides that were gone over to, one for each `WentOver`, in order."""
    away: bool = False
    """Whether the last of these is walked now."""
    facts: Facts = field(default_factory=dict)
    """The facts that a part names; those of the first guide are with whoever holds the session."""
    prefix: str = ""
    """Of a part: what tells its steps from those of the others, as in `card-blocked/letter`."""

    def value(self, step_id: str) -> str | None:
        """Return the answer given at a step, or None when there is none now, or none that was kept."""
        event = self.resolved.get(step_id)
        return event.value or None if isinstance(event, Answered) else None

    def default(self, step_id: str) -> str | None:
        """Return the answer that was given at a step before going back, or None."""
        event = self.withdrawn.get(step_id)
        return event.value if isinstance(event, Answered) else None

    def mask(self, step_id: str) -> str:
        """Return the mask that a resume has left of an answer; an empty text of one that is whole, or was not kept."""
        event = self.resolved.get(step_id) or self.withdrawn.get(step_id)
        return event.masked if isinstance(event, Answered) and not event.value else ""

    @cached_property
    def position(self) -> Step | End:
        """Where one is: see `current`."""
        return _position(self)

    @cached_property
    def planned(self) -> tuple[Step, ...]:
        """The steps of this walk: see `plan`."""
        return tuple(_planned(self))

    def exhausted(self, step_id: str, deviation: Deviation) -> bool:
        """Return whether a deviation was taken as often as its guide allows."""
        return deviation.max is not None and self.tries.get((step_id, deviation.id), 0) >= deviation.max


def stack(session: Session) -> tuple[Session, ...]:
    """The guides under way, from the first one to the one that is walked now."""
    return (session, *(stack(session.parts[-1]) if session.away else ()))


def here(session: Session) -> Session:
    """The part that is walked now: the session itself, where no other guide was gone over to."""
    return stack(session)[-1]


def crossing(session: Session) -> WentOver:
    """How the guide that is walked now, or was last, was gone over to from this one."""
    return next(event for event in reversed(session.events) if isinstance(event, WentOver))


def returns_to(session: Session) -> str:
    """Step at which this guide goes on after the one that is its remedy: where it was left, or further back."""
    left = crossing(session)
    step = session.guide.step(left.step)
    deviation = step.deviation(left.deviation) if step else None
    return (deviation.then.back if deviation else None) or left.step


class Happened(NamedTuple):
    """An event, and the part of the walk in which it happened."""

    part: Session
    event: Event
    other: Session | None = None
    """The part that it went over to, or came back from."""


def history(session: Session) -> Iterator[Happened]:
    """Yield all that happened, in the order in which it was written."""
    parts = iter(session.parts)
    other = None
    for event in session.events:
        if isinstance(event, WentOver):
            other = next(parts)
            yield Happened(session, event, other)
            yield from history(other)
        else:
            yield Happened(session, event, other if isinstance(event, CameBack) else None)


class End(NamedTuple):
    """The end that a walk has reached."""

    id: str
    outcome: Outcome


def current(session: Session) -> Step | End:
    """Return the step to do now, or the end that was reached.

    Raises:
        IllegalEvent: the guide has no end on this path; the loader refuses such a guide.

    """
    return session.position


def _position(session: Session) -> Step | End:
    for step, applies in on_the_way(session):
        if not applies:
            continue
        event = session.resolved.get(step.id)
        if event is None:
            return _asked_again(session, step) or step
        outcome = _outcome_of(session, step, event)
        if outcome:
            return End(outcome, session.guide.outcomes[outcome])
    raise IllegalEvent("this path of the guide has no end")


Result = Literal["success", "no success", "abandoned", "unfinished"]


def result(session: Session) -> Result:
    """How far a walk has come: to an end with or without success, abandoned, or not to its end yet."""
    position = current(session)
    if isinstance(position, End):
        return "success" if position.outcome.success else "no success"
    return "abandoned" if session.closed else "unfinished"


def _asked_again(session: Session, step: Step) -> Step | None:
    """Return the first question whose answer this step needs and the record did not keep, or None."""
    return next((session.guide.step(ask) for ask in step.show if ask in session.lost), None)


def on_the_way(session: Session) -> Iterator[tuple[Step, bool | None]]:
    """Yield each step with whether it applies: True, False, or None while a question it depends on is open.

    A question without an answer (not on the way, or left by a deviation) satisfies no `when`, which only looks back.
    """
    verdicts: dict[str, bool | None] = {}
    for step in session.guide.steps:
        verdicts[step.id] = _verdict(session, step, verdicts)
        yield step, verdicts[step.id]


def _verdict(session: Session, step: Step, verdicts: Mapping[str, bool | None]) -> bool | None:
    """Return whether a step applies, given that of those before it."""
    verdict: bool | None = True
    for question_id, options in step.when.items():
        event = session.resolved.get(question_id)
        if isinstance(event, Answered):
            if event.value not in options:
                return False
        elif event or verdicts.get(question_id, False) is False:
            return False
        else:
            verdict = None
    return verdict


def plan(session: Session) -> tuple[Step, ...]:
    """Return the steps of this walk as far as they are known: those done, the current one, those that may come."""
    return session.planned


def _planned(session: Session) -> Iterator[Step]:
    for step, applies in on_the_way(session):
        if applies is False:
            continue
        yield step
        event = session.resolved.get(step.id)
        if applies and (step.end or (event and _outcome_of(session, step, event))):
            return


def walked(session: Session) -> Iterator[tuple[Session, Step]]:
    """Yield the steps of the plan with their guide, each followed by those of the guides gone over to from it."""
    left = [event.step for event in session.events if isinstance(event, WentOver)]
    for step in plan(session):
        yield session, step
        for part, step_id in zip(session.parts, left, strict=True):
            if step_id == step.id:
                yield from walked(part)


def known(session: Session) -> tuple[Step, ...]:
    """Steps of this walk that are known to belong to it: those of the plan that no open question decides about."""
    open_ones = {step.id for step, applies in on_the_way(session) if applies is None}
    return tuple(step for step in plan(session) if step.id not in open_ones)


def was_reached(session: Session, step: Step) -> bool:
    """Return whether a walk came to a step of its plan: of those yet to come, some may exclude each other."""
    position = current(session)
    if isinstance(position, End) or step is position or step.id in session.resolved:
        return True
    return any(at == step.id for at, _ in session.ticks)


def passed_over(session: Session) -> int:
    """Return how many steps of the walk were passed over: what it ends in does not rest on them."""
    return sum(isinstance(part.resolved.get(step.id), Skipped) for part, step in walked(session))


def before(session: Session) -> Step | None:
    """Return the step to which going back leads, or None at the first one."""
    done = [step for step in plan(session) if step.id in session.resolved]
    return done[-1] if done else None


def reached_at(session: Session, step_id: str = "") -> datetime:
    """Time when the current step, or one that was settled, was come to, whatever was noted meanwhile."""
    meanwhile = Noted | Ticked | Unticked | Paused | Labelled | Sensed
    settled = session.resolved.get(step_id)
    events = session.events if settled is None else session.events[: session.events.index(settled)]
    return next((event.at for event in reversed(events) if not isinstance(event, meanwhile)), session.started)


def deadline(session: Session, now: datetime) -> datetime | None:
    """Time until which the current step must be done; None when it has no deadline.

    A deadline holds for its own step, and while it runs for the steps after it under the same heading.
    """
    here = current(session)
    if isinstance(here, End):
        return None
    sections = session.guide.sections
    if here.deadline:
        return reached_at(session) + timedelta(seconds=here.deadline)
    for step in reversed([*takewhile(lambda step: step is not here, plan(session))]):
        if step.deadline and step.id in session.resolved:
            end = reached_at(session, step.id) + timedelta(seconds=step.deadline)
            return end if now <= end and sections[step.id] == sections[here.id] else None
    return None


def durations(session: Session) -> dict[str, timedelta]:
    """Return the time spent at each step, pauses left out, in the order in which the steps were first met.

    A step of a guide that was gone over to stands under its prefix.
    """
    spent: dict[str, timedelta] = {}
    for (part, event, _), since in under_way(session):
        if since is not None:
            step = part.prefix + event.step
            spent[step] = spent.get(step, timedelta()) + max(event.at - since, timedelta())
    return spent


def under_way(session: Session) -> Iterator[tuple[Happened, datetime | None]]:
    """Yield each event with the time since which the walk went on before it; None where nobody walked meanwhile.

    A label may be given at any time, also to a walk that is closed.
    """
    since: datetime | None = session.started
    for each in history(session):
        if isinstance(each.event, Labelled):
            yield each, None
            continue
        yield each, None if isinstance(each.event, Resumed) else since
        since = None if isinstance(each.event, Paused | Ended | Abandoned) else each.event.at


def _outcome_of(session: Session, step: Step, event: Event) -> str | None:
    """Return the id of the outcome to which this event at this step leads, or None."""
    if isinstance(event, Deviated):
        deviation = step.deviation(event.deviation)
        if deviation and deviation.then.end:
            return deviation.then.end
    if step.end_if_unticked and any((step.id, item.id) not in session.ticks for item in step.items):
        return step.end_if_unticked
    return step.end
