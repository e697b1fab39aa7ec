"""Twenty walkers at once, killed and resumed, on a network that is cut, with a server that is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("psycopg", reason="extra [team]")
pytest.importorskip("cryptography", reason="extra [team]")

from support.commands import quiet
from support.postgres import needs_postgres
from support.proxy import Proxy

if TYPE_CHECKING:
    from support.postgres import Database
    from support.team import PC

pytestmark = [*needs_postgres(), pytest.mark.exhaustive, pytest.mark.timeout(900)]
WALKERS, LIVES, STEPS = 20, 4, 30
SEED = 20261128
HEAD = """\
format: 1
id: long
version: "1"
title: Un long guide
verified_on: 2026-11-24
review_by: 2127-05-24
sources: [fiche]
steps:
"""
STEP = "  - {{id: s{0}, who: doctor, device: phone, do: Faire la chose {0}, expect: La chose {0} est faite{1}}}\n"
TAIL = "outcomes:\n  done: {success: true, text: Fait.}\n"


def test_the_replica_is_the_union_of_the_journals(pc: Callable[..., PC], database: Database, tmp_path: Path) -> None:
    """Whatever was killed or cut, the replica ends with each row of each journal once, and every chain whole."""
    guide = tmp_path / "long.yaml"
    steps = "".join(STEP.format(number, ", end: done" if number == STEPS else "") for number in range(1, STEPS + 1))
    guide.write_text(HEAD + steps + TAIL, "utf-8")
    proxy = Proxy(database.cluster.port)
    pcs = [pc(f"pc{number}") for number in range(WALKERS)]
    for each in pcs:
        each.environ["ECPS_TEAM"] = database.address(port=proxy.port)
    ended = threading.Event()
    trouble = threading.Thread(target=make_trouble, args=(database, proxy, ended))
    trouble.start()
    with ThreadPoolExecutor(WALKERS) as walkers:
        killed = sum(walkers.map(live, [guide] * WALKERS, pcs, range(WALKERS)))
    ended.set()
    trouble.join()
    assert killed >= WALKERS
    assert proxy.passed > 100_000, "much of it went out while there was trouble"
    for each in pcs:
        each.environ["ECPS_TEAM"] = database.address()
        outbox = each.send()
        assert not outbox.branched
        assert not outbox.forgotten
    proxy.close()
    count = 0
    for each in pcs:
        rows = each.rows()
        assert each.pulled() == rows
        count += sum(map(len, rows.values()))
    with database.admin() as connection:
        assert connection.execute("SELECT count(*) FROM ecps.event").fetchone() == (count,)
    assert count > WALKERS * 5
    print(f"{WALKERS} walkers, {killed} kills, {count} events, {proxy.passed} bytes through the proxy")


def live(guide: Path, here: PC, number: int) -> int:
    """Walk and resume, killed at a random moment each time but the last; return how often it was killed."""
    chance = random.Random(SEED + number)
    for life in range(LIVES):
        begun = ["resume"] if life and here.folder.exists() and here.rows() else ["run", str(guide)]
        walker = subprocess.Popen(
            [sys.executable, "-m", "ecps_cli", *begun, "--plain"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=quiet(here.environ),
        )
        assert walker.stdin
        assert walker.stdout
        questions = chance.randint(3, 9)
        for line in walker.stdout:
            if line.startswith(("Entrée".encode(), b"Tapez")):
                time.sleep(chance.uniform(0, 0.5))
                walker.stdin.write(b"\n")
                walker.stdin.flush()
                questions -= 1
            if not questions:
                break
        if life < LIVES - 1:
            time.sleep(chance.uniform(0, 1))
            walker.kill()
        with suppress(BrokenPipeError):
            walker.stdin.close()
        walker.stdout.close()
        walker.wait(60)
    return LIVES - 1


def make_trouble(database: Database, proxy: Proxy, ended: threading.Event) -> None:
    """Cut the network, or kill the server, and mend it again, until told to end."""
    chance = random.Random(SEED)
    while not ended.wait(chance.uniform(1, 4)):
        if chance.random() < 0.5:
            proxy.cut()
            ended.wait(chance.uniform(0, 1))
            proxy.mend()
        else:
            database.cluster.kill()
            ended.wait(chance.uniform(0, 0.5))
            database.cluster.start()
