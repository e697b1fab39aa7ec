"""The sheet of a guide as PDF, against Typst alone on the same page, in an interleaved run of fresh processes.

Run with `python benchmarks/pdf.py` in an environment that has the project with its extra `pdf`. Measured for each
guide, in seconds of a process of its own, since Typst remembers what it has laid out:

    a  Typst on the data, and in the type size, that the sheet ends up with
    b  `to_pdf` on the sheet: its QR codes, the search for the type size, the page

The medians of the rounds, by the clock, and their ratio are printed.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time

from ecps_cli.exports import to_pdf
from ecps_cli.exports.sheet import sheet
from ecps_cli.loading.library import open_library


def once(kind: str, guide_id: str) -> float:
    """Return how long this process takes for one PDF, in seconds."""
    found = open_library(None, {}).find(guide_id)
    document = sheet(found.guide, found.facts, {})
    if kind == "b":
        start = time.perf_counter()
        to_pdf.to_pdf(document)
        return time.perf_counter() - start
    data, drawn, size = to_pdf._data(document), to_pdf._drawn(to_pdf._codes(document)), float(kind)
    start = time.perf_counter()
    to_pdf._made(to_pdf._layout("document.typ", data)(size, drawn), document.date)
    return time.perf_counter() - start


def size_of(guide_id: str) -> float:
    """Return the size of the letters in which the sheet of a guide is set."""
    found = open_library(None, {}).find(guide_id)
    sized = to_pdf._layout("document.typ", to_pdf._data(sheet(found.guide, found.facts, {})))
    extent = to_pdf._told(sized(to_pdf._COMPACT[0]), "extent")
    made = {size: sized(size) for size in to_pdf._COMPACT}
    fitting = to_pdf._fitting(made.__getitem__, *extent)
    return next(size for size, compiler in made.items() if compiler is fitting)


def in_its_own_process(kind: str, guide_id: str) -> float:
    """Return what `once` measures in a process that has done nothing yet."""
    command = [sys.executable, __file__, "--once", kind, guide_id]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    """Measure in rounds, and print a table."""
    parser = argparse.ArgumentParser(description="a PDF, against Typst alone")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(once(*options.once))
        return
    print(f"Python {platform.python_version()}, medians of {options.rounds} rounds")
    for guide_id in open_library(None, {}).own:
        kinds = {"a": str(size_of(guide_id)), "b": "b"}
        times: dict[str, list[float]] = {"a": [], "b": []}
        for _ in range(options.rounds):
            for name, kind in kinds.items():
                times[name].append(in_its_own_process(kind, guide_id))
        bare, ours = (statistics.median(times[name]) for name in "ab")
        print(
            f"{guide_id:20} a {bare * 1e3:4.0f} ms ({kinds['a']} pt)   b {ours * 1e3:4.0f} ms   "
            f"b / a = {ours / bare:.2f} (goal: 2)"
        )


if __name__ == "__main__":
    main()
