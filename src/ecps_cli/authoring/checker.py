"""All that is wrong or doubtful in guides and facts, by file and folder: what `check` reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ecps_cli.authoring.checklist import check_wording
from ecps_cli.authoring.freshness import Setting, check_cited_facts, check_fact_freshness, check_guide_freshness
from ecps_cli.core.guide import Facts
from ecps_cli.core.text import visible_line
from ecps_cli.loading.folders import SUFFIXES, is_facts, is_folder
from ecps_cli.loading.library import UNREADABLE, Library, read_text
from ecps_cli.loading.loader import Examined, examine_facts, examine_guide
from ecps_cli.loading.problems import Finding, LoadError, NotFound, Problem, is_error, lines_of
from ecps_cli.loading.raw_guide import RawGuide


class QuotedProblem(NamedTuple):
    """A problem, with the line of the file that it is about."""

    problem: Problem
    source: str


class Report(NamedTuple):
    """Problems of one file, and how many more there are."""

    file: str
    """As it can be printed: from the current folder, if it is under it."""
    problems: list[QuotedProblem]
    errors: int = 0
    """How many there are, whether listed or not."""
    warnings: int = 0
    is_facts: bool = False
    replaces: tuple[str, ...] = ()
    """Ids of the guide or the facts of the library beneath that it takes the place of: worth knowing, and no fault."""


def check(places: Iterable[str], library: Library, today: date) -> Iterator[Report]:
    """Yield a report for each guide, and each file of facts, that the places name; for the library's, if none do.

    A place is a file, a folder of guides, or the id of a guide of the library. No file is reported twice. What cannot
    be read, or is not there, is a report of one problem.
    """
    checker = _Checker(library, today)
    seen: set[str] = set()
    for place in places or [str(library.folder)]:
        for report in checker.check(place):
            if report.file not in seen:
                seen.add(report.file)
                yield report


class _Checker:
    """Reports on files one after the other, and keeps the facts of each folder for the next."""

    def __init__(self, library: Library, today: date) -> None:
        self.library = library
        self.today = today
        self.known: dict[Path, tuple[Facts | None, Report | None]] = {}

    def check(self, place: str) -> Iterator[Report]:
        try:
            if place not in self.library.files and is_folder(Path(place)):
                yield from self.folder(self.library.around(Path(place)))
                return
            path, guide_id = self.library.locate(place)
        except NotFound as error:
            yield _single(place, str(error))
            return
        shelf = self.library if guide_id else self.library.around(path.parent)
        if is_facts(path):
            _, report = self.facts(shelf)
            yield report or _unreadable(path)
        else:
            stem = path.stem if path.suffix in SUFFIXES else guide_id
            yield from self.guide(path, stem, shelf, self.library.files, alone=True)

    def folder(self, shelf: Library) -> Iterator[Report]:
        own, unread = shelf.own, shelf.unread
        _, report = self.facts(shelf)
        if report:
            yield report
        elif not own:
            said = "ce dossier ne contient aucun guide. Donnez un dossier qui contient des fichiers .yaml."
            yield _single(_name(shelf.folder), said)
        for problem in unread:
            file = _name(Path(problem.file))
            yield Report(file, [QuotedProblem(problem._replace(file=file), "")], warnings=1)
        beneath = shelf.base.files if shelf.base else {}
        for guide_id, path in own.items():
            for report in self.guide(path, guide_id, shelf, shelf.files):
                yield report if report.is_facts or guide_id not in beneath else report._replace(replaces=(guide_id,))

    def guide(
        self, path: Path, stem: str | None, shelf: Library, known: Collection[str], *, alone: bool = False
    ) -> Iterator[Report]:
        """Yield the report of a guide that may lead to `known` ones; before it that of its facts, if they are bad.

        Of a guide alone, it says which of the facts that are cited are old: nothing else would.
        """
        facts, report = self.facts(shelf)
        if report and report.errors:
            yield report
        setting = Setting(self.today, known)

        def advise(raw: RawGuide) -> list[Finding]:
            old = check_cited_facts(raw, setting.today) if alone else ()
            return [*check_wording(raw), *check_guide_freshness(raw, setting), *old]

        name = _name(path)
        try:
            text = read_text(path)
        except LoadError as error:
            yield _unread(path, error)
        else:
            yield _report(name, text, examine_guide(text, name, facts, advise, stem=stem))

    def facts(self, shelf: Library) -> tuple[Facts | None, Report | None]:
        """Facts of a library, None if they cannot be used, and the report of their file, None if it has none."""
        if shelf.folder not in self.known:
            self.known[shelf.folder] = self._facts(shelf)
        return self.known[shelf.folder]

    def _facts(self, shelf: Library) -> tuple[Facts | None, Report | None]:
        base = self.facts(shelf.base)[0] if shelf.base else {}
        path = shelf.facts_file
        if path is None:
            return base, None
        name = _name(path)
        try:
            text = read_text(path)
        except LoadError as error:
            return None, _unread(path, error, is_facts=True)
        setting = Setting(self.today, ())
        examined = examine_facts(text, name, lambda raw: check_fact_freshness(raw, setting), base)
        report = _report(name, text, examined, is_facts=True)
        if examined.value is None:
            return None, report
        replaced = tuple(each for each in examined.value if each in (base or {}))
        return {**(base or {}), **examined.value}, report._replace(replaces=replaced)


def _unreadable(path: Path) -> Report:
    """Report of a file of facts that is not there."""
    try:
        read_text(path)
    except LoadError as error:
        return _unread(path, error, is_facts=True)
    raise AssertionError(path)


def _unread(path: Path, error: LoadError, *, is_facts: bool = False) -> Report:
    """Report of a file that cannot be read, of which no line can be quoted."""
    return _report(_name(path), "", Examined(None, list(error.problems)), is_facts=is_facts)


def _report(name: str, text: str, examined: Examined, *, is_facts: bool = False) -> Report:
    if not examined.problems:
        return Report(name, [], is_facts=is_facts)
    lines = lines_of(text.removeprefix("\ufeff"))
    quoted = [
        QuotedProblem(problem._replace(file=name), lines[problem.line - 1] if problem.line <= len(lines) else "")
        for problem in examined.problems
    ]
    errors = sum(is_error(problem.code) for problem in examined.problems)
    return Report(
        name,
        quoted,
        errors + examined.more_errors,
        len(quoted) - errors + examined.more_warnings,
        is_facts,
    )


def _single(place: str, said: str) -> Report:
    """Report of a place where nothing can be read."""
    name = visible_line(place)
    return Report(name, [QuotedProblem(Problem(name, 1, 1, said, UNREADABLE), "")], errors=1)


def _name(path: Path) -> str:
    """Name of a file as it is printed: from the current folder, if it is under it."""
    try:
        return visible_line(path.relative_to(Path.cwd()))
    except (OSError, ValueError):
        return visible_line(path)
