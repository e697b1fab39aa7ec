"""The commands for whoever writes guides: what each takes."""

from pathlib import Path
from typing import Annotated

import typer

from ecps_cli.cli.options import AsJson, Guides, format_option, guide_argument, rule_option, session_option
from ecps_cli.cli.values import unless_dash


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
    return checking.check(places or [], guides, "json" if as_json else fmt, strict, int(jobs or 0), not no_cache)


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


def schema(
    of_facts: Annotated[
        bool, typer.Option("--facts", help="Celui de facts.yaml, au lieu de celui d’un guide.")
    ] = False,
) -> int:
    """Écrire le schéma JSON des guides, dont les éditeurs de texte se servent pour compléter et vérifier."""
    from ecps_cli.cli.new import print_schema

    return print_schema(of_facts)


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
