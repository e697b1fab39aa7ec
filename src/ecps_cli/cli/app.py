"""The commands of `ecps-guide`: what each takes; what it does stands in the modules it calls."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ecps_cli.cli.completion import COMPLETION, offer_as_written
from ecps_cli.cli.guides_command import guides_command
from ecps_cli.cli.help import FrenchCommand, FrenchGroup
from ecps_cli.cli.one_command import asked_for, with_one_command
from ecps_cli.cli.options import (
    Answers,
    AsJson,
    Case,
    Force,
    Guide,
    Guides,
    Output,
    Phone,
    Plain,
    Practice,
    Session,
    Ticket,
    fact_argument,
    format_option,
    guide_argument,
    guide_option,
    rule_option,
    session_argument,
    session_option,
)
from ecps_cli.cli.output import as_json_text, say, say_problem
from ecps_cli.cli.team import stats, team
from ecps_cli.cli.values import print_version, refuse_other_formats, unless_dash
from ecps_cli.installation import is_folder

WALK = "Suivre un guide"
KEPT = "Retrouver ce qui a été fait"
READ = "Lire et vérifier"
WRITE = "Écrire un guide"
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


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def activate(
    with_card: Annotated[bool, typer.Option("--with-card", help="Avec la carte CPS et un lecteur.")] = False,
    mobile: Annotated[bool, typer.Option("--mobile", help="Sans la carte, par le courriel de l’Ordre.")] = False,
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
    phone: Phone = False,
    case: Case = "",
) -> int:
    """Créer la e-CPS d’un médecin. Sans option : demande laquelle des deux voies."""
    from ecps_cli.cli.console import Options
    from ecps_cli.cli.starting import choose_and_walk, walk_guide

    if with_card and mobile:
        raise typer.BadParameter("--with-card et --mobile s’excluent. Gardez une seule des deux.")
    options = Options(plain=plain, answers=answers, guides=guides, practice=practice, phone=phone, case=case)
    if not (with_card or mobile):
        return choose_and_walk(options, tuple(ACTIVATION.values()))
    return walk_guide(ACTIVATION["with-card" if with_card else "mobile"], options)


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def fraud(
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
    phone: Phone = False,
    case: Case = "",
) -> int:
    """Réagir à une notification e-CPS inattendue : refuser, signaler, garder les preuves."""
    from ecps_cli.cli.console import Options
    from ecps_cli.cli.starting import walk_guide

    return walk_guide(
        "fraud",
        Options(plain=plain, answers=answers, guides=guides, practice=practice, phone=phone, case=case),
    )


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def run(
    guide: Guide,
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    practice: Practice = False,
    phone: Phone = False,
    case: Case = "",
    watch: Annotated[
        bool, typer.Option("--watch", help="Pour l’auteur : montrer les écrans, refaits à chaque enregistrement.")
    ] = False,
) -> int:
    """Suivre n’importe quel guide."""
    from ecps_cli.cli.console import Options
    from ecps_cli.cli.starting import walk_guide

    if watch:
        from ecps_cli.cli.watching import watch_guide

        if answers or practice or phone or case:
            raise typer.BadParameter("--watch montre le guide sans le suivre. Enlevez l’autre option du parcours.")
        return watch_guide(guide, guides, plain)
    return walk_guide(
        guide,
        Options(plain=plain, answers=answers, guides=guides, practice=practice, phone=phone, case=case),
    )


@app.command(cls=FrenchCommand, rich_help_panel=WALK)
def resume(
    session: Annotated[
        str, session_argument("Son identifiant, son dossier, ou un fichier de « sessions --export ».")
    ] = "",
    plain: Plain = False,
    answers: Answers = None,
    guides: Guides = None,
    phone: Phone = False,
    team: Annotated[
        bool, typer.Option("--team", help="Celle d’un collègue, par la base de l’équipe ; ou son DOSSIER.")
    ] = False,
) -> int:
    """Reprendre une session inachevée, là où elle s’est arrêtée, ici ou sur un autre PC."""
    from ecps_cli.cli.console import Options

    options = Options(plain=plain, answers=answers, guides=guides, phone=phone)
    if team:
        from ecps_cli.cli.taking_over import take_over

        return take_over(session, options)
    from ecps_cli.cli.resuming import resume as take_up

    return take_up(session, options)


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def sessions(
    as_json: AsJson = False,
    guide: Annotated[str, guide_option("--guide", "Celles d’un guide.")] = "",
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="Depuis un jour : 24/11/2026.")] = "",
    practice: Annotated[bool, typer.Option("--practice", help="Les exercices, au lieu des vraies.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Vérifier que rien n’a été altéré.")] = False,
    abandon: Annotated[str, session_option("--abandon", "En clore une, inachevée, qui ne sera plus proposée.")] = "",
    export: Annotated[str, session_option("--export", "En écrire une dans un fichier, pour un autre PC.")] = "",
    output: Output = None,
    force: Force = False,
) -> int:
    """Lister les sessions gardées : quand, quel guide, quel résultat."""
    from ecps_cli.cli import records

    if (output or force) and not export:
        raise typer.BadParameter("-o et --force vont avec --export SESSION.")
    if export:
        from ecps_cli.cli.handing_over import export as write

        if as_json or guide or since or practice or verify or abandon:
            raise typer.BadParameter("--export en écrit une : ne l’accompagnez que de -o et --force.")
        return write(export, output, force)
    if verify and (as_json or guide or since or practice or abandon):
        raise typer.BadParameter("--verify vérifie toutes les sessions : ne l’accompagnez d’aucune autre option.")
    if abandon:
        from ecps_cli.cli.cases import abandon as close

        if as_json or guide or since or practice:
            raise typer.BadParameter("--abandon en clôt une : ne l’accompagnez d’aucune autre option.")
        return close(abandon)
    return records.verify() if verify else records.list_sessions(records.Wanted(guide, since, practice), as_json)


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def case(
    session: Session,
    label: Annotated[list[str], typer.Argument(metavar="DOSSIER", help="Un numéro de ticket, des initiales.")],
) -> int:
    """Donner un dossier à une session : ce qui la distingue des autres."""
    from ecps_cli.cli.cases import label as give

    return give(session, " ".join(label))


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def report(
    session: Session = "",
    fmt: Annotated[str, format_option("text", "markdown", "html", "pdf", "json", "eml")] = "text",
    ticket: Ticket = "",
    output: Output = None,
    force: Force = False,
    copy: Annotated[bool, typer.Option("--copy", help="Mettre aussi le texte dans le presse-papiers.")] = False,
) -> int:
    """Écrire le relevé d’une session : pour un ticket, ou pour une plainte."""
    from ecps_cli.cli import records
    from ecps_cli.exports.formats import SESSION_FORMATS

    refuse_other_formats(fmt, SESSION_FORMATS)
    if ticket and fmt != "eml":
        raise typer.BadParameter("--ticket met un numéro dans le sujet d’un courriel. Écrivez : --format eml")
    return records.report(session, records.Handing(fmt, output, force, copy, ticket))


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def feedback(session: Session = "") -> int:
    """Écrire, pour l’auteur du guide, ce qui ne correspond plus à l’écran."""
    from ecps_cli.cli import records

    return records.feedback(session)


@app.command(cls=FrenchCommand, rich_help_panel=KEPT)
def forget(
    sessions: Annotated[
        list[str] | None, session_argument("Les sessions à effacer : leurs identifiants, ou leur dossier.")
    ] = None,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="90d", help="Celles d’il y a plus de 90 jours.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Toutes.")] = False,
) -> int:
    """Effacer des sessions pour toujours."""
    from ecps_cli.cli import records

    if not (sessions or older_than or everything):
        raise typer.BadParameter("Dites lesquelles : une session, --older-than 90d ou --all.")
    if sum(map(bool, (sessions, older_than, everything))) > 1:
        raise typer.BadParameter("Une session, --older-than et --all s’excluent. Gardez l’un des trois.")
    return records.forget(sessions or [], older_than, everything)


app.command(cls=FrenchCommand, rich_help_panel=KEPT)(stats)
app.add_typer(team, name="team", rich_help_panel=KEPT)


@app.command("list", cls=FrenchCommand, rich_help_panel=READ)
def list_guides(as_json: AsJson = False, guides: Guides = None) -> int:
    """Dire quels guides il y a."""
    from ecps_cli.cli.reading import list_guides as tell

    return tell(guides, as_json)


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def show(
    guide: Guide,
    fmt: Annotated[str, format_option("text", "markdown", "html", "pdf", "json", "mermaid")] = "text",
    output: Output = None,
    force: Force = False,
    poster: Annotated[
        bool, typer.Option("--poster", help="Avec --format pdf : une affiche, qui se lit à deux mètres.")
    ] = False,
    guides: Guides = None,
) -> int:
    """Lire un guide en entier, ou en faire une fiche à afficher au mur."""
    from ecps_cli.cli.reading import show as show_guide
    from ecps_cli.exports.formats import GUIDE_FORMATS

    refuse_other_formats(fmt, ("text", *GUIDE_FORMATS))
    if poster and fmt != "pdf":
        raise typer.BadParameter("L’affiche est un PDF. Écrivez : --format pdf --poster")
    return show_guide(guide, guides, "poster" if poster else fmt, output, force)


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def facts(
    stale: Annotated[
        bool,
        typer.Option(
            "--stale",
            help="Ceux à revérifier : numéros et adresses vus il y a plus d’un an, libellés plus de deux.",
        ),
    ] = False,
    as_json: AsJson = False,
    guides: Guides = None,
) -> int:
    """Lire les numéros, adresses et libellés, avec leur source et leur date."""
    from ecps_cli.cli.reading import show_facts

    return show_facts(stale, as_json, guides)


app.command("guides", cls=FrenchCommand, rich_help_panel=READ)(guides_command)


@app.command(cls=FrenchCommand, rich_help_panel=WRITE)
def check(
    places: Annotated[
        list[str] | None, guide_argument("Des fichiers, dossiers, guides ; sinon, tous.", "FICHIER…")
    ] = None,
    as_json: AsJson = False,
    fmt: Annotated[str, format_option("text", "json", "github")] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Refuser aussi les avertissements.")] = False,
    explain: Annotated[str, rule_option("--explain", "Expliquer une règle : E403, W601…")] = "",
    guides: Guides = None,
    jobs: Annotated[
        str, typer.Option("--jobs", metavar="NOMBRE", help="Combien de guides à la fois ; sinon, selon ce PC.")
    ] = "",
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Tout relire, même ce qui n’a pas changé.")] = False,
) -> int:
    """Vérifier des guides et leurs faits : les fautes, et ce qui se lirait mal."""
    from ecps_cli.cli import checking

    if explain:
        if places or as_json or fmt != "text" or strict or guides or jobs or no_cache:
            raise typer.BadParameter("--explain explique une règle : ne l’accompagnez de rien d’autre.")
        return checking.explain(explain)
    if as_json and fmt not in ("text", "json"):
        raise typer.BadParameter("--json et --format se contredisent : donnez l’un des deux.")
    if jobs and not (jobs.isdecimal() and len(jobs) < 4 and int(jobs)):
        raise typer.BadParameter("--jobs attend un nombre, à partir de 1.")
    refuse_other_formats(fmt, checking.FORMATS)
    return checking.check(places or [], guides, "json" if as_json else fmt, strict, int(jobs or 0), not no_cache)


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def qr(
    fact: Annotated[list[str] | None, fact_argument("Une adresse ou un numéro ; sans rien, leur liste.")] = None,
    plain: Plain = False,
    guides: Guides = None,
) -> int:
    """Montrer une adresse ou un numéro en QR code, à lire avec l’appareil photo du téléphone."""
    from ecps_cli.cli.reading import list_codes, show_codes

    return show_codes(fact, plain, guides) if fact else list_codes(guides)


@app.command("help-line", cls=FrenchCommand, rich_help_panel=READ)
def help_line(plain: Plain = False, guides: Guides = None) -> int:
    """Dire qui appeler quand aucun remède ne convient, avec les QR codes."""
    from ecps_cli.cli.reading import show_help_line

    return show_help_line(plain, guides)


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def glossary(guides: Guides = None) -> int:
    """Lire les définitions : e-CPS, Pro Santé Connect, RPPS et les autres."""
    from ecps_cli.cli.reading import list_terms

    return list_terms(guides)


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def preflight(
    network: Annotated[
        bool, typer.Option("--network", help="Essayer aussi les adresses de l’ANS : TCP 443, 3 secondes au plus.")
    ] = False,
    as_json: AsJson = False,
    plain: Plain = False,
) -> int:
    """Dire ce que ce PC montre de la voie avec la carte : lecteur, carte, Cryptolib, navigateur.

    Aucun code n’est demandé, et rien n’est envoyé à la carte.

    Code de sortie 1 si une réponse est « non » ; son remède est écrit dessous.
    """
    from ecps_cli.cli.preflight import preflight as look

    return look(network, as_json, plain)


@app.command(cls=FrenchCommand, rich_help_panel=READ)
def rpps(
    number: Annotated[list[str], typer.Argument(metavar="NUMÉRO", help="11 chiffres, ou 12 en commençant par 8.")],
    as_json: AsJson = False,
) -> int:
    """Vérifier un numéro RPPS et l’écrire en 12 chiffres, comme l’application e-CPS l’attend."""
    from ecps_cli.core.rpps import read_rpps

    reading = read_rpps(" ".join(number))
    if as_json:
        say(as_json_text(reading._asdict()))
    elif reading.valid:
        say(reading.national_id or "")
    else:
        say_problem(reading.message)
    return 0 if reading.valid else 1


@app.command(cls=FrenchCommand, rich_help_panel=WRITE)
def new(
    guide_id: Annotated[str, typer.Argument(metavar="ID", help="L’identifiant du guide, comme « mon-guide ».")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FICHIER", help="Écrire dans ce fichier.")
    ] = None,
) -> int:
    """Commencer un guide : un fichier commenté, à modifier, qui se déroule tout de suite."""
    from datetime import date

    from ecps_cli.cli.new import write_new

    return write_new(guide_id, output, date.today())


@app.command(cls=FrenchCommand, rich_help_panel=WRITE)
def schema(
    of_facts: Annotated[
        bool, typer.Option("--facts", help="Celui de facts.yaml, au lieu de celui d’un guide.")
    ] = False,
) -> int:
    """Écrire le schéma JSON des guides, dont les éditeurs de texte se servent pour compléter et vérifier."""
    from ecps_cli.cli.new import print_schema

    return print_schema(of_facts)


@app.command("test", cls=FrenchCommand, rich_help_panel=WRITE)
def scenarios(
    guide: Annotated[list[str] | None, guide_argument("Des identifiants, ou des fichiers ; sans rien, tous.")] = None,
    guides: Guides = None,
    least: Annotated[
        str,
        typer.Option("--min-coverage", metavar="POURCENT", help="Se contenter de moins que 100 (0 : rien d’exigé)."),
    ] = "",
    as_json: AsJson = False,
    session: Annotated[str, session_option("--from", "Écrire plutôt le scénario d’une session gardée.")] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FICHIER", callback=unless_dash, help="L’écrire dans un nouveau fichier."
        ),
    ] = None,
) -> int:
    """Jouer les scénarios d’un guide, et dire ce qu’ils en couvrent.

    Ceux de « g.yaml » sont à côté de lui, dans « tests/g.yaml ».

    Code de sortie 1 si un scénario échoue, ou si tous ensemble ne voient pas 100 % des étapes, des réponses, des \
écarts et des issues.
    """
    from ecps_cli.cli import testing

    if session and (guide or as_json or guides or least):
        raise typer.BadParameter("--from écrit le scénario d’une session : ne l’accompagnez que de -o.")
    if output and not session:
        raise typer.BadParameter("-o va avec --from SESSION.")
    if least and not (least.isdecimal() and len(least) < 4 and int(least) <= 100):
        raise typer.BadParameter("--min-coverage attend un nombre de 0 à 100.")
    if session:
        return testing.write_scenario(session, output)
    return testing.test(guide or (), guides, int(least or 100), as_json)


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
