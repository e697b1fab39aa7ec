"""A session as the few plain lines that one pastes into a ticket; what a guide keeps masked is masked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from ecps_cli.core.events import Answered, Deviated, Noted, Skipped
from ecps_cli.core.guide import Step
from ecps_cli.core.session import End, Session, current, durations, passed_over, plan, was_reached
from ecps_cli.core.text import sanitize
from ecps_cli.french.event_text import PRACTICE, answer, deviated, labelled, text_of
from ecps_cli.french.words import but_passed, duration, strip_markup

LEAST_LINES, MOST_LINES = 6, 12
LEAST_TROUBLES = 3
"""How many lines of what went otherwise there are in any case, beside a long list of who was told."""


def ticket(session: Session) -> str:
    """Return the record of a session as plain text, one fact a line: as a rule 6 to 12 lines."""
    lines, troubles = list(_lines(session)), list(_troubles(session))
    if len(lines) + len(troubles) < LEAST_LINES:
        troubles += _what_never_came(session)
    room = max(MOST_LINES - len(lines), LEAST_TROUBLES)
    if len(troubles) > room:
        left = len(troubles) - room + 1
        troubles[room - 1 :] = [f"Et {left} autres lignes, dans le relevé : ecps-guide report --format markdown"]
    return "\n".join([*lines, *troubles])


def _lines(session: Session) -> Iterator[str]:
    guide = session.guide
    if session.practice:
        yield PRACTICE
    yield f"Guide : {guide.title} ({guide.id}, version {guide.version})"
    position = current(session)
    if isinstance(position, End):
        word = "réussi" if position.outcome.success else "pas abouti"
        yield f"Résultat : {word}{but_passed(passed_over(session))}. {strip_markup(position.outcome.text)}"
    else:
        yield f"Arrêté à l’étape : {strip_markup(position.text)}"
    yield from _times(session)
    for step in plan(session):
        event = session.resolved.get(step.id)
        text = answer(guide, event) if isinstance(event, Answered) else ""
        if text:
            yield labelled(step.text, text)
        if was_reached(session, step):
            yield from _ticks(session, step)


def _times(session: Session) -> Iterator[str]:
    spent = durations(session)
    total = sum(spent.values(), timedelta())
    yield f"Début : {session.started:%d/%m/%Y à %H:%M} ; durée : {duration(total)}"
    longest = max(spent, key=lambda step_id: spent[step_id], default="")
    step = session.guide.step(longest)
    if step and len(spent) > 1 and spent[longest] >= timedelta(minutes=1):
        yield f"Étape la plus longue : {strip_markup(step.text)} ({duration(spent[longest])})"


def _ticks(session: Session, step: Step) -> Iterator[str]:
    """Yield one line for each item to be recorded, or one for a whole list of mere ticks."""
    done = [item for item in step.items if (step.id, item.id) in session.ticks]
    if done and len(done) == len(step.items) and not any(item.record for item in step.items):
        yield labelled(step.text, "tout est coché")
        return
    for item in step.items:
        tick = session.ticks.get((step.id, item.id))
        noted = [part for part in (tick.time, tick.person, tick.reference) if part] if tick else []
        state = " ; ".join(["fait", *map(sanitize, noted)]) if tick else "à faire"
        yield f"{strip_markup(item.text)} : {state}"


def _troubles(session: Session) -> Iterator[str]:
    """Yield what went otherwise, in order; what came more than once, once, with how often."""
    lines: Counter[str] = Counter()
    for event in session.events:
        step = session.guide.step(event.step)
        match event:
            case Deviated():
                lines[deviated(step, event)] += 1
            case Skipped():
                lines[f"Étape passée : {text_of(step)} — raison : {sanitize(event.why)}"] += 1
            case Noted():
                lines[f"{'Écran différent' if event.mismatch else 'Note'} : {sanitize(event.text)}"] += 1
            case _:
                pass
    for line, times in lines.items():
        yield line if times == 1 else f"{line} ({times} fois)"


def _what_never_came(session: Session) -> Iterator[str]:
    """Yield what did not go otherwise: whoever reads a short ticket need not ask."""
    kinds = {type(event) for event in session.events}
    for kind, none in (
        (Deviated, "Remèdes essayés : aucun"),
        (Skipped, "Étapes passées : aucune"),
        (Noted, "Notes : aucune"),
    ):
        if kind not in kinds:
            yield none
