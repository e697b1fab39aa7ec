"""The journal: one durable event against a bare insert of the same bytes; 10,000 sessions against 10; in one run.

Run with `python benchmarks/journal.py`. Nothing of the user's own data is touched. What is measured:

    a  a bare `sqlite3` insert of the same bytes, in a table of its own, with the same pragmas
    b  `Store.append` of one event; both return when the bytes are durable
    c  `ecps-guide sessions`, until its first line, with 10 sessions of 30 events, and with 10,000
    d  `ecps-guide resume`, until its first line, the same
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ecps_cli.core.events import Answered, Confirmed, Ended, Event, Noted
from ecps_cli.core.moves import apply
from ecps_cli.core.session import End, Session, current
from ecps_cli.core.text import text_digest
from ecps_cli.loading.library import open_library
from ecps_cli.storage.rows import EventRow, SessionRow, digest, encoded
from ecps_cli.storage.store import Store

EVENTS = 30
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
GUIDE = "activate-with-card"


def walked(number: int, finished: bool) -> list[Event]:
    """Return the events of a session of the real guide: steps done, and notes up to the number that is asked."""
    session = Session(open_library(None, {}).find(GUIDE).guide, START)
    at = START + timedelta(minutes=number)
    while not isinstance(position := current(session), End):
        options = [*position.options]
        event = Answered(at, position.id, options[0]) if options else Confirmed(at, position.id)
        session = apply(session, event)
        if not finished and len(session.events) > 8:
            break
    events = list(session.events)
    last = events[-1].step if isinstance(position, End) else current(session).id  # type: ignore[union-attr]
    ending = [Ended(at, last, position.id)] if isinstance(position, End) else []
    first = events[0].step
    notes = [Noted(at, first, f"note {each}") for each in range(EVENTS - len(events) - len(ending))]
    return [*notes, *events, *ending]


def build(folder: Path, sessions: int) -> None:
    """Write a journal of so many sessions, one in ten of them unfinished, with the hashes that the project makes."""
    Store(folder).close()
    found = open_library(None, {}).find(GUIDE)
    kinds = [[(type(event).__name__, encoded(event)) for event in walked(0, finished)] for finished in (False, True)]
    base = sqlite3.connect(folder / Store.NAME, isolation_level=None)
    base.execute("BEGIN")
    for text in (found.text, found.facts_text):
        base.execute("INSERT OR IGNORE INTO text VALUES (?, ?)", (text_digest(text), text))
    for number in range(sessions):
        started = START + timedelta(minutes=number)
        name = f"{started:%Y%m%d-%H%M%S}"
        texts = text_digest(found.text), text_digest(found.facts_text)
        row = SessionRow(name, started.isoformat(), GUIDE, *texts, "ecps-guide", 0)
        base.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        previous = row.seal
        rows = []
        for place, (kind, body) in enumerate(kinds[number % 10 != 0], 1):
            rows.append(EventRow(name, place, kind, body, previous, digest(name, place, kind, body, previous)))
            previous = rows[-1].hash
        base.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
    base.execute("COMMIT")
    base.close()


def appends(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Time single durable writes, one of each kind in turn."""
    store = Store(folder / "journal")
    name = store.begin(START, GUIDE, "guide", "facts", "ecps-guide", False)
    bare = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    bare.executescript("PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON;")
    bare.execute(
        """CREATE TABLE event (session TEXT, number INTEGER, kind TEXT, body TEXT, previous TEXT, hash TEXT,
        PRIMARY KEY (session, number)) WITHOUT ROWID"""
    )
    times: dict[str, list[float]] = {"a": [], "b": []}
    for number in range(1, rounds + 1):
        event = Confirmed(START + timedelta(seconds=number), "open-app")
        row = (name, number, "Confirmed", encoded(event), digest(number), digest(number))
        before = time.perf_counter()
        bare.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", row)
        between = time.perf_counter()
        store.append(name, event)
        times["a"].append(between - before)
        times["b"].append(time.perf_counter() - between)
    bare.close()
    store.close()
    return times


def seconds_until_first_line(folder: Path, command: str) -> float:
    """Run a command and return the seconds until it has written a line; then end it."""
    environ = {**os.environ, "ECPS_DATA": str(folder)}
    before = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "ecps_cli", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
    ) as child:
        assert child.stdout  # noqa: S101 — asked for above
        line = child.stdout.readline()
        spent = time.perf_counter() - before
        child.kill()
    if not line:
        raise SystemExit(f"ecps-guide {command}: wrote nothing")
    return spent


def main() -> None:
    """Time every pair in turn, so many times, and print medians and ratios."""
    parser = argparse.ArgumentParser(description="The journal: durable appends, and many sessions against few.")
    parser.add_argument("--appends", type=int, default=300, help="appends of each kind (default: 300)")
    parser.add_argument("--runs", type=int, default=15, help="runs of each command (default: 15)")
    parser.add_argument("--sessions", type=int, default=10_000, help="sessions of the large journal (default: 10000)")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} CPU")
        single = appends(folder, wanted.appends)
        few, many = folder / "few", folder / "many"
        build(few, 10)
        before = time.perf_counter()
        build(many, wanted.sessions)
        size = (many / Store.NAME).stat().st_size / 2**20
        spent = time.perf_counter() - before
        print(f"{wanted.sessions} sessions of {EVENTS} events: {size:.0f} MiB, built in {spent:.0f} s")
        commands: dict[tuple[str, Path], list[float]] = {
            (name, at): [] for name in ("sessions", "resume") for at in (few, many)
        }
        for number in range(wanted.runs + 1):  # the first round warms the caches, and is not counted
            for (name, at), times in commands.items():
                spent = seconds_until_first_line(at, name)
                if number:
                    times.append(spent)
    finally:
        shutil.rmtree(folder)
    report(single, "a", "b", "append", None)
    for name in ("sessions", "resume"):
        report({at.name: commands[name, at] for at in (few, many)}, "few", "many", name, 1.3)


def report(times: dict[str, list[float]], one: str, other: str, what: str, goal: float | None) -> None:
    """Print two medians, and their ratio."""
    median = {name: statistics.median(values) * 1000 for name, values in times.items()}
    aim = f"  (goal: at most {goal})" if goal else ""
    ratio = median[other] / median[one]
    print(f"{what}: {one} {median[one]:.2f} ms, {other} {median[other]:.2f} ms, ratio {ratio:.2f}{aim}")


if __name__ == "__main__":
    main()
