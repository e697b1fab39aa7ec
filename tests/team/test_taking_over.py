"""A walk taken over: one holder at a time, who writes under a number; whoever is late keeps a branch of their own."""

from __future__ import annotations

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

from ecps_cli.cli.replicating import ReplicatedJournal
from ecps_cli.core.journal import MemoryJournal
from ecps_cli.storage.archive import load_session
from ecps_cli.storage.leases import Leases
from ecps_cli.storage.store import Store
from ecps_cli.team.answers import Answer
from ecps_cli.team.leasing import lease
from support.commands import quiet
from support.postgres import needs_postgres
from support.team import LABEL, NOTE, RPPS
from support.two_guides import write_guides

if TYPE_CHECKING:
    from support.team import PC

pytestmark = needs_postgres()


@pytest.fixture
def two(pc: Callable[..., PC], monkeypatch: pytest.MonkeyPatch) -> tuple[PC, PC]:
    """The PCs of two technicians; the walk of the first one is paused at its second step."""
    here, there = pc("a"), pc("b")
    monkeypatch.setattr("ecps_cli.team.sender.platform.node", lambda: "POSTE-12")
    ran = here.walk(RPPS, "n", NOTE, "q", "", options=("--case", LABEL))
    assert ran.code == 5, ran.said
    monkeypatch.setattr("ecps_cli.team.sender.platform.node", lambda: "POSTE-34")
    return here, there


def test_a_colleagues_walk_is_listed_and_goes_on(two: tuple[PC, PC]) -> None:
    """The list has case, guide, step, age, workstation; the walk goes on there, its masked answer asked again."""
    here, there = two
    ran = there.call("resume", "--team", "--plain", typed="\n\n1\n" + f"{RPPS}\n\n")
    offered = f"{LABEL} : Un guide pour l’équipe, à « Ouvrir l’application », laissé à l’instant, poste POSTE-12"
    assert offered in ran.said
    assert "Numéro RPPS du médecin" in ran.said
    assert ran.code == 0, ran.said
    ((seal, rows),) = there.rows().items()
    assert rows[: len(here.rows()[seal])] == here.rows()[seal]
    assert there.pulled() == {seal: rows}
    with closing(Store(there.folder)) as store:
        session = load_session(store, next(store.rows())).session
    assert session.closed
    notes = [event.text for event in session.events if type(event).__name__ == "Noted"]
    assert notes == [NOTE, f"Repris du poste POSTE-12, dossier {LABEL}."]


def test_it_is_taken_back_with_what_the_colleague_did(two: tuple[PC, PC]) -> None:
    """From one PC to the other and back, by the label of the case: each goes on where the other one paused."""
    here, there = two
    assert there.call("resume", "--team", LABEL, "--plain", typed="\nq\n\n").code == 5
    assert here.call("resume", "--team", LABEL, "--plain", typed="1\nq\n\n").code == 5
    assert there.call("resume", "--team", LABEL, "--plain", typed=f"{RPPS}\n\n").code == 0
    assert there.pulled() == there.rows()
    (mine,), (theirs,) = here.rows().values(), there.rows().values()
    assert theirs[: len(mine)] == mine


def test_who_comes_second_is_told_by_whom_and_when(two: tuple[PC, PC]) -> None:
    """A walk that a colleague has open is not offered; asked for by name it is refused, with workstation and time."""
    here, there = two
    with closing(here.replica()) as replica:
        ((seal, _),) = here.rows().items()
        assert lease(replica, seal, "POSTE-56") == 2
    ran = there.call("resume", "--team", "--plain")
    assert "Aucun parcours de l’équipe n’attend" in ran.said
    ran = there.call("resume", "--team", LABEL, "--plain")
    assert ran.code == 1
    assert "ouvert sur le poste POSTE-56 depuis" in ran.said
    assert not there.rows()


def test_a_lease_whose_holder_died_is_free_after_its_expiry(two: tuple[PC, PC]) -> None:
    """Nobody takes a lease before it expires; then anybody does, under the next number."""
    here, _ = two
    with closing(here.replica()) as replica:
        (seal,) = here.rows()
        assert lease(replica, seal, "POSTE-1", 0.3) == 2
        assert replica.take(seal, "POSTE-2", 1).status == "held"
        time.sleep(0.35)
        assert lease(replica, seal, "POSTE-2", 1) == 3


def test_a_late_writer_is_refused_and_keeps_a_branch(two: tuple[PC, PC]) -> None:
    """What is written under a lower number is refused, even before the new holder wrote; kept, told, never merged."""
    here, there = two
    ((_, sent),) = here.rows().items()
    team = here.environ.pop("ECPS_TEAM")
    assert here.call("resume", "--plain", typed="\n\nq\n\n").code == 5  # the network is away
    here.environ["ECPS_TEAM"] = team
    with closing(there.replica()) as replica:
        (seal,) = here.rows()
        fence = lease(replica, seal, "POSTE-34")
        Leases(there.folder).hold(seal, fence)
    mine = here.rows()
    outbox = here.send()
    assert [answer.status for answer in outbox.branched.values()] == ["refused"]
    assert here.rows() == mine, "nothing of it is lost"
    with closing(there.replica()) as replica:
        assert [*replica.pull(seal).events] == sent, "and nothing merged"
    ran = here.call("resume", "--plain", typed="\nq\n\n")
    assert "a été repris ailleurs : ce qui est fait ici reste sur ce PC" in ran.said
    assert not here.send().branched, "it is not tried again"
    ran = here.call("resume", "--team", LABEL, "--plain")
    assert ran.code == 1


