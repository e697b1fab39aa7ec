"""`check` on a thousand guides, against composing the same files with libyaml alone, in one interleaved run.

Run with `python benchmarks/check.py` in an environment that has the project. Guides of 30 steps are made from a
pattern, each under its own id, in a temporary folder with the facts of the project. What is measured:

    a  read and `yaml.compose` each file with `CSafeLoader`: what libyaml alone costs
    b  `checker.check` on the folder, in one process: reading, the tree, the model, the errors, the warnings
    c  the same with the machine's cores, by the clock, as is `a` for it
    d  the same once more, with the verdicts that a run before it has kept: reading them, and the files
    e  the files named one by one, 100 and 400 of them, in the folder that is the library too

The medians of the rounds, their ratios, the growth from a tenth of the guides to all of them, and the peak of memory
that Python held during a check are printed. But for `c`, what is measured is the time of this process: others on the
machine count for nothing. With `--instructions`, those of `a` and `b` are counted instead, where valgrind is installed.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from ecps_cli.authoring.checker import check
from ecps_cli.loading.library import Library, open_library
from ecps_cli.storage.check_cache import remember, remembered

DAY = max(each.verified_on for each in open_library(None, {}).facts().values() if each.verified_on)
"""A day on which none of the shipped facts is still to come."""
STEPS = 30

HEAD = """\
format: 1
id: {id}
version: "2026.1"
title: "Préparer le poste n° {number}"
verified_on: 2026-11-24
review_by: 2027-05-24
sources: [fiche-2026, faq-ans, guide-ans]
fits:
  - "Le médecin a son téléphone, et un ordinateur relié à Internet."
needs:
  - "Le téléphone du médecin, relié à Internet."
contacts: [ans-help]
links: [help-page]

steps:
"""
DO = """\
  - id: step-{step}
    section: "Partie {part}"
    who: doctor
    device: phone
    do: "Appuyer sur **Commencer l'activation** (écran {step})."
    expect: "Le texte de la licence est affiché, écran {step}."
    help: "Après une nouvelle demande, ouvrir le courriel le plus récent."
    deviations:
      - id: other-screen
        if: "Un autre écran est affiché."
        do: "C’est l’ancien écran. Fermer l’application, puis la rouvrir."
        then: retry
        max: 2
      - id: still-other-screen
        if: "L’application refuse toujours le téléphone."
        do: "Arrêter ici. Il faut un autre téléphone, ou l’assistance e-CPS."
        then: {{end: refused}}
        contacts: [ans-help]
"""
CHOOSE = """\
  - id: step-{step}
    who: doctor
    choose: "L’écran {step} est-il celui qui est attendu ?"
    options:
      right: "Oui"
      wrong: "Non"
      unsure: "Je ne sais pas"
"""
ASK = """\
  - id: step-{step}
    when: {{step-{before}: [wrong, unsure]}}
    who: support
    ask: "Titre de l’écran {step}"
    keep: full
"""
TAIL = """\
    end: done
outcomes:
  done:
    success: true
    text: "Le poste est prêt."
    next:
      - "Dire au médecin : « Une notification que vous n’attendez pas, refusez-la. »"
  refused:
    success: false
    text: "L’application e-CPS refuse ce téléphone."
    contacts: [ans-help]
    links: [help-page]
