"""Scenarios from the command line: run those beside a guide and say what they cover; write one from a session."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ecps_cli.authoring.scenarios import Coverage, Find, Run, coverage, load_scenarios, run, scenarios_beside
from ecps_cli.authoring.session_to_scenario import retell
from ecps_cli.cli.output import as_json_text, hand_out, say, say_line, say_problem
from ecps_cli.cli.reading import destinations, library
from ecps_cli.core.session import Destination, End, current, history
from ecps_cli.loading.library import Library
from ecps_cli.loading.problems import LoadError, Problem
from ecps_cli.loading.text_file import read_text
from ecps_cli.storage.archive import StoredSession, load_session, open_store
from ecps_cli.storage.lookup import session_named

KINDS = {"steps": "étapes", "options": "réponses", "deviations": "écarts", "outcomes": "issues"}


class Tested(NamedTuple):
    """What the scenarios of one guide showed."""

    guide: str
    file: Path | None
    runs: tuple[Run, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Why they, or their guide, could not be read."""
    coverage: Coverage | None = None

    @property
    def passed(self) -> bool:
        """Return whether everything could be read and every scenario went as it says."""
        return not self.problems and not any(each.failures for each in self.runs)

    def covers(self, percent: int) -> bool:
        """Return whether each kind of thing is covered by so much."""
        return self.coverage is None or all(share.percent >= percent for share in self.coverage)


def test(references: Sequence[str], folder: Path | None, least: int, as_json: bool) -> int:
    """Run the scenarios of these guides, or of every guide of the folder; return 1 if one fails or too little is met.

    Raises:
        NotFound: there is no such guide.

    """
    shelf = library(folder)
    find = cache(destinations(lambda: shelf))
    tested = []
    for reference in references or shelf.own:
        tested.append(_test(shelf, reference, find))
        if not as_json:
            _print(tested[-1])
    if as_json:
        say(as_json_text([_as_data(each, least) for each in tested]))
    short = [each.guide for each in tested if not each.covers(least)]
    if short:
        remedy = "Ajoutez un scénario, ou demandez moins : --min-coverage."
        say_problem(f"Couverture sous {least} % : {', '.join(short)}. {remedy}")
    return 1 if short or not all(each.passed for each in tested) else 0


def _test(shelf: Library, reference: str, find: Find) -> Tested:
    try:
        found = shelf.find(reference)
    except LoadError as error:
        return Tested(reference, None, problems=error.problems)
    file = scenarios_beside(found.path)
    try:
        scenarios = load_scenarios(read_text(file), str(file), found.guide) if os.path.lexists(file) else ()
    except LoadError as error:
        return Tested(found.guide.id, file, problems=error.problems)
    runs = tuple(run(each, found.guide, found.facts, find) for each in scenarios)
    return Tested(found.guide.id, file, runs, (), coverage(found.guide, [each.session for each in runs]))


# ------------------------------------------------------------------------------------------------------------ printing


def _print(tested: Tested) -> None:
    for line in _lines(tested):
        say_line(line)


def _lines(tested: Tested) -> Iterator[str]:
    """Yield one line a scenario, or one a problem, which begins with its place; then what is covered."""
    yield tested.guide
    yield from map(str, tested.problems)
    for each in tested.runs:
        yield f"  {'échec' if each.failures else 'ok':<6} {each.scenario.id} : {each.scenario.title}"
        yield from map(str, each.failures)
    if tested.coverage is None:
        return
    if not tested.runs:
        yield f"  aucun scénario. Écrivez-en dans {tested.file}, ou commencez par : ecps-guide test --from SESSION"
        return
    shares = [(KINDS[kind], share) for kind, share in tested.coverage._asdict().items()]
    yield "  vus : " + ", ".join(f"{kind} {share.met}/{share.total} ({share.percent} %)" for kind, share in shares)
    for kind, share in shares:
        if share.missed:
            yield f"  {kind} jamais {'vus' if kind == 'écarts' else 'vues'} : {', '.join(share.missed)}"


def _as_data(tested: Tested, least: int) -> dict[str, Any]:
    shares = tested.coverage._asdict() if tested.coverage else {}
    return {
        "guide": tested.guide,
        "file": str(tested.file) if tested.file else None,
        "ok": tested.passed and tested.covers(least),
        "problems": [each._asdict() for each in tested.problems],
        "scenarios": [
            {
                "id": each.scenario.id,
                "title": each.scenario.title,
                "ok": not each.failures,
                "problems": [failure._asdict() for failure in each.failures],
            }
            for each in tested.runs
        ],
        "coverage": {kind: {**share._asdict(), "percent": share.percent} for kind, share in shares.items()},
    }


# ------------------------------------------------------------------------------------------------------- from a session


def write_scenario(reference: str, output: Path | None) -> int:
    """Write the scenario of a kept session that has ended; return 1 where there is none, or the file exists.

    Raises:
        JournalError: there is no such session, or it cannot be read.

    """
    with closing(open_store()) as store:
        told = load_session(store, session_named(store, reference))
    if not isinstance(current(told.session), End):
        name = told.row.id
        say_problem(f"La session {name} est inachevée. Terminez-la d’abord : ecps-guide resume {name}")
        return 1
    if output is not None and os.path.lexists(output):
        say_problem(f"Le fichier « {output} » existe déjà. Donnez un autre nom, puis copiez-y le scénario à la main.")
        return 1
    text = retell(told.session, told.row.id)
    for failure in _failures(text, told):
        say_problem(f"Ce scénario est à reprendre : tapé tel quel, il ne refait pas le même chemin. {failure}")
    return hand_out(text, output, force=False, example="scenarios.yaml")


def _failures(text: str, told: StoredSession) -> Iterator[Problem]:
    """Yield what goes otherwise when a scenario that was written is run on the guide of its session."""
    guide, parts = told.session.guide, {each.part.guide.id: each.part for each in history(told.session)}

    def find(guide_id: str) -> Destination | None:
        part = parts.get(guide_id)
        return Destination(part.guide, part.facts, ("", "")) if part else None

    for scenario in load_scenarios(text, "scenario", guide):
        yield from run(scenario, guide, told.facts, find).failures
