"""The address of the team: protected unless it is this PC, without a password, and never quoted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("psycopg", reason="extra [team]")
pytest.importorskip("cryptography", reason="extra [team]")

from psycopg.conninfo import conninfo_to_dict

from ecps_cli.team.address import TeamError, Unreachable, connect, connection_string
from support.postgres import PASSWORD, needs_postgres

if TYPE_CHECKING:
    from support.postgres import Database
    from support.team import PC

SERVICES = """
[team]
host=192.0.2.1
dbname=helpdesk

[weaker]
host=192.0.2.1
sslmode=require

[here]
host=localhost
"""
FAR = "postgresql://pc@192.0.2.1/helpdesk"
"""An address that is nobody's (RFC 5737)."""


@pytest.fixture(autouse=True)
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The services of this PC."""
    (tmp_path / "services").write_text(SERVICES)
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    monkeypatch.delenv("PGSSLMODE", raising=False)


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        (FAR, "verify-full"),
        (f"{FAR}?sslmode=prefer", "verify-full"),
        (f"{FAR}?sslmode=require", "require"),
        ("host=192.0.2.1 dbname=helpdesk", "verify-full"),
        ("postgresql://pc@localhost,192.0.2.1/helpdesk", "verify-full"),
        ("team", "verify-full"),
        ("service=team", "verify-full"),
        ("weaker", None),
        ("here", None),
        ("postgresql://pc@localhost/helpdesk", None),
        ("postgresql://pc@127.0.0.1/helpdesk", None),
        ("postgresql://pc@[::1]/helpdesk", None),
        ("postgresql:///helpdesk?host=/run/postgresql", None),
    ],
)
def test_every_address_but_this_pc_is_protected(address: str, mode: str | None) -> None:
    """What does not say how it is protected is, with the server's certificate and name verified; a service too."""
    assert conninfo_to_dict(connection_string({"ECPS_TEAM": address})).get("sslmode") == mode


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{FAR}?sslmode=disable", "renonce à TLS"),
        ("postgresql://pc:hunter2@192.0.2.1/helpdesk", "contient un mot de passe"),
        ("host=192.0.2.1 password=hunter2", "contient un mot de passe"),
        ("postgresql://hunter2@[::/x", "n’est ni une adresse"),
        ("hunter2=1", "n’est ni une adresse"),
    ],
)
def test_what_cannot_be_used_is_said_without_being_quoted(address: str, said: str) -> None:
    """A refusal says what is wrong with the address, and nothing of what it holds."""
    with pytest.raises(TeamError, match=said) as error:
        connection_string({"ECPS_TEAM": address})
    assert "hunter2" not in str(error.value)
    assert error.value.__suppress_context__ or "hunter2" not in str(error.value.__context__)


@needs_postgres()[0]
def test_tls_is_what_the_server_must_prove(database: Database, tmp_path: Path) -> None:
    """A server without TLS, or with another certificate, gets no password; the right one is spoken to in TLS."""
    address = database.address(host="127.0.0.2")
    with pytest.raises(Unreachable, match="TLS"):
        connect({"ECPS_TEAM": address})
    root = database.cluster.use_tls()
    with pytest.raises(Unreachable, match="certificat"):
        connect({"ECPS_TEAM": f"{address}?sslrootcert={tmp_path / 'none.crt'}"})
    with connect({"ECPS_TEAM": f"{address}?sslrootcert={root}"}) as connection:
        assert connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)
    with pytest.raises(Unreachable, match="certificat"):
        connect({"ECPS_TEAM": f"{database.address(host='127.0.0.3')}?sslrootcert={root}&hostaddr=127.0.0.2"})


def test_a_service_that_does_not_exist_is_said() -> None:
    """A name that is in no file of services is said to be in none."""
    with pytest.raises(TeamError, match=r"pg_service\.conf"):
        connect({"ECPS_TEAM": "nowhere"})


@needs_postgres()[0]
def test_no_message_holds_a_password(
    pc: Callable[..., PC], database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused password is said in a sentence of ours, which holds neither it nor the address; so is each failure."""
    here = pc()
    passwords = tmp_path / "pgpass"
    passwords.write_text("*:*:*:*:hunter2 secret\n")
    passwords.chmod(0o600)
    here.environ["PGPASSFILE"] = str(passwords)
    ran = here.walk("99700218896", "q", "")
    assert "refuse ce compte ou son mot de passe" in ran.said
    for address in (database.address(port=1), database.address().replace("team", "absent"), f"{FAR}?sslmode=disable"):
        here.environ["ECPS_TEAM"] = address
        ran_too = here.call("resume", "--team")
        assert ran_too.code == 1
        assert [each for each in ("hunter2", "127.0.0.1", "pc_appender", PASSWORD) if each in ran_too.said] == []
    assert "hunter2" not in ran.said
