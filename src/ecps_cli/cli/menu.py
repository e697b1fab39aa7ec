"""The menu of a bare `ecps-guide`: what somebody may have come for."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ecps_cli.cli.console import Options, Terminal
from ecps_cli.cli.starting import QUESTION, choose_and_walk, not_begun
from ecps_cli.core.journal import JournalError
from ecps_cli.core.rpps import read_rpps
from ecps_cli.french.question import Question
from ecps_cli.screen import painting
from ecps_cli.walk.prompter import EndOfInput, Key

if TYPE_CHECKING:
    from ecps_cli.storage.store import Store

TITLE = "ecps-guide : les procédures de la e-CPS"


def menu() -> int:
    """Ask what is wanted, do it, and return the exit code."""
    terminal = Terminal(Options())
    terminal.show(painting.titled(TITLE))
    try:
        wanted = Question("Que voulez-vous faire ?", ("q : quitter",))
        chosen = terminal.prompter.choose(wanted, _choices(), "q", "walk")
    except EndOfInput:
        return not_begun()
    return not_begun() if isinstance(chosen, Key) else _do(chosen, terminal)


RESUME = "resume "
"""What the choice to take up a session begins with; its id follows, where there is one alone."""
CHOICES = {
    "walk": "Suivre un guide",
    "call": "Qui appeler",
    "rpps": "Vérifier un numéro RPPS",
    "read": "Lire un guide",
}
NEXT_PAGE = Question(keys=("Entrée : la suite", "q : fermer"))
KEPT = {"kept": "Relire un relevé, ou l’effacer"}
"""The choice that is there once something is kept."""


def _do(chosen: str, terminal: Terminal) -> int:
    match chosen:
        case "walk":
            return choose_and_walk()
        case _ if chosen.startswith(RESUME):
            from ecps_cli.cli.resuming import resume

            return resume(chosen.removeprefix(RESUME), Options())
        case "call":
            from ecps_cli.cli.reading import show_help_line

            return show_help_line(plain=False, folder=None)
        case "rpps":
            return _check_numbers(terminal)
        case "kept":
            from ecps_cli.cli.rereading import reread

            return reread(terminal)
        case _:
            return _read(terminal)


def _choices() -> dict[str, str]:
    """All that may be wanted: what is unfinished first, what is kept last, where there is something."""
    from ecps_cli.storage.archive import open_store
    from ecps_cli.storage.lookup import every

    try:
        with closing(open_store()) as store:
            return {**_unfinished(store), **CHOICES, **(KEPT if any(every(store)) else {})}
    except JournalError:
        return CHOICES


def _unfinished(store: Store) -> dict[str, str]:
    """The choice to take up what is unfinished, where there is something."""
    from ecps_cli.cli.resuming import OFFERED, in_words

    rows = store.unfinished(limit=OFFERED + 1)
    if not rows:
        return {}
    if len(rows) == 1:
        return {f"{RESUME}{rows[0].id}": f"Reprendre : {in_words(store, rows[0])}"}
    how_many = f"plus de {OFFERED}" if len(rows) > OFFERED else len(rows)
    return {RESUME: f"Reprendre un parcours ({how_many} inachevés)"}


def _check_numbers(terminal: Terminal) -> int:
    """Check RPPS numbers, one after the other, until an empty line."""
    typed = ""
    while True:
        try:
            heard = terminal.prompter.text(Question("Numéro RPPS", ("ligne vide : terminer",), " :"), typed=typed)
        except EndOfInput:
            return 0
        if not str(heard):
            return 0
        reading = read_rpps(str(heard))
        typed = "" if reading.valid else str(heard)
        terminal.show(painting.one_line(reading.national_id or "" if reading.valid else reading.message))


def _read(terminal: Terminal) -> int:
    """Show a guide as far as it is read, page by page."""
    from ecps_cli.cli.reading import every_guide, in_full
    from ecps_cli.screen.views import Page
    from ecps_cli.walk.lookups import read_on

    guides = {each.guide.id: each for each in every_guide(None)}
    try:
        chosen = terminal.prompter.choose(QUESTION, {name: each.guide.title for name, each in guides.items()}, "q")
        if isinstance(chosen, Key):
            return 0
        whole = in_full(guides[chosen], None)
        if terminal.look.plain:
            terminal.show(whole)
            return 0
        read_on(Page(whole, NEXT_PAGE.whole()), NEXT_PAGE, "q", terminal.prompter, terminal.show)
    except EndOfInput:
        pass
    return 0
