"""What is counted over many walks: how they went, how long steps took, where one stops or sees something else.

Everything is a number of walks, so that nobody's answers, notes or names have a place in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from statistics import median_low
from typing import Literal, NamedTuple

from ecps_cli.core.events import Abandoned, Deviated, Ended, Event, Noted, Paused, Reopened
from ecps_cli.core.session import Session, durations

Kind = Literal["walk", "result", "step", "paused", "abandoned", "deviated", "deviation", "mismatch"]


class Figure(NamedTuple):
    """In how many walks of one version of a guide something was the case."""

    guide: str
    version: str
    kind: Kind
    """`walk`: all of them; `result`: how they stand; `step`: those that came there; the rest: what happened there."""
    step: str
    """The step; of a result `ended`, `abandoned` or `unfinished`."""
    name: str
    """The deviation, or the outcome."""
    walks: int
    median: int | None
    """Of a step, the seconds that the walk in the middle took there."""


def figures(sessions: Iterable[Session]) -> list[Figure]:
    """Figures of these sessions."""
    counts: Counter[tuple[str, str, Kind, str, str]] = Counter()
    spent: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for session in sessions:
        guide, version = session.guide.id, session.guide.version
        counts.update({(guide, version, *each) for each in _of(session)})
        for step, time in durations(session).items():
            spent[guide, version, step].append(round(time.total_seconds()))
    return [
        Figure(
            guide, version, kind, step, name, walks, _median(spent[guide, version, step]) if kind == "step" else None
        )
        for (guide, version, kind, step, name), walks in sorted(counts.items())
    ]


def _median(seconds: list[int]) -> int | None:
    return median_low(seconds) if seconds else None


def _of(session: Session) -> Iterator[tuple[Kind, str, str]]:
    """What is the case in one walk; the same may come twice, and counts once."""
    yield "walk", "", ""
    yield "result", *_result(session)
    for event in session.events:
        yield "step", event.step, ""
        match event:
            case Paused():
                yield "paused", event.step, ""
            case Abandoned():
                yield "abandoned", event.step, ""
            case Deviated():
                yield "deviated", event.step, ""
                yield "deviation", event.step, event.deviation
            case Noted(mismatch=True):
                yield "mismatch", event.step, ""


def _result(session: Session) -> tuple[str, str]:
    last: Event | None = next((each for each in reversed(session.events) if isinstance(each, _DECIDING)), None)
    match last:
        case Ended():
            return "ended", last.outcome
        case Abandoned():
            return "abandoned", ""
        case _:
            return "unfinished", ""


_DECIDING = (Ended, Abandoned, Reopened)
