"""Statistics: figures of the journal, of files or of the team's database, as text with bars, JSON or a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from ecps_cli.cli.console import now
from ecps_cli.cli.output import as_json_text, hand_out, say, say_line, say_problem
from ecps_cli.core.figures import figures
from ecps_cli.core.journal import JournalError
from ecps_cli.core.session import Session
from ecps_cli.core.text import shorten
from ecps_cli.exports.statistics import (
    HIDDEN,
    LEAST,
    Counted,
    GuideFigures,
    by_guide,
    heading,
    seconds,
    to_values,
    troubles,
)
from ecps_cli.exports.unavailable import MissingExtra
from ecps_cli.loading.text_file import read_text
from ecps_cli.screen.terminal import can_encode
from ecps_cli.storage.archive import hashed_once, open_store, replayed
from ecps_cli.storage.handover import from_json

LONGEST = 20
"""Characters of the longest bar…"""
WIDE = 60
"""… on a terminal of so many columns; a quarter of them on a narrower one."""


def statistics(files: Sequence[str], team: bool, fmt: str, output: Path | None, force: bool) -> int:
    """Print the figures of this journal, of files or of the team, and return the exit code.

    Raises:
        LoadError: a file cannot be read.
        JournalError: nothing was counted, or it cannot be read.

    """
    found = _of_the_team() if team else _of_sessions(_from_files(files) if files else _kept())
    if not found:
        raise JournalError(
            f"Moins de {LEAST} parcours par guide : rien à montrer." if team else "Aucun parcours à compter."
        )
    if fmt == "html":
        from ecps_cli.exports.statistics_page import to_document
        from ecps_cli.exports.to_html import to_html

        try:
            return hand_out(to_html(to_document(found, team, now())), output, force, "statistiques.html")
        except MissingExtra as error:
            say_problem(str(error))
            return 1
    if fmt == "json":
        return hand_out(as_json_text(to_values(found, team)), output, force, "statistiques.json")
    for guide in found:
        _print(guide)
    if team:
        say_line(HIDDEN)
    return 0


def _kept() -> Iterator[Session]:
    with closing(open_store()) as store:
        text_of = hashed_once(store)
        for row in store.rows():
            try:
                yield replayed(row, store.sound_rows(row.id), text_of).session
            except JournalError as error:  # the others are counted
                say_problem(str(error))


def _from_files(files: Sequence[str]) -> Iterator[Session]:
    for each in files:
        path = Path(each)
        handed = from_json(read_text(path), shorten(path.name))
        yield replayed(handed.row, handed.events, handed.texts.__getitem__).session


def _of_sessions(found: Iterator[Session]) -> list[GuideFigures]:
    sessions = [session for session in found if session.events and not session.practice]
    guides = {(each.guide.id, each.guide.version): each.guide for each in sessions}
    return by_guide(figures(sessions), guides, hidden=False)


def _of_the_team() -> list[GuideFigures]:
    from ecps_cli.cli.replicating import required

    required()
    from ecps_cli.team.counting import counted

    return by_guide(*counted(os.environ), hidden=True)


def _print(guide: GuideFigures) -> None:
    say_line(heading(guide))
    _bars("Résultats", guide.results)
    times = [Counted(f"{seconds(step.median)} : {step.text}", step.median) for step in guide.steps]
    _bars("Temps médian de chaque étape", times, counted=False)
    _bars("Où l’on s’arrête ou s’écarte", troubles(guide))
    say("")


def _bars(title: str, lines: Sequence[Counted], counted: bool = True) -> None:
    """Print a list, each line with a bar as long as its number."""
    if not lines:
        return
    say_line(f"  {title}")
    most = max((each.walks or 0) for each in lines) or 1
    full = "█" if can_encode("█") else "#"
    longest = LONGEST if shutil.get_terminal_size().columns >= WIDE else LONGEST // 4
    for each in lines:
        length = round(longest * (each.walks or 0) / most)
        bar = full * (length or bool(each.walks))
        number = f"{'–' if each.walks is None else each.walks:>6}  " if counted else ""
        say_line(each.text, label=f"    {bar:<{longest}}  {number}")
