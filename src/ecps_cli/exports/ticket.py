"""A record as the few plain lines that one pastes into a ticket; what a guide keeps masked is masked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from ecps_cli.exports.clock import sentences
from ecps_cli.exports.record import Line, Record
from ecps_cli.french.event_text import at_time, labelled
from ecps_cli.french.words import DONE, PRACTICE, TO_DO, duration, result_text

MOST_LINES = 12

ALWAYS, ANSWER, TROUBLE, PLAIN, ROUTING = range(5)
"""Ranks of lines. Where there are too many: mere routing goes without a word, answers in a row share a line, then the
last ranks go first, counted.
"""
TROUBLES = {
    "deviated": TROUBLE,
    "wentover": TROUBLE,
    "cameback": TROUBLE,
    "skipped": TROUBLE,
    "reopened": TROUBLE,
    "sensed": PLAIN,
    "noted": PLAIN,
}
"""The kinds of events that tell what went otherwise."""

Ranked = tuple[int, str]


def ticket(record: Record) -> str:
    """Record as plain text, one fact a line: as a rule 12 lines at most, and never one that says nothing."""
    lines = [
        *((ALWAYS, line) for line in _head(record)),
        *_told(record),
        *((ALWAYS, each) for each in sentences(record.misdated, record.setbacks, record.leaps)),
        *_troubles(record),
    ]
    if len(lines) > MOST_LINES:
        lines = [*_squeezed(lines)]
    spare = sorted((-rank, -number) for number, (rank, _) in enumerate(lines) if rank >= TROUBLE)
    if len(lines) <= MOST_LINES or len(spare) < 2:
        return "\n".join(line for _, line in lines)
    left_out = {-number for _, number in spare[: len(lines) - MOST_LINES + 1]}
    kept = [line for number, (_, line) in enumerate(lines) if number not in left_out]
    return "\n".join([*kept, f"Et {len(left_out)} autres lignes, dans le relevé complet."])


def _squeezed(lines: list[Ranked]) -> Iterator[Ranked]:
    """Lines without those that only chose the way, and with one for the answers that follow each other."""
    for rank, group in groupby((each for each in lines if each[0] != ROUTING), key=lambda each: each[0]):
        if rank == ANSWER:
            yield rank, " ; ".join(text for _, text in group)
        else:
            yield from group


def _head(record: Record) -> Iterator[str]:
    if record.practice:
        yield PRACTICE
    about = f"Dossier : {record.label} ; guide : {record.guide}" if record.label else f"Guide : {record.guide}"
    spent = duration(timedelta(seconds=record.seconds))
    yield f"{about} ; début : {record.started:%d/%m/%Y à %H:%M} ; durée : {spent}"
    match record.state:
        case "unfinished":
            yield f"Arrêté à l’étape : {record.text}"
        case "abandoned":
            yield f"Abandonné à l’étape : {record.text}"
        case _:
            yield f"Résultat : {result_text(record.state, len(record.passed))}. {record.text}"


def _told(record: Record) -> Iterator[Ranked]:
    """Answers, acts and lists, step by step."""
    answers = {reply.step: reply for reply in record.answers if reply.answer}
    acts = {entry.step: entry.at for entry in record.events if entry.kind == "confirmed" and entry.act and entry.stands}
    for stage in record.stages:
        reply = answers.get(stage.step)
        if reply:
            yield ROUTING if reply.routing else ANSWER, labelled(reply.question, reply.answer)
        if stage.step in acts:
            yield ALWAYS, f"{stage.text.rstrip('.')} : {DONE} {_when(record, acts[stage.step])}"
        yield from _list(record, [line for line in record.lines if line.step == stage.step])


def _list(record: Record, lines: list[Line]) -> Iterator[Ranked]:
    """Lines of one list: one for each item, or one for a whole list of mere ticks."""
    if lines and not any(line.recorded for line in lines):
        yield PLAIN, labelled(lines[0].list, _ticks(lines))
        return
    for line in lines:
        yield ALWAYS, f"{line.text} : {_ticked(record, line) if line.at else TO_DO}"


def _ticks(lines: list[Line]) -> str:
    """What is ticked of a list, and by name what is not."""
    left = [line.text for line in lines if not line.at]
    if not left:
        return "tout est coché"
    return (
        f"{len(lines) - len(left)} sur {len(lines)} ; {TO_DO} : {', '.join(left)}" if len(left) < len(lines) else TO_DO
    )


def _ticked(record: Record, line: Line) -> str:
    noted = f"noté {_when(record, line.at)}" if line.at and line.recorded and not line.time else ""
    done = f"{DONE} {at_time(line.time)}" if line.time else DONE
    return " ; ".join(filter(None, (done, noted, line.person, line.reference)))


def _when(record: Record, at: datetime) -> str:
    """Time of the day, with the day where it is not that of the beginning."""
    return f"à {at:%H:%M}" if at.date() == record.started.date() else f"le {at:%d/%m/%Y à %H:%M}"


def _troubles(record: Record) -> Iterator[Ranked]:
    """Sentences of what went otherwise, in order; what came more than once, once, with how often.

    A step that was passed over and done afterwards is not told: the ticket says what holds.
    """
    told = (entry for entry in record.events if entry.stands or entry.kind != "skipped")
    sentences = Counter((TROUBLES[entry.kind], entry.text) for entry in told if entry.kind in TROUBLES)
    for (rank, sentence), times in sentences.items():
        yield rank, sentence if times == 1 else f"{sentence} ({times} fois)"
