"""The session: a guide, what happened while it was walked, and what is derived from both. Pure values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal, NamedTuple

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    Deviated,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Resumed,
    Skipped,
    Ticked,
    Unticked,
)
from ecps_cli.core.guide import Deviation, Guide, Outcome, Step

FIRST_DAY = date(2026, 11, 24)
"""The day of this tool's first version: what is dated before was dated by a wrong clock."""


class IllegalEvent(ValueError):
    """An event that cannot have happened in this session; the session is unchanged."""


@dataclass(frozen=True)
class Session:
    """A guide and what happened while it was walked; everything but those is derived by `apply`."""

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

    def value(self, step_id: str) -> str | None:
        """Return the answer given at a step, or None when there is none now, or none that was kept."""
        event = self.resolved.get(step_id)
        return event.value or None if isinstance(event, Answered) else None

    def default(self, step_id: str) -> str | None:
        """Return the answer that was given at a step before going back, or None."""
        event = self.withdrawn.get(step_id)
        return event.value if isinstance(event, Answered) else None

    @cached_property
    def position(self) -> Step | End:
        """Where one is: see `current`."""
        return _position(self)

    def exhausted(self, step_id: str, deviation: Deviation) -> bool:
        """Return whether a deviation was taken as often as its guide allows."""
        return deviation.max is not None and self.tries.get((step_id, deviation.id), 0) >= deviation.max


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
    steps = []
    for step, applies in on_the_way(session):
        if applies is False:
            continue
        steps.append(step)
        event = session.resolved.get(step.id)
        if applies and (step.end or (event and _outcome_of(session, step, event))):
            break
    return tuple(steps)


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
    return sum(isinstance(session.resolved.get(step.id), Skipped) for step in plan(session))


def before(session: Session) -> Step | None:
    """Return the step to which going back leads, or None at the first one."""
    done = [step for step in plan(session) if step.id in session.resolved]
    return done[-1] if done else None


def reached_at(session: Session, step_id: str = "") -> datetime:
    """Time when the current step, or one that was settled, was come to, whatever was noted meanwhile."""
    meanwhile = Noted | Ticked | Unticked | Paused | Labelled
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
    for step in reversed(plan(session)[: plan(session).index(here)]):
        if step.deadline and step.id in session.resolved:
            end = reached_at(session, step.id) + timedelta(seconds=step.deadline)
            return end if now <= end and sections[step.id] == sections[here.id] else None
    return None


def durations(session: Session) -> dict[str, timedelta]:
    """Return the time spent at each step, pauses left out, in the order in which the steps were first met."""
    spent: dict[str, timedelta] = {}
    for event, since in under_way(session):
        if since is not None:
            spent[event.step] = spent.get(event.step, timedelta()) + max(event.at - since, timedelta())
    return spent


def under_way(session: Session) -> Iterator[tuple[Event, datetime | None]]:
    """Yield each event with the time since which the walk went on before it; None where nobody walked meanwhile.

    A label may be given at any time, also to a walk that is closed.
    """
    since: datetime | None = session.started
    for event in session.events:
        if isinstance(event, Labelled):
            yield event, None
            continue
        yield event, None if isinstance(event, Resumed) else since
        since = None if isinstance(event, Paused | Ended | Abandoned) else event.at


def _outcome_of(session: Session, step: Step, event: Event) -> str | None:
    """Return the id of the outcome to which this event at this step leads, or None."""
    if isinstance(event, Deviated):
        deviation = step.deviation(event.deviation)
        if deviation and deviation.then.end:
            return deviation.then.end
    if step.end_if_unticked and any((step.id, item.id) not in session.ticks for item in step.items):
        return step.end_if_unticked
    return step.end
