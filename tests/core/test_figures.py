"""Figures of walks: every count is a number of walks, every time one that a walk took."""

from __future__ import annotations

from ecps_cli.core.events import Abandoned, Confirmed, Deviated, Ended, Noted, Paused, Reopened, Resumed
from ecps_cli.core.figures import Figure, figures
from ecps_cli.core.guide import Guide
from ecps_cli.core.moves import replay
from ecps_cli.core.session import Session
from support.sample import START, Clock


def walk(guide: Guide, *steps: str) -> Session:
    """A walk whose events, ten seconds apart, happen at the first step of the sample guide."""
    clock = Clock()
    made = {
        "confirm": lambda: Confirmed(clock(), "open"),
        "black": lambda: Deviated(clock(), "open", "black"),
        "stolen": lambda: Deviated(clock(), "open", "stolen"),
        "end": lambda: Ended(clock(), "open", "stopped"),
        "note": lambda: Noted(clock(), "open", "Autre chose", mismatch=True),
        "pause": lambda: Paused(clock(), "open"),
        "resume": lambda: Resumed(clock(), "open"),
        "abandon": lambda: Abandoned(clock(), "open"),
        "reopen": lambda: Reopened(clock(), "open"),
    }
    return replay(guide, START, [made[each]() for each in steps])


def test_every_count_is_one_of_walks(guide: Guide) -> None:
    """What happens twice in a walk counts once; pauses take no time; the median is that of the walk in the middle."""
    sessions = [
        walk(guide, "black", "black", "stolen", "end"),
        walk(guide, "note", "pause", "resume", "confirm"),
        walk(guide, "abandon"),
        walk(guide, "abandon", "reopen"),
    ]
    demo = ("demo", "1")
    assert figures(sessions) == [
        Figure(*demo, "abandoned", "open", "", 2, None),
        Figure(*demo, "deviated", "open", "", 1, None),
        Figure(*demo, "deviation", "open", "black", 1, None),
        Figure(*demo, "deviation", "open", "stolen", 1, None),
        Figure(*demo, "mismatch", "open", "", 1, None),
        Figure(*demo, "paused", "open", "", 1, None),
        Figure(*demo, "result", "abandoned", "", 1, None),
        Figure(*demo, "result", "ended", "stopped", 1, None),
        Figure(*demo, "result", "unfinished", "", 2, None),
        Figure(*demo, "step", "open", "", 4, 10),
        Figure(*demo, "walk", "", "", 4, None),
    ]


def test_a_step_without_time_has_no_median(guide: Guide) -> None:
    """A step of which no time is known, since the walk was taken up again there and left, has no median."""
    clock = Clock()
    session = Session(guide, START, events=(Paused(clock(), "open"), Resumed(clock(), "rpps")))
    assert [each.median for each in figures([session]) if each.kind == "step"] == [10, None]
