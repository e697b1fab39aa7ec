"""All that is wrong or doubtful in guides and facts, by file and folder: what `check` reports."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ecps_cli.authoring.checklist import check_wording
from ecps_cli.authoring.freshness import Setting, check_cited_facts, check_fact_freshness, check_guide_freshness
from ecps_cli.core.guide import Facts
from ecps_cli.core.text import text_digest, visible_line
from ecps_cli.loading.folders import SUFFIXES, is_facts, is_folder
from ecps_cli.loading.library import Library
from ecps_cli.loading.loader import Examined, examine_facts, examine_guide
from ecps_cli.loading.problems import Finding, LoadError, NotFound, Problem, is_error, lines_of
from ecps_cli.loading.raw_guide import RawGuide
from ecps_cli.loading.text_file import UNREADABLE, read_text
from ecps_cli.storage.check_cache import CheckCache

if TYPE_CHECKING:
    from concurrent.futures import Executor


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


def check(
    places: Iterable[str], library: Library, today: date, verdicts: CheckCache | None = None, jobs: int = 0
) -> Iterator[Report]:
    """Yield a report for each guide, and each file of facts, that the places name; for the library's, if none do.

    A place is a file, a folder of guides, or the id of a guide of the library. No file is reported twice. What cannot
    be read, or is not there, is a report of one problem. A guide whose verdict is among `verdicts` is not examined; the
    others are added to them. So many `jobs` examine guides at once; 0: one for few guides, for many one a core.
    """
    checker = _Checker(library, today, {} if verdicts is None else verdicts)
    places = list(places) or [str(library.folder)]
    found = (each for place in places for each in checker.check(place))
    seen: set[str] = set()
    for report in checker.reports(found, jobs or checker.jobs(places)):
        if report.file not in seen:
            seen.add(report.file)
            yield report


class _Held(NamedTuple):
    """Facts that the guides of a folder may name, with the report of their file."""

    facts: Facts | None
    """None if they cannot be used."""
    report: Report | None
    """That of their file; None if it has none."""
    digest: str
    """Of their text, and of those beneath."""


class _Guide(NamedTuple):
    """A guide that is to be examined, with all that its verdict depends on: another process can do it."""

    name: str
    text: str
    stem: str | None
    facts: Facts | None
    setting: Setting
    alone: bool
    """Then it says which of the facts that are cited are old: nothing else would."""
    key: str
    """By which its verdict is found again."""
    replaces: tuple[str, ...]

    def examined(self) -> Report:
        """Report of the guide."""

        def advise(raw: RawGuide) -> list[Finding]:
            old = check_cited_facts(raw, self.setting.today) if self.alone else ()
            return [*check_wording(raw), *check_guide_freshness(raw, self.setting), *old]

        examined = examine_guide(self.text, self.name, self.facts, advise, stem=self.stem)
        return _report(self.name, self.text, examined, replaces=self.replaces)


MANY = 200
"""How many guides are worth other processes."""
_FEW = 50
"""How many are examined in the time that it takes to start them."""
MOST_JOBS = 61
"""How many processes Windows waits for."""
_AT_ONCE = 100
"""How many guides are held in memory while others examine them."""


class _Checker:
    """Reports on files one after the other, and keeps the facts of each folder for the next."""

    def __init__(self, library: Library, today: date, verdicts: CheckCache) -> None:
        self.library = library
        self.today = today
        self.verdicts = verdicts
        self.known: dict[Path, _Held] = {}
        self.settings: dict[Path, tuple[Setting, str]] = {}

    def check(self, place: str) -> Iterator[Report | _Guide]:
        """Yield what is known of a place at once, and the guides that are still to be examined."""
        try:
            if self._is_folder(place):
                yield from self.folder(self.library.around(Path(place)))
                return
            path, guide_id = self.library.locate(place)
        except NotFound as error:
            yield _single(place, str(error))
            return
        shelf = self.library if guide_id else self.library.around(path.parent)
        if is_facts(path):
            yield self.facts(shelf).report or _unreadable(path)
        else:
            stem = path.stem if path.suffix in SUFFIXES else guide_id
            yield from self.guide(path, stem, shelf, self.library, alone=True)

    def _is_folder(self, place: str) -> bool:
        return place not in self.library.files and is_folder(Path(place))

    def jobs(self, places: list[str]) -> int:
        """Number of processes that are worth while for these places."""
        with suppress(NotFound):
            guides = (len(self.library.around(Path(each)).own) if self._is_folder(each) else 1 for each in places)
            if sum(guides) > MANY:
                return os.cpu_count() or 1
        return 1

    def reports(self, found: Iterator[Report | _Guide], jobs: int) -> Iterator[Report]:
        """Yield a report of each, in their order, examined by so many processes; one by one, if there is one."""
        if jobs == 1:
            yield from (each if isinstance(each, Report) else self._kept(each, each.examined()) for each in found)
            return
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(min(jobs, MOST_JOBS), initializer=_live_with_parent) as pool:
            sent = (_sent(batch, pool) for batch in iter(lambda: [*islice(found, _AT_ONCE)], []))
            ahead = next(sent, None)
            while ahead:
                (batch, examined), ahead = ahead, next(sent, None)  # examined while these are reported
                for each in batch:
                    yield each if isinstance(each, Report) else self._kept(each, next(examined))

    def _kept(self, guide: _Guide, report: Report) -> Report:
        """Report of a guide, unchanged; its verdict is kept among the `verdicts`."""
        rows = [[*problem[1:], source] for problem, source in report.problems]
        self.verdicts[guide.key] = [report.errors, report.warnings, rows]
        return report

    def folder(self, shelf: Library) -> Iterator[Report | _Guide]:
        own, unread = shelf.own, shelf.unread
        report = self.facts(shelf).report
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
            yield from self.guide(path, guide_id, shelf, shelf, replaces=(guide_id,) if guide_id in beneath else ())

    def guide(
        self,
        path: Path,
        stem: str | None,
        shelf: Library,
        others: Library,
        *,
        alone: bool = False,
        replaces: tuple[str, ...] = (),
    ) -> Iterator[Report | _Guide]:
        """Yield a guide that may lead to those of `others`; before it the report of its facts, if they are bad."""
        facts, report, digest = self.facts(shelf)
        if report and report.errors:
            yield report
        name, (setting, ids) = _name(path), self.setting(others)
        try:
            text = read_text(path)
        except LoadError as error:
            yield _unread(path, error)._replace(replaces=replaces)
            return
        key = text_digest("\0".join((digest, ids, str(stem), str(alone), text)))
        if key in self.verdicts:
            yield _as_before(name, self.verdicts[key], replaces)
        else:
            yield _Guide(name, text, stem, facts, setting, alone, key, replaces)

    def setting(self, library: Library) -> tuple[Setting, str]:
        """Day and ids that the guides of a library are held against, and the digest of these ids."""
        if library.folder not in self.settings:
            ids = frozenset(library.files)
            self.settings[library.folder] = (Setting(self.today, ids), text_digest("\0".join(sorted(ids))))
        return self.settings[library.folder]

    def facts(self, shelf: Library) -> _Held:
        """Facts of a library with their report and digest, read at the first call."""
        if shelf.folder not in self.known:
            self.known[shelf.folder] = self._facts(shelf)
        return self.known[shelf.folder]

    def _facts(self, shelf: Library) -> _Held:
        base = self.facts(shelf.base) if shelf.base else _Held({}, None, "")
        path = shelf.facts_file
        if path is None:
            return base._replace(report=None)
        name = _name(path)
        try:
            text = read_text(path)
        except LoadError as error:
            return _Held(None, _unread(path, error, is_facts=True), "unread")
        digest, setting = text_digest(base.digest + text), Setting(self.today, ())
        examined = examine_facts(text, name, lambda raw: check_fact_freshness(raw, setting), base.facts)
        report = _report(name, text, examined, is_facts=True)
        if examined.value is None:
            return _Held(None, report, digest)
        beneath = base.facts or {}
        replaced = tuple(each for each in examined.value if each in beneath)
        return _Held({**beneath, **examined.value}, report._replace(replaces=replaced), digest)


def _sent(batch: list[Report | _Guide], pool: Executor) -> tuple[list[Report | _Guide], Iterator[Report]]:
    """Batch as it is, and the reports of its guides in their order: by other processes if there are over `_FEW`."""
    guides = [each for each in batch if isinstance(each, _Guide)]
    if len(guides) > _FEW:
        return batch, pool.map(_Guide.examined, guides, chunksize=5)
    return batch, map(_Guide.examined, guides)


def _live_with_parent() -> None:
    """Leave Ctrl-C, which a terminal sends to every process, to the one that has started this; end when it is gone."""
    from multiprocessing import parent_process
    from threading import Thread

    def follow() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=follow, daemon=True).start()


def _as_before(name: str, verdict: Any, replaces: tuple[str, ...]) -> Report:
    """Report of a guide from its kept verdict: nothing has changed since."""
    errors, warnings, rows = verdict
    quoted = [QuotedProblem(Problem._make([name, *row]), source) for *row, source in rows]
    return Report(name, quoted, errors, warnings, replaces=replaces)


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


def _report(
    name: str, text: str, examined: Examined, *, is_facts: bool = False, replaces: tuple[str, ...] = ()
) -> Report:
    if not examined.problems:
        return Report(name, [], is_facts=is_facts, replaces=replaces)
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
        replaces,
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
