"""A team of two hundred: what a key press, the server and a reader take, on a PostgreSQL of the benchmark's own.

Run with `python benchmarks/team.py` in an environment that has the project with its extra `test`, where Debian's
package `postgresql` is installed. What is measured, each against the other in the same minute:

    keys    a key press until the next question stands, by turns: without a team, with one, with a database that is
            down, and with one that takes connections and never answers
    events  events per second that the server keeps, durably: a bare `INSERT` of 500 rows of the same bytes; what PCs
            send that have been off the network (500 events a call); 200 connections with one event each at a time
    figures over a million events: the list of `resume --team`, and the figures of `stats --team`

    python benchmarks/team.py keys --presses 50        only one of them
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ecps_cli.core.text import text_digest
from ecps_cli.storage.rows import EventRow, SessionRow, digest
from ecps_cli.team.counting import counted
from ecps_cli.team.key import make_key, read_key
from ecps_cli.team.replica import APPEND, BATCH, Replica
from keypress import Asked
from support.postgres import Cluster, Database

PCS = 200
BODY = '{{"at": "2026-11-28T10:00:{:02}.123456+01:00", "step": "s{}", "text": "Une note de la longueur usuelle"}}'
GUIDE, FACTS = "id: g\nversion: 1\n", "{}"
GOAL = 1.05


# ------------------------------------------------------------------------------------------------------------ key press


def keys(database: Database, key: Path, folder: Path, presses: int) -> None:
    """Press keys in walks with and without a team, by turns, and print the medians and ratios."""
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections, and says nothing
    told = {"ECPS_TEAM_KEY": str(key), "PGPASSFILE": str(database.cluster.passwords)}
    teams = {
        "off": {},
        "on": {**told, "ECPS_TEAM": database.address()},
        "down": {**told, "ECPS_TEAM": database.address(port=1)},
        "silent": {**told, "ECPS_TEAM": database.address(port=silent.getsockname()[1])},
    }
    guide = [sys.executable, "-m", "ecps_cli", "activate", "--with-card"]
    walks = {name: Asked(guide, str(folder / name), None, **environ) for name, environ in teams.items()}
    times: dict[str, list[float]] = {name: [] for name in walks}
    try:
        for asked in walks.values():
            asked.press("\r")
        time.sleep(1)
        for number in range(presses + 10):  # the first ten warm up, and are not counted
            for name, asked in walks.items():
                spent = asked.press("\rr"[number % 2])
                times[name] += [spent] if number >= 10 else []
    finally:
        for asked in walks.values():
            asked.end()
        silent.close()
    off = statistics.median(times["off"])
    for name, each in times.items():
        median, worst = statistics.median(each), statistics.quantiles(each, n=20)[-1]
        print(
            f"key, team {name}: {median * 1000:.1f} ms (95 %: {worst * 1000:.1f} ms), {median / off:.2f} of off", end=""
        )
        print(f"  (goal: at most {GOAL})" if name != "off" else "")
    with database.admin() as connection:
        print("events sent meanwhile:", connection.execute("SELECT count(*) FROM ecps.event").fetchone())


# --------------------------------------------------------------------------------------------------- events per second


def walk(number: int, events: int) -> tuple[SessionRow, list[EventRow]]:
    """A walk of so many events, chained."""
    row = SessionRow(f"w{number}", "2026-11-28T09:00:00+01:00", "g", text_digest(GUIDE), text_digest(FACTS), "", 0)
    rows, previous = [], row.seal
    for place in range(1, events + 1):
        body = BODY.format(place % 60, place % 20)
        rows.append(EventRow(row.id, place, "Noted", body, previous, digest(row.id, place, "Noted", body, previous)))
        previous = rows[-1].hash
    return row, rows


def events(database: Database, key: Path, environ: dict[str, str]) -> None:
    """Print how many events a second are kept."""
    made = [walk(number, BATCH) for number in range(PCS)]
    with closing(Replica.of(environ)) as replica:
        for row, _ in made:
            replica.begin(row, lambda sha: GUIDE if sha == text_digest(GUIDE) else FACTS, "POSTE")
        leaving = [[replica._leaving(row, place, rows) for place in range(BATCH)] for row, rows in made]
        bare = per_second(lambda: insert(database, leaving[:40]), 40 * BATCH)
        print(f"a bare INSERT of {BATCH} rows: {bare:.0f} events/s")
        sent = per_second(lambda: [replica.append(row, 1, rows, 0) for row, rows in made[:40]], 40 * BATCH)
        print(f"ecps.append of {BATCH} events, sealing included: {sent:.0f} events/s, {sent / bare:.2f} of bare")
    singles = 50
    connections = [Replica.of(environ) for _ in range(PCS)]
    values = [
        list(one_by_one(row, rows, read_key(environ), singles))
        for row, rows in (walk(1000 + n, singles) for n in range(PCS))
    ]
    for replica, number in zip(connections, range(PCS), strict=True):
        replica.begin(walk(1000 + number, 0)[0], lambda sha: GUIDE if sha == text_digest(GUIDE) else FACTS, "POSTE")
    with ThreadPoolExecutor(PCS) as pool:
        live = per_second(lambda: list(pool.map(send, connections, values)), PCS * singles)
    print(f"{PCS} connections, one event a transaction: {live:.0f} events/s, {live / bare:.2f} of bare")
    for replica in connections:
        replica.close()
    print(f"(200 walkers who press a key every 10 s make {PCS // 10} events/s)")


def per_second(work: Callable[[], Any], number: int) -> float:
    """How many a second."""
    start = time.perf_counter()
    work()
    return number / (time.perf_counter() - start)


def insert(database: Database, batches: list[list[tuple[Any, ...]]]) -> None:
    """Insert the same rows into a table without any rule, a batch a transaction."""
    with database.admin() as connection:
        connection.execute(
            """CREATE TABLE bare (walk bigint, number integer, kind text, step text, at timestamptz,
            spent double precision, detail text, fingerprint bytea, sealed bytea, PRIMARY KEY (walk, number))"""
        )
        for number, rows in enumerate(batches):
            columns = [list(each) for each in zip(*rows, strict=True)]
            connection.execute(
                """INSERT INTO bare SELECT %s, row_number() OVER (), * FROM unnest(%s::text[], %s::text[],
                %s::timestamptz[], %s::double precision[], %s::text[], %s::bytea[], %s::bytea[])""",
                (number, *columns),
            )


def one_by_one(row: SessionRow, rows: list[EventRow], key: Any, number: int) -> Any:
    """Values of calls that append one event each: what the PCs of the team would have made ready."""
    replica = Replica(None, key)  # type: ignore[arg-type]
    for place in range(number):
        previous = key.fingerprint(rows[place - 1].hash) if place else b""
        columns = [[value] for value in replica._leaving(row, place, rows)]
        yield bytes.fromhex(row.seal), 1, None, place + 1, previous, *columns


def send(replica: Replica, calls: list[Any]) -> None:
    """Make these calls, one after the other."""
    for values in calls:
        replica._connection.execute(APPEND, values)


# -------------------------------------------------------------------------------------------------------------- figures


FILL = """
INSERT INTO ecps.text VALUES (%(guide)s, %(text)s), (%(facts)s, '{}') ON CONFLICT DO NOTHING;
INSERT INTO ecps.edition (guide_id, version) SELECT 'g' || n, '1' FROM generate_series(1, 10) AS n;
INSERT INTO ecps.walk (seal, session, started, began, guide_id, edition, guide, facts, tool, touched, holder, last,
    step, label, state, outcome)