"""


def guide(number: int) -> str:
    """Return a guide of `STEPS` steps: of three, one asks something that the one before it decides."""
    steps = []
    for step in range(STEPS - 1):
        pattern = (DO, CHOOSE, ASK)[step % 3]
        steps.append(pattern.format(step=step, before=step - 1, part=step // 9))
    steps.append(DO.format(step=STEPS - 1, part=STEPS // 9))
    return HEAD.format(id=f"guide-{number}", number=number) + "".join(steps) + TAIL


def fill(folder: Path, count: int) -> Path:
    """Make a folder of guides, with the facts of the project."""
    folder.mkdir()
    shutil.copy(open_library(None, {}).folder / "facts.yaml", folder)
    for number in range(count):
        (folder / f"guide-{number}.yaml").write_text(guide(number), encoding="utf-8")
    return folder


def compose_all(folder: Path) -> None:
    """Compose each file with libyaml, and keep nothing."""
    for path in sorted(folder.glob("*.yaml")):
        yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def check_all(
    folder: Path, verdicts: dict[str, Any] | None = None, jobs: int = 1, places: tuple[str, ...] = ()
) -> None:
    """Check each file, and hold that nothing is wrong with any."""
    for report in check(places, Library(folder), DAY, verdicts, jobs):
        assert not report.problems, report.problems[0]  # noqa: S101 — the guides are made to be good


def check_by_all(folder: Path) -> None:
    """Check each file, in as many processes as there are cores."""
    check_all(folder, jobs=os.cpu_count() or 1)


def check_again(folder: Path) -> None:
    """Check each file where all verdicts were kept."""
    check_all(folder, remembered(folder / "cache", DAY))


def keep_verdicts(folder: Path) -> None:
    """Check each file, and keep the verdicts."""
    verdicts: dict[str, Any] = {}
    check_all(folder, verdicts)
    remember(folder / "cache", DAY, verdicts)


def seconds(work: Callable[[Path], None], folder: Path, clock: Callable[[], float] = time.process_time) -> float:
    """Return how long this takes by a clock."""
    gc.collect()
    start = clock()
    work(folder)
    return clock() - start


def peak(work: Callable[[Path], None], folder: Path) -> float:
    """Return the most memory that Python held at once during it, in MB."""
    tracemalloc.start()
    work(folder)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def instructions(work: Callable[[Path], None], folder: Path) -> int:
    """Instructions of it in a process that has done it once already: those of twice, less those of once."""
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", sys.executable]
    counted = []
    for times in (1, 2):
        source = f"import check, pathlib\nfor _ in range({times}): check.{work.__name__}(pathlib.Path({str(folder)!r}))"
        environ = {**os.environ, "PYTHONHASHSEED": "0"}
        ran = subprocess.run(
            [*counting, "-c", source],
            cwd=Path(__file__).parent,
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
        counted += [int(found.replace(",", "")) for found in re.findall(r"I +refs: +([\d,]+)", ran.stderr)]
    once, twice = counted
    return twice - once


def count_instructions(guides: int) -> None:
    """Print the instructions of both on so many guides, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        some = fill(Path(folder) / "some", guides)
        compose, checked = instructions(compose_all, some), instructions(check_all, some)
    print(f"Python {platform.python_version()}, {guides} guides of {STEPS} steps")
    print(f"a  libyaml composes them   {compose / 1e6:8.0f} M")
    print(f"b  check                   {checked / 1e6:8.0f} M   b / a = {checked / compose:.3f} (goal: 1.6)")


def main() -> None:
    """Measure in rounds, and print a table."""
    parser = argparse.ArgumentParser(description="check, against libyaml alone")
    parser.add_argument("--guides", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--instructions", action="store_true", help="count them, on a tenth of the guides")
    options = parser.parse_args()
    if options.instructions:
        count_instructions(options.guides // 10)
        return
    with tempfile.TemporaryDirectory() as folder:
        few = fill(Path(folder) / "few", options.guides // 10)
        many = fill(Path(folder) / "many", options.guides)
        size = sum(path.stat().st_size for path in many.glob("*.yaml")) / 1e6
        named = {count: tuple(f"{many}/guide-{number}.yaml" for number in range(count)) for count in (100, 400)}
        times: dict[str, list[float]] = {}

        def measure(name: str, *measured: Any) -> None:
            times.setdefault(name, []).append(seconds(*measured))

        check_all(few)  # what is built once is not measured
        keep_verdicts(many)
        for _ in range(options.rounds):
            measure("compose", compose_all, many)
            measure("many", check_all, many)
            measure("again", check_again, many)
            measure("compose by the clock", compose_all, many, time.perf_counter)
            measure("many by the clock", check_by_all, many, time.perf_counter)
            times.setdefault("few", []).append(statistics.median(seconds(check_all, few) for _ in range(3)))
            for count, places in named.items():
                measure(f"{count} named", partial(check_all, places=places), many)
        memory = {name: peak(check_all, path) for name, path in (("few", few), ("many", many))}
    median = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"Python {platform.python_version()}, {options.guides} guides of {STEPS} steps, {size:.1f} MB")

    def row(letter: str, what: str, name: str, base: str, goal: str) -> None:
        spread = f"{min(times[name]):.2f} to {max(times[name]):.2f}"
        ratio = f"{letter} / a = {median[name] / median[base]:.2f} (goal: {goal})" if base else ""
        print(f"{letter}  {what:36}{median[name]:7.2f} s  ({spread})   {ratio}")

    row("a", "libyaml composes them", "compose", "", "")
    row("b", "check", "many", "compose", "1.6")
    row("c", f"check by {os.cpu_count()} cores, by the clock", "many by the clock", "compose by the clock", "1.0")
    row("d", "check once more, nothing changed", "again", "compose", "0.1")
    growth = median["400 named"] / median["100 named"] / 4
    print(f"e  check, 400 files named              {median['400 named']:7.2f} s   growth = {growth:.2f} of linear")
    growth = median["many"] / median["few"] / 10
    print(f"   check, a tenth of them              {median['few']:7.2f} s   growth = {growth:.2f} of linear")
    print(f"   peak of memory                      {memory['many']:7.1f} MB  ({memory['few']:.1f} MB for a tenth)")


if __name__ == "__main__":
    main()
