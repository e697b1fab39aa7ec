"""The commands on what was done: sessions, their cases, records and figures; what each takes."""

from typing import Annotated

import typer

from ecps_cli.cli.options import (
    AsJson,
    Force,
    Output,
    Session,
    Ticket,
    format_option,
    guide_option,
    session_argument,
    session_option,
)
from ecps_cli.exports.formats import SESSION_FORMATS


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


def case(
    session: Session,
    label: Annotated[list[str], typer.Argument(metavar="DOSSIER", help="Un numéro de ticket, des initiales.")],
) -> int:
    """Donner un dossier à une session : ce qui la distingue des autres."""
    from ecps_cli.cli.cases import label as give

    return give(session, " ".join(label))


def report(
    session: Session = "",
    fmt: Annotated[str, format_option(*SESSION_FORMATS)] = "text",
    ticket: Ticket = "",
    output: Output = None,
    force: Force = False,
    copy: Annotated[bool, typer.Option("--copy", help="Mettre aussi le texte dans le presse-papiers.")] = False,
) -> int:
    """Écrire le relevé d’une session : pour un ticket, ou pour une plainte."""
    from ecps_cli.cli import records

    if ticket and fmt != "eml":
        raise typer.BadParameter("--ticket met un numéro dans le sujet d’un courriel. Écrivez : --format eml")
    return records.report(session, records.Handing(fmt, output, force, copy, ticket))


def feedback(session: Session = "") -> int:
    """Écrire, pour l’auteur du guide, ce qui ne correspond plus à l’écran."""
    from ecps_cli.cli import records

    return records.feedback(session)


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
    fmt = "json" if as_json else fmt
    if (output or force) and fmt == "text":
        raise typer.BadParameter("-o et --force vont avec --json ou --format html.")
    return statistics.statistics(files or [], team, fmt, output, force)