def test_a_walk_that_went_on_in_two_places_is_told(two: tuple[PC, PC]) -> None:
    """Who goes on with a walk that was taken over is told so at its end, and keeps what was done."""
    here, there = two
    assert there.call("resume", "--team", LABEL, "--plain", typed="\nq\n\n").code == 5
    theirs = there.rows()
    ran = here.call("resume", "--plain", typed="\nn\nFait ici\nq\n\n")
    assert "a été repris sur le poste POSTE-34 depuis" in ran.said
    assert "reste sur ce PC, à part" in ran.said
    assert there.pulled() == theirs
    ran = here.call("resume", "--team", LABEL, "--plain")
    assert "a continué autrement ici" in ran.said
    with closing(there.replica()) as replica:
        assert not replica.unfinished(9)[0].held, "the lease was given back"


def test_the_next_screen_says_that_a_walk_was_taken_over(two: tuple[PC, PC]) -> None:
    """Once the refusal is known, every screen of the walk says it, in one sentence."""

    class Walk:
        standing = "Avant."

    journal = ReplicatedJournal(MemoryJournal())
    journal.walk = Walk()  # type: ignore[assignment]
    journal.sender.branched[""] = Answer("refused", 3, "POSTE-34", None)
    for _ in range(2):
        journal._tell()
    journal.sender.finish()
    assert journal.walk.standing == (  # type: ignore[union-attr]
        "Avant. Ce parcours a été repris sur le poste POSTE-34 : ce qui est fait ici reste sur ce PC, à part."
    )


def test_two_branches_under_one_number_are_told_apart(two: tuple[PC, PC]) -> None:
    """Rows that went on otherwise from the same number are refused too: the chain is the last word."""
    here, _ = two
    with closing(here.replica()) as replica, closing(Store(here.folder)) as store:
        row = next(store.rows())
        rows = store.event_rows(row.id)
        other = [*rows[:-1], rows[-1]._replace(hash="0" * 64)]
        assert replica.append(row, 1, other, len(rows) - 1).status == "forked"
        longer = [*other, rows[-1]]
        assert replica.append(row, 1, longer, len(rows)).status == "forked"


def test_without_a_team_nothing_is_taken_over(tmp_path: object) -> None:
    """Without `ECPS_TEAM`, `resume --team` says what to set."""
    from support.commands import call

    ran = call("resume", "--team", environ={"ECPS_DATA": str(tmp_path)})
    assert ran.code == 1
    assert "ECPS_TEAM" in ran.said


TAKER = """
import os, sys
from ecps_cli.core.journal import JournalError
from ecps_cli.team.leasing import lease
from ecps_cli.team.replica import Replica
replica = Replica.of(os.environ)
for line in sys.stdin:
    try:
        print(lease(replica, line.strip(), sys.argv[1]), flush=True)
    except JournalError as error:
        print(error, flush=True)
"""


@pytest.mark.exhaustive
def test_of_two_takers_one_wins(two: tuple[PC, PC]) -> None:
    """A hundred races of two processes: each has one winner, and tells the other one by whom and since when."""
    here, _ = two
    (seal,) = here.rows()
    names = ("POSTE-1", "POSTE-2")
    environ = quiet(here.environ)
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, name], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in names
    ]
    wins = dict.fromkeys(names, 0)
    with closing(here.replica()) as replica:
        for race in range(100):
            for each in takers[:: 1 if race % 2 else -1]:
                each.stdin.write(f"{seal}\n")  # type: ignore[union-attr]
                each.stdin.flush()  # type: ignore[union-attr]
            said = {name: each.stdout.readline().strip() for name, each in zip(names, takers, strict=True)}  # type: ignore[union-attr]
            (winner,) = [name for name, line in said.items() if line.isdecimal()]
            (loser,) = {*names} - {winner}
            assert int(said[winner]) == race + 2
            assert f"ouvert sur le poste {winner} depuis" in said[loser]
            wins[winner] += 1
            replica.release(seal, race + 2)
    for each in takers:
        each.communicate()
    assert sum(wins.values()) == 100
    assert all(wins.values()), "it was a race"


def test_a_walk_in_another_guide_goes_on_there(pc: Callable[..., PC], tmp_path: Path) -> None:
    """A walk that went over to another guide is taken over within it: the replica has the texts of both."""
    here, there = pc("a"), pc("b")
    guides = write_guides(tmp_path / "both")
    ran = here.call("run", "outer", "--guides", str(guides), "--case", LABEL, typed="\np\n1\n\nq\n\n")
    assert ran.code == 5, ran.said
    ran = there.call("resume", "--team", LABEL, "--plain", typed="\nq\n\n")
    assert ran.code == 5, ran.said
    assert "Le second" in ran.said
    assert there.pulled() == there.rows()
