"""First change between two versions of a guide, and a session that stands at it: what an author wants to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal, NamedTuple

from ecps_cli.core.events import Answered, Confirmed, Deviated, Event, Ticked
from ecps_cli.core.guide import Guide, Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import Session, current
from ecps_cli.core.validators import VALIDATORS
from ecps_cli.core.verdicts import Accepted

MOST_TRIES = 5000
"""How many events are tried to find a way to a step."""


class Place(NamedTuple):
    """Something that has a screen: the opening, a step or an outcome."""

    kind: Literal["opening", "step", "outcome"]
    id: str = ""


def places(guide: Guide) -> tuple[Place, ...]:
    """Places of a guide, in the order in which a walk meets them."""
    steps = (Place("step", step.id) for step in guide.steps)
    outcomes = (Place("outcome", outcome) for outcome in guide.outcomes)
    return (Place("opening"), *steps, *outcomes)


def changed(old: Guide, new: Guide) -> Place | None:
    """First place of a guide that is not as it was in another version of it; None if all are."""
    before = {step.id: step for step in old.steps}
    for number, step in enumerate(new.steps):
        if before.get(step.id) != step:
            return Place("step", step.id)
        if number < len(old.steps) and old.steps[number].id != step.id:  # moved, or the one before is gone
            return Place("step", step.id)
    for outcome_id, outcome in new.outcomes.items():
        if old.outcomes.get(outcome_id) != outcome:
            return Place("outcome", outcome_id)
    return Place("opening") if old != new else None


def session_at(guide: Guide, step: Step, started: datetime) -> Session | None:
    """Session that stands at a step, its earlier questions answered with samples; None if no way was found."""
    wanted = _wanted(guide, step)
    tries = MOST_TRIES
    sessions = [Session(guide, started)]
    while sessions and tries:
        session = sessions.pop()
        position = current(session)
        if position is step:
            return session
        if isinstance(position, Step):
            after = [apply(session, event) for event in _ways_on(session, position, wanted.get(position.id, ()))]
            tries -= min(tries, len(after))
            sessions += reversed(after)
    return None


def _wanted(guide: Guide, step: Step) -> dict[str, tuple[str, ...]]:
    """Answers that lead to a step: to the questions that it depends on, and to those that they depend on."""
    wanted: dict[str, tuple[str, ...]] = {}
    needing = [step]
    while needing:
        for question_id, options in needing.pop().when.items():
            question = guide.step(question_id)
            if question and question_id not in wanted:
                wanted[question_id] = options
                needing.append(question)
    return wanted


def _sample(ask: Step, today: date) -> str:
    """Answer to a question that belongs to nobody, as it is kept on this day."""
    if not ask.validator:
        return "exemple"
    validator = VALIDATORS[ask.validator]
    verdict = validator.check(validator.sample, today)
    assert isinstance(verdict, Accepted)  # noqa: S101 — a validator takes its own sample
    return verdict.value


def _ways_on(session: Session, position: Step, wanted: tuple[str, ...]) -> Iterator[Event]:
    """Events that may happen at a step of the way, the wanted answers first."""
    at, here = session.started, position.id
    match position.action:
        case "do":
            yield Confirmed(at, here)
        case "ask":
            yield Answered(at, here, _sample(position, at.date()))
        case "choose":
            for option in (*wanted, *(each for each in position.options if each not in wanted)):
                yield Answered(at, here, option)
        case "tick":
            item = next((each.id for each in position.items if (here, each.id) not in session.ticks), None)
            yield Ticked(at, here, item) if item else Confirmed(at, here)
    for deviation in position.deviations:
        if deviation.then.way == "continue":  # after it, a question has no answer
            yield Deviated(at, here, deviation.id)
