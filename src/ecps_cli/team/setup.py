"""The team's database prepared: its roles, its schema in the versions that it has had, its retention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files

import psycopg
from psycopg import sql

from ecps_cli.french.words import plural
from ecps_cli.team.address import TeamError, connect, explained

OWNER = "ecps_owner"
ROLES = (OWNER, "ecps_appender", "ecps_reader", "ecps_retention")
"""Nobody logs in as these: a login is made a member of one of the last three."""
_LOCK = 0x65435053


def migrations() -> list[str]:
    """Scripts of the schema, one a version, each on top of those before it."""
    folder = files("ecps_cli.team").joinpath("migrations")
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda each: each.name)
    return [each.read_text(encoding="utf-8") for each in found]


def prepare(environ: Mapping[str, str]) -> tuple[int, int]:
    """Make the roles and bring the schema to this version; return which version it had, and which it has.

    Raises:
        TeamError: the login of `ECPS_TEAM` may not, or the schema is of a newer version.

    """
    with connect(environ) as connection, explained(), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))  # two who prepare it at once
        _make_roles(connection)
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS ecps AUTHORIZATION {OWNER}")
        connection.execute(f"SET LOCAL ROLE {OWNER}")
        connection.execute(
            """CREATE TABLE IF NOT EXISTS ecps.migration
            (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"""
        )
        row = connection.execute("SELECT coalesce(max(version), 0) FROM ecps.migration").fetchone()
        before, scripts = int(row[0]) if row else 0, migrations()
        if before > len(scripts):
            raise TeamError("La base de l’équipe vient d’une version plus récente de l’outil. Mettez l’outil à jour.")
        for version in range(before + 1, len(scripts) + 1):
            connection.execute(scripts[version - 1].encode())
            connection.execute("INSERT INTO ecps.migration VALUES (%s)", (version,))
    return before, len(scripts)


def _make_roles(connection: psycopg.Connection) -> None:
    there = {
        name for (name,) in connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", (list(ROLES),))
    }
    for role in ROLES:
        if role not in there:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))


def retain(environ: Mapping[str, str], days: int, say: Callable[[str], None]) -> None:
    """Erase what was announced on another day to be too old, and announce what is now; each is said first.

    Raises:
        TeamError: the login of `ECPS_TEAM` is not one of the retention.

    """
    with connect(environ) as connection, explained():
        found = connection.execute("SELECT fresh, due, misdated, asked FROM ecps.ages(%s)", (days,)).fetchone()
        fresh, due, misdated, asked = found or (0, 0, 0, 0)
        if misdated:
            many = plural(misdated, "parcours")
            say(f"{many} d’avant l’outil ou d’un jour à venir (horloge fausse ?) : rien n’est effacé.")
        if fresh:
            say(f"{plural(fresh, 'parcours')} de plus de {days} jours : effacement au prochain passage, un autre jour.")
        if asked:
            say(f"{plural(asked, 'parcours')} à oublier, comme demandé : effacement maintenant.")
        if due:
            say(f"{plural(due, 'parcours')} de plus de {days} jours : effacement maintenant, comme annoncé.")
        if not (fresh or due or asked):
            say("Rien à effacer, rien à annoncer.")
        connection.execute("SELECT ecps.retain(%s)", (days,))
