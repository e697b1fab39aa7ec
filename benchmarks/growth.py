"""How costs grow with a guide: an exponent for each operation, in each of the ways in which a guide gets long.

Run with `python benchmarks/growth.py` in an environment that has the project; `--most 1500` is the largest size. Guides
are made of so many steps, deviations of one step, options of one question, lines to tick, or nested questions (at most
1,100: a file has no room for more), each of which is asked only after one answer to the one before. Measured in this
process: to load the guide; `check`; to show it in each format; a screen in the middle of a walk, at 80 columns and 120.

What is counted is lines of Python that are executed (`sys.settrace`), once more each time round a loop: the same number
on every machine, whatever else runs there. Since a copy or a search within one line does not show in that, the time of
the process is printed too: the least of three. An exponent of 1 is linear, 2 quadratic; n log n is below 1.2 between
these sizes. The exit code is 1 where the lines of one operation grow faster than `--allowed`, 1.2.
"""

from __future__ import annotations

import argparse
import gc
import io
import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from ecps_cli.authoring.checker import check
from ecps_cli.core.events import Answered, Confirmed, Event
from ecps_cli.core.guide import Facts, Guide, Step
from ecps_cli.core.moves import apply
from ecps_cli.core.session import Session, current
from ecps_cli.exports.formats import GUIDE_FORMATS, export_guide
from ecps_cli.exports.sheet import sheet
from ecps_cli.loading.library import Library, open_library
from ecps_cli.loading.loader import load_guide
from ecps_cli.screen.document_view import document_view
from ecps_cli.screen.painting import Look
from ecps_cli.screen.step_screen import StepScreen
from ecps_cli.screen.terminal import make_console, paint

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
HEAD = """\
format: 1
id: long
version: "1"
title: Un long guide
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche-2026]
steps:
"""
DO = "  - {{id: s{0}, who: doctor, device: phone, do: Ouvrir la page {0}, expect: La page {0} est affichée{1}}}\n"
TAIL = "outcomes:\n  done: {success: true, text: Fait.}\n"


def _steps(size: int) -> str:
    return "".join(DO.format(number, f", section: Partie {number // 9}") for number in range(size))


def _deviations(size: int) -> str:
    lines = (
        f"      - {{id: d{number}, if: L’écran {number} est affiché, do: Le fermer, then: continue}}\n"
        for number in range(size)
    )
    step = "  - id: many\n    who: doctor\n    device: phone\n    do: Ouvrir la page\n    deviations:\n"
    return f"{step}{''.join(lines)}"


def _options(size: int) -> str:
    lines = "".join(f"      o{number}: L’écran {number}\n" for number in range(size))
    return f"  - id: many\n    choose: Quel écran ?\n    options:\n{lines}      unsure: Je ne sais pas\n"


def _ticks(size: int) -> str:
    lines = "".join(f"      - {{id: t{number}, text: Le service {number}}}\n" for number in range(size))
    return f"  - id: many\n    tick: Prévenir\n    items:\n{lines}"


def _nested(size: int) -> str:
    return "".join(
        f"  - {{id: q{number}, choose: L’écran {number} ?, options: {{a: Oui, b: Non, unsure: Je ne sais pas}}"
        + (f", when: {{q{number - 1}: [a]}}}}\n" if number else "}\n")
        for number in range(size)
    )


WAYS: dict[str, Callable[[int], str]] = {
    "steps": _steps,
    "deviations": _deviations,
    "options": _options,
    "ticks": _ticks,
    "nested": _nested,
}
MOST = {"nested": 1100}
"""The size at which a guide of that kind fills the file that it may be in."""


def text_of(way: str, size: int) -> str:
    """Text of a guide that is so long in one way."""
    return HEAD + WAYS[way](size) + DO.format("-last", ", end: done") + TAIL


def halfway(guide: Guide) -> Session:
    """Session of a guide that was walked through the first half of its steps."""
    session = Session(guide, AT)
    for _ in range(len(guide.steps) // 2):
        step = current(session)
        if isinstance(step, Step):
            event: Event = (
                Answered(AT, step.id, next(iter(step.options))) if step.action == "choose" else Confirmed(AT, step.id)
            )
            session = apply(session, event)
    return session


def operations(way: str, size: int, facts: Facts, folder: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield each operation on a guide, by its name."""
    text = text_of(way, size)
    (folder / "long.yaml").write_text(text, "utf-8")
    library = Library(folder, open_library(None, {}))
    yield "load", lambda: load_guide(text, "long.yaml", facts)
    yield "check", lambda: list(check([str(folder)], library, date(2026, 11, 28)))
    guide = load_guide(text, "long.yaml", facts)
    yield "text", lambda: paint(make_console(io.StringIO()), document_view(sheet(guide, facts, {})))
    for fmt in GUIDE_FORMATS:
        yield fmt, partial(export_guide, fmt, guide, facts, dict)
    session = halfway(guide)
    step = current(session)
    if isinstance(step, Step):
        for width in (80, 120):
            yield f"screen {width}", partial(painted, session, step, facts, width)


def painted(session: Session, step: Step, facts: Facts, width: int) -> None:
    """Paint the screen of a step on a terminal of so many columns."""
    console = Console(file=io.StringIO(), width=width, height=40)
    list(console.render(StepScreen(session, step, facts, AT, Look())))


def lines(action: Callable[[], Any]) -> int:
    """Number of lines of Python that an action executes."""
    count = 0

    def note(frame: Any, kind: str, argument: Any) -> Any:
        nonlocal count
        count += kind == "line"
        return note

    sys.settrace(note)
    try:
        action()
    finally:
        sys.settrace(None)
    return count


def seconds(action: Callable[[], Any]) -> float:
    """Least time of the process that an action takes, of three."""
    gc.collect()
    spent = []
    for _ in range(3):
        begun = time.process_time()
        action()
        spent.append(time.process_time() - begun)
    return min(spent)


def exponents(way: str, sizes: tuple[int, int], facts: Facts) -> Iterator[tuple[str, float, float, float]]:
    """Yield each operation with the exponents of its lines and its time, and its time at the larger size."""
    measured: list[dict[str, tuple[int, float]]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measured.append(
                {
                    name: (action(), lines(action), seconds(action))[1:]
                    for name, action in operations(way, size, facts, Path(folder))
                }
            )
    ratio = math.log(sizes[1] / sizes[0])
    for name, (few, short) in measured[0].items():
        many, long = measured[1][name]
        yield name, math.log(many / few) / ratio, math.log(long / max(short, 1e-6)) / ratio, long


def main() -> int:
    """Print the exponents; return 1 when one of them is too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1500)
    parser.add_argument("--allowed", type=float, default=1.2)
    parser.add_argument("--ways", nargs="*", default=list(WAYS))
    given = parser.parse_args()
    facts = open_library(None, {}).facts()
    worst = 0.0
    for way in given.ways:
        most = min(given.most, MOST.get(way, given.most))
        print(f"{way}, {most // 4} → {most}", flush=True)
        for name, of_lines, of_time, long in exponents(way, (most // 4, most), facts):
            worst = max(worst, of_lines)
            print(f"  {name:<11} lines n^{of_lines:.2f}   time n^{of_time:.2f}   {long:8.3f} s")
    return int(worst > given.allowed)


if __name__ == "__main__":
    sys.exit(main())
