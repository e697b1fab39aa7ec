"""Options and arguments that several commands take, and those whose values a shell completes."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ecps_cli.cli.completion import coded_facts, guide_ids, one_of, rule_codes, session_ids
from ecps_cli.cli.values import format_among, short_label, ticket_number, unless_dash

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
Phone = Annotated[
    bool,
    typer.Option("--phone", help="Au téléphone : quoi dire au médecin, quoi attendre, adresses et numéros épelés."),
]
Case = Annotated[
    str,
    typer.Option(
        "--case",
        metavar="DOSSIER",
        callback=short_label,
        help="Un numéro de ticket ou des initiales : ni nom, ni code.",
    ),
]
Guides = Annotated[
    Path | None, typer.Option("--guides", metavar="DOSSIER", help="Ajouter les guides d’un dossier à vous.")
]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FICHIER", callback=unless_dash, help="Écrire dans un fichier."),
]
Ticket = Annotated[
    str,
    typer.Option(
        "--ticket",
        metavar="NUMÉRO",
        callback=ticket_number,
        help="Avec --format eml : dans le sujet, pour GLPI (4711) ou iTop (R-004711).",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Remplacer le fichier s’il existe.")]
AsJson = Annotated[bool, typer.Option("--json", help="Écrire le résultat en JSON.")]


# ------------------------------------------------------------------------ what a shell completes, by what it stands for


def guide_argument(said: str, metavar: str = "GUIDE") -> Any:
    """Argument that names guides."""
    return typer.Argument(metavar=metavar, help=said, autocompletion=guide_ids)


def fact_argument(said: str) -> Any:
    """Argument that names facts which have a QR code."""
    return typer.Argument(metavar="FAIT", help=said, autocompletion=coded_facts)


def session_argument(said: str) -> Any:
    """Argument that names sessions."""
    return typer.Argument(metavar="SESSION", help=said, autocompletion=session_ids)


def guide_option(name: str, said: str) -> Any:
    """Option that names a guide."""
    return typer.Option(name, metavar="GUIDE", help=said, autocompletion=guide_ids)


def session_option(name: str, said: str) -> Any:
    """Option that names a session."""
    return typer.Option(name, metavar="SESSION", help=said, autocompletion=session_ids)


def rule_option(name: str, said: str) -> Any:
    """Option that names a rule."""
    return typer.Option(name, metavar="CODE", help=said, autocompletion=rule_codes)


def format_option(*formats: str) -> Any:
    """Option that takes one of these formats, and refuses any other."""
    said = f"{', '.join(formats[:-1])} ou {formats[-1]}."
    return typer.Option(
        "--format", metavar="FORMAT", help=said, autocompletion=one_of(*formats), callback=format_among(*formats)
    )


Guide = Annotated[str, guide_argument("L’identifiant d’un guide, ou un fichier à vous.")]
Session = Annotated[str, session_argument("Son identifiant, ou son dossier : « sessions » les donne.")]
