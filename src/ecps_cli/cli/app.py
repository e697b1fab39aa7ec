"""The command line `ecps-guide`: its commands in their order, its menu, and how one of them is run."""

import os
import sys
from typing import Annotated

import typer

from ecps_cli.cli import kept_commands as kept
from ecps_cli.cli import read_commands as read
from ecps_cli.cli import walk_commands as walk
from ecps_cli.cli import write_commands as write
from ecps_cli.cli.completion import COMPLETION, offer_as_written
from ecps_cli.cli.help import FrenchCommand, FrenchGroup
from ecps_cli.cli.one_command import asked_for, with_one_command
from ecps_cli.cli.output import say
from ecps_cli.cli.team import team
from ecps_cli.cli.values import print_version
from ecps_cli.installation import is_folder

WALK = "Suivre un guide"
KEPT = "Retrouver ce qui a été fait"
READ = "Lire et vérifier"
WRITE = "Écrire un guide"

COMMANDS = (
    ("activate", WALK, walk.activate),
    ("fraud", WALK, walk.fraud),
    ("run", WALK, walk.run),
    ("resume", WALK, walk.resume),
    ("sessions", KEPT, kept.sessions),
    ("case", KEPT, kept.case),
    ("report", KEPT, kept.report),
    ("feedback", KEPT, kept.feedback),
    ("forget", KEPT, kept.forget),
    ("stats", KEPT, kept.stats),
    ("list", READ, read.list_guides),
    ("show", READ, read.show),
    ("facts", READ, read.facts),
    ("guides", READ, read.guides_in_use),
    ("check", WRITE, write.check),
    ("qr", READ, read.qr),
    ("help-line", READ, read.help_line),
    ("glossary", READ, read.glossary),
    ("preflight", READ, read.preflight),
    ("rpps", READ, read.rpps),
    ("new", WRITE, write.new),
    ("schema", WRITE, write.schema),
    ("test", WRITE, write.scenarios),
)
"""Each command with its panel in the help, in the order in which help and completion name them."""

app = typer.Typer(
    name="ecps-guide",
    cls=FrenchGroup,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    subcommand_metavar="COMMANDE",
    context_settings={"help_option_names": ["--help", "-h"]},
)
for name, panel, command in COMMANDS:
    app.command(name, cls=FrenchCommand, rich_help_panel=panel)(command)
app.add_typer(team, name="team", rich_help_panel=KEPT)


@app.callback(invoke_without_command=True)
def menu(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=print_version, is_eager=True, help="Dire la version.")
    ] = False,
) -> int | None:
    """Les procédures de la e-CPS, une action à la fois. Aucun code secret n’est jamais demandé.

    Cet outil n’est pas un outil officiel de l’ANS.

    Exemples :
    ecps-guide activate --mobile       créer la e-CPS sans la carte CPS
    ecps-guide activate --with-card    créer la e-CPS avec la carte CPS
    ecps-guide fraud                   une notification e-CPS inattendue
    ecps-guide rpps 99700218896        vérifier un numéro RPPS
    """  # a person reads it, in French
    if context.invoked_subcommand is not None:
        return None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say(context.get_help())
        return 0
    from ecps_cli.cli.menu import menu as ask

    return ask()


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments (default: the command line) name, and return its exit code.

    0 finished · 1 a problem that we explain · 2 usage · 3 a bug · 4 ended without success · 5 paused · 130 Ctrl-C.
    """
    from ecps_cli.cli.errors import guarded

    if COMPLETION in os.environ:
        offer_as_written()
    name = "ecps-guide" if is_folder() else None  # elsewhere, as it was typed
    asked = with_one_command(app, asked_for(os.environ, arguments))
    return guarded(lambda: asked(args=arguments, prog_name=name, standalone_mode=False, complete_var=COMPLETION))
