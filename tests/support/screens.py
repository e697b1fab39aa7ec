"""Screens as the text that a terminal of some size shows, and every step of the shipped guides to show."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleRenderable

from ecps_cli.core.events import Confirmed, Event, Ticked
from ecps_cli.core.guide import Guide, Step
from ecps_cli.core.intents import Answer
from ecps_cli.core.moves import accept, apply
from ecps_cli.core.session import Session, current
from ecps_cli.screen.step_screen import StepScreen
from support.sample import START
from support.scripts import ANSWERS
from support.shipped import GUIDES, WALKS


def reach(guide: Guide, step_id: str, seen: str = "yes") -> Session:
    """Return a walk of the guide that stands at a step, or at the end with an empty id, ten seconds a step."""
    session, now = Session(guide, START), START
    while isinstance(step := current(session), Step) and step.id != step_id:
        now += timedelta(seconds=10)
        session = apply(session, happened(session, step, now, seen))
    return session


def happened(session: Session, step: Step, now: Any, seen: str) -> Event:
    if step.action in ("do", "tick"):
        return Confirmed(now, step.id)
    event = accept(session, Answer(seen if step.action == "choose" else ANSWERS[step.validator]), now)
    assert isinstance(event, Event)
    return event


def step_of(guide: Guide, step_id: str) -> Step:
    step = guide.step(step_id)
    assert step is not None
    return step


def render(screen: ConsoleRenderable, columns: int = 80, rows: int = 24, encoding: str = "utf-8", **how: Any) -> str:
    """Return a screen as a terminal of this size would be sent it, with plain spaces for no-break ones."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="ecps-fold", newline="")
    same = {"markup": False, "highlight": False, "legacy_windows": False}  # as `make_console`, on every system
    console = Console(file=stream, width=columns, height=rows, **same, **how)
    console.print(screen, crop=False)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding).replace("\u00a0", " ")


def as_text(screen: ConsoleRenderable, columns: int = 80) -> str:
    """Return a screen as one line, its frame left out, since a sentence may be broken over two."""
    return " ".join(render(screen, columns).replace("│", " ").split())


def rows(screen: StepScreen, columns: int, height: int) -> int:
    """Return how many rows a screen takes on a terminal, an address too long for one taking several."""
    output = render(screen, columns, height, force_terminal=True, color_system=None)
    return sum(max(1, -(-cell_len(line) // columns)) for line in output.splitlines())


def shipped_screens(guide: Guide) -> Iterator[tuple[Step, Session]]:
    """Yield each step of a guide as it is met with every number of steps known, once each; its list all ticked."""
    met = set()
    for script in WALKS[guide.id]:
        session = Session(guide, START)
        for event in script.session.events:
            step = current(session)
            if isinstance(step, Step):
                place = (step.id, frozenset(session.resolved), frozenset(session.ticks))
                if place not in met:
                    met.add(place)
                    yield step, session
            if isinstance(event, Ticked):
                event = Ticked(event.at, event.step, event.item, "18:42", "Mme Exemple de Nom", "2026-11-24-0042")
            session = apply(session, event)


SCREENS = {guide.id: list(shipped_screens(guide)) for guide in GUIDES.values()}
