"""The commands of `team`: a team's database, prepared and kept small by whoever runs it."""

import typer

from ecps_cli.cli.help import FrenchCommand, FrenchGroup

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
