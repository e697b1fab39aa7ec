"""The clock of the computer, where a session shows that it was wrong: the times of its events alone would mislead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ecps_cli.core.events import FIRST_DAY
from ecps_cli.core.session import Session, history, under_way
from ecps_cli.french.words import duration

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Jump:
    """Two events in a row between whose dates the clock of the computer was set."""

    before: datetime
    at: datetime
    seconds: int
    """How much time lies between them, whichever is the later."""


def setbacks(session: Session) -> Iterator[Jump]:
    """Events dated before the one that came before them, whatever their UTC offsets: the clock was put back."""
    for before, at in pairwise(_times(session)):
        if at < before:
            yield Jump(before, at, int((before - at).total_seconds()))


def leaps(session: Session) -> Iterator[Jump]:
    """Events more than a day after the one before, without a pause: the clock was put on, or nobody was there."""
    for each, since in under_way(session):
        if since and each.event.at - since > DAY:
            yield Jump(since, each.event.at, int((each.event.at - since).total_seconds()))


def is_misdated(session: Session) -> bool:
    """Whether something is dated before this tool existed."""
    return any(at.date() < FIRST_DAY for at in _times(session))


def _times(session: Session) -> Iterator[datetime]:
    yield session.started
    yield from (each.event.at for each in history(session))


def sentences(misdated: bool, setbacks: Iterable[Jump], leaps: Iterable[Jump]) -> Iterator[str]:
    """Sentences on what the clock of the computer did, each without its full stop."""
    if misdated:
        yield f"L’horloge de ce PC était fausse : une partie est datée d’avant cet outil ({FIRST_DAY:%d/%m/%Y})"
    for each in setbacks:
        yield (
            f"L’horloge de ce PC a reculé de {_long(each)} : après le {moment(each.before)}, "
            f"l’événement suivant est daté du {moment(each.at)}"
        )
    for each in leaps:
        yield (
            f"{_long(each)} sans événement ni pause, du {moment(each.before)} au {moment(each.at)} : "
            "l’horloge de ce PC a avancé, ou le parcours est resté ouvert"
        )


def _long(jump: Jump) -> str:
    return duration(timedelta(seconds=jump.seconds))


def moment(at: datetime) -> str:
    """Time of an event to the second, with its UTC offset: 28/11/2026 à 10:00:03 (UTC+01:00)."""
    return f"{at:%d/%m/%Y à %H:%M:%S} ({utc_offset(at)})"


def utc_offset(at: datetime) -> str:
    """Offset of a time from UTC: UTC+01:00."""
    shift = f"{at:%z}"
    return f"UTC{shift[:3]}:{shift[3:5]}"
