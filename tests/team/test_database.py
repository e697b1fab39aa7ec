"""Running the database: prepared in versions, by roles that can do little; erased on request, and after its days."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_type_hints

import pytest

pytest.importorskip("psycopg", reason="extra [team]")
pytest.importorskip("cryptography", reason="extra [team]")

from ecps_cli.core.journal import JournalError
from ecps_cli.storage.leases import Leases
from ecps_cli.team import setup
from ecps_cli.team.address import TeamError
from ecps_cli.team.answers import Answer
from ecps_cli.team.replica import Taken
from support.commands import call
from support.postgres import needs_postgres
from support.team import LABEL, RPPS

if TYPE_CHECKING:
    from support.postgres import Cluster, Database
    from support.team import PC

pytestmark = needs_postgres()
TABLES = ("walk", "event", "stay", "edition", "text")


def counts(database: Database) -> dict[str, int]:
    with database.admin() as connection:
        found = {each: connection.execute(f"SELECT count(*) FROM ecps.{each}").fetchone() for each in TABLES}
    return {name: row[0] for name, row in found.items() if row}


@pytest.mark.parametrize(("function", "answer"), [("append", Answer), ("take", Taken)])
def test_the_words_of_an_answer_are_those_that_the_database_says(function: str, answer: type) -> None:
    """Each status that a function of the database may give has its word here, and no other word stands here."""
    sql = "".join(
        path.read_text("utf-8") for path in sorted(Path(setup.__file__).with_name("migrations").glob("*.sql"))
    )
    (body,) = re.findall(rf"CREATE FUNCTION ecps\.{function}\(.*?\n\$\$;", sql, re.DOTALL)
    told = "".join(line for line in body.splitlines() if "status := " in line or "INTO status" in line)
    assert {*re.findall(r"'(\w+)'", told)} == {*get_args(get_type_hints(answer)["status"])}


def test_it_is_prepared_by_a_login_that_is_no_superuser(cluster: Cluster, tmp_path: Path) -> None:
    """`team init` needs a database of one's own and the right to make roles; it makes the key once, for its owner."""
    with cluster.admin("postgres") as connection:
        connection.execute("CREATE ROLE owner1 LOGIN CREATEROLE")
        connection.execute("CREATE DATABASE fresh OWNER owner1")
    environ = {
        "ECPS_TEAM": f"postgresql://owner1@/fresh?host={cluster.folder}&port={cluster.port}",
        "ECPS_DATA": str(tmp_path),
    }
    for schema, key in (("aucun schéma avant", "est écrite"), ("schéma en version 1 avant", "déjà là")):
        ran = call("team", "init", environ=environ)
        assert ran.code == 0, ran.said
        assert schema in ran.said
        assert key in ran.said
    assert (tmp_path / "team.key").stat().st_mode & 0o777 == 0o600


def test_a_newer_schema_is_not_touched(database: Database) -> None:
    """A schema of a newer version of the tool is left alone, and the sentence says what to do."""
    with database.admin() as connection:
        connection.execute("INSERT INTO ecps.migration VALUES (99)")
    with pytest.raises(TeamError, match="Mettez l’outil à jour"):
        setup.prepare({"ECPS_TEAM": database.address("postgres")})


