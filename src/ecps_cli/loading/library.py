"""Where guides and their facts are found: in a folder that is named or comes along, or in a file of one's own."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ecps_cli.core.guide import Facts, Guide
from ecps_cli.core.text import visible_line
from ecps_cli.loading.compiled import compiled_facts, compiled_guide
from ecps_cli.loading.folders import (
    FACTS,
    SUFFIXES,
    Installed,
    Listing,
    exists,
    guide_folders,
    is_same,
    listing,
    mode_of,
    yaml_file,
)
from ecps_cli.loading.problems import LoadError, NotFound, Problem, Unknown
from ecps_cli.loading.text_file import read_text

UNREAD = "W104"


class LoadedGuide(NamedTuple):
    """A guide with the facts that it names, where it was and what was written there."""

    guide: Guide
    facts: Facts
    path: Path
    text: str
    facts_text: str = ""
    """Text that holds all of these facts; empty when there are none."""
    set_aside: LoadError | None = None
    """Problems of the facts beside it, when they cannot be used: those of the library beneath then hold alone."""


class _KnownFacts(NamedTuple):
    """Facts of a folder over those of the library beneath, and a text that holds them all."""

    facts: Facts
    text: str
    set_aside: LoadError | None = None


class Library:
    """One folder of guides and facts, over another library: its own win where both have an id.

    The folder is listed once, and its facts are read once.
    """

    def __init__(self, folder: Path, base: Library | None = None) -> None:
        self.folder = folder
        self.base = base
        self._around: dict[Path, Library] = {}

    @cached_property
    def own(self) -> dict[str, Path]:
        """Files of the guides of the folder itself, by id, sorted.

        Raises:
            NotFound: the folder cannot be listed.

        """
        return self._listing.guides

    @cached_property
    def unread(self) -> list[Problem]:
        """Warnings about files of the folder that were meant to be read, by their names, and are not.

        Raises:
            NotFound: the folder cannot be listed.

        """
        return [
            Problem(visible_line(self.folder / name), 1, 1, said, UNREAD) for name, said in self._listing.unread.items()
        ]

    @cached_property
    def files(self) -> dict[str, Path]:
        """Files of all its guides, by id, sorted.

        Raises:
            NotFound: the folder cannot be listed.

        """
        return dict(sorted({**(self.base.files if self.base else {}), **self.own}.items()))

    @cached_property
    def facts_file(self) -> Path | None:
        """File of the facts of the folder itself, or None if it has none."""
        path = yaml_file(self.folder / FACTS)
        return path if exists(path) else None

    def ids(self) -> tuple[str, ...]:
        """Ids of its guides, sorted.

        Raises:
            NotFound: the folder cannot be listed.

        """
        return tuple(self.files)

    def facts(self) -> Facts:
        """Facts, by id; {} if it has none.

        Raises:
            LoadError: a file of facts has problems.

        """
        known = self._known_facts
        if known.set_aside:
            raise known.set_aside
        return known.facts

    def guides(self, among: Iterable[str] = ()) -> tuple[list[LoadedGuide], list[LoadError]]:
        """Guides that can be walked, in the order of their ids, and what is wrong with each file that cannot be used.

        Only those of the ids in `among`, if any is given.

        Raises:
            NotFound: the folder cannot be listed, or has no guide of an id that is given.

        """
        found: list[LoadedGuide] = []
        errors = [LoadError([problem]) for problem in self.unread]
        for guide_id in among or self.files:
            try:
                found.append(self.find(guide_id))
            except LoadError as error:
                errors.append(error)
            else:
                errors += filter(None, [found[-1].set_aside])
        return found, list({error.problems: error for error in errors}.values())

    def find(self, reference: str) -> LoadedGuide:
        """Guide of that id, or the one in the file of that path, with the facts beside it over those of the library.

        Raises:
            LoadError: the guide or the facts that it names have problems, or cannot be read.
            NotFound: no guide has that id, and it is no path.

        """
        path, guide_id = self.locate(reference)
        known = (self if guide_id else self.around(path.parent))._known_facts
        text = read_text(path)
        guide = compiled_guide(guide_id, text, known.text) if guide_id else None
        if guide is None:
            from ecps_cli.loading.loader import load_guide  # with YAML and Pydantic

            try:
                guide = load_guide(text, visible_line(path), known.facts, stem=guide_id)
            except LoadError as error:
                raise (known.set_aside or error) from None  # what facts lack is no fault of the guides
        return LoadedGuide(guide, known.facts, path, text, known.text, known.set_aside)

    def locate(self, reference: str) -> tuple[Path, str | None]:
        """File of a guide, and its id when it is one of the library's; a path need not be there.

        Raises:
            NotFound: no guide has that id, and it is no path.

        """
        if reference in self.files:
            return self.files[reference], reference
        path = Path(reference)
        mode = mode_of(path)
        if path.suffix.lower() in SUFFIXES or {*"/\\"} & {*reference} or (mode and not stat.S_ISDIR(mode)):
            return path, None
        meant = next((each for each in self.unread if Path(each.file).name.startswith(f"{reference}.")), None)
        if meant:
            raise NotFound(f"Le guide « {visible_line(reference)} » n’est pas lu. {meant}")
        remedy = f"Le dossier « {visible_line(self.folder)} » n’en contient aucun : donnez le chemin d’un fichier."
        raise NotFound(str(Unknown("Le guide", visible_line(reference), self.files, remedy)))

    def around(self, folder: Path) -> Library:
        """Library of a folder: this one or one beneath it, where that is its folder; else a new one over this one."""
        if folder not in self._around:
            shelf: Library | None = self
            while shelf and not is_same(shelf.folder, folder):
                shelf = shelf.base
            self._around[folder] = shelf or Library(folder, self)
        return self._around[folder]

    @cached_property
    def _listing(self) -> Listing:
        return listing(self.folder)

    @cached_property
    def _known_facts(self) -> _KnownFacts:
        base = self.base._known_facts if self.base else _KnownFacts({}, "")
        if self.facts_file is None:
            return base
        try:
            text = read_text(self.facts_file)
            if not base.facts and (ready := compiled_facts(text)):
                return _KnownFacts(ready, text, base.set_aside)
            from ecps_cli.loading.loader import load_facts, merge_facts  # with YAML and Pydantic

            own = load_facts(text, visible_line(self.facts_file), base.facts)
        except LoadError as error:
            return base._replace(set_aside=error)
        both = merge_facts(base.text, text) if base.facts else text
        return _KnownFacts({**base.facts, **own}, both, base.set_aside)


def open_library(folder: Path | None, environ: Mapping[str, str], installed: Installed | None = None) -> Library:
    """Library of a folder, failing that of the one in `ECPS_GUIDES`, over what is installed and what comes along.

    Raises:
        NotFound: there is no such folder.

    """
    library: Library | None = None
    for each in reversed(guide_folders(folder, environ, installed)):
        library = Library(each, library)
    assert library  # noqa: S101 — there is a folder, or NotFound
    return library
