"""The author's view: the screens of a guide, or its problems, painted again each time its file is saved."""

from __future__ import annotations

import gc
import shutil
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ecps_cli.authoring.preview import Place, changed, places, session_at
from ecps_cli.cli.console import Options, Terminal
from ecps_cli.cli.output import say_problem
from ecps_cli.cli.reading import library, others
from ecps_cli.loading.folders import FACTS, exists, yaml_file
from ecps_cli.loading.library import LoadedGuide
from ecps_cli.loading.problems import LoadError
from ecps_cli.screen import pages, painting, views
from ecps_cli.screen.pages import AuthorScreen
from ecps_cli.screen.painting import Look, Renderable
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.walk.keyboard import STOP, keyboard
from ecps_cli.walk.terminal_input import RETURN

INTERVAL = 0.2
"""Seconds between two looks at the files."""

KEYS = "Entrée ou n : écran suivant · p : précédent · q : quitter"


def watch_guide(reference: str, guides: Path | None, plain: bool) -> int:
    """Show a guide as the person sees it, again after each change of its file, until `q` or Ctrl-C; return 0.

    Raises:
        NotFound: there is no such guide.
        LoadError: there is no such file.

    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say_problem("--watch repeint un terminal, et il n’y en a pas ici. Pour suivre le guide, enlevez --watch.")
        return 1
    view = View(reference, guides)
    terminal = Terminal(Options(plain=plain))
    gc.enable()  # see `__main__`: this may live for hours
    with suppress(KeyboardInterrupt, EOFError), keyboard() as wait:
        seen: object = None
        key = ""
        while key != "q":
            stamp = view.stamp()
            if stamp != seen or key == STOP:
                view.reload()
                seen = stamp
                terminal.show(view.screen(terminal.look))
            key = wait(INTERVAL)
            if view.move({"n": 1, RETURN: 1, "p": -1}.get(key, 0)):
                terminal.show(view.screen(terminal.look))
    return 0


class View:
    """What the author looks at: the last version of the guide that could be read, a place in it, or its problems."""

    def __init__(self, reference: str, guides: Path | None) -> None:
        self._reference = reference
        self._guides = guides
        self._found: LoadedGuide | None = None
        self._problems: tuple[str, ...] = ()
        self._place = Place("opening")
        self._now = datetime.now().astimezone()
        own = library(guides)
        self._path, _ = own.locate(reference)
        if not exists(self._path):
            own.find(reference)  # which says why not
        self._files = (self._path, *(yaml_file(folder / FACTS) for folder in (self._path.parent, own.folder)))

    def stamp(self) -> object:
        """Fingerprint that changes once a file is saved, or the window resized."""
        return [*map(_stamp, self._files), shutil.get_terminal_size()]

    def reload(self) -> None:
        """Read the guide anew; go to what changed in it."""
        self._now = datetime.now().astimezone()
        try:
            found = library(self._guides).find(self._reference)
        except LoadError as error:
            self._problems = tuple(str(each._replace(file=Path(each.file).name)) for each in error.problems)
            return
        before, self._found, self._problems = self._found, found, ()
        if before:
            self._place = changed(before.guide, found.guide) or self._place

    def move(self, by: int) -> bool:
        """Go so many places on, and return whether that is another one."""
        if self._found is None or self._problems or not by:
            return False
        every = places(self._found.guide)
        there = every[max(0, min(every.index(self._place) + by, len(every) - 1))]
        before, self._place = self._place, there
        return there != before

    def screen(self, look: Look) -> Renderable:
        """Return what the author sees now."""
        where = f" {self._path.name}, relu à {self._now:%H:%M:%S} "
        if self._found is None or self._problems:
            body = pages.problem_list(self._path.name, self._problems)
            return AuthorScreen(
                where, body, painting.NOTHING, "Corrigez et enregistrez : cet écran se refait. q : quitter"
            )
        guide, facts = self._found.guide, self._found.facts
        where += f"— {_LABELS[self._place.kind]}{self._place.id} "
        match self._place:
            case Place("step", step_id):
                step = next(each for each in guide.steps if each.id == step_id)
                session = session_at(guide, step, self._now)
                seen: Renderable = painting.one_line("Aucun chemin simple ne mène à cette étape.")
                if session:
                    seen = StepScreen(session, step, facts, self._now, look)
                return AuthorScreen(where, seen, pages.after_a_key(guide, step, facts), KEYS)
            case Place("outcome", outcome_id):
                outcome = views.outcome_screen(guide.outcomes[outcome_id], facts, look)
                return AuthorScreen(where, outcome, painting.NOTHING, KEYS)
            case _:
                return AuthorScreen(
                    where,
                    views.opening(guide, facts, look),
                    pages.other_cases(guide, others(guide, self._guides)),
                    KEYS,
                )


_LABELS = {"opening": "ouverture", "step": "étape ", "outcome": "issue "}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
