"""What the next screen says in a sentence: of what was just recorded, of where a walk is taken up."""

from __future__ import annotations

from datetime import datetime

from ecps_cli.core.events import Answered, CameBack, Event, Noted, Sensed
from ecps_cli.core.guide import Step
from ecps_cli.core.intents import Intent, Note, Skip, Tick
from ecps_cli.core.masking import NOT_KEPT
from ecps_cli.core.moves import withholds
from ecps_cli.core.session import Session
from ecps_cli.french.words import DEVIATED, PARTLY, PASSED, quoted_line, state_of, step_named, strip_markup


def recorded(event: Event) -> str:
    """Sentence on what was just recorded, or an empty text."""
    match event:
        case Answered() if not event.verified:
            return "Gardé comme non vérifié."
        case Answered():
            return event.note
        case Noted():
            return "C’est noté."
        case Sensed():
            return "" if event.seen else "Aucune carte CPS n’est vue de ce PC."
        case CameBack():
            return "Retour, sans finir l’autre guide."
        case _:
            return ""


def withheld(step: Step, intent: Intent) -> str:
    """Sentence on what was masked of what an intent says, and where, since it stands on another step's screen."""
    if not withholds(step, intent):
        return ""
    match intent:
        case Note():
            where = "la note"
        case Skip():
            where = "la raison"
        case Tick(item=item_id) if item := step.item(item_id):
            where = f"ce qui est noté pour « {strip_markup(item.text).rstrip('.')} »"
        case _:
            where = f"la réponse {step_named(step)}"
    return f"Masqué dans {where} : {NOT_KEPT}"


_SETTLED = {PASSED: "Passé", DEVIATED: "Écart", PARTLY: "Quitté"}
"""What became of a step that was not simply done."""


def taken_up(session: Session, now: datetime) -> str:
    """Sentence on what was settled last, when, and with which answer; or that nothing was."""
    if not session.resolved:
        return "Reprise au début."
    from ecps_cli.french.event_text import answer, labelled

    settled = {(type(each), each.at, each.step) for each in session.resolved.values()}
    last = next(each for each in reversed(session.events) if (type(each), each.at, each.step) in settled)
    event, step = session.resolved[last.step], session.guide.step(last.step)
    heard = answer(session.guide, event) if isinstance(event, Answered) else ""
    text = quoted_line(step.text) if step else event.step
    done = _SETTLED.get(state_of(session, step), "Fait") if step else "Fait"
    at = event.at.astimezone()
    day = "" if at.date() == now.astimezone().date() else f"le {at:%d/%m/%Y} "
    return f"Reprise. {done} en dernier, {day}à {at:%H:%M} : {labelled(text, heard) if heard else text}"