def test_an_older_schema_is_brought_up_to_date(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the versions that are missing are applied, each once, all or none."""
    first = setup.migrations()
    monkeypatch.setattr(setup, "migrations", lambda: [*first, "CREATE TABLE ecps.two ()", "CREATE TABLE ecps.two ()"])
    environ = {"ECPS_TEAM": database.address("postgres")}
    with pytest.raises(TeamError):
        setup.prepare(environ)
    monkeypatch.setattr(setup, "migrations", lambda: [*first, "CREATE TABLE ecps.two ()"])
    assert setup.prepare(environ) == (1, 2)
    assert setup.prepare(environ) == (2, 2)


def test_a_database_that_is_not_prepared_is_said(cluster: Cluster, tmp_path: Path) -> None:
    """A database without the schema names the command that prepares it."""
    with cluster.admin("postgres") as connection:
        connection.execute("CREATE DATABASE bare")
    address = f"postgresql://postgres@/bare?host={cluster.folder}&port={cluster.port}"
    ran = call("stats", "--team", environ={"ECPS_TEAM": address, "ECPS_DATA": str(tmp_path)})
    assert "ecps-guide team init" in ran.said


def test_what_is_forgotten_here_is_forgotten_there(pc: Callable[..., PC], database: Database) -> None:
    """After `forget` nobody sees the walk; the retention makes it be gone from every table; a late row is refused."""
    here = pc()
    here.walk(RPPS, "q", "", options=("--case", LABEL))
    (seal,) = here.rows()
    ran = here.call("forget", "--all", typed="o\n")
    assert "invisible dès maintenant" in ran.said
    assert not here.rows()
    with closing(here.replica()) as replica:
        assert replica.unfinished(9) == []
        with pytest.raises(JournalError, match="effacé"):
            replica.pull(seal)
        assert replica.release(seal, 1) is None
        assert replica.heads([seal])[seal].forgotten
    here.environ["ECPS_TEAM"] = database.address("pc_retention")
    assert "1 parcours à oublier, comme demandé : effacement maintenant" in here.call("team", "retain").said
    assert "Rien à effacer" in here.call("team", "retain").said
    assert set(counts(database).values()) == {0}


def test_with_the_rights_of_the_retention_it_is_gone_at_once(pc: Callable[..., PC], database: Database) -> None:
    """Where the login may erase, `forget` does, and says so."""
    here = pc()
    here.walk(RPPS, "q", "")
    with database.admin() as connection:
        connection.execute(
            "CREATE ROLE pc_both LOGIN PASSWORD 'a password of the tests' IN ROLE ecps_appender, ecps_retention"
        )
    here.environ["ECPS_TEAM"] = database.address("pc_both")
    assert "effacé aussi" in here.call("forget", "--all", typed="o\n").said
    assert set(counts(database).values()) == {0}


def test_what_could_not_be_told_is_told_later(pc: Callable[..., PC], database: Database) -> None:
    """A walk that is forgotten off the network is forgotten in the database with the next walk."""
    here = pc()
    here.walk(RPPS, "q", "")
    (seal,) = here.rows()
    address, here.environ["ECPS_TEAM"] = here.environ["ECPS_TEAM"], database.address(port=1)
    assert "sera demandé au prochain parcours" in here.call("forget", "--all", typed="o\n").said
    assert Leases(here.folder).to_forget() == [seal]
    here.environ["ECPS_TEAM"] = address
    here.walk(RPPS, "q", "")
    assert not Leases(here.folder).to_forget()
    with closing(here.replica()) as replica:
        assert replica.heads([seal])[seal].forgotten


def test_a_walk_that_the_team_forgot_is_said_where_it_is_kept(pc: Callable[..., PC]) -> None:
    """A PC that still holds a walk which the team erased says so, and how to erase it here; it sends no more."""
    here, there = pc("a"), pc("b")
    here.walk(RPPS, "q", "", options=("--case", LABEL))
    assert there.call("resume", "--team", LABEL, "--plain", typed="q\n\n").code == 5
    there.call("forget", "--all", typed="o\n")
    ran = here.call("resume", "--plain", typed="\nq\n\n")
    (rows,) = here.rows().values()
    assert f"a été effacée par l’équipe. Ici aussi : ecps-guide forget {rows[0].session}" in ran.said


def test_age_is_announced_one_day_and_erased_on_another(pc: Callable[..., PC], database: Database) -> None:
    """As locally: two readings of the clock on two days, each with a line that says so first; a wrong date is kept."""
    here = pc()
    for _ in range(3):
        here.walk(RPPS, "q", "")
    with database.admin() as connection:
        connection.execute("UPDATE ecps.walk SET began = now() - interval '2 days' WHERE id = 1")
        connection.execute("UPDATE ecps.walk SET began = '2015-01-01' WHERE id = (SELECT max(id) FROM ecps.walk)")
    here.environ |= {"ECPS_TEAM": database.address("pc_retention"), "ECPS_KEEP_DAYS": "1"}
    for _ in range(2):
        ran = here.call("team", "retain")
    assert "1 parcours de plus de 1 jours : effacement au prochain passage" not in ran.said, (
        "it was said the first time"
    )
    assert "horloge fausse" in ran.said
    assert counts(database)["walk"] == 3
    with database.admin() as connection:
        connection.execute("UPDATE ecps.walk SET announced = announced - 1")
    assert "effacement maintenant, comme annoncé" in here.call("team", "retain").said
    assert counts(database)["walk"] == 2


def test_retention_is_for_its_own_role(pc: Callable[..., PC]) -> None:
    """The login of a PC erases nothing."""
    ran = pc().call("team", "retain")
    assert ran.code == 1
    assert "n’a pas ce droit" in ran.said
