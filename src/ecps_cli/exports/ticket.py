"""A session as the few plain lines that one pastes into a ticket; what a guide keeps masked is masked here."""

from __future__ import annotations

from collections.abc import Iterator

from ecps_cli.guide import Step
from ecps_cli.session import Answered, Deviated, End, Noted, Session, Skipped, current, durations, plan
from ecps_cli.validators import VALIDATORS
from ecps_cli.wording import duration, plain_text


def ticket(session: Session) -> str:
    """Return the record of a session as plain text, one fact a line."""
    return "\n".join(_lines(session))


def _lines(session: Session) -> Iterator[str]:
    guide = session.guide
    yield f"Guide : {guide.title} ({guide.id}, version {guide.version})"
    position = current(session)
    if isinstance(position, End):
        word = "réussi" if position.outcome.success else "pas abouti"
        yield f"Résultat : {word}. {plain_text(position.outcome.text)}"
    else:
        yield f"Arrêté à l’étape : {plain_text(position.text)}"
    total = sum(durations(session).values(), start=session.started - session.started)
    yield f"Début : {session.started:%d/%m/%Y à %H:%M} ; durée : {duration(total)}"
    for step in plan(session):
        yield from _answer(session, step)
        yield from _ticks(session, step)
    yield from _troubles(session)


def _answer(session: Session, step: Step) -> Iterator[str]:
    event = session.resolved.get(step.id)
    if not isinstance(event, Answered):
        return
    if step.action == "choose":
        yield f"{plain_text(step.text)} {plain_text(step.options[event.value])}"
    elif step.keep != "never":
        yield f"{plain_text(step.text)} : {kept(step, event)}"


def kept(step: Step, event: Answered) -> str:
    """Return what a record may hold of an answer, and whether it was verified."""
    validator = VALIDATORS.get(step.validator or "")
    if step.keep == "masked":
        text = validator.mask(event.value) if validator else "(masqué)"
    else:
        text = validator.show(event.value) if validator else event.value
    return text if event.verified else f"{text} (non vérifié : la personne a maintenu sa saisie)"


def _ticks(session: Session, step: Step) -> Iterator[str]:
    for item in step.items:
        tick = session.ticks.get((step.id, item.id))
        details = [part for part in (tick.time, tick.person, tick.reference) if part] if tick else []
        state = " ; ".join(["fait", *details]) if tick else "à faire"
        yield f"{plain_text(item.text)} : {state}"


def _troubles(session: Session) -> Iterator[str]:
    for event in session.events:
        step = session.guide.step(event.step)
        if step is None:
            continue
        match event:
            case Deviated():
                deviation = step.deviation(event.deviation)
                yield f"Écart : {plain_text(deviation.if_) if deviation else event.deviation}"
            case Skipped():
                yield f"Étape passée : {plain_text(step.text)} Raison : {event.why}"
            case Noted():
                yield f"{'Écran différent' if event.mismatch else 'Note'} : {event.text}"
            case _:
                pass
