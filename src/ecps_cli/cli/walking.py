"""One walk, run to its end or its pause; its exit code, and how it is taken up again."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ecps_cli.cli import replicating
from ecps_cli.cli.console import Terminal, now
from ecps_cli.cli.errors import PAUSED, WITHOUT_SUCCESS, Interrupted
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import destinations, library
from ecps_cli.core.events import Paused
from ecps_cli.core.guide import Facts, Step
from ecps_cli.core.journal import Journal
from ecps_cli.core.session import End, Session, current, here
from ecps_cli.french.words import step_named
from ecps_cli.walk.environment import Desktop, Environment
from ecps_cli.walk.walk import Walk

if TYPE_CHECKING:
    from ecps_cli.preflight.checks import Check
    from ecps_cli.screen.painting import Renderable

NOT_BEGUN = "Rien n’a été commencé."
NOTHING_KEPT = "Rien ne sera gardé de ce parcours."


def make_walk(
    session: Session,
    facts: Facts,
    journal: Journal,
    terminal: Terminal,
    *,
    notice: str,
    standing: str,
    label: str = "",
    opening: bool = False,
    prepare: Sequence[Renderable] = (),
    painted: bool = False,
) -> Walk:
    """Return the walk of a session on this terminal; what its first screens say, as the fields of `Walk` tell."""
    from ecps_cli.cli.desktop import copy, open_link

    options = terminal.options
    desktop, find = Desktop(open_link, copy), destinations(lambda: library(options.guides))
    kept = replicating.replicated(journal)
    world = Environment(terminal.prompter, terminal.show, terminal.look, now, kept, desktop, find, _sense)
    walk = Walk(session, facts, world, notice, standing, label, options.again, opening, prepare, painted)
    if isinstance(kept, replicating.ReplicatedJournal):
        kept.walk = walk
    return walk


def _sense() -> Sequence[Check]:
    from ecps_cli.preflight.sensing import sense  # asked for by one key: not before

    return sense()


def finish(walk: Walk) -> int:
    """Run a walk and return the exit code."""
    gc.freeze()  # what was imported stays: no collection looks at it
    gc.enable()  # see `__main__`: from here on the process may live for hours
    try:
        return _finish(walk)
    finally:
        replicating.finish(walk.environment.journal)


def _finish(walk: Walk) -> int:
    try:
        session = walk.run()
    except KeyboardInterrupt:
        raise Interrupted(_how_to_resume(walk)) from None
    position = current(session)
    if isinstance(position, End):
        if walk.unwritten:
            say_problem("La fin de ce parcours n’a pas pu être gardée.")
        elif not position.outcome.success and (again := _how_to_resume(walk)):
            say_problem(f"Pas abouti. {again}")
        return 0 if position.outcome.success else WITHOUT_SUCCESS
    if session.closed:
        say_problem(f"Abandonné. {_how_to_resume(walk)}".rstrip())
        return WITHOUT_SUCCESS
    if walk.following:
        return 0
    if all(isinstance(event, Paused) for event in session.events):  # there is nothing to take up again
        say_problem(" ".join(filter(None, [walk.notice, NOT_BEGUN])))
        return PAUSED
    standing = current(here(session))
    paused = f"En pause à l’étape {step_named(standing)}." if isinstance(standing, Step) else "En pause."
    say_problem(" ".join(filter(None, [walk.notice, paused, _how_to_resume(walk)])))
    return PAUSED


def _how_to_resume(walk: Walk) -> str:
    """Return how to take a walk up again, and from where, when its last events could not be kept."""
    from subprocess import list2cmdline  # at the end only

    session_id = walk.environment.journal.session_id
    lost = next((each for each in walk.unwritten if not isinstance(each.event, Paused)), None)
    if not session_id:
        return "Rien n’a pu être gardé de ce parcours." if walk.unwritten else ""
    step = lost.guide.step(lost.event.step) if lost else None
    gap = f"Rien n’a été gardé à partir de l’étape {step_named(step)}. " if step else ""
    again = "le rouvrir" if walk.session.closed and not lost else f"reprendre{' de là' if step else ''}"
    which = [session_id] if walk.session.practice or walk.session.closed else []  # alone, it offers none of these
    return f"{gap}Pour {again} : {list2cmdline(['ecps-guide', 'resume', *which, *walk.options])}"
