"""The commands of a team: its statistics, and its database prepared and kept small by whoever runs it."""

from typing import Annotated

import typer

from ecps_cli.cli.help import FrenchCommand, FrenchGroup
from ecps_cli.cli.options import AsJson, Force, Output, format_option
from ecps_cli.cli.values import refuse_other_formats

team = typer.Typer(
    cls=FrenchGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    subcommand_metavar="COMMANDE",
    help="Tenir la base PostgreSQL d’une équipe (docs/team.md).",
)


@team.command(cls=FrenchCommand)
def init() -> int:
    """Préparer la base que nomme ECPS_TEAM, ou la mettre à jour : schéma, rôles, clé de l’équipe."""
    from ecps_cli.cli.team_database import init as prepare

    return prepare()


@team.command(cls=FrenchCommand)
def retain() -> int:
    """Effacer de la base ce qui a dépassé sa durée : annoncé un jour, effacé un autre ; et ce qui a été oublié."""
    from ecps_cli.cli.team_database import retain as erase

    return erase()


def stats(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FICHIER…", help="Des fichiers de « sessions --export » ; sinon, ce qui est gardé ici."),
    ] = None,
    team: Annotated[bool, typer.Option("--team", help="Ceux de l’équipe, par sa base (ECPS_TEAM).")] = False,
    as_json: AsJson = False,
    fmt: Annotated[str, format_option("text", "json", "html")] = "text",
    output: Output = None,
    force: Force = False,
) -> int:
    """Compter les parcours : résultats, temps des étapes, où l’on s’arrête ; ni réponses, ni notes, ni personnes."""
    from ecps_cli.cli import statistics

    if team and files:
        raise typer.BadParameter("--team et des fichiers s’excluent. Gardez l’un des deux.")
    if as_json and fmt not in ("text", "json"):
        raise typer.BadParameter("--json et --format se contredisent : donnez l’un des deux.")
    refuse_other_formats(fmt, statistics.FORMATS)
    fmt = "json" if as_json else fmt
    if (output or force) and fmt == "text":
        raise typer.BadParameter("-o et --force vont avec --json ou --format html.")
    return statistics.statistics(files or [], team, fmt, output, force)
