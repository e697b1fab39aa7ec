"""A record as the few plain lines that one pastes into a ticket; what a guide keeps masked is masked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from ecps_cli.exports.record import Line, Record
from ecps_cli.french.event_text import labelled
from ecps_cli.french.words import DONE, PRACTICE, TO_DO, duration, result_text

LEAST_LINES, MOST_LINES = 6, 12
LEAST_TROUBLES = 3
"""Lines of what went otherwise that stand there in any case, beside a long list of people who were told."""
TROUBLES = {
    "deviated": "Remèdes essayés : aucun",
    "skipped": "Étapes passées : aucune",
    "noted": "Notes : aucune",
}
"""The kinds of events that tell what went otherwise, and how a short ticket says that there was none."""


def ticket(record: Record) -> str:
    """Record as plain text, one fact a line: as a rule 6 to 12 lines."""
    lines, troubles = list(_lines(record)), list(_troubles(record))
    if len(lines) + len(troubles) < LEAST_LINES:
        kinds = {entry.kind for entry in record.events}
        troubles += [none for kind, none in TROUBLES.items() if kind not in kinds]
    room = max(MOST_LINES - len(lines), LEAST_TROUBLES)
    if len(troubles) > room:
        left = len(troubles) - room + 1
        troubles[room - 1 :] = [f"Et {left} autres lignes, dans le relevé : ecps-guide report --format markdown"]
    return "\n".join([*lines, *troubles])


def _lines(record: Record) -> Iterator[str]:
    if record.practice:
        yield PRACTICE
    yield f"Guide : {record.guide}"
    if record.state == "unfinished":
        yield f"Arrêté à l’étape : {record.text}"
    else:
        yield f"Résultat : {result_text(record.state, len(record.passed))}. {record.text}"
    yield from _times(record)
    answers = {reply.step: reply for reply in record.answers}
    for stage in record.stages:
        reply = answers.get(stage.step)
        if reply and reply.answer:
            yield labelled(reply.question, reply.answer)
        yield from _list([line for line in record.lines if line.step == stage.step])


def _times(record: Record) -> Iterator[str]:
    yield f"Début : {record.started:%d/%m/%Y à %H:%M} ; durée : {_duration(record.seconds)}"
    timed = [stage for stage in record.stages if stage.seconds]
    longest = max(timed, key=lambda stage: stage.seconds, default=None)
    if longest and len(timed) > 1 and longest.seconds >= 60:
        yield f"Étape la plus longue : {longest.text} ({_duration(longest.seconds)})"


def _duration(seconds: int) -> str:
    return duration(timedelta(seconds=seconds))


def _list(lines: list[Line]) -> Iterator[str]:
    """Lines of one list: one for each item to be recorded, or one for a whole list of mere ticks."""
    if lines and all(line.at and not line.recorded for line in lines):
        yield labelled(lines[0].list, "tout est coché")
        return
    for line in lines:
        noted = filter(None, (line.time, line.person, line.reference))
        yield f"{line.text} : {' ; '.join([DONE, *noted]) if line.at else TO_DO}"


def _troubles(record: Record) -> Iterator[str]:
    """Sentences of what went otherwise, in order; what came more than once, once, with how often."""
    sentences = Counter(entry.text for entry in record.events if entry.kind in TROUBLES)
    for sentence, times in sentences.items():
        yield sentence if times == 1 else f"{sentence} ({times} fois)"
