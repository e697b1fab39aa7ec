"""The journal: one durable event against a bare insert of the same bytes; long journals against short ones.

Run with `python benchmarks/journal.py`. Nothing of the user's own data is touched. What is measured:

    a  a bare `sqlite3` insert of the same bytes, in a table of its own, with the same pragmas
    b  `Store.append` of one event; both return when the bytes are durable

and, with 10, 1,000 and 10,000 sessions of 30 events:

    once      `sessions` for the first time, when no state is kept yet; `sessions --verify`; `Store.forget` of five
    in turn   `sessions`, `report` and `resume` until the first line; the whole of `sessions` and of `sessions --json`
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
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ecps_cli.core.events import Answered, Confirmed, Ended, Event, Noted
from ecps_cli.core.moves import apply
from ecps_cli.core.session import End, Session, current
from ecps_cli.core.text import text_digest
from ecps_cli.loading.library import open_library
from ecps_cli.storage.folder import JOURNAL
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
    last = events[-1].step if isinstance(position, End) else position.id
    ending = [Ended(at, last, position.id)] if isinstance(position, End) else []
    first = events[0].step
    notes = [Noted(at, first, f"note {each}") for each in range(EVENTS - len(events) - len(ending))]
    return [*notes, *events, *ending]


def build(folder: Path, sessions: int) -> None:
    """Write a journal of so many sessions, one in ten of them unfinished, with the hashes that the project makes."""
    Store(folder).close()
    found = open_library(None, {}).find(GUIDE)
    kinds = [[(type(event).__name__, encoded(event)) for event in walked(0, finished)] for finished in (False, True)]
    base = sqlite3.connect(folder / JOURNAL, isolation_level=None)
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
        base.execute("INSERT INTO last VALUES (?, ?)", (name, len(rows)))
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


def seconds(folder: Path, command: str, first_line: bool = False) -> float:
    """Run a command and return the seconds until it has written a line, then end it; or until it has ended."""
    environ = {**os.environ, "ECPS_DATA": str(folder)}
    before = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "ecps_cli", *command.split()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
    ) as child:
        assert child.stdout  # noqa: S101 — asked for above
        written = child.stdout.readline() if first_line else child.stdout.read()
        spent = time.perf_counter() - before
        child.kill()
    if not written:
        raise SystemExit(f"ecps-guide {command}: wrote nothing")
    return spent


def seconds_to_purge(folder: Path) -> float:
    """Erase five sessions, and return the seconds that took."""
    with closing(Store(folder)) as store:
        oldest = store.ids()[:5]
        before = time.perf_counter()
        store.forget(oldest)
        return time.perf_counter() - before


IN_TURN = {
    "sessions, first line": ("sessions", True),
    "report, first line": ("report", True),
    "resume, first line": ("resume", True),
    "sessions, whole": ("sessions", False),
    "sessions --json, whole": ("sessions --json", False),
}


def main() -> None:
    """Time every pair in turn, so many times, and print medians and ratios."""
    parser = argparse.ArgumentParser(description="The journal: durable appends, and many sessions against few.")
    parser.add_argument("--appends", type=int, default=300, help="appends of each kind (default: 300)")
    parser.add_argument("--runs", type=int, default=15, help="runs of each command (default: 15)")
    parser.add_argument("--sessions", type=int, nargs="+", default=[10, 1000, 10_000], help="sizes of the journals")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} CPU")
        report(appends(folder, wanted.appends))
        journals = [folder / str(size) for size in wanted.sessions]
        times: dict[str, list[list[float]]] = {}
        for size, at in zip(wanted.sessions, journals, strict=True):
            build(at, size)
            times.setdefault("sessions, first time", []).append([seconds(at, "sessions")])
            times.setdefault("sessions --verify", []).append([seconds(at, "sessions --verify")])
        for name, (command, first_line) in IN_TURN.items():
            times[name] = [[] for _ in journals]
            for _ in range(wanted.runs):
                for spent, at in zip(times[name], journals, strict=True):
                    spent.append(seconds(at, command, first_line))
        times["forget of five"] = [[seconds_to_purge(at)] for at in journals]
    finally:
        shutil.rmtree(folder)
    print(f"{'':<24}" + "".join(f"{size:>12}" for size in wanted.sessions) + "   ratio")
    for name, measured in times.items():
        medians = [statistics.median(each) for each in measured]
        print(
            f"{name:<24}" + "".join(f"{each * 1000:>9.0f} ms" for each in medians) + f"{medians[-1] / medians[0]:>8.2f}"
        )
    print("goals: first lines, a ratio of at most 1.20; the whole list in at most 1000 ms")


def report(times: dict[str, list[float]]) -> None:
    """Print the medians of the two kinds of appends, and their ratio."""
    bare, append = (statistics.median(times[name]) * 1000 for name in "ab")
    print(f"append: a {bare:.2f} ms, b {append:.2f} ms, ratio {append / bare:.2f}")


if __name__ == "__main__":
    main()
