"""`check`: the faults of guides, for a person, for a program, for GitHub; and what each rule is for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path, PurePath

from ecps_cli.authoring.checker import QuotedProblem, Report
from ecps_cli.authoring.checker import check as check_places
from ecps_cli.authoring.rulebook import find_rulebook, read_rulebook
from ecps_cli.cli.output import as_json_text, say
from ecps_cli.cli.reading import library
from ecps_cli.core.text import shorten
from ecps_cli.french.words import plural
from ecps_cli.loading.problems import NotFound, Unknown, is_error, listed
from ecps_cli.storage.check_cache import cache_folder, remember, remembered


def check(places: list[str], guides: Path | None, fmt: str, strict: bool, jobs: int, cached: bool) -> int:
    """Report on guides and facts; return 1 when there is an error, or a warning that counts as one, else 0."""
    today = date.today()
    folder = cache_folder(os.environ) if cached else None
    known = remembered(folder, today)
    verdicts = dict(known)
    seen = list(_SAY[fmt](check_places(places, library(guides), today, verdicts, jobs)))
    if len(verdicts) > len(known):
        remember(folder, today, verdicts)
    errors, warnings = sum(each.errors for each in seen), sum(each.warnings for each in seen)
    return 1 if errors or (strict and warnings) else 0


def _say_text(reports: Iterable[Report]) -> Iterator[Report]:
    from ecps_cli.screen.pages import Fault
    from ecps_cli.screen.painting import one_line

    seen = []
    for report in reports:
        for flagged in report.problems:
            say(Fault(*flagged))
        beyond = report.errors + report.warnings - len(report.problems)
        if beyond:
            say(one_line(f"{report.file} : … et {plural(beyond, 'autre')}."))
        if report.replaces:
            say(one_line(f"{report.file} : {_takes_over(report)}"))
        seen.append(report)
        yield report
    for sentence in _summary(seen):
        say(one_line(sentence))


def _summary(reports: list[Report]) -> Iterator[str]:
    """Yield the sentences that end a report for a person."""
    errors, warnings = sum(each.errors for each in reports), sum(each.warnings for each in reports)
    yield f"{_count(len(reports), 'fichier')} : {_count(errors, 'erreur')}, {_count(warnings, 'avertissement')}."
    if any(each.is_facts and each.errors for each in reports):
        yield "Corrigez les faits d’abord : ce que les guides en nomment n’a pas été vérifié."
    codes = [each.problem.code for report in reports for each in report.problems]
    if codes:  # an error, if there is one
        yield f"Pour comprendre une règle : ecps-guide check --explain {min(codes)}"


def _takes_over(report: Report) -> str:
    """Sentence about what a file takes the place of."""
    return f"l’emporte sur ce qui est fourni pour {listed(report.replaces, 'et')}."


def _count(number: int, word: str) -> str:
    if number:
        return plural(number, word)
    return f"{'aucune' if word == 'erreur' else 'aucun'} {word}"


def _say_json(reports: Iterable[Report]) -> Iterator[Report]:
    seen = list(reports)
    yield from seen
    say(
        as_json_text(
            {
                "files": [each.file for each in seen],
                "errors": sum(each.errors for each in seen),
                "warnings": sum(each.warnings for each in seen),
                "problems": [_row(each) for report in seen for each in report.problems],
                "replaces": {report.file: report.replaces for report in seen if report.replaces},
            }
        )
    )


def _row(flagged: QuotedProblem) -> dict[str, object]:
    problem = flagged.problem
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": _severity(problem.code),
        "message": problem.message,
        "source": flagged.source,
    }


def _severity(code: str) -> str:
    return "error" if is_error(code) else "warning"


def _say_github(reports: Iterable[Report]) -> Iterator[Report]:
    """Say each problem as a command that GitHub Actions turns into an annotation of the line."""
    for report in reports:
        for flagged in report.problems:
            problem = flagged.problem
            place = {
                "file": PurePath(problem.file).as_posix(),  # as git names it, on Windows too
                "line": problem.line,
                "col": problem.column,
                "title": problem.code,
            }
            properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in place.items())
            say(f"::{_severity(problem.code)} {properties}::{_escaped(problem.message)}")
        if report.replaces:
            say(f"::notice file={_escaped(PurePath(report.file).as_posix(), ':,')}::{_escaped(_takes_over(report))}")
        yield report


def _escaped(text: str, also: str = "") -> str:
    """Return a text as a workflow command takes it (actions/toolkit, `command.ts`)."""
    return "".join(f"%{ord(each):02X}" if each in f"%\r\n{also}" else each for each in text)


_SAY = {"text": _say_text, "json": _say_json, "github": _say_github}


def explain(code: str) -> int:
    """Print what a rule is for.

    Raises:
        NotFound: no rule has that code.

    """
    from ecps_cli.screen.pages import rule_page

    rules = read_rulebook(find_rulebook().read_text("utf-8"))
    rule = rules.get(code.upper())
    if rule is None:
        raise NotFound(str(Unknown("La règle", shorten(code), rules, "")))
    say(rule_page(rule.code, rule.title, ((block.text, block.info) for block in rule.blocks)))
    return 0
