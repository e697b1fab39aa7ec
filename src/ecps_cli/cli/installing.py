"""`guides`: which guides and facts are in use, and from where; newer ones installed for the user, and taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from ecps_cli import __version__
from ecps_cli.authoring.checker import check
from ecps_cli.authoring.comparison import changes, downgrades, fact_changes
from ecps_cli.cli.console import now, sure
from ecps_cli.cli.installed import installed, last_set
from ecps_cli.cli.output import say, say_line, say_problem
from ecps_cli.cli.reading import library
from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.journal import JournalError
from ecps_cli.core.text import visible_line
from ecps_cli.french.words import plural
from ecps_cli.loading.folders import is_same, verified_on
from ecps_cli.loading.library import Library, open_library
from ecps_cli.loading.shipped import shipped
from ecps_cli.loading.sources import Arrived, arrive
from ecps_cli.screen.pages import Fault
from ecps_cli.storage.folder import data_folder
from ecps_cli.storage.guide_sets import GuideSets

UNCHANGED = "Rien n’a été changé."
NEWER = "ecps-guide guides --update SOURCE"


def show_guides(folder: Path | None) -> int:
    """Print which guides and facts are in use: of which version and date, and from where; return the exit code.

    Raises:
        NotFound: there is no such folder.

    """
    hidden: set[str] = set()
    for shelf in _shelves(library(folder)):
        say_line(f"{_whence(shelf)} :")
        for line in _lines(shelf, hidden):
            say_line(line, "  ")
        hidden |= {*shelf.own}
    say_line(f"De plus récents : {NEWER} (un dossier, un zip, une adresse https)")
    return 0


def _shelves(shelf: Library | None) -> Iterator[Library]:
    while shelf:
        yield shelf
        shelf = shelf.base


def _whence(shelf: Library) -> str:
    """Where the guides of a folder come from."""
    if is_same(shelf.folder, shipped("guides")):
        return f"Fournis avec ecps-guide {__version__}"
    with suppress(JournalError):
        found = last_set()
        if found and is_same(shelf.folder, found[0]):
            _, one = found
            day = datetime.fromisoformat(one.installed)
            return f"Installés le {day:%d/%m/%Y} depuis {visible_line(one.source)} (SHA-256 {one.sha256})"
    return f"Du dossier {visible_line(shelf.folder)}"


def _lines(shelf: Library, hidden: set[str]) -> Iterator[str]:
    """Yield a line for each guide of a folder that is used, then one for those that are not, and one for its facts."""
    today = now().date()
    used = [each for each in shelf.own if each not in hidden]
    found, errors = shelf.guides(used) if used else ([], [])
    for guide in (each.guide for each in found):
        due = "à relire depuis" if guide.review_by < today else "à relire avant"
        dates = f"vérifié {guide.verified_on:%d/%m/%Y}, {due} le {guide.review_by:%d/%m/%Y}"
        yield f"{guide.id:<19} v{guide.version:<7} {dates}"  # 78 columns
    for error in errors:
        yield error.headline
    if replaced := [each for each in shelf.own if each in hidden]:
        yield f"remplacés par ceux d’au-dessus : {', '.join(replaced)}"
    if shelf.facts_file:
        own = _own_facts(shelf)
        last = max(filter(None, (fact.verified_on for fact in own.values())), default=None)
        seen = f", le plus récent vu le {last:%d/%m/%Y}" if last else ""
        yield f"{'facts':<19} {plural(len(own), 'fait')}{seen}"


def _own_facts(shelf: Library) -> Facts:
    """Facts that a folder has itself, or says otherwise than what is beneath."""
    beneath = shelf.base.facts() if shelf.base else {}
    return {each: fact for each, fact in shelf.facts().items() if beneath.get(each) != fact}


# ----------------------------------------------------------------------------------------------------------- installing


def update(source: str, sha256: str) -> int:
    """Install the guides of a source for this user, once they were checked, compared and agreed to.

    Raises:
        LoadError: what is in use cannot be read.
        NotFound: there is no such source, or it is not what it should be.
        JournalError: nothing can be written, or what lists the sets is damaged.

    """
    arrived = arrive(source)
    say_line(f"{plural(len(arrived.files), 'fichier')} de {visible_line(source)}, SHA-256 {arrived.sha256}")
    if sha256 and sha256.lower() != arrived.sha256:
        say_problem(f"Ce n’est pas l’empreinte attendue, {sha256.lower()}. {UNCHANGED}")
        return 1
    sets = GuideSets(data_folder(os.environ))
    sets.all()  # before anything is asked
    with sets.staged(arrived.files) as staged:
        return _offered(sets, staged, source, arrived)


def _offered(sets: GuideSets, staged: Path, source: str, arrived: Arrived) -> int:
    base = Library(shipped("guides"))
    arriving, in_use = Library(staged, base), open_library(None, {}, installed())
    if not _is_sound(staged, base):
        say_problem(f"Ces guides ne passent pas « check ». {UNCHANGED}")
        return 1
    old, new = _guides(in_use), _guides(arriving)
    old_facts, new_facts = in_use.facts(), arriving.facts()
    if older := [*downgrades(old, new, old_facts, new_facts)]:
        for line in older:
            say_problem(f"Plus ancien que ce qui est en usage : {line}")
        back = "Pour revenir aux guides d’avant : ecps-guide guides --rollback"
        say_problem(f"{UNCHANGED} {back if sets.all() else 'Demandez des guides plus récents.'}")
        return 1
    lines = [*changes(old, new), *fact_changes(old_facts, new_facts)]
    for line in lines:
        say_line(line)
    if not lines:
        say_line("Ce sont les guides déjà en usage, à l’identique.")
        return 0
    if not sure("Installer ces guides pour vous, à la place de ceux en usage ?"):
        say_problem(UNCHANGED)
        return 1
    sets.install(staged, source, arrived.sha256, verified_on(shipped("guides")), now())
    say_problem(
        "Installé. Un parcours commencé garde son guide. Pour revenir en arrière : ecps-guide guides --rollback"
    )
    return 0


def _guides(shelf: Library) -> dict[str, Guide]:
    """Guides of a library that can be walked, by id."""
    return {each.guide.id: each.guide for each in shelf.guides()[0]}


def _is_sound(staged: Path, base: Library) -> bool:
    """Whether the staged guides and facts have no errors; what they have is said, each with its place."""
    sound = True
    for report in check([str(staged)], Library(staged, base), date.today()):
        sound = sound and not report.errors
        for problem, line in report.problems:
            say(Fault(problem._replace(file=Path(problem.file).name), line))
    return sound


def roll_back() -> int:
    """Take the guides that were installed before into use again, or those that come along; return the exit code.

    Raises:
        JournalError: what lists the sets is damaged, or nothing can be written.

    """
    sets = GuideSets(data_folder(os.environ))
    found = sets.all()
    if not found:
        say_problem("Aucun guide n’a été installé : ceux fournis sont en usage.")
        return 1
    before = (
        f"ceux de {visible_line(found[-2].source)}" if len(found) > 1 else f"ceux fournis avec ecps-guide {__version__}"
    )
    if not sure(f"Enlever les guides de {visible_line(found[-1].source)}, et reprendre {before} ?"):
        say_problem(UNCHANGED)
        return 1
    sets.roll_back()
    say_problem(f"Fait : {before} sont de nouveau en usage.")
    return 0
