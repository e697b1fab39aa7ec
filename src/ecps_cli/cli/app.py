"""The commands of `ecps-guide`: what each takes; what it does stands in the rooms it calls."""

import sys
from pathlib import Path
from typing import Annotated

import typer  # noqa: TID251 — this room is the command line

from ecps_cli import __version__
from ecps_cli.cli.french import FrenchCommand, FrenchGroup
from ecps_cli.cli.output import as_json_text, say, say_problem

WALK = "Suivre un guide"
KEPT = "Retrouver ce qui a été fait"
READ = "Lire et vérifier"
ACTIVATION = {"with-card": "activate-with-card", "mobile": "activate-mobile"}

app = typer.Typer(
    name="ecps-guide",
    cls=FrenchGroup,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    subcommand_metavar="COMMANDE",
    context_settings={"help_option_names": ["--help", "-h"]},
)

Plain = Annotated[
    bool, typer.Option("--plain", help="Des lignes simples et numérotées : lecteur d’écran, vieux terminal.")
]
Answers = Annotated[
    Path | None,
    typer.Option("--answers", metavar="FICHIER", help="Répondre depuis un fichier YAML (étape : réponse)."),
]
Practice = Annotated[
    bool, typer.Option("--practice", help="S’exercer : le même parcours, marqué EXERCICE et gardé à part.")
]
Session = Annotated[str, typer.Argument(metavar="SESSION", help="Son identifiant, que donne « sessions ».")]
Guides = Annotated[
    Path | None, typer.Option("--guides", metavar="DOSSIER", help="Prendre les guides d’un autre dossier.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Écrire le résultat en JSON.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"ecps-guide {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def menu(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Dire la version.")
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
    from ecps_cli.cli.walking import choose_and_walk

    return choose_and_walk()


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def activate(
    with_card: Annotated[bool, typer.Option("--with-card", help="Avec la carte CPS et un lecteur.")] = False,
    mobile: Annotated[bool, typer.Option("--mobile", help="Sans la carte, par le courriel de l’Ordre.")] = False,
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
) -> int:
    """Créer la e-CPS d’un médecin. Sans option : demande laquelle des deux voies."""
    from ecps_cli.cli.walking import Options, choose_and_walk, walk_guide

    if with_card and mobile:
        raise typer.BadParameter("--with-card et --mobile s’excluent. Gardez une seule des deux.")
    options = Options(plain=plain, answers=answers, guides=guides, practice=practice)
    if not (with_card or mobile):
        return choose_and_walk(options, tuple(ACTIVATION.values()))
    return walk_guide(ACTIVATION["with-card" if with_card else "mobile"], options)


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def fraud(plain: Plain = False, answers: Answers = None, guides: Guides = None, practice: Practice = False) -> int:
    """Réagir à une notification e-CPS inattendue : refuser, signaler, garder les preuves."""
    from ecps_cli.cli.walking import Options, walk_guide

    return walk_guide("fraud", Options(plain=plain, answers=answers, guides=guides, practice=practice))


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def run(
    guide: Annotated[str, typer.Argument(metavar="GUIDE", help="L’identifiant d’un guide, ou un fichier à vous.")],
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
) -> int:
    """Suivre n’importe quel guide."""
    from ecps_cli.cli.walking import Options, walk_guide

    return walk_guide(guide, Options(plain=plain, answers=answers, guides=guides, practice=practice))


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def resume(session: Session = "", plain: Plain = False, answers: Answers = None, guides: Guides = None) -> int:
    """Reprendre une session inachevée, là où elle s’est arrêtée."""
    from ecps_cli.cli.resuming import resume as take_up
    from ecps_cli.cli.walking import Options

    return take_up(session, Options(plain=plain, answers=answers, guides=guides))


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def sessions(
    as_json: AsJson = False,
    guide: Annotated[str, typer.Option("--guide", metavar="GUIDE", help="Celles d’un guide.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="Depuis un jour : 24/11/2026.")] = "",
    practice: Annotated[bool, typer.Option("--practice", help="Les exercices, au lieu des vraies.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Vérifier que rien n’a été altéré.")] = False,
) -> int:
    """Lister les sessions gardées : quand, quel guide, quel résultat."""
    from ecps_cli.cli import records

    return records.verify() if verify else records.list_sessions(records.Wanted(guide, since, practice), as_json)


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def report(
    session: Session = "",
    fmt: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, markdown, html, pdf ou json.")] = "text",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FICHIER", help="Écrire dans un fichier.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Remplacer le fichier s’il existe.")] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Mettre aussi le texte dans le presse-papiers.")] = False,
) -> int:
    """Écrire le relevé d’une session : pour un ticket, ou pour une plainte."""
    from ecps_cli.cli import records
    from ecps_cli.exports import FORMATS

    if fmt not in FORMATS:
        raise typer.BadParameter(f"« {fmt} » n’est pas un format. Choisissez parmi : {', '.join(FORMATS)}.")
    return records.report(session, fmt, output, force, copy)


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def feedback(session: Session = "") -> int:
    """Écrire, pour l’auteur du guide, ce qui ne correspond plus à l’écran."""
    from ecps_cli.cli import records

    return records.feedback(session)


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def forget(
    sessions: Annotated[list[str] | None, typer.Argument(metavar="SESSION…", help="Les sessions à effacer.")] = None,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="90d", help="Celles d’il y a plus de 90 jours.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Toutes.")] = False,
) -> int:
    """Effacer des sessions pour toujours."""
    from ecps_cli.cli import records

    if not (sessions or older_than or everything):
        raise typer.BadParameter("Dites lesquelles : une session, --older-than 90d ou --all.")
    return records.forget(sessions or [], older_than, everything)


@app.command("list", cls=FrenchCommand, rich_help_panel=READ)
def list_guides(as_json: AsJson = False, guides: Guides = None) -> int:
    """Dire quels guides il y a."""
    from ecps_cli.cli.reading import every_guide
    from ecps_cli.views import guide_list

    found = every_guide(guides)
    if as_json:
        rows = [
            {
                "id": each.id,
                "title": each.title,
                "version": each.version,
                "review_by": each.review_by.isoformat(),
            }
            for each in found
        ]
        say(as_json_text(rows))
    else:
        say(guide_list(found))
    return 0


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def show(
    guide: Annotated[str, typer.Argument(metavar="GUIDE", help="L’identifiant d’un guide, ou un fichier à vous.")],
    guides: Guides = None,
) -> int:
    """Lire un guide en entier, comme une fiche."""
    from ecps_cli.cli.reading import library
    from ecps_cli.views import sheet

    found = library(guides).find(guide)
    say(sheet(found.guide, found.facts))
    return 0


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def facts(guides: Guides = None) -> int:
    """Lire les numéros, adresses et libellés, avec leur source et leur date."""
    from ecps_cli.cli.reading import library
    from ecps_cli.views import fact_list

    say(fact_list(library(guides).facts()))
    return 0


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def glossary(guides: Guides = None) -> int:
    """Lire les définitions : e-CPS, Pro Santé Connect, RPPS et les autres."""
    from ecps_cli.cli.reading import library
    from ecps_cli.views import glossary as definitions

    say(definitions(library(guides).facts()))
    return 0


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def rpps(
    number: Annotated[list[str], typer.Argument(metavar="NUMÉRO", help="11 chiffres, ou 12 en commençant par 8.")],
    as_json: AsJson = False,
) -> int:
    """Vérifier un numéro RPPS et l’écrire en 12 chiffres, comme l’application e-CPS l’attend."""
    from ecps_cli.validators import read_rpps

    reading = read_rpps(" ".join(number))
    if as_json:
        say(as_json_text(reading._asdict()))
    elif reading.valid:
        say(reading.national_id or "")
    else:
        say_problem(reading.message)
    return 0 if reading.valid else 1


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the arguments (default: the command line) name, and return its exit code.

    0 finished · 1 a problem that we explain · 2 usage · 3 a bug · 4 ended without success · 5 paused · 130 Ctrl-C.
    """
    from ecps_cli.cli.errors import guarded

    return guarded(lambda: app(args=arguments, standalone_mode=False))
