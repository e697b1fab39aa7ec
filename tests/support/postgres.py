"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, which a test may kill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import count
from pathlib import Path

import psycopg
import pytest

from ecps_cli.team.setup import prepare

FOUND = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None, key=lambda each: int(each.parts[-3]))
BIN = FOUND.parent if FOUND else None
MISSING = "" if BIN else "no PostgreSQL server here (Debian: apt-get install postgresql)"
PASSWORD = "a password of the tests"
SETTINGS = """
listen_addresses = '127.0.0.1,127.0.0.2'
max_connections = 300
shared_buffers = 64MB
fsync = {durable}
port = {port}
unix_socket_directories = '{folder}'
"""
HBA = """
local all all trust
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
hostssl all all 127.0.0.2/32 scram-sha-256
"""


class Cluster:
    """A running server; `postgres` needs no password, the logins of `logins` have `PASSWORD`."""

    def __init__(self, durable: bool = False) -> None:
        assert BIN, MISSING
        self.folder = Path(tempfile.mkdtemp(prefix="ecps-pg-"))
        self.data = self.folder / "data"
        self._as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_postgres:  # initdb refuses root
            shutil.chown(self.folder, "postgres")
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        self.port = _free_port()
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(port=self.port, folder=self.folder, durable="on" if durable else "off"))
        (self.data / "pg_hba.conf").write_text(HBA)
        self.passwords = self.folder / "pgpass"
        self.passwords.write_text(f"*:*:*:*:{PASSWORD}\n")
        self.passwords.chmod(0o600)
        self._names = count(1)
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        assert BIN
        subprocess.run(
            [*self._as_postgres, str(BIN / program), *arguments],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60,
            cwd=self.folder,
        )  # fmt: skip

    def start(self) -> None:
        """Start it; what a kill left behind may take a moment to go."""
        for _ in range(50):
            with suppress(subprocess.CalledProcessError, psycopg.OperationalError):
                self._run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "start")
                self.admin("postgres").close()  # `pg_ctl` may have believed what the killed one had left
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def use_tls(self) -> Path:
        """Have it answer in TLS, as 127.0.0.2, and return the certificate by which it is known."""
        root = self.folder / "root.crt"
        key, certificate = self.data / "server.key", self.data / "server.crt"
        if not root.exists():
            made, private = _certificate("127.0.0.2")
            for path, content in ((key, private), (certificate, made), (root, made)):
                path.write_bytes(content)
                if self._as_postgres:
                    shutil.chown(path, "postgres", "postgres")
            key.chmod(0o600)
        with self.admin("postgres") as connection:
            connection.execute("ALTER SYSTEM SET ssl = on")
            connection.execute("SELECT pg_reload_conf()")
        return root

    def kill(self) -> None:
        """Kill it at once, as a power cut would."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        """Stop it."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def close(self) -> None:
        """Stop it, and remove its folder."""
        with suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self) -> Database:
        """A new database, prepared by `team init`, with a login of each role."""
        name = f"team{next(self._names)}"
        with self.admin("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name}")
        database = Database(self, name)
        prepare({"ECPS_TEAM": database.address("postgres")})
        with self.admin(name) as connection:
            for role in ("appender", "reader", "retention"):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (f"pc_{role}",)).fetchone():
                    connection.execute(f"CREATE ROLE pc_{role} LOGIN PASSWORD '{PASSWORD}' IN ROLE ecps_{role}")
        return database

    def admin(self, database: str) -> psycopg.Connection:
        """A connection that may do all."""
        return psycopg.connect(host=str(self.folder), port=self.port, user="postgres", dbname=database, autocommit=True)


class Database:
    """A database of a cluster."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name

    def address(self, user: str = "pc_appender", host: str = "127.0.0.1", port: int = 0) -> str:
        """What `ECPS_TEAM` is to hold."""
        return f"postgresql://{user}@{host}:{port or self.cluster.port}/{self.name}"

    def environ(self, folder: Path, key: Path, user: str = "pc_appender", port: int = 0) -> dict[str, str]:
        """Environment of a PC whose data are in this folder."""
        return {
            "ECPS_TEAM": self.address(user, port=port),
            "ECPS_TEAM_KEY": str(key),
            "ECPS_DATA": str(folder),
            "PGPASSFILE": str(self.cluster.passwords),
        }

    def admin(self) -> psycopg.Connection:
        """A connection that may do all."""
        return self.cluster.admin(self.name)


def _certificate(address: str) -> tuple[bytes, bytes]:
    """A certificate that an address signed itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return made.public_bytes(serialization.Encoding.PEM), key.private_bytes(serialization.Encoding.PEM, form, plain)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def needs_postgres() -> list[pytest.MarkDecorator]:
    """Marks of a module that needs a server."""
    return [
        pytest.mark.skipif(bool(MISSING) or sys.platform == "win32", reason=MISSING),
        pytest.mark.timeout(120),
    ]
