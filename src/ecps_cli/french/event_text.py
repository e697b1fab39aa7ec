"""Events and answers in French words, for every record: of an answer, what its guide lets a record hold."""

from __future__ import annotations

import re

from ecps_cli.core.events import (
    Abandoned,
    Answered,
    CameBack,
    Confirmed,
    Deviated,
    Ended,
    Event,
    Labelled,
    Noted,
    Paused,
    Reopened,
    Resumed,
    Sensed,
    Skipped,
    Ticked,
    Unticked,
    WentBack,
    WentOver,
    redacted,
)
from ecps_cli.core.guide import Deviation, Guide, Item, Step
from ecps_cli.core.text import sanitize
from ecps_cli.french.words import question_of, quoted_line, sentenced, shown, strip_markup

UNVERIFIED = "(non vérifié : la personne a maintenu sa saisie)"
_COMMAND = re.compile(
    r"\s*(?::\s*ecps-guide(?:\s(?:--)?[a-z][a-z0-9-]*)*(?=\s*(?:[.;\n]|$))|\(ecps-guide[^()]*\))", re.MULTILINE
)
"""A command to type, at the end of a sentence or between brackets."""


def answer(guide: Guide, event: Answered) -> str:
    """Answer as far as a record may hold it, marked where it was not verified; an empty text when it holds nothing."""
    step = guide.step(event.step)
    allowed = redacted(guide, event)
    if step is None or not isinstance(allowed, Answered):
        return ""
    if step.action == "choose":
        return quoted_line(step.options.get(allowed.value, allowed.value))
    text = sanitize(allowed.masked or (shown(step, allowed.value) if allowed.value else ""))
    return text if allowed.verified or not text else f"{text} {UNVERIFIED}"


def labelled(label: str, value: str) -> str:
    """Label of a guide and its value; a question needs no colon, and none of the sentences before it."""
    text = question_of(quoted_line(label))
    return f"{text} {value}" if text.endswith("?") else f"{text} : {value}"


def on_paper(text: str) -> str:
    """Text of a guide without the command that ends it: nobody types on paper."""
    return _COMMAND.sub("", text)


def _as_typed(text: str) -> str:
    """Text that a person typed, set apart from the words of the guide."""
    return f"« {sanitize(text)} »"


def _details(tick: Ticked) -> list[str]:
    """Person and reference recorded with a tick, each with its name."""
    named = (("personne : {}", tick.person), ("référence : {}", tick.reference))
    return [told.format(sanitize(value)) for told, value in named if sanitize(value)]


def of_list(heading: str, line: str) -> str:
    """Line of a list behind the title of the list, which says what is done with it."""
    return f"{question_of(heading)} — {line.rstrip('.')}"


def done_of_list(heading: str, line: str, time: str) -> str:
    """Sentence of a record for a line that was done, with the time that was noted, if any."""
    return f"{of_list(heading, line)}, fait{f' {at_time(time)}' if time else ''}"


def at_time(text: str) -> str:
    """Time that was recorded with a tick, as a sentence says it: à 18:40, le 27/11 à 18:40."""
    return re.sub(r"^(?:(\d\d/\d\d(?:/\d{4})?) )?", lambda day: f"le {day[1]} à " if day[1] else "à ", text)


def sentence(guide: Guide, event: Event, other: Guide | None = None) -> str:
    """Sentence of a record for one event; `other` is the guide that it went over to, or came back from."""
    step = guide.step(event.step)
    match event:
        case WentOver() if other:
            deviation = step.deviation(event.deviation) if step else None
            return f"{_seen(deviation)} Suivi d’ici : le guide « {strip_markup(other.title)} »."
        case CameBack() if other:
            outcome = other.outcomes.get(event.outcome)
            ended = quoted_line(outcome.text) if outcome else "quitté avant sa fin."
            return f"Retour du guide « {strip_markup(other.title)} » : {ended}"
        case Sensed():
            return f"Vu de ce PC : {sanitize(event.text)}"
        case Noted():
            return f"{'Écran différent' if event.mismatch else 'Note'} : {_as_typed(event.text)}"
        case Resumed():
            return "Reprise."
        case Ended():
            return f"Fin : {quoted_line(guide.outcomes[event.outcome].text)}"
        case WentBack():
            return f"Retour à l’étape : {_text_of(guide.step(event.to))}"
        case Skipped():
            return passed(_text_of(step), event.why)
        case Abandoned():
            return f"Abandonné à l’étape : {_text_of(step)}"
        case Reopened():
            return f"Rouvert à l’étape : {_text_of(step)}"
        case Labelled():
            return f"Dossier : {sanitize(event.label)}"
        case Paused():
            return "Pause."
        case _:
            return _done(guide, step, event) if step else ""


def _done(guide: Guide, step: Step, event: Event) -> str:
    """Sentence of a record for the work of a step."""
    match event:
        case Confirmed() if step.action == "tick":
            return f"Liste quittée : {quoted_line(step.text)}"
        case Confirmed():
            seen = f" Constaté : {quoted_line(step.expect)}" if step.expect else ""
            return f"Fait : {sentenced(quoted_line(step.text))}{seen}"
        case Answered():
            text = answer(guide, event)
            return (
                f"Réponse : {labelled(step.text, text)}" if text else f"Réponse non gardée : {quoted_line(step.text)}"
            )
        case Ticked():
            return _ticked(step, event)
        case Unticked():
            return f"Décoché : {_text_of(step.item(event.item))}"
        case Deviated():
            return _deviated(step.deviation(event.deviation))
        case _:
            return ""


def _ticked(step: Step, event: Ticked) -> str:
    item = step.item(event.item)
    if not (item and item.record):
        return f"Coché : {_text_of(item)}"
    return ", ".join([done_of_list(_text_of(step), _text_of(item), sanitize(event.time)), *_details(event)])


def passed(text: str, why: str) -> str:
    """Sentence of a record for a step that was passed over, and why."""
    return f"Passée : {sentenced(text)} Raison : {_as_typed(why)}"


def _deviated(deviation: Deviation | None) -> str:
    """Sentence of a record for a deviation: the screen that was seen instead, and the remedy."""
    if deviation is None:
        return _seen(deviation)
    remedy = on_paper(quoted_line(deviation.do)).replace(" • ", " ")
    return f"{_seen(deviation)} Remède : {sentenced(remedy)}"


def _seen(deviation: Deviation | None) -> str:
    """Sentence of a record for the screen that was seen instead, without a remedy."""
    return f"Écart : {sentenced(quoted_line(deviation.if_))}" if deviation else "Écart."


def _text_of(named: Step | Item | None) -> str:
    """Text of a step or of an item, on one line; an empty one of none."""
    return quoted_line(named.text) if named else ""