SELECT sha256(n::text::bytea), n::text, '', at, 'g' || n %% 10 + 1, (SELECT min(id) FROM ecps.edition) + n %% 10,
    %(guide)s, %(facts)s, '', at, 'POSTE-' || n %% 200, 30, 's5', %(label)s,
    CASE n %% 10 WHEN 0 THEN 'unfinished' WHEN 1 THEN 'abandoned' ELSE 'ended' END,
    CASE WHEN n %% 10 > 1 THEN 'done' ELSE '' END
FROM generate_series(1, %(walks)s) AS n, LATERAL (SELECT now() - n * interval '2 minutes' AS at) AS dated;
INSERT INTO ecps.event
SELECT id, e, CASE e %% 10 WHEN 3 THEN 'Deviated' WHEN 4 THEN 'Paused' ELSE 'Confirmed' END, 's' || e / 2,
    began + e * interval '20 s', random() * 90, CASE e %% 10 WHEN 3 THEN 'black' ELSE '' END, seal, %(label)s
FROM ecps.walk, generate_series(1, 30) AS e WHERE state IS NOT NULL AND last = 30;
INSERT INTO ecps.stay
SELECT walk, event.step, edition, sum(spent), bool_or(kind = 'Paused'), bool_or(kind = 'Abandoned'),
    bool_or(kind = 'Deviated'), bool_or(kind = 'Noted' AND detail = 'mismatch')
FROM ecps.event JOIN ecps.walk ON walk.id = event.walk GROUP BY walk, event.step, edition;
"""


def figures(database: Database, environ: dict[str, str], total: int) -> None:
    """Fill the database with so many events, and print how long a list and the figures take."""
    with database.admin() as connection:
        label = read_key(environ).seal('{"label": "GLPI 4711"}')
        texts = {"guide": hashlib.sha256(GUIDE.encode()).hexdigest(), "facts": text_digest(FACTS), "text": GUIDE}
        for statement in FILL.split(";\n")[:-1]:
            connection.execute(statement.encode(), {**texts, "label": label, "walks": total // 30 + 1})
        connection.execute("VACUUM ANALYZE")
        size = connection.execute(
            "SELECT count(*), pg_size_pretty(pg_database_size(current_database())) FROM ecps.event"
        )
        print("events, size:", *(size.fetchone() or ()))
    reader = {**environ, "ECPS_TEAM": database.address("pc_reader")}
    with closing(Replica.of(environ)) as replica:
        print(f"list, 500 walks: {middle(lambda: replica.unfinished(500)):.3f} s  (goal: under 2)")
    print(f"figures, the connection included: {middle(lambda: counted(reader)):.2f} s  (goal: under 2)")


def middle(work: Callable[[], Any], runs: int = 5) -> float:
    """Median of the seconds that some work takes."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure all, or what is named."""
    parser = argparse.ArgumentParser(description="A team of two hundred, on a PostgreSQL of the benchmark's own.")
    parser.add_argument("which", nargs="*", default=["keys", "events", "figures"])
    parser.add_argument("--presses", type=int, default=200, help="key presses in each walk (default: 200)")
    parser.add_argument(
        "--events", type=int, default=1_000_000, help="events of the large database (default: a million)"
    )
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    key = folder / "team.key"
    make_key({"ECPS_TEAM_KEY": str(key)})
    cluster = Cluster(durable=True)
    os.environ["PGPASSFILE"] = str(cluster.passwords)
    try:
        print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} CPU")
        for name in wanted.which:
            database = cluster.database()
            environ = database.environ(folder, key)
            match name:
                case "keys":
                    keys(database, key, folder, wanted.presses)
                case "events":
                    events(database, key, environ)
                case _:
                    figures(database, environ, wanted.events)
    finally:
        cluster.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
