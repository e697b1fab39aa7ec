"""The scenarios of the shipped guides, against folding the events of the same walks, in one interleaved run.

Run with `python benchmarks/scenarios.py` in an environment that has the project. Measured in this process, for all the
scenarios of all the guides, which are loaded before:

    a  `replay`: the events of each walk, folded into a session
    b  `run`: each walk as a scenario types it, with its questions, its record and what it failed in

The medians of the rounds, in seconds of this process, and their ratio are printed.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import time
from collections.abc import Callable
from functools import cache

from ecps_cli.authoring.scenarios import CLOCK, load_scenarios, run, scenarios_beside
from ecps_cli.cli.reading import destinations
from ecps_cli.core.moves import replay
from ecps_cli.core.session import history
from ecps_cli.loading.library import open_library
from ecps_cli.loading.text_file import read_text


def seconds(work: Callable[[], object]) -> float:
    """Return how long this takes, in seconds of this process: others on the machine count for nothing."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure in rounds, and print a table."""
    parser = argparse.ArgumentParser(description="scenarios, against folding their events")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    library = open_library(None, {})
    find = cache(destinations(lambda: library))
    walks = [
        (scenario, found)
        for found in map(library.find, library.own)
        for scenario in load_scenarios(read_text(scenarios_beside(found.path)), found.guide.id, found.guide)
    ]
    ran = [run(scenario, found.guide, found.facts, find) for scenario, found in walks]
    known = {into.hashes: into for each in library.own if (into := find(each))}
    told = [(each.session.guide, [event for _, event, _ in history(each.session)]) for each in ran]

    def fold() -> None:
        for guide, events in told:
            replay(guide, CLOCK, events, destinations=known)

    def walk() -> None:
        for scenario, found in walks:
            run(scenario, found.guide, found.facts, find)

    times: dict[str, list[float]] = {"a": [], "b": []}
    for _ in range(options.rounds):
        times["a"].append(seconds(fold))
        times["b"].append(seconds(walk))
    bare, ours = (statistics.median(times[name]) for name in "ab")
    count = sum(len(events) for _, events in told)
    print(f"Python {platform.python_version()}, {len(walks)} scenarios, {count} events")
    print(f"a  their events folded   {bare * 1e3:6.0f} ms")
    print(f"b  the scenarios run     {ours * 1e3:6.0f} ms   b / a = {ours / bare:.2f}")


if __name__ == "__main__":
    main()
