"""The replica: what the journal holds and nothing else, sealed; the journal alone decides what a walk waits for."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("psycopg", reason="extra [team]")
pytest.importorskip("cryptography", reason="extra [team]")

import psycopg

from ecps_cli.installation import how_to_add
from ecps_cli.storage.store import Store
from support.commands import quiet, spawn
from support.postgres import BIN, needs_postgres
from support.team import LABEL, NOTE, RPPS

if TYPE_CHECKING:
    from support.postgres import Database
    from support.team import PC

pytestmark = needs_postgres()
CODE = "45219173"
WALKED = (RPPS, "n", f"{NOTE}, code PIN {CODE}", "p", "1", "", "", "3", "q", "")


def everything(database: Database) -> bytes:
    """All that the database holds: its dump, with its columns of bytes as the bytes that they are."""
    assert BIN
    where = ["-h", str(database.cluster.folder), "-p", str(database.cluster.port), "-U", "postgres", database.name]
    dump = subprocess.run([str(BIN / "pg_dump"), *where], check=True, capture_output=True).stdout
    return re.sub(rb"\\\\x([0-9a-f]+)", lambda found: bytes.fromhex(found[1].decode()), dump)


def test_the_replica_holds_the_rows_of_the_journal(pc: Callable[..., PC]) -> None:
    """After a walk the replica holds each row of its journal, once, and the chain that comes back is whole."""
    here = pc()
    ran = here.walk(*WALKED, options=("--case", LABEL))
    assert ran.code == 5, ran.said
    assert "base de l’équipe" not in ran.said
    rows = here.rows()
    assert sum(map(len, rows.values())) >= 6
    assert here.pulled() == rows


def test_nothing_that_a_person_wrote_stands_in_the_database(pc: Callable[..., PC], database: Database) -> None:
    """A search of the whole database finds no RPPS, masked or not, no note, no code, no label, no answer."""
    here = pc()
    here.walk(*WALKED, options=("--case", LABEL))
    assert here.rows() == here.pulled() != {}
    found = everything(database)
    assert b"helped" in found, "the dump has the walk"
    written = [NOTE, "sous le bureau", CODE, RPPS, RPPS[1:], "8 *** **** 8896", LABEL, '"unsure"']
    assert [each for each in written if each.encode() in found] == []


def test_rows_sent_twice_are_kept_once(pc: Callable[..., PC]) -> None:
    """What is sent again, because its acknowledgement was lost, is recognised, whatever part of it was kept."""
    here = pc()
    here.walk(*WALKED)
    ((seal, rows),) = here.rows().items()
    with closing(Store(here.folder, read_only=True)) as store, closing(here.replica()) as replica:
        row = next(store.rows())
        for after in range(len(rows)):
            answer = replica.append(row, 1, rows, after)
            assert (answer.status, answer.last) == ("kept", len(rows))
    assert here.pulled() == {seal: rows}


def test_rows_are_never_missing_between_others(pc: Callable[..., PC], database: Database) -> None:
    """Rows that would leave a gap are not kept: the sender is told how far the replica has come."""
    here = pc()
    here.walk(*WALKED)
    with database.admin() as connection:  # as a backup of yesterday would be
        connection.execute("DELETE FROM ecps.event WHERE number > 2; UPDATE ecps.walk SET last = 2")
    with closing(Store(here.folder, read_only=True)) as store, closing(here.replica()) as replica:
        row = next(store.rows())
        answer = replica.append(row, 1, store.event_rows(row.id), 4)
    assert (answer.status, answer.last) == ("behind", 2)
    here.send()
    assert here.pulled() == here.rows()


def test_a_database_that_is_down_is_said_once_and_made_good_later(
    pc: Callable[..., PC], tmp_path: Path, database: Database
) -> None:
    """The walk is the same without the database, which one line names at its end; the next launch sends both."""
    here = pc()
    address = here.environ["ECPS_TEAM"]
    here.environ["ECPS_TEAM"] = database.address(port=1)
    ran = here.walk(*WALKED)
    assert ran.code == 5
    assert ran.err.count("base de l’équipe") == 1
    assert "partira au prochain parcours" in ran.said
    here.environ["ECPS_TEAM"] = address
    here.walk(*WALKED)
    assert here.pulled() == here.rows()
    assert len(here.rows()) == 2


def test_without_its_extra_the_walk_goes_on(pc: Callable[..., PC], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the libraries of a team are not installed, a walk is walked and kept; its end says what is missing."""
    here = pc()
    monkeypatch.delitem(sys.modules, "ecps_cli.team.replica", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    ran = here.walk(*WALKED)
    assert ran.code == 5
    assert how_to_add("team") in ran.said
    assert here.rows()


def test_a_bug_of_the_sender_leaves_a_log(pc: Callable[..., PC], monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw ends the sending, not the walk, and is named with a file of places."""

    def fail(*_: object) -> None:
        raise RuntimeError(NOTE)

    here = pc()
    monkeypatch.setattr("ecps_cli.team.outbox.Outbox.send", fail)
    ran = here.walk(*WALKED)
    assert ran.code == 5
    (log,) = (here.folder / "crash").iterdir()
    assert str(log) in ran.said
    assert "RuntimeError" in log.read_text("utf-8")
    assert NOTE not in log.read_text("utf-8")


@pytest.mark.exhaustive
def test_a_server_that_never_answers_keeps_no_process(pc: Callable[..., PC], database: Database) -> None:
    """A server that takes the connection and says nothing: the process ends two seconds after its walk, at most."""
    here = pc()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        spent = []
        for port in (1, silent.getsockname()[1]):
            here.environ["ECPS_TEAM"] = database.address(port=port)
            start = time.monotonic()
            ran = spawn("run", str(here.guide), "--plain", typed="\nq\n\n", environ=here.environ)
            spent.append(time.monotonic() - start)
            assert ran.code == 5
            assert "partira au prochain parcours" in ran.said
    assert spent[1] - spent[0] < 5, "two seconds, on a machine that has other things to do"


def test_exercises_stay_here(pc: Callable[..., PC]) -> None:
    """An exercise is nobody else's: it is not sent."""
    here = pc()
    here.walk(*WALKED, options=("--practice",))
    here.walk(*WALKED)
    with closing(here.replica()) as replica:
        assert [each.session for each in replica.unfinished(10)] == [next(iter(here.rows().values()))[0].session]


def test_two_pcs_that_begin_in_the_same_second_are_two_walks(pc: Callable[..., PC]) -> None:
    """The replica tells walks apart by their seals: the ids of two journals may be the same."""
    here, there = pc("a"), pc("b")
    for each in (here, there):
        each.walk(*WALKED)
    assert here.pulled() == here.rows()
    assert there.pulled() == there.rows()
    assert not here.rows().keys() & there.rows().keys()


def test_a_chain_altered_in_the_database_is_refused(pc: Callable[..., PC], database: Database) -> None:
    """What comes back is held against its chain: an event altered, moved or missing is named."""
    from ecps_cli.core.journal import JournalError

    here = pc()
    here.walk(*WALKED)
    with database.admin() as connection:
        connection.execute(
            "UPDATE ecps.event SET sealed = (SELECT sealed FROM ecps.event WHERE number = 2) WHERE number = 3"
        )
    with pytest.raises(JournalError, match="n° 3 n’est pas celui d’origine"):
        here.pulled()


FORBIDDEN = """INSERT INTO ecps.forgotten VALUES ('', now(), ''); DELETE FROM ecps.event; DELETE FROM ecps.walk;
    UPDATE ecps.event SET step = ''; UPDATE ecps.walk SET fence = 9; TRUNCATE ecps.event; SELECT * FROM ecps.event;
    SELECT ecps.retain(1); SELECT ecps.erase_forgotten(); CREATE TABLE ecps.mine (); SET ROLE ecps_owner"""


def test_an_appender_can_neither_alter_nor_erase(database: Database) -> None:
    """The login of a PC has no table: only the functions that append, take over and pull."""
    with psycopg.connect(database.address(), autocommit=True) as connection:
        for statement in FORBIDDEN.split(";"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_nothing_of_it_is_imported_without_a_team(tmp_path: Path, unmeasured: None) -> None:
    """Without `ECPS_TEAM`, a walk, a list and an erasure import neither this package nor its libraries."""
    script = """
import sys, io
from ecps_cli.cli.app import main
sys.stdin = io.StringIO("\\n\\nq\\n\\n")
codes = [main(["fraud", "--plain"]), main(["sessions"]), main(["forget", "--older-than", "9d"])]
names = ("psycopg", "cryptography", "matplotlib", "ecps_cli.team", "ecps_cli.storage.leases")
print(codes, [each for each in sys.modules if each.startswith(names)])
"""
    environ = {**quiet({"ECPS_DATA": str(tmp_path)})}
    environ.pop("ECPS_TEAM", None)
    ran = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1].endswith(" []"), ran.stdout + ran.stderr
