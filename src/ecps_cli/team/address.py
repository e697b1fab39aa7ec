"""The team's database: what `ECPS_TEAM` says of it, a connection, and what went wrong as a sentence without secrets.

No message of libpq is ever printed: it may quote an address. `_WHY` knows the usual ones by a few of their words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ecps_cli.core.journal import JournalError

LIMITS: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "ecps-guide",
}
"""After how long a server that does not answer counts as gone."""
UNPROTECTED = ("disable", "allow", "prefer")
"""What libpq may be told, and is by default, that lets a connection go unprotected."""


class TeamError(JournalError):
    """The team's database cannot be used as it should; the text is the sentence that says why."""


class Unreachable(TeamError):
    """The team's database does not answer now; it may be tried again."""


def connection_string(environ: Mapping[str, str]) -> str:
    """Address, or service of `pg_service.conf`, for libpq to connect to; protected unless the host is this PC.

    Raises:
        TeamError: it is none, holds a password, or asks for a connection without TLS.

    """
    wanted = environ.get("ECPS_TEAM", "").strip()
    if "=" not in wanted and "://" not in wanted:
        wanted = f"service={wanted}"
    try:
        given = conninfo_to_dict(wanted)
    except psycopg.Error:
        raise TeamError("ECPS_TEAM n’est ni une adresse postgresql://… ni le nom d’un service.") from None
    if given.get("password"):
        raise TeamError("ECPS_TEAM contient un mot de passe : enlevez-le, et mettez-le dans le fichier .pgpass.")
    resolved = _resolved(wanted)
    if _is_local(resolved) or resolved.get("sslmode") not in UNPROTECTED:
        return wanted
    if "disable" in (given.get("sslmode"), environ.get("PGSSLMODE"), resolved.get("sslmode")):
        raise TeamError("ECPS_TEAM renonce à TLS vers un autre PC. Écrivez : sslmode=verify-full")
    return make_conninfo(wanted, sslmode="verify-full")


def _resolved(wanted: str) -> dict[str, str]:
    """All options of a connection, as libpq itself finds them: in the address, the service's file, the environment."""
    begun = psycopg.pq.PGconn.connect_start(wanted.encode())
    try:
        return {each.keyword.decode(): (each.val or b"").decode() for each in begun.info}
    finally:
        begun.finish()


def _is_local(resolved: Mapping[str, str]) -> bool:
    hosts = resolved.get("hostaddr") or resolved.get("host") or ""
    return all(each in ("", "localhost", "127.0.0.1", "::1") or each[0] in "/@" for each in hosts.split(","))


def connect(environ: Mapping[str, str]) -> psycopg.Connection:
    """Connection to the team's database, each statement a transaction of its own.

    Raises:
        TeamError: there is none; `Unreachable` where there may be one later.

    """
    wanted = connection_string(environ)
    with explained():
        # A pooler between two statements may change the server under them: nothing is prepared.
        return psycopg.connect(wanted, autocommit=True, prepare_threshold=None, **LIMITS)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what psycopg raises into a sentence of ours, which quotes nothing of it.

    Raises:
        TeamError: the database refuses, or is not prepared.
        Unreachable: it does not answer.

    """
    try:
        yield
    except psycopg.errors.InsufficientPrivilege:
        raise TeamError("Le compte de la base de l’équipe n’a pas ce droit (docs/team.md).") from None
    except (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedTable):
        raise TeamError(
            "La base de l’équipe n’est pas prête. Son administrateur lance : ecps-guide team init"
        ) from None
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise Unreachable(_why(str(error))) from None
    except psycopg.Error as error:
        raise TeamError(f"La base de l’équipe refuse ({error.sqlstate or type(error).__name__}).") from None


def _why(message: str) -> str:
    """Sentence for a failure to connect, known by a few words of what libpq says in English or in French."""
    lowered = message.lower()
    known = next((sentence for words, sentence in _WHY if any(each in lowered for each in words)), "")
    return known or "La base de l’équipe ne répond pas."


_WHY = (
    (("definition of service",), "Le service que nomme ECPS_TEAM n’est pas dans le fichier pg_service.conf."),
    (("password", "mot de passe", "pgpass"), "La base de l’équipe refuse ce compte ou son mot de passe (.pgpass)."),
    (("certificate", "certificat"), "Le certificat de la base de l’équipe n’est pas reconnu (sslrootcert)."),
    (("ssl", "tls"), "La base de l’équipe n’offre pas TLS."),
    (("does not exist", "n'existe pas"), "La base de l’équipe, ou ce compte, n’existe pas."),
    (("pg_hba", "too many"), "La base de l’équipe n’admet pas ce PC maintenant."),
)
