"""Guides and facts, read on the terminal or handed out as a sheet."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ecps_cli.cli.installed import installed
from ecps_cli.cli.output import as_json_text, hand_out, say, say_line, say_problem
from ecps_cli.core.guide import Fact, Facts, Guide
from ecps_cli.core.journal import JournalError
from ecps_cli.core.session import Destination
from ecps_cli.exports.formats import export_guide, export_poster
from ecps_cli.exports.unavailable import MissingExtra, NoPoster
from ecps_cli.loading.folders import CODED
from ecps_cli.loading.library import Library, LoadedGuide, open_library
from ecps_cli.loading.problems import LoadError, NotFound, closest, listed

if TYPE_CHECKING:
    from ecps_cli.screen.painting import Renderable


def library(folder: Path | None) -> Library:
    """Library that the command line or the environment names, over what the user has installed and what comes along."""
    try:
        ours = installed()
    except JournalError as error:  # a walk must not wait for it to be mended
        ours = None
        say_problem(str(error))
    return open_library(folder, os.environ, ours)


def destinations(shelf: Callable[[], Library]) -> Callable[[str], Destination | None]:
    """What finds the guide of an id, for a walk to go over to; None for one that is not there, or cannot be walked."""

    def find(guide_id: str) -> Destination | None:
        try:
            found = shelf().find(guide_id)
        except (NotFound, LoadError):
            return None
        return Destination(found.guide, found.facts, (found.text, found.facts_text))

    return find


def every_guide(folder: Path | None) -> list[LoadedGuide]:
    """Guides of the library that can be used, in the order of their ids; each file that cannot is named in one line.

    Raises:
        LoadError: none can be used.

    """
    found, errors = library(folder).guides()
    if errors and not found:
        raise LoadError((each for error in errors for each in error.problems), sum(each.more for each in errors))
    for error in errors:
        say_problem(error.headline)
    return found


def list_guides(folder: Path | None, as_json: bool) -> int:
    """Print the guides there are, and return the exit code."""
    found = [each.guide for each in every_guide(folder)]
    if as_json:
        rows = [
            {"id": each.id, "title": each.title, "version": each.version, "review_by": each.review_by.isoformat()}
            for each in found
        ]
        say(as_json_text(rows))
    else:
        from ecps_cli.screen.pages import guide_list

        say(guide_list(found))
    return 0


def list_terms(folder: Path | None) -> int:
    """Print the definitions, and return the exit code."""
    from ecps_cli.screen.pages import glossary

    say(glossary(library(folder).facts()))
    return 0


HELP_PAGE = "help-page"
"""The fact that, where a library has it, is the page to read before calling."""


def show_codes(fact_ids: Sequence[str], plain: bool, folder: Path | None) -> int:
    """Print facts as QR codes, and return the exit code; where no code can be drawn, their addresses and numbers."""
    from ecps_cli.screen.codes import NO_SCREEN

    facts = library(folder).facts()
    fact_ids = [_of_value(each, facts) or each for each in fact_ids]
    refusals = list(filter(None, (_no_code(fact_id, facts) for fact_id in fact_ids)))
    for refusal in refusals:
        say_problem(refusal)
    if refusals:
        return 1
    drawn = _draws_codes(plain)
    _print([facts[fact_id] for fact_id in dict.fromkeys(fact_ids)], drawn)
    if not drawn:
        say_problem(NO_SCREEN)
    for fact_id in fact_ids:
        replacement = facts[fact_id].replaced_by
        if replacement:
            say_problem(f"« {fact_id} » est ancien : il est remplacé par « {replacement} », {facts[replacement].value}")
    return 0


def _of_value(text: str, facts: Facts) -> str | None:
    """Id of the fact that holds with this number or address, as it may be typed; None where there is none."""
    bare = "".join(text.split())
    holding = ((each, fact) for each, fact in facts.items() if fact.kind in CODED and fact.status == "current")
    return next((each for each, fact in holding if bare == "".join(fact.value.split())), None)


def _no_code(fact_id: str, facts: Facts) -> str:
    """Reason why a fact has no code, as a sentence; or an empty text."""
    known = [each for each, fact in facts.items() if fact.kind in CODED]
    if fact_id in known:
        return ""
    if fact_id not in facts:
        near = closest(fact_id, known)
        remedy = f"Vouliez-vous dire « {near} » ?" if near else "Les adresses et les numéros : ecps-guide qr"
        return f"Le fait « {fact_id} » n’existe pas. {remedy}"
    return f"Le fait « {fact_id} » n’est ni une adresse ni un numéro. Choisissez parmi {listed(sorted(known), 'et')}."


def list_codes(folder: Path | None) -> int:
    """Print the ids of the facts that have a QR code, with what each is; return the exit code."""
    for fact_id, fact in library(folder).facts().items():
        if fact.kind in CODED and fact.status == "current":
            say_line(f"{fact_id:<26} {fact.name} : {fact.value}")
    return 0


def show_help_line(plain: bool, folder: Path | None) -> int:
    """Print whom to call when no remedy works, for all the guides; return the exit code.

    The numbers fit one screen; the code of one of them is had by its id.
    """
    from ecps_cli.screen.painting import reference

    found = every_guide(folder)
    facts = found[0].facts if found else library(folder).facts()
    ids = [contact for each in found for contact in each.guide.contacts]
    ids += [HELP_PAGE] if HELP_PAGE in facts else []
    if not ids:
        say_problem("Aucun de ces guides ne donne de numéro d’aide.")
        return 1
    for fact_id in dict.fromkeys(ids):
        say(reference(facts[fact_id]))
    if _draws_codes(plain):
        say_line(f"En QR code : ecps-guide qr {ids[0]}")
    return 0


def _draws_codes(plain: bool) -> bool:
    """Return whether codes are of any use: on a terminal, for eyes."""
    from ecps_cli.screen.terminal import conversation

    return conversation(plain) == "keys"


def _print(facts: Sequence[Fact], drawn: bool) -> None:
    from ecps_cli.screen.codes import CodeScreen
    from ecps_cli.screen.painting import reference

    for number, fact in enumerate(facts):
        if number:
            say("")
        say(CodeScreen(fact) if drawn else reference(fact))


def show_facts(stale: bool, as_json: bool, folder: Path | None) -> int:
    """Print the facts, or those that are to be seen again; return the exit code.

    Raises:
        LoadError: the facts have problems.
        NotFound: there is no such folder.

    """
    from ecps_cli.screen.pages import fact_list

    facts = library(folder).facts()
    chosen = facts
    if stale:
        from ecps_cli.authoring.freshness import stale_facts

        old = stale_facts(facts, date.today())
        chosen = {each: fact for each, fact in facts.items() if each in old}
    if as_json:
        from ecps_cli.exports.to_json import facts_as_data  # with what a record is made of: no walk waits for it

        say(as_json_text(facts_as_data(chosen)))
    elif chosen or not stale:
        say(fact_list(facts, chosen if stale else None))
    else:
        say_line("Aucun fait n’est à vérifier : tous ont été vus assez récemment.")
    return 0


def others(guide: Guide, folder: Path | None) -> dict[str, str]:
    """How the guides are named to which a guide sends who opened the wrong one, by id; without those not there."""
    find = destinations(lambda: library(folder))
    found = {way.guide: find(way.guide) for way in guide.otherwise if way.guide}
    return {guide_id: f"« {each.guide.title} »" for guide_id, each in found.items() if each}


def in_full(found: LoadedGuide, folder: Path | None) -> Renderable:
    """Everything that a guide says, as a screen."""
    from ecps_cli.exports.sheet import sheet
    from ecps_cli.screen.document_view import document_view

    return document_view(sheet(found.guide, found.facts, others(found.guide, folder)))


def show(reference: str, folder: Path | None, fmt: str, output: Path | None, force: bool) -> int:
    """Write a guide in one of the formats, or as a `poster`: on standard output, or into a file.

    Raises:
        LoadError: the guide or its facts have problems.
        NotFound: there is no such guide or folder.

    """
    found = library(folder).find(reference)
    if found.set_aside:
        say_problem(found.set_aside.headline)
    if fmt != "text":
        try:
            if fmt == "poster":
                made: str | bytes = export_poster(found.guide, found.facts)
            else:
                made = export_guide(fmt, found.guide, found.facts, partial(others, found.guide, folder))
        except (MissingExtra, NoPoster) as refusal:
            say_problem(str(refusal))
            return 1
        return hand_out(made, output, force, example="fiche.pdf")
    screen = in_full(found, folder)
    if output is None:
        say(screen)
        return 0
    from ecps_cli.screen.terminal import make_console, paint

    text = io.StringIO()
    paint(make_console(text), screen)
    return hand_out(text.getvalue().rstrip("\n"), output, force, example="fiche.txt")
